"""Linear recurrences: three orders, one result; three wings, one layer; gradients by differences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rnnbook
from rnnbook.checks import agreement_check, gradient_check
from rnnbook.checks.structure import tree_leaves, tree_map
from rnnbook.numpy import GRU, LRU, SLSTM, Bidirectional, MinGRU, MinLSTM, SelectiveSSM, Stacked
from rnnbook.numpy.scan import METHODS, scan, scan_backward
from tests.drawing import draw_state

drawn = settings(max_examples=60, derandomize=True, deadline=None, database=None)
orders = pytest.mark.parametrize("method", METHODS)

KINDS = {
    "MinGRU": lambda **o: MinGRU(3, 4, **o),
    "MinLSTM": lambda **o: MinLSTM(3, 4, **o),
    "LRU": lambda **o: LRU(3, 4, 2, max_phase=2.0, **o),
    "SelectiveSSM": lambda **o: SelectiveSSM(3, 2, **o),
    "SLSTM": lambda **o: SLSTM(3, 4, **o),
}
SCANNED = [kind for kind in KINDS if kind != "SLSTM"]


def made(kind: str, seed: int = 0, dtype=np.float64, **options):
    layer = KINDS[kind](dtype=dtype, rng=np.random.default_rng(seed), **options)
    rng = np.random.default_rng(seed + 100)
    layer.load_params(
        {
            name: (array + 0.3 * rng.standard_normal(array.shape)).astype(dtype)
            for name, array in layer.params.items()
        }
    )
    return layer


def numbers(rng, shape, is_complex: bool) -> np.ndarray:
    array = rng.standard_normal(shape)
    return array + 1j * rng.standard_normal(shape) if is_complex else array


# The scan


@orders
@drawn
@given(st.integers(1, 70), st.booleans(), st.integers(0, 999))
def test_every_order_gives_what_the_definition_gives(method, time, is_complex, seed):
    rng = np.random.default_rng(seed)
    a, b = numbers(rng, (time, 2, 3), is_complex), numbers(rng, (time, 2, 3), is_complex)
    h = before = numbers(rng, (2, 3), is_complex)
    expected = []
    for a_t, b_t in zip(a, b, strict=True):
        h = a_t * h + b_t
        expected.append(h)
    copies = a.copy(), b.copy(), before.copy()
    found = scan(a, b, before, method=method)
    scale = np.abs(expected).max()
    np.testing.assert_allclose(found / scale, np.array(expected) / scale, atol=1e-13)
    assert all(np.array_equal(one, copy) for one, copy in zip((a, b, before), copies, strict=True))


@orders
@pytest.mark.parametrize("is_complex", [False, True])
@pytest.mark.parametrize("time", [1, 2, 9, 17])
def test_gradients_of_every_wing(method, is_complex, time):
    """NumPy's by hand, PyTorch's and TensorFlow's functions, and PyTorch's autograd through a plain loop."""
    import tensorflow as tf
    import torch

    from rnnbook.tensorflow.scan import scan as tf_scan
    from rnnbook.torch.scan import scan as torch_scan

    rng = np.random.default_rng(time)
    a, b, d_h = (numbers(rng, (time, 2), is_complex) for _ in range(3))
    before = numbers(rng, (2,), is_complex)

    def by_torch(function):
        leaves = [torch.tensor(array, requires_grad=True) for array in (a, b, before)]
        function(*leaves).backward(torch.tensor(d_h))
        return [leaf.grad.numpy() for leaf in leaves]

    def plain(a, b, h):
        steps = []
        for t in range(time):
            h = a[t] * h + b[t]
            steps.append(h)
        return torch.stack(steps)

    expected = by_torch(plain)
    h = scan(a, b, before, method=method)
    leaves = [tf.constant(array) for array in (a, b, before)]
    with tf.GradientTape() as tape:
        tape.watch(leaves)
        outputs = tf_scan(*leaves, method=method)
    found = {
        "numpy": scan_backward(a, h, before, d_h, method=method),
        "torch": by_torch(lambda *leaves: torch_scan(*leaves, method=method)),
        "tensorflow": tape.gradient(outputs, leaves, output_gradients=tf.constant(d_h)),
    }
    np.testing.assert_allclose(outputs.numpy(), h, rtol=1e-12, atol=1e-12)
    for wing, gradients in found.items():
        for one, other in zip(gradients, expected, strict=True):
            np.testing.assert_allclose(np.asarray(one), other, rtol=1e-10, atol=1e-10, err_msg=wing)


@pytest.mark.parametrize("wing", ["numpy", "torch", "tensorflow"])
def test_a_scan_refuses_what_does_not_fit(wing):
    import importlib

    function = importlib.import_module(f"rnnbook.{wing}.scan").scan
    a, b, before = np.ones((3, 2)), np.ones((3, 2)), np.ones(2)
    with pytest.raises(ValueError, match="method must be one of loop, sweeps, chunked, got 'tree'"):
        function(a, b, before, method="tree")
    with pytest.raises(ValueError, match=r"b must have shape \(3, 2\), got \(2, 2\)"):
        function(a, b[:2], before)
    with pytest.raises(ValueError, match=r"before must have shape \(2,\), got \(3, 2\)"):
        function(a, b, a)


# The layers


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("start", ["zeros", "state"])
def test_gradients_by_the_complex_step(kind, start):
    layer = made(kind)
    rng = np.random.default_rng(1)
    state = draw_state(layer, 3, rng) if start == "state" else None
    if kind == "SLSTM" and state is not None:  # a normaliser is a sum of what cannot be negative
        state = (*state[:2], np.abs(state[2]) + 0.1, state[3])
    report = gradient_check(layer, rng.standard_normal((3, 6, 3)), state, [6, 2, 4])
    assert report.passed, str(report)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("lengths", [None, [6, 2, 4]])
def test_forward_is_the_step_repeated(kind, lengths):
    layer = made(kind)
    x = np.random.default_rng(2).standard_normal((3, 6, 3))
    outputs, state, _ = layer.forward(x, None, lengths)
    expected, expected_state = layer.loop(x, None, lengths)
    np.testing.assert_allclose(outputs, expected, atol=1e-12)
    for one, other in zip(layer._parts(state), layer._parts(expected_state), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)


@orders
@pytest.mark.parametrize("kind", SCANNED)
def test_every_order_gives_the_same_layer(kind, method):
    one, other = made(kind, method="loop"), made(kind, method=method)
    rng = np.random.default_rng(3)
    x, lengths = rng.standard_normal((2, 40, 3)), [40, 23]
    (outputs, _, tape), (others, _, other_tape) = (layer.forward(x, None, lengths) for layer in (one, other))
    np.testing.assert_allclose(others, outputs, rtol=1e-10, atol=1e-10)
    d_outputs = rng.standard_normal(outputs.shape)
    gradients, other_gradients = one.backward(tape, d_outputs), other.backward(other_tape, d_outputs)
    for name in one.params:
        np.testing.assert_allclose(other_gradients[name], gradients[name], rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["single", "bidirectional", "stacked"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_wings_agree(kind, form, dtype):
    layer = made(kind, dtype=dtype)
    if form == "bidirectional":
        layer = Bidirectional(layer, made(kind, 1, dtype))
    if form == "stacked":
        layer = Stacked([layer, GRU(layer.output_size, 3, dtype=dtype, rng=np.random.default_rng(2))])
    rng = np.random.default_rng(4)
    for lengths, state in ((None, None), ([5, 2, 4], None), ([5, 2, 4], "drawn")):
        if state is not None:
            _, state, _ = layer.forward(rng.standard_normal((3, 4, 3)).astype(dtype))
        x = rng.standard_normal((3, 5, 3)).astype(dtype)
        # Turning by many radians loses digits in single precision: there an LRU is held to less.
        tolerance = 1e-4 if kind == "LRU" and dtype == np.float32 else None
        report = agreement_check(layer, x, state, lengths, libraries=False)
        worst = report.worst
        assert report.voices == ("torch", "tensorflow")
        assert report.passed if tolerance is None else worst < tolerance, str(report)


@pytest.mark.parametrize("wing", ["torch", "tensorflow"])
@pytest.mark.parametrize("kind", KINDS)
def test_steps_are_what_the_sequence_is_made_of(kind, wing):
    layer = made(kind)
    sizes = [value for name, value in layer.spec.options.items() if name.endswith("_size")]
    twin = getattr(getattr(rnnbook, wing), kind)(*sizes, dtype="float64")
    twin.load_params(layer.params)
    rng = np.random.default_rng(8)
    x = rng.standard_normal((2, 5, 3))
    _, state, _ = layer.forward(rng.standard_normal((2, 3, 3)))
    outputs, after, _ = layer.forward(x, state)
    if wing == "torch":
        import torch

        x, state = torch.tensor(x), tree_map(torch.tensor, state)
    for t in range(5):
        output, state = twin.step(x[:, t], state)
        np.testing.assert_allclose(_numpy(output), outputs[:, t], atol=1e-12)
    for actual, expected in zip(tree_leaves(tree_map(_numpy, state)), tree_leaves(after), strict=True):
        np.testing.assert_allclose(actual, expected, atol=1e-12)


def _numpy(tensor) -> np.ndarray:
    return (tensor.detach() if hasattr(tensor, "detach") else tensor).numpy()


@pytest.mark.parametrize("kind", KINDS)
def test_one_seed_starts_all_wings_alike(kind):
    reference = KINDS[kind](rng=np.random.default_rng(5))
    sizes = [value for name, value in reference.spec.options.items() if name.endswith("_size")]
    options = {"max_phase": 2.0} if kind == "LRU" else {}
    for wing in ("torch", "tensorflow"):
        layer = getattr(getattr(rnnbook, wing), kind)(*sizes, **options, rng=np.random.default_rng(5))
        params = layer.params
        assert list(params) == list(reference.params)
        assert all(np.array_equal(params[name], reference.params[name]) for name in params)


def test_an_lru_starts_on_its_ring_and_keeps_the_size_of_its_inputs():
    layer = LRU(
        20, 1000, 2, r_min=0.5, r_max=0.8, max_phase=1.0, rng=np.random.default_rng(0), dtype=np.float64
    )
    size, phase = np.exp(-np.exp(layer.params["nu"])), np.exp(layer.params["theta"])
    assert 0.5 < size.min() and size.max() < 0.8 and 0 < phase.min() and phase.max() <= 1
    # Even over the area of the ring: half of it lies outside this radius.
    assert np.mean(size > np.sqrt((0.25 + 0.64) / 2)) == pytest.approx(0.5, abs=0.03)
    x = np.random.default_rng(1).standard_normal((50, 50, 20))
    _, (re, im), _ = layer.forward(x)
    assert np.mean(re**2 + im**2) == pytest.approx(1, rel=0.1)


def test_the_stabiliser_does_what_it_is_for():
    layer = made("SLSTM", dtype=np.float32)
    x = 200 * np.random.default_rng(0).standard_normal((2, 300, 3)).astype(np.float32)
    outputs, state, tape = layer.forward(x)
    gradients = layer.backward(tape, np.ones_like(outputs))
    assert np.isfinite(outputs).all() and all(np.isfinite(array).all() for array in gradients["state"])
    with np.errstate(over="ignore"):
        assert np.isinf(
            np.exp(np.float32(np.abs(x @ layer.params["W"].T).max()))
        )  # what exp alone would give
    # Shifting m, with c and n scaled to match, is the same state.
    h, c, n, m = (part.astype(np.float64) for part in state)
    double = made("SLSTM")
    next_x = np.ones((2, 1, 3))
    one, _, _ = double.forward(next_x, (h, c, n, m))
    other, _, _ = double.forward(next_x, (h, c * np.exp(-3), n * np.exp(-3), m + 3))
    np.testing.assert_allclose(one, other, rtol=1e-10)


@pytest.mark.parametrize("wing", ["numpy", "torch", "tensorflow"])
def test_arguments_are_refused_in_the_same_words(wing):
    module = getattr(rnnbook, wing)
    with pytest.raises(ValueError, match="method must be one of loop, sweeps, chunked, got 'tree'"):
        module.MinGRU(2, 3, method="tree")
    with pytest.raises(ValueError, match=r"r_max must be above r_min and below 1, got 0\.9 and 0\.5"):
        module.LRU(2, 3, 4, r_min=0.9, r_max=0.5)
    with pytest.raises(ValueError, match=r"max_phase must lie above 0 and at most at 2 pi, got 7"):
        module.LRU(2, 3, 4, max_phase=7)
    with pytest.raises(ValueError, match="state_size must be a positive integer, got 0"):
        module.SelectiveSSM(2, 0)
    with pytest.raises(TypeError, match=r"hidden_size must be a positive integer, got 2\.5"):
        module.SLSTM(2, 2.5)


@pytest.mark.parametrize("kind", KINDS)
def test_keras_can_save_them(kind, tmp_path):
    import keras

    sizes = [v for name, v in KINDS[kind]().spec.options.items() if name.endswith("_size")]
    options = {"method": "sweeps"} if kind in SCANNED else {}
    layer = getattr(rnnbook.tensorflow, kind)(*sizes, return_state=False, **options)
    inputs = keras.Input((None, 3))
    model = keras.Model(inputs, layer(inputs))
    x = np.random.default_rng(0).standard_normal((2, 5, 3)).astype(np.float32)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(loaded.predict(x, verbose=0), model.predict(x, verbose=0), rtol=1e-6)
    assert loaded.layers[1].get_config() == layer.get_config()
    assert getattr(loaded.layers[1], "method", None) == options.get("method")


@pytest.mark.parametrize("kind", SCANNED)
def test_a_mask_with_holes_keeps_the_state(kind):
    """Keras masks may leave out any step, the first ones too: a Bidirectional layer turns padding round."""
    layer = made(kind)
    twin = getattr(rnnbook.tensorflow, kind)(
        *[v for name, v in layer.spec.options.items() if name.endswith("_size")], dtype="float64"
    )
    twin.load_params(layer.params)
    x = np.random.default_rng(6).standard_normal((1, 7, 3))
    mask = np.array([[False, True, True, False, True, False, True]])
    outputs, state = twin(x, mask=mask)
    expected, expected_state, _ = layer.forward(x[:, mask[0]])
    np.testing.assert_allclose(outputs.numpy()[:, mask[0]], expected, atol=1e-12)
    assert not outputs.numpy()[:, ~mask[0]].any()
    for one, other in zip(layer._parts(state), layer._parts(expected_state), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)


def run_in(wing: str, layer, x):
    """Outputs of another wing's layer for ``x``, and the gradients of their sum with respect to ``x``."""
    if wing == "numpy":
        outputs, _, tape = layer.forward(x)
        return outputs, layer.backward(tape, np.ones_like(outputs))["x"]
    if wing == "torch":
        import torch

        x = torch.tensor(x, requires_grad=True)
        outputs, _ = layer(x)
        outputs.sum().backward()
        return outputs.detach().numpy(), x.grad.numpy()
    import tensorflow as tf

    x = tf.Variable(x)
    with tf.GradientTape() as tape:
        outputs, _ = layer(x)
    return outputs.numpy(), tape.gradient(outputs, x).numpy()


