"""The first page of the site, the page of all exercises, and the reference of the package."""

import importlib
import json
import re
from collections import Counter
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from rnnbook.course import claims, language
from rnnbook.course.edition.documents import in_other_words
from rnnbook.course.language import say
from rnnbook.course.site import live


class Chapter(NamedTuple):
    """What a chapter's first page says of it; ``minutes`` are those of all its notebooks."""

    folder: str
    title: str
    sentence: str
    minutes: int
    notebooks: int


# One page a room of the package. The TensorFlow wing has the names of PyTorch's.
ROOMS = {
    "numpy": ("The networks in NumPy", "numpy"),
    "torch": ("The networks in PyTorch", "torch"),
    "weights": ("Weights to and from other libraries", "weights.*"),
    "checks": ("Gradient checks and agreement", "checks.*"),
    "training": ("Batches, vocabularies, training", "batching vocabulary training initializers"),
    "tasks": ("From a network to an answer", "tasks.*"),
    "data": ("Data sets", "data.*"),
}

# Of a class, its own methods and those of our classes above it, and not the hundred of torch.nn.Module.
MEMBERS = "   :members:\n   :inherited-members: tuple,dict,Exception,Module\n"


def chapters_of(folder: Path) -> list[Chapter]:
    """The chapters in their order, each from its README.md."""
    found = []
    for path in sorted(folder.glob("*/README.md")):
        text = path.read_text(encoding="utf-8")
        first = re.search(r"^# .+\n\n(.+?)\n\n", text, re.M | re.S)
        minutes = [int(number) for number in re.findall(r"\| (\d+) \|$", text, re.M)]
        found.append(
            Chapter(
                path.parent.name,
                title_of(text, path.parent.name),
                " ".join(re.split(r"(?<=[.?!])\s", first[1].replace("\n", " "))[:1]) if first else "",
                sum(minutes),
                len(minutes),
            )
        )
    return found


def title_of(text: str, otherwise: str) -> str:
    """The first heading of a page in Markdown."""
    title = re.search(r"^# (.+)$", text, re.M)
    return title[1] if title else otherwise


def hours(minutes: int) -> str:
    """Minutes as a reader says them."""
    if minutes < 90:
        return say("{minutes} minutes", minutes=minutes)
    return say("{hours} hours", hours=round(minutes / 60))


def in_language(text: str) -> str:
    """A page in Markdown that the package writes, in the language that it speaks."""
    if language.current() == language.ENGLISH:
        return text
    return in_other_words(text, "", lambda message: say(message.text))


def cards(chapters: list[Chapter]) -> str:
    """The chapters as HTML, a card each."""
    one = (
        '<li><a href="{folder}/README.html"><img src="_static/chapters/{folder}.png" '
        'alt="{alt}" loading="lazy">'
        "<strong>{title}</strong></a><p>{sentence}</p><small>{extent}</small></li>"
    )
    items = [
        one.format(
            folder=chapter.folder,
            title=escape(chapter.title),
            sentence=escape(chapter.sentence),
            alt=escape(say("A picture of this chapter")),
            extent=say(
                "{notebooks} notebooks, {time}", notebooks=chapter.notebooks, time=hours(chapter.minutes)
            ),
        )
        for chapter in chapters
    ]
    return f'<ul class="cards">{"".join(items)}</ul>'


def first_page(folder: Path) -> str:
    """The home page in Markdown, from what chapters, claims and demonstrations say of themselves."""
    chapters = chapters_of(folder)
    verdicts = Counter(claims.verdicts(claims.find_marks(folder)).values())
    judged = ", ".join(
        f"{verdicts[word]} {word.replace('holds', 'hold')}" for word in claims.VERDICTS if verdicts[word]
    )
    demo = live.DEMOS["names"]
    total = hours(sum(chapter.minutes for chapter in chapters))
    return f"""# rnnbook: recurrent neural networks, tested as you read

A course in notebooks that run, from the first step computed by hand to the derivation of every gradient,
on a small package that says each network three times: in NumPy, PyTorch and TensorFlow, to the same numbers.

**{demo.title}.** {demo.sentence}

{live.markdown("names", ".")}
Five more run [in your browser](live.md): read a digit, drag a weight, follow a gradient, translate a
date, harmonise a melody.

## Three ways in

- **Alone.** Two commands install the course and open it in JupyterLab. Begin with
  [Start here](00-start-here.ipynb); it shows three ways through. All of it takes about {total} to read.
- **In a room.** The [instructor's guide](instructor-guide.md) has plans for half a day, a day and two
  days, with votes, misconceptions, and what to prepare for a room without a network.
- **With NumPy only.** `pip install -e .` is enough for chapters 0 to 4, but for one notebook.

## What makes it different

- **Every formula is checked** by the cell below it, and every gradient against numbers.
- **Every claim is judged.** The course follows a short article: {sum(verdicts.values())} statements, of
  which {judged}. [The claims](09-faq/08-the-claims.ipynb) leads to the rows behind each verdict.
- **Five voices, one number.** [The same network, five ways](05-tensorflow-example/03-five-ways.ipynb)
  gives the same digits in each library.
- **A rival stands beside every trained network**, tuned with the same care. Sometimes it wins.

## Chapters

{live.raw(cards(chapters))}
## To look things up

[All exercises](exercises.md), the [glossary](glossary.md) in English and Chinese, the
[bibliography](bibliography.md), and the [package](api/index.md), page by page.

## How to cite

The rnnbook authors (2026). *rnnbook: a course on recurrent neural networks, in notebooks that run.* Code
under the MIT licence, texts and figures under CC BY 4.0.
"""


