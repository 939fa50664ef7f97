"""The site builds without a warning, has a page for every notebook, and loads nothing from the network."""

import json
import re
from html import unescape
from urllib.parse import unquote

import pytest

pytest.importorskip("myst_nb", reason="the extra 'site' is not installed")

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from rnnbook.course.exercises import check
from rnnbook.course.site import home, live, pages
from tests.execute import CHAPTERS, notebooks

pytestmark = pytest.mark.slow  # they build the whole course as a site


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


def test_has_a_page_for_the_package(site):
    page = "".join(path.read_text(encoding="utf-8") for path in (site[0] / "api").glob("*.html"))
    for name in (
        "numpy.GRU.backward", "torch.ConvGRU", "weights.torch.to_torch", "checks.gradients.gradient_check",
        "tasks.decoding.beam_search", "data.digits.load",
    ):  # fmt: skip
        assert f'id="rnnbook.{name}"' in page
    assert "h_t = (1 - z_t) * n_t + z_t * h_{t-1}" in page  # a layer's equations stand above it


def test_notebooks_lead_to_the_package(site):
    page = (site[0] / "03-algorithm" / "02-thirty-lines.html").read_text(encoding="utf-8")
    assert re.search(r'href="\.\./api/numpy\.html#rnnbook\.numpy\.\w+"', page)


def test_first_page_shows_every_chapter_and_the_verdicts(site):
    page = (site[0] / "index.html").read_text(encoding="utf-8")
    for chapter in home.chapters_of(CHAPTERS):
        assert f'href="{chapter.folder}/README.html"' in page
        assert (site[0] / "_static" / "chapters" / f"{chapter.folder}.png").exists()
        assert chapter.minutes > 30 and chapter.sentence
    assert "39 statements" in page


def test_page_of_exercises_holds_every_exercise(site):
    page = (site[0] / "exercises.html").read_text(encoding="utf-8")
    assert [name for name in dir(check) if f">{name}</span>" not in page] == []


@pytest.mark.parametrize("name", live.DEMOS)
def test_live_networks_stand_in_their_notebook_and_on_their_page(site, name):
    demo = live.DEMOS[name]
    for path, root in (("live", "."), (demo.notebook.removesuffix(".ipynb"), "..")):
        page = (site[0] / f"{path}.html").read_text(encoding="utf-8")
        assert f'data-live="{name}"' in page and f'src="{root}/_static/live/rnn.js"' in page
        assert page.count("live/rnn.js") == 1
    assert (site[0] / "_static" / "live" / "pictures" / f"{name}.png").exists()


def test_loads_nothing_from_the_network(site):
    folder, _ = site
    loading = re.compile(r"<(?:script|link|img)\b[^>]*(?:src|href)=\"(https?:[^\"]+)\"[^>]*>")
    for page in folder.rglob("*.html"):
        tags = [
            tag
            for tag in loading.finditer(page.read_text(encoding="utf-8"))
            if 'rel="canonical"' not in tag[0]
        ]
        assert not tags, f"{page.name} loads {tags[0][1]}"


def test_every_link_leads_somewhere(site):
    """To a page and to a place in it, from prose, from outputs and from menus."""
    texts = {path.resolve(): path.read_text(encoding="utf-8") for path in site[0].rglob("*.html")}
    places = {path: set(re.findall(r'\bid="([^"]+)"', text)) for path, text in texts.items()}
    lost = set()
    for path, text in texts.items():
        for link in map(unescape, re.findall(r'<a\b[^>]*\bhref="([^"]+)"', text)):
            if re.match(r"\w+:", link):
                continue  # another site, or a letter
            name, _, place = map(unquote, link.partition("#"))
            target = (path.parent / name).resolve() if name else path
            if not target.exists() or (place and place not in places.get(target, [place])):
                lost.add((path.name, link))
    assert not lost


def test_tables_that_cells_display_are_tables(site):
    for name, first in (
        ("09-faq/08-the-claims", "the article says"),
        ("01-background/05-a-short-history", "year"),
        ("07-tools/06-courses-books-papers", "paper"),
    ):
        page = (site[0] / f"{name}.html").read_text(encoding="utf-8")
        assert re.search(rf"<th[^>]*><p>{first}</p></th>|<th[^>]*>{first}</th>", page), name


def test_a_description_is_not_heard_twice(site):
    page = (site[0] / "01-background" / "01-why-memory.html").read_text(encoding="utf-8")
    assert page.count('<details class="in-words">') >= 3 and "<small>" not in page


