"""Libraries in pages are those that their makers published, and may stand in a page."""

import hashlib
import re
from pathlib import Path

import pytest

from kpop_assets.pages import vendored
from kpop_assets.pages.vendored import vendored_script

FOLDER = Path(vendored.__file__).parent
SUMS = dict(line.split()[::-1] for line in (FOLDER / "SHA256SUMS").read_text().splitlines())


def test_every_library_is_recorded_and_documented() -> None:
    assert sorted(SUMS) == sorted(path.name for path in FOLDER.glob("*.js"))
    readme = (FOLDER / "README.md").read_text()
    assert all(f"| `{name}` |" in readme for name in SUMS)
    assert "Apache License" in (FOLDER / "LICENSE").read_text()


@pytest.mark.parametrize("name", SUMS)
def test_a_library_is_as_it_was_published(name: str) -> None:
    assert hashlib.sha256(vendored_script(name).encode()).hexdigest() == SUMS[name]


@pytest.mark.parametrize("name", SUMS)
def test_a_library_can_stand_in_a_page_whose_policy_knows_it_by_its_hash(name: str) -> None:
    script = vendored_script(name)
    assert not re.search(r"</script|<!--|\r", script, re.IGNORECASE)
    assert not re.search(r"\beval\(|\bFunction\(", script), "a policy forbids code from text"
