import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("08-trends/01-from-attention-to-the-transformer.ipynb")


def attended(B: int, T: int, H: int, window: int, seed: int = 0) -> dict:
    q, k, v = cases.normal((B, T, H), (B, T, H), (B, T, H), seed=seed)
    return {"q": 2 * q, "k": 2 * k, "v": v, "window": window}


@exercise(
    # The last three windows are the smallest, one as long as the sequence, and one that is longer.
    cases=lambda: [
        attended(1, 3, 2, 2),
        attended(2, 6, 4, 3),
        attended(3, 5, 2, 2, seed=1),
        attended(2, 4, 3, 1),
        attended(1, 5, 2, 5),
        attended(2, 3, 4, 7),
    ],
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
    lambda q, k, v, window: looked(q, k, v, outside(q, window), scale=q.shape[2] ** -0.5),
    see="Self-attention, by hand",
)
local_attention.mistake(
    "You divide the scores by H; a sum of H products has the size of its root.",
    lambda q, k, v, window: looked(q, k, v, outside(q, window), scale=q.shape[2]),
    see="Self-attention, by hand",
)
local_attention.mistake(
    "You divide the scores by the root of another size than H, the numbers of one query.",
    lambda q, k, v, window: looked(q, k, v, outside(q, window), scale=q.shape[1] ** 0.5),
    lambda q, k, v, window: looked(q, k, v, outside(q, window), scale=len(q) ** 0.5),
    lambda q, k, v, window: looked(q, k, v, outside(q, window), scale=window**0.5),
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
    "Your window opens to both sides: each step sees the next ones as well.",
    lambda q, k, v, window: looked(q, k, v, np.abs(back(q)) >= window),
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
    "A step does not see itself in your answer. It is the nearest of the `window` steps.",
    lambda q, k, v, window: np.nan_to_num(looked(q, k, v, (back(q) < 1) | (back(q) > window))),
    lambda q, k, v, window: looked(q, k, v, (back(q) < 1) | (back(q) > window)),
    lambda q, k, v, window: np.nan_to_num(looked(q, k, v, (back(q) < 1) | (back(q) >= window))),
    lambda q, k, v, window: looked(q, k, v, (back(q) < 1) | (back(q) >= window)),
    lambda q, k, v, window: looked(q, k, v, (back(q) < 1) | (back(q) > window), masked=-1e9),
    lambda q, k, v, window: np.concatenate(
        [v[:, :1], looked(q, k, v, (back(q) < 1) | (back(q) > window))[:, 1:]], axis=1
    ),
    lambda q, k, v, window: looked(q, k, v, (back(q) < 1) | (back(q) >= window), masked=-1e9),
)
local_attention.mistake(
    "Your window is one too narrow.",
    lambda q, k, v, window: looked(q, k, v, outside(q, window - 1)),
    lambda q, k, v, window: looked(q, k, v, outside(q, window - 1), masked=-1e9),
    lambda q, k, v, window: looked(q, k, v, outside(q, window - 1) & (back(q) != 0)),
    lambda q, k, v, window: np.nan_to_num(looked(q, k, v, outside(q, window - 1))),
)
local_attention.mistake(
    "Near the start your stretch of steps begins at a negative number, which Python counts from the end. "
    "Begin at 0 there.",
    lambda q, k, v, window: sliced(q, k, v, window, lambda e, values: e / e.sum() @ values),
    lambda q, k, v, window: sliced(q, k, v, window, lambda e, values: e @ values / e.sum()),
    lambda q, k, v, window: sliced(
        q, k, v, window, lambda e, values: np.exp(np.log(e) - np.log(e).max()) / e.sum() @ values
    ),
)


def sliced(q, k, v, window, mean):
    """Each step by itself, without a bound of the stretch below: mean(exponentials, values)."""
    y = np.zeros_like(v)
    for row, t in np.ndindex(*q.shape[:2]):
        seen = slice(t - window + 1, t + 1)
        y[row, t] = mean(np.exp(k[row, seen] @ q[row, t] / np.sqrt(q.shape[2])), v[row, seen])
    return y


