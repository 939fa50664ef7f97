import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("05-tensorflow-example/04-what-dynamic-rnn-did.ipynb")


def kept(lengths: list[int], time: int, units: int, seed: int = 0) -> dict[str, np.ndarray]:
    """States as the loop keeps them on its stack: beyond its length a sequence repeats its last one."""
    B, T, H = len(lengths), time, units
    a, U, d_outputs, d_state = cases.normal((B, T, H), (H, H), (B, T, H), (B, H), seed=seed)
    states = np.tanh(a).round(2)
    for row, length in enumerate(lengths):
        states[row, length:] = states[row, length - 1]
    return {
        "states": states,
        "lengths": np.array(lengths),
        "U": U,
        "d_outputs": d_outputs,  # not zero beyond the length: a loss may read the zeros there
        "d_state": d_state,
    }


@exercise(
    cases=lambda: [
        kept([1, 2], 2, 3),
        kept([2, 2], 3, 1),
        kept([3, 1, 4], 5, 2),
        kept([4, 4, 2], 4, 5, seed=1),
        kept([1, 3, 2, 1], 6, 3, seed=2),
    ],
    praise="Behind its end a sequence hands the gradient of its state through, and its outputs say nothing.",
    see="What the gradient does",
)
def masked_backward(states, lengths, U, d_outputs, d_state):
    """dL/da (B, T, H) before each tanh; states and d_outputs are (B, T, H), d_state (B, H), U (H, H)."""
    d_a, d_h = np.zeros_like(states), d_state
    for t in reversed(range(states.shape[1])):
        valid = (t < lengths)[:, None]
        d_a[:, t] = np.where(valid, (d_outputs[:, t] + d_h) * (1 - states[:, t] ** 2), 0)
        d_h = np.where(valid, d_a[:, t] @ U, d_h)
    return d_a


def returned(
    states,
    lengths,
    U,
    d_outputs,
    d_state,
    *,
    slope=lambda h: 1 - h**2,
    back=lambda d_a, U: d_a @ U,
    said=lambda valid, d_output: np.where(valid, d_output, 0),
    carried=lambda valid, new, old: np.where(valid, new, old),
    masked=True,
):
    """The loop backwards, with its parts to turn."""
    d_a, d_h = np.zeros_like(states), d_state
    for t in reversed(range(states.shape[1])):
        valid = (t < lengths)[:, None]
        d_new = (said(valid, d_outputs[:, t]) + d_h) * slope(states[:, t])
        d_a[:, t] = np.where(valid, d_new, 0) if masked else d_new
        d_h = carried(valid, back(d_new, U), d_h)
    return d_a


masked_backward.mistake(
    "The lengths have no effect: padding is taken back like real steps.",
    lambda states, lengths, *rest: masked_backward(states, np.full_like(lengths, states.shape[1]), *rest),
)
masked_backward.mistake(
    "Behind the end you set the gradient of the state to zero. It is handed through to the last real step.",
    lambda *arguments: returned(*arguments, carried=lambda valid, new, old: np.where(valid, new, 0)),
)
masked_backward.mistake(
    "What is said of the zeros behind the end gets into the state. Those outputs are constants.",
    lambda states, lengths, U, d_outputs, d_state: masked_backward(
        states, lengths, U, d_outputs, leaked(d_outputs, lengths, d_state)
    ),
)
masked_backward.mistake(
    "Behind the end your gradient goes through U. There the state is copied, and nothing multiplies it.",
    lambda *arguments: returned(
        *arguments, carried=lambda valid, new, old: np.where(valid, new, old @ arguments[2])
    ),
)
masked_backward.mistake(
    "You mask the result alone. On the way there the padding has already changed what is carried.",
    lambda states, lengths, *rest: (
        masked_backward(states, np.full_like(lengths, states.shape[1]), *rest)
        * (np.arange(states.shape[1]) < lengths[:, None])[:, :, None]
    ),
)
masked_backward.mistake(
    "At a real step you keep what was carried, and add what came through U. It has moved on: count it once.",
    lambda *arguments: returned(*arguments, carried=lambda valid, new, old: np.where(valid, new + old, old)),
    lambda *arguments: returned(*arguments, carried=lambda valid, new, old: np.where(valid, new + old, 0)),
)
masked_backward.mistake(
    "Only one of the two goes through the slope. Both the output and the carried gradient are of h.",
    lambda states, lengths, U, d_outputs, d_state: half_sloped(states, lengths, U, d_outputs, d_state, True),
    lambda states, lengths, U, d_outputs, d_state: half_sloped(states, lengths, U, d_outputs, d_state, False),
)


