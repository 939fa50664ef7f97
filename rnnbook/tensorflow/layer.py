"""What the layers of the TensorFlow wing have in common: the contract, masks, and the loop over time."""

import sys
from abc import abstractmethod
from collections.abc import Mapping
from functools import partial

import keras
import numpy as np
import tensorflow as tf
from jaxtyping import Bool, Float

from rnnbook import validation
from rnnbook.specs import LayerSpec
from rnnbook.tensorflow.scan import METHODS, mask_recurrence, scan
from rnnbook.tensorflow.sweep import (
    Sweep,
    cut,
    linear,
    matmul_last,
    over_time,
    select,
    sizes_of,
    sweep_over,
    valid_steps,
    zero_invalid,
)
from rnnbook.tensorflow.weights import (
    CompositeWeights,
    ParamLayer,
    Weights,
    dtype_name,
    resolve_policy,
    resolve_rng,
)

# Where those who know Keras's own layers find what they look for.
HINTS = {
    "initial_state": "give it as state",
    "go_backwards": "Bidirectional(forward, backward) of rnnbook.tensorflow reads from both ends",
    "stateful": "pass the state that a call returns to the next one, as state",
}
ACTIVATIONS = {"tanh": tf.tanh, "relu": tf.nn.relu, "sigmoid": tf.sigmoid, "identity": tf.identity}


def cast_floats(structure, dtype: str):
    """The tensors of a structure, those that hold real numbers in ``dtype``."""
    is_float = lambda tensor: tf.is_tensor(tensor) and tensor.dtype.is_floating
    return tf.nest.map_structure(lambda each: tf.cast(each, dtype) if is_float(each) else each, structure)


