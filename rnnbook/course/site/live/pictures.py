"""``python -m rnnbook.course.site.live.pictures SITE``: draw the static pictures from a built site."""

import shutil
import sys
from pathlib import Path

from rnnbook import require
from rnnbook.course.site.live import DEMOS, FOLDER


def main(arguments: list[str]) -> int:
    require("playwright", extra="browser")
    from playwright.sync_api import sync_playwright

    site = Path(arguments[0]).resolve()
    (FOLDER / "pictures").mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport={"width": 1000, "height": 900})
        page.goto((site / "live.html").as_uri())
        for name in DEMOS:
            page.locator(f'[data-live="{name}"]').scroll_into_view_if_needed()
            page.locator(f'[data-live="{name}"][data-state="ready"]').wait_for()
        for name in DEMOS:
            element = page.locator(f'[data-live="{name}"]')
            element.scroll_into_view_if_needed()
            page.wait_for_timeout(300)  # a page that still moves would be drawn elsewhere
            if name == "chorale":
                element.get_by_role("button", name="harmonise").click()
                element.get_by_text("Soprano given").wait_for()
            element.screenshot(path=FOLDER / "pictures" / f"{name}.png")
        page.goto((site / "index.html").as_uri())
        page.locator('[data-state="ready"]').wait_for()
        page.screenshot(path=FOLDER / "pictures" / "home.png")
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