def half_sloped(states, lengths, U, d_outputs, d_state, of_outputs):
    d_a, d_h = np.zeros_like(states), d_state
    for t in reversed(range(states.shape[1])):
        valid, slope = (t < lengths)[:, None], 1 - states[:, t] ** 2
        both = d_outputs[:, t] * slope + d_h if of_outputs else d_outputs[:, t] + d_h * slope
        d_a[:, t] = np.where(valid, both, 0)
        d_h = np.where(valid, d_a[:, t] @ U, d_h)
    return d_a


masked_backward.mistake(
    "d_state enters at the right step, and the padding is taken back like real steps all the same.",
    lambda states, lengths, U, d_outputs, d_state: late_start(states, lengths, U, d_outputs, d_state, 1.0),
    lambda states, lengths, U, d_outputs, d_state: late_start(
        states, lengths, U, d_outputs, d_state, (np.arange(states.shape[1]) < lengths[:, None])[:, :, None]
    ),
)
masked_backward.mistake(
    "The first step is left out. It has a gradient too.",
    lambda *arguments: masked_backward(*arguments) * (np.arange(arguments[0].shape[1]) > 0)[:, None],
)
masked_backward.mistake(
    "You return the gradient at the states. Asked is that at a, before the tanh.",
    lambda states, *rest: np.divide(
        masked_backward(states, *rest), 1 - states**2, out=np.zeros_like(states), where=states**2 < 1
    ),
)


def late_start(states, lengths, U, d_outputs, d_state, kept):
    last = (np.arange(states.shape[1]) == lengths[:, None] - 1)[:, :, None]
    full = np.full_like(lengths, states.shape[1])
    return kept * masked_backward(
        states, full, U, d_outputs + last * d_state[:, None], np.zeros_like(d_state)
    )


masked_backward.mistake(
    "Behind the end your gradients are not zero. No tanh is computed there that could get one.",
    lambda *arguments: returned(*arguments, masked=False),
    lambda *arguments: returned(*arguments, masked=False, said=lambda valid, d_output: d_output),
)


def leaked(d_outputs, lengths, d_state):
    """d_state, with all that is said of the padding added."""
    behind = np.arange(d_outputs.shape[1]) >= lengths[:, None]
    return d_state + (d_outputs * behind[:, :, None]).sum(axis=1)


masked_backward.mistake(
    "U must be turned the other way: forwards the loop computes h @ U.T.",
    lambda *arguments: returned(*arguments, back=lambda d_a, U: d_a @ U.T),
)
masked_backward.mistake(
    "The slope of tanh is missing.",
    lambda *arguments: returned(*arguments, slope=np.ones_like),
)
masked_backward.mistake(
    "You take the tanh of a state once more for the slope. A state is a tanh already.",
    lambda *arguments: returned(*arguments, slope=lambda h: 1 - np.tanh(h) ** 2),
)
masked_backward.mistake(
    "That slope belongs to another activation, and not to tanh.",
    lambda *arguments: returned(*arguments, slope=lambda h: h * (1 - h)),
    lambda *arguments: returned(*arguments, slope=lambda h: 1 - h),
)
masked_backward.mistake(
    "Your slope is that of the state before. The tanh of step t gave h_t.",
    lambda states, lengths, U, d_outputs, d_state: slope_before(states, lengths, U, d_outputs, d_state),
)


