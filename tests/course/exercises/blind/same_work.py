import numpy as np


def right_1(one, other):
    """Small helpers with split and isalnum."""
    def author(entry):
        return entry[0].split(",")[0].split(" and ")[0].strip()

    def bare(title):
        return "".join(c for c in title.lower() if c.isalnum())

    (_, year, title), (_, year2, title2) = one, other
    if author(one) != author(other) or abs(year - year2) > 1:
        return False
    whole, whole2 = bare(title), bare(title2)
    short, short2 = bare(title.split(":")[0]), bare(title2.split(":")[0])
    return whole == whole2 or short == whole2 or whole == short2


def wrong_1(one, other):
    """Compares both titles before the colon, so two subtitles of one series count as one work."""
    def clean(s):
        return [c for c in s.split(":")[0].casefold() if c.isalnum()]

    first = lambda names: names.split(" and ")[0].split(",")[0]
    same_author = first(one[0]) == first(other[0])
    near = abs(one[1] - other[1]) <= 1
    return same_author and near and clean(one[2]) == clean(other[2])


def wrong_2(one, other):
    """Wants the years to be the same."""
    import re

    def key(title):
        return re.sub("[^a-z0-9]", "", title.lower())

    def first(authors):
        return re.split(r",| and ", authors)[0].strip()

    if first(one[0]) != first(other[0]) or one[1] != other[1]:
        return False
    a, b = one[2], other[2]
    return key(a) in (key(b), key(b.split(":")[0])) or key(a.split(":")[0]) == key(b)


def wrong_3(one, other):
    """Forgets the digits: only letters are compared."""
    def letters(title):
        return "".join(filter(str.isalpha, title)).lower()

    a1 = one[0].split(",")[0].split(" and ")[0]
    a2 = other[0].split(",")[0].split(" and ")[0]
    if a1 != a2 or abs(one[1] - other[1]) > 1:
        return False
    ways1 = {letters(one[2]), letters(one[2].split(":")[0])}
    ways2 = {letters(other[2]), letters(other[2].split(":")[0])}
    return letters(one[2]) in ways2 or letters(other[2]) in ways1
