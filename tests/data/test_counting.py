"""Strings have as many b as a, and the arrays say what the strings say."""

import numpy as np
import pytest

from rnnbook.data import counting


@pytest.mark.parametrize("n", [1, 2, 7, np.int64(40)])
def test_strings(n):
    string = counting.string(n)
    assert string[0] == "S" and string[-1] == "E"
    assert string.count("a") == string.count("b") == n and len(string) == 2 * n + 2
    assert "ba" not in string


def test_continuations_by_hand():
    assert counting.continuations(1) == ["a", "ab", "E"]
    assert counting.continuations(3) == ["a", "ab", "ab", "ab", "b", "b", "E"]


@pytest.mark.parametrize("n", range(1, 12))
def test_what_comes_next_is_legal_and_a_b_leaves_no_choice(n):
    string, legal = counting.string(n), counting.continuations(n)
    assert all(after in may for after, may in zip(string[1:], legal, strict=True))
    assert all(len(may) == 1 for symbol, may in zip(string, legal, strict=False) if symbol == "b")
    # Where a second symbol may come, another string of the language goes that way.
    longer = counting.string(n + 1)
    assert all(longer[: t + 1] == string[: t + 1] for t, may in enumerate(legal) if may == "ab")


def test_the_arrays_say_what_the_strings_say():
    batch = counting.encode([3, 1])
    assert batch.x.shape == batch.targets.shape == batch.legal.shape == (2, 7, 4)
    assert batch.lengths.tolist() == [7, 3]
    for row, n in enumerate((3, 1)):
        length = 2 * n + 1
        assert batch.mask[row].sum() == length and batch.mask[row, :length].all()
        read = "".join(counting.SYMBOLS[k] for k in batch.x[row, :length].argmax(axis=-1))
        assert read == counting.string(n)[:-1]
        assert not batch.x[row, length:].any() and not batch.legal[row, length:].any()
        for step, may in enumerate(counting.continuations(n)):
            assert "".join(np.array(list("SabE"))[batch.legal[row, step]]) == may
            assert set(batch.targets[row, step][batch.legal[row, step]]) == {1 / len(may)}
    assert np.all(batch.targets.sum(axis=-1) == 1)
    single = counting.encode([2], np.float32)
    assert single.x.dtype == single.targets.dtype == np.float32


@pytest.mark.parametrize("n", [0, -1, 2.0, "3"])
def test_other_numbers_are_refused(n):
    with pytest.raises(ValueError, match="n must be a positive integer"):
        counting.string(n)


def test_no_numbers_are_refused():
    with pytest.raises(ValueError, match="at least one n"):
        counting.encode([])
