"""Weights that are computed from others, or shared: they are told truly, and a lost write is refused."""

import numpy as np
import pytest
import torch
from torch.nn.utils import parametrizations, parametrize, prune

from rnnbook.torch import GRU, LSTM, Bidirectional, Dense, SequenceClassifier, Stacked

D, H = 3, 4


def drawn(module, seed=0):
    rng = np.random.default_rng(seed)
    return {name: rng.standard_normal(a.shape).astype(a.dtype) for name, a in module.params.items()}


def assert_has(module, params, rtol=0.0):
    for name, array in module.params.items():
        np.testing.assert_allclose(array, params[name], rtol=rtol, atol=rtol)
        assert name in module.named_variables()


def assert_unchanged_after(module, params, message):
    before, x = {k: v.clone() for k, v in module.state_dict().items()}, torch.ones(2, 3, module.input_size)
    outputs = module(x)[0]
    with pytest.raises(ValueError, match=message):
        module.load_params(params)
    for name, value in module.state_dict().items():
        torch.testing.assert_close(value, before[name], rtol=0, atol=0)
    torch.testing.assert_close(module(x)[0], outputs)


def test_a_weight_norm_is_set_through():
    layer = parametrizations.weight_norm(GRU(D, H, rng=0), "U")
    params = drawn(layer)
    layer.load_params(params)
    assert_has(layer, params, rtol=1e-6)
    plain = GRU(D, H)
    plain.load_params(params)
    x = torch.randn(2, 5, D)
    torch.testing.assert_close(layer(x)[0], plain(x)[0])


@pytest.mark.parametrize("whole", ["bidirectional", "stacked", "model"])
def test_inside_other_layers(whole):
    layer = LSTM(D, H, rng=0)
    if whole == "bidirectional":
        module, name = Bidirectional(layer, GRU(D, H, rng=1)), "forward.U"
    elif whole == "stacked":
        module, name = Stacked([layer, GRU(H, 2, rng=1)]), "0.U"
    else:
        module = SequenceClassifier(5, 2, embedding_size=D, hidden_size=H, cell="LSTM", bidirectional=False)
        layer, name = module.encoder, "encoder.U"
    parametrizations.weight_norm(layer, "U")
    params = drawn(module)
    module.load_params(params)
    assert_has(module, params, rtol=1e-6)
    prune.random_unstructured(layer, "W", amount=0.5)
    with pytest.raises(ValueError, match=rf"params\['{name[:-1]}W'\] cannot be set"):
        module.load_params(params)


def test_an_orthogonal_weight_takes_orthogonal_values_alone():
    layer = parametrizations.orthogonal(GRU(D, H, rng=0), "U")
    orthogonal = GRU(D, H, rng=1).params
    orthogonal["U"] = np.linalg.qr(np.random.default_rng(0).standard_normal((3 * H, H)))[0].astype(np.float32)
    layer.load_params(orthogonal)
    assert_has(layer, orthogonal, rtol=1e-5)
    assert_unchanged_after(layer, drawn(layer), r"params\['U'\] cannot be set: the weight has other values")


def test_a_spectral_norm_refuses_what_it_would_change():
    layer = parametrizations.spectral_norm(GRU(D, H, rng=0), "U").eval()
    assert_unchanged_after(layer, drawn(layer), r"params\['U'\] cannot be set: the weight has other values")


def test_a_parametrization_without_a_way_back():
    class Doubled(torch.nn.Module):
        def forward(self, weight):
            return 2 * weight

    layer = GRU(D, H, rng=0)
    parametrize.register_parametrization(layer, "W", Doubled())
    np.testing.assert_array_equal(layer.params["W"], 2 * GRU(D, H, rng=0).params["W"])
    assert_unchanged_after(layer, drawn(layer), r"params\['W'\] cannot be set: ")


def test_what_was_written_before_a_refusal_is_taken_back():
    """``U`` is checked, and written, after ``W``: its parametrization alone knows that it has no way back."""

    class Squared(torch.nn.Module):
        def forward(self, weight):
            return weight**2

        def right_inverse(self, weight):
            if weight.min() < 0:
                raise ValueError("a square is not negative")
            return weight.sqrt()

    layer = GRU(D, H, rng=0)
    with torch.no_grad():
        layer.U.abs_()
    parametrize.register_parametrization(layer, "U", Squared())
    assert_unchanged_after(layer, drawn(layer), r"params\['U'\] cannot be set: a square is not negative")


def test_pruned_weights():
    layer = prune.l1_unstructured(GRU(D, H, rng=0), "U", amount=0.5)
    assert_unchanged_after(layer, drawn(layer), r"params\['U'\] cannot be set: .* undo that first")
    with torch.no_grad():
        layer.U_orig.mul_(2)  # as a step of training does: the next call computes U anew
    np.testing.assert_array_equal(layer.params["U"], (layer.U_orig * layer.U_mask).detach().numpy())
    assert (layer.params["U"] == 0).mean() == 0.5
    prune.remove(layer, "U")
    layer.load_params(drawn(layer))
    assert_has(layer, drawn(layer))


@pytest.mark.filterwarnings("ignore:.*weight_norm")
def test_the_old_weight_norm():
    layer = torch.nn.utils.weight_norm(GRU(D, H, rng=0), "U")
    assert_unchanged_after(layer, drawn(layer), r"params\['U'\] cannot be set: .* undo that first")
    with torch.no_grad():
        layer.U_g.mul_(2)
    np.testing.assert_allclose(layer.params["U"], 2 * GRU(D, H, rng=0).params["U"], rtol=1e-5)


def test_weights_that_are_shared():
    stack = Stacked([GRU(H, H, rng=0), GRU(H, H, rng=1)])
    stack.layers[1].U = stack.layers[0].U
    assert_unchanged_after(stack, drawn(stack), r"params\['0.U'\] cannot be set: .* another name shares it")
    params = drawn(stack)
    params["1.U"] = params["0.U"]
    stack.load_params(params)
    assert_has(stack, params)


def test_weights_without_memory():
    layer = Dense(D, H, device="meta")
    with pytest.raises(ValueError, match=r"params\['W'\] cannot be set: on the device meta"):
        layer.load_params(Dense(D, H).params)


def test_arrays_of_any_byte_order_and_layout():
    layer, params = LSTM(D, H), drawn(LSTM(D, H))
    layer.load_params({name: np.asfortranarray(a.astype(">f4")) for name, a in params.items()})
    assert_has(layer, params)
    with pytest.raises(TypeError, match=r"params\['W'\] must be an array without a mask"):
        layer.load_params(params | {"W": np.ma.masked_array(params["W"])})
