import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("01-background/02-jordan-1986.ipynb")

CORNERS = {"a": (-1.0, -1.0), "b": (-1.0, 1.0), "c": (1.0, 1.0), "d": (1.0, -1.0)}


def path(corners: str, decay: float) -> dict:
    return {"targets": np.array([CORNERS[corner] for corner in corners]), "decay": decay}


@exercise(
    cases=lambda: [
        {"targets": np.array([[1.0], [1.0], [0.0]]), "decay": 0.0},
        path("aabbccdd", 0.0),
        path("acacbdbd", 0.0),
        path("abcdacbd", 1.0),
        path("acacbdbd", 0.5),
        path("abcdabcd", 1.0),
        path("bacaadba", 0.0),
        {"targets": np.array([[2.0], [-1.0], [-1.0], [2.0], [-2.0], [1.0], [2.0]]), "decay": 1.0},
        {"targets": np.array([[1.0], [-0.5], [1.0], [-0.5], [0.0], [2.0]]), "decay": 0.5},
        {"targets": np.array([[3.0, 1.0, 2.0]]), "decay": 0.7},
        {"targets": np.array([[0.1], [0.2], [-0.3], [0.5]]), "decay": 1.0},  # 0.1 + 0.2 - 0.3 is not quite 0
        {"targets": np.array([[1.0], [0.3], [2.0], [0.1 + 0.2], [0.0]]), "decay": 0.0},
        {"targets": np.array([[1000.0], [1000.001], [2.0]]), "decay": 0.0},
        {"targets": np.array([[2.0], [1000.0], [2.0], [1000.001], [2.0]]), "decay": 0.0},
        {"targets": np.array([[1.0], [0.3], [1.0], [0.1 + 0.2], [1.0]]), "decay": 0.0},
        {"targets": np.array([[1.0], [1.0], [1.000000005], [2.0]]), "decay": 0.0},
    ],
    praise="Where two steps see the same state and must act differently, no weights can do it.",
    see="Teacher forcing",
)
def conflicts(targets, decay):
    """How many pairs of steps see the same state (to 1e-9) and have different targets (T, K)."""
    states = [np.zeros(targets.shape[1])]
    for action in targets[:-1]:
        states.append(decay * states[-1] + action)
    alike = lambda a, b: np.allclose(a, b, rtol=0, atol=1e-9)
    return sum(
        alike(states[t], states[u]) and not alike(targets[t], targets[u])
        for u in range(len(targets))
        for t in range(u)
    )


def states_before(targets, decay):
    states = [np.zeros(targets.shape[1])]
    for action in targets[:-1]:
        states.append(decay * states[-1] + action)
    return np.array(states)


def near(a, b):
    return np.abs(a - b) < 1e-9


def clashes(states, targets, same=np.all, differ=np.any, near_states=near, near_targets=near):
    """The pairs (t, u), t < u, of the same state and different targets."""
    return [
        (t, u)
        for u in range(len(targets))
        for t in range(u)
        if same(near_states(states[t], states[u])) and differ(~near_targets(targets[t], targets[u]))
    ]


conflicts.mistake(
    "Your state already holds the action of its own step; before a step only past actions are known.",
    lambda targets, decay: len(
        clashes(states_before(np.concatenate([targets, targets[:1]]), decay)[1:], targets)
    ),
)
conflicts.mistake(
    "Nothing decays in your states: `decay` of the old state is kept, and you keep all.",
    lambda targets, decay: conflicts(targets, 1.0),
)
conflicts.mistake(
    "Your state is the last action alone; older actions live on in it, each weaker than the next.",
    lambda targets, decay: conflicts(targets, 0.0),
)
conflicts.mistake(
    "You also count two steps that see the same state and do the same; they are no conflict.",
    lambda targets, decay: len(clashes(states_before(targets, decay), targets, differ=lambda parts: True)),
)
conflicts.mistake(
    "Each pair is counted twice: (t, u) and (u, t) are one pair.",
    lambda targets, decay: 2 * conflicts(targets, decay),
)
conflicts.mistake(
    "You compare each step with the next one only; any two steps may be in conflict.",
    lambda targets, decay: sum(u == t + 1 for t, u in clashes(states_before(targets, decay), targets)),
)
conflicts.mistake(
    "You count the steps that are in conflict; the pairs are asked for.",
    lambda targets, decay: len(
        {step for pair in clashes(states_before(targets, decay), targets) for step in pair}
    ),
    lambda targets, decay: len({u for _, u in clashes(states_before(targets, decay), targets)}),
)
conflicts.mistake(
    "Two states are the same only if all their numbers agree; one is enough in your answer.",
    lambda targets, decay: len(clashes(states_before(targets, decay), targets, same=np.any)),
)
conflicts.mistake(
    "Two actions differ as soon as one of their numbers does; in your answer all must.",
    lambda targets, decay: len(clashes(states_before(targets, decay), targets, differ=np.all)),
)
conflicts.mistake(
    "You say whether there is a conflict; how many there are is asked for.",
    lambda targets, decay: conflicts(targets, decay) > 0,
)
conflicts.mistake(
    "The first step is missing: it sees the state zero, and may be in conflict too.",
    lambda targets, decay: len(clashes(states_before(targets, decay)[1:], targets[1:])),
)


