import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("03-algorithm/03-optimisers-and-clipping.ipynb")


@exercise(
    # Long, short, all zero, tiny, huge, and from a generator, as a framework's list of parameters often is.
    cases=lambda: [
        {"gradients": [np.array([3.0]), np.array([-4.0])], "limit": 2.0},
        {"gradients": [np.array([0.3]), np.array([0.4])], "limit": 1.5},
        {"gradients": [np.zeros(2), np.zeros((2, 2))], "limit": 0.5},
        {"gradients": [np.array([1e-9, 2e-9]), np.array([[-2e-9]])], "limit": 3.0},
        {"gradients": [1e6 * array for array in cases.normal((3,), (2, 2), seed=1)], "limit": 4.0},
        {"gradients": (array for array in cases.normal((2, 3), (3,), (2, 2))), "limit": 0.5},
    ],
    praise="One factor for all keeps the direction; a short gradient is left as it is.",
    see="Clipping by the global norm",
)
def clip_together(gradients, limit):
    """The arrays, all shrunk by one factor, so that the norm of all of them together is at most the limit."""
    arrays = list(gradients)  # it may be a generator, which can be read once
    norm = np.sqrt(sum(np.sum(array**2) for array in arrays))
    factor = min(1.0, limit / norm) if norm > 0 else 1.0
    return [factor * array for array in arrays]


def global_norm(arrays):
    return np.sqrt(sum(np.sum(array**2) for array in arrays))


def scaled(factor, norm=global_norm):
    """All arrays times factor(norm, limit), with another norm perhaps; a norm of 0 changes nothing."""

    def answer(gradients, limit):
        arrays = list(gradients)
        size = norm(arrays)
        return [array * factor(size, limit) if size else array * 1 for array in arrays]

    return answer


def down_to_the_limit(norm, limit):
    return min(1.0, limit / norm)


clip_together.mistake(
    "You clip each array by its own norm, which turns the step; one norm of all arrays together is wanted.",
    lambda gradients, limit: [clip_together([array], limit)[0] for array in gradients],
)
clip_together.mistake(
    "You cut off single numbers at the limit; clipping by the norm shrinks all by one factor.",
    lambda gradients, limit: [np.clip(array, -limit, limit) for array in gradients],
    lambda gradients, limit: [np.minimum(array, limit) for array in gradients],
)
clip_together.mistake(
    "You always rescale to the limit, and so lengthen a short gradient: the factor is never above 1.",
    scaled(lambda norm, limit: limit / norm),
    lambda gradients, limit: [
        array * limit / norm
        for arrays in [list(gradients)]
        for norm in [global_norm(arrays)]
        for array in arrays
    ],
    see="What clipping does not do",
)
clip_together.mistake(
    "Short gradients are rescaled and long ones left: the larger of 1 and limit / norm is the wrong one.",
    scaled(lambda norm, limit: max(1.0, limit / norm)),
)
clip_together.mistake(
    "The square root is missing in the norm.",
    scaled(down_to_the_limit, lambda arrays: sum(np.sum(array**2) for array in arrays)),
)
clip_together.mistake(
    "Long gradients become 1 long in your answer, and not as long as the limit.",
    scaled(lambda norm, limit: 1 / norm if norm > limit else 1.0),
    scaled(lambda norm, limit: min(1.0, 1 / norm)),
)
clip_together.mistake(
    "You add up the norms of the arrays. The norm of all together is the root of the sum of all squares.",
    scaled(down_to_the_limit, lambda arrays: sum(np.linalg.norm(array) for array in arrays)),
)
clip_together.mistake(
    "You measure a gradient by its largest number. All squares count together.",
    scaled(down_to_the_limit, lambda arrays: max(np.abs(array).max() for array in arrays)),
    scaled(down_to_the_limit, lambda arrays: max(array.max() for array in arrays)),
)
clip_together.mistake(
    "You measure the gradient by the longest of its arrays. The squares of all arrays count together.",
    scaled(down_to_the_limit, lambda arrays: max(np.linalg.norm(array) for array in arrays)),
)
clip_together.mistake(
    "You add up absolute values; the norm is the root of a sum of squares.",
    scaled(down_to_the_limit, lambda arrays: sum(np.sum(np.abs(array)) for array in arrays)),
)
clip_together.mistake(
    "You take a mean of the squares. The norm is the root of their sum: every number makes it longer.",
    scaled(
        down_to_the_limit,
        lambda arrays: np.sqrt(np.mean(np.concatenate([array.ravel() for array in arrays]) ** 2)),
    ),
    scaled(down_to_the_limit, lambda arrays: np.sqrt(sum(np.mean(array**2) for array in arrays))),
)


