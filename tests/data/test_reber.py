"""Strings are those of the grammars as they are published, and the arrays say what the strings say."""

from collections import Counter

import numpy as np
import pytest

from rnnbook.data import reber

GRAMMARS = {"plain": reber.REBER, "embedded": reber.EMBEDDED}
FIRST = ["BTBTXSETE", "BPBPTTTVVEPE", "BTBTXXVVETE"]


def drawn(grammar, count=2000):
    rng = np.random.default_rng(0)
    return [reber.draw(grammar, rng) for _ in range(count)]


def expected_length(grammar):
    """From the transition table: the length from a node is one more than the mean over its choices."""
    nodes = list(grammar)
    system, ones = np.eye(len(nodes)), np.ones(len(nodes))
    for row, node in enumerate(nodes):
        for after in grammar[node].values():
            if after != "end":
                system[row, nodes.index(after)] -= 1 / len(grammar[node])
    return np.linalg.solve(system, ones)[nodes.index("start")]


@pytest.mark.parametrize("string", ["BTXSE", "BPVVE", "BTSSXXTVVE", "BTXXVPSE", "BPTVPXVPXVVE", "BPVPSE"])
def test_strings_of_the_grammar(string):
    assert len(reber.continuations(reber.REBER, string)) == len(string)
    for outer in "TP":
        assert reber.continuations(reber.EMBEDDED, f"B{outer}{string}{outer}E")


@pytest.mark.parametrize(
    ("string", "message"),
    [
        ("BTSSPXSE", "S or X may stand at place 4, got 'P'"),
        ("BPTVVB", "E may stand at place 5, got 'B'"),
        ("BTXXVVSE", "E may stand at place 6, got 'S'"),
        ("BTXSEE", "nothing may stand at place 5, got 'E'"),
        ("BTX", "not finished: SX may follow"),
        ("", "not finished"),
    ],
)
def test_other_strings_are_refused(string, message):
    with pytest.raises(ValueError, match=message):
        reber.continuations(reber.REBER, string)


def test_the_outer_symbols_must_match():
    with pytest.raises(ValueError, match="T may stand at place 7, got 'P'"):
        reber.continuations(reber.EMBEDDED, "BTBTXSEPE")


def test_continuations_by_hand():
    assert reber.continuations(reber.REBER, "BTXSE") == ["PT", "SX", "SX", "E", ""]
    inner = ["PT", "SX", "SX", "E"]
    assert reber.continuations(reber.EMBEDDED, "BPBTXSEPE") == ["PT", "B", *inner, "P", "E", ""]


@pytest.mark.parametrize("name", GRAMMARS)
def test_every_node_has_one_or_two_choices_that_lead_somewhere(name):
    grammar = GRAMMARS[name]
    reached = {after for choices in grammar.values() for after in choices.values()}
    assert reached - {"end"} == set(grammar) - {"start"}
    assert {len(choices) for choices in grammar.values()} == {1, 2}
    assert {symbol for choices in grammar.values() for symbol in choices} == set(reber.SYMBOLS)


@pytest.mark.parametrize(("name", "shortest", "mean"), [("plain", 5, 8), ("embedded", 9, 12)])
def test_lengths(name, shortest, mean):
    assert expected_length(GRAMMARS[name]) == pytest.approx(mean)
    lengths = [len(string) for string in drawn(GRAMMARS[name])]
    assert min(lengths) == shortest
    assert abs(np.mean(lengths) - mean) < 5 * np.std(lengths) / len(lengths) ** 0.5


@pytest.mark.parametrize("name", GRAMMARS)
def test_drawn_strings_belong_to_the_grammar_and_both_choices_are_even(name):
    strings = drawn(GRAMMARS[name])
    for string in strings:
        reber.continuations(GRAMMARS[name], string)
    second = Counter(string[1] for string in strings)
    assert set(second) == {"T", "P"}
    assert abs(second["T"] - 1000) < 5 * (2000 / 4) ** 0.5


def test_one_seed_gives_the_same_strings():
    # Results in the notebooks stand on these strings: they may not move unseen.
    assert drawn(reber.EMBEDDED, 3) == FIRST


def test_new_strings_are_new_and_different():
    seen = drawn(reber.EMBEDDED, 500)
    new = reber.draw_new(reber.EMBEDDED, 100, np.random.default_rng(1), seen)
    assert len(set(new)) == 100 and not set(new) & set(seen)
    assert np.mean([len(string) for string in new]) > np.mean([len(string) for string in seen])


def test_the_arrays_say_what_the_strings_say():
    strings = ["BTXSE", "BTSSXXTVVE"]
    batch = reber.encode(reber.REBER, strings)
    assert batch.lengths.tolist() == [4, 9]
    for row, string in enumerate(strings):
        length = len(string) - 1
        assert batch.mask[row].tolist() == [True] * length + [False] * (9 - length)
        read = "".join(reber.SYMBOLS[k] for k in batch.x[row, :length].argmax(axis=-1))
        asked = "".join(reber.SYMBOLS[k] for k in batch.targets[row, :length])
        assert (read, asked) == (string[:-1], string[1:])
        assert np.all(batch.x[row, :length].sum(axis=-1) == 1) and not batch.x[row, length:].any()
        legal = [
            "".join(sorted(s for s, may in zip(reber.SYMBOLS, step, strict=True) if may))
            for step in batch.legal[row, :length]
        ]
        assert legal == reber.continuations(reber.REBER, string)[:-1]
        assert not batch.legal[row, length:].any()
    assert reber.encode(reber.REBER, strings, np.float32).x.dtype == np.float32


def test_what_comes_next_is_legal():
    batch = reber.encode(reber.EMBEDDED, drawn(reber.EMBEDDED, 200))
    assert np.take_along_axis(batch.legal, batch.targets[..., None], axis=-1)[..., 0][batch.mask].all()


def test_no_strings_are_refused():
    with pytest.raises(ValueError, match="at least one string"):
        reber.encode(reber.REBER, [])
