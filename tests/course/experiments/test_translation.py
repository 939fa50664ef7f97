"""The translation experiment: how it counts, that it trains in both wings, and what was kept."""

import json

import numpy as np
import pytest

from rnnbook.course import claims, experiments
from rnnbook.course.experiments import translation
from rnnbook.data import Dataset, interface, phrases
from rnnbook.tasks.translation import detokenize, tokenize
from rnnbook.vocabulary import SPECIAL
from tests.execute import CHAPTERS

PAIRS = [(f"{number} {unit}s", f"{number} {foreign}s") for number in range(2, 9)
         for unit, foreign in (("mile", "lieue"), ("inch", "pouce"), ("foot", "pied"))]  # fmt: skip


def toy() -> Dataset:
    def part(rows) -> phrases.Phrases:
        english, french = map(np.array, zip(*rows, strict=True))
        return phrases.Phrases(english, french, french, french, np.full(len(rows), "measure"))

    return Dataset(phrases.CARD, part(PAIRS[:15]), part(PAIRS[15:18]), part(PAIRS[18:]))


@pytest.mark.parametrize("wing", ["torch", "tensorflow"])
def test_it_trains_and_translates(wing):
    small = translation.PHRASES | {"hidden_size": 16, "batch_size": 15, "epochs": 3, "dropout": 0.0}
    translator, history = translation.train(toy(), "french", small, seed=0, wing=wing)
    assert len(history.losses) == 3 and history.losses[-1] < history.losses[0]
    figures = translation.evaluate_phrases(translator, toy(), "french")
    assert figures["kinds"]["measure"][1] == sum(total for _, total in figures["lengths"].values()) == 3
    assert set(figures["lists"]) == set(map(str, translation.ITEMS))


def test_it_trains_on_train_chooses_on_validation_and_is_tested_on_test(monkeypatch):
    fitted, scored, data = [], [], toy()
    monkeypatch.setattr(translation._train, "fit", lambda *given, **options: fitted.append(given))
    small = translation.PHRASES | {"hidden_size": 4}
    translator, _ = translation.train(data, "french", small, seed=0)
    ((_, draw, _, score, _),) = fitted
    read = [
        (detokenize(translator.source.decode(row[:size])), detokenize(translator.target.decode(written)))
        for x, lengths, y in draw(np.random.default_rng(0))
        for row, size, written in zip(x, lengths, y, strict=True)
    ]
    assert sorted(read) == sorted(PAIRS[:15])
    learned = {token for pair in PAIRS[:15] for token in tokenize(pair[1])}
    assert set(translator.target.symbols[len(SPECIAL) :]) == learned

    class Copy:
        def translate_batch(self, texts):
            scored.append(list(texts))
            return scored[-1]

    monkeypatch.setattr(translator, "translate_batch", Copy().translate_batch)
    score(None)
    assert scored == [[english for english, _ in PAIRS[15:18]]]
    figures = translation.evaluate_phrases(Copy(), data, "english")
    assert scored[1] == [english for english, _ in PAIRS[18:]] and figures["test"]["exact"] == 1
    assert figures["wrong"] == [] and set(figures["lists"].values()) == {1.0}


def test_strings_are_tested_on_test():
    parts = (
        interface.InterfaceStrings(*[np.array(texts)] * 3) for texts in (["Open"], ["Close"], ["A b", "C"])
    )

    class Copy:
        def translate_batch(self, texts):
            return list(texts)

        def __call__(self, text, **options):
            assert options == {"beam_width": 4, "length_penalty": 1.0, "allow_unk": True}
            return text if text == "c" else ""

    figures = translation.evaluate_strings(Copy(), Dataset(interface.CARD, *parts), "french")
    assert figures["test"]["exact"] == 1 and figures["beam"]["exact"] == 0.5
    assert figures["samples"] == [["a b"] * 3, ["c"] * 3]


