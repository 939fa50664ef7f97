"""One small change that makes a learner's function right: a sign, a transpose, an index off by one.

Hands slip in more ways than a list of mistakes can hold. Most slips are one place in a program that is right
everywhere else. So the places are tried: each expression is exchanged for its neighbours, each variable
for the others, a term or a factor is put in or taken out, a line is moved. A change after which *every* case
comes out right has found the mistake, whatever the style of the answer.

The idea: Weimer, Nguyen, Le Goues and Forrest, 2009, "Automatically finding patches using genetic
programming"; for learners' programs Singh, Gulwani and Solar-Lezama, 2013, "Automated feedback generation for
introductory programming assignments".
"""

import ast
import inspect
import time
import warnings
from collections.abc import Callable, Iterator
from copy import deepcopy
from textwrap import dedent
from typing import Any

import numpy as np

from rnnbook.course.language import say

OPERATORS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.MatMult, ast.FloorDiv, ast.Mod, ast.Pow)
GROWING = {"append", "extend", "insert", "add", "update"}
COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
OF_TEXTS = (ast.Eq, ast.NotEq)  # a name before another one in the alphabet: that is never what is meant

# What hands take for one another. A name may stand in several families.
FAMILIES = (
    ("sum", "mean", "max", "min", "median", "prod", "std", "var"),
    ("argmax", "argmin"),
    ("maximum", "minimum", "add"),
    ("any", "all"),
    ("zeros_like", "ones_like", "empty_like"),
    ("zeros", "ones", "empty", "eye"),
    ("floor", "ceil", "round", "int"),
    ("cumsum", "cumprod"),
    ("log", "log2", "log10", "log1p"),
    ("exp", "expm1"),
    ("tanh", "sin", "cos", "arctan", "arctanh", "sinh"),
    ("matmul", "dot", "outer", "multiply", "inner"),
    ("append", "extend", "insert"),
    ("concatenate", "stack", "hstack", "vstack"),
    ("sorted", "reversed", "list"),
    ("sort", "argsort"),
    ("keys", "values", "items"),
)

# One expression in place of another, and a term or a factor that is missing: X is what stands there, N a
# variable of the function. First what is forgotten most often, then the rest.
FORGOTTEN_FIRST = (
    """
    X.T | -X | 1 - X | X[::-1] | X + 1 | X - 1 | X**2 | np.sqrt(X) | abs(X) | 1 / X | 2 * X | X / 2 | X[1:] |
    X[:-1] | X[0] | X[-1] | X.copy() | X.sum() | X.mean() | np.exp(X) | np.log(X) | np.tanh(X) | 1 - X**2 |
    not X | np.round(X) | np.zeros_like(X)
    """,
    "X + N | X - N | X * N | X / N | X @ N | X * (1 - N) | X * (1 - N**2) | X / len(N)",
)
FORGOTTEN = (
    """
    X[:, None] | X[None] | X[:, ::-1] | X[:, -1] | X[:, 0] | X[:, 1:] | X[:, :-1] | X.sum(axis=0) |
    X.sum(axis=1) | X.sum(axis=-1) | X.mean(axis=0) | X.mean(axis=1) | X.sum(axis=-1, keepdims=True) |
    X.max(axis=-1, keepdims=True) | X.max() | X.max(axis=1) | len(X) | len(X) - 1 | len(X[0]) | X * (1 - X) |
    1 / (1 + np.exp(-X)) | X > 0 | X != 0 | int(X) | float(X) | list(X) | set(X) | sorted(X) |
    list(reversed(X)) | np.array(X) | max(X, 0) | max(X, 1) | min(X, 1) | np.maximum(X, 0) | X - X.max() |
    X - X.max(axis=-1, keepdims=True) | X - X.mean() | X - X.mean(axis=0) | X.any() | X.all() | (X,) | [X]
    """,
    """
    N - X | X * N * (1 - N) | N @ X | X @ N.T | N.T @ X | X * len(N) | X / N.size | X / N.sum() |
    X * N[:, None] | X + 1 - N | max(X, N) | min(X, N) | np.maximum(X, N) | np.minimum(X, N) | X[N] | X[:N] |
    X[N:] | X and N | X or N | X - N.max() | N[X] | X * N**2 | X / np.sqrt(N) | X / N**2 |
    X * np.sqrt(N) | X * np.tanh(N) | X * (1 - np.tanh(N)**2) | X + N + 1 | X - N + 1 | X - N - 1
    """,
)


