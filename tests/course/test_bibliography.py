"""The bibliography holds every paper that the notebooks cite, once, and the reading list is made from it."""

import json
import re
import unicodedata
from functools import cache
from urllib.parse import unquote

import pytest

from rnnbook.course import reading
from tests import rules
from tests.execute import CHAPTERS, notebooks

PAPERS = reading.papers(CHAPTERS)
BOOKS = reading.books(CHAPTERS)
PAGE = (CHAPTERS / "bibliography.md").read_text(encoding="utf-8")
LINK = re.compile(
    r"https://(?:doi\.org/10\.\d{4,5}/[^\s()]+|arxiv\.org/abs/\d{4}\.\d{4,5}|aclanthology\.org/[A-Z]\d\d-\d{4}"
    r"|(?:www\.)?jmlr\.org/papers/\S+|proceedings\.mlr\.press/\S+|[a-z]+\.github\.io/\S+)"
)

NAME = r"(?:(?:[A-Z]\.[ -]?)*(?:van den |de )?[A-Z][\w'-]+)"
# Two names or more, or a name and 'et al.', and then a year: (Cho et al., 2014), Gers and Schmidhuber (2000)
CITATION = re.compile(
    rf"({NAME})(?:(?:, {NAME})*,? and {NAME}|,? et al\.|,? and others)(?:'s)?,? (?:in )?\(?((?:19|20)\d\d)\b"
)


def plain(words: str) -> str:
    """In small letters and without accents, and without what only leads up to a name."""
    letters = unicodedata.normalize("NFKD", words)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).lower()


def surname(authors: str) -> str:
    return plain(re.split(r",| and ", authors)[0]).split()[-1]


def citations() -> set[tuple[str, str, str]]:
    """(notebook, surname of the first author, year) of each citation of two authors or more."""
    found = set()
    for path in notebooks():
        book = json.loads(path.read_text(encoding="utf-8"))
        for _, _, source in rules.cells(book, "markdown"):
            prose = " ".join(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", source).split())
            for match in CITATION.finditer(prose):
                found.add((path.relative_to(CHAPTERS).as_posix(), surname(match[1]), match[2]))
    return found


def test_every_citation_has_an_entry():
    listed = {
        (surname(paper.authors), year)
        for paper in PAPERS
        for year in [str(paper.year), *re.findall(r"\d{4}", paper.note)]
    }
    listed |= {(surname(book.authors), book.year) for book in BOOKS}
    cited = citations()
    assert len(cited) > 80  # the pattern still finds them
    assert sorted(citation for citation in cited if citation[1:] not in listed) == []


def test_every_paper_is_there_once_in_the_order_of_the_first_author():
    titles = [plain(paper.title) for paper in PAPERS]
    assert len(set(titles)) == len(titles) > 90
    by_line = sorted(PAPERS, key=lambda paper: PAGE.index(f"*{paper.title}*"))
    order = [(surname(paper.authors), paper.year) for paper in by_line]
    assert order == sorted(order)


def test_links_lead_to_notebooks_that_name_the_first_author():
    for paper in PAPERS:
        assert paper.notebooks, paper.title
        for _, place in paper.notebooks:
            assert surname(paper.authors) in words_of(place), (paper.authors, place)


@cache
def words_of(place):
    book = json.loads((CHAPTERS / place).read_text("utf-8"))
    return plain(json.dumps(book, ensure_ascii=False))


def test_addresses_are_of_the_kind_that_lasts():
    linked = [paper for paper in PAPERS if paper.link]
    assert len(linked) > 100
    assert [paper.link for paper in linked if not LINK.fullmatch(paper.link)] == []
    for paper in linked:
        kind, _, number = paper.label.partition(":")
        assert kind not in ("doi", "arXiv") or unquote(paper.link).endswith(number), paper.title


def test_every_reason_to_read_belongs_to_an_entry_and_is_a_sentence():
    titles = {paper.title for paper in PAPERS} | {book.title for book in BOOKS}
    reasons = reading.reasons()
    assert [reason.title for reason in reasons if reason.title not in titles] == []
    assert len({reason.title for reason in reasons}) == len(reasons) > 100
    bare = [
        reason.why
        for reason in reasons
        if not re.match(r"[A-Z].*[.?]$", reason.why) or len(reason.why.split()) < 5
    ]
    assert bare == ["This is the Transformer."]


def test_every_chapter_has_a_book_to_begin_with_and_all_but_chapter_5_a_paper():
    assert {paper.chapter for paper in PAPERS if paper.why} == set(reading.CHAPTERS) - {5}
    assert {chapter for book in BOOKS for chapter in book.chapters} >= set(reading.CHAPTERS)
    assert [book.title for book in BOOKS if not book.why] == []


class TestTheReadingList:
    def page(self, folder, *lines):
        head = "# Bibliography\n\n## Papers\n\n"
        tail = "\n\n## Books\n\n- Someone, 2001. *A Book* (free).\n"
        (folder / "bibliography.md").write_text(head + "\n".join(lines) + tail, encoding="utf-8")
        return reading.papers(folder)

    def test_reads_all_that_an_entry_holds(self, tmp_path):
        line = (
            "- One and Two, 1999. *A title: and more* (a report). A Journal 3. "
            "[doi:10.1000/1(2)](https://doi.org/10.1000/1%282%29). "
            "In: [B](03-b/01-b.ipynb), [A](02-a/01-a.ipynb)."
        )
        (paper,) = self.page(tmp_path, line)
        assert paper[:7] == (
            "One and Two", 1999, "A title: and more", "a report", "A Journal 3", "doi:10.1000/1(2)",
            "https://doi.org/10.1000/1%282%29",
        )  # fmt: skip
        assert paper.notebooks == (("B", "03-b/01-b.ipynb"), ("A", "02-a/01-a.ipynb"))

    def test_a_paper_without_a_reason_follows_the_others_of_its_first_chapter(self, tmp_path):
        new = "- A and B, 2030. *A paper that nobody has read*. In: [x](01-background/01-why-memory.ipynb)."
        old = "- Elman, 1990. *Finding structure in time*. In: [y](04-mathematics/06-conventions.ipynb)."
        first, second = self.page(tmp_path, new, old)
        assert (first.title, first.chapter) == ("Finding structure in time", 1)
        assert (second.chapter, second.why, second.venue, second.link) == (1, "", "", "")
        bare = "*A paper that nobody has read* | (no reason written yet) | [x](../01-background/"
        assert bare in reading.table([first, second], 1)

    def test_a_title_that_asks_keeps_its_sign(self, tmp_path):
        (paper,) = self.page(tmp_path, "- A, 2001. *Is it so?* ICML 2001. In: [x](01-a/01-b.ipynb).")
        assert (paper.title, paper.venue, reading.cite(paper)) == (
            "Is it so?",
            "ICML 2001",
            "A, 2001. *Is it so?* ICML 2001",
        )

    def test_a_line_that_is_no_entry_is_refused(self, tmp_path):
        with pytest.raises(ValueError, match=r"each line must be .*got '- Elman 1990"):
            self.page(tmp_path, "- Elman 1990. *Finding*. In: [x](01-a/01-b.ipynb).")
