import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("09-faq/06-questions-on-training.ipynb")


def states(lengths: list[int], *bad: tuple[int, int, int, float], time: int = 5, units: int = 2) -> dict:
    """A case: states that are finite but for these (sequence, step, unit, value)."""
    [h] = cases.normal((len(lengths), time, units))
    for row, step, unit, value in bad:
        h[row, step, unit] = value
    return {"h": h, "lengths": np.array(lengths)}


@exercise(
    cases=lambda: [
        states([3, 2], (1, 1, 0, np.nan), time=3),
        states([5, 5, 4], (0, 3, 1, np.nan), (1, 1, 0, np.inf), (2, 2, 0, np.nan)),
        states([3, 5, 2, 4], (0, 3, 0, np.nan), (1, 4, 1, np.nan), (2, 2, 1, -np.inf), (3, 3, 1, -np.inf)),
        states([4, 2, 3], (1, 2, 0, np.nan), (1, 3, 0, np.nan), units=4),
        states([5, 3]),
        states([5, 4], (0, 2, 1, np.nan), (1, 1, 0, np.nan), (1, 3, 1, np.inf), units=3),
        states([5, 5, 4], (0, 2, 0, np.inf), (1, 3, 1, np.nan), (2, 1, 1, np.nan), (0, 4, 0, np.nan)),
        states([2, 4, 6], (0, 4, 1, np.nan), (2, 5, 0, np.nan), time=6),
        states([3, 4, 2], (1, 5, 0, np.nan), time=7),
        states([2, 4, 5], (2, 0, 1, -np.inf), (1, 2, 0, np.nan)),
        states([2, 2], (0, 0, 0, np.nan), (1, 1, 0, np.nan), time=2, units=1),
        states([4, 5, 5], *((row, 3, n, np.nan) for row in range(3) for n in (0, 1)), (1, 2, 1, np.inf)),
    ],
    praise="The loss tells that it happened; the first bad step tells where.",
    see="Why does my loss become NaN?",
)  # fmt: skip
def first_bad_step(h, lengths):
    """The first step at which a valid number of the states h (B, T, H) is not finite, or None."""
    valid = np.arange(h.shape[1]) < lengths[:, None]
    bad = (valid & ~np.isfinite(h).all(axis=2)).any(axis=0)
    return int(bad.argmax()) if bad.any() else None


def valid_steps(h, lengths):
    return np.arange(h.shape[1]) < lengths[:, None]


def first_of(bad):
    return int(bad.argmax()) if bad.any() else None


def pair(h, lengths):
    """The sequence and the step of the first bad number in time."""
    found = places(h, lengths)
    return found[np.argsort(found[:, 1], kind="stable")][0, :2]


def places(h, lengths):
    """The places (sequence, step, unit) of bad numbers, in the order of the array."""
    return np.argwhere(valid_steps(h, lengths)[:, :, None] & ~np.isfinite(h))


