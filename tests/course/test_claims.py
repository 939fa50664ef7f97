"""Every claim of the article has its evidence and one verdict, and the table of claims leads to it."""

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from nbconvert.filters import markdown2html

from rnnbook.course import claims
from tests.execute import CHAPTERS, notebooks

TABLE = CHAPTERS / "09-faq" / "08-the-claims.ipynb"
WORDS = {
    "holds": r"\bholds?\b(?!,? within limits)",
    "holds within limits": r"\bholds?,? within limits\b",
    "corrected": r"\bcorrected\b",
    "not measured": r"\bnot measured\b",
}


def cell(kind: str, source: str, **mark) -> dict:
    return {"cell_type": kind, "metadata": {"rnnbook": mark} if mark else {}, "source": source}


def write(folder: Path, name: str, *cells: dict) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")


class TestTheCourse:
    def test_every_claim_has_a_mark_and_one_verdict(self):
        missing = set(claims.statements()) - set(claims.verdicts(claims.find_marks(CHAPTERS)))
        assert not missing, f"no cell is marked with {sorted(missing)}"

    def test_every_verdict_is_said_in_words(self):
        """A cell of prose, in a notebook that settles the claim, names the claim and says the verdict."""
        marks = claims.find_marks(CHAPTERS)
        for claim, verdict in claims.verdicts(marks).items():
            books = {mark.notebook for mark in marks if mark.claim == claim}
            cells = [
                " ".join(cell.replace("*", "").split()) for book in books for cell in prose(CHAPTERS / book)
            ]
            said = [re.search(WORDS[verdict], one) for one in cells if re.search(rf"\b{claim}\b", one)]
            assert any(said), f"no words beside claim {claim} say that it {verdict}"

    def test_every_verdict_follows_from_its_rows(self):
        assert claims.disagreements(claims.find_marks(CHAPTERS)) == []

    def test_a_row_that_says_for_or_against_is_marked_so(self):
        """Where the cell derives the word from the row's own numbers, the mark may not differ."""
        said = 0
        for mark in claims.find_marks(CHAPTERS):
            for row, line in zip(mark.rows, mark.lines, strict=True):
                word = re.match(rf"{re.escape(row)} +(for|against)\b", line)
                if word:
                    said += 1
                    assert (word[1] == "against") == (row in mark.against), (mark.notebook, mark.claim, line)
        assert said >= 12

    def test_the_rule_stands_where_readers_meet_it(self):
        """The page of the claims says what each word means, as the rule has it."""
        page_text = " ".join(" ".join(prose(TABLE)).split())
        for words in ("no row speaks against it", "some rows speak for it and some against it"):
            assert words in page_text
        assert "every row speaks against it" in page_text

    def test_every_verdict_names_its_rows(self):
        marks = claims.find_marks(CHAPTERS)
        bare = {f"{mark.notebook}: {mark.claim}" for mark in marks if not mark.rows + mark.beside}
        assert not bare, f"which rows of the output does the verdict rest on? {sorted(bare)}"

    def test_no_sentence_says_another_verdict(self):
        """`**Claim 3.4, update the weights: holds.**` and its like, in every notebook."""
        verdicts = claims.verdicts(claims.find_marks(CHAPTERS))
        for path in notebooks():
            for said in re.findall(r"\*\*(Claims? \d[^*]*)\*\*", "\n".join(prose(path))):
                words = " ".join(said.split())
                for claim in re.findall(r"\d\.\d", words):
                    assert re.search(WORDS[verdicts[claim]], words), f"{path.name}: {words}"

    def test_the_committed_table_is_the_one_of_today(self):
        shown = [text for text in markdown_outputs(TABLE) if "| the article says |" in text]
        assert shown == [claims.table(claims.find_marks(CHAPTERS))]

    def test_links_lead_to_headings(self):
        """As nbconvert names the places in its pages, which is how JupyterLab names them."""
        table = claims.table(claims.find_marks(CHAPTERS))
        links = re.findall(r"\]\(([^)]+)#([^)]+)\)", table)
        assert len(links) > 40
        for target, anchor in links:
            path = (TABLE.parent / target).resolve()
            assert f'id="{unquote(anchor)}"' in unquote(page(path)), f"{target}#{anchor}"