local_attention.mistake(
    "You set hidden scores to 0, and a score of 0 still has a weight, exp(0) = 1.",
    lambda q, k, v, window: looked(q, k, v, outside(q, window), masked=0.0),
)
local_attention.mistake(
    "Nothing is hidden in your answer: each step sees all others.",
    lambda q, k, v, window: looked(q, k, v, back(q) > q.shape[1]),
)
local_attention.mistake(
    "The window is not used: each step sees everything before it.",
    lambda q, k, v, window: looked(q, k, v, back(q) < 0),
)
local_attention.mistake(
    "You hide weights after the softmax. What is left of them no longer sums to one.",
    lambda q, k, v, window: np.where(outside(q, window), 0, weights_of(q, k)) @ v,
)
local_attention.mistake(
    "The softmax is missing: the values are weighed by scores, which may be negative.",
    lambda q, k, v, window: (
        np.where(outside(q, window), 0, q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[2])) @ v
    ),
    see="Self-attention, by hand",
)
local_attention.mistake(
    "Your weights are not divided by their sum, so that the result is no mean.",
    lambda q, k, v, window: (
        np.where(outside(q, window), 0, np.exp(q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[2]))) @ v
    ),
    see="Self-attention, by hand",
)
local_attention.mistake(
    "You return the weights. The weighted mean of the values is asked for.",
    lambda q, k, v, window: looked(q, k, np.eye(q.shape[1]), outside(q, window)),
    see="Self-attention, by hand",
)
local_attention.mistake(
    "You return the scores. A softmax makes weights of them; the mean of the values is asked for.",
    *(
        lambda q, k, v, window, hidden=hidden: np.where(
            outside(q, window), hidden, q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[2])
        )
        for hidden in (-np.inf, -1e9, 0.0)
    ),
    see="Self-attention, by hand",
)
local_attention.mistake(
    "Query and key are exchanged: the step that looks sends the query.",
    lambda q, k, v, window: local_attention(k, q, v, window),
    see="Self-attention, by hand",
)


def weights_of(q, k):
    weights = np.exp(q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[2]))
    return weights / weights.sum(axis=2, keepdims=True)


def streamed(T: int, H: int, K: int, seed: int = 0) -> dict:
    q, k, v = cases.normal((T, H), (T, H), (T, K), seed=seed)
    return {"q": np.abs(q) + 0.1, "k": np.abs(k) + 0.1, "v": v}


@exercise(
    cases=lambda: [
        streamed(2, 2, 1),
        streamed(3, 2, 4),
        streamed(5, 4, 3),
        streamed(4, 1, 2, seed=1),
        streamed(6, 3, 3, seed=2),
    ],
    praise="Attention without its exp is a recurrence: its state has a fixed size, whatever T is.",
    see="Self-attention, by hand",
    parts=("y", "the state S", "the sum n"),
)
def linear_attention(q, k, v):
    """y (T, K), the last S (K, H) and the last n (H,); q and k (T, H) are positive, v is (T, K)."""
    S, n, y = np.zeros((v.shape[1], k.shape[1])), np.zeros(k.shape[1]), []
    for q_t, k_t, v_t in zip(q, k, v, strict=True):
        S, n = S + np.outer(v_t, k_t), n + k_t
        y.append(S @ q_t / (n @ q_t))
    return np.array(y), S, n


def weighed(q, k, v, weights, normalise=True):
    """Attention with these weights (T, T), and the right state."""
    y = weights @ v
    return (y / weights.sum(axis=1, keepdims=True) if normalise else y), v.T @ k, k.sum(axis=0)


