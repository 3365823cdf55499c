"""Records: JSON objects of an asset, sealed, with the SHA-256 of the files that lie beside them.

A record names its asset (`asset`), and `sha256` is that of all its other fields. One of an earlier
version has neither and is read as it is, once it has the fields that are asked for.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from kpop_assets.store.errors import DamagedArtifactError, MissingArtifactError
from kpop_assets.store.files import read_file

if TYPE_CHECKING:
    from kpop_assets.store.paths import AnyPath

Kind = TypeVar("Kind")


def record_bytes(record: Mapping[str, Any], asset: str) -> bytes:
    """Return the record of an asset as sealed JSON."""
    text = json.dumps({**record, "asset": asset}, ensure_ascii=False)
    plain = json.loads(text.encode(errors="replace"))
    return json.dumps({**plain, "sha256": _seal(plain)}, ensure_ascii=False, indent=1).encode()


def read_record(path: "AnyPath", asset: str, kind: type[Kind]) -> Kind:
    """Return the record of an asset; `kind` is a TypedDict or a dataclass that says what it has.

    Raises `MissingArtifactError`, `UnreadableArtifactError`, and `DamagedArtifactError` when it is
    not as it was written, of another asset, or lacks a field.
    """
    content = read_file(path, asset)
    try:
        record = json.loads(content.decode())
    except (ValueError, RecursionError) as error:
        raise DamagedArtifactError(path, asset, f"it is no JSON: {error}") from error
    if not isinstance(record, dict):
        raise DamagedArtifactError(path, asset, f"it holds no object but a {type(record).__name__}")
    seal = record.pop("sha256", None)
    named = record.pop("asset", None)
    if (seal, named) != (None, None):
        if seal != _seal({**record, "asset": named}):
            raise DamagedArtifactError(path, asset, "its SHA-256 is not that of what was written")
        if named != asset:
            raise DamagedArtifactError(path, asset, f"it is the record of {named}")
    try:
        return TypeAdapter(kind).validate_python(record)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        why = f"{field}: {first['msg'].lower()}, as in one of another version"
        raise DamagedArtifactError(path, asset, why) from error


def file_digests(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of all files in a folder by their path in it, for its record."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def listed_files(
    folder: Path, pattern: str, files: Mapping[str, str] | None, asset: str
) -> list[Path]:
    """Return the files of a folder that fit `pattern`, in order: those that its record names.

    `files` are the record's digests, None in one of an earlier version: then whatever lies there.
    Raises `MissingArtifactError` when there is none.
    """
    if files is None:
        found = sorted(folder.glob(pattern))
    else:
        found = sorted(folder / name for name in files if Path(name).match(pattern))
    if not found:
        raise MissingArtifactError(folder / pattern, asset)
    return found


def file_as_written(path: Path, folder: Path, files: Mapping[str, str] | None, asset: str) -> bytes:
    """Return the content of a file of the folder after comparing it with its digest in `files`.

    Raises `MissingArtifactError`, `UnreadableArtifactError` and `DamagedArtifactError`.
    """
    content = read_file(path, asset)
    if files is not None:
        written = files.get(path.relative_to(folder).as_posix())
        if hashlib.sha256(content).hexdigest() != written:
            raise DamagedArtifactError(path, asset, "it is another file than its record names")
    return content


def _seal(record: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(record).encode()).hexdigest()
