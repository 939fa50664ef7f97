"""Who knows one wing finds the way in the others: what two wings share takes the same arguments."""

import inspect
from itertools import combinations

import pytest

import rnnbook
import rnnbook.numpy
import rnnbook.tensorflow
import rnnbook.torch

WINGS = ("numpy", "torch", "tensorflow")
# What a framework has of its own: what numbers are and where they live, what Keras asks of a layer, and what
# seeds dropout: in NumPy a generator given to a call of training, in PyTorch its own, in Keras one of the
# layer's, so that a stack is made with it.
OF_THE_FRAMEWORK = {"dtype", "device", "mask", "mask_zero", "training", "keras_options"}
SEEDS_DROPOUT = ("forward", "call", "Stacked.__init__")
SHARED = [
    (name, first, second)
    for first, second in combinations(WINGS, 2)
    for name in sorted(set(getattr(rnnbook, first).__all__) & set(getattr(rnnbook, second).__all__))
]


def arguments(function) -> list[tuple]:
    """Name, kind and default of every argument in order, but for the framework's own."""
    seeds_dropout = {function.__name__, function.__qualname__} & set(SEEDS_DROPOUT)
    own = OF_THE_FRAMEWORK | {"rng"} if seeds_dropout else OF_THE_FRAMEWORK
    return [
        (name, parameter.kind, parameter.default)
        for name, parameter in inspect.signature(function).parameters.items()
        if name not in own
    ]


def functions_of(thing) -> dict:
    """A function itself; of a class the constructor and the public methods that the package defines."""
    if not inspect.isclass(thing):
        return {"function": thing}
    functions = {
        "forward" if name == "call" else name: function
        for name, function in inspect.getmembers(thing, inspect.isfunction)
        if not name.startswith("_") or name == "__init__"
    }
    return {
        name: function
        for name, function in functions.items()
        if function.__module__.partition(".")[0] not in ("torch", "keras", "tensorflow")
    }


def differences(first, second) -> list[str]:
    """Those functions of two classes, or the two functions, that do not take the same arguments."""
    ours, theirs = functions_of(first), functions_of(second)
    return [
        f"{name}: {inspect.signature(ours[name])} and {inspect.signature(theirs[name])}"
        for name in ours
        if name in theirs and arguments(ours[name]) != arguments(theirs[name])
    ]


@pytest.mark.parametrize(("name", "first", "second"), SHARED, ids=map("-".join, SHARED))
def test_shared_names_take_the_same_arguments(name, first, second):
    assert not differences(getattr(getattr(rnnbook, first), name), getattr(getattr(rnnbook, second), name))


class Layer:
    def __init__(self, size, *, kernel_size=3, dtype="float32"): ...
    def step(self, x_t, state): ...
    def forward(self, x, lengths=None): ...


class Alike:
    def __init__(self, size, *, kernel_size=3, device=None, **keras_options): ...
    def step(self, x_t, state): ...
    def call(self, x, lengths=None, training=False): ...
    def only_here(self, x): ...


class AnotherDefault(Alike):
    def __init__(self, size, *, kernel_size=5): ...


class AnotherName(Alike):
    def __init__(self, size, *, kernel=3): ...


class AnotherKind(Alike):
    def __init__(self, size, kernel_size=3): ...


class AnotherOrder(Alike):
    def step(self, state, x_t): ...


class OneMore(Alike):
    def call(self, x, lengths=None, state=None): ...


def test_frameworks_may_have_arguments_of_their_own():
    assert not differences(Layer, Alike)


@pytest.mark.parametrize("other", [AnotherDefault, AnotherName, AnotherKind, AnotherOrder, OneMore])
def test_what_differs_is_found(other):
    assert len(differences(Layer, other)) == 1
