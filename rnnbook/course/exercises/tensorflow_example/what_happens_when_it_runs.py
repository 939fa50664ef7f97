import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("05-tensorflow-example/01-what-happens-when-it-runs.ipynb")


def sizes(B: int, T: int, n_units: int, n_classes: int) -> dict[str, int]:
    return {"B": B, "T": T, "n_units": n_units, "n_classes": n_classes}


@exercise(
    parts=("the rows", "the columns"),
    # The trap, refused ones of each kind, a single unit, a single class, and rows that only divide.
    cases=lambda: [
        sizes(1, 1, 3, 3),
        sizes(1, 8, 10, 10),
        sizes(4, 8, 16, 10),
        sizes(4, 1, 10, 10),
        sizes(4, 8, 10, 10),
        sizes(1, 8, 16, 10),
        sizes(1, 8, 5, 10),
        sizes(1, 6, 1, 10),
        sizes(3, 1, 1, 7),
        sizes(1, 6, 7, 1),
        sizes(2, 2, 9, 9),
        sizes(3, 2, 1, 6),
    ],
    praise="Letters beside the sizes: with these you see which wrong shapes pass, and what they compute.",
    see="The error in the idea",
)
def compared_shape(B, T, n_units, n_classes):
    """(rows, columns) that the loss compares, or None where TensorFlow refuses the shapes."""
    shape = []
    for scores, targets in ((B * T, B), (n_units, n_classes)):
        if scores != targets and 1 not in (scores, targets):
            return None
        shape.append(max(scores, targets))
    return tuple(shape)


def fits(scores, targets):
    return scores == targets or 1 in (scores, targets)


def joined(scores, targets):
    """The size that comes out of two, or None."""
    return max(scores, targets) if fits(scores, targets) else None


def shape_if(accepted, B, T, n_units, n_classes):
    return (max(B * T, B), max(n_units, n_classes)) if accepted else None


def unflattened(B, T, n_units, n_classes):
    """What NumPy makes of (B, T, n_units) and (B, n_classes), or None."""
    try:
        return np.broadcast_shapes((B, T, n_units), (B, n_classes))
    except ValueError:
        return None


