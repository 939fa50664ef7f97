"""The checks must pass what is right and, above all, fail what is wrong."""

import numpy as np
import pytest

from rnnbook.checks import agreement, agreement_check, compare_gradients, gradient_check
from rnnbook.numpy import GRU, LSTM, Bidirectional, Dense, ElmanRNN, Embedding, JordanRNN, Stacked
from tests.drawing import draw_params, draw_state


def float64(kind, *sizes, **options):
    layer = kind(*sizes, dtype=np.float64, **options)
    draw_params(layer, np.random.default_rng(0))
    return layer


@pytest.fixture
def x():
    return np.random.default_rng(1).standard_normal((2, 4, 3))


LENGTHS = np.array([4, 2])


# gradient_check


def test_right_gradients_pass_and_every_array_is_in_the_report(x):
    report = gradient_check(float64(LSTM, 3, 2, peephole=True), x, lengths=LENGTHS)
    assert report.passed
    assert report.worst < 1e-13
    assert report.failed == []
    assert [row.name for row in report.rows] == ["W", "U", "b", "p", "x", "state.h", "state.c"]
    assert str(report).splitlines()[-1] == "passed: 7 arrays, against the complex step"


@pytest.mark.parametrize("method", ["complex", "central"])
def test_both_methods_agree(x, method):
    report = gradient_check(float64(GRU, 3, 2), x, method=method)
    assert report.passed, report


def wrong(layer, name, change):
    """A copy of the class whose backward pass spoils one gradient."""

    class Wrong(type(layer)):
        def backward(self, tape, *cotangents):
            gradients = super().backward(tape, *cotangents)
            gradients[name] = change(gradients[name])
            return gradients

    layer.__class__ = Wrong
    return layer


@pytest.mark.parametrize("name", ["W", "U", "b", "x"])
@pytest.mark.parametrize(
    "change",
    [
        lambda g: -g,
        lambda g: 0 * g,
        lambda g: 1.001 * g,
        lambda g: np.roll(g, 1),
        lambda g: g + 1e-6,
        lambda g: g * np.nan,
    ],
    ids=["sign", "dropped", "scaled", "shifted", "offset", "nan"],
)
def test_wrong_gradients_fail_and_are_named(x, name, change):
    report = gradient_check(wrong(float64(ElmanRNN, 3, 4), name, change), x)
    assert not report.passed
    assert report.failed == [name]
    assert report.worst > 1e-9
    assert str(report).splitlines()[-1] == f"FAILED: {name}"


def test_a_transposed_square_gradient_fails(x):
    report = gradient_check(wrong(float64(ElmanRNN, 3, 4), "U", np.transpose), x)
    assert report.failed == ["U"]


def test_one_wrong_entry_is_found_with_both_values(x):
    layer = float64(ElmanRNN, 3, 4)

    def spoil(gradient):
        gradient = gradient.copy()
        gradient[2, 1] += 0.5
        return gradient

    report = gradient_check(wrong(layer, "W", spoil), x)
    (row,) = [row for row in report.rows if not row.passed]
    assert (row.name, row.shape, row.index) == ("W", (4, 3), (2, 1))
    assert row.analytic - row.numeric == pytest.approx(0.5)
    line = next(line for line in str(report).splitlines() if line.startswith("W"))
    assert all(
        part in line for part in ["(4, 3)", "[2, 1]", f"{row.analytic:.4g}", f"{row.numeric:.4g}", "NO"]
    )


def test_a_lost_gradient_of_the_final_state_fails(x):
    class Forgetful(LSTM):
        def backward(self, tape, d_outputs, d_state=None):
            return super().backward(tape, d_outputs, None)

    assert not gradient_check(float64(Forgetful, 3, 2), x).passed


def test_a_wrong_part_of_the_state_is_named(x):
    layer = Stacked(
        [float64(ElmanRNN, 3, 2), wrong(float64(LSTM, 2, 2), "state", lambda pair: (pair[0], -pair[1]))]
    )
    report = gradient_check(Bidirectional(layer, float64(GRU, 3, 2)), x)
    assert report.failed == ["state.forward.1.c"]


def test_names_of_nested_layers(x):
    layer = Stacked(
        [Bidirectional(float64(LSTM, 3, 2), float64(ElmanRNN, 3, 1)), float64(JordanRNN, 3, 2, 1)]
    )
    names = [row.name for row in gradient_check(layer, x).rows]
    assert names[:3] == ["0.forward.W", "0.forward.U", "0.forward.b"]
    assert names[-5:] == ["x", "state.0.forward.h", "state.0.forward.c", "state.0.backward.h", "state.1.s"]


