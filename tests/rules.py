"""What every notebook of the course keeps to, as far as can be seen without running it.

A rule takes the notebook as its file holds it (a dict) and yields `(cell number, what is wrong)`.

    python -m tests.rules NOTEBOOK ...
"""

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

Findings = Iterator[tuple[int, str]]

MAX_BYTES = 1_500_000
MAX_LINES = 30
MAX_PRINTED_LINES = 60

LOCAL_PATH = re.compile(
    r"[A-Za-z]:\\+Users\\"  # Windows
    r"|(?<![\w.:/~<)}\]-])/(?:home|Users|root|tmp|private|mnt|content|work|usr|opt|var)/[\w.-]+"
    r"|site-packages"
    r"|ipykernel_\d+"
)
PASSING_METADATA = ("ExecuteTime", "collapsed", "execution", "papermill", "scrolled", "vscode", "widgets")
CHECK = re.compile(r"^\s*assert\b", re.MULTILINE)
IGNORE_COMMENT = re.compile(r"^\s*#\s*NBVAL_(?:IGNORE_OUTPUT|SKIP)", re.MULTILINE)
IGNORE_TAGS = {"nbval-ignore-output", "nbval-skip"}
# What the base install lacks, imported without asking first whether it is there.
FRAMEWORK = re.compile(
    r"^(?:import|from) (?:(?:rnnbook\.)?(?:torch|tensorflow)|keras|tf_keras|onnx|onnxruntime)\b", re.MULTILINE
)
EXTRA = "pip install -e '.[frameworks]'"


# Numbers of the prose that no cell need show: formulas, code, links, places in a text, years, numbered lists.
PLACE = (
    "[Cc]hapters?|[Nn]otebooks?|[Ss]ections?|[Ss]teps?|[Ee]xercises?|[Ss]olution to|[Ss]eeds?|[Ff]igures?"
    "|[Tt]ables?|[Ee]quations?|[Pp]ages?|[Vv]olumes?|[Vv]ersions?|[Pp]roject"
)
ASIDE = re.compile(
    r"(?s:```.*?```|\$\$.*?\$\$)|`[^`]*`|\$[^$]*\$|\]\([^)]*\)|<[^>]+>|https?://\S+|&\w+;"
    r"|^#+ .*$|^[ >]*(?:\*\*)?\d+\. |\*\*Time(?::\*\*|\*\*:) .*$"
    r"|\b[Cc]laims? \d\.\d+(?:(?:,| and| to) \d\.\d+)*"
    rf"|\b(?:{PLACE}) \d+(?:(?:,| and| to) \d+)*",
    re.MULTILINE,
)
NUMBER = re.compile(r"(?<![\w.,])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?!\w)")
SHOWN_NUMBER = re.compile(r"(?<![A-Za-z_])\d[\d_,]*(?:\.\d+)?(?:e[+-]?\d+)?")
YEARS = range(1800, 2031)
SOLUTION = re.compile(r"<details>\s*<summary>Solution.*?</details>", re.DOTALL)


def text(value: str | list[str]) -> str:
    """A notebook file holds a text as a string, or as a list of its lines."""
    return value if isinstance(value, str) else "".join(value)


def cells(book: dict, kind: str) -> Iterator[tuple[int, dict, str]]:
    for number, cell in enumerate(book["cells"]):
        if cell["cell_type"] == kind:
            yield number, cell, text(cell["source"])


def outputs(book: dict) -> Iterator[tuple[int, dict, dict]]:
    for number, cell, _ in cells(book, "code"):
        for output in cell["outputs"]:
            yield number, cell, output


def tags(cell: dict) -> list[str]:
    return cell["metadata"].get("tags", [])


def nbval_tag(tag: str) -> str:
    """nbval reads its tags in lower case only, and passes over the others without a word."""
    return tag.lower().replace("_", "-") if tag.startswith("NBVAL_") else tag


def title(book: dict) -> Findings:
    first = book["cells"][0] if book["cells"] else {"cell_type": "none", "source": ""}
    if first["cell_type"] != "markdown" or not text(first["source"]).startswith("# "):
        yield 0, "the first cell must open with a '# ' title"


def clean_run(book: dict) -> Findings:
    """nbval never compares a cell that was not run, so that here is where it must be seen."""
    for count, (number, cell, source) in enumerate(cells(book, "code"), start=1):
        if not source.strip():
            yield number, "empty code cell"
        elif cell["execution_count"] != count:
            yield number, f"run once from the top this is cell {count}, not {cell['execution_count']}"


