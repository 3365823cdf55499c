"""What a measure of a cover is called, and what a person needs to read it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """A column of the profiles: `title` for people, `unit`, and what it says in a sentence.

    `most` and `least` are what a cover does that has much or little of it, as in "is brighter".
    `of_colour` measures are taken at 64 pixels and compare real covers with generated ones; the
    others depend on the size of a picture.
    """

    name: str
    title: str
    unit: str
    says: str
    most: str
    least: str
    of_colour: bool = True
