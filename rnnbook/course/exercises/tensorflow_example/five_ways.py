import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("05-tensorflow-example/03-five-ways.ipynb")


def moment(t: int, *shape: int, scale: float = 1.0, seed: int = 0) -> dict:
    w, g, m, v = cases.normal(shape, shape, shape, shape, seed=seed)
    started = t > 1
    g.flat[0] = 0.0  # a weight that nothing pushes
    return {
        "w": w,
        "g": scale * g,
        "m": scale * m if started else np.zeros(shape),
        "v": (scale * v) ** 2 if started else np.zeros(shape),
        "t": t,
        "eta": 0.1,
        "eps": 0.01,  # large, so that its place can be seen
    }


@exercise(
    cases=lambda: [
        moment(1, 2),
        moment(3, 2, 3, scale=0.01),
        moment(20, 3),
        moment(2, 4, seed=1),
        moment(500, 3, 2, scale=0.1, seed=2),
    ],
    praise="Rule (B), that of TensorFlow and Keras: the corrections lie in the rate, epsilon before them.",
    see="Adam is not one rule but two",
    parts=("w", "m", "v"),
)
def folded_adam_step(w, g, m, v, t, eta, eps):
    """The new w, m and v after step t = 1, 2, ... of Adam by rule (B), with 0.9 and 0.999."""
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g**2
    rate = eta * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    return w - rate * m / (np.sqrt(v) + eps), m, v


def stepped(w, g, m, v, rate, eps, beta1=0.9, beta2=0.999, square=np.square):
    m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * square(g)
    return w - rate * m / (np.sqrt(v) + eps), m, v


def folded(t, eta, beta1=0.9, beta2=0.999):
    return eta * np.sqrt(1 - beta2**t) / (1 - beta1**t)


def in_rule_a(w, g, m, v, t, eta, eps):
    return folded_adam_step(w, g, m, v, t, eta, eps * np.sqrt(1 - 0.999**t))


folded_adam_step.mistake(
    "That is rule (A), of the paper's algorithm 1: there epsilon is added after v has been corrected.",
    in_rule_a,
    # As before, and the means come back corrected.
    lambda w, g, m, v, t, eta, eps: (
        in_rule_a(w, g, m, v, t, eta, eps)[0],
        (0.9 * m + 0.1 * g) / (1 - 0.9**t),
        (0.999 * v + 0.001 * g**2) / (1 - 0.999**t),
    ),
)
folded_adam_step.mistake(
    "You give back corrected means. The next step goes on with m and v as they are.",
    lambda w, g, m, v, t, eta, eps: (
        folded_adam_step(w, g, m, v, t, eta, eps)[0],
        (0.9 * m + 0.1 * g) / (1 - 0.9**t),
        (0.999 * v + 0.001 * g**2) / (1 - 0.999**t),
    ),
)
folded_adam_step.mistake(
    "The rate is not corrected: both means still start from zero.",
    lambda w, g, m, v, t, eta, eps: stepped(w, g, m, v, eta, eps),
)
folded_adam_step.mistake(
    "Your corrections are the same at every step. They fade as t grows: the decays have a power.",
    lambda w, g, m, v, t, eta, eps: stepped(w, g, m, v, folded(1, eta), eps),
    lambda w, g, m, v, t, eta, eps: stepped(w, g, m, v, eta * np.sqrt(1 - 0.999 * t) / (1 - 0.9 * t), eps),
)
folded_adam_step.mistake(
    "Your first part is the move alone. The new weight is asked for.",
    lambda *case: folded_adam_step(*case)[0] - case[0],
    lambda *case: case[0] - folded_adam_step(*case)[0],
    part=0,
)
folded_adam_step.mistake(
    "The rate has one of its two corrections only. Both means start from zero.",
    lambda w, g, m, v, t, eta, eps: stepped(w, g, m, v, eta / (1 - 0.9**t), eps),
    lambda w, g, m, v, t, eta, eps: stepped(w, g, m, v, eta * np.sqrt(1 - 0.999**t), eps),
)
folded_adam_step.mistake(
    "The correction of the rate is upside down: v stands below in the step.",
    lambda w, g, m, v, t, eta, eps: stepped(w, g, m, v, eta**2 / folded(t, eta), eps),
)
folded_adam_step.mistake(
    "The root is missing in the correction for v: in the step v stands under a root.",
    lambda w, g, m, v, t, eta, eps: stepped(w, g, m, v, eta * (1 - 0.999**t) / (1 - 0.9**t), eps),
)
folded_adam_step.mistake(
    "The two decays are exchanged: 0.9 is the one of the gradients, 0.999 that of their squares.",
    lambda w, g, m, v, t, eta, eps: stepped(w, g, m, v, folded(t, eta, 0.999, 0.9), eps, 0.999, 0.9),
    lambda w, g, m, v, t, eta, eps: stepped(w, g, m, v, folded(t, eta, 0.999, 0.9), eps),
)
folded_adam_step.mistake(
    "You add the whole gradient, and the whole square. A mean takes the share that the old one leaves.",
    lambda w, g, m, v, t, eta, eps: whole(w, g, m, v, t, eta, eps, 1.0, 1.0),
)
folded_adam_step.mistake(
    "You add the whole gradient to m. A running mean takes the share that the old one leaves, 0.1.",
    lambda w, g, m, v, t, eta, eps: whole(w, g, m, v, t, eta, eps, 1.0, 0.001),
)
folded_adam_step.mistake(
    "You add the whole square to v. A running mean takes the share that the old one leaves, 0.001.",
    lambda w, g, m, v, t, eta, eps: whole(w, g, m, v, t, eta, eps, 0.1, 1.0),
)
folded_adam_step.mistake(
    "The square has too large a share in v. A running mean takes the share that the old one leaves, 0.001.",
    lambda w, g, m, v, t, eta, eps: whole(w, g, m, v, t, eta, eps, 0.1, 0.1),
    lambda w, g, m, v, t, eta, eps: whole(w, g, m, v, t, eta, eps, 0.1, 0.01),
)