def repair(answer: Callable, is_right: Callable[[Callable], bool], seconds: float = 3.0) -> str | None:
    """One sentence that names a change of one place after which the answer is right, or None.

    answer: the learner's function; its source must be at hand.
    is_right: whether a function does what the solution does. It must return, whatever the function does.
    seconds: the time after which the search is given up.
    """
    if not inspect.isfunction(answer):
        return None
    try:
        lines = dedent(inspect.getsource(answer)).splitlines()
        tree = ast.parse("\n".join(lines))
    except (OSError, TypeError, SyntaxError):  # typed at a prompt, written in C, or a lambda within a line
        return None
    function = tree.body[0]
    if not isinstance(function, ast.FunctionDef) or function.name != answer.__code__.co_name:
        return None
    names = {**answer.__globals__, **inspect.getclosurevars(answer).nonlocals}
    own = values_read(answer, names)
    if own is None:
        return None
    end = time.monotonic() + seconds
    for line, words in changes(function):
        if time.monotonic() > end:
            return None
        if holds_itself(function):
            continue
        changed = compiled(tree, names | deepcopy(own))
        if changed is not None and is_right(changed):
            place = lines[line - 1].strip()
            return say(
                "One place is wrong, in `{place}`: {words} With that change every case comes out right.",
                place=place,
                words=words,
            )
    return None


def values_read(answer: Callable, names: dict[str, Any]) -> dict[str, Any] | None:
    """What the function reads of its notebook: a change may write into it, so each gets copies of its own.
    None if it reads something that cannot be copied for sure, such as a model."""
    code = answer.__code__
    read = {name: names[name] for name in code.co_names + code.co_freevars if name in names}
    values = {name: value for name, value in read.items() if not (inspect.ismodule(value) or callable(value))}
    plain = np.ndarray | np.generic | int | float | complex | str | list | tuple | dict | set | None
    return values if all(isinstance(value, plain) for value in values.values()) else None


def compiled(tree: ast.Module, names: dict[str, Any]) -> Callable | None:
    """The function as the tree now has it, among the names that the answer sees; None if it is no program."""
    [definition] = tree.body
    undecorated, definition.decorator_list = definition.decorator_list, []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # an index into a number, and the like
            exec(compile(ast.fix_missing_locations(tree), "<a change>", "exec"), names)
    except (SyntaxError, ValueError, TypeError, NameError):  # a default may need what is not there
        return None
    finally:
        definition.decorator_list = undecorated
    return names[definition.name]


def holds_itself(function: ast.FunctionDef) -> bool:
    """Whether a list is put into itself, which NumPy would unpack for ever, and nothing could stop it."""
    for node in ast.walk(function):
        into, what = None, []
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in GROWING:
            into, what = node.func.value, node.args
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            into, what = node.targets[0].value, [node.value]
        elif isinstance(node, ast.AugAssign):
            into, what = node.target, [node.value]
        if isinstance(into, ast.Name):
            own = ast.Name | ast.List | ast.Tuple  # itself, or a list of it
            inside = (part for each in what if isinstance(each, own) for part in ast.walk(each))
            if any(isinstance(part, ast.Name) and part.id == into.id for part in inside):
                return True
    return False


def changes(function: ast.FunctionDef) -> Iterator[tuple[int, str]]:
    """Makes one change after the other in the tree, and yields its line and its words while it stands."""
    names = variables(function)
    for parent, field, i in list(blocks(function)):
        yield from changes_of_lines(getattr(parent, field), i)
    places = list(expressions(function))
    for kind in (shortened, exchanged, completed(FORGOTTEN_FIRST), completed(FORGOTTEN)):
        for parent, field, i in places:
            old = get(parent, field, i)
            for new in kind(old, names):
                put(parent, field, i, new)
                yield (
                    old.lineno,
                    say("`{old}` should be `{new}`.", old=ast.unparse(old), new=ast.unparse(new)),
                )
                put(parent, field, i, old)


# Places


def get(parent: ast.AST, field: str, i: int | None) -> Any:
    value = getattr(parent, field)
    return value if i is None else value[i]


def put(parent: ast.AST, field: str, i: int | None, node: ast.AST) -> None:
    if i is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[i] = node


def expressions(function: ast.FunctionDef) -> Iterator[tuple[ast.AST, str, int | None]]:
    """The places of a function's body where a value is read: (node, field, place in the field's list)."""
    for statement in function.body:
        for parent in ast.walk(statement):
            for field, value in ast.iter_fields(parent):
                for i, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
                    is_read = isinstance(getattr(node, "ctx", None), ast.Load) or not hasattr(node, "ctx")
                    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str | None)
                    is_function = (
                        isinstance(parent, ast.Call) and field == "func" and isinstance(node, ast.Name)
                    )
                    if isinstance(node, ast.expr) and is_read and not (is_text or is_function):
                        yield parent, field, i


