"""What the command keeps is what an experiment returned, and what a notebook reads."""

import importlib
import json

import pytest

from rnnbook.course import experiments
from rnnbook.course.experiments import _command


@pytest.mark.parametrize("name", experiments.list_experiments())
def test_every_experiment_has_three_seeds_and_kept_results(name):
    module = importlib.import_module(f"rnnbook.course.experiments.{name}")
    assert len(module.SEEDS) >= 3 and module.__doc__ and module.run.__doc__
    if not (experiments.RESULTS / f"{name}.json").exists() and hasattr(module, "lacking"):
        pytest.skip(f"nothing kept yet: it needs a machine that has what {name} asks for")
    results = experiments.load(name)
    assert list(results["runs"]) == list(results["seconds"]) == [str(seed) for seed in module.SEEDS]
    assert all(seconds > 0 for seconds in results["seconds"].values()) and results["versions"]["torch"]
    size = (experiments.RESULTS / f"{name}.json").stat().st_size
    assert size < 300_000, f"results are small data, these have {size:,} bytes"


@pytest.mark.parametrize("name", experiments.list_experiments())
def test_what_was_tried_is_recorded_in_one_form(name):
    tried = importlib.import_module(f"rnnbook.course.experiments.{name}").TRIED
    for choice, scores in tried.items():
        assert isinstance(choice, str) and scores
        for value, score in scores.items():
            assert isinstance(value, str) and (score is None or isinstance(score, float))


def test_no_results_without_an_experiment():
    assert {path.stem for path in experiments.RESULTS.glob("*.json")} <= set(experiments.list_experiments())


def test_unknown_names_and_missing_results(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match=r"name must be one of .*, got 'cold fusion'"):
        experiments.load("cold fusion")
    monkeypatch.setattr(experiments, "RESULTS", tmp_path)
    monkeypatch.setattr(experiments, "list_experiments", lambda: ["fusion"])
    with pytest.raises(FileNotFoundError, match=r"run `python -m rnnbook experiments fusion`"):
        experiments.load("fusion")


def test_the_command_keeps_every_seed(tmp_path, monkeypatch, capsys):
    class Experiment:
        SEEDS = (0, 1, 7)

        @staticmethod
        def run(seed):
            return {"accuracy": seed / 10}

    results = tmp_path / "results"
    results.mkdir()
    monkeypatch.setattr(experiments, "RESULTS", results)
    monkeypatch.setattr(experiments, "list_experiments", lambda: ["fusion"])
    monkeypatch.setattr(_command.importlib, "import_module", lambda name: Experiment)
    assert _command.main(["fusion"]) == 0
    printed = capsys.readouterr().out
    assert printed.count("seed") == 3 and printed.endswith("kept in results/fusion.json\n")
    assert experiments.load("fusion")["runs"] == {
        "0": {"accuracy": 0},
        "1": {"accuracy": 0.1},
        "7": {"accuracy": 0.7},
    }
    assert json.loads((results / "fusion.json").read_text())["versions"]["numpy"]
    # Again: what was kept is replaced, and that is said; or it stays whole, where something goes wrong.
    monkeypatch.setattr(Experiment, "run", staticmethod(lambda seed: "accuracy é"))
    assert _command.main(["fusion"]) == 0
    assert "kept in results/fusion.json, in place of what was kept before\n" in capsys.readouterr().out
    before = (results / "fusion.json").read_bytes()
    monkeypatch.setattr(Experiment, "run", staticmethod(lambda seed: {"accuracy": {1, 2}}))
    with pytest.raises(TypeError):
        _command.main(["fusion"])
    assert [(path.name, path.read_bytes()) for path in results.iterdir()] == [("fusion.json", before)]


def test_the_command_says_before_the_training_that_nothing_can_be_kept(tmp_path, monkeypatch, capsys):
    class Experiment:
        SEEDS = (0, 1, 2)
        run = staticmethod(lambda seed: pytest.fail("it was run"))

    monkeypatch.setattr(experiments, "RESULTS", tmp_path / "none")
    monkeypatch.setattr(experiments, "list_experiments", lambda: ["fusion"])
    monkeypatch.setattr(_command.importlib, "import_module", lambda name: Experiment)
    with pytest.raises(SystemExit) as stopped:
        _command.main(["fusion"])
    said = capsys.readouterr().err
    assert stopped.value.code == 1 and said.startswith("fusion was not run: nothing can be kept in ")


def test_the_command_refuses_where_something_is_lacking(tmp_path, monkeypatch, capsys):
    class Experiment:
        SEEDS = (0, 1, 2)

        @staticmethod
        def lacking():
            return "there is no sun here"

    monkeypatch.setattr(experiments, "RESULTS", tmp_path)
    monkeypatch.setattr(experiments, "list_experiments", lambda: ["fusion"])
    monkeypatch.setattr(_command.importlib, "import_module", lambda name: Experiment)
    with pytest.raises(SystemExit) as stopped:
        _command.main(["fusion"])
    assert stopped.value.code == 1 and not list(tmp_path.iterdir())
    assert capsys.readouterr().err == "fusion was not run, and nothing was kept: there is no sun here\n"


def test_rows_run_alone_are_merged_into_what_was_kept(tmp_path, monkeypatch, capsys):
    class Experiment:
        SEEDS = (0, 1)

        @staticmethod
        def run(seed, only=None):
            return dict.fromkeys(only or ("a", "b"), seed)

    monkeypatch.setattr(experiments, "RESULTS", tmp_path / "results")
    experiments.RESULTS.mkdir()
    monkeypatch.setattr(experiments, "list_experiments", lambda: ["fusion"])
    monkeypatch.setattr(_command.importlib, "import_module", lambda name: Experiment)
    assert _command.main(["fusion"]) == 0 and _command.main(["fusion", "--only", "c"]) == 0
    assert experiments.load("fusion")["runs"]["1"] == {"a": 1, "b": 1, "c": 1}
    capsys.readouterr()
    monkeypatch.setattr(_command, "version", lambda package: "another")
    with pytest.raises(SystemExit):
        _command.main(["fusion", "--only", "a"])
    assert "run it whole, without --only" in capsys.readouterr().err
    monkeypatch.setattr(Experiment, "run", staticmethod(lambda seed: {}))
    with pytest.raises(SystemExit):
        _command.main(["fusion", "--only", "a"])
    assert "cannot run some of its rows alone" in capsys.readouterr().err


def test_some_rows_are_chosen_by_name():
    assert experiments.chosen(None, "abc") == experiments.chosen((), "abc") == ["a", "b", "c"]
    assert experiments.chosen(["c", "a"], "abc") == ["a", "c"]
    with pytest.raises(ValueError, match=r"only must hold some of 'a', 'b', got \['z'\]"):
        experiments.chosen(["z"], "ab")


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("copying", ["ladders", "ten_symbols"]),
        ("adding_controls", ["longer", "parts", "chrono", "chrono_parts", "lags"]),
    ],
)
def test_rows_are_run_by_name(monkeypatch, name, rows):
    module = importlib.import_module(f"rnnbook.course.experiments.{name}")
    for row in rows:
        monkeypatch.setattr(module, row, lambda seed, row=row: (row, seed))
    assert module.run(3) == {row: (row, 3) for row in rows}
    assert module.run(3, only=rows[-1:]) == {rows[-1]: (rows[-1], 3)}
    with pytest.raises(ValueError, match="only must hold some of"):
        module.run(3, only=["zebra"])
