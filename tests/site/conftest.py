"""The browser of `tests/browser`, for the site's pages."""

from tests.browser.conftest import chromium, page

__all__ = ["chromium", "page"]