compared_shape.mistake(
    "You let any number of rows pass. B * T rows of scores fit B of targets if they are as many, or if one "
    "side has a single row.",
    lambda *sizes: (sizes[0] * sizes[1], sizes[3]) if sizes[2] in (1, sizes[3]) else None,
    lambda *sizes: shape_if(fits(*sizes[2:]), *sizes),
    lambda *sizes: shape_if(sizes[2] == sizes[3], *sizes),
)
compared_shape.mistake(
    "You compare the rows alone. A row of scores must fit a row of targets too.",
    lambda *sizes: shape_if(fits(sizes[0] * sizes[1], sizes[0]), *sizes),
)
compared_shape.mistake(
    "You ask for equal sizes. TensorFlow also accepts a size of 1, and repeats it: that is broadcasting.",
    lambda *sizes: shape_if(sizes[1] == 1 and sizes[2] == sizes[3], *sizes),
    see="The trap",
)
compared_shape.mistake(
    "You let 1 pass among the rows only. A single column is repeated in the same way.",
    lambda *sizes: shape_if(fits(sizes[0] * sizes[1], sizes[0]) and sizes[2] == sizes[3], *sizes),
    see="The trap",
)
compared_shape.mistake(
    "You let 1 pass among the columns only. A single row is repeated in the same way: that is the trap.",
    lambda *sizes: shape_if(sizes[1] == 1 and fits(*sizes[2:]), *sizes),
    see="The trap",
)
compared_shape.mistake(
    "You let the rows pass for a single sequence only. With T = 1 both have B rows, and these fit too.",
    lambda *sizes: shape_if(sizes[0] == 1 and fits(*sizes[2:]), *sizes),
    lambda B, T, n_units, n_classes: (T, joined(n_units, n_classes)) if B == 1 else None,
    lambda *sizes: shape_if(sizes[0] == 1 and sizes[2] == sizes[3], *sizes),
    lambda *sizes: shape_if(sizes[0] == 1 and sizes[2] in (1, sizes[3]), *sizes),
    see="The trap",
)
compared_shape.mistake(
    "You repeat a single unit over all classes, but not a single class over all units.",
    lambda *sizes: shape_if(fits(sizes[0] * sizes[1], sizes[0]) and sizes[2] in (1, sizes[3]), *sizes),
    see="The trap",
)
compared_shape.mistake(
    "You broadcast the three axes of the outputs. The loss first makes a matrix of them, B * T rows.",
    lambda *sizes: (shape := unflattened(*sizes)) and shape[-2:],
    unflattened,
    lambda *sizes: unflattened(*sizes) and shape_if(True, *sizes),
)
compared_shape.mistake(
    "You accept any number of rows that divides the other. Only a single row is repeated.",
    lambda *sizes: shape_if(fits(*sizes[2:]), *sizes) if sizes[1] < 3 or sizes[0] == 1 else None,
    lambda B, T, n_units, n_classes: (
        (B * T, max(n_units, n_classes)) if max(n_units, n_classes) % min(n_units, n_classes) == 0 else None
    ),
)
compared_shape.mistake(
    "You give the shape of the scores. Where they have a single column, it is repeated as well.",
    lambda *sizes: compared_shape(*sizes) and (sizes[0] * sizes[1], sizes[2]),
    see="The trap",
)
compared_shape.mistake(
    "You count the steps of one sequence. The scores have a row for each step of each sequence.",
    lambda *sizes: compared_shape(*sizes) and (sizes[1], max(sizes[2:])),
)
compared_shape.mistake(
    "You give the shape of the targets. The one row is repeated until it fits all rows of scores.",
    lambda *sizes: compared_shape(*sizes) and (sizes[0], sizes[3]),
    see="The trap",
)
compared_shape.mistake(
    "You take the smaller size. Broadcasting repeats the 1, and shortens nothing.",
    lambda *sizes: compared_shape(*sizes) and (min(sizes[0] * sizes[1], sizes[0]), min(sizes[2:])),
    see="The trap",
)
compared_shape.mistake(
    "Your two sizes are exchanged: rows first, then columns.",
    lambda *sizes: (shape := compared_shape(*sizes)) and shape[::-1],
)


compared_shape.mistake(
    "Where the shapes do not fit, None is asked for.",
    lambda B, T, n_units, n_classes: (
        compared_shape(B, T, 1, 1) and (compared_shape(B, T, n_units, n_classes) or (None, None))
    ),
    lambda *sizes: (joined(sizes[0] * sizes[1], sizes[0]), joined(*sizes[2:])),
    lambda *sizes: compared_shape(*sizes) or False,
    lambda *sizes: compared_shape(*sizes) or "refused",
    lambda *sizes: compared_shape(*sizes) or (),
    lambda *sizes: compared_shape(*sizes) or (None, None),
    lambda *sizes: compared_shape(*sizes) or int("refused"),
)
compared_shape.mistake(
    "You give the number of entries. Asked is the shape, rows and columns.",
    lambda *sizes: (shape := compared_shape(*sizes)) and shape[0] * shape[1],
)
compared_shape.mistake(
    "You say whether the shapes fit. Asked is the shape that comes out, rows and columns.",
    lambda *sizes: compared_shape(*sizes) is not None,
)


@exercise(
    # An easy loss, a hard one, many classes, and two that guessing reaches already.
    cases=lambda: [
        {"K": 2, "loss": 0.5},
        {"K": 10, "loss": 0.5},
        {"K": 10, "loss": 0.01},
        {"K": 10, "loss": 2.5},
        {"K": 3, "loss": 1.2},
        {"K": 10_000, "loss": 3.0},
    ],
    praise="The floor, read backwards: it says how far scores must be able to reach before you train.",
    see="What did it train?",
)
def reach_for_loss(K, loss):
    """The smallest a >= 0 so that K scores between -a and a can reach this cross-entropy in nats."""
    if loss >= np.log(K):
        return 0.0
    return np.log((K - 1) / (np.exp(loss) - 1)) / 2