def whole(w, g, m, v, t, eta, eps, of_g, of_square):
    m, v = 0.9 * m + of_g * g, 0.999 * v + of_square * g**2
    return w - folded(t, eta) * m / (np.sqrt(v) + eps), m, v


folded_adam_step.mistake(
    "The corrections go into the means that you return, and not into the rate. In (B) it is the other way.",
    lambda w, g, m, v, t, eta, eps: (
        stepped(w, g, m, v, eta, eps)[0],
        (0.9 * m + 0.1 * g) / (1 - 0.9**t),
        (0.999 * v + 0.001 * g**2) / (1 - 0.999**t),
    ),
)
folded_adam_step.mistake(
    "Old and new are exchanged in the means: most of m and v comes from what they were before.",
    lambda w, g, m, v, t, eta, eps: stepped(w, g, m, v, folded(t, eta), eps, 0.1, 0.001),
)


@folded_adam_step.mistake("Epsilon stands under the root in your answer; it is added after it.")
def epsilon_under_the_root(w, g, m, v, t, eta, eps):
    _, m, v = folded_adam_step(w, g, m, v, t, eta, eps)
    return w - folded(t, eta) * m / np.sqrt(v + eps), m, v


folded_adam_step.mistake(
    "Epsilon stands outside of the quotient in your answer. It is added to the root, and both stand below.",
    lambda w, g, m, v, t, eta, eps: (
        folded_adam_step(w, g, m, v, t, eta, 0.0)[0] + eps,
        *folded_adam_step(w, g, m, v, t, eta, eps)[1:],
    ),
    lambda w, g, m, v, t, eta, eps: (
        folded_adam_step(w, g, m, v, t, eta, 0.0)[0] - eps,
        *folded_adam_step(w, g, m, v, t, eta, eps)[1:],
    ),
)
folded_adam_step.mistake(
    "You step by the gradient. The step goes by its running mean, m.",
    lambda w, g, m, v, t, eta, eps: w - folded(t, eta) * g / (np.sqrt(0.999 * v + 0.001 * g**2) + eps),
    lambda w, g, m, v, t, eta, eps: (
        w - eta * np.sqrt(1 - 0.999**t) * g / (np.sqrt(0.999 * v + 0.001 * g**2) + eps)
    ),
    part=0,
)
folded_adam_step.mistake(
    "Epsilon gets a correction in your answer. In (B) it is added to the plain root, as it is.",
    lambda w, g, m, v, t, eta, eps: folded_adam_step(w, g, m, v, t, eta, eps / np.sqrt(1 - 0.999**t)),
    lambda w, g, m, v, t, eta, eps: folded_adam_step(w, g, m, v, t, eta, eps * (1 - 0.999**t)),
    lambda w, g, m, v, t, eta, eps: folded_adam_step(w, g, m, v, t, eta, eps / (1 - 0.9**t)),
)
folded_adam_step.mistake(
    "Epsilon is missing.",
    lambda w, g, m, v, t, eta, eps: folded_adam_step(w, g, m, v, t, eta, 0.0),
)
folded_adam_step.mistake(
    "The root of v is missing: v is a mean of squares.",
    lambda w, g, m, v, t, eta, eps: (
        w - folded(t, eta) * (0.9 * m + 0.1 * g) / (0.999 * v + 0.001 * g**2 + eps)
    ),
    part=0,
)
folded_adam_step.mistake(
    "The step uses the old means; renew m and v first.",
    lambda w, g, m, v, t, eta, eps: w - folded(t, eta) * m / (np.sqrt(v) + eps),
    part=0,
)
folded_adam_step.mistake(
    "v is a mean of the squares of the gradients; yours is one of the gradients.",
    lambda w, g, m, v, t, eta, eps: stepped(w, g, m, v, folded(t, eta), eps, square=lambda g: g),
)
folded_adam_step.mistake(
    "v is a mean of the squares of the gradients; yours is one of their sizes.",
    lambda w, g, m, v, t, eta, eps: stepped(w, g, m, v, folded(t, eta), eps, square=np.abs),
)
folded_adam_step.mistake(
    "You step uphill: the weight moves against the gradient.",
    lambda w, g, m, v, t, eta, eps: 2 * w - folded_adam_step(w, g, m, v, t, eta, eps)[0],
    part=0,
)
folded_adam_step.mistake(
    "You count the steps from 0, and the corrections from 1: here t is 1 at the first step already.",
    lambda w, g, m, v, t, eta, eps: stepped(w, g, m, v, folded(t + 1, eta), eps),
    lambda w, g, m, v, t, eta, eps: stepped(w, g, m, v, folded(t - 1, eta), eps),
)
folded_adam_step.mistake(
    "You give back the weight alone. The next step needs m and v too.",
    lambda *arguments: folded_adam_step(*arguments)[0],
)