EXERCISES = (
    "# All exercises\n\nEach is answered in its notebook, where a check praises or names the mistake.\n"
)


def exercises_page(folder: Path) -> str:
    """All exercises, notebook by notebook: the title of each, and its name for ``check``."""
    parts = [in_language(EXERCISES)]
    chapter = None
    for path in sorted(folder.rglob("*.ipynb")):
        book = json.loads(path.read_text(encoding="utf-8"))
        texts = ["".join(cell["source"]) for cell in book["cells"]]
        rows = [
            (title[1].rstrip(".?!。？！"), name[1])
            for text, following in pairwise(texts)
            if (title := re.search(r"^\*\*(?:Exercise \d+: |练习 \d+：)(.+?)\*\*", text, re.M))
            and (name := re.search(r"^check\.(\w+)\(", following, re.M))
        ]
        if not rows:
            continue
        if path.parent != chapter:
            chapter = path.parent
            page = chapter / "README.md"
            parts.append(f"## {title_of(page.read_text('utf-8') if page.exists() else '', chapter.name)}\n")
        heading = "练习" if any(text.startswith("## 练习") for text in texts) else "Exercises"
        link = f"{path.relative_to(folder).as_posix()}#{claims.anchor(heading)}"
        parts.append(f"**[{title_of(texts[0], path.stem)}]({link})**\n")
        parts.append("\n".join(f"- {title} (`{check}`)" for title, check in rows) + "\n")
    return "\n".join(parts)


def modules(names: str) -> list[str]:
    """The modules of a room: those named, and all below a name that ends in a star."""
    package = Path(__file__).parents[2]
    found = []
    for name in names.split():
        folder = package.joinpath(*name.removesuffix(".*").split("."))
        paths = sorted(folder.rglob("*.py")) if name.endswith(".*") else []
        parts = [path.relative_to(package).with_suffix("").parts for path in paths]
        found += [".".join(one).removesuffix(".__init__") for one in parts] or [name]
    return [f"rnnbook.{name}" for name in found]


def described(module: str) -> str:
    """A module in Markdown: what it says of itself, then its public names.

    A package's names are told with the module that defines each: there its equations stand.
    """
    package = importlib.import_module(module)
    head = f"## {module}\n"
    if not hasattr(package, "__path__") or not hasattr(package, "__all__"):
        return f"{head}\n" + rst(f".. automodule:: {module}\n{MEMBERS}")
    by_module: dict[str, list[str]] = {}
    for name in dict.fromkeys(package.__all__):
        home = getattr(getattr(package, name), "__module__", None)
        if home and home.startswith("rnnbook."):
            by_module.setdefault(home, []).append(name)
    parts = [head, rst(f".. automodule:: {module}\n")]
    for home, names in sorted(by_module.items()):
        parts.append(f"## {', '.join(names)}\n")
        lines = [f".. automodule:: {home}\n   :no-index:\n"] if home != module else []
        for name in names:
            kind = "class" if isinstance(getattr(package, name), type) else "function"
            lines.append(f".. auto{kind}:: {module}.{name}\n{MEMBERS if kind == 'class' else ''}")
        parts.append(rst("\n".join(lines)))
    return "\n".join(parts)


def rst(text: str) -> str:
    """reStructuredText for MyST's Markdown."""
    return f"```{{eval-rst}}\n{text}```\n"


def write_reference(source: Path) -> None:
    """Write the pages of the package below ``source / "api"``."""
    folder = source / "api"
    folder.mkdir()
    for room, (title, names) in ROOMS.items():
        body = "\n".join(map(described, modules(names)))
        (folder / f"{room}.md").write_text(f"# {title}\n\n{body}", encoding="utf-8")
    lines = "\n".join(f"- [{title}]({room}.md)" for room, (title, _) in ROOMS.items())
    (folder / "index.md").write_text(
        "# The package\n\nWhat the docstrings say, a page a room. A layer's equations stand above it. "
        "`rnnbook.tensorflow` has the names of `rnnbook.torch`, and the same arguments.\n\n"
        f"{lines}\n\n```{{toctree}}\n:hidden:\n\n" + "\n".join(ROOMS) + "\n```\n",
        encoding="utf-8",
    )


def link_imports(book: dict) -> None:
    """After the cell that first imports a name of the package, a line that leads to the reference."""
    cells, linked, head = [], set(), say("From the package:")
    for cell in book["cells"]:
        cells.append(cell)
        if cell["cell_type"] != "code":
            continue
        roles = []
        for wing, names in re.findall(
            r"^from rnnbook\.(numpy|torch) import \(?([\w, \n]+)\)?", "".join(cell["source"]), re.M
        ):
            public = importlib.import_module(f"rnnbook.{wing}").__all__
            for name in re.findall(r"\w+", names):
                if name in public and name not in linked:
                    linked.add(name)
                    roles.append(f"{{py:obj}}`{name} <rnnbook.{wing}.{name}>`")
        if roles:
            line = {"cell_type": "markdown", "metadata": {}, "id": f"api-{len(cells)}"}
            cells.append(line | {"source": f"*{head}* {', '.join(roles)}"})
    book["cells"] = cells