@conflicts.mistake("The targets are not compared: you look for steps of equal targets and unequal states.")
def turned_round(targets, decay):
    return len(clashes(targets, states_before(targets, decay)))


def lesson(steps: int, inputs: int, units: int, actions: int, decay: float, seed: int = 0) -> dict:
    shapes = (
        (inputs,),
        (steps, actions),
        (units, inputs),
        (units, actions),
        (units,),
        (actions, units),
        (actions,),
    )
    names = ("plan", "targets", "W", "U", "b", "V", "c")
    return dict(zip(names, cases.normal(*shapes, seed=seed), strict=True)) | {"decay": decay}


@exercise(
    cases=lambda: [
        lesson(2, 1, 2, 1, 0.5),
        lesson(5, 3, 4, 2, 0.8),
        lesson(4, 2, 3, 3, 0.3, seed=1),
        lesson(6, 4, 2, 3, 0.6, seed=2),
    ],
    parts=("the errors with the teacher", "the errors alone"),
    praise="The first step is the same for both; after that the network alone lives with its own mistakes.",
    see="What forcing hides",
)
def guided_and_alone(plan, targets, W, U, b, V, c, decay):
    """The largest error (T,) of each step's action with the teacher's states, and (T,) when it runs alone."""

    def errors(forced):
        s, found = np.zeros(len(c)), []
        for right in targets:
            y = V @ np.tanh(W @ plan + U @ s + b) + c
            found.append(np.abs(y - right).max())
            s = decay * s + (right if forced else y)
        return np.array(found)

    return errors(True), errors(False)


def decayed(s, action, decay):
    return decay * s + action


def largest(y, right):
    return np.abs(y - right).max()


def errors(
    case, forced, renew=decayed, measure=largest, g=lambda y: y, plan_once=False, early=False, feed=None
):
    """The errors of one of the two runs, with one thing done in another way.

    early: the teacher's action enters the state before its own step.
    """
    plan, targets, W, U, b, V, c, decay = case
    s, found = np.zeros(len(c)), []
    for t, right in enumerate(targets):
        if early:
            s = renew(s, right, decay)
        y = g(V @ np.tanh(W @ (0 * plan if plan_once and t else plan) + U @ s + b) + c)
        found.append(measure(y, right))
        if not early:
            s = renew(s, feed(y, right) if feed else right if forced else y, decay)
    return np.array(found)


def both(*case, **changes):
    return errors(case, True, **changes), errors(case, False, **changes)


