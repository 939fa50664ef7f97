"""Weights by their canonical names, in and out: of a layer, of layers made of layers, of whole models."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from rnnbook import validation


class Weights(ABC):
    """What everything with canonical weights has in common, in all three wings.

    params: the weights by name. load_params: other weights in. named_variables: what the framework
    trains, by the same names in the same order. submodules: the layers that a layer is made of.
    """

    @property
    def params(self) -> Mapping[str, np.ndarray]:
        """The weights by name: ``"W"``, or ``"encoder.W"`` where a layer is made of layers.

        They are the arrays that train, and no copies. Where a layer is made of layers the dict is read-only:
        an array put into it would reach none of them.
        """
        return self.named_variables()

    @params.setter
    def params(self, params) -> None:
        raise AttributeError("params cannot be assigned: load_params(params) copies weights in")

    def load_params(self, params: Mapping[str, np.ndarray]) -> None:
        """Copy weights in, by their canonical names: all of them, or none if one is refused.

        Raises ValueError for a missing, unknown or misshapen key, TypeError for another dtype; ValueError
        where two names share a weight, and are to have different values.
        """
        self._check_params(params)
        before = dict(self.named_variables())
        self._assign(params)
        for name, weight in self.named_variables().items():
            if not np.array_equal(weight, params[name], equal_nan=True):
                self._assign(before)
                raise ValueError(f"params[{name!r}] cannot be set: another name shares the weight")

    @abstractmethod
    def named_variables(self) -> Mapping[str, np.ndarray]:
        """The weights by name: in this wing the arrays of ``params``, which optimizers change in place."""

    def submodules(self) -> dict[str, "Weights"]:
        """The layers that this one is made of, by the names that begin the names of their weights."""
        return {}

    @abstractmethod
    def _check_params(self, params) -> None:
        """Raise ValueError or TypeError for weights that do not fit."""

    @abstractmethod
    def _assign(self, params) -> None:
        """Set the weights, which were checked."""


class ParamLayer(Weights):
    """A layer that holds its weights itself; ``dtype`` is theirs."""

    dtype: np.dtype

    def register_weights(self, weights: Mapping[str, np.ndarray]) -> None:
        """Hold ``weights``; their names and shapes are what ``load_params`` will ask for."""
        self.shapes = {name: array.shape for name, array in weights.items()}
        self._params = dict(weights)

    def named_variables(self):
        return self._params

    def _check_params(self, params) -> None:
        validation.check_params(params, self.shapes, validation.dtype_of(self))

    def _assign(self, params) -> None:
        self._params = {name: np.array(params[name], self.dtype) for name in self.shapes}


class CompositeWeights(Weights):
    """Layers made of layers: their weights are those of ``submodules()``, as ``"forward.W"``."""

    def named_variables(self):
        parts = {name: layer.named_variables() for name, layer in self.submodules().items()}
        return MappingProxyType(validation.flatten_params(parts))

    def _check_params(self, params) -> None:
        layers = self.submodules()
        for name, part in validation.unflatten_params(params, tuple(layers)).items():
            layers[name]._check_params(part)

    def _assign(self, params) -> None:
        layers = self.submodules()
        for name, part in validation.unflatten_params(params, tuple(layers)).items():
            layers[name]._assign(part)


class Model(CompositeWeights):
    """A network made of layers: its weights are theirs, named after its attributes, as ``"encoder.W"``.

    A subclass creates its layers in ``__init__``, and writes ``forward`` and ``backward``.
    """

    def submodules(self):
        return {name: value for name, value in vars(self).items() if isinstance(value, Weights)}
