import numpy as np

from rnnbook.course.exercises import exercises_of

exercise = exercises_of("06-applications/07-speech-recognition.ipynb")


@exercise(
    cases=lambda: [
        {"path": np.array(path, dtype=int)}
        for path in (
            [0, 2, 2],
            [3, 3, 0, 8, 0, 8, 8],
            [0, 0, 0],
            [],
            [5, 5, 5, 5],
            [1, 2, 2, 1, 0, 1, 0, 0],
            [0, 4, 4, 0, 0, 4, 7, 7, 7, 0, 4],
            [9],
        )
    ],
    praise="What was said, and when: the reading of a path, with its places.",
    see="Labels without places",
)
def read_with_places(path):
    """A list of (symbol, first step, last step), one for each symbol that a path (T,) reads."""
    read, start = [], 0
    for t in range(1, len(path) + 1):
        if t == len(path) or path[t] != path[start]:
            if path[start] != 0:
                read.append((int(path[start]), start, t - 1))
            start = t
    return read


def runs_of(path, keep_blanks=False):
    """(symbol, first, last) of each run of one symbol."""
    runs = []
    for t, symbol in enumerate(path.tolist()):
        if runs and runs[-1][0] == symbol:
            runs[-1] = (symbol, runs[-1][1], t)
        else:
            runs.append((symbol, t, t))
    return runs if keep_blanks else [run for run in runs if run[0]]


@read_with_places.mistake(
    "You drop the blanks first and merge then; a blank between two equal symbols keeps them apart."
)
def blanks_first(path):
    places = np.flatnonzero(path)
    return [(symbol, int(places[first]), int(places[last])) for symbol, first, last in runs_of(path[places])]


@read_with_places.mistake(
    "You drop the blanks first and merge then; a blank between two equal symbols keeps them apart."
)
def merged_over_blanks(path):
    read = []
    for symbol, first, last in runs_of(path):
        if read and read[-1][0] == symbol:
            read[-1] = (symbol, read[-1][1], last)
        else:
            read.append((symbol, first, last))
    return read


read_with_places.mistake(
    "Your steps are counted after the blanks were dropped; they are places in the path.",
    lambda path: runs_of(path[path != 0]),
    lambda path: compressed(path),
)


def compressed(path):
    places = (np.cumsum(path != 0) - 1).tolist()
    return [(symbol, places[first], places[last]) for symbol, first, last in runs_of(path)]


read_with_places.mistake(
    "Nothing is merged: a symbol that lasts is read once.",
    lambda path: [(symbol, t, t) for t, symbol in enumerate(path.tolist()) if symbol],
)
read_with_places.mistake(
    "The blank says nothing: it is not read.", lambda path: runs_of(path, keep_blanks=True)
)
read_with_places.mistake(
    "Your last step is the one behind it; the symbol's own last step is asked for.",
    lambda path: [(symbol, first, last + 1) for symbol, first, last in runs_of(path)],
)
read_with_places.mistake(
    "You return how long a symbol lasts; its last step is asked for.",
    lambda path: [(symbol, first, last - first + 1) for symbol, first, last in runs_of(path)],
)
read_with_places.mistake(
    "A symbol that lasts to the end of the path is missing.",
    lambda path: [run for run in runs_of(path) if run[2] < len(path) - 1],
)
read_with_places.mistake(
    "A symbol that stands at the begin of the path is missing.",
    lambda path: [run for run in runs_of(path) if run[1] > 0],
)
read_with_places.mistake(
    "A symbol may be read again: yours has one place for each symbol of the path.",
    lambda path: [
        (symbol, int(np.flatnonzero(path == symbol)[0]), int(np.flatnonzero(path == symbol)[-1]))
        for symbol in dict.fromkeys(path[path != 0].tolist())
    ],
    lambda path: list({run[0]: run for run in runs_of(path)}.values()),
    lambda path: list({run[0]: run for run in runs_of(path)[::-1]}.values())[::-1],
)
read_with_places.mistake(
    "Class 0 is the blank, and here a symbol is its class: nothing is taken off.",
    lambda path: [(symbol - 1, first, last) for symbol, first, last in runs_of(path)],
)
read_with_places.mistake(
    "You return the symbols; where each begins and ends is asked for as well.",
    lambda path: [symbol for symbol, _, _ in runs_of(path)],
    lambda path: [(symbol, first) for symbol, first, _ in runs_of(path)],
    lambda path: [(first, last) for _, first, last in runs_of(path)],
)