@clip_together.mistake(
    "You read the gradients twice, and a generator is used up after once: make a list of it first."
)
def reads_twice(gradients, limit):
    norm = np.sqrt(sum(np.sum(array**2) for array in gradients))
    return [array * min(1.0, limit / max(norm, 1e-12)) for array in gradients]


@clip_together.mistake(
    "A gradient of zeros has the norm 0, and you divide by it: nothing is to be clipped there."
)
def divides_by_zero(gradients, limit):
    arrays = list(gradients)
    norm = global_norm(arrays)
    return [array * (min(1.0, limit / norm) if norm else np.nan) for array in arrays]


clip_together.mistake(
    "A gradient of zeros has the norm 0, and you divide by it: nothing is to be clipped there.",
    lambda gradients, limit: by_a_plain_number(list(gradients), limit),
)


def by_a_plain_number(arrays, limit):
    """As with `math.sqrt`: a number of Python's own refuses to divide by zero."""
    factor = min(1.0, limit / float(global_norm(arrays)))
    return [factor * array for array in arrays]


clip_together.mistake(
    "You return the norm. Return the arrays, shrunk.",
    lambda gradients, limit: global_norm(list(gradients)),
)
clip_together.mistake(
    "You return more than the arrays. The list of them alone is asked for.",
    lambda gradients, limit: with_the_norm(list(gradients), limit),
    lambda gradients, limit: with_the_norm(list(gradients), limit)[::-1],
    lambda gradients, limit: (1.0, clip_together(gradients, limit)),
)


def with_the_norm(arrays, limit):
    return clip_together(arrays, limit), global_norm(arrays)


@clip_together.mistake(
    "You write into the arrays that you were given; return new ones, the old may still be needed."
)
def in_place(gradients, limit):
    arrays = list(gradients)
    norm = np.sqrt(sum(np.sum(array**2) for array in arrays))
    for array in arrays:
        array *= min(1.0, limit / max(norm, 1e-12))
    return arrays


@exercise(
    cases=lambda: [
        {"eta": 0.5, "eps": 0.1, "t": 1, "beta_1": 0.5, "beta_2": 0.75},
        {"eta": 0.1, "eps": 0.3, "t": 3, "beta_1": 0.9, "beta_2": 0.96},
        {"eta": 0.3, "eps": 0.2, "t": 2, "beta_1": 0.8, "beta_2": 0.5},
        {"eta": 0.2, "eps": 0.5, "t": 12, "beta_1": 0.9, "beta_2": 0.999},
    ],
    praise="Kingma and Ba call it epsilon hat: libraries that write Adam this way mean another epsilon.",
    see="Four rules for one step",
    parts=("the rate", "epsilon hat"),
)
def epsilon_hat(eta, eps, t, beta_1, beta_2):
    """Rate and epsilon with which m and v themselves, not corrected, make Adam's step t = 1, 2, ..."""
    first, second = 1 - beta_1**t, np.sqrt(1 - beta_2**t)
    return eta * second / first, eps * second


def hats(rate, epsilon):
    """An answer by rate(eta, first, second) and epsilon(eps, first, second), the corrections without root."""

    def answer(eta, eps, t, beta_1, beta_2):
        first, second = 1 - beta_1**t, 1 - beta_2**t
        return rate(eta, first, second), epsilon(eps, first, second)

    return answer


def right_rate(eta, first, second):
    return eta * np.sqrt(second) / first


def right_epsilon(eps, first, second):
    return eps * np.sqrt(second)


