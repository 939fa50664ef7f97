import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("01-background/05-a-short-history.ipynb")


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def gates(time: int, units: int, seed: int = 0, closed: tuple[tuple[int, int], ...] = ()) -> dict:
    """closed: places (t, unit) at which the forget gate is shut."""
    z_i, z_f, z_g = cases.normal(*[(time, units)] * 3, seed=seed)
    f = sigmoid(z_f + 1).round(2)
    for place in closed:
        f[place] = 0.0
    return {"i": sigmoid(z_i).round(2), "f": f, "g": np.tanh(z_g).round(2)}


@exercise(
    cases=lambda: [
        gates(3, 1),
        gates(4, 2, 1),
        gates(5, 3, 2, closed=((2, 1),)),
        gates(1, 2, 3),
        gates(6, 4, 4, closed=((0, 0), (5, 2))),
    ],
    praise="The rows add up to the last cell; with all forget gates at 1, as in 1997, nothing would fade.",
    see="Second act: gates",
)
def left_in_the_cell(i, f, g):
    """What each step's write i_t * g_t is still worth in the last cell: (T, H), from gates (T, H)."""
    left = i * g
    for t in range(1, len(f)):
        left[:t] *= f[t]
    return left


def kept(f, first=1, last=0):
    """For each t the product of f over steps t + first .. T - 1 - last."""
    T = len(f)
    return np.array([f[t + first : T - last].prod(axis=0) for t in range(T)])


left_in_the_cell.mistake(
    "Each write also passes the forget gate of its own step; that gate acts on the old cell only.",
    lambda i, f, g: i * g * kept(f, first=0),
)
left_in_the_cell.mistake(
    "The forget gate of the last step is missing: it acts on all earlier writes.",
    lambda i, f, g: i * g * kept(f, last=1),
)
left_in_the_cell.mistake(
    "The gate of the step just after the write is missing; it is the first to act on it.",
    lambda i, f, g: i * g * kept(f, first=2),
)
left_in_the_cell.mistake(
    "Nothing is forgotten: that is the cell of 1997, before the forget gate.", lambda i, f, g: i * g
)
left_in_the_cell.mistake(
    "You multiply the gates up to the step; a write passes those that come after it.",
    lambda i, f, g: i * g * np.cumprod(f, axis=0),
    lambda i, f, g: i * g * np.concatenate([np.ones_like(f[:1]), np.cumprod(f, axis=0)[:-1]]),
)
left_in_the_cell.mistake(
    "You divide by a product of gates; a gate may be shut, and then that is 0 / 0.",
    lambda i, f, g: i * g * (np.cumprod(f, axis=0)[-1] / np.cumprod(f, axis=0)),
)
left_in_the_cell.mistake(
    "Each write fades once only; it passes the gate of every later step.",
    lambda i, f, g: i * g * f[-1],
    lambda i, f, g: i * g * np.concatenate([f[1:], np.ones_like(f[:1])]),
    lambda i, f, g: i * g * np.concatenate([np.repeat(f[-1:], len(f) - 1, axis=0), np.ones_like(f[:1])]),
)
left_in_the_cell.mistake(
    "The input gate is missing: a step writes i * g, and not g.", lambda i, f, g: g * kept(f)
)
left_in_the_cell.mistake(
    "What was written is missing: you return the shares that are kept.",
    lambda i, f, g: kept(f),
    lambda i, f, g: i * kept(f),
)
left_in_the_cell.mistake(
    "You multiply by 1 - f, which is what is lost; f is the share that the gate keeps.",
    lambda i, f, g: i * g * kept(1 - f),
)
left_in_the_cell.mistake(
    "You added the rows up to the last cell; one row per step is asked for.",
    lambda i, f, g: left_in_the_cell(i, f, g).sum(axis=0),
)


@left_in_the_cell.mistake(
    "That is the cell after each step; asked for is what the last cell still holds of each write."
)
def cells(i, f, g):
    c, found = np.zeros(i.shape[1]), []
    for t in range(len(i)):
        c = f[t] * c + i[t] * g[t]
        found.append(c)
    return np.array(found)


left_in_the_cell.mistake(
    "A squashing function stands in your answer; the cell itself is never squeezed.",
    lambda i, f, g: np.tanh(left_in_the_cell(i, f, g)),
)


def memory(
    time: int, units: int, valid: str, seed: int = 0, scale: float = 1.0, padding: float = 1.0
) -> dict:
    query, states = cases.normal((units,), (time, units), seed=seed)
    valid = np.array(list(valid)) == "1"
    states[valid] *= scale
    states[~valid] *= padding
    return {"query": query, "states": states, "valid": valid}


