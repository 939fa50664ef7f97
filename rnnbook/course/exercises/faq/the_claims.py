from rnnbook.course.exercises import exercises_of

exercise = exercises_of("09-faq/08-the-claims.ipynb")


@exercise(
    cases=lambda: [
        {"marks": [("3.1", "a"), ("3.2", "b")], "notebook": "a"},
        {"marks": [("3.2", "a"), ("3.1", "a"), ("3.2", "a"), ("3.1", "b")], "notebook": "a"},
        {"marks": [("1.1", "b"), ("3.1", "a"), ("1.1", "a"), ("3.1", "a")], "notebook": "a"},
        {"marks": [("1.1", "b")], "notebook": "a"},
    ],
    praise="A table made of marks cannot forget what a notebook shows, nor claim what none does.",
    see="Where the verdicts come from",
)
def settled_in(marks, notebook):
    """The claims that a notebook settles, each once, in the order of its cells; marks are pairs."""
    return list(dict.fromkeys(claim for claim, where in marks if where == notebook))


settled_in.mistake(
    "A claim that is marked twice is listed twice.",
    lambda marks, notebook: [claim for claim, where in marks if where == notebook],
)
settled_in.mistake(
    "You sort by number; the order of the cells is asked for.",
    lambda marks, notebook: sorted({claim for claim, where in marks if where == notebook}),
)
settled_in.mistake(
    "All notebooks are listed together.",
    lambda marks, notebook: list(dict.fromkeys(claim for claim, _ in marks)),
)
settled_in.mistake(
    "These are the claims of the other notebooks.",
    lambda marks, notebook: list(dict.fromkeys(claim for claim, where in marks if where != notebook)),
)
settled_in.mistake(
    "Only the first mark is there; a notebook may settle several claims.",
    lambda marks, notebook: settled_in(marks, notebook)[:1],
)
settled_in.mistake(
    "You count the marks; the claims are asked for.", lambda marks, notebook: len(settled_in(marks, notebook))
)


@exercise(
    cases=lambda: [
        {"verdicts": {"1.1": "holds", "1.2": "corrected"}},
        {"verdicts": {"1.1": "holds within limits", "2.1": "holds", "2.2": "corrected", "2.3": "holds"}},
        {"verdicts": {"4.1": "holds", "4.2": "holds", "7.1": "corrected"}},
    ],
    praise="A share says how often the article may be taken at its word, and nothing about what matters.",
    see="The table",
)
def share_that_holds(verdicts):
    """For each chapter (the digit before the dot) the share of its claims whose verdict is "holds"."""
    chapters = {}
    for claim, verdict in verdicts.items():
        chapters.setdefault(claim[0], []).append(verdict == "holds")
    return {chapter: sum(held) / len(held) for chapter, held in chapters.items()}


def by_chapter(
    verdicts, holds=lambda verdict: verdict == "holds", measure=lambda held: sum(held) / len(held)
):
    chapters = {}
    for claim, verdict in verdicts.items():
        chapters.setdefault(claim[0], []).append(holds(verdict))
    return {chapter: measure(held) for chapter, held in chapters.items()}


share_that_holds.mistake(
    "'Holds within limits' is counted as holding; it has limits.",
    lambda verdicts: by_chapter(verdicts, lambda verdict: verdict.startswith("holds")),
)
share_that_holds.mistake(
    "That is the share of what was corrected.",
    lambda verdicts: by_chapter(verdicts, lambda verdict: verdict == "corrected"),
)
share_that_holds.mistake(
    "That is the share of what does not hold without a limit.",
    lambda verdicts: by_chapter(verdicts, lambda verdict: verdict != "holds"),
)
share_that_holds.mistake(
    "You divide by all claims; divide by those of the chapter.",
    lambda verdicts: by_chapter(verdicts, measure=lambda held: sum(held) / len(verdicts)),
)
share_that_holds.mistake(
    "These are numbers of claims; shares are asked for.", lambda verdicts: by_chapter(verdicts, measure=sum)
)
share_that_holds.mistake(
    "Chapters where nothing holds are left out; their share is 0.",
    lambda verdicts: {chapter: share for chapter, share in share_that_holds(verdicts).items() if share},
)
