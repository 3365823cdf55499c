"""How the page came to be, step by step, with what each step had in numbers."""

from dataclasses import dataclass

from kpop_assets.insight.gallery.content import GalleryContent

_SOURCES = {
    "sample": "sample site",
    "live": "chart, shops and image search",
    "folder": "your folder",
}


@dataclass(frozen=True)
class Step:
    """A step of the lineage: its title, and lines on what it had."""

    title: str
    lines: list[str]


def lineage(content: GalleryContent) -> list[Step]:
    """Return the steps from the chart to the page, in their order."""
    steps = [Step("Sources", [_SOURCES.get(one, one) for one in content.sites.split(", ")])]
    if not content.diversity.empty:
        by_year = content.diversity[content.diversity["year"] != "all"]
        years = f"{by_year['year'].iloc[0]} to {by_year['year'].iloc[-1]}"
        steps.append(Step("Year-end chart", [years, f"{by_year['entries'].sum()} entries"]))
    records = {one.name: one.record for one in content.sets}
    trained = [
        f"{name}: {record['provenance']['best_step']:,} steps, "
        f"{record['config']['image_size']} pixels"
        for name, record in records.items()
    ]
    steps += [
        Step("Cover sets", [f"{one.name}: {one.covers} covers" for one in content.sets]),
        Step("Generators", trained),
        Step("This page", [content.made_at]),
    ]
    return steps


def versions(content: GalleryContent) -> list[str]:
    """Return a sentence on the programs of each training and when it ended, alike ones once."""
    trained: dict[str, list[str]] = {}
    for one in content.sets:
        provenance = one.record["provenance"]
        programs = [
            f"{title} {provenance[name]}"
            for name, title in (("kpop_assets", "kpop_assets"), ("tensorflow", "TensorFlow"))
            if name in provenance
        ]
        ended = str(provenance.get("finished_at", ""))[:10]
        if programs and ended:
            trained.setdefault(f"{' and '.join(programs)}, {ended}", []).append(one.name)
    return [f"Trained with {how}: {', '.join(names)}." for how, names in trained.items()]