class SequenceLayer(Weights, keras.layers.Layer):
    """A Keras layer that reads whole sequences: ``outputs, state = layer(x, state=None, lengths=None)``.

    A subclass says what it computes (``_run``, ``_last_output``), what it refuses (``_check_call``), and the
    shape of its state. Everything that Keras asks of a layer is here.

    Under a policy of mixed precision it computes in float32, the dtype of its weights, and returns outputs
    and state in the policy's dtype. Where a step is masked the outputs are zero, while Keras's own layers
    repeat those of the step before: what reads all steps without the mask (``GlobalMaxPooling1D``,
    ``Flatten``) meets zeros there.

    return_sequences: outputs of all steps, or only those of the last valid one.
    return_state: return ``(outputs, state)``, or outputs alone, as keras.Sequential needs it.
    name, trainable: Keras's own. Raises TypeError for a flag that is none.
    """

    def __init__(
        self,
        *,
        dtype: keras.DTypePolicy,
        return_sequences: bool = True,
        return_state: bool = True,
        name: str | None = None,
        trainable: bool = True,
        **others,
    ) -> None:
        validation.check_bool("return_sequences", return_sequences)
        validation.check_bool("return_state", return_state)
        for option in others:
            hint = HINTS.get(option, "it is no option of these layers")
            raise TypeError(f"{type(self).__name__} takes no {option!r}: {hint}")
        # Without autocast: Keras would round float32 inputs to the policy's half precision.
        super().__init__(name=name, trainable=trainable, dtype=dtype, autocast=False)
        self.return_sequences = return_sequences
        self.return_state = return_state

    # What a subclass says

    @abstractmethod
    def _run(
        self,
        x: Float[tf.Tensor, "batch time input"],
        state,
        mask: Bool[tf.Tensor, "batch time"] | None,
        training: bool | None,
    ):
        """Run over ``x (B, T, D)``, zero where masked, to ``outputs (B, T, K)`` and the state after.

        mask: ``(B, T)``, False where a step is to be skipped, or None where no step is. A skipped step
        carries the state on and has zero outputs. training: whether dropout leaves something out.
        """

    @abstractmethod
    def _last_output(self, outputs, mask):
        """Pick, out of ``outputs (B, T, K)``, those of each sequence's last valid step ``(B, K)``."""

    @abstractmethod
    def _check_call(self, x, state, lengths) -> None:
        """Raise ValueError or TypeError for arguments that do not fit this layer."""

    @abstractmethod
    def _state_shape(self, batch: int | None):
        """Return the shape of the state, or the tuples of shapes."""

    # The contract

    def __call__(
        self, x: Float[tf.Tensor, "batch time input"], state=None, lengths=None, mask=None, **keras_arguments
    ):
        """Run over whole sequences.

        x: inputs ``(B, T, D)`` of the layer's dtype, or in half precision, which it widens.
        state: the state before the first step, zeros if None.
        lengths: valid steps of each sequence, ints ``(B,)`` in 1..T, all T if None.
        mask: True at each valid step, ``(B, T)``; where it is None, the mask that Keras attached to ``x``.
        keras_arguments: what Keras adds on its own, such as ``training``.

        Returns ``(outputs, state)``, or ``outputs`` alone with ``return_state=False``: outputs ``(B, T, K)``,
        zero at steps that are not valid, or ``(B, K)``, those of the last valid step, with
        ``return_sequences=False``; the state after the last valid step.

        Raises ValueError for a wrong shape or length, or lengths beside a mask; TypeError for a wrong dtype
        or a state of the wrong kind.
        """
        # Checked before Keras sees the arguments: it would wrap errors in words of its own.
        for argument in HINTS.keys() & keras_arguments.keys():
            raise TypeError(f"{type(self).__name__} takes no {argument!r}: {HINTS[argument]}")
        self._check_place()
        x = as_array("x", x)
        if isinstance(lengths, list | tuple):
            lengths = as_array("lengths", lengths)
        self._check_call(widened(x, self.dtype), widened(state, self.dtype), lengths)
        if mask is not None:
            validation.check_shape("mask", mask, validation.shape_of(x)[:2])
        if lengths is not None and (mask is not None or getattr(x, "_keras_mask", None) is not None):
            raise ValueError("lengths must be None where x has a mask, got both")
        arguments = {"state": state, "lengths": lengths, "mask": mask}
        arguments = {name: value for name, value in arguments.items() if value is not None}
        return super().__call__(x, **arguments, **keras_arguments)

    def call(
        self, x: Float[tf.Tensor, "batch time input"], state=None, lengths=None, mask=None, training=None
    ):
        """What ``__call__`` says, of arguments that were checked."""
        return self._call(self._run, x, state, lengths, mask, training)

    def _call(self, run, x, state, lengths, mask, training):
        if mask is None:  # beside a state, Keras leaves it to the layer to find the mask of x
            mask = getattr(x, "_keras_mask", None)
        x, state = cast_floats((x, state), self.dtype)
        if lengths is not None:
            mask = tf.sequence_mask(lengths, sizes_of(x)[1])
        if mask is not None:
            mask = tf.cast(mask, tf.bool)
            x = zero_invalid(mask[:, :, None], values=x)  # skipped steps may hold anything, NaN too
        outputs, after = run(x, state, mask, training)
        if not self.return_sequences:
            outputs = self._last_output(outputs, mask)
        return cast_floats((outputs, after) if self.return_state else outputs, self.compute_dtype)

    def _check_place(self) -> None:
        """Refuse a place in keras.Sequential from which the next layer would get the state as well."""
        caller = sys._getframe(2).f_locals.get("self")
        if self.return_state and isinstance(caller, keras.Sequential) and caller.layers[-1] is not self:
            raise ValueError(
                "return_state must be False in a keras.Sequential, whose next layer takes the outputs alone"
            )

    # What Keras asks

    def compute_output_shape(self, input_shape):
        """The shapes of what a call returns, for inputs of shape ``(B, T, D)``."""
        batch, time = input_shape[:2]
        outputs = (batch, time, self.output_size) if self.return_sequences else (batch, self.output_size)
        return (outputs, self._state_shape(batch)) if self.return_state else outputs

    def compute_mask(self, inputs, previous_mask):
        """The mask of what a call returns: the outputs of all steps have that of the inputs."""
        output_mask = previous_mask if self.return_sequences else None
        return (output_mask, None) if self.return_state else output_mask

    def get_config(self):
        """The constructor's arguments by name, from which Keras makes the layer again."""
        return {
            "name": self.name,
            "trainable": self.trainable,
            "return_sequences": self.return_sequences,
            "return_state": self.return_state,
        }


