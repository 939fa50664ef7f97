"""The one command of the package: ``rnnbook COMMAND``, the same as ``python -m rnnbook COMMAND``."""

import argparse
import importlib
import os
import sys

from rnnbook import NotInstalled

# The module whose ``main(arguments)`` does it. It is imported when it is called, and says its own ``--help``.
COMMANDS = {
    "start": ("rnnbook.course.workspace", "make your own copy of the chapters, and open it in JupyterLab"),
    "edition": ("rnnbook.course.edition._command", "write the course in Chinese, and see what it lacks"),
    "data": ("rnnbook.data.command", "fetch the data sets that are not here yet, and verify them all"),
    "site": ("rnnbook.course.site.pages", "make the course a web site"),
    "slides": ("rnnbook.course.site.slides", "make a notebook a deck of slides"),
    "handouts": (
        "rnnbook.course.site.handouts",
        "make a teacher's pack: decks, a worksheet, and its answers",
    ),
    "live": ("rnnbook.course.site.live.train", "train the networks that run in the site's pages"),
    "experiments": ("rnnbook.course.experiments._command", "run a training too long for a notebook"),
    "benchmarks": ("rnnbook.course.benchmarks", "time the networks against the libraries' own"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command with the arguments after its name; without one, say which there are.

    Returns the exit status: 2 for arguments that make no sense, 1 for what went wrong.

    What a command prints suits any terminal: signs that its encoding lacks are written as their numbers, and
    without a stream, or at the end of a pipe that was closed, nothing is said.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # started without a terminal
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  open to the end
        if hasattr(getattr(sys, name), "reconfigure"):
            getattr(sys, name).reconfigure(errors="backslashreplace")
    try:
        try:
            return _run(arguments)
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes once more when it ends (its documentation of the module signal, "Note on SIGPIPE").
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _run(arguments: list[str] | None) -> int:
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
