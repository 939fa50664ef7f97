import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("02-core-concepts/03-what-a-unit-tracks.ipynb")


def recorded(places: int, units: int, follows: float = 1.0, seed: int = 0) -> dict[str, np.ndarray]:
    """States and a property that unit 1 follows the other way round, and a loud unit 0 a little."""
    h, noise = cases.normal((places, units), (places,), seed=seed)
    values = (3 - follows * h[:, 1] + 0.3 * follows * h[:, 0] + 0.8 * noise).round(2)
    h[:, 0] *= 5
    return {"h": (h + 2).round(2), "values": values, "first": np.arange(places) % 3 != 1}


def with_orders(case: dict, count: int, seed: int = 0) -> dict:
    rng = np.random.default_rng(seed)
    return case | {"orders": np.array([rng.permutation(len(case["values"])) for _ in range(count)])}


def balanced(count: int, seed: int) -> dict[str, np.ndarray]:
    """States and values of -1 and 1 that add up to 0 in each half, whatever the order: no r is rounded.

    The first order leaves all where it was.
    """
    rng = np.random.default_rng(seed)
    first = np.arange(16) % 2 == 0

    def shuffled(numbers):
        numbers = np.array(numbers)
        for part in (first, ~first):
            numbers[part] = rng.permutation(numbers[part])
        return numbers

    signs = [1.0, 1.0, -1.0, -1.0] * 4
    columns = [shuffled(signs) for _ in range(3)]
    orders = [np.arange(16), *(shuffled(range(16)) for _ in range(count - 1))]
    return {
        "h": np.column_stack(columns[:2]),
        "values": columns[2],
        "first": first,
        "orders": np.array(orders),
    }


@exercise(
    cases=lambda: [
        with_orders(recorded(8, 2, 0.3), 4),
        with_orders(recorded(15, 4, 0.2, seed=1), 8, seed=1),
        with_orders(recorded(12, 3, 0.5, seed=2), 7, seed=2),
        with_orders(recorded(20, 4, 0.0, seed=3), 8, seed=3),
        with_orders(recorded(16, 3, 0.6, seed=6), 6, seed=4),
        balanced(5, seed=2898),
    ],
    praise="The control searches as hard as you did: only so does it show what luck is worth.",
    see="What to look for, and how to judge it",
)
def shuffled_control(h, values, first, orders):
    """The share of the shuffles, orders (R, N), whose search finds an |r| as large as the real one."""

    def found(values):
        def size(unit, part):
            return abs(np.corrcoef(h[part, unit], values[part])[0, 1])

        unit = max(range(h.shape[1]), key=lambda unit: size(unit, first))
        return size(unit, ~first)

    real = found(values)
    return float(np.mean([found(values[order]) >= real for order in orders]))


def correlations(h, values, part):
    return np.array([np.corrcoef(h[part, unit], values[part])[0, 1] for unit in range(h.shape[1])])


def control(
    h,
    values,
    first,
    orders,
    search,
    shuffle=lambda h, values, order: (h, values[order]),
    compare=np.greater_equal,
):
    """The solution with another search, search(h, values, first), or another shuffle."""
    real = search(h, values, first)
    return float(np.mean([compare(search(*shuffle(h, values, order), first), real) for order in orders]))


def honest(h, values, first, size=np.abs, judge=True, choose=None):
    r = correlations(h, values, first if choose is None else choose)
    unit = size(r).argmax()
    return size(correlations(h, values, ~first if judge else first))[unit]


