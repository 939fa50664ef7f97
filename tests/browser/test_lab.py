"""What a newcomer does in JupyterLab: opens the start page, follows a link, drags, errs, and is praised."""

import pytest

from tests.browser.conftest import SOUND

RIGHT = """\
import numpy as np
from rnnbook.exercises import check


def elman_step(x_t, h, W, U, b):
    return np.tanh(x_t @ W.T + h @ U.T + b)


check.elman_step(elman_step)"""


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


def write_and_run(page, cell, source: str) -> str:
    """Writes into a code cell as a learner does, runs it, and returns what it prints."""
    cell.scroll_into_view_if_needed()
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(source)
    cell.locator(".jp-OutputArea-output").first.wait_for()
    before = cell.locator(".jp-InputPrompt").inner_text()
    page.keyboard.press("Control+Enter")
    for _ in range(600):
        page.wait_for_timeout(100)
        prompt = cell.locator(".jp-InputPrompt").inner_text()
        if prompt != before and "*" not in prompt:
            return cell.locator(".jp-OutputArea").inner_text()
    raise AssertionError(f"the cell did not finish: {prompt}")


def test_start_page_leads_into_a_chapter(page, lab):
    panel = notebook(page, lab, "00-start-here.ipynb")
    panel.get_by_role("link", name="Forward, by hand").first.click()
    page.get_by_role("tab", name="01-forward-by-hand.ipynb").wait_for()


def test_slider_moves_the_figure(page, lab):
    panel = notebook(page, lab, "02-core-concepts/07-drag-the-weight.ipynb")
    handle = panel.locator(".noUi-handle").first
    for _ in range(4):  # a kernel that is just starting may let the first request fall
        menu(page, "Run", "Run All Cells")
        page.wait_for_timeout(20_000 if not handle.is_visible() else 0)
        if handle.is_visible():
            break
    handle.wait_for()
    handle.scroll_into_view_if_needed()
    output = panel.locator(".jp-Cell", has=page.locator(".noUi-handle")).locator("img").last
    before = output.get_attribute("src")
    handle.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
        page.wait_for_timeout(300)
    page.wait_for_function("([image, before]) => image.src !== before", arg=[output.element_handle(), before])


def test_exercise_names_the_mistake_and_praises(page, lab):
    panel = notebook(page, lab, "04-mathematics/01-forward-by-hand.ipynb")
    cell = panel.locator(".jp-CodeCell", has_text="check.elman_step(elman_step)")
    said = write_and_run(page, cell, RIGHT.replace("U.T", "U"))
    assert "U is not transposed" in said and "The loop, for many sequences at once" in said
    said = write_and_run(page, cell, RIGHT)
    assert said.strip().startswith("Right.")


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
