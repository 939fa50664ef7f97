"""The questions of *Check yourself*, read from a notebook in the language that the package speaks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rnnbook.course.language import say

_CHOICE = re.compile(r"<details><summary>(.+?)</summary>\s+(.+?)\s*</details>", re.DOTALL)


@dataclass(frozen=True)
class Question:
    """A question, its three choices, which of them is right (0, 1 or 2), and what is said of each."""

    text: str
    choices: tuple[str, ...]
    right: int
    reasons: tuple[str, ...] = ()

    @property
    def right_is_longest(self) -> bool:
        return max(self.choices, key=len) == self.choices[self.right]


def questions(book: dict) -> Iterator[Question]:
    """The questions of a notebook, as its file holds it, in their order."""
    heading, yes = "## " + say("Check yourself"), say("Yes")
    for cell in book["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and source.startswith(heading):
            for part in re.split(r"^(?=\*\*\d+\. )", source, flags=re.MULTILINE)[1:]:
                choices, reasons = zip(*_CHOICE.findall(part), strict=True)
                right = [reason.startswith(yes) for reason in reasons].index(True)
                yield Question(part.split("\n")[0], choices, right, reasons)
