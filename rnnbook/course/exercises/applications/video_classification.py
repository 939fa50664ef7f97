import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("06-applications/04-video-classification.ipynb")


def believed(clips: int, frames: int, seed: int, silent: int = 0, blind: int = 0) -> dict:
    """Beliefs of a model of one frame. The first `silent` clips show nothing in `blind` frames."""
    rng = np.random.default_rng(seed)
    y = rng.integers(2, size=clips)
    p = 1 / (1 + np.exp(-rng.normal(0.8, 2.0, size=(clips, frames)) * np.where(y, 1, -1)[:, None]))
    p = p.clip(0.01, 0.99).round(2)
    p[p == 0.5] = 0.51
    p[:silent, :blind] = 0.5
    return {"p": p, "y": y.astype(bool)}


@exercise(
    cases=lambda: [
        {"p": np.array([[0.6, 0.6, 0.05]]), "y": np.array([True])},
        {"p": np.array([[0.5, 0.4], [0.9, 0.3], [0.2, 0.9]]), "y": np.array([False, True, True])},
        believed(7, 5, 1, 2, 1),
        believed(4, 6, 2, 1, 3),
        believed(9, 3, 3),
        believed(5, 8, 4, 3, 2),
    ],
    praise="A recurrence with nothing learned in it, and a strong rival of one that learns.",
    see="An answer after every frame",
)
def votes_curve(p, y):
    """The share right after each frame (T,), by the log-odds of p (N, T) added up; y (N,): ran forwards."""
    votes = np.cumsum(np.log(p) - np.log1p(-p), axis=1)
    said = np.sign(votes) * np.where(y, 1, -1)[:, None]
    return np.mean((said + 1) / 2, axis=0)


def curve(signs, y):
    """Signs (N, T): what is said after each frame."""
    return np.mean((np.sign(signs) * np.where(y, 1, -1)[:, None] + 1) / 2, axis=0)


def log_odds(p):
    return np.log(p / (1 - p))


def sums(p):
    return np.cumsum(log_odds(p), axis=1)


votes_curve.mistake(
    "That is the newest frame alone: add up what all frames so far have voted.",
    lambda p, y: curve(log_odds(p), y),
)
votes_curve.mistake(
    "You average probabilities: one frame that is nearly sure then counts hardly more than one that leans a "
    "little. Log-odds tell them apart.",
    lambda p, y: curve(np.cumsum(p - 0.5, axis=1).round(9), y),
)
votes_curve.mistake(
    "Every frame has one vote in your sum, however sure it is; it votes with its log-odds.",
    lambda p, y: curve(np.cumsum(np.sign(p - 0.5), axis=1), y),
)
votes_curve.mistake(
    "The logarithm of p is never above zero: the log-odds are log p minus log (1 - p).",
    lambda p, y: curve(np.cumsum(np.log(p), axis=1), y),
    lambda p, y: curve(np.cumprod(p, axis=1) - 0.5, y),
    lambda p, y: curve(np.cumsum(np.log(p), axis=1) - np.log(0.5), y),
)
votes_curve.mistake(
    "A sum of exactly zero takes no side, and counts half.",
    lambda p, y: np.mean((sums(p) > 0) == y[:, None], axis=0),
    lambda p, y: np.mean((sums(p) >= 0) == y[:, None], axis=0),
    lambda p, y: np.mean(sums(p) * np.where(y, 1, -1)[:, None] > 0, axis=0),
    lambda p, y: np.mean(sums(p) * np.where(y, 1, -1)[:, None] >= 0, axis=0),
)
votes_curve.mistake(
    "You add over the clips; the frames of one clip vote together.",
    lambda p, y: curve(np.cumsum(log_odds(p), axis=0), y),
)
votes_curve.mistake(
    "Your answer has one number; after each frame there is a share.",
    lambda p, y: votes_curve(p, y)[-1],
    lambda p, y: np.mean(votes_curve(p, y)),
)
votes_curve.mistake(
    "You count how often 'forwards' is said; right is what agrees with y.",
    lambda p, y: curve(sums(p), np.ones(len(y), dtype=bool)),
)
votes_curve.mistake(
    "You average over the frames; each frame has its own share of right clips.",
    lambda p, y: ((np.sign(sums(p)) * np.where(y, 1, -1)[:, None] + 1) / 2).mean(axis=1),
)
votes_curve.mistake(
    "You add from the last frame back: frames to come are not known yet.",
    lambda p, y: curve(np.cumsum(log_odds(p)[:, ::-1], axis=1)[:, ::-1], y),
    lambda p, y: curve(np.cumsum(log_odds(p)[:, ::-1], axis=1), y),
    lambda p, y: curve(np.repeat(sums(p)[:, -1:], p.shape[1], axis=1), y),
)
votes_curve.mistake("That is the share of wrong answers.", lambda p, y: 1 - votes_curve(p, y))
votes_curve.mistake(
    "After a frame its own vote is in the sum: yours is one frame late.",
    lambda p, y: curve(np.column_stack([np.zeros(len(p)), sums(p)[:, :-1]]), y),
)


