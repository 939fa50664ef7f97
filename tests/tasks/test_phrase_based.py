"""Translation by phrases: alignment, the pieces that fit it, the language model, and the search."""

from itertools import permutations

import numpy as np
import pytest

from rnnbook.tasks.phrase_based import END, NgramModel, PhraseTranslator, align, phrase_pairs
from rnnbook.tasks.translation import tokenize

TEXTS = [f"{day} {month}" for month in ("may", "june", "july") for day in ("the first of", "the last of")]
WORDS = {"may": "mai", "june": "juin", "july": "juillet", "the first of": "premier", "the last of": "dernier"}
TRANSLATIONS = [
    " ".join(WORDS[part] for part in (text[: text.index("of") + 2], text.split()[-1])) for text in TEXTS
]


def test_what_was_seen_is_translated_and_pieces_are_put_together():
    translator = PhraseTranslator(TEXTS[:-1], TRANSLATIONS[:-1])
    assert translator.translate_batch(TEXTS) == TRANSLATIONS  # the last stands nowhere as a whole


def test_a_word_never_seen_is_copied():
    assert "xyz" in PhraseTranslator(TEXTS, TRANSLATIONS)("the first of xyz")
    assert PhraseTranslator(TEXTS, TRANSLATIONS)("xyz") == "xyz"


def test_links_that_both_directions_see():
    forth = {("a", "A"): 0.9, ("a", "B"): 0.1, ("b", "B"): 0.9, ("b", "A"): 0.1}
    back = {(f, e): t for (e, f), t in forth.items()}
    assert align(["a", "b"], ["B", "A"], forth, back) == {(0, 1), (1, 0)}
    # of two equal words each is linked to the nearest
    same = {("a", "A"): 1.0}
    assert align(["a", "a"], ["A", "A"], same, {("A", "a"): 1.0}) == {(0, 0), (1, 1)}


def test_pieces_fit_the_links():
    source, target = list("abc"), list("xyz")
    links = {(0, 1), (1, 0), (2, 2)}
    pairs = set(phrase_pairs(source, target, links, 3))
    assert (("a",), ("y",)) in pairs and (("a", "b"), ("x", "y")) in pairs
    assert (("b", "c"), ("x", "y", "z")) not in pairs  # y belongs to a
    assert {len(e) for e, _ in phrase_pairs(source, target, links, 2)} == {1, 2}
    # a word without a link may go with its neighbour
    assert {(("a",), ("x",)), (("a",), ("x", "y"))} <= set(phrase_pairs(["a"], ["x", "y"], {(0, 0)}, 2))


def test_probabilities_add_up_to_one():
    model = NgramModel([tokenize(text) for text in TRANSLATIONS])
    vocabulary = [*{token for text in TRANSLATIONS for token in tokenize(text)}, END]
    for context in ((), model.start, (" premier", " mai"), ("never", "seen")):
        p = [np.exp(model.log_probability((token,), context)[0]) for token in vocabulary]
        # what is left is for words never seen
        assert 0.5 < sum(p) < 1
    assert model.log_probability((" premier", " mai"), model.start)[1] == (" premier", " mai")


def test_the_language_model_settles_the_order():
    translator = PhraseTranslator(TEXTS, TRANSLATIONS, distortion=0.0, language=1.0)
    scores = {
        order: translator.ngrams.log_probability((*order, END), NgramModel.start)[0]
        for order in permutations((" premier", " juin"))
    }
    assert max(scores, key=scores.get) == (" premier", " juin")
    assert translator("the first of june") == "premier juin"


@pytest.mark.parametrize(
    "options", [{"max_phrase": 0}, {"beam_width": 0}, {"language": -1.0}, {"distortion": "a"}]
)
def test_bad_arguments_are_refused(options):
    with pytest.raises((ValueError, TypeError), match=next(iter(options))):
        PhraseTranslator(TEXTS, TRANSLATIONS, **options)
