import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("04-mathematics/05-real-time-recurrent-learning.ipynb")


def one_unit(time: int, w: float, u: float) -> dict:
    x, d_h = cases.normal((time,), (time,))
    return {"x": x, "d_h": d_h, "w": w, "u": u}


def run_one_unit(x, d_h, w, u, step):
    """The loop of the solution with another line for the sensitivity: s = step(h before, h, s)."""
    h, s, slopes = 0.0, 0.0, []
    for x_t, d_t in zip(x, d_h, strict=True):
        before, h = h, np.tanh(w * x_t + u * h)
        s = step(before, h, s)
        slopes.append(d_t * s)
    return np.array(slopes)


@exercise(
    cases=lambda: [one_unit(2, 0.5, 0.8), one_unit(4, 1.0, 0.9), one_unit(6, -0.7, 1.2)],
    praise="The exact gradient at every step of a stream, with one number kept in place of a past.",
    see="The recursion for U",
)
def online_slopes(x, d_h, w, u):
    """dL_t/du for each step (T,), computed forward in time, of one unit h_t = tanh(w x_t + u h_{t-1})."""
    h, s = 0.0, 0.0  # the state, and how it reacts to u
    slopes = []
    for x_t, d_t in zip(x, d_h, strict=True):
        before = h
        h = np.tanh(w * x_t + u * before)
        s = (1 - h**2) * (before + u * s)
        slopes.append(d_t * s)
    return np.array(slopes)


online_slopes.mistake(
    "The slope of tanh, 1 - h**2, is missing in the sensitivity.",
    lambda x, d_h, w, u: run_one_unit(x, d_h, w, u, lambda before, h, s: before + u * s),
)
online_slopes.mistake(
    "Only the immediate part is there: the state before has reacted to u as well, and passes it on.",
    lambda x, d_h, w, u: run_one_unit(x, d_h, w, u, lambda before, h, s: (1 - h**2) * before),
)
online_slopes.mistake(
    "The immediate part multiplies u by h_{t-1}; you take h_t.",
    lambda x, d_h, w, u: run_one_unit(x, d_h, w, u, lambda before, h, s: (1 - h**2) * (h + u * s)),
)
online_slopes.mistake(
    "The slope belongs to z_t, hence to the new state h_t; you take it at h_{t-1}.",
    lambda x, d_h, w, u: run_one_unit(x, d_h, w, u, lambda before, h, s: (1 - before**2) * (before + u * s)),
)
online_slopes.mistake(
    "The old sensitivity arrives through the state, with the factor u, which is missing.",
    lambda x, d_h, w, u: run_one_unit(x, d_h, w, u, lambda before, h, s: (1 - h**2) * (before + s)),
)
online_slopes.mistake(
    "You return the running sum; each step's loss has a slope of its own.",
    lambda x, d_h, w, u: np.cumsum(online_slopes(x, d_h, w, u)),
    see="The question",
)
online_slopes.mistake(
    "These are the sensitivities; the loss's d_h is still to be multiplied in.",
    lambda x, d_h, w, u: online_slopes(x, np.ones_like(d_h), w, u),
    see="The question",
)


def diagonal(time: int, inputs: int, units: int) -> dict[str, np.ndarray]:
    x, lam, W = cases.normal((time, inputs), (units,), (units, inputs))
    return {"x": x, "lam": np.tanh(lam).round(2), "W": W}


@exercise(
    cases=lambda: [diagonal(1, 1, 1), diagonal(3, 2, 2), diagonal(5, 2, 3)],
    praise="One number a weight, where full RTRL keeps H of them: a diagonal network can afford it.",
    see="The recursion for U",
)
def diagonal_sensitivities(x, lam, W):
    """How the units of the last h_t = lam * h_{t-1} + W x_t react to their lam (H,) and rows of W (H, D)."""
    h, to_lam, to_W = np.zeros(len(lam)), np.zeros(len(lam)), np.zeros_like(W)
    for x_t in x:
        to_lam = h + lam * to_lam
        to_W = x_t + lam[:, None] * to_W
        h = lam * h + W @ x_t
    return to_lam, to_W


@diagonal_sensitivities.mistake("The reaction to lam uses the new state; the line multiplies lam by h_{t-1}.")
def reads_the_new_state(x, lam, W):
    h, to_lam = np.zeros(len(lam)), np.zeros(len(lam))
    for x_t in x:
        h = lam * h + W @ x_t
        to_lam = h + lam * to_lam
    return to_lam, diagonal_sensitivities(x, lam, W)[1]


@diagonal_sensitivities.mistake(
    "You keep the immediate part of the last step only; what went before arrives through the state."
)
def last_step(x, lam, W):
    h = np.zeros(len(lam))
    for x_t in x[:-1]:
        h = lam * h + W @ x_t
    return h, np.broadcast_to(x[-1], W.shape).copy()


@diagonal_sensitivities.mistake(
    "The old sensitivities are added whole; the state passes them on with the factor lam."
)
def undamped(x, lam, W):
    h, to_lam, to_W = np.zeros(len(lam)), np.zeros(len(lam)), np.zeros_like(W)
    for x_t in x:
        to_lam = h + to_lam
        to_W = x_t + to_W
        h = lam * h + W @ x_t
    return to_lam, to_W


diagonal_sensitivities.mistake(
    "The reaction to W is multiplied by the weights; its immediate part is x_t alone.",
    lambda x, lam, W: W * diagonal_sensitivities(x, lam, W)[1],
    part=1,
    see="The same for W and b",
)
diagonal_sensitivities.mistake(
    "The reaction to W is the same for all units in your answer: each unit passes it on with its own lam.",
    lambda x, lam, W: diagonal_sensitivities(x, np.full_like(lam, lam.mean()), W)[1],
    part=1,
    see="The same for W and b",
)
diagonal_sensitivities.mistake(
    "The two results are in the other order: first lam, then W.",
    lambda x, lam, W: diagonal_sensitivities(x, lam, W)[::-1],
    see="The question",
)