linear_attention.mistake(
    "You read the state before the step is written into it, so that no step sees itself.",
    lambda q, k, v: weighed(q, k, v, np.tril(q @ k.T, -1)),
    lambda q, k, v: (np.nan_to_num(weighed(q, k, v, np.tril(q @ k.T, -1))[0]), v.T @ k, k.sum(axis=0)),
    see="A mask, so that nobody sees the future",
)
linear_attention.mistake(
    "Your outer product is turned: in the state the values run along the rows, the keys along the columns.",
    lambda q, k, v: (linear_attention(q, k, v)[0], k.T @ v, k.sum(axis=0)),
)
linear_attention.mistake(
    "Each step overwrites the state; it must be added to what the steps before have left.",
    lambda q, k, v: (v.copy(), np.outer(v[-1], k[-1]), k[-1]),
    lambda q, k, v: (
        (q * k).sum(axis=1, keepdims=True) * v / (np.cumsum(k, axis=0) * q).sum(axis=1, keepdims=True),
        np.outer(v[-1], k[-1]),
        k.sum(axis=0),
    ),
)
linear_attention.mistake(
    "Query and key are exchanged: a step is stored under its key, and asked for by a later step's query.",
    lambda q, k, v: linear_attention(k, q, v),
)
linear_attention.mistake(
    "All steps read the last state, and so see the future: step t reads the state of step t.",
    lambda q, k, v: weighed(q, k, v, q @ k.T),
    see="A mask, so that nobody sees the future",
)
linear_attention.mistake(
    "What is read is not divided by the sum of its weights, and is no mean.",
    lambda q, k, v: weighed(q, k, v, np.tril(q @ k.T), normalise=False),
)
linear_attention.mistake(
    "You divide by the number of steps so far. The weights differ: divide by their sum.",
    lambda q, k, v: np.tril(q @ k.T) @ v / np.arange(1, len(q) + 1)[:, None],
    part=0,
)
linear_attention.mistake(
    "You divide by the sum of the keys' numbers. Step t weighs each key by its query: so must the sum.",
    lambda q, k, v: np.tril(q @ k.T) @ v / np.cumsum(k.sum(axis=1))[:, None],
    lambda q, k, v: np.tril(q @ k.T) @ v / np.cumsum(k.sum(axis=1))[:, None] / q.sum(axis=1)[:, None],
    lambda q, k, v: np.tril(q @ k.T) @ v / np.linalg.norm(np.cumsum(k, axis=0), axis=1)[:, None],
    part=0,
)
linear_attention.mistake(
    "You divide by the last sum of keys at every step. Step t has the sum of its own past.",
    lambda q, k, v: np.tril(q @ k.T) @ v / (q @ k.sum(axis=0))[:, None],
    part=0,
    see="A mask, so that nobody sees the future",
)
linear_attention.mistake(
    "You divide by the last weight alone. The sum n is of all keys so far.",
    lambda q, k, v: (np.tril(q @ k.T) @ v / (q * k).sum(axis=1, keepdims=True), v.T @ k, k.sum(axis=0)),
    lambda q, k, v: (
        np.tril(q @ k.T) @ v / (q * k).sum(axis=1, keepdims=True),
        v.T @ k,
        k[-1],
    ),
)
linear_attention.mistake(
    "You divide by the root of H. That is for scores that go through a softmax; here there is none.",
    lambda q, k, v: np.tril(q @ k.T) @ v / np.sqrt(k.shape[1]),
    lambda q, k, v: linear_attention(q, k, v)[0] / np.sqrt(k.shape[1]),
    part=0,
)
linear_attention.mistake(
    "The softmax is still there. With it no state of fixed size can hold the past.",
    lambda q, k, v: weighed(q, k, v, np.tril(np.exp(q @ k.T))),
    lambda q, k, v: weighed(q, k, v, np.exp(np.tril(q @ k.T))),
    lambda q, k, v: weighed(q, k, v, np.tril(np.exp(q @ k.T / np.sqrt(k.shape[1])))),
)
linear_attention.mistake(
    "You divide the state entry by entry. Read it with the query first, then divide by the sum of weights.",
    lambda q, k, v: np.array(
        [v[: t + 1].T @ k[: t + 1] / k[: t + 1].sum(axis=0) @ q[t] for t in range(len(q))]
    ),
    part=0,
)
linear_attention.mistake(
    "You divide by the sum of the query's numbers. What is read is divided by the sum of its weights.",
    lambda q, k, v: np.array([v[: t + 1].T @ k[: t + 1] @ q[t] / q[t].sum() for t in range(len(q))]),
    part=0,
)
linear_attention.mistake(
    "Your weights sum to one over the steps that look. Each step takes a mean over what it looks at.",
    lambda q, k, v: weighed(q, k, v, (w := np.tril(q @ k.T)) / w.sum(axis=0), normalise=False),
    lambda q, k, v: weighed(q, k, v, (w := np.tril(q @ k.T)) / w.sum(), normalise=False),
)
linear_attention.mistake(
    "Each step sees itself and what comes after it, in place of what came before.",
    lambda q, k, v: weighed(q, k, v, np.triu(q @ k.T)),
    see="A mask, so that nobody sees the future",
)
linear_attention.mistake(
    "You store queries. A step is stored under its key; its query asks.",
    lambda q, k, v: (linear_attention(q, k, v)[0], v.T @ q, q.sum(axis=0)),
    lambda q, k, v: (weighed(q, q, v, np.tril(q @ q.T))[0], v.T @ q, q.sum(axis=0)),
)
linear_attention.mistake(
    "S holds the step itself when it is read, and n does not yet. Write both, then read.",
    lambda q, k, v: np.tril(q @ k.T) @ v / np.tril(q @ k.T, -1).sum(axis=1, keepdims=True),
    lambda q, k, v: np.tril(q @ k.T) @ v / (np.tril(q @ k.T, -1).sum(axis=1, keepdims=True) + 1e-9),
    lambda q, k, v: np.tril(q @ k.T) @ v / (np.tril(q @ k.T, -1).sum(axis=1, keepdims=True) + 1e-12),
    part=0,
)
linear_attention.mistake(
    "Three things are asked for: all y, the last S and the last n.",
    lambda *case: linear_attention(*case)[0],
    lambda *case: linear_attention(*case)[:2],
)
linear_attention.mistake(
    "You give back the states of all steps. The last ones are asked for.",
    lambda q, k, v: (
        linear_attention(q, k, v)[0],
        np.cumsum(v[:, :, None] * k[:, None], axis=0),
        np.cumsum(k, axis=0),
    ),
    lambda q, k, v: (
        linear_attention(q, k, v)[0],
        np.cumsum(v[:, :, None] * k[:, None], axis=0),
        k.sum(axis=0),
    ),
)
linear_attention.mistake(
    "Your last part is no sum of keys: n has one number for each number of a key.",
    lambda q, k, v: np.cumsum(k, axis=0),
    lambda q, k, v: np.tril(q @ k.T).sum(axis=1),
    lambda q, k, v: k.sum(),
    lambda q, k, v: k.sum(axis=1),
    lambda q, k, v: k.sum(axis=0) @ q[-1],
    part=2,
)