def test_accuracy_by():
    assert translation.accuracy_by(["a", "b", "a"], [True, False, False]) == {"a": [1, 2], "b": [0, 1]}


def test_only_strings_of_the_interface_are_put_in_lower_case():
    strings = interface.InterfaceStrings(*(np.array(["Open"]) for _ in range(3)))
    assert translation.texts(strings, "english") == ["open"]
    assert translation.texts(toy().train, "english")[0] == "2 miles"


def test_what_was_kept_is_complete():
    kept = experiments.load("translation")["runs"]
    assert set(kept) == set(map(str, translation.SEEDS))
    for seed, run in kept.items():
        assert set(run) == {name for name, *_ in translation.configurations(int(seed))}
        for name, result in run.items():
            assert result["test"]["exact"] <= 1 and result["cpu_seconds"] > 0
            parts = ("lengths", "kinds") if "lengths" in result else ()
            for part in parts:
                right, total = np.sum(list(result[part].values()), axis=0)
                assert right / total == pytest.approx(result["test"]["exact"]) and total == 1060, name


def test_what_the_notebook_says_is_what_was_kept():
    for run in experiments.load("translation")["runs"].values():
        with_attention, without = run["french"], run["french, without attention"]
        longer = run["french, without attention, longer"]
        assert with_attention["test"]["exact"] > longer["test"]["exact"] > without["test"]["exact"] + 0.1
        assert with_attention["lists"]["4"] > 0.9 > 0.5 > longer["lists"]["4"] > without["lists"]["4"]
        assert 0.3 > with_attention["lists"]["5"] < run["french, Transformer"]["lists"]["5"]


NOTEBOOK = CHAPTERS / "06-applications" / "03-machine-translation.ipynb"
# Where a printed row has its name, BLEU, chrF, and the shares exactly right, one per seed.
NAME, BLEU, CHRF, EXACT = slice(0, 32), slice(32, 37), slice(37, 43), slice(46, 70)


def tables() -> list[dict[str, dict[str, tuple[float, float, list[float]]]]]:
    """The rows of the two tables that claim 6.3 rests on, by language and name, as they are printed."""
    found = []
    book = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    for cell in book["cells"]:
        if "6.3" in cell["metadata"].get("rnnbook", {}).get("claim", []):
            table = {}
            for line in "".join("".join(output["text"]) for output in cell["outputs"]).splitlines():
                if line.startswith("English to "):
                    rows = table.setdefault(line.split()[2], {})
                else:
                    exact = [float(share.rstrip("%")) for share in line[EXACT].split()]
                    rows[line[NAME].strip()] = float(line[BLEU]), float(line[CHRF]), exact
            found.append(table)
    return found


def beats(ours, theirs) -> bool:
    """By every score, and with every seed."""
    return ours[0] > theirs[0] and ours[1] > theirs[1] and min(ours[2]) > theirs[2][0]


def test_the_verdict_follows_from_the_rows_of_the_tables():
    dated, strings = tables()
    plain = {"copy", "nearest neighbour", "IBM model 1", "phrase-based"}
    assert set(dated) == {"French", "German", "Chinese"} and set(strings) == {"French", "Chinese"}
    wins = [
        beats(rows["GRU with attention"], rows[name]) for rows in dated.values() for name in plain & set(rows)
    ]
    network = {"GRU with attention, greedy", "GRU with attention, beam of 4"}
    loses = [
        all(rows["phrase-based"][score] > rows[name][score] for score in (0, 1))
        and rows["phrase-based"][2][0] > max(rows[name][2])
        for rows in strings.values()
        for name in network
    ]
    verdict = "holds" if not any(loses) and all(wins) else "holds within limits" if any(wins) else "corrected"
    said = {mark.verdict for mark in claims.find_marks(CHAPTERS) if mark.claim == "6.3"}
    assert said == {verdict} == {"holds within limits"} and all(wins) and all(loses)
