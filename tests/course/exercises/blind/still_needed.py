import numpy as np


def right_1(graph, wanted):
    """Recursion from the wanted ones."""
    needed = set()

    def visit(name):
        if name in graph and name not in needed:
            needed.add(name)
            for source in graph[name]:
                visit(source)

    for name in wanted:
        visit(name)
    return [name for name in graph if name in needed]


def wrong_1(graph, wanted):
    """Goes through the graph forwards, so it finds direct sources only, and not theirs."""
    needed = set(wanted)
    for name, reads in graph.items():
        if name in needed:
            needed.update(reads)
    return [name for name in graph if name in needed]


def wrong_2(graph, wanted):
    """Returns them in the order in which they were found, not in that of the graph."""
    found = []
    stack = list(wanted)
    while stack:
        name = stack.pop()
        if name in graph and name not in found:
            found.append(name)
            stack.extend(graph[name])
    return found


def wrong_3(graph, wanted):
    """Leaves out the wanted ones themselves."""
    needed = set()
    todo = list(wanted)
    while todo:
        for source in graph.get(todo.pop(), []):
            if source not in needed:
                needed.add(source)
                todo.append(source)
    return [name for name in graph if name in needed and name not in wanted]
