"""Pages from templates; all values are escaped."""

from __future__ import annotations

import base64
import functools
import hashlib
from typing import TYPE_CHECKING

from kpop_assets.pages.vendored import vendored_script

if TYPE_CHECKING:
    from jinja2 import Environment


def rendered(template: str, **values: object) -> str:
    """Return the HTML page that a template of the folder templates/ makes of the values."""
    return _environment().get_template(template).render(values)


@functools.cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("kpop_assets.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Letters as they are: the typeface is cut down to those that it finds in the page.
    environment.policies["json.dumps_kwargs"] = {"sort_keys": True, "ensure_ascii": False}
    environment.filters["digest"] = _digest
    environment.filters["vendored"] = lambda name: Markup(vendored_script(name))
    return environment


def _digest(script: str) -> str:
    """Return the hash by which a content security policy knows a script."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"
