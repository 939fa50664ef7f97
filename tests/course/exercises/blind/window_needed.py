import numpy as np


def right_1(grammar, longest):
    """A dict from each string of k letters to the set of nodes it may lead to, extended letter by letter."""
    ends = {"": set(grammar)}
    for k in range(1, longest + 1):
        longer = {}
        for string, nodes in ends.items():
            for node in nodes:
                for letter, after in grammar.get(node, {}).items():
                    longer.setdefault(string + letter, set()).add(after)
        ends = longer
        if all(len(nodes) == 1 for nodes in ends.values()):
            return k
    return None


def wrong_1(grammar, longest):
    """Reads from the node "start" only, not from whatever node on."""
    ends = {(): {"start"}}
    for k in range(1, longest + 1):
        longer = {}
        for string, nodes in ends.items():
            for node in nodes:
                for letter, after in grammar.get(node, {}).items():
                    longer.setdefault(string + (letter,), set()).add(after)
        ends = longer
        if all(len(nodes) == 1 for nodes in ends.values()):
            return k
    return None


def wrong_2(grammar, longest):
    """range(1, longest): the largest allowed k itself is never tried."""
    def walk(node, k):
        if k == 0:
            return [("", node)]
        steps = grammar.get(node, {}).items()
        return [(letter + rest, last) for letter, after in steps for rest, last in walk(after, k - 1)]

    for k in range(1, longest):
        goal, enough = {}, True
        for node in grammar:
            for letters, last in walk(node, k):
                if goal.setdefault(letters, last) != last:
                    enough = False
        if enough:
            return k
    return None


def wrong_3(grammar, longest):
    """Asks where the letters began instead of where they lead to."""
    paths = [(node, "", node) for node in grammar]
    for k in range(1, longest + 1):
        paths = [
            (begin, read + letter, after)
            for begin, read, node in paths
            for letter, after in grammar.get(node, {}).items()
        ]
        begins = {}
        for begin, read, _ in paths:
            begins.setdefault(read, set()).add(begin)
        if max(len(nodes) for nodes in begins.values()) == 1:
            return k
    return None
