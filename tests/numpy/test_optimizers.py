import numpy as np
import pytest

from rnnbook.numpy import SGD, Adam, Bidirectional, Dense, ElmanRNN, Momentum, RMSprop, clip_by_global_norm


def one_weight(value: float) -> Dense:
    layer = Dense(1, 1, dtype=np.float64)
    layer.load_params({"W": np.array([[value]]), "b": np.zeros(1)})
    return layer


def path_of(optimizer, layer, gradients) -> list[float]:
    """Where the one weight stands after each of the gradients."""
    path = []
    for gradient in gradients:
        optimizer.step([{"W": np.array([[gradient]]), "b": np.zeros(1)}])
        path.append(layer.params["W"].item())
    return path


def test_sgd_by_hand():
    layer = one_weight(1.0)
    assert path_of(SGD([layer], 0.5), layer, [1.0, -2.0]) == [0.5, 1.5]


def test_momentum_by_hand():
    layer = one_weight(1.0)
    v_1 = 1.0
    v_2 = 0.25 * v_1 - 2.0
    assert path_of(Momentum([layer], 0.5, momentum=0.25), layer, [1.0, -2.0]) == [0.5, 0.5 - 0.5 * v_2]


def test_rmsprop_by_hand():
    layer = one_weight(1.0)
    s_1 = 0.25 * 2.0**2
    w_1 = 1.0 - 0.1 * 2.0 / (np.sqrt(s_1) + 0.5)
    s_2 = 0.75 * s_1 + 0.25 * 1.0
    w_2 = w_1 - 0.1 * -1.0 / (np.sqrt(s_2) + 0.5)
    path = path_of(RMSprop([layer], 0.1, decay=0.75, epsilon=0.5), layer, [2.0, -1.0])
    np.testing.assert_allclose(path, [w_1, w_2], rtol=1e-14)


def test_adam_by_hand():
    layer = one_weight(1.0)
    w_1 = 1.0 - 0.1 * 2.0 / (2.0 + 0.5)  # at the first step both averages, corrected, are the gradient's own
    m_hat = (0.5 * (0.5 * 2.0) + 0.5 * -1.0) / (1 - 0.5**2)
    v_hat = (0.75 * (0.25 * 4.0) + 0.25 * 1.0) / (1 - 0.75**2)
    w_2 = w_1 - 0.1 * m_hat / (np.sqrt(v_hat) + 0.5)
    path = path_of(Adam([layer], 0.1, beta1=0.5, beta2=0.75, epsilon=0.5), layer, [2.0, -1.0])
    np.testing.assert_allclose(path, [w_1, w_2], rtol=1e-14)


