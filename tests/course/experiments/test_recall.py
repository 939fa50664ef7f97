"""Associative recall: the task, the delta rule step by step, and what was kept."""

import numpy as np
import pytest
import torch

from rnnbook.course import experiments
from rnnbook.course.experiments import recall


def test_each_key_is_asked_once_and_answered_with_its_value():
    x, y = recall.draw(np.random.default_rng(0), 8, 5)
    assert x.shape == (8, 10, recall.KEYS + recall.VALUES) and y.shape == (8, 5)
    keys, values = x[:, :, : recall.KEYS].argmax(2), x[:, :5, recall.KEYS :].argmax(2)
    assert (x[:, 5:, recall.KEYS :] == 0).all()
    for row in range(8):
        shown = dict(zip(keys[row, :5].tolist(), values[row].tolist(), strict=True))
        assert len(shown) == 5
        assert sorted(keys[row, 5:].tolist()) == sorted(shown)
        assert [shown[key] for key in keys[row, 5:].tolist()] == y[row].tolist()


def test_the_delta_rule_is_its_form_in_steps():
    rng = torch.Generator().manual_seed(0)
    q, k, v = torch.randn(3, 2, 7, 4, generator=rng, dtype=torch.float64)
    q, k = recall.unit(q), recall.unit(k)
    beta = torch.rand(2, 7, 1, generator=rng, dtype=torch.float64)
    S, read = torch.zeros(2, 4, 4, dtype=torch.float64), []
    for t in range(7):
        error = v[:, t] - torch.einsum("bij,bj->bi", S, k[:, t])
        S = S + beta[:, t, :, None] * error[:, :, None] * k[:, t, None, :]
        read.append(torch.einsum("bij,bj->bi", S, q[:, t]))
    assert torch.allclose(torch.stack(read, 1), recall.delta_rule(q, k, v, beta))


@pytest.mark.parametrize("seed", recall.SEEDS)
def test_what_was_kept_is_what_the_text_says(seed):
    run = experiments.load("recall")["runs"][str(seed)]
    wide, narrow = ({name: row["accuracy"]["16"] for name, row in run[w].items()} for w in ("64", "16"))
    assert wide["attention"] == wide["delta rule"] == narrow["attention"] == 1
    assert wide["GRU, longer"] > 0.999 and 0.88 <= wide["GRU"] < 0.915
    assert narrow["GRU"] < 0.42 and 0.52 < narrow["GRU, longer"] < 0.57
    assert (narrow["delta rule"] == 1) == (seed != 0)