def no_error(book: dict) -> Findings:
    for number, cell, output in outputs(book):
        if output["output_type"] == "error" and "raises-exception" not in tags(cell):
            yield number, f"the output is an error: {output['ename']}"


def no_stderr(book: dict) -> Findings:
    for number, _, output in outputs(book):
        if output["output_type"] == "stream" and output["name"] == "stderr":
            yield number, f"output on stderr: {text(output['text']).strip()[:70]!r}"


def alternative_text(book: dict) -> Findings:
    for number, _, output in outputs(book):
        for mime in output.get("data", {}):
            about = output["metadata"].get(mime, {})
            if mime.startswith("image/") and not about.get("alt", "").strip():
                yield number, "figure without alternative text: use rnnbook.course.figures.show"
    for number, _, source in cells(book, "markdown"):
        if re.search(r"!\[\s*\]\(|<img\b(?![^>]*\balt=)", source):
            yield number, "picture without alternative text"


def no_local_path(book: dict) -> Findings:
    for number, cell in enumerate(book["cells"]):
        shown = [text(cell["source"])]
        for output in cell.get("outputs", []):
            shown += [text(output.get("text", "")), text(output.get("traceback", ""))]
            shown += [text(data) for mime, data in output.get("data", {}).items() if mime.startswith("text/")]
        found = LOCAL_PATH.search("\n".join(shown))
        if found:
            yield number, f"path of one machine: {found.group()}"


def short_cells(book: dict) -> Findings:
    for number, _, source in cells(book, "code"):
        lines = len(source.splitlines())
        if lines > MAX_LINES:
            yield number, f"{lines} lines of code, at most {MAX_LINES}: should the package hold a part of it?"


def short_outputs(book: dict) -> Findings:
    for number, cell, _ in cells(book, "code"):
        printed = [out.get("text", out.get("data", {}).get("text/plain", "")) for out in cell["outputs"]]
        lines = len("\n".join(map(text, printed)).splitlines())
        if lines > MAX_PRINTED_LINES:
            yield number, f"{lines} lines of output, at most {MAX_PRINTED_LINES}"


def ignored_output_is_checked(book: dict) -> Findings:
    """Where nbval compares nothing, the next code cell says what must hold."""
    code = list(cells(book, "code"))
    for place, (number, cell, source) in enumerate(code):
        for tag in tags(cell):
            if tag != nbval_tag(tag):
                yield number, f"nbval knows no tag {tag!r}: write {nbval_tag(tag)!r}"
        if IGNORE_TAGS.intersection(tags(cell)) or IGNORE_COMMENT.search(source):
            following = code[place + 1][2] if place + 1 < len(code) else ""
            if not CHECK.search(following):
                yield number, "its output is not compared, and the next code cell has no assert"


def says_what_it_needs(book: dict) -> Findings:
    """Where the base install is not enough, a reader learns it from the first lines, not from a traceback."""
    code = [source for _, _, source in cells(book, "code")]
    if FRAMEWORK.search("\n".join(code)):
        if EXTRA not in text(book["cells"][0]["source"]):
            yield 0, f"imports a framework: its first cell must name {EXTRA}"
        asked, _, _ = FRAMEWORK.sub("\0", code[0]).partition("\0")
        if "rnnbook.require(" not in asked:
            yield 0, "imports a framework: its first code cell must call rnnbook.require before that"


def one_style(book: dict) -> Findings:
    code = "\n".join(source for _, _, source in cells(book, "code"))
    if "rnnbook.course.figures" in code and "use_style()" not in code:
        yield 0, "draws figures without use_style()"


def file_format(book: dict) -> Findings:
    if (book["nbformat"], book["nbformat_minor"]) != (4, 5):
        yield 0, f"notebook format {book['nbformat']}.{book['nbformat_minor']}, expected 4.5"
    names = [cell.get("id") for cell in book["cells"]]
    if None in names or len(set(names)) < len(names):
        yield 0, "cells without an id, or two with the same"
    if book["metadata"].get("kernelspec", {}).get("name") != "python3":
        yield 0, "the kernel must be python3"


def no_passing_metadata(book: dict) -> Findings:
    for number, node in [(0, book), *enumerate(book["cells"])]:
        for key in PASSING_METADATA:
            if key in node["metadata"]:
                yield number, f"metadata {key!r} changes with every run or reader"


