"""The questions of *Check yourself*: where the right choice stands and how long it is must tell nothing."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tests import rules

HEADING = "## Check yourself"
CHOICE = re.compile(r"<details><summary>(.+?)</summary>\s+(.+?)\s*</details>", re.DOTALL)
PLACES = ("first", "second", "third")
LEAST, MOST, MOST_LONGEST = 0.25, 0.42, 0.45


@dataclass(frozen=True)
class Question:
    """A question, its choices, and which of them is right (0, 1 or 2)."""

    text: str
    choices: tuple[str, ...]
    right: int

    @property
    def right_is_longest(self) -> bool:
        return max(self.choices, key=len) == self.choices[self.right]


def questions(book: dict) -> Iterator[Question]:
    for _, _, source in rules.cells(book, "markdown"):
        if source.startswith(HEADING):
            for part in re.split(r"^(?=\*\*\d+\. )", source, flags=re.MULTILINE)[1:]:
                found = CHOICE.findall(part)
                right = [i for i, (_, reason) in enumerate(found) if reason.startswith("Yes")]
                yield Question(part.split("\n")[0], tuple(choice for choice, _ in found), right[0])


def telling(asked: list[Question]) -> list[str]:
    """What a reader who knows nothing could go by."""
    places = Counter(question.right for question in asked)
    wrong = [
        f"the {name} choice is right in {places[i] / len(asked):.0%} of the questions"
        for i, name in enumerate(PLACES)
        if not LEAST <= places[i] / len(asked) <= MOST
    ]
    longest = sum(question.right_is_longest for question in asked) / len(asked)
    if longest > MOST_LONGEST:
        wrong.append(f"the right choice is the longest in {longest:.0%} of the questions")
    return wrong