shuffled_control.mistake(
    "You judge on the half where the unit was chosen; the best of many is lucky there.",
    lambda *case: control(*case, lambda h, values, first: honest(h, values, first, judge=False)),
)
shuffled_control.mistake(
    "You choose by r; a unit may follow a property the other way round: use |r|.",
    lambda *case: control(*case, lambda h, values, first: honest(h, values, first, size=lambda r: r)),
    lambda *case: control(*case, lambda h, values, first: abs(honest(h, values, first, size=lambda r: r))),
)
shuffled_control.mistake(
    "You choose by |r|, and compare r with its sign; compare sizes.",
    lambda *case: control(
        *case,
        lambda h, values, first: correlations(h, values, ~first)[
            np.abs(correlations(h, values, first)).argmax()
        ],
    ),
)
shuffled_control.mistake(
    "You choose on all places, those for judging among them.",
    lambda *case: control(*case, lambda h, values, _: np.abs(correlations(h, values, slice(None))).max()),
    lambda *case: control(
        *case, lambda h, values, first: honest(h, values, first, choose=np.ones(len(first), bool))
    ),
)
shuffled_control.mistake(
    "You choose where you judge: the best |r| on the other half itself.",
    lambda *case: control(*case, lambda h, values, first: honest(h, values, first, choose=~first)),
)
shuffled_control.mistake(
    "The two halves are exchanged: choose where `first` is True, judge on the rest.",
    lambda h, values, first, orders: shuffled_control(h, values, ~first, orders),
)


@shuffled_control.mistake(
    "You keep the unit of the real search; the control must choose a new one for each shuffle."
)
def unit_is_kept(h, values, first, orders):
    unit = np.abs(correlations(h, values, first)).argmax()
    return shuffled_control(h[:, [unit]], values, first, orders)


shuffled_control.mistake(
    "That is the share of shuffles that stay below the real search.",
    lambda *case: 1 - shuffled_control(*case),
)
shuffled_control.mistake(
    "That is a number of shuffles; their share is asked for.",
    lambda *case: round(shuffled_control(*case) * len(case[-1])),
)


@shuffled_control.mistake("You compare with the mean of the shuffles; count how many reach the real |r|.")
def against_the_mean(h, values, first, orders):
    return float(np.mean([honest(h, values[order], first) for order in orders]) >= honest(h, values, first))


shuffled_control.mistake(
    "You return the mean |r| of the shuffles; how often they reach the real one is asked for.",
    lambda h, values, first, orders: float(np.mean([honest(h, values[order], first) for order in orders])),
)
shuffled_control.mistake(
    "You shuffle the halves along with the values, so that the real pairs are not torn apart.",
    lambda h, values, first, orders: float(
        np.mean([honest(h, values, first[order]) >= honest(h, values, first) for order in orders])
    ),
    lambda h, values, first, orders: float(
        np.mean([honest(h[order], values[order], first) >= honest(h, values, first) for order in orders])
    ),
)
shuffled_control.mistake(
    "You use the covariance; a loud unit then beats one that follows closely: divide by both spreads.",
    lambda *case: control(
        *case,
        lambda h, values, first: abs(
            correlations(h, values, ~first)[
                np.abs(correlations(h, values, first) * h[first].std(axis=0)).argmax()
            ]
        ),
    ),
    lambda *case: control(
        *case,
        lambda h, values, first: np.abs(
            correlations(h, values, ~first) * h[~first].std(axis=0) * values[~first].std()
        )[np.abs(correlations(h, values, first) * h[first].std(axis=0)).argmax()],
    ),
)


def heard(places: int, letters: int, own: float, seed: int = 0, rare: bool = False) -> dict[str, np.ndarray]:
    """A unit and a property that both follow the letter, and share something else (times `own`)."""
    rng = np.random.default_rng(seed)
    letter = rng.integers(letters, size=places)
    if rare:
        letter[-1] = letters + 3
    tells, shared, noise = rng.normal(size=letters + 4), rng.normal(size=places), rng.normal(size=(2, places))
    spread = rng.uniform(0.3, 2.0, size=letters + 4)[letter]
    unit = 2 * tells[letter] + spread * (own * shared + 0.5 * noise[0])
    values = 1 - 2 * tells[letter] + abs(own) * shared + 0.5 * noise[1]
    return {"unit": unit.round(2), "values": values.round(2), "letters": letter}


