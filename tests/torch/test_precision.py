"""Half precision: a float32 layer inside ``torch.autocast``, and a module turned into another dtype."""

import copy
import io
import pickle

import numpy as np
import pytest
import torch

import rnnbook.numpy
import rnnbook.torch
from rnnbook.checks.structure import tree_leaves, tree_map
from tests.fuzz.arguments import LAYERS, MODELS, OF_NUMPY, OTHERS, B, D, H, T, _floats, _to_wing

LENGTHS = np.array([T, 2])


def _calls():
    for kind, options in LAYERS.items():
        yield kind, options, {"x": _floats(B, T, D), "lengths": LENGTHS}
    for kind, (options, call) in OTHERS.items():
        yield kind, options, call
    for kind, (options, calls) in MODELS.items():
        if "" in calls:
            yield kind, options, calls[""]


CALLS = {kind: (options, call) for kind, options, call in _calls()}
every_module = pytest.mark.parametrize("kind", CALLS)


def module_and_call(kind):
    options, call = CALLS[kind]
    module = getattr(rnnbook.torch, kind)(**options, rng=0).eval()
    return module, {name: _to_wing(array, "torch") for name, array in call.items()}


def floats_as(call, dtype):
    return {name: x.to(dtype) if x.is_floating_point() else x for name, x in call.items()}


def total(outputs):
    return sum(part.float().square().sum() for part in tree_leaves(outputs))


def gradients(module):
    found = {name: weight.grad for name, weight in module.named_parameters() if weight.grad is not None}
    module.zero_grad()
    return found


@every_module
@pytest.mark.parametrize("half", [torch.bfloat16, torch.float16])
def test_under_autocast_half_precision_is_taken_and_computed_in_float32(kind, half):
    module, call = module_and_call(kind)
    narrow = floats_as(call, half)
    expected = module(**floats_as(narrow, torch.float32))
    total(expected).backward()
    expected_gradients = gradients(module)
    with torch.autocast("cpu", dtype=half):
        outputs = module(**narrow)
    total(outputs).backward()
    torch.testing.assert_close(outputs, expected, rtol=0, atol=0)
    torch.testing.assert_close(gradients(module), expected_gradients, rtol=0, atol=0)


def test_under_autocast_states_and_single_steps_too():
    layer = rnnbook.torch.LSTM(D, H, rng=0)
    x = torch.randn(B, T, D).bfloat16()
    state = (torch.randn(B, H).bfloat16(), torch.randn(B, H).bfloat16())
    wide = tree_map(lambda part: part.float(), (x, state))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        torch.testing.assert_close(layer(x, state), layer(*wide), rtol=0, atol=0)
        output, after = layer.step(x[:, 0], state)
    torch.testing.assert_close((output, after), layer.step(wide[0][:, 0], wide[1]), rtol=0, atol=0)
    with pytest.raises(TypeError, match=r"x must be float32, got bfloat16; convert it to float32$"):
        layer(x)


def test_a_layer_between_layers_of_torch():
    model = torch.nn.ModuleList([torch.nn.Linear(D, D), rnnbook.torch.GRU(D, H), torch.nn.Linear(H, 2)])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        x = model[0](torch.randn(B, T, D))
        assert x.dtype == torch.bfloat16
        loss = model[2](model[1](x)[0]).float().square().mean()
    loss.backward()
    assert all(weight.grad.isfinite().all() for weight in model.parameters())


