"""Whole sequences forwards and backwards by hand: one loop over time each way, and little inside it.

Forwards, ``W x_t + b`` of all steps is one product, and every step keeps what the way back needs. Backwards,
a step carries the gradient of the state one step back, through δ_t, the gradient of what goes into the gates.
Those of the weights wait until the end, where each is one product over all steps:

    dL/dW = Σ δ_tᵀ x_t      dL/dU = Σ δ_tᵀ h_{t-1}      dL/db = Σ δ_t      dL/dx_t = δ_t W

Left to itself, TensorFlow keeps every number of every step, and adds up gradients of weights step by step.
"""

import functools
from abc import abstractmethod
from collections.abc import Callable, Sequence

import tensorflow as tf
from jaxtyping import Float

_GRAPHS: dict[tuple, Callable] = {}

# The gradient of what goes into an activation, from that of what comes out, d, and from what came out, y.
TANH_BACK = lambda y, d: tf.raw_ops.TanhGrad(y=y, dy=d)
SIGMOID_BACK = lambda y, d: tf.raw_ops.SigmoidGrad(y=y, dy=d)
RELU_BACK = lambda y, d: tf.raw_ops.ReluGrad(gradients=d, features=y)
ACTIVATIONS_BACK = {"tanh": TANH_BACK, "relu": RELU_BACK, "sigmoid": SIGMOID_BACK, "identity": lambda y, d: d}


class Sweep:
    """What a layer says of its steps. A subclass is a frozen dataclass of the options that matter to them.

    ``given`` holds the arrays of a pass by name: x, the parts of the state before, the weights, and where
    there is one ``mask (B, T)`` and ``dropped (B, H)``: what the recurrent weights read of h is h * dropped.
    Arrays of all steps are time-major, ``(T, B, ...)``.

    parts: the names of the parts of the state; the first, h, is what the layer puts out.
    kept: widths, in H, of the arrays that a step keeps for the way back. delta: that of δ_t.
    """

    parts: Sequence[str] = "h"
    kept: Sequence[int] = ()
    delta: int = 1

    @abstractmethod
    def step(self, given) -> Callable:
        """Return ``(W x_t + b, parts before) -> (parts after, arrays to keep)``."""

    @abstractmethod
    def step_back(self, given) -> Callable:
        """Return ``(gradients of the parts after, before, after, kept) -> (those of the parts before, δ)``.

        before, after, kept: the parts of the state before and after the step, and what it kept.
        """

    def gradients(self, given, delta, before, kept) -> tuple[tf.Tensor, dict[str, tf.Tensor]]:
        """Of all steps at once: δ of ``W x_t + b``, and the gradients of the recurrent weights by name."""
        return delta, {"U": outer(delta, masked(before[0], given.get("dropped")))}

    # The two ways

    def forward(self, given):
        """Return the outputs ``(B, T, H)``, the parts of the state after, and a tape for ``backward``."""
        projected = matmul_last(tf.transpose(given["x"], (1, 0, 2)), given["W"]) + given.get("b", 0)
        before, valid = [given[name] for name in self.parts], valid_steps(given)
        step = self.step(given)

        def one_step(before, projected, valid=None):
            after, kept = step(projected, before)
            after = select(valid, after, before)
            return after, [*after, *kept]

        blocks = [*(1 for _ in self.parts), *self.kept]
        state, tape = over_time(one_step, before, [projected, *valid], self._widths(given, blocks))
        return tf.transpose(zero_invalid(*valid, values=tape[0]), (1, 0, 2)), state, tape

    def backward(self, given, tape, d_outputs, d_state):
        """Return the gradients of all that ``given`` holds, but for mask and dropout, by name."""
        number, valid = len(self.parts), valid_steps(given)
        after, kept = tape[:number], tape[number:]
        before = [
            tf.concat([given[name][None], part[:-1]], axis=0)
            for name, part in zip(self.parts, after, strict=True)
        ]
        step_back = self.step_back(given)

        def one_step(d_after, d_output, *arrays):
            d_after = [d_after[0] + d_output, *d_after[1:]]
            before, after, kept = arrays[:number], arrays[number : 2 * number], arrays[2 * number :]
            d_before, delta = step_back(d_after, before, after, kept[: len(self.kept)])
            return select(*kept[len(self.kept) :] or [None], d_before, d_after), [delta]

        d_outputs = zero_invalid(*valid, values=tf.transpose(d_outputs, (1, 0, 2)))
        widths = self._widths(given, [self.delta])
        d_before, (delta,) = over_time(
            one_step, d_state, [d_outputs, *before, *tape, *valid], widths, backwards=True
        )
        delta, gradients = self.gradients(given, zero_invalid(*valid, values=delta), before, kept)
        gradients["W"] = outer(delta, tf.transpose(given["x"], (1, 0, 2)))
        gradients["x"] = tf.transpose(tf.tensordot(delta, given["W"], 1), (1, 0, 2))
        if "b" in given:
            gradients["b"] = tf.reduce_sum(delta, axis=(0, 1))
        return gradients | dict(zip(self.parts, d_before, strict=True))

    def _widths(self, given, blocks: Sequence[int]) -> list[int | None]:
        size = given["U"].shape[1]
        return [size and number * size for number in blocks]


