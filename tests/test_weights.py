"""Weights to and from torch.nn, keras.layers and ONNX: exact both ways; their layers compute what ours do."""

import subprocess
import sys

import keras
import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from onnx import helper, numpy_helper

from rnnbook import weights
from rnnbook.checks.structure import tree_leaves, tree_map
from rnnbook.numpy import GRU, LSTM, Bidirectional, ElmanRNN, JordanRNN, Stacked
from tests.drawing import draw_params

B, T, D = 4, 6, 3
LENGTHS = [6, 1, 4, 3]

LAYERS = {
    "elman": lambda **o: ElmanRNN(D, 4, **o),
    "elman_relu": lambda **o: ElmanRNN(D, 4, activation="relu", **o),
    "elman_sigmoid": lambda **o: ElmanRNN(D, 4, activation="sigmoid", **o),
    "elman_identity": lambda **o: ElmanRNN(D, 4, activation="identity", **o),
    "elman_both_ways": lambda **o: Bidirectional(
        ElmanRNN(D, 4, activation="relu", **o), ElmanRNN(D, 4, activation="relu", **o)
    ),
    "elman_identity_both_ways": lambda **o: Bidirectional(
        ElmanRNN(D, 4, activation="identity", **o), ElmanRNN(D, 4, activation="identity", **o)
    ),
    "lstm": lambda **o: LSTM(D, 4, **o),
    "lstm_both_ways": lambda **o: Bidirectional(LSTM(D, 4, **o), LSTM(D, 4, **o)),
    "peephole": lambda **o: LSTM(D, 4, peephole=True, **o),
    "peephole_both_ways": lambda **o: Bidirectional(
        LSTM(D, 4, peephole=True, **o), LSTM(D, 4, peephole=True, **o)
    ),
    "gru": lambda **o: GRU(D, 4, **o),
    "gru_both_ways": lambda **o: Bidirectional(GRU(D, 4, **o), GRU(D, 4, **o)),
    "gru_before": lambda **o: GRU(D, 4, reset_after=False, **o),
    "gru_before_both_ways": lambda **o: Bidirectional(
        GRU(D, 4, reset_after=False, **o), GRU(D, 4, reset_after=False, **o)
    ),
    "elman_no_bias": lambda **o: ElmanRNN(D, 4, use_bias=False, **o),
    "lstm_no_bias": lambda **o: LSTM(D, 4, use_bias=False, **o),
    "peephole_no_bias": lambda **o: LSTM(D, 4, peephole=True, use_bias=False, **o),
    "gru_no_bias": lambda **o: GRU(D, 4, use_bias=False, **o),
    "gru_before_no_bias": lambda **o: GRU(D, 4, reset_after=False, use_bias=False, **o),
    "gru_both_ways_no_bias": lambda **o: Bidirectional(
        GRU(D, 4, use_bias=False, **o), GRU(D, 4, use_bias=False, **o)
    ),
    "two_kinds": lambda **o: Bidirectional(LSTM(D, 4, **o), ElmanRNN(D, 2, activation="relu", **o)),
    "three_gru": lambda **o: Stacked([GRU(D, 4, **o), GRU(4, 4, **o), GRU(4, 4, **o)]),
    "two_lstm_both_ways": lambda **o: Stacked(
        [Bidirectional(LSTM(n, 4, **o), LSTM(n, 4, **o)) for n in (D, 8)],
    ),
    "two_gru_no_bias": lambda **o: Stacked([GRU(D, 4, use_bias=False, **o), GRU(4, 4, use_bias=False, **o)]),
    "two_elman": lambda **o: Stacked(
        [ElmanRNN(D, 4, activation="relu", **o), ElmanRNN(4, 4, activation="relu", **o)]
    ),
}
ACTIVATION = {
    "elman_both_ways": "relu",
    "two_kinds": "relu",
    "two_elman": "relu",
    "elman_identity_both_ways": "identity",
}
ACTIVATION |= {f"elman_{name}": name for name in ("relu", "sigmoid", "identity")}

OPTIONS = {name: {"activation": activation} for name, activation in ACTIVATION.items()}
OPTIONS["gru_before_no_bias"] = {"reset_after": False}  # without biases the weights do not tell

