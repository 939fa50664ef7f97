import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("08-trends/01-from-attention-to-the-transformer.ipynb")


def attended(B: int, T: int, H: int, window: int) -> dict:
    q, k, v = cases.normal((B, T, H), (B, T, H), (B, T, H))
    return {"q": 2 * q, "k": 2 * k, "v": v, "window": window}


@exercise(
    # The last two windows are the smallest, and one as long as the sequence.
    cases=lambda: [attended(3, 3, 3, 2), attended(2, 6, 4, 3), attended(2, 4, 3, 1), attended(1, 5, 2, 5)],
    praise="Attention with a bounded look back: its work grows with the window, and no longer with all of T.",
    see="A mask, so that nobody sees the future",
)
def local_attention(q, k, v, window):
    """Causal attention (B, T, H) in which each step sees the last `window` steps, itself included."""
    T, H = q.shape[1:]
    back = np.arange(T)[:, None] - np.arange(T)
    scores = q @ k.transpose(0, 2, 1) / np.sqrt(H)
    scores = np.where((back >= 0) & (back < window), scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=2, keepdims=True))
    return weights / weights.sum(axis=2, keepdims=True) @ v


def looked(q, k, v, hidden, *, scale=None, axis=2, masked=-np.inf):
    """Attention with everything to turn."""
    scores = q @ k.transpose(0, 2, 1) / (np.sqrt(q.shape[2]) if scale is None else scale)
    scores = np.where(hidden, masked, scores)
    weights = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return weights / weights.sum(axis=axis, keepdims=True) @ v


def back(q):
    """How many steps back each step lies from each other one: (T, T)."""
    T = q.shape[1]
    return np.arange(T)[:, None] - np.arange(T)


def outside(q, window):
    return (back(q) < 0) | (back(q) >= window)


local_attention.mistake(
    "The scores are not divided by the root of H, so that they grow with the width.",
    lambda q, k, v, window: looked(q, k, v, outside(q, window), scale=1.0),
    see="Self-attention, by hand",
)
local_attention.mistake(
    "You divide the scores by H; a sum of H products has the size of its root.",
    lambda q, k, v, window: looked(q, k, v, outside(q, window), scale=q.shape[2]),
    see="Self-attention, by hand",
)
local_attention.mistake(
    "Your softmax runs over the steps that look; the weights of one step, over all that it looks at, sum to "
    "one.",
    lambda q, k, v, window: looked(q, k, v, outside(q, window), axis=1),
    see="Self-attention, by hand",
)
local_attention.mistake(
    "The causal mask is forgotten: each step sees all that comes after it.",
    lambda q, k, v, window: looked(q, k, v, back(q) >= window),
)
local_attention.mistake(
    "Your mask is the wrong triangle: each step sees itself and what comes after, not what came before.",
    lambda q, k, v, window: looked(q, k, v, outside(q, window).T),
)
local_attention.mistake(
    "Your window is one too wide: the step itself counts as one of its `window` steps.",
    lambda q, k, v, window: looked(q, k, v, outside(q, window + 1)),
)
local_attention.mistake(
    "You set hidden scores to 0, and a score of 0 still has a weight, exp(0) = 1: they must be minus "
    "infinity.",
    lambda q, k, v, window: looked(q, k, v, outside(q, window), masked=0.0),
)
local_attention.mistake(
    "The window is not used: each step sees everything before it.",
    lambda q, k, v, window: looked(q, k, v, back(q) < 0),
)


def streamed(T: int, H: int, K: int) -> dict:
    q, k, v = cases.normal((T, H), (T, H), (T, K))
    return {"q": q, "k": k, "v": v}


@exercise(
    cases=lambda: [streamed(2, 2, 2), streamed(4, 3, 2), streamed(5, 2, 4)],
    praise="Without its softmax, attention is a recurrence: its state has K times H numbers, whatever T is.",
    see="Self-attention, by hand",
)
def linear_attention(q, k, v):
    """y (T, K) and the last state (K, H): S_t = S_{t-1} + v_t k_t^T, y_t = S_t q_t; q, k (T, H), v (T, K)."""
    S, y = np.zeros((v.shape[1], k.shape[1])), []
    for q_t, k_t, v_t in zip(q, k, v, strict=True):
        S = S + np.outer(v_t, k_t)
        y.append(S @ q_t)
    return np.array(y), S


@linear_attention.mistake(
    "You read the state before the step is written into it, so that no step sees itself.",
    see="A mask, so that nobody sees the future",
)
def reads_before_writing(q, k, v):
    S, y = np.zeros((v.shape[1], k.shape[1])), []
    for q_t, k_t, v_t in zip(q, k, v, strict=True):
        y.append(S @ q_t)
        S = S + np.outer(v_t, k_t)
    return np.array(y), S


@linear_attention.mistake(
    "Your outer product is turned: in the state the values run along the rows, the keys along the columns."
)
def outer_turned(q, k, v):
    S, y = np.zeros((k.shape[1], v.shape[1])), []
    for q_t, k_t, v_t in zip(q, k, v, strict=True):
        S = S + np.outer(k_t, v_t)
        y.append(S @ q_t)
    return np.array(y), S


@linear_attention.mistake(
    "Each step overwrites the state; it must be added to what the steps before have left."
)
def overwrites(q, k, v):
    states = [np.outer(v_t, k_t) for k_t, v_t in zip(k, v, strict=True)]
    return np.array([S @ q_t for S, q_t in zip(states, q, strict=True)]), states[-1]


linear_attention.mistake(
    "Query and key are exchanged: a step is stored under its key, and asked for by a later step's query.",
    lambda q, k, v: linear_attention(k, q, v),
)
linear_attention.mistake(
    "All steps read the last state, and so see the future: step t reads the state of step t.",
    lambda q, k, v: q @ k.T @ v,
    part=0,
    see="A mask, so that nobody sees the future",
)
linear_attention.mistake(
    "You divide by the root of H. That is for scores that go through a softmax; here there is none.",
    lambda q, k, v: linear_attention(q, k, v)[0] / np.sqrt(k.shape[1]),
    part=0,
)


@linear_attention.mistake("The softmax is still there. With it no state of fixed size can hold the past.")
def keeps_the_softmax(q, k, v):
    weights = np.tril(np.exp(q @ k.T))
    return weights / weights.sum(axis=1, keepdims=True) @ v, v.T @ k
