"""Table, figure and contact sheets of the quality benchmark."""

import dataclasses
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from benchmarks.quality.marks import SHEET_COLUMNS, SHEET_ROWS
from benchmarks.quality.pictures import Pictures
from benchmarks.quality.single_run import Plan
from kpop_assets.covers.showing.grid import cover_grid

Result = dict[str, Any]
COLUMNS = {
    "step": ("steps", 0),
    "cores": ("cores got", 2),
    "kid_ef": ("KID ef", 0),
    "kid_mb": ("KID mb", 0),
    "coverage_ef": ("coverage ef", 2),
    "coverage_mb": ("coverage mb", 2),
    "used_mb": ("used mb", 2),
    "copies": ("copies", 3),
    "nearest_ratio_mb": ("nearest ratio mb", 2),
    "diversity_mb": ("diversity mb", 2),
}
ACROSS, LABEL, MARGIN = 3, 16, 12


@dataclasses.dataclass(frozen=True)
class Published:
    """Samples that the original project published, and their scores."""

    cover_set: str
    run: str
    samples: Pictures
    scores: dict[str, float]


@dataclasses.dataclass(frozen=True)
class Curve:
    """All runs of one variant on one set: their marks, and the errors that ended some."""

    cover_set: str
    variant: str
    plans: list[Plan]
    results: list[Result]

    def minutes(self) -> list[float]:
        """Return the marks that some run has reached."""
        return sorted({mark["minutes"] for result in self.results for mark in result["marks"]})

    def values(self, minutes: float, column: str) -> list[float]:
        """Return the values at a mark, one for each run that has it."""
        return [
            float(mark[column]) if column != "cores" else mark["cpu_seconds"] / mark["wall_seconds"]
            for result in self.results
            for mark in result["marks"]
            if mark["minutes"] == minutes
        ]


def curves(results: Sequence[tuple[Plan, Result]]) -> list[Curve]:
    """Return the results by set and variant, in the order of the first of each."""
    made: dict[tuple[str, str], Curve] = {}
    for plan, result in results:
        key = (plan.cover_set, plan.variant)
        curve = made.setdefault(key, Curve(*key, [], []))
        curve.plans.append(plan)
        curve.results.append(result)
    return list(made.values())


def write_report(
    out: Path,
    covers: dict[str, Pictures],
    results: Sequence[tuple[Plan, Result]],
    published: Sequence[Published],
) -> None:
    """Write table.md, figure.png and contact-SET.png into `out`; `covers` are real, by set."""
    made = curves(results)
    (out / "table.md").write_text(table(made, published), encoding="utf-8")
    if made:
        write_figure(out / "figure.png", made, published)
    for cover_set, real in covers.items():
        blocks = [("real covers", real)]
        blocks += [(row.run, row.samples) for row in published if row.cover_set == cover_set]
        sheets = [(title, sheet(pictures)) for title, pictures in blocks]
        for curve in made:
            if curve.cover_set == cover_set:
                sheets += last_sheet(curve)
        contact_sheet(sheets).save(out / f"contact-{cover_set}.png")


def table(made: Sequence[Curve], published: Sequence[Published]) -> str:
    """Return Markdown: each set's variants by minutes, median (lowest–highest) over seeds."""
    lines = []
    for cover_set in dict.fromkeys([item.cover_set for item in (*published, *made)]):
        of_set = [curve for curve in made if curve.cover_set == cover_set]
        rows = [row for row in published if row.cover_set == cover_set]
        heads = ["recipe", "seeds", "minutes", *(head for head, _ in COLUMNS.values())]
        lines += [f"## {cover_set}", "", row_of(heads), row_of(["---"] * len(heads))]
        for row in rows:
            cells = [
                number([row.scores.get(name)], places) for name, (_, places) in COLUMNS.items()
            ]
            lines.append(
                row_of([f"published {row.run}, {len(row.samples)} samples", "", "", *cells])
            )
        for curve in of_set:
            for minutes in curve.minutes():
                seeds = str(len(curve.values(minutes, "step")))
                cells = [
                    number(curve.values(minutes, name), places)
                    for name, (_, places) in COLUMNS.items()
                ]
                lines.append(row_of([curve.variant, seeds, f"{minutes:g}", *cells]))
        lines += ["", *passings(of_set, rows), *failures(of_set), ""]
    return "\n".join(lines).rstrip() + "\n"


