from itertools import pairwise

import numpy as np

from rnnbook.course.exercises import exercises_of

exercise = exercises_of("01-background/04-elman-1990-words.ipynb")


def marks(found: str, true: str) -> dict[str, np.ndarray]:
    return {"found": np.array(list(found)) == "1", "true": np.array(list(true)) == "1"}


@exercise(
    cases=lambda: [
        marks("1011", "1010"),
        marks("100110100", "101100100"),
        marks("1000000", "1010010"),
        marks("11111111", "10011000"),
        marks("101010110001", "100010110011"),
        marks("1001000100", "1001000100"),
        marks("1000100", "1010101"),
        marks("110010100100", "101010010100"),
    ],
    praise="A cut in the wrong place spoils two words: this score is harder than that of the boundaries.",
    see="How good is it as a segmenter?",
)
def word_f1(found, true):
    """The F1 of whole words: found and true (N,) are True at the first letter of each word."""

    def words(starts):
        edges = [*np.flatnonzero(starts).tolist(), len(starts)]
        return {(edges[k], edges[k + 1]) for k in range(len(edges) - 1)}

    return 2 * len(words(found) & words(true)) / (found.sum() + true.sum())


def spans(starts, close=True):
    edges = [*np.flatnonzero(starts).tolist(), *([len(starts)] if close else [])]
    return list(pairwise(edges))


def f1(hits, found, true):
    return 2 * hits / (found + true)


def word_hits(found, true):
    return len(set(spans(found)) & set(spans(true)))


word_f1.mistake(
    "That is the F1 of boundaries: a word is found only if its beginning and its end are.",
    lambda found, true: f1((found & true).sum(), found.sum(), true.sum()),
    lambda found, true: f1((found & true)[1:].sum(), found[1:].sum(), true[1:].sum() or 1),
)
word_f1.mistake(
    "That is the recall: who divides by the true words only does not mind false ones.",
    lambda found, true: word_hits(found, true) / true.sum(),
)
word_f1.mistake(
    "That is the precision: who divides by the found words only does not mind missed ones.",
    lambda found, true: word_hits(found, true) / found.sum(),
)
word_f1.mistake(
    "You take the plain mean of precision and recall; F1 is their harmonic mean.",
    lambda found, true: word_hits(found, true) * (1 / found.sum() + 1 / true.sum()) / 2,
)
word_f1.mistake("The factor 2 is missing.", lambda found, true: word_f1(found, true) / 2)


def without_a_cut_inside(found, true):
    """True words whose beginning and end are cuts, whatever is cut between them."""
    edges = {*np.flatnonzero(found).tolist(), len(found)}
    return sum(start in edges and end in edges for start, end in spans(true))


word_f1.mistake(
    "You look at both ends of a true word only; it is not found if a cut stands inside it.",
    lambda found, true: f1(without_a_cut_inside(found, true), found.sum(), true.sum()),
)
word_f1.mistake(
    "You look at both ends of a found word only; it is wrong if a true word begins inside it.",
    lambda found, true: f1(without_a_cut_inside(true, found), found.sum(), true.sum()),
)
word_f1.mistake(
    "The last word is missing: it ends with the text.",
    lambda found, true: f1(len(set(spans(found, False)) & set(spans(true, False))), found.sum(), true.sum()),
    lambda found, true: f1(
        len(set(spans(found, False)) & set(spans(true, False))), found.sum() - 1, (true.sum() - 1) or 1
    ),
)


def lengths_in_order(found, true):
    lengths = [[end - start for start, end in spans(starts)] for starts in (found, true)]
    return f1(sum(a == b for a, b in zip(*lengths, strict=False)), found.sum(), true.sum())


def lengths_in_any_order(found, true):
    lengths = [[end - start for start, end in spans(starts)] for starts in (found, true)]
    hits = sum(min(lengths[0].count(size), lengths[1].count(size)) for size in set(lengths[0]))
    return f1(hits, found.sum(), true.sum())


