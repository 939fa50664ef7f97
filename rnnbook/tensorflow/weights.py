"""Weights by their canonical names, in and out: of a layer, of layers made of layers, of whole models."""

import random
from abc import abstractmethod
from collections.abc import Mapping

import keras
import numpy as np
import tensorflow as tf

from rnnbook import validation


class Weights:
    """What everything with canonical weights has in common; beside a class of Keras."""

    @abstractmethod
    def params(self) -> dict[str, np.ndarray]:
        """Return copies of the weights by name, as the other wings name them."""

    def load_params(self, params: Mapping[str, np.ndarray]) -> None:
        """Replace all weights by those of a dict such as ``params`` returns, or none of them.

        Raises ValueError or TypeError for a key, shape or dtype that does not fit.
        """
        self._check_params(params)
        self._assign(params)

    @abstractmethod
    def _check_params(self, params) -> None:
        """Raise ValueError or TypeError for weights that do not fit."""

    @abstractmethod
    def _assign(self, params) -> None:
        """Set the weights, which were checked."""


class OwnWeights(Weights):
    """A Keras layer that holds its weights itself: ``_hold`` makes them variables of the same names."""

    def _hold(self, weights: Mapping[str, np.ndarray]) -> None:
        self.shapes = {name: array.shape for name, array in weights.items()}
        for name, value in weights.items():
            weight = self.add_weight(shape=value.shape, initializer="zeros", name=name)
            weight.assign(value)
            setattr(self, name, weight)

    def _weights_by_name(self) -> dict[str, tf.Tensor]:
        return {name: tf.convert_to_tensor(getattr(self, name)) for name in self.shapes}

    def params(self):
        return {name: tensor.numpy() for name, tensor in self._weights_by_name().items()}

    def _check_params(self, params) -> None:
        validation.check_params(params, self.shapes, self.dtype)

    def _assign(self, params) -> None:
        for name in self.shapes:
            getattr(self, name).assign(params[name])


class InnerWeights(Weights):
    """Layers made of layers: their weights are those of ``inner()``, as ``"forward.W"``."""

    @abstractmethod
    def inner(self) -> dict[str, Weights]:
        """Return the layers by the names that begin the names of their weights."""

    def params(self):
        return validation.join({name: layer.params() for name, layer in self.inner().items()})

    def _check_params(self, params) -> None:
        for name, part in validation.split(params, tuple(self.inner())).items():
            self.inner()[name]._check_params(part)

    def _assign(self, params) -> None:
        for name, part in validation.split(params, tuple(self.inner())).items():
            self.inner()[name]._assign(part)


class Model(InnerWeights, keras.Model):
    """A network made of layers: its weights are theirs, named after its attributes, as ``"encoder.W"``.

    A subclass creates its layers, with all their weights, in ``__init__``, and writes ``call``.
    """

    def inner(self):
        attributes = {id(value): name for name, value in vars(self).items() if isinstance(value, Weights)}
        return {attributes[id(layer)]: layer for layer in self.layers if id(layer) in attributes}

    def build(self, input_shape=None) -> None:
        self.built = True  # the layers have built themselves


def generator(rng: np.random.Generator | None) -> np.random.Generator:
    """``rng``, or one that keras.utils.set_random_seed governs: it seeds Python's generator."""
    return np.random.default_rng(random.getrandbits(64)) if rng is None else rng


def dtype_name(dtype) -> str:
    """The plain name of a dtype of TensorFlow or NumPy, or given by name; TypeError unless float32 or 64."""
    name = dtype.name if isinstance(dtype, tf.DType) else np.dtype(dtype).name
    validation.check_dtype(name)
    return name
