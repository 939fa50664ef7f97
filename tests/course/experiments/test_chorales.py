"""The composers learn: a short training beats what needs none, and the counts mean what they say."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from rnnbook.course import experiments
from rnnbook.course.experiments import chorales
from rnnbook.data import chorales as pieces
from rnnbook.tasks.music import sampling


@pytest.fixture(scope="module")
def data():
    return pieces.load()


@pytest.fixture(scope="module")
def small_part(data):
    return data.train._replace(
        names=data.train.names[:40], frames=data.train.frames[:40], shifts=data.train.shifts[:40]
    )


def test_baselines_by_plain_arithmetic(data):
    nats = chorales.baselines(data)
    # The entropy of 88 coins, each as biased as in training, on frames that are nearly as biased.
    p = np.clip(
        np.concatenate([pieces.piano_roll(frames) for frames in data.test.frames]).mean(axis=0), 1e-9, 1
    )
    entropy = -(p * np.log(p) + (1 - p) * np.log(1 - p + 1e-12)).sum()
    assert entropy < nats["keys, marginal"] < entropy + 0.2
    alone = chorales.markov_nats([np.zeros((5, 4), int)] * 50, [np.zeros((5, 4), int)])
    assert alone < 0.5  # a piece of silence is no surprise after fifty of them
    assert 7 < nats["voices, Markov"] < 9


def test_baselines_count_the_training_pieces_and_are_tested_on_the_test(data):
    few = type(data)(
        data.card,
        *(type(part)(*(column[:3] for column in part)) for part in (data.train, data.validation, data.test)),
    )
    rolls, symbols = (
        [list(map(view, part.frames)) for part in (few.train, few.test)]
        for view in (pieces.piano_roll, sampling.encode_frames)
    )
    assert chorales.baselines(few) == {
        "keys, marginal": chorales.marginal_nats(*rolls),
        "voices, Markov": chorales.markov_nats(*symbols),
    }


def test_a_markov_chain_is_the_counts_it_saw():
    """Two symbols that take turns, counted by hand."""
    piece = np.tile(np.array([[1], [2], [1], [2]]), 4)
    none, size = 0.1, sampling.VOCAB_SIZE
    first = np.log((1 + none) / (1 + none * size))
    one_two, two_one = (np.log((n + none) / (n + none * size)) for n in (2, 1))
    expected = -4 * (first + 2 * one_two + two_one) / 4
    assert chorales.markov_nats([piece], [piece]) == pytest.approx(expected)


NEIGHBOURS = {"context_size": 12, "key_size": 24}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("view", "options", "bound"), [("keys", {}, 10.9), ("keys", NEIGHBOURS, 10.4), ("voices", {}, 7.6)]
)
def test_a_short_training_is_better_than_no_model(data, small_part, view, options, bound):
    small = {
        "hidden_size": 48,
        "dropout": 0.1,
        "batch_size": 8,
        "learning_rate": 0.015,
        "epochs": 8,
    } | options
    part = type(data)(
        data.card, small_part, data.validation._replace(frames=data.validation.frames[:10]), small_part
    )
    model, history = chorales.train(part, view, small, seed=0)
    test = data.test._replace(frames=data.test.frames[:30])
    assert chorales.nats_per_frame(model, view, *chorales.VIEWS[view](test)) < bound
    assert history.losses[-1] < history.losses[0]


def test_kept_figures():
    for run in experiments.load("chorales")["runs"].values():
        nats = run["nats"]
        assert set(chorales.MODELS) < set(nats)
        assert nats["keys, GRU"] < nats["keys, no recurrence"] - 0.1
        assert nats["keys, GRU"] < nats["keys, plain, GRU"] - 0.1
        assert nats["keys, GRU"] < 8.31 and nats["keys, GRU, refit"] <= 8.3
        assert nats["voices, GRU"] <= 5.35 < nats["voices, Markov"]


@pytest.fixture
def small(data):
    """Three splits that differ, of a few pieces each."""
    rows = lambda part, count: type(part)(*(column[:count] for column in part))
    return type(data)(data.card, rows(data.train, 5), rows(data.validation, 4), rows(data.test, 3))


def sizes(*parts) -> list[int]:
    return sorted(len(frames) for part in parts for frames in part.frames)


@pytest.mark.parametrize("view", chorales.VIEWS)
@pytest.mark.parametrize("refit", [False, True])
def test_refit_trains_on_the_validation_pieces_too_and_nothing_on_the_test(view, refit, small, monkeypatch):
    fitted = []
    monkeypatch.setattr(chorales._train, "fit", lambda *given, **options: fitted.append(given))
    settings = chorales.PLAIN | {"hidden_size": 4}
    chorales.train(small, view, settings, seed=0, refit=refit)
    ((model, draw, loss, score, given),) = fitted
    trained = [length for _, lengths in draw(np.random.default_rng(0)) for length in lengths]
    assert sorted(trained) == sizes(small.train, *([small.validation] if refit else []))
    assert (loss, given) == (chorales.LOSSES[view], settings)
    assert (score is None) == refit
    if not refit:
        validation = chorales.VIEWS[view](small.validation)
        assert score(model) == -chorales.nats_per_frame(model, view, *validation)
        others = [chorales.VIEWS[view](part) for part in (small.train, small.test)]
        assert score(model) not in [-chorales.nats_per_frame(model, view, *other) for other in others]


def test_every_model_is_tested_on_the_test_pieces(small, monkeypatch):
    trained, tested, copied = [], [], []

    def train(given, view, settings, *, seed, **options):
        trained.append((given is small, view, settings, options))
        return view, SimpleNamespace(seconds=1.0, scores=[-2.0])

    def nats_per_frame(model, view, x, lengths):
        tested.append((model == view, sorted(lengths.tolist())))
        return 1.0

    def music_statistics(pieces, corpus):
        copied.append(corpus is small.train.frames)
        return {}

    monkeypatch.setattr(chorales.chorales, "load", lambda: small)
    for replaced in train, nats_per_frame, music_statistics:
        monkeypatch.setattr(chorales, replaced.__name__, replaced)
    monkeypatch.setattr(chorales.sampling, "compose", lambda model, *_, **__: [model])
    result = chorales.run(0)
    assert trained == [(True, *of) for of in chorales.MODELS.values()]
    assert tested == [(True, sizes(small.test))] * len(chorales.MODELS) and all(copied)
    assert result["nats"] == dict.fromkeys(chorales.MODELS, 1.0) | {
        name: round(value, 4) for name, value in chorales.baselines(small).items()
    }
    assert set(result["validation_curve"]) == {name for name in chorales.MODELS if "refit" not in name}


@pytest.mark.parametrize("view", chorales.VIEWS)
def test_a_window_sees_its_frames_and_no_others(view, small):
    """It answers for frame 9 from the frames 6 to 8."""
    model = chorales.build_model(view, {"hidden_size": 8}, seed=0, frames=3).eval()
    x = torch.as_tensor(chorales.VIEWS[view](small.test)[0][:1, :12])
    for frame in range(12):
        other = x.clone()
        other[:, frame] = 1 - other[:, frame] if view == "keys" else (other[:, frame] + 1) % 60
        with torch.no_grad():
            changed = (model(x) - model(other)).abs().flatten(2).amax(dim=2)[0] > 1e-7
        if view == "voices":
            changed[frame] = False  # within a frame the voices hear one another
        assert changed.nonzero()[:, 0].tolist() == list(range(frame + 1, min(frame + 4, 12)))


def test_a_window_composes_from_what_it_says():
    """The state of its sampling holds the very frames that ``forward`` reads."""
    model = chorales.build_model("voices", {"hidden_size": 8}, seed=0, frames=2).eval()
    symbols = sampling.encode_frames(sampling.compose(model, 5, np.random.default_rng(0)))
    state = model.init_state(1)
    for time in range(4):
        state = model.update_state(symbols[:, time], state)
    said = model.log_probabilities(0, symbols[:, 4], state)
    with torch.no_grad():
        expected = torch.log_softmax(model(torch.as_tensor(symbols))[:, 4, 0], dim=1).numpy()
    np.testing.assert_allclose(said, expected, atol=1e-5)


def test_bach_is_told_from_noise(data):
    rng = np.random.default_rng(0)
    real = chorales.excerpts(data.test, 10, 48)
    assert all(len(one) == 48 for one in real)
    noise = [rng.permuted(one, axis=0) for one in real]
    bach, shuffled = (chorales.music_statistics(each, data.train.frames[:50]) for each in (real, noise))
    assert bach["triads"] > 0.6 > 0.3 > shuffled["triads"]
    assert bach["crossings"] < 0.06 < shuffled["crossings"]
    own = chorales.music_statistics([data.train.frames[0][3:20]], data.train.frames[:5])
    assert own["longest_match"] == 17
