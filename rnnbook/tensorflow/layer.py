"""What the layers of the TensorFlow wing have in common: the contract, masks, and the loop over time."""

from abc import abstractmethod

import keras
import numpy as np
import tensorflow as tf

from rnnbook import validation
from rnnbook.specs import Network
from rnnbook.tensorflow.weights import InnerWeights, OwnWeights, Weights, dtype_name, generator

ACTIVATIONS = {"tanh": tf.tanh, "relu": tf.nn.relu, "sigmoid": tf.sigmoid, "identity": tf.identity}


def linear(x, weights):
    """Send every row of ``x (B, N)`` through ``weights (M, N)``: ``x weightsᵀ``, of shape ``(B, M)``."""
    return tf.matmul(x, weights, transpose_b=True)


def on_last_axis(x, weights):
    """Send the last axis of ``x (..., N)`` through ``weights (M, N)``, whatever stands before it."""
    return tf.tensordot(x, weights, [[-1], [1]])


class SequenceLayer(Weights, keras.layers.Layer):
    """A Keras layer that reads whole sequences: ``outputs, state = layer(x, state=None, lengths=None)``.

    A subclass says what it computes (``sequence``, ``last``), what it refuses (``check_call``), and the
    shape of its state. Everything that Keras asks of a layer is here.
    """

    def __init__(self, *, dtype: str, return_sequences: bool, return_state: bool, name, trainable) -> None:
        validation.check_flag("return_sequences", return_sequences)
        validation.check_flag("return_state", return_state)
        super().__init__(name=name, trainable=trainable, dtype=dtype)
        self.return_sequences = return_sequences
        self.return_state = return_state

    # What a subclass says

    @abstractmethod
    def sequence(self, x, state, mask):
        """Run over ``x (B, T, D)``, zero where masked, to ``outputs (B, T, K)`` and the state after.

        mask: ``(B, T)``, False where a step is to be skipped, or None where no step is. A skipped step
        carries the state on and has zero outputs.
        """

    @abstractmethod
    def last(self, outputs, mask):
        """Pick, out of ``outputs (B, T, K)``, those of each sequence's last valid step ``(B, K)``."""

    @abstractmethod
    def check_call(self, x, state, lengths) -> None:
        """Raise ValueError or TypeError for arguments that do not fit this layer."""

    @abstractmethod
    def state_shape(self, batch: int | None):
        """Return the shape of the state, or the tuples of shapes."""

    # The contract

    def __call__(self, x, state=None, lengths=None, mask=None, **of_keras):
        """Run over whole sequences.

        x: inputs ``(B, T, D)`` of the layer's dtype.
        state: the state before the first step, zeros if None.
        lengths: valid steps of each sequence, ints ``(B,)`` in 1..T, all T if None.
        mask: True at each valid step, ``(B, T)``; where it is None, the mask that Keras attached to ``x``.
        of_keras: what Keras adds on its own, such as ``training``.

        Returns ``(outputs, state)``, or ``outputs`` alone with ``return_state=False``: outputs ``(B, T, K)``,
        zero at steps that are not valid, or ``(B, K)``, those of the last valid step, with
        ``return_sequences=False``; the state after the last valid step.

        Raises ValueError for a wrong shape or length, or lengths beside a mask; TypeError for a wrong dtype
        or a state of the wrong kind.
        """
        # Checked before Keras sees the arguments: it would cast float64 to float32 without a word, and wrap
        # errors in words of its own.
        x = x if hasattr(x, "shape") else np.asarray(x)
        if isinstance(lengths, list | tuple):
            lengths = np.asarray(lengths)
        self.check_call(x, state, lengths)
        if mask is not None:
            validation.check_shape("mask", mask, validation.shape_of(x)[:2])
        if lengths is not None and (mask is not None or getattr(x, "_keras_mask", None) is not None):
            raise ValueError("lengths must be None where x has a mask, got both")
        given = {"state": state, "lengths": lengths, "mask": mask}
        given = {name: value for name, value in given.items() if value is not None}
        return super().__call__(x, **given, **of_keras)

    def call(self, x, state=None, lengths=None, mask=None):
        if mask is None:  # beside a state, Keras leaves it to the layer to find the mask of x
            mask = getattr(x, "_keras_mask", None)
        if lengths is not None:
            mask = tf.sequence_mask(lengths, _sizes(x)[1])
        if mask is not None:
            mask = tf.cast(mask, tf.bool)
            x = _where(mask[:, :, None], x)  # skipped steps may hold anything, NaN too
        outputs, after = self.sequence(x, state, mask)
        if not self.return_sequences:
            outputs = self.last(outputs, mask)
        return (outputs, after) if self.return_state else outputs

    # What Keras asks

    def compute_output_shape(self, input_shape):
        batch, time = input_shape[:2]
        outputs = (batch, time, self.output_size) if self.return_sequences else (batch, self.output_size)
        return (outputs, self.state_shape(batch)) if self.return_state else outputs

    def compute_mask(self, inputs, previous_mask):
        of_outputs = previous_mask if self.return_sequences else None
        return (of_outputs, None) if self.return_state else of_outputs

    def get_config(self):
        return {
            "name": self.name,
            "trainable": self.trainable,
            "return_sequences": self.return_sequences,
            "return_state": self.return_state,
        }


