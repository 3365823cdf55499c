"""The records of a set's generator and of what was made of that very generator."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kpop_assets.assets.generator import generator_folder
from kpop_assets.assets.generator_quality import quality_path
from kpop_assets.assets.originality import RECORD_FILE as ORIGINALITY_RECORD
from kpop_assets.assets.originality import originality_folder
from kpop_assets.assets.samples import RECORD_FILE as SAMPLES_RECORD
from kpop_assets.assets.training_run import training_record
from kpop_assets.store import Store

Record = Mapping[str, Any]


@dataclass(frozen=True)
class CurrentRecords:
    """What belongs together: `samples`, `quality` and `originality` are of the `generator`.

    None where there is none, or where what is there was made of another generator or, for
    originality, of other samples; `outdated` has a sentence for each of the latter.
    """

    generator: Record
    samples: Record | None
    quality: Record | None
    originality: Record | None
    outdated: list[str]

    @property
    def copies(self) -> str | None:
        """Say how many samples are copies when they are more than originality allowed."""
        found = self.originality
        if found is None or found["copies"] <= found["most_copies"]:
            return None
        copies, most = found["copies"], found["most_copies"]
        return f"{copies:.1%} of its samples are copies, {most:.1%} are allowed"


def current_records(store: Store, cover_set: str) -> CurrentRecords:
    """Return the records of a set; raises MissingArtifactError without a generator."""
    generator = training_record(generator_folder(store, cover_set))
    paths = {
        "sample_covers": store.folder("sample_covers", cover_set) / SAMPLES_RECORD,
        "generator_quality": quality_path(store, cover_set),
        "originality": originality_folder(store, cover_set) / ORIGINALITY_RECORD,
    }
    found: dict[str, Record] = {
        asset: json.loads(path.read_text(encoding="utf-8"))
        for asset, path in paths.items()
        if path.exists()
    }
    outdated = []
    for asset, record in list(found.items()):
        if record["weights_hash"] != generator["provenance"]["weights_hash"]:
            outdated.append(f"{asset} of {cover_set}, which is of another generator")
            del found[asset]
    if {"sample_covers", "originality"} <= found.keys():
        drawn, judged = found["sample_covers"], found["originality"]
        if any(drawn[name] != judged[name] for name in ("seed", "truncation")):
            outdated.append(f"originality of {cover_set}, which is of other samples")
            del found["originality"]
    samples, quality, originality = (found.get(asset) for asset in paths)
    return CurrentRecords(generator, samples, quality, originality, outdated)
