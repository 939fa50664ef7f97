import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("06-applications/08-speech-synthesis.ipynb")


def said(*words: tuple[str, ...]) -> dict:
    """Each word: what the network says, and the ways of the dictionary."""
    return {
        "found": [tuple(word[0].split()) for word in words],
        "ways": [[tuple(way.split()) for way in word[1:]] for word in words],
    }


@exercise(
    cases=lambda: [
        said(("T AH F", "T AH F"), ("DH UW", "DH OW")),
        said(("K AO F", "K AA F", "K AO F"), ("B AA K S", "B AA K S"), ("N AY", "N AY T")),
        said(("B AW F", "B AW"), ("", "EY T", "AH"), ("S EH V N", "S EH V AH N", "S EH V N")),
        said(("K N AY T", "N AY T"), ("R IY D", "R EH D IH NG", "R EH D"), ("IH N V", "IH N V AY T S")),
        said(("AH B", "B AH", "AH B AH B"), ("Z IH R OW", "Z IY R OW", "Z IH R AH"), ("T", "T")),
        said(("S", "S T AH", "T AH"), ("N OW", "N OW", "N UW"), ("IY T", "IY T AH", "IY")),
        said(
            ("A B", "B A C", "A B C D"),
            ("A A", "A A A A", "B A"),
            ("S IH K S T", "S IH", "S IH K S T S", "T"),
        ),
    ],
    praise="The measure of this notebook: of several right ways the nearest counts.",
    parts=("the phoneme error rate", "the share of wrong words"),
    see="Two answers per letter",
)
def nearest_error_rates(found, ways):
    """The phoneme error rate, and the share of wrong words. ways: a list of right ones for each word."""

    def edits(one, other):
        row = list(range(len(other) + 1))
        for i, a in enumerate(one, start=1):
            before, row[0] = row[0], i
            for j, b in enumerate(other, start=1):
                before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
        return row[-1]

    wrong, true = [], 0
    for said, known in zip(found, ways, strict=True):
        distances = [edits(said, way) for way in known]
        wrong.append(min(distances))
        true += len(known[int(np.argmin(distances))])
    return sum(wrong) / true, np.mean(np.array(wrong) > 0)


def distance(one, other, replace=1, insert=1, delete=1):
    """From what was said (one) to the truth (other): what was said is deleted, what is missing inserted."""
    row = [insert * j for j in range(len(other) + 1)]
    for i, a in enumerate(one, start=1):
        before, row[0] = row[0], delete * i
        for j, b in enumerate(other, start=1):
            before, row[j] = row[j], min(row[j] + delete, row[j - 1] + insert, before + replace * (a != b))
    return row[-1]


def counted(
    found, ways, measure=distance, choose=lambda distances, known: int(np.argmin(distances)), length=None
):
    """(edits, true phonemes) of each word."""
    rows = []
    for one, known in zip(found, ways, strict=True):
        distances = [measure(one, way) for way in known]
        chosen = choose(distances, known)
        rows.append((distances[chosen], len(known[chosen]) if length is None else length(one, known, chosen)))
    return np.array(rows, dtype=float).T


def rates(found, ways, **options):
    wrong, true = counted(found, ways, **options)
    return wrong.sum() / true.sum(), np.mean(wrong > 0)


nearest_error_rates.mistake(
    "Where the dictionary knows several ways, the nearest counts; you look at one of them whatever was said.",
    lambda found, ways: rates(found, ways, choose=lambda distances, known: 0),
    lambda found, ways: rates(found, ways, choose=lambda distances, known: len(known) - 1),
)
nearest_error_rates.mistake(
    "You take the way that needs the most edits; the nearest one counts.",
    lambda found, ways: rates(found, ways, choose=lambda distances, known: int(np.argmax(distances))),
)
nearest_error_rates.mistake(
    "The first phoneme that is missing shifts all others in your count; an insertion costs one.",
    lambda found, ways: rates(found, ways, measure=by_places),
    lambda found, ways: rates(
        found, ways, measure=lambda a, b: sum(x != y for x, y in zip(a, b, strict=False))
    ),
)


