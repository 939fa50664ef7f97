"""`python -m rnnbook site`: pages made by Sphinx, out of a copy of the chapters, pictures described."""

import json
import re
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

CHAPTERS = Path(__file__).parents[3] / "chapters"  # beside the package, in a clone

THEME = Path(__file__).parent / "theme"

TOGGLE = "the notebooks of this chapter"

SETTINGS = {
    "project": "rnnbook",
    "author": "The rnnbook authors",
    "copyright": "the rnnbook authors, CC BY 4.0",
    "html_title": "rnnbook: recurrent neural networks",
    "extensions": ["myst_nb"],
    "html_theme": "sphinx_book_theme",
    "html_theme_options": {
        "navigation_with_keys": True,
        "show_toc_level": 2,
        "use_download_button": False,
        "use_fullscreen_button": False,
    },
    "html_static_path": [],
    "html_copy_source": False,
    "html_show_sourcelink": False,
    "nb_execution_mode": "off",  # outputs as they are committed
    "nb_ipywidgets_js": {},  # would be fetched from the network
    "myst_enable_extensions": ["dollarmath", "amsmath"],
    "myst_heading_anchors": 3,
    "myst_heading_slug_func": "rnnbook.course.claims.anchor",  # a link then works here and in JupyterLab
    "mathjax_path": "mathjax/tex-chtml.js",
}


def build(target: Path, chapters: Path = CHAPTERS) -> list[str]:
    """Builds the site into `target` and returns the warnings, which should be none.

    Raises:
        ModuleNotFoundError: if the optional extra is not installed.
        FileExistsError: if `target` is there and holds something else than an earlier site.
    """
    from io import StringIO

    from sphinx.application import Sphinx

    mark = target / ".rnnbook-site"
    if target.exists() and any(target.iterdir()) and not mark.exists():
        raise FileExistsError(f"{target} is not empty and holds no earlier site; name another folder")
    warnings = StringIO()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        prepare(source, chapters)
        settings = SETTINGS | {
            "html_static_path": [str(static_folder("sphinx-mathjax-offline") / "static"), str(THEME)],
            "html_css_files": ["course.css"],
        }
        app = Sphinx(
            source, None, target, Path(folder) / "doctrees", "html", settings, None, warnings, freshenv=True
        )
        app.build()
    for page in target.rglob("*.html"):
        name_toggles(page)
    mark.touch()
    return [line for line in warnings.getvalue().splitlines() if line.strip()]


def name_toggles(page: Path) -> None:
    """Gives the arrows that open a chapter's list, mere pictures in the theme, words for a screen reader."""
    arrow = '<summary><span class="toctree-toggle"'
    named = arrow.replace("<summary>", f'<summary aria-label="{TOGGLE}">')
    page.write_text(page.read_text(encoding="utf-8").replace(arrow, named), encoding="utf-8")


def static_folder(package: str) -> Path:
    """Where an installed package lies, without importing it.

    Raises:
        ModuleNotFoundError: if it is not installed.
    """
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"the site needs {package}: pip install -e '.[site]'", name=package)
    return Path(next(iter(spec.submodule_search_locations)))


def prepare(source: Path, chapters: Path) -> None:
    """Copies the chapters, describes their pictures for Sphinx, and writes the pages that join them."""
    shutil.copytree(chapters, source, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    terms = first_uses(chapters / "glossary.md")
    for path in sorted(source.rglob("*.ipynb")):
        book = json.loads(path.read_text(encoding="utf-8"))
        describe_pictures(book)
        link_first_uses(book, terms.get(path.relative_to(source).as_posix(), []), path.parent != source)
        path.write_text(json.dumps(book), encoding="utf-8")
    for folder in sorted(path for path in source.iterdir() if path.is_dir()):
        page = folder / "README.md"
        text = page.read_text(encoding="utf-8") if page.exists() else f"# {folder.name}\n"
        names = [path.stem for path in sorted(folder.glob("*.ipynb"))]
        page.write_text(text + contents(names), encoding="utf-8")
    start = [f"{folder.name}/README" for folder in sorted(source.iterdir()) if folder.is_dir()]
    pages = [path.stem for path in sorted(source.glob("*.md"))]
    (source / "index.md").write_text(
        "# rnnbook\n\nRecurrent neural networks, in notebooks that run.\n"
        + contents(["00-start-here", *start, *pages], hidden=False),
        encoding="utf-8",
    )


def first_uses(glossary: Path) -> dict[str, list[str]]:
    """Notebook to the Chinese terms that the glossary says it is the first to use."""
    found: dict[str, list[str]] = {}
    if glossary.exists():
        rows = re.findall(
            r"^\| [^|]+ \| ([^|]+) \|.*\]\(([^)]+\.ipynb)\) \|$", glossary.read_text("utf-8"), re.M
        )
        for term, notebook in rows:
            found.setdefault(notebook, []).append(term.strip())
    return found


def link_first_uses(book: dict, terms: list[str], in_folder: bool) -> None:
    """Where a term first stands in a notebook's prose, in brackets, it becomes a link to the glossary."""
    target = "../glossary.md" if in_folder else "glossary.md"
    for term in terms:
        bracket = re.compile(rf"(\((?:[\w -]+, )?){re.escape(term)}(?=[),;])")
        for cell in book["cells"]:
            text = "".join(cell["source"])
            if cell["cell_type"] == "markdown" and bracket.search(text):
                cell["source"] = bracket.sub(rf"\1[{term}]({target})", text, count=1)
                break


def contents(names: list[str], hidden: bool = True) -> str:
    """A table of contents for Sphinx."""
    head = ["", "```{toctree}", ":maxdepth: 1", *([":hidden:"] if hidden else []), ""]
    return "\n".join([*head, *names, "```", ""])


def describe_pictures(book: dict) -> None:
    """Jupyter keeps a picture's alternative text with the output; Sphinx looks for it with the cell."""
    for cell in book["cells"]:
        for output in cell.get("outputs", []):
            for mime, about in output.get("metadata", {}).items():
                if mime.startswith("image/") and about.get("alt"):
                    text = re.sub(r"\s+", " ", about["alt"])
                    cell["metadata"].setdefault("mystnb", {})["image"] = {"alt": text}
