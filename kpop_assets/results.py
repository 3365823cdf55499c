"""What the store has of a cover set, in lines for a terminal."""

from pathlib import Path

from kpop_assets.models.published import (
    ALL_SETS,
    best_evaluation,
    current,
    trained_folders,
    training_record,
)
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError, MissingArtifactError
from kpop_assets.store.folders import stored_folder


def results_text(store: Store, cover_set: str) -> str:
    """Return where the page and a cover set's results lie, then its generators, a line each."""
    film = stored_folder(store.folder("training_gif", cover_set))
    samples = stored_folder(store.folder("sample_covers", cover_set))
    generators = store.folder("cover_generator", cover_set)
    of_all = stored_folder(store.folder("conditional_samples", ALL_SETS))
    files = {
        "training film": film / "training.mp4",
        "as GIF": film / "training.gif",
        "loss figure": film / "losses.png",
        "sample sheet": samples / "sheet.png",
        "interpolation": samples / "interpolation.mp4",
        "single samples": samples,
        "any set, year": of_all / "sheet.png",
        "generators": generators,
    }
    page = store.gallery()
    found = {"the page": f"{'the page':>14}  {page} (make gallery)"} if page.exists() else {}
    found |= {name: f"{name:>14}  {path}" for name, path in files.items() if path.exists()}
    lines = [*found.values(), *map(_generator_line, trained_folders(generators))]
    if found.keys() <= {"the page", "any set, year"}:
        lines.append(f"nothing of the set {cover_set!r} in {store.root} yet")
    return "\n".join(lines)


def _generator_line(folder: Path) -> str:
    """Return name, recipe, size, steps, date and quality of a trained generator."""
    try:
        is_current = current(folder.parent)["name"] == folder.name
    except (MissingArtifactError, DamagedArtifactError):
        is_current = False
    start = f"{'*' if is_current else ' ':>14}  {folder.name}  "
    try:
        record = training_record(folder)
    except DamagedArtifactError as error:
        return f"{start}damaged: {error.reason}"
    config, kid = record["config"], (best_evaluation(record) or {}).get("kid")
    finished = record["provenance"].get("finished_at", "")[:16].replace("T", " ")
    quality = f", KID {kid:.0f}" if kid is not None else ""
    return (
        f"{start}{config['recipe']}, {config['image_size']} pixels, {config['steps']:,} steps, "
        f"{finished}{quality}"
    )