@exercise(
    cases=lambda: [
        heard(6, 2, 1.0),
        heard(14, 3, 1.0, seed=1),
        heard(21, 5, -1.5, seed=2, rare=True),
        heard(30, 4, 0.3, seed=3),
        heard(12, 2, 0.0, seed=4, rare=True),
    ],
    praise="What is left is what the letter alone cannot give: that much takes a memory.",
    see="What to look for, and how to judge it",
)
def beyond_the_letter(unit, values, letters):
    """The r of unit and values (N,), once each has lost the mean of its places with the same letter (N,)."""

    def rest(numbers):
        means = {letter: numbers[letters == letter].mean() for letter in set(letters.tolist())}
        return numbers - np.array([means[letter] for letter in letters.tolist()])

    return float(np.corrcoef(rest(unit), rest(values))[0, 1])


def mean_by_letter(numbers, letters):
    return np.array([numbers[letters == letter].mean() for letter in letters])


def rest(numbers, letters):
    return numbers - mean_by_letter(numbers, letters)


def r(one, other):
    return float(np.corrcoef(one, other)[0, 1])


beyond_the_letter.mistake(
    "That is the plain correlation; the letter is still in it.",
    lambda unit, values, letters: r(unit, values),
)
beyond_the_letter.mistake(
    "Only the property has lost its means; the unit follows the letter as well.",
    lambda unit, values, letters: r(unit, rest(values, letters)),
)
beyond_the_letter.mistake(
    "Only the unit has lost its means; the property follows the letter as well.",
    lambda unit, values, letters: r(rest(unit, letters), values),
)
beyond_the_letter.mistake(
    "That is what the letter alone gives: you correlate the means, and not what is left without them.",
    lambda unit, values, letters: r(mean_by_letter(unit, letters), mean_by_letter(values, letters)),
    lambda unit, values, letters: r(unit, mean_by_letter(values, letters)),
)


def within(unit, values, letters, weigh):
    parts = [letters == letter for letter in np.unique(letters) if np.sum(letters == letter) > 1]
    sizes = [weigh(part.sum()) for part in parts]
    return float(np.average([r(unit[part], values[part]) for part in parts], weights=sizes))


beyond_the_letter.mistake(
    "You average one r per letter; take the means off, and correlate all places at once.",
    lambda *case: within(*case, lambda size: 1),
    lambda *case: within(*case, lambda size: size),
)
beyond_the_letter.mistake(
    "You take a straight line of the letter's number off; a letter is a name, and its number means nothing.",
    lambda unit, values, letters: r(
        unit - np.polyval(np.polyfit(letters, unit, 1), letters),
        values - np.polyval(np.polyfit(letters, values, 1), letters),
    ),
)
beyond_the_letter.mistake("You return r squared.", lambda *case: beyond_the_letter(*case) ** 2)
beyond_the_letter.mistake(
    "The sign of r is lost: it says which way the unit moves.", lambda *case: abs(beyond_the_letter(*case))
)


beyond_the_letter.mistake(
    "You take off the median of each letter; its mean is asked for.",
    lambda unit, values, letters: r(
        unit - np.array([np.median(unit[letters == k]) for k in letters]),
        values - np.array([np.median(values[letters == k]) for k in letters]),
    ),
)
beyond_the_letter.mistake(
    "That is a covariance; divide by both spreads.",
    lambda unit, values, letters: float(np.mean(rest(unit, letters) * rest(values, letters))),
    lambda unit, values, letters: float(np.cov(rest(unit, letters), rest(values, letters))[0, 1]),
)
beyond_the_letter.mistake(
    "The two rests are divided by the spreads of before; take those of what is left.",
    lambda unit, values, letters: float(
        np.mean(rest(unit, letters) * rest(values, letters)) / unit.std() / values.std()
    ),
)
beyond_the_letter.mistake(
    "You take off the means of the wrong array: the unit loses its own, and the property its own.",
    lambda unit, values, letters: r(
        unit - mean_by_letter(values, letters), values - mean_by_letter(unit, letters)
    ),
)


