import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("09-faq/01-do-gradients-vanish.ipynb")


def measured(radius: float, slopes: list[list[float]]) -> dict:
    return {"radius": radius, "slopes": np.array(slopes)}


@exercise(
    cases=lambda: [
        measured(0.9, [[1.0, 0.5]]),
        measured(1.4, [[1.0, 0.0, 1.0, 0.0], [0.5, 1.0, 1.0, 0.2], [1.0, 1.0, 0.1, 0.9]]),
        measured(1.2, [[0.9, 0.6, 0.1], [0.2, 0.8, 0.7]]),
        measured(0.7, [[1.0, 0.9], [0.4, 0.9], [0.8, 0.3], [1.0, 1.0], [0.6, 0.7]]),
    ],
    praise="A forward pass is enough to know how long the gradient will be: no backward pass was run.",
    see="The slope that theory predicts",
)
def expected_length(radius, slopes):
    """The length of a gradient of length 1 after k steps back; U = radius * rotation, slopes (k, N)."""
    return np.prod(radius * np.sqrt(np.mean(slopes**2, axis=1)))


def root_mean_square(slopes, axis=1):
    return np.sqrt(np.mean(slopes**2, axis=axis))


expected_length.mistake(
    "You take the mean of the slopes; lengths go with squares, so that their mean square counts.",
    lambda radius, slopes: np.prod(radius * slopes.mean(axis=1)),
    lambda radius, slopes: (radius * slopes.mean()) ** len(slopes),
)
expected_length.mistake(
    "You take the largest slope; that gives the bound, and not what is to be expected.",
    lambda radius, slopes: np.prod(radius * slopes.max(axis=1)),
    lambda radius, slopes: (radius * slopes.max()) ** len(slopes),
)
expected_length.mistake(
    "The slopes are left out: only in a linear network does the radius decide alone.",
    lambda radius, slopes: radius ** len(slopes),
)
expected_length.mistake(
    "The radius is left out: a rotation keeps the length, and the number before it does not.",
    lambda radius, slopes: np.prod(root_mean_square(slopes)),
)
expected_length.mistake(
    "The root is missing: a mean of squared slopes belongs to the square of the length.",
    lambda radius, slopes: np.prod(radius * np.mean(slopes**2, axis=1)),
    lambda radius, slopes: (radius * np.mean(slopes**2)) ** len(slopes),
)
expected_length.mistake(
    "The radius stands under the root; only the squares of the slopes belong there.",
    lambda radius, slopes: np.sqrt(radius * np.prod(np.mean(slopes**2, axis=1))),
    lambda radius, slopes: np.prod(np.sqrt(radius * np.mean(slopes**2, axis=1))),
)
expected_length.mistake(
    "The steps are added up; each of them multiplies the gradient.",
    lambda radius, slopes: np.sum(radius * root_mean_square(slopes)),
    lambda radius, slopes: len(slopes) * radius * root_mean_square(slopes, None),
    see="One unit: a power of one number",
)
expected_length.mistake(
    "You average over the steps as well; each step has a factor of its own, and a product is no mean.",
    lambda radius, slopes: (radius * root_mean_square(slopes, None)) ** len(slopes),
    lambda radius, slopes: (radius * root_mean_square(slopes).mean()) ** len(slopes),
    lambda radius, slopes: radius * root_mean_square(slopes, None),
    lambda radius, slopes: radius * root_mean_square(slopes).mean(),
)
expected_length.mistake(
    "The axes are exchanged: you average over the steps and multiply over the units.",
    lambda radius, slopes: np.prod(radius * root_mean_square(slopes, 0)),
    lambda radius, slopes: radius ** len(slopes) * np.prod(root_mean_square(slopes, 0)),
)
expected_length.mistake(
    "The radius comes in once; every step multiplies by U again.",
    lambda radius, slopes: radius * np.prod(root_mean_square(slopes)),
)
expected_length.mistake(
    "You take the length of the row of slopes, which grows with the number of units; take a mean over them.",
    lambda radius, slopes: np.prod(radius * np.linalg.norm(slopes, axis=1)),
)
expected_length.mistake(
    "That is the logarithm of the length; the length itself is asked for.",
    lambda radius, slopes: len(slopes) * np.log10(radius * root_mean_square(slopes, None)),
    lambda radius, slopes: len(slopes) * np.log(radius * root_mean_square(slopes, None)),
    lambda radius, slopes: np.sum(np.log10(radius * root_mean_square(slopes))),
    lambda radius, slopes: np.sum(np.log(radius * root_mean_square(slopes))),
    lambda radius, slopes: np.mean(np.log10(radius * root_mean_square(slopes))),
)
expected_length.mistake(
    "You take the standard deviation of the slopes, which forgets how large they are on the whole.",
    lambda radius, slopes: np.prod(radius * slopes.std(axis=1)),
)
expected_length.mistake(
    "One step only; a gradient that goes back k steps is multiplied k times.",
    lambda radius, slopes: radius * root_mean_square(slopes)[0],
    lambda radius, slopes: radius * root_mean_square(slopes)[-1],
)
expected_length.mistake(
    "You follow each unit's own slopes through all steps; U mixes the units, and the theory takes its mean "
    "at every step.",
    lambda radius, slopes: radius ** len(slopes) * root_mean_square(np.prod(slopes, axis=0), None),
    lambda radius, slopes: radius ** len(slopes) * np.mean(np.prod(slopes, axis=0)),
    lambda radius, slopes: radius ** len(slopes) * np.linalg.norm(np.prod(slopes, axis=0)),
)
expected_length.mistake(
    "Your power is the number of units; it is the steps that multiply.",
    lambda radius, slopes: (radius * root_mean_square(slopes, None)) ** slopes.shape[1],
    lambda radius, slopes: (radius * slopes.mean()) ** slopes.shape[1],
    lambda radius, slopes: radius ** slopes.shape[1] * np.prod(root_mean_square(slopes)),
)
expected_length.mistake(
    "You return a number for each step; the length after all of them is one number.",
    lambda radius, slopes: radius * root_mean_square(slopes),
    lambda radius, slopes: np.cumprod(radius * root_mean_square(slopes)),
)
expected_length.mistake(
    "The slopes of all units are multiplied together; of each step a mean over its units counts.",
    lambda radius, slopes: radius ** len(slopes) * np.prod(slopes),
    lambda radius, slopes: np.prod(radius * slopes),
)
expected_length.mistake(
    "The slopes come in once; each step multiplies by a factor of its own.",
    lambda radius, slopes: radius ** len(slopes) * root_mean_square(slopes, None),
    lambda radius, slopes: radius ** len(slopes) * slopes.mean(),
)