def by_places(one, other):
    return sum(x != y for x, y in zip(one, other, strict=False)) + abs(len(one) - len(other))


nearest_error_rates.mistake(
    "A replaced phoneme is one edit; yours is deleted and inserted, which makes two.",
    lambda found, ways: rates(found, ways, measure=lambda a, b: distance(a, b, replace=2)),
)
nearest_error_rates.mistake(
    "What is missing and what is too much count, both of them.",
    lambda found, ways: rates(found, ways, measure=lambda a, b: distance(a, b, insert=0)),
    lambda found, ways: rates(found, ways, measure=lambda a, b: distance(a, b, delete=0)),
)
nearest_error_rates.mistake(
    "You compare sets of phonemes; their order counts, and how often each of them stands there.",
    lambda found, ways: rates(found, ways, measure=lambda a, b: len(set(b) - set(a))),
    lambda found, ways: rates(found, ways, measure=lambda a, b: len(set(b) ^ set(a))),
)
nearest_error_rates.mistake(
    "Each word has its own rate in your mean; the edits of all words are divided by all true phonemes.",
    lambda found, ways: np.mean(np.divide(*counted(found, ways))),
    part="the phoneme error rate",
)
nearest_error_rates.mistake(
    "You divide by what was said; an error rate divides by the true phonemes.",
    lambda found, ways: counted(found, ways)[0].sum() / sum(map(len, found)),
    lambda found, ways: rates(
        found, ways, length=lambda one, known, chosen: max(len(one), len(known[chosen]))
    )[0],
    part="the phoneme error rate",
)
nearest_error_rates.mistake(
    "You divide by the phonemes of another way than the one that was taken: the nearest.",
    lambda found, ways: rates(found, ways, length=lambda one, known, chosen: len(known[0]))[0],
    lambda found, ways: rates(found, ways, length=lambda one, known, chosen: max(map(len, known)))[0],
    lambda found, ways: rates(found, ways, length=lambda one, known, chosen: min(map(len, known)))[0],
    lambda found, ways: rates(found, ways, length=lambda one, known, chosen: sum(map(len, known)))[0],
    lambda found, ways: rates(
        found, ways, length=lambda one, known, chosen: np.mean([len(way) for way in known])
    )[0],
    part="the phoneme error rate",
)
nearest_error_rates.mistake(
    "Where several ways need as few edits, the first of them is taken; you take another one.",
    lambda found, ways: rates(
        found, ways, choose=lambda distances, known: len(known) - 1 - int(np.argmin(distances[::-1]))
    )[0],
    *[
        lambda found, ways, sign=sign: rates(
            found,
            ways,
            choose=lambda distances, known: min(
                range(len(known)), key=lambda k: (distances[k], sign * len(known[k]))
            ),
        )[0]
        for sign in (1, -1)
    ],
    part="the phoneme error rate",
)
nearest_error_rates.mistake(
    "The nearest way has the fewest edits; you choose the one with the lowest rate.",
    lambda found, ways: rates(
        found,
        ways,
        choose=lambda distances, known: int(
            np.argmin([d / len(w) for d, w in zip(distances, known, strict=True)])
        ),
    ),
)
nearest_error_rates.mistake(
    "You take the shortest way of a word; take the one that needs the fewest edits.",
    lambda found, ways: rates(
        found, ways, choose=lambda distances, known: int(np.argmin([len(w) for w in known]))
    ),
)
nearest_error_rates.mistake(
    "A word is wrong if one phoneme is: its share counts words, and not edits.",
    lambda found, ways: counted(found, ways)[0].mean(),
    lambda found, ways: np.mean(np.divide(*counted(found, ways))),
    part="the share of wrong words",
)
nearest_error_rates.mistake(
    "That is the share of right words.",
    lambda found, ways: 1 - nearest_error_rates(found, ways)[1],
    part="the share of wrong words",
)
nearest_error_rates.mistake(
    "A word counts as wrong in your answer though it is said in one of its ways.",
    lambda found, ways: np.mean([one != known[0] for one, known in zip(found, ways, strict=True)]),
    lambda found, ways: np.mean(
        [any(one != way for way in known) for one, known in zip(found, ways, strict=True)]
    ),
    part="the share of wrong words",
)
nearest_error_rates.mistake(
    "Shares are asked for; you return percentages.",
    lambda found, ways: tuple(100 * rate for rate in nearest_error_rates(found, ways)),
)
nearest_error_rates.mistake(
    "Shares are asked for; you return counts.",
    lambda found, ways: (counted(found, ways)[0].sum(), (counted(found, ways)[0] > 0).sum()),
)
nearest_error_rates.mistake(
    "The two are turned round: first the phonemes, then the words.",
    lambda found, ways: nearest_error_rates(found, ways)[::-1],
)


