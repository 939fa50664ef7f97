"""Copies of the test in the training data: who reads which of the three splits."""

import numpy as np
import pytest

from rnnbook.course.experiments import copies
from rnnbook.data.customers import Comments


def comments(*texts: str) -> Comments:
    return Comments(np.array(texts, object), np.array(["好" in text for text in texts], int))


PARTS = (
    comments("好吃好", "差吃差", "很好", "很差"),
    comments("好好", "差"),
    comments("好差差", "差差", "吃好"),
)


def test_validation_chooses_the_penalty_and_letters_are_those_of_training(monkeypatch):
    scored, predicted = [], []

    class Model:
        def __init__(self, C, **options):
            self.C = C

        def fit(self, x, y):
            assert y.tolist() == PARTS[0].positive.tolist() and x.shape[0] == len(y)
            return self

        def score(self, x, y):
            scored.append((self.C, x.shape[0], y.tolist()))
            return -abs(self.C - 3)

        def predict(self, x):
            predicted.append((self.C, x.shape[0]))
            return np.array([1, 0, 0])

    monkeypatch.setattr(copies, "LogisticRegression", Model)
    c, scores, right = copies.fit_and_score(*PARTS)
    assert c == 3 and scores == [-abs(C - 3) for C in copies.C_VALUES]
    assert scored == [(C, 2, [1, 0]) for C in copies.C_VALUES] and predicted == [(3, 3)]
    assert right.tolist() == [True, True, False]
    vectorizer, _ = copies.fit(PARTS[0])
    assert set(vectorizer.vocabulary_) == {"好", "差", "吃", "很"}  # twice in the four texts, at least


def test_a_copy_is_a_test_line_that_stands_in_training(monkeypatch):
    texts = np.array([str(n % 60) for n in range(100)], object)
    monkeypatch.setattr(copies.customers, "lines", lambda: Comments(texts, np.zeros(100, int)))
    parts = []

    def fit_and_score(*given):
        parts.extend(given)
        return 3, [], np.isin(given[2].texts, given[0].texts)

    monkeypatch.setattr(copies, "fit_and_score", fit_and_score)
    result = copies.run_lines(0)
    assert [len(part.texts) for part in parts] == result["counts"] == [70, 15, 15]
    assert result["copied"] == 1 and result["new"] == 0
    assert (
        result["copied_share"]
        == result["test"]
        == pytest.approx(np.isin(parts[2].texts, parts[0].texts).mean())
    )
