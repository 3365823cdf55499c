"""Run config of the steps that have something to choose, described for the launchpad."""

import dagster as dg
from pydantic import Field, field_validator

from kpop_assets.covers.sets import TRAINING_USES
from kpop_assets.covers.square import SQUARINGS
from kpop_assets.gan.settings import TrainingSettings
from kpop_assets.sites.chart_rows import DEEPEST_RANK
from kpop_assets.sites.image_search import KEYWORDS, MAX_PER_KEYWORD, MIN_SIZE
from kpop_assets.sites.json_answers import LATEST_YEAR
from kpop_assets.text import one_line


class ChartConfig(dg.Config):
    """Which years of the chart, how deep, and where from."""

    first_year: int = Field(2010, ge=2010, description="First year; the chart began in 2010.")
    last_year: int | None = Field(
        None, le=LATEST_YEAR, description="Last year. Empty: the last finished calendar year."
    )
    chart_depth: int = Field(
        10,
        ge=10,
        le=DEEPEST_RANK,
        description="How many ranks of each year are taken, 10 to 100. covers_by_depth in the "
        "metadata says how many covers each set would have.",
    )
    refetch: bool = Field(
        False,
        description="Fetch every year again. Otherwise a finished year is fetched once and kept, "
        "except for the last one asked for.",
    )
    saved_pages: str | None = Field(
        None,
        description="Folder of saved year-end pages of the old gaonchart.co.kr, named by year "
        "(2010.html). Their years come from there. Relative paths count from the project.",
    )


class MelonConfig(dg.Config):
    """How the covers of the chart are looked up."""

    look_up_again: bool = Field(
        False,
        description="Look every album up anew. By default a cover found before is only asked "
        "whether its picture changed.",
    )


MOST_KEYWORDS, MOST_KEYWORD_LETTERS = 100, 200


class CrawlConfig(dg.Config):
    """What the general crawl asks for."""

    keywords: list[str] = Field(
        list(KEYWORDS),
        min_length=1,
        max_length=MOST_KEYWORDS,
        description="Search words; the default is the original's four English and three Korean.",
    )
    bing_pictures: int = Field(
        MAX_PER_KEYWORD["bing"],
        ge=0,
        description="Most pictures per keyword from Bing. 0 leaves Bing out.",
    )
    google_pictures: int = Field(
        MAX_PER_KEYWORD["google"],
        ge=0,
        description="Most pictures per keyword from Google. 0 leaves Google out.",
    )
    smallest_side: int = Field(
        min(MIN_SIZE), ge=1, description="Pictures with a shorter side, in pixels, are skipped."
    )
    fewest_covers: int = Field(
        100,
        ge=1,
        description="A crawl that finds fewer pictures, new and known together, fails and changes "
        "nothing.",
    )
    most_asked_again: int = Field(
        200,
        ge=0,
        description="Most pictures of earlier crawls, no longer listed, whose addresses are asked "
        "whether they are still there.",
    )

    @field_validator("keywords")
    @classmethod
    def _keywords_are_words(cls, value: list[str]) -> list[str]:
        for keyword in value:
            if not 0 < len(one_line(keyword)) <= MOST_KEYWORD_LETTERS:
                raise ValueError(
                    f"expected search words of 1 to {MOST_KEYWORD_LETTERS} letters, got one of "
                    f"{len(keyword):,}"
                )
        return value


class CatalogConfig(dg.Config):
    """Which pictures the cover sets hold."""

    training_uses: str = Field(
        "one",
        description="one keeps one cover of those that show the same picture, the largest; all "
        "keeps every one of them.",
    )
    rejected_covers: str = Field(
        "data/reference/rejected_covers.csv",
        description="Table (hash,reason) of pictures that a person took out of all sets. A "
        "relative path counts from the project.",
    )

    @field_validator("training_uses")
    @classmethod
    def _use_is_known(cls, value: str) -> str:
        if value not in TRAINING_USES:
            raise ValueError(f"expected one of {', '.join(TRAINING_USES)}, got {value!r}")
        return value


class TensorConfig(dg.Config):
    """How covers become square."""

    squaring: str = Field(
        "crop",
        description="crop keeps the centre square; squash ignores the aspect ratio, as the "
        "original did; pad keeps the whole picture on white.",
    )

    @field_validator("squaring")
    @classmethod
    def _squaring_is_known(cls, value: str) -> str:
        if value not in SQUARINGS:
            raise ValueError(f"expected one of {', '.join(SQUARINGS)}, got {value!r}")
        return value


class TrainingConfig(TrainingSettings, dg.Config):
    """The training of a cover generator; the fields are described in gan/settings.py."""


class GeneratorConfig(TrainingConfig):
    """The training of a cover set's generator."""

    from_base: bool = Field(
        True,
        description="Start a set with few covers from base_generator, if there is one with the "
        "same recipe, image_size, noise_size and width. false always starts from nothing.",
    )


class BaseConfig(TensorConfig, TrainingConfig):
    """The training of the generator that sets with few covers start from."""

    sets_below: int = Field(
        60,
        ge=0,
        description="Sets with fewer covers start from this generator. Runs of larger sets do not "
        "train it, nor is it trained when all sets together have fewer. 0: it is of no use.",
    )


class SampleConfig(dg.Config):
    """Which covers are drawn from the trained generator."""

    covers: int = Field(64, ge=1, le=1024, description="How many covers.")
    seed: int = Field(
        0, ge=0, lt=2**31, description="Seed of the noise vectors: the same seed, the same covers."
    )
    truncation: float = Field(
        1.0,
        gt=0,
        le=1,
        description="The noise vectors are multiplied by this. 1 leaves them as they are; with "
        "less, covers are more usual and more alike. 0.7 is a good first try.",
    )
    interpolation_frames: int = Field(
        60,
        ge=0,
        le=600,
        description="Frames of the film in which covers turn into one another. 0 makes none.",
    )


class QualityConfig(dg.Config):
    """How many samples a generator is judged by."""

    samples: int = Field(
        480,
        ge=2,
        le=5000,
        description="Covers generated for the judgement. Coverage and the like depend on it: "
        "compare equal numbers.",
    )
    seed: int = Field(
        0,
        ge=0,
        lt=2**31,
        description="Seed of their noise vectors, which are none that a training chose its best "
        "generator by.",
    )


class OriginalityConfig(dg.Config):
    """How samples are searched for copies."""

    samples: int = Field(
        480, ge=1, le=5000, description="Samples looked at; sample_covers are the first of them."
    )
    most_copies: float = Field(
        0.05,
        ge=0,
        le=1,
        description="Share of the samples that may show a training cover again. With more the "
        "check copies_are_few fails, and what follows is not made.",
    )
