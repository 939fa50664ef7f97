"""Every term to which a notebook gives a Chinese name is in the glossary, with the same name."""

import json
import re

from tests import rules
from tests.execute import CHAPTERS, notebooks

GLOSSARY = (CHAPTERS / "glossary.md").read_text(encoding="utf-8")
ROW = re.compile(
    r"^\| ([^(|]+?)(?: \(([^)]+)\))? \| ([\u4e00-\u9fff]+)(?: \([^)]+\))? \| ([^|]+) "
    r"\| \[[^\]]+\]\(([^)]+)\) \|$",
    re.M,
)
# (循环神经网络), (GRU, 门控循环单元), (长短期记忆; Hochreiter and Schmidhuber, 1997)
IN_BRACKETS = re.compile(r"\(((?:[A-Za-z, -]+, )?)([\u4e00-\u9fff]+)(?:[,;][^)]*)?\)")
BEFORE = 45  # characters in which the English name must stand

# Chinese: the English names
NAMES = {
    chinese: [english, *(also.split(", ") if also else [])]
    for english, also, chinese, _, _ in ROW.findall(GLOSSARY)
}
FIRST = {chinese: link for _, _, chinese, _, link in ROW.findall(GLOSSARY)}


def uses() -> list[tuple[str, str, str]]:
    """(notebook, Chinese name, the words before it) of each term with a Chinese name, in reading order."""
    found = []
    for path in notebooks():
        book = json.loads(path.read_text(encoding="utf-8"))
        for _, _, source in rules.cells(book, "markdown"):
            prose = " ".join(source.split())
            for match in IN_BRACKETS.finditer(prose):
                before = prose[max(0, match.start() - BEFORE) : match.start()] + match[1]
                found.append((path.relative_to(CHAPTERS).as_posix(), match[2], before))
    return found


USES = uses()


def test_every_line_is_read():
    assert len(NAMES) == sum(line.startswith("| ") for line in GLOSSARY.splitlines()) - 1
    assert len(NAMES) > 50


def test_every_term_with_a_chinese_name_is_there():
    assert sorted({chinese for _, chinese, _ in USES} - set(NAMES)) == []


def test_the_notebooks_say_the_same_in_english():
    wrong = [
        (notebook, chinese, before)
        for notebook, chinese, before in USES
        if not any(name.lower() in before.lower() for name in NAMES[chinese])
    ]
    assert wrong == []


def test_the_link_leads_to_the_first_use():
    first = {}
    for notebook, chinese, _ in USES:
        first.setdefault(chinese, notebook)
    assert {chinese: FIRST[chinese] for chinese in first} == first


def test_links_lead_somewhere():
    assert [link for link in FIRST.values() if not (CHAPTERS / link).exists()] == []


def test_terms_are_in_order_and_once():
    terms = [row[0].lower() for row in ROW.findall(GLOSSARY)]
    assert terms == sorted(set(terms))
