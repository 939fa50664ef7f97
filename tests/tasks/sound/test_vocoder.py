"""The vocoder's way there and back, its measure, and the player."""

import base64
import io
import re
import wave

import numpy as np
import pytest

from rnnbook.tasks.sound import play, to_wav
from rnnbook.tasks.sound.length_regulator import expand_to_frames
from rnnbook.tasks.sound.vocoder import (
    COSINES,
    FILTERS,
    FREQUENCIES,
    HOP_LENGTH,
    SAMPLE_RATE,
    WINDOW_LENGTH,
    is_voiced,
    mel_cepstral_distance,
    mel_spectrogram,
    mfcc,
    power_spectrogram,
    spectral_envelope,
    synthesize,
)

NOISE = np.random.default_rng(0).normal(size=6000)


def vowel(pitch: float = 110) -> np.ndarray:
    """Half a second of pulses through two resonances, by hand: a mouth with 700 and 1,200 Hz."""
    time = np.arange(SAMPLE_RATE // 2)
    pulses = np.diff(np.floor(time * pitch / SAMPLE_RATE), prepend=-1.0)
    ring = np.exp(-time[:200] / 40)
    angle = 2 * np.pi * time[:200] / SAMPLE_RATE
    mouth = ring * (np.sin(700 * angle) + np.sin(1200 * angle))
    return 0.1 * np.convolve(pulses, mouth)[: len(time)]


def test_power_is_that_of_a_sine():
    """A sine between two edges of the window's transform: all its power lies at its frequency."""
    time = np.arange(4000)
    spectrum = power_spectrogram(np.sin(2 * np.pi * 1000 * time / SAMPLE_RATE))
    assert spectrum.shape == (1 + 4000 // HOP_LENGTH, WINDOW_LENGTH // 2 + 1)
    inner = spectrum[2:-2]
    assert (FREQUENCIES[inner.argmax(axis=1)] == 1000).all()
    # A window's sum is 200; half of it goes to the positive frequency.
    np.testing.assert_allclose(inner.max(axis=1), 100.0**2, rtol=1e-6)


def test_cosines_are_orthonormal_and_no_band_is_empty():
    np.testing.assert_allclose(COSINES @ COSINES.T, np.eye(13), atol=1e-12)
    assert (FILTERS.sum(axis=0) > 0).all() and FILTERS.min() == 0 and FILTERS.max() <= 1


def test_coefficients_against_scipy():
    from scipy.fft import dct

    decibels = 10 * np.log10(power_spectrogram(NOISE) @ FILTERS)
    np.testing.assert_allclose(mfcc(NOISE), dct(decibels, norm="ortho", axis=1)[:, :13], atol=1e-9)


def test_quiet_parts_are_cut_off_eighty_decibels_below_the_loudest():
    silence = mfcc(np.concatenate([NOISE, np.zeros(4000)]))[-2]
    loudest = 10 * np.log10((power_spectrogram(NOISE) @ FILTERS).max())
    np.testing.assert_allclose(silence @ COSINES, loudest - 80, atol=1e-6)


def test_silence_has_coefficients_and_a_sound_goes_on_beyond_its_ends():
    with np.errstate(all="raise"):
        assert np.isfinite(mfcc(np.zeros(1000))).all()
    power = power_spectrogram(np.ones(1000))
    np.testing.assert_allclose(power, np.broadcast_to(power[2], power.shape), atol=1e-12)


def test_white_noise_has_a_flat_envelope():
    """On average; a mean of logarithms lies a little below the logarithm of the mean."""
    noise = np.random.default_rng(1).normal(size=200_000)
    shape = (10 * np.log10(spectral_envelope(mfcc(noise)))).mean(axis=0)
    expected = 10 * np.log10(3 / 8 * WINDOW_LENGTH)  # the sum of the squared window
    assert np.ptp(shape[2:-2]) < 4
    assert -3 < shape.mean() - expected < 0.5


def test_a_vowel_comes_back():
    wanted = mfcc(vowel())
    plain, corrected = (mfcc(synthesize(wanted, corrections=count)) for count in (0, 2))
    assert corrected.shape == wanted.shape
    assert mel_cepstral_distance(wanted, corrected) < 1.5 < mel_cepstral_distance(wanted, plain)


def test_what_is_voiced_has_the_pitch_that_is_asked_for():
    mfccs = mfcc(vowel())
    assert is_voiced(spectral_envelope(mfccs))[1:-1].all()
    for pitch in (100, 160):
        sound = synthesize(mfccs, pitch=pitch)[:2000]
        echo = np.correlate(sound, sound, "full")[len(sound) - 1 :]
        period = 30 + echo[30:150].argmax()
        assert SAMPLE_RATE / period == pytest.approx(pitch, rel=0.08)


def test_noise_is_not_voiced():
    hiss = np.diff(NOISE)  # stronger above
    assert not is_voiced(spectral_envelope(mfcc(hiss))).any()


def test_spoken_is_the_same_again_and_as_long_as_its_steps():
    mfccs = mfcc(vowel())
    one, again, other = synthesize(mfccs), synthesize(mfccs), synthesize(mfccs, seed=1)
    assert len(one) == HOP_LENGTH * (len(mfccs) - 1)
    assert np.array_equal(one, again) and not np.array_equal(one, other)


def test_distance_is_that_of_the_mel_spectra_without_their_mean():
    one, other = mfcc(NOISE)[:4], mfcc(vowel())[3:7]
    off = (mel_spectrogram(one) - mel_spectrogram(other))[0]
    expected = np.sqrt(((off - off.mean()) ** 2).mean())
    assert mel_cepstral_distance(one[:1], other[:1]) == pytest.approx(expected)


def test_distance_knows_neither_tempo_nor_loudness():
    mfccs = mfcc(np.concatenate([vowel(), np.diff(NOISE)]))
    louder = mfccs.copy()
    louder[:, 0] += 50
    assert mel_cepstral_distance(mfccs, mfccs.repeat(2, axis=0)) == pytest.approx(0, abs=1e-9)
    assert mel_cepstral_distance(mfccs, louder) == pytest.approx(0, abs=1e-9)
    assert mel_cepstral_distance(mfccs, mfccs[::-1]) > 3


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: synthesize(np.zeros((5, 12))), r"mfccs must have shape \(steps, 13\), got \(5, 12\)"),
        (lambda: synthesize(np.zeros((2, 13))), "mfccs must hold at least three steps, got 2"),
        (lambda: synthesize(np.zeros((5, 13)), pitch=0), "pitch must be positive, got 0"),
        (lambda: mfcc(np.zeros(200)), "samples must be more than 200, got 200"),
        (lambda: to_wav(np.zeros((2, 2)), 8000), r"samples must have shape \(time,\)"),
        (lambda: to_wav(np.array([np.nan]), 8000), "all of them finite"),
        (lambda: to_wav(np.zeros(0), 8000), "at least one number"),
        (lambda: to_wav(np.zeros(3), 0), "rate must be a positive integer, got 0"),
        (lambda: play(np.zeros(3), 8000, " "), "caption must say what is heard"),
        (lambda: expand_to_frames([], 4), "phoneme_ids must hold at least one phoneme"),
        (lambda: expand_to_frames([1], 0), "num_frames must be a positive integer, got 0"),
    ],
)
def test_bad_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_file_holds_the_samples():
    samples = np.sin(np.arange(800) / 5)
    with wave.open(io.BytesIO(to_wav(samples, 8000))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 8000)
        held = np.frombuffer(file.readframes(800), "<i2")
    np.testing.assert_allclose(held / 32767, 0.9 * samples / np.abs(samples).max(), atol=2e-5)
    assert to_wav(samples, 8000) == to_wav(3 * samples, 8000)
    with np.errstate(all="raise"):
        assert set(to_wav(np.zeros(10), 8000)[44:]) == {0}
    assert np.frombuffer(to_wav(np.array([-1.0, 0.5]), 8000)[44:], "<i2").tolist() == [-29490, 14745]


