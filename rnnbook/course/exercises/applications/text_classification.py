from itertools import pairwise

import numpy as np

from rnnbook.course.exercises import exercises_of

exercise = exercises_of("06-applications/01-text-classification.ipynb")


def rows(texts: str, labels: list[int]) -> dict:
    return {"texts": texts.split(), "labels": np.array(labels)}


@exercise(
    cases=lambda: [
        rows("oslo oslo oslo peru", [0, 0, 1, 2]),
        rows("perù oslo perù perù oslo bonn perù oslo", [2, 0, 1, 1, 1, 3, 0, 1]),
        rows("a b a b a c", [4, 1, 0, 1, 0, 2]),
        rows("lima lima bern bern", [0, 0, 1, 1]),
        rows("x y x y x y z z z", [3, 0, 1, 1, 2, 0, 2, 2, 1]),
    ],
    praise="No function of the text gets more, whatever is inside it: read every score against this.",
    see="A ceiling that no model can pass",
)
def reachable_share(texts, labels):
    """The largest share of rows that any function of the text has right. texts: a list; labels: (N,)."""
    right = 0
    for text in set(texts):
        right += np.bincount(labels[[other == text for other in texts]]).max()
    return right / len(texts)


def by_text(texts, labels):
    groups = {}
    for text, label in zip(texts, labels.tolist(), strict=True):
        groups.setdefault(text, []).append(label)
    return groups


def most(found):
    return max(map(found.count, found))


reachable_share.mistake(
    "You count one right row for each text. In these rows a text may stand twice with the same language.",
    lambda texts, labels: len(set(texts)) / len(texts),
)
reachable_share.mistake(
    "You count each pair of text and language once; a function has one answer for each text.",
    lambda texts, labels: len(set(zip(texts, labels.tolist(), strict=True))) / len(texts),
)
reachable_share.mistake(
    "You divide by the different pairs of text and language; every row counts, those that repeat too.",
    lambda texts, labels: len(set(texts)) / len(set(zip(texts, labels.tolist(), strict=True))),
)
reachable_share.mistake(
    "That is the share of the most frequent language: the best function that does not look at the text.",
    lambda texts, labels: np.bincount(labels).max() / len(texts),
)
reachable_share.mistake(
    "You give up every text with several languages; one of its rows, or more, can still be right.",
    lambda texts, labels: (
        sum(len(f) for f in by_text(texts, labels).values() if len(set(f)) == 1) / len(texts)
    ),
)
reachable_share.mistake(
    "You count only the texts that stand once; of one that stands twice, a row or more can be right.",
    lambda texts, labels: sum(len(f) == 1 for f in by_text(texts, labels).values()) / len(texts),
)
reachable_share.mistake(
    "You average over the texts; a text that fills many rows counts as often.",
    lambda texts, labels: np.mean([most(f) / len(f) for f in by_text(texts, labels).values()]),
)
reachable_share.mistake(
    "Your table keeps the last answer of a text; the most frequent one is right more often.",
    lambda texts, labels: np.mean([labels[i] == by_text(texts, labels)[t][-1] for i, t in enumerate(texts)]),
)
reachable_share.mistake(
    "Your table keeps the first answer of a text; the most frequent one is right more often.",
    lambda texts, labels: np.mean([labels[i] == by_text(texts, labels)[t][0] for i, t in enumerate(texts)]),
)
reachable_share.mistake(
    "You guess among a text's languages in proportion; always the most frequent one is right more often.",
    lambda texts, labels: (
        sum(f.count(k) ** 2 / len(f) for f in by_text(texts, labels).values() for k in set(f)) / len(texts)
    ),
)
reachable_share.mistake(
    "You guess evenly among a text's languages; always the most frequent one is right more often.",
    lambda texts, labels: np.mean([1 / len(set(by_text(texts, labels)[text])) for text in texts]),
)
reachable_share.mistake(
    "That is the share that must stay wrong.", lambda texts, labels: 1 - reachable_share(texts, labels)
)
reachable_share.mistake(
    "You return a number of rows; divide by all of them.",
    lambda texts, labels: sum(map(most, by_text(texts, labels).values())),
)


reachable_share.mistake(
    "A text is counted once for each of its rows; it is to be counted once.",
    lambda texts, labels: sum(most(by_text(texts, labels)[text]) for text in texts) / len(texts),
)
reachable_share.mistake(
    "You take the largest label; how often does the most frequent one stand there?",
    lambda texts, labels: sum(max(found) for found in by_text(texts, labels).values()) / len(texts),
)
reachable_share.mistake(
    "You add up the labels themselves; how often does the most frequent one of a text stand there?",
    lambda texts, labels: sum(most_frequent(found) for found in by_text(texts, labels).values()) / len(texts),
)


