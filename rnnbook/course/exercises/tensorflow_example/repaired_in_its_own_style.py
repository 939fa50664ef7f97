import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("05-tensorflow-example/02-repaired-in-its-own-style.ipynb")


def product(a, b):
    return a * b


def difference(a, b):
    return a - b


def two():
    return 2.0


def network() -> dict:
    """A small plan, with what comes last written first."""
    return {
        "loss": (difference, ("y", "scores")),
        "scores": (product, ("V", "last")),
        "last": (difference, ("x", "start")),
        "start": (two, ()),
    }


def run(plan: dict, fetch: str, **feed: float) -> dict:
    return {"plan": plan, "fetch": fetch, "feed": feed}


@exercise(
    # One node, a fetched placeholder, a chain, one placeholder not needed, fed nodes, one not fed, a node
    # that is read twice.
    cases=lambda: [
        run({"loss": (difference, ("x", "y"))}, "loss", x=3.0, y=1.0),
        run({"loss": (difference, ("x", "y"))}, "y", x=3.0, y=1.0),
        run(network(), "loss", x=5.0, V=4.0, y=1.0),
        run(network(), "scores", x=7.0, V=0.5),
        run(network(), "scores", V=3.0, last=1.5),
        run(network(), "loss", x=1.0, V=2.0, y=4.0, start=0.25),
        run(network(), "last", x=6.0, last=-1.0),
        run(network(), "loss", x=1.0, y=2.0),
        run(
            {"a": (product, ("x", "x")), "b": (difference, ("a", "x")), "c": (product, ("b", "a"))},
            "c",
            x=3.0,
        ),
    ],
    praise="This is a session: a plan says what depends on what, and a run computes what is asked for.",
    see="The repair",
)
def run_plan(plan, fetch, feed):
    """The value of `fetch`. plan: name to (function, names of its arguments); feed: name to value."""
    if fetch in feed:
        return feed[fetch]
    function, names = plan[fetch]  # a placeholder is not in the plan: KeyError
    return function(*(run_plan(plan, name, feed) for name in names))


def ran(plan, fetch, feed, arrange=lambda names: names):
    """A run that changes the order of the arguments."""
    if fetch in feed:
        return feed[fetch]
    function, names = plan[fetch]
    return function(*(ran(plan, name, feed, arrange) for name in arrange(names)))


def all_values(plan, fetch, feed):
    """Every node of the plan, whether it is asked for or not."""
    return {name: run_plan(plan, name, feed) for name in plan} | feed


def in_the_order_of_writing(plan, fetch, feed):
    values = dict(feed)
    for name, (function, names) in plan.items():
        values[name] = function(*(values[each] for each in names))
    return values[fetch]


run_plan.mistake(
    "You compute the whole plan. A run needs only what the fetch depends on; others need no value.",
    lambda plan, fetch, feed: all_values(plan, fetch, feed)[fetch],
)
run_plan.mistake(
    "You run the plan from its first line to its last. A node may be written before those that it needs.",
    in_the_order_of_writing,
)


@run_plan.mistake(
    "You look into the plan first. A value that is fed takes the place of a node, which then is not computed."
)
def plan_first(plan, fetch, feed):
    if fetch not in plan:
        return feed[fetch]
    function, names = plan[fetch]
    return function(*(plan_first(plan, name, feed) for name in names))


@run_plan.mistake(
    "You take the arguments from the feed alone. An argument may be a node, to be computed first."
)
def one_level(plan, fetch, feed):
    if fetch in feed:
        return feed[fetch]
    function, names = plan[fetch]
    return function(*(feed[name] for name in names))


run_plan.mistake(
    "You take the arguments from the feed alone, and fed values of nodes count as arguments only.",
    lambda plan, fetch, feed: (
        plan[fetch][0](*(feed[name] for name in plan[fetch][1])) if fetch in plan else feed[fetch]
    ),
    lambda plan, fetch, feed: plan[fetch][0](*(feed[name] for name in plan[fetch][1])),
)
run_plan.mistake(
    "You hand the function one list. It takes its arguments one by one.",
    lambda plan, fetch, feed: in_a_list(plan, fetch, feed),
)


def in_a_list(plan, fetch, feed):
    if fetch in feed:
        return feed[fetch]
    function, names = plan[fetch]
    return function([in_a_list(plan, name, feed) for name in names])