class RecurrentLayer(OwnWeights, SequenceLayer):
    """A recurrent network with weights of its own. A subclass writes its equation once, as ``recur``."""

    def __init__(self, network: Network, dtype, rng, **keras_options) -> None:
        dtype = dtype_name(dtype)
        super().__init__(dtype=dtype, **keras_options)
        self.network = network
        self._hold(network.initial_params(generator(rng), dtype))
        self.build((None, None, self.input_size))  # tells Keras that all weights are there

    @property
    def input_size(self) -> int:
        return self.network.input_size

    @property
    def hidden_size(self) -> int:
        return self.network.hidden_size

    @property
    def output_size(self) -> int:
        return self.network.output_size

    # The equation

    @abstractmethod
    def recur(self, from_x, state, weights):
        """One step as the equation reads, once ``from_x = W x_t + b`` is known, to ``(output, state after)``.

        weights: tensors by name, those of ``params``.
        """

    def step(self, x_t, state):
        """One step: ``x_t (B, D)`` and the state before, to ``(output, state after)``."""
        weights = self._weights_by_name()
        return self.recur(linear(x_t, weights["W"]) + weights["b"], state, weights)

    def sequence(self, x, state, mask):
        batch, time = _sizes(x)
        weights = self._weights_by_name()
        # W x_t + b needs nothing of the steps before: one product serves all steps.
        x = tf.transpose(x, (1, 0, 2))
        from_x = linear(tf.reshape(x, (time * batch, self.input_size)), weights["W"]) + weights["b"]
        from_x = _array(tf.reshape(from_x, (time, batch, weights["b"].shape[0])))
        valid = None if mask is None else _array(tf.transpose(mask)[:, :, None])
        outputs = tf.TensorArray(self.dtype, time, element_shape=(x.shape[1], self.output_size))
        if state is None:
            state = [tf.zeros((batch, width), self.dtype) for width in self.network.state.values()]
        state = self._state(state)

        def one_step(t, outputs, before):
            output, after = self.recur(from_x.read(t), before, weights)
            if valid is not None:
                now = valid.read(t)
                output = _where(now, output)
                after = tf.nest.map_structure(lambda new, old: tf.where(now, new, old), after, before)
            return t + 1, outputs.write(t, output), after

        _, outputs, after = tf.while_loop(
            lambda t, *_: t < time,
            one_step,
            (0, outputs, state),
            maximum_iterations=time,  # XLA must know how many steps the backward pass will read
        )
        return tf.transpose(outputs.stack(), (1, 0, 2)), after

    def last(self, outputs, mask):
        if mask is None:
            return outputs[:, -1]
        from_the_end = tf.argmax(tf.cast(tf.reverse(mask, [1]), tf.int32), axis=1, output_type=tf.int32)
        return tf.gather(outputs, _sizes(outputs)[1] - 1 - from_the_end, batch_dims=1)

    def check_call(self, x, state, lengths) -> None:
        validation.check_input(x, self.input_size, self.dtype)
        check_lengths(lengths, x)
        if state is not None:
            validation.check_state(state, self.network.state, validation.shape_of(x)[0], self.dtype)

    def state_shape(self, batch):
        return self._state([(batch, width) for width in self.network.state.values()])

    def get_config(self):
        options = {
            name: value.item() if isinstance(value, np.generic) else value
            for name, value in self.network.options.items()
        }
        return super().get_config() | options | {"dtype": self.dtype}

    def _state(self, parts):
        """Write the parts of a state as the contract does: one array, or LSTM's tuple."""
        if not isinstance(parts, list | tuple):
            return parts
        return parts[0] if len(parts) == 1 else tuple(parts)


class CompositeLayer(InnerWeights, SequenceLayer):
    """A layer made of layers; of theirs, it does not read ``return_sequences`` and ``return_state``."""

    def state_shape(self, batch):
        return tuple(layer.state_shape(batch) for layer in self.inner().values())


def by_sequence(outputs, mask):
    """Outputs ``(T, B, K)`` of layers that compute all steps at once, as ``(B, T, K)``, zero where masked."""
    outputs = tf.transpose(outputs, (1, 0, 2))
    return outputs if mask is None else _where(mask[:, :, None], outputs)


def check_lengths(lengths, x) -> None:
    """Refuse lengths that do not fit ``x``; their values are read only where they are known already."""
    if lengths is None:
        return
    batch, time = validation.shape_of(x)[:2]
    in_graph = tf.is_tensor(lengths) and not tf.executing_eagerly()
    symbolic = in_graph or isinstance(lengths, keras.KerasTensor)
    validation.check_lengths(lengths, batch, time, values=time is not None and not symbolic)


def _where(valid, values):
    return tf.where(valid, values, tf.zeros((), values.dtype))


def _sizes(x) -> tuple:
    """B and T: numbers where they are known, tensors where a graph learns them when it runs."""
    known = x.shape[:2]
    return tuple(tf.shape(x)[axis] if size is None else size for axis, size in enumerate(known))


def _array(values) -> tf.TensorArray:
    """Cut ``values`` along their first axis, for a loop to read one by one."""
    size = tf.shape(values)[0] if values.shape[0] is None else values.shape[0]
    return tf.TensorArray(values.dtype, size, element_shape=values.shape[1:]).unstack(values)
