"""Let a model sing: new pieces, and other voices to a tune that is given.

    frames = sampling.compose(model, 48, np.random.default_rng(0))            # (1, 48, 4)
    frames = sampling.harmonize(model, melody, np.random.default_rng(0))      # (T, 4), melody on top

The model is a ``SATBModel`` of either wing, whose symbols are those of ``encode_frames``.
"""

import numpy as np
from jaxtyping import Float, Int

from rnnbook import validation
from rnnbook.specs import VOICE_ORDER
from rnnbook.tasks.music.score import REST

# Two semitones and more beyond what the chorales sing once they are in one key.
MIN_PITCH, MAX_PITCH = 31, 89
VOCAB_SIZE = MAX_PITCH - MIN_PITCH + 2  # 0 is a rest


def encode_frames(frames: Int[np.ndarray, "*any"]) -> Int[np.ndarray, "*any"]:
    """What a model reads, 0..VOCAB_SIZE-1, for MIDI numbers and rests.

    Raises ValueError for a pitch out of MIN_PITCH..MAX_PITCH.
    """
    frames = np.asarray(frames)
    pitches = frames[frames != REST]
    if pitches.size and (pitches.min() < MIN_PITCH or pitches.max() > MAX_PITCH):
        raise ValueError(
            f"frames must hold pitches in {MIN_PITCH}..{MAX_PITCH}, got {pitches.min()} to {pitches.max()}; "
            "transpose them"
        )
    return np.where(frames == REST, 0, frames - MIN_PITCH + 1).astype(np.int64)


def decode_frames(symbols: Int[np.ndarray, "*any"]) -> Int[np.ndarray, "*any"]:
    """MIDI numbers and rests, for symbols."""
    return np.where(symbols == 0, REST, symbols + MIN_PITCH - 1)


def compose(
    model, length: int, rng: np.random.Generator, *, batch_size: int = 1, temperature: float = 1.0
) -> Int[np.ndarray, "batch length voices"]:
    """New pieces of so many frames, each voice drawn from what the model gives it.

    temperature: the logits are divided by it. Below 1 what is likely gets likelier; near 0 nothing else is
        left.

    Raises ValueError or TypeError unless these three are positive.
    """
    validation.check_size("batch_size", batch_size)
    validation.check_size("length", length)
    given = np.full((batch_size, length, len(VOICE_ORDER)), -1)
    return decode_frames(_sample(model, given, rng, temperature)[0])


def harmonize(
    model,
    melody: Int[np.ndarray, " time"],
    rng: np.random.Generator,
    *,
    temperature: float = 0.7,
    num_samples: int = 32,
) -> Int[np.ndarray, "time voices"]:
    """Alto, tenor and bass to a soprano that is given, ending on C as all pieces that the model knows do.

    melody: MIDI numbers or REST, a frame each.
    num_samples: the model does not know what comes, and may paint itself into a corner. So many are drawn
        side by side, and the one is returned that the model finds likeliest as a whole, the melody included:
        there the harmony led where the melody went.
    """
    melody = np.asarray(melody)
    validation.check_shape("melody", melody, ("time",))
    validation.check_size("num_samples", num_samples)
    given = np.full((num_samples, len(melody), len(VOICE_ORDER)), -1)
    given[:, :, 0] = encode_frames(melody)
    symbols, nats = _sample(model, given, rng, temperature)
    return decode_frames(symbols[nats.sum(axis=1).argmin()])


def _sample(model, given: Int[np.ndarray, "batch time voices"], rng, temperature: float):
    """Draw what is not given (-1), frame by frame: the symbols, and the nats of every frame."""
    if not temperature > 0:
        raise ValueError(f"temperature must be positive, got {temperature}")
    symbols, nats = given.copy(), np.zeros(given.shape[:2])
    rows = np.arange(len(given))
    state = model.init_state(len(given))
    for time in range(given.shape[1]):
        frame = np.maximum(symbols[:, time], 0)
        for voice in VOICE_ORDER:
            logs = model.log_probabilities(voice, frame, state)
            drawn = sample_categorical(logs / temperature, rng)
            frame[:, voice] = np.where(given[:, time, voice] < 0, drawn, given[:, time, voice])
            nats[:, time] -= logs[rows, frame[:, voice]]
        symbols[:, time] = frame
        state = model.update_state(frame, state)
    return symbols, nats


def sample_categorical(
    logits: Float[np.ndarray, "batch symbols"], rng: np.random.Generator
) -> Int[np.ndarray, " batch"]:
    """One symbol a row, drawn from the softmax of its logits.

    The largest of the logits, each with noise of Gumbel's distribution added, is such a draw (Gumbel, 1954).
    """
    return (logits + rng.gumbel(size=logits.shape)).argmax(axis=1)


def sample_piano_roll(
    model, length: int, rng: np.random.Generator, *, batch_size: int = 1
) -> Float[np.ndarray, "batch length keys"]:
    """What a ``PianoRollModel`` draws, each key for itself: 1 where a key sounds."""
    state = model.init_state(batch_size)
    frames = []
    for _ in range(length):
        probabilities = model.probabilities(state)
        frames.append((rng.random(probabilities.shape) < probabilities).astype(probabilities.dtype))
        state = model.update_state(frames[-1], state)
    return np.stack(frames, axis=1)
