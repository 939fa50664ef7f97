"""Expressions mean what Python says they mean, and their strings and trees agree."""

import numpy as np
import pytest

from rnnbook.data import expressions


def drawn(count=200, leaves=(1, 2, 3, 5, 8)):
    rng = np.random.default_rng(0)
    return [expressions.draw(int(rng.choice(leaves)), rng) for _ in range(count)]


def test_the_value_is_what_python_computes():
    for tree in drawn():
        assert expressions.value(tree) == eval(expressions.text(tree))


def test_values_by_hand():
    assert [expressions.value((a, "&", b)) for a in (0, 1) for b in (0, 1)] == [0, 0, 0, 1]
    assert [expressions.value((a, "|", b)) for a in (0, 1) for b in (0, 1)] == [0, 1, 1, 1]
    assert [expressions.value((a, "^", b)) for a in (0, 1) for b in (0, 1)] == [0, 1, 1, 0]
    assert expressions.text(((0, "&", 1), "^", 1)) == "((0&1)^1)"


def test_a_string_has_as_many_symbols_as_its_leaves_say():
    for tree in drawn():
        text = expressions.text(tree)
        assert len(text) == 4 * expressions.leaves(tree) - 3
        assert set(text) <= set(expressions.SYMBOLS)
        assert text.count("(") == text.count(")") == expressions.leaves(tree) - 1


def test_every_operator_leaf_and_shape_is_drawn():
    texts = {expressions.text(expressions.draw(3, np.random.default_rng(seed))) for seed in range(2000)}
    assert len(texts) == 2 * 3**2 * 2**3  # two shapes, two operators, three leaves


def test_new_ones_are_new():
    rng = np.random.default_rng(1)
    first = expressions.draw_new(100, [3, 4], rng)
    second = expressions.draw_new(100, [3, 4], rng, seen={expressions.text(tree) for tree in first})
    texts = [expressions.text(tree) for tree in first + second]
    assert len(set(texts)) == 200
    assert {expressions.leaves(tree) for tree in first} == {3, 4}


def test_what_cannot_be_drawn_is_said():
    with pytest.raises(ValueError, match="leaves must be at least 1, got 0"):
        expressions.draw(0, np.random.default_rng(0))
    with pytest.raises(RuntimeError, match="found only 2 of 3 new expressions"):
        expressions.draw_new(3, [1], np.random.default_rng(0))