def slope_before(states, lengths, U, d_outputs, d_state):
    d_a, d_h = np.zeros_like(states), d_state
    for t in reversed(range(states.shape[1])):
        valid = (t < lengths)[:, None]
        h = states[:, t - 1] if t else np.zeros_like(d_state)
        d_a[:, t] = np.where(valid, (d_outputs[:, t] + d_h) * (1 - h**2), 0)
        d_h = np.where(valid, d_a[:, t] @ U, d_h)
    return d_a


masked_backward.mistake(
    "The gradient of the final state is left out: the loss reads it too.",
    lambda states, lengths, U, d_outputs, d_state: masked_backward(
        states, lengths, U, d_outputs, np.zeros_like(d_state)
    ),
)
masked_backward.mistake(
    "You add d_state at every step. It is said of the final state alone.",
    lambda states, lengths, U, d_outputs, d_state: masked_backward(
        states, lengths, U, d_outputs + d_state[:, None], np.zeros_like(d_state)
    ),
    lambda states, lengths, U, d_outputs, d_state: masked_backward(
        states, lengths, U, d_outputs + d_state[:, None], d_state
    ),
)
masked_backward.mistake(
    "What the loss says of the outputs is left out.",
    lambda states, lengths, U, d_outputs, d_state: masked_backward(
        states, lengths, U, np.zeros_like(d_outputs), d_state
    ),
)


def overwritten(states, lengths, U, d_outputs, d_state):
    """What comes from the step after takes the place of what this step's output is told."""
    last = np.arange(states.shape[1]) == lengths[:, None] - 1
    return masked_backward(states, lengths, U, d_outputs * last[:, :, None], d_state)


masked_backward.mistake(
    "Nothing comes back from the step after: each step's gradient is its own output's alone.",
    lambda *arguments: returned(*arguments, back=lambda d_a, U: np.zeros_like(d_a)),
    lambda states, lengths, U, d_outputs, d_state: masked_backward(
        states, lengths, np.zeros_like(U), d_outputs, np.zeros_like(d_state)
    ),
)
masked_backward.mistake(
    "Only the last real step hears of its output. Add what each step's output is told to what comes back.",
    overwritten,
)
masked_backward.mistake(
    "You send back what has not gone through the slope yet. First the tanh, then U.",
    lambda states, lengths, U, d_outputs, d_state: unsloped(states, lengths, U, d_outputs, d_state),
)


def unsloped(states, lengths, U, d_outputs, d_state):
    return returned(states, lengths, U, d_outputs, d_state, slope=np.ones_like) * (1 - states**2)


masked_backward.mistake(
    "Your mask ends one step too late: of n steps the last has the number n - 1.",
    lambda states, lengths, *rest: masked_backward(states, lengths + 1, *rest),
)
masked_backward.mistake(
    "Your mask ends one step too early.",
    lambda states, lengths, *rest: masked_backward(states, lengths - 1, *rest),
)
masked_backward.mistake(
    "You go forwards through the steps. What a step needs comes from the one after it.",
    lambda states, lengths, U, d_outputs, d_state: forwards(states, lengths, U, d_outputs, d_state),
)


def forwards(states, lengths, U, d_outputs, d_state):
    d_a, d_h = np.zeros_like(states), d_state
    for t in range(states.shape[1]):
        valid = (t < lengths)[:, None]
        d_a[:, t] = np.where(valid, (d_outputs[:, t] + d_h) * (1 - states[:, t] ** 2), 0)
        d_h = np.where(valid, d_a[:, t] @ U, d_h)
    return d_a


