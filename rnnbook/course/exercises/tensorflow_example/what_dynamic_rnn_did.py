"""Exercises of chapters/05-tensorflow-example/04-what-dynamic-rnn-did.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.tensorflow_example import what_dynamic_rnn_did as solutions

NOTEBOOK = "05-tensorflow-example/04-what-dynamic-rnn-did.ipynb"
LOOP, KERAS = "The rebuilt function", "Where the loop lives today"


def padded(lengths: list[int], time: int, inputs: int, units: int) -> dict[str, np.ndarray]:
    shapes = (len(lengths), time, inputs), (units, inputs), (units, units), (units,)
    x, W, U, b = cases.normal(*shapes)
    return {"x": x, "lengths": np.array(lengths), "W": W, "U": U, "b": b}


masked_loop = Exercise(
    solutions.masked_loop,
    notebook=NOTEBOOK,
    cases=lambda: [padded([1, 2], 2, 2, 2), padded([3, 1, 4], 4, 2, 3), padded([2, 2], 3, 1, 2)],
    praise="Zeros behind the end, and the state carried through: the whole secret of `sequence_length`.",
)


def loop(x, lengths, W, U, b, output, carried):
    """The loop with another rule for what is put out and what is carried; both get (valid, new, h)."""
    h = np.zeros((len(x), len(b)))
    outputs = np.zeros((*x.shape[:2], len(b)))
    for t in range(x.shape[1]):
        valid = (t < lengths)[:, None]
        new = np.tanh(x[:, t] @ W.T + h @ U.T + b)
        outputs[:, t] = output(valid, new, h)
        h = carried(valid, new, h)
    return outputs, h


def zero_behind(valid, new, h):
    return np.where(valid, new, 0)


def copied_through(valid, new, h):
    return np.where(valid, new, h)


@masked_loop.mistake("The lengths have no effect: padding is read like input.", see=LOOP)
def reads_the_padding(x, lengths, W, U, b):
    return loop(x, lengths, W, U, b, lambda valid, new, h: new, lambda valid, new, h: new)


@masked_loop.mistake(
    "The outputs are right, but the state runs on over the padding: beyond its end a sequence keeps its "
    "state.",
    see=LOOP,
)
def state_runs_on(x, lengths, W, U, b):
    return loop(x, lengths, W, U, b, zero_behind, lambda valid, new, h: new)


@masked_loop.mistake(
    "Beyond its length your state is zero; it should be copied through, so that the last real one comes "
    "back.",
    see=LOOP,
)
def state_set_to_zero(x, lengths, W, U, b):
    return loop(x, lengths, W, U, b, zero_behind, zero_behind)


@masked_loop.mistake(
    "Beyond the length you repeat the last output, as Keras does; here it is zero.", see=KERAS
)
def repeats_as_keras(x, lengths, W, U, b):
    return loop(x, lengths, W, U, b, copied_through, copied_through)


@masked_loop.mistake("Your mask ends one step too late: of n steps the last has the number n - 1.", see=LOOP)
def mask_too_long(x, lengths, W, U, b):
    return loop(x, lengths + 1, W, U, b, zero_behind, copied_through)


@masked_loop.mistake("Your mask ends one step too early.", see=LOOP)
def mask_too_short(x, lengths, W, U, b):
    return loop(x, lengths - 1, W, U, b, zero_behind, copied_through)


@masked_loop.mistake(
    "You mask the inputs with zeros. The bias and the old state still move the new one.", see=LOOP
)
def inputs_masked(x, lengths, W, U, b):
    valid = (np.arange(x.shape[1]) < lengths[:, None])[:, :, None]
    whole = np.full(len(x), x.shape[1])
    return loop(np.where(valid, x, 0), whole, W, U, b, zero_behind, copied_through)


def step_losses(lengths: list[int], time: int) -> dict[str, np.ndarray]:
    return {"losses": np.abs(cases.normal((len(lengths), time))[0]), "lengths": np.array(lengths)}


mean_over_valid = Exercise(
    solutions.mean_over_valid,
    notebook=NOTEBOOK,
    cases=lambda: [step_losses([1, 2], 2), step_losses([4, 1, 2], 5), step_losses([3, 3], 3)],
    praise="Padding has no say, and every real step has the same.",
)


@mean_over_valid.mistake("Padding takes part in your mean.", see=KERAS)
def over_all(losses, lengths):
    return losses.mean()


@mean_over_valid.mistake(
    "Padding is set to zero but still counted: divide by the number of valid steps.", see=KERAS
)
def counts_the_padding(losses, lengths):
    valid = np.arange(losses.shape[1]) < lengths[:, None]
    return (losses * valid).mean()


@mean_over_valid.mistake(
    "You average each sequence first; then a step of a short one weighs more than a step of a long one.",
    see=KERAS,
)
def mean_of_means(losses, lengths):
    valid = np.arange(losses.shape[1]) < lengths[:, None]
    return ((losses * valid).sum(axis=1) / lengths).mean()


@mean_over_valid.mistake("You sum over the valid steps and divide by the batch alone.", see=KERAS)
def by_the_batch(losses, lengths):
    valid = np.arange(losses.shape[1]) < lengths[:, None]
    return (losses * valid).sum() / len(losses)


@mean_over_valid.mistake(
    "The mask ends one step too late: of n steps the last has the number n - 1.", see=KERAS
)
def one_step_more(losses, lengths):
    valid = np.arange(losses.shape[1]) <= lengths[:, None]
    return losses[valid].mean()


@mean_over_valid.mistake("Only each sequence's last step counts in your answer.", see=KERAS)
def last_valid_only(losses, lengths):
    return losses[np.arange(len(losses)), lengths - 1].mean()