epsilon_hat.mistake(
    "Epsilon stays as it was. It stands beside the root of v hat: whoever takes the correction out of that "
    "root multiplies the whole denominator, epsilon too.",
    hats(right_rate, lambda eps, first, second: eps),
)
epsilon_hat.mistake(
    "Epsilon is divided where it should be multiplied: early v is small, and so epsilon must be smaller too.",
    hats(right_rate, lambda eps, first, second: eps / np.sqrt(second)),
    hats(right_rate, lambda eps, first, second: eps / second),
)
epsilon_hat.mistake(
    "Epsilon stands outside the root of v hat, so that the root of the correction multiplies it.",
    hats(right_rate, lambda eps, first, second: eps * second),
    hats(right_rate, lambda eps, first, second: eps * second**2),
)
epsilon_hat.mistake(
    "You give epsilon the factor of the rate. The correction of m stands above the line, and does not reach "
    "epsilon, which stands below.",
    hats(right_rate, lambda eps, first, second: eps * np.sqrt(second) / first),
    hats(right_rate, lambda eps, first, second: eps * first / np.sqrt(second)),
    hats(right_rate, lambda eps, first, second: eps / first),
    hats(right_rate, lambda eps, first, second: eps * first),
)
epsilon_hat.mistake(
    "The root of the second correction is missing in the rate: v stands under a root.",
    hats(lambda eta, first, second: eta * second / first, right_epsilon),
    hats(lambda eta, first, second: eta * second / first, lambda eps, first, second: eps * second),
    hats(lambda eta, first, second: eta * second / first, lambda eps, first, second: eps),
)
epsilon_hat.mistake(
    "The rate is upside down: m hat is m divided by its correction, and the root of v hat divides.",
    hats(lambda eta, first, second: eta * first / np.sqrt(second), right_epsilon),
    hats(lambda eta, first, second: eta * first / np.sqrt(second), lambda eps, first, second: eps),
    hats(
        lambda eta, first, second: eta * first / np.sqrt(second),
        lambda eps, first, second: eps / np.sqrt(second),
    ),
)
epsilon_hat.mistake(
    "The correction of m is missing in the rate.",
    hats(lambda eta, first, second: eta * np.sqrt(second), right_epsilon),
)
epsilon_hat.mistake(
    "The correction of v went into epsilon alone. It belongs to the root of v too: the rate needs it.",
    hats(lambda eta, first, second: eta / first, right_epsilon),
    hats(lambda eta, first, second: eta / first, lambda eps, first, second: eps),
)
epsilon_hat.mistake(
    "The rate stays as it was: without the corrections m and the root of v are both too small, and not by "
    "the same factor.",
    hats(lambda eta, first, second: eta, right_epsilon),
)
epsilon_hat.mistake(
    "Both corrections multiply your rate: that of m belongs below the line.",
    hats(lambda eta, first, second: eta * np.sqrt(second) * first, right_epsilon),
    hats(lambda eta, first, second: eta / np.sqrt(second) / first, right_epsilon),
)
epsilon_hat.mistake(
    "Steps count from 1: your corrections are those of another step.",
    lambda eta, eps, t, beta_1, beta_2: epsilon_hat(eta, eps, t + 1, beta_1, beta_2),
    lambda eta, eps, t, beta_1, beta_2: tuple(
        x for x in epsilon_hat(np.float64(eta), eps, t - 1, beta_1, beta_2)
    ),
)
epsilon_hat.mistake(
    "The two betas are exchanged: the first belongs to the mean m, the second to the mean of squares v.",
    lambda eta, eps, t, beta_1, beta_2: epsilon_hat(eta, eps, t, beta_2, beta_1),
)
epsilon_hat.mistake(
    "You multiply beta by t. In t steps it has been multiplied with itself t times: a power.",
    lambda eta, eps, t, beta_1, beta_2: epsilon_hat(eta, eps, 1, beta_1 * t, beta_2 * t),
)
epsilon_hat.mistake(
    "Your corrections are the same at every step. They fade as t grows: beta has the power t.",
    lambda eta, eps, t, beta_1, beta_2: epsilon_hat(eta, eps, 1, beta_1, beta_2),
)
epsilon_hat.mistake(
    "The two results are in the other order: first the rate.",
    lambda *case: epsilon_hat(*case)[::-1],
)


def one_update(scale: float, limit: float, **shapes) -> dict:
    params, velocity, found = (cases.normal(*shapes.values(), seed=seed) for seed in (4, 5, 6))
    gradients = {name: scale * array for name, array in zip(shapes, found, strict=True)}
    return {
        "params": dict(zip(shapes, params, strict=True)),
        "velocity": dict(zip(shapes, velocity, strict=True)),
        "gradients": dict(reversed(gradients.items())),
        "eta": 0.2,
        "mu": 0.75,
        "limit": limit,
    }


