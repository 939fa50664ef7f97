"""What every recurrent layer of the NumPy wing has in common: the contract, the tape and the plain loop."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float, Int

from rnnbook import validation
from rnnbook.numpy.scan import METHODS, scan, scan_backward
from rnnbook.numpy.weights import ParamLayer
from rnnbook.specs import LayerSpec


@dataclass
class Tape:
    """What one forward pass leaves for its backward pass; a later forward pass does not touch it.

    batch, time: B and T of the pass.
    last: index of every sequence's last valid step ``(B,)``, or None where all are T - 1.
    h: the hidden states ``(B, T, H)``, zero beyond a sequence's length.
    recurrent_mask: what dropout made of ones ``(B, H)``: the recurrent weights read m * h; None without.
    saved: the layer's own arrays, time-major.
    """

    batch: int
    time: int
    last: Int[np.ndarray, " batch"] | None
    h: Float[np.ndarray, "batch time hidden"] | None = None
    recurrent_mask: Float[np.ndarray, "batch hidden"] | None = None
    saved: dict = field(default_factory=dict, repr=False)

    def masked(self, h: Float[np.ndarray, "*time batch hidden"]) -> np.ndarray:
        """What the recurrent weights read of ``h``, and what of their gradient reaches it."""
        return h if self.recurrent_mask is None else h * self.recurrent_mask


def dropout_mask(
    shape: Sequence[int], share: float, rng: np.random.Generator | None, dtype
) -> np.ndarray | None:
    """1 / (1 - share) where a value is kept, 0 where it is left out; the mean stays what it was.

    None where nothing is to be left out: for a share of 0, or without ``rng``, which says that this is no
    training.
    """
    if rng is None or share == 0:
        return None
    return ((rng.random(shape) >= share) / ((1 - share) or 1)).astype(dtype)


class RecurrentLayer(ParamLayer):
    """A recurrent network over whole sequences, with a backward pass derived by hand.

    A subclass writes its equation once as ``step``. ``loop`` repeats that step and is the reference;
    ``forward`` and ``backward`` compute the same numbers with the arrays arranged for speed.
    """

    def __init__(self, spec: LayerSpec, dtype, rng: np.random.Generator | None) -> None:
        self.spec = spec
        self.input_size, self.hidden_size = spec.input_size, spec.hidden_size
        self.output_size = spec.output_size
        self.dtype = np.dtype(validation.float_dtype(dtype))
        validation.check_rng(rng)
        self.register_weights(spec.initial_params(np.random.default_rng(rng), self.dtype))

    def __repr__(self) -> str:
        options = ", ".join(f"{name}={value!r}" for name, value in self.spec.options.items())
        return f"{self.spec.name}({options}, dtype={self.dtype.name})"

    # The equation

    @abstractmethod
    def step(self, x_t, state):
        """One step as the equation reads: ``x_t (B, D)`` and the state before, to ``(output, state after)``.

        It works on any float or complex dtype, and checks nothing.
        """

    def loop(self, x, state=None, lengths=None):
        """Repeat ``step`` over ``x (B, T, D)``: what ``forward`` computes, one plain step at a time.

        Returns ``(outputs, state)``. Complex inputs or weights are allowed, for complex-step derivatives.
        """
        x = np.asarray(x)
        batch, time, _ = x.shape
        parts = self._zero_state(batch) if state is None else self._parts(state)
        lengths = np.full(batch, time) if lengths is None else np.asarray(lengths)
        outputs = []
        for t in range(time):
            output, after = self.step(x[:, t], self._state(parts))
            runs = (t < lengths)[:, None]
            outputs.append(np.where(runs, output, 0))
            parts = [np.where(runs, new, old) for new, old in zip(self._parts(after), parts, strict=True)]
        return np.stack(outputs, axis=1), self._state(parts)

    # The contract

    def forward(
        self,
        x: Float[np.ndarray, "batch time input"],
        state=None,
        lengths=None,
        *,
        rng: np.random.Generator | None = None,
    ):
        """Run over whole sequences.

        x: inputs ``(B, T, D)`` of the layer's dtype.
        state: the state before the first step, zeros if None.
        lengths: valid steps of each sequence, ints ``(B,)`` in 1..T, all T if None.
        rng: draws what dropout leaves out, in training; None leaves nothing out.

        Returns ``(outputs, state, tape)``: outputs ``(B, T, K)``, zero beyond a sequence's length and
        read-only, since the tape shares them; the state after each sequence's last valid step; the tape
        for ``backward``. Raises ValueError for a wrong shape or length, TypeError for a wrong dtype or a
        state of the wrong kind.
        """
        x = validation.as_array("x", x)
        validation.check_params(self.params, self.shapes, validation.dtype_of(self))
        validation.check_input(x, self.input_size, validation.dtype_of(self))
        batch, time, _ = x.shape
        last = None
        if lengths is not None:
            validation.check_lengths(lengths, batch, time)
            last = np.asarray(lengths).astype(np.int64) - 1
        if state is None:
            parts = self._zero_state(batch)
        else:
            validation.check_state(state, self.spec.state, batch, validation.dtype_of(self))
            parts = self._parts(state)
        tape = Tape(batch, time, last)
        shape = (batch, self.hidden_size)
        tape.recurrent_mask = dropout_mask(shape, self.spec.recurrent_dropout, rng, self.dtype)
        outputs, after = self._forward(x, parts, tape)
        outputs.flags.writeable = False
        return outputs, self._state(after), tape

    def backward(self, tape: Tape, d_outputs: Float[np.ndarray, "batch time output"] | None, d_state=None):
        """Differentiate a loss through the pass that left ``tape``.

        d_outputs: dL/d(outputs) ``(B, T, K)``, or None where the loss reads only the final state.
        d_state: dL/d(final state), shaped like the state, or None.

        Returns a dict: the gradient of every key of ``params``, of the inputs (``"x"``) and of the
        initial state (``"state"``). Raises ValueError or TypeError as ``forward`` does.
        """
        if not isinstance(tape, Tape):
            raise TypeError(f"tape must be what forward has returned last, got {type(tape).__name__}")
        if d_outputs is None:
            d_outputs = np.zeros((tape.batch, tape.time, self.output_size), self.dtype)
        d_outputs = validation.as_array("d_outputs", d_outputs)
        validation.check_shape("d_outputs", d_outputs, (tape.batch, tape.time, self.output_size))
        validation.check_float("d_outputs", d_outputs, validation.dtype_of(self))
        if d_state is None:
            d_parts = self._zero_state(tape.batch)
        else:
            validation.check_state(
                d_state, self.spec.state, tape.batch, validation.dtype_of(self), name="d_state"
            )
            d_parts = self._parts(d_state)
        d_outputs = self._zero_padding(d_outputs.transpose(1, 0, 2), tape)
        gradients, d_before = self._backward(tape, d_outputs, d_parts)
        return gradients | {"state": self._state(d_before)}

    @abstractmethod
    def _forward(self, x, parts: list[np.ndarray], tape: Tape):
        """Fill ``tape`` and return the outputs and the parts of the state after the last valid step."""

    @abstractmethod
    def _backward(self, tape: Tape, d_outputs, d_parts: list[np.ndarray]):
        """Return the gradients by name and those of the parts of the initial state.

        ``d_outputs`` is time-major ``(T, B, K)`` and already zero beyond each sequence's length.
        """

    # Pieces that the layers share

    def _zero_state(self, batch: int) -> list[np.ndarray]:
        return [np.zeros((batch, width), self.dtype) for width in self.spec.state.values()]

    def _parts(self, state) -> list[np.ndarray]:
        """Turn one array, or LSTM's pair, into a list of the parts."""
        return [
            validation.as_array("state", part)
            for part in (state if isinstance(state, tuple | list) else [state])
        ]

    def _state(self, parts):
        return parts[0] if len(parts) == 1 else tuple(parts)

    def _pack_gates(
        self,
        weights: Float[np.ndarray, "gates_hidden columns"],
        order: Sequence[int],
        scales: Sequence[float],
    ) -> Float[np.ndarray, "gates columns hidden"]:
        """Blocks of ``(G*H, N)`` in order, scaled and transposed: ``a @ result`` is a block a gate."""
        blocks = weights.reshape(-1, self.hidden_size, weights.shape[1])
        result = np.empty((len(order), weights.shape[1], self.hidden_size), self.dtype)
        for block, gate, scale in zip(result, order, scales, strict=True):
            np.multiply(blocks[gate].T, scale, out=block)
        return result

    def _augment_inputs(self, x, tape: Tape) -> Float[np.ndarray, "time_batch input_and_one"]:
        """Time-major inputs with a column of ones, so that the bias rides in the product with ``W``.

        Rows beyond a sequence's length become zero, whatever the padding held.
        """
        batch, time, size = x.shape
        rows = np.empty((time, batch, size + 1), self.dtype)
        rows[..., :size] = x.transpose(1, 0, 2)
        rows[..., size] = 1
        if tape.last is not None:
            rows[np.arange(time)[:, None] > tape.last] = 0
        return rows.reshape(time * batch, size + 1)

    def _project(
        self, x, W: Float[np.ndarray, "gates columns hidden"], tape: Tape, chunk_bytes: int = 1 << 20
    ):
        """Yield ``W x_t + b`` of every step ``(G, B, H)``: one product for the steps that a cache holds."""
        gates, _, size = W.shape
        rows = tape.batch * max(1, chunk_bytes // (gates * tape.batch * size * self.dtype.itemsize))
        for start in range(0, len(x), rows):
            yield from (
                (x[start : start + rows] @ W).reshape(gates, -1, tape.batch, size).transpose(1, 0, 2, 3)
            )

    def _weights_with_bias(self, b: Float[np.ndarray, " gates_hidden"] | None = None) -> np.ndarray:
        """Put the bias, or ``b`` in its place, beside ``W``: ``(G*H, D + 1)``, for the column of ones."""
        return np.column_stack([self.params["W"], self._bias("b") if b is None else b])

    def _split_gates(self, z: Float[np.ndarray, "batch gates_hidden"]) -> list[np.ndarray]:
        """The block of each gate ``(B, H)``: as ``np.split``, which takes longer than a product."""
        size = self.hidden_size
        return [z[:, start : start + size] for start in range(0, z.shape[1], size)]

    def _bias(self, name: str) -> Float[np.ndarray, " gates_hidden"]:
        """A bias, which is zero in a layer without."""
        return self.params[name] if name in self.params else np.zeros(len(self.params["W"]), self.dtype)

    def _padding_rows(self, tape: Tape) -> list[np.ndarray | None]:
        """For every step the rows whose sequence has ended before it, or None."""
        if tape.last is None:
            return [None] * tape.time
        shortest = int(tape.last.min()) + 1
        return [None] * shortest + [np.flatnonzero(tape.last < t) for t in range(shortest, tape.time)]

    def _final_step_rows(self, tape: Tape, d_parts: list[np.ndarray]):
        """For every step the rows that get a gradient of the final state there, or None.

        They are the rows whose last valid step it is: all of them at T - 1 where none is shorter.
        """
        rows = [None] * tape.time
        if not any(part.any() for part in d_parts):
            return rows
        if tape.last is None:
            rows[-1] = slice(None)
            return rows
        for t in set(tape.last.tolist()):
            rows[t] = np.flatnonzero(tape.last == t)
        return rows

    def _last_valid(self, states: Float[np.ndarray, "time batch width"], tape: Tape) -> np.ndarray:
        """Pick, out of the states after each step, that after each sequence's last valid step."""
        if tape.last is None:
            return states[-1].copy()
        return states[tape.last, np.arange(tape.batch)]

    def _zero_padding(self, steps: Float[np.ndarray, "time batch width"], tape: Tape) -> np.ndarray:
        """Zero beyond each sequence's length, whatever stands there."""
        if tape.last is None:
            return steps
        beyond = np.arange(tape.time)[:, None] > tape.last
        return np.where(beyond[:, :, None], 0, steps)

    def _mask_outputs(self, h: Float[np.ndarray, "time batch width"], tape: Tape) -> np.ndarray:
        """The outputs ``(B, T, K)`` of layers that compute all steps at once: zero beyond each length."""
        tape.h = self._zero_padding(h, tape).transpose(1, 0, 2)
        return tape.h.view()

    def _input_gradients(self, dz: Float[np.ndarray, "time_batch gates_hidden"], tape: Tape) -> dict:
        """Sum over all steps at once: dW = Σ dz_tᵀ x_t, db = Σ dz_t; and dx_t = dz_t W."""
        dw_and_db = dz.T @ tape.saved["x"]
        dx = dz @ tape.saved["W"]
        gradients = {
            "x": dx.reshape(tape.time, tape.batch, self.input_size).transpose(1, 0, 2),
            "W": np.ascontiguousarray(dw_and_db[:, :-1]),
        }
        return gradients | ({"b": np.ascontiguousarray(dw_and_db[:, -1])} if self.spec.use_bias else {})

    def _chunks(self, tape: Tape, width: int, chunk_bytes: int = 1 << 19):
        """Cut time, from its end, into chunks whose working arrays of ``width`` columns stay in the cache."""
        steps = max(1, chunk_bytes // (tape.batch * width * self.dtype.itemsize))
        return [(max(0, stop - steps), stop) for stop in range(tape.time, 0, -steps)]


class ScanLayer(RecurrentLayer):
    """A linear recurrence ``h_t = a_t h_{t-1} + b_t``, whose steps are taken all at once by ``scan``."""

    def __init__(self, spec: LayerSpec, method: str, dtype, rng: np.random.Generator | None) -> None:
        validation.check_choice("method", method, METHODS)
        super().__init__(spec, dtype, rng)
        self.method = method

    def _scan(self, a: np.ndarray, b: np.ndarray, before: np.ndarray, tape: Tape) -> np.ndarray:
        """h of every step, time-major; the tape keeps a, h and what was before."""
        h = scan(a, b, before, method=self.method)
        tape.saved |= {"a": a, "h": h, "before": before.copy()}
        return h

    def _scan_backward(self, d_steps: np.ndarray, d_final: np.ndarray, tape: Tape):
        """``(da, db, d_before)``, given dL/dh of every step as an output, and dL/d(final state)."""
        d_h = d_steps.astype(np.result_type(d_steps, d_final))
        last = np.full(tape.batch, tape.time - 1) if tape.last is None else tape.last
        d_h[last, np.arange(tape.batch)] += d_final
        a, h, before = (tape.saved[name] for name in ("a", "h", "before"))
        return scan_backward(a, h, before, d_h, method=self.method)
