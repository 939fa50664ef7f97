"""Exercises of chapters/01-background/05-a-short-history.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.background import a_short_history as solutions

NOTEBOOK = "01-background/05-a-short-history.ipynb"

GATES, ATTENTION = "Second act: gates", "Third act: attention, and what came of it"


def gates(time: int, units: int) -> dict[str, np.ndarray]:
    z_i, z_g, c_0 = cases.normal((time, units), (time, units), (units,))
    return {"i": (1 / (1 + np.exp(-z_i))).round(2), "g": np.tanh(z_g).round(2), "c_0": c_0}


cell_of_1997 = Exercise(
    solutions.cell_of_1997,
    notebook=NOTEBOOK,
    cases=lambda: [gates(2, 1), gates(4, 2), gates(3, 3)],
    praise="To a cell one only adds: the way back through it is multiplied by one at every step.",
)


def cell(i, g, c_0, step):
    c, cells = c_0, []
    for i_t, g_t in zip(i, g, strict=True):
        c = step(c, i_t, g_t)
        cells.append(c)
    return np.array(cells)


@cell_of_1997.mistake("The input gate is missing: g is written whole at every step.", see=GATES)
def gate_always_open(i, g, c_0):
    return cell(i, g, c_0, lambda c, i_t, g_t: c + g_t)


@cell_of_1997.mistake("You forget: 1 - i multiplies the old cell. The forget gate came in 2000.", see=GATES)
def forgets_what_it_gets(i, g, c_0):
    return cell(i, g, c_0, lambda c, i_t, g_t: (1 - i_t) * c + i_t * g_t)


@cell_of_1997.mistake("Each step overwrites the cell; it should add to it.", see=GATES)
def overwrites(i, g, c_0):
    return i * g


@cell_of_1997.mistake("You squeeze the cell at every step; it is a plain sum.", see=GATES)
def squeezes_the_cell(i, g, c_0):
    return cell(i, g, c_0, lambda c, i_t, g_t: np.tanh(c + i_t * g_t))


@cell_of_1997.mistake("The cell starts at zero in your answer; it starts at c_0.", see=GATES)
def cell_from_zero(i, g, c_0):
    return np.cumsum(i * g, axis=0)


@cell_of_1997.mistake("Only the last cell is there; one after each step is asked for.", see=GATES)
def last_cell(i, g, c_0):
    return c_0 + (i * g).sum(axis=0)


@cell_of_1997.mistake("You add the gate to the content; a gate multiplies.", see=GATES)
def gate_added(i, g, c_0):
    return c_0 + np.cumsum(i + g, axis=0)


def memory(time: int, units: int) -> dict[str, np.ndarray]:
    return cases.named(query=(units,), states=(time, units))


look_back = Exercise(
    solutions.look_back,
    notebook=NOTEBOOK,
    cases=lambda: [memory(2, 2), memory(4, 3), memory(3, 1)],
    praise="Attention in three lines: every step can be reached in one.",
)


def normalised(scores, axis=None):
    weights = np.exp(scores - scores.max())
    return weights / weights.sum(axis=axis, keepdims=axis is not None)


@look_back.mistake("The query has no effect: all steps weigh the same.", see=ATTENTION)
def plain_average(query, states):
    return states.mean(axis=0)


@look_back.mistake("The softmax is missing: the scores themselves are the weights.", see=ATTENTION)
def raw_scores(query, states):
    return states @ query @ states


@look_back.mistake(
    "The scores are divided by their sum, without exp; a score may be negative.", see=ATTENTION
)
def divided_by_sum(query, states):
    scores = states @ query
    return scores / scores.sum() @ states


@look_back.mistake("You take the best step alone; attention mixes.", see=ATTENTION)
def best_step(query, states):
    return states[np.argmax(states @ query)]


@look_back.mistake("You look at the last state only, as a network without attention must.", see=ATTENTION)
def last_state(query, states):
    return states[-1]


@look_back.mistake(
    "The softmax runs over the units; it should share one whole among the steps.", see=ATTENTION
)
def over_the_units(query, states):
    return (normalised(states * query, axis=1) * states).sum(axis=0)


@look_back.mistake("You return the weights; the mixed state is asked for.", see=ATTENTION)
def the_weights(query, states):
    return normalised(states @ query)
