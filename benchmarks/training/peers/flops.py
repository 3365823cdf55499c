"""Counts the floating-point operations of a training step in its TensorFlow graph.

A multiplication and an addition are two operations. Counted are convolutions, transposed ones,
dense layers and other matrix products: forward, and backward to inputs and to weights as far as
something uses the result, since TensorFlow drops the rest. Each is counted as if all taps of a
kernel fell within the picture. Not counted: normalisation, activations, losses, augmentation,
optimizers. The power iterations of a spectral normalisation count, being matrix products.
"""

from collections.abc import Callable, Iterable
from math import prod

import tensorflow as tf

_CALLS = {"PartitionedCall", "StatefulPartitionedCall", "While", "StatelessWhile"}


def counted(step: Callable[..., object], *arguments: tf.TensorSpec) -> float:
    """Return the operations of one call of `step`, which is traced for it but not run.

    Raises ValueError for calls of other graphs within it, which it does not look into.
    """
    graph = (
        tf.function(step, input_signature=arguments, autograph=False).get_concrete_function().graph
    )
    return float(sum(_operations(one) for one in _used(graph)))


def _used(graph: tf.Graph) -> Iterable[tf.Operation]:
    """Yield what the results and side effects of a graph depend on."""
    waiting = [one.op for one in graph.outputs] + list(graph.control_outputs)
    seen: set[str] = set()
    while waiting:
        operation = waiting.pop()
        if operation.name not in seen:
            seen.add(operation.name)
            yield operation
            waiting += [one.op for one in operation.inputs] + list(operation.control_inputs)


def _operations(operation: tf.Operation) -> int:
    kind, inputs = operation.type, operation.inputs
    if kind in _CALLS:
        raise ValueError(f"expected a graph without calls, got {kind} {operation.name}")
    if kind == "Conv2D":
        return _convolution(operation.outputs[0].shape, inputs[1].shape)
    if kind == "Conv2DBackpropInput":
        return _convolution(inputs[2].shape, inputs[1].shape)
    if kind == "Conv2DBackpropFilter":
        return _convolution(inputs[2].shape, _told_shape(inputs[1]))
    if kind == "DepthwiseConv2dNative":
        return 2 * prod(operation.outputs[0].shape) * prod(inputs[1].shape[:2])
    if kind == "DepthwiseConv2dNativeBackpropInput":
        return 2 * prod(inputs[2].shape) * prod(inputs[1].shape[:2])
    if kind in ("MatMul", "BatchMatMulV2"):
        transposed = operation.get_attr("transpose_a" if kind == "MatMul" else "adj_x")
        return 2 * prod(operation.outputs[0].shape) * inputs[0].shape[-2 if transposed else -1]
    return 0


def _told_shape(sizes: tf.Tensor) -> Iterable[int]:
    """Return the shape that a tensor of sizes holds."""
    if sizes.op.type in ("Shape", "ShapeN"):
        shape: Iterable[int] = sizes.op.inputs[sizes.value_index].shape
        return shape
    value: Iterable[int] = tf.get_static_value(sizes)
    return value


def _convolution(outer: Iterable[int], kernel: Iterable[int]) -> int:
    """Return the operations of a convolution onto `outer` (N, H, W, C), or of its gradients."""
    return 2 * prod(map(int, outer)) * prod([int(side) for side in kernel][:3])