guided_and_alone.mistake(
    "The two results are exchanged: the errors with the teacher come first.",
    lambda *case: both(*case)[::-1],
)
guided_and_alone.mistake(
    "The network alone is still fed the teacher's actions.", lambda *case: errors(case, True), part=1
)
guided_and_alone.mistake(
    "With the teacher, too, your network is fed its own actions.", lambda *case: errors(case, False), part=0
)
guided_and_alone.mistake(
    "The errors of one step's action are pooled; the largest of them is asked for.",
    lambda *case: both(*case, measure=lambda y, right: np.abs(y - right).sum()),
    lambda *case: both(*case, measure=lambda y, right: np.linalg.norm(y - right)),
    lambda *case: both(*case, measure=lambda y, right: np.abs(y - right).mean()),
    lambda *case: both(*case, measure=lambda y, right: np.sqrt(((y - right) ** 2).mean())),
)
guided_and_alone.mistake(
    "You take the errors with their signs; the largest may be a negative one: take sizes.",
    lambda *case: both(*case, measure=lambda y, right: (y - right).max()),
    lambda *case: both(*case, measure=lambda y, right: (right - y).max()),
)
guided_and_alone.mistake(
    "Your errors are squared.", lambda *case: both(*case, measure=lambda y, right: ((y - right) ** 2).max())
)
guided_and_alone.mistake(
    "You give one error for the whole run; each step has its own.",
    lambda *case: tuple(found.max() for found in both(*case)),
)
guided_and_alone.mistake(
    "All numbers of all actions are there; of each step only the largest error is asked for.",
    lambda *case: both(*case, measure=lambda y, right: np.abs(y - right)),
)
guided_and_alone.mistake(
    "Your output is squeezed; here it is V h + c as it stands.", lambda *case: both(*case, g=np.tanh)
)
guided_and_alone.mistake(
    "In your answer the old state stays whole; only `decay` of it should.",
    lambda *case: both(*case, renew=lambda s, action, decay: s + action),
)
guided_and_alone.mistake(
    "You throw the old state away; `decay` of it should stay.",
    lambda *case: both(*case, renew=lambda s, action, decay: action),
)
guided_and_alone.mistake(
    "The action that comes in is added whole; only the old state decays.",
    lambda *case: both(*case, renew=lambda s, action, decay: decay * (s + action)),
    lambda *case: both(*case, renew=lambda s, action, decay: decay * s + (1 - decay) * action),
    lambda *case: both(*case, renew=lambda s, action, decay: (1 - decay) * s + decay * action),
)
guided_and_alone.mistake(
    "In your answer the plan is there at the first step only; it should stay throughout.",
    lambda *case: both(*case, plan_once=True),
)
guided_and_alone.mistake(
    "Your teacher shows the action of the very step that it asks for: a state holds past actions only.",
    lambda *case: errors(case, True, early=True),
    part=0,
)
guided_and_alone.mistake(
    "Your state stays zero: nothing feeds back.",
    lambda *case: both(*case, renew=lambda s, action, decay: s),
)


conflicts.mistake(
    "The action that comes in is added whole; you decay it with the rest.",
    lambda targets, decay: len(clashes(decay * states_before(targets, decay), targets)),
)
guided_and_alone.mistake(
    "You feed back the error of the action; the action itself is fed back.",
    lambda *case: errors(case, False, feed=lambda y, right: y - right),
    lambda *case: errors(case, False, feed=lambda y, right: right - y),
    part=1,
)


@guided_and_alone.mistake(
    "Your second run begins where the first one ended; each begins with the state zero."
)
def state_is_kept(plan, targets, W, U, b, V, c, decay):
    s, found = np.zeros(len(c)), []
    for forced in (True, False):
        for right in targets:
            y = V @ np.tanh(W @ plan + U @ s + b) + c
            found.append(largest(y, right))
            s = decay * s + (right if forced else y)
    return np.array(found[: len(targets)]), np.array(found[len(targets) :])


def compared(near_states, near_targets):
    """Counts the conflicts with other comparisons of numbers."""
    return lambda targets, decay: len(
        clashes(states_before(targets, decay), targets, near_states=near_states, near_targets=near_targets)
    )


def within(tolerance):
    return lambda a, b: np.abs(a - b) <= tolerance


def relative(a, b):
    return np.isclose(a, b, atol=1e-9)


conflicts.mistake(
    "You compare the states exactly; two that differ by rounding only, by less than 1e-9, are the same.",
    compared(np.equal, near),
)
conflicts.mistake(
    "You compare the targets exactly; two that differ by rounding only, by less than 1e-9, are the same.",
    compared(near, np.equal),
)
conflicts.mistake(
    "You compare exactly; what differs by rounding only, by less than 1e-9, is the same.",
    compared(np.equal, np.equal),
)
conflicts.mistake(
    "Your tolerance grows with the numbers, as that of np.allclose does; 1e-9 is meant as it stands: rtol=0.",
    *(
        compared(*pair)
        for loose in (np.isclose, relative)
        for pair in ((loose, near), (near, loose), (loose, loose))
    ),
    compared(np.isclose, np.equal),
    compared(relative, np.equal),
)
conflicts.mistake(
    "Your tolerance is wider than 1e-9, as the atol of np.allclose is if you do not set it.",
    *(
        compared(*pair)
        for wide in map(within, (1e-8, 1e-7, 1e-6, 1e-5))
        for pair in ((wide, near), (near, wide), (wide, wide), (wide, np.equal))
    ),
)