def matrices() -> list[dict]:
    [normal] = cases.normal((4, 4), seed=5)
    return [
        {"U": np.array([[0.0, 0.5], [-0.5, 0.0]]), "K": 3},
        {"U": np.array([[1.5, 0.4], [0.0, -1.4]]), "K": 3},
        {"U": np.array([[0.7, 4.0], [0.0, 0.7]]), "K": 2},
        {"U": np.array([[0.7, 4.0], [0.0, 0.7]]), "K": 6},
        {"U": np.array([[0.0, 2.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, -1.3]]), "K": 4},
        {"U": np.array([[0.6, 0.0], [3.0, 0.8]]), "K": 5},
        {"U": 0.4 * normal, "K": 5},
    ]


@exercise(
    cases=matrices,
    parts=("the lag", "the factor"),
    praise=(
        "A gradient may grow before it vanishes: eigenvalues speak of the end, singular values of the way."
    ),
    see="Eigenvalues or singular values?",
)
def worst_lag(U, K):
    """The lag in 0 ... K at which a gradient of a linear network can be longest, and by what factor."""
    factors = [np.linalg.norm(np.linalg.matrix_power(U, k), 2) for k in range(K + 1)]
    return int(np.argmax(factors)), max(factors)


def best_of(factor, lags, pick=np.argmax):
    """The pair for a `factor` of a lag."""
    factors = [factor(k) for k in lags]
    return list(lags)[int(pick(factors))], factors[int(pick(factors))]