def film(clips: int, frames: int, height: int, width: int, window: int) -> dict:
    return {"x": cases.named(x=(clips, frames, height, width))["x"], "width": window}


@exercise(
    cases=lambda: [film(1, 3, 1, 2, 2), film(2, 4, 2, 3, 3), film(3, 5, 2, 1, 1), film(2, 3, 2, 2, 5)],
    praise="Each frame with its past as channels, and nothing of its future: a causal window.",
    see="An answer after every frame",
)
def newest_frames(x, width):
    """The newest `width` frames at each frame of x (B, T, H, W), oldest first: (B, T, width, H, W)."""
    padded = np.pad(x, ((0, 0), (width - 1, 0), (0, 0), (0, 0)))
    return np.stack([padded[:, t : t + width] for t in range(x.shape[1])], axis=1)


def windows(x, width, offset, fill="constant"):
    """Windows that begin at frame t + offset."""
    padded = np.pad(x, ((0, 0), (2 * width, 2 * width), (0, 0), (0, 0)), mode=fill)
    first = 2 * width + offset
    return np.stack([padded[:, t + first : t + first + width] for t in range(x.shape[1])], axis=1)


newest_frames.mistake(
    "Your window looks ahead: after frame t the frames behind it are not known yet.",
    lambda x, width: windows(x, width, 0),
)
newest_frames.mistake(
    "Your window lies around frame t, and half of it is not known yet.",
    lambda x, width: windows(x, width, -(width // 2)),
    lambda x, width: windows(x, width, -((width - 1) // 2)),
)
newest_frames.mistake(
    "Frame t itself is missing: your window ends one frame too early.",
    lambda x, width: windows(x, width, -width),
)
newest_frames.mistake(
    "Your window ends one frame too late, with frame t + 1, which is not known yet.",
    lambda x, width: windows(x, width, 2 - width),
)
newest_frames.mistake(
    "The newest frame stands first in your windows; the oldest should.",
    lambda x, width: newest_frames(x, width)[:, :, ::-1],
)
newest_frames.mistake(
    "Before the first frame there is nothing: zeros, and not the first frame again.",
    lambda x, width: windows(x, width, 1 - width, "edge"),
)
newest_frames.mistake(
    "A window at the beginning is filled with frames from the end of the clip: a negative index counts from "
    "the end.",
    lambda x, width: np.stack([np.roll(x, k, axis=1) for k in range(width - 1, -1, -1)], axis=2),
    lambda x, width: np.stack([x[:, t - width + 1 : t + 1] for t in range(x.shape[1])], axis=1),
)


@newest_frames.mistake(
    "At the beginning the zeros stand in front: the newest frame has the last place always."
)
def from_the_left(x, width):
    found = np.zeros((*x.shape[:2], width, *x.shape[2:]))
    for t in range(x.shape[1]):
        known = x[:, max(0, t - width + 1) : t + 1]
        found[:, t, : known.shape[1]] = known
    return found


newest_frames.mistake(
    "The first frames have a window too, with zeros in it; you leave them out.",
    lambda x, width: newest_frames(x, width)[:, width - 1 :],
)
newest_frames.mistake(
    "The batch has changed places with time.",
    lambda x, width: newest_frames(x, width).swapaxes(0, 1),
)
newest_frames.mistake(
    "Time and window have changed places: the window is the third axis.",
    lambda x, width: newest_frames(x, width).swapaxes(1, 2),
)
newest_frames.mistake(
    "Your windows run over the batch; time is the second axis.",
    lambda x, width: newest_frames(x.swapaxes(0, 1), width).swapaxes(0, 1),
)
newest_frames.mistake(
    "The frames of a window are added up in your answer; they are channels side by side.",
    lambda x, width: newest_frames(x, width).sum(axis=2),
    lambda x, width: newest_frames(x, width).mean(axis=2),
)
newest_frames.mistake(
    "You cut the clip into windows that do not overlap; there is one for every frame.",
    lambda x, width: newest_frames(x, width)[:, width - 1 :: width],
)


votes_curve.mistake(
    "The logarithm of p is never above zero: the log-odds are log p minus log (1 - p).",
    lambda p, y: np.mean((np.cumprod(p, axis=1) > 0.5) == y[:, None], axis=0),
    lambda p, y: np.mean((np.cumsum(np.log(p), axis=1) > 0) == y[:, None], axis=0),
)


votes_curve.mistake(
    "You compare with one half for each frame; what speaks against it is 1 - p.",
    lambda p, y: curve(np.cumsum(np.log(2 * p), axis=1).round(9), y),
)
