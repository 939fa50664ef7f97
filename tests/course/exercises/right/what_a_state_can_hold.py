"""Right answers to 02-core-concepts/04-what-a-state-can-hold, written in other ways."""


def node_after(grammar, string):
    def walk(node, left):
        if not left:
            return node
        choices = grammar.get(node) or {}
        return walk(choices[left[0]], left[1:]) if left[0] in choices else None

    return walk("start", string)


def as_many_b(string):
    n = len(string) // 2
    return bool(n) and string == "a" * n + "b" * n
