"""A site in two languages: each page leads to its twin, and links to headings follow the translation."""

import json
import re
import subprocess
import sys

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

pytest.importorskip("myst_nb", reason="the extra 'site' is not installed")

from rnnbook.course.edition import catalogues
from rnnbook.course.site import languages, pages
from tests.course.edition.small_course import translate


def write(path, *cells):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(new_notebook(cells=list(cells))), encoding="utf-8")


def test_each_page_leads_to_its_twin(tmp_path):
    for name in (
        "index.html",
        "01-one/01-a.html",
        "zh_CN/index.html",
        "zh_CN/01-one/01-a.html",
        "alone.html",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"<p>{languages.BUTTONS}</div></p>", encoding="utf-8")
    for _ in range(2):  # the second time there is nothing to do
        languages.link_pages(tmp_path, "zh_CN")
    for name, link in (
        ("index.html", "zh_CN/index.html"),
        ("01-one/01-a.html", "../zh_CN/01-one/01-a.html"),
        ("zh_CN/01-one/01-a.html", "../../01-one/01-a.html"),
    ):
        links = re.findall(r'href="([^"]+)"', (tmp_path / name).read_text("utf-8"))
        assert links == [link] and ((tmp_path / name).parent / link).exists()
    assert "href" not in (tmp_path / "alone.html").read_text("utf-8")


def test_links_to_headings_lead_to_the_translated_ones(tmp_path):
    english, chinese = tmp_path / "en", tmp_path / "zh"
    write(english / "01-one" / "01-a.ipynb", new_markdown_cell("# A title\n\n## Its part, two"))
    write(chinese / "01-one" / "01-a.ipynb", new_markdown_cell("# 标题\n\n## 第 2 部分"))
    links = "[a](../01-one/01-a.ipynb#Its-part,-two) [b](../01-one/01-a.ipynb) [c](x.md#d)"
    output = new_output("display_data", data={"text/markdown": links})
    book = new_notebook(cells=[new_code_cell("1", outputs=[output])])
    languages.follow_headings(book, "02-two/01-b.ipynb", english, chinese)
    said = book["cells"][0]["outputs"][0]["data"]["text/markdown"]
    place = "%E7%AC%AC-2-%E9%83%A8%E5%88%86"
    assert said == f"[a](../01-one/01-a.ipynb#{place}) [b](../01-one/01-a.ipynb) [c](x.md#d)"


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("An *unrolling* (展开), and", "An *unrolling* ([展开](../glossary.md)), and"),
        ("这叫作*展开*（unrolling）。", "这叫作[*展开*](../glossary.md)（unrolling）。"),
        ("**展开**（unrolling）", "[**展开**](../glossary.md)（unrolling）"),
        ("展开（unrolling）与展开（again）", "[展开](../glossary.md)（unrolling）与展开（again）"),
        ("**全部展开**（unrolling）", "**全部展开**（unrolling）"),
        ("展开（一）", "展开（一）"),
    ],
)
def test_the_first_use_of_a_term_is_a_link(text, linked):
    book = new_notebook(cells=[new_markdown_cell(text)])
    pages.link_first_uses(book, ["展开"], True)
    assert book["cells"][0]["source"] == linked


BUILD = """
import sys
from pathlib import Path
from rnnbook.course.site import home, pages

home.write_reference = lambda source: None
home.link_imports = lambda book: None
chapters, target = map(Path, sys.argv[1:])
print(*pages.build(target, chapters, "zh_CN"), sep="\\n")
"""


@pytest.mark.slow
def test_a_small_course_is_built_in_chinese(tmp_path):
    """Without the pages of the package, which take long and are in English."""
    chapters = tmp_path / "chapters"
    write(chapters / "00-start-here.ipynb", new_markdown_cell("# Start here\n\nGo on."))
    write(chapters / "01-one" / "01-a.ipynb", new_markdown_cell("# A title\n\nA sentence."))
    (chapters / "01-one" / "README.md").write_text("# 1 One\n\nA chapter.\n", encoding="utf-8")
    (chapters / "01-one" / "picture.png").write_bytes(b"")
    catalogues.update("zh_CN", ["01-one/01-a.ipynb"], chapters)
    translate(chapters, "01-one/01-a.ipynb", {"A title": "标题", "A sentence.": "一句话。"})
    program = [sys.executable, "-c", BUILD, str(chapters), str(tmp_path / "site")]
    subprocess.run(program, capture_output=True, text=True, check=True)
    page = (tmp_path / "site" / "zh_CN" / "01-one" / "01-a.html").read_text(encoding="utf-8")
    assert '<html lang="zh-CN"' in page and "一句话。" in page
    index = (tmp_path / "site" / "zh_CN" / "index.html").read_text(encoding="utf-8")
    assert "边读边验证" in index and "三种学法" in index
    assert "locale" not in {path.name for path in (tmp_path / "site" / "zh_CN").iterdir()}
