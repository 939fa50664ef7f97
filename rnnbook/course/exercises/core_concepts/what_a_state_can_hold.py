from rnnbook.course.exercises import exercises_of
from rnnbook.data import reber

exercise = exercises_of("02-core-concepts/04-what-a-state-can-hold.ipynb")

# A letter tells the node, but for the a that ends a string or goes on.
SHORT = {"start": {"a": "1", "b": "2"}, "1": {"a": "end", "b": "1"}, "2": {"a": "end"}}
# An odd and an even number of b lead to the same letters, and to two nodes: no window will do.
PARITY = {"start": {"b": "1"}, "1": {"a": "end", "b": "2"}, "2": {"a": "end", "b": "1"}}
FOUR = {"start": {"b": "2"}, "1": {"b": "3"}, "2": {"a": "3", "b": "3"}, "3": {"a": "1", "b": "end"}}
BY_LETTER = {"start": {"a": "1", "b": "2"}, "1": {"b": "2", "c": "end"}, "2": {"a": "1"}}


def grammars() -> list[dict]:
    listed = [
        (SHORT, 4),
        (PARITY, 4),
        (FOUR, 4),
        (BY_LETTER, 3),
        (reber.REBER, 5),
        (reber.REBER, 1),
        (FOUR, 2),
    ]
    return [
        {"grammar": {node: dict(choices) for node, choices in grammar.items()}, "longest": longest}
        for grammar, longest in listed
    ]


@exercise(
    cases=grammars,
    praise="Below this length a window must fail somewhere; from it on, no state is needed.",
    see="What a window can do",
)
def window_needed(grammar, longest):
    """The smallest k up to `longest` for which any k letters in a row tell the node they lead to, or None."""
    walks = {("", node) for node in grammar}
    for k in range(1, longest + 1):
        walks = {
            (read + letter, after) for read, node in walks for letter, after in grammar.get(node, {}).items()
        }
        if len({read for read, _ in walks}) == len(walks):
            return k
    return None


def walks(grammar, k):
    """(first node, letters, last node) of all walks of k letters."""
    found = {(node, "", node) for node in grammar}
    for _ in range(k):
        found = {
            (first, read + letter, after)
            for first, read, node in found
            for letter, after in grammar.get(node, {}).items()
        }
    return found


def smallest(grammar, longest, view):
    """The smallest k for which the views (key, value) of the walks are a function of the key."""
    for k in range(1, longest + 1):
        pairs = {view(*walk) for walk in walks(grammar, k)}
        if len({key for key, _ in pairs}) == len(pairs):
            return k
    return None


window_needed.mistake(
    "You ask whether the letters tell where they began; where they lead to is what counts.",
    lambda grammar, longest: smallest(grammar, longest, lambda first, read, _: (read, first)),
)
window_needed.mistake(
    "Two walks that meet are no trouble: you ask that every node is reached in one way only.",
    lambda grammar, longest: smallest(grammar, longest, lambda _, read, node: (node, read)),
)
window_needed.mistake(
    "A window sees its letters in their order; you ask which letters occurred.",
    lambda grammar, longest: smallest(grammar, longest, lambda _, read, node: ("".join(sorted(read)), node)),
)
window_needed.mistake(
    "That is one letter too many.",
    lambda grammar, longest: (window_needed(grammar, longest) or longest) + 1,
    lambda grammar, longest: None if (k := window_needed(grammar, longest)) is None else k + 1,
)
window_needed.mistake(
    "That is one letter too few: the letter just read is one of the k.",
    lambda grammar, longest: (window_needed(grammar, longest) or longest + 1) - 1,
    lambda grammar, longest: None if (k := window_needed(grammar, longest)) is None else k - 1,
)
window_needed.mistake(
    "Where no window up to `longest` is enough, you return a number; the answer is None.",
    lambda grammar, longest: window_needed(grammar, longest) or longest,
    lambda grammar, longest: window_needed(grammar, longest) or longest + 1,
    lambda grammar, longest: window_needed(grammar, longest) or 0,
)
window_needed.mistake(
    "You try windows below `longest` only; `longest` itself may be the answer.",
    lambda grammar, longest: window_needed(grammar, longest - 1),
)
window_needed.mistake(
    "You say whether a window is enough; which is the smallest is asked for.",
    lambda grammar, longest: window_needed(grammar, longest) is not None,
)
window_needed.mistake(
    "Your answer is always 1: do you walk from every node, and keep all nodes that the same letters reach?",
    lambda grammar, longest: 1,
)
window_needed.mistake(
    "You ask whether one of the windows tells the node; all of them must.",
    lambda grammar, longest: next(
        (
            k
            for k in range(1, longest + 1)
            if min(
                len({node for _, read, node in walks(grammar, k) if read == word})
                for _, word, _ in walks(grammar, k)
            )
            == 1
        ),
        None,
    ),
)


def choices(grammar, node):
    return "".join(sorted(grammar.get(node, {})))


window_needed.mistake(
    "Two nodes with the same letters to come are two nodes; you compare the letters that may come next.",
    lambda grammar, longest: smallest(grammar, longest, lambda _, read, node: (read, choices(grammar, node))),
)
window_needed.mistake(
    "You leave out the end of the map; it is a node as well, to which letters may lead.",
    lambda grammar, longest: next(
        (
            k
            for k in range(1, longest + 1)
            if len({read for _, read, node in walks(grammar, k) if node != "end"})
            == len({(read, node) for _, read, node in walks(grammar, k) if node != "end"})
        ),
        None,
    ),
)

