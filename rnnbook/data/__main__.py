"""`python -m rnnbook data`: fetch what the cache lacks, print every data set's card, verify its content."""

import sys

from rnnbook.data import (
    ContentChanged,
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
    digits,
    names,
    phrases,
    interface,
    opinions,
    customers,
    fish,
    shoulder,
    movements,
    spoken_digits,
    pronunciations,
    chorales,
)


def main() -> int:
    failed = 0
    try:
        cache.fetch(file for module in MODULES for file in getattr(module, "FILES", ()))
    except cache.FetchFailed as error:
        failed += 1
        print(f"FAILED      {error}\n")
    for module in MODULES:
        print(module.CARD)
        try:
            module.load()
        except (ContentChanged, cache.NotFetched) as error:
            failed += 1
            print(f"  FAILED      {error}\n")
        else:
            print("  verified    the content is the one described here\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
