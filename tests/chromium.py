"""A headless Chromium for the tests that look at pages.

Without Playwright or without Chromium these tests are skipped, and say what is missing. Where the environment
variable RNNBOOK_BROWSER is `required`, as in `.ci/run`, they fail.
"""

import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def missing(what: str) -> None:
    if os.environ.get("RNNBOOK_BROWSER") == "required":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture(scope="session")
def chromium():
    """The browser, started once in a process: Playwright cannot be started twice in one."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        missing("the browser tests need Playwright: pip install -e '.[browser]'")
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        missing("the browser tests need Chromium, for example Debian's package: apt-get install chromium")
    with sync_playwright() as playwright:
        # Chromium's own sandbox does not work for root, as whom containers run.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()
