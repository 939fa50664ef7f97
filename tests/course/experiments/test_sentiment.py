"""The sentiment experiment: its targets, its baseline, its challenge, and what was kept."""

from types import SimpleNamespace

import numpy as np
import pytest

from rnnbook.course import experiments
from rnnbook.course.experiments import sentiment, sentiment_search
from rnnbook.data import Dataset, opinions
from rnnbook.data.opinions import Opinions


def rated(*rows) -> Opinions:
    """Opinions from ``(text, ratings)``."""
    ratings = np.empty(len(rows), object)
    ratings[:] = [np.array(one) for _, one in rows]
    means = np.array([one.mean() for one in ratings])
    return Opinions(np.array([text for text, _ in rows]), (means > 0).astype(int), means, ratings)


def test_soft_labels_by_hand():
    part = rated(("a", [3, 0, -1, 2]), ("b", [-1, -1, 0, 0]))
    assert sentiment.soft_labels(part).tolist() == [[0.375, 0.625], [0.75, 0.25]]
    assert sentiment.hard_labels(part).tolist() == [[0, 1], [1, 0]]


def toy() -> Dataset:
    """Praise and damnation in the same words: only their order says which."""
    rows = [
        (f"the {thing} is {first} not {second}", [4 * sign] * 3)
        for thing in ("plot", "cast", "end", "start", "score", "joke")
        for first, second, sign in (("good", "bad", 1), ("bad", "good", -1))
    ]
    return Dataset(opinions.CARD, rated(*rows), rated(*rows[:4]), rated(*rows[4:8]))


@pytest.mark.parametrize("wing", ["torch", "tensorflow"])
def test_the_network_learns_what_only_order_tells(wing):
    small = {"embedding_size": 8, "hidden_size": 8, "dropout": 0.0, "epochs": 45, "min_freq": 1}
    classifier, history = sentiment.train(toy(), seed=0, wing=wing, **small)
    assert history.best_score == 1.0 and history.losses[-1] < 0.4
    assert classifier("the joke is bad not good")["negative"] > 0.7
    assert sentiment.accuracy(classifier, toy().test) == 1.0


def test_the_linear_model_needs_runs_of_words_for_it():
    asked = ["the plot is good not bad", "the plot is bad not good"]
    one, other = sentiment.linear(toy().train, ngram_range=(1, 1))(asked)
    assert one == pytest.approx(other, abs=1e-6)
    one, other = sentiment.linear(toy().train, ngram_range=(1, 2))(asked)
    assert one > 0.1 and other < -0.1


def test_the_linear_model_learns_from_shares():
    """Six of ten readers, or all of them: with shares the second text is the clearer one."""
    part = rated(
        ("good", [1] * 6 + [-1] * 4), ("great", [1] * 10), ("bad", [-1] * 10), ("poor", [1] * 4 + [-1] * 6)
    )
    good, great = sentiment.linear(part, ngram_range=(1, 1))(["good", "great"])
    assert 0 < good < great
    good, great = sentiment.linear(part, ngram_range=(1, 1), soft=False)(["good", "great"])
    assert good == pytest.approx(great)


def test_challenge_counts_right_verdicts():
    constant = sentiment.challenge_accuracy(lambda texts: np.ones(len(texts), bool))
    assert constant == dict.fromkeys(opinions.CHALLENGE, 6)
    praise = {good for pairs in opinions.CHALLENGE.values() for good, _ in pairs}
    assert set(sentiment.challenge_accuracy(lambda texts: np.isin(texts, list(praise))).values()) == {12}
    assert set(sentiment.challenge_accuracy(lambda texts: ~np.isin(texts, list(praise))).values()) == {0}


def test_who_counts_words_gets_half_of_the_pairs_of_order():
    """Whatever its weights, a sum over words gives both sentences of such a pair the same margin."""
    margin = sentiment.linear(opinions.load().train, ngram_range=(1, 1))
    for good, bad in opinions.CHALLENGE["order"]:
        one, other = margin([good, bad])
        assert one == pytest.approx(other, abs=1e-9)


