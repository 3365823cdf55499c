"""HTML elements from values; every text and attribute is escaped here and nowhere else."""

import html
from collections.abc import Iterable

VOID = {"img", "input", "meta"}


class Markup(str):
    """Text that is HTML already."""


def element(tag: str, *children: str, **attributes: str | float | bool | None) -> Markup:
    """Return an element. Children that are no Markup are text and become escaped.

    Attributes that are None or False are left out, True stands alone; `class_` is class, and other
    underscores are hyphens.
    """
    parts = [tag]
    for name, value in attributes.items():
        if value is None or value is False:
            continue
        written = name.rstrip("_").replace("_", "-")
        parts.append(written if value is True else f'{written}="{html.escape(str(value))}"')
    opening = f"<{' '.join(parts)}>"
    return Markup(opening if tag in VOID else f"{opening}{joined(children)}</{tag}>")


def joined(children: Iterable[str]) -> Markup:
    """Return the children one after another, escaped where they are text."""
    return Markup(
        "".join(child if isinstance(child, Markup) else html.escape(child) for child in children)
    )
