"""Let a model sing: new pieces, and other voices to a tune that is given.

    frames = composing.compose(model, 48, np.random.default_rng(0))            # (1, 48, 4)
    frames = composing.harmonise(model, melody, np.random.default_rng(0))      # (T, 4), melody on top

The model is a ``VoiceComposer`` of either wing, whose symbols are those of ``symbols_of``.
"""

import numpy as np
from jaxtyping import Float, Int

from rnnbook import validation
from rnnbook.tasks.music.score import REST

LOWEST, HIGHEST = 31, 89  # two semitones and more beyond what the chorales sing once they are in one key
SYMBOLS = HIGHEST - LOWEST + 2  # 0 is a rest
ORDER = (0, 3, 1, 2)  # soprano, bass, alto, tenor


def symbols_of(frames: Int[np.ndarray, "*any"]) -> Int[np.ndarray, "*any"]:
    """What a model reads, 0..SYMBOLS-1, for MIDI numbers and rests; ValueError for a pitch out of bounds."""
    frames = np.asarray(frames)
    sung = frames[frames != REST]
    if sung.size and (sung.min() < LOWEST or sung.max() > HIGHEST):
        raise ValueError(
            f"frames must hold pitches in {LOWEST}..{HIGHEST}, got {sung.min()} to {sung.max()}; "
            "transpose them"
        )
    return np.where(frames == REST, 0, frames - LOWEST + 1).astype(np.int64)


def frames_of(symbols: Int[np.ndarray, "*any"]) -> Int[np.ndarray, "*any"]:
    """MIDI numbers and rests, for symbols."""
    return np.where(symbols == 0, REST, symbols + LOWEST - 1)


def compose(
    model, length: int, rng: np.random.Generator, *, batch: int = 1, temperature: float = 1.0
) -> Int[np.ndarray, "batch length voices"]:
    """New pieces of so many frames, each voice drawn from what the model gives it.

    temperature: the logits are divided by it. Below 1 what is likely gets likelier; near 0 nothing else is
        left. Raises ValueError unless it is positive.
    """
    validation.check_size("batch", batch)
    validation.check_size("length", length)
    given = np.full((batch, length, len(ORDER)), -1)
    return frames_of(_sung(model, given, rng, temperature)[0])


def harmonise(
    model,
    melody: Int[np.ndarray, " time"],
    rng: np.random.Generator,
    *,
    temperature: float = 0.7,
    tries: int = 32,
) -> Int[np.ndarray, "time voices"]:
    """Alto, tenor and bass to a soprano that is given, ending on C as all pieces that the model knows do.

    melody: MIDI numbers or REST, a frame each.
    tries: the model does not know what comes, and may paint itself into a corner. So many tries are made side
        by side, and the one is returned that the model finds likeliest as a whole, the melody included: there
        the harmony led where the melody went.
    """
    melody = np.asarray(melody)
    validation.check_shape("melody", melody, ("time",))
    validation.check_size("tries", tries)
    given = np.full((tries, len(melody), len(ORDER)), -1)
    given[:, :, 0] = symbols_of(melody)
    sung, nats = _sung(model, given, rng, temperature)
    return frames_of(sung[nats.sum(axis=1).argmin()])


def _sung(model, given: Int[np.ndarray, "batch time voices"], rng, temperature: float):
    """Draw what is not given (-1), frame by frame: the symbols, and the nats of every frame."""
    if not temperature > 0:
        raise ValueError(f"temperature must be positive, got {temperature}")
    sung, nats = given.copy(), np.zeros(given.shape[:2])
    rows = np.arange(len(given))
    state = model.begin(len(given))
    for time in range(given.shape[1]):
        chosen = np.maximum(sung[:, time], 0)
        for asked, voice in enumerate(ORDER):
            logs = model.log_probabilities(asked, chosen, state)
            drawn = draw(logs / temperature, rng)
            chosen[:, voice] = np.where(given[:, time, voice] < 0, drawn, given[:, time, voice])
            nats[:, time] -= logs[rows, chosen[:, voice]]
        sung[:, time] = chosen
        state = model.after(chosen, state)
    return sung, nats


def draw(logits: Float[np.ndarray, "batch symbols"], rng: np.random.Generator) -> Int[np.ndarray, " batch"]:
    """One symbol a row, drawn from the softmax of its logits.

    The largest of the logits, each with noise of Gumbel's distribution added, is such a draw (Gumbel, 1954).
    """
    return (logits + rng.gumbel(size=logits.shape)).argmax(axis=1)


def play_keys(
    model, length: int, rng: np.random.Generator, *, batch: int = 1
) -> Float[np.ndarray, "batch length keys"]:
    """What a ``KeyComposer`` draws, each key for itself: 1 where a key sounds."""
    state = model.begin(batch)
    played = []
    for _ in range(length):
        probabilities = model.probabilities(state)
        played.append((rng.random(probabilities.shape) < probabilities).astype(probabilities.dtype))
        state = model.after(played[-1], state)
    return np.stack(played, axis=1)
