"""Exercises of chapters/01-background/04-elman-1990-words.ipynb."""

import numpy as np

from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.background import elman_1990_words as solutions

NOTEBOOK = "01-background/04-elman-1990-words.ipynb"

SCORE, TREE = "How good is it as a segmenter?", "A tree of words"


def marks(found: str, true: str) -> dict[str, np.ndarray]:
    return {"found": np.array(list(found)) == "1", "true": np.array(list(true)) == "1"}


boundary_f1 = Exercise(
    solutions.boundary_f1,
    notebook=NOTEBOOK,
    cases=lambda: [
        marks("10100", "10010"),
        marks("11110", "10000"),
        marks("1000000", "1101100"),
        marks("000", "101"),
        marks("010", "101"),
    ],
    praise="One number that neither a cut everywhere nor a cut nowhere can win.",
)


def rates(found, true):
    hits = (found & true).sum()
    return hits / max(found.sum(), 1), hits / max(true.sum(), 1)


@boundary_f1.mistake("That is the precision: who finds one sure boundary and no other gets 1.", see=SCORE)
def precision_only(found, true):
    return rates(found, true)[0]


@boundary_f1.mistake("That is the recall: who cuts everywhere gets 1.", see=SCORE)
def recall_only(found, true):
    return rates(found, true)[1]


@boundary_f1.mistake("You take the plain mean of the two rates; F1 is their harmonic mean.", see=SCORE)
def plain_mean(found, true):
    return sum(rates(found, true)) / 2


@boundary_f1.mistake("That is the share of right places; most places are no boundary, and easy.", see=SCORE)
def accuracy(found, true):
    return (found == true).mean()


@boundary_f1.mistake("The factor 2 is missing.", see=SCORE)
def without_two(found, true):
    return solutions.boundary_f1(found, true) / 2


@boundary_f1.mistake("Where nothing right was found you divide by zero; F1 is 0 there.", see=SCORE)
def divides_by_nothing(found, true):
    precision, recall = rates(found, true)
    return 2 * precision * recall / np.float64(precision + recall)


@boundary_f1.mistake(
    "You divide hits by all places that either marks; that is another score, Jaccard's.", see=SCORE
)
def jaccard(found, true):
    return (found & true).sum() / max((found | true).sum(), 1)


purity = Exercise(
    solutions.purity,
    notebook=NOTEBOOK,
    cases=lambda: [
        {"groups": [0, 0, 1, 1], "kinds": ["noun", "noun", "verb", "noun"]},
        {"groups": [1, 1, 1, 1, 2], "kinds": ["noun", "noun", "verb", "verb", "verb"]},
        {"groups": [0, 0, 0, 5, 5, 7], "kinds": ["a", "a", "b", "b", "b", "c"]},
    ],
    praise="A tree that looks good has become a number; compare it with that of no tree at all.",
)


def shares(groups, kinds):
    groups, kinds = np.array(groups), np.array(kinds)
    for group in np.unique(groups):
        counts = np.unique(kinds[groups == group], return_counts=True)[1]
        yield counts.max(), counts.sum()


@purity.mistake("Every group has the same weight in your mean; every word should have.", see=TREE)
def mean_of_groups(groups, kinds):
    return np.mean([largest / size for largest, size in shares(groups, kinds)])


@purity.mistake("That is the number of words; divide by all of them.", see=TREE)
def number_of_words(groups, kinds):
    return sum(largest for largest, _ in shares(groups, kinds))


@purity.mistake("That is the share of the commonest kind overall, the purity of no tree at all.", see=TREE)
def without_a_tree(groups, kinds):
    return solutions.purity([0] * len(kinds), kinds)


@purity.mistake("You count groups that are wholly of one kind.", see=TREE)
def pure_groups(groups, kinds):
    pure = [largest == size for largest, size in shares(groups, kinds)]
    return sum(pure) / len(pure)


@purity.mistake("Groups and kinds are exchanged: that is how well each kind keeps together.", see=TREE)
def exchanged_roles(groups, kinds):
    return solutions.purity(kinds, groups)


@purity.mistake("You take the purest group alone.", see=TREE)
def purest_group(groups, kinds):
    return max(largest / size for largest, size in shares(groups, kinds))