def most_frequent(found):
    return max(sorted(set(found)), key=found.count)


def reading(names: str, name: str, letters: str) -> dict:
    return {"names": names.split(), "name": name, "letters": letters}


@exercise(
    cases=lambda: [
        reading("ab b", "a", "abc"),
        reading("abba cab bab abba", "abc", "abcde"),
        reading("ccc c acc", "", "abc"),
        reading("cccc acc cca", "acc", "abc"),
        reading("abab baab ba", "bbaad", "abd"),
    ],
    praise="One such model a language, and the name goes to the one that is least surprised: a classifier.",
    see="The baselines",
)
def letter_pair_nats(names, name, letters):
    """Mean nats for each letter of `name` and its end, by pairs counted in `names`, each plus one."""
    following = [*letters, "end"]
    pairs = [pair for known in names for pair in zip(["begin", *known], [*known, "end"], strict=True)]
    nats = []
    for before, after in zip(["begin", *name], [*name, "end"], strict=True):
        seen = sum(pair[0] == before for pair in pairs)
        nats.append(-np.log((pairs.count((before, after)) + 1) / (seen + len(following))))
    return np.mean(nats)


def pairs_of(name, begin=True, end=True):
    padded = ["begin"] * begin + list(name) + ["end"] * end
    return list(pairwise(padded))


def nats_by(probability, begin=True, end=True, mean=np.mean):
    """An answer with another probability of a pair, or another choice of pairs."""

    def answer(names, name, letters):
        known = [pair for each in names for pair in pairs_of(each)]
        return mean(
            [-np.log(probability(known, *pair, len(letters) + 1)) for pair in pairs_of(name, begin, end)]
        )

    return answer


def other_pairs(begin, end):
    """Other pairs of the names; those of the name to be judged are right."""

    def answer(names, name, letters):
        known = [pair for each in names for pair in pairs_of(each, begin, end)]
        return np.mean([-np.log(plain(known, *pair, len(letters) + 1)) for pair in pairs_of(name)])

    return answer


def inner_pairs(names, name, letters):
    known = [pair for each in names for pair in pairwise(each)]
    return np.mean([-np.log(plain(known, *pair, len(letters) + 1)) for pair in pairwise(name)])


def plain(known, before, after, size):
    return (known.count((before, after)) + 1) / (sum(pair[0] == before for pair in known) + size)


letter_pair_nats.mistake(
    "The end of the name is predicted too.",
    nats_by(plain, end=False),
    nats_by(plain, end=False, mean=lambda nats: np.mean(nats) if nats else 0.0),
    nats_by(plain, end=False, mean=lambda nats: np.sum(nats) / (len(nats) + 1)),
)
letter_pair_nats.mistake(
    "The first letter is predicted too: what comes before it is the begin.",
    nats_by(plain, begin=False),
    nats_by(plain, begin=False, mean=lambda nats: np.sum(nats) / (len(nats) + 1)),
)
letter_pair_nats.mistake(
    "The end may follow as well as any letter: one more outcome shares the probability.",
    nats_by(lambda known, before, after, size: plain(known, before, after, size - 1)),
)
letter_pair_nats.mistake(
    "What can follow is every one of `letters` and the end, and not only what stands in `names`.",
    nats_by(lambda known, before, after, size: plain(known, before, after, len({pair[1] for pair in known}))),
    nats_by(
        lambda known, before, after, size: plain(
            known, before, after, len({pair[1] for pair in known if pair[0] == before})
        )
    ),
    nats_by(
        lambda known, before, after, size: plain(known, before, after, len({pair[1] for pair in known}) - 1)
    ),
)
letter_pair_nats.mistake(
    "The begin never follows: it is none of the signs that could.",
    nats_by(lambda known, before, after, size: plain(known, before, after, size + 1)),
)
letter_pair_nats.mistake(
    "A pair that was never seen has probability 0 in your answer: every count grows by one.",
    nats_by(
        lambda known, before, after, size: np.divide(
            known.count((before, after)), sum(pair[0] == before for pair in known)
        )
    ),
    nats_by(
        lambda known, before, after, size: (
            known.count((before, after)) / (sum(pair[0] == before for pair in known) + size)
        )
    ),
)
letter_pair_nats.mistake(
    "Your probabilities do not add up to 1: what is added to the counts belongs into their sum, too.",
    nats_by(
        lambda known, before, after, size: np.divide(
            known.count((before, after)) + 1, sum(pair[0] == before for pair in known)
        )
    ),
    nats_by(
        lambda known, before, after, size: (
            (known.count((before, after)) + 1) / (sum(pair[0] == before for pair in known) + 1)
        )
    ),
)
letter_pair_nats.mistake(
    "You divide by all pairs; asked for is what follows, given the letter before.",
    nats_by(lambda known, before, after, size: (known.count((before, after)) + 1) / (len(known) + size)),
    nats_by(lambda known, before, after, size: (known.count((before, after)) + 1) / (len(known) + size**2)),
)
letter_pair_nats.mistake(
    "You do not look at the letter before.",
    nats_by(lambda known, before, after, size: (sum(p[1] == after for p in known) + 1) / (len(known) + size)),
)
letter_pair_nats.mistake(
    "Your nats are added up; the mean over all predictions lets names of different lengths compare.",
    nats_by(plain, mean=np.sum),
)
letter_pair_nats.mistake(
    "A name of n letters has n + 1 predictions, with its end; you divide by another number.",
    lambda names, name, letters: letter_pair_nats(names, name, letters) * np.divide(len(name) + 1, len(name)),
    lambda names, name, letters: letter_pair_nats(names, name, letters) * (len(name) + 1) / (len(name) + 2),
)
letter_pair_nats.mistake(
    "Those are bits: nats come from the natural logarithm.",
    lambda names, name, letters: letter_pair_nats(names, name, letters) / np.log(2),
)
letter_pair_nats.mistake(
    "The sign: a name is the less surprising the nearer its nats are to zero from above.",
    lambda names, name, letters: -letter_pair_nats(names, name, letters),
)


