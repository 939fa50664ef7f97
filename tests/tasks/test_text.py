"""A trained classifier in one file: saved here, used in a fresh process, the same in every wing."""

import json
import subprocess
import sys

import numpy as np
import pytest

import rnnbook
from rnnbook.tasks import checkpoint
from rnnbook.tasks.text import TextClassifier
from rnnbook.vocabulary import Vocabulary

VOCABULARY = Vocabulary("abcdefg ")


def made(wing: str = "torch", **options) -> TextClassifier:
    rng = np.random.default_rng(0)
    model = getattr(rnnbook, wing).SequenceClassifier(
        len(VOCABULARY), 3, embedding_size=4, hidden_size=5, rng=rng, **options
    )
    return TextClassifier(model, VOCABULARY, ["x", "y", "z"], tokenizer="letters", max_len=50)


@pytest.mark.parametrize("wing", ["numpy", "torch", "tensorflow"])
def test_every_wing_saves_and_loads(wing, tmp_path):
    classifier = made(wing, cell="LSTM", pooling="attention")
    path = classifier.save(tmp_path / "model.npz")
    for other in "numpy", "torch", "tensorflow":
        loaded = TextClassifier.load(path, wing=other)
        assert loaded("Bad cab") == pytest.approx(classifier("bad cab"), abs=1e-6)
        assert (loaded.labels, loaded.tokenizer, loaded.max_len) == (("x", "y", "z"), "letters", 50)


def test_three_lines_in_a_fresh_process(tmp_path):
    path = made().save(tmp_path / "model")
    assert path.name == "model.npz"
    program = (
        "from rnnbook.tasks.text import TextClassifier\n"
        f"classifier = TextClassifier.load({str(path)!r}, wing='numpy')\n"
        "print(__import__('json').dumps(classifier('bad')))\n"
        "assert not {'torch', 'tensorflow'} & set(__import__('sys').modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == pytest.approx(made()("bad"), abs=1e-6)


def test_the_likeliest_comes_first_and_all_sum_to_one():
    answer = made()("abc")
    assert set(answer) == {"x", "y", "z"} and sum(answer.values()) == pytest.approx(1)
    assert list(answer.values()) == sorted(answer.values(), reverse=True)


def test_as_it_reads_ends_where_reading_ends():
    classifier = made(bidirectional=True)
    beliefs = classifier.prefix_probabilities("cabbage")
    assert beliefs.shape == (7, 3)
    for size in 1, 4, 7:
        answer = classifier("cabbage"[:size])
        assert dict(zip(classifier.labels, beliefs[size - 1], strict=True)) == pytest.approx(answer)


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("", ValueError, "text must hold at least one of the letters, got ''"),
        (" \n", ValueError, "text must hold at least one of the letters"),
        ("www", ValueError, "text must hold letters that the model has seen, got none in 'www'"),
        ("a" * 100_000, ValueError, "at most 50 letters, got 100,000; cut it into pieces"),
        (b"abc", TypeError, "text must be a string, got bytes"),
        (None, TypeError, "text must be a string, got NoneType"),
    ],
)
def test_texts_are_refused(text, error, message):
    with pytest.raises(error, match=message):
        made()(text)


def test_some_unknown_letters_are_read_as_unknown():
    assert made()("abw") == made()("ab?") != made()("ab")


def test_parts_must_fit():
    model = made().model
    with pytest.raises(ValueError, match="labels must name the model's 3 classes, got 2"):
        TextClassifier(model, VOCABULARY, ["x", "y"], tokenizer="letters")
    with pytest.raises(ValueError, match="vocabulary must hold the model's 12 symbols, got 5"):
        TextClassifier(model, Vocabulary("a"), ["x", "y", "z"], tokenizer="letters")
    with pytest.raises(ValueError, match="tokenizer must be one of letters, words"):
        TextClassifier(model, VOCABULARY, ["x", "y", "z"], tokenizer="sentences")


def test_nothing_is_written_over(tmp_path):
    classifier = made()
    path = classifier.save(tmp_path / "model.npz")
    before = path.read_bytes()
    with pytest.raises(FileExistsError, match=r"got model\.npz; delete it or choose another"):
        classifier.save(path)
    assert path.read_bytes() == before


def test_other_files_are_refused(tmp_path):
    with pytest.raises(FileNotFoundError):
        TextClassifier.load(tmp_path / "none.npz")
    path = tmp_path / "text.npz"
    path.write_text("no archive")
    with pytest.raises(ValueError, match=r"path must name a file that rnnbook saved, got text\.npz"):
        TextClassifier.load(path)
    arrays = tmp_path / "arrays.npz"
    np.savez(arrays, a=np.zeros(2))
    with pytest.raises(ValueError, match=r"path must name a file that rnnbook saved, got arrays\.npz"):
        TextClassifier.load(arrays)
    other = checkpoint.save(tmp_path / "other", {"kind": "kettle"}, {})
    with pytest.raises(ValueError, match=r"path must name a saved text classifier, .* holds 'kettle'"):
        TextClassifier.load(other)
    with pytest.raises(ValueError, match="wing must be one of numpy, torch, tensorflow"):
        TextClassifier.load(other, wing="jax")


def test_a_pickle_inside_is_not_opened(tmp_path):
    path = tmp_path / "pickle.npz"
    np.savez(path, metadata=np.array([{"kind": "text classifier"}], dtype=object))
    with pytest.raises(ValueError, match="path must name a file that rnnbook saved"):
        TextClassifier.load(path)
