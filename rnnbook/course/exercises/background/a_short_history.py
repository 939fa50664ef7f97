import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("01-background/05-a-short-history.ipynb")


def gates(time: int, units: int) -> dict[str, np.ndarray]:
    z_i, z_g, c_0 = cases.normal((time, units), (time, units), (units,))
    return {"i": (1 / (1 + np.exp(-z_i))).round(2), "g": np.tanh(z_g).round(2), "c_0": c_0}


@exercise(
    cases=lambda: [gates(2, 1), gates(4, 2), gates(3, 3)],
    praise="To a cell one only adds: the way back through it is multiplied by one at every step.",
    see="Second act: gates",
)
def cell_of_1997(i, g, c_0):
    """The cell (T, H) after each step of an LSTM without a forget gate, from i and g (T, H) and c_0 (H,)."""
    return c_0 + np.cumsum(i * g, axis=0)


def cell(i, g, c_0, step):
    c, cells = c_0, []
    for i_t, g_t in zip(i, g, strict=True):
        c = step(c, i_t, g_t)
        cells.append(c)
    return np.array(cells)


cell_of_1997.mistake(
    "The input gate is missing: g is written whole at every step.",
    lambda i, g, c_0: cell(i, g, c_0, lambda c, i_t, g_t: c + g_t),
)
cell_of_1997.mistake(
    "You forget: 1 - i multiplies the old cell. The forget gate came in 2000.",
    lambda i, g, c_0: cell(i, g, c_0, lambda c, i_t, g_t: (1 - i_t) * c + i_t * g_t),
)
cell_of_1997.mistake("Each step overwrites the cell; it should add to it.", lambda i, g, c_0: i * g)
cell_of_1997.mistake(
    "You squeeze the cell at every step; it is a plain sum.",
    lambda i, g, c_0: cell(i, g, c_0, lambda c, i_t, g_t: np.tanh(c + i_t * g_t)),
)
cell_of_1997.mistake(
    "The cell starts at zero in your answer; it starts at c_0.", lambda i, g, c_0: np.cumsum(i * g, axis=0)
)
cell_of_1997.mistake(
    "Only the last cell is there; one after each step is asked for.",
    lambda i, g, c_0: c_0 + (i * g).sum(axis=0),
)
cell_of_1997.mistake(
    "You add the gate to the content; a gate multiplies.", lambda i, g, c_0: c_0 + np.cumsum(i + g, axis=0)
)


def memory(time: int, units: int) -> dict[str, np.ndarray]:
    return cases.named(query=(units,), states=(time, units))


@exercise(
    cases=lambda: [memory(2, 2), memory(4, 3), memory(3, 1)],
    praise="Attention in three lines: every step can be reached in one.",
    see="Third act: attention, and what came of it",
)
def look_back(query, states):
    """The mean (H,) of states (T, H), weighted by a softmax of their products with the query (H,)."""
    scores = states @ query
    weights = np.exp(scores - scores.max())
    return weights / weights.sum() @ states


def normalised(scores, axis=None):
    weights = np.exp(scores - scores.max())
    return weights / weights.sum(axis=axis, keepdims=axis is not None)


look_back.mistake(
    "The query has no effect: all steps weigh the same.", lambda query, states: states.mean(axis=0)
)
look_back.mistake(
    "The softmax is missing: the scores themselves are the weights.",
    lambda query, states: states @ query @ states,
)
look_back.mistake(
    "The scores are divided by their sum, without exp; a score may be negative.",
    lambda query, states: states @ query / (states @ query).sum() @ states,
)
look_back.mistake(
    "You take the best step alone; attention mixes.", lambda query, states: states[np.argmax(states @ query)]
)
look_back.mistake(
    "You look at the last state only, as a network without attention must.", lambda query, states: states[-1]
)
look_back.mistake(
    "The softmax runs over the units; it should share one whole among the steps.",
    lambda query, states: (normalised(states * query, axis=1) * states).sum(axis=0),
)
look_back.mistake(
    "You return the weights; the mixed state is asked for.", lambda query, states: normalised(states @ query)
)