def reported(means: list[float], sizes: list[int]) -> dict[str, np.ndarray]:
    return {"means": np.array(means), "sizes": np.array(sizes)}


@exercise(
    # Unequal sizes that rise and fall, equal ones, a loss of zero, and a single batch.
    cases=lambda: [
        reported([2.5], [3]),
        reported([2.0, 1.5], [1, 3]),
        reported([2.3, 2.1, 1.95, 1.7], [22, 22, 22, 22]),
        reported([1.0, 0.5, 0.75, 0.9, 0.6], [8, 8, 2, 4, 6]),
        reported([2.25, 2.5, 1.75], [5, 1, 2]),
    ],
    praise="A mean since the last reset hides what single batches do. Now you can read them.",
    see="Three: Keras 3",
)
def losses_from_means(means, sizes):
    """The loss (N,) of each batch from Keras's running means (N,) and the batches' numbers of sequences."""
    seen = np.cumsum(sizes)
    return np.diff(means * seen, prepend=0) / sizes


def before(values):
    return np.concatenate([[0.0], values[:-1]])


losses_from_means.mistake(
    "You count batches. A mean over sequences gives a large batch more weight: use the sizes.",
    lambda means, sizes: losses_from_means(means, np.ones(len(means))),
    lambda means, sizes: np.diff(means * np.arange(1, len(means) + 1), prepend=0) / sizes,
    lambda means, sizes: np.diff(means * np.arange(1, len(means) + 1), prepend=0) * sizes,
)
losses_from_means.mistake(
    "You take the differences of the means. A mean first has to become a sum again.",
    lambda means, sizes: np.diff(means, prepend=0),
    lambda means, sizes: np.diff(means),
    lambda means, sizes: np.diff(means, prepend=0) / sizes,
    lambda means, sizes: np.diff(means, prepend=0) * sizes,
    lambda means, sizes: np.concatenate([means[:1], 2 * means[1:] - means[:-1]]),
)
losses_from_means.mistake(
    "That is the sum of each batch's losses; divide it by the number of its sequences.",
    lambda means, sizes: np.diff(means * np.cumsum(sizes), prepend=0),
)
losses_from_means.mistake(
    "You divide by all sequences so far. What a batch adds is shared among its own.",
    lambda means, sizes: np.diff(means * np.cumsum(sizes), prepend=0) / np.cumsum(sizes),
)
losses_from_means.mistake(
    "The first batch is missing. Before it the sum is zero.",
    lambda means, sizes: losses_from_means(means, sizes)[1:],
)
losses_from_means.mistake(
    "Each mean is multiplied by its own batch alone. It stands for all sequences since the reset.",
    lambda means, sizes: means * sizes / np.cumsum(sizes),
    lambda means, sizes: np.diff(means * sizes, prepend=0) / sizes,
    lambda means, sizes: means * sizes,
    lambda means, sizes: (means * sizes - before(np.cumsum(means * sizes))) / sizes,
)
losses_from_means.mistake(
    "The mean before must be multiplied by what was seen before, not by what is seen now.",
    lambda means, sizes: (means - before(means)) * np.cumsum(sizes) / sizes,
)
losses_from_means.mistake(
    "You take the running means of the running means. The way back is asked for.",
    lambda means, sizes: np.cumsum(means * sizes) / np.cumsum(sizes),
    lambda means, sizes: np.cumsum(means) / np.arange(1, len(means) + 1),
)
losses_from_means.mistake(
    "You give back the sum since the reset.",
    lambda means, sizes: means * np.cumsum(sizes),
    lambda means, sizes: means * np.cumsum(sizes) / sizes,
)
losses_from_means.mistake(
    "You share what is new among a wrong number of sequences: each batch has its own size.",
    lambda means, sizes: np.diff(means * np.cumsum(sizes), prepend=0) / np.mean(sizes),
    lambda means, sizes: np.diff(means * np.cumsum(sizes), prepend=0) / np.sum(sizes),
    lambda means, sizes: np.diff(means * np.cumsum(sizes), prepend=0) / sizes[0],
    lambda means, sizes: np.diff(means * np.cumsum(sizes), prepend=0) / len(sizes),
)
losses_from_means.mistake(
    "You multiply every mean by all sequences there are. It stands for those that have been seen by then.",
    lambda means, sizes: np.diff(means * np.sum(sizes), prepend=0) / sizes,
    lambda means, sizes: np.diff(means * np.sum(sizes), prepend=0) / np.sum(sizes) * len(sizes),
)
losses_from_means.mistake(
    "Your first sum is a mean still: it stands for as many sequences as the first batch has.",
    lambda means, sizes: np.append(means[0], np.diff(means * np.cumsum(sizes))) / sizes,
    lambda means, sizes: np.append(means[0], np.diff(means * np.cumsum(sizes))),
    lambda means, sizes: np.append(means[0], np.diff(means * np.cumsum(sizes))) / np.cumsum(sizes),
)
losses_from_means.mistake(
    "You divide by the size of the batch before. What a batch adds is shared among its own sequences.",
    lambda means, sizes: np.append(means[0], np.diff(means * np.cumsum(sizes)) / sizes[:-1]),
)
losses_from_means.mistake(
    "You count the sequences without the newest batch. A mean stands for all that have been seen by then.",
    lambda means, sizes: np.append(means[0], np.diff(means * (np.cumsum(sizes) - sizes)) / sizes[1:]),
    lambda means, sizes: np.diff(means * (np.cumsum(sizes) - sizes), prepend=0) / sizes,
)