first_bad_step.mistake(
    "Infinity counts too: it becomes NaN a step or two later.",
    lambda h, lengths: first_of((valid_steps(h, lengths) & np.isnan(h).any(axis=2)).any(axis=0)),
)
first_bad_step.mistake(
    "NaN counts too, and most often.",
    lambda h, lengths: first_of((valid_steps(h, lengths) & np.isinf(h).any(axis=2)).any(axis=0)),
)
first_bad_step.mistake(
    "Infinity below zero counts too.",
    lambda h, lengths: first_of(
        (valid_steps(h, lengths) & (np.isnan(h) | (h == np.inf)).any(axis=2)).any(axis=0)
    ),
)
first_bad_step.mistake(
    "Where nothing is bad, None is asked for: a number would name a step.",
    lambda h, lengths: int((valid_steps(h, lengths) & ~np.isfinite(h).all(axis=2)).any(axis=0).argmax()),
    lambda h, lengths: -1 if first_bad_step(h, lengths) is None else first_bad_step(h, lengths),
    lambda h, lengths: h.shape[1] if first_bad_step(h, lengths) is None else first_bad_step(h, lengths),
    lambda h, lengths: places(h, lengths)[:, 1].min(),
)
first_bad_step.mistake(
    "You take the first bad number in the order of the array, in which a whole sequence comes before the "
    "next; an earlier step of a later sequence came first.",
    lambda h, lengths: int(np.argwhere(~np.isfinite(h))[0, 1]) if not np.isfinite(h).all() else None,
    lambda h, lengths: int(np.argwhere(~np.isfinite(h))[0, 1]),
    lambda h, lengths: int(places(h, lengths)[0, 1]),
    lambda h, lengths: int(places(h, lengths)[0, 1]) if len(places(h, lengths)) else None,
)
first_bad_step.mistake(
    "Steps beyond a sequence's length are padding, and count for nothing.",
    lambda h, lengths: first_of(~np.isfinite(h).all(axis=(0, 2))),
)
first_bad_step.mistake(
    "A length is a number of steps: the step with the number of the length is padding already.",
    lambda h, lengths: first_bad_step(h, np.minimum(lengths + 1, h.shape[1])),
)
first_bad_step.mistake(
    "The last valid step is left out: a sequence of length n ends with step n - 1.",
    lambda h, lengths: first_bad_step(h, lengths - 1),
)
first_bad_step.mistake(
    "All sequences are cut to one length; each has its own.",
    lambda h, lengths: first_bad_step(h, np.full(len(h), lengths.min())),
    lambda h, lengths: first_bad_step(h, np.full(len(h), lengths.max())),
)
first_bad_step.mistake(
    "Your number is that of the sequence; the step is asked for.",
    lambda h, lengths: first_of((valid_steps(h, lengths) & ~np.isfinite(h).all(axis=2)).any(axis=1)),
)
first_bad_step.mistake(
    "You wait until a whole step is bad; one number is enough.",
    lambda h, lengths: first_of(
        (~np.isfinite(h).any(axis=2) | ~valid_steps(h, lengths)).all(axis=0)
        & valid_steps(h, lengths).any(axis=0)
    ),
    lambda h, lengths: first_of((valid_steps(h, lengths) & ~np.isfinite(h).any(axis=2)).any(axis=0)),
    lambda h, lengths: first_of(
        (~np.isfinite(h).all(axis=2) | ~valid_steps(h, lengths)).all(axis=0)
        & valid_steps(h, lengths).any(axis=0)
    ),
)
first_bad_step.mistake(
    "That is the last bad step; the first one is where it began.",
    lambda h, lengths: int(places(h, lengths)[:, 1].max()) if len(places(h, lengths)) else None,
)
first_bad_step.mistake(
    "You look at one sequence only; a bad number may be in any.",
    lambda h, lengths: first_bad_step(h[:1], lengths[:1]),
    lambda h, lengths: first_bad_step(h[-1:], lengths[-1:]),
)
first_bad_step.mistake(
    "Steps are counted from 0 here.",
    lambda h, lengths: None if first_bad_step(h, lengths) is None else first_bad_step(h, lengths) + 1,
)
first_bad_step.mistake(
    "Of the first bad steps of the sequences you take the latest; the earliest of them is where it began.",
    lambda h, lengths: max(
        (
            step
            for step in (first_bad_step(h[n : n + 1], lengths[n : n + 1]) for n in range(len(h)))
            if step is not None
        ),
        default=None,
    ),
)


@first_bad_step.mistake("You let the truth of a step say whether there is one, and step 0 counts as False.")
def forgets_step_0(h, lengths):
    found = None
    for row in range(len(h)):
        step = first_bad_step(h[row : row + 1], lengths[row : row + 1])
        if step is not None:
            found = min(found, step) if found else step
    return found


@first_bad_step.mistake("You let the truth of a step say whether there is one, and step 0 counts as False.")
def skips_step_0(h, lengths):
    found = None
    for row in range(len(h)):
        step = first_bad_step(h[row : row + 1], lengths[row : row + 1])
        if step and (found is None or step < found):
            found = step
    return found


first_bad_step.mistake(
    "You let the truth of a step say whether there is one, and step 0 counts as False.",
    lambda h, lengths: first_bad_step(h, lengths) or None,
)


@first_bad_step.mistake(
    "You write into the states, which are still needed: begin with a copy, or use a mask."
)
def clears_padding(h, lengths):
    h[~valid_steps(h, lengths)] = 0.0
    return first_bad_step(h, lengths)


