"""A few hundred spoiled calls; ``python -m tests.fuzz arguments --count 10000`` tries more."""

from tests.fuzz import failures


def test_every_door_answers_or_refuses_in_our_words():
    assert list(failures("arguments", count=300, seed=0)) == []
