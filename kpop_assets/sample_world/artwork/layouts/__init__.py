"""The layout families, each a function that draws one cover on a canvas, and their shares."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from kpop_assets.sample_world.artwork.canvas import Canvas
from kpop_assets.sample_world.artwork.layouts import (
    emblems,
    fields,
    flowers,
    lines,
    objects,
    paper,
    patterns,
    posters,
    prints,
    scenery,
    seals,
    wordmarks,
)

Layout = Callable[[Canvas], None]

LAYOUTS: Mapping[Layout, float] = MappingProxyType(
    {
        emblems.ring_and_polygon: 1.0,
        emblems.hexagon_lines: 0.8,
        emblems.burst: 1.0,
        emblems.crystal: 0.6,
        emblems.concentric: 1.3,
        seals.seal: 0.8,
        posters.cropped_giant: 1.8,
        posters.repeated_rows: 1.4,
        posters.stacked_words: 1.7,
        posters.tilted_words: 1.0,
        posters.syllable_column: 1.2,
        wordmarks.metal_lettering: 1.2,
        wordmarks.outlined_lettering: 0.9,
        wordmarks.quiet_white: 1.2,
        fields.framed_gradient: 1.2,
        fields.photocards: 1.2,
        fields.aura: 0.8,
        fields.ribbed_glass: 1.0,
        scenery.ridges: 1.3,
        scenery.sea_and_sun: 1.2,
        scenery.planet: 1.2,
        scenery.night_sky: 0.8,
        prints.halftone: 1.2,
        prints.split_stripes: 1.3,
        prints.threshold_cloud: 1.2,
        patterns.tiles: 1.2,
        patterns.warped_checker: 1.3,
        patterns.blocks: 1.0,
        lines.single_line: 1.2,
        lines.contours: 1.0,
        lines.string_figure: 1.0,
        flowers.blossom: 1.2,
        flowers.scattered_petals: 1.1,
        flowers.stems: 1.0,
        paper.cut_shapes: 1.3,
        paper.facets: 0.6,
        paper.torn_bands: 1.0,
        objects.film_strip: 0.9,
        objects.stamp: 1.0,
        objects.compact_disc: 0.8,
        objects.ticket: 0.7,
    }
)
"""Every family with its relative frequency."""