def one_by_one(means, sizes, known):
    """A loop that takes from the sum since the reset what known(losses, sizes so far) says of the losses."""
    losses, seen = [], 0
    for n, (mean, size) in enumerate(zip(means, sizes, strict=True)):
        seen += size
        losses.append((mean * seen - known(np.array(losses), sizes[:n])) / size)
    return np.array(losses)


def last_two_batches(means, sizes):
    """What would be right if the mean of the batch before stood for that batch alone."""
    earlier = np.append(0, sizes[:-1])
    return (means * (earlier + sizes) - before(means) * earlier) / sizes


losses_from_means.mistake(
    "You count the last two batches only. A mean stands for all batches since the reset: add up their sizes.",
    last_two_batches,
    lambda means, sizes: np.diff(means * (np.append(0, sizes[:-1]) + sizes), prepend=0) / sizes,
    lambda means, sizes: (means * np.cumsum(sizes) - before(means * sizes)) / sizes,
)
losses_from_means.mistake(
    "You subtract the losses before as they are. Each stands for a whole batch: multiply it by its size.",
    lambda means, sizes: one_by_one(means, sizes, lambda losses, before: losses.sum()),
)
losses_from_means.mistake(
    "You subtract the last loss alone. The sum holds all batches since the reset.",
    lambda means, sizes: one_by_one(
        means, sizes, lambda losses, before: losses[-1] * before[-1] if len(losses) else 0.0
    ),
    lambda means, sizes: one_by_one(means, sizes, lambda losses, before: losses[-1] if len(losses) else 0.0),
)
losses_from_means.mistake(
    "You subtract the mean before as it is. It must become a sum first, as the newest one does.",
    lambda means, sizes: (means * np.cumsum(sizes) - before(means)) / sizes,
)
losses_from_means.mistake(
    "You multiply all losses found so far by the newest batch's size. Each has its own.",
    lambda means, sizes: one_by_one(means, sizes, lambda losses, before: losses.sum() * sizes[len(before)]),
    lambda means, sizes: one_by_one(means, sizes, lambda losses, before: losses.sum() * before.sum()),
)
losses_from_means.mistake(
    "The sign is turned: what a batch adds is the new sum minus the old one.",
    lambda means, sizes: -losses_from_means(means, sizes),
)