run_plan.mistake(
    "You take the arguments from the feed, and nothing where it has none. An argument may be a node.",
    lambda plan, fetch, feed: (
        feed[fetch] if fetch in feed else plan[fetch][0](*(feed.get(name) for name in plan[fetch][1]))
    ),
)


@run_plan.mistake("You write what you compute into `feed`. It belongs to the caller: keep it elsewhere.")
def remembers_in_the_feed(plan, fetch, feed):
    if fetch not in feed:
        function, names = plan[fetch]
        feed[fetch] = function(*[remembers_in_the_feed(plan, name, feed) for name in names])
    return feed[fetch]


@run_plan.mistake(
    "You write the values of arguments into `feed`. It belongs to the caller: keep them elsewhere."
)
def remembers_arguments(plan, fetch, feed):
    if fetch in feed:
        return feed[fetch]
    function, names = plan[fetch]
    for name in names:
        feed[name] = remembers_arguments(plan, name, feed)
    return function(*[feed[name] for name in names])


run_plan.mistake(
    "The arguments reach the function in another order than the plan says.",
    lambda plan, fetch, feed: ran(plan, fetch, feed, lambda names: names[::-1]),
    lambda plan, fetch, feed: ran(plan, fetch, feed, sorted),
)


def filled(value, plan, fetch, feed):
    """A run in which a placeholder that is not fed has this value."""
    if fetch in feed:
        return feed[fetch]
    if fetch not in plan:
        return value
    function, names = plan[fetch]
    return function(*(filled(value, plan, name, feed) for name in names))


def or_else(plan, fetch, feed, otherwise):
    try:
        return run_plan(plan, fetch, feed)
    except KeyError:
        return otherwise()


def refuse(error):
    raise error


run_plan.mistake(
    "You make up a value for a placeholder that is needed and not fed. A KeyError is asked for.",
    lambda plan, fetch, feed: filled(0.0, plan, fetch, feed),
    lambda plan, fetch, feed: filled(1.0, plan, fetch, feed),
    lambda plan, fetch, feed: filled(np.nan, plan, fetch, feed),
    lambda plan, fetch, feed: filled(None, plan, fetch, feed),
    lambda plan, fetch, feed: or_else(plan, fetch, feed, lambda: None),
)
run_plan.mistake(
    "You refuse a placeholder that is not fed, which is right, but with another error than a KeyError.",
    lambda plan, fetch, feed: or_else(plan, fetch, feed, lambda: refuse(ValueError("not fed"))),
    lambda plan, fetch, feed: or_else(plan, fetch, feed, lambda: refuse(RuntimeError("not fed"))),
)
run_plan.mistake(
    "You give back all values that were computed. Asked is the one of the fetch.",
    all_values,
    lambda plan, fetch, feed: {fetch: run_plan(plan, fetch, feed)},
)


@run_plan.mistake(
    "You refuse a fetch that is a placeholder. It may be fetched as well: its value is the one that is fed."
)
def only_nodes(plan, fetch, feed):
    if fetch in feed and fetch not in plan:
        raise KeyError(fetch)
    return run_plan(plan, fetch, feed)


@run_plan.mistake("A fed value counts as an argument in your answer, but not where it is the fetch itself.")
def never_fed_itself(plan, fetch, feed):
    function, names = plan[fetch]
    return function(*(run_plan(plan, name, feed) for name in names))


@run_plan.mistake(
    "A fed node counts as an argument in your answer, but not where it is the node that is fetched."
)
def computes_the_fetch(plan, fetch, feed):
    if fetch not in plan:
        return feed[fetch]
    function, names = plan[fetch]
    return function(*(run_plan(plan, name, feed) for name in names))


def ragged(
    lengths: list[int], time: int, units: int, classes: int, seed: int = 0, silent: bool = False
) -> dict[str, np.ndarray]:
    """silent: whether the first unit is zero at each sequence's last real step, as a relu may leave it."""
    shapes = (len(lengths), time, units), (classes, units), (classes,)
    outputs, V, c = cases.normal(*shapes, seed=seed)
    for row, length in enumerate(lengths):
        outputs[row, length:] = 0  # as dynamic_rnn leaves them
        if silent:
            outputs[row, length - 1, 0] = 0
    return {"outputs": outputs, "lengths": np.array(lengths), "V": V, "c": c}


