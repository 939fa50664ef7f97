import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("03-algorithm/02-thirty-lines.ipynb")


def scored(batch: int, time: int, classes: int, lengths: list[int]) -> dict[str, np.ndarray]:
    [scores] = cases.normal((batch, time, classes))
    [y] = cases.integers(classes, (batch, time))
    return {"scores": scores, "y": y, "lengths": np.array(lengths)}


def shifted(by: list[list[float]], lengths: list[int]) -> dict[str, np.ndarray]:
    """Steps of other scales: each step's scores are moved by a number, which changes no probability."""
    case = scored(*np.shape(by), 4, lengths)
    case["scores"] += np.array(by)[:, :, None]
    return case


def sure_and_wrong() -> dict[str, np.ndarray]:
    case = scored(2, 3, 4, [1, 3])
    case["scores"][1, 1] = [400.0, 0.0, -400.0, 1.0]
    case["y"][1, 1] = 2
    return case


@exercise(
    cases=lambda: [
        scored(2, 3, 2, [3, 1]),
        scored(3, 4, 5, [2, 4, 1]),
        shifted([[1000.0] * 2] * 3, [1, 2, 2]),
        shifted([[1000.0, 0.0, 0.0], [1000.0, 1000.0, 0.0]], [3, 2]),
        sure_and_wrong(),
    ],
    praise="The two lines where a training run touches its targets, now for sequences of any length.",
    see="The thirty lines",
    parts=("the loss", "d_scores"),
)
def loss_and_slope(scores, y, lengths):
    """The mean cross-entropy over all real steps, a number, and its gradient d_scores (B, T, K)."""
    real = np.arange(scores.shape[1]) < lengths[:, None]
    shifted = scores - scores.max(axis=2, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=2, keepdims=True))
    onehot = np.eye(scores.shape[2])[y]
    loss = -(log_p * onehot).sum(axis=2)[real].mean()
    d_scores = (np.exp(log_p) - onehot) * real[:, :, None] / real.sum()
    return loss, d_scores


def log_softmax(scores, axis=2):
    shifted = scores - scores.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def real_steps(y, lengths):
    return np.arange(y.shape[1]) < lengths[:, None]


def weighed(weight, log_p=log_softmax, p=None):
    """The answer whose steps have the weights weight(y, lengths) (B, T)."""

    def answer(scores, y, lengths):
        w, logs, onehot = weight(y, lengths), log_p(scores), np.eye(scores.shape[2])[y]
        picked = np.take_along_axis(logs, y[:, :, None], axis=2)[:, :, 0]
        counted = np.where(w > 0, picked, 0)
        chances = np.exp(logs) if p is None else p(scores)
        return -(counted * w).sum(), np.where(w[:, :, None] > 0, chances - onehot, 0) * w[:, :, None]

    return answer


def of_p(scores):
    """log p where p may have been rounded to 0, as in a program that takes the softmax first."""
    return np.log(np.exp(log_softmax(scores)))


def either(*weights):
    """Answers with these weights, each with logarithms that are exact and with those of p."""
    return [weighed(weight, log_p) for weight in weights for log_p in (log_softmax, of_p)]


def over_real(y, lengths):
    real = real_steps(y, lengths)
    return real / real.sum()


loss_and_slope.mistake(
    "Steps beyond a sequence's length count in your answer. They are padding, and have nothing to say.",
    *either(lambda y, lengths: np.full(y.shape, 1 / y.size)),
    *either(lambda y, lengths: np.full(y.shape, 1 / len(y))),
    *either(lambda y, lengths: np.ones(y.shape)),
)
loss_and_slope.mistake(
    "You divide by all places of the array, B * T. The mean runs over the real steps, and there are fewer.",
    *either(lambda y, lengths: real_steps(y, lengths) / y.size),
)
loss_and_slope.mistake(
    "You average within each sequence first, so that the step of a short one weighs more. The mean runs over "
    "all real steps of the batch, each with the same weight.",
    *either(lambda y, lengths: real_steps(y, lengths) / lengths[:, None] / len(y)),
)
loss_and_slope.mistake(
    "You divide by the number of sequences only: long sequences then have a larger loss. Divide by the "
    "number of real steps.",
    *either(lambda y, lengths: real_steps(y, lengths) / len(y)),
)
loss_and_slope.mistake(
    "The loss is a sum over the steps; a mean over the real steps is wanted.",
    *either(lambda y, lengths: real_steps(y, lengths) * 1.0),
)
loss_and_slope.mistake(
    "The loss is a sum over the steps; a mean over the real steps is wanted.",
    lambda *case: loss_and_slope(*case)[0] * case[2].sum(),
    part="the loss",
)