def passings(of_set: Sequence[Curve], published: Sequence[Published]) -> list[str]:
    """Return sentences: from which mark on the median is below the best published KID ef."""
    if not published:
        return []
    goal = min(row.scores["kid_ef"] for row in published)
    lines = []
    for curve in of_set:
        below = [
            minutes
            for minutes in curve.minutes()
            if statistics.median(curve.values(minutes, "kid_ef")) < goal
        ]
        first = f"at {below[0]:g} min" if below else "at no mark"
        lines.append(f"* {curve.variant}: KID ef first below the published {goal:.0f} {first}")
        if curve.minutes():
            last = curve.minutes()[-1]
            wall = [
                mark["wall_seconds"] / max(mark["step"], 1)
                for result in curve.results
                for mark in result["marks"]
                if mark["minutes"] == last
            ]
            lines[-1] += f"; 10,000 steps take {statistics.median(wall) * 10_000 / 60:.0f} min."
    return lines


def failures(of_set: Sequence[Curve]) -> list[str]:
    """Return the errors that ended runs."""
    return [
        f"* {curve.variant}, seed {plan.seed}, ended: {result['failure']}"
        for curve in of_set
        for plan, result in zip(curve.plans, curve.results, strict=True)
        if result["failure"]
    ]


def number(values: Sequence[float | None], places: int) -> str:
    """Return the median, with lowest and highest when there are several; nothing for None."""
    known = [value for value in values if value is not None]
    if not known:
        return ""
    middle = f"{statistics.median(known):.{places}f}"
    if len(known) == 1:
        return middle
    return f"{middle} ({min(known):.{places}f}–{max(known):.{places}f})"


def row_of(cells: Sequence[str]) -> str:
    """Return a line of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def write_figure(path: Path, made: Sequence[Curve], published: Sequence[Published]) -> None:
    """Draw KID mb and used mb against minutes: medians as lines, ranges over seeds as bands."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    sets = list(dict.fromkeys(curve.cover_set for curve in made))
    variants = list(dict.fromkeys(curve.variant for curve in made))
    figure, axes = pyplot.subplots(
        2, len(sets), figsize=(1 + 5 * len(sets), 7), sharex=True, squeeze=False
    )
    for place, cover_set in enumerate(sets):
        for ax, column in zip(axes[:, place], ("kid_mb", "used_mb"), strict=True):
            for curve in made:
                if curve.cover_set == cover_set:
                    minutes = curve.minutes()
                    values = [curve.values(mark, column) for mark in minutes]
                    colour = f"C{variants.index(curve.variant) % 10}"
                    medians = [statistics.median(some) for some in values]
                    ax.plot(minutes, medians, "o-", ms=3, color=colour, label=curve.variant)
                    low, high = [min(some) for some in values], [max(some) for some in values]
                    ax.fill_between(minutes, low, high, color=colour, alpha=0.2, lw=0)
            for index, row in enumerate(r for r in published if r.cover_set == cover_set):
                style = (":", "--", "-.")[index % 3]
                ax.axhline(row.scores[column], ls=style, color="0.4", label=f"published {row.run}")
            ax.set_ylim(bottom=0)
            ax.grid(alpha=0.3)
        axes[0, place].set_title(cover_set)
        axes[0, place].legend(fontsize=8)
        axes[1, place].set_xlabel("minutes of training")
    axes[0, 0].set_ylabel("KID × 1000, MobileNetV2 (lower is better)")
    axes[1, 0].set_ylabel("share of covers used (higher is better)")
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    pyplot.close(figure)


def sheet(pictures: Pictures) -> Image.Image:
    """Return pictures spread over the array as a grid of the size of a sample sheet."""
    count = SHEET_COLUMNS * SHEET_ROWS
    rows = np.arange(min(count, len(pictures))) * len(pictures) // min(count, len(pictures))
    return Image.fromarray(cover_grid(pictures[rows], SHEET_COLUMNS))


def last_sheet(curve: Curve) -> list[tuple[str, Image.Image]]:
    """Return title and sheet of a run that reached the last mark; empty without a sheet."""
    for plan in curve.plans:
        last = max(curve.minutes(), default=0.0)
        path = Path(f"{plan.sheets}-{last:g}min.png")
        if path.exists():
            with Image.open(path) as image:
                return [(f"{curve.variant}, seed {plan.seed}, {last:g} min", image.convert("RGB"))]
    return []


def contact_sheet(sheets: Sequence[tuple[str, Image.Image]]) -> Image.Image:
    """Return the sheets in rows of three, each below its title."""
    width = max(image.width for _, image in sheets) + MARGIN
    height = max(image.height for _, image in sheets) + LABEL + MARGIN
    columns = min(ACROSS, len(sheets))
    whole = Image.new("RGB", (columns * width, -(-len(sheets) // columns) * height), "white")
    pen = ImageDraw.Draw(whole)
    for index, (title, image) in enumerate(sheets):
        left, top = index % columns * width, index // columns * height
        pen.text((left + 2, top + 2), title, fill="black")
        whole.paste(image, (left, top + LABEL))
    return whole