@exercise(
    # The smallest, one with sequences that fill all steps, one without, more sequences than steps.
    cases=lambda: [
        ragged([1, 2], 3, 2, 3),
        ragged([3, 5, 2], 5, 4, 2),
        ragged([4, 2, 3], 6, 2, 5, seed=1),
        ragged([2, 1, 3, 2, 1], 3, 4, 6),
        ragged([3, 4, 2], 5, 3, 2, seed=2, silent=True),
    ],
    praise="Both repairs: one state for each sequence, and an output layer that makes scores of it.",
    see="The repair",
)
def last_scores(outputs, lengths, V, c):
    """Scores (B, K) from the state at each sequence's own last step; outputs (B, T, H), V (K, H), c (K,)."""
    last = outputs[np.arange(len(outputs)), lengths - 1]
    return last @ V.T + c


def at(outputs, steps):
    """The states (B, H) at these steps, zero behind the end."""
    padded = np.concatenate([outputs, np.zeros_like(outputs[:, :1])], axis=1)
    return padded[np.arange(len(outputs)), steps]


def softmax(scores):
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True)


last_scores.mistake(
    "Of every sequence shorter than T you read the padding. The last of n steps has the number n - 1.",
    # The last column, and one step too late where there is one: zeros all the same.
    lambda outputs, lengths, V, c: outputs[:, -1] @ V.T + c,
)
last_scores.mistake(
    "You read one step too late: counting from 0, the last of n steps has the number n - 1.",
    lambda outputs, lengths, V, c: at(outputs, lengths) @ V.T + c,
    lambda outputs, lengths, V, c: outputs[np.arange(len(outputs)), lengths] @ V.T + c,
    lambda outputs, lengths, V, c: outputs[np.arange(len(outputs)), lengths % outputs.shape[1]] @ V.T + c,
)
last_scores.mistake(
    "You read one step too early.",
    lambda outputs, lengths, V, c: outputs[np.arange(len(outputs)), lengths - 2] @ V.T + c,
    lambda outputs, lengths, V, c: at(outputs, np.maximum(lengths - 2, 0)) @ V.T + c,
)
last_scores.mistake(
    "All sequences are read at one step in your answer. Each has its own last step.",
    lambda outputs, lengths, V, c: outputs[:, lengths[0] - 1] @ V.T + c,
    lambda outputs, lengths, V, c: outputs[:, lengths.max() - 1] @ V.T + c,
    lambda outputs, lengths, V, c: outputs[:, lengths.min() - 1] @ V.T + c,
    lambda outputs, lengths, V, c: outputs[:, 0] @ V.T + c,
)
last_scores.mistake(
    "`outputs[:, steps]` reads every sequence at the last steps of all. Pair each row with its own step.",
    lambda outputs, lengths, V, c: outputs[:, lengths - 1] @ V.T + c,
)
last_scores.mistake(
    "The output layer is missing: a hidden state is not a set of scores.",
    lambda outputs, lengths, V, c: at(outputs, lengths - 1),
)
last_scores.mistake(
    "You average over the steps; the last state is asked for.",
    lambda outputs, lengths, V, c: outputs.sum(axis=1) / lengths[:, None] @ V.T + c,
    lambda outputs, lengths, V, c: outputs.mean(axis=1) @ V.T + c,
)
last_scores.mistake(
    "You add the states of all steps; the last state is asked for.",
    lambda outputs, lengths, V, c: outputs.sum(axis=1) @ V.T + c,
)
last_scores.mistake(
    "You return scores for every step, (B, T, K); there is one target for each sequence.",
    lambda outputs, lengths, V, c: outputs @ V.T + c,
)
last_scores.mistake(
    "The bias c of the output layer is missing.",
    lambda outputs, lengths, V, c: last_scores(outputs, lengths, V, np.zeros_like(c)),
)
last_scores.mistake(
    "You take the largest of all steps for each unit; the last state is asked for.",
    lambda outputs, lengths, V, c: outputs.max(axis=1) @ V.T + c,
    lambda outputs, lengths, V, c: (outputs @ V.T + c).max(axis=1),
)
last_scores.mistake(
    "You return classes. The scores themselves are asked for, (B, K).",
    lambda outputs, lengths, V, c: last_scores(outputs, lengths, V, c).argmax(axis=1),
    lambda outputs, lengths, V, c: (outputs @ V.T + c).argmax(axis=2),
)
last_scores.mistake(
    "You put the scores through a function. An output layer is linear.",
    lambda outputs, lengths, V, c: np.tanh(last_scores(outputs, lengths, V, c)),
    lambda outputs, lengths, V, c: np.maximum(last_scores(outputs, lengths, V, c), 0),
    lambda outputs, lengths, V, c: 1 / (1 + np.exp(-last_scores(outputs, lengths, V, c))),
)
last_scores.mistake(
    "You put the states through a function once more. They go into the output layer as they are.",
    lambda outputs, lengths, V, c: last_scores(np.tanh(outputs), lengths, V, c),
    lambda outputs, lengths, V, c: last_scores(np.maximum(outputs, 0), lengths, V, c),
)