def beside_log_of_p(d_scores):
    """The loss with the logarithm of p, and another d_scores."""
    return lambda *case: (weighed(over_real, of_p)(*case)[0], d_scores(*case))


loss_and_slope.mistake(
    "d_scores lacks a factor: the loss is a mean over the real steps, and its gradient carries that 1 / n.",
    beside_log_of_p(lambda *case: loss_and_slope(*case)[1] * case[2].sum()),
    beside_log_of_p(lambda *case: loss_and_slope(*case)[1] * case[2].sum() / len(case[1])),
)
loss_and_slope.mistake(
    "The loss leaves the padding out, and d_scores does not: beyond its length a sequence gets a gradient.",
    beside_log_of_p(
        lambda scores, y, lengths: (np.exp(log_softmax(scores)) - np.eye(scores.shape[2])[y]) / lengths.sum()
    ),
)
loss_and_slope.mistake(
    "d_scores lacks a factor: the loss is a mean over the real steps, and its gradient carries that 1 / n.",
    lambda *case: loss_and_slope(*case)[1] * case[2].sum(),
    lambda *case: loss_and_slope(*case)[1] * case[2].sum() / len(case[1]),
    lambda *case: loss_and_slope(*case)[1] * case[2].sum() / case[1].size,
    part="d_scores",
)
loss_and_slope.mistake(
    "The loss leaves the padding out, and d_scores does not: beyond its length a sequence gets a gradient.",
    lambda scores, y, lengths: (np.exp(log_softmax(scores)) - np.eye(scores.shape[2])[y]) / lengths.sum(),
    lambda scores, y, lengths: (np.exp(log_softmax(scores)) - np.eye(scores.shape[2])[y]) / y.size,
    lambda scores, y, lengths: np.exp(log_softmax(scores)) - np.eye(scores.shape[2])[y],
    part="d_scores",
)
loss_and_slope.mistake(
    "Beyond its length a sequence still gets the probabilities in d_scores: only the 1 was masked.",
    lambda scores, y, lengths: (
        (np.exp(log_softmax(scores)) - np.eye(scores.shape[2])[y] * real_steps(y, lengths)[:, :, None])
        / lengths.sum()
    ),
    part="d_scores",
)
loss_and_slope.mistake(
    "Your mask is off by one: of a sequence with length n the steps 0 to n - 1 are real.",
    *either(lambda y, lengths: over_real(y, lengths + 1)),
    *either(lambda y, lengths: over_real(y, lengths - 1)),
    *either(lambda y, lengths: real_steps(y, lengths + 1) / lengths.sum()),
    *either(lambda y, lengths: real_steps(y, lengths - 1) / lengths.sum()),
)
loss_and_slope.mistake(
    "Only the last real step of each sequence counts in your answer; here every step is asked.",
    *either(lambda y, lengths: (np.arange(y.shape[1]) == lengths[:, None] - 1) / len(y)),
)
loss_and_slope.mistake(
    "The softmax runs along another axis. The numbers that must sum to one are the K scores of one step.",
    weighed(over_real, lambda scores: log_softmax(scores, 0)),
    weighed(over_real, lambda scores: log_softmax(scores, 1)),
    weighed(over_real, lambda scores: log_softmax(scores, (0, 1, 2))),
)
loss_and_slope.mistake(
    "d_scores are the probabilities alone: at the right class 1 must be taken off.",
    lambda scores, y, lengths: (
        np.exp(log_softmax(scores)) * real_steps(y, lengths)[:, :, None] / lengths.sum()
    ),
    part="d_scores",
)
loss_and_slope.mistake(
    "The sign of the gradient is turned: a step against it must raise the right score.",
    lambda *case: -loss_and_slope(*case)[1],
    part="d_scores",
)
loss_and_slope.mistake(
    "The sign of the loss is turned: -log p is never negative.",
    lambda *case: -loss_and_slope(*case)[0],
    part="the loss",
)


