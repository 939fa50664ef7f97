"""Bad input is refused at the door: in all three wings, with the same error in the same words."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

KINDS = ("ElmanRNN", "JordanRNN", "LSTM", "GRU", "Bidirectional", "Stacked")


class Wing:
    """How one wing is spoken to: the rest of this file says everything once."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.module = pytest.importorskip(f"rnnbook.{name}")

    def array(self, array):
        """Turn a NumPy array into the wing's own; leave everything else as it is."""
        if isinstance(array, tuple):
            return tuple(self.array(part) for part in array)
        if not isinstance(array, np.ndarray) or self.name == "numpy":
            return array
        if self.name == "torch":
            import torch

            return torch.from_numpy(array)
        import tensorflow as tf

        return tf.constant(array)

    def dtype(self, name: str):
        if self.name == "numpy":
            return np.dtype(name)
        library = pytest.importorskip(self.name)
        return getattr(library, name)

    def run(self, layer, x, state=None, lengths=None):
        x, state = self.array(x), self.array(state)
        return layer.forward(x, state, lengths) if self.name == "numpy" else layer(x, state, lengths)

    def layer(self, kind: str):
        """A float32 layer of 3 inputs and 4 units."""
        wing = self.module
        if kind == "JordanRNN":
            return wing.JordanRNN(3, 4, 2)
        if kind == "Bidirectional":
            return wing.Bidirectional(wing.LSTM(3, 4), wing.GRU(3, 4))
        if kind == "Stacked":
            return wing.Stacked([wing.ElmanRNN(3, 4), wing.LSTM(4, 4)])
        return getattr(wing, kind)(3, 4)


@pytest.fixture(scope="module", params=["numpy", "torch", "tensorflow"])
def wing(request):
    return Wing(request.param)


@dataclass(frozen=True)
class Refusal:
    """Something wrong to do, and what must be said about it."""

    do: Callable
    error: type
    message: str


def refused(refusal: Refusal, *arguments) -> None:
    with pytest.raises((ValueError, TypeError)) as raised:
        refusal.do(*arguments)
    assert type(raised.value) is refusal.error
    assert str(raised.value) == refusal.message


def zeros(*shape, dtype=np.float32):
    return np.zeros(shape, dtype)


X = zeros(2, 5, 3)

# Inputs