STACKS = {"three_gru", "two_lstm_both_ways", "two_elman", "two_gru_no_bias"}
HOLDS = {
    "torch": {"elman", "elman_relu", "elman_both_ways", "lstm", "lstm_both_ways", "gru", "gru_both_ways"}
    | {"elman_no_bias", "lstm_no_bias", "gru_no_bias", "gru_both_ways_no_bias"}
    | STACKS,
    "keras": LAYERS.keys() - STACKS - {"peephole", "peephole_both_ways", "peephole_no_bias"},
    "onnx": LAYERS.keys() - STACKS - {"two_kinds"},
}


def drawn(name: str, dtype: str = "float64"):
    layer = LAYERS[name](dtype=dtype)
    draw_params(layer, np.random.default_rng(0))
    return layer


def to(library: str, params, name: str):
    return getattr(weights, f"to_{library}")(params, **OPTIONS.get(name, {}))


def back(library: str, held):
    return weights.from_onnx(*held) if library == "onnx" else getattr(weights, f"from_{library}")(held)


def like(array, seed: int):
    return np.random.default_rng(seed).standard_normal(array.shape).astype(array.dtype)


def question(layer, seed: int = 1):
    """Inputs, a state before, and our own answer for whole and for ragged sequences."""
    x = like(np.empty((B, T, D), layer.dtype), seed)
    before = tree_map(lambda part: like(part, part.shape[1]), layer.forward(x)[1])
    return x, before


def near(have, want) -> None:
    tolerance = 1e-12 if want.dtype == np.float64 else 1e-5
    np.testing.assert_allclose(have, want, rtol=tolerance, atol=tolerance)


# There and back


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("library", "name"), [(lib, name) for lib in HOLDS for name in LAYERS if name in HOLDS[lib]]
)
def test_there_and_back_is_exact(library, name, dtype):
    params = dict(drawn(name, dtype).params)
    for key, array in params.items():
        if key.endswith("b"):
            array[:2] = -0.0, np.finfo(dtype).tiny / 2  # what a careless sum would lose
    found = back(library, to(library, params, name))
    assert list(found) == list(params)
    for key, array in params.items():
        assert found[key].dtype == array.dtype and found[key].flags.c_contiguous
        assert found[key].shape == array.shape and found[key].tobytes() == array.tobytes()


@pytest.mark.parametrize("library", HOLDS)
def test_what_comes_back_are_copies(library):
    params = dict(drawn("gru").params)
    held = to(library, params, "gru")
    for array in back(library, held).values():
        array[...] = 0
    for key, array in back(library, held).items():
        np.testing.assert_array_equal(array, params[key])
    for array in params.values():
        array[...] = 0
    assert all(array.any() for array in back(library, held).values())


@pytest.mark.parametrize("library", HOLDS)
def test_read_only_and_reversed_arrays_are_taken(library, recwarn):
    params = {name: array[::-1] for name, array in drawn("lstm").params.items()}
    for array in params.values():
        array.flags.writeable = False
    recwarn.clear()
    for key, array in back(library, to(library, params, "lstm")).items():
        np.testing.assert_array_equal(array, params[key])
    assert not [str(warning.message) for warning in recwarn if "writ" in str(warning.message)]


def test_a_stack_of_one_comes_back_as_the_layer_itself():
    params = drawn("gru").params
    found = weights.from_torch(weights.to_torch({f"0.{name}": array for name, array in params.items()}))
    assert list(found) == list(params)


# torch.nn