def scored(
    lengths: list[int],
    time: int,
    classes: int,
    seed: int = 0,
    behind: float = 0.0,
    scale: float = 2.0,
    moved: float | list[float] = 0.0,
) -> dict:
    """behind: what stands in the scores of the padding. scale: large for sure and wrong predictions.

    moved: what is added to all scores of a step, one number or one for each step; it changes no probability.
    """
    shape = len(lengths), time
    (scores,), (y,) = cases.normal((*shape, classes), seed=seed), cases.integers(classes, shape, seed=seed)
    scores = scale * scores + np.array(moved)[..., None]
    for row, length in enumerate(lengths):
        scores[row, length:] = behind
        y[row, length:] = 0
    return {"scores": scores, "y": y, "lengths": np.array(lengths)}


@exercise(
    # Zeros behind the end as dynamic_rnn leaves them, other numbers, numbers that are not finite; no padding;
    # real scores whose exponential is no number any more.
    cases=lambda: [
        scored([1, 2], 2, 3),
        scored([4, 1, 2], 5, 3, seed=1),
        scored([3, 3], 3, 4, seed=2),
        scored([1, 3], 3, 4, seed=5, scale=40.0),
        scored([1, 2], 2, 4, seed=6, moved=1000.0),
        scored([2, 3, 1], 3, 3, seed=7, moved=[0.0, -1000.0, -400.0]),
        scored([2, 5, 1, 3], 6, 2, seed=3, behind=np.inf),
        scored([1, 4, 2], 4, 5, seed=4, behind=-3.0),
    ],
    praise="Padding has no say, whatever stands in it, and every real step has the same.",
    see="Where the loop lives today",
)
def valid_cross_entropy(scores, y, lengths):
    """The mean cross-entropy over all valid steps; scores (B, T, K), classes y (B, T), lengths (B,)."""
    valid = np.arange(scores.shape[1]) < lengths[:, None]
    scores, y = scores[valid], y[valid]  # (N, K), (N,)
    scores = scores - scores.max(axis=1, keepdims=True)
    log_p = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(y)), y].mean()


def log_sum(scores, axis):
    top = scores.max(axis=axis, keepdims=True)
    return np.log(np.exp(scores - top).sum(axis=axis, keepdims=True)) + top


def plain_log_sum(scores, axis):
    return np.log(np.exp(scores).sum(axis=axis, keepdims=True))


def step_losses(scores, y, axis=2, log_sum=log_sum):
    """A loss (B, T) for each step, padding included."""
    return -np.take_along_axis(scores - log_sum(scores, axis), y[:, :, None], axis=2)[:, :, 0]


def real(scores, lengths):
    return np.arange(scores.shape[1]) < lengths[:, None]


def over_valid(losses, lengths):
    return losses[real(losses, lengths)].mean()


def zeroed(losses, lengths):
    return np.where(real(losses, lengths), losses, 0)


def by_probabilities(scores, y):
    """The losses from a softmax whose exponentials may be no numbers."""
    p = np.exp(scores) / np.exp(scores).sum(axis=2, keepdims=True)
    return -np.log(np.take_along_axis(p, y[:, :, None], axis=2)[:, :, 0])


def overflowing(scores, y):
    return step_losses(scores, y, log_sum=plain_log_sum)


def in_ways(wrong):
    """A mistake wrong(losses, lengths) for each way to get the losses (B, T), good and bad."""
    return [
        lambda scores, y, lengths, way=way: wrong(way(scores, y), lengths)
        for way in (step_losses, overflowing, by_probabilities)
    ]


valid_cross_entropy.mistake(
    "The exponential of a large score is infinite. Take each step's largest score off before: no probability "
    "changes.",
    *in_ways(over_valid)[1:],
)


def lowered(top, by_log):
    """The losses (B, T) where top(scores, lengths) is taken off, the same for several steps."""

    def losses(scores, y, lengths):
        scores = scores - top(scores, lengths)
        return (overflowing if by_log else by_probabilities)(scores, y)

    return losses


def of_real(scores, lengths, axis=None):
    """The largest of all real scores, or of those of each sequence."""
    masked = np.where(real(scores, lengths)[:, :, None], scores, -np.inf)
    return masked.max(axis=axis, keepdims=True)


BY_SEQUENCE = [lowered(lambda *case: of_real(*case, axis=(1, 2)), by_log) for by_log in (True, False)]