def reach(others, rest, clipped=True):
    """a from the number of other classes and exp(loss) - 1."""
    a = np.log(others / rest) / 2
    return max(a, 0.0) if clipped else a


def both_ways(*wrong):
    """A mistake without the case of guessing, and with it in two ways."""
    return [
        *wrong,
        *(lambda K, loss, one=one: max(one(K, loss), 0.0) for one in wrong),
        *(lambda K, loss, one=one: one(K, loss) if loss < np.log(K) else 0.0 for one in wrong),
    ]


reach_for_loss.mistake(
    "Your a is twice too large: the best scores lie 2 a apart, one at a and the others at -a.",
    *both_ways(lambda K, loss: np.log((K - 1) / np.expm1(loss))),
)
reach_for_loss.mistake(
    "One class is the right one: K - 1 others stand against it, not K.",
    *both_ways(lambda K, loss: reach(K, np.expm1(loss), clipped=False)),
)
reach_for_loss.mistake(
    "The right class has a share in its own sum: exp(loss) is 1 plus what the others add.",
    *both_ways(lambda K, loss: reach(K - 1, np.exp(loss), clipped=False)),
    *both_ways(lambda K, loss: reach(K - 1, np.exp(loss) + 1, clipped=False)),
)
reach_for_loss.mistake(
    "Where guessing is good enough you give a negative number. Scores of 0 reach that loss: a is 0.",
    lambda K, loss: reach(K - 1, np.expm1(loss), clipped=False),
)
reach_for_loss.mistake(
    "Where guessing is good enough you drop the sign of a negative result. Scores of 0 do: a is 0.",
    lambda K, loss: abs(reach(K - 1, np.expm1(loss), clipped=False)),
)
reach_for_loss.mistake(
    "Your fraction is upside down: a lower loss needs scores that reach further.",
    *both_ways(lambda K, loss: -reach(K - 1, np.expm1(loss), clipped=False)),
)
reach_for_loss.mistake(
    "You read the loss as a probability. A loss is -log of one.",
    *both_ways(lambda K, loss: np.log(loss * (K - 1) / (1 - loss)) / 2),
    *both_ways(lambda K, loss: np.log((K - 1) * (1 - loss) / loss) / 2),
)
reach_for_loss.mistake(
    "You take the probability that is missed for that of the right class, which is exp(-loss).",
    *both_ways(lambda K, loss: np.log(np.expm1(loss) * (K - 1)) / 2),
)
reach_for_loss.mistake(
    "You count a single other class. There are K - 1 of them.",
    *both_ways(lambda K, loss: reach(1, np.expm1(loss), clipped=False)),
)
reach_for_loss.mistake(
    "Your 1 stands in the wrong place: exp(loss) less 1 stands below the line as a whole.",
    *both_ways(lambda K, loss: np.log((K - 1) / np.exp(loss) - 1) / 2),
    *both_ways(lambda K, loss: np.log(K - 1 / np.expm1(loss)) / 2),
    *both_ways(lambda K, loss: reach(K - 1, np.exp(loss - 1), clipped=False)),
)
reach_for_loss.mistake(
    "One of the two exponentials is not undone: a stands in an exponent, and the loss is a logarithm.",
    *both_ways(lambda K, loss: (K - 1) / np.expm1(loss) / 2),
    *both_ways(lambda K, loss: reach(K - 1, loss, clipped=False)),
    *both_ways(lambda K, loss: reach(K - 1, loss - 1, clipped=False)),
    *both_ways(lambda K, loss: np.exp(reach(K - 1, np.expm1(loss), clipped=False))),
)
reach_for_loss.mistake(
    "You turn the loss into a probability with a base of 2. The course's losses are in nats.",
    *both_ways(lambda K, loss: reach(K - 1, 2.0**loss - 1, clipped=False)),
    *both_ways(lambda K, loss: np.log2((K - 1) / np.expm1(loss)) / 2),
    *both_ways(lambda K, loss: np.log2((K - 1) / (2.0**loss - 1)) / 2),
)
reach_for_loss.mistake(
    "That is the lowest loss for scores up to `loss`. Asked is the other way round.",
    lambda K, loss: np.log(1 + (K - 1) * np.exp(-2 * loss)),
)
reach_for_loss.mistake(
    "That is the right class's probability at this loss. Asked is how far the scores must reach.",
    lambda K, loss: np.exp(-loss),
)