def race(reference: list[float], ours: list[float], *contrasts: list[float], tolerance: float = 0.1) -> dict:
    return {
        "reference": np.array(reference),
        "ours": np.array(ours),
        "contrasts": np.array(contrasts),
        "tolerance": tolerance,
    }


@exercise(
    # Each case stops a way to compare that the others let pass.
    cases=lambda: [
        race([2.0], [2.1], [3.0]),
        race([2.0, 1.0, 0.5], [2.1, 1.0, 0.5], [2.0, 1.0, 0.9]),
        race([2.0, 1.0, 0.1], [2.0, 1.0, 0.15], [2.0, 1.5, 0.1]),  # small and absolute
        race([9.0, 8.0], [9.5, 8.0], [9.5, 8.0]),  # large and absolute
        race([2.0, 1.0, 1.0], [1.5, 1.0, 1.0], [1.5, 1.0, 1.0]),  # too small, not too large
        race([1.0, 1.0, 1.0, 1.0], [1.0, 1.2, 1.0, 1.0], [1.2, 1.0, 1.0, 1.0]),  # one step of four
        race([2.0, 1.0, 1.0], [2.0, 1.0, 1.05], [2.0, 1.3, 1.0], [2.0, 1.02, 1.0]),  # one contrast passes
        race([2.0, 1.0, 1.0], [2.0, 1.0, 1.05], [2.0, 1.3, 1.0], [2.0, 1.0, 0.8]),
        race(
            [1.0, 1.0], [1.3, 1.0], [1.3, 1.0], [1.0, 1.2]
        ),  # the contrast equals ours, and not the reference
        race([-1.0, -2.0], [-1.05, -2.0], [-1.0, -1.5]),  # a loss may be negative
        race([1.0, 2.0], [1.0, 2.0], [1.0, 2.0]),  # a contrast that changes nothing
        race([1.0, 1.0], [1.0, 0.905], [1.0, 0.905]),  # to ours it would be more than 0.1
        race([1.0, 9.0], [1.5, 9.0], [1.5, 9.0]),  # each step has its own size
        race([1.0, 1.0], [1.5, 1.0], [1.0, 1.05]),  # neither equal nor trusted
        race([1.0, 1.0, 2.0], [1.07, 0.93, 2.0], [1.0, 1.06, 2.14]),  # small ones do not add up
        race([2.0, 4.0], [2.5, 4.0], [2.0, 5.0], tolerance=0.25),  # exactly at the tolerance
    ],
    praise="A tolerance set before, and contrasts that must fail: only then does 'equal' say something.",
    see="Are they equal?",
    parts=("equal", "trusted"),
)
def compare_programs(reference, ours, contrasts, tolerance):
    """(equal, trusted), two bools, for losses reference and ours (N,) and contrasts (M, N)."""
    off = np.abs(np.vstack([ours, contrasts]) - reference) / np.abs(reference)
    worst = off.max(axis=1)
    return bool(worst[0] <= tolerance), bool((worst[1:] > tolerance).all())


