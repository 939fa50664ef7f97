"""What a newcomer does in JupyterLab: opens the start page, follows a link, drags, errs, and is praised."""

import pytest

from tests.course.browser.conftest import SOUND

pytestmark = pytest.mark.slow  # JupyterLab starts, and kernels

RIGHT = """\
import numpy as np
from rnnbook.course.exercises import check


def half_life(U):
    size = np.abs(np.linalg.eigvals(U)).max()
    return np.log(0.5) / np.log(size) if size < 1 else np.inf


check.half_life(half_life)"""


def notebook(page, lab: str, path: str):
    """Opens a notebook, and no other, and returns its panel once its cells and its kernel are there."""
    page.goto(f"{lab}/lab/tree/{path}?reset")
    panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
    panel.locator(".jp-Cell").first.wait_for()
    page.locator("[data-status=idle]").wait_for()
    return panel


def menu(page, *entries: str) -> None:
    """Chooses an entry of the menu bar."""
    page.get_by_role("menuitem", name=entries[0], exact=True).click()
    page.get_by_role("menuitem", name=entries[1], exact=True).click()


def repeat_until_seen(page, action, wanted) -> None:
    """Does something that asks the kernel until its answer is seen: a kernel may start slowly."""
    for _ in range(6):
        action()
        for _ in range(200):
            if wanted.is_visible():
                return
            page.wait_for_timeout(100)
    raise AssertionError(f"never seen: {wanted}")


def write_and_run(page, cell, source: str, answer: str) -> str:
    """Writes into a code cell as a learner does, runs it, waits for an answer and returns all it prints.

    The answer's words are waited for, not the number beside the cell: that is there before what is printed.
    """
    cell.scroll_into_view_if_needed()
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(source)
    output = cell.locator(".jp-OutputArea-output", has_text=answer).first
    repeat_until_seen(page, lambda: page.keyboard.press("Control+Enter"), output)
    return cell.locator(".jp-OutputArea").inner_text()


def test_start_page_leads_into_a_chapter(page, lab):
    panel = notebook(page, lab, "00-start-here.ipynb")
    panel.get_by_role("link", name="Forward, by hand").first.click()
    page.get_by_role("tab", name="01-forward-by-hand.ipynb").wait_for()


def test_slider_moves_the_figure(page, lab):
    panel = notebook(page, lab, "02-core-concepts/07-drag-the-weight.ipynb")
    handle = panel.locator(".noUi-handle").first
    repeat_until_seen(page, lambda: menu(page, "Run", "Run All Cells"), handle)
    handle.scroll_into_view_if_needed()
    output = panel.locator(".jp-Cell", has=page.locator(".noUi-handle")).locator("img").last
    before = output.get_attribute("src")
    handle.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
        page.wait_for_timeout(300)
    page.wait_for_function("([image, before]) => image.src !== before", arg=[output.element_handle(), before])


def test_exercise_names_the_mistake_and_praises(page, lab):
    panel = notebook(page, lab, "02-core-concepts/07-drag-the-weight.ipynb")
    cell = panel.locator(".jp-CodeCell", has_text="check.half_life(half_life)")
    said = write_and_run(page, cell, RIGHT.replace("0.5", "1 / np.e"), "half is asked for")
    assert "See '" in said
    said = write_and_run(page, cell, RIGHT, "Right.")
    assert said.strip().startswith("Right.") and "asked for" not in said


def test_a_chinese_exercise_names_the_mistake_in_chinese(page, lab):
    panel = notebook(page, lab, "zh/02-core-concepts/07-drag-the-weight.ipynb")
    assert "拖动权重" in panel.locator("h1").first.inner_text()
    cell = panel.locator(".jp-CodeCell", has_text="check.half_life(half_life)")
    said = write_and_run(page, cell, RIGHT.replace("0.5", "1 / np.e"), "题目要的是一半")
    assert "half is asked for" not in said


def test_exercise_ends_a_loop_and_hands_over_a_case(page, lab):
    """A loop without end, then the failing case run by the learner, then a question; in one notebook."""
    panel = notebook(page, lab, "02-core-concepts/07-drag-the-weight.ipynb")
    cell = panel.locator(".jp-CodeCell", has_text="check.half_life(half_life)")
    endless = RIGHT.replace("    return", "    while True:\n        size = size / 2\n    return")
    said = write_and_run(page, cell, endless, "does its loop end?")
    assert "half_life has not come back after 10 s on U = " in " ".join(said.split())
    wrong = RIGHT.replace("np.log(0.5)", "size**3 + np.log(0.3)")
    said = write_and_run(page, cell, wrong, "To try it")
    assert "half_life(**check.half_life.case())" in said
    tried = RIGHT.replace("check.half", "# check.half") + "\nhalf_life(**check.half_life.case())"
    said = write_and_run(page, cell, tried, ".")
    assert "Error" not in said
    quiz = panel.locator(".jp-MarkdownCell", has_text="Choose, then unfold")
    choice = quiz.locator("details").first
    reason = choice.locator("p").first
    assert not reason.is_visible()
    choice.locator("summary").click()
    reason.wait_for(state="visible")
    assert reason.inner_text().startswith(("Yes", "No"))


@pytest.mark.parametrize("path", SOUND)
def test_a_sound_player_is_there(page, lab, path):
    panel = notebook(page, lab, path)
    player = panel.locator("audio").first
    page.wait_for_function("player => player.duration > 0.1", arg=player.element_handle())


def test_a_figure_has_words_for_a_screen_reader(page, lab):
    """JupyterLab drops a picture's alternative text; the caption below says the same, and is in the tree."""
    panel = notebook(page, lab, "04-mathematics/01-forward-by-hand.ipynb")
    panel.locator("img").first.scroll_into_view_if_needed()
    caption = panel.get_by_text("The network unrolled over three steps").first
    assert caption.is_visible()
    assert "The network unrolled over three steps" in panel.aria_snapshot()
