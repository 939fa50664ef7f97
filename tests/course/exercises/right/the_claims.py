"""Right answers to 09-faq/08-the-claims, written in other ways."""


def settled_in(marks, notebook):
    seen = []
    for claim, where in marks:
        if where == notebook and claim not in seen:
            seen.append(claim)
    return seen


def share_that_holds(verdicts):
    held = {}
    for chapter in sorted({claim.split(".")[0] for claim in verdicts}):
        own = [verdict for claim, verdict in verdicts.items() if claim.split(".")[0] == chapter]
        held[chapter] = own.count("holds") / len(own)
    return held
