from itertools import chain
from itertools import pairwise as neighbours

import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("06-applications/05-action-recognition.ipynb")


def people(person: list[int], time: int, features: int, testers: list[int]) -> dict:
    """Windows of people who move in their own way."""
    person = np.array(person)
    [x] = cases.normal((len(person), time, features), seed=features)
    own = cases.normal((20, features), (20, features), seed=5)
    x = x * (1 + np.abs(own[0][person][:, None])) + 3 * own[1][person][:, None]
    return {"x": x.round(2), "person": person, "testers": testers}


@exercise(
    cases=lambda: [
        people([1, 2, 1], 2, 2, [2]),
        people([4, 7, 4, 9, 7], 3, 2, [4]),
        people([3, 1, 3, 2, 1, 5, 5], 4, 3, [5, 1]),
        people([12, 11, 12, 10], 5, 4, [10, 11]),
    ],
    praise="Nothing of a tested person, not even a mean, has gone into the training.",
    parts=("the training windows", "the test windows"),
    see="Ten people, seven exercises",
)
def scaled_apart(x, person, testers):
    """The others' windows of x (N, T, D), and the testers', both scaled by the others' mean and deviation."""
    testing = np.isin(person, testers)
    train, test = x[~testing], x[testing]
    mean, deviation = train.mean(axis=(0, 1)), train.std(axis=(0, 1))
    return (train - mean) / deviation, (test - mean) / deviation


def scale(windows, like, axis=(0, 1), ddof=0):
    return (windows - like.mean(axis=axis, keepdims=True)) / like.std(axis=axis, keepdims=True, ddof=ddof)


def apart(x, person, testers):
    testing = np.isin(person, testers)
    return x[~testing], x[testing]


def scaled_by(function):
    """An answer from function(train, test, x)."""
    return lambda x, person, testers: function(*apart(x, person, testers), x)


scaled_apart.mistake(
    "The tested people have a say in mean and deviation: what is learned comes from the others alone.",
    scaled_by(lambda train, test, x: (scale(train, x), scale(test, x))),
    scaled_by(lambda train, test, x: (scale(train, test), scale(test, test))),
)
scaled_apart.mistake(
    "The tested people have a say in the deviation: it comes from the others alone, as the mean does.",
    scaled_by(lambda train, test, x: tuple((w - train.mean((0, 1))) / x.std((0, 1)) for w in (train, test))),
)
scaled_apart.mistake(
    "The tested people have a say in the mean: it comes from the others alone, as the deviation does.",
    scaled_by(lambda train, test, x: tuple((w - x.mean((0, 1))) / train.std((0, 1)) for w in (train, test))),
)
scaled_apart.mistake(
    "The test windows are scaled by themselves; whoever tests one person at a time, live, cannot do that.",
    scaled_by(lambda train, test, x: (scale(train, train), scale(test, test))),
)
scaled_apart.mistake(
    "The test windows must be scaled too, and in the same way.",
    scaled_by(lambda train, test, x: (scale(train, train), test)),
)
scaled_apart.mistake(
    "Each window is scaled by itself; how the wrist is held, and how much it moves, is then gone.",
    scaled_by(
        lambda train, test, x: tuple(
            (w - w.mean(1, keepdims=True)) / w.std(1, keepdims=True) for w in (train, test)
        )
    ),
)
scaled_apart.mistake(
    "Each step has its own mean in your answer; a feature has one, over all steps of all windows.",
    scaled_by(lambda train, test, x: (scale(train, train, 0), scale(test, train, 0))),
)
scaled_apart.mistake(
    "All features share one mean and deviation in your answer; each has its own.",
    scaled_by(lambda train, test, x: (scale(train, train, (0, 1, 2)), scale(test, train, (0, 1, 2)))),
)
scaled_apart.mistake(
    "Each person is scaled alone; nobody knows a stranger's mean before they have moved for a while.",
    lambda x, person, testers: apart(each_person(x, person), person, testers),
)


def each_person(x, person):
    found = np.zeros(x.shape)
    for one in np.unique(person):
        found[person == one] = scale(x[person == one], x[person == one])
    return found


