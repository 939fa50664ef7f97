"""The voices experiment: what is left out, the means, the measures, and what was kept."""

import numpy as np
import pytest

from rnnbook.course import experiments
from rnnbook.course.experiments import voices
from rnnbook.data.spoken_digits import SPEAKERS, DigitRecordings
from rnnbook.tasks.sound.vocoder import mel_cepstral_distance
from rnnbook.training import History


@pytest.fixture(scope="module")
def voice_data():
    return voices.VoiceData(seed=0)


def pairs_of(part) -> set:
    return set(zip(part.speaker.tolist(), part.digit.tolist(), strict=True))


def test_pairs_are_left_out_everywhere(voice_data):
    for part in (voice_data.train, voice_data.validation, voice_data.seen):
        assert len(pairs_of(part)) == 54 and not pairs_of(part) & set(voice_data.pairs)
    assert pairs_of(voice_data.unseen) == set(voice_data.pairs) and len(voice_data.unseen.x) == 300


def test_units_are_those_of_the_training(voice_data):
    steps = np.concatenate(list(voice_data.train.x))
    np.testing.assert_array_equal(
        [voice_data.mean, voice_data.scale], [steps.mean(axis=0), steps.std(axis=0)]
    )


def test_probes_learn_from_training_and_hear_the_test(voice_data, monkeypatch):
    learned, heard, far = [], [], []

    class Silent:
        def __init__(self):
            self.params = {"W": np.zeros(3)}

    class Probes:
        def __init__(self, part):
            learned.append(part)

        def accuracy(self, sounds, speaker, digit):
            heard.append((sounds, speaker, digit))
            return {}

    monkeypatch.setattr(voices, "VoiceData", lambda seed: voice_data)
    monkeypatch.setattr(voices, "ProbeClassifiers", Probes)
    monkeypatch.setattr(voices, "train", lambda data, name, *, seed: (Silent(), History()))
    for name in ("compare_teacher_forcing", "probe_accuracy", "distance_by_pair"):
        monkeypatch.setattr(voices, name, lambda *_: {})
    for name in ("vocode", "mfcc"):
        monkeypatch.setattr(voices, name, lambda sound: sound)
    for name in ("mean_distance", "mean_distance_between"):
        monkeypatch.setattr(voices, name, lambda one, part, *_: far.append(part) or 0.0)
    monkeypatch.setattr(voices, "mel_cepstral_distance", lambda one, other: float(one is not other))
    result = voices.run(0)
    assert learned == [voice_data.everything.train] and result["vocoder"] == 0
    test = voice_data.everything.test
    assert all(speaker is test.speaker and digit is test.digit for _, speaker, digit in heard)
    assert heard[0][0] is test.x and all(one is other for one, other in zip(heard[1][0], test.x, strict=True))
    assert {id(part) for part in far if part is not voice_data.whole} == set(
        map(id, (voice_data.seen, voice_data.unseen))
    )


def test_every_seed_leaves_out_other_pairs_and_so_does_tuning():
    groups = [set(voices.held_out_pairs(seed)) for seed in (*voices.SEEDS, voices.TUNING)]
    assert len(set.union(*groups)) == sum(map(len, groups)) == 4 * SPEAKERS
    for group in groups:
        assert {speaker for speaker, _ in group} == set(range(SPEAKERS))
        assert all(0 <= digit < 10 for _, digit in group)


def test_encode_refuses_what_no_digit_has(voice_data):
    assert [voice_data.inventory[n] for n in voice_data.encode(("S", "AH", "N"))] == ["S", "AH", "N"]
    with pytest.raises(ValueError, match="got 'ZH'"):
        voice_data.encode(("ZH",))


def test_means_by_hand(voice_data):
    means = voices.Means(voice_data)
    speaker, digit = voice_data.pairs[0]
    with pytest.raises(KeyError):
        means.speaker_mean(speaker, digit)
    np.testing.assert_allclose(
        means.shifted_mean(speaker, digit) - means.digit_mean(speaker, digit),
        np.broadcast_to(means.offset[speaker], means.digit_mean(speaker, digit).shape),
        atol=1e-3,
    )


def test_distances_by_pair_have_the_mean_of_all(voice_data):
    voice = lambda speaker, digit: voice_data.train.x[10 * speaker + digit]
    found = voices.distance_by_pair(voice, voice_data.unseen)
    assert next(iter(found)) == "0 one" and len(found) == SPEAKERS
    mean = voices.mean_distance(voice, voice_data.unseen)
    assert np.mean(list(found.values())) == pytest.approx(mean, abs=1e-3)


def test_a_recording_is_not_compared_with_itself():
    a, b = np.random.default_rng(0).normal(size=(2, 6, 13))
    two = np.empty(2, object)
    two[:] = [a, b]
    part = DigitRecordings(two, np.zeros(2, int), np.zeros(2, int))
    assert voices.mean_distance_between(part, part, seed=0) == pytest.approx(mel_cepstral_distance(a, b))
    assert voices.mean_distance(lambda speaker, digit: a, part) == pytest.approx(
        mel_cepstral_distance(a, b) / 2
    )


def test_it_trains_on_train_and_chooses_on_validation(voice_data, monkeypatch):
    fitted, batches = [], []
    monkeypatch.setattr(voices._train, "fit", lambda *given, **options: fitted.append(given))
    monkeypatch.setattr(voices._train, "mean_loss", lambda model, loss, batch, **_: len(batch[1]))
    make_batch = voice_data.batch
    monkeypatch.setattr(
        voice_data,
        "batch",
        lambda part, indices: batches.append((part, indices)) or make_batch(part, indices),
    )
    for name in voices.MODELS:
        voices.train(voice_data, name, seed=0)
        _, draw, _, score, _ = fitted.pop()
        ((part, _),) = batches
        assert part is voice_data.validation and score(None) == -len(part.x)
        draw(np.random.default_rng(0))
        assert all(part is voice_data.train for part, _ in batches[1:])
        rows = np.concatenate([indices for _, indices in batches[1:]])
        assert sorted(rows.tolist()) == list(range(len(voice_data.train.x)))
        batches.clear()
    heard = [{x.tobytes() for x in getattr(voice_data, part).x} for part in ("train", "validation", "seen")]
    heard.append({x.tobytes() for x in voice_data.unseen.x})
    assert len(set.union(*heard)) == sum(map(len, heard))


def test_what_was_kept_reaches_its_goals():
    kept = experiments.load("voices")["runs"]
    assert set(kept) == set(map(str, voices.SEEDS))
    for run in kept.values():
        reached = run["mel_cepstral_distance"]
        assert reached["AcousticModel"]["seen"] <= 3.5 and reached["AcousticModel"]["unseen"] <= 4.8
        for name in ("digit mean", "digit mean, shifted", "without recurrence"):
            assert all(reached["AcousticModel"][part] < reached[name][part] for part in ("seen", "unseen"))
        forced, free = (
            run["step_error"][f"AutoregressiveAcousticModel, {way}"] for way in ("forced", "free")
        )
        assert forced < run["step_error"]["AcousticModel"] < free
        assert run["probe_accuracy"]["digit mean"]["seen"]["digit"] == 1
