"""A GRU whose state is a picture: every product with a matrix is a convolution, the same at every place.

    r_t = σ(W_r * x_t + U_r * h_{t-1} + b_r)
    z_t = σ(W_z * x_t + U_z * h_{t-1} + b_z)
    n_t = tanh(W_n * x_t + U_n * (r_t ∘ h_{t-1}) + b_n)
    h_t = (1 - z_t) ∘ n_t + z_t ∘ h_{t-1}

* is a convolution, ∘ the product place by place. Ballas, Yao, Pal and Courville, 2016, 'Delving deeper into
convolutional networks for learning video representations', equations 10 to 13, who write 1 - z for our z.
"""

import keras
import tensorflow as tf
from jaxtyping import Float

from rnnbook import specs, validation
from rnnbook.tensorflow.convolution import convolve
from rnnbook.tensorflow.layer import PlainLayer, as_array, cast_floats, sizes_of, widened
from rnnbook.tensorflow.weights import dtype_name, resolve_rng


@keras.saving.register_keras_serializable(package="rnnbook")
class ConvGRU(PlainLayer):
    """Gates r, z, n at every place of a picture; a place sees its neighbours, one kernel around a step.

    Weights: ``W (3H, D, k, k)``, ``U (3H, H, k, k)``, ``b (3H,)``, blocks in the order r z n.
    State: ``h (B, H, rows, columns)``. Outputs: ``h`` at every step.

    kernel_size: k, odd. dtype, rng: as for the recurrent layers. keras_options: ``name``, ``trainable``.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    OPTIONS = ("input_size", "hidden_size", "kernel_size")

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        *,
        kernel_size: int = 3,
        dtype=None,
        rng=None,
        **keras_options,
    ) -> None:
        weights = specs.conv_gru(input_size, hidden_size, kernel_size, resolve_rng(rng), dtype_name(dtype))
        super().__init__(weights, dtype, **keras_options)
        self.input_size, self.hidden_size, self.kernel_size = input_size, hidden_size, kernel_size
        self.output_size = hidden_size

    def __call__(
        self, x: Float[tf.Tensor, "batch time input rows columns"], state=None, **keras_arguments
    ) -> tuple[Float[tf.Tensor, "batch time hidden rows columns"], tf.Tensor]:
        """Run over whole sequences of pictures: ``(outputs, state)``.

        state: ``h`` before the first step, zeros if None. Raises ValueError for a wrong shape, TypeError for
        a wrong dtype.
        """
        x = as_array("x", x)
        validation.check_images(widened(x, self.dtype), self.input_size, self.dtype)
        if state is not None:
            batch, _, _, rows, columns = validation.shape_of(x)
            validation.check_shape("state", state, (batch, self.hidden_size, rows, columns))
            validation.check_float("state", widened(state, self.dtype), self.dtype)
        return super().__call__(x, **({} if state is None else {"state": state}), **keras_arguments)

    def call(self, x, state=None):
        """What ``__call__`` says, of arguments that were checked."""
        weights = self._weights_by_name()
        x, state = cast_floats((x, state), self.dtype)
        batch, time, _, rows, columns = sizes_of(x)
        # W * x_t + b needs nothing of the steps before: one convolution serves all steps.
        flat = tf.reshape(x, (batch * time, self.input_size, rows, columns))
        projected = convolve(flat, weights["W"]) + weights["b"][:, None, None]
        projected = tf.reshape(projected, (batch, time, 3 * self.hidden_size, rows, columns))
        if state is None:
            state = tf.zeros((batch, self.hidden_size, rows, columns), x.dtype)
        outputs = tf.scan(
            lambda h, projected_t: self._step_projected(projected_t, h, weights["U"]),
            tf.transpose(projected, (1, 0, 2, 3, 4)),
            initializer=tf.ensure_shape(state, (x.shape[0], self.hidden_size, *x.shape[3:])),
        )
        return cast_floats((tf.transpose(outputs, (1, 0, 2, 3, 4)), outputs[-1]), self.compute_dtype)

    def step(
        self, x_t: Float[tf.Tensor, "batch input rows columns"], state: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """One step, to ``(output, state after)``. Checks nothing."""
        weights = self._weights_by_name()
        projected = convolve(x_t, weights["W"]) + weights["b"][:, None, None]
        state = self._step_projected(projected, state, weights["U"])
        return state, state

    def _step_projected(self, projected, h, U):
        size = self.hidden_size
        x_r, x_z, x_n = tf.split(projected, 3, axis=1)
        h_r, h_z = tf.split(convolve(h, U[: 2 * size]), 2, axis=1)
        r, z = tf.sigmoid(x_r + h_r), tf.sigmoid(x_z + h_z)
        n = tf.tanh(x_n + convolve(r * h, U[2 * size :]))
        return tf.ensure_shape((1 - z) * n + z * h, h.shape)

    def compute_output_shape(self, input_shape):
        """The shapes of the outputs and of the state."""
        batch, time, _, rows, columns = input_shape
        places = (self.hidden_size, rows, columns)
        return (batch, time, *places), (batch, *places)
