"""``rnnbook handouts FOLDER``: a teacher's pack.

It holds a deck of every notebook that the instructor's guide has a block for, with the votes and, as notes,
what the guide says of the block; a worksheet to print, of the votes and of steps to compute on paper; and the
worksheet's answers. The numbers on paper are drawn: another ``--seed`` gives another sheet. ``--language zh``
makes the pack in Chinese.
"""

import argparse
import html
import json
import re
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from rnnbook import require
from rnnbook.course import language
from rnnbook.course.edition.writing import chapters_in
from rnnbook.course.language import later, say
from rnnbook.course.quizzes import questions
from rnnbook.course.site.home import title_of
from rnnbook.course.workspace import CHAPTERS
from rnnbook.numpy import LSTM, ElmanRNN
from rnnbook.weights.files import atomic_write

STEPS = 3
SHEETS = {"worksheet": later("Worksheet"), "answers": later("Answers")}  # by the names of their files

PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font: 11pt/1.4 sans-serif; max-width: 46rem; margin: 1.5rem auto; padding: 0 1rem; }}
body {{ color: #111; background: #fff; }}
table {{ border-collapse: collapse; margin: 0.6rem 0; }}
th, td {{ border: 1px solid #888; padding: 0.25rem 0.6rem; min-width: 3.2rem; height: 1.5rem; }}
td {{ text-align: right; }}
th {{ text-align: left; font-weight: normal; }}
h2, h3 {{ break-after: avoid; }}
section, table {{ break-inside: avoid; }}
</style>
<script>MathJax = {{tex: {{inlineMath: [['$', '$']]}}, chtml: {{fontURL: 'deck-files/fonts'}}}};</script>
<script defer src="deck-files/tex-chtml.js"></script>
</head>
<body>
{body}
</body>
</html>
"""


class OnPaper(NamedTuple):
    """A computation by hand: what is given, and a table whose rows are to be filled in."""

    title: str
    task: str  # in Markdown
    rows: dict[str, list[float]]  # what is asked: a row for each name, a number for each step or unit
    columns: list[str]


def build(folder: Path, chapters: Path = CHAPTERS, seed: int = 0) -> list[Path]:
    """Write the pack into ``folder`` and return the paths of what a teacher opens.

    It is in the language that the package speaks, and so must be the chapters.

    Raises NotInstalled without the extra ``site``, FileExistsError where a file of another kind has a name of
    the pack, and FileNotFoundError without the instructor's guide.
    """
    require("nbconvert", "sphinx_revealjs", extra="site")
    from rnnbook.course.site import slides

    said = blocks((chapters / "instructor-guide.md").read_text(encoding="utf-8"))
    sheets = {name: folder / f"{name}.html" for name in SHEETS}
    for path in sheets.values():
        slides.check_target(path, "sheet", "folder")
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, notes in said.items():
        deck = folder / f"{name.removesuffix('.ipynb').replace('/', '-')}.html"
        made.append(slides.build(chapters / name, deck, "\n\n".join(notes)))
    tasks = [forward(seed), backward(seed), gates(seed)]
    books = [json.loads((chapters / name).read_text(encoding="utf-8")) for name in said]
    for name, path in sheets.items():
        title = say(SHEETS[name])
        body = sheet(title, books, tasks, solved=name == "answers")
        spoken = language.current().replace("_", "-")
        page = PAGE.format(title=f"rnnbook: {title}", body=body, language=spoken)
        made.append(atomic_write(path, page.encode()))
    return made


def blocks(guide: str) -> dict[str, list[str]]:
    """Notebook to what the plans say of its blocks, each once, in the order of the chapters."""
    said: dict[str, list[str]] = {}
    for minutes, name, words, skip, do in re.findall(
        r"^\| \d+:\d\d \| (\d+) \| \[[^\]]+\]\(([^)]+\.ipynb)\) \| (.+?) \| (.+?) \| (.+?) \|$", guide, re.M
    ):
        note = say(
            "**{minutes} minutes.** Say: {words} Skip: {skip}. Do: {do}",
            minutes=minutes, words=words, skip=skip, do=do,
        )  # fmt: skip
        note = note.replace("..", ".").replace("。。", "。")
        said.setdefault(name, [])
        if note not in said[name]:
            said[name].append(note)
    return dict(sorted(said.items()))


def sheet(title: str, books: list[dict], tasks: list[OnPaper], *, solved: bool) -> str:
    """The body of a sheet: the computations, then the votes of each notebook."""
    from nbconvert.filters import markdown2html

    from rnnbook.course.site.slides import answers, source, vote

    on_paper, votes = say("On paper"), say("Votes")
    parts = [f"<h1>{title}</h1>", f"<h2>{on_paper}</h2>"]
    for task in tasks:
        parts.append(
            f"<section><h3>{task.title}</h3>{markdown2html(task.task)}{table(task, solved)}</section>"
        )
    parts.append(f"<h2>{votes}</h2>")
    for book in books:
        asked = list(questions(book))
        if asked:
            parts.append(f"<h3>{html.escape(title_of(source(book['cells'][0]), ''))}</h3>")
        for question in asked:
            text = f"{question.text}\n\n{answers(question)}" if solved else vote(question)
            parts.append(f"<section>{markdown2html(text)}</section>")
    return "\n".join(parts)


def table(task: OnPaper, solved: bool) -> str:
    """A table in HTML, empty or filled in."""
    head = "".join(f"<th>{column}</th>" for column in ["", *task.columns])
    lines = []
    for name, row in task.rows.items():
        cells = [f"<td>{number:.3f}</td>" if solved else "<td></td>" for number in row]
        lines.append(f"<tr><th>{name}</th>{''.join(cells)}</tr>")
    return f"<table><tr>{head}</tr>{''.join(lines)}</table>"


# Computations on paper. The answers are the package's own.


def forward(seed: int) -> OnPaper:
    """Three steps of an Elman network of two units."""
    rng = np.random.default_rng([seed, 0])
    layer = _with_halves(ElmanRNN(1, 2, dtype=np.float64), rng)
    x = _halves(rng, (1, STEPS, 1))
    outputs, _, _ = layer.forward(x)
    rows = {f"$h_{t + 1}$": outputs[0, t].tolist() for t in range(STEPS)}
    task = say(
        "A network of one input and two units computes {formula}, from {start}. {given} {inputs} Compute the "
        "state after each step, to three digits.",
        formula="$h_t = \\tanh(W x_t + U h_{t-1} + b)$", start="$h_0 = 0$",
        given=_given(layer.params), inputs=_inputs(x),
    )  # fmt: skip
    return OnPaper(say("Forward"), task, rows, [say("unit {n}", n=n) for n in (1, 2)])


def backward(seed: int) -> OnPaper:
    """The gradient of one unit, from the last step to the first."""
    rng = np.random.default_rng([seed, 1])
    layer = _with_halves(ElmanRNN(1, 1, dtype=np.float64), rng)
    x = _halves(rng, (1, STEPS, 1))
    outputs, _, tape = layer.forward(x)
    d_outputs = np.zeros_like(outputs)
    d_outputs[:, -1] = 1  # L = h_3
    grads = layer.backward(tape, d_outputs)
    u, delta, deltas = layer.params["U"][0, 0], 1.0, []
    for t in reversed(range(STEPS)):
        deltas.insert(0, delta * (1 - outputs[0, t, 0] ** 2))
        delta = deltas[0] * u
    rows = {
        "$h_t$": outputs[0, :, 0].tolist(),
        "$dL/dz_t$": deltas,
        "$dL/dU$": [float(grads["U"][0, 0])],
    }
    task = say(
        "One unit computes {formula} with {sum}, from {start}, and {loss}. {given} {inputs} Compute the "
        "states, then $dL/dz_t$ from the last step to the first, then $dL/dU$.",
        formula="$h_t = \\tanh(z_t)$", sum="$z_t = W x_t + U h_{t-1} + b$", start="$h_0 = 0$",
        loss=f"$L = h_{STEPS}$", given=_given(layer.params), inputs=_inputs(x),
    )  # fmt: skip
    return OnPaper(say("Backward"), task, rows, _steps())


def gates(seed: int) -> OnPaper:
    """Three steps of an LSTM of one unit."""
    rng = np.random.default_rng([seed, 2])
    layer = _with_halves(LSTM(1, 1, dtype=np.float64), rng)
    x = _halves(rng, (1, STEPS, 1))
    cells, states, state = [], [], None
    for t in range(STEPS):
        _, state, _ = layer.forward(x[:, t : t + 1], state)
        states.append(float(state[0][0, 0]))
        cells.append(float(state[1][0, 0]))
    task = say(
        "An LSTM of one unit, from $h_0 = c_0 = 0$, with its gates in the order i, f, g, o. {given} {inputs} "
        "Compute the cell and the state after each step.",
        given=_given(layer.params), inputs=_inputs(x),
    )  # fmt: skip
    return OnPaper(say("Gates"), task, {"$c_t$": cells, "$h_t$": states}, _steps())


def _steps() -> list[str]:
    return [say("step {t}", t=t + 1) for t in range(STEPS)]


def _halves(rng: np.random.Generator, shape: tuple[int, ...]) -> Float[np.ndarray, "..."]:
    """Numbers that are easy on paper: -1, -0.5, 0.5 and 1."""
    return rng.choice([-1.0, -0.5, 0.5, 1.0], size=shape)


def _with_halves(layer, rng: np.random.Generator):
    layer.load_params({name: _halves(rng, array.shape) for name, array in layer.params.items()})
    return layer


def _given(params: dict[str, np.ndarray]) -> str:
    return ", ".join(f"${name} = {_matrix(array)}$" for name, array in params.items()) + "."


def _inputs(x: np.ndarray) -> str:
    return ", ".join(f"$x_{t + 1} = {number:g}$" for t, number in enumerate(x[0, :, 0])) + "."


def _matrix(array: np.ndarray) -> str:
    if array.size == 1:
        return f"{array.item():g}"
    if array.ndim == 1 or array.shape[1] == 1:
        return "(" + ", ".join(f"{number:g}" for number in array.ravel()) + ")"
    rows = [" & ".join(f"{number:g}" for number in row) for row in array]
    return "\\begin{bmatrix} " + " \\\\ ".join(rows) + " \\end{bmatrix}"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="rnnbook handouts",
        description="Make a teacher's pack: a deck for each notebook of the guide's plans, a worksheet to "
        "print, and its answers.",
    )
    parser.add_argument("folder", type=Path, nargs="?", default=Path("handouts"), help="default: handouts")
    parser.add_argument("--seed", type=int, default=0, help="of the numbers to compute with (default: 0)")
    parser.add_argument("--language", default="en", help="zh_CN: in Chinese; default: en")
    options = parser.parse_args(arguments)
    try:
        spoken = language.name_of(options.language)
        with language.speaking(spoken), chapters_in(spoken, CHAPTERS) as chapters:
            made = build(options.folder, chapters, options.seed)
    except (OSError, ValueError) as error:
        parser.exit(1, f"rnnbook handouts: {error}\n")
    print(f"{len(made) - 2} decks, and for the printer {made[-2]} and {made[-1]}")
    return 0
