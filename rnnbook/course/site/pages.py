"""``rnnbook site``: pages made by Sphinx, out of a copy of the chapters, pictures described."""

import argparse
import json
import re
import shutil
import sys
import tempfile
from importlib.util import find_spec
from io import StringIO
from pathlib import Path

from rnnbook import require
from rnnbook.course import language
from rnnbook.course.edition import writing
from rnnbook.course.language import later, say
from rnnbook.course.site import docstrings, home, languages, live
from rnnbook.course.workspace import CHAPTERS, LOCALE
from rnnbook.weights.files import atomic_write

THEME = Path(__file__).parent / "theme"

TITLE = later("rnnbook: recurrent neural networks")
TOGGLE = later("the notebooks of this chapter")
CAPTION = re.compile(r"<small>(.*)</small>", re.DOTALL)  # as rnnbook.course.figures writes it

SETTINGS = {
    "project": "rnnbook",
    "author": "The rnnbook authors",
    "copyright": "the rnnbook authors, CC BY 4.0",
    "extensions": ["myst_nb", "sphinx.ext.autodoc"],
    "html_theme": "sphinx_book_theme",
    "html_theme_options": {
        "navigation_with_keys": True,
        "show_toc_level": 2,
        "use_download_button": False,
        "use_fullscreen_button": False,
        "navbar_persistent": [],  # the field for a search stands in the sidebar already
    },
    "html_copy_source": False,
    "html_show_sourcelink": False,
    "nb_execution_mode": "off",  # outputs as they are committed
    "nb_render_markdown_format": "myst",  # tables and links that a cell displays are the site's own
    "nb_ipywidgets_js": {},  # would be fetched from the network
    "myst_enable_extensions": ["dollarmath", "amsmath"],
    "myst_heading_anchors": 3,
    "myst_heading_slug_func": "rnnbook.course.claims.anchor",  # a link then works here and in JupyterLab
    "mathjax_path": "mathjax/tex-chtml.js",
}


def build(target: Path, chapters: Path = CHAPTERS, spoken: str = language.ENGLISH) -> list[str]:
    """Build the site into ``target`` and return the warnings, which should be none.

    spoken: its language. In another than English it lies in a folder of its own below ``target``, and where
    both are there, each page leads to the same page in the other language.

    It is made elsewhere, and copied when it is whole; other files in an earlier site stay.

    Raises NotInstalled without the extra ``site``, and FileExistsError where ``target`` holds something else
    than an earlier site.
    """
    require("sphinx", "myst_nb", "sphinx_book_theme", extra="site")
    from sphinx.application import Sphinx

    mark = target / ".rnnbook-site"
    if target.exists() and any(target.iterdir()) and not mark.exists():
        raise FileExistsError(f"{target} is not empty and holds no earlier site; name another folder")
    warnings = StringIO()
    with (
        tempfile.TemporaryDirectory() as folder,
        language.speaking(spoken),
        writing.chapters_in(spoken, chapters) as translated,
    ):
        source, made, static = (Path(folder) / name for name in ("source", "site", "static"))
        prepare(source, translated, chapters)
        copy_static(static, chapters)
        settings = SETTINGS | {
            "language": spoken,
            "html_title": say(TITLE),
            "html_static_path": [str(static_folder("sphinx-mathjax-offline") / "static"), str(static)],
            "html_css_files": ["course.css"],
        }
        app = Sphinx(
            source, None, made, Path(folder) / "doctrees", "html", settings, None, warnings, freshenv=True
        )
        app.connect("autodoc-process-docstring", docstrings.show)
        app.build()
        for page in made.rglob("*.html"):
            name_toggles(page)
        target.mkdir(parents=True, exist_ok=True)
        mark.touch()  # before the pages: a copy that was cut off must not bar the next one
        pages = target if spoken == language.ENGLISH else target / spoken
        shutil.copytree(made, pages, copy_function=copy, dirs_exist_ok=True)
    for other in language.LANGUAGES:
        languages.link_pages(target, other)
    return [line for line in warnings.getvalue().splitlines() if line.strip()]


def copy(source: str, target: str) -> None:
    """Copy a file in one step."""
    atomic_write(target, Path(source).read_bytes())


def name_toggles(page: Path) -> None:
    """Give the arrows that open a chapter's list, mere pictures in the theme, words for a screen reader."""
    arrow = '<summary><span class="toctree-toggle"'
    named = arrow.replace("<summary>", f'<summary aria-label="{say(TOGGLE)}">')
    page.write_text(page.read_text(encoding="utf-8").replace(arrow, named), encoding="utf-8")


def static_folder(package: str) -> Path:
    """Where an installed package lies, without importing it. Raises NotInstalled."""
    require(package, extra="site")
    return Path(next(iter(find_spec(package).submodule_search_locations)))