scaled_apart.mistake(
    "You divide by the variance; the deviation is its root.",
    scaled_by(
        lambda train, test, x: tuple((w - train.mean((0, 1))) / train.var((0, 1)) for w in (train, test))
    ),
)
scaled_apart.mistake(
    "You divide by N - 1 in the deviation; the mean of the squares is asked for, as np.std takes it.",
    scaled_by(lambda train, test, x: (scale(train, train, ddof=1), scale(test, train, ddof=1))),
)
scaled_apart.mistake(
    "The mean is taken away and the deviation is not divided by.",
    scaled_by(lambda train, test, x: (train - train.mean((0, 1)), test - train.mean((0, 1)))),
)
scaled_apart.mistake(
    "Your deviation is the mean of the windows' own deviations; differences between the windows count too.",
    scaled_by(
        lambda train, test, x: tuple(
            (w - train.mean((0, 1))) / train.std(axis=1).mean(axis=0) for w in (train, test)
        )
    ),
)
scaled_apart.mistake(
    "Your deviation is that of the windows' means; the steps within a window differ too.",
    scaled_by(
        lambda train, test, x: tuple(
            (w - train.mean((0, 1))) / train.mean(axis=1).std(axis=0) for w in (train, test)
        )
    ),
)
scaled_apart.mistake(
    "The two groups are turned round: the others train, and the testers test.",
    lambda x, person, testers: scaled_apart(x, person, testers)[::-1],
    lambda x, person, testers: scaled_apart(x, person, np.setdiff1d(person, testers)),
)
scaled_apart.mistake(
    "Only one of the testers is kept apart.",
    lambda x, person, testers: scaled_apart(x, person, testers[:1]),
    lambda x, person, testers: scaled_apart(x, person, testers[-1:]),
)


@scaled_apart.mistake("You split by rows; a person's windows then stand on both sides.")
def by_rows(x, person, testers):
    count = int(np.isin(person, testers).sum())
    train, test = x[: len(x) - count], x[len(x) - count :]
    return scale(train, train), scale(test, train)


scaled_apart.mistake(
    "`person == testers` asks for one tester; ask of each person whether they are among them.",
    lambda x, person, testers: scale_two(x[person != testers], x[person == testers]),
    lambda x, person, testers: scale_two(x[~(person == testers)], x[person == testers]),
)


def scale_two(train, test):
    return scale(train, train), scale(test, train)


def streams(truth: list[str], said: list[str]) -> dict:
    return {
        name: np.array([list(map(int, row)) for row in rows]) for name, rows in (("y", truth), ("said", said))
    }


@exercise(
    cases=lambda: [
        streams(["0011"], ["0001"]),
        streams(["1110022", "0444411"], ["0111002", "0004144"]),
        streams(["22255500", "11111111", "33331133"], ["22222255", "22222222", "33333333"]),
        streams(["012012", "000111"], ["001201", "000001"]),
        streams(["55000066", "01122222"], ["55550060", "00122112"]),
    ],
    praise="The delay that a user feels, with the pieces that were never told counted whole.",
    see="How soon after a change?",
)
def mean_delay(y, said):
    """The mean number of steps from a change in y (N, T) to the first right answer in `said` (N, T)."""
    from itertools import pairwise

    delays = []
    for truth, answers in zip(y, said, strict=True):
        edges = [*np.flatnonzero(np.diff(truth)) + 1, len(truth)]
        for start, stop in pairwise(edges):
            right = np.flatnonzero(answers[start:stop] == truth[start])
            delays.append(right[0] if len(right) else stop - start)
    return np.mean(delays)


def delays_by(measure, begin=False):
    """measure: of (truth, answers, start, stop), or None; begin: whether a stream's first piece counts."""

    def delays(y, said):
        found = []
        for truth, answers in zip(y, said, strict=True):
            edges = [0] * begin + (np.flatnonzero(np.diff(truth)) + 1).tolist() + [len(truth)]
            pieces = neighbours(edges)
            found.append([measure(truth, answers, *piece) for piece in pieces])
        return [[each for each in row if each is not None] for row in found]

    return delays


def mean_of(delays):
    return lambda y, said: np.mean(list(chain(*delays(y, said))))


def first_right(truth, answers, start, stop):
    right = np.flatnonzero(answers[start:stop] == truth[start])
    return int(right[0]) if len(right) else stop - start


