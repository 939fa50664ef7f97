"""Exercises of chapters/02-core-concepts/04-what-a-state-can-hold.ipynb."""

from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.core_concepts import what_a_state_can_hold as solutions

NOTEBOOK = "02-core-concepts/04-what-a-state-can-hold.ipynb"


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


node_after = Exercise(
    solutions.node_after,
    notebook=NOTEBOOK,
    cases=walks,
    praise="A finite automaton: all it remembers is where it stands.",
)
MAP = "A grammar that is a map"


@node_after.mistake("The last letter is not read: the walk goes on to the node after it.", see=MAP)
def one_short(grammar, string):
    return solutions.node_after(grammar, string[:-1])


@node_after.mistake("A letter that does not fit must give None, and not an error.", see=MAP)
def raises_on_misfit(grammar, string):
    node = "start"
    for symbol in string:
        node = grammar[node][symbol]
    return node


@node_after.mistake(
    "A letter that does not fit is passed over in your walk; it makes the string illegal.", see=MAP
)
def passes_over(grammar, string):
    node = "start"
    for symbol in string:
        node = grammar.get(node, {}).get(symbol, node)
    return node


@node_after.mistake("You return the letters that may come next; the node is asked for.", see=MAP)
def returns_choices(grammar, string):
    node = solutions.node_after(grammar, string)
    return None if node is None else sorted(grammar.get(node, {}))


@node_after.mistake("Your walk begins anew at every letter.", see=MAP)
def begins_anew(grammar, string):
    node = "start"
    for symbol in string:
        node = grammar["start"].get(symbol)
    return node


@node_after.mistake("An empty string is legal: the walk then stands at the start.", see=MAP)
def empty_is_none(grammar, string):
    return solutions.node_after(grammar, string) if string else None


as_many_b = Exercise(
    solutions.as_many_b,
    notebook=NOTEBOOK,
    cases=lambda: [
        {"string": string}
        for string in (
            "ab",
            "aabb",
            "a",
            "b",
            "",
            "ba",
            "abb",
            "aab",
            "abab",
            "aabbab",
            "abba",
            "baab",
            "aaabbb",
        )
    ],
    praise="One counter is enough, and no finite automaton is: the counter has no largest number.",
)
COUNT = "Where it ends: counting"


@as_many_b.mistake("You compare the two numbers only; all a must come before all b.", see=COUNT)
def numbers_only(string):
    return len(string) > 0 and string.count("a") == string.count("b")


@as_many_b.mistake("The empty string is no member: n begins at 1.", see=COUNT)
def with_the_empty(string):
    return solutions.as_many_b(string) or not string


@as_many_b.mistake("An a after the first b must be refused; your counter just goes up again.", see=COUNT)
def goes_up_again(string):
    count = 0
    for symbol in string:
        count += 1 if symbol == "a" else -1
        if count < 0:
            return False
    return len(string) > 0 and count == 0


@as_many_b.mistake("You only check that the a come first, and not how many b follow.", see=COUNT)
def order_only(string):
    return "a" in string and "b" in string and "ba" not in string


@as_many_b.mistake(
    "You stop at the first moment at which the counter is home; more letters may follow.", see=COUNT
)
def stops_at_home(string):
    count = 0
    for symbol in string:
        count += 1 if symbol == "a" else -1
        if count < 0:
            return False
        if symbol == "b" and count == 0:
            return True
    return False


@as_many_b.mistake("At the end the counter must be at zero: more a than b is no member.", see=COUNT)
def more_a_will_do(string):
    return "b" in string and "ba" not in string and string.count("a") >= string.count("b")
