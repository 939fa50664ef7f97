"""Solutions for chapters/09-faq/08-the-claims.ipynb."""


def settled_in(marks, notebook):
    """The claims that a notebook settles, each once, in the order of its cells; marks are pairs."""
    return list(dict.fromkeys(claim for claim, where in marks if where == notebook))


def share_that_holds(verdicts):
    """For each chapter (the digit before the dot) the share of its claims whose verdict is "holds"."""
    chapters = {}
    for claim, verdict in verdicts.items():
        chapters.setdefault(claim[0], []).append(verdict == "holds")
    return {chapter: sum(held) / len(held) for chapter, held in chapters.items()}