@nearest_error_rates.mistake(
    "The borders of your table are zero; phonemes before the other's first one cost an edit each."
)
def free_borders(found, ways):
    return rates(found, ways, measure=without_borders)


def without_borders(one, other):
    D = np.zeros((len(one) + 1, len(other) + 1), dtype=int)
    for i, a in enumerate(one):
        for j, b in enumerate(other):
            D[i + 1, j + 1] = min(D[i, j + 1] + 1, D[i + 1, j] + 1, D[i, j] + (a != b))
    return int(D[-1, -1])


@nearest_error_rates.mistake(
    "The first phoneme that is missing shifts all others in your count; an insertion costs one."
)
def nearest_then_by_places(found, ways):
    wrong, true = counted(found, ways)
    chosen = [min(known, key=lambda way: distance(one, way)) for one, known in zip(found, ways, strict=True)]
    places = sum(by_places(one, way) for one, way in zip(found, chosen, strict=True))
    return places / true.sum(), np.mean(wrong > 0)


def recordings(count: int, time: int, features: int) -> dict:
    return {"x": cases.normal((count, time, features), seed=count)[0]}


@exercise(
    cases=lambda: [
        {"x": np.array([[[0.0]], [[2.0]], [[7.0]]])},
        recordings(3, 2, 2),
        recordings(5, 3, 2),
        recordings(4, 2, 6),
    ],
    praise="The mean of the others is nearer than any of them: near is not good.",
    parts=("the distance of the mean", "the distance of two recordings"),
    see="What the measure hides",
)
def nearer_than_real(x):
    """Mean distances of recordings x (N, T, D): to the mean of the others, and to one another."""
    others = (x.sum(axis=0) - x) / (len(x) - 1)
    pairs = np.abs(x[:, None] - x).mean(axis=(2, 3))
    return np.abs(x - others).mean(), pairs.sum() / (len(x) * (len(x) - 1))


def leave_one_out(x, size=np.abs, middle=np.mean):
    others = [middle(np.delete(x, n, axis=0), axis=0) for n in range(len(x))]
    return np.mean([size(x[n] - others[n]).mean() for n in range(len(x))])


def between(x, size=np.abs):
    return np.array([[size(one - other).mean() for other in x] for one in x])


