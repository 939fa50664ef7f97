"""Nothing is imported before it is used."""

import subprocess
import sys

import pytest


def python(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import rnnbook", ["numpy", "torch", "tensorflow", "keras", "matplotlib", "IPython"]),
        ("import rnnbook; dir(rnnbook); rnnbook.numpy.LSTM", ["torch", "tensorflow", "keras", "matplotlib"]),
        ("import rnnbook.numpy", ["torch", "tensorflow", "keras", "matplotlib"]),
        ("import rnnbook.checks", ["torch", "tensorflow", "keras", "matplotlib"]),
        ("import rnnbook.torch", ["tensorflow", "keras", "matplotlib"]),
        ("import rnnbook.tensorflow", ["torch"]),  # Keras itself imports Matplotlib
    ],
)
def test_import_brings_in_nothing_else(statement, absent):
    loaded = python(f"{statement}\nimport sys\nprint([name for name in {absent} if name in sys.modules])")
    assert loaded == "[]"


def test_import_costs_no_more_than_numpy():
    def seconds(module: str) -> float:
        return float(
            python(f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)")
        )

    # The least of several, taken in turn: other processes can only make an import slower.
    pairs = [(seconds("rnnbook"), seconds("numpy")) for _ in range(5)]
    ours, numpys = (min(column) for column in zip(*pairs, strict=True))
    assert ours <= 1.2 * numpys


def test_parts_are_found_on_first_use():
    import rnnbook

    assert {"numpy", "torch", "tensorflow", "course"} <= set(dir(rnnbook))
    assert rnnbook.checks.__name__ == "rnnbook.checks"
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        rnnbook.nothing  # noqa: B018
    assert not hasattr(rnnbook, "__nothing__")


def test_a_part_that_lacks_a_library_says_which(tmp_path, monkeypatch):
    import rnnbook

    (tmp_path / "broken.py").write_text("import a_library_that_is_not_there", encoding="utf-8")
    monkeypatch.setattr(rnnbook, "__path__", [*rnnbook.__path__, str(tmp_path)])
    with pytest.raises(ModuleNotFoundError, match="a_library_that_is_not_there"):
        rnnbook.broken  # noqa: B018
