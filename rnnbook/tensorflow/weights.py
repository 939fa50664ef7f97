"""Weights by their canonical names, in and out: of a layer, of layers made of layers, of whole models."""

import random
from abc import abstractmethod
from collections.abc import Mapping

import keras
import numpy as np
import tensorflow as tf

from rnnbook import validation


class Weights:
    """What everything with canonical weights has in common, in all three wings; beside a class of Keras.

    params: copies of the weights by name. load_params: other weights in. named_variables: what the framework
    trains, by the same names in the same order. submodules: the layers that a layer is made of.
    """

    @property
    def params(self) -> dict[str, np.ndarray]:
        """Copies of the weights by name: ``"W"``, or ``"encoder.W"`` where a layer is made of layers."""
        return {name: tf.convert_to_tensor(v).numpy() for name, v in self.named_variables().items()}

    @params.setter
    def params(self, params) -> None:
        raise AttributeError("params cannot be assigned: load_params(params) copies weights in")

    def load_params(self, params: Mapping[str, np.ndarray]) -> None:
        """Copy weights in, by their canonical names: all of them, or none if one is refused.

        Raises ValueError for a missing, unknown or misshapen key, TypeError for another dtype.
        """
        self._check_params(params)
        for name, variable in self.named_variables().items():
            variable.assign(params[name])

    @abstractmethod
    def named_variables(self) -> dict[str, keras.Variable]:
        """The variables themselves by the names of ``params``, in their order."""

    def submodules(self) -> dict[str, "Weights"]:
        """The layers that this one is made of, by the names that begin the names of their weights."""
        return {}

    @abstractmethod
    def _check_params(self, params) -> None:
        """Raise ValueError or TypeError for weights that do not fit."""


class ParamLayer(Weights):
    """A Keras layer that holds its weights itself, as variables that ``register_weights`` makes."""

    def register_weights(self, weights: Mapping[str, np.ndarray]) -> None:
        self.shapes = {name: array.shape for name, array in weights.items()}
        for name, value in weights.items():
            weight = self.add_weight(shape=value.shape, initializer="zeros", name=name, autocast=False)
            weight.assign(value)
            setattr(self, name, weight)

    def named_variables(self):
        return {name: getattr(self, name) for name in self.shapes}

    def _weights_by_name(self) -> dict[str, tf.Tensor]:
        return {name: tf.convert_to_tensor(variable) for name, variable in self.named_variables().items()}

    def _check_params(self, params) -> None:
        validation.check_params(params, self.shapes, self.dtype)


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


class Model(CompositeWeights, keras.Model):
    """A network made of layers: its weights are theirs, named after its attributes, as ``"encoder.W"``.

    A subclass creates its layers, with all their weights, in ``__init__``, and writes ``call``.
    """

    def __init__(self, **keras_options) -> None:
        super().__init__(**keras_options)
        self.built = True  # the layers build themselves

    def submodules(self):
        return {name: value for name, value in vars(self).items() if isinstance(value, Weights)}

    @tf.function(reduce_retracing=True)
    def _evaluate(self, *arguments):
        """What a call returns, without dropout, from one graph for inputs of all lengths."""
        return self(*arguments)


class ApplicationModel(Model):
    """A model of the package, which Keras saves, loads and copies: its ``options`` build it anew.

    It computes and answers in the dtype of its weights, float32 under a policy of mixed precision too: there
    losses are computed best.
    """

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        keras.saving.register_keras_serializable(package="rnnbook")(cls)

    def __init__(self, dtype) -> None:
        super().__init__(dtype=dtype_name(dtype))

    def get_config(self):
        """The constructor's arguments by name, and Keras's own ``name`` and ``trainable``."""
        return {**self.options, "dtype": self.dtype, "name": self.name, "trainable": self.trainable}

    @classmethod
    def from_config(cls, config):
        options = {key: value for key, value in config.items() if key not in ("name", "trainable")}
        model = cls(**options)
        model.name, model.trainable = config["name"], config["trainable"]
        return model


def resolve_rng(rng: np.random.Generator | None) -> np.random.Generator:
    """``rng``, or one that keras.utils.set_random_seed governs: it seeds Python's generator."""
    validation.check_rng(rng)
    return np.random.default_rng(random.getrandbits(64) if rng is None else rng)


def resolve_policy(dtype) -> keras.DTypePolicy:
    """The policy for a dtype of any library, a policy of Keras or the name of one; None for Keras's own.

    TypeError unless it is float32, float64, mixed_float16 or mixed_bfloat16.
    """
    policy = keras.config.dtype_policy() if dtype is None else dtype
    name = policy.name if isinstance(policy, keras.DTypePolicy) else policy
    if isinstance(name, str) and name in ("mixed_float16", "mixed_bfloat16"):
        return keras.DTypePolicy(name)
    return keras.DTypePolicy(validation.float_dtype(name))


def dtype_name(dtype) -> str:
    """That of the weights, under a ``dtype`` as a layer takes it: the plain name."""
    return resolve_policy(dtype).variable_dtype
