"""Exercises of chapters/09-faq/03-graphs.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.faq import graphs as solutions

NOTEBOOK = "09-faq/03-graphs.ipynb"

COST, FORMS = "What compiling costs", "Ten forms of one LSTM"

calls_to_earn_back = Exercise(
    solutions.calls_to_earn_back,
    notebook=NOTEBOOK,
    cases=lambda: [
        {"compiling": 10.0, "eager": 3.0, "compiled": 1.0},
        {"compiling": 7.0, "eager": 3.0, "compiled": 1.0},
        {"compiling": 5.0, "eager": 1.0, "compiled": 1.5},
        {"compiling": 5.0, "eager": 2.0, "compiled": 2.0},
        {"compiling": 0.5, "eager": 2.0, "compiled": 1.0},
    ],
    praise="A ratio alone says too little: what counts is how often you will call.",
)


@calls_to_earn_back.mistake(
    "You divide by the time of one compiled call; each call earns the difference.", see=COST
)
def by_compiled_time(compiling, eager, compiled):
    return None if eager <= compiled else int(np.ceil(compiling / compiled))


@calls_to_earn_back.mistake(
    "You divide by the time of one eager call; each call earns the difference.", see=COST
)
def by_eager_time(compiling, eager, compiled):
    return None if eager <= compiled else int(np.ceil(compiling / eager))


@calls_to_earn_back.mistake(
    "You round down: after that many calls the time is not yet earned back.", see=COST
)
def rounds_down(compiling, eager, compiled):
    return None if eager <= compiled else int(compiling // (eager - compiled))


@calls_to_earn_back.mistake("Where the compiled form is not faster, it never earns anything: None.", see=COST)
def negative_calls(compiling, eager, compiled):
    gain = eager - compiled
    return int(np.ceil(compiling / gain)) if gain else None


@calls_to_earn_back.mistake("You count one call more: at equal time it is earned back.", see=COST)
def one_call_more(compiling, eager, compiled):
    return None if eager <= compiled else int(compiling // (eager - compiled)) + 1


@calls_to_earn_back.mistake("That is the ratio of the two, which leaves the compiling out.", see=COST)
def the_ratio(compiling, eager, compiled):
    return eager / compiled


def inputs(batch: int, time: int, size: int, rows: int) -> dict[str, np.ndarray]:
    return cases.named(x=(batch, time, size), W=(rows, size), b=(rows,))


projections = Exercise(
    solutions.projections,
    notebook=NOTEBOOK,
    cases=lambda: [inputs(2, 2, 2, 2), inputs(2, 3, 2, 4), inputs(3, 1, 4, 2)],
    praise="No compiler finds this rearrangement: it came from people who knew what the loop is for.",
)


@projections.mistake("Batch and time are exchanged on the way back.", see=FORMS)
def axes_exchanged(x, W, b):
    B, T, D = x.shape
    return (x.reshape(B * T, D) @ W.T + b).reshape(T, B, -1)


@projections.mistake("W is not transposed: a row of x meets W.T.", see=FORMS)
def w_untransposed(x, W, b):
    return x @ W + b


@projections.mistake("The bias is missing.", see=FORMS)
def bias_missing(x, W, b):
    return x @ W.T


@projections.mistake("The result is still flat, (B * T, G).", see=FORMS)
def still_flat(x, W, b):
    return solutions.projections(x, W, b).reshape(len(x) * x.shape[1], -1)


@projections.mistake("Only the last step is there; all steps go into the one product.", see=FORMS)
def last_step_alone(x, W, b):
    return x[:, -1] @ W.T + b


@projections.mistake(
    "You swap the axes before flattening and not back: rows of the batch are mixed.", see=FORMS
)
def mixed_rows(x, W, b):
    B, T, D = x.shape
    return (x.transpose(1, 0, 2).reshape(B * T, D) @ W.T + b).reshape(B, T, -1)
