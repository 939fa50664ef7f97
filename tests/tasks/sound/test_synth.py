"""The organ sounds the pitches that are written, when they are written."""

import numpy as np
import pytest

from rnnbook.tasks.music import Note, Score, score_from_frames
from rnnbook.tasks.sound import synth


def loudest(samples, rate=synth.SAMPLE_RATE):
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return np.fft.rfftfreq(len(samples), 1 / rate)[power.argmax()]


@pytest.mark.parametrize("pitch", [36, 48, 60, 69, 84])
def test_a_tone_has_its_pitch(pitch):
    assert synth.midi_to_hz(69) == 440
    samples = synth.tone(pitch, 1.0)
    assert loudest(samples) == pytest.approx(synth.midi_to_hz(pitch), rel=0.01)
    assert abs(samples[0]) < 1e-6 and abs(samples[-1]) < 0.01  # no click


def test_no_partial_above_half_the_rate_comes_back():
    samples = synth.tone(105, 1.0)  # 3,520 hertz: only the first of its partials fits
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
    near = np.abs(np.fft.rfftfreq(len(samples), 1 / synth.SAMPLE_RATE) - 3520) < 60
    assert power[near].sum() > 0.999 * power.sum()


def test_notes_sound_when_they_are_written():
    score = Score(((Note(0, 8, 60), Note(16, 8, 67)),), ("A",))
    samples = synth.render(score, bpm=60)
    assert np.abs(samples).max() == pytest.approx(1)
    for start, pitch in ((0.2, 60), (2.2, 67)):
        piece = samples[round(start * synth.SAMPLE_RATE) :][:4800]
        assert loudest(piece) == pytest.approx(synth.midi_to_hz(pitch), rel=0.01)
    loud = [np.square(samples[round(at * synth.SAMPLE_RATE) :][:800]).mean() for at in (0.5, 1.8, 2.5)]
    assert loud[1] < 0.05 * min(loud[0], loud[2])
    assert len(samples) / synth.SAMPLE_RATE == pytest.approx(
        3 + synth.RELEASE + synth.REVERB_SECONDS, abs=0.01
    )


def test_the_same_score_is_the_same_sound():
    score = score_from_frames(np.array([[72, 67, 64, 48]]))
    assert np.array_equal(synth.render(score), synth.render(score))


def test_what_cannot_be_sung_is_refused():
    with pytest.raises(ValueError, match="score must hold at least one note"):
        synth.render(score_from_frames(np.full((3, 4), -1)))
    with pytest.raises(ValueError, match="bpm must be positive, got 0"):
        synth.render(score_from_frames(np.full((3, 4), 60)), bpm=0)


def test_a_tone_begins_and_ends_softly():
    samples = np.abs(synth.tone(60, 0.5))
    assert max(samples[:40].max(), samples[-40:].max()) < 0.1 * samples.max()
