"""A few damaged files through each reader, and what the judge of them calls a fault."""

import time

import pytest

from rnnbook.tasks.music import Note
from rnnbook.vocabulary import Vocabulary
from tests import fuzz


@pytest.mark.parametrize("name", ["midi", "musicxml", "checkpoint", "onnx"])
def test_damaged_files_are_read_or_refused_in_our_words(name):
    assert list(fuzz.failures(name, 40)) == []


def test_the_judge_knows_a_fault():
    assert fuzz.judge(lambda: Vocabulary("ab")) == ""
    assert fuzz.judge(lambda: Vocabulary("aa")) == ""  # refused in our words
    assert "words of others: TypeError" in fuzz.judge(lambda: Note(0, None, 60).end)
    assert "words of others: ValueError" in fuzz.judge(lambda: int("x"))
    assert fuzz.judge(lambda: {}["key"]) == "KeyError('key')"


def test_the_judge_has_a_clock(monkeypatch):
    monkeypatch.setattr(fuzz, "SECONDS", 0.05)
    assert fuzz.judge(lambda: time.sleep(5)) == "it took more than 0.05 seconds"
