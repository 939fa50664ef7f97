"""Docstrings as pages: their paragraphs as text, their arguments as a list, their examples as code.

They are laid out for readers of the code, in plain text with ``code`` between double backticks. Sphinx would
read every other sign of theirs as its own markup.
"""

import ast
import re
import textwrap
from collections.abc import Iterator

NAME = r"\*{0,2}[a-z_]\w*"
ARGUMENT = re.compile(rf"{NAME}(?:, {NAME})*: ")
RAISES = re.compile(r"(?:Raises|Returns) ")
CODE = re.compile(r"(``.+?``)")
MARKUP = re.compile(r"([\\*`|_])")


def show(app, kind, name, thing, options, lines: list[str]) -> None:
    """Rewrite a docstring's lines for Sphinx, as its event ``autodoc-process-docstring`` asks."""
    if any(lines):
        lines[:] = rewritten("\n".join(lines))


def rewritten(docstring: str) -> list[str]:
    """A docstring in reStructuredText."""
    return [line for block in re.split(r"\n\s*\n", docstring.strip("\n")) for line in (*shown(block), "")]


def shown(block: str) -> Iterator[str]:
    """What stands between two empty lines: code or a table, a list of arguments, or a paragraph."""
    lines = block.split("\n")
    if not any(map(ARGUMENT.match, lines)):
        is_table = any(line.startswith(" ") or "   " in line.strip() for line in lines)
        if (code := is_code(block)) or is_table:
            kind = "python" if code else "text"
            yield from (f".. code-block:: {kind}", "", *(f"   {line}" for line in lines))
        else:
            yield escaped(" ".join(lines))
        return
    entries = [k for k, line in enumerate(lines) if ARGUMENT.match(line) or RAISES.match(line)]
    if entries[0] > 0:
        yield from (escaped(" ".join(lines[: entries[0]])), "")
    for start, end in zip(entries, [*entries[1:], len(lines)], strict=True):
        text = " ".join(line.strip() for line in lines[start:end])
        name = ARGUMENT.match(text)
        names = f"**{escaped(name[0].removesuffix(': '))}**: " if name else ""
        yield f"* {names}{escaped(text[name.end() :] if name else text)}"


def is_code(block: str) -> bool:
    """Whether a block is an example in Python: it can be parsed, and calls or imports something."""
    try:
        statements = ast.parse(textwrap.dedent(block)).body
    except SyntaxError:
        return False
    nodes = [node for statement in statements for node in ast.walk(statement)]
    return any(isinstance(node, (ast.Call, ast.Import, ast.ImportFrom)) for node in nodes)


def escaped(text: str) -> str:
    """A text whose only markup is code between double backticks."""
    parts = CODE.split(text)
    return "".join(part if k % 2 else MARKUP.sub(r"\\\1", part) for k, part in enumerate(parts))
