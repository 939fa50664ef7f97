"""``with evaluating(model)`` switches dropout off, and gives every module its own mode back."""

import inspect

import pytest
import torch
from torch import nn

import rnnbook.torch
from rnnbook.checks.structure import tree_leaves
from rnnbook.torch.weights import evaluating
from tests.fuzz.arguments import MODELS, OF_NUMPY


def test_modes_come_back_one_by_one():
    model = nn.Sequential(nn.Dropout(0.5), nn.Sequential(nn.Dropout(0.5)))
    model[1].eval()  # a part that is kept from training
    with evaluating(model) as same:
        assert same is model
        assert not any(module.training for module in model.modules())
    assert model.training and model[0].training
    assert not model[1].training and not model[1][0].training


def test_modes_come_back_after_an_error():
    model = nn.Dropout(0.5)
    with pytest.raises(RuntimeError, match="in the middle"), evaluating(model):
        raise RuntimeError("in the middle")
    assert model.training


def test_autocast_is_off_inside():
    model = nn.Linear(2, 3)
    with torch.autocast("cpu", torch.bfloat16), evaluating(model):
        assert model(torch.ones(1, 2)).dtype == torch.float32


ANSWERS = [(kind, name) for kind, (_, calls) in MODELS.items() for name in calls if name]


@pytest.mark.parametrize(("kind", "name"), ANSWERS)
def test_answers_come_without_dropout_and_leave_the_modes(kind, name):
    options, calls = MODELS[kind]
    if "dropout" in inspect.signature(getattr(rnnbook.torch, kind)).parameters:
        options = options | {"dropout": 0.5}
    model = getattr(rnnbook.torch, kind)(**options, rng=0)
    list(model.children())[-1].eval()  # a part that is kept from training
    modes = [module.training for module in model.modules()]
    in_numpy = name in OF_NUMPY and (kind, name) != ("SequenceClassifier", "attention_weights")
    call = calls[name] if in_numpy else {key: torch.as_tensor(x) for key, x in calls[name].items()}
    first, again = (tree_leaves(getattr(model, name)(**call)) for _ in range(2))
    for have, want in zip(first, again, strict=True):
        torch.testing.assert_close(torch.as_tensor(have), torch.as_tensor(want), rtol=0, atol=0)
    for key in call:
        with pytest.raises((ValueError, TypeError)):
            getattr(model, name)(**call | {key: "nothing"})
    assert [module.training for module in model.modules()] == modes