def last_sign_of_life(outputs):
    """The states (B, H) at the last step whose first unit is not zero, else zeros."""
    alive = outputs[:, :, 0] != 0
    last = outputs.shape[1] - 1 - alive[:, ::-1].argmax(axis=1)
    return outputs[np.arange(len(outputs)), last] * alive.any(axis=1, keepdims=True)


last_scores.mistake(
    "You tell the last step by a number that is not zero. A real state may hold zeros: `lengths` says "
    "where it is.",
    lambda outputs, lengths, V, c: last_sign_of_life(outputs) @ V.T + c,
)
last_scores.mistake(
    "You return probabilities. The softmax belongs to the loss, and takes scores.",
    lambda outputs, lengths, V, c: softmax(last_scores(outputs, lengths, V, c)),
)
last_scores.mistake(
    "You add the classes up. Each sequence has K scores.",
    lambda outputs, lengths, V, c: last_scores(outputs, lengths, V, c).sum(axis=1),
)
last_scores.mistake(
    "Your rows are classes. The batch comes first: (B, K).",
    lambda outputs, lengths, V, c: last_scores(outputs, lengths, V, c).T,
)


def ragged_back(lengths: list[int], time: int, units: int, classes: int, seed: int = 0) -> dict:
    case = ragged(lengths, time, units, classes, seed)
    (d_scores,) = cases.normal((len(lengths), classes), seed=seed + 9)
    return {"d_scores": d_scores, "outputs": case["outputs"], "lengths": case["lengths"], "V": case["V"]}


@exercise(
    cases=lambda: [
        ragged_back([1, 2], 3, 2, 3),
        ragged_back([3, 5, 2], 5, 4, 2),
        ragged_back([4, 2, 3], 6, 2, 5, seed=1),
        ragged_back([2, 1, 3, 2, 1], 3, 4, 6),
    ],
    praise="A step that no score has read gets no gradient: all pushes enter at the last real steps.",
    see="The repair",
    parts=("d_outputs", "dV", "dc"),
)
def last_scores_backward(d_scores, outputs, lengths, V):
    """d_outputs (B, T, H), dV (K, H) and dc (K,) from d_scores (B, K), for scores = last @ V.T + c."""
    rows, steps = np.arange(len(outputs)), lengths - 1
    d_outputs = np.zeros_like(outputs)
    d_outputs[rows, steps] = d_scores @ V
    return d_outputs, d_scores.T @ outputs[rows, steps], d_scores.sum(axis=0)


def placed(d_last, outputs, where):
    """d_last (B, H) at the places of the table `where` (B, T), zero elsewhere."""
    return np.where(where[:, :, None], d_last[:, None], 0.0)


def numbers(outputs):
    return np.arange(outputs.shape[1])


def everywhere(outputs, lengths):
    return np.ones(outputs.shape[:2])


def last_column(outputs, lengths):
    return 1.0 * np.tile(numbers(outputs) == outputs.shape[1] - 1, (len(outputs), 1))


def real(outputs, lengths):
    return 1.0 * (numbers(outputs) < lengths[:, None])


def one_late(outputs, lengths):
    return 1.0 * (numbers(outputs) == lengths[:, None])


def one_late_within(outputs, lengths):
    return 1.0 * (numbers(outputs) == np.minimum(lengths, outputs.shape[1] - 1)[:, None])


def one_early(outputs, lengths):
    return 1.0 * (numbers(outputs) == (lengths[:, None] - 2) % outputs.shape[1])


def one_early_within(outputs, lengths):
    return 1.0 * (numbers(outputs) == np.maximum(lengths[:, None] - 2, 0))