valid_cross_entropy.mistake(
    "You take one largest score off for several steps. A step far below it is left with exponentials of 0: "
    "each step needs its own largest.",
    *(
        lambda scores, y, lengths, way=way: over_valid(way(scores, y, lengths), lengths)
        for way in (
            *BY_SEQUENCE,
            *(
                lowered(top, by_log)
                for top in (of_real, lambda scores, lengths: scores.max())
                for by_log in (True, False)
            ),
        )
    ),
)
valid_cross_entropy.mistake(
    "Padding takes part in your mean.",
    *in_ways(lambda losses, lengths: losses.mean()),
)
valid_cross_entropy.mistake(
    "Padding is set to zero but still counted: divide by the number of valid steps.",
    *in_ways(lambda losses, lengths: zeroed(losses, lengths).mean()),
)
valid_cross_entropy.mistake(
    "You multiply by the mask, and infinity times 0 is not a number. Leave padding out instead.",
    *in_ways(lambda losses, lengths: (losses * real(losses, lengths)).sum() / lengths.sum()),
)
valid_cross_entropy.mistake(
    "You multiply by the mask, where infinity times 0 is no number, and divide by all steps, padding too.",
    *in_ways(lambda losses, lengths: (losses * real(losses, lengths)).mean()),
)
valid_cross_entropy.mistake(
    "You average each sequence first; then a step of a short one weighs more than a step of a long one.",
    *in_ways(lambda losses, lengths: (zeroed(losses, lengths).sum(axis=1) / lengths).mean()),
    *(
        lambda scores, y, lengths, way=way: (
            zeroed(way(scores, y, lengths), lengths).sum(axis=1) / lengths
        ).mean()
        for way in BY_SEQUENCE
    ),
)
valid_cross_entropy.mistake(
    "You add the losses up. The mean is asked for: divide by the number of valid steps.",
    *in_ways(lambda losses, lengths: zeroed(losses, lengths).sum()),
)
valid_cross_entropy.mistake(
    "You divide by the number of sequences. The mean runs over all valid steps.",
    *in_ways(lambda losses, lengths: zeroed(losses, lengths).sum() / len(losses)),
)
valid_cross_entropy.mistake(
    "You divide by the number of classes too: each step has one loss.",
    lambda scores, y, lengths: valid_cross_entropy(scores, y, lengths) / scores.shape[2],
)
valid_cross_entropy.mistake(
    "The mask ends one step too late: of n steps the last has the number n - 1.",
    *in_ways(lambda losses, lengths: over_valid(losses, lengths + 1)),
)
valid_cross_entropy.mistake(
    "The mask ends one step too early.",
    *in_ways(lambda losses, lengths: over_valid(losses, lengths - 1)),
)
valid_cross_entropy.mistake(
    "Only each sequence's last step counts in your answer.",
    *in_ways(lambda losses, lengths: losses[np.arange(len(losses)), lengths - 1].mean()),
)
valid_cross_entropy.mistake(
    "Your softmax runs over the steps. It runs over the classes, each step for itself.",
    *(
        lambda scores, y, lengths, log_sum=log_sum: over_valid(step_losses(scores, y, 1, log_sum), lengths)
        for log_sum in (log_sum, plain_log_sum)
    ),
    *(
        lambda scores, y, lengths, log_sum=log_sum: over_all_steps(scores, y, lengths, log_sum)
        for log_sum in (log_sum, plain_log_sum)
    ),
)
valid_cross_entropy.mistake(
    "Your softmax runs over the batch. It runs over the classes, each step for itself.",
    *(
        lambda scores, y, lengths, log_sum=log_sum: over_valid(step_losses(scores, y, 0, log_sum), lengths)
        for log_sum in (log_sum, plain_log_sum)
    ),
)
valid_cross_entropy.mistake(
    "The softmax is missing: scores are not yet probabilities.",
    lambda scores, y, lengths: -over_valid(np.take_along_axis(scores, y[:, :, None], 2)[:, :, 0], lengths),
    lambda scores, y, lengths: (
        -over_valid(np.log(np.take_along_axis(scores, y[:, :, None], 2)[:, :, 0]), lengths)
    ),
)


