"""Networks that run in a page of the site: weights in small files, and JavaScript that reads them.

``rnn.js`` holds the forward passes, ``models.js`` the models, ``demos.js`` what a reader sees.
``weights/NAME.js`` is a trained network, written by ``rnnbook live NAME``. In another language than English
the site adds ``words.js``: what ``demos.js`` says, translated.
"""

import base64
import hashlib
import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from html import escape
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from rnnbook.course import language
from rnnbook.course.language import say
from rnnbook.weights.files import atomic_write

FOLDER = Path(__file__).parent
SCRIPTS = ("rnn.js", "models.js", "demos.js")
MAX_BYTES = 400_000  # of one file of weights


class Demo(NamedTuple):
    """A demonstration. ``cell``: the id of the cell whose output it replaces; else the first."""

    title: str
    notebook: str
    sentence: str
    picture: str
    cell: str | None = None


DEMOS = {
    "names": Demo(
        "Watch it read",
        "06-applications/01-text-classification.ipynb",
        "Type a word. After each letter the network says which of twelve languages it takes it for.",
        "A table with a row for each language and a column for each letter of a word: the belief in one "
        "language grows from letter to letter. Below it the hidden state as a strip of colours.",
    ),
    "digit": Demo(
        "Read a digit",
        "02-core-concepts/02-order-matters.ipynb",
        "Draw a digit. The network reads one row of pixels after another, and its belief moves.",
        "A grid of eight by eight pixels with a digit, and beside it a table of ten digits and eight rows: "
        "the belief in the right digit grows with each row.",
    ),
    "weight": Demo(
        "Drag the weight",
        "02-core-concepts/07-drag-the-weight.ipynb",
        "One unit, one push at the first step, and zero ever after. Move its recurrent weight.",
        "The state of one unit against the step, and the curve of the state after against the state before, "
        "with the fixed point where it meets the diagonal.",
        "cell-09",
    ),
    "gradient": Demo(
        "Where the gradient goes",
        "09-faq/01-do-gradients-vanish.ipynb",
        "An untrained network of 16 units. Choose its kind and the size of its recurrent weights, and see "
        "how much of the gradient is left after so many steps into the past.",
        "The size of the gradient against the lag, on a logarithmic axis: a line that falls, with the line "
        "of theory above it.",
    ),
    "dates": Demo(
        "Translate a date",
        "06-applications/03-machine-translation.ipynb",
        "Write a date in English. The network writes it in Chinese, and shows where it looked for each sign.",
        "A table with a row for each token of an English date and a column for each sign of the Chinese one. "
        "The dark cells say where the network looked.",
    ),
    "chorale": Demo(
        "Harmonise a melody",
        "06-applications/09-music.ipynb",
        "Choose a note for each beat. The network, trained on Bach's chorales, finds three voices below it.",
        "A melody of sixteen beats as a row of menus, and below it the four voices as lines over the beats.",
    ),
}

# Weights in files


def write_weights(
    name: str,
    about: Mapping[str, object],
    params: Mapping[str, Float[np.ndarray, "..."]],
    folder: Path = FOLDER,
) -> Path:
    """Write a network for the page, its numbers in 16 bits, and return the file's path.

    about: what JSON can hold and the demonstration needs beside the weights. Raises ValueError for a file of
    more than ``MAX_BYTES``.
    """
    weights = {
        path: {"shape": array.shape, "values": base64.b64encode(array.astype("<f2").tobytes()).decode()}
        for path, array in params.items()
    }
    content = json.dumps({"about": about, "weights": weights}, ensure_ascii=False, separators=(",", ":"))
    head = f"/* made by: rnnbook live {name}; sha256 of what stands in brackets: {checksum(content)} */\n"
    text = f"{head}window.rnnbook.files.{name} = ({content});\n"
    if len(text.encode()) > MAX_BYTES:
        raise ValueError(f"params must fit in {MAX_BYTES:,} bytes, got {len(text.encode()):,}")
    (folder / "weights").mkdir(exist_ok=True)
    return atomic_write(folder / "weights" / f"{name}.js", text.encode())


