"""Drawn tests draw the same examples every time: a red build is never chance."""

from hypothesis import settings

from tests.chromium import chromium, page

__all__ = ["chromium", "page"]

settings.register_profile("rnnbook", derandomize=True, deadline=None, database=None)
settings.load_profile("rnnbook")
