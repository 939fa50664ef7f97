"""The plans of the instructor's guide add up, agree with the notebooks, and quote what is there."""

import json
import re
from urllib.parse import unquote

import pytest

from rnnbook.course.exercises import check
from tests import rules
from tests.course.test_chapter_pages import title_and_minutes
from tests.execute import CHAPTERS, notebooks

GUIDE = (CHAPTERS / "instructor-guide.md").read_text(encoding="utf-8")
HEADER = "| from | minutes | block | say | skip | do |"
NOTEBOOK = re.compile(r"\[([^\]]+)\]\(([^)]+\.ipynb)\)")


def rows(table: str) -> list[list[str]]:
    """The cells of a table's rows, without the two lines of its head."""
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def plans() -> list[tuple[int, list[list[str]]]]:
    """The total that each plan states, and its rows."""
    found = []
    for part in GUIDE.split(HEADER)[1:]:
        said = GUIDE[: GUIDE.index(part)]
        total = int(re.findall(r"\b[Tt]otal[a-z ]*: (\d+) minutes", said)[-1])
        found.append((total, rows(HEADER + part.split("\n\n")[0])))
    return found


def table_under(heading: str) -> list[list[str]]:
    section = GUIDE.split(f"## {heading}\n")[1].split("\n## ")[0]
    return rows("\n".join(line for line in section.splitlines() if line.startswith("|")))


def headings(path) -> str:
    book = json.loads(path.read_text(encoding="utf-8"))
    prose = "\n".join(source for _, _, source in rules.cells(book, "markdown"))
    return "\n".join(re.findall(r"^##+ (.+)$", prose, re.MULTILINE))


PLANS = plans()
BLOCKS = [row for _, plan in PLANS for row in plan if NOTEBOOK.fullmatch(row[2])]


def test_there_are_three_plans_one_of_two_days():
    assert len(PLANS) == 4
    assert len({total for total, _ in PLANS[1:]}) == 1  # days of one length
    assert PLANS[0][0] < PLANS[1][0]


@pytest.mark.parametrize(("total", "plan"), PLANS)
def test_minutes_add_up_to_the_total(total, plan):
    assert sum(int(row[1]) for row in plan) == total


@pytest.mark.parametrize(("total", "plan"), PLANS)
def test_every_block_begins_where_the_one_before_ends(total, plan):
    at = 0
    for row in plan:
        hours, minutes = map(int, row[0].split(":"))
        assert hours * 60 + minutes == at, row
        at += int(row[1])


@pytest.mark.parametrize(("total", "plan"), PLANS)
def test_nobody_sits_for_more_than_two_hours(total, plan):
    sitting = 0
    for row in plan:
        sitting = 0 if row[2] in ("Break", "Lunch") else sitting + int(row[1])
        assert sitting <= 120, row


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block[2][:30])
def test_a_block_has_the_minutes_that_its_notebook_asks_for(block):
    _, minutes, linked, _, skip, _ = block
    title, name = NOTEBOOK.fullmatch(linked).groups()
    stated_title, stated = title_and_minutes(CHAPTERS / name)
    assert title == stated_title
    assert int(minutes) >= stated or "first half" in skip


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block[2][:30])
def test_what_is_skipped_and_done_is_in_the_notebook(block):
    *_, linked, _, skip, do = block
    name = NOTEBOOK.fullmatch(linked)[2]
    there = headings(CHAPTERS / name)
    for heading in re.findall(r"\*([^*]+)\*", skip + do):
        assert heading in there, heading
    for exercise in re.findall(r"`(\w+)`", do):
        assert getattr(check, exercise).notebook == name
    for number in re.findall(r"Check yourself (\d)", do):
        assert 1 <= int(number) <= 3 and "Check yourself" in there


def test_every_question_stands_in_its_notebook():
    table = table_under("Misconceptions, and the questions that bring them out")
    assert len(table) >= 15
    for _, question, linked in table:
        book = json.loads((CHAPTERS / NOTEBOOK.fullmatch(linked)[2]).read_text(encoding="utf-8"))
        asked = [source for _, _, source in rules.cells(book, "markdown") if "## Check yourself" in source]
        assert any(question in source for source in asked), question


def test_every_mistake_is_one_that_check_names():
    table = table_under("Mistakes that hands make")
    assert len(table) >= 10
    for name, sentence, linked in table:
        exercise = getattr(check, name.strip("`"))
        assert sentence in [mistake.sentence for mistake in exercise.mistakes]
        assert exercise.notebook == NOTEBOOK.fullmatch(linked)[2]


def test_links_lead_somewhere():
    links = [unquote(link) for link in re.findall(r"\]\(([^)\s#]+)\)", GUIDE)]
    assert links and [link for link in links if not (CHAPTERS / link).exists()] == []


def test_every_notebook_has_the_three_questions_that_the_guide_promises():
    """And the exercises, which the guide says `check` answers."""
    assert "every notebook of chapters 1 to 9 stand three questions" in " ".join(GUIDE.split())
    for path in notebooks():
        if path.parent != CHAPTERS:
            book = json.loads(path.read_text(encoding="utf-8"))
            prose = "\n".join(source for _, _, source in rules.cells(book, "markdown"))
            _, _, after = prose.partition("## Check yourself\n")
            assert len(re.findall(r"^\*\*\d\. ", after.split("\n## ")[0], re.MULTILINE)) == 3, path.name
            code = "\n".join(source for _, _, source in rules.cells(book, "code"))
            assert "from rnnbook.course.exercises import check" in code, path.name
