"""A teacher's pack is whole: every block of the guide has its deck, and the sheet's answers are right."""

import re
from math import exp, tanh

import pytest

pytest.importorskip("sphinx_revealjs", reason="the extra 'site' is not installed")

from rnnbook.course.edition.writing import chapters_in
from rnnbook.course.language import speaking
from rnnbook.course.quizzes import questions
from rnnbook.course.site import handouts, slides
from tests.course.test_instructor_guide import BLOCKS, GUIDE, NOTEBOOK
from tests.execute import CHAPTERS, read

NUMBER = r"(-?[\d.]+)"


def numbers(task, name):
    """What the task gives under a name: a number, or the entries of a matrix or vector."""
    given = re.search(rf"\${re.escape(name)} = (.+?)\$", task)[1]
    return [float(one) for one in re.findall(NUMBER, given)]


def test_every_block_of_the_guide_has_a_deck_and_its_notes():
    said = handouts.blocks(GUIDE)
    assert set(said) == {NOTEBOOK.fullmatch(row[2])[2] for row in BLOCKS}
    for row in BLOCKS:
        notes = "".join(said[NOTEBOOK.fullmatch(row[2])[2]])
        assert row[3] in notes and row[1] in notes


@pytest.mark.parametrize("seed", range(3))
def test_forward_is_what_paper_gives(seed):
    task = handouts.forward(seed)
    w, u, b = (numbers(task.task, name) for name in "WUb")
    h = [0.0, 0.0]
    for t, row in enumerate(task.rows.values(), start=1):
        [x] = numbers(task.task, f"x_{t}")
        h = [tanh(w[k] * x + u[2 * k] * h[0] + u[2 * k + 1] * h[1] + b[k]) for k in range(2)]
        assert row == pytest.approx(h)


@pytest.mark.parametrize("seed", range(3))
def test_backward_is_the_slope_of_the_loss(seed):
    task = handouts.backward(seed)
    (w,), (u,), (b,) = (numbers(task.task, name) for name in "WUb")
    x = [numbers(task.task, f"x_{t}")[0] for t in (1, 2, 3)]

    def states(u, nudged=None, by=0.0):
        h = [0.0]
        for t in range(3):
            h.append(tanh(w * x[t] + u * h[-1] + b + (by if t == nudged else 0)))
        return h[1:]

    def slope(f):
        return (f(1e-6) - f(-1e-6)) / 2e-6

    assert task.rows["$h_t$"] == pytest.approx(states(u))
    expected = [slope(lambda by, t=t: states(u, t, by)[-1]) for t in range(3)]
    assert task.rows["$dL/dz_t$"] == pytest.approx(expected, abs=1e-8)
    assert task.rows["$dL/dU$"] == pytest.approx([slope(lambda by: states(u + by)[-1])], abs=1e-8)


@pytest.mark.parametrize("seed", range(3))
def test_gates_are_what_paper_gives(seed):
    task = handouts.gates(seed)
    w, u, b = (numbers(task.task, name) for name in "WUb")
    h = c = 0.0
    for t in (1, 2, 3):
        [x] = numbers(task.task, f"x_{t}")
        i, f, g, o = (w[k] * x + u[k] * h + b[k] for k in range(4))
        i, f, o = (1 / (1 + exp(-z)) for z in (i, f, o))
        c = f * c + i * tanh(g)
        h = o * tanh(c)
        assert (task.rows["$c_t$"][t - 1], task.rows["$h_t$"][t - 1]) == pytest.approx((c, h))


def test_the_pack(tmp_path, monkeypatch, capsys):
    name = "02-core-concepts/01-unrolling.ipynb"
    row = f"| 0:00 | 15 | [Unrolling]({name}) | Say this. | nothing | none |"
    (tmp_path / "chapters" / "02-core-concepts").mkdir(parents=True)
    (tmp_path / "chapters" / "instructor-guide.md").write_text(row, encoding="utf-8")
    (tmp_path / "chapters" / name).write_bytes((CHAPTERS / name).read_bytes())
    asked = list(questions(read(CHAPTERS / name)))
    assert len(asked) == 3

    deck, worksheet, answers = handouts.build(tmp_path / "pack", tmp_path / "chapters")
    shown = deck.read_text(encoding="utf-8")
    assert '<aside class="notes">' in shown and "Say this." in shown and "dist/notes.js" in shown
    empty, solved = worksheet.read_text(encoding="utf-8"), answers.read_text(encoding="utf-8")
    for question in asked:
        for choice, reason in zip(question.choices, question.reasons, strict=True):
            plain = re.sub(r"[`*$].*", "", choice)
            assert plain in shown and plain in empty and plain in solved
            assert re.sub(r"[`*$].*", "", reason) in solved and "Yes." not in empty
    assert empty.count("<td></td>") == solved.count("<td>") > 12
    assert all((tmp_path / "pack" / slides.FILES / name).exists() for name in ("tex-chtml.js", "fonts"))

    handouts.build(tmp_path / "pack", tmp_path / "chapters", seed=1)  # again, with other numbers
    assert answers.read_text(encoding="utf-8") != solved
    worksheet.write_text("mine", encoding="utf-8")
    monkeypatch.setattr(handouts, "CHAPTERS", tmp_path / "chapters")
    with pytest.raises(SystemExit):
        handouts.main([str(tmp_path / "pack")])
    assert "is no earlier sheet; name another folder" in capsys.readouterr().err
    assert worksheet.read_text(encoding="utf-8") == "mine"


def test_the_pack_speaks_another_language(tmp_path):
    name = "02-core-concepts/01-unrolling.ipynb"
    with speaking("zh_CN"), chapters_in("zh_CN") as chapters:
        guide = chapters / "instructor-guide.md"
        rows = [line for line in guide.read_text(encoding="utf-8").splitlines() if f"({name})" in line]
        guide.write_text("\n".join(rows), encoding="utf-8")
        deck, worksheet, answers = handouts.build(tmp_path / "pack", chapters)
    assert "表决：答案" in deck.read_text(encoding="utf-8") and "分钟" in deck.read_text(encoding="utf-8")
    for path in (worksheet, answers):
        page = path.read_text(encoding="utf-8")
        words = re.sub(r"<[^>]*>|\$[^$]*\$", " ", page[page.index("<body>") :])
        assert '<html lang="zh-CN">' in page and re.findall(r"[A-Za-z]{2,} [A-Za-z]{2,}", words) == []
