"""A docstring becomes a page: paragraphs, a list of arguments, code; no sign of it is taken for markup."""

import inspect
from time import perf_counter

import pytest

import rnnbook.checks
import rnnbook.numpy
from rnnbook.course.site import docstrings

PLAIN = """Gates r, z; ``h_t = (1-z)*n``.

Weights: *one* `block`_ of
two lines|.

reset_after, use_bias: what
    goes on.
*options: others, ``a_b``.
Raises ValueError.

    print(1)

B  T      D
8  1,000  3
"""


def test_each_kind_of_block():
    assert docstrings.rewritten(PLAIN) == [
        "Gates r, z; ``h_t = (1-z)*n``.",
        "",
        r"Weights: \*one\* \`block\`\_ of two lines\|.",
        "",
        r"* **reset\_after, use\_bias**: what goes on.",
        r"* **\*options**: others, ``a_b``.",
        "* Raises ValueError.",
        "",
        *(".. code-block:: python", "", "       print(1)", ""),
        *(".. code-block:: text", "", "   B  T      D", "   8  1,000  3", ""),
    ]


def shown(thing) -> list[str]:
    lines = inspect.getdoc(thing).split("\n")
    docstrings.show(None, "class", "", thing, None, lines)
    return lines


def test_a_class_and_a_module():
    assert any(line.startswith(r"* **reset\_after**: multiply by r") for line in shown(rnnbook.numpy.GRU))
    assert "   print(gradient_check(layer, x))" in shown(rnnbook.checks)


@pytest.mark.parametrize("nothing", [[], [""]])
def test_where_there_is_no_docstring_nothing_is_written(nothing):
    lines = list(nothing)
    docstrings.show(None, "class", "", object, None, lines)
    assert lines == nothing


def test_a_long_word_is_read_at_once():
    """A rule for names that could match in several ways would take twice as long for each letter."""
    word, start = "a" * 26, perf_counter()
    assert docstrings.rewritten(word + " and more") == [word + " and more", ""]
    assert perf_counter() - start < 1
