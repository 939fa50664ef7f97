"""Right answers to 09-faq/03-graphs, written in other ways."""

import numpy as np


def calls_to_earn_back(compiling, eager, compiled):
    if compiled >= eager:
        return None
    calls = 0
    while compiling + calls * compiled > calls * eager:
        calls += 1
    return calls


def projections(x, W, b):
    return np.einsum("btd,gd->btg", x, W) + b