def searched(K, loss, step):
    """The first of 0, step, 2 step, ... whose floor is low enough."""
    a = step * np.arange(round(10 / step))
    return a[np.argmax(np.log(1 + (K - 1) * np.exp(-2 * a)) <= loss)]


reach_for_loss.mistake(
    "You try one a after the other, in steps that are too coarse. Solve for a.",
    lambda K, loss: searched(K, loss, 0.1),
    lambda K, loss: searched(K, loss, 0.01),
    lambda K, loss: searched(K, loss, 0.001),
    lambda K, loss: searched(K, loss, 0.0001),
)


def states(time: int, classes: int, k: int, seed: int = 0) -> dict:
    """States of a trap; in longer ones the second is as good as a state can be."""
    h = np.tanh(1.5 * cases.normal((time, classes), seed=seed)[0]).round(2)
    if time > 3:
        h[1] = np.where(np.arange(classes) == k, 1.0, -1.0)
    return {"h": h, "k": k}


@exercise(
    cases=lambda: [states(2, 3, 1), states(5, 4, 0), states(3, 6, 2, seed=1), states(8, 10, 3)],
    praise="Each step is pushed as hard as any other, and at the floor the tanh lets no push through.",
    see="What did it train?",
)
def trap_push(h, k):
    """dL/da (T, K) of the trap's loss, for states h (T, K) = tanh(a) that all are compared with class k."""
    p = np.exp(h) / np.exp(h).sum(axis=1, keepdims=True)
    target = np.arange(h.shape[1]) == k
    return (p - target) / len(h) * (1 - h**2)


def pushed(h, k, *, slope=lambda h: 1 - h**2, axis=1, target=None, scale=None):
    """The push with its parts to turn."""
    p = np.exp(h) / np.exp(h).sum(axis=axis, keepdims=True)
    target = np.arange(h.shape[1]) == k if target is None else target
    return (p - target) / (len(h) if scale is None else scale) * slope(h)


