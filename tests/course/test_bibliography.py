"""The bibliography holds every paper that the notebooks cite, once."""

import json
import re
import unicodedata

from tests import rules
from tests.execute import CHAPTERS, notebooks

PAPERS = (CHAPTERS / "bibliography.md").read_text(encoding="utf-8").split("## Papers")[1].split("## Books")[0]
ENTRY = re.compile(r"^- (.+?), (\d{4})\. \*(.+?)\*( \(.+?\))?\.? In: (.+)\.$", re.MULTILINE)
ENTRIES = ENTRY.findall(PAPERS)

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


def test_every_line_is_an_entry():
    lines = [line for line in PAPERS.splitlines() if line.strip()]
    assert len(ENTRIES) == len(lines) > 90


def test_every_citation_has_an_entry():
    listed = {
        (surname(authors), year)
        for authors, published, _, note, _ in ENTRIES
        for year in [published, *re.findall(r"\d{4}", note)]
    }
    cited = citations()
    assert len(cited) > 80  # the pattern still finds them
    assert sorted(citation for citation in cited if citation[1:] not in listed) == []


def test_every_paper_is_there_once_in_the_order_of_the_first_author():
    titles = [plain(title) for _, _, title, _, _ in ENTRIES]
    assert len(set(titles)) == len(titles)
    order = [(surname(authors), year) for authors, year, _, _, _ in ENTRIES]
    assert order == sorted(order)


def test_links_lead_to_notebooks_that_name_the_first_author():
    for authors, _, _, _, where in ENTRIES:
        links = re.findall(r"\]\(([^)]+)\)", where)
        assert links
        for link in links:
            text = plain(json.dumps(json.loads((CHAPTERS / link).read_text("utf-8")), ensure_ascii=False))
            assert surname(authors) in text, (authors, link)