nearer_than_real.mistake(
    "A recording takes part in the mean that it is compared with; leave it out.",
    lambda x: np.abs(x - x.mean(axis=0)).mean(),
    part="the distance of the mean",
)
nearer_than_real.mistake(
    "The recording that is left out must not be counted: the mean is over N - 1.",
    lambda x: np.abs(x - (x.sum(axis=0) - x) / len(x)).mean(),
    part="the distance of the mean",
)
nearer_than_real.mistake(
    "That is the mean distance to the others, the second number; take the mean of the others first, and one "
    "distance to it.",
    lambda x: nearer_than_real(x)[1],
    part="the distance of the mean",
)
nearer_than_real.mistake(
    "A recording is compared with itself in your mean, at distance 0; only different ones count.",
    lambda x: between(x).mean(),
    lambda x: between(x)[np.triu_indices(len(x))].mean(),
    part="the distance of two recordings",
)
nearer_than_real.mistake(
    "Each pair is counted once and divided by twice as many.",
    lambda x: nearer_than_real(x)[1] / 2,
    part="the distance of two recordings",
)
nearer_than_real.mistake(
    "You divide by another number than there are pairs of different recordings.",
    lambda x: nearer_than_real(x)[1] * 2,
    lambda x: between(x).sum() / len(x),
    lambda x: np.triu(between(x)).sum() / len(x),
    part="the distance of two recordings",
)
nearer_than_real.mistake(
    "You compare each recording with the next one only; any two of them count.",
    lambda x: np.abs(np.diff(x, axis=0)).mean(),
    lambda x: np.abs(x - np.roll(x, 1, axis=0)).mean(),
    part="the distance of two recordings",
)
nearer_than_real.mistake(
    "You compare each recording with the first one only; any two of them count.",
    lambda x: np.abs(x[1:] - x[0]).mean(),
    part="the distance of two recordings",
)
nearer_than_real.mistake(
    "Your distance is made of squares; the mean absolute difference is asked for.",
    lambda x: (leave_one_out(x, np.square), between(x, np.square).sum() / (len(x) * (len(x) - 1))),
    lambda x: (
        np.mean([np.sqrt(np.mean((x[n] - np.delete(x, n, 0).mean(0)) ** 2)) for n in range(len(x))]),
        np.sqrt(((x[:, None] - x) ** 2).mean(axis=(2, 3))).sum() / (len(x) * (len(x) - 1)),
    ),
    lambda x: (
        np.sqrt(leave_one_out(x, np.square)),
        np.sqrt(((x[:, None] - x) ** 2).mean(axis=(2, 3))).sum() / (len(x) * (len(x) - 1)),
    ),
    lambda x: (
        np.sqrt(leave_one_out(x, np.square)),
        np.sqrt(between(x, np.square).sum() / (len(x) * (len(x) - 1))),
    ),
)
nearer_than_real.mistake(
    "Differences above and below zero cancel in your distance: the absolute value is missing.",
    lambda x: (np.abs([leave_one_out(x, lambda each: each)])[0], 0.0),
    lambda x: (leave_one_out(x, lambda each: each), between(x, lambda each: each).sum()),
    lambda x: (
        np.mean([abs((x[n] - np.delete(x, n, 0).mean(0)).mean()) for n in range(len(x))]),
        np.abs(x.mean(axis=(1, 2))[:, None] - x.mean(axis=(1, 2))).sum() / (len(x) * (len(x) - 1)),
    ),
)
nearer_than_real.mistake(
    "You take the median of the others; their mean is asked for.",
    lambda x: leave_one_out(x, middle=np.median),
    part="the distance of the mean",
)
nearer_than_real.mistake(
    "Your distances are sums over steps and coefficients; take their mean.",
    lambda x: tuple(x.shape[1] * x.shape[2] * each for each in nearer_than_real(x)),
    lambda x: tuple(x.shape[2] * each for each in nearer_than_real(x)),
    lambda x: tuple(x.shape[1] * each for each in nearer_than_real(x)),
)
nearer_than_real.mistake(
    "The two are turned round: first the distance to the mean of the others.",
    lambda x: nearer_than_real(x)[::-1],
)
nearer_than_real.mistake(
    "You return one number for each recording; the mean over them is asked for.",
    lambda x: (
        np.array([np.abs(x[n] - np.delete(x, n, 0).mean(0)).mean() for n in range(len(x))]),
        between(x).sum(axis=1) / (len(x) - 1),
    ),
)


nearer_than_real.mistake(
    "Your distance is made of squares; the mean absolute difference is asked for.",
    lambda x: (
        np.mean([np.linalg.norm(x[n] - np.delete(x, n, 0).mean(0)) for n in range(len(x))]),
        np.sqrt(((x[:, None] - x) ** 2).sum(axis=(2, 3))).sum() / (len(x) * (len(x) - 1)),
    ),
)
