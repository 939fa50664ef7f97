import numpy as np

from rnnbook.course.exercises import exercises_of

exercise = exercises_of("09-faq/03-graphs.ipynb")


@exercise(
    cases=lambda: [
        {"first": 9.0, "later": 1.0, "eager": 3.0},
        {"first": 10.0, "later": 1.0, "eager": 3.0},
        {"first": 5.0, "later": 1.5, "eager": 1.0},
        {"first": 5.0, "later": 2.0, "eager": 2.0},
        {"first": 2.0, "later": 1.0, "eager": 3.0},
        {"first": 2.0, "later": 4.0, "eager": 3.0},
        {"first": 3.0, "later": 4.0, "eager": 3.0},
        {"first": 100.0, "later": 0.25, "eager": 0.75},
        {"first": 101.5, "later": 2.5, "eager": 4.75},
    ],
    praise="A ratio alone says too little: what counts is how often you will call.",
    see="Fair timing",
)
def calls_to_earn_back(first, later, eager):
    """The least number of calls, at least 1, after which the compiled form has cost no more; or None."""
    if first <= eager:
        return 1
    if later >= eager:
        return None
    return int(np.ceil((first - later) / (eager - later)))


def earned(first, later, eager, numerator, rounded=np.ceil):
    """The answer with another division: the numerator over what a later call saves."""
    if first <= eager:
        return 1
    return None if later >= eager else int(rounded(numerator / (eager - later)))