def many(places: int, units: int, seed: int) -> dict[str, np.ndarray]:
    """A property that several units hold together, one of them loud, one a near copy of another."""
    h, noise = cases.normal((places, units), (places,), seed=seed)
    weights = np.linspace(1.0, -1.6, units)
    values = 4 + h @ weights + 0.7 * noise
    h[:, 0] *= 6
    if units > 3:
        h[:, -1] = h[:, -2] + 0.4 * h[:, -1]
    return {"h": (h + 1.5).round(2), "values": values.round(2), "first": np.arange(places) % 5 < 3}


@exercise(
    cases=lambda: [many(10, 2, 0), many(20, 3, 1), many(30, 5, 2), many(24, 4, 3), many(40, 6, 4)],
    parts=("the unit", "r without it"),
    praise="A property can be spread over many units: what one loses, others may still hold.",
    see="A unit or the state?",
)
def most_missed(h, values, first):
    """The unit without which a least-squares line through the others has the lowest r, and that r."""

    def r_without(unit):
        lines = np.column_stack([np.delete(h, unit, axis=1), np.ones(len(h))])
        weights = np.linalg.lstsq(lines[first], values[first], rcond=None)[0]
        return float(np.corrcoef(lines[~first] @ weights, values[~first])[0, 1])

    unit = min(range(h.shape[1]), key=r_without)
    return unit, r_without(unit)


def with_constant(h):
    return np.column_stack([h, np.ones(len(h))])


def probe(h, values, fit, judge, constant=True):
    lines = with_constant(h) if constant else h
    weights = np.linalg.lstsq(lines[fit], values[fit], rcond=None)[0]
    return float(np.corrcoef(lines[judge] @ weights, values[judge])[0, 1])


def without_each(h, values, fit, judge, constant=True):
    return np.array(
        [probe(np.delete(h, unit, axis=1), values, fit, judge, constant) for unit in range(h.shape[1])]
    )


def lowest(scores):
    return int(scores.argmin()), float(scores.min())


most_missed.mistake(
    "You judge where you fitted; a line with many weights always looks good there.",
    lambda h, values, first: lowest(without_each(h, values, first, first)),
)
most_missed.mistake(
    "You choose where you fitted, and judge elsewhere; r on the rest decides which unit is missed most.",
    lambda h, values, first: (lambda unit: (unit, float(without_each(h, values, first, ~first)[unit])))(
        int(without_each(h, values, first, first).argmin())
    ),
)
most_missed.mistake(
    "The line has no constant, and must go through zero.",
    lambda h, values, first: lowest(without_each(h, values, first, ~first, constant=False)),
)
most_missed.mistake(
    "You fit on everything, the half for judging included.",
    lambda h, values, first: lowest(without_each(h, values, slice(None), slice(None))),
    lambda h, values, first: lowest(without_each(h, values, np.ones(len(h), bool), ~first)),
)
most_missed.mistake(
    "The two halves are exchanged.", lambda h, values, first: lowest(without_each(h, values, ~first, first))
)


@most_missed.mistake(
    "You set the unit to zero in a line fitted with it; fit a new line, which may lean on the others."
)
def silenced(h, values, first):
    lines = with_constant(h)
    weights = np.linalg.lstsq(lines[first], values[first], rcond=None)[0]
    scores = []
    for unit in range(h.shape[1]):
        kept = weights.copy()
        kept[unit] = 0
        scores.append(np.corrcoef(lines[~first] @ kept, values[~first])[0, 1])
    return lowest(np.array(scores))


most_missed.mistake(
    "That is the unit that is missed least: where it is away, r stays highest.",
    lambda h, values, first: (lambda scores: (int(scores.argmax()), float(scores.max())))(
        without_each(h, values, first, ~first)
    ),
)


def with_r_without(h, values, first, unit):
    return unit, float(without_each(h, values, first, ~first)[unit])


def full_weights(h, values, first):
    return np.linalg.lstsq(with_constant(h)[first], values[first], rcond=None)[0][:-1]


