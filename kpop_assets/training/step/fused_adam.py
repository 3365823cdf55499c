"""Adam in one pass over the weights."""

from collections.abc import Sequence

import keras
import tensorflow as tf


class FusedAdam(keras.optimizers.Adam):
    """Keras's Adam, with TensorFlow's one operation a variable in place of some ten.

    Same rule, same variables; the results differ by rounding. With several replicas, each
    applies the mean of their gradients.

    With `steady_steps` the learning rate falls after so many steps with the square root of their
    number, whatever the last step will be (Karras et al., "Analyzing and Improving the Training
    Dynamics of Diffusion Models", 2024, equation 15).
    """

    def __init__(
        self, learning_rate: float, beta_1: float, steady_steps: int | None = None
    ) -> None:
        """Take a learning rate per step, and the decay of the running mean of gradients."""
        super().__init__(learning_rate, beta_1=beta_1)
        self._steady_steps = steady_steps

    def apply(
        self,
        grads: Sequence[tf.Tensor],
        trainable_variables: Sequence[keras.Variable] | None = None,
    ) -> None:
        """Update the weights by the gradients of this replica's loss and those of the others."""
        count = tf.distribute.get_strategy().num_replicas_in_sync
        if count > 1:  # Keras adds them up
            grads = [gradient / count for gradient in grads]
        super().apply(grads, trainable_variables)

    def update_step(
        self, gradient: tf.Tensor, variable: tf.Variable, learning_rate: tf.Tensor
    ) -> None:
        """Update a variable and its two moments by its gradient."""
        place = self._get_variable_index(variable)
        step = tf.cast(self.iterations + 1, tf.float32)
        learning_rate = tf.cast(learning_rate, tf.float32)
        if self._steady_steps is not None:
            learning_rate *= tf.math.rsqrt(tf.maximum(step / self._steady_steps, 1.0))
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[place].value.handle,
            v=self._velocities[place].value.handle,
            beta1_power=tf.pow(self.beta_1, step),
            beta2_power=tf.pow(self.beta_2, step),
            lr=learning_rate,
            beta1=self.beta_1,
            beta2=self.beta_2,
            epsilon=self.epsilon,
            grad=gradient,
        )
