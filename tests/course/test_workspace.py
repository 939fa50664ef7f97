"""A learner's copy keeps what was written, takes what is new, resets one notebook, and counts exercises."""

import json

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from rnnbook.course import workspace
from rnnbook.course.threads import ONE_THREAD


def write(path, *sources, **metadata):
    path.parent.mkdir(parents=True, exist_ok=True)
    cells = [new_code_cell(source) for source in sources]
    path.write_text(json.dumps(new_notebook(cells=cells, metadata=metadata)), encoding="utf-8")


def sources(path):
    return [cell["source"] for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]


@pytest.fixture
def chapters(tmp_path):
    folder = tmp_path / "chapters"
    write(folder / "00-start-here.ipynb", "1")
    write(folder / "01-one" / "01-a.ipynb", "a")
    write(folder / "01-one" / "02-b.ipynb", "b")
    (folder / "glossary.md").write_text("terms", encoding="utf-8")
    return folder


def test_first_copy_then_nothing_to_do(chapters, tmp_path):
    changes = workspace.update(tmp_path / "mine", chapters)
    assert len(changes.new) == 4
    assert workspace.update(tmp_path / "mine", chapters) == ([], [], [])


def test_update_replaces_what_was_not_written_in(chapters, tmp_path):
    mine = tmp_path / "mine"
    workspace.update(mine, chapters)
    write(mine / "01-one" / "01-a.ipynb", "a", language_info={"name": "python"})  # JupyterLab saved it
    write(chapters / "01-one" / "01-a.ipynb", "a, better")
    assert workspace.update(mine, chapters).replaced == ["01-one/01-a.ipynb"]
    assert sources(mine / "01-one" / "01-a.ipynb") == ["a, better"]


def test_update_keeps_what_was_written_and_lays_the_new_beside(chapters, tmp_path):
    mine = tmp_path / "mine"
    workspace.update(mine, chapters)
    write(mine / "01-one" / "01-a.ipynb", "my work")
    write(mine / "notes.ipynb", "my notes")
    assert workspace.update(mine, chapters) == ([], [], [])  # nothing new: nothing beside
    for version in ("second", "third"):
        write(chapters / "01-one" / "01-a.ipynb", version)
        workspace.update(mine, chapters)
    assert sources(mine / "01-one" / "01-a.ipynb") == ["my work"]
    assert sources(mine / "01-one" / "01-a.new.ipynb") == ["second"]
    assert sources(mine / "01-one" / "01-a.new-2.ipynb") == ["third"]
    assert workspace.update(mine, chapters) == ([], [], [])
    assert sources(mine / "notes.ipynb") == ["my notes"]


def test_reset_keeps_the_learners_version(chapters, tmp_path):
    mine = tmp_path / "mine"
    workspace.update(mine, chapters)
    write(mine / "01-one" / "02-b.ipynb", "my work")
    target, kept = workspace.reset(mine, "02-b", chapters)
    assert sources(target) == ["b"] and sources(kept) == ["my work"]
    with pytest.raises(ValueError, match="none that fits"):
        workspace.reset(mine, "zebra", chapters)
    with pytest.raises(ValueError, match="2 that fit"):
        workspace.reset(mine, "01-one", chapters)


def test_progress_counts_what_the_saved_cells_say(chapters, tmp_path):
    mine = tmp_path / "mine"
    workspace.update(mine, chapters)
    right = new_output("stream", text="Right. You have a sum.\n")
    wrong = new_output("stream", text="Not yet: the sum is Right. No.\n")
    cells = [
        new_markdown_cell("check.a(a)"),
        new_code_cell("def a(): ...\n\ncheck.a(a)", outputs=[right]),
        new_code_cell("check.b(b)", outputs=[wrong]),
        new_code_cell("check.c(c)"),
    ]
    (mine / "01-one" / "01-a.ipynb").write_text(json.dumps(new_notebook(cells=cells)), encoding="utf-8")
    assert workspace.progress(mine) == {"01-one/01-a.ipynb": (1, 3)}


def test_refuses_folders_that_are_no_copy(chapters, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.txt").write_text("work", encoding="utf-8")
    with pytest.raises(FileExistsError, match="empty or an earlier copy"):
        workspace.update(other, chapters)
    with pytest.raises(ValueError, match="outside the chapters"):
        workspace.update(chapters / "mine", chapters)
    for action in (workspace.progress, lambda folder: workspace.reset(folder, "01-a", chapters)):
        with pytest.raises(FileNotFoundError, match="rnnbook start"):
            action(other)
    assert [path.name for path in other.iterdir()] == ["thesis.txt"]


def test_the_command_makes_and_opens_the_copy(tmp_path, monkeypatch, capsys):
    ran = []
    monkeypatch.setattr(workspace.subprocess, "run", lambda *a, **options: ran.append((a, options)) or Done)

    class Done:
        returncode = 0

    assert workspace.main([str(tmp_path / "mine")]) == 0
    ((command,), options) = ran[0]
    assert command[-1] == str(tmp_path / "mine" / "00-start-here.ipynb") and "jupyterlab" in command
    assert ONE_THREAD.items() <= options["env"].items()
    assert "files new" in capsys.readouterr().out
    assert workspace.main([str(tmp_path / "mine"), "--progress"]) == 0
    assert "0 of 149 exercises solved" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        workspace.main([str(tmp_path / "mine"), "--reset", "zebra"])
    assert "name must name one notebook" in capsys.readouterr().err