def test_float32_is_checked_in_float64_and_says_so(x):
    layer = LSTM(3, 2, rng=np.random.default_rng(0))
    before = {name: array.copy() for name, array in layer.params.items()}
    report = gradient_check(layer, x.astype(np.float32), draw_state(layer, 2, np.random.default_rng(0)))
    assert report.passed
    assert report.worst < 1e-13
    assert "a float64 copy of the float32 layer was checked" in str(report)
    assert layer.dtype == np.float32
    for name, array in layer.params.items():
        np.testing.assert_array_equal(array, before[name])


def test_arguments_are_left_as_they_were(x):
    layer = float64(GRU, 3, 2)
    state = draw_state(layer, 2, np.random.default_rng(0))
    arrays = {**layer.params, "x": x, "state": state}
    before = {name: array.copy() for name, array in arrays.items()}
    gradient_check(layer, x, state, LENGTHS)
    for name, array in arrays.items():
        np.testing.assert_array_equal(array, before[name])


def test_silent_relus_at_their_kink_pass():
    """Zero biases and a zero state put pre-activations on the very kink, which differences straddle."""
    layer = Stacked(
        [
            ElmanRNN(1, 1, activation="relu", dtype=np.float64),
            ElmanRNN(1, 2, activation="relu", dtype=np.float64),
        ]
    )
    layer.load_params(layer.params | {"0.W": np.array([[-1.0]])})
    report = gradient_check(layer, np.ones((1, 3, 1)))
    assert report.passed, report


def test_dense_and_embedding(x):
    report = gradient_check(float64(Dense, 3, 2, activation="tanh"), x)
    assert report.passed
    assert [row.name for row in report.rows] == ["W", "b", "x"]
    assert str(report).splitlines()[-1] == "passed: 3 arrays, against central differences"
    report = gradient_check(float64(Embedding, 5, 2), np.array([[1, 4, 4]]))
    assert report.passed
    assert [row.name for row in report.rows] == ["E"]
    assert gradient_check(wrong(float64(Dense, 3, 2), "b", lambda g: g / 2), x).failed == ["b"]
    assert gradient_check(
        wrong(float64(Embedding, 5, 2), "E", lambda g: g / 2), np.array([1, 4, 4])
    ).failed == ["E"]


def test_a_few_entries_are_drawn_by_seed(x):
    layer = wrong(float64(ElmanRNN, 3, 4), "U", lambda g: 2 * g)
    calls = []
    report = gradient_check(layer, x, entries=2, seed=3)
    assert report.failed == ["U"]
    assert report.rows == gradient_check(layer, x, entries=2, seed=3).rows

    def loss(arrays):
        calls.append(1)
        return (arrays["w"] ** 2).sum()

    w = np.arange(12.0).reshape(3, 4)
    assert compare_gradients(loss, {"w": w}, {"w": 2 * w}, method="complex", entries=5).passed
    assert len(calls) == 1 + 5

    def looked_at(seed):
        return [
            row.index for row in compare_gradients(loss, {"w": w}, {"w": 2 * w}, entries=1, seed=seed).rows
        ]

    assert looked_at(0) == looked_at(0) and len({*map(tuple, map(looked_at, range(5)))}) > 1


def test_the_table_fits_a_page(x):
    layer = Bidirectional(float64(LSTM, 3, 12), float64(GRU, 3, 12))
    report = gradient_check(layer, np.repeat(x, 10, axis=1), entries=1)
    lines = str(report).splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].split() == ["array", "shape", "entry", "analytic", "numeric", "error", "ok"]
    assert repr(report) == str(report)


def test_a_wrong_layer_or_input_is_refused(x):
    with pytest.raises(TypeError, match="layer must be a layer of rnnbook\\.numpy, got int"):
        gradient_check(3, x)
    with pytest.raises(ValueError, match=r"x must have shape \(batch, time, 2\), got \(2, 4, 3\)"):
        gradient_check(float64(ElmanRNN, 2, 2), x)
    with pytest.raises(TypeError, match="x must be float64, got int64; one-hot"):
        gradient_check(float64(ElmanRNN, 3, 2), np.ones((2, 4, 3), int))
    with pytest.raises(TypeError, match="Dense takes neither state nor lengths"):
        gradient_check(float64(Dense, 3, 2), x, lengths=LENGTHS)
    with pytest.raises(ValueError, match="method must be central for a Dense, got 'complex'"):
        gradient_check(float64(Dense, 3, 2), x, method="complex")


# compare_gradients


def cube(arrays):
    return (arrays["a"] ** 3).sum() * arrays["b"].sum()


A, B = np.array([[1.0, -2.0], [0.5, 3.0]]), np.array([0.5, 2.0])
RIGHT = {"a": 3 * A**2 * B.sum(), "b": np.full(2, (A**3).sum())}


