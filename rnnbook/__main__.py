"""`python -m rnnbook site` and `python -m rnnbook slides NOTEBOOK`."""

import sys
from pathlib import Path

USAGE = """\
python -m rnnbook site [FOLDER]             the course as a web site (default: site/)
python -m rnnbook slides NOTEBOOK [FILE]    the cells marked for slides as an HTML deck
"""


def main(arguments: list[str]) -> int:
    match arguments:
        case ["site", *rest] if len(rest) < 2:
            from rnnbook.course.site import pages

            target = Path(rest[0] if rest else "site")
            warnings = pages.build(target)
            print("\n".join(warnings), file=sys.stderr)
            print(f"open {target / 'index.html'}")
            return 1 if warnings else 0
        case ["slides", notebook, *rest] if len(rest) < 2:
            from rnnbook.course.site import slides

            print(f"open {slides.build(Path(notebook), *map(Path, rest))}")
            return 0
    print(USAGE, end="", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