@letter_pair_nats.mistake(
    "You join the names; the last letter of one is not followed by the first of the next."
)
def joined(names, name, letters):
    known = pairs_of("".join(names))
    return np.mean([-np.log(plain(known, *pair, len(letters) + 1)) for pair in pairs_of(name)])


@letter_pair_nats.mistake("A pair counts as often as it stands there; you count whether it occurs.")
def occurs(names, name, letters):
    known = sorted({pair for each in names for pair in pairs_of(each)})
    return np.mean([-np.log(plain(known, *pair, len(letters) + 1)) for pair in pairs_of(name)])


@letter_pair_nats.mistake("A pair counts as often as it stands there; you count whether it occurs.")
def occurs_in_a_name(names, name, letters):
    known = [pair for each in set(names) for pair in sorted(set(pairs_of(each)))]
    return np.mean([-np.log(plain(known, *pair, len(letters) + 1)) for pair in pairs_of(name)])


letter_pair_nats.mistake(
    "Without brackets the division comes before the addition: (count + 1) / (...) is meant.",
    nats_by(
        lambda known, before, after, size: (
            known.count((before, after)) + 1 / (sum(pair[0] == before for pair in known) + size)
        )
    ),
    nats_by(
        lambda known, before, after, size: (
            (known.count((before, after)) + 1) / max(sum(pair[0] == before for pair in known), 1) + size
        )
    ),
)


@letter_pair_nats.mistake(
    "Pairs may overlap: *ccc* has two times cc, and `count` of a string finds one of them."
)
def without_overlaps(names, name, letters):
    def probability(before, after):
        pair = f"{before}{after}"
        times = sum(f"<{known}>".count(pair) for known in names)
        return (times + 1) / (sum(f"<{known}>".count(before) for known in names) + len(letters) + 1)

    return np.mean([-np.log(probability(*pair)) for pair in pairwise(f"<{name}>")])


letter_pair_nats.mistake(
    "The end of the names is not counted: how often does it follow each letter?", other_pairs(True, False)
)
letter_pair_nats.mistake(
    "The begin of the names is not counted: how often does each letter follow it?", other_pairs(False, True)
)
letter_pair_nats.mistake(
    "Begin and end of the names are not counted: a name stands between them.", other_pairs(False, False)
)
letter_pair_nats.mistake(
    "Begin and end are missing: the first letter and the end are predicted as well.",
    nats_by(plain, begin=False, end=False),
    inner_pairs,
)
letter_pair_nats.mistake(
    "You take the logarithm of a mean; nats are a mean of logarithms.",
    nats_by(plain, mean=lambda nats: -np.log(np.mean(np.exp(-np.array(nats))))),
)
letter_pair_nats.mistake(
    "That is a mean of probabilities; the mean of their negative logarithms is meant.",
    nats_by(plain, mean=lambda nats: np.mean(np.exp(-np.array(nats)))),
)
letter_pair_nats.mistake(
    "That is the product of the probabilities; the mean of their negative logarithms is meant.",
    nats_by(plain, mean=lambda nats: np.exp(-np.sum(nats))),
)
letter_pair_nats.mistake(
    "You take the exponential at the end; the mean of the negative logarithms themselves is meant.",
    nats_by(plain, mean=lambda nats: np.exp(-np.mean(nats))),
    nats_by(plain, mean=lambda nats: np.exp(np.mean(nats))),
)
