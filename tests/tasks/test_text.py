"""A trained classifier in one file: saved here, used in a fresh process, the same in every wing."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

import rnnbook
from rnnbook.tasks import checkpoint
from rnnbook.tasks.text import TextClassifier
from rnnbook.vocabulary import Vocabulary
from rnnbook.weights.files import pack_arrays, unpack_arrays

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


def test_a_text_may_be_as_long_as_allowed():
    assert len(made().encode("a" * 50)) == 52
    with pytest.raises(ValueError, match="at most 50 letters, got 51"):
        made().encode("a" * 51)


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


class Mark:
    """What leaves a folder behind when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("member", ["metadata", "weights/embedding.W", "more"])
def test_a_pickle_inside_is_not_opened(member, tmp_path):
    path, mark = made().save(tmp_path / "good.npz"), tmp_path / "mark"
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    np.savez(tmp_path / "bad.npz", **arrays | {member: np.array([Mark(mark)], dtype=object)})
    assert b"posix" in (tmp_path / "bad.npz").read_bytes()
    with pytest.raises(ValueError, match="path must name a file that rnnbook saved"):
        TextClassifier.load(tmp_path / "bad.npz")
    assert not mark.exists()


def rewritten(path, **changes) -> None:
    """The file with other metadata: an Ellipsis takes a key out."""
    metadata, arrays = unpack_arrays(path)
    metadata = {name: value for name, value in (metadata | changes).items() if value is not ...}
    path.write_bytes(pack_arrays(metadata, arrays))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"symbols": ...}, "it lacks 'symbols'"),
        ({"symbols": 5}, "symbols must be a list of strings"),
        ({"symbols": ["a", ["b"]]}, "symbols must be a list of strings"),
        ({"symbols": ["a"]}, "vocabulary must hold the model's 12 symbols, got 5"),
        ({"labels": "xyz"}, "labels must be a list of strings"),
        ({"labels": ["x"]}, "labels must name the model's 3 classes, got 1"),
        ({"tokenizer": {}}, "tokenizer must be one of letters, words"),
        ({"max_len": "many"}, "max_len must be a positive integer, got 'many'"),
        ({"options": None}, "options must be a dict"),
        (
            {"options": {"vocab_size": 12, "num_classes": 3, "hidden_size": 2**30}},
            "hidden_size must fit the weights",
        ),
        ({"options": {"kettle": 3}}, "kettle"),
    ],
)
def test_files_whose_parts_do_not_fit_are_refused(changes, message, tmp_path):
    path = made().save(tmp_path / "odd.npz")
    rewritten(path, **changes)
    with pytest.raises(
        ValueError, match=r"path must name a saved text classifier, got odd\.npz, .*" + message
    ):
        TextClassifier.load(path, wing="numpy")


@pytest.mark.parametrize("labels", [["x", "y", b"z"], ["x", "y", None], [1, 2, 3], [{}, {}, {}]])
def test_labels_that_a_file_cannot_hold_leave_no_file(labels, tmp_path):
    classifier = TextClassifier(made().model, VOCABULARY, labels, tokenizer="letters")
    with pytest.raises(TypeError, match="labels must be strings to be saved, got"):
        classifier.save(tmp_path / "model.npz")
    assert not list(tmp_path.iterdir())
    with pytest.raises(TypeError, match="metadata must be what JSON can hold"):
        checkpoint.save(tmp_path / "other", {"kind": {1, 2}}, {})
    assert not list(tmp_path.iterdir())
