"""Neither the place nor the length of a choice gives the right one away."""

import json

import pytest

from rnnbook.course import language
from rnnbook.course.edition.sources import of_chapters
from rnnbook.course.edition.writing import chapters_in
from rnnbook.course.quizzes import Question, questions
from tests.execute import CHAPTERS, notebooks
from tests.quizzes import telling
from tests.rules import text


def cell(*choices: str) -> dict:
    parts = [f"<details><summary>{each}</summary>\n\nYes. So.\n\n</details>\n" for each in choices[:1]]
    parts += [f"<details><summary>{each}</summary>\n\nNo. Not so.\n\n</details>\n" for each in choices[1:]]
    source = "## Check yourself\n\n**1. Which?**\n\n" + "\n".join(parts[1:] + parts[:1])
    return {"cells": [{"cell_type": "markdown", "source": source}]}


def test_right_choices_give_nothing_away():
    books = [json.loads(path.read_text(encoding="utf-8")) for path in notebooks()]
    assert telling([question for book in books for question in questions(book)]) == []


def test_every_question_has_three_choices():
    for path in notebooks():
        for question in questions(json.loads(path.read_text(encoding="utf-8"))):
            assert len(question.choices) == 3, f"{path.name}: {question.text}"


def test_a_question_is_read():
    book = cell("right", "a wrong one", "another")
    assert text(book["cells"][0]["source"]).count("<summary>") == 3
    [question] = questions(book)
    assert question == Question(
        "**1. Which?**", ("a wrong one", "another", "right"), 2, ("No. Not so.", "No. Not so.", "Yes. So.")
    )
    assert not question.right_is_longest


def test_what_gives_it_away_is_found():
    level = [Question("", ("one", "two", "six"), place) for place in (0, 1, 2) * 4]
    # Of equal lengths the first counts as the longest.
    assert telling(level) == []
    assert telling(level + level[1:2] * 12)[0].startswith("the first choice is right in 17%")
    long = [
        Question("", tuple("longest" if i == place else "a" for i in range(3)), place) for place in (0, 1, 2)
    ]
    assert telling(long) == ["the right choice is the longest in 100% of the questions"]


@pytest.mark.parametrize("spoken", language.LANGUAGES)
def test_every_question_is_found_in_every_language(spoken):
    """They are found by a heading and a first word that the package says: the edition must use the same."""
    with chapters_in(spoken) as chapters:
        for source in of_chapters():
            if not source.name.endswith(".ipynb") or not source.catalogue(spoken).exists():
                continue
            with language.speaking(language.ENGLISH):
                expected = [question.right for question in questions(book(CHAPTERS / source.name))]
            with language.speaking(spoken):
                found = [question.right for question in questions(book(chapters / source.name))]
            assert found == expected, source.name


def book(path):
    return json.loads(path.read_text(encoding="utf-8"))
