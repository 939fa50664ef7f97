"""A small organ: four ranks of pipes, written with sines alone.

    from rnnbook.tasks.sound import play, synth

    play(synth.render(score, bpm=80), synth.SAMPLE_RATE, "Sixteen beats of a chorale.")

A pipe's tone is a sum of sines at whole multiples of its pitch, each weaker than the one before. Three things
keep it from sounding like a machine: it begins and ends softly, its pitch wavers a little, and the room
answers.
"""

import numpy as np
from jaxtyping import Float
from scipy.signal import fftconvolve

from rnnbook import validation
from rnnbook.tasks.music.score import TICKS, Score

SAMPLE_RATE = 8000  # samples a second: enough for pitches up to 4,000 hertz
PARTIALS = np.array([1, 0.55, 0.32, 0.2, 0.12, 0.07, 0.04, 0.02])  # how loud each multiple of the pitch is
LOUDNESS = (1.0, 0.75, 0.75, 1.05)  # from the top voice down: the tune and the bass stand out
ATTACK, RELEASE = 0.045, 0.11  # seconds
VIBRATO_DEPTH, VIBRATO_RATE = 0.0025, 4.8  # of the pitch, and times a second
REVERB_LEVEL, REVERB_SECONDS = 0.28, 0.9  # how loud the room answers, and how long


def midi_to_hz(pitch: int) -> float:
    """Hertz of a MIDI number: 69 is the A of 440 hertz, and twelve semitones double it."""
    return 440 * 2 ** ((pitch - 69) / 12)


def tone(pitch: int, seconds: float, *, rate: int = SAMPLE_RATE) -> Float[np.ndarray, " time"]:
    """One pipe, held for so many seconds; its last breath comes after that. rate: samples a second."""
    time = np.arange(round((seconds + RELEASE) * rate)) / rate
    # The phase is what turns: the integral of a pitch that wavers, more and more as the tone goes on.
    depth = VIBRATO_DEPTH * np.clip((time - 0.25) / 0.5, 0, 1)
    wave = 2 * np.pi * VIBRATO_RATE
    phase = 2 * np.pi * midi_to_hz(pitch) * (time - depth * np.cos(wave * time) / wave)
    multiples = np.arange(1, len(PARTIALS) + 1)
    # What is higher would come back as a lower pitch.
    heard = multiples * midi_to_hz(pitch) * (1 + VIBRATO_DEPTH) < 0.45 * rate
    samples = PARTIALS[heard] @ np.sin(multiples[heard, None] * phase)
    swell = np.clip(time / ATTACK, 0, 1) * np.clip((seconds + RELEASE - time) / RELEASE, 0, 1)
    return samples * np.sin(np.pi / 2 * swell) ** 2


def render(
    score: Score, *, bpm: float = 76, rate: int = SAMPLE_RATE, seed: int = 0
) -> Float[np.ndarray, " time"]:
    """The whole score on the organ, with its room, in -1..1.

    bpm: quarter notes a minute. rate: samples a second. seed: of the room, whose answer is noise that dies
    away.

    Raises ValueError for a score without notes, or no tempo.
    """
    validation.check_size("rate", rate)
    if not bpm > 0:
        raise ValueError(f"bpm must be positive, got {bpm}")
    if not score.ticks:
        raise ValueError("score must hold at least one note, got none")
    tick = 60 / bpm / TICKS  # seconds
    samples = np.zeros(round((score.ticks * tick + RELEASE + REVERB_SECONDS) * rate) + 2)
    for voice, notes in enumerate(score.voices):
        loudness = LOUDNESS[min(voice, len(LOUDNESS) - 1)]
        for note in notes:
            # The last part of a note is silent, so that the same pitch twice is heard twice.
            sound = loudness * tone(note.pitch, max(note.length * tick - 0.06, 0.05), rate=rate)
            start = round(note.start * tick * rate)
            samples[start : start + len(sound)] += sound
    samples = samples + REVERB_LEVEL * _reverb(samples, rate, np.random.default_rng(seed))
    return samples / np.abs(samples).max()


def _reverb(samples: np.ndarray, rate: int, rng: np.random.Generator) -> np.ndarray:
    """What the room gives back: each sample again and again, weaker and weaker, at random moments."""
    time = np.arange(round(REVERB_SECONDS * rate)) / rate
    # 60 decibels down at the end
    echo = rng.standard_normal(len(time)) * np.exp(-6.9 * time / REVERB_SECONDS)
    echo = np.convolve(echo, [0.25, 0.5, 0.25], mode="same")  # walls swallow high pitches first
    return fftconvolve(samples, echo / np.linalg.norm(echo))[: len(samples)]