trap_push.mistake(
    "That is the gradient at the states. To reach a, it must go back through the tanh.",
    lambda h, k: pushed(h, k, slope=np.ones_like),
)
trap_push.mistake(
    "You take the tanh of h once more for the slope. h is a tanh already, and the slope is known from it.",
    lambda h, k: pushed(h, k, slope=lambda h: 1 - np.tanh(h) ** 2),
)
trap_push.mistake(
    "You take the tanh of h before you begin. h are the states, which have gone through it.",
    lambda h, k: trap_push(np.tanh(h), k),
    lambda h, k: pushed(np.tanh(h), k, scale=1),
)
trap_push.mistake(
    "The target stands in one step only. All steps are compared with it.",
    lambda h, k: pushed(
        h, k, target=(np.arange(len(h)) == len(h) - 1)[:, None] & (np.arange(h.shape[1]) == k)
    ),
    lambda h, k: pushed(h, k, target=(np.arange(len(h)) == 0)[:, None] & (np.arange(h.shape[1]) == k)),
)
trap_push.mistake(
    "That slope belongs to another activation, and not to tanh.",
    lambda h, k: pushed(h, k, slope=lambda h: h * (1 - h)),
    lambda h, k: pushed(h, k, slope=lambda h: 1 - h),
    lambda h, k: pushed(h, k, slope=lambda h: (1 - h) ** 2),
    lambda h, k: pushed(h, k, slope=lambda h: 1.0 * (h > 0)),
)
trap_push.mistake(
    "The loss is a mean over the steps; your gradient is that of a sum.",
    lambda h, k: pushed(h, k, scale=1),
)
trap_push.mistake(
    "You divide by another number than T. The mean runs over the steps alone.",
    lambda h, k: pushed(h, k, scale=h.size),
    lambda h, k: pushed(h, k, scale=h.shape[1]),
)
trap_push.mistake(
    "Your sign is turned: the gradient is negative at the label, whose score should rise.",
    lambda h, k: -trap_push(h, k),
)
trap_push.mistake(
    "The target is missing: you push all classes down, the right one too.",
    lambda h, k: pushed(h, k, target=0.0),
)
trap_push.mistake(
    "You take the target away in a row, as if k were a step. It is a class: every step has the same column.",
    lambda h, k: pushed(h, k, target=(np.arange(len(h)) == k)[:, None]),
    lambda h, k: pushed(h, k, target=(np.arange(len(h)) == k)[:, None] & (np.arange(h.shape[1]) == k)),
)
trap_push.mistake(
    "Only the last step is pushed in your answer. The trap compares all of them.",
    lambda h, k: trap_push(h, k) * (np.arange(len(h)) == len(h) - 1)[:, None],
    lambda h, k: trap_push(h, k)[-1] * len(h),
)
trap_push.mistake(
    "Your softmax runs over the steps. It runs over the classes, each step for itself.",
    lambda h, k: pushed(h, k, axis=0),
)
trap_push.mistake(
    "The softmax is missing: a state is not yet a probability.",
    lambda h, k: (h - (np.arange(h.shape[1]) == k)) / len(h) * (1 - h**2),
)
trap_push.mistake(
    "Only the label's column is pushed. A softmax pushes the other classes down as well.",
    lambda h, k: trap_push(h, k) * (np.arange(h.shape[1]) == k),
)
trap_push.mistake(
    "That is the loss. Asked is its gradient, one number for each of the (T, K).",
    lambda h, k: (np.log(np.exp(h).sum(axis=1)) - h[:, k]).mean(),
)
trap_push.mistake(
    "Your softmax runs over all steps and classes at once. It runs over the classes, each step for itself.",
    lambda h, k: pushed(h, k, axis=None),
)
trap_push.mistake(
    "You differentiate -log p at p. The probability itself hangs on all scores of its step.",
    lambda h, k: (np.arange(h.shape[1]) == k) / -softmax(h) / len(h) * (1 - h**2),
    lambda h, k: (np.arange(h.shape[1]) == k) / -softmax(h) * (1 - h**2),
)
trap_push.mistake(
    "Neither the mean over the steps nor the slope of tanh is in your answer.",
    lambda h, k: pushed(h, k, slope=np.ones_like, scale=1),
)
trap_push.mistake(
    "You add the steps up. Asked is the push at each of them, (T, K).",
    lambda h, k: trap_push(h, k).sum(axis=0),
    lambda h, k: trap_push(h, k).mean(axis=0),
)


def softmax(h):
    return np.exp(h) / np.exp(h).sum(axis=1, keepdims=True)


trap_push.mistake(
    "You average over the steps first. The trap takes a loss at each step, from that step's own state.",
    lambda h, k: pushed(h.mean(axis=0, keepdims=True), k, scale=len(h), slope=np.ones_like) * (1 - h**2),
    lambda h, k: pushed(h.mean(axis=0, keepdims=True), k, slope=np.ones_like) * (1 - h**2),
)
