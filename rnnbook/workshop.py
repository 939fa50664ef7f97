"""Notebooks that run in seconds in a classroom: what slow cells found is kept, and put back.

    python -m rnnbook.workshop chapters/04-mathematics      # the instructor, beforehand
    %load_ext rnnbook.workshop                              # the first cell of a fresh kernel

A cell that took longer than two seconds is kept under the sha256 of all code that ran before it and its own,
of the package's source and of the versions of the libraries. Nothing is put back after any of them changed.
What is kept is one pickle of all variables after the cell, and the cell's outputs.

A cell is run as always, and not kept, where putting back could differ from running: where a variable cannot
be pickled, where a file was written or a process started, where settings of the process changed, where
widgets live, and where TensorFlow is loaded, whose random state cannot be read. The command then runs each
notebook a second time with what it kept. If any output differs, it keeps nothing of that notebook.

A pickle can run code when it is opened: take kept outcomes only from somebody whose code you would run.
"""

import argparse
import ast
import hashlib
import io
import json
import marshal
import os
import pickle
import platform
import random
import sys
import types
import warnings
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter

SLOW = 2.0  # seconds
LARGEST = 300_000_000  # bytes of one pickle
LIBRARIES = ("numpy", "scipy", "scikit-learn", "torch", "matplotlib", "ipython")
KEEPING = "RNNBOOK_WORKSHOP_KEEPING"  # set in the kernels of the command, and nowhere else
CHANGES = ("os.mkdir", "os.remove", "os.rename", "os.rmdir", "subprocess.Popen", "socket.connect")
NO_CODE = hashlib.sha256(b"").hexdigest()


def folder() -> Path:
    """Where outcomes are kept: beside the data sets."""
    from rnnbook.data import cache

    return cache.folder() / "workshop"