def stretch(U, k, order=2):
    return np.linalg.norm(np.linalg.matrix_power(U, k), order)


def from_one(factor):
    """The factor of a lag, with 1 at lag 0."""
    return lambda k: factor(k) if k else 1.0


def along(U, k, gradient):
    """By how much k steps lengthen this gradient."""
    return np.linalg.norm(gradient @ np.linalg.matrix_power(U, k)) / np.linalg.norm(gradient)


worst_lag.mistake(
    "You take a power of the largest singular value; that is a bound, and the product may stretch far less.",
    lambda U, K: best_of(lambda k: np.linalg.norm(U, 2) ** k, range(K + 1)),
    lambda U, K: best_of(lambda k: np.linalg.norm(U, 2) ** k, range(1, K + 1)),
)
worst_lag.mistake(
    "You take eigenvalues; they say how it ends, and not how far a gradient can grow on the way.",
    lambda U, K: best_of(lambda k: np.abs(np.linalg.eigvals(U)).max() ** k, range(K + 1)),
    lambda U, K: best_of(lambda k: np.linalg.eigvals(U).real.max() ** k, range(K + 1)),
    lambda U, K: best_of(lambda k: np.linalg.eigvals(np.linalg.matrix_power(U, k)).real.max(), range(K + 1)),
    lambda U, K: best_of(lambda k: np.abs(np.linalg.eigvals(U)).max() ** k, range(1, K + 1)),
)
worst_lag.mistake(
    "You take the power of each number of U; going back k steps multiplies matrices.",
    lambda U, K: best_of(lambda k: np.linalg.norm(U**k, 2), range(K + 1)),
    lambda U, K: best_of(lambda k: np.linalg.norm(U**k if k else np.eye(len(U)), 2), range(K + 1)),
    lambda U, K: best_of(lambda k: np.linalg.norm(U**k, 2), range(1, K + 1)),
)
worst_lag.mistake(
    "That is the Frobenius norm, which adds up all directions; one gradient has one direction.",
    lambda U, K: best_of(lambda k: stretch(U, k, None), range(K + 1)),
    lambda U, K: best_of(lambda k: stretch(U, k, None), range(1, K + 1)),
    lambda U, K: best_of(from_one(lambda k: stretch(U, k, None)), range(K + 1)),
    lambda U, K: best_of(lambda k: stretch(U, k, None) / len(U) ** 0.5, range(K + 1)),
)
worst_lag.mistake(
    "You add up or average the singular values; one gradient has one direction, and the largest counts.",
    lambda U, K: best_of(lambda k: stretch(U, k, "nuc"), range(K + 1)),
    lambda U, K: best_of(lambda k: stretch(U, k, "nuc"), range(1, K + 1)),
    lambda U, K: best_of(from_one(lambda k: stretch(U, k, "nuc")), range(K + 1)),
    lambda U, K: best_of(lambda k: stretch(U, k, "nuc") / len(U), range(K + 1)),
)
worst_lag.mistake(
    "You add up the numbers of a column; what a matrix can do to a length is a singular value.",
    lambda U, K: best_of(lambda k: stretch(U, k, 1), range(K + 1)),
)
worst_lag.mistake(
    "You add up the numbers of a row; what a matrix can do to a length is a singular value.",
    lambda U, K: best_of(lambda k: stretch(U, k, np.inf), range(K + 1)),
)
worst_lag.mistake(
    "You look at single numbers of the matrix; what it can do to a length is a singular value.",
    lambda U, K: best_of(lambda k: np.abs(np.linalg.matrix_power(U, k)).max(), range(K + 1)),
    lambda U, K: best_of(lambda k: np.linalg.matrix_power(U, k).max(), range(K + 1)),
)
worst_lag.mistake(
    "Lag 0 is left out: a gradient that only shrinks is longest where it starts.",
    lambda U, K: best_of(lambda k: stretch(U, k), range(1, K + 1)),
)
worst_lag.mistake(
    "You stop one lag early: K itself belongs to the lags.",
    lambda U, K: best_of(lambda k: stretch(U, k), range(K)),
)
worst_lag.mistake(
    "The place in a list that begins with lag 1 is one less than the lag.",
    lambda U, K: (
        best_of(lambda k: stretch(U, k), range(1, K + 1))[0] - 1,
        best_of(lambda k: stretch(U, k), range(1, K + 1))[1],
    ),
)
worst_lag.mistake(
    "You count the lags from 1; where nothing has been multiplied yet, the lag is 0.",
    lambda U, K: worst_lag(U, K)[0] + 1,
    part=0,
)
worst_lag.mistake(
    "You take the smallest singular value: that is the least that a gradient can be stretched by.",
    lambda U, K: best_of(lambda k: stretch(U, k, -2), range(K + 1)),
)
worst_lag.mistake(
    "That is the lag at which a gradient can be the shortest.",
    lambda U, K: best_of(lambda k: stretch(U, k), range(K + 1), np.argmin),
)