@pytest.mark.parametrize("method", ["central", "complex"])
def test_your_own_function(method):
    report = compare_gradients(cube, {"a": A, "b": B}, RIGHT, method=method)
    assert report.passed, report
    report = compare_gradients(cube, {"a": A, "b": B}, RIGHT | {"b": -RIGHT["b"]}, method=method)
    assert report.failed == ["b"]


def test_the_complex_step_is_exact_to_rounding():
    assert compare_gradients(cube, {"a": A, "b": B}, RIGHT, method="complex").worst < 1e-15


def test_tolerance():
    slightly = RIGHT | {"b": RIGHT["b"] * (1 + 1e-4)}
    assert not compare_gradients(cube, {"a": A, "b": B}, slightly).passed
    assert compare_gradients(cube, {"a": A, "b": B}, slightly, tolerance=1e-3).passed


def test_vanishing_gradients_are_neither_waved_through_nor_drowned_in_rounding():
    """Where L is about 1 and its gradient 1e-7, the rounding of L alone is 1e-10 of a central difference."""
    loss = lambda arrays: 1.2345 + 1e-7 * np.sin(arrays["a"]).sum()
    right = 1e-7 * np.cos(A)
    assert compare_gradients(loss, {"a": A}, {"a": right}).passed
    assert not compare_gradients(loss, {"a": A}, {"a": -right}).passed


def test_a_gradient_of_zero():
    loss = lambda arrays: 0 * arrays["a"].sum()
    assert compare_gradients(loss, {"a": A}, {"a": np.zeros_like(A)}).passed
    assert not compare_gradients(loss, {"a": A}, {"a": np.full_like(A, 1e-12)}).passed


def test_a_scalar_array_and_an_empty_one():
    arrays = {"a": np.array(2.0), "b": np.zeros(0)}
    report = compare_gradients(
        lambda arrays: arrays["a"] ** 2, arrays, {"a": np.array(4.0), "b": np.zeros(0)}
    )
    assert report.passed, report


def test_a_loss_may_spoil_what_it_is_given():
    def loss(arrays):
        value = (arrays["a"] ** 2).sum()
        arrays["a"][:] = 0
        return value

    a = A.copy()
    assert compare_gradients(loss, {"a": a}, {"a": 2 * A}).passed
    np.testing.assert_array_equal(a, A)


def _stores_in_a_float_array(arrays):
    kept = np.empty(4)
    kept[:] = arrays["a"].reshape(-1) ** 2
    return kept.sum()


@pytest.mark.parametrize(
    "loss",
    [
        lambda arrays: np.abs(arrays["a"]).sum(),
        lambda arrays: arrays["a"].real.sum(),
        lambda arrays: arrays["a"].astype(float).sum(),
        lambda arrays: float(arrays["a"].sum()),
        lambda arrays: arrays["a"].astype(float).sum() + arrays["a"].sum(),
        _stores_in_a_float_array,
    ],
)
def test_a_complex_step_needs_the_imaginary_part(loss):
    with pytest.raises(ValueError, match="loss drops the imaginary part"):
        compare_gradients(loss, {"a": A}, {"a": A}, method="complex")


@pytest.mark.parametrize(
    ("arrays", "gradients", "options", "error", "message"),
    [
        (
            {"a": A, "b": B},
            {"a": A},
            {},
            ValueError,
            "gradients must have the names of arrays, a, b; they lack 'b'",
        ),
        (
            {"a": A},
            {"a": A, "c": A},
            {},
            ValueError,
            "gradients must have the names of arrays, a; they hold 'c'",
        ),
        ({"a": A}, {"a": A[0]}, {}, ValueError, "gradients['a'] must have shape (2, 2), got (2,)"),
        ({"a": np.ones(2, int)}, {"a": A[0]}, {}, TypeError, "arrays['a'] must be float, got int64"),
        (
            {"a": A},
            {"a": A},
            {"method": "guess"},
            ValueError,
            "method must be one of complex, central, got 'guess'",
        ),
        ({"a": A}, {"a": A}, {"entries": 0}, ValueError, "entries must be a positive integer, got 0"),
    ],
)
def test_errors(arrays, gradients, options, error, message):
    with pytest.raises(error) as raised:
        compare_gradients(lambda arrays: arrays["a"].sum(), arrays, gradients, **options)
    assert str(raised.value) == message


def test_a_loss_must_be_one_number():
    with pytest.raises(ValueError, match=r"loss must return one number, got shape \(2, 2\)"):
        compare_gradients(lambda arrays: arrays["a"], {"a": A}, {"a": A})
    with pytest.raises(ValueError, match="loss must be finite where the gradients were taken, got nan"):
        compare_gradients(lambda arrays: np.nan * arrays["a"].sum(), {"a": A}, {"a": A})