mean_delay.mistake(
    "The begin of a stream is no change: its first piece does not count.",
    mean_of(delays_by(first_right, begin=True)),
)
mean_delay.mistake(
    "A right answer after the piece has ended comes too late: such a piece counts with its length.",
    mean_of(delays_by(lambda truth, answers, start, stop: first_right(truth, answers, start, len(truth)))),
    mean_of(
        delays_by(
            lambda truth, answers, start, stop: int(
                np.flatnonzero(np.append(answers[start:] == truth[start:], True))[0]
            )
        )
    ),
    mean_of(
        delays_by(
            lambda truth, answers, start, stop: (
                len(truth) - start
                if not (answers[start:stop] == truth[start]).any()
                else first_right(truth, answers, start, stop)
            )
        )
    ),
)
mean_delay.mistake(
    "A piece that never gets a right answer counts with its length; to leave it out flatters the model.",
    mean_of(
        delays_by(
            lambda truth, answers, start, stop: (
                first_right(truth, answers, start, stop)
                if (answers[start:stop] == truth[start]).any()
                else None
            )
        )
    ),
)
mean_delay.mistake(
    "A piece that never gets a right answer counts with its length; to call it no delay flatters the model.",
    mean_of(
        delays_by(
            lambda truth, answers, start, stop: (
                first_right(truth, answers, start, stop) if (answers[start:stop] == truth[start]).any() else 0
            )
        )
    ),
    mean_of(
        delays_by(lambda truth, answers, start, stop: int((answers[start:stop] == truth[start]).argmax()))
    ),
)
mean_delay.mistake(
    "You count the wrong steps of the whole streams; the delay of a change ends with the first right one.",
    lambda y, said: (y != said).sum() / (np.diff(y, axis=1) != 0).sum(),
)
mean_delay.mistake(
    "You join the streams; the first step of a stream is no change from the last one of another.",
    lambda y, said: mean_delay(y.reshape(1, -1), said.reshape(1, -1)),
)
mean_delay.mistake(
    "You count all wrong steps of a piece; the delay ends with the first right one.",
    mean_of(delays_by(lambda truth, answers, start, stop: int((answers[start:stop] != truth[start]).sum()))),
)
mean_delay.mistake(
    "You wait until the answer stays right; the delay ends with the first right one.",
    mean_of(
        delays_by(
            lambda truth, answers, start, stop: int(
                np.flatnonzero(np.append(True, answers[start:stop] != truth[start]))[-1]
            )
        )
    ),
)
mean_delay.mistake(
    "You are off by one: an answer that is right at the very step of the change has delay 0.",
    lambda y, said: mean_delay(y, said) + 1,
    lambda y, said: mean_delay(y, said) - 1,
    mean_of(
        delays_by(
            lambda truth, answers, start, stop: (
                first_right(truth, answers, start, stop) + bool((answers[start:stop] == truth[start]).any())
            )
        )
    ),
    mean_of(
        delays_by(
            lambda truth, answers, start, stop: (
                first_right(truth, answers, start, stop) + (not (answers[start:stop] == truth[start]).any())
            )
        )
    ),
)
mean_delay.mistake(
    "np.diff is one shorter: a difference at place t is a change at step t + 1.",
    lambda y, said: np.mean([d for row in zip(y, said, strict=True) for d in early(*row, 0)]),
    lambda y, said: np.mean([d for row in zip(y, said, strict=True) for d in early(*row, 1)]),
    lambda y, said: np.mean((y != said)[:, :-1][np.diff(y, axis=1) != 0]),
)


def early(truth, answers, late):
    edges = [*np.flatnonzero(np.diff(truth)), len(truth)]
    for start, stop in neighbours(edges):
        right = np.flatnonzero(answers[start:stop] == truth[start + late])
        yield right[0] if len(right) else stop - start


mean_delay.mistake(
    "You look for changes in what is said; the movement changes in y.",
    mean_of(
        lambda y, said: [
            [first_right(truth, answers, start, stop) for start, stop in pieces_of(answers)]
            for truth, answers in zip(y, said, strict=True)
        ]
    ),
    mean_of(
        lambda y, said: [
            [first_right(answers, truth, start, stop) for start, stop in pieces_of(answers)]
            for truth, answers in zip(y, said, strict=True)
        ]
    ),
)


def pieces_of(row):
    edges = [*np.flatnonzero(np.diff(row)) + 1, len(row)]
    return neighbours(edges)