@worst_lag.mistake("You stop at the first fall; the stretch may rise again, and higher.")
def first_fall(U, K):
    lag = 0
    while lag < K and stretch(U, lag + 1) > stretch(U, lag):
        lag += 1
    return lag, stretch(U, lag)


worst_lag.mistake(
    "You only look at the last lag, K; the longest gradient may lie before it.",
    lambda U, K: (K, stretch(U, K)),
)
worst_lag.mistake(
    "You take the factor of a single step; each lag is compared with the start.",
    lambda U, K: best_of(lambda k: stretch(U, k) ** (1 / k), range(1, K + 1)),
    lambda U, K: best_of(from_one(lambda k: stretch(U, k) ** (1 / k)), range(K + 1)),
    lambda U, K: best_of(lambda k: stretch(U, k) / stretch(U, k - 1) if k else 1.0, range(K + 1)),
)
worst_lag.mistake(
    "The two are exchanged: first the lag, then the factor.", lambda U, K: worst_lag(U, K)[::-1]
)
worst_lag.mistake("Only the factor is there; the lag is asked for too.", lambda U, K: worst_lag(U, K)[1])
worst_lag.mistake("Only the lag is there; the factor is asked for too.", lambda U, K: worst_lag(U, K)[0])
worst_lag.mistake(
    "You follow one gradient of your own choice; asked is which gradient could become the longest.",
    lambda U, K: best_of(lambda k: along(U, k, np.ones(len(U))), range(K + 1)),
    lambda U, K: best_of(lambda k: along(U.T, k, np.ones(len(U))), range(K + 1)),
    lambda U, K: best_of(lambda k: along(U, k, np.eye(len(U))[0]), range(K + 1)),
    lambda U, K: best_of(lambda k: along(U.T, k, np.eye(len(U))[0]), range(K + 1)),
)
worst_lag.mistake(
    "You multiply once too often: at lag 0 nothing has been multiplied, and the factor is 1.",
    lambda U, K: best_of(lambda k: stretch(U, k + 1), range(K + 1)),
)
worst_lag.mistake(
    "That is the square of the stretch: an eigenvalue of a matrix times its transpose needs a root.",
    lambda U, K: (worst_lag(U, K)[0], worst_lag(U, K)[1] ** 2),
)
worst_lag.mistake(
    "You multiply all singular values, which is what becomes of a volume; a length takes the largest.",
    lambda U, K: best_of(lambda k: abs(np.linalg.det(np.linalg.matrix_power(U, k))), range(K + 1)),
)


