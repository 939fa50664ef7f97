import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("09-faq/03-graphs.ipynb")


@exercise(
    cases=lambda: [
        {"compiling": 10.0, "eager": 3.0, "compiled": 1.0},
        {"compiling": 7.0, "eager": 3.0, "compiled": 1.0},
        {"compiling": 5.0, "eager": 1.0, "compiled": 1.5},
        {"compiling": 5.0, "eager": 2.0, "compiled": 2.0},
        {"compiling": 0.5, "eager": 2.0, "compiled": 1.0},
    ],
    praise="A ratio alone says too little: what counts is how often you will call.",
    see="What compiling costs",
)
def calls_to_earn_back(compiling, eager, compiled):
    """After how many calls (an integer) a compiled form has earned its compiling back; None if never."""
    gain = eager - compiled
    return None if gain <= 0 else int(np.ceil(compiling / gain))


calls_to_earn_back.mistake(
    "You divide by the time of one compiled call; each call earns the difference.",
    lambda compiling, eager, compiled: None if eager <= compiled else int(np.ceil(compiling / compiled)),
)
calls_to_earn_back.mistake(
    "You divide by the time of one eager call; each call earns the difference.",
    lambda compiling, eager, compiled: None if eager <= compiled else int(np.ceil(compiling / eager)),
)
calls_to_earn_back.mistake(
    "You round down: after that many calls the time is not yet earned back.",
    lambda compiling, eager, compiled: None if eager <= compiled else int(compiling // (eager - compiled)),
)


@calls_to_earn_back.mistake("Where the compiled form is not faster, it never earns anything: None.")
def negative_calls(compiling, eager, compiled):
    gain = eager - compiled
    return int(np.ceil(compiling / gain)) if gain else None


@calls_to_earn_back.mistake("You count one call more: at equal time it is earned back.")
def one_call_more(compiling, eager, compiled):
    return None if eager <= compiled else int(compiling // (eager - compiled)) + 1


calls_to_earn_back.mistake(
    "That is the ratio of the two, which leaves the compiling out.",
    lambda compiling, eager, compiled: eager / compiled,
)


def inputs(batch: int, time: int, size: int, rows: int) -> dict[str, np.ndarray]:
    return cases.named(x=(batch, time, size), W=(rows, size), b=(rows,))


@exercise(
    cases=lambda: [inputs(2, 2, 2, 2), inputs(2, 3, 2, 4), inputs(3, 1, 4, 2)],
    praise="No compiler finds this rearrangement: it came from people who knew what the loop is for.",
    see="Ten forms of one LSTM",
)
def projections(x, W, b):
    """W x_t + b for all steps (B, T, G), from x (B, T, D), by one product of two matrices."""
    B, T, D = x.shape
    return (x.reshape(B * T, D) @ W.T + b).reshape(B, T, -1)


@projections.mistake("Batch and time are exchanged on the way back.")
def axes_exchanged(x, W, b):
    B, T, D = x.shape
    return (x.reshape(B * T, D) @ W.T + b).reshape(T, B, -1)


projections.mistake("W is not transposed: a row of x meets W.T.", lambda x, W, b: x @ W + b)
projections.mistake("The bias is missing.", lambda x, W, b: x @ W.T)
projections.mistake(
    "The result is still flat, (B * T, G).",
    lambda x, W, b: projections(x, W, b).reshape(len(x) * x.shape[1], -1),
)
projections.mistake(
    "Only the last step is there; all steps go into the one product.", lambda x, W, b: x[:, -1] @ W.T + b
)


@projections.mistake("You swap the axes before flattening and not back: rows of the batch are mixed.")
def mixed_rows(x, W, b):
    B, T, D = x.shape
    return (x.transpose(1, 0, 2).reshape(B * T, D) @ W.T + b).reshape(B, T, -1)