@every_module
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_modules_of_another_dtype_work_or_are_refused_in_one_sentence(kind, dtype):
    module, call = module_and_call(kind)
    expected = module(**call)
    module, call = module.to(dtype), floats_as(call, dtype)
    if kind == "LRU" and dtype != torch.float64:
        with pytest.raises(
            TypeError, match="LRU computes in complex numbers: it needs float32 or float64, got"
        ):
            module(**call)
        return
    outputs = module(**call)
    assert {part.dtype for part in tree_leaves(outputs)} == {dtype}
    rounded = {torch.float16: 0.02, torch.bfloat16: 0.1, torch.float64: 1e-5}[dtype]
    for have, want in zip(tree_leaves(outputs), tree_leaves(expected), strict=True):
        torch.testing.assert_close(have.float(), want, rtol=rounded, atol=rounded)
    total(outputs).backward()
    if dtype == torch.bfloat16:
        with pytest.raises(TypeError, match="NumPy, which has no bfloat16: convert the layer with float"):
            module.params  # noqa: B018
        with pytest.raises(TypeError, match="NumPy, which has no bfloat16"):
            module.load_params({})
    else:
        module.load_params(module.params)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("autocast", [False, True])
@pytest.mark.parametrize("kind", [kind for kind in MODELS if set(MODELS[kind][1]) & set(OF_NUMPY)])
def test_models_answer_in_numpy_in_any_precision(kind, dtype, autocast):
    options, calls = MODELS[kind]
    module = getattr(rnnbook.torch, kind)(**options, rng=0)
    module = module if autocast else module.to(dtype)
    for name, call in calls.items():
        if name not in OF_NUMPY or (kind, name) == ("SequenceClassifier", "attention_weights"):
            continue  # that answers in tensors
        if dtype == torch.float16 and not autocast:
            call = {key: _halved(value) for key, value in call.items()}
        with torch.autocast("cpu", dtype=dtype, enabled=autocast):
            answer = getattr(module, name)(**call)
        for part in tree_leaves(answer):
            assert np.isfinite(np.asarray(part)).all()


def _halved(value):
    return value.astype(np.float16) if isinstance(value, np.ndarray) and value.dtype.kind == "f" else value


@every_module
@pytest.mark.parametrize("way", ["deepcopy", "pickle", "save", "state_dict"])
def test_copies(kind, way):
    module, call = module_and_call(kind)
    if way == "deepcopy":
        copied = copy.deepcopy(module)
    elif way == "pickle":
        copied = pickle.loads(pickle.dumps(module))
    elif way == "save":
        file = io.BytesIO()
        torch.save(module, file)
        file.seek(0)
        copied = torch.load(file, weights_only=False)
    else:
        copied = getattr(rnnbook.torch, kind)(**CALLS[kind][0], rng=1).eval()
        copied.load_state_dict(module.state_dict())
    torch.testing.assert_close(copied(**call), module(**call), rtol=0, atol=0)
    with torch.no_grad():
        next(copied.parameters()).add_(1)  # it is a copy: the first stays what it was
    assert not torch.equal(next(copied.parameters()), next(module.parameters()))


@every_module
def test_one_seed_is_all_that_starting_weights_take(kind):
    options, _ = CALLS[kind]
    make = getattr(rnnbook.torch, kind)
    before = torch.get_rng_state(), np.random.get_state()[1].tolist()  # noqa: NPY002
    by_seed, by_generator = make(**options, rng=3), make(**options, rng=np.random.default_rng(3))
    assert torch.equal(torch.get_rng_state(), before[0])
    assert np.random.get_state()[1].tolist() == before[1]  # noqa: NPY002
    for name, array in by_seed.params.items():
        np.testing.assert_array_equal(array, by_generator.params[name])
    if hasattr(rnnbook.numpy, kind):
        for name, array in getattr(rnnbook.numpy, kind)(**options, rng=3).params.items():
            np.testing.assert_array_equal(array, by_seed.params[name])


def test_under_autocast_a_ctc_loss_is_summed_in_float32():
    logits = torch.tensor(np.random.default_rng(0).standard_normal((2, 9, 4)), dtype=torch.bfloat16)
    rest = torch.tensor([[1, 2], [3, 3]]), torch.tensor([9, 7]), torch.tensor([2, 2])
    with torch.autocast("cpu", torch.bfloat16):
        loss = rnnbook.torch.ctc_loss(logits, *rest)
    assert loss.dtype == torch.float32
    torch.testing.assert_close(loss, rnnbook.torch.ctc_loss(logits.float(), *rest))