def blocks(function: ast.FunctionDef) -> Iterator[tuple[ast.AST, str, int]]:
    """The places of statements."""
    for parent in ast.walk(function):
        for field in ("body", "orelse"):
            block = getattr(parent, field, None)
            if isinstance(block, list):
                for i in range(len(block)):
                    yield parent, field, i


def variables(function: ast.FunctionDef) -> list[str]:
    """Arguments and local variables, in the order in which they appear."""
    arguments = [
        each.arg for each in function.args.posonlyargs + function.args.args + function.args.kwonlyargs
    ]
    stored = [
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id != "_"
    ]
    return list(dict.fromkeys(arguments + stored))


# Changes of lines


def changes_of_lines(block: list[ast.stmt], i: int) -> Iterator[tuple[int, str]]:
    """Line i left out, exchanged with the next, put into the block above it; its own lines taken out of its
    block; another assignment; another way to leave."""
    before, line = list(block), block[i]
    if len(block) > 1:
        block[i:] = block[i + 1 :]
        yield line.lineno, say("this line should not be there.")
        block[:] = before
    if i + 1 < len(block):
        block[i], block[i + 1] = block[i + 1], block[i]
        yield (
            line.lineno,
            say("it should come after the line that follows it, `{line}`.", line=first_line(before[i + 1])),
        )
        block[:] = before
    loop = block[i - 1] if i else None
    if isinstance(loop, ast.For | ast.While | ast.If) and not isinstance(line, ast.FunctionDef):
        del block[i]
        loop.body.append(line)
        yield line.lineno, say("it belongs into the block of `{loop}`.", loop=first_line(loop))
        loop.body.pop()
        block[:] = before
    if isinstance(line, ast.For | ast.While | ast.If | ast.With) and len(line.body) > 1:
        last = line.body.pop()
        block.insert(i + 1, last)
        yield (
            last.lineno,
            say("it belongs after the block of `{line}`, and not into it.", line=first_line(line)),
        )
        block[:] = before
        line.body.append(last)
    if (
        isinstance(line, ast.For | ast.While | ast.If)
        and isinstance(line.body[0], ast.Assign)
        and len(line.body) > 1
    ):
        first = line.body.pop(0)
        block.insert(i, first)
        yield (
            first.lineno,
            say("it belongs before the block of `{line}`, and not into it.", line=first_line(line)),
        )
        block[:] = before
        line.body.insert(0, first)
    if isinstance(line, ast.AugAssign):
        plain = ast.copy_location(ast.Assign([line.target], line.value), line)
        for new in [
            *(ast.copy_location(ast.AugAssign(line.target, kind(), line.value), line) for kind in OPERATORS),
            plain,
        ]:
            if type(getattr(new, "op", None)) is not type(line.op):
                block[i] = new
                yield (
                    line.lineno,
                    say("`{line}` belongs there.", line=first_line(ast.fix_missing_locations(new))),
                )
        block[:] = before
    if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name | ast.Subscript):
        for kind in OPERATORS[:4]:
            new = ast.copy_location(ast.AugAssign(line.targets[0], kind(), line.value), line)
            block[i] = new
            yield line.lineno, say("`{line}` belongs there.", line=first_line(ast.fix_missing_locations(new)))
        block[:] = before
    if isinstance(line, ast.Break | ast.Return | ast.Raise | ast.Continue):
        for new in (ast.Continue(), ast.Break(), ast.Pass()):
            if type(new) is not type(line):
                block[i] = ast.copy_location(new, line)
                yield line.lineno, say("`{line}` belongs there.", line=first_line(new))
        block[:] = before


def first_line(node: ast.AST) -> str:
    return ast.unparse(node).splitlines()[0]


# Changes of expressions. Each gives what may stand in place of ``node``.