most_missed.mistake(
    "You take the unit of the largest weight; a quiet unit has large weights, and others may replace it.",
    lambda h, values, first: with_r_without(
        h, values, first, int(np.abs(full_weights(h, values, first)).argmax())
    ),
)
most_missed.mistake(
    "You take the unit that follows best by itself; ask what the others can do without it.",
    lambda h, values, first: with_r_without(
        h, values, first, int(np.abs(correlations(h, values, first)).argmax())
    ),
    lambda h, values, first: with_r_without(
        h, values, first, int(np.abs(correlations(h, values, ~first)).argmax())
    ),
    lambda h, values, first: (lambda scores: (int(scores.argmax()), float(scores.max())))(
        np.abs(correlations(h, values, ~first))
    ),
)
most_missed.mistake(
    "That is the r of the line through all units; asked for is the one without the unit.",
    lambda h, values, first: probe(h, values, first, ~first),
    part=1,
)
most_missed.mistake(
    "You return by how much r falls; the r that is left is asked for.",
    lambda h, values, first: probe(h, values, first, ~first) - most_missed(h, values, first)[1],
    part=1,
)
most_missed.mistake(
    "You fit the line to one unit alone; take one away and use all the others.",
    lambda h, values, first: lowest(
        np.array([probe(h[:, [unit]], values, first, ~first) for unit in range(h.shape[1])])
    ),
    lambda h, values, first: (lambda scores: (int(scores.argmax()), float(scores.max())))(
        np.array([probe(h[:, [unit]], values, first, ~first) for unit in range(h.shape[1])])
    ),
)
most_missed.mistake(
    "You return r squared.", lambda h, values, first: most_missed(h, values, first)[1] ** 2, part=1
)
most_missed.mistake(
    "The results are exchanged: the unit comes first.",
    lambda h, values, first: most_missed(h, values, first)[::-1],
)


shuffled_control.mistake(
    "You shuffle the states; an order is to be applied to the values.",
    lambda *case: control(*case, honest, shuffle=lambda h, values, order: (h[order], values)),
)
most_missed.mistake(
    "You look for the smallest size of r; a line that points the wrong way, r below 0, is worse than none.",
    lambda h, values, first: lowest(np.abs(without_each(h, values, first, ~first))),
    lambda h, values, first: with_r_without(
        h, values, first, int(np.abs(without_each(h, values, first, ~first)).argmin())
    ),
)


shuffled_control.mistake(
    "You count the real search among the shuffles; the share of the shuffles alone is asked for.",
    lambda *case: (shuffled_control(*case) * len(case[-1]) + 1) / (len(case[-1]) + 1),
)


shuffled_control.mistake(
    "You count only shuffles that find more than the real search; one that finds just as much counts, too.",
    lambda *case: control(*case, honest, compare=np.greater),
)


@shuffled_control.mistake(
    "You judge with the real values; the search must see the shuffled ones on both halves."
)
def judged_with_the_real_values(h, values, first, orders):
    sizes = np.abs(correlations(h, values, ~first))
    found = [sizes[np.abs(correlations(h, values[order], first)).argmax()] for order in orders]
    return float(np.mean(found >= sizes[np.abs(correlations(h, values, first)).argmax()]))


def without_mean_of(numbers, letters, letter):
    return np.where(letters == letter, numbers - numbers[letters == letter].mean(), numbers)


def without_one_mean(unit, values, letters, letter):
    return r(without_mean_of(unit, letters, letter), without_mean_of(values, letters, letter))


beyond_the_letter.mistake(
    "You start again from the given numbers for each letter, so that the last letter alone loses its mean.",
    lambda unit, values, letters: without_one_mean(unit, values, letters, letters.max()),
    lambda unit, values, letters: without_one_mean(
        unit, values, letters, list(dict.fromkeys(letters.tolist()))[-1]
    ),
)
beyond_the_letter.mistake(
    "The first letter alone loses its mean: is the `return` in the loop?",
    lambda unit, values, letters: without_one_mean(unit, values, letters, letters.min()),
    lambda unit, values, letters: without_one_mean(unit, values, letters, letters[0]),
)
