"""``rnnbook data``: fetch what the cache lacks, print every data set's card, verify its content."""

import argparse

from rnnbook import NotInstalled
from rnnbook.data import (
    ChecksumError,
    cache,
    chorales,
    customers,
    digits,
    fish,
    interface,
    movements,
    names,
    opinions,
    phrases,
    pronunciations,
    shoulder,
    spoken_digits,
)

MODULES = (
    *(digits, names, phrases, interface, opinions, customers),
    *(fish, shoulder, movements, spoken_digits, pronunciations, chorales),
)


def main(arguments: list[str] | None = None) -> int:
    argparse.ArgumentParser(
        prog="rnnbook data",
        description="Fetch the data sets that are not here yet, print every card, and verify every content.",
    ).parse_args(arguments)
    failed = 0
    try:
        cache.fetch(file for module in MODULES for file in getattr(module, "FILES", ()))
    except cache.FetchError as error:
        failed += 1
        print(f"FAILED      {error}\n")
    for module in MODULES:
        print(module.CARD)
        try:
            module.load()
        except (ChecksumError, cache.DataNotFoundError) as error:
            failed += 1
            print(f"  FAILED      {error}\n")
        except NotInstalled as error:  # the light install: what was fetched is read when the rest is there
            print(f"  not opened  {error}\n")
        else:
            print("  verified    the content is the one described here\n")
    return 1 if failed else 0
