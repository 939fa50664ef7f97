"""Weights by their canonical names, in and out: of a layer, of layers made of layers, of whole models."""

from abc import abstractmethod
from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn

from rnnbook import validation


class Weights(nn.Module):
    """What every module with canonical weights has in common."""

    @abstractmethod
    def params(self) -> dict[str, np.ndarray]:
        """Weights by their canonical names, as NumPy arrays that are copies."""

    def load_params(self, params: Mapping[str, np.ndarray]) -> None:
        """Copy weights in, by their canonical names: all of them, or none if one is refused.

        Raises ValueError for a missing, unknown or misshapen key, TypeError for another dtype.
        """
        with torch.no_grad():
            for parameter, values in self._matched(params):
                parameter.copy_(values)

    @abstractmethod
    def _matched(self, params: Mapping[str, np.ndarray]) -> list[tuple[nn.Parameter, Tensor]]:
        """Check ``params`` and pair every parameter with its new values; nothing is changed yet."""


class OwnWeights(Weights):
    """A layer that holds its weights itself: ``_hold`` makes them parameters of the same names."""

    def _hold(self, weights: Mapping[str, np.ndarray], device=None) -> None:
        self.shapes = {name: array.shape for name, array in weights.items()}
        for name, array in weights.items():
            self.register_parameter(name, nn.Parameter(torch.tensor(array, device=device)))

    @property
    def dtype(self) -> torch.dtype:
        """The dtype that the weights have now; inputs must have it too."""
        return getattr(self, next(iter(self.shapes))).dtype

    def params(self):
        return {name: getattr(self, name).detach().cpu().numpy().copy() for name in self.shapes}

    def _matched(self, params):
        validation.check_params(params, self.shapes, str(self.dtype).removeprefix("torch."))
        # A copy in C order, because torch takes no negative strides and warns of read-only arrays.
        return [
            (getattr(self, name), torch.from_numpy(np.array(params[name], order="C"))) for name in self.shapes
        ]


class Model(Weights):
    """A network made of layers: its weights are theirs, named after its attributes, as ``"encoder.W"``."""

    def _parts(self) -> dict[str, Weights]:
        return {name: part for name, part in self.named_children() if isinstance(part, Weights)}

    def params(self):
        return validation.join({name: part.params() for name, part in self._parts().items()})

    def _matched(self, params):
        parts = self._parts()
        given = validation.split(params, tuple(parts))
        return [pair for name, part in parts.items() for pair in part._matched(given[name])]


def generator(rng: np.random.Generator | None) -> np.random.Generator:
    """``rng``, or one that torch.manual_seed governs."""
    if rng is not None:
        return rng
    return np.random.default_rng(torch.randint(2**63 - 1, (), device="cpu").item())


def dtype_name(dtype) -> str:
    """The plain name of a dtype given as torch's type or by name; TypeError unless float32 or float64."""
    name = str(dtype).removeprefix("torch.")
    validation.check_dtype(name)
    return name