first_bad_step.mistake(
    "NaN equals nothing, not even itself: no comparison with it is ever true.",
    lambda h, lengths: first_of((h == np.float64(np.nan)).any(axis=(0, 2))),
)
first_bad_step.mistake(
    "Infinity above zero is all that you find: NaN, which equals nothing, and infinity below zero count too.",
    lambda h, lengths: first_of((valid_steps(h, lengths) & (h == np.inf).any(axis=2)).any(axis=0)),
)
first_bad_step.mistake(
    "The number of the sequence is there too; the step alone is asked for.",
    lambda h, lengths: tuple(pair(h, lengths)) if len(places(h, lengths)) else None,
    lambda h, lengths: tuple(pair(h, lengths)[::-1]) if len(places(h, lengths)) else None,
    lambda h, lengths: tuple(places(h, lengths)[0, :2]) if len(places(h, lengths)) else None,
    lambda h, lengths: tuple(places(h, lengths)[0]) if len(places(h, lengths)) else None,
)


def logits(s: list, y: list) -> dict:
    return {"s": np.array(s), "y": np.array(y)}


@exercise(
    cases=lambda: [
        logits([2.0, -0.5, 1.5], [1, 1, 0]),
        logits([[-30.0, 30.0], [45.0, 0.0], [-3.0, -45.0]], [[1, 0], [0, 1], [0, 1]]),
        logits([-1000.0, 1000.0, 3.0, 1000.0, -1000.0], [1, 0, 0, 1, 0]),
        logits([[-700.0, 4.0, 720.0, -2.0]], [[1, 0, 0, 1]]),
    ],
    praise="From the logit to the loss in one piece: nothing in between can overflow or round to 0.",
    see="Why does my loss become NaN?",
)
def logit_loss(s, y):
    """The binary cross-entropy of logits s and labels y of 0 or 1 (the same shape), without overflow."""
    return np.logaddexp(0, s) - y * s


def plain_sigmoid(s):
    return 1 / (1 + np.exp(-s))


def guarded(add):
    """The loss with a small number added inside the logarithms."""
    return lambda s, y: -(y * np.log(plain_sigmoid(s) + add) + (1 - y) * np.log(1 - plain_sigmoid(s) + add))


def clipped(by):
    """The loss with a probability that is kept between `by` and 1 - `by`."""

    def answer(s, y):
        p = np.clip(plain_sigmoid(s), by, 1 - by)
        return -(y * np.log(p) + (1 - y) * np.log(1 - p))

    return answer


def shifted_by(z, shift):
    """log(1 + exp(z)) with one shift for all numbers."""
    return shift(z) + np.log(np.exp(-shift(z)) + np.exp(z - shift(z)))


def floored(by):
    """The loss with a probability of the right label that is at least `by`."""
    return lambda s, y: -np.log(np.maximum(np.where(y == 1, plain_sigmoid(s), 1 - plain_sigmoid(s)), by))


SMALL = [10.0**-digits for digits in range(3, 17)] + [float(np.finfo(np.float32).eps)]
TINY = [1e-20, 1e-30, 1e-37, 1e-38, 1e-45, 1e-100, 1e-300, 1e-308]
TINY += [float(np.finfo(np.float64).eps), float(np.finfo(np.float64).tiny), float(np.finfo(np.float32).tiny)]

logit_loss.mistake(
    "The sigmoid rounds to 0 or 1 for large logits, and the logarithm of 0 is infinite.",
    lambda s, y: -np.where(y == 1, np.log(plain_sigmoid(s)), np.log(1 - plain_sigmoid(s))),
    lambda s, y: -(y * np.log(plain_sigmoid(s)) + (1 - y) * np.log(1 - plain_sigmoid(s))),
    lambda s, y: -np.log(np.where(y == 1, plain_sigmoid(s), 1 - plain_sigmoid(s))),
)
logit_loss.mistake(
    "A small number inside the logarithm hides that the sigmoid has rounded, and caps the loss of a "
    "confident wrong answer.",
    *map(guarded, SMALL + TINY),
    *map(clipped, SMALL),
    *map(floored, SMALL + TINY),
)
CAPS = (10, 15, 20, 30, 36, 40, 50, 60, 80, 88, 100, 200, 300, 500, 600, 700, 709)

