from rnnbook.course.exercises import exercises_of

exercise = exercises_of("02-core-concepts/04-what-a-state-can-hold.ipynb")


def walks() -> list[dict]:
    grammar = {
        "start": {"B": "1"},
        "1": {"T": "2", "P": "3"},
        "2": {"S": "2", "X": "4"},
        "3": {"X": "2"},
        "4": {"E": "end"},
    }
    strings = ["", "B", "BT", "BP", "BTSSX", "BPXXE", "BX", "TB", "BTXEE", "BTXSE"]
    return [{"grammar": grammar, "string": string} for string in strings]


@exercise(
    cases=walks,
    praise="A finite automaton: all it remembers is where it stands.",
    see="A grammar that is a map",
)
def node_after(grammar, string):
    """The node where a walk from "start" stands after the string, or None if a letter does not fit."""
    node = "start"
    for symbol in string:
        if symbol not in grammar.get(node, {}):
            return None
        node = grammar[node][symbol]
    return node


node_after.mistake(
    "The last letter is not read: the walk goes on to the node after it.",
    lambda grammar, string: node_after(grammar, string[:-1]),
)


@node_after.mistake("A letter that does not fit must give None, and not an error.")
def raises_on_misfit(grammar, string):
    node = "start"
    for symbol in string:
        node = grammar[node][symbol]
    return node


@node_after.mistake("A letter that does not fit is passed over in your walk; it makes the string illegal.")
def passes_over(grammar, string):
    node = "start"
    for symbol in string:
        node = grammar.get(node, {}).get(symbol, node)
    return node


@node_after.mistake("You return the letters that may come next; the node is asked for.")
def returns_choices(grammar, string):
    node = node_after(grammar, string)
    return None if node is None else sorted(grammar.get(node, {}))


node_after.mistake(
    "Your walk begins anew at every letter.",
    lambda grammar, string: grammar["start"].get(string[-1]) if string else "start",
)
node_after.mistake(
    "An empty string is legal: the walk then stands at the start.",
    lambda grammar, string: node_after(grammar, string) if string else None,
)


STRINGS = "ab,aabb,a,b,,ba,abb,aab,abab,aabbab,abba,baab,aaabbb"


@exercise(
    cases=lambda: [{"string": string} for string in STRINGS.split(",")],
    praise="One counter is enough, and no finite automaton is: the counter has no largest number.",
    see="Where it ends: counting",
)
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


as_many_b.mistake(
    "You compare the two numbers only; all a must come before all b.",
    lambda string: len(string) > 0 and string.count("a") == string.count("b"),
)
as_many_b.mistake(
    "The empty string is no member: n begins at 1.", lambda string: as_many_b(string) or not string
)


@as_many_b.mistake("An a after the first b must be refused; your counter just goes up again.")
def goes_up_again(string):
    count = 0
    for symbol in string:
        count += 1 if symbol == "a" else -1
        if count < 0:
            return False
    return len(string) > 0 and count == 0


as_many_b.mistake(
    "You only check that the a come first, and not how many b follow.",
    lambda string: "a" in string and "b" in string and "ba" not in string,
)


@as_many_b.mistake("You stop at the first moment at which the counter is home; more letters may follow.")
def stops_at_home(string):
    count = 0
    for symbol in string:
        count += 1 if symbol == "a" else -1
        if count < 0:
            return False
        if symbol == "b" and count == 0:
            return True
    return False


as_many_b.mistake(
    "At the end the counter must be at zero: more a than b is no member.",
    lambda string: "b" in string and "ba" not in string and string.count("a") >= string.count("b"),
)
