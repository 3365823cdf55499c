"""Gradients that are the same bytes each time.

A tape adds up what comes back to a tensor that several operations used with one AddN of all of
them. TensorFlow's kernel begins with whichever of its inputs nobody else needs any more by then,
which depends on how threads ran, and three float32 numbers add up to another sum in another order.
Pairs do not.
"""

from collections.abc import Sequence

import keras
import tensorflow as tf

# The optimizer of graphs would make one AddN of the pairs again.
tf.config.optimizer.set_experimental_options({"arithmetic_optimization": False})


def gradients(
    targets: tf.Tensor | Sequence[tf.Tensor],
    sources: Sequence[tf.Tensor | keras.Variable],
    target_gradients: Sequence[tf.Tensor] | None = None,
) -> list[tf.Tensor]:
    """Return the gradient of the sum of `targets` by each of `sources`, inside a tf.function.

    `target_gradients`, of the shapes of `targets`, are what is known of the loss's gradients by
    them; ones otherwise.
    """
    found = tf.gradients(
        targets,
        [source.value if isinstance(source, keras.Variable) else source for source in sources],
        grad_ys=target_gradients,
        aggregation_method=tf.AggregationMethod.EXPERIMENTAL_TREE,
    )
    return [tf.convert_to_tensor(one) for one in found]  # those of rows looked up are sparse