mean_delay.mistake(
    "Each stream has one vote in your mean; each change has.",
    lambda y, said: np.mean([np.mean(row) for row in delays_by(first_right)(y, said) if row]),
    lambda y, said: np.mean([np.mean(row) if row else 0.0 for row in delays_by(first_right)(y, said)]),
)
mean_delay.mistake(
    "That is the sum of the delays; their mean over all changes is asked for.",
    lambda y, said: np.sum(list(chain(*delays_by(first_right)(y, said)))),
)
mean_delay.mistake(
    "You divide by the number of streams; divide by the number of changes.",
    lambda y, said: np.sum(list(chain(*delays_by(first_right)(y, said)))) / len(y),
)
mean_delay.mistake(
    "You divide by the number of steps; divide by the number of changes.",
    lambda y, said: np.sum(list(chain(*delays_by(first_right)(y, said)))) / y.size,
)
mean_delay.mistake(
    "You return the median; one long delay counts with its whole length in the mean.",
    lambda y, said: np.median(list(chain(*delays_by(first_right)(y, said)))),
)


mean_delay.mistake(
    "The last piece of a stream ends with the stream; you leave it out.",
    lambda y, said: np.mean(list(chain(*without_last(y, said)))),
    lambda y, said: np.mean(list(chain(*without_last(y, said))) or [0.0]),
)


def without_last(y, said):
    for truth, answers in zip(y, said, strict=True):
        edges = np.flatnonzero(np.diff(truth)) + 1
        yield [first_right(truth, answers, *piece) for piece in neighbours(edges)]


@mean_delay.mistake("You look for changes in what is said; the movement changes in y.")
def from_changes_said(y, said):
    delays = []
    for truth, answers in zip(y, said, strict=True):
        for start in np.flatnonzero(np.diff(answers)) + 1:
            right = answers[start:] == truth[start:]
            delays.append(int(np.flatnonzero(np.append(right, True))[0]))
    return np.mean(delays)


def moves(a: list[list[int]], b: list[list[int]]) -> dict:
    return {"a": np.array(a, dtype=float), "b": np.array(b, dtype=float)}


@exercise(
    cases=lambda: [
        moves([[1], [1], [0]], [[0], [0], [0]]),
        moves([[1], [2], [1], [2]], [[1], [3], [3], [0]]),
        moves([[3, 1], [0, 1], [3, 3], [3, 2]], [[2, 1], [3, 0], [3, 0], [1, 0]]),
        moves([[2], [3], [3], [3], [2]], [[1], [1], [3], [0], [1]]),
        moves([[2], [2], [3], [3], [3]], [[3], [2], [0], [1], [2]]),
        moves([[1, 2], [2, 3], [1, 2], [2, 3], [1, 0]], [[2, 0], [1, 2], [1, 0], [2, 1], [3, 0]]),
    ],
    praise="So much waiting the two movements need; a wider band costs time and changes nothing.",
    see="A public benchmark: GunPoint and BasicMotions",
)
def least_band(a, b):
    """The smallest band with which warping a (T, D) onto b (T, D) is as cheap as with any waiting."""
    costs = []
    for band in range(len(a)):
        D = np.full((len(a) + 1, len(a) + 1), np.inf)
        D[0, 0] = 0
        for i in range(len(a)):
            for j in range(max(0, i - band), min(len(a), i + band + 1)):
                D[i + 1, j + 1] = np.sum((a[i] - b[j]) ** 2) + min(D[i, j + 1], D[i + 1, j], D[i, j])
        costs.append(D[-1, -1])
    return int(np.argmax(np.array(costs) <= costs[-1] + 1e-9))


def costs_of(
    a,
    b,
    inside=lambda i, j, band: abs(i - j) <= band,
    step=None,
    ways=lambda D, i, j: (D[i, j + 1], D[i + 1, j], D[i, j]),
):
    """The cost with each band 0 .. T - 1."""
    step = step or (lambda one, other: np.sum((one - other) ** 2))
    costs = []
    for band in range(len(a)):
        D = np.full((len(a) + 1, len(a) + 1), np.inf)
        D[0, 0] = 0
        for i in range(len(a)):
            for j in range(len(a)):
                if inside(i, j, band):
                    D[i + 1, j + 1] = step(a[i], b[j]) + min(ways(D, i, j))
        costs.append(D[-1, -1])
    return np.array(costs)


def first_free(costs):
    return int(np.argmax(costs <= costs[-1] + 1e-9))


@least_band.mistake(
    "You stop where one more step of waiting gains nothing; the next one after it may gain again."
)
def first_plateau(a, b):
    costs = costs_of(a, b)
    return next((band for band in range(len(a) - 1) if costs[band + 1] >= costs[band] - 1e-9), len(a) - 1)


