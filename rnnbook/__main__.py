"""The one command of the package: ``rnnbook COMMAND``, the same as ``python -m rnnbook COMMAND``."""

import argparse
import importlib
import sys

from rnnbook import NotInstalled

# The module whose ``main(arguments)`` does it. It is imported when it is called, and says its own ``--help``.
COMMANDS = {
    "data": ("rnnbook.data.command", "fetch the data sets that are not here yet, and verify them all"),
    "site": ("rnnbook.course.site.pages", "make the course a web site"),
    "slides": ("rnnbook.course.site.slides", "make a notebook a deck of slides"),
    "experiments": ("rnnbook.course.experiments._command", "run a training too long for a notebook"),
    "benchmarks": ("rnnbook.course.benchmarks", "time the networks against the libraries' own"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command with the arguments after its name; without one, say which there are.

    Returns the exit status: 2 for arguments that make no sense, 1 for what went wrong.
    """
    parser = argparse.ArgumentParser(prog="rnnbook", description="The tools of the course.")
    commands = parser.add_subparsers(metavar="COMMAND")
    for name, (module, purpose) in COMMANDS.items():
        commands.add_parser(name, help=purpose, add_help=False).set_defaults(module=module)
    options, rest = parser.parse_known_args(arguments)
    if "module" in options:
        try:
            return importlib.import_module(options.module).main(rest) or 0
        except NotInstalled as error:
            parser.exit(1, f"rnnbook: {error}\n")
    if rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    parser.print_help()
    return 0


if __name__ == "__main__":
    sys.exit(main())