@read_with_places.mistake("A path without any steps reads nothing: the answer is an empty list.")
def needs_a_step(path):
    _ = path[0]
    return runs_of(path)


read_with_places.mistake(
    "The steps are counted from 0.",
    lambda path: [(symbol, first + 1, last + 1) for symbol, first, last in runs_of(path)],
)


def standing(target: list[int], size: int, seed: int, reached: int | None = None, low: float = 0.0) -> dict:
    """Log-probabilities to stand at each place of a target with blanks; none from `reached` on."""
    rng = np.random.default_rng(seed)
    places = np.zeros(2 * len(target) + 1, dtype=int)
    places[1::2] = target
    alpha = rng.uniform(-6, -1, size=len(places)).round(2) - low
    if reached is not None:
        alpha[reached:] = -np.inf
    return {"alpha": alpha, "log_p": np.log(rng.dirichlet(np.ones(size))).round(2), "places": places}


@exercise(
    cases=lambda: [
        standing([1], 2, 0),
        standing([1, 2, 2], 3, 1),
        standing([3, 3, 1, 2], 4, 2, reached=4),
        standing([4, 1, 4, 4, 2], 6, 3),
        standing([2, 1, 3], 4, 4, low=900.0),
        standing([2, 1, 1, 3], 5, 5, reached=2),
    ],
    praise="Repeat it for every step, and all the paths are added up, though none was written down.",
    see="Labels without places",
)
def ctc_step(alpha, log_p, places):
    """CTC's alpha (S,) one step later. log_p (K,): of that step; places (S,): the classes, 0 is the blank."""
    stay, before = alpha, np.append(-np.inf, alpha[:-1])
    over = np.append([-np.inf, -np.inf], alpha[:-2])
    two_before = np.append([0, 0], places[:-2])
    over = np.where((places != 0) & (places != two_before), over, -np.inf)
    return np.logaddexp.reduce([stay, before, over]) + log_p[places]


def shifted(alpha, by, fill=-np.inf):
    return np.concatenate([np.full(by, fill), alpha[: len(alpha) - by]])


def may_skip(places):
    return (places != 0) & (places != np.concatenate([[0, 0], places[:-2]]))


def stepped(alpha, places, skip=may_skip, add=np.logaddexp.reduce, ways=(0, 1, 2)):
    three = [alpha, shifted(alpha, 1), np.where(skip(places), shifted(alpha, 2), -np.inf)]
    return add([three[way] for way in ways])


