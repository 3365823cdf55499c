"""What a recipe is, readable without loading TensorFlow."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Recipe:
    """The networks of a cover generator and the rule by which they learn.

    `description` is a line for the person who chooses, `settings` what an empty setting means, for
    `of_set` by cover set. `largest_size` is the largest picture it makes, in pixels. `losses` has a
    label for each loss, by its name and in order; `loss_unit` is what they are measured in.
    `learner` names a class, "package.module:Class", which takes FilledSettings and a CoverSource
    and is a Learner. `float32_because` and `no_xla_because` say why an acceleration is of no use to
    it, the latter by picture size.
    """

    description: str
    settings: Mapping[str, float]
    losses: Mapping[str, str]
    loss_unit: str
    learner: str
    of_set: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    largest_size: int = 256
    float32_because: str | None = None
    no_xla_because: Mapping[int, str] = field(default_factory=dict)

    def for_cover_set(self, cover_set: str) -> dict[str, float]:
        """Return the settings for a cover set by field name."""
        return {**self.settings, **self.of_set.get(cover_set, {})}
