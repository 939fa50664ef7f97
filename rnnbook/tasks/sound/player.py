"""Hear a sound in a notebook: a small file inside the page, and words that say what is heard."""

import html
import io

import numpy as np
from jaxtyping import Float
from scipy.io import wavfile

from rnnbook import validation

PEAK = 0.9  # of what the file can hold


def to_wav(samples: Float[np.ndarray, " time"], rate: int, loudness: float | None = None) -> bytes:
    """A WAV file with one channel of 16-bit numbers; the loudest sample is at nine tenths of their range.

    rate: samples a second. loudness: the mean power in decibels, 0 the most that the file can hold, so that
    several sounds are equally loud; where this would lift the loudest sample over nine tenths, that decides.
    Raises ValueError or TypeError for other shapes, numbers that are not finite, or a rate that is not a
    positive integer.
    """
    validation.check_size("rate", rate)
    samples = np.asarray(samples, float)
    validation.check_shape("samples", samples, ("time",))
    if len(samples) == 0 or not np.isfinite(samples).all():
        raise ValueError("samples must hold at least one number, all of them finite")
    gain = PEAK / max(np.abs(samples).max(), 1e-9)  # silence stays silence
    if loudness is not None:
        gain = min(gain, 10 ** (loudness / 20) / max(np.sqrt(np.mean(samples**2)), 1e-9))
    file = io.BytesIO()
    wavfile.write(file, int(rate), (32767 * gain * samples).round().astype("<i2"))
    return file.getvalue()


def play(
    samples: Float[np.ndarray, " time"], rate: int, caption: str, *, loudness: float | None = None
) -> None:
    """Show a player for the sound, under words that say what is heard, for who cannot hear it.

    samples: ``(T,)``; their scale does not matter. rate: samples a second. caption: the words.
    loudness: as for ``to_wav``.
    A second at rate 8,000 weighs 21 kB in the notebook. Raises as ``to_wav`` does, and ValueError for an
    empty caption.
    """
    from IPython.display import Audio, display  # here: only a notebook plays

    caption = " ".join(caption.split())
    if not caption:
        raise ValueError("caption must say what is heard, got an empty text")
    player = Audio(data=to_wav(samples, rate, loudness))
    shown = f"<small>{html.escape(caption)}</small><br>{player._repr_html_().strip()}"
    display({"text/html": shown, "text/plain": caption}, raw=True)