STRINGS = [
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
    "aababb",
    "bb",
]
STRINGS += [
    "a" * 11 + "b" * 11,
    "a" * 150 + "b" * 150,
    "a" * 12 + "b" * 11,
    "a" * 30 + "b" * 31,
    "aaaa",
    "aabba",
    "abbaab",
    "aaab",
    "aaba",
    "aababa",
]


@exercise(
    cases=lambda: [{"string": string} for string in STRINGS],
    praise="One counter is enough, and no finite automaton is: the counter has no largest number.",
    see="Where it ends: counting",
)
def as_many_b(string):
    """Whether a string of the letters a and b is n times a, then n times b, for some n from 1 on."""
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
    lambda string: string.count("a") == string.count("b"),
)
as_many_b.mistake(
    "You let the empty string in; n begins at 1.", lambda string: as_many_b(string) or not string
)


def counted(string, below=True, empty=False):
    """A counter that goes up and down. below: a count below zero refuses the string."""
    count = 0
    for symbol in string:
        count += 1 if symbol == "a" else -1
        if below and count < 0:
            return False
    return count == 0 and (empty or len(string) > 0)


as_many_b.mistake(
    "Your counter goes up again at an a after the first b; such an a must be refused.",
    lambda string: counted(string),
    lambda string: counted(string, empty=True),
)
as_many_b.mistake(
    "You only check that the a come first, and not how many b follow.",
    lambda string: "a" in string and "b" in string and "ba" not in string,
    lambda string: "ba" not in string,
    lambda string: len(string) > 0 and len(string) % 2 == 0 and "ba" not in string,
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
    "You let more a than b in; at the end the counter must be at zero.",
    lambda string: "b" in string and "ba" not in string and string.count("a") >= string.count("b"),
    lambda string: "ba" not in string and string.count("a") >= string.count("b") and bool(string),
    lambda string: "ba" not in string and string.count("a") >= string.count("b"),
)
as_many_b.mistake(
    "You let more b than a in; a b that finds the counter at zero must be refused.",
    lambda string: "a" in string and "ba" not in string and string.count("b") >= string.count("a"),
    lambda string: "ba" not in string and string.count("b") >= string.count("a") and bool(string),
    lambda string: "ba" not in string and string.count("b") >= string.count("a"),
)
as_many_b.mistake(
    "You know strings up to a fixed length; there is no largest n.",
    lambda string: as_many_b(string) and len(string) <= 20,
    lambda string: as_many_b(string) and len(string) <= 200,
)
as_many_b.mistake(
    "You compare the two halves' letters only as sets: the first half must be all a, the second all b.",
    lambda string: len(string) % 2 == 0 and set(string) == {"a", "b"},
)
as_many_b.mistake(
    "You look at the first and the last letter, and at the numbers; the order within matters, too.",
    lambda string: string[:1] == "a" and string[-1:] == "b" and string.count("a") == string.count("b"),
    lambda string: string.startswith("a") and string.endswith("b"),
)


def letters_of(string, first_guarded, second_guarded):
    """Counts the a, and then the b; a loop that is not guarded reads on past the end."""
    i = 0
    while (not first_guarded or i < len(string)) and string[i] == "a":
        i += 1
    j = i
    while (not second_guarded or j < len(string)) and string[j] == "b":
        j += 1
    return i > 0 and j == len(string) and j - i == i


as_many_b.mistake(
    "You read on past the end of the string; it may be empty, or end while you count.",
    lambda string: letters_of(string, False, True),
    lambda string: letters_of(string, True, False),
    lambda string: letters_of(string, False, False),
    lambda string: string[0] == "a" and as_many_b(string),
    lambda string: string[-1] == "b" and as_many_b(string),
)
as_many_b.mistake(
    "Your `index` raises an error where the string holds no b at all; the answer is False there.",
    lambda string: string.index("b") > 0 and as_many_b(string),
)
as_many_b.mistake("Your answer is turned round.", lambda string: not as_many_b(string))
as_many_b.mistake(
    "You return the number n; True or False is asked for.",
    lambda string: string.count("a") if as_many_b(string) else 0,
)
as_many_b.mistake("Your function always says False.", lambda string: False)
as_many_b.mistake(
    "You ask for pairs of a and b one after the other, as in abab; that is another language.",
    lambda string: len(string) > 0 and string == "ab" * (len(string) // 2),
)
as_many_b.mistake(
    "You fold the string in the middle and compare only its outer letters.",
    lambda string: len(string) > 0 and len(string) % 2 == 0 and string[0] == "a" and string[-1] == "b",
)


as_many_b.mistake(
    "You look where the first b stands; an a may come after it.",
    lambda string: string.find("b") * 2 == len(string),
    lambda string: (
        string[: len(string) // 2] == "a" * (len(string) // 2) and len(string) % 2 == 0 and "b" in string
    ),
)


@window_needed.mistake(
    "Your lookup fails at the end: it has no entry in the grammar, since no letter leads on from it."
)
def end_looked_up(grammar, longest):
    reached = {("", node) for node in grammar}
    for k in range(1, longest + 1):
        reached = {
            (read + letter, after) for read, node in reached for letter, after in grammar[node].items()
        }
        if len({read for read, _ in reached}) == len(reached):
            return k
    return None
