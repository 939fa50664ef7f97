"""Texts are cut into what is translated, and joined again; a whole parser of Markdown sees the same units."""

import json
import re
from functools import cache

import pytest
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from rnnbook.course.edition import documents, units
from tests.execute import CHAPTERS

DOCUMENTS = documents.documents(CHAPTERS)
NAMES = [path.relative_to(CHAPTERS).as_posix() for path in DOCUMENTS]

PARSER = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin, double_inline=True)


@cache
def content(name: str) -> str:
    return (CHAPTERS / name).read_bytes().decode("utf-8")


def texts(name: str) -> list[str]:
    """The texts in Markdown of a document."""
    if not name.endswith(".ipynb"):
        return [content(name)]
    cells = json.loads(content(name))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]


def seen_by_a_parser(text: str) -> list[str]:
    """The pieces of prose that a parser of Markdown finds, each on one line."""
    found = []
    for token in PARSER.parse(text):
        if token.type == "html_block":
            found += re.findall(r"<summary>(.+?)</summary>", token.content)
        elif token.type == "inline":
            # A formula that is displayed interrupts its paragraph.
            found += re.split(r"(?<!\S)\$\$.+?\$\$(?!\S)", token.content, flags=re.DOTALL)
    alone = [units.PICTURE.sub(lambda picture: picture[1], " ".join(piece.split())) for piece in found]
    return [piece for piece in alone if units.has_words(piece)]


def page(text: str) -> str:
    """A text as a browser gets it, in which a new line is a space."""
    return " ".join(PARSER.render(text).split())


@pytest.mark.parametrize("name", NAMES)
class TestDocument:
    def test_comes_back_to_the_byte(self, name):
        assert documents.translated(content(name), name, lambda message: "") == content(name)

    def test_joined_with_the_english_it_is_the_same(self, name):
        for text in texts(name):
            cut = units.cut(text)
            assert units.join(text, cut, [text[unit.start : unit.end] for unit in cut]) == text
            assert page(units.join(text, cut, [unit.message for unit in cut])) == page(text)

    def test_a_parser_sees_the_same_units(self, name):
        for text in texts(name):
            ours = [" ".join(unit.message.split()) for unit in units.cut(text)]
            assert ours == seen_by_a_parser(text)

    def test_every_unit_can_be_replaced(self, name):
        said = documents.translated(content(name), name, lambda message: f"另 {message.text} 说")
        ours, theirs = list(documents.messages(content(name), name)), list(documents.messages(said, name))
        assert theirs == [message._replace(text=f"另 {message.text} 说") for message in ours]


TEXT = """\
# A title
A paragraph that is
wrapped, in 1997,
1990. and after it $x$

$$ y = f(x) $$
where $f$ is one. Then
$$ z =
   y $$

1. first *item*,
   which goes on
2. second
- `code`
- third

> A claim
> in two lines.

| a word | $x$ |
|---|---|
| a \\| b | 3 |

<details><summary>Hint 1</summary>

Think.
</details>

```python
# no unit
```

![A circle](picture.png)
"""


def test_a_quotation_may_go_on_without_its_mark():
    (unit,) = units.cut("> A claim, and\nits limits. For\n> one more line.\n")
    assert (unit.kind, unit.message) == ("quote", "A claim, and its limits. For one more line.")


def test_every_kind_is_cut():
    assert [(unit.kind, unit.message) for unit in units.cut(TEXT)] == [
        ("heading", "A title"),
        ("paragraph", "A paragraph that is wrapped, in 1997, 1990. and after it $x$"),
        ("paragraph", "where $f$ is one. Then"),
        ("list item", "first *item*, which goes on"),
        ("list item", "second"),
        ("list item", "third"),
        ("quote", "A claim in two lines."),
        ("table cell", "a word"),
        ("table cell", "a \\| b"),
        ("summary", "Hint 1"),
        ("paragraph", "Think."),
        ("picture", "A circle"),
    ]


def test_a_translation_stands_where_the_unit_stood():
    cut = units.cut(TEXT)
    said = units.join(TEXT, cut, ["" if unit.kind == "paragraph" else "词" for unit in cut])
    assert "# 词\nA paragraph that is\nwrapped" in said
    assert "1. 词\n2. 词\n- `code`\n- 词\n\n> 词\n\n| 词 | $x$ |" in said
    assert "<summary>词</summary>\n\nThink.\n</details>" in said and "![词](picture.png)" in said


@pytest.mark.parametrize(
    "text", ["", "\n\n", "42", "$h_t$", "`code` and", "| 1 | 2 |", "| 词 |", "```\nwords"]
)
def test_what_holds_no_words_is_no_unit(text):
    assert [unit.message for unit in units.cut(text)] == (["`code` and"] if "and" in text else [])