@exercise(
    cases=lambda: [
        one_update(10.0, 2.0, w=(2,)),
        one_update(0.1, 3.0, w=(2,), b=(1,)),  # short enough
        one_update(0.0, 1.5, W=(2, 3), c=(2,)),  # nothing but the momentum
        one_update(1.0, 0.5, W=(3, 2), U=(3, 3), b=(3,)),
    ],
    praise="Clip, remember, move: the update with which recurrent networks are trained by SGD.",
    see="Clipping by the global norm",
    parts=("the weights", "the velocity"),
)
def clipped_momentum(params, velocity, gradients, eta, mu, limit):
    """The new weights and velocities, two dicts, after one step of momentum with clipped gradients."""
    norm = np.sqrt(sum(np.sum(gradient**2) for gradient in gradients.values()))
    factor = limit / norm if norm > limit else 1.0
    velocity = {name: mu * v + factor * gradients[name] for name, v in velocity.items()}
    params = {name: w - eta * velocity[name] for name, w in params.items()}
    return params, velocity


def factor_of(arrays, limit):
    norm = global_norm(arrays.values())
    return limit / norm if norm > limit else 1.0


def moved(step, remember=None, factor=factor_of):
    """New v by remember(v, g, mu, eta), new w by step(w, v before, v after, g, eta, mu); g is clipped."""
    remember = remember or (lambda v, g, mu, eta: mu * v + g)

    def answer(params, velocity, gradients, eta, mu, limit):
        shrink = factor(gradients, limit)
        clipped = {name: shrink * g for name, g in gradients.items()}
        new = {name: remember(velocity[name], clipped[name], mu, eta) for name in params}
        return {
            name: step(w, velocity[name], new[name], clipped[name], eta, mu) for name, w in params.items()
        }, new

    return answer


def downhill(w, before, after, g, eta, mu):
    return w - eta * after


clipped_momentum.mistake(
    "Nothing is clipped: a long gradient goes into the velocity whole.",
    moved(downhill, factor=lambda gradients, limit: 1.0),
)
clipped_momentum.mistake(
    "You shrink every gradient to the limit, and lengthen the short ones: the factor is never above 1.",
    moved(
        downhill,
        factor=lambda gradients, limit: limit / max(global_norm(gradients.values()), 1e-12),
    ),
    moved(
        downhill,
        factor=lambda gradients, limit: limit / global_norm(gradients.values()),
    ),
)
clipped_momentum.mistake(
    "A gradient of zeros has the norm 0, and you divide by it. There the velocity fades, and that is all.",
    moved(
        downhill,
        factor=lambda gradients, limit: (
            min(1.0, limit / norm) if (norm := global_norm(gradients.values())) else np.nan
        ),
    ),
    moved(
        downhill,
        factor=lambda gradients, limit: min(1.0, limit / float(global_norm(gradients.values()))),
    ),
)


@clipped_momentum.mistake(
    "You clip the velocity. The gradients are clipped, before they go into it; a velocity may be longer."
)
def clips_the_velocity(params, velocity, gradients, eta, mu, limit):
    new = {name: mu * velocity[name] + gradients[name] for name in params}
    factor = factor_of(new, limit)
    new = {name: factor * v for name, v in new.items()}
    return {name: params[name] - eta * new[name] for name in params}, new


@clipped_momentum.mistake(
    "You clip the velocity. The gradients are clipped, before they go into it; a velocity may be longer."
)
def clips_the_step(params, velocity, gradients, eta, mu, limit):
    new = {name: mu * velocity[name] + gradients[name] for name in params}
    factor = factor_of(new, limit)
    return {name: params[name] - eta * factor * new[name] for name in params}, new


@clipped_momentum.mistake(
    "Each array is clipped by its own norm, which turns the step: all share one norm and one factor."
)
def clips_each(params, velocity, gradients, eta, mu, limit):
    clipped = {name: g * factor_of({name: g}, limit) for name, g in gradients.items()}
    return clipped_momentum(params, velocity, clipped, eta, mu, np.inf)