def prose(path: Path) -> list[str]:
    book = json.loads(path.read_text(encoding="utf-8"))
    return ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "markdown"]


def page(path: Path) -> str:
    headings = re.findall(r"^#.*$", "\n".join(prose(path)), re.MULTILINE)
    return markdown2html("\n\n".join(headings)).replace("&quot;", '"').replace("&#39;", "'")


def markdown_outputs(path: Path) -> list[str]:
    book = json.loads(path.read_text(encoding="utf-8"))
    datas = [output.get("data", {}) for cell in book["cells"] for output in cell.get("outputs", [])]
    return ["".join(data["text/markdown"]) for data in datas if "text/markdown" in data]


def test_statements_are_the_articles():
    known = claims.statements()
    assert len(known) == 39
    assert list(known) == sorted(known)
    assert known["4.1"] == "`h_t = f(W x_t + U h_{t-1} + b)`"
    assert all(len(said) > 5 for said in known.values())


class TestMarks:
    def test_are_read_with_the_heading_above(self, tmp_path):
        write(
            tmp_path,
            "03-algorithm/01-steps.ipynb",
            cell("markdown", ["# Four `steps`\n", "\n", "```python\n", "# no heading\n", "```\n"]),
            cell("code", "# no heading either", claim=["3.2", "3.4"], verdict="holds"),
            cell("markdown", "## What *descends*?\n\nThe weights.", claim=["3.3"], verdict="corrected"),
        )
        write(tmp_path, "03-algorithm/.ipynb_checkpoints/01-steps.ipynb", cell("code", "", claim=["?"]))
        book = "03-algorithm/01-steps.ipynb"
        assert claims.find_marks(tmp_path) == [
            claims.Mark("3.2", "holds", book, "Four steps", "Four steps"),
            claims.Mark("3.4", "holds", book, "Four steps", "Four steps"),
            claims.Mark("3.3", "corrected", book, "Four steps", "What descends?"),
        ]

    @pytest.mark.parametrize(
        ("mark", "message"),
        [
            (
                {"claim": ["1.1"]},
                "one of 'holds', 'holds within limits', 'corrected', 'not measured', got None",
            ),
            ({"claim": ["1.1"], "verdict": "true"}, "got 'true'"),
            ({"claim": ["1.7"], "verdict": "holds"}, "a.ipynb, cell 1: claim must be .* got '1.7'"),
            ({"claim": ["1.1"], "verdict": "holds", "rows": ["GRU"]}, "rows must stand in .* got 'GRU'"),
            ({"claim": ["1.1"], "verdict": "holds", "against": ["GRU"]}, "against must be some of the rows"),
            (
                {"claim": ["1.1"], "verdict": "not measured", "beside": ["CPU"]},
                "rows must stand in .* got 'CPU'",
            ),
        ],
    )
    def test_are_refused(self, tmp_path, mark, message):
        write(tmp_path, "a.ipynb", cell("markdown", "# Title"), cell("code", "", **mark))
        with pytest.raises(ValueError, match=message):
            claims.find_marks(tmp_path)


def test_rows_are_read_where_the_cell_shows_them(tmp_path):
    """In a printed line, and in the description of a picture."""
    mark = {"rnnbook": {"claim": ["1.1"], "verdict": "holds", "rows": ["Jordan", "a falling line"]}}
    outputs = [{"text": ["Jordan  0.9\n"]}, {"data": {"image/png": "", "text/plain": ["a falling line"]}}]
    shown = {"cell_type": "code", "metadata": mark, "source": "", "outputs": outputs}
    write(tmp_path, "a.ipynb", cell("markdown", "# Title"), shown)
    found = claims.find_marks(tmp_path)[0]
    assert found.rows == ("Jordan", "a falling line")
    assert found.lines == ("Jordan  0.9", "a falling line")


