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
from scipy import fft

from rnnbook import validation
from rnnbook.tasks import dtw

SAMPLE_RATE = 8000  # samples a second
WINDOW_LENGTH = 400  # samples that one row of coefficients describes
HOP_LENGTH = 200  # samples from one row to the next
NUM_MELS = 128
NUM_COEFFICIENTS = 13
DYNAMIC_RANGE = 80  # decibels below the loudest, where the analysis cuts off

FREQUENCIES = np.linspace(0, SAMPLE_RATE / 2, WINDOW_LENGTH // 2 + 1)
HANN = np.hanning(WINDOW_LENGTH + 1)[:-1]


def _mel(frequency):
    return 2595 * np.log10(1 + frequency / 700)


# Of the bands, in hertz.
_EDGES = 700 * (10 ** (np.linspace(0, _mel(SAMPLE_RATE / 2), NUM_MELS + 2) / 2595) - 1)
CENTERS = _EDGES[1:-1]


def _filters() -> Float[np.ndarray, "frequencies bands"]:
    """Triangles: each band rises from the centre of the one below to its own, and falls to the next one's."""
    width = np.diff(_EDGES)
    rising = (FREQUENCIES[:, None] - _EDGES[:-2]) / width[:-1]
    falling = (_EDGES[2:] - FREQUENCIES[:, None]) / width[1:]
    return np.maximum(0, np.minimum(rising, falling))


FILTERS = _filters()
# The first rows of the orthonormal discrete cosine transform: (coefficients, bands).
COSINES = fft.dct(np.eye(NUM_MELS), norm="ortho", axis=0)[:NUM_COEFFICIENTS]
# The narrow bands hold few of the 201 frequencies, now more, now fewer: what white noise would measure.
_UNEVEN = COSINES @ (10 * np.log10(FILTERS.sum(axis=0)))


def power_spectrogram(samples: Float[np.ndarray, " time"]) -> Float[np.ndarray, "steps frequencies"]:
    """The power spectrum of windows 25 ms apart, the first one around the first sample.

    Raises ValueError for another shape, or fewer than 201 samples.
    """
    samples = np.asarray(samples, float)
    validation.check_shape("samples", samples, ("time",))
    if len(samples) <= WINDOW_LENGTH // 2:
        raise ValueError(f"samples must be more than {WINDOW_LENGTH // 2}, got {len(samples)}")
    mirrored = np.pad(samples, WINDOW_LENGTH // 2, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(mirrored, WINDOW_LENGTH)[::HOP_LENGTH]
    return np.abs(np.fft.rfft(windows * HANN)) ** 2


def mfcc(samples: Float[np.ndarray, " time"]) -> Float[np.ndarray, "steps 13"]:
    """The mel-frequency cepstral coefficients of a sound at 8 kHz; raises as ``power_spectrogram``."""
    decibels = 10 * np.log10(np.maximum(power_spectrogram(samples) @ FILTERS, 1e-10))
    return np.maximum(decibels, decibels.max() - DYNAMIC_RANGE) @ COSINES.T


def mel_spectrogram(mfccs: Float[np.ndarray, "steps 13"]) -> Float[np.ndarray, "steps bands"]:
    """The broad shape that the MFCCs still hold, in decibels, in 128 mel bands: ``L = cosinesᵀ c``.

    What the unevenness of the bands adds to it is taken out.
    """
    return (_checked(mfccs) - _UNEVEN) @ COSINES


def spectral_envelope(mfccs: Float[np.ndarray, "steps 13"]) -> Float[np.ndarray, "steps frequencies"]:
    """The power at the 201 frequencies, as far as the MFCCs tell it."""
    decibels = [np.interp(FREQUENCIES, CENTERS, row) for row in mel_spectrogram(mfccs)]
    return 10 ** (np.array(decibels) / 10)


def is_voiced(shape: Float[np.ndarray, "steps frequencies"]) -> Bool[np.ndarray, " steps"]:
    """Where the vocal cords are taken to swing: loud, and stronger below 1 kHz than above 2.5 kHz."""
    low, high = shape[:, FREQUENCIES < 1000].mean(axis=1), shape[:, FREQUENCIES > 2500].mean(axis=1)
    loud = shape.mean(axis=1)
    return (low > 2 * high) & (loud > loud.max() / 1000)


def synthesize(
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
        asked = asked + wanted - mfcc(_filtered(spectral_envelope(asked), pitch, seed))
    return _filtered(spectral_envelope(asked), pitch, seed)


def _filtered(
    shape: Float[np.ndarray, "steps frequencies"], pitch: float, seed: int
) -> Float[np.ndarray, " time"]:
    """Pulses and noise, sent through the filter of each step; neighbouring windows are faded over."""
    time = (len(shape) - 1) * HOP_LENGTH + WINDOW_LENGTH
    noise = np.random.default_rng(seed).normal(size=time)
    pulses = _pulses(pitch * np.linspace(1, 7 / 8, time))
    result, weight = np.zeros(time), np.zeros(time)
    for step, (row, swings) in enumerate(zip(shape, is_voiced(shape), strict=True)):
        here = slice(step * HOP_LENGTH, step * HOP_LENGTH + WINDOW_LENGTH)
        source = 0.95 * pulses[here] + 0.05 * noise[here] if swings else noise[here]
        filtered = np.fft.rfft(source * HANN) * np.sqrt(row / (HANN**2).sum())
        result[here] += np.fft.irfft(filtered, WINDOW_LENGTH) * HANN
        weight[here] += HANN**2
    half = WINDOW_LENGTH // 2
    return (result / np.maximum(weight, 1e-3))[half : time - half]


def _pulses(pitch: Float[np.ndarray, " time"]) -> Float[np.ndarray, " time"]:
    """A pulse whenever a period is over; with the mean power of the noise, 1."""
    periods = np.floor(np.cumsum(pitch / SAMPLE_RATE))
    starts = np.diff(periods, prepend=-1) > 0
    return np.where(starts, np.sqrt(SAMPLE_RATE / pitch), 0)


def mel_cepstral_distance(
    mfccs: Float[np.ndarray, "steps 13"], other: Float[np.ndarray, "other_steps 13"]
) -> float:
    """How far two sounds are apart, in decibels a mel band, whatever their tempo and loudness.

    Dynamic time warping pairs their steps; the distance is the mean over the pairs of

        sqrt(mean over the 128 bands of (L - L_other)²)

    where L is the mel spectrum less its mean. The cosines are orthonormal, so that this is the distance of
    the coefficients from the second on, over the root of 128. After Kubichek, 1993, 'Mel-cepstral
    distance measure for objective speech quality assessment', on another scale.

    Raises ValueError for another shape.
    """
    a, b = (_checked(each)[:, 1:] / np.sqrt(NUM_MELS) for each in (mfccs, other))
    i, j = dtw.dtw_path(a, b).T
    return float(np.linalg.norm(a[i] - b[j], axis=1).mean())


def _checked(mfccs) -> np.ndarray:
    mfccs = np.asarray(mfccs, float)
    validation.check_shape("mfccs", mfccs, ("steps", NUM_COEFFICIENTS))
    return mfccs
