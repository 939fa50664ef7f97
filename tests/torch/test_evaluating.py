"""``with evaluating(model)`` switches dropout off, and gives every module its own mode back."""

import pytest
from torch import nn

from rnnbook.torch.weights import evaluating


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
