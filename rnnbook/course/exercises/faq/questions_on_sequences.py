import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("09-faq/07-questions-on-sequences.ipynb")


def last_valid(x, lengths):
    return x[np.arange(len(x)), lengths - 1]


def mean_of_all(x, lengths):
    return x.mean(axis=1)


def sum_by_length(x, lengths):
    return x.sum(axis=1) / lengths[:, None]


def last_column(x, lengths):
    return x[:, -1]


def models() -> list[dict]:
    [x] = cases.normal((2, 3, 2))
    x[1, 2:] = 0
    lengths = np.array([3, 2])
    readers = (last_column, last_valid, mean_of_all, sum_by_length)
    return [{"model": model, "x": x, "lengths": lengths, "more": 2} for model in readers]


@exercise(
    cases=models,
    praise="Zero for a model that keeps to the lengths; sevens leave nobody an excuse.",
    see="What goes wrong without masks?",
)
def padding_effect(model, x, lengths, more):
    """The largest change of model(x, lengths) when `more` steps of sevens are added behind x (B, T, D)."""
    longer = np.pad(x, ((0, 0), (0, more), (0, 0)), constant_values=7.0)
    return np.abs(model(longer, lengths) - model(x, lengths)).max()


def padded(x, more, value):
    return np.pad(x, ((0, 0), (0, more), (0, 0)), constant_values=value)


padding_effect.mistake(
    "You fill with zeros, to which a sum is blind: fill with sevens.",
    lambda model, x, lengths, more: np.abs(model(padded(x, more, 0.0), lengths) - model(x, lengths)).max(),
)


@padding_effect.mistake("The lengths grow with the padding; then it is no padding.")
def longer_lengths(model, x, lengths, more):
    return np.abs(model(padded(x, more, 7.0), lengths + more) - model(x, lengths)).max()


@padding_effect.mistake("The steps are put in front; padding stands behind.")
def in_front_of_x(model, x, lengths, more):
    longer = np.pad(x, ((0, 0), (more, 0), (0, 0)), constant_values=7.0)
    return np.abs(model(longer, lengths) - model(x, lengths)).max()


padding_effect.mistake(
    "Without the absolute value a fall does not count.",
    lambda model, x, lengths, more: (model(x, lengths) - model(padded(x, more, 7.0), lengths)).max(),
)
padding_effect.mistake(
    "You take the mean change; one number that moves is enough to look for.",
    lambda model, x, lengths, more: np.abs(model(padded(x, more, 7.0), lengths) - model(x, lengths)).mean(),
)


@padding_effect.mistake("You pad the features; time is the second axis.")
def pads_features(model, x, lengths, more):
    longer = np.pad(x, ((0, 0), (0, 0), (0, more)), constant_values=7.0)
    return np.abs(model(longer, lengths)[:, : x.shape[2]] - model(x, lengths)).max()


def decoding(batch: int, time: int, seed: int) -> dict:
    targets, written, taught = cases.integers(9, *[(batch, time)] * 3, seed=seed)
    return {"targets": targets, "written": written, "taught": taught > 4, "begin": 9}


@exercise(
    cases=lambda: [decoding(1, 4, 0), decoding(3, 6, 1), decoding(2, 2, 2)],
    praise="Scheduled sampling in two lines: the share of taught steps goes from one to none.",
    see="Teacher forcing or free running?",
)
def next_inputs(targets, written, taught, begin):
    """What a decoder is given (B, T): `begin`, then where taught the right letter before, else its own."""
    before = np.where(taught[:, 1:], targets[:, :-1], written[:, :-1])
    return np.concatenate([np.full((len(targets), 1), begin), before], axis=1)


def shifted(letters, begin):
    return np.concatenate([np.full((len(letters), 1), begin), letters[:, :-1]], axis=1)


@next_inputs.mistake("The choice is turned round: where a step is taught it gets the right letter.")
def turned_choice(targets, written, taught, begin):
    return np.where(taught, shifted(written, begin), shifted(targets, begin))


next_inputs.mistake(
    "You choose by the step before; `taught` speaks of the step that reads.",
    lambda targets, written, taught, begin: shifted(np.where(taught, targets, written), begin),
)
next_inputs.mistake(
    "Nothing is shifted: the decoder is given the letter that it should write.",
    lambda targets, written, taught, begin: np.where(taught, targets, written),
)
next_inputs.mistake(
    "The teacher always speaks in your answer.",
    lambda targets, written, taught, begin: shifted(targets, begin),
)
next_inputs.mistake(
    "The decoder always reads its own letters in your answer.",
    lambda targets, written, taught, begin: shifted(written, begin),
)


@next_inputs.mistake("The first step gets a letter from the end of the row; it should get `begin`.")
def rolls_round(targets, written, taught, begin):
    return np.where(taught, np.roll(targets, 1, axis=1), np.roll(written, 1, axis=1))