def asked(T: int, H: int, K: int, seed: int = 0) -> dict:
    q, k, v, d_y = cases.normal((H,), (T, H), (T, K), (K,), seed=seed)
    return {"q": q, "k": k, "v": v, "d_y": d_y}


@exercise(
    cases=lambda: [asked(2, 1, 2), asked(3, 2, 4), asked(5, 4, 3), asked(4, 3, 1, seed=1), asked(1, 2, 3)],
    praise="Nothing here waits: every key and value hears of the loss in one step, however far back it lies.",
    see="Self-attention, by hand",
    parts=("dq", "dk", "dv"),
)
def query_backward(q, k, v, d_y):
    """dq (H,), dk (T, H) and dv (T, K) of one query's attention; q (H,), k (T, H), v (T, K), d_y (K,)."""
    a = np.exp(k @ q / np.sqrt(len(q)))
    a /= a.sum()
    d_a = v @ d_y
    d_scores = a * (d_a - a @ d_a) / np.sqrt(len(q))
    return d_scores @ k, np.outer(d_scores, q), np.outer(a, d_y)


def backward_with(q, k, v, d_y, *, through=lambda a, d_a: a * (d_a - a @ d_a), scale=None, back_scale=None):
    """The way back, with the softmax's part and the scales to turn."""
    scale = np.sqrt(len(q)) if scale is None else scale
    a = np.exp(k @ q / scale)
    a /= a.sum()
    d_scores = through(a, v @ d_y) / (scale if back_scale is None else back_scale)
    return d_scores @ k, np.outer(d_scores, q), np.outer(a, d_y)