# agreement_check


def test_five_voices_agree(x):
    report = agreement_check(float64(LSTM, 3, 2), x, lengths=LENGTHS)
    assert report.passed, report
    assert report.voices == ("torch", "torch.nn", "tensorflow", "keras.layers")
    assert report.worst < 1e-14
    names = [row.name for row in report.rows]
    assert names[:3] == ["outputs", "final state.h", "final state.c"]
    assert names[3:] == [f"dL/d({name})" for name in ["W", "U", "b", "x", "state.h", "state.c"]]
    lines = str(report).splitlines()
    assert lines[-1] == "passed: 9 arrays, torch, torch.nn, tensorflow, keras.layers against numpy"
    assert max(map(len, lines)) <= 80


def test_what_a_library_lacks_is_said(x):
    report = agreement_check(float64(JordanRNN, 3, 2, 2), x)
    assert report.voices == ("torch", "tensorflow")
    assert set(report.absent) == {"torch.nn", "keras.layers"}
    assert "no torch.nn: torch.nn has no layer for the weights of a JordanRNN" in str(report)


def test_only_the_wings_asked_for_answer(x):
    layer = float64(GRU, 3, 2)
    assert agreement_check(layer, x, wings=("numpy", "torch")).voices == ("torch", "torch.nn")
    assert agreement_check(layer, x, libraries=False).voices == ("torch", "tensorflow")
    nobody = agreement_check(layer, x, wings=())
    assert not nobody.passed and str(nobody).endswith("FAILED: nobody was compared with numpy")
    with pytest.raises(ValueError, match="wings must be one of numpy, torch, tensorflow, got 'jax'"):
        agreement_check(layer, x, wings=("jax",))


@pytest.mark.parametrize("name", ["W", "U", "b", "x"])
def test_a_gradient_of_which_numpy_is_wrong_is_named_by_every_voice(x, name):
    report = agreement_check(wrong(float64(GRU, 3, 2), name, lambda g: 1.0001 * g), x)
    assert not report.passed
    assert report.failed == {voice: [f"dL/d({name})"] for voice in report.voices}
    assert f"FAILED: keras.layers: dL/d({name})" in str(report)


def test_one_wrong_voice_is_named(x, monkeypatch):
    import rnnbook.torch

    monkeypatch.setattr(rnnbook.torch.GRU, "forward", _spoilt(rnnbook.torch.GRU.forward))
    report = agreement_check(float64(GRU, 3, 2), x)
    assert set(report.failed) == {"torch"}
    assert report.failed["torch"][0] == "outputs"


def _spoilt(forward):
    def spoilt(self, x, state=None, lengths=None):
        outputs, after = forward(self, x, state, lengths)
        return outputs + 1e-9, after

    return spoilt


@pytest.mark.parametrize(
    ("said", "difference"),
    [
        ([0.5, -4.0, 0.0], 0.0),
        (
            [0.5, -4.4, 0.0],
            0.1,
        ),  # of one entry, however good the others are; relative where numbers are large
        ([0.5, -4.0, 0.2], 0.2),
        ([np.nan, -4.0, 0.0], np.inf),
        ([0.5, -4.0, np.inf], np.inf),
        ([0.5, -4.0], np.inf),
    ],
)
def test_a_difference_is_that_of_the_worst_entry(said, difference):
    expected = np.array([0.5, -4.0, 0.0])
    assert agreement._difference(np.array(said), expected) == pytest.approx(difference)
    assert agreement._difference(np.array(said, np.float32), expected) == np.inf


def test_agreement_in_float32_has_its_own_tolerance(x):
    layer = GRU(3, 2, rng=np.random.default_rng(0))
    report = agreement_check(layer, x.astype(np.float32))
    assert report.passed, report
    assert report.tolerance == 1e-5
    assert agreement_check(layer, x.astype(np.float32), tolerance=0).failed


def test_agreement_needs_a_recurrent_layer(x):
    with pytest.raises(TypeError, match="layer must be a recurrent layer of rnnbook\\.numpy, got Dense"):
        agreement_check(float64(Dense, 3, 2), x)


def test_global_generators_stay_where_they_are(x):
    import random

    import torch

    before = random.getstate(), torch.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    agreement_check(float64(LSTM, 3, 2), x, libraries=False)
    assert random.getstate() == before[0]
    assert torch.equal(torch.get_rng_state(), before[1])
    assert (np.random.get_state()[1] == before[2]).all()  # noqa: NPY002
