import numpy as np

from rnnbook.course.exercises import exercises_of

exercise = exercises_of("01-background/04-elman-1990-words.ipynb")


def marks(found: str, true: str) -> dict[str, np.ndarray]:
    return {"found": np.array(list(found)) == "1", "true": np.array(list(true)) == "1"}


@exercise(
    cases=lambda: [
        marks("10100", "10010"),
        marks("11110", "10000"),
        marks("1000000", "1101100"),
        marks("000", "101"),
        marks("010", "101"),
    ],
    praise="One number that neither a cut everywhere nor a cut nowhere can win.",
    see="How good is it as a segmenter?",
)
def boundary_f1(found, true):
    """The F1 of boundaries: both arguments are (N,) booleans; 0 where nothing that is true was found."""
    found, true = np.asarray(found, bool), np.asarray(true, bool)
    hits = (found & true).sum()
    return 0.0 if hits == 0 else 2 * hits / (found.sum() + true.sum())


def rates(found, true):
    hits = (found & true).sum()
    return hits / max(found.sum(), 1), hits / max(true.sum(), 1)


boundary_f1.mistake(
    "That is the precision: who finds one sure boundary and no other gets 1.",
    lambda found, true: rates(found, true)[0],
)
boundary_f1.mistake(
    "That is the recall: who cuts everywhere gets 1.", lambda found, true: rates(found, true)[1]
)
boundary_f1.mistake(
    "You take the plain mean of the two rates; F1 is their harmonic mean.",
    lambda found, true: sum(rates(found, true)) / 2,
)
boundary_f1.mistake(
    "That is the share of right places; most places are no boundary, and easy.",
    lambda found, true: (found == true).mean(),
)
boundary_f1.mistake("The factor 2 is missing.", lambda found, true: boundary_f1(found, true) / 2)


@boundary_f1.mistake("Where nothing right was found you divide by zero; F1 is 0 there.")
def divides_by_nothing(found, true):
    precision, recall = rates(found, true)
    return 2 * precision * recall / np.float64(precision + recall)


boundary_f1.mistake(
    "You divide hits by all places that either marks; that is another score, Jaccard's.",
    lambda found, true: (found & true).sum() / max((found | true).sum(), 1),
)


@exercise(
    cases=lambda: [
        {"groups": [0, 0, 1, 1], "kinds": ["noun", "noun", "verb", "noun"]},
        {"groups": [1, 1, 1, 1, 2], "kinds": ["noun", "noun", "verb", "verb", "verb"]},
        {"groups": [0, 0, 0, 5, 5, 7], "kinds": ["a", "a", "b", "b", "b", "c"]},
    ],
    praise="A tree that looks good has become a number; compare it with that of no tree at all.",
    see="A tree of words",
)
def purity(groups, kinds):
    """The share of words whose kind is the commonest one in their group; both arguments are (N,)."""
    groups, kinds = np.asarray(groups), np.asarray(kinds)
    largest = [np.unique(kinds[groups == group], return_counts=True)[1].max() for group in np.unique(groups)]
    return sum(largest) / len(kinds)


def shares(groups, kinds):
    groups, kinds = np.array(groups), np.array(kinds)
    for group in np.unique(groups):
        counts = np.unique(kinds[groups == group], return_counts=True)[1]
        yield counts.max(), counts.sum()


purity.mistake(
    "Every group has the same weight in your mean; every word should have.",
    lambda groups, kinds: np.mean([largest / size for largest, size in shares(groups, kinds)]),
)
purity.mistake(
    "That is the number of words; divide by all of them.",
    lambda groups, kinds: sum(largest for largest, _ in shares(groups, kinds)),
)
purity.mistake(
    "That is the share of the commonest kind overall, the purity of no tree at all.",
    lambda groups, kinds: purity([0] * len(kinds), kinds),
)
purity.mistake(
    "You count groups that are wholly of one kind.",
    lambda groups, kinds: np.mean([largest == size for largest, size in shares(groups, kinds)]),
)
purity.mistake(
    "Groups and kinds are exchanged: that is how well each kind keeps together.",
    lambda groups, kinds: purity(kinds, groups),
)
purity.mistake(
    "You take the purest group alone.",
    lambda groups, kinds: max(largest / size for largest, size in shares(groups, kinds)),
)