query_backward.mistake(
    "You treat the weights as if each hung on its own score. In a softmax every score moves all weights.",
    lambda *arguments: backward_with(*arguments, through=lambda a, d_a: a * d_a),
    lambda *arguments: backward_with(*arguments, through=lambda a, d_a: a * (1 - a) * d_a, back_scale=1.0),
    lambda *arguments: backward_with(*arguments, through=lambda a, d_a: a * d_a, back_scale=1.0),
    lambda *arguments: backward_with(*arguments, through=lambda a, d_a: a * (1 - a) * d_a),
)
query_backward.mistake(
    "The softmax is passed over on the way back: what the weights are told is not yet for the scores.",
    lambda *arguments: backward_with(*arguments, through=lambda a, d_a: d_a),
    lambda *arguments: backward_with(*arguments, through=lambda a, d_a: d_a, back_scale=1.0),
)
query_backward.mistake(
    "The scores hear nothing of the loss in your answer: you send back the weights themselves.",
    lambda *arguments: backward_with(*arguments, through=lambda a, d_a: a),
)
query_backward.mistake(
    "You subtract the plain mean of what the weights are told. It is the mean under the weights themselves.",
    lambda *arguments: backward_with(*arguments, through=lambda a, d_a: a * (d_a - d_a.mean())),
)
query_backward.mistake(
    "You subtract the sum of what the weights are told. It is the mean under the weights themselves.",
    lambda *arguments: backward_with(*arguments, through=lambda a, d_a: a * (d_a - d_a.sum())),
)
query_backward.mistake(
    "The factor a is missing: a place that had no weight has no say on the way back either.",
    lambda *arguments: backward_with(*arguments, through=lambda a, d_a: d_a - a @ d_a),
)
query_backward.mistake(
    "Your softmax's part has the wrong sign.",
    lambda *arguments: backward_with(*arguments, through=lambda a, d_a: a * (a @ d_a - d_a)),
)
query_backward.mistake(
    "You add the mean of what the weights are told. It is subtracted.",
    lambda *arguments: backward_with(*arguments, through=lambda a, d_a: a * (d_a + a @ d_a)),
)
query_backward.mistake(
    "The root of H is missing on the way back. The scores were divided by it, and so is their gradient.",
    lambda *arguments: backward_with(*arguments, back_scale=1.0),
)
query_backward.mistake(
    "The root of H is missing altogether.",
    lambda *arguments: backward_with(*arguments, scale=1.0),
)
query_backward.mistake(
    "On the way back you divide by another number than on the way out. A constant factor stays the same.",
    lambda q, k, v, d_y: backward_with(q, k, v, d_y, back_scale=len(q)),
    lambda q, k, v, d_y: backward_with(q, k, v, d_y, back_scale=len(k) ** 0.5),
    lambda q, k, v, d_y: backward_with(q, k, v, d_y, back_scale=len(k)),
)
query_backward.mistake(
    "You multiply by the root of H on the way back. A factor stays what it is: the scores were divided.",
    lambda q, k, v, d_y: backward_with(q, k, v, d_y, back_scale=len(q) ** -0.5),
)
query_backward.mistake(
    "Each value gets all of d_y in your dv. y is the sum of a * v: a value hears as much as its weight lets "
    "through.",
    lambda q, k, v, d_y: np.tile(d_y, (len(v), 1)),
    lambda q, k, v, d_y: np.tile(d_y / len(v), (len(v), 1)),
    part=2,
)
query_backward.mistake(
    "Your dv has the scores' gradient in place of the weights. y is the sum of a * v: what reaches v is a.",
    lambda q, k, v, d_y: np.outer(v @ d_y, d_y),
    lambda q, k, v, d_y: np.outer(query_backward(q, k, v, d_y)[1] @ q / (q @ q), d_y),
    part=2,
)
query_backward.mistake(
    "Your dv is turned: a gradient has the shape of what it belongs to, (T, K).",
    lambda *arguments: query_backward(*arguments)[2].T,
    part=2,
)
query_backward.mistake(
    "Your dv holds y. What reaches a value is what y is told, times the value's weight.",
    lambda q, k, v, d_y: np.outer(a := weights_of(q[None, None], k[None])[0, 0], a @ v),
    part=2,
)
query_backward.mistake(
    "Your dv holds the values. What reaches a value is what y is told, times the value's weight.",
    lambda q, k, v, d_y: weights_of(q[None, None], k[None])[0, 0][:, None] * v,
    part=2,
)
query_backward.mistake(
    "Your dq goes by the query itself. A score is q times k: what reaches the query is the keys.",
    lambda q, k, v, d_y: (query_backward(q, k, v, d_y)[1] @ q / (q @ q)).sum() * q,
    part=0,
)
query_backward.mistake(
    "Your dk and dv are turned: a gradient has the shape of what it belongs to, time first.",
    lambda *case: (query_backward(*case)[0], query_backward(*case)[1].T, query_backward(*case)[2].T),
)
query_backward.mistake(
    "Your dk is turned: a gradient has the shape of what it belongs to, (T, H).",
    lambda *arguments: query_backward(*arguments)[1].T,
    part=1,
)
query_backward.mistake(
    "In dk each key meets itself. A score is q times k: what reaches a key is the query.",
    lambda q, k, v, d_y: (query_backward(q, k, v, d_y)[1] @ q / (q @ q))[:, None] * k,
    part=1,
)
query_backward.mistake(
    "Your dq has one row for each key. There was one query: what all keys say of it adds up.",
    lambda q, k, v, d_y: (query_backward(q, k, v, d_y)[1] @ q / (q @ q))[:, None] * k,
    part=0,
)
query_backward.mistake(
    "Only the last key is left in your dq: each overwrites what came before. What all keys say adds up.",
    lambda q, k, v, d_y: ((query_backward(q, k, v, d_y)[1] @ q / (q @ q))[:, None] * k)[-1],
    part=0,
)
query_backward.mistake(
    "You average over the keys in dq. What all of them say of the one query adds up.",
    lambda q, k, v, d_y: ((query_backward(q, k, v, d_y)[1] @ q / (q @ q))[:, None] * k).mean(axis=0),
    part=0,
)
