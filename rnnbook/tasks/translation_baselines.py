"""Translators without a network, for comparison: copy, the nearest neighbour, and IBM model 1.

Each is made of training texts and their translations, and called with a text.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from jaxtyping import Float

from rnnbook import validation
from rnnbook.tasks.translation import detokenize, tokenize

NULL_WORD = ""  # the source word, in every text, of target words that translate no other


def copy(text: str) -> str:
    """The text itself: what numbers and names in it are worth."""
    return text


class NearestNeighborTranslator:
    """The translation of the training text that shares the most with a text: a phrase book.

    Alike is what has many tokens and pairs of tokens in common, for its length (Dice's coefficient).
    """

    def __init__(self, texts: Sequence[str], translations: Sequence[str]) -> None:
        self.translations = list(map(str, translations))
        counts = [_features(str(text)) for text in texts]
        self.sizes = np.array([count.total() for count in counts])
        holders = defaultdict(list)
        for row, count in enumerate(counts):
            for feature, times in count.items():
                holders[feature].append((row, times))
        self.holders = {feature: np.array(pairs).T for feature, pairs in holders.items()}

    def __call__(self, text: str) -> str:
        features = _features(text)
        shared = np.zeros(len(self.sizes))
        for feature, times in features.items():
            if feature in self.holders:
                rows, counts = self.holders[feature]
                shared[rows] += np.minimum(times, counts)
        similarity = 2 * shared / (self.sizes + features.total())
        return self.translations[int(similarity.argmax())]


def _features(text: str) -> Counter:
    tokens = tokenize(text)
    return Counter(tokens) + Counter(pairwise(tokens))


class IBMModel1:
    """Which word translates which, learned from texts side by side, and used word by word.

        p(f_1 ... f_T | e_1 ... e_S) ∝ Π_t Σ_s t(f_t | e_s)

    Every word f comes from one word e, or from none (``NULL_WORD``), and which one is not known: expectation
    maximisation finds t. Brown, Della Pietra, Della Pietra and Mercer, 1993, 'The mathematics of statistical
    machine translation: parameter estimation'.

    A text is translated word by word, in its order: each word by its likeliest translation, and a word never
    seen by itself. There is no model of the target language here: the systems of that time had one.

    num_iterations: of expectation maximisation.

    Raises ValueError or TypeError for arguments out of these bounds, or texts without as many translations.
    """

    def __init__(
        self, texts: Sequence[str], translations: Sequence[str], *, num_iterations: int = 10
    ) -> None:
        validation.check_size("num_iterations", num_iterations)
        if len(texts) != len(translations):
            raise ValueError(f"translations must be as many as texts, {len(texts)}, got {len(translations)}")
        self.sources, self.targets, (self.e, self.f), meetings = _side_by_side(texts, translations)
        self.places = {word: place for place, word in enumerate(self.sources)}
        self.t = np.ones(len(self.e))
        for _ in range(num_iterations):
            self.t = _round(self.t, self.e, *meetings)
        self.best = {word: next(iter(self.table(word, 1))) for word in self.sources}

    def __call__(self, text: str) -> str:
        return detokenize(self.best.get(word, word) for word in tokenize(text))

    def table(self, word: str, top_k: int = 5) -> dict[str, float]:
        """The likeliest translations of a word, with t(f | e); ValueError for a word never seen."""
        if word not in self.places:
            raise ValueError(f"word must be one of the training texts' tokens, got {word!r}")
        mine = slice(*np.searchsorted(self.e, [self.places[word], self.places[word] + 1]))
        t, f = self.t[mine], self.f[mine]
        return {self.targets[f[place]]: float(t[place]) for place in np.argsort(-t, kind="stable")[:top_k]}


def _side_by_side(texts, translations):
    """Every source and target word, the pairs that meet in some text, and where they meet.

    Returns the words; ``(e, f)``, the pairs as indices, sorted; and ``(pair, position)`` of every meeting,
    where a position is one target word of one text, counted through.
    """
    sources, targets = {NULL_WORD: 0}, {}
    met, position, count = [], [], 0
    for text, translation in zip(texts, translations, strict=True):
        words = [0, *(sources.setdefault(word, len(sources)) for word in tokenize(str(text)))]
        for word in tokenize(str(translation)):
            target = targets.setdefault(word, len(targets))
            met += [(source, target) for source in words]
            position += [count] * len(words)
            count += 1
    e, f = np.array(met).T
    codes, pair = np.unique(e * len(targets) + f, return_inverse=True)  # one integer a pair sorts faster
    return list(sources), list(targets), np.divmod(codes, len(targets)), (pair, np.array(position))


def _round(t: Float[np.ndarray, " pairs"], e, pair, position) -> Float[np.ndarray, " pairs"]:
    """One round: share every target word out among the words it may come from, and count what each got."""
    share = t[pair]
    share /= np.bincount(position, share)[position]
    counted = np.bincount(pair, share, len(t))
    return counted / np.bincount(e, counted)[e]