def test_every_picture_is_described(site):
    folder, _ = site
    for page in folder.rglob("*.html"):
        for picture in re.findall(r"<img\b[^>]*>", page.read_text(encoding="utf-8")):
            alt = re.search(r'alt="([^"]*)"', picture)
            assert alt and alt[1].strip() and not alt[1].startswith("../"), f"{page.name}: {picture[:200]}"


def test_first_uses_of_terms_lead_to_the_glossary(site):
    folder, _ = site
    terms = pages.first_uses(CHAPTERS / "glossary.md")
    given = [  # the words of beginners have a Chinese name in the glossary only
        (notebook, term)
        for notebook, own in terms.items()
        for term in own
        if f"({term}" in (text := (CHAPTERS / notebook).read_text("utf-8")) or f", {term})" in text
    ]
    linked = [
        term
        for notebook, term in given
        if re.search(
            rf'glossary\.html"[^>]*>(?:<[^>]+>)*{term}',
            (folder / notebook.replace(".ipynb", ".html")).read_text("utf-8"),
        )
    ]
    assert len(linked) >= 0.9 * len(given) > 30


def test_live_networks_run_without_a_network(site, page):
    """All six fill their places within seconds, answer keys and words, and ask for nothing from elsewhere."""
    asked, errors = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: message.type == "error" and errors.append(message.text))
    page.add_init_script("localStorage.setItem('mode', 'light')")  # the theme calls a first visit an error
    page.goto((site[0] / "live.html").as_uri())
    for name in live.DEMOS:
        page.locator(f'[data-live="{name}"]').scroll_into_view_if_needed()
        page.locator(f'[data-live="{name}"][data-state="ready"]').wait_for()
    said = lambda name: page.locator(f'[data-live="{name}"] .live-said')

    page.locator('[data-live="names"] input').fill("suomalainen")
    assert said("names").inner_text().startswith("After 11 letters: Finnish")
    page.locator('[data-live="dates"] input').fill("Jun 25, 2069")
    assert said("dates").inner_text() == "In Chinese: 2069年6月25日"
    page.locator('[data-live="weight"] select').select_option("tanh")
    page.locator('[data-live="weight"] input').first.fill("2")
    assert "it decides" in said("weight").inner_text()

    digit = page.locator('[data-live="digit"]')
    digit.get_by_role("button", name="clear").click()
    assert said("digit").inner_text() == "Nothing is drawn yet."
    digit.get_by_role("gridcell").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press(" ")
    assert digit.get_by_role("gridcell", selected=True).get_attribute("aria-label") == "row 1, column 2"
    digit.get_by_role("button", name="show a written 3").click()
    assert "it is a 3" in said("digit").inner_text()

    chorale = page.locator('[data-live="chorale"]')
    chorale.get_by_role("button", name="harmonise").click()
    chorale.get_by_text("Soprano given").wait_for()
    assert not errors and all(url.startswith(("file:", "data:")) for url in asked)