def rotation(radius: float, units: int = 2) -> np.ndarray:
    """A number times a matrix that takes each unit to the next, and the last to the first with a minus."""
    U = np.roll(np.eye(units), 1, axis=1)
    U[-1] *= -1
    return radius * U


@exercise(
    cases=lambda: [
        {"U": np.array([[0.5, 4.0], [0.0, 0.5]]), "activation": "identity"},
        {"U": rotation(1.3), "activation": "identity"},
        {"U": np.array([[-1.2, 0.0], [0.0, 0.3]]), "activation": "identity"},
        {"U": rotation(0.8, 3), "activation": "identity"},
        {"U": np.array([[0.5, 4.0], [0.0, 0.5]]), "activation": "tanh"},
        {"U": rotation(0.9, 3), "activation": "tanh"},
        {"U": np.array([[0.6, -0.6], [0.6, 0.6]]), "activation": "tanh"},
        {"U": np.array([[0.9, 0.9], [0.0, 0.0]]), "activation": "tanh"},
        {"U": np.array([[0.9, 0.0], [0.9, 0.0]]), "activation": "relu"},
        {"U": np.diag([-1.5, 0.2, 0.9]), "activation": "tanh"},
        {"U": rotation(3.0, 3), "activation": "sigmoid"},
        {"U": np.array([[0.5, 3.0], [0.0, 0.5]]), "activation": "sigmoid"},
        {"U": np.array([[0.5, 5.0], [0.0, 0.5]]), "activation": "sigmoid"},
        {"U": rotation(0.9), "activation": "relu"},
        {"U": rotation(1.3), "activation": "relu"},
        {"U": rotation(1.6), "activation": "relu"},
        {"U": rotation(2.5, 3), "activation": "relu"},
    ],
    praise="Below the bound vanishing is certain; above it only a linear network can be judged by U alone.",
    see="A bound that needs no assumption",
)
def certain_fate(U, activation):
    """What U alone makes certain of gradients over many steps: "vanishes", "grows" or "undecided"."""
    if activation == "identity":
        return "vanishes" if np.abs(np.linalg.eigvals(U)).max() < 1 else "grows"
    steepest = 0.25 if activation == "sigmoid" else 1.0
    return "vanishes" if steepest * np.linalg.norm(U, 2) < 1 else "undecided"


def radius_of(U):
    return np.abs(np.linalg.eigvals(U)).max()


def fate_by(
    linear=radius_of, bound=lambda U: np.linalg.norm(U, 2), sigmoid=0.25, relu=1.0, tanh=1.0,
    above="undecided", linear_above="grows",
):  # fmt: skip
    """An answer with other measures, slopes or words."""

    def answer(U, activation):
        if activation == "identity":
            return "vanishes" if linear(U) < 1 else linear_above
        steepest = {"sigmoid": sigmoid, "relu": relu, "tanh": tanh}[activation]
        return "vanishes" if steepest * bound(U) < 1 else above

    return answer


def singular(U):
    return np.linalg.norm(U, 2)


def by_both_ends(U, activation, everywhere=False):
    """It vanishes if all singular values are below 1, and grows if all are above it."""
    if activation != "identity" and not everywhere:
        return certain_fate(U, activation)
    values = np.linalg.svd(U, compute_uv=False) * (0.25 if activation == "sigmoid" else 1.0)
    return "vanishes" if values[0] < 1 else "grows" if values[-1] > 1 else "undecided"