def beginning() -> str:
    """What a chain of code begins with: everything outside the notebook that its results hang on."""
    digest = hashlib.sha256(platform.python_version().encode())
    for library in LIBRARIES:
        try:
            digest.update(f"{library} {version(library)}\n".encode())
        except PackageNotFoundError:
            digest.update(f"no {library}\n".encode())
    for path in sorted(Path(__file__).parent.rglob("*")):
        if path.suffix in {".py", ".json", ".txt"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()


def follow(chain: str, source: str) -> str:
    """The key of a cell: that of the cell before it, and its own code."""
    return hashlib.sha256(f"{chain}\n{source}".encode()).hexdigest()


class Unkept(Exception):
    """Why a cell cannot be kept."""


class Workshop:
    """Sits in a kernel, follows the code that it runs, and puts slow cells back.

    shell: IPython's. place: the folder of what is kept. keeping: whether slow cells are kept.
    """

    def __init__(self, shell, place: Path, keeping: bool = False):
        self.shell, self.place, self.keeping = shell, place, keeping
        self.chain = beginning()
        self.imported: dict[str, object] = {}
        self.restored = False
        self.changes: list[str] | None = None
        shell.events.register("pre_run_cell", self.before)
        shell.events.register("post_run_cell", self.after)
        shell.ast_transformers.append(self)
        if keeping:
            sys.addaudithook(self.watch)

    def before(self, info) -> None:
        self.key = follow(self.chain, info.raw_cell)
        self.restored = False
        if self.keeping:
            self.names = dict(self.variables())
            self.settings = settings()
            self.changes = []
        self.start = perf_counter()

    def visit(self, node: ast.Module) -> ast.Module:
        """IPython passes every cell through here: the same cell, or one that puts its outcome back."""
        self.node = node
        outcome, said = self.place / f"{self.key}.pickle", self.place / f"{self.key}.json"
        if not outcome.exists() or not said.exists():
            return node
        try:
            outputs = json.loads(said.read_text(encoding="utf-8"))
            exec(compile(definitions(node), "<kept cell>", "exec"), self.shell.user_ns)
            kept = pickle.loads(outcome.read_bytes())
            put_random(kept["random"])
        except Exception as error:
            print(f"[workshop] this cell is run: its outcome could not be read ({type(error).__name__})")
            return node
        for name in set(dict(self.variables())) - kept["names"]:
            del self.shell.user_ns[name]
        self.shell.user_ns.update(kept["variables"])
        for name, held in kept["defaults"].items():
            made = self.shell.user_ns[name]
            made.__defaults__, made.__kwdefaults__ = held
        self.restored = True
        print(f"[workshop] not run: put back what it found in {kept['seconds']:.0f} s")
        for output in outputs:
            self.say(output)
        return ast.Module(body=[], type_ignores=[])

    def after(self, result) -> None:
        changes, self.changes = self.changes, None
        seconds = perf_counter() - self.start
        # What a cell did before it failed or was stopped is not known: nothing is put back after it.
        self.chain = self.key if result.success else follow(self.key, f"failed {os.urandom(16).hex()}")
        if self.keeping and not self.restored and result.success and seconds > SLOW:
            try:
                if changes:
                    raise Unkept(changes[0])
                self.keep(seconds)
            except Unkept as reason:
                self.place.mkdir(parents=True, exist_ok=True)
                (self.place / f"{self.key}.reason").write_text(str(reason), encoding="utf-8")

    def keep(self, seconds: float) -> None:
        """Writes the pickle. Raises Unkept."""
        if settings() != self.settings:
            raise Unkept("it changed settings of the process")
        if "tensorflow" in sys.modules:
            raise Unkept("TensorFlow is loaded")
        defined = [node.name for node in definitions(self.node).body if hasattr(node, "name")]
        variables, defaults = {}, {}
        for name, value in self.variables():
            new = name not in self.names or self.names[name] is not value
            if isinstance(value, types.ModuleType) or self.is_imported(name, value):
                continue
            own = isinstance(value, (types.FunctionType, type)) and value.__module__ == "__main__"
            if own and value.__name__ == name:  # other functions are pickled, as the variables are
                if new and defined.count(name) != 1:
                    raise Unkept(f"it makes {name} in a way that cannot be repeated alone")
                check_plain(name, value)
                if isinstance(value, types.FunctionType):
                    defaults[name] = value.__defaults__, value.__kwdefaults__
                continue
            if any("ipywidgets" in kind.__module__ for kind in type(value).__mro__):
                raise Unkept(f"{name} is a widget")
            variables[name] = value
        kept = {
            "variables": variables,
            "defaults": defaults,  # in the same pickle: a default may be a variable too
            "names": {name for name, _ in self.variables()},
            "random": get_random(),
            "seconds": seconds,
        }
        try:
            content = dumped(kept)
        except Exception as error:
            raise Unkept(f"a variable cannot be pickled ({error})") from None
        if len(content) > LARGEST:
            raise Unkept(f"its variables take {len(content) / 1e6:.0f} MB")
        self.place.mkdir(parents=True, exist_ok=True)
        (self.place / f"{self.key}.pickle").write_bytes(content)

    def variables(self) -> list[tuple[str, object]]:
        """What the notebook has defined, by name."""
        own = self.shell.user_ns_hidden
        return [
            (name, value)
            for name, value in self.shell.user_ns.items()
            if name not in own and not name.startswith("_") and name not in ("In", "Out")
        ]

    def is_imported(self, name: str, value: object) -> bool:
        """Whether the name is still what an import of this or an earlier cell has bound to it."""
        for node in self.node.body:
            if isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    if (alias.asname or alias.name) == name:
                        self.imported[name] = value
        return name in self.imported and self.imported[name] is value

    def watch(self, event: str, arguments: tuple) -> None:
        """An audit hook: notes what a cell does to the world outside the kernel."""
        if self.changes is None:
            return
        if event == "open":
            path, _, flags = arguments
            if flags & (os.O_WRONLY | os.O_RDWR) and "__pycache__" not in str(path):
                self.changes.append("it writes a file")
        elif event in CHANGES:
            self.changes.append(f"it calls {event}")

    def say(self, output: dict) -> None:
        if output["output_type"] == "stream":
            print(output["text"], end="", file=getattr(sys, output["name"]))
        else:
            self.shell.display_pub.publish(data=output["data"], metadata=output["metadata"])


def definitions(node: ast.Module) -> ast.Module:
    """The imports, functions and classes of a cell: they are run even where its outcome is put back."""
    kinds = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    return ast.Module(body=[part for part in node.body if isinstance(part, kinds)], type_ignores=[])


def check_plain(name: str, value: object) -> None:
    """Raises Unkept, if a function or class of the notebook holds data that is not kept with it."""
    if isinstance(value, types.FunctionType):
        if value.__closure__:
            raise Unkept(f"the function {name} holds variables of another one")
        held = list(vars(value).values())
    else:
        held = [content for key, content in vars(value).items() if not key.startswith("_")]
    if any(isinstance(content, (list, dict, set)) or hasattr(content, "__array__") for content in held):
        raise Unkept(f"{name} holds data that may change")


class Pickler(pickle.Pickler):
    """Pickles also the small functions of a notebook that have no name, such as those in a table."""

    def reducer_override(self, value):
        if isinstance(value, types.GeneratorType) and value.gi_frame is None:
            return spent, ()
        if not isinstance(value, types.FunctionType) or value.__module__ != "__main__":
            return NotImplemented
        if getattr(sys.modules["__main__"], value.__qualname__, None) is value:
            return NotImplemented
        check_plain(value.__name__, value)
        code = marshal.dumps(value.__code__)
        return function, (code, value.__name__, value.__defaults__, value.__kwdefaults__)


def function(code: bytes, name: str, defaults: tuple | None, by_name: dict | None) -> types.FunctionType:
    """A function of the notebook, which sees the notebook's variables as they are when it is called."""
    made = types.FunctionType(marshal.loads(code), vars(sys.modules["__main__"]), name, defaults)
    made.__kwdefaults__ = by_name
    return made


def spent() -> types.GeneratorType:
    """A generator that has given all it had."""
    nothing = (item for item in ())
    list(nothing)
    return nothing


def dumped(value: object) -> bytes:
    content = io.BytesIO()
    Pickler(content, protocol=5).dump(value)
    return content.getvalue()


def settings() -> tuple:
    """Settings of the process that a cell may change and later cells may feel."""
    import numpy as np

    found = [os.getcwd(), dict(os.environ), list(warnings.filters), np.geterr(), np.get_printoptions()]
    if "matplotlib" in sys.modules:
        found.append(dict(sys.modules["matplotlib"].rcParams))
    if "torch" in sys.modules:
        torch = sys.modules["torch"]
        found += [torch.get_default_dtype(), torch.get_num_threads(), torch.is_grad_enabled()]
    return tuple(found)


def get_random() -> tuple:
    """The states of the random generators that belong to the process."""
    import numpy as np

    drawn = sys.modules["torch"].get_rng_state() if "torch" in sys.modules else None
    return random.getstate(), np.random.get_state(), drawn  # noqa: NPY002  a notebook may use it


def put_random(states: tuple) -> None:
    import numpy as np

    random.setstate(states[0])
    np.random.set_state(states[1])  # noqa: NPY002
    if states[2] is not None:
        import torch

        torch.set_rng_state(states[2])


def load_ipython_extension(shell) -> None:
    """`%load_ext rnnbook.workshop`. It must come first: code that ran before cannot be known."""
    if len(shell.user_ns["In"]) > 2:  # an empty one, and this
        print("[workshop] not loaded: other cells ran before. Restart the kernel, and load it first.")
        return
    shell.rnnbook_workshop = Workshop(shell, folder(), keeping=KEEPING in os.environ)


def run(path: Path, keeping: bool) -> tuple[dict, float]:
    """Runs a notebook with the extension; returns it as run, and the seconds that its cells took."""
    import nbformat
    from nbclient import NotebookClient

    book = nbformat.read(path, as_version=4)
    load = nbformat.v4.new_code_cell("%load_ext rnnbook.workshop")
    book.cells.insert(0, load)
    client = NotebookClient(
        book, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    )
    env = dict(os.environ)
    env.pop(KEEPING, None)
    if keeping:
        env[KEEPING] = "1"
    start = perf_counter()
    client.execute(env=env)
    del book.cells[0]
    return book, perf_counter() - start


def prepare(path: Path) -> tuple[float, float, int, list[str]]:
    """Keeps the slow cells of a notebook. Returns the seconds without and with what is kept, how many cells
    are kept, and why others are not."""
    place = folder()
    chain = beginning()
    book, before = run(path, keeping=True)
    keys, reasons = [], []
    for cell in book.cells:
        if cell.cell_type != "code":
            continue
        chain = follow(chain, cell.source)
        reason = place / f"{chain}.reason"
        if reason.exists():
            reasons.append(reason.read_text(encoding="utf-8"))
            reason.unlink()
        if (place / f"{chain}.pickle").exists():
            keys.append(chain)
            said = [dict(output) for output in cell.outputs if not heard(output)]
            (place / f"{chain}.json").write_text(json.dumps(said), encoding="utf-8")
    again, after = run(path, keeping=False)
    wrong = [number for number, pair in enumerate(zip(book.cells, again.cells, strict=True)) if differ(*pair)]
    if wrong:
        for key in keys:
            (place / f"{key}.pickle").unlink()
            (place / f"{key}.json").unlink()
        return before, after, 0, [*reasons, f"the outputs of cell {wrong[0]} differed: nothing is kept"]
    return before, after, len(keys), reasons


def heard(output: dict) -> bool:
    return output["output_type"] == "stream" and output["text"].startswith("[workshop]")


def differ(one: dict, other: dict) -> bool:
    """Whether the texts and pictures of two runs of a cell differ, unless the notebook says that they may."""
    if one["cell_type"] != "code" or "nbval-ignore-output" in one["metadata"].get("tags", []):
        return False
    return seen(one) != seen(other)


def seen(cell: dict) -> list:
    """What a reader sees below a cell, without the workshop's own words."""
    text, shown = "", []
    for output in cell["outputs"]:
        if output["output_type"] == "stream":
            text += output["text"]
        else:
            shown.append(json.dumps(output.get("data", {}), sort_keys=True))
    lines = [line for line in text.splitlines() if not line.startswith("[workshop]")]
    return [lines, shown]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m rnnbook.workshop", description="keeps what slow cells find"
    )
    parser.add_argument("paths", nargs="+", type=Path, help="notebooks, or folders of notebooks")
    for given in parser.parse_args(arguments).paths:
        for path in sorted(given.glob("*.ipynb")) if given.is_dir() else [given]:
            before, after, kept, reasons = prepare(path)
            print(f"{path.name}: {before:.0f} s, now {after:.0f} s; cells kept: {kept}", flush=True)
            for reason in reasons:
                print(f"    a slow cell is run as always: {reason}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
