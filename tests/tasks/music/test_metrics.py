"""What is counted in music, against music whose counts are plain."""

import numpy as np
import pytest

from rnnbook.tasks.music import REST, transpose
from rnnbook.tasks.music.metrics import (
    Match,
    crossings,
    longest_match,
    parallels,
    returning,
    shuffle_voices,
    triads,
)


def test_triads_in_any_key_and_octave():
    frames = np.array(
        [
            [72, 67, 64, 48],  # C major
            [74, 69, 65, 50],  # D minor
            [77, 74, 59, 47],  # B diminished
            [72, 67, 64, 46],  # a seventh beside C major
            [72, 67, 60, 48],  # no third
            [72, 68, 64, 48],  # augmented
            [72, -1, 67, 51],  # C minor, one voice silent
            [-1, -1, -1, -1],
        ]
    )
    expected = [True, True, True, False, False, False, True, False]
    for semitones in range(12):
        assert triads(transpose(frames, semitones)).tolist() == expected


def test_crossings_pass_over_silent_voices():
    frames = np.array(
        [[70, 65, 60, 50], [64, 65, 60, 50], [70, 65, 50, 60], [70, -1, 71, 50], [70, 70, -1, 70]]
    )
    assert crossings(frames).tolist() == [False, True, True, True, False]


def test_shuffling_keeps_what_each_voice_sings():
    frames = np.arange(40).reshape(10, 4)
    mixed = shuffle_voices(frames, np.random.default_rng(0))
    assert np.array_equal(np.sort(mixed, axis=0), frames) and not np.array_equal(mixed, frames)
    assert len({tuple(row - row[0]) for row in mixed}) > 1  # each voice in an order of its own


def test_longest_copy_is_found_where_it_stands():
    rng = np.random.default_rng(0)
    corpus = [rng.integers(40, 80, (length, 4)) for length in (30, 50, 20)]
    new = rng.integers(40, 80, (25, 4))
    assert longest_match(new, corpus) == (0, 0, -1, 0)
    new[7:16] = corpus[1][40:49]
    new[18:20] = corpus[2][:2]
    assert longest_match(new, corpus) == (9, 7, 1, 40)
    new[10, 2] += 1  # one voice of one frame differs
    assert longest_match(new, corpus) == (5, 11, 1, 44)
    assert longest_match(transpose(corpus[0], 1), corpus[:1]).length == 0


def test_longest_copy_by_brute_force():
    rng = np.random.default_rng(1)
    for _ in range(20):
        new, old = rng.integers(0, 2, (2, 9, 1))
        expected = max(
            (
                size
                for size in range(1, 10)
                for one in range(10 - size)
                for other in range(10 - size)
                if np.array_equal(new[one : one + size], old[other : other + size])
            ),
            default=0,
        )
        assert longest_match(new, [old]).length == expected


def test_no_run_goes_on_into_the_next_piece_not_even_through_silence():
    high, low = np.full((1, 2), 60), np.full((1, 2), 62)
    silent = np.full((1, 2), REST)
    found = longest_match(np.concatenate([high, silent, low]), [high, low])
    assert found == Match(1, 0, 0, 0)
    assert longest_match(low, [high, low]) == Match(1, 0, 1, 0)


def test_parallels():
    up = np.array(
        [[67, 60, 55, 48], [69, 62, 57, 50], [69, 62, 57, 50]]
    )  # G, C, G, C, all a tone up, then held
    assert parallels(up, 7).tolist() == [0, 3, 0]
    assert parallels(up, 0).tolist() == [0, 2, 0]
    assert parallels(np.array([[67, 60], [67, 60], [69, 60]]), 7).sum() == 0  # one voice stays
    assert parallels(np.array([[6, REST], [REST, 4]]), 7).sum() == 0
    assert parallels(np.array([[64, 60], [69, 62]]), 7).sum() == 0  # a third before: a fifth, not parallel


def test_what_returns():
    assert returning(np.array([1, 2, 3, 9, 1, 2, 3]), 3) == pytest.approx(6 / 7)
    assert returning(np.array([1, 1, 1, 2]), 2) == 0  # the two runs overlap
    assert returning(np.array([1, 2, 1, 2]), 2) == 1