logit_loss.mistake(
    "You clip the logits, and so cap the loss of a confident wrong answer.",
    *[lambda s, y, most=most: logit_loss(np.clip(s, -most, most), y) for most in CAPS],
)
logit_loss.mistake(
    "exp overflows for a large logit, with one sign or the other: no exponential of a large positive number "
    "may be left.",
    lambda s, y: np.log(1 + np.exp(s)) - y * s,
    lambda s, y: np.log1p(np.exp(s)) - y * s,
    lambda s, y: np.where(y == 1, np.log(1 + np.exp(-s)), np.log(1 + np.exp(s))),
    lambda s, y: np.log(1 + np.exp(-s)) + (1 - y) * s,
    lambda s, y: np.log1p(np.exp(-s)) + (1 - y) * s,
    lambda s, y: y * np.log(1 + np.exp(-s)) + (1 - y) * np.log(1 + np.exp(s)),
)
logit_loss.mistake(
    "You shift all logits by the largest of the whole array; one large logit then wipes out the others.",
    lambda s, y: shifted_by(np.where(y == 1, -s, s), lambda z: z.max()),
    lambda s, y: shifted_by(np.where(y == 1, -s, s), lambda z: np.abs(z).max()),
    lambda s, y: shifted_by(s, lambda z: np.abs(z).max()) - y * s,
    lambda s, y: shifted_by(s, lambda z: max(z.max(), 0)) - y * s,
    lambda s, y: s.max() + np.log(np.exp(-s.max()) + np.exp(s - s.max())) - y * s,
    lambda s, y: (
        -np.log(
            np.where(y == 1, np.exp(s - s.max()), np.exp(-s.max())) / (np.exp(-s.max()) + np.exp(s - s.max()))
        )
    ),
)
logit_loss.mistake(
    "The labels are exchanged: y = 1 asks for -log sigmoid(s).",
    lambda s, y: logit_loss(s, 1 - y),
    lambda s, y: logit_loss(-s, y),
)
logit_loss.mistake("The sign is turned: a loss is not negative.", lambda s, y: -logit_loss(s, y))
logit_loss.mistake(
    "You join the losses of several logits; a loss for each of them is asked for.",
    lambda s, y: logit_loss(s, y).mean(axis=-1),
    lambda s, y: logit_loss(s, y).sum(axis=-1),
    lambda s, y: logit_loss(s, y).mean(),
    lambda s, y: logit_loss(s, y).sum(),
)
logit_loss.mistake(
    "The label is left out: that is the loss for one and the same label everywhere.",
    lambda s, y: -np.log(plain_sigmoid(s)),
    lambda s, y: -np.log(1 - plain_sigmoid(s)),
    lambda s, y: np.logaddexp(0, s),
    lambda s, y: np.logaddexp(0, -s),
)
logit_loss.mistake(
    "The logarithm is left out: near zero a logit costs more than how far it is on the wrong side.",
    lambda s, y: np.maximum(s, 0) - y * s,
    lambda s, y: np.maximum(np.where(y == 1, -s, s), 0),
)
logit_loss.mistake(
    "Labels are 0 and 1 here; your formula is the one for -1 and 1.",
    lambda s, y: np.logaddexp(0, -y * s),
)
logit_loss.mistake(
    "That is a probability; the loss is minus its logarithm.",
    lambda s, y: np.exp(-logit_loss(s, y)),
    lambda s, y: 1 - np.exp(-logit_loss(s, y)),
)
logit_loss.mistake(
    "The larger exponent is taken out of the sum, and must be added again.",
    lambda s, y: np.log1p(np.exp(-np.abs(s))),
    lambda s, y: np.log1p(np.exp(-np.abs(s))) - y * s,
)
logit_loss.mistake(
    "You replace an infinite loss by another number after the fact; the loss itself is finite.",
    lambda s, y: np.nan_to_num(np.log(1 + np.exp(np.where(y == 1, -s, s)))),
    lambda s, y: np.nan_to_num(np.log(1 + np.exp(np.where(y == 1, -s, s))), posinf=0),
    lambda s, y: np.nan_to_num(np.log(1 + np.exp(s)) - y * s),
    lambda s, y: np.nan_to_num(-np.where(y == 1, np.log(plain_sigmoid(s)), np.log(1 - plain_sigmoid(s)))),
    lambda s, y: np.nan_to_num(-(y * np.log(plain_sigmoid(s)) + (1 - y) * np.log(1 - plain_sigmoid(s)))),
)
logit_loss.mistake(
    "The term with the label has the wrong sign.",
    lambda s, y: np.logaddexp(0, s) + y * s,
)
logit_loss.mistake(
    "The exponent that is left must not be positive, whatever the sign of the logit.",
    lambda s, y: np.maximum(s, 0) - y * s + np.log1p(np.exp(-s)),
    lambda s, y: np.maximum(s, 0) - y * s + np.log1p(np.exp(s)),
    lambda s, y: np.maximum(s, 0) - y * s + np.log1p(np.exp(np.abs(s))),
)
logit_loss.mistake(
    "A logarithm to another base: the loss uses the natural one.",
    lambda s, y: logit_loss(s, y) / np.log(2),
    lambda s, y: logit_loss(s, y) / np.log(10),
)