ctc_step.mistake(
    "Between two equal symbols the blank must not be skipped: they would be merged into one.",
    lambda alpha, log_p, places: stepped(alpha, places, lambda places: places != 0) + log_p[places],
)
ctc_step.mistake(
    "A blank is not reached from the blank before it: the symbol between the two would be left out.",
    lambda alpha, log_p, places: (
        stepped(alpha, places, lambda places: np.ones(len(places), dtype=bool)) + log_p[places]
    ),
    lambda alpha, log_p, places: (
        stepped(
            alpha, places, lambda places: (places == 0) | (places != np.concatenate([[0, 0], places[:-2]]))
        )
        + log_p[places]
    ),
)
ctc_step.mistake(
    "A path may skip the blank between two different symbols.",
    lambda alpha, log_p, places: stepped(alpha, places, ways=(0, 1)) + log_p[places],
)
ctc_step.mistake(
    "A path may stay where it is: a symbol, or a blank, may last.",
    lambda alpha, log_p, places: stepped(alpha, places, ways=(1, 2)) + log_p[places],
)
ctc_step.mistake(
    "You skip where it is forbidden and stop where it is allowed.",
    lambda alpha, log_p, places: stepped(alpha, places, lambda places: ~may_skip(places)) + log_p[places],
    lambda alpha, log_p, places: (
        stepped(
            alpha, places, lambda places: (places != 0) & (places == np.concatenate([[0, 0], places[:-2]]))
        )
        + log_p[places]
    ),
)
ctc_step.mistake(
    "You follow the best way only; all ways are added up.",
    lambda alpha, log_p, places: (
        stepped(alpha, places, add=lambda ways: np.max(ways, axis=0)) + log_p[places]
    ),
)
ctc_step.mistake(
    "Logarithms are added in your step, which multiplies the ways; probabilities are added.",
    lambda alpha, log_p, places: (
        stepped(alpha, places, add=lambda ways: np.sum(ways, axis=0)) + log_p[places]
    ),
    lambda alpha, log_p, places: (
        alpha
        + shifted(alpha, 1, 0.0)
        + np.where(may_skip(places), shifted(alpha, 2, 0.0), 0.0)
        + log_p[places]
    ),
)
ctc_step.mistake(
    "Each place says the class that stands there: log_p is asked at places[s], and not at s.",
    lambda alpha, log_p, places: stepped(alpha, places) + log_p[np.arange(len(places)) % len(log_p)],
)
ctc_step.mistake(
    "What the network says at this step is missing.", lambda alpha, log_p, places: stepped(alpha, places)
)
ctc_step.mistake(
    "Before the first place there is nothing; your first places hear of the last ones, round the corner.",
    lambda alpha, log_p, places: (
        np.logaddexp.reduce(
            [
                alpha,
                np.roll(alpha, 1),
                np.where((places != 0) & (places != np.roll(places, 2)), np.roll(alpha, 2), -np.inf),
            ]
        )
        + log_p[places]
    ),
    lambda alpha, log_p, places: (
        np.logaddexp.reduce(
            [alpha, np.roll(alpha, 1), np.where(may_skip(places), np.roll(alpha, 2), -np.inf)]
        )
        + log_p[places]
    ),
    lambda alpha, log_p, places: (
        np.logaddexp(stepped(alpha, places), np.where(np.arange(len(places)) == 0, alpha[-1], -np.inf))
        + log_p[places]
    ),
)
ctc_step.mistake(
    "Before the first place there is nothing, whose logarithm is minus infinity; a 0 stands for a certainty.",
    lambda alpha, log_p, places: (
        np.logaddexp.reduce(
            [alpha, shifted(alpha, 1, 0.0), np.where(may_skip(places), shifted(alpha, 2), -np.inf)]
        )
        + log_p[places]
    ),
    lambda alpha, log_p, places: (
        np.logaddexp.reduce(
            [alpha, shifted(alpha, 1, 0.0), np.where(may_skip(places), shifted(alpha, 2, 0.0), -np.inf)]
        )
        + log_p[places]
    ),
    lambda alpha, log_p, places: (
        np.logaddexp.reduce([alpha, shifted(alpha, 1), np.where(may_skip(places), shifted(alpha, 2), 0.0)])
        + log_p[places]
    ),
    lambda alpha, log_p, places: (
        np.logaddexp.reduce(
            [alpha, shifted(alpha, 1, 0.0), np.where(may_skip(places), shifted(alpha, 2, 0.0), 0.0)]
        )
        + log_p[places]
    ),
)
ctc_step.mistake(
    "The exponential of a very small log-probability is 0; np.logaddexp adds without leaving the logarithm.",
    lambda alpha, log_p, places: (
        np.log(stepped(alpha, places, add=lambda ways: np.exp(ways).sum(axis=0))) + log_p[places]
    ),
)
ctc_step.mistake(
    "You return probabilities; alpha stays a logarithm.",
    lambda alpha, log_p, places: np.exp(ctc_step(alpha, log_p, places)),
)
ctc_step.mistake(
    "You come from the places behind; paths go forwards.",
    lambda alpha, log_p, places: stepped(alpha[::-1], places[::-1])[::-1] + log_p[places],
    lambda alpha, log_p, places: stepped((alpha + log_p[places])[::-1], places[::-1])[::-1],
)
ctc_step.mistake(
    "You ask what the network says where the path comes from; it is asked where the path arrives.",
    lambda alpha, log_p, places: stepped(alpha + log_p[places], places),
)


