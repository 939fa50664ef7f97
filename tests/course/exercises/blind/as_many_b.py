import numpy as np


def right_1(string):
    """One number up and down, and a flag once a b has come."""
    count, seen_b = 0, False
    for letter in string:
        if letter == "a":
            if seen_b:
                return False
            count += 1
        else:
            seen_b = True
            count -= 1
            if count < 0:
                return False
    return seen_b and count == 0


def wrong_1(string):
    """The empty string is accepted (n = 0)."""
    n = len(string) // 2
    return string == "a" * n + "b" * n


def wrong_2(string):
    """The order is not looked at, only that the count is never negative and ends at zero: abab passes."""
    count = 0
    for letter in string:
        count += 1 if letter == "a" else -1
        if count < 0:
            return False
    return len(string) > 0 and count == 0


def wrong_3(string):
    """Returns True as soon as the counter is back at zero; what follows is not read."""
    count = 0
    seen_b = False
    for letter in string:
        if letter == "a":
            if seen_b:
                return False
            count += 1
        else:
            seen_b = True
            count -= 1
        if count == 0:
            return True
        if count < 0:
            return False
    return False