def prepare(source: Path, chapters: Path, english: Path) -> None:
    """Copy the chapters, describe their pictures for Sphinx, and write the pages that join them.

    english: the chapters in English, whose headings are meant by what cells display.
    """
    shutil.copytree(chapters, source, ignore=shutil.ignore_patterns(".ipynb_checkpoints", LOCALE))
    terms = first_uses(chapters / "glossary.md")
    for path in sorted(source.rglob("*.ipynb")):
        book = json.loads(path.read_text(encoding="utf-8"))
        describe_pictures(book)
        fold(book)
        name = path.relative_to(source).as_posix()
        link_first_uses(book, terms.get(name, []), path.parent != source)
        home.link_imports(book)
        languages.follow_headings(book, name, english, chapters)
        live.place(book, name)
        path.write_text(json.dumps(book), encoding="utf-8")
    for folder in sorted(path for path in source.iterdir() if path.is_dir()):
        page = folder / "README.md"
        text = page.read_text(encoding="utf-8") if page.exists() else f"# {folder.name}\n"
        names = [path.stem for path in sorted(folder.glob("*.ipynb"))]
        page.write_text(text + contents(names), encoding="utf-8")
    home.write_reference(source)
    (source / "live.md").write_text(home.in_language(live.page()), encoding="utf-8")
    (source / "exercises.md").write_text(home.exercises_page(chapters), encoding="utf-8")
    folders = sorted(path for path in chapters.iterdir() if path.is_dir() and path.name != LOCALE)
    start = [f"{folder.name}/README" for folder in folders]
    pages = ["live", "exercises", *(path.stem for path in sorted(chapters.glob("*.md"))), "api/index"]
    tree = contents(["00-start-here", *start, *pages])
    (source / "index.md").write_text(home.in_language(home.first_page(chapters)) + tree, encoding="utf-8")


def copy_static(static: Path, chapters: Path) -> None:
    """Gather what pages load: the theme's files, the networks in the page, the chapters' pictures."""
    shutil.copytree(THEME, static, ignore=shutil.ignore_patterns("*.j2"))
    shutil.copytree(live.FOLDER, static / "live", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    live.write_words(static / "live")
    (static / "chapters").mkdir()
    for picture in chapters.glob("*/picture.png"):
        shutil.copy(picture, static / "chapters" / f"{picture.parent.name}.png")


def first_uses(glossary: Path) -> dict[str, list[str]]:
    """Notebook to the Chinese terms that the glossary says it is the first to use."""
    terms: dict[str, list[str]] = {}
    if glossary.exists():
        row = re.compile(r"^\| [^|]+ \| ([^(|]+?)(?: \([^)]+\))? \|.*\]\(([^)]+\.ipynb)\) \|$", re.M)
        rows = row.findall(glossary.read_text("utf-8"))
        for term, notebook in rows:
            terms.setdefault(notebook, []).append(term.strip())
    return terms


def link_first_uses(book: dict, terms: list[str], in_folder: bool) -> None:
    """Where a term first stands in a notebook's prose, in brackets, it becomes a link to the glossary.

    In Chinese prose it stands there itself, and its English name is in brackets.
    """
    target = "../glossary.md" if in_folder else "glossary.md"
    for term in terms:
        word = re.escape(term)
        english = re.compile(rf"(\((?:[\w -]+, )?)({word})(?=[),;])")
        chinese = re.compile(
            rf"()(?<!\*)((\*{{0,2}}){word}\3)(?=（[A-Za-z])"
        )  # a link goes around an emphasis
        for cell in book["cells"]:
            text = "".join(cell["source"])
            first = english if english.search(text) else chinese
            if cell["cell_type"] == "markdown" and first.search(text):
                cell["source"] = first.sub(rf"\1[\2]({target})", text, count=1)
                break


def contents(names: list[str], hidden: bool = True) -> str:
    """A table of contents for Sphinx."""
    head = ["", "```{toctree}", ":maxdepth: 1", *([":hidden:"] if hidden else []), ""]
    return "\n".join([*head, *names, "```", ""])


def describe_pictures(book: dict) -> None:
    """Jupyter keeps a picture's alternative text with the output; Sphinx looks for it with the cell.

    JupyterLab drops that text, so that a figure carries it again as its caption. Here it is folded: nobody
    hears it twice.
    """
    for cell in book["cells"]:
        for output in cell.get("outputs", []):
            if caption := CAPTION.fullmatch("".join(output.get("data", {}).get("text/html", ""))):
                head = say("In words")
                words = f'<details class="in-words"><summary>{head}</summary>{caption[1]}</details>'
                output["data"]["text/html"] = words
            for mime, about in output.get("metadata", {}).items():
                if mime.startswith("image/") and about.get("alt"):
                    text = re.sub(r"\s+", " ", about["alt"])
                    cell["metadata"].setdefault("mystnb", {})["image"] = {"alt": text}


def fold(book: dict) -> None:
    """Checks are for the tests, not for readers; a solution is behind a toggle, as JupyterLab folds it."""
    for cell in book["cells"]:
        tags = cell["metadata"].get("tags", [])
        if "solution" in tags:
            cell["metadata"]["tags"] = [*tags, "hide-cell"]
        elif cell["metadata"].get("jupyter", {}).get("source_hidden"):
            cell["metadata"]["tags"] = [*tags, "hide-input" if cell["outputs"] else "remove-cell"]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="rnnbook site", description="Make the course a web site.")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("site"), help="default: site")
    parser.add_argument(
        "--language", default="en", help="zh_CN: in Chinese, into a folder below; default: en"
    )
    options = parser.parse_args(arguments)
    target = options.folder
    try:
        spoken = language.name_of(options.language)
        warnings = build(target, spoken=spoken)
    except (OSError, ValueError) as error:
        parser.exit(1, f"rnnbook site: {error}\n")
    if warnings:
        print("\n".join(warnings), file=sys.stderr)
    pages = target if spoken == language.ENGLISH else target / spoken
    print(f"open {pages / 'index.html'}")
    return 1 if warnings else 0