@exercise(
    cases=lambda: [
        memory(2, 2, "11"),
        memory(3, 2, "110", 1),
        memory(5, 3, "11100", 2),
        memory(4, 4, "0111", 3),
        memory(6, 2, "101101", 4, padding=30.0),
        memory(4, 3, "1110", 5, scale=1000.0),
        memory(3, 2, "011", 9, padding=3000.0),
        memory(3, 5, "010", 7),
    ],
    praise="Attention in a few lines: every step can be reached in one, and padding is not looked at.",
    see="Third act: attention",
)
def look_back(query, states, valid):
    """The mean (H,) of the valid states (T, H), weighted by a softmax of their products with query (H,)."""
    scores = states[valid] @ query
    weights = np.exp(scores - scores.max())
    return weights / weights.sum() @ states[valid]


def softmax(scores, shift=np.max):
    weights = np.exp(scores - shift(scores))
    return weights / weights.sum()


look_back.mistake(
    "Padding takes part: a step that is not valid must get no weight at all.",
    lambda query, states, valid: softmax(states @ query) @ states,
)
look_back.mistake(
    "You give padding a score of 0; exp(0) is 1, and so it still gets a weight.",
    lambda query, states, valid: softmax(np.where(valid, states @ query, 0.0)) @ states,
    lambda query, states, valid: softmax(np.where(valid, states @ query, 0.0)) @ (states * valid[:, None]),
)
look_back.mistake(
    "Padding is taken out after the softmax, so that the weights of the others no longer sum to one.",
    lambda query, states, valid: (softmax(states @ query) * valid) @ states,
)
look_back.mistake(
    "The query has no effect: all valid steps weigh the same.",
    lambda query, states, valid: states[valid].mean(axis=0),
)
look_back.mistake(
    "The softmax is missing: the scores themselves are your weights.",
    lambda query, states, valid: states[valid] @ query @ states[valid],
    lambda query, states, valid: (states[valid] @ query) / np.sum(states[valid] @ query) @ states[valid],
)
look_back.mistake(
    "You take the best step alone; attention mixes.",
    lambda query, states, valid: states[valid][np.argmax(states[valid] @ query)],
)
look_back.mistake(
    "You return the last valid state, as a network without attention must.",
    lambda query, states, valid: states[valid][-1],
)
look_back.mistake(
    "You return the weights; the mixed state is asked for.",
    lambda query, states, valid: softmax(states[valid] @ query),
    lambda query, states, valid: softmax(np.where(valid, states @ query, -np.inf)),
)
look_back.mistake(
    "In your answer exp of a large score is infinite: take the largest score off all of them first.",
    lambda query, states, valid: softmax(states[valid] @ query, shift=lambda scores: 0) @ states[valid],
)


def shifted_by_padding(query, states, valid):
    weights = np.exp(states @ query - np.max(states @ query)) * valid
    return weights / weights.sum() @ states


look_back.mistake(
    "You take off the largest score of all steps; where padding holds it, nothing is left of the others.",
    shifted_by_padding,
)
look_back.mistake(
    "You divide the scores by a root; here they are the plain products.",
    lambda query, states, valid: softmax(states[valid] @ query / np.sqrt(len(query))) @ states[valid],
)
look_back.mistake(
    "You mix the products of states and query; the states themselves are to be mixed.",
    lambda query, states, valid: softmax(states[valid] @ query) @ (states[valid] * query),
    lambda query, states, valid: softmax(states[valid] @ query) @ (states[valid] @ query),
)


@look_back.mistake("The softmax runs over the units; it should share one whole among the steps.")
def over_units(query, states, valid):
    products = states[valid] * query
    weights = np.exp(products - products.max(axis=1, keepdims=True))
    return (weights / weights.sum(axis=1, keepdims=True) * states[valid]).sum(axis=0)


look_back.mistake(
    "The weights are turned round: the state most like the query gets the smallest.",
    lambda query, states, valid: softmax(-(states[valid] @ query)) @ states[valid],
)


left_in_the_cell.mistake(
    "The later gates are added in your answer; one after the other they multiply.",
    lambda i, f, g: i * g * later(f, np.sum),
)
left_in_the_cell.mistake(
    "The later gates are averaged in your answer; one after the other they multiply.",
    lambda i, f, g: i * g * later(f, np.mean),
)


def later(f, pool):
    """The later gates of each step pooled; 1 for the last step."""
    return np.array([*(pool(f[t + 1 :], axis=0) for t in range(len(f) - 1)), np.ones(f.shape[1])])


look_back.mistake(
    "The weights sum to one already; you divide by the number of steps once more.",
    lambda query, states, valid: look_back(query, states, valid) / len(states),
    lambda query, states, valid: look_back(query, states, valid) / valid.sum(),
)
look_back.mistake(
    "You take the first steps, as many as are valid; `valid` says which they are.",
    lambda query, states, valid: look_back(query, states, np.arange(len(valid)) < valid.sum()),
)


look_back.mistake(
    "You compare directions, with the lengths divided out; the score is the plain product.",
    lambda query, states, valid: (
        softmax(states[valid] @ query / np.linalg.norm(states[valid], axis=1) / np.linalg.norm(query))
        @ states[valid]
    ),
)