clipped_momentum.mistake(
    "Single numbers are cut off at the limit; clipping by the norm shrinks all by one factor.",
    lambda params, velocity, gradients, eta, mu, limit: clipped_momentum(
        params, velocity, {name: np.clip(g, -limit, limit) for name, g in gradients.items()}, eta, mu, np.inf
    ),
)
clipped_momentum.mistake(
    "The weights move by the old velocity. First the velocity takes in the gradient, then the weights move.",
    moved(lambda w, before, after, g, eta, mu: w - eta * before),
)
clipped_momentum.mistake(
    "The weights move by the gradient alone; they should move by the velocity.",
    moved(lambda w, before, after, g, eta, mu: w - eta * g),
)
clipped_momentum.mistake(
    "That is a running mean: momentum is a running sum, and the gradient goes into it whole.",
    moved(downhill, lambda v, g, mu, eta: mu * v + (1 - mu) * g),
)
clipped_momentum.mistake(
    "The factor of the old velocity is missing, so that it never fades.",
    moved(downhill, lambda v, g, mu, eta: v + g),
)
clipped_momentum.mistake(
    "mu multiplies the gradient as well. Only the old velocity fades; the gradient goes in whole.",
    moved(downhill, lambda v, g, mu, eta: mu * (v + g)),
)
clipped_momentum.mistake(
    "mu multiplies the gradient in place of the old velocity. The gradient goes in whole.",
    moved(downhill, lambda v, g, mu, eta: v + mu * g),
)
clipped_momentum.mistake(
    "You keep the rate inside the velocity. The weights come out right, but in the rule of the table the "
    "velocity is a sum of gradients, and the rate stands in the step.",
    moved(
        lambda w, before, after, g, eta, mu: w - eta * (mu * before + g),
        lambda v, g, mu, eta: eta * (mu * v + g),
    ),
    moved(
        lambda w, before, after, g, eta, mu: w - eta * (mu * before + g),
        lambda v, g, mu, eta: -eta * (mu * v + g),
    ),
    see="Four rules for one step",
)
clipped_momentum.mistake(
    "You keep the rate inside the velocity; in the rule of the table the velocity is a sum of gradients, and "
    "the rate stands in the step.",
    moved(lambda w, before, after, g, eta, mu: w - after, lambda v, g, mu, eta: mu * v + eta * g),
    moved(lambda w, before, after, g, eta, mu: w + after, lambda v, g, mu, eta: mu * v - eta * g),
    see="Four rules for one step",
)
clipped_momentum.mistake(
    "That is Nesterov's rule, which looks one step ahead. Plain momentum moves by the new velocity.",
    moved(lambda w, before, after, g, eta, mu: w - eta * (g + mu * after)),
    see="Four rules for one step",
)
clipped_momentum.mistake(
    "The step goes uphill.",
    moved(lambda w, before, after, g, eta, mu: w + eta * after),
    see="Four rules for one step",
)
clipped_momentum.mistake(
    "You return the velocity as it was; the next step needs the new one.",
    lambda params, velocity, *rest: velocity,
    part="the velocity",
)
clipped_momentum.mistake(
    "The two results are in the other order: first the weights.",
    lambda *case: clipped_momentum(*case)[::-1],
)


@clipped_momentum.mistake("You write into the arrays that you were given: return new ones.")
def into_the_velocities(params, velocity, gradients, eta, mu, limit):
    factor = factor_of(gradients, limit)
    for name in velocity:
        velocity[name] = mu * velocity[name] + factor * gradients[name]
    return {name: w - eta * velocity[name] for name, w in params.items()}, velocity


@clipped_momentum.mistake("You write into the arrays that you were given: return new ones.")
def into_the_gradients(params, velocity, gradients, eta, mu, limit):
    factor = factor_of(gradients, limit)
    for gradient in gradients.values():
        gradient *= factor
    new = {name: mu * velocity[name] + gradients[name] for name in params}
    return {name: w - eta * new[name] for name, w in params.items()}, new


@clipped_momentum.mistake("You write into the arrays that you were given: return new ones.")
def moves_in_place(params, velocity, gradients, eta, mu, limit):
    factor = factor_of(gradients, limit)
    for name in params:
        velocity[name] *= mu
        velocity[name] += factor * gradients[name]
        params[name] -= eta * velocity[name]
    return params, velocity
