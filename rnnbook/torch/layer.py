"""What every recurrent layer of the PyTorch wing has in common: the contract, the weights and the loop."""

import functools
from abc import abstractmethod
from collections.abc import Callable, Iterator

import numpy as np
import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn import functional
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from rnnbook import validation
from rnnbook.specs import LayerSpec
from rnnbook.torch.scan import METHODS, scan
from rnnbook.torch.weights import ParamLayer, dtype_name, from_numpy, full_precision, resolve_rng


def identity(z: Tensor) -> Tensor:
    return z


ACTIVATIONS = {"tanh": torch.tanh, "relu": torch.relu, "sigmoid": torch.sigmoid, "identity": identity}

BLOCK_BYTES = 1 << 22


def takes_packed(forward: Callable) -> Callable:
    """Let a ``forward`` over whole sequences take a ``PackedSequence`` too, and return one, as torch.nn's do.

    The states, given and returned, are in the order of the sequences before they were packed.
    """

    @functools.wraps(forward)
    def forward_packed(self, x, state=None, lengths=None):
        if not isinstance(x, PackedSequence):
            return forward(self, x, state, lengths)
        if lengths is not None:
            raise ValueError("lengths must be None where x is a PackedSequence, got both")
        padded, lengths = pad_packed_sequence(x, batch_first=True)
        outputs, state = forward(self, padded, state, lengths)
        if x.sorted_indices is not None:
            outputs, lengths = outputs[x.sorted_indices], lengths[x.sorted_indices.cpu()]
        data = pack_padded_sequence(outputs, lengths, batch_first=True).data
        return PackedSequence(data, x.batch_sizes, x.sorted_indices, x.unsorted_indices), state

    return forward_packed


class RecurrentLayer(ParamLayer):
    """A recurrent network over whole sequences, differentiated by autograd.

    It is a ``StepLayer``, which goes one step after another (a ``SweepLayer`` goes back by hand), or a
    ``ScanLayer``, which takes all steps at once.
    """

    def __init__(self, spec: LayerSpec, dtype, rng: np.random.Generator | None, device) -> None:
        super().__init__()
        self.spec = spec
        self.input_size, self.hidden_size = spec.input_size, spec.hidden_size
        self.output_size = spec.output_size
        name = dtype_name(dtype)
        self.register_weights(spec.initial_params(resolve_rng(rng), name), device)
        if not spec.use_bias:
            self.register_parameter("b", None)  # as torch's products know that there is none

    def extra_repr(self) -> str:
        return ", ".join(f"{name}={value!r}" for name, value in self.spec.options.items())

    # The equation

    @abstractmethod
    def step(self, x_t: Float[Tensor, "batch input"], state):
        """One step: ``x_t (B, D)`` and the state before, to ``(output, state after)``. Checks nothing."""

    @abstractmethod
    def _run(self, x: Float[Tensor, "batch time input"], state, mask):
        """All steps of ``x``, zero beyond each length: ``(outputs, state after the last valid step)``.

        mask: ``(B, T, 1)``, False beyond each length, or None.
        """

    def _loop(self, x: Float[Tensor, "batch time input"], state, mask):
        """What ``_run`` says, one step after another."""
        outputs = []
        for t, x_t in enumerate(x.unbind(1)):
            output, after = self.step(x_t, state)
            outputs.append(output)
            state = after if mask is None else select_state(mask[:, t], after, state)
        return torch.stack(outputs, dim=1), state

    # The contract

    @takes_packed
    def forward(self, x: Float[Tensor, "batch time input"], state=None, lengths=None):
        """Run over whole sequences.

        x: inputs ``(B, T, D)`` of the layer's dtype; or a ``PackedSequence`` of them, which says the lengths
            itself: then the outputs are packed as it is.
        state: the state before the first step, zeros if None.
        lengths: valid steps of each sequence, integers ``(B,)`` in 1..T as a list, an array or a tensor on
            any device; all T if None. What stands beyond them is never read, and may be NaN.

        Returns ``(outputs, state)``: outputs ``(B, T, K)``, zero beyond a sequence's length; the state after
        each sequence's last valid step. Beyond a length no gradient flows. Raises ValueError for a wrong
        shape or length, TypeError for a wrong dtype or a state of the wrong kind.
        """
        return self._checked(self._run, x, state, lengths)

    @full_precision
    @takes_packed
    def loop(self, x: Float[Tensor, "batch time input"], state=None, lengths=None):
        """What ``forward`` computes, one step after another under autograd: the reference for it."""
        return self._checked(self._loop, x, state, lengths)

    def _checked(self, run: Callable, x, state, lengths):
        dtype = plain_name(self.dtype)
        validation.check_input(x, self.input_size, dtype)
        check_tensor("x", x)
        batch = x.shape[0]
        mask = None if lengths is None else sequence_mask(lengths, x)
        if state is None:
            state = self._zero_state(x)
        else:
            validation.check_state(state, self.spec.state, batch, dtype)
            for array in state if isinstance(state, tuple | list) else (state,):
                check_tensor("state", array)
        if mask is not None:
            x = torch.where(mask, x, 0)

        outputs, state = run(x, state, mask)
        return (outputs if mask is None else torch.where(mask, outputs, 0)), state

    def _zero_state(self, x: Tensor):
        arrays = [x.new_zeros(x.shape[0], width) for width in self.spec.state.values()]
        return as_state(arrays)


