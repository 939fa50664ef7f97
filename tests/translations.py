"""What every translation of the course keeps to, as far as can be seen without reading it.

A rule takes a message of a catalogue and yields what is wrong with its translation.

    python -m tests.translations [CATALOGUE ...]     (default: all of them)

A translator may set a rule aside, in a comment on the message: ``# not a term: step, head`` where a word of
the glossary means something else, ``# as in English`` where a sentence is to stay.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Message
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from rnnbook.course import language
from rnnbook.course.edition import catalogues
from rnnbook.course.workspace import CHAPTERS, LOCALE

Findings = Iterator[str]

PARSER = MarkdownIt("commonmark").enable("table").use(dollarmath_plugin)
CODE = re.compile(r"`[^`]*`")
FORMULA = re.compile(r"\$[^$]+\$")
ADDRESS = re.compile(r"\]\([^)]*\)|https?://[^\s<>）]+")
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
FIELD = re.compile(r"\{[a-z_]+(?:![rs])?(?::[^}]*)?\}")  # of a message of the package
CALL = re.compile(
    "(?:(?<=[A-Za-z0-9_])|(?<=/ )|(?=.\ufffc))\\([^()\u4e00-\u9fff]*\\)"
)  # f(x), or a field alone
FOOTNOTE = re.compile(r"\[\^\w+\]")
CHINESE = "[\u4e00-\u9fff]"
ROW = re.compile(r"^\| ([^(|]+?)(?: \(([^)]+)\))? \| ([^(|]+?)(?: \(([^)]+)\))? \| .+ \|$", re.MULTILINE)
TITLE = re.compile(r"'([A-Z][^']+)'|\*([A-Z][^*]+)\*")  # of a paper, which stays in English
EVERYDAY = {"pass"}  # a name in the glossary that is an ordinary word as well
LEFT_IN_ENGLISH = 4  # words that may be a name


def prose(text: str) -> str:
    """A text in which code and formulas are a letter each, fields a sign, and addresses are gone."""
    text = FIELD.sub("\ufffc", CODE.sub("C", text))
    return ADDRESS.sub("]", FORMULA.sub("F", text))


def tokens(text: str) -> Counter:
    """What a parser of Markdown sees in a text, but for its words."""
    (inline,) = PARSER.parseInline(text)
    found = Counter()
    for token in inline.children or []:
        if token.type == "text":
            continue
        about = token.content if token.type in ("code_inline", "math_inline", "html_inline") else ""
        found[token.type, about or token.attrGet("href") or token.attrGet("src") or ""] += 1
    return found


def exceptions(message: Message, rule: str) -> list[str]:
    """What a translator's comments say of a rule."""
    lines = [line.removeprefix(rule) for line in message.user_comments if line.startswith(rule)]
    return [word.strip() for line in lines for word in line.removeprefix(":").split(",")]


def differences(ours: Counter, theirs: Counter) -> Findings:
    for thing in (ours - theirs).elements():
        yield f"is missing: {thing}"
    for thing in (theirs - ours).elements():
        yield f"is not in the English: {thing}"


def same_numbers(message: Message) -> Findings:
    ours, theirs = (Counter(NUMBER.findall(prose(text))) for text in (message.id, message.string))
    yield from (f"a number {finding}" for finding in differences(ours, theirs))


def same_markup(message: Message) -> Findings:
    """Code, formulas, links and emphasis, as they are shown: ``**`` after a full stop may be no emphasis."""
    ours, theirs = tokens(message.id), tokens(message.string)
    yield from (" ".join(filter(None, thing)) for thing in differences_of_tokens(ours, theirs))
    fields = (Counter(FIELD.findall(text)) for text in (message.id, message.string))
    yield from (f"a field {finding}" for finding in differences(*fields))
    footnotes = (Counter(FOOTNOTE.findall(text)) for text in (message.id, message.string))
    yield from (f"a footnote {finding}" for finding in differences(*footnotes))
    bars = [len(re.findall(r"(?<!\\)\|", CODE.sub("", text))) for text in (message.id, message.string)]
    if bars[0] != bars[1]:
        yield "another number of | would be another number of cells"