def plain(scores):
    return np.exp(scores) / np.exp(scores).sum(axis=2, keepdims=True)


def shifted_once(scores):
    return plain(scores - scores.max())


loss_and_slope.mistake(
    "exp overflows for scores around a thousand: subtract each step's largest score first, which changes no "
    "probability.",
    weighed(over_real, lambda scores: np.log(plain(scores)), plain),
    weighed(over_real, lambda scores: scores - np.log(np.exp(scores).sum(axis=2, keepdims=True)), plain),
    weighed(over_real, lambda scores: scores - np.log(np.exp(scores).sum(axis=2, keepdims=True))),
)
loss_and_slope.mistake(
    "You take off the largest score of the whole batch. Beside a large row all exponentials of a small one "
    "round to 0: each step has its own largest score.",
    weighed(over_real, lambda scores: np.log(shifted_once(scores)), shifted_once),
    weighed(
        over_real,
        lambda scores: (
            scores - scores.max() - np.log(np.exp(scores - scores.max()).sum(axis=2, keepdims=True))
        ),
    ),
    weighed(
        over_real,
        lambda scores: (
            scores - scores.max() - np.log(np.exp(scores - scores.max()).sum(axis=2, keepdims=True))
        ),
        shifted_once,
    ),
)


def guarded(by):
    """The logarithm of a probability, which is kept from zero by a small number."""
    return weighed(over_real, lambda scores: np.log(by(np.exp(log_softmax(scores)))))


loss_and_slope.mistake(
    "Where the network is sure and wrong, the right class's probability rounds to 0, and its logarithm is "
    "lost. Take the logarithm before: a score minus the logarithm of the sum of exponentials.",
    guarded(lambda p: p),
    *(guarded(lambda p, tiny=tiny: p + tiny) for tiny in (1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15)),
    *(guarded(lambda p, tiny=tiny: np.maximum(p, tiny)) for tiny in (1e-7, 1e-300)),
)


def runs(validated: dict, tested: dict) -> dict:
    return {"validated": validated, "tested": tested}


LOST = float("nan")


@exercise(
    cases=lambda: [
        runs({0.1: [0.5, 0.75], 0.3: [0.75, 0.75]}, {0.1: [0.875, 0.875], 0.3: [0.5, 0.75]}),
        runs(  # a lost run at the best rate, and one with the best single seed at another
            {
                1.0: [LOST, 0.25, 0.5],
                0.3: [0.75, LOST, 0.75],
                0.1: [LOST, 0.875, 0.25],
                2.0: [0.25, 0.25, 0.5],
            },
            {0.1: [0.5, 0.75, 0.5], 1.0: [0.125, 0.25, 0.25], 2.0: [0.25, 0.5, 0.5], 0.3: [0.875, 0.5, LOST]},
        ),
        runs(  # a tie
            {0.3: [0.5, 0.75], 0.01: [0.25, 0.5], 0.1: [0.75, 0.5], 0.2: [0.625, 0.625]},
            {0.3: [0.75, 0.75], 0.1: [0.5, 0.25], 0.2: [0.25, 0.25], 0.01: [0.5, 0.625]},
        ),
        runs(  # without its lost runs the last rate would be the best
            {0.1: [0.25, 0.5, 0.75], 0.3: [0.625, 0.625, 0.125], 0.5: [LOST, 0.875, LOST]},
            {0.1: [0.25, 0.5, 0.5], 0.3: [0.75, 0.5, 0.5], 0.5: [LOST, 0.5, LOST]},
        ),
    ],
    praise="The validation set chose, the test set only spoke: such a number can be reported.",
    see="The test, once",
    parts=("the rate", "the score"),
)
def choose_and_test(validated, tested):
    """The rate with the best mean on the validation set, and its mean on the test set."""
    means = {rate: np.nan_to_num(scores).mean() for rate, scores in validated.items()}
    rate = min(rate for rate in means if means[rate] == max(means.values()))
    return rate, np.nan_to_num(tested[rate]).mean()


def mean_score(scores):
    return np.nan_to_num(scores).mean()


def best_by(value, rates=sorted):
    """The first rate for which value(scores) is largest, in an order of the rates."""
    return lambda validated: max(rates(validated), key=lambda rate: value(validated[rate]))


def choosing(choose, report=mean_score):
    def answer(validated, tested):
        rate = choose(validated)
        return rate, report(tested[rate])

    return answer


