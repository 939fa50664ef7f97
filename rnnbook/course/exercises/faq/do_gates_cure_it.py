import numpy as np

from rnnbook.course.exercises import exercises_of

exercise = exercises_of("09-faq/02-do-gates-cure-it.ipynb")


@exercise(
    cases=lambda: [
        {"k": 1, "left": 0.8},
        {"k": 10, "left": 0.5},
        {"k": 5, "left": 0.1},
        {"k": 40, "left": 0.9},
    ],
    praise="For a half after a hundred steps the bias must be near 5: a gate carries as far as it is open.",
    see="A gate, opened and shut by hand",
)
def forget_bias_for(k, left):
    """The forget bias at which the share `left` of the gradient on the cell arrives after k steps."""
    gate = left ** (1 / k)
    return np.log(gate / (1 - gate))


def logit(gate):
    return np.log(gate / (1 - gate))


forget_bias_for.mistake(
    "That is the gate; its bias is the number that the sigmoid turns into it.",
    lambda k, left: left ** (1 / k),
)
forget_bias_for.mistake(
    "The sign is turned: a gate that is more open needs a larger bias.",
    lambda k, left: -forget_bias_for(k, left),
)
forget_bias_for.mistake(
    "You ask that one step leaves this share; it is to be left after k of them.",
    lambda k, left: logit(left),
)
forget_bias_for.mistake(
    "You spread the loss evenly over the steps, as if it were subtracted; each step multiplies.",
    lambda k, left: logit(1 - (1 - left) / k),
)
forget_bias_for.mistake(
    "The power is upside down: the gate to the power k must give the share, and not the share the gate.",
    lambda k, left: logit(left**k),
)
forget_bias_for.mistake(
    "You take the share that is lost; `left` is what arrives.",
    lambda k, left: logit(1 - (1 - left) ** (1 / k)),
    lambda k, left: logit((1 - left) ** (1 / k)),
)
forget_bias_for.mistake(
    "You always leave a half; the share is an argument.",
    lambda k, left: logit(0.5 ** (1 / k)),
)
forget_bias_for.mistake(
    "The sigmoid is built on e, so that its inverse is a natural logarithm.",
    lambda k, left: np.log10(np.exp(forget_bias_for(k, left))),
    lambda k, left: forget_bias_for(k, left) / np.log(2),
)
forget_bias_for.mistake(
    "Only half of the sigmoid's inverse is there: it sets the gate against what is missing to 1.",
    lambda k, left: -np.log(1 - left ** (1 / k)),
    lambda k, left: np.log(1 - left ** (1 / k)),
    lambda k, left: np.log(left) / k,
    lambda k, left: -np.log(left) / k,
)
forget_bias_for.mistake(
    "The logarithm is missing: gate over 1 - gate is what e to the bias must be.",
    lambda k, left: np.exp(forget_bias_for(k, left)),
)
forget_bias_for.mistake(
    "You apply the sigmoid to the gate; it is its inverse that is wanted.",
    lambda k, left: 1 / (1 + np.exp(-(left ** (1 / k)))),
)
forget_bias_for.mistake(
    "You take the inverse of tanh; a gate is a sigmoid.",
    lambda k, left: np.arctanh(left ** (1 / k)),
)
forget_bias_for.mistake(
    "The share is divided among the steps; the steps multiply, so that it takes a root.",
    lambda k, left: logit(left / k),
)
forget_bias_for.mistake(
    "You scale the bias with the number of steps; it is the gate that is multiplied, and not the bias.",
    lambda k, left: k * logit(left),
    lambda k, left: logit(left) / k,
)
forget_bias_for.mistake(
    "You let the gate act k + 1 times; on the way over k steps it acts k times.",
    lambda k, left: logit(left ** (1 / (k + 1))),
)
forget_bias_for.mistake(
    "You let the gate act k - 1 times; on the way over k steps it acts k times.",
    lambda k, left: logit(left ** (1 / (k - 1))),
)