def read_weights(name: str, folder: Path = FOLDER) -> tuple[dict, dict[str, Float[np.ndarray, "..."]]]:
    """What ``write_weights`` wrote: ``(about, params)``, float64. ValueError unless its checksum is right."""
    text = (folder / "weights" / f"{name}.js").read_text(encoding="utf-8")
    found = re.fullmatch(r"/\* [^*]*: (\w{64}) \*/\nwindow\.rnnbook\.files\.\w+ = \((.*)\);\n", text, re.S)
    if not found or checksum(found[2]) != found[1]:
        raise ValueError(f"name must name a whole file of weights, got {name!r}, whose checksum is another")
    content = json.loads(found[2])
    params = {
        path: np.frombuffer(base64.b64decode(one["values"]), "<f2").reshape(one["shape"]).astype(np.float64)
        for path, one in content["weights"].items()
    }
    return content["about"], params


def checksum(text: str) -> str:
    """SHA-256, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


# Words


def texts() -> Iterator[str]:
    """What the demonstrations say: the texts that ``demos.js`` marks, and the names of languages."""
    from babel.messages.extract import extract  # here: a page in English needs no Babel

    for _, text, _, _ in extract("javascript", BytesIO((FOLDER / "demos.js").read_bytes()), {"say": None}):
        yield text
    yield from read_weights("names")[0]["languages"]


def write_words(folder: Path) -> None:
    """Write ``words.js`` into a folder, if the language spoken is not English."""
    if language.current() != language.ENGLISH:
        words = json.dumps({text: say(text) for text in texts()}, ensure_ascii=False, indent=0)
        (folder / "words.js").write_text(f"window.rnnbook.words = {words};\n", encoding="utf-8")


# In the pages


def script_names() -> list[str]:
    """The scripts of a page, in the order in which they are needed."""
    first, *others = SCRIPTS
    return [first, *(["words.js"] if language.current() != language.ENGLISH else []), *others]


def element(name: str, root: str, *, scripts: bool = True) -> str:
    """The HTML of a demonstration; ``root``: the way from its page to the first folder.

    scripts: load them here; once in a page.
    """
    live = posixpath.join(root, "_static/live")
    tags = [f'<script defer src="{live}/{script}"></script>' for script in script_names() if scripts]
    alt = escape(say(DEMOS[name].picture))
    return (
        f'<link rel="stylesheet" href="{live}/live.css">'
        f'<section class="live" data-live="{name}" aria-label="{escape(say(DEMOS[name].title))}">'
        f'<img class="live-picture" src="{live}/pictures/{name}.png" alt="{alt}"></section>{"".join(tags)}'
    )


def raw(html: str) -> str:
    """HTML for MyST's Markdown."""
    return f"```{{raw}} html\n{html}\n```\n"


def markdown(name: str, root: str, **options) -> str:
    """``element`` for a page in MyST's Markdown."""
    return raw(element(name, root, **options))


def page() -> str:
    """The page of all demonstrations, in Markdown."""
    parts = [
        "# Networks in the page\n\nThese run in your browser. Nothing is installed, and nothing is sent.\n"
    ]
    for name, demo in DEMOS.items():
        own = markdown(name, ".", scripts=len(parts) == 1)
        link = f"[the notebook behind it]({demo.notebook})"
        parts.append(f"## {demo.title}\n\n{demo.sentence} Here is {link}.\n\n{own}")
    return "\n".join(parts)


def place(book: dict, notebook: str) -> None:
    """Put the demonstrations of a notebook into the site's copy of it."""
    for name, demo in DEMOS.items():
        if demo.notebook != notebook:
            continue
        title, sentence = say(demo.title), say(demo.sentence)
        words = say("**{title}**, in this page. {sentence}", title=title, sentence=sentence)
        text = f"{words}\n\n{markdown(name, '..')}"
        cell = {"cell_type": "markdown", "metadata": {}, "id": f"live-{name}", "source": text}
        ids = [other.get("id") for other in book["cells"]]
        if demo.cell is None:
            book["cells"].insert(1, cell)
        else:
            at = ids.index(demo.cell)
            book["cells"][at]["outputs"] = []
            book["cells"].insert(at + 1, cell)
