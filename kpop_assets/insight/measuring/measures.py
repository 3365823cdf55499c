"""All measures of a cover: those of its colours, then what detectors find."""

from kpop_assets.insight.measuring import colour_measures, faces, text_area

MEASURES = (*colour_measures.MEASURES, text_area.MEASURE, faces.MEASURE)
COLOUR_MEASURES = tuple(measure.name for measure in MEASURES if measure.of_colour)
ALL_MEASURES = tuple(measure.name for measure in MEASURES)