calls_to_earn_back.mistake(
    "The first call is paid twice: `first` is that call itself, with the compiling in it.",
    lambda first, later, eager: earned(first, later, eager, first),
    lambda first, later, eager: None if later >= eager else int(np.ceil(first / (eager - later))),
)
calls_to_earn_back.mistake(
    "You count the calls after the first one; the first belongs to the number.",
    lambda first, later, eager: earned(first, later, eager, first - eager),
    lambda first, later, eager: None if later >= eager else int(np.ceil((first - eager) / (eager - later))),
)
calls_to_earn_back.mistake(
    "You round down: after that many calls the time is not yet earned back.",
    lambda first, later, eager: earned(first, later, eager, first - later, np.floor),
)
calls_to_earn_back.mistake(
    "You round to the nearest; where that is down, the time is not yet earned back.",
    lambda first, later, eager: earned(first, later, eager, first - later, np.round),
)
calls_to_earn_back.mistake(
    "Where the first call takes as long as an eager one, nothing needs earning either: the answer is 1.",
    lambda first, later, eager: (
        None if later >= eager and first >= eager else calls_to_earn_back(first, later, eager)
    ),
)
calls_to_earn_back.mistake(
    "You count one call more: at equal time it is earned back.",
    lambda first, later, eager: None if later >= eager else int((first - later) // (eager - later)) + 1,
    lambda first, later, eager: (
        1
        if first < eager
        else None
        if later >= eager
        else earned(first, later, eager, first - later, np.floor) + 1
    ),
    lambda first, later, eager: (
        earned(first, later, eager, first - later, np.floor) + (1 if first > eager else 0)
        if first <= eager or later < eager
        else None
    ),
)
calls_to_earn_back.mistake(
    "Where later calls are not faster, what the first one cost is never earned back: None.",
    lambda first, later, eager: 0 if later >= eager else earned(first, later, eager, first - later),
    lambda first, later, eager: -1 if later >= eager else earned(first, later, eager, first - later),
    lambda first, later, eager: np.inf if later >= eager else earned(first, later, eager, first - later),
    lambda first, later, eager: (
        -1 if later >= eager and first > eager else calls_to_earn_back(first, later, eager)
    ),
    lambda first, later, eager: (
        np.inf if later >= eager and first > eager else calls_to_earn_back(first, later, eager)
    ),
    lambda first, later, eager: (
        1 if first <= eager else int(np.ceil((first - later) / (eager - later))) if eager != later else None
    ),
    lambda first, later, eager: int(np.ceil((first - later) / (eager - later))) if eager != later else None,
    lambda first, later, eager: int(np.ceil((first - later) / (eager - later))),
    lambda first, later, eager: (
        1 if first <= eager else None if later > eager else int(np.ceil((first - later) / (eager - later)))
    ),
    lambda first, later, eager: (
        0 if later >= eager > 0 and first > eager else calls_to_earn_back(first, later, eager)
    ),
)
calls_to_earn_back.mistake(
    "Where the first call is no slower than an eager one, nothing needs earning: the answer is 1.",
    lambda first, later, eager: 0 if first <= later else calls_to_earn_back(first, later, eager),
    lambda first, later, eager: 0 if first <= min(later, eager) else calls_to_earn_back(first, later, eager),
    lambda first, later, eager: None if later >= eager else int(np.ceil((first - later) / (eager - later))),
    lambda first, later, eager: (
        None if later >= eager else max(1, int(np.ceil((first - later) / (eager - later))))
    ),
    lambda first, later, eager: 0 if first <= eager else calls_to_earn_back(first, later, eager),
)
calls_to_earn_back.mistake(
    "You divide by the time of one call; each later call earns the difference of the two.",
    lambda first, later, eager: (
        1 if first <= eager else None if later >= eager else int(np.ceil(first / eager))
    ),
    lambda first, later, eager: (
        1 if first <= eager else None if later >= eager else int(np.ceil(first / later))
    ),
    lambda first, later, eager: (
        1 if first <= eager else None if later >= eager else int(np.ceil((first - later) / eager))
    ),
    lambda first, later, eager: (
        1 if first <= eager else None if later >= eager else int(np.ceil((first - later) / later))
    ),
)
calls_to_earn_back.mistake(
    "That is a ratio of two speeds, and says nothing of the number of calls.",
    lambda first, later, eager: eager / later,
    lambda first, later, eager: first / eager,
)
calls_to_earn_back.mistake(
    "Calls are counted in whole numbers: round up.",
    lambda first, later, eager: (
        1 if first <= eager else None if later >= eager else (first - later) / (eager - later)
    ),
)


def recorded(states: tuple[str, ...], **graph: str) -> dict:
    """A case: operations with the names that they read, separated by spaces."""
    return {"graph": {name: reads.split() for name, reads in graph.items()}, "states": list(states)}


ELMAN = {"from_x": "x W", "from_h": "h U", "both": "from_x from_h", "z": "both b", "out": "z"}
GATED = {
    "zero": "",
    "xw": "x W",
    "from_x": "xw b",
    "hu": "h U",
    "f": "from_x hu",
    "kept": "f c",
    "slope": "from_x",
    "i": "slope zero",
    "lost": "zero c",
    "cell": "kept lost i",
    "scaled": "i from_x",
}


@exercise(
    cases=lambda: [
        recorded(("h",), wx="x W", hu="h U", z="wx hu"),
        recorded(("h",), **ELMAN),
        recorded(("h", "c"), **GATED),
        recorded(("s",), b2="b b", a2="s x", h="x W", c2="a2 b2", d2="b2 h", e2="x c2"),
        recorded(("h",), first="h", second="first x", third="second"),
        recorded(("h",), a="x h", b="a", c="b x", d="c", e="d", f="x W", g="e f", k="g", last="k"),
    ],
    praise="That is the rearrangement by hand: all of these can be computed for every step before the loop.",
    see="The question",
)
def free_of_the_past(graph, states):
    """The operations of one step, in their order, that read no earlier state, neither directly nor not."""
    bound = set(states)
    for name, reads in graph.items():
        if bound & set(reads):
            bound.add(name)
    return [name for name in graph if name not in bound]


def bound_names(graph, states):
    return [name for name in graph if name not in free_of_the_past(graph, states)]


def free_after(graph, states, steps):
    """The operations that no way of so many steps leads to from a state."""
    bound = set(states)
    for _ in range(steps):
        bound |= {name for name, reads in graph.items() if bound & set(reads)}
    return [name for name in graph if name not in bound]


free_of_the_past.mistake(
    "You look at direct readers only; who reads the result of one of them depends on the state too.",
    lambda graph, states: [name for name, reads in graph.items() if reads and not set(reads) & set(states)],
    lambda graph, states: [name for name, reads in graph.items() if not set(reads) & set(states)],
)
free_of_the_past.mistake(
    "You go a few steps from the states on and then stop; whoever reads on depends on them too.",
    *[lambda graph, states, steps=steps: free_after(graph, states, steps) for steps in (2, 3, 4, 5)],
)
free_of_the_past.mistake(
    "These are the operations that depend on a state; the others can leave the loop.",
    bound_names,
    lambda graph, states: list(states) + bound_names(graph, states),
)
free_of_the_past.mistake(
    "You follow one state only; a step may read several.",
    lambda graph, states: free_of_the_past(graph, states[:1]),
    lambda graph, states: free_of_the_past(graph, states[-1:]),
    lambda graph, states: free_of_the_past(graph, ["h"]),
)
free_of_the_past.mistake(
    "You keep only what reads inputs and weights; an operation that reads free operations is free too.",
    lambda graph, states: [
        name for name, reads in graph.items() if not set(reads) & (set(states) | set(graph))
    ],
    lambda graph, states: [
        name for name in free_of_the_past(graph, states) if not set(graph[name]) & set(graph)
    ],
)


def any_free(graph, states, constants):
    """Only what reads nothing but waiting names waits; constants: whether what reads nothing is free."""
    bound = set(states)
    for name, reads in graph.items():
        if set(reads) <= bound and not (constants and not reads):
            bound.add(name)
    return [name for name in graph if name not in bound]


free_of_the_past.mistake(
    "One free argument is not enough: an operation waits for all that it reads.",
    lambda graph, states: any_free(graph, states, constants=True),
    lambda graph, states: any_free(graph, states, constants=False),
)


@free_of_the_past.mistake("You look at the first argument of each operation only.")
def first_argument(graph, states):
    bound = set(states)
    for name, reads in graph.items():
        if set(reads[:1]) & bound:
            bound.add(name)
    return [name for name in graph if name not in bound]


free_of_the_past.mistake(
    "Inputs and weights are in your list; they are given, and no operations.",
    lambda graph, states: list(
        dict.fromkeys(
            [read for reads in graph.values() for read in reads if read not in graph and read not in states]
            + free_of_the_past(graph, states)
        )
    ),
    lambda graph, states: [
        read for read in dict.fromkeys(read for reads in graph.values() for read in reads)
        if read not in bound_names(graph, states) and read not in states
    ],
)  # fmt: skip
free_of_the_past.mistake(
    "An operation that reads nothing is left out; a constant depends on no state.",
    lambda graph, states: [name for name in free_of_the_past(graph, states) if graph[name]],
)
free_of_the_past.mistake(
    "The right names, and not in the order of the graph: return a list that keeps it.",
    lambda graph, states: set(free_of_the_past(graph, states)),
    lambda graph, states: sorted(free_of_the_past(graph, states)),
    lambda graph, states: free_of_the_past(graph, states)[::-1],
)
free_of_the_past.mistake(
    "You follow the arrows the wrong way: these are the operations that no reader of a state needs.",
    lambda graph, states: [
        name for name in graph if not any(name in graph[other] for other in bound_names(graph, states))
    ],
)
free_of_the_past.mistake(
    "Their number is not enough; the names are asked for.",
    lambda graph, states: len(free_of_the_past(graph, states)),
)


@free_of_the_past.mistake(
    "Inputs and weights are given, so that nobody waits for them; only a state makes wait."
)
def inputs_wait(graph, states):
    free = []
    for name, reads in graph.items():
        if all(read in free for read in reads):
            free.append(name)
    return free


@free_of_the_past.mistake("You write into `states`, which the caller may still need: begin with a copy.")
def lengthens_states(graph, states):
    for name, reads in graph.items():
        if any(read in states for read in reads):
            states.append(name)
    return [name for name in graph if name not in states]


@free_of_the_past.mistake("The last argument alone decides in your answer; one that waits is enough.")
def last_argument(graph, states):
    bound = set(states)
    for name, reads in graph.items():
        if set(reads[-1:]) & bound:
            bound.add(name)
    return [name for name in graph if name not in bound]


def wanting(wanted: tuple[str, ...], **graph: str) -> dict:
    return {"graph": recorded((), **graph)["graph"], "wanted": list(wanted)}


@exercise(
    cases=lambda: [
        wanting(("y",), a="x", b="x", y="a"),
        wanting(("y",), a="x", b="a", c="b", d="a x", y="d"),
        wanting(("out", "z"), **ELMAN, loss="out target", scaled="loss"),
        wanting(("cell",), **GATED),
        wanting(("kept", "i"), **GATED),
        wanting(("last",), a="x", b="a", c="b x", d="c", other="d", e="d", g="e x", k="g", last="k"),
    ],
    praise="A compiler walks back from what is wanted, and never runs the rest.",
    see="The question",
)
def still_needed(graph, wanted):
    """The operations, in their order, without which one of the wanted results cannot be computed."""
    needed = set(wanted)
    for name in reversed(graph):
        if name in needed:
            needed.update(graph[name])
    return [name for name in graph if name in needed]


def walk(graph, wanted, deep=False):
    """All names that are needed, in the order in which a search from the wanted ones meets them."""
    met, waiting = [], list(wanted)
    while waiting:
        name = waiting.pop(0)
        if name not in met:
            met.append(name)
            reads = graph.get(name, [])
            waiting = [*reads, *waiting] if deep else [*waiting, *reads]
    return met


def needed_after(graph, wanted, arrows):
    """The operations that so many arrows lead back to."""
    needed = set(wanted)
    for _ in range(arrows):
        needed = needed.union(*(graph.get(name, ()) for name in needed))
    return [name for name in graph if name in needed]


still_needed.mistake(
    "You go back one arrow only; what those operations read is needed as well.",
    lambda graph, wanted: [
        name for name in graph if name in wanted or any(name in graph[one] for one in wanted)
    ],
)
still_needed.mistake(
    "You go back a few arrows and then stop; what the operations there read is needed as well.",
    *[lambda graph, wanted, arrows=arrows: needed_after(graph, wanted, arrows) for arrows in (2, 3, 4, 5)],
)
still_needed.mistake(
    "You keep what somebody reads; a result that is thrown away may be the only reader.",
    lambda graph, wanted: [
        name for name in graph if name in wanted or any(name in reads for reads in graph.values())
    ],
    lambda graph, wanted: [name for name in graph if any(name in reads for reads in graph.values())],
)
still_needed.mistake(
    "The wanted results themselves are missing: they have to be computed too.",
    lambda graph, wanted: [
        name for name in graph if any(name in graph[other] for other in still_needed(graph, wanted))
    ],
    lambda graph, wanted: [name for name in still_needed(graph, wanted) if name not in wanted],
)
still_needed.mistake(
    "You follow one of the wanted results back; there may be several.",
    lambda graph, wanted: still_needed(graph, wanted[:1]),
    lambda graph, wanted: still_needed(graph, wanted[-1:]),
)
still_needed.mistake(
    "Inputs and weights are in your list; they are given, and no operations.",
    walk,
    lambda graph, wanted: walk(graph, wanted, deep=True),
    lambda graph, wanted: set(walk(graph, wanted)),
    lambda graph, wanted: sorted(
        {*still_needed(graph, wanted)}.union(*(graph[name] for name in still_needed(graph, wanted)))
    ),
    lambda graph, wanted: list(
        dict.fromkeys(
            [read for name in still_needed(graph, wanted) for read in graph[name] if read not in graph]
            + still_needed(graph, wanted)
        )
    ),
)  # fmt: skip
still_needed.mistake(
    "These are the operations that can be left out.",
    lambda graph, wanted: [name for name in graph if name not in still_needed(graph, wanted)],
)
still_needed.mistake(
    "The right names, and not in the order of the graph: return a list that keeps it.",
    lambda graph, wanted: set(still_needed(graph, wanted)),
    lambda graph, wanted: [name for name in walk(graph, wanted) if name in graph],
    lambda graph, wanted: [name for name in walk(graph, wanted, deep=True) if name in graph],
    lambda graph, wanted: [name for name in walk(graph, wanted) if name in graph][::-1],
    lambda graph, wanted: still_needed(graph, wanted)[::-1],
    lambda graph, wanted: sorted(still_needed(graph, wanted)),
)


@still_needed.mistake("You follow the arrows forwards: these are the operations that read what is wanted.")
def readers(graph, wanted):
    reached = set(wanted)
    for name, reads in graph.items():
        if reached & set(reads):
            reached.add(name)
    return [name for name in graph if name in reached]


@still_needed.mistake("You write into `wanted`, which the caller may still need: begin with a copy.")
def lengthens_wanted(graph, wanted):
    for name in reversed(graph):
        if name in wanted:
            wanted.extend(graph[name])
    return [name for name in graph if name in wanted]


@still_needed.mistake("You follow the first argument of each operation only; it needs all of them.")
def along_first(graph, wanted):
    needed = set(wanted)
    for name in reversed(graph):
        if name in needed:
            needed.update(graph[name][:1])
    return [name for name in graph if name in needed]


still_needed.mistake(
    "You keep everything up to the last wanted result, needed or not.",
    lambda graph, wanted: list(graph)[: max(list(graph).index(name) for name in wanted) + 1],
    lambda graph, wanted: list(graph),
)
still_needed.mistake(
    "Their number is not enough; the names are asked for.",
    lambda graph, wanted: len(still_needed(graph, wanted)),
)
