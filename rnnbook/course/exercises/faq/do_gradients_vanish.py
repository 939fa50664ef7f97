import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("09-faq/01-do-gradients-vanish.ipynb")


def measured(radius: float, k: int, slopes: list[float]) -> dict:
    return {"radius": radius, "slopes": np.array(slopes), "k": k}


@exercise(
    cases=lambda: [
        measured(0.9, 1, [1.0, 0.5]),
        measured(1.4, 10, [1.0, 0.0, 1.0, 0.0]),
        measured(1.2, 20, [0.9, 0.6]),
    ],
    praise="One number a step, the same at every step: a straight line on a logarithmic axis.",
    see="The slope that theory predicts",
)
def expected_length(radius, slopes, k):
    """The length after k steps of a gradient of length 1; U = radius * rotation, slopes (N,) at hand."""
    return (radius * np.sqrt(np.mean(np.square(slopes)))) ** k


expected_length.mistake(
    "You take the mean slope; lengths go with squares: the root of the mean square.",
    lambda radius, slopes, k: (radius * slopes.mean()) ** k,
)
expected_length.mistake(
    "You take the largest slope; that gives the bound and not the expectation.",
    lambda radius, slopes, k: (radius * slopes.max()) ** k,
)
expected_length.mistake(
    "The slopes are left out: only a linear network has the radius alone.",
    lambda radius, slopes, k: radius**k,
)
expected_length.mistake(
    "That is one step; k steps multiply it k times.",
    lambda radius, slopes, k: radius * np.sqrt(np.mean(slopes**2)),
)
expected_length.mistake(
    "The root is missing: the mean square belongs to the square of the length.",
    lambda radius, slopes, k: (radius * np.mean(slopes**2)) ** k,
)
expected_length.mistake(
    "The steps are added up; each multiplies the gradient.",
    lambda radius, slopes, k: k * radius * np.sqrt(np.mean(slopes**2)),
    see="One unit: a power of one number",
)


def matrices() -> list[dict]:
    skew = np.array([[0.5, 4.0], [0.0, 0.5]])
    [normal] = cases.normal((3, 3))
    return [{"U": skew, "k": 1}, {"U": skew, "k": 3}, {"U": 0.6 * normal, "k": 4}]


@exercise(
    cases=matrices,
    praise=(
        "A gradient may grow before it vanishes: eigenvalues speak of the end, singular values of the way."
    ),
    see="Eigenvalues or singular values?",
)
def worst_stretch(U, k):
    """By how much k steps of a linear network can lengthen a gradient at most."""
    return np.linalg.norm(np.linalg.matrix_power(U, k), 2)


worst_stretch.mistake(
    "That is the bound, the norm to the power k; the product may stretch far less.",
    lambda U, k: np.linalg.norm(U, 2) ** k,
)
worst_stretch.mistake(
    "That is the spectral radius to the power k: the rate at which it ends, and no maximum.",
    lambda U, k: np.abs(np.linalg.eigvals(U)).max() ** k,
)
worst_stretch.mistake(
    "`U ** k` takes the power of each number; the matrices are multiplied.",
    lambda U, k: np.linalg.norm(U**k, 2),
)
worst_stretch.mistake(
    "That is the Frobenius norm; the largest singular value is wanted.",
    lambda U, k: np.linalg.norm(np.linalg.matrix_power(U, k)),
)
worst_stretch.mistake("One step only; multiply U by itself k times.", lambda U, k: np.linalg.norm(U, 2))
worst_stretch.mistake(
    "The smallest singular value says how little it may stretch.",
    lambda U, k: np.linalg.svd(np.linalg.matrix_power(U, k))[1].min(),
)