def judged(
    reference,
    ours,
    contrasts,
    tolerance,
    *,
    off=lambda values, reference: np.abs(values - reference) / np.abs(reference),
    whole=np.max,
    contrast_whole=None,
    contrasts_all=np.all,
):
    """The verdict with its parts to turn."""
    mine = whole(off(ours, reference)) <= tolerance
    others = [(contrast_whole or whole)(off(each, reference)) > tolerance for each in contrasts]
    return bool(mine), bool(contrasts_all(others))


compare_programs.mistake(
    "The difference is not set in relation: 0.1 is much for a loss of 0.1 and little for one of 9.",
    lambda *arguments: judged(*arguments, off=lambda values, reference: np.abs(values - reference)),
)
compare_programs.mistake(
    "Without the absolute value a difference to the other side is never too large.",
    lambda *arguments: judged(*arguments, off=lambda v, r: (v - r) / np.abs(r)),
    lambda *arguments: judged(*arguments, off=lambda v, r: (r - v) / np.abs(r)),
    lambda *arguments: judged(*arguments, off=lambda v, r: v / r - 1),
)
compare_programs.mistake(
    "You take the reference with its sign. Its size is meant: a negative loss turns the comparison round.",
    lambda *arguments: judged(*arguments, off=lambda v, r: np.abs(v - r) / r),
    lambda *arguments: judged(*arguments, off=lambda v, r: np.where(r < 0, np.inf, np.abs(v - r) / r)),
)
compare_programs.mistake(
    "You take one number for all steps, such as a mean; one bad step must not hide behind many good ones.",
    lambda *arguments: judged(*arguments, whole=np.mean),
    lambda *arguments: judged(*arguments, whole=np.median),
    lambda *arguments: judged(*arguments, off=lambda v, r: np.linalg.norm(v - r) / np.linalg.norm(r)),
    lambda *arguments: judged(*arguments, off=lambda v, r: np.abs(v - r).sum() / np.abs(r).sum()),
    lambda *arguments: judged(*arguments, off=lambda v, r: np.abs(v.mean() - r.mean()) / np.abs(r.mean())),
)
compare_programs.mistake(
    "You add the differences of the steps. Each step is held against the tolerance on its own.",
    lambda *arguments: judged(*arguments, whole=np.sum),
    lambda *arguments: judged(*arguments, off=lambda v, r: np.abs(v - r), whole=np.sum),
)
compare_programs.mistake(
    "A difference of exactly the tolerance passes.",
    lambda reference, ours, contrasts, tolerance: compare_programs(
        reference, ours, contrasts, tolerance * (1 - 1e-9)
    ),
)
compare_programs.mistake(
    "Exactly at the tolerance a program passes, be it ours or a contrast: use one rule for both.",
    lambda *case: (
        compare_programs(*case[:3], case[3] * (1 - 1e-9))[0],
        compare_programs(*case)[1],
    ),
    lambda *case: (
        compare_programs(*case)[0],
        compare_programs(*case[:3], case[3] * (1 - 1e-9))[1],
    ),
)
compare_programs.mistake(
    "You compare one step only. Two programs may part before, and meet again.",
    lambda *arguments: judged(*arguments, whole=lambda off: off[-1]),
    lambda *arguments: judged(*arguments, whole=lambda off: off[0]),
)
compare_programs.mistake(
    "You divide by the program's own losses; the reference sets the scale.",
    lambda *arguments: judged(*arguments, off=lambda v, r: np.abs(v - r) / np.abs(v)),
)
compare_programs.mistake(
    "You divide by the largest loss. Each difference belongs to the loss of its own step.",
    lambda *arguments: judged(*arguments, off=lambda v, r: np.abs(v - r) / np.abs(r).max()),
)
compare_programs.mistake(
    "You divide by the mean of the losses. Each difference belongs to the loss of its own step.",
    lambda *arguments: judged(*arguments, off=lambda v, r: np.abs(v - r) / np.abs(r).mean()),
)
compare_programs.mistake(
    "A contrast need not differ at every step. It is caught as soon as one step is beyond the tolerance.",
    lambda *arguments: judged(*arguments, contrast_whole=np.min),
)
compare_programs.mistake(
    "A single step within the tolerance is enough for you. All must be.",
    lambda *arguments: judged(*arguments, whole=np.min, contrast_whole=np.max),
    lambda *arguments: judged(*arguments, whole=np.min),
)
compare_programs.mistake(
    "One contrast that fails is enough for you. The test must catch every one of them.",
    lambda *arguments: judged(*arguments, contrasts_all=np.any),
)
compare_programs.mistake(
    "Your first answer is turned round: it is True where ours passes.",
    lambda *arguments: ((c := compare_programs(*arguments)) and not c[0], c[1]),
)
compare_programs.mistake(
    "Both your answers are turned round.",
    lambda *arguments: tuple(not answer for answer in compare_programs(*arguments)),
)
compare_programs.mistake(
    "Your second answer is turned round: the test is trusted where the contrasts are beyond the tolerance.",
    lambda *arguments: (judged(*arguments)[0], not judged(*arguments)[1]),
    lambda reference, ours, contrasts, tolerance: (
        compare_programs(reference, ours, contrasts, tolerance)[0],
        all(compare_programs(reference, each, contrasts, tolerance)[0] for each in contrasts),
    ),
)
compare_programs.mistake(
    "You hold the contrasts against our program. Both it and they are held against the reference.",
    lambda reference, ours, contrasts, tolerance: (
        compare_programs(reference, ours, contrasts, tolerance)[0],
        compare_programs(ours, ours, contrasts, tolerance)[1],
    ),
)
compare_programs.mistake(
    "You join the two answers. 'Equal' is what the numbers say, 'trusted' whether they could say otherwise.",
    lambda *arguments: all(compare_programs(*arguments)),
    lambda *arguments: (all(compare_programs(*arguments)), compare_programs(*arguments)[1]),
    lambda *arguments: (compare_programs(*arguments)[0], all(compare_programs(*arguments))),
)
compare_programs.mistake(
    "You trust the test wherever ours does not pass. What ours does is no part of the second answer.",
    lambda *case: ((equal := compare_programs(*case)[0]), not equal or compare_programs(*case)[1]),
)
compare_programs.mistake(
    "Your two answers are exchanged: first 'equal', then 'trusted'.",
    lambda *arguments: compare_programs(*arguments)[::-1],
)
