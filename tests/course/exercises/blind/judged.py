import numpy as np


def right_1(rows, new):
    """Plain ifs."""
    others = [name for name in rows if name != new]
    if not others:
        return "no baseline"
    rival = max(others, key=lambda name: np.mean(rows[name]))
    if len(rows[new]) == 1 or len(rows[rival]) == 1:
        return "one seed"
    if min(rows[new]) > max(rows[rival]):
        return "holds"
    return "open"


def wrong_1(rows, new):
    """Takes the rival with the highest single score for the strongest, not the highest mean."""
    others = {k: v for k, v in rows.items() if k != new}
    if len(others) == 0:
        return "no baseline"
    best = max(others, key=lambda k: max(others[k]))
    if min(len(rows[new]), len(rows[best])) == 1:
        return "one seed"
    return "holds" if min(rows[new]) > max(rows[best]) else "open"


def wrong_2(rows, new):
    """Says 'one seed' if any row of the table has one score, not only the strongest rival."""
    if list(rows) == [new]:
        return "no baseline"
    if any(len(scores) == 1 for scores in rows.values()):
        return "one seed"
    rival = max((scores for name, scores in rows.items() if name != new), key=np.mean)
    if np.min(rows[new]) > np.max(rival):
        return "holds"
    return "open"


def wrong_3(rows, new):
    """Compares the means: holds if the new one's mean is above the rival's highest."""
    names = set(rows) - {new}
    if not names:
        return "no baseline"
    rival = sorted(names, key=lambda n: sum(rows[n]) / len(rows[n]))[-1]
    mine, its = rows[new], rows[rival]
    if len(mine) < 2 or len(its) < 2:
        return "one seed"
    if sum(mine) / len(mine) > max(its):
        return "holds"
    return "open"
