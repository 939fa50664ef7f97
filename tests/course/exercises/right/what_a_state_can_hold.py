"""Right answers to 02-core-concepts/04-what-a-state-can-hold, written in other ways."""

import re


def window_needed(grammar, longest):
    def walks(node, k):
        if k == 0:
            yield "", node
            return
        for letter, after in grammar.get(node, {}).items():
            for read, last in walks(after, k - 1):
                yield letter + read, last

    for k in range(1, longest + 1):
        nodes = {}
        for start in grammar:
            for read, last in walks(start, k):
                nodes.setdefault(read, set()).add(last)
        if all(len(found) == 1 for found in nodes.values()):
            return k
    return None


def window_needed_by_growing(grammar, longest):
    reached = {"": set(grammar)}
    for k in range(1, longest + 1):
        grown = {}
        for read, nodes in reached.items():
            for node in nodes:
                for letter in grammar.get(node, ()):
                    grown.setdefault(read + letter, set()).add(grammar[node][letter])
        reached = grown
        if max(map(len, reached.values())) == 1:
            return k


def as_many_b(string):
    n = len(string) // 2
    return n > 0 and string == n * "a" + n * "b"


def as_many_b_by_peeling(string):
    if string == "ab":
        return True
    return string[:1] == "a" and string[-1:] == "b" and as_many_b_by_peeling(string[1:-1])


def as_many_b_by_a_pattern(string):
    match = re.fullmatch("(a+)(b+)", string)
    return bool(match) and len(match[1]) == len(match[2])