def test_decoupled_weight_decay_by_hand():
    """A weight without a slope shrinks by the rate times the decay, whatever else Adam does."""
    layer = one_weight(2.0)
    path = path_of(Adam([layer], 0.1, weight_decay=0.5), layer, [0.0, 0.0])
    np.testing.assert_allclose(path, [2.0 * 0.95, 2.0 * 0.95**2], rtol=1e-14)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (lambda layers: SGD(layers, 0.1), lambda optim, weights: optim.SGD(weights, 0.1)),
        (
            lambda layers: Momentum(layers, 0.1, momentum=0.8),
            lambda optim, weights: optim.SGD(weights, 0.1, momentum=0.8),
        ),
        (
            lambda layers: RMSprop(layers, 0.01, decay=0.8, epsilon=1e-6),
            lambda optim, weights: optim.RMSprop(weights, 0.01, alpha=0.8, eps=1e-6),
        ),
        (
            lambda layers: Adam(layers, 0.01, beta1=0.8, beta2=0.9, epsilon=1e-6),
            lambda optim, weights: optim.Adam(weights, 0.01, betas=(0.8, 0.9), eps=1e-6),
        ),
        (
            lambda layers: Adam(layers, 0.01, weight_decay=0.5),
            lambda optim, weights: optim.AdamW(weights, 0.01, weight_decay=0.5),
        ),
    ],
    ids=["SGD", "Momentum", "RMSprop", "Adam", "AdamW"],
)
def test_equals_torchs(ours, theirs):
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    layers = [ElmanRNN(2, 3, dtype=np.float64, rng=rng), Dense(3, 2, dtype=np.float64, rng=rng)]
    weights = [
        {name: torch.tensor(array, requires_grad=True) for name, array in layer.params.items()}
        for layer in layers
    ]
    optimizer = ours(layers)
    reference = theirs(torch.optim, [tensor for of_layer in weights for tensor in of_layer.values()])
    for _ in range(20):
        gradients = [
            {name: rng.standard_normal(array.shape) for name, array in layer.params.items()}
            for layer in layers
        ]
        optimizer.step(gradients)
        for of_layer, their_weights in zip(gradients, weights, strict=True):
            for name, tensor in their_weights.items():
                tensor.grad = torch.tensor(of_layer[name])
        reference.step()
    for layer, their_weights in zip(layers, weights, strict=True):
        for name, tensor in their_weights.items():
            np.testing.assert_allclose(layer.params[name], tensor.detach().numpy(), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("rule", [SGD, Momentum, RMSprop, Adam])
def test_weights_move_in_place_and_gradients_stay(rule):
    layer = Bidirectional(ElmanRNN(2, 3), ElmanRNN(2, 3))
    before = dict(layer.params)
    copies = {name: array.copy() for name, array in before.items()}
    optimizer = rule([layer])
    for _ in range(2):
        gradients = {name: np.ones_like(array) for name, array in before.items()}
        optimizer.step([gradients | {"x": None, "state": None}])
    for name, array in layer.params.items():
        assert array is before[name]
        assert array.dtype == np.float32
        assert (array < copies[name]).all()
        assert (gradients[name] == 1).all()


@pytest.mark.parametrize("rule", [SGD, Momentum, RMSprop, Adam])
def test_a_weight_without_a_gradient_is_passed_over(rule):
    """As the optimisers of PyTorch and TensorFlow do: neither a step nor a decay."""
    layers = [Dense(2, 2), Dense(2, 2)]
    options = {"weight_decay": 0.5} if rule is Adam else {}
    before = [{name: array.copy() for name, array in layer.params.items()} for layer in layers]
    rule(layers, **options).step([{"W": np.ones((2, 2), np.float32)}, {}])
    moved = [
        [not np.array_equal(array, kept[name]) for name, array in layer.params.items()]
        for layer, kept in zip(layers, before, strict=True)
    ]
    assert moved == [[True, False], [False, False]]


def test_bad_gradients_move_no_weight():
    layers = [Dense(2, 2), Dense(2, 2)]
    before = [{name: array.copy() for name, array in layer.params.items()} for layer in layers]
    good = {"W": np.ones((2, 2), np.float32), "b": np.ones(2, np.float32)}
    optimizer = Adam(layers, weight_decay=0.5)
    with pytest.raises(ValueError, match=r"gradients must be a list with one dict for each of 2 layers"):
        optimizer.step([good])
    with pytest.raises(ValueError, match=r"gradients\[1\] must have keys out of W, b, got w, x"):
        optimizer.step([good, {"w": good["W"], "x": good["W"]}])
    with pytest.raises(ValueError, match=r"gradients\[1\]\['b'\] must have shape \(2,\), got \(1,\)"):
        optimizer.step([good, good | {"b": np.ones(1)}])
    assert optimizer.steps == 0
    for layer, kept in zip(layers, before, strict=True):
        for name, array in layer.params.items():
            np.testing.assert_array_equal(array, kept[name])


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: SGD(Dense(1, 1)), TypeError, "layers must be a list of layers, got <"),
        (lambda: SGD([Dense(1, 1)], 0), ValueError, "learning_rate must be positive, got 0"),
        (lambda: SGD([Dense(1, 1)], float("nan")), ValueError, "learning_rate must be positive, got nan"),
        (lambda: SGD([Dense(1, 1)], float("inf")), ValueError, "learning_rate must be positive, got inf"),
        (
            lambda: Momentum([Dense(1, 1)], momentum=1.5),
            ValueError,
            "momentum must be a number in 0..1, got 1.5",
        ),
        (
            lambda: RMSprop([Dense(1, 1)], decay="high"),
            TypeError,
            "decay must be a number in 0..1, got 'high'",
        ),
        (lambda: Adam([Dense(1, 1)], beta1=-0.1), ValueError, "beta1 must be a number in 0..1, got -0.1"),
        (lambda: Adam([Dense(1, 1)], beta2=2), ValueError, "beta2 must be a number in 0..1, got 2"),
        (
            lambda: Adam([Dense(1, 1)], weight_decay=-1),
            ValueError,
            "weight_decay must be a number of 0 or more, got -1",
        ),
        (lambda: clip_by_global_norm({}, 0), ValueError, "max_norm must be positive, got 0"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error) as raised:
        call()
    assert str(raised.value).startswith(message)


# Clipping


def two_layers():
    """Gradients whose norm over the weights is sqrt(9 + 16 + 144) = 13; x and state do not count."""
    return [
        {
            "W": np.array([[3.0, 0.0]]),
            "b": np.array([4.0]),
            "x": np.array([100.0]),
            "state": np.array([100.0]),
        },
        {"W": np.array([[12.0]])},
    ]


def test_clipping_returns_the_norm_and_shrinks_every_weight_gradient():
    gradients = two_layers()
    arrays = [gradients[0]["W"], gradients[0]["b"], gradients[1]["W"]]
    assert clip_by_global_norm(gradients, 6.5) == 13
    assert [array.tolist() for array in arrays] == [[[1.5, 0.0]], [2.0], [[6.0]]]  # the very arrays, in place
    assert gradients[0]["x"] == gradients[0]["state"] == 100


def test_gradients_within_the_limit_are_left_alone():
    gradients, same = two_layers(), two_layers()
    assert clip_by_global_norm(gradients, 13.0) == 13
    for one, other in zip(gradients, same, strict=True):
        for name in one:
            np.testing.assert_array_equal(one[name], other[name])


def test_clipping_one_dict():
    gradients = two_layers()[1]
    assert clip_by_global_norm(gradients, 1.0) == 12
    assert gradients["W"] == 1


def test_clipping_equals_torchs():
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    gradients = {name: rng.standard_normal(size) for name, size in {"W": (3, 4), "b": 3}.items()}
    tensors = [
        torch.nn.Parameter(torch.zeros(array.shape, dtype=torch.float64)) for array in gradients.values()
    ]
    for tensor, array in zip(tensors, gradients.values(), strict=True):
        tensor.grad = torch.tensor(array)
    norm = clip_by_global_norm(gradients, 0.5)
    assert norm == pytest.approx(torch.nn.utils.clip_grad_norm_(tensors, 0.5).item(), rel=1e-12)
    for tensor, array in zip(tensors, gradients.values(), strict=True):
        np.testing.assert_allclose(array, tensor.grad.numpy(), rtol=1e-5)  # torch divides by norm + 1e-6


def test_the_norm_of_small_float32_numbers_does_not_vanish():
    gradients = {"W": np.full((10, 10), 1e-30, np.float32)}
    assert clip_by_global_norm(gradients, 1.0) == pytest.approx(1e-29)