least_band.mistake(
    "Your steps cost the distance; in the equation they cost its square.",
    lambda a, b: first_free(costs_of(a, b, step=lambda one, other: np.abs(one - other).sum())),
    lambda a, b: first_free(costs_of(a, b, step=lambda one, other: np.linalg.norm(one - other))),
)
least_band.mistake(
    "Only one of the two may wait in your band; either may wait for the other.",
    lambda a, b: first_free(costs_of(a, b, inside=lambda i, j, band: 0 <= j - i <= band)),
    lambda a, b: first_free(costs_of(a, b, inside=lambda i, j, band: 0 <= i - j <= band)),
)
least_band.mistake(
    "Your band excludes its own edge: with a band of 1, i - j is -1, 0 or 1.",
    lambda a, b: first_free(costs_of(a, b, inside=lambda i, j, band: -band <= j - i < max(band, 1))),
    lambda a, b: first_free(costs_of(a, b, inside=lambda i, j, band: -band < j - i <= band or i == j)),
    lambda a, b: first_free(costs_of(a, b, inside=lambda i, j, band: abs(i - j) < band or i == j)),
    lambda a, b: first_free(costs_of(a, b, inside=lambda i, j, band: -band <= j - i < band)),
)


def waits_on_path(a, b, order):
    """|i - j| along a cheapest path; order: which of (left, up, both) is preferred where they are level."""
    T = len(a)
    D = np.full((T + 1, T + 1), np.inf)
    D[0, 0] = 0
    for i in range(T):
        for j in range(T):
            D[i + 1, j + 1] = np.sum((a[i] - b[j]) ** 2) + min(D[i, j + 1], D[i + 1, j], D[i, j])
    i, j, waits = T, T, []
    while i and j:
        waits.append(i - j)
        ways = {"up": (i - 1, j), "left": (i, j - 1), "both": (i - 1, j - 1)}
        i, j = min((ways[name] for name in order), key=lambda place: D[place])
    return waits


least_band.mistake(
    "You measure one cheapest path; another one, as cheap, may wait for less.",
    *[
        lambda a, b, order=order: max(map(abs, waits_on_path(a, b, order.split())))
        for order in (
            "up left both",
            "left up both",
            "both up left",
            "both left up",
            "up both left",
            "left both up",
        )
    ],
)
least_band.mistake(
    "You count all waiting along the path; a band bounds how far apart the two are at any moment.",
    *[
        lambda a, b, order=order: len(waits_on_path(a, b, order.split())) - len(a)
        for order in ("both up left", "up left both", "left up both")
    ],
)
least_band.mistake(
    "The cheapest cost is asked for, and not the first band that is cheaper than no waiting.",
    lambda a, b: int(np.argmax(costs_of(a, b) < costs_of(a, b)[0] - 1e-9)),
)
least_band.mistake(
    "You begin with a band of 1; the movements may need no waiting at all, a band of 0.",
    lambda a, b: max(least_band(a, b), 1),
)


@least_band.mistake(
    "The border of your table is zero; but for the corner it is infinite, so that both begin at their first "
    "step."
)
def free_begin(a, b):
    costs = []
    for band in range(len(a)):
        D = np.zeros((len(a) + 1, len(a) + 1))
        for i in range(len(a)):
            for j in range(len(a)):
                ways = min(D[i, j + 1], D[i + 1, j], D[i, j])
                D[i + 1, j + 1] = np.sum((a[i] - b[j]) ** 2) + ways if abs(i - j) <= band else np.inf
        costs.append(D[-1, -1])
    return first_free(np.array(costs))


least_band.mistake(
    "You are off by one: a band of 0 is no waiting at all.",
    lambda a, b: least_band(a, b) + 1,
    lambda a, b: max(least_band(a, b) - 1, 0),
)
least_band.mistake(
    "That is the cost; asked for is how much waiting it takes.",
    lambda a, b: costs_of(a, b)[-1],
    lambda a, b: np.sqrt(costs_of(a, b)[-1]),
    lambda a, b: costs_of(a, b),
)
least_band.mistake(
    "The step that moves both on at once is missing in your recurrence.",
    lambda a, b: first_free(
        costs_of(a, b, ways=lambda D, i, j: (D[i, j + 1], D[i + 1, j]) if i or j else (D[0, 0],))
    ),
)
least_band.mistake(
    "You compare the first feature only; a step costs the squares of all of them.",
    lambda a, b: first_free(costs_of(a[:, :1], b[:, :1])),
)