def network(B: int, T: int, D: int, H: int, rate: float, seed: int = 0) -> dict:
    x, W, U, b = cases.normal((B, T, D), (H, D), (H, H), (H,), seed=seed)
    u = np.random.default_rng(seed).random((B, H)).round(2)
    u[0, 0] = rate  # the edge: kept
    return {"x": x, "W": W, "U": U, "b": b, "u": u, "rate": rate}


@exercise(
    cases=lambda: [
        network(1, 2, 1, 2, 0.5),
        network(2, 4, 3, 5, 0.4, seed=1),
        network(3, 5, 2, 4, 0.25, seed=2),
        network(4, 3, 5, 2, 0.0, seed=3),
    ],
    praise="Drawn once: the same units are silent for a whole sequence, and the others keep what they hold.",
    see="Where does dropout belong?",
)
def dropout_once(x, W, U, b, u, rate):
    """States (B, T, H) of an Elman network whose h_{t-1} is thinned by one draw for the whole sequence."""
    mask = (u >= rate) / (1 - rate)
    h, outputs = np.zeros(u.shape), []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ W.T + (mask * h) @ U.T + b)
        outputs.append(h)
    return np.stack(outputs, axis=1)


def thinned_by(
    mask=lambda u, rate: (u >= rate) / (1 - rate), before=None, after=None, inputs=None, kept=None,
    each=lambda mask, t: mask,
):  # fmt: skip
    """An answer with the mask elsewhere: before, in or after the product, or on what is kept or given out."""

    def answer(x, W, U, b, u, rate):
        factors = mask(u, rate)
        h, outputs = np.zeros(u.shape), []
        for t in range(x.shape[1]):
            m = each(factors, t)
            from_h = (m * h) @ U.T if before is None else before(m, h, U)
            z = x[:, t] @ W.T + from_h + b
            h = np.tanh(z) if inputs is None else np.tanh(inputs(m, x[:, t] @ W.T, from_h, b))
            outputs.append(h if after is None else after(m, h))
            h = h if kept is None else kept(m, h)
        return np.stack(outputs, axis=1)

    return answer