def read_at(*tables, mean=False):
    """Answers that take these tables (B, T) for what was read: in d_outputs, in dV, and in both."""

    def answers(table):
        def weights(outputs, lengths):
            read = table(outputs, lengths)
            return read / read.sum(axis=1, keepdims=True) if mean else read

        def d_outputs(d_scores, outputs, lengths, V):
            return (d_scores @ V)[:, None] * weights(outputs, lengths)[:, :, None]

        def dV(d_scores, outputs, lengths, V):
            return d_scores.T @ (outputs * weights(outputs, lengths)[:, :, None]).sum(axis=1)

        return (
            lambda *case: (d_outputs(*case), *last_scores_backward(*case)[1:]),
            lambda *case: (last_scores_backward(*case)[0], dV(*case), last_scores_backward(*case)[2]),
            lambda *case: (d_outputs(*case), dV(*case), last_scores_backward(*case)[2]),
        )

    return [answer for table in tables for answer in answers(table)]


last_scores_backward.mistake(
    "You take the last column for what was read. A shorter sequence has only padding there.",
    *read_at(last_column),
)
last_scores_backward.mistake(
    "You take every real step for what was read. It was the last one alone.",
    *read_at(real),
    *read_at(real, mean=True),
)
last_scores_backward.mistake(
    "You take every step for what was read, padding included. It was each sequence's last real step alone.",
    read_at(everywhere)[0],
    *read_at(everywhere, mean=True),
)
last_scores_backward.mistake(
    "You are one step too late: the last of n steps has the number n - 1.",
    *read_at(one_late),
    *read_at(one_late_within)[::2],  # its dV alone is that of the last column
    lambda *case: read_by_lengths(*case),
)


def read_by_lengths(d_scores, outputs, lengths, V):
    """As late, with an index that a full sequence does not have."""
    rows, d_outputs = np.arange(len(outputs)), np.zeros_like(outputs)
    d_outputs[rows, lengths] = d_scores @ V
    return d_outputs, d_scores.T @ outputs[rows, lengths], d_scores.sum(axis=0)


last_scores_backward.mistake(
    "You are one step too early: the last of n steps has the number n - 1.",
    *read_at(one_early),
    *read_at(one_early_within),
)
last_scores_backward.mistake(
    "For all sequences your gradient enters at the last steps of all. Pair each row with its own step.",
    lambda d_scores, outputs, lengths, V: placed(
        d_scores @ V, outputs, np.tile(np.isin(numbers(outputs), lengths - 1), (len(outputs), 1))
    ),
    part=0,
)
last_scores_backward.mistake(
    "Your d_outputs has no axis of time. It has the shape of outputs, with zeros where nothing was read.",
    lambda d_scores, outputs, lengths, V: d_scores @ V,
    part=0,
)
last_scores_backward.mistake(
    "Your dV is transposed: a gradient has the shape of what it belongs to, (K, H).",
    lambda d_scores, outputs, lengths, V: at(outputs, lengths - 1).T @ d_scores,
    part=1,
)


def shared(d_scores, outputs, lengths, V, share_V, share_c):
    d_outputs, dV, dc = last_scores_backward(d_scores, outputs, lengths, V)
    return d_outputs, dV / share_V, dc / share_c


last_scores_backward.mistake(
    "You average over the batch. The loss's own mean is in d_scores already: what all sequences say adds up.",
    lambda d_scores, *rest: [part / len(d_scores) for part in last_scores_backward(d_scores, *rest)],
    lambda d_scores, *rest: shared(d_scores, *rest, len(d_scores), len(d_scores)),
    lambda d_scores, *rest: shared(d_scores, *rest, len(d_scores), 1),
    lambda d_scores, *rest: shared(d_scores, *rest, 1, len(d_scores)),
)
last_scores_backward.mistake(
    "Your dc still has the batch. All sequences share the bias: what they say of it adds up.",
    lambda d_scores, outputs, lengths, V: d_scores,
    part=2,
)
last_scores_backward.mistake(
    "You add up the classes in dc. Each class has a bias of its own, told by all sequences.",
    lambda d_scores, outputs, lengths, V: d_scores.sum(axis=1),
    lambda d_scores, outputs, lengths, V: d_scores.sum(),
    lambda d_scores, outputs, lengths, V: d_scores.sum(axis=1, keepdims=True),
    part=2,
)


