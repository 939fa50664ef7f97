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
    failed = False
    for module in MODULES:
        print(module.CARD, flush=True)  # before what pip prints
        try:
            fetched = cache.fetch(getattr(module, "FILES", ()))
            if fetched:
                print(f"  fetched     {', '.join(file.name for file in fetched)}")
            module.load()
        except NotInstalled as error:  # the light install: what was fetched is read when the rest is there
            print(f"  not opened  {error}\n")
        except Exception as error:  # whatever it is, the other sets are looked at
            failed = True
            said = (ChecksumError, cache.DataNotFoundError, cache.FetchError)
            kind = "" if isinstance(error, said) else f"{type(error).__name__}: "
            print(f"  FAILED      {kind}{error}\n")
        else:
            print("  verified    the content is the one described here\n")
    return 1 if failed else 0
