"""The records of a set's generator and of what was made of that very generator."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kpop_assets.defs.generators.generator_quality import quality_record
from kpop_assets.defs.generators.originality import originality_record
from kpop_assets.defs.generators.sample_covers import samples_record
from kpop_assets.models.published import generator_folder, training_record
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError, MissingArtifactError

Record = Mapping[str, Any]


@dataclass(frozen=True)
class CurrentRecords:
    """What belongs together: `samples`, `quality` and `originality` are of the `generator`.

    None where there is none, or where what is there is damaged, was made of another generator or,
    for originality, of other samples; `left_out` has a sentence for each.
    """

    generator: Record
    samples: Record | None
    quality: Record | None
    originality: Record | None
    left_out: list[str]

    @property
    def copies(self) -> str | None:
        """Say how many samples are copies when they are more than originality allowed."""
        found = self.originality
        if found is None or found["copies"] <= found["most_copies"]:
            return None
        copies, most = found["copies"], found["most_copies"]
        return f"{copies:.1%} of its samples are copies, {most:.1%} are allowed"


def current_records(store: Store, cover_set: str) -> CurrentRecords:
    """Return the records of a set.

    Raises MissingArtifactError without a generator, DamagedArtifactError when its record is.
    """
    generator = training_record(generator_folder(store, cover_set))
    readers: dict[str, Callable[[Store, str], Record]] = {
        "sample_covers": samples_record,
        "generator_quality": quality_record,
        "originality": originality_record,
    }
    found: dict[str, Record] = {}
    left_out = []
    for asset, read in readers.items():
        try:
            found[asset] = read(store, cover_set)
        except MissingArtifactError:
            left_out.append(f"{asset} of {cover_set}, which is not there: materialize it")
        except DamagedArtifactError as error:
            left_out.append(f"{asset} of {cover_set}: {error}")
    for asset, record in list(found.items()):
        if record["weights_hash"] != generator["provenance"]["weights_hash"]:
            left_out.append(f"{asset} of {cover_set}, which is of another generator")
            del found[asset]
    if {"sample_covers", "originality"} <= found.keys():
        drawn, judged = found["sample_covers"], found["originality"]
        if any(drawn[name] != judged[name] for name in ("seed", "truncation")):
            left_out.append(f"originality of {cover_set}, which is of other samples")
            del found["originality"]
    samples, quality, originality = (found.get(asset) for asset in readers)
    return CurrentRecords(generator, samples, quality, originality, left_out)
