"""A Keras generator as data: the layers that it is made of, and their weights."""

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from kpop_assets.models.errors import ExportError
from kpop_assets.models.live.content import ExportedNetwork

OPTIONS: Mapping[str, Sequence[str]] = {
    "InputLayer": (),
    "Flatten": (),
    "Reshape": ("target_shape",),
    "Dense": ("activation",),
    "Conv2D": ("strides", "padding", "activation"),
    "BatchNormalization": (),
    "UpSampling2D": ("size",),
    "AveragePooling2D": ("pool_size", "strides", "padding"),
    "LeakyReLU": ("negative_slope",),
    "Split": ("indices_or_sections", "axis"),
    "Sigmoid": (),
    "Multiply": (),
    "Add": (),
}
"""What is exported of each kind of layer; the page's live/network.js runs all of these."""
EXPECTED: Mapping[str, Mapping[str, Sequence[Any]]] = {
    "Dense": {"activation": ("linear", "sigmoid", "tanh")},
    "Conv2D": {
        "activation": ("linear", "sigmoid", "tanh"),
        "dilation_rate": ((1, 1),),
        "groups": (1,),
    },
    "UpSampling2D": {"interpolation": ("bilinear",)},
}


def exported_network(generator: keras.Model) -> ExportedNetwork:
    """Return a generator's layers and weights; normalisation is that of `training=False`.

    Raises ExportError for a layer that the page does not run, and for weights that float16 cannot
    hold.
    """
    config = generator.get_config()
    places = {layer["name"]: place for place, layer in enumerate(config["layers"])}
    by_name = {layer.name: layer for layer in generator.layers}
    layers, weights = [], []
    for layer in config["layers"]:
        _check(layer)
        own = _weights(by_name[layer["name"]]) if layer["name"] in by_name else {}
        weights += [_as_float16(values, layer["name"]) for values in own.values()]
        layers.append(
            {
                "kind": layer["class_name"],
                "inputs": [(places[name], output) for name, output in _sources(layer)],
                "weights": [(name, values.shape) for name, values in own.items()],
                **{name: layer["config"][name] for name in OPTIONS[layer["class_name"]]},
            }
        )
    name, _, output = np.ravel(np.array(config["output_layers"], dtype=object))
    flat = np.concatenate([one.ravel() for one in weights])
    return ExportedNetwork(layers, (places[name], int(output)), flat)


def _check(layer: Mapping[str, Any]) -> None:
    kind, config = layer["class_name"], layer["config"]
    if kind not in OPTIONS:
        raise ExportError(
            f"Expected layers of the kinds {', '.join(OPTIONS)}, got {kind} ({layer['name']}); "
            "show a generator of the recipe drifting."
        )
    for option, values in EXPECTED.get(kind, {}).items():
        if config[option] not in values:
            raise ExportError(
                f"Expected {option} of {layer['name']} to be one of {values}, got "
                f"{config[option]!r}; show a generator of the recipe drifting."
            )


def _sources(layer: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Return name and number of each output that the layer takes."""
    if not layer["inbound_nodes"]:
        return []
    found = []
    for argument in layer["inbound_nodes"][0]["args"]:
        for tensor in argument if isinstance(argument, list | tuple) else [argument]:
            name, _, output = tensor["config"]["keras_history"]
            found.append((name, output))
    return found


def _weights(layer: keras.Layer) -> dict[str, NDArray[np.float32]]:
    """Return the weights by name; those of a normalisation are what it multiplies by and adds."""
    if isinstance(layer, keras.layers.BatchNormalization):
        scale, offset, mean, variance = layer.get_weights()
        scale = scale / np.sqrt(variance + layer.epsilon)
        return {"scale": scale, "offset": offset - mean * scale}
    return {weight.name: weight.numpy() for weight in layer.weights}


def _as_float16(values: NDArray[np.float32], layer: str) -> NDArray[np.float16]:
    limit = float(np.finfo(np.float16).max)
    most = float(np.abs(values).max(initial=0.0))
    if not most <= limit:
        raise ExportError(
            f"Expected weights of {layer} of at most {limit:g}, got {most:g}; train again."
        )
    return values.astype(np.float16)