@pytest.mark.parametrize("width", [390, 1366])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_pass_axe(site, chromium, theme, width):
    from axe_playwright_python.sync_playwright import Axe

    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    page = context.new_page()
    paths = ["index", "live", "02-core-concepts/07-drag-the-weight", "api/weights"]
    if (theme, width) == ("dark", 390):  # the strictest: long pages once
        paths += ["api/numpy", "04-mathematics/01-forward-by-hand", "04-mathematics/README"]
    for path in paths:
        page.goto((site[0] / f"{path}.html").as_uri())
        page.locator(f'[data-theme="{theme}"]').first.wait_for()
        for element in page.locator("[data-live]").all():
            element.scroll_into_view_if_needed()
        found = Axe().run(page).response["violations"]
        serious = [
            (one["id"], one["nodes"][0]["target"])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()


@pytest.mark.parametrize(("media", "width"), [("screen", 390), ("print", 718)])
def test_pages_are_no_wider_than_a_phone_or_a_sheet(site, chromium, media, width):
    """Those with the longest names, signatures, formulas and tables."""
    context = chromium.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.emulate_media(media=media)
    for path in (
        "genindex", "api/checks", "03-algorithm/04-carried-state",
        "04-mathematics/02-backpropagation-through-time", "07-tools/01-where-the-names-went",
        "07-tools/02-keras",
    ):  # fmt: skip
        page.goto((site[0] / f"{path}.html").as_uri())
        page.evaluate("window.MathJax?.startup?.promise")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        # On paper nothing scrolls: what does not fit is lost.
        lost = """[...document.querySelectorAll('.bd-content td, .bd-content p, .bd-content pre')]
            .filter(e => e.getBoundingClientRect().right > innerWidth + 1)
            .map(e => e.textContent.slice(0, 60))"""
        assert media == "screen" or page.evaluate(lost) == [], path
    context.close()


def test_checks_are_left_out_and_solutions_are_folded():
    book = new_notebook(
        cells=[
            new_code_cell("assert True", metadata={"jupyter": {"source_hidden": True}}),
            new_code_cell(
                "draw()", metadata={"jupyter": {"source_hidden": True}}, outputs=[new_output("stream")]
            ),
            new_code_cell("print(1)", metadata={"tags": ["solution"], "jupyter": {"source_hidden": True}}),
            new_code_cell("print(2)"),
        ]
    )
    pages.fold(book)
    kept = [cell["metadata"].get("tags", []) for cell in book["cells"]]
    assert kept == [["remove-cell"], ["hide-input"], ["solution", "hide-cell"], []]


def test_refuses_to_write_over_other_files(tmp_path):
    (tmp_path / "mine.txt").write_text("work", encoding="utf-8")
    with pytest.raises(FileExistsError, match="holds no earlier site"):
        pages.build(tmp_path)
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "work"


def test_a_build_that_fails_leaves_what_was_there_and_bars_nothing(tmp_path, monkeypatch):
    chapters, target = tmp_path / "chapters", tmp_path / "site"
    (chapters / "01-one").mkdir(parents=True)
    for path in chapters / "00-start-here.ipynb", chapters / "01-one" / "01-a.ipynb":
        path.write_text(json.dumps(new_notebook(cells=[new_markdown_cell("# A title")])), encoding="utf-8")

    class Sphinx:
        """Stands for the real one, which warns when a process builds a second time."""

        def __init__(self, source, conf, made, *_, **__):
            self.made = made

        def connect(self, *_):
            pass

        def build(self):
            self.made.mkdir()
            (self.made / "index.html").write_text(f"{state}", encoding="utf-8")

    monkeypatch.setattr("sphinx.application.Sphinx", Sphinx)
    state = "old"
    assert pages.build(target, chapters) == []
    state = "new"
    (target / "mine.txt").write_text("work", encoding="utf-8")
    kept = {path: path.read_bytes() for path in target.rglob("*") if path.is_file()}

    def fail(*_):
        raise OSError("no space left")

    for name in "name_toggles", "copy":
        with monkeypatch.context() as patch, pytest.raises(OSError, match="no space left"):
            patch.setattr(pages, name, fail)
            pages.build(target, chapters)
        assert {path: path.read_bytes() for path in target.rglob("*") if path.is_file()} == kept
    with monkeypatch.context() as patch, pytest.raises(OSError, match="no space left"):
        patch.setattr(pages, "copy", fail)
        pages.build(tmp_path / "new", chapters)
    for folder in target, tmp_path / "new":
        pages.build(folder, chapters)
        assert (folder / "index.html").read_text(encoding="utf-8") == "new"
    assert (target / "mine.txt").read_text(encoding="utf-8") == "work"


# In a browser, from the files themselves: no server, no network.


def address(site, path: str) -> str:
    return (site[0] / path).as_uri()


def test_next_leads_on_and_previous_back(site, page):
    page.goto(address(site, "04-mathematics/01-forward-by-hand.html"))
    page.get_by_role("link", name="next").click()
    page.get_by_role("heading", level=1, name="Back-propagation through time").wait_for()
    page.get_by_role("link", name="previous").click()
    page.get_by_role("heading", level=1, name="Forward, by hand").wait_for()


def test_search_finds_a_term(site, page):
    page.goto(address(site, "search.html") + "?q=vanishing")
    page.locator("#search-results li a").first.wait_for()
    assert page.locator("#search-results li").count() >= 3


def test_formulas_are_drawn(site, page):
    page.goto(address(site, "04-mathematics/01-forward-by-hand.html"))
    page.locator("mjx-container").first.wait_for()
    assert page.locator("mjx-container").count() > 50


def test_keyboard_alone_reaches_the_text_and_folds_out_a_hint(site, page):
    page.goto(address(site, "04-mathematics/01-forward-by-hand.html"))
    page.keyboard.press("Tab")
    assert "Skip to main content" in page.evaluate("document.activeElement.innerText")
    page.keyboard.press("Enter")
    hint = page.locator("details", has_text="Hint 1").first
    hint.locator("summary").focus()
    page.keyboard.press("Enter")
    assert hint.evaluate("details => details.open")


def test_figures_keep_a_white_ground_in_the_dark(site, page):
    page.emulate_media(color_scheme="dark")
    page.goto(address(site, "04-mathematics/01-forward-by-hand.html"))
    picture = page.locator(".cell_output img").first
    assert picture.evaluate("image => getComputedStyle(image).backgroundColor") == "rgb(255, 255, 255)"