def test_the_line_of_a_row_begins_with_it_where_one_does(tmp_path):
    shown = "score minus GRU\nGRU  0.9\n" + "Elsewhere. " * 20 + "The LSTM: 0.8. " + "Elsewhere. " * 20
    mark = {"rnnbook": {"claim": ["1.1"], "verdict": "holds", "rows": ["GRU", "LSTM"]}}
    write(
        tmp_path,
        "a.ipynb",
        cell("markdown", "# Title"),
        {"cell_type": "code", "metadata": mark, "source": "", "outputs": [{"text": shown}]},
    )
    assert claims.find_marks(tmp_path)[0].lines == ("GRU  0.9", "The LSTM: 0.8.")


def test_what_was_not_measured_has_no_rows(tmp_path):
    """What was measured instead stands beside it, and is counted neither for nor against."""
    mark = {"claim": ["9.4"], "verdict": "not measured", "beside": ["the CPU"]}
    write(tmp_path, "a.ipynb", cell("markdown", "# Title"), cell("markdown", "Only the CPU.", **mark))
    marks = claims.find_marks(tmp_path)
    assert marks[0].beside == ("the CPU",)
    assert claims.count(marks, "9.4") == (0, 0) and claims.disagreements(marks) == []
    assert "| **not measured** | 0, 0 |" in claims.table(marks)
    write(
        tmp_path,
        "a.ipynb",
        cell("markdown", "# Title"),
        cell("markdown", "Only the CPU.", **mark, rows=["the CPU"]),
    )
    with pytest.raises(ValueError, match="what was not measured has no rows, got \\['the CPU'\\]"):
        claims.find_marks(tmp_path)


@pytest.mark.parametrize(
    ("num_for", "num_against", "verdict"),
    [
        (2, 0, "holds"),
        (1, 1, "holds within limits"),
        (5, 1, "holds within limits"),
        (0, 1, "corrected"),
        (0, 0, "not measured"),
    ],
)
def test_the_rule(num_for, num_against, verdict):
    assert claims.rule(num_for, num_against) == verdict


def test_a_verdict_that_its_rows_do_not_support_is_found():
    """Over all marks of a claim: a limit in one notebook is a limit."""
    good = claims.Mark("1.1", "holds", "a", "A", "A", ("GRU", "LSTM"))
    assert claims.disagreements([good]) == []
    bad = claims.Mark("1.1", "holds", "b", "B", "B", ("Elman",), ("Elman",))
    assert claims.disagreements([good, bad]) == [
        "claim 1.1 holds; from 2 rows for, 1 against: holds within limits"
    ]
    bare = claims.Mark("1.2", "corrected", "a", "A", "A")
    assert claims.disagreements([bare]) == ["claim 1.2 corrected, and its marks name no rows"]
    claimed = claims.Mark("1.3", "not measured", "a", "A", "A", ("GRU",))
    assert claims.disagreements([claimed]) == ["claim 1.3 not measured; from 1 rows for, 0 against: holds"]


def test_two_verdicts_on_one_claim_are_refused():
    marks = [claims.Mark("1.1", "holds", "a", "A", "A"), claims.Mark("1.1", "corrected", "b", "B", "B")]
    assert claims.verdicts(marks[:1]) == {"1.1": "holds"}
    with pytest.raises(ValueError, match=r"claim 1.1 .* a says 'holds', b says 'corrected'"):
        claims.verdicts(marks)


def test_table_links_each_heading_once():
    marks = [
        claims.Mark("3.2", "holds", "03/b.ipynb", "Steps", "Step 1: (forward)?"),
        claims.Mark("1.2", "holds", "01/a.ipynb", "Why", "Far"),
        claims.Mark("3.2", "holds", "03/b.ipynb", "Steps", "Step 1: (forward)?"),
        claims.Mark("3.2", "holds", "03/b.ipynb", "Steps", "Again"),
        claims.Mark("3.2", "holds", "03/c.ipynb", "More", "More"),
    ]
    _, _, first, second = claims.table(marks, root="x").splitlines()
    assert (
        first == f"| 1.2 | {claims.statements()['1.2']} | **holds** | 0, 0 | *Why*: [Far](x/01/a.ipynb#Far) |"
    )
    step = "[Step 1: (forward)?](x/03/b.ipynb#Step-1:-%28forward%29?)"
    assert second.endswith(
        f"| *Steps*: {step}, [Again](x/03/b.ipynb#Again)<br>*More*: [More](x/03/c.ipynb#More) |"
    )
