"""``rnnbook edition``: the course in another language, and what is still to be translated."""

import argparse
from pathlib import Path

from rnnbook.course import language, workspace
from rnnbook.course.edition import catalogues, writing

SHOWN = 90  # letters of a message


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="rnnbook edition", description="The course in another language.")
    commands = parser.add_subparsers(metavar="LANGUAGE FOLDER | status | update", required=True)
    for name, title in language.LANGUAGES.items():
        short = name.partition("_")[0]
        edition = commands.add_parser(short, aliases=[name], help=f"write the notebooks: {title}")
        edition.add_argument("folder", type=Path, help="new, or an earlier copy: what you wrote stays")
        edition.set_defaults(run=write, language=name)
    status = commands.add_parser("status", help="list what has no translation, or an old one")
    status.add_argument("language", nargs="?", default="zh_CN", help="default: zh_CN")
    status.set_defaults(run=show_status)
    update = commands.add_parser("update", help="bring the catalogues to the English of today")
    update.add_argument("language")
    update.add_argument(
        "name", nargs="*", help="gets a catalogue if it has none: 02-core-concepts/01-unrolling.ipynb"
    )
    update.set_defaults(run=bring_up_to_date)
    options = parser.parse_args(arguments)
    try:
        options.language = language.name_of(options.language)
        options.run(options)
    except (OSError, ValueError) as error:
        parser.exit(1, f"rnnbook edition: {error}\n")
    return 0


def write(options: argparse.Namespace) -> None:
    workspace.report(options.folder, writing.write(options.folder, options.language))
    print(f"to open it: rnnbook start {options.folder}")


def bring_up_to_date(options: argparse.Namespace) -> None:
    for path in catalogues.update(options.language, options.name):
        waiting = len(catalogues.open_messages(catalogues.read(path)))
        print(f"{path}: {waiting} messages to translate")


def show_status(options: argparse.Namespace) -> None:
    found = list(catalogues.status(options.language))
    without = [state.source.name for state in found if state.missing is None]
    print(f"{options.language}: {len(found) - len(without)} of {len(found)} have a catalogue")
    for source, missing, stale in found:
        if missing or stale:
            print(f"{source.name}: {len(missing)} missing, {len(stale)} stale")
        for word, texts in (("missing", missing or []), ("stale", stale)):
            for text in texts:
                print(f"  {word}: {text if len(text) <= SHOWN else text[:SHOWN] + '...'}")
    if without:
        print("not yet translated:", *(f"  {name}" for name in without), sep="\n")