class RecurrentLayer(ParamLayer, SequenceLayer):
    """A recurrent network with weights of its own.

    It is a ``StepLayer``, which goes one step after another, or a ``ScanLayer``, which takes all steps at
    once. keras_options: ``return_sequences``, ``return_state``, ``name``, ``trainable``.
    """

    def __init__(self, spec: LayerSpec, dtype, rng, **keras_options) -> None:
        super().__init__(dtype=resolve_policy(dtype), **keras_options)
        self.spec = spec
        self.input_size, self.hidden_size = spec.input_size, spec.hidden_size
        self.output_size = spec.output_size
        rng = resolve_rng(rng)
        self.register_weights(spec.initial_params(rng, self.dtype))
        if spec.recurrent_dropout:
            # Of a generator of its own, so that the weights of the next layer are those of the other wings.
            self.seed_generator = keras.random.SeedGenerator(int(rng.spawn(1)[0].integers(2**31)))
        self.build((None, None, self.input_size))  # tells Keras that all weights are there

    # The equation

    @abstractmethod
    def step(self, x_t: Float[tf.Tensor, "batch input"], state):
        """One step: ``x_t (B, D)`` and the state before, to ``(output, state after)``. Checks nothing."""

    # The contract

    def _last_output(self, outputs, mask):
        if mask is None:
            return outputs[:, -1]
        from_the_end = tf.argmax(tf.cast(tf.reverse(mask, [1]), tf.int32), axis=1, output_type=tf.int32)
        return tf.gather(outputs, sizes_of(outputs)[1] - 1 - from_the_end, batch_dims=1)

    def _check_call(self, x, state, lengths) -> None:
        validation.check_input(x, self.input_size, self.dtype)
        check_lengths(lengths, x)
        if state is not None:
            validation.check_state(state, self.spec.state, validation.shape_of(x)[0], self.dtype)

    def _state_shape(self, batch):
        return self._as_state([(batch, width) for width in self.spec.state.values()])

    def get_config(self):
        return super().get_config() | self.spec.options | {"dtype": self.dtype_policy.name}

    def _as_state(self, arrays):
        """Write the arrays of a state as the contract does: one array, or LSTM's tuple."""
        if not isinstance(arrays, list | tuple):
            return arrays
        return arrays[0] if len(arrays) == 1 else tuple(arrays)