class StepLayer(RecurrentLayer):
    """A layer that goes one step after another. It writes its equation once, in ``_make_step``.

    ``W x_t + b`` needs nothing of the steps before: of a whole sequence, it is one product for many steps.
    """

    @abstractmethod
    def _make_step(self, weights: dict[str, Tensor], mask: Tensor | None = None) -> Callable:
        """Return what a step does with ``W x_t + b``: ``(projected, state) -> (output, state after)``.

        weights: those of the layer, by name. mask: that of ``recurrent_dropout`` for what ``U`` reads,
        ``(B, H)``, or None.
        """

    @full_precision
    def step(self, x_t, state):
        weights = self._weights()
        return self._make_step(weights)(self._project(x_t, weights), state)

    def _run(self, x, state, mask):
        return self._loop(x, state, mask)

    def _loop(self, x, state, mask):
        return self._loop_of(self._weights(), self._dropout_mask(x), x, state, mask)

    def _loop_of(self, weights: dict[str, Tensor], dropout_mask, x, state, mask):
        outputs = []
        step = self._make_step(weights, dropout_mask)
        for t, projected in enumerate(self._project_blocks(x.transpose(0, 1), weights)):
            output, after = step(projected, state)
            outputs.append(output)
            state = after if mask is None else select_state(mask[:, t], after, state)
        return torch.stack(outputs, dim=1), state

    def _weights(self) -> dict[str, Tensor]:
        found = self._parameters  # first, because torch finds an attribute of a module slowly
        return {name: found[name] if name in found else getattr(self, name) for name in self.shapes}

    def _dropout_mask(self, x: Float[Tensor, "batch time input"]) -> Float[Tensor, "batch hidden"] | None:
        """What ``U`` reads of h in training, one mask for all steps; None where it reads everything."""
        if not (self.training and self.spec.recurrent_dropout):
            return None
        return functional.dropout(x.new_ones(x.shape[0], self.hidden_size), self.spec.recurrent_dropout)

    def _project_blocks(self, x: Float[Tensor, "time batch input"], weights: dict[str, Tensor]) -> Iterator:
        # All steps in one product, unless that is large: then block by block, because memory fresh from the
        # system costs more than the product.
        step_bytes = x.shape[1] * self.W.shape[0] * self.W.element_size()
        for block in x.split(max(1, BLOCK_BYTES // step_bytes)):
            yield from self._project(block, weights).unbind()

    def _project(self, x: Float[Tensor, "*any input"], weights: dict[str, Tensor]) -> Tensor:
        """``W x_t + b``, of one step or of many."""
        return functional.linear(x, weights["W"], weights.get("b"))


def as_state(arrays):
    """The arrays of a state as the contract has it: one array, or LSTM's tuple."""
    return arrays[0] if len(arrays) == 1 else tuple(arrays)


def select_state(mask: Bool[Tensor, "batch one"], after, before):
    """The state after for the sequences that still run, the state before for those that have ended."""
    if isinstance(after, Tensor):
        return torch.where(mask, after, before)
    return tuple(torch.where(mask, new, old) for new, old in zip(after, before, strict=True))


def masked(h: Float[Tensor, "batch hidden"], mask: Float[Tensor, "batch hidden"] | None) -> Tensor:
    """What the recurrent weights read of ``h``: the mask is that of dropout, one for all steps."""
    return h if mask is None else h * mask


class ScanLayer(RecurrentLayer):
    """A linear recurrence ``h_t = a_t h_{t-1} + b_t``, whose steps are taken all at once by ``scan``.

    It writes its equation once: a and b (``_coefficients``), and the outputs (``_read``). Where h is not the
    state as the contract has it, ``_from_state`` and ``_to_state`` turn one into the other.
    """

    def __init__(self, spec: LayerSpec, method: str, dtype, rng, device) -> None:
        validation.check_choice("method", method, METHODS)
        super().__init__(spec, dtype, rng, device)
        self.method = method

    @abstractmethod
    def _coefficients(self, x: Float[Tensor, "*any input"]) -> tuple[Tensor, Tensor]:
        """a and b of every step in ``x``, of one shape."""

    def _read(self, h: Tensor, x: Float[Tensor, "*any input"]) -> Float[Tensor, "*any output"]:
        """The outputs."""
        return h

    def _from_state(self, state) -> Tensor:
        return state

    def _to_state(self, h: Tensor):
        return h

    @full_precision
    def step(self, x_t, state):
        a, b = self._coefficients(x_t)
        h = a * self._from_state(state) + b
        return self._read(h, x_t), self._to_state(h)

    def _run(self, x, state, mask):
        x = x.transpose(0, 1)
        a, b = self._coefficients(x)
        h = scan(a, b, self._from_state(state), method=self.method)
        return self._read(h, x).transpose(0, 1), self._to_state(last_valid(h, mask))


def last_valid(h: Float[Tensor, "time batch *rest"], mask: Bool[Tensor, "batch time one"] | None) -> Tensor:
    """Pick, out of the states after every step, that after each sequence's last valid step."""
    if mask is None:
        return h[-1]
    return h[mask.sum(dim=1).squeeze(-1) - 1, torch.arange(h.shape[1], device=h.device)]


def plain_name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def check_tensor(name: str, value) -> None:
    if not isinstance(value, Tensor):
        raise TypeError(
            f"{name} must be a torch.Tensor, got {type(value).__name__}; convert it with torch.as_tensor"
        )


def sequence_mask(lengths, x: Float[Tensor, "batch time input"]) -> Bool[Tensor, "batch time 1"]:
    """Check ``lengths`` and return which steps of ``x`` are valid.

    A compiled graph does not know the values of its tensors yet: there they are not checked.
    """
    batch, time = x.shape[:2]
    lengths = check_lengths(lengths, batch, time).to(x.device)
    return (torch.arange(time, device=x.device) < lengths[:, None]).unsqueeze(-1)


def check_lengths(lengths, batch: int, time: int, *, name: str = "lengths") -> Tensor:
    """Refuse lengths that do not fit, and return them as a tensor of int64."""
    if not isinstance(lengths, Tensor) and not torch.compiler.is_compiling():
        validation.check_lengths(lengths, batch, time, name=name)
        return from_numpy(name, np.asarray(lengths).astype(np.int64))
    lengths = torch.as_tensor(lengths)
    known = known_values(lengths)
    values = known is not None
    validation.check_lengths(known if values else lengths, batch, time, values=values, name=name)
    return lengths.to(torch.int64)


def check_ids(x, vocab_size: int, *, name: str = "x") -> Tensor:
    """Refuse what are not integers in ``0..vocab_size-1``, and return them as a tensor of int64."""
    if not hasattr(x, "shape"):
        validation.check_ids(x, vocab_size, name=name)
    check_tensor(name, x)
    known = known_values(x)
    validation.check_ids(x if known is None else known, vocab_size, name=name, values=known is not None)
    return x.to(torch.int64)


def check_token_ids(x, vocab_size: int, *, name: str = "x") -> Tensor:
    """As ``check_ids``, for ``(batch, time)``."""
    validation.check_token_ids(x, vocab_size, name=name, values=False)
    return check_ids(x, vocab_size, name=name)


def known_values(tensor: Tensor) -> np.ndarray | None:
    """The numbers of a tensor, or None where they are not known: in a graph, or under ``torch.func.vmap``."""
    if torch.compiler.is_compiling() or torch.jit.is_tracing():
        return None
    try:
        return tensor.detach().cpu().numpy()
    except (RuntimeError, TypeError):
        return None