dropout_once.mistake(
    "The numbers that stay are not divided by 1 - rate; their mean is to stay what it is without dropout.",
    thinned_by(lambda u, rate: u >= rate),
)
dropout_once.mistake(
    "You multiply by 1 - rate; what is thinned must be made larger, not smaller.",
    thinned_by(lambda u, rate: (u >= rate) * (1 - rate)),
)
dropout_once.mistake(
    "You divide by the rate; a share 1 - rate of the numbers is left.",
    thinned_by(lambda u, rate: np.divide(u >= rate, rate)),
)
dropout_once.mistake(
    "The choice is turned round: a number stays where its draw is at least the rate.",
    thinned_by(lambda u, rate: (u < rate) / (1 - rate)),
    thinned_by(lambda u, rate: (u <= rate) / (1 - rate)),
    thinned_by(lambda u, rate: (u < rate) * 1.0),
    thinned_by(lambda u, rate: np.divide(u < rate, rate)),
)
dropout_once.mistake(
    "A draw that equals the rate stays.",
    thinned_by(lambda u, rate: (u > rate) / (1 - rate)),
)
dropout_once.mistake(
    "You give out thinned states; the mask belongs to what U reads alone.",
    thinned_by(after=lambda m, h: m * h),
    thinned_by(before=lambda m, h, U: h @ U.T, after=lambda m, h: m * h),
    thinned_by(before=lambda m, h, U: h @ U.T, after=lambda m, h: m * h, kept=lambda m, h: m * h),
)
dropout_once.mistake(
    "You thin the state twice on its way: once where it is kept, and once where U reads it.",
    thinned_by(kept=lambda m, h: m * h),
    thinned_by(kept=lambda m, h: m * h, after=lambda m, h: m * h),
)
dropout_once.mistake(
    "You thin what U gives out; h_{t-1} is thinned before the product.",
    thinned_by(before=lambda m, h, U: m * (h @ U.T)),
)
dropout_once.mistake(
    "You thin the whole pre-activation; only the past is to be thinned.",
    thinned_by(before=lambda m, h, U: h @ U.T, inputs=lambda m, from_x, from_h, b: m * (from_x + from_h + b)),
    thinned_by(before=lambda m, h, U: h @ U.T, inputs=lambda m, from_x, from_h, b: m * (from_x + from_h) + b),
)
dropout_once.mistake(
    "You thin what comes from the inputs; the mask belongs to h_{t-1}.",
    thinned_by(before=lambda m, h, U: h @ U.T, inputs=lambda m, from_x, from_h, b: m * from_x + from_h + b),
)
dropout_once.mistake(
    "Your mask works at one step only; it is drawn once, and used at every step.",
    thinned_by(each=lambda mask, t: mask if t == 1 else np.ones_like(mask)),
)
dropout_once.mistake(
    "You multiply the mask by itself from step to step; it stays what it is.",
    thinned_by(each=lambda mask, t: mask**t),
    thinned_by(each=lambda mask, t: mask ** (t + 1)),
)
dropout_once.mistake(
    "You use one draw for the whole batch; each sequence has its own row of draws.",
    thinned_by(lambda u, rate: (u[:1] >= rate) / (1 - rate) * np.ones_like(u)),
)
dropout_once.mistake("Nothing is thinned in your answer.", thinned_by(lambda u, rate: np.ones_like(u)))
dropout_once.mistake(
    "U is not transposed: a row of states meets U.T.",
    thinned_by(before=lambda m, h, U: (m * h) @ U),
)
dropout_once.mistake(
    "Only the last state is there; those of all steps are asked for.",
    lambda x, W, U, b, u, rate: dropout_once(x, W, U, b, u, rate)[:, -1],
)
dropout_once.mistake(
    "You put the steps before the batch; the batch is the first axis.",
    lambda x, W, U, b, u, rate: dropout_once(x, W, U, b, u, rate).transpose(1, 0, 2),
)
dropout_once.mistake(
    "The bias is missing.",
    lambda x, W, U, b, u, rate: dropout_once(x, W, U, 0 * b, u, rate),
)


def scaled_outputs(x, W, U, b, u, rate):
    h, outputs = np.zeros(u.shape), []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ W.T + ((u >= rate) * h) @ U.T + b) / (1 - rate)
        outputs.append(h)
    return np.stack(outputs, axis=1)


@dropout_once.mistake("The activation is missing: tanh is taken of the whole sum.")
def without_tanh(x, W, U, b, u, rate):
    mask, h, outputs = (u >= rate) / (1 - rate), np.zeros(u.shape), []
    for t in range(x.shape[1]):
        h = x[:, t] @ W.T + (mask * h) @ U.T + b
        outputs.append(h)
    return np.stack(outputs, axis=1)


dropout_once.mistake(
    "The rate is the share that is dropped; you keep that share.",
    thinned_by(lambda u, rate: (u >= 1 - rate) / (1 - rate)),
    thinned_by(lambda u, rate: np.divide(u >= 1 - rate, rate)),
    thinned_by(lambda u, rate: (u >= 1 - rate) * 1.0),
)
dropout_once.mistake(
    "You collect the state before each step; h_0 is not asked for, and the last state is missing.",
    lambda x, W, U, b, u, rate: np.concatenate(
        [np.zeros((len(u), 1, u.shape[1])), dropout_once(x, W, U, b, u, rate)[:, :-1]], axis=1
    ),
)
dropout_once.mistake(
    "You scale the states as they leave; only what U reads is scaled.",
    scaled_outputs,
)