FLOAT64 = "convert it to float32, or build the layer with dtype float64"
INPUTS = {
    "rank 2": (zeros(2, 3), ValueError, "x must have shape (batch, time, 3), got (2, 3)"),
    "rank 4": (zeros(2, 5, 3, 1), ValueError, "x must have shape (batch, time, 3), got (2, 5, 3, 1)"),
    "features": (zeros(2, 5, 4), ValueError, "x must have shape (batch, time, 3), got (2, 5, 4)"),
    "no sequence": (
        zeros(0, 5, 3),
        ValueError,
        "x must hold at least one sequence and one step, got shape (0, 5, 3)",
    ),
    "no step": (
        zeros(2, 0, 3),
        ValueError,
        "x must hold at least one sequence and one step, got shape (2, 0, 3)",
    ),
    "float64": (zeros(2, 5, 3, dtype=np.float64), TypeError, f"x must be float32, got float64; {FLOAT64}"),
    "float16": (
        zeros(2, 5, 3, dtype=np.float16),
        TypeError,
        "x must be float32, got float16; convert it to float32",
    ),
    "integers": (
        zeros(2, 5, 3, dtype=np.int64),
        TypeError,
        "x must be float32, got int64; one-hot encode integers, or look them up in an embedding",
    ),
    "bool": (zeros(2, 5, 3, dtype=bool), TypeError, "x must be float32, got bool; convert it to float32"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", INPUTS)
def test_inputs(wing, kind, case):
    if (wing.name, case) == ("tensorflow", "float16"):
        pytest.skip("Keras widens what is narrower, by itself")
    x, error, message = INPUTS[case]
    refused(Refusal(lambda: wing.run(wing.layer(kind), x), error, message))


# Lengths

LENGTHS = {
    "zero": ([5, 0], ValueError, "lengths must lie in 1..5, got 0 at index 1"),
    "negative": ([-1, 5], ValueError, "lengths must lie in 1..5, got -1 at index 0"),
    "too long": ([5, 6], ValueError, "lengths must lie in 1..5, got 6 at index 1"),
    "not integers": ([5.0, 2.0], TypeError, "lengths must be integers, got float64"),
    "bool": ([True, True], TypeError, "lengths must be integers, got bool"),
    "too few": ([5], ValueError, "lengths must have shape (2,), got (1,)"),
    "too many": ([5, 2, 1], ValueError, "lengths must have shape (2,), got (3,)"),
    "rank 2": ([[5, 2]], ValueError, "lengths must have shape (2,), got (1, 2)"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("as_array", [False, True], ids=["list", "array"])
@pytest.mark.parametrize("case", LENGTHS)
def test_lengths(wing, kind, case, as_array):
    lengths, error, message = LENGTHS[case]
    lengths = np.array(lengths) if as_array else lengths
    refused(Refusal(lambda: wing.run(wing.layer(kind), X, None, lengths), error, message))


@pytest.mark.parametrize("kind", KINDS)
def test_one_length_for_all(wing, kind):
    message = "lengths must be an array of shape (2,), got 5"
    refused(Refusal(lambda: wing.run(wing.layer(kind), X, None, 5), TypeError, message))


# States

H, WIDE = zeros(2, 4), zeros(2, 5)
STATES = {
    ("ElmanRNN", "tuple"): ((H,), TypeError, "state must be one array h, got a tuple of 1"),
    ("ElmanRNN", "width"): (WIDE, ValueError, "state h must have shape (2, 4), got (2, 5)"),
    ("ElmanRNN", "batch"): (zeros(1, 4), ValueError, "state h must have shape (2, 4), got (1, 4)"),
    ("ElmanRNN", "rank"): (zeros(4), ValueError, "state h must have shape (2, 4), got (4,)"),
    ("ElmanRNN", "dtype"): (
        zeros(2, 4, dtype=np.float64),
        TypeError,
        f"state h must be float32, got float64; {FLOAT64}",
    ),
    ("ElmanRNN", "a number"): (0.0, TypeError, "state h must be an array of shape (2, 4), got 0.0"),
    ("JordanRNN", "tuple"): ((H, H), TypeError, "state must be one array s, got a tuple of 2"),
    ("JordanRNN", "hidden width"): (H, ValueError, "state s must have shape (2, 2), got (2, 4)"),
    ("LSTM", "array"): (H, TypeError, "state must be a tuple (h, c), got one array of shape (2, 4)"),
    ("LSTM", "one"): ((H,), TypeError, "state must be a tuple (h, c), got a tuple of 1"),
    ("LSTM", "three"): ((H, H, H), TypeError, "state must be a tuple (h, c), got a tuple of 3"),
    ("LSTM", "width of h"): ((WIDE, H), ValueError, "state h must have shape (2, 4), got (2, 5)"),
    ("LSTM", "width of c"): ((H, WIDE), ValueError, "state c must have shape (2, 4), got (2, 5)"),
    ("LSTM", "nothing inside"): ((H, None), TypeError, "state c must be an array of shape (2, 4), got None"),
    ("GRU", "pair"): ((H, H), TypeError, "state must be one array h, got a tuple of 2"),
    ("GRU", "integers"): (
        zeros(2, 4, dtype=np.int64),
        TypeError,
        "state h must be float32, got int64; one-hot encode integers, or look them up in an embedding",
    ),
    ("Bidirectional", "array"): (
        H,
        TypeError,
        "state must be a tuple (forward, backward), got one array of shape (2, 4)",
    ),
    ("Bidirectional", "three"): (
        (H, H, H),
        TypeError,
        "state must be a tuple (forward, backward), got a tuple of 3",
    ),
    ("Bidirectional", "inside"): (
        (H, H),
        TypeError,
        "state must be a tuple (h, c), got one array of shape (2, 4)",
    ),
    ("Bidirectional", "width"): (((H, H), WIDE), ValueError, "state h must have shape (2, 4), got (2, 5)"),
    ("Stacked", "array"): (
        H,
        TypeError,
        "state must be a tuple (layer 0, layer 1), got one array of shape (2, 4)",
    ),
    ("Stacked", "one"): ((H,), TypeError, "state must be a tuple (layer 0, layer 1), got a tuple of 1"),
    ("Stacked", "inside"): ((H, H), TypeError, "state must be a tuple (h, c), got one array of shape (2, 4)"),
}


@pytest.mark.parametrize("case", STATES, ids="-".join)
def test_states(wing, case):
    state, error, message = STATES[case]
    refused(Refusal(lambda: wing.run(wing.layer(case[0]), X, state), error, message))


# Weights


def without(name):
    return lambda params: {key: array for key, array in params.items() if key != name}


def with_(name, array):
    return lambda params: params | {name: array}


PARAMS = {
    ("ElmanRNN", "missing"): (
        without("U"),
        ValueError,
        "params must have the keys W, U, b; they lack 'U'",
    ),
    ("ElmanRNN", "unknown"): (
        with_("V", zeros(4, 4)),
        ValueError,
        "params must have the keys W, U, b; they hold an unknown key 'V'",
    ),
    ("ElmanRNN", "shape"): (
        with_("W", zeros(3, 4)),
        ValueError,
        "params['W'] must have shape (4, 3), got (3, 4)",
    ),
    ("ElmanRNN", "dtype"): (
        with_("b", zeros(4, dtype=np.float64)),
        TypeError,
        f"params['b'] must be float32, got float64; {FLOAT64}",
    ),
    ("ElmanRNN", "a list"): (
        with_("b", [0.0] * 4),
        TypeError,
        "params['b'] must be an array of shape (4,), got a list of 4",
    ),
    ("ElmanRNN", "no dict"): (
        lambda params: list(params.values()),
        TypeError,
        "params must be a dict with the keys W, U, b, got a list of 3",
    ),
    ("JordanRNN", "missing"): (
        without("c"),
        ValueError,
        "params must have the keys W, U, b, V, c; they lack 'c'",
    ),
    ("JordanRNN", "shape"): (
        with_("U", zeros(4, 4)),
        ValueError,
        "params['U'] must have shape (4, 2), got (4, 4)",
    ),
    ("LSTM", "peepholes"): (
        with_("p", zeros(12)),
        ValueError,
        "params must have the keys W, U, b; they hold an unknown key 'p'",
    ),
    ("LSTM", "shape"): (
        with_("b", zeros(12)),
        ValueError,
        "params['b'] must have shape (16,), got (12,)",
    ),
    ("GRU", "one bias"): (
        without("b_u"),
        ValueError,
        "params must have the keys W, U, b, b_u; they lack 'b_u'",
    ),
    ("Bidirectional", "missing"): (
        without("backward.b_u"),
        ValueError,
        "params must have the keys W, U, b, b_u; they lack 'b_u'",
    ),
    ("Bidirectional", "plain"): (
        with_("W", zeros(4, 3)),
        ValueError,
        "params must have keys that begin with forward, backward; they hold 'W'",
    ),
    ("Bidirectional", "no dict"): (
        lambda params: 3,
        TypeError,
        "params must be a dict of arrays, got 3",
    ),
    ("Stacked", "too many"): (
        with_("2.W", zeros(4, 3)),
        ValueError,
        "params must have keys that begin with 0, 1; they hold '2.W'",
    ),
    ("Stacked", "shape"): (
        with_("1.U", zeros(4, 4)),
        ValueError,
        "params['U'] must have shape (16, 4), got (4, 4)",
    ),
}


@pytest.mark.parametrize("case", PARAMS, ids="-".join)
def test_params(wing, case):
    change, error, message = PARAMS[case]
    layer = wing.layer(case[0])
    before = {name: array.copy() for name, array in layer.params.items()}
    wrong = change({name: array + 1 for name, array in before.items()})
    refused(Refusal(lambda: layer.load_params(wrong), error, message))
    for name, array in layer.params.items():
        np.testing.assert_array_equal(array, before[name], err_msg="weights moved although some were refused")


# Constructors

CONSTRUCTORS = {
    "no inputs": (
        lambda w: w.module.ElmanRNN(0, 4),
        ValueError,
        "input_size must be a positive integer, got 0",
    ),
    "negative units": (
        lambda w: w.module.LSTM(3, -1),
        ValueError,
        "hidden_size must be a positive integer, got -1",
    ),
    "half a unit": (
        lambda w: w.module.GRU(3, 4.0),
        TypeError,
        "hidden_size must be a positive integer, got 4.0",
    ),
    "a bool for a size": (
        lambda w: w.module.GRU(True, 4),
        TypeError,
        "input_size must be a positive integer, got True",
    ),
    "no outputs": (
        lambda w: w.module.JordanRNN(3, 4, 0),
        ValueError,
        "output_size must be a positive integer, got 0",
    ),
    "a word for a size": (
        lambda w: w.module.JordanRNN(3, 4, "two"),
        TypeError,
        "output_size must be a positive integer, got 'two'",
    ),
    "activation": (
        lambda w: w.module.ElmanRNN(3, 4, activation="gelu"),
        ValueError,
        "activation must be one of tanh, relu, sigmoid, identity, got 'gelu'",
    ),
    "activation None": (
        lambda w: w.module.ElmanRNN(3, 4, activation=None),
        ValueError,
        "activation must be one of tanh, relu, sigmoid, identity, got None",
    ),
    "output_activation": (
        lambda w: w.module.JordanRNN(3, 4, 2, output_activation="softmax"),
        ValueError,
        "output_activation must be one of tanh, relu, sigmoid, identity, got 'softmax'",
    ),
    "decay": (
        lambda w: w.module.JordanRNN(3, 4, 2, decay=1.5),
        ValueError,
        "decay must be a number in 0..1, got 1.5",
    ),
    "decay nan": (
        lambda w: w.module.JordanRNN(3, 4, 2, decay=float("nan")),
        ValueError,
        "decay must be a number in 0..1, got nan",
    ),
    "decay no number": (
        lambda w: w.module.JordanRNN(3, 4, 2, decay="half"),
        TypeError,
        "decay must be a number in 0..1, got 'half'",
    ),
    "peephole": (
        lambda w: w.module.LSTM(3, 4, peephole=1),
        TypeError,
        "peephole must be True or False, got 1",
    ),
    "reset_after": (
        lambda w: w.module.GRU(3, 4, reset_after=None),
        TypeError,
        "reset_after must be True or False, got None",
    ),
    "float16": (
        lambda w: w.module.ElmanRNN(3, 4, dtype=w.dtype("float16")),
        TypeError,
        "dtype must be float32 or float64, got float16",
    ),
    "integers": (
        lambda w: w.module.LSTM(3, 4, dtype=w.dtype("int64")),
        TypeError,
        "dtype must be float32 or float64, got int64",
    ),
    "forward no layer": (
        lambda w: w.module.Bidirectional(3, w.layer("GRU")),
        TypeError,
        "forward must be a recurrent layer, got int",
    ),
    "backward no layer": (
        lambda w: w.module.Bidirectional(w.layer("GRU"), None),
        TypeError,
        "backward must be a recurrent layer, got NoneType",
    ),
    "one layer for both": (
        lambda w: w.module.Bidirectional(*[w.layer("GRU")] * 2),
        ValueError,
        "backward must be a layer of its own, got the forward layer again",
    ),
    "two input sizes": (
        lambda w: w.module.Bidirectional(w.module.GRU(3, 4), w.module.GRU(2, 4)),
        ValueError,
        "backward must take 3 inputs as forward does, it takes 2",
    ),
    "empty stack": (
        lambda w: w.module.Stacked([]),
        TypeError,
        "layers must be a list of recurrent layers, got a list of 0",
    ),
    "stack of no list": (
        lambda w: w.module.Stacked(3),
        TypeError,
        "layers must be a list of recurrent layers, got 3",
    ),
    "stack with no layer": (
        lambda w: w.module.Stacked([w.layer("GRU"), "GRU"]),
        TypeError,
        "layers[1] must be a recurrent layer, got str",
    ),
    "stack with one twice": (
        lambda w: w.module.Stacked([w.layer("GRU")] * 2),
        ValueError,
        "layers[1] must be a layer of its own, got one already in the stack",
    ),
    "stack that does not fit": (
        lambda w: w.module.Stacked([w.module.GRU(3, 4), w.module.GRU(3, 4)]),
        ValueError,
        "layers[1] must take 4 inputs, the outputs of the layer below, it takes 3",
    ),
}


@pytest.mark.parametrize("case", CONSTRUCTORS)
def test_constructors(wing, case):
    refused(Refusal(*CONSTRUCTORS[case]), wing)


# What is right passes: none of the above is refused for another reason


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lengths", [None, [5, 1], (5, 1), np.array([5, 1], np.int32)])
def test_what_is_right_passes(wing, kind, lengths):
    layer = wing.layer(kind)
    outputs, after = wing.run(layer, X, None, lengths)[:2]
    assert tuple(outputs.shape)[:2] == (2, 5)
    again = wing.run(layer, X, after, lengths)[1]
    assert isinstance(again, tuple) == isinstance(after, tuple)
    layer.load_params(layer.params)
