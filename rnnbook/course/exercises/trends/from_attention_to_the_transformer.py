"""Exercises of chapters/08-trends/01-from-attention-to-the-transformer.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.trends import from_attention_to_the_transformer as solutions

NOTEBOOK = "08-trends/01-from-attention-to-the-transformer.ipynb"


def attended(B: int, T: int, H: int, window: int) -> dict:
    q, k, v = cases.normal((B, T, H), (B, T, H), (B, T, H))
    return {"q": 2 * q, "k": 2 * k, "v": v, "window": window}


local_attention = Exercise(
    solutions.local_attention,
    notebook=NOTEBOOK,
    # The last two windows are the smallest, and one as long as the sequence.
    cases=lambda: [
        attended(3, 3, 3, 2),
        attended(2, 6, 4, 3),
        attended(2, 4, 3, 1),
        attended(1, 5, 2, 5),
    ],
    praise="Attention with a bounded look back: its work grows with the window, and no longer with all of T.",
)


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


@local_attention.mistake(
    "The scores are not divided by the root of H, so that they grow with the width.",
    see="Self-attention, by hand",
)
def without_scale(q, k, v, window):
    return looked(q, k, v, outside(q, window), scale=1.0)


@local_attention.mistake(
    "You divide the scores by H; a sum of H products has the size of its root.",
    see="Self-attention, by hand",
)
def scaled_by_width(q, k, v, window):
    return looked(q, k, v, outside(q, window), scale=q.shape[2])


@local_attention.mistake(
    "Your softmax runs over the steps that look; the weights of one step, over all that it looks at, sum to "
    "one.",
    see="Self-attention, by hand",
)
def over_the_queries(q, k, v, window):
    return looked(q, k, v, outside(q, window), axis=1)


@local_attention.mistake(
    "The causal mask is forgotten: each step sees all that comes after it.",
    see="A mask, so that nobody sees the future",
)
def sees_the_future(q, k, v, window):
    return looked(q, k, v, back(q) >= window)


@local_attention.mistake(
    "Your mask is the wrong triangle: each step sees itself and what comes after, not what came before.",
    see="A mask, so that nobody sees the future",
)
def wrong_triangle(q, k, v, window):
    return looked(q, k, v, outside(q, window).T)


@local_attention.mistake(
    "Your window is one too wide: the step itself counts as one of its `window` steps.",
    see="A mask, so that nobody sees the future",
)
def one_too_wide(q, k, v, window):
    return looked(q, k, v, outside(q, window + 1))


@local_attention.mistake(
    "You set hidden scores to 0, and a score of 0 still has a weight, exp(0) = 1: they must be minus "
    "infinity.",
    see="A mask, so that nobody sees the future",
)
def masked_by_zero(q, k, v, window):
    return looked(q, k, v, outside(q, window), masked=0.0)


@local_attention.mistake(
    "The window is not used: each step sees everything before it.",
    see="A mask, so that nobody sees the future",
)
def sees_all_before(q, k, v, window):
    return looked(q, k, v, back(q) < 0)


def streamed(T: int, H: int, K: int) -> dict:
    q, k, v = cases.normal((T, H), (T, H), (T, K))
    return {"q": q, "k": k, "v": v}


linear_attention = Exercise(
    solutions.linear_attention,
    notebook=NOTEBOOK,
    cases=lambda: [streamed(2, 2, 2), streamed(4, 3, 2), streamed(5, 2, 4)],
    praise="Without its softmax, attention is a recurrence: its state has K times H numbers, whatever T is.",
)


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
    "Your outer product is turned: in the state the values run along the rows, the keys along the columns.",
    see="Self-attention, by hand",
)
def outer_turned(q, k, v):
    S, y = np.zeros((k.shape[1], v.shape[1])), []
    for q_t, k_t, v_t in zip(q, k, v, strict=True):
        S = S + np.outer(k_t, v_t)
        y.append(S @ q_t)
    return np.array(y), S


@linear_attention.mistake(
    "Each step overwrites the state; it must be added to what the steps before have left.",
    see="Self-attention, by hand",
)
def overwrites(q, k, v):
    states = [np.outer(v_t, k_t) for k_t, v_t in zip(k, v, strict=True)]
    return np.array([S @ q_t for S, q_t in zip(states, q, strict=True)]), states[-1]


@linear_attention.mistake(
    "Query and key are exchanged: a step is stored under its key, and asked for by a later step's query.",
    see="Self-attention, by hand",
)
def query_for_key(q, k, v):
    return solutions.linear_attention(k, q, v)


@linear_attention.mistake(
    "All steps read the last state, and so see the future: step t reads the state of step t.",
    see="A mask, so that nobody sees the future",
)
def reads_the_last_state(q, k, v):
    S = v.T @ k
    return q @ S.T, S


@linear_attention.mistake(
    "You divide by the root of H. That is for scores that go through a softmax; here there is none.",
    see="Self-attention, by hand",
)
def scaled_without_softmax(q, k, v):
    y, S = solutions.linear_attention(q, k, v)
    return y / np.sqrt(k.shape[1]), S


@linear_attention.mistake(
    "The softmax is still there. With it no state of fixed size can hold the past.",
    see="Self-attention, by hand",
)
def keeps_the_softmax(q, k, v):
    weights = np.tril(np.exp(q @ k.T))
    return weights / weights.sum(axis=1, keepdims=True) @ v, v.T @ k