class StepLayer(RecurrentLayer):
    """A layer that goes one step after another. It writes its equation once, in ``_step_projected``.

    ``loop`` repeats that step, and is the reference. A layer with a ``sweep`` computes the same numbers with
    the arrays arranged for speed, and has a backward pass derived by hand.
    """

    sweep: Sweep | None = None

    @abstractmethod
    def _step_projected(self, projected: Float[tf.Tensor, "batch gates_hidden"], state, weights):
        """What a step does with ``projected = W x_t + b`` and the state before: ``(output, state after)``.

        weights: tensors by name, those of ``params``. A layer with ``recurrent_dropout`` also takes
        ``dropout_mask (B, H)``, for what ``U`` reads, or None.
        """

    def step(self, x_t, state):
        weights = self._weights_by_name()
        return self._step_projected(linear(x_t, weights["W"]) + weights.get("b", 0), state, weights)

    def loop(self, x, state=None, lengths=None, mask=None, training=None):
        """Repeat ``step``: what a call computes, differentiated by TensorFlow. Checks nothing."""
        run = partial(self._run, by_hand=False)
        return self._call(run, tf.convert_to_tensor(x), state, lengths, mask, training)

    def _run(self, x, state, mask, training, *, by_hand=True):
        batch, share = sizes_of(x)[0], self.spec.recurrent_dropout
        if state is None:
            state = [tf.zeros((batch, width), self.dtype) for width in self.spec.state.values()]
        parts = map(tf.convert_to_tensor, tf.nest.flatten(state))
        arrays = {"x": x, **dict(zip(self.spec.state, parts, strict=True)), **self._weights_by_name()}
        fixed = {} if mask is None else {"mask": mask}
        if training and share:
            ones = tf.ones((batch, self.hidden_size), self.dtype)
            fixed["dropped"] = keras.random.dropout(ones, share, seed=self.seed_generator)
        loop = lambda arrays: self._loop(arrays | fixed)
        if self.sweep and by_hand:
            outputs, state = sweep_over(self.sweep, arrays, fixed, loop)
        else:
            outputs, state = loop(arrays)
        return outputs, self._as_state(state)

    def _loop(self, given):
        # W x_t + b needs nothing of the steps before: one product serves all steps.
        projected = matmul_last(tf.transpose(given["x"], (1, 0, 2)), given["W"]) + given.get("b", 0)
        step = self._step_projected
        if "dropped" in given:
            step = partial(step, dropout_mask=given["dropped"])

        def one_step(before, projected, valid=None):
            output, after = step(projected, self._as_state(before), given)
            return select(valid, tf.nest.flatten(after), before), [zero_invalid(valid, values=output)]

        state = [given[name] for name in self.spec.state]
        state, (outputs,) = over_time(
            one_step, state, [projected, *valid_steps(given)], [self.output_size], reader=cut
        )
        return tf.transpose(outputs, (1, 0, 2)), state


class ScanLayer(RecurrentLayer):
    """A linear recurrence ``h_t = a_t h_{t-1} + b_t``, whose steps are taken all at once by ``scan``.

    It writes its equation once: a and b (``_coefficients``), and the outputs (``_read``). Where h is not the
    state as the contract has it, ``_from_state`` and ``_to_state`` turn one into the other.
    """

    def __init__(self, spec: LayerSpec, method: str, dtype, rng, **keras_options) -> None:
        validation.check_choice("method", method, METHODS)
        super().__init__(spec, dtype, rng, **keras_options)
        self.method = method

    @abstractmethod
    def _coefficients(self, x: Float[tf.Tensor, "*any input"], weights) -> tuple[tf.Tensor, tf.Tensor]:
        """a and b of every step in ``x``, of one shape. weights: tensors by name, those of ``params``."""

    def _read(self, h, x, weights):
        """The outputs ``(..., K)``, from ``h`` and from ``x (..., D)``."""
        return h

    def _from_state(self, state):
        return state

    def _to_state(self, h):
        return h

    def step(self, x_t, state):
        weights = self._weights_by_name()
        a, b = self._coefficients(x_t, weights)
        h = a * self._from_state(state) + b
        return self._read(h, x_t, weights), self._to_state(h)

    def _run(self, x, state, mask, training):
        weights = self._weights_by_name()
        x = tf.transpose(x, (1, 0, 2))
        a, b = self._coefficients(x, weights)
        before = tf.zeros_like(b[0]) if state is None else self._from_state(state)
        h = scan(*mask_recurrence(a, b, mask), before, method=self.method)
        outputs = tf.transpose(self._read(h, x, weights), (1, 0, 2))
        if mask is not None:
            outputs = zero_invalid(mask[:, :, None], values=outputs)
        return outputs, self._to_state(h[-1])

    def get_config(self):
        return super().get_config() | {"method": self.method}


