import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("02-core-concepts/03-what-a-unit-tracks.ipynb")


def recorded(places: int, units: int, seed: int = 0) -> dict[str, np.ndarray]:
    """States and a property that two of the units follow, one of them the other way, and that has a mean."""
    h, noise = cases.normal((places, units), (places,), seed=seed)
    h[:, 0] *= 5  # a loud unit
    values = 3 - h[:, 1] + 0.3 * h[:, 0] / 5 + 0.5 * noise
    return {"h": h + 2.0, "values": values, "first": np.arange(places) % 2 == 0}


def nothing_to_find() -> dict[str, np.ndarray]:
    """States and values that have nothing to do with each other: each half has another luckiest unit."""
    h, values = cases.normal((16, 8), (16,), seed=11)
    return {"h": h, "values": values, "first": np.arange(16) < 8}


@exercise(
    cases=lambda: [recorded(12, 2), recorded(12, 5, seed=3), recorded(40, 4, seed=1), nothing_to_find()],
    praise="Chosen on one half, judged on the other: luck has no second chance.",
    see="What to look for, and how to judge it",
)
def best_unit(h, values, first):
    """The unit of h (N, H) of largest |r| with values (N,) where first is True, and its r on the rest."""

    def correlation(part, unit):
        return np.corrcoef(h[part, unit], values[part])[0, 1]

    unit = int(np.argmax([abs(correlation(first, unit)) for unit in range(h.shape[1])]))
    return unit, correlation(~first, unit)


def correlations(h, values, part):
    return np.array([np.corrcoef(h[part, unit], values[part])[0, 1] for unit in range(h.shape[1])])


def chosen(h, values, score, judge):
    """The unit of the highest score, and its r where it is judged."""
    return int(score.argmax()), correlations(h, values, judge)[score.argmax()]


best_unit.mistake(
    "You report r on the half where the unit was chosen; the best of many is lucky there.",
    lambda h, values, first: chosen(h, values, np.abs(correlations(h, values, first)), first),
)
best_unit.mistake(
    "You choose by r; a unit may follow a property the other way round: use |r|.",
    lambda h, values, first: chosen(h, values, correlations(h, values, first), ~first),
)
best_unit.mistake(
    "You choose on the half that is kept for judging.",
    lambda h, values, first: chosen(h, values, np.abs(correlations(h, values, ~first)), ~first),
)


@best_unit.mistake(
    "You use the covariance; a loud unit then beats one that follows closely: divide by both spreads."
)
def covariance(h, values, first):
    covariances = correlations(h, values, first) * h[first].std(axis=0)
    return chosen(h, values, np.abs(covariances), ~first)


best_unit.mistake(
    "The sign of r is lost: it says which way the unit moves.",
    lambda h, values, first: abs(best_unit(h, values, first)[1]),
    part=1,
)


@best_unit.mistake("The means are not taken off, so that what is always on looks like a match.")
def not_centred(h, values, first):
    def alike(part):
        return h[part].T @ values[part] / np.linalg.norm(h[part], axis=0) / np.linalg.norm(values[part])

    unit = int(np.abs(alike(first)).argmax())
    return unit, alike(~first)[unit]


@exercise(
    cases=lambda: [recorded(12, 2), recorded(20, 3, seed=3), recorded(40, 4, seed=1)],
    praise="What a straight line reads off the whole state, honestly measured.",
    see="What to look for, and how to judge it",
)
def linear_probe(h, values, first):
    """The r, on the rest, of values with a least-squares line (and constant) fitted where first is True."""
    lines = np.column_stack([h, np.ones(len(h))])
    weights = np.linalg.lstsq(lines[first], values[first], rcond=None)[0]
    return np.corrcoef(lines[~first] @ weights, values[~first])[0, 1]


def fitted(lines, values, fit, judge):
    weights = np.linalg.lstsq(lines[fit], values[fit], rcond=None)[0]
    return np.corrcoef(lines[judge] @ weights, values[judge])[0, 1]


def with_constant(h):
    return np.column_stack([h, np.ones(len(h))])


linear_probe.mistake(
    "You judge where you fitted; a line with many weights always looks good there.",
    lambda h, values, first: fitted(with_constant(h), values, first, first),
)
linear_probe.mistake(
    "The line has no constant, and must go through zero.",
    lambda h, values, first: fitted(h, values, first, ~first),
    see="A unit or the state?",
)
linear_probe.mistake(
    "You fit on everything, the half for judging included.",
    lambda h, values, first: fitted(with_constant(h), values, np.ones(len(h), bool), ~first),
)
linear_probe.mistake(
    "The two halves are exchanged.", lambda h, values, first: fitted(with_constant(h), values, ~first, first)
)
linear_probe.mistake(
    "That is the best single unit; the line may use all of them.",
    lambda h, values, first: abs(best_unit(h, values, first)[1]),
    see="A unit or the state?",
)
linear_probe.mistake(
    "You return r squared, the share explained; r is asked for.",
    lambda h, values, first: linear_probe(h, values, first) ** 2,
)