choose_and_test.mistake(
    "You choose by the test scores. Then the score that you report is a choice among many, and too good.",
    lambda validated, tested: choosing(best_by(mean_score))(tested, tested),
    lambda validated, tested: choosing(best_by(np.nanmean))(tested, tested),
    lambda validated, tested: choosing(best_by(np.nanmax))(tested, tested),
    lambda validated, tested: choosing(best_by(mean_score), np.nanmean)(tested, tested),
)
choose_and_test.mistake(
    "The rate is right, but you report the best test score of all rates. The chosen rate's own is wanted.",
    lambda validated, tested: max(mean_score(scores) for scores in tested.values()),
    lambda validated, tested: np.nanmax(np.concatenate(list(tested.values()))),
    part="the score",
)
choose_and_test.mistake(
    "That is the mean on the validation set, by which you have chosen. Report that on the test set.",
    lambda validated, tested: max(mean_score(scores) for scores in validated.values()),
    part="the score",
)
choose_and_test.mistake(
    "You choose by the best single run. One lucky seed says little: compare means over the seeds.",
    choosing(best_by(np.nanmax)),
    choosing(best_by(np.nanmax), np.nanmax),
    choosing(best_by(np.nanmax, list), np.nanmax),
    choosing(best_by(np.nanmax, list)),
    choosing(best_by(np.nanmax), np.nanmean),
    choosing(best_by(max)),
    choosing(best_by(max), max),
)
choose_and_test.mistake(
    "You leave the lost runs out of the mean. A rate that loses runs is then praised for the others: count "
    "each lost run as 0.",
    choosing(best_by(np.nanmean), np.nanmean),
    choosing(best_by(np.nanmean)),
    choosing(best_by(mean_score), np.nanmean),
)
choose_and_test.mistake(
    "A rate that lost a run has no chance in your answer: NaN wins no comparison. It counts, with 0 for "
    "that run, and may still be the best.",
    choosing(
        lambda validated: best_by(mean_score)({r: s for r, s in validated.items() if not np.isnan(s).any()})
    ),
)
choose_and_test.mistake(
    "NaN goes into your means, and no comparison with NaN is true. Make it 0 before you compare.",
    choosing(best_by(np.mean), np.mean),
    choosing(best_by(np.mean, list), np.mean),
    choosing(best_by(np.mean)),
    choosing(lambda validated: list(validated)[np.argmax([np.mean(s) for s in validated.values()])], np.mean),
)
choose_and_test.mistake(
    "The rate is right, but a lost run makes its test score NaN. There too it counts as 0.",
    choosing(best_by(mean_score), np.mean),
)
choose_and_test.mistake(
    "Where rates are equally good, the smallest is wanted; yours is another one.",
    choosing(best_by(mean_score, list)),
    choosing(best_by(mean_score, lambda rates: sorted(rates, reverse=True))),
    choosing(best_by(mean_score, lambda rates: list(rates)[::-1])),
)
choose_and_test.mistake(
    "You choose the rate with the lowest scores. These are shares of right answers, and not losses.",
    choosing(lambda validated: min(sorted(validated), key=lambda rate: mean_score(validated[rate]))),
    choosing(lambda validated: min(validated, key=lambda rate: mean_score(validated[rate]))),
)
choose_and_test.mistake(
    "You return the test scores of all seeds; their mean is wanted.",
    choosing(best_by(mean_score), lambda scores: scores),
    choosing(best_by(mean_score), np.nan_to_num),
)
choose_and_test.mistake(
    "You take the median over the seeds; a mean is asked for, in which lost runs weigh.",
    choosing(best_by(lambda scores: np.median(np.nan_to_num(scores))), lambda s: np.median(np.nan_to_num(s))),
    choosing(best_by(lambda scores: np.median(np.nan_to_num(scores)))),
)


def parts(*counts: int, **shapes) -> dict:
    gradients = [
        dict(zip(shapes, cases.normal(*shapes.values(), seed=seed), strict=True))
        for seed in range(len(counts))
    ]
    return {"counts": list(counts), "gradients": gradients}