def sweep_over(sweep: Sweep, arrays: dict[str, tf.Tensor], fixed: dict[str, tf.Tensor], loop: Callable):
    """Return the outputs ``(B, T, H)`` and the parts of the state after.

    arrays: x, the parts of the state before and the weights. fixed: what has no gradient, mask and dropout.
    loop: computes the same from ``arrays`` with gradients of TensorFlow's own; where a gradient is to be
    differentiated in its turn, by tape or in forward mode, it takes over.
    """
    names, zero = tuple(arrays), tf.UnconnectedGradients.ZERO

    @tf.custom_gradient
    def differentiable(*values):
        given = dict(zip(names, values, strict=True)) | fixed
        outputs, state, tape = run(sweep, "forward", given)

        @tf.custom_gradient
        def backward(*values_and_d):
            d_outputs, *d_state = values_and_d[len(names) :]
            gradients = run(sweep, "backward", given, tape, d_outputs, d_state)
            # A graph, since in forward mode no tape listens here.
            again = tf.function(backward_of_backward, autograph=False)
            return [gradients[name] for name in names], functools.partial(again, values_and_d)

        return [outputs, *state], lambda *d: backward(*values, *d)

    def backward_of_backward(values_and_d, *dd):
        values, d = values_and_d[: len(names)], values_and_d[len(names) :]
        results = tf.nest.flatten(loop(dict(zip(names, values, strict=True))))
        gradients = tf.gradients(results, values, d, unconnected_gradients=zero)
        return tf.gradients(gradients, values_and_d, dd, unconnected_gradients=zero)

    outputs, *state = differentiable(*arrays.values())
    return outputs, state


def run(sweep: Sweep, way: str, given, *others):
    """One way of a sweep. Eager, a loop would go step by step in Python: one graph serves all sizes."""
    if not tf.executing_eagerly():
        return getattr(sweep, way)(given, *others)
    key = (sweep, way, tuple(given), given["x"].dtype)
    with tf.init_scope():  # no tape listens here
        if key not in _GRAPHS:
            any_size = lambda array: tf.TensorSpec([None] * array.shape.rank, array.dtype)
            specs = tf.nest.map_structure(any_size, (given, *others))
            _GRAPHS[key] = tf.function(getattr(sweep, way), autograph=False).get_concrete_function(*specs)
        return _GRAPHS[key](given, *others)