def run_torch(module, x, before, lengths):
    """Outputs and the parts of the state in our order, from states in our order."""
    from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

    parts = 2 if isinstance(module, torch.nn.LSTM) else 1
    state = tuple(torch.stack(before[part::parts]) for part in range(parts))
    if lengths is not None:
        x = pack_padded_sequence(x, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
    outputs, after = module(x, state if parts == 2 else state[0])
    if lengths is not None:
        outputs, _ = pad_packed_sequence(outputs, batch_first=True, total_length=T)
    after = after if parts == 2 else (after,)
    return outputs, [part[index] for index in range(len(after[0])) for part in after]


def torch_name(key: str) -> str:
    *where, name = key.split(".")
    layer = where[0] if where and where[0].isdigit() else "0"
    name = {"W": "weight_ih", "U": "weight_hh", "b": "bias_ih", "b_u": "bias_hh"}[name]
    return f"{name}_l{layer}{'_reverse' if 'backward' in where else ''}"


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "ragged"])
@pytest.mark.parametrize("name", sorted(HOLDS["torch"]))
def test_torch_computes_the_same(name, lengths, dtype):
    layer = drawn(name, dtype)
    module = to("torch", layer.params, name)
    x, before = question(layer)
    outputs, after, tape = layer.forward(x, before, lengths)
    d_outputs, d_after = like(outputs, 2), tree_map(lambda part: like(part, 3), after)
    gradients = layer.backward(tape, d_outputs, d_after)

    leaf = lambda array: torch.tensor(array, requires_grad=True)
    x, before = leaf(x), [leaf(part) for part in tree_leaves(before)]
    have, after_t = run_torch(module, x, before, lengths)
    loss = (have * torch.tensor(d_outputs)).sum()
    for part, d_part in zip(after_t, tree_leaves(d_after), strict=True):
        loss = loss + (part * torch.tensor(d_part)).sum()
    loss.backward()

    near(have.detach(), outputs)
    for part, want in zip(after_t, tree_leaves(after), strict=True):
        near(part.detach(), want)
    near(x.grad, gradients["x"])
    for part, want in zip(before, tree_leaves(gradients["state"]), strict=True):
        near(part.grad, want)
    for key in layer.params:
        near(getattr(module, torch_name(key)).grad, gradients[key])


@pytest.mark.parametrize("kind", [torch.nn.RNN, torch.nn.LSTM, torch.nn.GRU])
@pytest.mark.parametrize("bias", [True, False])
def test_from_a_torch_layer_of_its_own(kind, bias):
    torch.manual_seed(0)
    module = kind(D, 4, num_layers=2, bidirectional=True, bias=bias, batch_first=True, dtype=torch.float64)
    build = {torch.nn.RNN: ElmanRNN, torch.nn.LSTM: LSTM, torch.nn.GRU: GRU}[kind]
    make = lambda size: build(size, 4, use_bias=bias, dtype=np.float64)
    layer = Stacked([Bidirectional(make(size), make(size)) for size in (D, 8)])
    layer.load_params(weights.from_torch(module))
    x = like(np.empty((B, T, D)), 1)
    near(module(torch.tensor(x))[0].detach(), layer.forward(x)[0])


def test_to_torch_makes_a_trainable_batch_first_module():
    module = weights.to_torch(drawn("three_gru", "float32").params)
    assert module.batch_first and module.num_layers == 3 and not module.bidirectional
    assert all(weight.requires_grad and weight.dtype == torch.float32 for weight in module.parameters())


def test_to_torch_draws_no_random_numbers():
    params = drawn("lstm").params
    before = torch.get_rng_state()
    weights.to_torch(params)
    assert torch.equal(torch.get_rng_state(), before)


# Keras


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "ragged"])
@pytest.mark.parametrize("name", sorted(HOLDS["keras"]))
def test_keras_computes_the_same(name, lengths, dtype):
    layer = drawn(name, dtype)
    theirs = to("keras", layer.params, name)
    x, before = question(layer)
    given = tree_leaves(before)
    if name == "two_kinds":  # Keras gives each direction half of the initial states, here 1.5
        before = given = None
    outputs, after, _ = layer.forward(x, before, lengths)
    valid = np.arange(T) < np.reshape(T if lengths is None else lengths, (-1, 1))
    mask = None if lengths is None else valid
    have, *after_t = theirs(x, initial_state=given, mask=mask)
    # Beyond the lengths Keras repeats the last output where we have zeros.
    near(np.array(have)[np.broadcast_to(valid, (B, T))], outputs[np.broadcast_to(valid, (B, T))])
    for part, want in zip(after_t, tree_leaves(after), strict=True):
        near(np.array(part), want)


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (lambda **o: keras.layers.SimpleRNN(4, **o), lambda **o: ElmanRNN(D, 4, **o)),
        (lambda **o: keras.layers.LSTM(4, **o), lambda **o: LSTM(D, 4, **o)),
        (lambda **o: keras.layers.GRU(4, **o), lambda **o: GRU(D, 4, **o)),
        (
            lambda **o: keras.layers.GRU(4, reset_after=False, **o),
            lambda **o: GRU(D, 4, reset_after=False, **o),
        ),
        (
            lambda **o: keras.layers.Bidirectional(keras.layers.LSTM(4, **o)),
            lambda **o: Bidirectional(LSTM(D, 4, **o), LSTM(D, 4, **o)),
        ),
    ],
)
def test_from_a_keras_layer_of_its_own(theirs, ours, bias):
    keras.utils.set_random_seed(0)
    theirs = theirs(use_bias=bias, bias_initializer="random_normal", return_sequences=True)
    x = like(np.empty((B, T, D), "float32"), 1)
    outputs = np.array(theirs(x))
    layer = ours(use_bias=bias)
    layer.load_params(weights.from_keras(theirs))
    near(outputs, layer.forward(x)[0])


