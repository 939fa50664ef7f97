"""What is tied stays together, and a split depends on nothing but names and seed."""

import random

from rnnbook.data.splitting import connected_groups, normalized_key, split


def test_texts_that_differ_in_signs_and_upper_case_have_one_key():
    assert normalized_key(" Don't -- STOP 2!") == normalized_key("dont stop, 2") == "dontstop2"


def test_rows_are_tied_directly_and_through_others():
    rows = [("a", "1"), ("b", "2"), ("c", "1"), ("b", "3"), ("d", "3"), ("e", "4")]
    assert connected_groups(rows) == [0, 1, 0, 1, 1, 5]


def test_the_same_key_in_another_place_ties_nothing():
    assert connected_groups([("a", "b"), ("b", "a")]) == [0, 1]


def test_a_late_row_ties_two_families():
    assert connected_groups([("a", "1"), ("b", "2"), ("a", "2")]) == [0, 0, 0]


def test_split_keeps_families_together_and_every_row_once():
    names = [str(number) for number in range(200)]
    family = connected_groups([(str(number // 4),) for number in range(200)])
    parts = split(names, family, (0.5, 0.25), seed=0)
    assert sorted(row for part in parts for row in part) == list(range(200))
    assert not {row // 4 for row in parts[0]} & {row // 4 for row in parts[1]}
    assert not {row // 4 for row in parts[2]} & {row // 4 for row in (*parts[0], *parts[1])}
    assert [len(part) for part in parts] == [100, 48, 52]  # of 50 families: 25, 12 and 13
    assert parts != split(names, family, (0.5, 0.25), seed=1)


def test_split_does_not_depend_on_the_order_of_the_rows():
    names = [str(number) for number in range(60)]
    other = names.copy()
    random.Random(0).shuffle(other)
    in_order, mixed = (split(of, list(range(60)), (0.7, 0.15), seed=3) for of in (names, other))
    assert [[names[row] for row in part] for part in in_order] == [
        [other[row] for row in part] for part in mixed
    ]
