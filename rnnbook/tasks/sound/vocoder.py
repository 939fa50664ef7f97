"""A vocoder: from thirteen numbers every 25 ms to a sound, and how far two such rows of numbers are apart.

MFCCs describe a short piece of sound in four steps, of which each loses something:

    P = |FFT(window * samples)|²                 the power at 201 frequencies; the phases are lost
    M = filters P                                in 128 mel bands, narrow below and wide above, as we hear
    L = 10 log10 M                               in decibels; what lies 80 dB below the loudest is cut off
    c = DCT L, the first 13 of 128               the spectrum's broad shape; the voice's pitch is lost

The way back goes as far as it can: the broad shape comes back, the rest is made up. As in a mouth, a source
is sent through a filter. The source is a row of pulses where the sound is taken to be voiced, and noise where
it is not; the filter is the shape. The pitch is one that we choose.

Davis and Mermelstein, 1980, 'Comparison of parametric representations for monosyllabic word recognition in
continuously spoken sentences'. Dudley, 1939, 'Remaking speech', for the pulses and the noise.
"""

import numpy as np
from jaxtyping import Bool, Float

from rnnbook import validation
from rnnbook.tasks import dtw

RATE = 8000  # samples a second
WINDOW = 400  # samples that one row of coefficients describes
HOP = 200  # samples from one row to the next
BANDS = 128
COEFFICIENTS = 13
RANGE = 80  # decibels below the loudest, where the analysis cuts off