@exercise(
    cases=lambda: [
        parts(1, 3, w=(2,)),
        parts(2, 5, 1, W=(3, 2), U=(3, 3), b=(3,)),
        parts(4, V=(1, 3)),
        parts(3, 4, 4, 2, V=(2, 4), c=(2,)),
    ],
    praise="So a batch that is too large for the memory is read in parts, and nobody sees the difference.",
    see="The thirty lines",
)
def whole_gradient(counts, gradients):
    """The gradient of the mean loss of all examples, from those of parts with counts[i] examples each."""
    return {
        name: sum(n * part[name] for n, part in zip(counts, gradients, strict=True)) / sum(counts)
        for name in gradients[0]
    }


def put_together(weights):
    """The parts added up with weights(counts)."""
    return lambda counts, gradients: {
        name: sum(w * part[name] for w, part in zip(weights(np.array(counts)), gradients, strict=True))
        for name in gradients[0]
    }


whole_gradient.mistake(
    "You average the parts as if they had equal numbers of examples. A large part must weigh more.",
    put_together(lambda counts: np.ones(len(counts)) / len(counts)),
)
whole_gradient.mistake(
    "You add the parts up. The loss is a mean over all examples, so that a weight is missing at each part.",
    put_together(lambda counts: np.ones(len(counts))),
)
whole_gradient.mistake(
    "The weighted sum is still to be divided by the number of all examples.",
    put_together(lambda counts: counts),
)
whole_gradient.mistake(
    "You divide the weighted sum by the number of parts. Divide by the number of examples in all of them.",
    put_together(lambda counts: counts / len(counts)),
)
whole_gradient.mistake(
    "You divide each part by its own number. Each is a mean already: to undo that, multiply.",
    put_together(lambda counts: 1 / counts),
    put_together(lambda counts: 1 / counts / len(counts)),
    put_together(lambda counts: (1 / counts) / np.sum(1 / counts)),
)
whole_gradient.mistake(
    "Each part is divided by the number of all examples. First a mean has to become a sum again.",
    put_together(lambda counts: np.ones(len(counts)) / counts.sum()),
)
whole_gradient.mistake(
    "You weigh with the largest part as 1. The weights must add up to 1.",
    put_together(lambda counts: counts / counts.max()),
)
whole_gradient.mistake(
    "Only the last part is left: what came before was overwritten.",
    put_together(lambda counts: np.eye(len(counts))[-1]),
    put_together(lambda counts: np.eye(len(counts))[-1] * counts),
    put_together(lambda counts: np.eye(len(counts))[-1] * counts / counts.sum()),
)


whole_gradient.mistake(
    "You average over the rows of the arrays: the parts must be added up, and a gradient keeps its shape.",
    lambda counts, gradients: {
        name: np.concatenate([n * part[name] for n, part in zip(counts, gradients, strict=True)]).mean(axis=0)
        for name in gradients[0]
    },
    lambda counts, gradients: {
        name: np.concatenate([part[name] for part in gradients]).mean(axis=0) for name in gradients[0]
    },
)


@whole_gradient.mistake(
    "You add into the arrays of the first part. Begin with new arrays: the parts may still be needed."
)
def into_the_first(counts, gradients):
    total = gradients[0]
    for name in total:
        total[name] *= counts[0]
        for n, part in zip(counts[1:], gradients[1:], strict=True):
            total[name] += n * part[name]
        total[name] /= sum(counts)
    return total


@whole_gradient.mistake(
    "You add into the arrays of the first part. Begin with new arrays: the parts may still be needed."
)
def into_the_first_dict(counts, gradients):
    total = gradients[0]
    for name in total:
        total[name] = counts[0] * total[name]
        for n, part in zip(counts[1:], gradients[1:], strict=True):
            total[name] = total[name] + n * part[name]
    return {name: array / sum(counts) for name, array in total.items()}


@whole_gradient.mistake(
    "You add into the arrays of the first part. Begin with new arrays: the parts may still be needed."
)
def into_the_first_dict_to_the_end(counts, gradients):
    total = gradients[0]
    for name in total:
        total[name] = sum(n * part[name] for n, part in zip(counts, gradients, strict=True)) / sum(counts)
    return total


@whole_gradient.mistake(
    "You add into the arrays of the first part. Begin with new arrays: the parts may still be needed."
)
def unweighted_into_the_first(counts, gradients):
    total = dict(gradients[0])
    for part in gradients[1:]:
        for name in total:
            total[name] += part[name]
    return {name: array / len(counts) for name, array in total.items()}