certain_fate.mistake(
    "You judge by the spectral radius everywhere; with slopes between, only singular values bound each step.",
    fate_by(bound=radius_of),
    fate_by(bound=radius_of, above="grows"),
    see="Eigenvalues or singular values?",
)
certain_fate.mistake(
    "You judge the linear network by a singular value; it may stretch for a while, and the end is decided "
    "by eigenvalues.",
    lambda U, activation: (
        "undecided"
        if activation == "identity" and radius_of(U) < 1 < singular(U)
        else fate_by()(U, activation)
    ),
    by_both_ends,
    lambda U, activation: by_both_ends(U, activation, everywhere=True),
    fate_by(linear=singular),
    fate_by(linear=singular, linear_above="undecided"),
    fate_by(linear=singular, above="grows"),
    see="Eigenvalues or singular values?",
)
certain_fate.mistake(
    "The slope of the sigmoid is never above 1/4, and that belongs to the bound.",
    fate_by(sigmoid=1.0),
    fate_by(sigmoid=0.5),
    fate_by(sigmoid=1.0, above="grows"),
)
certain_fate.mistake(
    "You put the sigmoid's slope at every activation; tanh and relu reach the slope 1.",
    fate_by(tanh=0.25, relu=0.25),
)
certain_fate.mistake("You put the sigmoid's slope at tanh too; it reaches the slope 1.", fate_by(tanh=0.25))
certain_fate.mistake("You put the sigmoid's slope at relu too; it reaches the slope 1.", fate_by(relu=0.25))
certain_fate.mistake(
    "Above the bound you say that it grows; a bound that is passed says only that it may.",
    lambda U, activation: (
        "grows"
        if fate_by(above="grows")(U, activation) == "grows"
        and (0.25 if activation == "sigmoid" else 1.0) * radius_of(U) > 1
        else fate_by()(U, activation)
    ),
    fate_by(above="grows"),
)
certain_fate.mistake(
    "For relu you take an average slope; what is to be certain must hold where all units are on.",
    fate_by(relu=0.5**0.5),
    fate_by(relu=0.5),
)
certain_fate.mistake(
    "You take the largest eigenvalue; a negative or a complex one counts by its absolute value.",
    fate_by(linear=lambda U: np.linalg.eigvals(U).real.max()),
    fate_by(linear=lambda U: np.linalg.eigvals(U).max()),
)
certain_fate.mistake(
    "You take the Frobenius norm, which may be far above the largest singular value.",
    fate_by(bound=np.linalg.norm),
    fate_by(bound=np.linalg.norm, linear=np.linalg.norm),
)
certain_fate.mistake(
    "You add up the numbers of a column; what a step can do to a length is a singular value.",
    fate_by(bound=lambda U: np.linalg.norm(U, 1)),
)
certain_fate.mistake(
    "You add up the numbers of a row; what a step can do to a length is a singular value.",
    fate_by(bound=lambda U: np.linalg.norm(U, np.inf)),
)
certain_fate.mistake(
    "You look at single numbers of the matrix; what a step can do to a length is a singular value.",
    fate_by(bound=lambda U: np.abs(U).max()),
)
certain_fate.mistake(
    "A linear network is never undecided: its gradient is multiplied by powers of U, and nothing else.",
    fate_by(linear_above="undecided"),
    lambda U, activation: (
        "undecided"
        if activation == "identity" and np.abs(np.linalg.eigvals(U)).min() < 1 < radius_of(U)
        else certain_fate(U, activation)
    ),
)
certain_fate.mistake(
    "You take the smallest singular value; all others may stretch more.",
    fate_by(bound=lambda U: np.linalg.norm(U, -2)),
)
certain_fate.mistake(
    "The determinant says what becomes of a volume; one direction may grow while the volume shrinks.",
    fate_by(linear=lambda U: abs(np.linalg.det(U)), bound=lambda U: abs(np.linalg.det(U))),
    fate_by(linear=lambda U: abs(np.linalg.det(U))),
)
certain_fate.mistake(
    "You judge relu as a linear network; the inputs decide which units are off.",
    lambda U, activation: fate_by()(U, "identity" if activation == "relu" else activation),
)
certain_fate.mistake(
    "You judge tanh as a linear network; the inputs decide which units are flat.",
    lambda U, activation: fate_by()(U, "identity" if activation == "tanh" else activation),
)
certain_fate.mistake(
    "You judge tanh and relu as a linear network; the inputs decide which units are flat or off.",
    lambda U, activation: fate_by()(U, activation if activation == "sigmoid" else "identity"),
)