@exercise(
    cases=lambda: [
        {"D": 2, "H": 3},
        {"D": 3, "H": 4},
        {"D": 40, "H": 100},
        {"D": 300, "H": 37},
        {"D": 16, "H": 14},
        {"D": 3, "H": 6},
        {"D": 9, "H": 5},
        {"D": 3, "H": 13},
        {"D": 50, "H": 20},
        {"D": 3, "H": 12},
        {"D": 2, "H": 9},
        {"D": 5, "H": 4},
        {"D": 4, "H": 6},
    ],
    praise="Compare networks of as many weights: with as many units the LSTM would be a third larger.",
    see="How large should $H$ be?",
)
def fair_width(D, H):
    """The most units of an LSTM with no more weights than a GRU of H units, both with two biases."""
    units = 0
    while 4 * (units + 1) * (D + units + 1 + 2) <= 3 * H * (D + H + 2):
        units += 1
    return units


def widest(fits):
    """The most units for which `fits(units)` holds, at least 0."""
    units = 0
    while fits(units + 1):
        units += 1
    return units


def gru_size(D, H):
    return 3 * H * (D + H + 2)


fair_width.mistake(
    "You take three quarters of the units, as if weights grew in proportion; recurrent ones do not.",
    lambda D, H: 3 * H // 4,
    lambda D, H: round(3 * H / 4),
    lambda D, H: 3 * H / 4,
)
fair_width.mistake(
    "You take the root of three quarters; that is right only where D is small beside H.",
    lambda D, H: int(H * 0.75**0.5),
    lambda D, H: round(H * 0.75**0.5),
)
fair_width.mistake(
    "The input weights are left out.",
    lambda D, H: widest(lambda units: 4 * units * (units + 2) <= 3 * H * (H + 2)),
)
fair_width.mistake(
    "The biases are left out.",
    lambda D, H: widest(lambda units: 4 * units * (D + units) <= gru_size(D, H)),
    lambda D, H: widest(lambda units: 4 * units * (D + units) <= 3 * H * (D + H)),
)
fair_width.mistake(
    "You count one bias for each unit and gate; both networks have two.",
    lambda D, H: widest(lambda units: 4 * units * (D + units + 1) <= gru_size(D, H)),
    lambda D, H: widest(lambda units: 4 * units * (D + units + 1) <= 3 * H * (D + H + 1)),
)
fair_width.mistake(
    "One unit too many: the LSTM has more weights than the GRU.",
    lambda D, H: fair_width(D, H) + 1,
)
fair_width.mistake(
    "As many weights are allowed: no more than the GRU's.",
    lambda D, H: widest(lambda units: 4 * units * (D + units + 2) < gru_size(D, H)),
)
fair_width.mistake(
    "The gates are exchanged: an LSTM has four blocks of weights, a GRU three.",
    lambda D, H: widest(lambda units: 3 * units * (D + units + 2) <= 4 * H * (D + H + 2)),
)
fair_width.mistake("You give both networks as many units; then the LSTM is a third larger.", lambda D, H: H)
fair_width.mistake(
    "That is a number of weights; the number of units is asked for.",
    gru_size,
    lambda D, H: 4 * fair_width(D, H) * (D + fair_width(D, H) + 2),
    lambda D, H: 4 * H * (D + H + 2),
)
fair_width.mistake(
    "A width is a whole number: round down.",
    lambda D, H: (np.sqrt((D + 2) ** 2 + gru_size(D, H)) - (D + 2)) / 2,
)
fair_width.mistake(
    "You round to the nearest; where that is up, the LSTM has more weights than the GRU.",
    lambda D, H: round((np.sqrt((D + 2) ** 2 + gru_size(D, H)) - (D + 2)) / 2),
)
fair_width.mistake(
    "You round up; then the LSTM has more weights than the GRU.",
    lambda D, H: np.ceil((np.sqrt((D + 2) ** 2 + gru_size(D, H)) - (D + 2)) / 2),
)
fair_width.mistake(
    "One unit too few: the next larger LSTM still has no more weights than the GRU.",
    lambda D, H: fair_width(D, H) - 1,
)
