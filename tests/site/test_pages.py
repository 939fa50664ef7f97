"""The site builds without a warning, has a page for every notebook, and loads nothing from the network."""

import re

import pytest

pytest.importorskip("myst_nb", reason="the extra 'site' is not installed")

from rnnbook.site import pages
from tests.execute import CHAPTERS, notebooks


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "site"
    return folder, pages.build(folder)


def test_builds_without_warnings(site):
    assert site[1] == []


def test_has_a_page_for_every_notebook_and_chapter(site):
    folder, _ = site
    for path in notebooks():
        assert (folder / path.relative_to(CHAPTERS).with_suffix(".html")).exists()
    for chapter in {path.parent for path in notebooks()} - {CHAPTERS}:
        assert (folder / chapter.name / "README.html").exists()
    assert (folder / "search.html").exists()


def test_loads_nothing_from_the_network(site):
    folder, _ = site
    loading = re.compile(r"<(?:script|link|img)\b[^>]*(?:src|href)=\"(https?:[^\"]+)\"[^>]*>")
    for page in folder.rglob("*.html"):
        found = [
            tag
            for tag in loading.finditer(page.read_text(encoding="utf-8"))
            if 'rel="canonical"' not in tag[0]
        ]
        assert not found, f"{page.name} loads {found[0][1]}"


def test_every_picture_is_described(site):
    folder, _ = site
    for page in folder.rglob("*.html"):
        for picture in re.findall(r"<img\b[^>]*>", page.read_text(encoding="utf-8")):
            alt = re.search(r'alt="([^"]*)"', picture)
            assert alt and alt[1].strip() and not alt[1].startswith("../"), f"{page.name}: {picture[:200]}"


def test_refuses_to_write_over_other_files(tmp_path):
    (tmp_path / "mine.txt").write_text("work", encoding="utf-8")
    with pytest.raises(FileExistsError, match="holds no earlier site"):
        pages.build(tmp_path)
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "work"
