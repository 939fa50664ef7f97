import numpy as np


def right_1(graph, states):
    """A set of tainted names, grown in the order of the graph."""
    tainted = set(states)
    free = []
    for name, reads in graph.items():
        if tainted.intersection(reads):
            tainted.add(name)
        else:
            free.append(name)
    return free


def wrong_1(graph, states):
    """Looks only at what is read directly."""
    return [name for name, reads in graph.items() if not any(r in states for r in reads)]


def wrong_2(graph, states):
    """Appends to the given list `states`, which should stay as it is."""
    result = []
    for name in graph:
        if any(r in states for r in graph[name]):
            states.append(name)
        else:
            result.append(name)
    return result


def wrong_3(graph, states):
    """An operation counts as bound only if *all* that it reads hangs on the past."""
    past = set(states)
    free = []
    for name, reads in graph.items():
        if reads and all(r in past for r in reads):
            past.add(name)
        else:
            free.append(name)
    return free
