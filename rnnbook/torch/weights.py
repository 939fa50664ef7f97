"""Weights by their canonical names, in and out: of a layer, of layers made of layers, of whole models."""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.parametrize import is_parametrized
from torch.nn.utils.rnn import PackedSequence

from rnnbook import validation

HALF = (torch.float16, torch.bfloat16)


def full_precision(method: Callable) -> Callable:
    """Under ``torch.autocast``, compute in the dtype of the weights; half-precision arguments are cast to it.

    A recurrent layer adds up over many steps what a half-precision product rounds.
    """

    @wraps(method)
    def in_full_precision(self, *arguments, **named):
        # Asked of all devices first: that is quick, and to find the device of the module is not.
        if not torch._C._is_any_autocast_enabled():
            return method(self, *arguments, **named)
        weight = next(self.parameters(), None)
        if weight is None or not torch.is_autocast_enabled(weight.device.type):
            return method(self, *arguments, **named)
        with torch.autocast(weight.device.type, enabled=False):
            arguments, named = _widened((arguments, named), weight.dtype)
            return method(self, *arguments, **named)

    return in_full_precision


def _widened(value, dtype: torch.dtype):
    if isinstance(value, PackedSequence):
        return value.to(dtype) if value.data.dtype in HALF else value
    if isinstance(value, tuple | list):
        return type(value)(_widened(part, dtype) for part in value)
    if isinstance(value, dict):
        return {name: _widened(part, dtype) for name, part in value.items()}
    return value.to(dtype) if isinstance(value, Tensor) and value.dtype in HALF else value


class Weights(nn.Module):
    """What everything with canonical weights has in common, in all three wings.

    params: copies of the weights by name. load_params: other weights in. named_variables: what the framework
    trains, by the same names in the same order. submodules: the layers that a layer is made of.
    """

    __call__ = full_precision(nn.Module.__call__)

    @property
    def params(self) -> dict[str, np.ndarray]:
        """Copies of the weights by name: ``"W"``, or ``"encoder.W"`` where a layer is made of layers.

        TypeError for weights in bfloat16, which NumPy does not have.
        """
        weights = self.named_variables()
        for weight in weights.values():
            _check_for_numpy(weight.dtype)
        return {name: weight.detach().cpu().numpy().copy() for name, weight in weights.items()}

    @params.setter
    def params(self, params) -> None:
        raise AttributeError("params cannot be assigned: load_params(params) copies weights in")

    @torch.no_grad()
    def load_params(self, params: Mapping[str, np.ndarray]) -> None:
        """Copy weights in, by their canonical names: all of them, or none if one is refused.

        A weight with a parametrization (``torch.nn.utils.parametrizations``) is set through it.

        Raises ValueError for a missing, unknown or misshapen key, TypeError for another dtype; ValueError
        for a weight that cannot take the value: pruned, without memory, or computed from others.
        """
        self._check_params(params)
        places = self._places()
        values = {name: from_numpy(f"params[{name!r}]", params[name]) for name in places}
        for name, (layer, key) in places.items():
            if not is_parametrized(layer, key) and key not in layer._parameters:
                raise ValueError(
                    f"params[{name!r}] cannot be set: the weight is computed before every call; undo that "
                    "first, as torch.nn.utils.prune.remove or remove_weight_norm does"
                )
            if getattr(layer, key).is_meta:
                raise ValueError(f"params[{name!r}] cannot be set: on the device meta a weight has no memory")
        before = {name: value.clone() for name, value in self.state_dict().items()}
        for name, (layer, key) in places.items():
            try:
                if is_parametrized(layer, key):
                    setattr(layer, key, values[name].to(getattr(layer, key).device))
                else:
                    layer._parameters[key].copy_(values[name])
            except (NotImplementedError, RuntimeError, ValueError) as error:  # its parametrization refuses
                self.load_state_dict(before)
                raise ValueError(f"params[{name!r}] cannot be set: {error}") from error
        for name, weight in self.named_variables().items():
            if not _is_close(weight.cpu(), values[name], exactly=not is_parametrized(*places[name])):
                self.load_state_dict(before)
                raise ValueError(
                    f"params[{name!r}] cannot be set: the weight has other values afterwards, because its "
                    "parametrization does not allow these, or because another name shares it"
                )

    def named_variables(self) -> dict[str, nn.Parameter]:
        """The parameters themselves by the names of ``params``, in their order.

        A weight that is computed from others (pruned, normalised) is given as it is now, and is none.
        """
        return {name: _current(layer, key) for name, (layer, key) in self._places().items()}

    @abstractmethod
    def _places(self) -> dict[str, tuple[nn.Module, str]]:
        """By the names of ``params``: the layer that holds a weight, and its attribute."""

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

    def _places(self):
        return {name: (self, name) for name in self.shapes}

    def _check_params(self, params) -> None:
        _check_for_numpy(self.dtype)
        validation.check_params(params, self.shapes, str(self.dtype).removeprefix("torch."))