@pytest.mark.parametrize("wing", ["numpy", "torch", "tensorflow"])
@pytest.mark.parametrize(
    "gates",
    [
        pytest.param([[-1000, 0, 1, 9]], id="an empty memory takes the faintest input"),
        pytest.param([[300, 0, 1, 9], [0, -200, -1, 9]], id="a strong memory outlives a closed gate"),
    ],
)
def test_the_stabiliser_at_its_limits(wing, gates):
    """The gates i, f, z, o are the inputs: what is shown is σ(9) tanh(1) at every step."""
    layer = getattr(rnnbook, wing).SLSTM(4, 1, dtype="float32")
    zeros = {name: np.zeros_like(array) for name, array in layer.params.items()}
    layer.load_params(zeros | {"W": np.eye(4, dtype=np.float32)})
    outputs, d_x = run_in(wing, layer, np.array([gates], np.float32))
    np.testing.assert_allclose(outputs, np.tanh(1) / (1 + np.exp(-9)), rtol=1e-6)
    assert np.isfinite(d_x).all()


@pytest.mark.parametrize("wing", ["numpy", "torch", "tensorflow"])
def test_a_large_step_of_a_selective_ssm_does_not_overflow(wing):
    layer = getattr(rnnbook, wing).SelectiveSSM(2, 3, dtype="float32")
    ones = {name: np.ones_like(array) for name, array in layer.params.items()}
    layer.load_params(ones | {"W_step": 0 * ones["W_step"], "b_step": 200 * ones["b_step"]})
    outputs, d_x = run_in(wing, layer, np.full((1, 2, 2), 0.5, np.float32))
    # Δ = 200, B = C = 0.5 + 0.5, and exp(-200 e) of what was there is nothing: y = 3 * 200 * 0.5 + 0.5.
    np.testing.assert_allclose(outputs, 300.5, rtol=1e-6)
    assert np.isfinite(d_x).all()


