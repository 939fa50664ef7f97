"""The experiment on languages, and the pruning of its network: who reads which of the three splits."""

import numpy as np
import pytest

from rnnbook.course.experiments import languages, pruning
from rnnbook.data import Dataset, names
from rnnbook.training import History
from rnnbook.vocabulary import SPECIAL


def part(*texts: str) -> names.Names:
    places = np.arange(len(texts))
    return names.Names(np.array(texts), places, np.array([f"days/{place}" for place in places]), places < 0)


DATA = Dataset(names.CARD, part("abba", "baa b", "cab", "bac"), part("dad", "ada"), part("fee abba", "f e a"))


@pytest.fixture
def fitted(monkeypatch):
    """What ``fit`` is given; nothing is trained."""
    given = []
    monkeypatch.setattr(languages._train, "fit", lambda *arguments, **options: given.append(arguments))
    return given


@pytest.fixture
def asked(monkeypatch):
    """The texts that are judged, each time; the first language of all is said of each."""
    texts = []
    first = lambda classifier, given: texts.append(given) or np.eye(len(names.LANGUAGES))[[0] * len(given)]
    monkeypatch.setattr(languages, "predict_proba", first)
    return texts


def read(draw, vocabulary) -> list[tuple[str, int]]:
    return sorted(
        ("".join(vocabulary.decode(row[:size])), int(language))
        for x, lengths, labels in draw(np.random.default_rng(0))
        for row, size, language in zip(x, lengths, labels, strict=True)
    )


def test_it_learns_from_training_and_is_chosen_by_validation(fitted, asked):
    classifier, _ = languages.train(DATA, seed=0, hidden_size=4)
    assert set(classifier.vocabulary.symbols[len(SPECIAL) :]) == set("abc ")
    ((_, draw, _, score, _),) = fitted
    pairs = list(zip(DATA.train.texts, DATA.train.languages, strict=True))
    assert read(draw, classifier.vocabulary) == sorted(pairs)
    assert score(None) == 0.5 and asked == [DATA.validation.texts]
    classifier, _ = languages.train(DATA, seed=0, hidden_size=4, share=0.5)
    half = read(fitted[1][1], classifier.vocabulary)
    assert len(half) == 2 and set(half) < set(pairs)


def test_it_is_tested_on_test_with_words_of_training_apart(asked):
    figures = languages.evaluate(None, History([1.0], [0.5], 0), DATA)
    assert asked == [DATA.test.texts]
    assert [figures[f"test{which}"] for which in ("", ", seen words", ", new words")] == [0.5, 1, 0]
    known = languages.has_training_word(part("cab d", "b", "cab"), DATA.train)
    assert known.tolist() == [False, True, True]


def test_names_that_languages_share_are_left_out():
    shared = DATA.train._replace(shared=np.array([True, False, False, True]))
    assert languages.unambiguous(shared).texts.tolist() == ["baa b", "cab"]


def test_a_beginning_has_a_letter():
    rng = np.random.default_rng(0)
    assert {languages.random_prefix("abc", rng) for _ in range(100)} == {"a", "ab", "abc"}


def test_pruned_weights_are_retrained_on_training_with_the_mask_held(fitted, asked):
    classifier, _ = languages.train(DATA, seed=0, hidden_size=4)
    mask = np.arange(48).reshape(12, 4) % 2 == 0
    fitted.clear()
    pruning.retrain(classifier, mask, DATA, seed=0)
    ((_, draw, loss, score, settings),) = fitted
    assert settings["epochs"] == pruning.EPOCHS
    assert read(draw, classifier.vocabulary) == sorted(
        zip(DATA.train.texts, DATA.train.languages, strict=True)
    )
    pruned = lambda: not classifier.model.params["encoder.U"][~mask].any()
    assert not pruned()
    import torch

    loss(classifier.model, *map(torch.as_tensor, draw(np.random.default_rng(0))[0]))
    assert pruned()
    classifier.model.load_params({name: array + 1 for name, array in classifier.model.params.items()})
    assert score(None) == 0.5 and asked[-1] is DATA.validation.texts and pruned()
    assert pruning.matched_hidden_size(128, 0.75) == 64
    sizes = lambda H: {
        "embedding.E": (72, 32), "encoder.W": (3 * H, 32), "encoder.U": (3 * H, H), "encoder.b": (3 * H,),
        "encoder.b_u": (3 * H,), "readout.W": (12, H), "readout.b": (12,),
    }  # fmt: skip
    total = lambda H: sum(int(np.prod(shape)) for shape in sizes(H).values())
    params = {name: np.zeros(shape) for name, shape in sizes(128).items()}
    for sparsity, H in ((0.0, 128), (0.8, 73), (0.9, 63), (0.95, 58)):
        assert pruning.equal_hidden_size(params, sparsity) == H
        assert total(H) <= total(128) - round(sparsity * 49_152) < total(H + 1)


def test_the_sparsity_is_chosen_by_validation_and_tested_once(fitted, asked, monkeypatch):
    """Up to 0.9 retraining costs nothing, and beyond it too much."""

    train = languages.train
    monkeypatch.setattr(languages, "load", lambda: DATA)
    monkeypatch.setattr(
        languages, "train", lambda data, **options: train(data, **{"hidden_size": 4} | options)
    )
    score = lambda _, mask, *__, **___: History([1.0], [0.9 if mask.mean() > 0.08 else 0.8], 0)
    monkeypatch.setattr(pruning, "retrain", score)
    result = pruning.run(0)
    assert result["chosen"] == 0.9 and result["test"] == {"0.0": 0.5, "0.9": 0.5}
    kinds = ["validation" if texts is DATA.validation.texts else "test" for texts in asked]
    assert kinds == ["validation"] * len(pruning.SPARSITIES) + ["test"] * 2
    assert asked[-1] is asked[-2] is DATA.test.texts


def test_the_convolution_reads_a_name_and_not_its_padding():
    vocabulary = languages.Vocabulary.of(["abcd"])
    model = languages.build_convolution(vocabulary, seed=0)
    name = vocabulary.encode("dab")
    x = np.zeros((2, len(name) + 4), int)
    x[:, : len(name)] = name
    x[1, len(name) :] = vocabulary.encode("bc")
    alone = model.probabilities(name[None], np.array([len(name)]))
    np.testing.assert_allclose(
        model.probabilities(x, np.array([len(name)] * 2)), np.tile(alone, (2, 1)), atol=1e-6
    )
    other = model.probabilities(vocabulary.encode("bad")[None], np.array([len(name)]))
    assert np.abs(other - alone).max() > 1e-3  # the same letters in another order
