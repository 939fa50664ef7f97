"""Every chapter has a page: what it answers, a picture, and its notebooks with the minutes they take."""

import json
import re

import pytest

from tests import rules
from tests.execute import CHAPTERS, notebooks

FOLDERS = sorted({path.parent for path in notebooks()} - {CHAPTERS})
ROW = re.compile(r"^\| \[(.+)\]\(([^)\s]+\.ipynb)\) \| (.+) \| (\d+) \|$", re.MULTILINE)
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)]+)\)")
MAX_PICTURE_BYTES = 120_000
PNG = b"\x89PNG\r\n"


def title_and_minutes(path) -> tuple[str, int]:
    """What the first cell of a notebook says."""
    opening = rules.text(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])
    title = re.search(r"^# (.+)$", opening, re.MULTILINE)[1]
    minutes = re.search(r"\*\*Time(?::\*\*|\*\*:) (\d+) minutes", opening)
    assert minutes, f"{path.name} does not say how many minutes it takes"
    return title, int(minutes[1])


def read(folder) -> str:
    return (folder / "README.md").read_text(encoding="utf-8")


def test_the_start_page_has_the_same_titles_and_minutes_in_the_same_order():
    start = CHAPTERS / "00-start-here.ipynb"
    prose = "\n".join(
        source for _, _, source in rules.cells(json.loads(start.read_text("utf-8")), "markdown")
    )
    rows = re.findall(r"^\| [^|]*\| \[(.+?)\]\(([^)\s]+\.ipynb)\)[^|]*\| (\d+) \|$", prose, re.MULTILINE)
    there = [
        (title, path.relative_to(CHAPTERS).as_posix(), str(minutes))
        for path in notebooks()
        if path != start
        for title, minutes in [title_and_minutes(path)]
    ]
    assert [(title, name, minutes) for title, name, minutes in rows] == there


def test_there_are_nine_chapters():
    assert [folder.name[:2] for folder in FOLDERS] == [f"{number:02d}" for number in range(1, 10)]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
class TestPage:
    def test_opens_with_the_chapters_number_and_name(self, folder):
        assert re.match(rf"# {int(folder.name[:2])} [A-Z]", read(folder))

    def test_lists_every_notebook_in_order_with_its_title_and_minutes(self, folder):
        listed = [(name, title, int(minutes)) for title, name, _, minutes in ROW.findall(read(folder))]
        there = [(path.name, *title_and_minutes(path)) for path in notebooks(folder)]
        assert listed == there

    def test_says_what_each_notebook_answers(self, folder):
        questions = [question for _, _, question, _ in ROW.findall(read(folder))]
        assert all(len(question.split()) >= 4 for question in questions)
        assert len(set(questions)) == len(questions)

    def test_says_in_a_few_sentences_what_the_chapter_answers(self, folder):
        said = read(folder).split("\n\n")[1]
        assert 2 <= len(re.findall(r"[.?!](?=\s|$)", said)) <= 4

    def test_shows_one_light_picture_and_describes_it(self, folder):
        ((described, name),) = PICTURE.findall(read(folder))
        assert len(described.split()) >= 10
        assert (folder / name).read_bytes().startswith(PNG)
        assert (folder / name).stat().st_size < MAX_PICTURE_BYTES

    def test_links_lead_somewhere(self, folder):
        links = re.findall(r"\]\(([^)\s]+)\)", read(folder))
        assert [link for link in links if not (folder / link).exists()] == []