@ctc_step.mistake("You write into alpha while you still read it: every place looks at the old values.")
def in_place(alpha, log_p, places):
    later = alpha.copy()
    for s in range(1, len(places)):
        later[s] = np.logaddexp(later[s], later[s - 1])
        if s > 1 and may_skip(places)[s]:
            later[s] = np.logaddexp(later[s], later[s - 2])
    return later + log_p[places]


@ctc_step.mistake("You write into alpha while you still read it: every place looks at the old values.")
def in_place_with_log_p(alpha, log_p, places):
    later = alpha.copy()
    for s in range(len(places)):
        ways = [
            later[s],
            later[s - 1] if s else -np.inf,
            later[s - 2] if s > 1 and may_skip(places)[s] else -np.inf,
        ]
        later[s] = np.logaddexp.reduce(ways) + log_p[places[s]]
    return later


@ctc_step.mistake("You write into the argument alpha: work on a new array, the caller may still need it.")
def into_alpha(alpha, log_p, places):
    alpha[:] = ctc_step(alpha, log_p, places)
    return alpha


def said(p: list[list[float]]) -> dict:
    return {"p": np.array(p)}


@exercise(
    cases=lambda: [
        said([[0.6, 0.4], [0.6, 0.4]]),
        said([[0.9, 0.1], [0.8, 0.2], [0.9, 0.1]]),
        said([[0.3, 0.6, 0.1], [0.5, 0.1, 0.4], [0.2, 0.5, 0.3]]),
        said([[0.2, 0.7, 0.1], [0.1, 0.6, 0.3], [0.4, 0.1, 0.5], [0.1, 0.1, 0.8]]),
        said([[0.1, 0.9], [0.7, 0.3], [0.1, 0.9]]),
        said([[0.5, 0.2, 0.3], [0.4, 0.3, 0.3], [0.5, 0.2, 0.3], [0.5, 0.3, 0.2]]),
        said([[0.34, 0.33, 0.33], [0.3, 0.3, 0.4]]),
    ],
    praise="By hand, over all paths: what a prefix beam search finds without listing them.",
    parts=("the reading", "its probability"),
    see="Where the network hears the digits",
)
def likeliest_reading(p):
    """The likeliest reading, a list of classes, over all paths of p (T, K), and its probability."""
    from itertools import product

    totals = {}
    for path in product(range(p.shape[1]), repeat=len(p)):
        read = tuple(k for before, k in zip((0, *path), path, strict=False) if k not in (0, before))
        totals[read] = totals.get(read, 0.0) + np.prod(p[np.arange(len(p)), path])
    best = max(totals, key=totals.get)
    return list(best), totals[best]


def merge_then_drop(path):
    return tuple(k for before, k in zip((0, *path), path, strict=False) if k not in (0, before))


def drop_then_merge(path):
    kept = [k for k in path if k]
    return tuple(k for before, k in zip((0, *kept), kept, strict=False) if k != before)


def totals_of(p, read=merge_then_drop, weight=None, add=lambda total, new: total + new):
    from itertools import product

    totals = {}
    for path in product(range(p.shape[1]), repeat=len(p)):
        each = p[np.arange(len(p)), list(path)]
        totals[read(path)] = add(
            totals.get(read(path), 0.0), np.prod(each) if weight is None else weight(each)
        )
    return totals


def best_of(totals):
    best = max(totals, key=totals.get)
    return list(best), totals[best]