def of_one_row(d_scores, outputs, lengths, V, row, keep_dV, keep_dc):
    """The weights' gradients as one sequence alone gives them, where they are not kept."""
    d_outputs, dV, dc = last_scores_backward(d_scores, outputs, lengths, V)
    _, dV_alone, dc_alone = last_scores_backward(d_scores[[row]], outputs[[row]], lengths[[row]], V)
    return d_outputs, dV if keep_dV else dV_alone, dc if keep_dc else dc_alone


last_scores_backward.mistake(
    "Only one sequence is left in your dV: each overwrites what came before. What all of them say adds up.",
    lambda *case: of_one_row(*case, -1, False, True),
    lambda *case: of_one_row(*case, 0, False, True),
)
last_scores_backward.mistake(
    "Only one sequence is left in your dc: each overwrites what came before. What all of them say adds up.",
    lambda *case: of_one_row(*case, -1, True, False),
    lambda *case: of_one_row(*case, 0, True, False),
)
last_scores_backward.mistake(
    "Only one sequence is left in your dV and dc: each overwrites what came before. What all say adds up.",
    lambda *case: of_one_row(*case, -1, False, False),
    lambda *case: of_one_row(*case, 0, False, False),
)


def beside_the_outputs(d_scores, outputs, lengths, V, kept, added=0.0):
    """The gradient put into `kept`, which holds the outputs."""
    rows, steps = np.arange(len(outputs)), lengths - 1
    _, dV, dc = last_scores_backward(d_scores, outputs, lengths, V)
    kept[rows, steps] = d_scores @ V + added * kept[rows, steps]
    return kept, dV, dc


last_scores_backward.mistake(
    "You write the gradient into `outputs`, which belongs to the caller. Begin with a new array of zeros.",
    lambda *case: beside_the_outputs(*case, case[1]),
    lambda *case: beside_the_outputs(*case, case[1], 1.0),
    # As before, and dV reads what has been written over.
    lambda *case: over_the_states(*case, case[1]),
)
last_scores_backward.mistake(
    "Your d_outputs begins as a copy of the outputs, which are left in it. Begin with zeros.",
    lambda *case: beside_the_outputs(*case, case[1].copy()),
    lambda *case: beside_the_outputs(*case, case[1].copy(), 1.0),
    lambda *case: over_the_states(*case, case[1].copy()),
)


def over_the_states(d_scores, outputs, lengths, V, kept):
    d_outputs, _, dc = beside_the_outputs(d_scores, outputs, lengths, V, kept)
    return d_outputs, d_scores.T @ d_outputs[np.arange(len(outputs)), lengths - 1], dc


last_scores_backward.mistake(
    "Your gradient goes on through a tanh. d_outputs stops at the outputs, and they enter V as they are.",
    lambda d_scores, outputs, lengths, V: (
        last_scores_backward(d_scores, outputs, lengths, V)[0] * (1 - outputs**2)
    ),
    part=0,
)
last_scores_backward.mistake(
    "Your dV keeps the batch. All sequences share V: what they say of it adds up.",
    lambda *case: (last_scores_backward(*case)[0], each_dV(*case), last_scores_backward(*case)[2]),
    lambda *case: (last_scores_backward(*case)[0], each_dV(*case), case[0]),
)


def each_dV(d_scores, outputs, lengths, V):
    return d_scores[:, :, None] * at(outputs, lengths - 1)[:, None]


last_scores_backward.mistake(
    "Your d_outputs have not gone through V: what the scores are told is K numbers, and a state has H.",
    lambda d_scores, outputs, lengths, V: placed(
        np.ones((len(outputs), V.shape[1])), outputs, last(outputs, lengths)
    ),
    lambda d_scores, outputs, lengths, V: placed(
        np.tile(V.sum(axis=0), (len(outputs), 1)), outputs, last(outputs, lengths)
    ),
    lambda d_scores, outputs, lengths, V: (
        np.where(last(outputs, lengths)[:, :, None], d_scores.sum(axis=1)[:, None, None], 0.0)
        * np.ones(V.shape[1])
    ),
    part=0,
)
last_scores_backward.mistake(
    "Your dc says nothing of the loss: it is the same number for each class. The bias is told what its score "
    "is told.",
    lambda d_scores, outputs, lengths, V: np.ones(len(V)),
    lambda d_scores, outputs, lengths, V: np.full(len(V), len(outputs)),
    part=2,
)


def last(outputs, lengths):
    return numbers(outputs) == lengths[:, None] - 1
