"""What the experiments share: models from a seed, and a loss without dropout."""

import numpy as np
import pytest

from rnnbook.course.experiments import _train


@pytest.mark.parametrize("wing", ["numpy", "torch"])
def test_a_seed_gives_its_weights(wing):
    sizes = {"embedding_size": 2, "hidden_size": 3}
    one, other, again = (
        _train.build_model("SequenceClassifier", 5, 2, seed=seed, wing=wing, **sizes).params
        for seed in (0, 1, 0)
    )
    assert all(np.array_equal(one[name], again[name]) for name in one)
    assert any(not np.array_equal(one[name], other[name]) for name in one)


def test_a_mean_loss_is_without_dropout():
    model = _train.build_model("SATBModel", 6, seed=0, hidden_size=8, dropout=0.9)
    batch = np.random.default_rng(0).integers(0, 6, (2, 5, 4)), np.array([5, 4])
    model.train()
    assert _train.mean_loss(model, "satb_loss", batch) == _train.mean_loss(model, "satb_loss", batch)
    assert model.training