def exchanged(node: ast.expr, names: list[str]) -> Iterator[ast.expr]:
    """A neighbour: another operator, comparison, function, axis, number, variable, bound of a slice."""
    if isinstance(node, ast.BinOp):
        yield from (
            ast.BinOp(node.left, kind(), node.right) for kind in OPERATORS if not isinstance(node.op, kind)
        )
        yield ast.BinOp(node.right, node.op, node.left)
        yield from regrouped(node)
    elif isinstance(node, ast.Compare):
        text = any(
            isinstance(part, ast.Constant) and isinstance(part.value, str)
            for part in [node.left, *node.comparators]
        )
        for i, old in enumerate(node.ops):
            for kind in OF_TEXTS if text else COMPARISONS:
                if not isinstance(old, kind):
                    yield ast.Compare(
                        node.left, [*node.ops[:i], kind(), *node.ops[i + 1 :]], node.comparators
                    )
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)
    elif isinstance(node, ast.Attribute):
        yield from (ast.Attribute(node.value, name, node.ctx) for name in relatives(node.attr))
    elif isinstance(node, ast.Name):
        yield from (ast.Name(name, ast.Load()) for name in names + relatives(node.id) if name != node.id)
    elif isinstance(node, ast.Constant):
        yield from map(ast.Constant, other_constants(node.value))
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body)
    elif isinstance(node, ast.Subscript):
        yield from (ast.Subscript(node.value, index, node.ctx) for index in other_indices(node.slice))
    elif isinstance(node, ast.Call):
        yield from other_calls(node)
    elif isinstance(node, ast.Tuple | ast.List) and len(node.elts) > 1:
        for i in range(len(node.elts) - 1):
            parts = [*node.elts]
            parts[i], parts[i + 1] = parts[i + 1], parts[i]
            yield type(node)(parts, ast.Load())


def regrouped(node: ast.BinOp) -> Iterator[ast.expr]:
    """(a . b) . c as a . (b . c), and the other way: brackets that were forgotten."""
    left, right = node.left, node.right
    if isinstance(left, ast.BinOp):
        yield ast.BinOp(left.left, left.op, ast.BinOp(left.right, node.op, right))
    if isinstance(right, ast.BinOp):
        yield ast.BinOp(ast.BinOp(left, node.op, right.left), right.op, right.right)
    if isinstance(left, ast.UnaryOp):
        yield ast.UnaryOp(left.op, ast.BinOp(left.operand, node.op, right))


def relatives(name: str) -> list[str]:
    return [other for family in FAMILIES if name in family for other in family if other != name]