@pytest.mark.parametrize("wing", ["numpy", "torch", "tensorflow"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_min_lstm_whose_gates_are_both_closed(wing, dtype):
    """The gates f, i and what n offers are the inputs: what is kept is σ(log σ(f) - log σ(i))."""
    layer = getattr(rnnbook, wing).MinLSTM(3, 1, dtype=dtype)
    layer.load_params({"W": np.eye(3, dtype=dtype), "b": np.zeros(3, dtype)})
    closed = [-900, -899, -104, -103.5, -88, -87, -50, -18, -17, -12, -9, -7, -1, 30]
    gates = np.array([(f, i) for f in closed for i in closed]).repeat(2, axis=0)
    x = np.stack([np.insert(gates, 2, np.tile([1, 0], len(gates) // 2), axis=1)[:, None]]).astype(dtype)
    x = x.reshape(-1, 2, 3)  # each pair of gates for two steps, which are offered 1 and then 0

    outputs, d_x = run_in(wing, layer, x)

    f, i = (x[:, 0, gate].astype(np.float64) for gate in (0, 1))
    difference = np.logaddexp(0, -i) - np.logaddexp(0, -f)
    k = np.exp(-np.logaddexp(0, -difference))
    rest = np.exp(-np.logaddexp(0, difference))
    eps = np.finfo(dtype).eps
    tolerance = np.sqrt(eps) if wing == "numpy" else 20 * eps  # its σ is right to so many places, not digits
    np.testing.assert_allclose(outputs[:, 0, 0], rest, rtol=0, atol=tolerance)
    np.testing.assert_allclose(outputs[:, 1, 0], k * rest, rtol=0, atol=tolerance)
    # d/df of what is kept is k (1 - k) (1 - σ(f)): of h_1 + h_2 = (1 - k) + k (1 - k), it is -2k of that.
    d_f = -2 * k * k * rest * np.exp(-np.logaddexp(0, f))
    np.testing.assert_allclose(d_x[:, :, 0].sum(axis=1), d_f, rtol=0, atol=10 * tolerance)
    assert np.isfinite(d_x).all()
