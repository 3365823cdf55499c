"""The measures of a cover, named, with what a person needs to read them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """A column of the profiles: `title` for people, `unit`, and what it says in a sentence.

    `of_colour` measures are taken at 64 pixels and compare real covers with generated ones; the
    others depend on the size of a picture.
    """

    name: str
    title: str
    unit: str
    says: str
    of_colour: bool = True


MEASURES = (
    Measure("brightness", "brightness", "0 to 1", "mean luma"),
    Measure("contrast", "contrast", "0 to 0.5", "standard deviation of the luma"),
    Measure(
        "colourfulness",
        "colourfulness",
        "0 to about 150",
        "Hasler and Süsstrunk 2003: grey is 0, moderately colourful 33, highly colourful 82",
    ),
    Measure("saturation", "saturation", "0 to 1", "mean saturation (HSV)"),
    Measure("dark", "dark share", "share of pixels", "value below 0.25"),
    Measure("white", "white share", "share of pixels", "value above 0.88, saturation below 0.12"),
    Measure("grey", "grey share", "share of pixels", "saturation below 0.15"),
    Measure(
        "pastel", "pastel share", "share of pixels", "value above 0.7, saturation 0.10 to 0.45"
    ),
    Measure("pink", "pink share", "share of pixels", "hue 290° to 355°, value above 0.5, not grey"),
    Measure("edge_density", "edge density", "share of pixels", "luma steps by more than 0.1"),
    Measure(
        "text_area",
        "text-like area",
        "share of the picture",
        "inside of the lines that PaddleOCR's text detector finds",
        of_colour=False,
    ),
    Measure("faces", "faces", "count", "faces found by MediaPipe's BlazeFace", of_colour=False),
)
COLOUR_MEASURES = tuple(measure.name for measure in MEASURES if measure.of_colour)
ALL_MEASURES = tuple(measure.name for measure in MEASURES)
