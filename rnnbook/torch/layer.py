"""What every recurrent layer of the PyTorch wing has in common: the contract, the weights and the loop."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator

import numpy as np
import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn import functional

from rnnbook import validation
from rnnbook.specs import LayerSpec
from rnnbook.torch.scan import METHODS, scan
from rnnbook.torch.weights import ParamLayer, dtype_name, resolve_rng


def identity(z: Tensor) -> Tensor:
    return z


ACTIVATIONS = {"tanh": torch.tanh, "relu": torch.relu, "sigmoid": torch.sigmoid, "identity": identity}

BLOCK_BYTES = 1 << 22


class RecurrentLayer(ParamLayer):
    """A recurrent network over whole sequences, differentiated by autograd.

    It is a ``StepLayer``, which goes one step after another, or a ``ScanLayer``, which takes all steps at
    once.
    """

    def __init__(self, spec: LayerSpec, dtype, rng: np.random.Generator | None, device) -> None:
        super().__init__()
        self.spec = spec
        self.input_size, self.hidden_size = spec.input_size, spec.hidden_size
        self.output_size = spec.output_size
        name = dtype_name(dtype)
        self.register_weights(spec.initial_params(resolve_rng(rng), name), device)

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

    # The contract

    def forward(self, x: Float[Tensor, "batch time input"], state=None, lengths=None):
        """Run over whole sequences.

        x: inputs ``(B, T, D)`` of the layer's dtype.
        state: the state before the first step, zeros if None.
        lengths: valid steps of each sequence, integers ``(B,)`` in 1..T as a list, an array or a tensor on
            any device; all T if None. What stands beyond them is never read, and may be NaN.

        Returns ``(outputs, state)``: outputs ``(B, T, K)``, zero beyond a sequence's length; the state after
        each sequence's last valid step. Beyond a length no gradient flows. Raises ValueError for a wrong
        shape or length, TypeError for a wrong dtype or a state of the wrong kind.
        """
        dtype = dtype_name(self.dtype)
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

        outputs, state = self._run(x, state, mask)
        return (outputs if mask is None else torch.where(mask, outputs, 0)), state

    def _zero_state(self, x: Tensor):
        arrays = [x.new_zeros(x.shape[0], width) for width in self.spec.state.values()]
        return arrays[0] if len(arrays) == 1 else tuple(arrays)


class StepLayer(RecurrentLayer):
    """A layer that goes one step after another. It writes its equation once, in ``_make_step``.

    ``W x_t + b`` needs nothing of the steps before: of a whole sequence, it is one product for many steps.
    """

    @abstractmethod
    def _make_step(self) -> Callable:
        """Return what a step does with ``W x_t + b``: ``(projected, state) -> (output, state after)``."""

    def step(self, x_t, state):
        (projected,) = self._project(x_t.unsqueeze(0))
        return self._make_step()(projected, state)

    def _run(self, x, state, mask):
        outputs = []
        step = self._make_step()
        for t, projected in enumerate(self._project_blocks(x.transpose(0, 1))):
            output, after = step(projected, state)
            outputs.append(output)
            state = after if mask is None else self._select_state(mask[:, t], after, state)
        return torch.stack(outputs, dim=1), state

    def _project_blocks(self, x: Float[Tensor, "time batch input"]) -> Iterator:
        # All steps in one product, unless that is large: then block by block, because memory fresh from the
        # system costs more than the product.
        step_bytes = x.shape[1] * self.W.shape[0] * self.W.element_size()
        for block in x.split(max(1, BLOCK_BYTES // step_bytes)):
            yield from self._project(block)

    def _project(self, x: Float[Tensor, "time batch input"]) -> Iterable:
        """``W x_t + b`` in one product, and for every step what the step needs of it."""
        return functional.linear(x, self.W, self.b).unbind()

    def _select_state(self, mask: Bool[Tensor, "batch one"], after, before):
        """The state after for the sequences that still run, the state before for those that have ended."""
        if len(self.spec.state) == 1:
            return torch.where(mask, after, before)
        return tuple(torch.where(mask, new, old) for new, old in zip(after, before, strict=True))


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


def check_tensor(name: str, value) -> None:
    if not isinstance(value, Tensor):
        raise TypeError(
            f"{name} must be a torch.Tensor, got {type(value).__name__}; convert it with torch.as_tensor"
        )


def sequence_mask(lengths, x: Float[Tensor, "batch time input"]) -> Bool[Tensor, "batch time 1"]:
    """Check ``lengths`` and return which steps of ``x`` are valid.

    A compiled graph does not know the values of its tensors yet: there they are not checked.
    """
    batch, time, _ = x.shape
    if torch.compiler.is_compiling():
        lengths = torch.as_tensor(lengths)
        validation.check_lengths(lengths, batch, time, values=False)
    elif isinstance(lengths, Tensor):
        validation.check_lengths(lengths.cpu(), batch, time)
    else:
        validation.check_lengths(lengths, batch, time)
        # A copy in C order, because torch takes no negative strides: lengths sorted in descending order.
        lengths = torch.from_numpy(np.array(lengths, np.int64, order="C"))
    lengths = lengths.to(x.device, torch.int64)
    return (torch.arange(time, device=x.device) < lengths[:, None]).unsqueeze(-1)