def over_time(
    step: Callable,
    state: Sequence[tf.Tensor],
    arrays: Sequence[Float[tf.Tensor, "time batch _"]],
    widths: Sequence[int | None],
    *,
    backwards: bool = False,
    reader: Callable = lambda array: functools.partial(tf.gather, array),
):
    """Go through the steps of ``arrays`` in order or ``backwards``: the last state, and what every step gave.

    step: ``(state, *arrays of a step) -> (state after, results)``. widths: of the results, None if unknown.
    reader: turns an array into a function of the step; by default without a copy of the whole, but what
        TensorFlow is to differentiate needs ``cut``: there each read would have a gradient as large as all.
    """
    time = sizes_of(arrays[0])[0]
    reads = [reader(array) for array in arrays]
    dtype, batch = arrays[0].dtype, arrays[0].shape[1]
    results = [tf.TensorArray(dtype, time, element_shape=(batch, width)) for width in widths]

    def one_step(count, state, results):
        t = time - 1 - count if backwards else count
        state, now = step(state, *(read(t) for read in reads))
        return count + 1, tuple(state), [all_.write(t, one) for all_, one in zip(results, now, strict=True)]

    _, state, results = tf.while_loop(
        lambda count, *_: count < time,
        one_step,
        (0, tuple(state), results),
        maximum_iterations=time,  # XLA must know how many steps the backward pass will read
        parallel_iterations=1,
    )
    return state, [each.stack() for each in results]


def cut(array: Float[tf.Tensor, "time batch _"]) -> Callable:
    """Cut ``array`` into its steps, to be read one by one."""
    return tf.TensorArray(array.dtype, sizes_of(array)[0], element_shape=array.shape[1:]).unstack(array).read


# Pieces


def linear(x: Float[tf.Tensor, "batch n"], weights: Float[tf.Tensor, "m n"]) -> Float[tf.Tensor, "batch m"]:
    """Send every row of ``x`` through ``weights``: ``x weightsᵀ``."""
    return tf.matmul(x, weights, transpose_b=True)


def matmul_last(
    x: Float[tf.Tensor, "*any n"], weights: Float[tf.Tensor, "m n"]
) -> Float[tf.Tensor, "*any m"]:
    """Send the last axis of ``x`` through ``weights``, whatever stands before it: ``x weightsᵀ``."""
    return tf.tensordot(x, weights, [[-1], [1]])


def outer(
    d: Float[tf.Tensor, "time batch m"], x: Float[tf.Tensor, "time batch n"]
) -> Float[tf.Tensor, "m n"]:
    """Σ dᵀ x over all steps: the gradient of a matrix that turned ``x`` into what has the gradient ``d``."""
    rows = lambda array: tf.reshape(array, (-1, sizes_of(array)[2]))
    return tf.matmul(rows(d), rows(x), transpose_a=True)


def masked(
    h: Float[tf.Tensor, "*time batch hidden"], mask: Float[tf.Tensor, "batch hidden"] | None
) -> Float[tf.Tensor, "*time batch hidden"]:
    """What the recurrent weights read of ``h``: the mask is that of dropout, one for all steps."""
    return h if mask is None else h * mask


def valid_steps(given) -> list[tf.Tensor]:
    """The mask of all steps ``(T, B, 1)`` in a list, which is empty where no step is skipped."""
    return [tf.transpose(given["mask"])[:, :, None]] if "mask" in given else []


def select(valid, after: Sequence[tf.Tensor], before: Sequence[tf.Tensor]) -> list[tf.Tensor]:
    """What a state is after a step: what it was before, where the step is skipped."""
    if valid is None:
        return list(after)
    return [tf.where(valid, new, old) for new, old in zip(after, before, strict=True)]


def zero_invalid(valid=None, *, values):
    """``values``, or zero where they are not valid, whatever they hold there."""
    return values if valid is None else tf.where(valid, values, tf.zeros((), values.dtype))


def sizes_of(x) -> tuple:
    """The shape of ``x``: numbers where they are known, tensors where a graph learns them when it runs."""
    return tuple(tf.shape(x)[axis] if size is None else size for axis, size in enumerate(x.shape))
