"""Exercises of chapters/09-faq/08-the-claims.ipynb."""

from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.faq import the_claims as solutions

NOTEBOOK = "09-faq/08-the-claims.ipynb"

SOURCE, TABLE = "Where the verdicts come from", "The table"

settled_in = Exercise(
    solutions.settled_in,
    notebook=NOTEBOOK,
    cases=lambda: [
        {"marks": [("3.1", "a"), ("3.2", "b")], "notebook": "a"},
        {"marks": [("3.2", "a"), ("3.1", "a"), ("3.2", "a"), ("3.1", "b")], "notebook": "a"},
        {"marks": [("1.1", "b"), ("3.1", "a"), ("1.1", "a"), ("3.1", "a")], "notebook": "a"},
        {"marks": [("1.1", "b")], "notebook": "a"},
    ],
    praise="A table made of marks cannot forget what a notebook shows, nor claim what none does.",
)


@settled_in.mistake("A claim that is marked twice is listed twice.", see=SOURCE)
def listed_twice(marks, notebook):
    return [claim for claim, where in marks if where == notebook]


@settled_in.mistake("You sort by number; the order of the cells is asked for.", see=SOURCE)
def sorted_by_number(marks, notebook):
    return sorted({claim for claim, where in marks if where == notebook})


@settled_in.mistake("All notebooks are listed together.", see=SOURCE)
def all_notebooks(marks, notebook):
    return list(dict.fromkeys(claim for claim, _ in marks))


@settled_in.mistake("These are the claims of the other notebooks.", see=SOURCE)
def other_notebooks(marks, notebook):
    return list(dict.fromkeys(claim for claim, where in marks if where != notebook))


@settled_in.mistake("Only the first mark is there; a notebook may settle several claims.", see=SOURCE)
def first_mark(marks, notebook):
    return solutions.settled_in(marks, notebook)[:1]


@settled_in.mistake("You count the marks; the claims are asked for.", see=SOURCE)
def how_many(marks, notebook):
    return len(solutions.settled_in(marks, notebook))


share_that_holds = Exercise(
    solutions.share_that_holds,
    notebook=NOTEBOOK,
    cases=lambda: [
        {"verdicts": {"1.1": "holds", "1.2": "corrected"}},
        {"verdicts": {"1.1": "holds within limits", "2.1": "holds", "2.2": "corrected", "2.3": "holds"}},
        {"verdicts": {"4.1": "holds", "4.2": "holds", "7.1": "corrected"}},
    ],
    praise="A share says how often the article may be taken at its word, and nothing about what matters.",
)


def shares(verdicts, holds):
    chapters = {}
    for claim, verdict in verdicts.items():
        chapters.setdefault(claim[0], []).append(holds(verdict))
    return {chapter: sum(held) / len(held) for chapter, held in chapters.items()}


@share_that_holds.mistake("'Holds within limits' is counted as holding; it has limits.", see=TABLE)
def limits_count(verdicts):
    return shares(verdicts, lambda verdict: verdict.startswith("holds"))


@share_that_holds.mistake("That is the share of what was corrected.", see=TABLE)
def corrected_share(verdicts):
    return shares(verdicts, lambda verdict: verdict == "corrected")


@share_that_holds.mistake("That is the share of what does not hold without a limit.", see=TABLE)
def the_rest(verdicts):
    return shares(verdicts, lambda verdict: verdict != "holds")


@share_that_holds.mistake("You divide by all claims; divide by those of the chapter.", see=TABLE)
def by_all_claims(verdicts):
    held = solutions.share_that_holds(verdicts)
    sizes = {chapter: sum(claim[0] == chapter for claim in verdicts) for chapter in held}
    return {chapter: share * sizes[chapter] / len(verdicts) for chapter, share in held.items()}


@share_that_holds.mistake("These are numbers of claims; shares are asked for.", see=TABLE)
def numbers(verdicts):
    held = solutions.share_that_holds(verdicts)
    return {
        chapter: share * sum(claim[0] == chapter for claim in verdicts) for chapter, share in held.items()
    }


@share_that_holds.mistake("Chapters where nothing holds are left out; their share is 0.", see=TABLE)
def without_zeros(verdicts):
    return {chapter: share for chapter, share in solutions.share_that_holds(verdicts).items() if share}