def numbers_shown(book: dict) -> list[float]:
    """Every number in the code and the printed outputs."""
    shown = []
    for _, cell, source in cells(book, "code"):
        shown.append(source)
        for output in cell["outputs"]:
            shown.append(text(output.get("text", "")))
            data = output.get("data", {}).items()
            shown += [text(value) for mime, value in data if mime.startswith("text/")]
    found = SHOWN_NUMBER.findall("\n".join(shown))
    return [float(number.replace(",", "").replace("_", "")) for number in found]


def numbers_stand_in_outputs(book: dict) -> Findings:
    """What the prose says in figures can be seen, to the digits that it gives, in the same notebook.

    A share may be said in per cent. A number that comes from elsewhere stands in the cell's metadata with its
    source: ``"rnnbook": {"numbers": {"0.83": "Mikolov et al., 2010, table 2"}}``.
    """
    shown = numbers_shown(book)
    for number, cell, source in cells(book, "markdown"):
        from_elsewhere = cell["metadata"].get("rnnbook", {}).get("numbers", {})
        for match in NUMBER.finditer(ASIDE.sub(" ", source)):
            whole, decimals = match.groups()
            value = float(whole.replace(",", "") + (decimals or ""))
            half = 0.5 * 10.0 ** (1 - len(decimals or ".")) * (1 + 1e-6)
            is_year = decimals is None and "," not in whole and value in YEARS
            is_shown = any(abs(factor * one - value) <= half for one in shown for factor in (1, 100))
            if not (is_year or is_shown or match.group() in from_elsewhere):
                yield number, f"{match.group()} stands in no output and in no code of this notebook"


def is_assertion(source: str) -> bool:
    """Whether a cell does nothing but check."""
    try:
        lines = ast.parse(source).body
    except SyntaxError:  # a command of IPython
        return False
    return bool(lines) and all(isinstance(line, ast.Assert) for line in lines)


def is_folded(cell: dict, part: str = "source") -> bool:
    return cell["metadata"].get("jupyter", {}).get(f"{part}_hidden", False)


def assertions_are_folded(book: dict) -> Findings:
    """Tests are not the page."""
    for number, cell, source in cells(book, "code"):
        if is_assertion(source) and not is_folded(cell):
            yield number, 'only asserts: fold it with the metadata "jupyter": {"source_hidden": true}'


def nothing_printed_is_asserted(book: dict) -> Findings:
    """A cell prints a value or asserts it; who reads it need not read it twice."""
    for number, _, source in cells(book, "code"):
        try:
            nodes = list(ast.walk(ast.parse(source)))
        except SyntaxError:  # a command of IPython
            continue
        calls = [node for node in nodes if isinstance(node, ast.Call)]
        printed = {
            ast.unparse(argument)
            for call in calls
            if isinstance(call.func, ast.Name) and call.func.id == "print"
            for argument in call.args
        }
        for node in nodes:
            if isinstance(node, ast.Assert) and ast.unparse(node.test) in printed:
                yield number, f"prints and asserts {ast.unparse(node.test)}"


def solutions_run(book: dict) -> Findings:
    """A solution with code is a cell that runs, folded below its words; it is tagged *solution*."""
    for number, _, source in cells(book, "markdown"):
        if any("```" in solution for solution in SOLUTION.findall(source)):
            yield (
                number,
                "a folded solution holds code that nobody runs: make it a cell with the tag 'solution'",
            )
    for number, cell, _ in cells(book, "code"):
        if "solution" in tags(cell) and not (is_folded(cell) and is_folded(cell, "outputs")):
            yield number, "a solution must be folded: source_hidden and outputs_hidden"


RULES = (
    title,
    clean_run,
    no_error,
    no_stderr,
    alternative_text,
    no_local_path,
    short_cells,
    short_outputs,
    ignored_output_is_checked,
    says_what_it_needs,
    one_style,
    file_format,
    no_passing_metadata,
)

# What holds the prose to its cells. The notebooks not yet held to it: `tests/course/test_notebooks.py`.
RULES_OF_TRUTH = (
    numbers_stand_in_outputs,
    assertions_are_folded,
    nothing_printed_is_asserted,
    solutions_run,
)


def findings(book: dict, rules=RULES + RULES_OF_TRUTH) -> list[str]:
    return [f"cell {number}: {what}" for rule in rules for number, what in rule(book)]


if __name__ == "__main__":
    wrong = [
        f"{name}: {finding}"
        for name in sys.argv[1:]
        for finding in findings(json.loads(Path(name).read_text(encoding="utf-8")))
    ]
    sys.exit("\n".join(wrong) or 0)
