"""Five voices, one answer: NumPy, PyTorch, TensorFlow, torch.nn and keras.layers, from the same weights.

Outputs, final states and all gradients, for drawn configurations of each kind of layer, to 1e-10 in float64
and to 1e-5 in float32: 10 of each kind, and 40 in `.ci/run` (``--hypothesis-profile=thorough``). One class a
kind, so that two workers share them (``--dist=loadscope``).
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbook.checks import agreement_check
from rnnbook.numpy import GRU, LSTM, Bidirectional, ElmanRNN, JordanRNN, Stacked
from tests.drawing import draw_params, draw_state

pytest.importorskip("torch")
pytest.importorskip("tensorflow")

sizes = st.integers(1, 6)
dtypes = st.sampled_from([np.float32, np.float64])
activations = st.sampled_from(["tanh", "relu", "sigmoid", "identity"])
# Dropout is for training: it changes nothing here.
gated = st.fixed_dictionaries({"use_bias": st.booleans(), "recurrent_dropout": st.sampled_from([0.0, 0.5])})


@st.composite
def elman(draw, inputs=sizes, units=sizes, dtype=dtypes):
    options = draw(gated) | {"activation": draw(activations)}
    return ElmanRNN(draw(inputs), draw(units), **options, dtype=draw(dtype))


@st.composite
def jordan(draw, inputs=sizes, outputs=sizes, dtype=dtypes):
    return JordanRNN(
        draw(inputs),
        draw(sizes),
        draw(outputs),
        activation=draw(activations),
        output_activation=draw(activations),
        decay=draw(st.sampled_from([0.0, 0.25, 0.5, 1.0])),
        use_bias=draw(st.booleans()),
        dtype=draw(dtype),
    )


@st.composite
def lstm(draw, inputs=sizes, units=sizes, dtype=dtypes):
    options = draw(gated) | {"peephole": draw(st.booleans())}
    return LSTM(draw(inputs), draw(units), **options, dtype=draw(dtype))


@st.composite
def gru(draw, inputs=sizes, units=sizes, dtype=dtypes):
    options = draw(gated) | {"reset_after": draw(st.booleans())}
    return GRU(draw(inputs), draw(units), **options, dtype=draw(dtype))


def one_of(inputs, dtype):
    """Any network of one layer, of few units, that takes so many inputs."""
    inputs, units, dtype = st.just(inputs), st.integers(1, 3), st.just(dtype)
    return st.one_of(
        elman(inputs, units, dtype),
        lstm(inputs, units, dtype),
        gru(inputs, units, dtype),
        jordan(inputs, units, dtype),
    )


@st.composite
def bidirectional(draw, inputs=sizes, dtype=dtypes):
    inputs, dtype = draw(inputs), draw(dtype)
    forward = draw(one_of(inputs, dtype))
    if draw(st.booleans()):  # two of a kind, as the libraries want them
        backward = type(forward)(**forward.spec.options, dtype=dtype)
    else:
        backward = draw(one_of(inputs, dtype))
    return Bidirectional(forward, backward)


@st.composite
def stacked(draw):
    inputs, dtype, same = draw(sizes), draw(dtypes), draw(st.booleans())
    layers = [draw(one_of(inputs, dtype) | bidirectional(st.just(inputs), st.just(dtype)))]
    for _ in range(draw(st.integers(0, 2))):
        below = layers[-1]
        if same and not isinstance(below, Bidirectional):
            layers.append(type(below)(**{**below.spec.options, "input_size": below.output_size}, dtype=dtype))
        else:
            layers.append(draw(one_of(below.output_size, dtype)))
    return Stacked(layers, dropout=draw(st.sampled_from([0.0, 0.5])))


def check(data, layer):
    """Draw what ``layer`` is to read, ask all voices, and return the report."""
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1), "seed"))
    batch, time = data.draw(st.integers(1, 4), "batch"), data.draw(st.integers(1, 7), "time")
    # Around 1 / sqrt(width) in size: larger weights would let rounding grow from step to step.
    draw_params(layer, rng, scale=0.4)
    x = rng.standard_normal((batch, time, layer.input_size)).astype(layer.dtype)
    lengths = None
    if data.draw(st.booleans(), "ragged"):
        lengths = rng.integers(1, time + 1, batch)
        x[np.arange(time) >= lengths[:, None]] = np.nan
    state = draw_state(layer, batch, rng) if data.draw(st.booleans(), "with a state") else None
    report = agreement_check(layer, x, state, lengths, seed=batch)
    assert report.tolerance == {"float32": 1e-5, "float64": 1e-10}[layer.dtype.name]
    assert report.passed, f"\n{layer!r}\n{report}"
    assert {"torch", "tensorflow"} <= set(report.voices)
    return report


def voices(torch_has: bool, keras_has: bool) -> set[str]:
    has = {"torch": True, "tensorflow": True, "torch.nn": torch_has, "keras.layers": keras_has}
    return {voice for voice, there in has.items() if there}


class TestElman:
    @given(st.data(), elman())
    def test_elman(self, data, layer):
        in_torch = layer.spec.activation in ("tanh", "relu")
        assert set(check(data, layer).voices) == voices(in_torch, True)


class TestJordan:
    @given(st.data(), jordan())
    def test_jordan(self, data, layer):
        assert set(check(data, layer).voices) == voices(False, False)


class TestLSTM:
    @given(st.data(), lstm())
    def test_lstm(self, data, layer):
        assert set(check(data, layer).voices) == voices(not layer.peephole, not layer.peephole)


class TestGRU:
    @given(st.data(), gru())
    def test_gru(self, data, layer):
        assert set(check(data, layer).voices) == voices(layer.reset_after, True)


class TestBidirectional:
    @given(st.data(), bidirectional())
    def test_bidirectional(self, data, layer):
        ahead, behind = layer.forward_layer.spec, layer.backward_layer.spec
        said = set(check(data, layer).voices)
        if ahead == behind and ahead.name == "LSTM":
            assert said == voices(not ahead.options["peephole"], not ahead.options["peephole"])
        elif ahead == behind and ahead.name == "GRU":
            assert said == voices(ahead.options["reset_after"], True)


class TestStacked:
    @given(st.data(), stacked())
    def test_stacked(self, data, layer):
        said = set(check(data, layer).voices)
        if all(isinstance(each, GRU) for each in layer.layers):
            assert said == voices(all(each.reset_after for each in layer.layers), True)