class CompositeWeights(Weights):
    """Layers made of layers: their weights are those of ``submodules()``, as ``"forward.W"``."""

    def _places(self):
        return validation.flatten_params({name: layer._places() for name, layer in self.submodules().items()})

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
            return self(from_numpy("x", x, next(self.parameters())), *arguments)


@contextmanager
def evaluating(model: nn.Module) -> Iterator[nn.Module]:
    """Switch dropout off in the block, as ``model.eval()`` does; then give every module its own mode back.

    ``torch.autocast`` is switched off, too: what a model answers has the precision of its weights.
    """
    modes = [(module, module.training) for module in model.modules()]
    model.eval()
    try:
        weight = next(model.parameters(), None)
        device = "cpu" if weight is None else weight.device.type
        with torch.autocast(device, enabled=False):
            yield model
    finally:
        for module, training in modes:
            module.training = training


def resolve_rng(rng: np.random.Generator | None) -> np.random.Generator:
    """``rng``, or one that torch.manual_seed governs."""
    validation.check_rng(rng)
    if rng is not None:
        return np.random.default_rng(rng)
    return np.random.default_rng(torch.randint(2**63 - 1, (), device="cpu").item())


def from_numpy(name: str, value, like: Tensor | None = None) -> Tensor:
    """An array of any byte order and layout as a tensor, on the device of ``like``; a tensor as it is.

    Where ``like`` is bfloat16, so are floats: NumPy has none to give. TypeError for what torch does not know.
    """
    if not isinstance(value, Tensor):
        array = validation.as_array(name, value)
        try:
            # A copy in C order, because torch takes no negative strides and warns of read-only arrays.
            value = torch.from_numpy(np.array(array, order="C"))
        except TypeError as error:
            raise TypeError(f"{name} must hold numbers that torch knows, got {array.dtype}") from error
    if like is None:
        return value
    narrow = like.dtype == torch.bfloat16 and value.is_floating_point()
    return value.to(like.device, like.dtype if narrow else value.dtype)


def to_numpy(tensor: Tensor) -> np.ndarray:
    """A tensor as an array: float32 for bfloat16, which NumPy does not have."""
    tensor = tensor.detach().cpu()
    return (tensor.float() if tensor.dtype == torch.bfloat16 else tensor).numpy()


def _check_for_numpy(dtype: torch.dtype) -> None:
    if dtype == torch.bfloat16:
        raise TypeError(
            "params are arrays of NumPy, which has no bfloat16: convert the layer with float(), or take "
            "state_dict() and load_state_dict()"
        )


def _current(layer: nn.Module, key: str) -> Tensor:
    """A weight as the next call will use it. Pruning and the old norms compute it just before."""
    if key not in layer._parameters:
        for hook in layer._forward_pre_hooks.values():
            if key in (getattr(hook, "name", None), getattr(hook, "_tensor_name", None)):
                hook(layer, ())
    return getattr(layer, key)


def _is_close(weight: Tensor, value: Tensor, *, exactly: bool) -> bool:
    tolerance = 0 if exactly else torch.finfo(value.dtype).eps ** 0.5 * value.abs().max().item()
    return torch.allclose(weight, value, rtol=0, atol=tolerance, equal_nan=True)


dtype_name = validation.float_dtype
