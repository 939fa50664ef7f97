"""Right answers to 09-faq/03-graphs, written in other ways."""

import math
from fractions import Fraction


def calls_to_earn_back(first, later, eager):
    if first > eager and later >= eager:
        return None
    calls, compiled, plain = 1, first, eager
    while compiled > plain:
        calls, compiled, plain = calls + 1, compiled + later, plain + eager
    return calls


def calls_to_earn_back_by_fractions(first, later, eager):
    first, later, eager = map(Fraction, (first, later, eager))
    if first <= eager:
        return 1
    if eager <= later:
        return None
    return 1 + math.ceil((first - eager) / (eager - later))


def free_of_the_past(graph, states):
    def waits(name):
        return name in states or any(waits(read) for read in graph.get(name, []))

    return [name for name in graph if not waits(name)]


def free_of_the_past_by_removal(graph, states):
    free = list(graph)
    while True:
        left = [
            name
            for name in free
            if all(r in free or (r not in graph and r not in states) for r in graph[name])
        ]
        if left == free:
            return tuple(free)
        free = left


def still_needed(graph, wanted):
    open_names, needed = list(wanted), set()
    while open_names:
        name = open_names.pop()
        if name in graph and name not in needed:
            needed.add(name)
            open_names.extend(graph[name])
    return [name for name in graph if name in needed]


def still_needed_by_removal(graph, wanted):
    left = dict(graph)
    while True:
        unread = [n for n in left if n not in wanted and not any(n in reads for reads in left.values())]
        if not unread:
            return list(left)
        for name in unread:
            del left[name]
