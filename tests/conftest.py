"""What all tests share: how examples are drawn, the browser, and the marks that a test gets by itself."""

import pytest
from hypothesis import settings

from tests.chromium import chromium, page

__all__ = ["chromium", "page"]

# Drawn tests draw the same examples every time: a red build is never chance. `.ci/run` draws many more
# (`--hypothesis-profile=thorough`).
settings.register_profile("rnnbook", derandomize=True, deadline=None, database=None, max_examples=10)
settings.register_profile("thorough", settings.get_profile("rnnbook"), max_examples=40)
settings.load_profile("rnnbook")


@pytest.hookimpl(tryfirst=True)  # before pytest chooses by mark
def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.suffix == ".ipynb":
            item.add_marker("notebook")
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