def differences_of_tokens(ours: Counter, theirs: Counter) -> Iterator[tuple[str, ...]]:
    for (kind, about), _ in (ours - theirs).items():
        yield "is missing:", kind.removesuffix("_open"), about
    for (kind, about), _ in (theirs - ours).items():
        yield "is not in the English:", kind.removesuffix("_open"), about


def full_width_punctuation(message: Message) -> Findings:
    """Beside Chinese characters, and where a Chinese sentence ends."""
    text = CALL.sub("", re.sub(r"[*\[\]]", "", prose(message.string)))
    half = rf"{CHINESE}\s?[,.;:?!()\"']|[,;:?!] ?{CHINESE}|[()] ?{CHINESE}|(?<![\d.])[.:?!;,]$"
    if re.search(CHINESE, text):
        for found in re.finditer(half, text):
            yield f"half-width punctuation: ...{around(text, found)}..."
    for found in re.finditer(
        r" [，。；：？！、（）《》“”]|[，。；：？！、（）《》“”] ", prose(message.string)
    ):
        yield f"a space beside full-width punctuation: ...{around(message.string, found)}..."


def spaces(message: Message) -> Findings:
    """Between Chinese and Latin letters, numbers, code and formulas."""
    text = re.sub(r"[*\[\]]", "", prose(message.string))
    for found in re.finditer(rf"{CHINESE}[A-Za-z0-9]|[A-Za-z0-9]{CHINESE}", text):
        yield f"a space is missing: ...{around(text, found)}..."


def around(text: str, found: re.Match) -> str:
    return text[max(0, found.start() - 8) : found.end() + 8]


def plain_you(message: Message) -> Findings:
    if "您" in message.string:
        yield "你, not 您"


def in_chinese(message: Message) -> Findings:
    words = re.findall(r"[A-Za-z]{2,}", re.sub(r"\b[CF]\b", "", prose(message.id)))
    is_left = len(words) > LEFT_IN_ENGLISH and not re.search(CHINESE, message.string)
    if is_left and not exceptions(message, "as in English"):
        yield "is left in English"


@cache
def terms() -> dict[str, list[str]]:
    """English name to the Chinese ones, of every line of the glossary; the longest names come first."""
    found = {}
    rows = ROW.findall((CHAPTERS / "glossary.md").read_text(encoding="utf-8"))
    for english, also, chinese, synonyms in rows:
        if english != "English":
            names = [chinese, *(synonyms.split(", ") if synonyms else [])]
            for name in [english, *(also.split(", ") if also else [])]:
                found[name] = found.get(name, []) + names
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))


def terms_of_the_glossary(message: Message) -> Findings:
    """A term of the glossary has its Chinese name there, or a synonym. RNN, GRU and their like may stay."""
    if message.string == message.id:  # a name, or the glossary's own column
        return
    set_aside = EVERYDAY.union(exceptions(message, "not a term"))
    english = prose(message.id)
    for title in TITLE.finditer(english):
        if (title[1] or title[2]) in message.string:
            english = english.replace(title[0], " ")
    for name, chinese in terms().items():
        form = re.compile(rf"(?<![\w-]){re.escape(name)}(?:e?s)?(?![\w-])", re.IGNORECASE)
        if not form.search(english):
            continue
        english = form.sub(" ", english)  # a shorter term in it counts no more
        kept = name.isupper() and name in message.string
        if name not in set_aside and not kept and not any(one in message.string for one in chinese):
            yield f"{name!r} is {' or '.join(chinese)} in the glossary"


RULES = (
    same_numbers,
    same_markup,
    full_width_punctuation,
    spaces,
    plain_you,
    in_chinese,
    terms_of_the_glossary,
)


def findings(path: Path) -> list[str]:
    """What is wrong with the translations of a catalogue, fuzzy ones too."""
    return [
        f"{message.id[:60]!r}: {finding}"
        for message in catalogues.entries(catalogues.read(path))
        if message.string
        for rule in RULES
        for finding in rule(message)
    ]


def paths() -> list[Path]:
    """Every catalogue of the chapters and of the package."""
    return sorted([*(CHAPTERS / LOCALE).rglob("*.po"), *language.LOCALE.rglob("*.po")])


if __name__ == "__main__":
    named = [Path(name) for name in sys.argv[1:]] or paths()
    wrong = [f"{path.name}: {finding}" for path in named for finding in findings(path)]
    sys.exit("\n".join(wrong) or 0)