def gates(batch: int, time: int, units: int, seed: int = 0) -> np.ndarray:
    """Forget gates between 0.5 and 1, of two decimals."""
    return np.random.default_rng(seed).uniform(0.5, 1, (batch, time, units)).round(2)


def forgotten() -> list[dict]:
    cut = gates(3, 5, 2, seed=3)
    cut[1, 2, 0] = 0.0  # forgets on purpose
    cut[2, 4, 1] = 0.1  # too little is left after a single step
    cut[0, :, 1] = 1.0  # open all the time
    return [
        {"f": np.array([[[0.25], [0.5], [0.5]]]), "share": 0.25},
        {"f": gates(2, 6, 3), "share": 0.3},
        {"f": cut, "share": 0.4},
        {"f": gates(4, 7, 3, seed=1) ** 0.25, "share": 0.6},
        {"f": np.linspace(0.05, 0.95, 30).reshape(3, 2, 5).swapaxes(0, 1), "share": 0.55},
    ]


@exercise(
    cases=forgotten,
    praise="This is how far each unit's memory can learn, read off the gates of a forward pass.",
    see="A gate, opened and shut by hand",
)
def cell_reach(f, share):
    """Over how many steps back (B, H) at least `share` of dL/dc_T is left along the cell; f (B, T, H)."""
    left = np.cumprod(f[:, ::-1], axis=1)
    return (left >= share).sum(axis=1)


def left_after(f):
    return np.cumprod(f[:, ::-1], axis=1)


cell_reach.mistake(
    "You multiply from the first step on; the gradient comes from the last one.",
    lambda f, share: (np.cumprod(f, axis=1) >= share).sum(axis=1),
)
cell_reach.mistake(
    "Where exactly the share is left it still counts: at least is asked for.",
    lambda f, share: (left_after(f) > share).sum(axis=1),
)
cell_reach.mistake(
    "You judge each gate by itself; the gradient is multiplied by all gates on its way.",
    lambda f, share: (f >= share).sum(axis=1),
    lambda f, share: np.cumprod(f[:, ::-1] >= share, axis=1).sum(axis=1),
)
cell_reach.mistake(
    "Your number is always one too large: where enough is left after all T steps, it is T.",
    lambda f, share: cell_reach(f, share) + 1,
)
cell_reach.mistake(
    "You count one step too many: that is the step at which too little is left.",
    lambda f, share: np.minimum(cell_reach(f, share) + 1, f.shape[1]),
)
cell_reach.mistake(
    "You count one step too few: a place that is counted from 0 is no number of steps.",
    lambda f, share: cell_reach(f, share) - 1,
    lambda f, share: np.maximum(cell_reach(f, share) - 1, 0),
)
cell_reach.mistake(
    "The last gate is left out, yet c_T reads c_{T-1} through it.",
    lambda f, share: (left_after(f[:, :-1]) >= share).sum(axis=1),
)
cell_reach.mistake(
    "You join the units; each unit's cell has gates of its own.",
    lambda f, share: (left_after(f) >= share).sum(axis=2),
    lambda f, share: (left_after(f) >= share).sum(axis=(1, 2)),
    lambda f, share: (left_after(f.mean(axis=2, keepdims=True)) >= share).sum(axis=1),
    lambda f, share: (left_after(f.mean(axis=2)) >= share).sum(axis=1),
    lambda f, share: cell_reach(f, share).mean(axis=1),
    lambda f, share: cell_reach(f, share).min(axis=1),
)
cell_reach.mistake(
    "You give one answer for the whole batch; each sequence has gates of its own.",
    lambda f, share: cell_reach(f, share).min(),
    lambda f, share: cell_reach(f, share).max(),
    lambda f, share: cell_reach(f, share).mean(),
    lambda f, share: cell_reach(f, share).min(axis=0),
    lambda f, share: cell_reach(f, share).mean(axis=0),
    lambda f, share: cell_reach(f, share).max(axis=0),
    lambda f, share: (left_after(f.mean(axis=0, keepdims=True))[0] >= share).sum(axis=0),
)
cell_reach.mistake(
    "You count up to the first place that fails; where none fails, argmax says 0 and the answer is T.",
    lambda f, share: (left_after(f) < share).argmax(axis=1),
)
cell_reach.mistake(
    "You return the step that is reached, counted from the start; the number of steps back is asked for.",
    lambda f, share: f.shape[1] - cell_reach(f, share),
)
cell_reach.mistake(
    "You take one gate for all steps; a gate is computed anew at each of them.",
    lambda f, share: np.stack([f[:, -1] ** k >= share for k in range(1, f.shape[1] + 1)], axis=1).sum(axis=1),
    lambda f, share: np.stack([f.mean(axis=1) ** k >= share for k in range(1, f.shape[1] + 1)], axis=1).sum(
        axis=1
    ),
)
cell_reach.mistake(
    "You multiply along the batch; the steps are the second axis.",
    lambda f, share: (np.cumprod(f[::-1], axis=0) >= share).sum(axis=0),
    lambda f, share: (np.cumprod(f, axis=0) >= share).sum(axis=0),
)
cell_reach.mistake(
    "You multiply what is lost, 1 - f; what is left is multiplied by f.",
    lambda f, share: (np.cumprod(1 - f[:, ::-1], axis=1) >= share).sum(axis=1),
)
cell_reach.mistake(
    "The first place that fails, counted from 0, is the number of steps already; and where none fails "
    "argmax says 0.",
    lambda f, share: (left_after(f) < share).argmax(axis=1) + 1,
    lambda f, share: (left_after(f) < share).argmax(axis=1) - 1,
)
cell_reach.mistake(
    "The gates are added up; each of them multiplies the gradient.",
    lambda f, share: (np.cumsum(f[:, ::-1], axis=1) >= share).sum(axis=1),
)
cell_reach.mistake(
    "argmax finds the first place at which enough is left; the last such place is wanted.",
    lambda f, share: (left_after(f) >= share).argmax(axis=1),
    lambda f, share: (left_after(f) >= share).argmax(axis=1) + 1,
    lambda f, share: f.shape[1] - (left_after(f) >= share).argmax(axis=1),
)