class CompositeLayer(CompositeWeights, SequenceLayer):
    """A layer made of layers; of theirs, it does not read ``return_sequences`` and ``return_state``."""

    def _state_shape(self, batch):
        return tuple(layer._state_shape(batch) for layer in self.submodules().values())


class PlainLayer(ParamLayer, keras.layers.Layer):
    """A layer without recurrence that holds its weights itself.

    Under a policy of mixed precision it computes in float32, and returns the policy's dtype.

    OPTIONS: the constructor's arguments that Keras has to save, kept as attributes of the same names.
    weights: the starting weights by name. name, trainable: Keras's own.
    """

    OPTIONS: tuple[str, ...] = ()

    def __init__(
        self,
        weights: Mapping[str, np.ndarray],
        dtype,
        *,
        name: str | None = None,
        trainable: bool = True,
    ) -> None:
        super().__init__(name=name, trainable=trainable, dtype=resolve_policy(dtype), autocast=False)
        self.register_weights(weights)
        self.built = True

    def get_config(self):
        """The constructor's arguments by name, from which Keras makes the layer again."""
        options = {name: getattr(self, name) for name in (*self.OPTIONS, "name", "trainable")}
        return options | {"dtype": self.dtype_policy.name}


def as_array(name: str, x):
    """``x`` if it is a tensor, or Keras's symbol of one; else an array of NumPy."""
    if isinstance(x, tuple | list) and any(map(is_tensor, x)):
        raise TypeError(
            f"{name} must be one array, got a {type(x).__name__} of {len(x)}; where it is what a layer "
            "returned, return_state=False leaves the state out"
        )
    return x if is_tensor(x) else validation.as_array(name, x)


def is_tensor(x) -> bool:
    return tf.is_tensor(x) or isinstance(x, keras.KerasTensor | keras.Variable)


def is_symbolic(x) -> bool:
    """Whether only the shape and the dtype of ``x`` are known."""
    return isinstance(x, keras.KerasTensor) or (tf.is_tensor(x) and not tf.executing_eagerly())


def widened(structure, dtype: str):
    """What a check is to see of arrays that the layer widens: those in half precision count as ``dtype``."""
    is_half = lambda each: hasattr(each, "dtype") and validation.dtype_of(each) in ("float16", "bfloat16")
    return tf.nest.map_structure(
        lambda each: keras.KerasTensor(each.shape, dtype) if is_half(each) else each, structure
    )


def as_indices(x):
    """Integers of any width, or whole numbers in floats, as those that TensorFlow's operations take."""
    return x if tf.as_dtype(x.dtype) in (tf.int32, tf.int64) else tf.cast(x, tf.int64)


def check_lengths(lengths, x) -> None:
    """Refuse lengths that do not fit ``x``; their values are read only where they are known already."""
    if lengths is None:
        return
    batch, time = validation.shape_of(x)[:2]
    known = time is not None and not is_symbolic(lengths)
    validation.check_lengths(lengths, batch, time, values=known)


def check_sequences(x, lengths, input_size: int, dtype: str) -> tuple:
    """Return ``x (B, T, D)`` and lengths as arrays, if they fit."""
    x = as_array("x", x)
    validation.check_input(widened(x, dtype), input_size, dtype)
    check_lengths(lengths, x)
    return x, None if lengths is None else as_array("lengths", lengths)


def check_token_ids(x, vocab_size: int, *, name: str = "x"):
    """Return tokens as an array, if they fit; their values are read only where they are known already."""
    x = as_array(name, x)
    validation.check_token_ids(x, vocab_size, name=name, values=not is_symbolic(x))
    return x


def make_dropout(share: float, *, dtype, rng: np.random.Generator) -> keras.layers.Dropout:
    """Dropout with a seed that ``rng`` draws."""
    return keras.layers.Dropout(share, seed=int(rng.integers(2**31)), dtype=dtype_name(dtype))