# ONNX


def run_onnx(node, initializers, dtype, **inputs):
    kind = {"float32": onnx.TensorProto.FLOAT, "float64": onnx.TensorProto.DOUBLE}[dtype]
    kinds = {"sequence_lens": onnx.TensorProto.INT32}
    graph = helper.make_graph(
        [node],
        "one layer",
        [helper.make_tensor_value_info(n, kinds.get(n, kind), array.shape) for n, array in inputs.items()],
        [helper.make_tensor_value_info(n, kind, [None] * (4 if n == "Y" else 3)) for n in node.output],
        initializers,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 22)], ir_version=10)
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, inputs)


@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=["full", "ragged"])
@pytest.mark.parametrize("name", sorted(HOLDS["onnx"]))
def test_onnx_computes_the_same(name, lengths):
    layer = drawn(name, "float32")
    node, initializers = weights.to_onnx(
        layer.params, **OPTIONS.get(name, {}), lengths=lengths is not None, state=True
    )
    x, before = question(layer)
    outputs, after, _ = layer.forward(x, before, lengths)

    parts = 2 if node.op_type == "LSTM" else 1
    inputs = {"X": x.transpose(1, 0, 2), "initial_h": np.stack(tree_leaves(before)[::parts])}
    if parts == 2:
        inputs["initial_c"] = np.stack(tree_leaves(before)[1::2])
    if lengths is not None:
        inputs["sequence_lens"] = np.array(lengths, np.int32)
    have, *after_t = run_onnx(node, initializers, "float32", **inputs)
    near(have.transpose(2, 0, 1, 3).reshape(B, T, -1), outputs)
    assert len(after_t) == parts
    for part, theirs in enumerate(after_t):
        near(theirs, np.stack(tree_leaves(after)[part::parts]))


@pytest.mark.parametrize("name", ["elman", "peephole", "gru"])
def test_an_onnx_node_reads_only_what_it_is_asked_to(name):
    layer = drawn(name, "float32")
    node, initializers = weights.to_onnx(layer.params)
    x, _ = question(layer)
    have = run_onnx(node, initializers, "float32", X=x.transpose(1, 0, 2))
    near(have[0][:, 0].transpose(1, 0, 2), layer.forward(x)[0])


def onnx_node(operator="LSTM", inputs=("X", "W", "R", "B"), gates=4, **attributes):
    arrays = {"W": (1, gates * 4, D), "R": (1, gates * 4, 4), "B": (1, 2 * gates * 4)}
    initializers = [
        numpy_helper.from_array(like(np.empty(shape, "float32"), seed), name)
        for seed, (name, shape) in enumerate(arrays.items())
    ]
    return helper.make_node(operator, inputs, ["Y"], hidden_size=4, **attributes), initializers


