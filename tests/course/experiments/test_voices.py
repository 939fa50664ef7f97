"""The voices experiment: what is left out, the means, the measures, and what was kept."""

import numpy as np
import pytest

from rnnbook.course import experiments
from rnnbook.course.experiments import voices
from rnnbook.data.spoken_digits import SPEAKERS, Recordings
from rnnbook.tasks.sound.vocoder import distance


@pytest.fixture(scope="module")
def digits():
    return voices.Digits(seed=0)


def pairs_of(part) -> set:
    return set(zip(part.speaker.tolist(), part.digit.tolist(), strict=True))


def test_pairs_are_left_out_everywhere(digits):
    for part in (digits.train, digits.validation, digits.seen):
        assert len(pairs_of(part)) == 54 and not pairs_of(part) & set(digits.pairs)
    assert pairs_of(digits.unseen) == set(digits.pairs) and len(digits.unseen.x) == 300


def test_every_seed_leaves_out_other_pairs_and_so_does_tuning():
    groups = [set(voices.held_out(seed)) for seed in (*voices.SEEDS, voices.TUNING)]
    assert len(set.union(*groups)) == sum(map(len, groups)) == 4 * SPEAKERS
    for group in groups:
        assert {speaker for speaker, _ in group} == set(range(SPEAKERS))
        assert all(0 <= digit < 10 for _, digit in group)


def test_numbers_refuses_what_no_digit_has(digits):
    assert [digits.inventory[n] for n in digits.numbers(("S", "AH", "N"))] == ["S", "AH", "N"]
    with pytest.raises(ValueError, match="got 'ZH'"):
        digits.numbers(("ZH",))


def test_means_by_hand(digits):
    means = voices.Means(digits)
    speaker, digit = digits.pairs[0]
    with pytest.raises(KeyError):
        means.own(speaker, digit)
    np.testing.assert_allclose(
        means.shifted(speaker, digit) - means.plain(speaker, digit),
        np.broadcast_to(means.offset[speaker], means.plain(speaker, digit).shape),
        atol=1e-3,
    )


def test_a_recording_is_not_compared_with_itself():
    a, b = np.random.default_rng(0).normal(size=(2, 6, 13))
    two = np.empty(2, object)
    two[:] = [a, b]
    part = Recordings(two, np.zeros(2, int), np.zeros(2, int))
    assert voices.decibels_between(part, part, seed=0) == pytest.approx(distance(a, b))
    assert voices.decibels(lambda speaker, digit: a, part) == pytest.approx(distance(a, b) / 2)


def test_a_short_run_beats_the_digit_mean(digits):
    """A looser bound: two epochs of ten."""
    import torch

    torch.set_num_threads(1)
    voice, run = voices.train(digits, "Voice", seed=0, epochs=2)
    assert run.losses[1] < run.losses[0]
    say = lambda speaker, digit: voices.say(voice, digits, digits.spelt[digit], speaker)
    assert voices.decibels(say, digits.seen) < voices.decibels(voices.Means(digits).plain, digits.seen)
    assert 6 < len(say(0, 6)) < 40


def test_what_was_kept_reaches_its_goals():
    kept = experiments.load("voices")["runs"]
    assert set(kept) == set(map(str, voices.SEEDS))
    for run in kept.values():
        reached = run["decibels"]
        assert reached["Voice"]["seen"] <= 3.5 and reached["Voice"]["unseen"] <= 4.8
        for name in ("digit mean", "digit mean, shifted", "without recurrence"):
            assert all(reached["Voice"][part] < reached[name][part] for part in ("seen", "unseen"))
        forced, free = (run["step errors"][f"FeedbackVoice, {way}"] for way in ("forced", "free"))
        assert forced < run["step errors"]["Voice"] < free
        assert run["heard"]["digit mean"]["seen"]["digit"] == 1
