import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("05-tensorflow-example/04-what-dynamic-rnn-did.ipynb")


def padded(lengths: list[int], time: int, inputs: int, units: int) -> dict[str, np.ndarray]:
    shapes = (len(lengths), time, inputs), (units, inputs), (units, units), (units,)
    x, W, U, b = cases.normal(*shapes)
    return {"x": x, "lengths": np.array(lengths), "W": W, "U": U, "b": b}


@exercise(
    cases=lambda: [padded([1, 2], 2, 2, 2), padded([3, 1, 4], 4, 2, 3), padded([2, 2], 3, 1, 2)],
    praise="Zeros behind the end, and the state carried through: the whole secret of `sequence_length`.",
    see="The rebuilt function",
)
def masked_loop(x, lengths, W, U, b):
    """Outputs (B, T, H), zero beyond each length, and the state (B, H) at the last valid step (tanh)."""
    h = np.zeros((len(x), len(b)))
    outputs = np.zeros((*x.shape[:2], len(b)))
    for t in range(x.shape[1]):
        valid = (t < np.asarray(lengths))[:, None]
        new = np.tanh(x[:, t] @ W.T + h @ U.T + b)
        outputs[:, t] = np.where(valid, new, 0)
        h = np.where(valid, new, h)
    return outputs, h


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


masked_loop.mistake(
    "The lengths have no effect: padding is read like input.",
    lambda x, lengths, W, U, b: masked_loop(x, np.full(len(x), x.shape[1]), W, U, b),
)
masked_loop.mistake(
    "The outputs are right, but the state runs on over the padding: beyond its end a sequence keeps its "
    "state.",
    lambda x, lengths, W, U, b: loop(x, lengths, W, U, b, zero_behind, lambda valid, new, h: new),
)
masked_loop.mistake(
    "Beyond its length your state is zero; it should be copied through, so that the last real one comes "
    "back.",
    lambda x, lengths, W, U, b: loop(x, lengths, W, U, b, zero_behind, zero_behind),
)
masked_loop.mistake(
    "Beyond the length you repeat the last output, as Keras does; here it is zero.",
    lambda x, lengths, W, U, b: loop(x, lengths, W, U, b, copied_through, copied_through),
    see="Where the loop lives today",
)
masked_loop.mistake(
    "Your mask ends one step too late: of n steps the last has the number n - 1.",
    lambda x, lengths, W, U, b: loop(x, lengths + 1, W, U, b, zero_behind, copied_through),
)
masked_loop.mistake(
    "Your mask ends one step too early.",
    lambda x, lengths, W, U, b: loop(x, lengths - 1, W, U, b, zero_behind, copied_through),
)


@masked_loop.mistake("You mask the inputs with zeros. The bias and the old state still move the new one.")
def inputs_masked(x, lengths, W, U, b):
    valid = (np.arange(x.shape[1]) < lengths[:, None])[:, :, None]
    whole = np.full(len(x), x.shape[1])
    return loop(np.where(valid, x, 0), whole, W, U, b, zero_behind, copied_through)


def step_losses(lengths: list[int], time: int) -> dict[str, np.ndarray]:
    return {"losses": np.abs(cases.normal((len(lengths), time))[0]), "lengths": np.array(lengths)}


@exercise(
    cases=lambda: [step_losses([1, 2], 2), step_losses([4, 1, 2], 5), step_losses([3, 3], 3)],
    praise="Padding has no say, and every real step has the same.",
    see="Where the loop lives today",
)
def mean_over_valid(losses, lengths):
    """The mean of losses (B, T) over all valid steps."""
    valid = np.arange(losses.shape[1]) < np.asarray(lengths)[:, None]
    return losses[valid].mean()


def without_padding(losses, lengths):
    return losses * (np.arange(losses.shape[1]) < lengths[:, None])


mean_over_valid.mistake("Padding takes part in your mean.", lambda losses, lengths: losses.mean())
mean_over_valid.mistake(
    "Padding is set to zero but still counted: divide by the number of valid steps.",
    lambda losses, lengths: without_padding(losses, lengths).mean(),
)
mean_over_valid.mistake(
    "You average each sequence first; then a step of a short one weighs more than a step of a long one.",
    lambda losses, lengths: (without_padding(losses, lengths).sum(axis=1) / lengths).mean(),
)
mean_over_valid.mistake(
    "You sum over the valid steps and divide by the batch alone.",
    lambda losses, lengths: without_padding(losses, lengths).sum() / len(losses),
)
mean_over_valid.mistake(
    "The mask ends one step too late: of n steps the last has the number n - 1.",
    lambda losses, lengths: mean_over_valid(losses, lengths + 1),
)
mean_over_valid.mistake(
    "Only each sequence's last step counts in your answer.",
    lambda losses, lengths: losses[np.arange(len(losses)), lengths - 1].mean(),
)