word_f1.mistake(
    "You compare the lengths of words; they must also stand at the same place.",
    lengths_in_order,
    lengths_in_any_order,
)
word_f1.mistake(
    "You compare the k-th word found with the k-th true one; after one false cut they run apart.",
    lambda found, true: f1(
        sum(one == other for one, other in zip(spans(found), spans(true), strict=False)),
        found.sum(),
        true.sum(),
    ),
)
word_f1.mistake(
    "That is the share of letters that are marked rightly; most letters begin no word, and are easy.",
    lambda found, true: (found == true).mean(),
)
word_f1.mistake(
    "You divide by all words that stand in one list or the other; that is Jaccard's score.",
    lambda found, true: word_hits(found, true) / (found.sum() + true.sum() - word_hits(found, true)),
)
word_f1.mistake(
    "Where no word is right you divide zero by zero; F1 is 0 there.",
    lambda found, true: word_f1(found, true) if word_hits(found, true) else float("nan"),
    lambda found, true: word_f1(found, true) if word_hits(found, true) else 1 // 0,
    lambda found, true: word_f1(found, true) if word_hits(found, true) else 0 / 0,
    lambda found, true: word_f1(found, true) if word_hits(found, true) else 0.0 / 0.0,
)


def sorted_words(groups: list[int], kinds: str) -> dict[str, np.ndarray]:
    return {"groups": np.array(groups), "kinds": np.array(kinds.split())}


@exercise(
    cases=lambda: [
        sorted_words([0, 0, 1, 1], "noun noun verb noun"),
        sorted_words([1, 1, 1, 1, 2], "verb noun noun verb verb"),
        sorted_words([5, 0, 5, 0, 0, 7, 5, 0], "a b b c c a b c"),
        sorted_words([3, 3, 3, 3, 8, 8, 8, 1], "b a a a c a c b"),
        sorted_words([0, 1, 2, 0, 1, 2], "x x x x x x"),
        sorted_words([1, 1, 1, 1, 0, 0, 0, 0], "c a a a b b b c"),
        sorted_words([2, 2, 2, 2, 2, 4, 4, 4, 9], "n v v v n n n v n"),
        sorted_words([-3, 2, -3, 2, 2, 0], "a b a b a b"),
    ],
    praise="A tree is worth what it adds to no tree at all: a number now says how much that is.",
    see="A tree of words",
)
def purity_gain(groups, kinds):
    """The purity of groups (N,) less that of one single group; kinds (N,) are the words' true kinds."""

    def purity(groups):
        largest = [
            np.unique(kinds[groups == group], return_counts=True)[1].max() for group in np.unique(groups)
        ]
        return sum(largest) / len(kinds)

    return purity(groups) - purity(np.zeros(len(kinds)))


def purity_of(groups, kinds, largest=lambda kinds: np.unique(kinds, return_counts=True)[1].max()):
    return sum(largest(kinds[groups == group]) for group in np.unique(groups)) / len(kinds)


def nothing(kinds):
    return purity_of(np.zeros(len(kinds)), kinds)


def shares(groups, kinds):
    """The share of the commonest kind in each group."""
    return [purity_of(np.zeros(np.sum(groups == g)), kinds[groups == g]) for g in np.unique(groups)]


