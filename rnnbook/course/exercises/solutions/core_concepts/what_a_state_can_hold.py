"""Solutions for chapters/02-core-concepts/04-what-a-state-can-hold.ipynb."""


def node_after(grammar, string):
    """The node where a walk from "start" stands after the string, or None if a letter does not fit."""
    node = "start"
    for symbol in string:
        if symbol not in grammar.get(node, {}):
            return None
        node = grammar[node][symbol]
    return node


def as_many_b(string):
    """Whether the string is n letters a, then n letters b, for some n from 1 on."""
    count, seen_b = 0, False
    for symbol in string:
        if symbol == "a" and not seen_b:
            count += 1
        elif symbol == "b" and count > 0:
            count, seen_b = count - 1, True
        else:
            return False
    return seen_b and count == 0
