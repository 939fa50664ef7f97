"""The package speaks the language of the edition that a notebook belongs to."""

import ast
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output, writes

from rnnbook.course import figures, installation, language, workspace
from rnnbook.course.edition import sources
from rnnbook.course.exercises import check


@pytest.fixture
def chinese(tmp_path, monkeypatch):
    """A notebook's folder in a Chinese edition, as a kernel finds itself in it."""
    monkeypatch.delenv(language.VARIABLE, raising=False)
    language.mark_folder(tmp_path, "zh_CN", {"A straight line.": "一条直线。"})
    (tmp_path / "02-core-concepts").mkdir()
    monkeypatch.chdir(tmp_path / "02-core-concepts")
    return tmp_path


def test_outside_an_edition_it_is_english(tmp_path, monkeypatch):
    monkeypatch.delenv(language.VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    assert language.current() == "en" and language.say("sum") == "sum"
    assert language.caption("A straight line.") == "A straight line."


def test_it_follows_the_folder_and_the_variable_goes_before(chinese, monkeypatch):
    assert language.current() == "zh_CN" and language.say("part {i}", i=2) == "第 2 部分"
    monkeypatch.setenv(language.VARIABLE, "en")
    assert language.current() == "en" and language.say("part {i}", i=2) == "part 2"
    assert language.caption("A straight line.") == "A straight line."


def test_what_has_no_translation_is_said_in_english(chinese):
    assert language.say("zebra {n}", n=3) == "zebra 3" and language.say("{as it is}") == "{as it is}"


def test_an_unknown_language_and_a_folder_that_is_gone_are_english(chinese, monkeypatch):
    monkeypatch.setenv(language.VARIABLE, "../..")
    assert language.say("sum") == "sum"
    monkeypatch.delenv(language.VARIABLE)
    monkeypatch.setattr(language.Path, "cwd", lambda: (_ for _ in ()).throw(FileNotFoundError()))
    assert language.current() == "en"


def test_names_of_languages():
    assert [language.name_of(name) for name in ("zh", "zh_CN", "en")] == ["zh_CN", "zh_CN", "en"]
    with pytest.raises(ValueError, match="language must be one of en, zh_CN, got 'tlh'"):
        language.name_of("tlh")


def test_a_paragraph_in_chinese_is_left_to_the_page(chinese, monkeypatch):
    assert language.fill("字 " * 80, 100) == "字 " * 80
    monkeypatch.setenv(language.VARIABLE, "en")
    assert len(language.fill("a b " * 40, 100).splitlines()) == 2


def calls(path: Path) -> list[str]:
    """The texts in calls of ``say`` and ``later``, as Python reads them."""
    found = [
        node.args[0].value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in sources.MARKS
        and isinstance(node.args[0], ast.Constant)
    ]
    return found


def test_every_text_that_is_said_is_found():
    """Babel's reading of the code misses a call within an f-string."""
    found = {}
    for message in sources.marked():
        found.setdefault(message.place, []).append(message.text)
    assert {"exercises/difference.py", "exercises/exercise.py", "installation.py"} <= set(found)
    for place, texts in found.items():
        assert sorted(texts) == sorted(calls(sources.PACKAGE / place)), place


# What a learner sees.


def test_a_wrong_answer_is_named_in_chinese(chinese, capsys):
    def broken_layers(h, x, h0, W, U, b):
        ought = np.tanh(x @ W.T + np.concatenate([h0[None], h[:-1]]) @ U.T + b)
        return [t + 1 for t in np.flatnonzero(np.abs(ought - h).max(axis=1) > 1e-6)]

    check.broken_layers(broken_layers)
    said = capsys.readouterr().out
    assert said.startswith("还不对。你从 1 数起；层的编号从 0 开始。\n见本笔记本的“")


def test_a_right_answer_is_praised_and_counted(chinese, capsys):
    check.broken_layers(check.broken_layers.answer)
    said = capsys.readouterr().out
    assert said.startswith("对。每一层都由它自己的输入来判断")
    cell = new_code_cell("check.a(a)", outputs=[new_output("stream", text=said)])
    (chinese / "a.ipynb").write_text(writes(new_notebook(cells=[cell])), encoding="utf-8")
    (chinese / workspace.RECORD).write_text("{}", encoding="utf-8")
    assert workspace.progress(chinese) == {"a.ipynb": (1, 1)}


def test_a_case_that_fails_is_shown_in_chinese(chinese, capsys):
    check.tied_gradients(lambda delta, x, h, h0: (delta.T @ x, 3 * delta.T @ h, delta.sum(0) + 1))
    said = capsys.readouterr().out
    assert "不通过" in said and "应得：" in said and "自己试一试：" in said and "Not yet" not in said


def test_the_installation_is_reported_in_chinese(chinese):
    assert "第 5 到 9 章" in installation.report()


def test_a_figure_that_is_drawn_again_keeps_its_caption(chinese, monkeypatch):
    shown = []
    monkeypatch.setattr(figures, "display", lambda data, **options: shown.append(data))
    figures.show(plt.figure(figsize=(1, 1)), "A straight\nline.")
    assert shown[1]["text/html"] == "<small>一条直线。</small>"