def other_constants(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [
            value + 1,
            value - 1,
            *(other for other in (0, 1, 2, -1, None) if other != value and abs((other or 0) - value) != 1),
        ]
    if isinstance(value, float):
        return [-value, 0.0, 1.0, 0.5, 2.0, 1 - value, value / 2, value * 2, value / 10, value * 10]
    return []


def other_indices(index: ast.expr) -> Iterator[ast.expr]:
    if isinstance(index, ast.Slice):
        one, last = ast.Constant(1), ast.UnaryOp(ast.USub(), ast.Constant(1))
        backwards = ast.UnaryOp(ast.USub(), ast.Constant(1))
        bounds = [
            (None, None),
            (one, None),
            (None, last),
            (one, last),
            (index.lower, None),
            (None, index.upper),
        ]
        bounds += [(index.upper, None), (None, index.lower), (index.lower, last), (one, index.upper)]
        for lower, upper in bounds:
            if (lower, upper) != (index.lower, index.upper):
                yield ast.Slice(lower, upper, index.step)
        yield ast.Slice(index.lower, index.upper, None if index.step else backwards)
        for change in (1, -1):
            if index.lower is not None:
                yield ast.Slice(moved(index.lower, change), index.upper, index.step)
            if index.upper is not None:
                yield ast.Slice(index.lower, moved(index.upper, change), index.step)
    elif isinstance(index, ast.Tuple):
        for i, part in enumerate(index.elts):
            for other in other_indices(part):
                yield ast.Tuple([*index.elts[:i], other, *index.elts[i + 1 :]], ast.Load())
        if len(index.elts) == 2:
            yield ast.Tuple(index.elts[::-1], ast.Load())
            yield index.elts[0]
            yield index.elts[1]
    else:
        yield from (moved(index, 1), moved(index, -1))
        yield ast.Tuple([ast.Slice(None, None, None), index], ast.Load())
        yield ast.Slice(None, index, None)
        yield ast.Slice(index, None, None)
        yield ast.Slice(None, moved(index, 1), None)
        yield ast.Slice(moved(index, 1), None, None)


def moved(node: ast.expr, change: int) -> ast.expr:
    try:
        return ast.Constant(ast.literal_eval(node) + change)
    except (ValueError, TypeError):  # no number as it stands
        pass
    return ast.BinOp(node, ast.Add() if change > 0 else ast.Sub(), ast.Constant(abs(change)))


def other_calls(node: ast.Call) -> Iterator[ast.expr]:
    """Another axis, one that was forgotten or is too many; arguments exchanged or left out."""
    for i, keyword in enumerate(node.keywords):
        others = [*node.keywords[:i], *node.keywords[i + 1 :]]
        yield ast.Call(node.func, node.args, others)
        if keyword.arg == "axis":
            for axis in (0, 1, -1, 2, -2, (0, 1)):
                yield ast.Call(node.func, node.args, [ast.keyword("axis", ast.Constant(axis)), *others])
    present = {keyword.arg for keyword in node.keywords}
    if isinstance(node.func, ast.Attribute) and "axis" not in present:
        for axis in (0, 1, -1):
            yield ast.Call(node.func, node.args, [*node.keywords, ast.keyword("axis", ast.Constant(axis))])
    if isinstance(node.func, ast.Attribute) and "keepdims" not in present:
        yield ast.Call(node.func, node.args, [*node.keywords, ast.keyword("keepdims", ast.Constant(True))])
    for i in range(len(node.args)):
        yield ast.Call(node.func, [*node.args[:i], *node.args[i + 1 :]], node.keywords)
        for j in range(i):
            arguments = [*node.args]
            arguments[i], arguments[j] = arguments[j], arguments[i]
            yield ast.Call(node.func, arguments, node.keywords)
    if isinstance(node.func, ast.Name) and node.func.id == "range" and len(node.args) == 1:
        [stop] = node.args
        yield from (
            filled(text, X=stop)
            for text in ("range(1, X)", "range(1, X + 1)", "range(X - 1, -1, -1)", "range(X - 1, 0, -1)")
        )
    if isinstance(node.func, ast.Name) and node.func.id == "enumerate" and len(node.args) == 1:
        yield ast.Call(node.func, [*node.args, ast.Constant(1)], [])
    if isinstance(node.func, ast.Name) and node.func.id in {"min", "max"}:
        yield ast.Call(
            ast.Name("max" if node.func.id == "min" else "min", ast.Load()), node.args, node.keywords
        )


def shortened(node: ast.expr, names: list[str]) -> Iterator[ast.expr]:
    """A part of it alone: a term, factor, index, transpose or function too many."""
    if isinstance(node, ast.BinOp):
        yield from (node.left, node.right)
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.BoolOp):
        for i in range(len(node.values)):
            rest = [*node.values[:i], *node.values[i + 1 :]]
            yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
    elif isinstance(node, ast.Attribute | ast.Subscript):
        yield node.value
    elif isinstance(node, ast.Call):
        yield from node.args[:2]
        if isinstance(node.func, ast.Attribute):
            yield node.func.value
    elif isinstance(node, ast.IfExp):
        yield from (node.body, node.orelse)
    elif isinstance(node, ast.Tuple | ast.List):
        yield from node.elts
        for i in range(len(node.elts)):
            yield type(node)([*node.elts[:i], *node.elts[i + 1 :]], ast.Load())
    elif isinstance(node, ast.ListComp | ast.GeneratorExp) and len(node.generators) == 1:
        [loop] = node.generators
        if loop.ifs:
            yield type(node)(node.elt, [ast.comprehension(loop.target, loop.iter, [], 0)])


def completed(forgotten: tuple[str, str]) -> Callable[[ast.expr, list[str]], Iterator[ast.expr]]:
    """Something done to it that was forgotten, by itself or with one of the function's variables."""
    alone, with_name = ([text.strip() for text in table.split("|")] for table in forgotten)

    def completions(node: ast.expr, names: list[str]) -> Iterator[ast.expr]:
        # A bound that was guessed, such as 1000, is not mended by a larger one.
        is_large = isinstance(node, ast.Constant) and isinstance(node.value, int) and abs(node.value) > 2
        if not (is_large or isinstance(node, ast.Slice | ast.Starred | ast.Tuple | ast.JoinedStr)):
            yield from (filled(text, X=node) for text in alone)
            for name in names:
                if isinstance(node, ast.Name) and node.id == name:
                    continue
                yield from (filled(text, X=node, N=ast.Name(name, ast.Load())) for text in with_name)

    return completions


class Fill(ast.NodeTransformer):
    """Puts expressions in place of the names in a template."""

    def __init__(self, parts: dict[str, ast.expr]):
        self.parts = parts

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.parts.get(node.id, node)


def filled(text: str, **parts: ast.expr) -> ast.expr:
    return Fill(parts).visit(ast.parse(text, mode="eval").body)
