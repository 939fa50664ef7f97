"""The questions of *Check yourself*: where the right choice stands and how long it is must tell nothing."""

from collections import Counter

from rnnbook.course.quizzes import Question

PLACES = ("first", "second", "third")
LEAST, MOST, MOST_LONGEST = 0.25, 0.42, 0.45


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