@pytest.mark.parametrize(
    ("node", "ours"),
    [
        (onnx_node("RNN", gates=1), lambda: ElmanRNN(D, 4)),
        (onnx_node("RNN", gates=1, activations=["Relu"]), lambda: ElmanRNN(D, 4, activation="relu")),
        (onnx_node("LSTM"), lambda: LSTM(D, 4)),
        (onnx_node("LSTM", activations=["Sigmoid", "Tanh", "Tanh"]), lambda: LSTM(D, 4)),
        (onnx_node("LSTM", ("X", "W", "R")), lambda: LSTM(D, 4, use_bias=False)),
        (onnx_node("GRU", gates=3), lambda: GRU(D, 4, reset_after=False)),
        (onnx_node("GRU", gates=3, linear_before_reset=1), lambda: GRU(D, 4)),
        (
            onnx_node("GRU", ("X", "W", "R"), gates=3, linear_before_reset=1),
            lambda: GRU(D, 4, use_bias=False),
        ),
    ],
)
def test_from_an_onnx_node_with_two_biases_or_none(node, ours):
    layer = ours()
    layer.load_params(weights.from_onnx(*node))
    x = like(np.empty((B, T, D), "float32"), 9)
    given = node[0], [tensor for tensor in node[1] if tensor.name in node[0].input]
    near(run_onnx(*given, "float32", X=x.transpose(1, 0, 2))[0][:, 0].transpose(1, 0, 2), layer.forward(x)[0])


# What is refused


def without(params, key):
    return {name: array for name, array in params.items() if name != key}


def stack(*layers):
    return dict(Stacked(list(layers)).params)


JORDAN = JordanRNN(D, 4, 2).params
ELMAN, LSTM_, PEEPHOLE = ElmanRNN(D, 4).params, LSTM(D, 4).params, LSTM(D, 4, peephole=True).params
GRU_, GRU_BEFORE = GRU(D, 4).params, GRU(D, 4, reset_after=False).params