likeliest_reading.mistake(
    "That is the reading of the likeliest path; another reading may have more paths, and more in all.",
    lambda p: (list(merge_then_drop(p.argmax(axis=1).tolist())), np.prod(p.max(axis=1))),
    lambda p: (
        list(merge_then_drop(p.argmax(axis=1).tolist())),
        totals_of(p)[merge_then_drop(p.argmax(axis=1).tolist())],
    ),
)
likeliest_reading.mistake(
    "The reading is right, and its probability is that of one path; all paths that read it are added up.",
    lambda p: totals_of(p, add=max)[tuple(likeliest_reading(p)[0])],
    lambda p: np.prod(p.max(axis=1)),
    part="its probability",
)
likeliest_reading.mistake(
    "You drop the blanks first and merge then; a blank between two equal symbols keeps them apart.",
    lambda p: best_of(totals_of(p, drop_then_merge)),
)
likeliest_reading.mistake(
    "Nothing is merged in your readings: a symbol that lasts is read once.",
    lambda p: best_of(totals_of(p, lambda path: tuple(k for k in path if k))),
)
likeliest_reading.mistake(
    "The blank is never read; it stands in your readings.",
    lambda p: best_of(totals_of(p, lambda path: path)),
    lambda p: best_of(
        totals_of(p, lambda path: tuple(k for b, k in zip((None, *path), path, strict=False) if k != b))
    ),
)
likeliest_reading.mistake(
    "To say nothing is a reading too: the empty list.",
    lambda p: best_of({read: total for read, total in totals_of(p).items() if read}),
)
likeliest_reading.mistake(
    "The probability of a path is the product of its steps; yours is a sum.",
    lambda p: best_of(totals_of(p, weight=np.sum)),
    lambda p: best_of(totals_of(p, weight=np.mean)),
)
likeliest_reading.mistake(
    "You count how many paths read it; paths differ in how probable they are.",
    lambda p: best_of(totals_of(p, weight=lambda each: 1)),
    lambda p: best_of(
        {read: total / p.shape[1] ** len(p) for read, total in totals_of(p, weight=lambda each: 1).items()}
    ),
)
likeliest_reading.mistake(
    "You average over the paths that read it; their probabilities are added up.",
    lambda p: best_of(averaged(p)),
)


def averaged(p):
    counts = totals_of(p, weight=lambda each: 1)
    return {read: total / counts[read] for read, total in totals_of(p).items()}


likeliest_reading.mistake(
    "You return a logarithm; the probability itself is asked for.",
    lambda p: np.log(likeliest_reading(p)[1]),
    lambda p: -np.log(likeliest_reading(p)[1]),
    part="its probability",
)
likeliest_reading.mistake(
    "Class 0 is the blank, and here a symbol is its class: nothing is taken off.",
    lambda p: [k - 1 for k in likeliest_reading(p)[0]],
    part="the reading",
)
likeliest_reading.mistake(
    "Your paths end one step too early: they go through all steps of p.",
    lambda p: best_of(totals_of(p[:-1])) if len(p) > 1 else ([], 1.0),
)
likeliest_reading.mistake(
    "Your paths begin one step too late: they go through all steps of p.",
    lambda p: best_of(totals_of(p[1:])) if len(p) > 1 else ([], 1.0),
)


likeliest_reading.mistake(
    "Each path replaces what its reading had so far; add to it.",
    lambda p: best_of(totals_of(p, add=lambda total, new: new)),
)
likeliest_reading.mistake(
    "A reading is no set of symbols: their order counts, and one may be read twice.",
    lambda p: best_of(totals_of(p, lambda path: tuple(sorted(set(path) - {0})))),
)
likeliest_reading.mistake(
    "A symbol may be read twice, after a blank or after another one.",
    lambda p: best_of(totals_of(p, lambda path: tuple(dict.fromkeys(k for k in path if k)))),
)
likeliest_reading.mistake(
    "The order of the symbols counts: you sort them.",
    lambda p: best_of(totals_of(p, lambda path: tuple(sorted(merge_then_drop(path))))),
)