def marked(time: int, *rows: tuple[int, ...]) -> np.ndarray:
    marks = np.zeros((len(rows), time))
    for row, steps in enumerate(rows):
        marks[row, list(steps)] = 1
    return marks


@exercise(
    cases=lambda: [
        {"marks": marked(4, (0, 3)), "reach": 2},
        {"marks": marked(6, (0, 3), (2, 5), (1, 4), (2, 3)), "reach": 3},
        {"marks": marked(5, (0, 2), (1, 4), (1, 3)), "reach": 0},
        {"marks": marked(5, (0, 2), (1, 4), (0, 3)), "reach": 5},
        {"marks": marked(8, (0, 1, 6), (2, 3, 7), (3, 4, 5), (0, 4, 7), (1, 2, 5)), "reach": 4},
    ],
    praise="A loss between two such levels tells how far back a network looks, without opening it.",
    see="After training: the gates at work",
)
def least_error(marks, reach):
    """The least mean squared error on the adding problem with only the last `reach` steps in sight."""
    unseen = marks[:, : marks.shape[1] - reach].sum(axis=1)
    return unseen.mean() / 12


def unseen_marks(marks, reach):
    return marks[:, : marks.shape[1] - reach].sum(axis=1)


least_error.mistake(
    "A slice with `-reach` goes wrong for a reach of 0, where nothing is seen: minus zero is zero.",
    lambda marks, reach: (marks.sum(axis=1) - marks[:, -reach:].sum(axis=1)).mean() / 12,
    lambda marks, reach: marks[:, :-reach].sum(axis=1).mean() / 12,
)
least_error.mistake(
    "You count the marks that are in sight; these numbers are known, and cost nothing.",
    lambda marks, reach: (marks.sum(axis=1) - unseen_marks(marks, reach)).mean() / 12,
    lambda marks, reach: marks[:, -reach:].sum(axis=1).mean() / 12,
)
least_error.mistake(
    "You take the first steps for those in sight; a network at the end sees the last ones.",
    lambda marks, reach: marks[:, reach:].sum(axis=1).mean() / 12,
)
least_error.mistake(
    "That is the error of the answer 0; for a number out of sight the best answer is its mean, 1/2.",
    lambda marks, reach: unseen_marks(marks, reach).mean() / 3,
    lambda marks, reach: (unseen_marks(marks, reach) / 12 + unseen_marks(marks, reach) ** 2 / 4).mean(),
)
least_error.mistake(
    "You count rows in which some mark is out of sight; each such number adds its own variance.",
    lambda marks, reach: (unseen_marks(marks, reach) > 0).mean() / 12,
    lambda marks, reach: (unseen_marks(marks, reach) > 0).mean() / 6,
    lambda marks, reach: ((unseen_marks(marks, reach) > 0) * marks.sum(axis=1)).mean() / 12,
)
least_error.mistake(
    "The errors of all rows are added; their mean is asked for.",
    lambda marks, reach: unseen_marks(marks, reach).sum() / 12,
)
least_error.mistake(
    "You average over the steps as well; a row has one answer.",
    lambda marks, reach: (
        np.divide(unseen_marks(marks, reach).sum(), len(marks) * (marks.shape[1] - reach)) / 12
    ),
    lambda marks, reach: unseen_marks(marks, reach).sum() / 12 / marks.size,
    lambda marks, reach: (
        marks[:, : marks.shape[1] - reach].sum() / 12 / max(1, len(marks) * (marks.shape[1] - reach))
    ),
)
least_error.mistake(
    "That is the error of who sees nothing: marks within the reach are known.",
    lambda marks, reach: marks.sum(axis=1).mean() / 12,
    lambda marks, reach: 1 / 6,
)
least_error.mistake(
    "You square the number of marks; variances of independent numbers are added.",
    lambda marks, reach: (unseen_marks(marks, reach) ** 2).mean() / 12,
    lambda marks, reach: unseen_marks(marks, reach).mean() ** 2 / 12,
)
least_error.mistake(
    "That is the root of the error; the mean squared error is asked for.",
    lambda marks, reach: np.sqrt(least_error(marks, reach)),
)
least_error.mistake(
    "You count the marks; each number out of sight costs the variance of a uniform number.",
    lambda marks, reach: unseen_marks(marks, reach).mean(),
)
least_error.mistake(
    "You are one step off: of T steps, T - reach are out of sight.",
    lambda marks, reach: (marks.sum() - marks[:, marks.shape[1] - reach - 1 :].sum()) / len(marks) / 12,
    lambda marks, reach: marks[:, : marks.shape[1] - reach - 1].sum() / len(marks) / 12,
    lambda marks, reach: marks[:, : max(0, marks.shape[1] - reach - 1)].sum(axis=1).mean() / 12,
    lambda marks, reach: marks[:, : marks.shape[1] - reach + 1].sum(axis=1).mean() / 12,
)
least_error.mistake(
    "You take the share of the marks that is out of sight; each of them costs 1/12, however many there are.",
    lambda marks, reach: unseen_marks(marks, reach).sum() / marks.sum() / 6,
    lambda marks, reach: unseen_marks(marks, reach).sum() / marks.sum() / 12,
)
least_error.mistake(
    "Each number out of sight costs the variance of a number drawn evenly from 0 to 1; yours is another.",
    lambda marks, reach: (unseen_marks(marks, reach) ** 2).mean() / 4,
    lambda marks, reach: unseen_marks(marks, reach).mean() / 8,
    lambda marks, reach: unseen_marks(marks, reach).mean() / 4,
    lambda marks, reach: unseen_marks(marks, reach).mean() / 6,
    lambda marks, reach: unseen_marks(marks, reach).mean() / 2,
    lambda marks, reach: unseen_marks(marks, reach).mean() / np.sqrt(12),
)
least_error.mistake(
    "You take the marks for spread evenly over the steps; where they lie is given.",
    lambda marks, reach: (1 - reach / marks.shape[1]) / 6,
    lambda marks, reach: (1 - reach / marks.shape[1]) * marks.sum(axis=1).mean() / 12,
)
