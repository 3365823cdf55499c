"""The contrasts of cover sets as a figure."""

from collections.abc import Mapping

import pandas as pd

from kpop_assets.insight.figures import BLUE, PINK, new_figure, png_of, tidy
from kpop_assets.insight.measuring.measures import MEASURES

KIND_COLOURS: Mapping[str, str] = {"real": PINK, "generated": BLUE}


def contrast_figure(contrast_rows: pd.DataFrame, covers: str = "real covers") -> bytes:
    """Return each pair's deltas with their intervals as PNG bytes, a panel a pair.

    `contrast_rows` is the first table of `set_contrasts`, not empty; `covers` is what those that
    are not generated are called. Filled dots differ beyond chance, hollow ones do not.
    """
    pairs = list(contrast_rows[["first", "second"]].drop_duplicates().itertuples(index=False))
    columns = min(3, len(pairs))
    rows = -(-len(pairs) // columns)
    figure = new_figure((180 + 350 * columns, 70 + 370 * rows))
    panels = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
    shown = [one for one in MEASURES if one.name in set(contrast_rows["measure"])]
    places = {measure.name: len(shown) - place for place, measure in enumerate(shown)}
    for panel, (first, second) in zip(panels, pairs, strict=False):
        of_pair = contrast_rows[
            (contrast_rows["first"] == first) & (contrast_rows["second"] == second)
        ]
        for kind, colour in KIND_COLOURS.items():
            for row in of_pair[of_pair["kind"] == kind].itertuples():
                y = places[row.measure] + (0.16 if kind == "real" else -0.16)
                panel.plot([row.low, row.high], [y, y], color=colour, linewidth=1.4, alpha=0.6)
                face = colour if row.different else "white"
                panel.plot(row.delta, y, "o", color=colour, markerfacecolor=face, markersize=4.5)
        panel.axvline(0, color="#888888", linewidth=0.8)
        tidy(panel, f"{first} against {second}", grid="x")
        panel.set_xlim(-1, 1)
        panel.set_yticks(list(places.values()), [one.title for one in shown])
    for panel in panels[len(pairs) :]:
        panel.set_visible(False)
    called = {"real": covers, "generated": "generated covers"}
    handles = [
        figure.axes[0].plot([], [], "o", color=colour, label=called[kind])[0]
        for kind, colour in KIND_COLOURS.items()
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=2, frameon=False)
    figure.supxlabel("Cliff's delta: less in the first set ◂ ▸ more in it", fontsize=9)
    return png_of(figure)