def over_all_steps(scores, y, lengths, log_sum):
    """A softmax over all real steps of all sequences."""
    scores, y = scores[real(scores, lengths)], y[real(y, lengths)]
    log_p = scores - log_sum(scores, 0)
    return -log_p[np.arange(len(y)), y].mean()


SMALL = (1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6)

valid_cross_entropy.mistake(
    "A small number in the logarithm makes a sure and wrong prediction cheap. Stay with log p.",
    *(
        way
        for small in SMALL
        for way in in_ways(
            lambda losses, lengths, small=small: over_valid(-np.log(np.exp(-losses) + small), lengths)
        )
    ),
)
valid_cross_entropy.mistake(
    "A bound on the probability makes a sure and wrong prediction cheap. Stay with log p.",
    *(
        way
        for small in SMALL
        for top in (1.0, 1 - small)
        for way in in_ways(
            lambda losses, lengths, small=small, top=top: over_valid(
                -np.log(np.clip(np.exp(-losses), small, top)), lengths
            )
        )
    ),
)
valid_cross_entropy.mistake(
    "You average the probabilities and take one logarithm. Each step has its own logarithm.",
    lambda scores, y, lengths: -np.log(over_valid(np.exp(-step_losses(scores, y)), lengths)),
)
valid_cross_entropy.mistake(
    "You take all classes. Each step has one loss, that of its own class.",
    lambda scores, y, lengths: -log_softmax(scores)[real(scores, lengths)].mean(),
    lambda scores, y, lengths: -log_softmax(scores)[real(scores, lengths)].sum(axis=1).mean(),
    lambda scores, y, lengths: -log_softmax(scores)[real(scores, lengths)].sum(),
)
valid_cross_entropy.mistake(
    "At every step you take the classes of all steps. Pair each step with its own class.",
    lambda scores, y, lengths: -log_softmax(scores)[real(scores, lengths)][:, y[real(y, lengths)]].mean(),
)
valid_cross_entropy.mistake(
    "You set the padding's scores to 0, and such a step costs log K. Padding has no loss at all.",
    lambda scores, y, lengths: silenced(scores, y, lengths).sum() / lengths.sum(),
    lambda scores, y, lengths: silenced(scores, y, lengths).mean(),
)
valid_cross_entropy.mistake(
    "You take the probability of the class as it is. A loss is -log of it.",
    lambda scores, y, lengths: over_valid(np.exp(-step_losses(scores, y)), lengths),
    lambda scores, y, lengths: 1 - over_valid(np.exp(-step_losses(scores, y)), lengths),
    lambda scores, y, lengths: -over_valid(np.exp(-step_losses(scores, y)), lengths),
)
valid_cross_entropy.mistake(
    "You give a loss for each step. Asked is one number for all.",
    *in_ways(lambda losses, lengths: losses[real(losses, lengths)]),
    *in_ways(zeroed),
)
valid_cross_entropy.mistake(
    "You give a loss for each sequence. Asked is one number for all.",
    *in_ways(lambda losses, lengths: zeroed(losses, lengths).sum(axis=1) / lengths),
)


def log_softmax(scores):
    return scores - log_sum(scores, 2)


def silenced(scores, y, lengths):
    return step_losses(np.where(real(scores, lengths)[:, :, None], scores, 0), y)


valid_cross_entropy.mistake(
    "The sign is turned: a loss is -log p, and p is below 1.",
    lambda scores, y, lengths: -valid_cross_entropy(scores, y, lengths),
)
valid_cross_entropy.mistake(
    "Your logarithm has the base 2. The course's losses are in nats.",
    lambda scores, y, lengths: valid_cross_entropy(scores, y, lengths) / np.log(2),
)
