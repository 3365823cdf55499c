"""A Keras generator made ready for a page."""

from collections.abc import Sequence

import keras
import numpy as np
from numpy.typing import NDArray

from kpop_assets.covers.showing.addresses import picture_address
from kpop_assets.models.errors import FieldError
from kpop_assets.models.live.content import DrawnBefore, Field, LiveGenerator, Value
from kpop_assets.models.live.exported_network import exported_network
from kpop_assets.models.sampling import covers_of_noise
from kpop_assets.models.training_record import weights_hash
from kpop_assets.training.step import randomness

DRAWN_BEFORE = 12


def live_generator(
    generator: keras.Model, noise_size: int, fields: Sequence[Field] = ()
) -> LiveGenerator:
    """Return the generator as a page has it, with covers drawn before of seeds 0, 1, 2 and so on.

    Its input is (1, 1, noise_size + the widths of the fields). Raises FieldError when it is not,
    ExportError when the page cannot run it.
    """
    expected = noise_size + sum(field.width for field in fields)
    channels = generator.input_shape[-1]
    if channels != expected:
        widths = ", ".join(f"{field.name} {field.width}" for field in fields) or "none"
        raise FieldError(
            f"Expected a generator that takes {expected} channels (noise {noise_size}, fields "
            f"{widths}), got one that takes {channels}; give the fields that it was trained with."
        )
    spread = [field.spread(DRAWN_BEFORE) for field in fields]
    values = [tuple(one[seed] for one in spread) for seed in range(DRAWN_BEFORE)]
    inputs = [cover_input(noise_size, fields, *chosen) for chosen in enumerate(values)]
    covers = covers_of_noise(generator, np.stack(inputs))
    return LiveGenerator(
        network=exported_network(generator),
        noise_size=noise_size,
        image_size=generator.output_shape[1],
        identity=weights_hash(generator)[:12],
        fields=tuple(fields),
        drawn_before=[
            DrawnBefore(picture_address(cover), seed, chosen)
            for seed, (cover, chosen) in enumerate(zip(covers, values, strict=True))
        ],
    )


def cover_input(
    noise_size: int, fields: Sequence[Field], seed: int, values: Sequence[Value]
) -> NDArray[np.float32]:
    """Return what makes the first cover of a seed, float32 (1, 1, noise_size + W).

    `values` are what was chosen, one for each field. Raises FieldError for values that are not in
    the fields.
    """
    noise = randomness.noise_vectors(1, noise_size, randomness.fixed_seed(seed)).numpy().ravel()
    vectors = [field.vector(value) for field, value in zip(fields, values, strict=True)]
    return np.concatenate([noise, *vectors]).reshape(1, 1, -1)
