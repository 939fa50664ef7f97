"""Weights by their canonical names, in and out: of a layer, of layers made of layers, of whole models."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import numpy as np
import torch
from torch import nn

from rnnbook import validation


class Weights(nn.Module):
    """What everything with canonical weights has in common, in all three wings.

    params: copies of the weights by name. load_params: other weights in. named_variables: what the framework
    trains, by the same names in the same order. submodules: the layers that a layer is made of.
    """

    @property
    def params(self) -> dict[str, np.ndarray]:
        """Copies of the weights by name: ``"W"``, or ``"encoder.W"`` where a layer is made of layers."""
        return {name: weight.detach().cpu().numpy().copy() for name, weight in self.named_variables().items()}

    @params.setter
    def params(self, params) -> None:
        raise AttributeError("params cannot be assigned: load_params(params) copies weights in")

    @torch.no_grad()
    def load_params(self, params: Mapping[str, np.ndarray]) -> None:
        """Copy weights in, by their canonical names: all of them, or none if one is refused.

        Raises ValueError for a missing, unknown or misshapen key, TypeError for another dtype.
        """
        self._check_params(params)
        for name, weight in self.named_variables().items():
            # A copy in C order, because torch takes no negative strides and warns of read-only arrays.
            weight.copy_(torch.from_numpy(np.array(params[name], order="C")))

    @abstractmethod
    def named_variables(self) -> dict[str, nn.Parameter]:
        """The parameters themselves by the names of ``params``, in their order."""

    def submodules(self) -> dict[str, "Weights"]:
        """The layers that this one is made of, by the names that begin the names of their weights."""
        return {}

    @abstractmethod
    def _check_params(self, params) -> None:
        """Raise ValueError or TypeError for weights that do not fit."""


class ParamLayer(Weights):
    """A layer that holds its weights itself, as parameters that ``register_weights`` makes."""

    def register_weights(self, weights: Mapping[str, np.ndarray], device=None) -> None:
        self.shapes = {name: array.shape for name, array in weights.items()}
        for name, array in weights.items():
            self.register_parameter(name, nn.Parameter(torch.tensor(array, device=device)))

    @property
    def dtype(self) -> torch.dtype:
        """The dtype that the weights have now; inputs must have it too."""
        return getattr(self, next(iter(self.shapes))).dtype

    def named_variables(self):
        return {name: getattr(self, name) for name in self.shapes}

    def _check_params(self, params) -> None:
        validation.check_params(params, self.shapes, str(self.dtype).removeprefix("torch."))


class CompositeWeights(Weights):
    """Layers made of layers: their weights are those of ``submodules()``, as ``"forward.W"``."""

    def named_variables(self):
        return validation.flatten_params(
            {name: layer.named_variables() for name, layer in self.submodules().items()}
        )

    def _check_params(self, params) -> None:
        layers = self.submodules()
        for name, part in validation.unflatten_params(params, tuple(layers)).items():
            layers[name]._check_params(part)


class Model(CompositeWeights):
    """A network made of layers: its weights are theirs, named after its attributes, as ``"encoder.W"``.

    A subclass creates its layers in ``__init__``, and writes ``forward``.
    """

    def submodules(self):
        return {name: layer for name, layer in self.named_children() if isinstance(layer, Weights)}

    @torch.no_grad()
    def _evaluate(self, x: np.ndarray, *arguments) -> torch.Tensor:
        """What a call returns for an array of NumPy, without dropout, and without gradients."""
        with evaluating(self):
            return self(torch.as_tensor(x, device=next(self.parameters()).device), *arguments)


@contextmanager
def evaluating(model: nn.Module) -> Iterator[nn.Module]:
    """Switch dropout off in the block, as ``model.eval()`` does; then give every module its own mode back."""
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        yield model
    finally:
        for module, training in modes:
            module.training = training


def resolve_rng(rng: np.random.Generator | None) -> np.random.Generator:
    """``rng``, or one that torch.manual_seed governs."""
    if rng is not None:
        return rng
    return np.random.default_rng(torch.randint(2**63 - 1, (), device="cpu").item())


def dtype_name(dtype) -> str:
    """The plain name of a dtype given as torch's type or by name; TypeError unless float32 or float64."""
    name = str(dtype).removeprefix("torch.")
    validation.check_dtype(name)
    return name
