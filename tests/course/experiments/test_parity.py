"""The frame in which the networks keep track: what may change its sign, and what is counted as right."""

from itertools import combinations

import numpy as np
import pytest
import torch

from rnnbook.course.experiments import parity
from rnnbook.course.experiments.parity import TASKS, WIDTH, SignedMinGRU, SignedSSM, Tracker, TurningMinGRU
from rnnbook.data import tracking
from rnnbook.torch import MinGRU, SelectiveSSM


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize(
    ("task", "name", "num_layers"),
    [(task, *network) for task, networks in parity.CONFIGURATIONS.items() for network in networks],
)
@torch.no_grad()
def test_trackers_answer_every_step_and_see_no_later_one(task, name, num_layers):
    model = Tracker(name, TASKS[task], num_layers=num_layers)
    symbols, answers = map(torch.as_tensor, TASKS[task].draw(np.random.default_rng(0), 4, 10))
    logits = model(symbols)
    assert logits.shape == (4, 10, TASKS[task].num_classes) and int(answers.max()) < TASKS[task].num_classes
    other = symbols.clone()
    other[:, 6:] = (other[:, 6:] + 1) % TASKS[task].vocab_size
    later = model(other)
    torch.testing.assert_close(later[:, :6], logits[:, :6])
    assert float((later[:, 6:] - logits[:, 6:]).abs().max()) > 1e-4


@pytest.mark.parametrize(
    ("signed", "plain", "width"), [(SignedMinGRU, MinGRU, WIDTH), (SignedSSM, SelectiveSSM, 4)]
)
@torch.no_grad()
def test_signed_multipliers_are_twice_the_plain_ones_less_one(signed, plain, width):
    layers = [kind(WIDTH, width, dtype="float64", rng=np.random.default_rng(0)) for kind in (signed, plain)]
    x = torch.tensor(10 * np.random.default_rng(1).normal(size=(2, 9, WIDTH)))  # so that some forget
    ours, theirs = (layer._coefficients(x)[0] for layer in layers)
    torch.testing.assert_close(ours, 2 * theirs - 1)
    assert float(ours.min()) < 0 < float(theirs.min())
    outputs, state = layers[0](x)
    step = torch.zeros_like(state)
    for t in range(9):
        output, step = layers[0].step(x[:, t], step)
        torch.testing.assert_close(output, outputs[:, t])


@torch.no_grad()
def test_turning_units_turn_around_n_and_weigh_no_more():
    layer = TurningMinGRU(WIDTH, WIDTH, dtype="float64", rng=np.random.default_rng(0))
    x = torch.tensor(np.random.default_rng(1).normal(size=(2, 9, WIDTH)))
    a, b = layer._coefficients(x)
    assert a.shape == (2, 9, WIDTH // 2) and float(a.abs().max()) < 1
    n = b / (1 - a)
    torch.testing.assert_close(a * n + b, n)  # what stands at n stays there
    outputs, state = layer(x)
    step = torch.zeros_like(state)
    for t in range(9):
        output, step = layer.step(x[:, t], step)
        torch.testing.assert_close(output, outputs[:, t])
    plain = MinGRU(WIDTH, WIDTH)
    assert sum(p.numel() for p in layer.parameters()) == sum(p.numel() for p in plain.parameters())


def test_rotations_are_the_cups_without_swaps():
    moves, places = parity.rotations(np.random.default_rng(0), 5, 40)
    assert set(moves.ravel()) == {0, 4, 5}
    place = np.zeros(5, int)
    for t in range(40):
        place = tracking.MOVES[moves[:, t], place]
        np.testing.assert_array_equal(place, places[:, t])


def test_run_can_be_asked_for_some_tasks(monkeypatch):
    monkeypatch.setattr(
        parity, "CONFIGURATIONS", {"parity": [("GRU", 1)], "cups": [("MinGRU", 1), ("MinGRU", 2)]}
    )
    monkeypatch.setattr(
        parity,
        "train",
        lambda name, task, **_: (Tracker(name, TASKS[task]), {"losses": [1.0], "solved": None}),
    )
    assert {task: list(rows) for task, rows in parity.run(0, only=["cups"]).items()} == {
        "cups": ["MinGRU", "MinGRU, 2 layers"]
    }
    assert list(parity.run(0)) == ["parity", "cups"]
    with pytest.raises(ValueError, match="only must hold some of 'parity', 'cups', got"):
        parity.run(0, only=["chess"])


def test_accuracy_by_step_is_the_share_at_each_step():
    def model(symbols):
        return torch.nn.functional.one_hot(symbols, 2)  # answers with the symbol itself

    bits = np.array([[1, 0, 1], [0, 1, 0]])
    np.testing.assert_array_equal(parity.accuracy_by_step(model, bits, bits.cumsum(axis=1) % 2), [1, 0.5, 0])


def test_octaves_cover_every_step_once():
    assert parity.octaves(40) == [(1, 8), (9, 16), (17, 32), (33, 40)]


def test_a_network_that_can_solve_parity_does_and_stops():
    _, history = parity.train("SignedMinGRU", "parity", seed=0, num_batches=400)
    assert history["solved"] and len(history["losses"]) < 400


def test_training_validation_and_test_have_numbers_of_their_own(monkeypatch):
    drawn = []

    def draw(rng, batch_size, seq_len):
        symbols, answers = TASKS["parity"].draw(rng, batch_size, seq_len)
        drawn.append(symbols.ravel()[:500].tolist())
        return symbols, answers

    monkeypatch.setitem(parity.TASKS, "watched", TASKS["parity"]._replace(draw=draw))
    model, _ = parity.train("MinGRU", "watched", seed=0, num_batches=1)
    parity.evaluate(model, "watched", 0)
    assert len(drawn) == 3 and not any(one == other for one, other in combinations(drawn, 2))
    parity.train("MinGRU", "watched", seed=1, num_batches=1)
    assert len(set(map(tuple, drawn))) == 5  # and each seed has others


def test_solved_is_without_a_mistake(monkeypatch):
    shares = iter([[1, 0.99], [1, 1], [1, 1]])
    monkeypatch.setattr(parity, "accuracy_by_step", lambda *_: np.array(next(shares)))
    _, history = parity.train("MinGRU", "parity", seed=0, num_batches=2 * parity.EVAL_EVERY)
    assert history["solved"] == 2 * parity.EVAL_EVERY
