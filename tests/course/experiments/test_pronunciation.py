"""The pronunciation experiment: how it counts, that it trains in both wings, and what was kept."""

import numpy as np
import pytest

from rnnbook.course import experiments
from rnnbook.course.experiments import pronunciation
from rnnbook.data import pronunciations
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


def test_what_was_kept_reaches_its_goals():
    runs = experiments.load("pronunciation")["runs"]
    assert set(runs) == set(map(str, pronunciation.SEEDS))
    for run in runs.values():
        for name in ("GRU", "GRU, one epoch"):
            assert run[name]["phonemes"] <= 0.112 and run[name]["words"] <= 0.46
        assert run["GRU"]["phonemes"] < run["window"]["phonemes"] < run["letter alone"]["phonemes"]


@pytest.mark.slow
def test_a_short_run_on_a_part_of_the_dictionary():
    """A looser bound: of a sixth of the words, once; the letter alone has 41 % wrong after all."""
    import torch

    torch.set_num_threads(1)
    data = pronunciations.load()
    train = Pronunciations(*(column[::6] for column in data.train))
    validation = Pronunciations(*(column[::10] for column in data.validation))
    task = pronunciation.TASKS["GRU, one epoch"]
    model, _ = pronunciation.train(task, train, validation, seed=0)
    assert pronunciation.error_rates(pronunciation.predict(model, validation.words), validation)[0] < 0.22
