"""The translators without a network do what their names say; IBM model 1 against sums written out."""

from itertools import product

import numpy as np
import pytest

from rnnbook.tasks.translation import tokenize
from rnnbook.tasks.translation_baselines import NULL_WORD, IBMModel1, NearestNeighborTranslator, copy

HOUSE = (["the house", "the book", "a book"], ["das haus", "das buch", "ein buch"])


def test_copy():
    assert copy("Paris 3") == "Paris 3"


def test_the_nearest_neighbour_is_the_likest():
    book = NearestNeighborTranslator(
        ["open the file", "close the file", "open the big old window"], ["a", "b", "c"]
    )
    assert [book(text) for text in ("open a file", "close it", "the old window")] == ["a", "b", "c"]
    assert book("close the file") == "b"
    assert book("nothing known") in "abc"
    book = NearestNeighborTranslator(["a a a b", "a b"], ["long", "short"])
    assert book("a b c") == "short"  # all that the long one shares, in fewer words, and each word once


def by_enumeration(texts, translations, rounds: int) -> dict[tuple[str, str], float]:
    """Expectation maximisation over whole alignments, every one of them written out, as the paper begins."""
    pairs = [
        ([NULL_WORD, *tokenize(text)], tokenize(translation))
        for text, translation in zip(texts, translations, strict=True)
    ]
    t = {(e, f): 1.0 for es, fs in pairs for e in es for f in fs}
    for _ in range(rounds):
        counted = dict.fromkeys(t, 0.0)
        for es, fs in pairs:
            alignments = list(product(range(len(es)), repeat=len(fs)))
            likely = [np.prod([t[es[s], f] for s, f in zip(a, fs, strict=True)]) for a in alignments]
            for a, weight in zip(alignments, np.array(likely) / np.sum(likely), strict=True):
                for s, f in zip(a, fs, strict=True):
                    counted[es[s], f] += weight
        totals = {e: sum(count for (one, _), count in counted.items() if one == e) for e, _ in t}
        t = {(e, f): count / totals[e] for (e, f), count in counted.items()}
    return t


@pytest.mark.parametrize("rounds", [1, 2, 7])
def test_the_table_is_what_all_alignments_give(rounds):
    model = IBMModel1(*HOUSE, num_iterations=rounds)
    want = by_enumeration(*HOUSE, rounds)
    for word in model.sources:
        table = model.table(word, 99)
        assert sum(table.values()) == pytest.approx(1)
        assert table == pytest.approx({f: value for (e, f), value in want.items() if e == word})


def test_words_find_their_translations():
    model = IBMModel1(*HOUSE, num_iterations=30)
    assert model("a house") == "ein haus"
    assert model("the book") == "das buch"
    assert model("a new house") == "ein new haus"
    assert next(iter(model.table(" house"))) == " haus"


def test_bad_arguments_are_refused():
    with pytest.raises(ValueError, match="translations must be as many as texts, 2, got 1"):
        IBMModel1(["a", "b"], ["c"])
    with pytest.raises(ValueError, match="num_iterations must be a positive integer, got 0"):
        IBMModel1(["a"], ["c"], num_iterations=0)
    with pytest.raises(ValueError, match="word must be one of the training texts' tokens, got 'x'"):
        IBMModel1(["a"], ["c"]).table("x")