def test_sounds_can_be_equally_loud():
    quiet, loud = 0.01 * NOISE, 5 * NOISE
    held = np.frombuffer(to_wav(quiet, 8000, -30)[44:], "<i2") / 32767
    assert 20 * np.log10(np.sqrt(np.mean(held**2))) == pytest.approx(-30, abs=0.02)
    assert to_wav(quiet, 8000, -30) == to_wav(loud, 8000, -30)
    assert to_wav(quiet, 8000, 0) == to_wav(quiet, 8000)  # the peak decides


def test_a_player_says_what_is_heard(monkeypatch):
    import IPython.display

    shown = []
    monkeypatch.setattr(IPython.display, "display", lambda data, raw: shown.append(data))
    play(NOISE, SAMPLE_RATE, "Noise, <loud>\n and short.")
    (data,) = shown
    assert data["text/plain"] == "Noise, <loud> and short."
    assert "Noise, &lt;loud&gt; and short." in data["text/html"]
    inside = re.search(r'src="data:audio/x?-?wav;base64,([^"]+)"', data["text/html"]).group(1)
    assert base64.b64decode(inside) == to_wav(NOISE, SAMPLE_RATE)


def test_placed_by_hand():
    phonemes, positions = expand_to_frames([7, 3], 4)
    assert phonemes.tolist() == [7, 7, 3, 3]
    np.testing.assert_allclose(
        positions, [[0, 0, 1, 0.2], [0.5, 0.25, 0.75, 0.2], [0, 0.5, 0.5, 0.2], [0.5, 0.75, 0.25, 0.2]]
    )