FREQUENCIES = np.linspace(0, RATE / 2, WINDOW // 2 + 1)
HANN = np.hanning(WINDOW + 1)[:-1]


def _mel(frequency):
    return 2595 * np.log10(1 + frequency / 700)


_EDGES = 700 * (10 ** (np.linspace(0, _mel(RATE / 2), BANDS + 2) / 2595) - 1)  # of the bands, in hertz
CENTRES = _EDGES[1:-1]


def _filters() -> Float[np.ndarray, "frequencies bands"]:
    """Triangles: each band rises from the centre of the one below to its own, and falls to the next one's."""
    width = np.diff(_EDGES)
    rising = (FREQUENCIES[:, None] - _EDGES[:-2]) / width[:-1]
    falling = (_EDGES[2:] - FREQUENCIES[:, None]) / width[1:]
    return np.maximum(0, np.minimum(rising, falling))


def _cosines() -> Float[np.ndarray, "coefficients bands"]:
    """The first rows of the orthonormal discrete cosine transform."""
    k, band = np.arange(COEFFICIENTS)[:, None], np.arange(BANDS)
    rows = np.sqrt(2 / BANDS) * np.cos(np.pi * k * (2 * band + 1) / (2 * BANDS))
    rows[0] /= np.sqrt(2)
    return rows


FILTERS, COSINES = _filters(), _cosines()
# The narrow bands hold few of the 201 frequencies, now more, now fewer: what white noise would measure.
_UNEVEN = COSINES @ (10 * np.log10(FILTERS.sum(axis=0)))


def power(samples: Float[np.ndarray, " time"]) -> Float[np.ndarray, "steps frequencies"]:
    """The power spectrum of windows 25 ms apart, the first one around the first sample."""
    samples = np.asarray(samples, float)
    validation.check_shape("samples", samples, ("time",))
    if len(samples) <= WINDOW // 2:
        raise ValueError(f"samples must be more than {WINDOW // 2}, got {len(samples)}")
    mirrored = np.pad(samples, WINDOW // 2, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(mirrored, WINDOW)[::HOP]
    return np.abs(np.fft.rfft(windows * HANN)) ** 2


def analysed(samples: Float[np.ndarray, " time"]) -> Float[np.ndarray, "steps 13"]:
    """The MFCCs of a sound. ValueError for fewer than 201 samples."""
    decibels = 10 * np.log10(np.maximum(power(samples) @ FILTERS, 1e-10))
    return np.maximum(decibels, decibels.max() - RANGE) @ COSINES.T


def mel_spectrum(mfccs: Float[np.ndarray, "steps 13"]) -> Float[np.ndarray, "steps bands"]:
    """The broad shape that the MFCCs still hold, in decibels, in 128 mel bands: ``L = cosinesᵀ c``.

    What the unevenness of the bands adds to it is taken out.
    """
    return (_checked(mfccs) - _UNEVEN) @ COSINES


def envelope(mfccs: Float[np.ndarray, "steps 13"]) -> Float[np.ndarray, "steps frequencies"]:
    """The power at the 201 frequencies, as far as the MFCCs tell it."""
    decibels = [np.interp(FREQUENCIES, CENTRES, row) for row in mel_spectrum(mfccs)]
    return 10 ** (np.array(decibels) / 10)


def voiced(shape: Float[np.ndarray, "steps frequencies"]) -> Bool[np.ndarray, " steps"]:
    """Where the vocal cords are taken to swing: loud, and stronger below 1 kHz than above 2.5 kHz."""
    low, high = shape[:, FREQUENCIES < 1000].mean(axis=1), shape[:, FREQUENCIES > 2500].mean(axis=1)
    loud = shape.mean(axis=1)
    return (low > 2 * high) & (loud > loud.max() / 1000)


def spoken(
    mfccs: Float[np.ndarray, "steps 13"], *, pitch: float = 110, seed: int = 0, corrections: int = 2
) -> Float[np.ndarray, " time"]:
    """A sound with these MFCCs, nearly: ``200 (steps - 1)`` samples at 8 kHz.

    pitch: pulses a second at the start; it falls by an eighth to the end, as that of a statement does.
    seed: of the noise.
    corrections: how often the result is analysed and what it lacks is added to what is asked for. A row of
        pulses has gaps between its overtones, into which the narrow bands fall: they measure too little.

    Raises ValueError for another shape, fewer than three steps, or a pitch that is not positive.
    """
    if not pitch > 0:
        raise ValueError(f"pitch must be positive, got {pitch}")
    wanted = asked = _checked(mfccs)
    if len(wanted) < 3:
        raise ValueError(f"mfccs must hold at least three steps, got {len(wanted)}")
    for _ in range(corrections):
        asked = asked + wanted - analysed(_filtered(envelope(asked), pitch, seed))
    return _filtered(envelope(asked), pitch, seed)


def _filtered(
    shape: Float[np.ndarray, "steps frequencies"], pitch: float, seed: int
) -> Float[np.ndarray, " time"]:
    """Pulses and noise, sent through the filter of each step; neighbouring windows are faded over."""
    time = (len(shape) - 1) * HOP + WINDOW
    noise = np.random.default_rng(seed).normal(size=time)
    pulses = _pulses(pitch * np.linspace(1, 7 / 8, time))
    result, weight = np.zeros(time), np.zeros(time)
    for step, (row, swings) in enumerate(zip(shape, voiced(shape), strict=True)):
        here = slice(step * HOP, step * HOP + WINDOW)
        source = 0.95 * pulses[here] + 0.05 * noise[here] if swings else noise[here]
        filtered = np.fft.rfft(source * HANN) * np.sqrt(row / (HANN**2).sum())
        result[here] += np.fft.irfft(filtered, WINDOW) * HANN
        weight[here] += HANN**2
    half = WINDOW // 2
    return (result / np.maximum(weight, 1e-3))[half : time - half]


def _pulses(pitch: Float[np.ndarray, " time"]) -> Float[np.ndarray, " time"]:
    """A pulse whenever a period is over; with the mean power of the noise, 1."""
    periods = np.floor(np.cumsum(pitch / RATE))
    starts = np.diff(periods, prepend=-1) > 0
    return np.where(starts, np.sqrt(RATE / pitch), 0)


def distance(one: Float[np.ndarray, "steps 13"], other: Float[np.ndarray, "others 13"]) -> float:
    """How far two sounds are apart, in decibels a mel band, whatever their tempo and loudness.

    Dynamic time warping pairs their steps; the distance is the mean over the pairs of

        sqrt(mean over the 128 bands of (L_one - L_other)²)

    where L is the mel spectrum less its mean. The cosines are orthonormal, so that this is the distance of
    the coefficients from the second on, over the root of 128.
    """
    one, other = (_checked(mfccs)[:, 1:] / np.sqrt(BANDS) for mfccs in (one, other))
    i, j = dtw.path(one, other).T
    return float(np.linalg.norm(one[i] - other[j], axis=1).mean())


def _checked(mfccs) -> np.ndarray:
    mfccs = np.asarray(mfccs, float)
    validation.check_shape("mfccs", mfccs, ("steps", COEFFICIENTS))
    return mfccs
