"""The pronunciation experiment: how it counts, that it trains in both wings, and what was kept."""

from types import SimpleNamespace

import numpy as np
import pytest

from rnnbook.course import experiments
from rnnbook.course.experiments import pronunciation
from rnnbook.data import Dataset, pronunciations
from rnnbook.data.pronunciations import Pronunciations


def part(**words) -> Pronunciations:
    phonemes = np.empty(len(words), object)
    phonemes[:] = list(words.values())
    return Pronunciations(np.array(list(words)), phonemes)


TOY = part(
    ba=(("B", "AA"),),
    da=(("D", "AA"),),
    be=(("B", "IY"),),
    de=(("D", "IY"), ("D", "EH")),
    bab=(("B", "AE", "B"),),
)


def test_the_nearest_way_counts():
    predictions = [("B", "AA"), ("D",), ("B", "IY", "IY"), ("D", "EH"), ()]
    wrong, count = pronunciation.count_errors(predictions, TOY)
    assert wrong.tolist() == [0, 1, 1, 0, 3] and count.tolist() == [2, 2, 2, 2, 3]
    assert pronunciation.error_rates(predictions, TOY) == (5 / 11, 3 / 5)


def test_disagreement_counts_words_that_one_alone_says_wrong():
    right = [ways[0] for ways in TOY.phonemes]
    predictions = {"one": [("B",), *right[1:]], "other": [right[0], (), (), *right[3:]]}
    assert pronunciation.disagreement(predictions, TOY, "one", "other") == {
        "only one": 1,
        "only other": 2,
        "words": 5,
    }


def test_letter_ids():
    assert pronunciation.letter_ids("abz").tolist() == [1, 2, 26]
    for word in ("", "é", "A b"):
        with pytest.raises(ValueError, match="letters a to z"):
            pronunciation.letter_ids(word)


@pytest.mark.parametrize("wing", ["torch", "tensorflow"])
@pytest.mark.parametrize("kind", ["G2P", "WindowG2P"])
def test_it_learns_a_toy(wing, kind):
    options = {"hidden_size": 16} | ({"context_size": 1} if kind == "WindowG2P" else {})
    task = pronunciation.G2PTask(kind, 60, options, learning_rate=0.03, batch_size=5)
    model, history = pronunciation.train(task, TOY, TOY, seed=0, wing=wing)
    assert history.best_score == 0 and pronunciation.predict(model, ["ba", "bab"]) == [
        ("B", "AA"),
        ("B", "AE", "B"),
    ]


def test_every_model_is_tested_on_words_that_trained_no_model(monkeypatch):
    """By word and by lemma: what each model trains on, chooses by, and is tested on."""
    done = []
    rows = lambda *which: Pronunciations(*(column[list(which)] for column in TOY))
    data = {
        "word": Dataset(pronunciations.CARD, rows(0, 1), rows(2), rows(3, 4)),
        "lemma": Dataset(pronunciations.CARD, rows(4, 3), rows(2), rows(1, 0)),
    }

    def train(task, train, validation, *, seed):
        done.append((task, train.words.tolist(), validation.words.tolist()))
        return len(done), SimpleNamespace(best_score=-0.5, seconds=1.0)

    def predict(model, words):
        assert model == len(done)
        done[-1] += (words.tolist(),)
        return [()] * len(words)

    monkeypatch.setattr(pronunciations, "load", lambda by="word": data[by])
    monkeypatch.setattr(pronunciation, "has_related_form", lambda data: lambda word: word == "bab")
    monkeypatch.setattr(pronunciation, "run_kin", lambda seed: {"kin": seed})
    for replaced in train, predict:
        monkeypatch.setattr(pronunciation, replaced.__name__, replaced)
    result = pronunciation.run(0)
    by_lemma = [pronunciation.TASKS[name] for name in ("window", "GRU")]
    assert done == [
        *((task, ["ba", "da"], ["be"], ["de", "bab"]) for task in pronunciation.TASKS.values()),
        *((task, ["bab", "de"], ["be"], ["da", "ba"]) for task in by_lemma),
    ]
    assert {result[name]["phonemes"] for name in pronunciation.TASKS} == {1.0}
    assert result["wrong"] == {"only window": 0, "only GRU": 0, "words": 2} and result["kin"] == 0


def test_kin_are_taken_away_and_as_many_others():
    rows = lambda *words: part(**dict.fromkeys(words, (("B",),)))
    data = Dataset(
        pronunciations.CARD, rows("walks", "walking", "bay", "day", "way"), rows("talk"), rows("walk", "ray")
    )
    found = pronunciation.without_kin(data, np.random.default_rng(0))
    assert found["kin removed"].words.tolist() == ["bay", "day", "way"]
    control = found["others removed"].words.tolist()
    assert len(control) == 3 and {"walks", "walking"} < set(control)


def test_a_form_of_a_training_word_is_related():
    rows = lambda *words: part(**dict.fromkeys(words, (("B",),)))
    data = Dataset(pronunciations.CARD, rows("walks"), rows("talk"), rows("walked", "walk", "talked", "bay"))
    is_related = pronunciation.has_related_form(data)
    assert [is_related(word) for word in data.test.words] == [True, True, False, False]


def test_the_best_weights_are_those_of_validation(monkeypatch):
    fitted, asked = [], []
    monkeypatch.setattr(pronunciation._train, "fit", lambda *given, **options: fitted.append(given))
    ways = lambda model, words: asked.append(list(words)) or [("B", "IY")] * len(words)
    monkeypatch.setattr(pronunciation, "predict", ways)
    train, validation = (
        Pronunciations(*(column[rows] for column in TOY)) for rows in (slice(2), slice(2, 4))
    )
    pronunciation.train(pronunciation.G2PTask("G2P", 1, {"hidden_size": 4}), train, validation, seed=0)
    ((_, draw, loss, score, settings),) = fitted
    ((x, *_),) = draw(np.random.default_rng(0))
    assert sorted(x.tolist()) == [[2, 1], [4, 1]] and loss == "g2p_loss" and settings["epochs"] == 1
    assert score(None) == -0.25 and asked == [["be", "de"]]


def test_what_was_kept_reaches_its_goals():
    runs = experiments.load("pronunciation")["runs"]
    assert set(runs) == set(map(str, pronunciation.SEEDS))
    for run in runs.values():
        for name in ("GRU", "GRU, one epoch"):
            assert run[name]["phonemes"] <= 0.112 and run[name]["words"] <= 0.46
        assert run["GRU"]["phonemes"] < run["window"]["phonemes"] < run["letter alone"]["phonemes"]
