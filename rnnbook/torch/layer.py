"""What every recurrent layer of the PyTorch wing has in common: the contract, the weights and the loop."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator

import numpy as np
import torch
from jaxtyping import Bool, Float
from torch import Tensor

from rnnbook import validation
from rnnbook.specs import Network
from rnnbook.torch.weights import OwnWeights, dtype_name, generator


def identity(z: Tensor) -> Tensor:
    return z


ACTIVATIONS = {"tanh": torch.tanh, "relu": torch.relu, "sigmoid": torch.sigmoid, "identity": identity}

BLOCK_BYTES = 1 << 22


class RecurrentLayer(OwnWeights):
    """A recurrent network over whole sequences, differentiated by autograd.

    A subclass writes its equation once as ``step``. For whole sequences ``W x_t + b`` is one product for many
    steps at once (``_project``), and what is left of a step is repeated in a plain loop (``_recurrence``).
    """

    def __init__(self, network: Network, dtype, rng: np.random.Generator | None, device) -> None:
        super().__init__()
        self.network = network
        name = dtype_name(dtype)
        self._hold(network.initial_params(generator(rng), name), device)

    @property
    def input_size(self) -> int:
        return self.network.input_size

    @property
    def hidden_size(self) -> int:
        return self.network.hidden_size

    @property
    def output_size(self) -> int:
        return self.network.output_size

    def extra_repr(self) -> str:
        return ", ".join(f"{name}={value!r}" for name, value in self.network.options.items())

    # The equation

    @abstractmethod
    def step(self, x_t: Float[Tensor, "batch input"], state):
        """One step as the equation reads: the state before to ``(output, state after)``. Checks nothing."""

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
        runs = None if lengths is None else valid_steps(lengths, x)
        if state is None:
            state = self._zero_state(x)
        else:
            validation.check_state(state, self.network.state, batch, dtype)
            for part in self._parts(state):
                check_tensor("state", part)
        if runs is not None:
            x = torch.where(runs, x, 0)

        outputs, state = self._run(x, state, runs)
        return (outputs if runs is None else torch.where(runs, outputs, 0)), state

    def _run(self, x, state, runs):
        """All steps, of inputs that are zero beyond each length: ``(outputs, state after the last)``."""
        outputs = []
        step = self._recurrence()
        for t, projected in enumerate(self._all_projected(x.transpose(0, 1))):
            output, after = step(projected, state)
            outputs.append(output)
            state = after if runs is None else self._choose(runs[:, t], after, state)
        return torch.stack(outputs, dim=1), state

    def _all_projected(self, x: Float[Tensor, "time batch input"]) -> Iterator:
        # All steps in one product, unless that is large: then block by block, because memory fresh from the
        # system costs more than the product.
        step_bytes = x.shape[1] * self.W.shape[0] * self.W.element_size()
        for block in x.split(max(1, BLOCK_BYTES // step_bytes)):
            yield from self._project(block)

    def _project(self, x: Float[Tensor, "time batch input"]) -> Iterable:
        """``W x_t + b`` in one product: for every step what ``_recurrence`` needs of it."""
        raise NotImplementedError  # a layer that computes all steps at once has its own _run

    def _recurrence(self) -> Callable:
        """Return the rest of the step: ``(what _project gave for it, state) -> (output, state after)``."""
        raise NotImplementedError

    # States

    def _zero_state(self, x: Tensor):
        parts = [x.new_zeros(x.shape[0], width) for width in self.network.state.values()]
        return parts[0] if len(parts) == 1 else tuple(parts)

    def _parts(self, state):
        return state if isinstance(state, tuple | list) else (state,)

    def _choose(self, runs: Bool[Tensor, "batch one"], after, before):
        """The state after for the sequences that still run, the state before for those that have ended."""
        if len(self.network.state) == 1:
            return torch.where(runs, after, before)
        return tuple(torch.where(runs, new, old) for new, old in zip(after, before, strict=True))


def at_last(h: Float[Tensor, "time batch *rest"], runs: Bool[Tensor, "batch time one"] | None) -> Tensor:
    """Pick, out of the states after every step, that after each sequence's last valid step."""
    if runs is None:
        return h[-1]
    return h[runs.sum(dim=1).squeeze(-1) - 1, torch.arange(h.shape[1], device=h.device)]


def check_tensor(name: str, value) -> None:
    if not isinstance(value, Tensor):
        raise TypeError(
            f"{name} must be a torch.Tensor, got {type(value).__name__}; convert it with torch.as_tensor"
        )


def valid_steps(lengths, x: Float[Tensor, "batch time input"]) -> Bool[Tensor, "batch time 1"]:
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