purity_gain.mistake(
    "That is the purity itself; take off what no tree at all would have.",
    lambda groups, kinds: purity_of(groups, kinds),
)
purity_gain.mistake(
    "Every group has the same weight in your mean; every word should have.",
    lambda groups, kinds: np.mean(shares(groups, kinds)) - nothing(kinds),
)
purity_gain.mistake(
    "You take the kind of each group's first word; the commonest kind of the group counts.",
    lambda groups, kinds: purity_of(groups, kinds, lambda part: np.sum(part == part[0])) - nothing(kinds),
    lambda groups, kinds: (
        purity_of(groups, kinds, lambda part: np.sum(part == part[0])) - np.mean(kinds == kinds[0])
    ),
)
purity_gain.mistake(
    "Those are numbers of words; divide by all of them.",
    lambda groups, kinds: len(kinds) * purity_gain(groups, kinds),
)
purity_gain.mistake(
    "Groups and kinds are exchanged: that is how well each kind keeps together.",
    lambda groups, kinds: purity_gain(kinds, groups),
    lambda groups, kinds: purity_of(kinds, groups) - nothing(kinds),
)
purity_gain.mistake(
    "You count groups that are wholly of one kind; a mixed group has a purity too.",
    lambda groups, kinds: np.mean(np.array(shares(groups, kinds)) == 1) - nothing(kinds),
    lambda groups, kinds: (
        purity_of(groups, kinds, lambda part: len(part) * (len(set(part)) == 1)) - nothing(kinds)
    ),
)
purity_gain.mistake(
    "You take the purest group alone.", lambda groups, kinds: max(shares(groups, kinds)) - nothing(kinds)
)
purity_gain.mistake(
    "You take one over the number of kinds for no tree at all; it has the share of the commonest kind.",
    lambda groups, kinds: purity_of(groups, kinds) - 1 / len(set(kinds)),
)
purity_gain.mistake(
    "You divide by the purity of no tree; the difference is asked for.",
    lambda groups, kinds: purity_of(groups, kinds) / nothing(kinds),
    lambda groups, kinds: purity_gain(groups, kinds) / nothing(kinds),
)
purity_gain.mistake(
    "You divide by what was left to gain; the plain difference is asked for.",
    lambda groups, kinds: purity_gain(groups, kinds) / (1 - nothing(kinds)) if nothing(kinds) < 1 else 0.0,
    lambda groups, kinds: np.float64(purity_gain(groups, kinds)) / (1 - nothing(kinds)),
)
purity_gain.mistake(
    "The sign is turned: a good tree gains.", lambda groups, kinds: -purity_gain(groups, kinds)
)


@purity_gain.mistake(
    "Your gain is always 0: each group has a commonest kind of its own, and not that of all words."
)
def overall_kind(groups, kinds):
    names, counts = np.unique(kinds, return_counts=True)
    common = names[counts.argmax()]
    return purity_of(groups, kinds, lambda part: np.sum(part == common)) - nothing(kinds)


purity_gain.mistake(
    "You ask groups without words for their commonest kind; the numbers of the groups may have gaps.",
    lambda groups, kinds: (
        sum(
            np.unique(kinds[groups == group], return_counts=True)[1].max()
            for group in range(groups.max() + 1)
        )
        / len(kinds)
        - nothing(kinds)
    ),
)


@purity_gain.mistake("The smallest kind of each group counts in your answer; the commonest should.")
def rarest(groups, kinds):
    least = lambda part: np.unique(part, return_counts=True)[1].min()
    return purity_of(groups, kinds, least) - nothing(kinds)


def counted(groups, kinds):
    """A table of counts, a row for each number from 0 on."""
    table = np.zeros((groups.max() + 1, len(set(kinds))), int)
    np.add.at(table, (groups, np.unique(kinds, return_inverse=True)[1]), 1)
    return table.max(axis=1).sum() / len(kinds) - nothing(kinds)


purity_gain.mistake(
    "Your groups are numbered from 0 on; a number may be negative, too: go through those that occur.",
    lambda groups, kinds: (
        purity_of(groups[groups >= 0], kinds[groups >= 0]) * np.mean(groups >= 0) - nothing(kinds)
    ),
    lambda groups, kinds: purity_gain(groups, kinds) + 0 * np.bincount(groups).sum(),
)
purity_gain.mistake(
    "You take a group's number for an index; a negative one counts from the end, and two groups become one.",
    counted,
)
