"""What makes a step faster: mixed precision and XLA on a GPU, convolutions in bfloat16 on a CPU."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import keras

from kpop_assets.models.cover_source import CoverSource
from kpop_assets.models.recipes import RECIPES
from kpop_assets.models.settings import FilledSettings
from kpop_assets.training.step.replicas import Devices, visible_devices


def usable_settings(
    settings: FilledSettings, devices: Devices, covers: CoverSource, warn: Callable[[str], None]
) -> FilledSettings:
    """Return `settings` without the accelerations that cannot be had; `warn` gets the reasons."""
    obstacles = {
        "mixed_precision": _obstacle_to_mixed_precision(settings, devices),
        "xla": _obstacle_to_xla(settings, devices, covers),
    }
    left_off = {}
    for name, obstacle in obstacles.items():
        if getattr(settings, name) and obstacle is not None:
            warn(f"{name} is left off: {obstacle}.")
            left_off[name] = False
    return settings.model_copy(update=left_off)


@contextmanager
def training_precision(mixed: bool) -> Iterator[None]:
    """Build networks that compute in bfloat16 when `mixed`; their weights stay float32."""
    before = keras.config.dtype_policy()
    if mixed:
        keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def convolution_policy(number_format: str) -> str | None:
    """Return the dtype policy of convolutions that train, None for that of all layers.

    "auto" is bfloat16 on a CPU whose matrix unit takes it (AMX). Only convolutions gain there: all
    else is slower in bfloat16, so they cast what they take, and their result is cast back.
    """
    if number_format == "auto":
        fits = not visible_devices().are_gpus and _cpu_multiplies_bfloat16()
        number_format = "bfloat16" if fits else "float32"
    return "mixed_bfloat16" if number_format == "bfloat16" else None


def _cpu_multiplies_bfloat16() -> bool:
    about = Path("/proc/cpuinfo")
    return about.exists() and "amx_bf16" in about.read_text(encoding="utf-8").split()


def _obstacle_to_mixed_precision(settings: FilledSettings, devices: Devices) -> str | None:
    if not devices.are_gpus:
        return "there is no GPU, and on a CPU it made a step take 19 times as long"
    return RECIPES[settings.recipe].float32_because


def _obstacle_to_xla(settings: FilledSettings, devices: Devices, covers: CoverSource) -> str | None:
    if not devices.are_gpus:
        return "there is no GPU, and on a CPU it made a step take 1.2 times as long"
    if len(devices.names) > 1:
        return "a step on more than one GPU is not compiled"
    if (because := RECIPES[settings.recipe].no_xla_because.get(settings.image_size)) is not None:
        return because
    if not covers.compilable:
        return (
            "covers that are streamed from disk cannot be compiled; raise covers_in_memory_mb to "
            "hold them in memory"
        )
    return None