@pytest.mark.parametrize(
    ("convert", "error", "message"),
    [
        (
            lambda: weights.to_torch(JORDAN),
            ValueError,
            "torch.nn has no layer for the weights of a JordanRNN",
        ),
        (
            lambda: weights.to_keras(JORDAN),
            ValueError,
            "keras.layers has no layer for the weights of a JordanRNN",
        ),
        (lambda: weights.to_onnx(JORDAN), ValueError, "ONNX has no layer for the weights of a JordanRNN"),
        (lambda: weights.to_torch(PEEPHOLE), ValueError, "torch.nn.LSTM has no peepholes"),
        (lambda: weights.to_keras(PEEPHOLE), ValueError, "keras.layers.LSTM has no peepholes"),
        (lambda: weights.to_torch(GRU_BEFORE), ValueError, "torch.nn.GRU resets after the product only"),
        (
            lambda: weights.to_torch(GRU(D, 4, use_bias=False).params, reset_after=False),
            ValueError,
            "torch.nn.GRU resets after the product only",
        ),
        (lambda: weights.to_keras(GRU_, reset_after=False), ValueError, "reset_after must be True for a GRU"),
        (lambda: weights.to_onnx(without(GRU_, "b")), ValueError, "they hold an unknown key 'b_u'"),
        (
            lambda: weights.to_torch(ELMAN, activation="sigmoid"),
            ValueError,
            "torch.nn.RNN has the activations tanh and relu, not sigmoid",
        ),
        (lambda: weights.to_torch(ELMAN, activation="identity"), ValueError, "not identity"),
        (lambda: weights.to_torch(ELMAN, activation="elu"), ValueError, "activation must be one of tanh"),
        (lambda: weights.to_torch(GRU_, activation="relu"), ValueError, "activation is for ElmanRNN alone"),
        (
            lambda: weights.to_keras(stack(GRU(D, 4), GRU(4, 4))),
            ValueError,
            "keras.layers holds one layer each",
        ),
        (lambda: weights.to_onnx(stack(GRU(D, 4), GRU(4, 4))), ValueError, "ONNX holds one layer each"),
        (
            lambda: weights.to_torch(stack(GRU(D, 4), LSTM(4, 4))),
            ValueError,
            "torch.nn holds a stack of layers of one kind and one size, "
            "got GRU of 4 units and LSTM of 4 units",
        ),
        (
            lambda: weights.to_torch(stack(GRU(D, 4), GRU(4, 5))),
            ValueError,
            "got GRU of 4 units and GRU of 5",
        ),
        (
            lambda: weights.to_torch(stack(GRU(D, 4), GRU(4, 4, reset_after=False))),
            ValueError,
            "got the weights W, U, b, b_u and W, U, b$",
        ),
        (
            lambda: weights.to_torch(stack(GRU(D, 4), Bidirectional(GRU(4, 4), GRU(4, 4)))),
            ValueError,
            "bidirectional throughout, or nowhere",
        ),
        (
            lambda: weights.to_torch({f"{k}.{n}": a for k in (0, 1) for n, a in GRU_.items()}),
            ValueError,
            r"every upper layer the 4 outputs below it, got W of shape \(12, 3\)",
        ),
        (
            lambda: weights.to_onnx(Bidirectional(LSTM(D, 4), GRU(D, 4)).params),
            ValueError,
            "ONNX holds two directions of one kind and one size",
        ),
        (lambda: weights.to_torch(without(GRU_, "U")), ValueError, "they lack 'U'"),
        (lambda: weights.to_torch(GRU_ | {"p": GRU_["b"]}), ValueError, "they hold an unknown key 'p'"),
        (lambda: weights.to_torch(GRU_ | {"b": GRU_["b"][1:]}), ValueError, r"params\['b'\] must have shape"),
        (lambda: weights.to_torch(GRU_ | {"W": GRU_["W"][0]}), ValueError, r"params\['W'\] must have shape"),
        (lambda: weights.to_torch(GRU_ | {"W": GRU_["W"][:8]}), ValueError, "1, 3 or 4 gates .* got 8 / 4"),
        (lambda: weights.to_torch(GRU_ | {"b": GRU_["b"].astype("float64")}), TypeError, "must be float32"),
        (
            lambda: weights.to_torch({n: a.astype("float16") for n, a in GRU_.items()}),
            TypeError,
            "got float16",
        ),
        (
            lambda: weights.to_torch(stack(GRU(D, 4), GRU(4, 4, dtype="float64"))),
            TypeError,
            "params must be of one dtype, got float32 and float64",
        ),
        (lambda: weights.to_torch({}), ValueError, "they are empty"),
        (lambda: weights.to_torch([1]), TypeError, "params must be a dict of arrays, got list"),
        (lambda: weights.to_torch({f"1.{n}": a for n, a in GRU_.items()}), ValueError, "number their layers"),
        (lambda: weights.to_torch(GRU_ | {"0.W": GRU_["W"]}), ValueError, "number their layers"),
        (lambda: weights.to_torch({f"forward.{n}": a for n, a in GRU_.items()}), ValueError, "and backward"),
        (
            lambda: weights.to_torch({f"forward.0.{n}": a for n, a in GRU_.items()}),
            ValueError,
            "keys such as",
        ),
        (
            lambda: weights.from_torch(torch.nn.Linear(2, 2)),
            TypeError,
            "got Linear of torch.nn.modules.linear",
        ),
        (
            lambda: weights.from_torch(torch.ao.nn.quantizable.LSTM(D, 4)),
            TypeError,
            "got LSTM of torch.ao.nn.quantizable",
        ),
        (
            lambda: weights.from_torch(torch.nn.GRU(D, 4, dtype=torch.bfloat16)),
            TypeError,
            "weights must be float32 or float64, got bfloat16",
        ),
        (lambda: weights.from_torch(torch.nn.GRU(D, 4, device="meta")), ValueError, "the device meta"),
        (lambda: weights.from_torch(torch.nn.LSTM(D, 4, proj_size=2)), ValueError, "proj_size=2"),
        (lambda: weights.from_keras(keras.layers.Dense(2)), TypeError, "got Dense"),
        (lambda: weights.from_keras(keras.layers.GRU(4)), ValueError, "layer must be built first"),
        (
            lambda: weights.from_keras(built(keras.layers.LSTM(4, activation="relu"))),
            ValueError,
            "our network has activation tanh, the keras layer has relu",
        ),
        (
            lambda: weights.from_keras(built(keras.layers.GRU(4, recurrent_activation="hard_sigmoid"))),
            ValueError,
            "our network has recurrent_activation sigmoid, the keras layer has hard_sigmoid",
        ),
        (
            lambda: weights.from_keras(built(keras.layers.SimpleRNN(4, activation="elu"))),
            ValueError,
            "has elu",
        ),
        (
            lambda: weights.from_keras(built(keras.layers.GRU(4, go_backwards=True))),
            ValueError,
            "our layers read forward",
        ),
        (
            lambda: weights.from_keras(
                built(keras.layers.Bidirectional(keras.layers.GRU(4), merge_mode="sum"))
            ),
            ValueError,
            "merge_mode='sum'",
        ),
        (
            lambda: weights.from_keras(
                built(keras.layers.Bidirectional(backward_gru(), backward_layer=keras.layers.GRU(4)))
            ),
            ValueError,
            "our layers read forward, .* got go_backwards=True in the forward one",
        ),
        (
            lambda: weights.from_keras(
                built(
                    keras.layers.Bidirectional(
                        keras.layers.SimpleRNN(4, activation="relu"),
                        backward_layer=keras.layers.SimpleRNN(4, go_backwards=True),
                    )
                )
            ),
            ValueError,
            "our weights are of one activation, the halves of the keras layer have relu and tanh",
        ),
        (
            lambda: weights.from_keras(
                built(keras.layers.Bidirectional(keras.layers.RNN(keras.layers.LSTMCell(4))))
            ),
            TypeError,
            "got RNN of keras",
        ),
        (
            lambda: weights.from_keras(built(keras.layers.LSTM(4, activation=lambda x: x))),
            ValueError,
            "the keras layer has <lambda> of tests.test_weights",
        ),
        (
            lambda: weights.from_keras(built(keras.layers.SimpleRNN(4, activation=tanh))),
            ValueError,
            "the keras layer has tanh of tests.test_weights",
        ),
        (
            lambda: weights.from_keras(built(keras.layers.SimpleRNN(4, activation=keras.layers.LeakyReLU()))),
            ValueError,
            "the keras layer has LeakyReLU of keras",
        ),
        (
            lambda: weights.from_keras(built(keras.layers.GRU(4, dtype="float16"))),
            TypeError,
            "weights must be float32 or float64, got float16",
        ),
        (lambda: weights.from_onnx(helper.make_node("Add", ["a"], ["b"]), []), TypeError, "got Add"),
        (
            lambda: weights.from_onnx(helper.make_node("LSTM", ["a"], ["b"], domain="com.others"), []),
            TypeError,
            "got com.others.LSTM",
        ),
        (lambda: weights.from_onnx(None, []), TypeError, "got NoneType"),
        (lambda: weights.from_onnx(onnx.NodeProto.FromString(b"\x22\1\xff"), []), TypeError, r"got b'\\xff'"),
        (lambda: weights.from_onnx(*onnx_node(clip=0.0)), ValueError, "our LSTM has no clip, got clip=0.0"),
        (lambda: weights.from_onnx(*onnx_node(forget_bias=1.0)), ValueError, "our LSTM has no forget_bias"),
        (lambda: weights.from_onnx(*onnx_node(layout=2)), ValueError, "our LSTM has no layout, got layout=2"),
        (lambda: weights.from_onnx(*onnx_node(linear_before_reset=1)), ValueError, "no linear_before_reset"),
        (
            lambda: weights.from_onnx(*onnx_node("GRU", gates=3, linear_before_reset=2)),
            ValueError,
            "our GRU has no linear_before_reset, got linear_before_reset=2",
        ),
        (lambda: weights.from_onnx(*onnx_node(direction=1)), ValueError, "our LSTM has no direction"),
        (lambda: weights.from_onnx(*onnx_node(direction="up")), ValueError, "got direction='up'"),
        (
            lambda: weights.from_onnx(*onnx_node(direction="bidirectional")),
            ValueError,
            r"the W of the node must have shape \(2, gates \* hidden, input\), got \(1, 16, 3\)",
        ),
        (
            lambda: weights.from_onnx(*onnx_node(gates=3)),
            ValueError,
            "must have 4 rows for each of 4 units, got 12",
        ),
        (
            lambda: weights.from_onnx(*onnx_node(activations=["Sigmoid", "Tanh", "Tanh"] * 2)),
            ValueError,
            "no activations",
        ),
        (
            lambda: weights.from_onnx(*onnx_node(inputs=["X", "W"])),
            ValueError,
            "node must have inputs W and R",
        ),
        (
            lambda: weights.from_onnx(*onnx_node("GRU", [*"XWRB", "", "", "", "B"], gates=3)),
            ValueError,
            "node must have at most 6 inputs, got 8",
        ),
        (
            lambda: weights.from_onnx(*onnx_node(inputs=["X", "W", "R", "W"])),
            ValueError,
            r"the B of the node must have shape \(1, 32\), got \(1, 16, 3\)",
        ),
        (
            lambda: weights.from_onnx(*onnx_node(inputs=["X", "W", "R", "B", "", "B"])),
            ValueError,
            "our layers begin with zeros or a state that they are given, got an initial_h",
        ),
        (lambda: weights.from_onnx(*changed(dims=[7])), ValueError, "initializers must be sound, got 'W'"),
        (lambda: weights.from_onnx(*changed(data_location=1)), ValueError, "'W' with data in another file"),
        (
            lambda: weights.from_onnx(*changed(data_type=onnx.TensorProto.INT32)),
            TypeError,
            "weights must be float32 or float64, got int32",
        ),
        (lambda: weights.from_onnx(onnx_node()[0], []), ValueError, "initializers must hold 'W'"),
        (lambda: weights.from_onnx(*onnx_node(clip=3.0)), ValueError, "our LSTM has no clip"),
        (lambda: weights.from_onnx(*onnx_node(input_forget=1)), ValueError, "our LSTM has no input_forget"),
        (lambda: weights.from_onnx(*onnx_node(direction="reverse")), ValueError, "direction='reverse'"),
        (
            lambda: weights.from_onnx(*onnx_node(activations=["Sigmoid", "Relu", "Tanh"])),
            ValueError,
            "no activations Sigmoid, Relu, Tanh",
        ),
        (
            lambda: weights.from_onnx(*onnx_node("RNN", gates=1, activations=["Elu"])),
            ValueError,
            "activations Elu",
        ),
        (
            lambda: weights.from_onnx(
                *onnx_node("RNN", gates=1, activations=["Affine"], activation_alpha=[2.0])
            ),
            ValueError,
            "activations Affine",
        ),
    ],
)
def test_refused(convert, error, message):
    with pytest.raises(error, match=message):
        convert()


