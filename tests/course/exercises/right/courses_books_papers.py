"""Right answers to 07-tools/06-courses-books-papers, written in other ways."""

import re

import numpy as np


def same_work(one, other):
    first = lambda authors: re.split(r",| and ", authors)[0]
    bare = lambda title: re.sub(r"\W", "", title).lower()
    if first(one[0]) != first(other[0]) or one[1] - other[1] not in (-1, 0, 1):
        return False
    for a, b in ((one[2], other[2]), (other[2], one[2])):
        if bare(a) in {bare(b), bare(b.partition(":")[0])}:
            return True
    return False


def same_work_by_words(one, other):
    def words(text):
        return "".join(sign if sign.isalnum() else " " for sign in text.lower().replace("-", " ")).split()

    (who, year, title), (who_too, year_too, title_too) = one, other
    cut = lambda authors: authors.replace(" and ", ",").split(",")[0]
    titles = [words(title), words(title_too)]
    heads = [words(each.split(":")[0]) for each in (title, title_too)]
    agree = titles[0] == titles[1] or titles[0] == heads[1] or titles[1] == heads[0]
    return agree and cut(who) == cut(who_too) and abs(year - year_too) < 2


def judged(rows, new):
    best, best_mean = None, None
    for name in rows:
        mean = sum(rows[name]) / len(rows[name])
        if name != new and (best is None or mean > best_mean):
            best, best_mean = name, mean
    if best is None:
        return "no baseline"
    if len(rows[new]) == 1 or len(rows[best]) == 1:
        return "one seed"
    return "holds" if all(score > rival for score in rows[new] for rival in rows[best]) else "open"


def judged_by_sorting(rows, new):
    rivals = sorted((np.mean(scores), name) for name, scores in rows.items() if name != new)
    if not rivals:
        return "no baseline"
    ours, theirs = sorted(rows[new]), sorted(rows[rivals[-1][1]])
    if not (ours[1:] and theirs[1:]):
        return "one seed"
    return ("open", "holds")[bool(ours[0] > theirs[-1])]