def test_the_settings_are_those_that_did_best_in_the_search():
    tried = list(experiments.load("sentiment_search")["runs"].values())
    networks = {name: np.mean([run["networks"][name] for run in tried]) for name in tried[1]["networks"]} | {
        name: score for name, score in tried[0]["networks"].items() if name not in tried[1]["networks"]
    }
    linear = tried[0]["linear"]
    assert len(networks) == len(sentiment_search.NETWORKS) and len(linear) == 30
    assert max(networks, key=networks.get) == "as chosen"
    chosen = sentiment.linear.__kwdefaults__
    assert max(linear, key=linear.get) == sentiment_search.name_of(**chosen)


def test_the_seeds_were_kept_as_the_search_found_them():
    searched = experiments.load("sentiment_search")["runs"]
    for seed, run in experiments.load("sentiment")["runs"].items():
        assert run["validation"] == pytest.approx(searched[seed]["networks"]["as chosen"], abs=0.01)


def test_copies_inflate_the_score():
    for run in experiments.load("copies")["runs"].values():
        lines, texts = run["lines"], run["texts"]
        assert lines["copied"] > lines["test"] > texts["test"] and lines["copied"] > lines["new"] + 0.05
        assert lines["validation_by_C"].index(max(lines["validation_by_C"])) > 0
        assert sum(lines["counts"]) == 35_123


def apart() -> Dataset:
    """Three splits of which each has a word of its own."""
    parts = (
        [(f"{word} good", [3, 3]), (f"{word} bad", [-3, -3]), (f"{word} {word}", [1, 1])][:size]
        for word, size in (("film", 3), ("plot", 2), ("cast", 1))
    )
    return Dataset(opinions.CARD, *(rated(*rows) for rows in parts))


def test_it_learns_from_training_and_is_chosen_by_validation(monkeypatch):
    fitted, asked, data = [], [], apart()
    monkeypatch.setattr(sentiment._train, "fit", lambda *given, **options: fitted.append(given))
    classifier, _ = sentiment.train(data, seed=0, embedding_size=2, hidden_size=2, min_freq=1)
    assert set(classifier.vocabulary.symbols[4:]) == {"film", "good", "bad"}
    ((_, draw, _, score, _),) = fitted
    read = [
        (" ".join(classifier.vocabulary.decode(row[:size])), *label)
        for x, lengths, labels in draw(np.random.default_rng(0))
        for row, size, label in zip(x, lengths, labels, strict=True)
    ]
    assert sorted(read) == [("film bad", 1, 0), ("film film", 0, 1), ("film good", 0, 1)]
    sure = lambda classifier, texts: asked.append(texts) or np.array([[0.1, 0.9]] * len(texts))
    monkeypatch.setattr(sentiment._train, "predict_proba", sure)
    assert score(None) == 0.5 and asked == [data.validation.texts]
    assert sentiment.predict_proba(classifier, ["film"]).tolist() == [0.9]  # that it is positive


def test_it_is_tested_on_test(monkeypatch):
    data, history = apart(), SimpleNamespace(losses=[1.0], scores=[0.5], best_score=0.5)
    monkeypatch.setattr(opinions, "load", lambda: data)
    monkeypatch.setattr(opinions, "load_domain", lambda name: data.validation)
    monkeypatch.setattr(sentiment, "train", lambda data, *, seed: (None, history))
    monkeypatch.setattr(sentiment, "predict_proba", lambda classifier, texts: np.ones(len(texts)))
    result = sentiment.run(0)
    assert result["test"] == 1 and set(result["other_domains"].values()) == {0.5}


def test_the_search_never_asks_the_test(monkeypatch):
    data = apart()

    def linear(train, **settings):
        assert train is data.train
        return lambda texts: (
            np.ones(len(texts)) if texts is data.validation.texts else pytest.fail("the test")
        )

    monkeypatch.setattr(opinions, "load", lambda: data)
    monkeypatch.setattr(sentiment, "linear", linear)
    scores = sentiment_search.linear_models.__wrapped__()
    assert set(scores.values()) == {0.5} and len(scores) == 30