def built(layer):
    layer.build((None, None, D))
    return layer


def backward_gru():
    return keras.layers.GRU(4, go_backwards=True)


def tanh(x):
    """No hyperbolic tangent."""
    return x


def changed(**fields):
    """A node whose initializer W has other fields."""
    node, (W, *others) = onnx_node()
    for name, value in fields.items():
        if isinstance(value, list):
            del getattr(W, name)[:]
            getattr(W, name).extend(value)
        else:
            setattr(W, name, value)
    return node, [W, *others]


def test_a_stateful_keras_layer_is_refused():
    layer = keras.layers.LSTM(4, stateful=True)
    layer(np.zeros((B, T, D), "float32"))
    with pytest.raises(ValueError, match="keep no state from batch to batch, got stateful=True"):
        weights.from_keras(layer)


@pytest.mark.filterwarnings("ignore")
def test_a_layer_of_another_library_says_whose_it_is():
    tf_keras = pytest.importorskip("tf_keras")
    with pytest.raises(TypeError, match=r"got LSTM of tf_keras\."):
        weights.from_keras(tf_keras.layers.LSTM(4))


def test_an_onnx_node_that_reads_batches_first_has_the_same_weights():
    node, initializers = onnx_node(layout=1)
    for name, array in weights.from_onnx(*onnx_node()).items():
        np.testing.assert_array_equal(weights.from_onnx(node, initializers)[name], array)


@pytest.mark.parametrize("library", HOLDS)
def test_directions_must_read_the_same_inputs(library):
    params = {f"forward.{n}": a for n, a in GRU_.items()} | {
        f"backward.{n}": a for n, a in GRU(5, 4).params.items()
    }
    with pytest.raises(ValueError, match="forward and backward the same inputs"):
        to(library, params, "gru")


def test_importing_the_package_imports_no_library():
    program = (
        "import rnnbook.weights, sys; print([n for n in ('torch', 'keras', 'onnx') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_names():
    assert {"to_torch", "from_torch", "to_keras", "from_keras", "to_onnx", "from_onnx"} <= set(dir(weights))
    with pytest.raises(AttributeError, match="no attribute 'to_jax'"):
        weights.to_jax  # noqa: B018
