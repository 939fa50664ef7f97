"""`python -m rnnbook.data`: print the card of every data set, and verify its content."""

import sys

from rnnbook.data import ContentChanged, digits, names

MODULES = (digits, names)


def main() -> int:
    failed = 0
    for module in MODULES:
        print(module.CARD)
        try:
            module.load()
        except ContentChanged as error:
            failed += 1
            print(f"  FAILED      {error}\n")
        else:
            print("  verified    the installed content is the one described here\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
