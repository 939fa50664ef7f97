import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("01-background/02-jordan-1986.ipynb")


def lesson(time: int, actions: int, decay: float) -> dict:
    return {"targets": cases.normal((time, actions))[0], "decay": decay}


@exercise(
    cases=lambda: [lesson(3, 1, 0.5), lesson(5, 2, 0.8), lesson(4, 2, 0.0)],
    praise="All states are known before training starts: forcing cuts the loop.",
    see="The network",
)
def forced_states(targets, decay):
    """The state s_t before each step (T, K), when the teacher's actions (T, K) are fed back; s_1 is zero."""
    states = [np.zeros(targets.shape[1])]
    for action in targets[:-1]:
        states.append(decay * states[-1] + action)
    return np.array(states)


@forced_states.mistake("The state already holds the action of its own step; only past actions feed back.")
def holds_the_present(targets, decay):
    s, states = np.zeros(targets.shape[1]), []
    for action in targets:
        s = decay * s + action
        states.append(s)
    return np.array(states)


forced_states.mistake(
    "Nothing decays: each state keeps a part of its old value, and you keep all.",
    lambda targets, decay: forced_states(targets, 1.0),
)
forced_states.mistake(
    "Only the last action is kept; the older ones live on, each weaker than the next.",
    lambda targets, decay: forced_states(targets, 0.0),
)


@forced_states.mistake("You decay the action that comes in, too.")
def decays_the_new(targets, decay):
    states = [np.zeros(targets.shape[1])]
    for action in targets[:-1]:
        states.append(decay * (states[-1] + action))
    return np.array(states)


forced_states.mistake(
    "You mix old and new with weights that sum to one; Jordan adds the whole action to the decayed state.",
    lambda targets, decay: (1 - decay) * forced_states(targets, decay),
)
forced_states.mistake(
    "There is one state too many: the last one comes after the last step.",
    lambda targets, decay: forced_states(np.concatenate([targets, targets[-1:]]), decay),
    see="Teacher forcing",
)


def performer(steps: int, inputs: int, units: int, actions: int, decay: float) -> dict:
    shapes = (inputs,), (units, inputs), (units, actions), (units,), (actions, units), (actions,)
    plan, W, U, b, V, c = cases.normal(*shapes)
    return {"plan": plan, "steps": steps, "W": W, "U": U, "b": b, "V": V, "c": c, "decay": decay}


@exercise(
    cases=lambda: [performer(2, 2, 2, 2, 0.5), performer(4, 3, 4, 2, 0.8), performer(5, 2, 3, 3, 0.3)],
    praise="One unchanging plan becomes a sequence, because the network sees what it has just done.",
    see="The network",
)
def run_freely(plan, steps, W, U, b, V, c, decay):
    """The actions (steps, K) of a Jordan network (tanh, output V h + c) that is fed its own actions."""
    s, actions = np.zeros(len(c)), []
    for _ in range(steps):
        y = V @ np.tanh(W @ plan + U @ s + b) + c
        actions.append(y)
        s = decay * s + y
    return np.array(actions)


def performing(plan, steps, W, U, b, V, c, renew, start_plan_only=False):
    s, actions = np.zeros(U.shape[1]), []
    for t in range(steps):
        x = plan if t == 0 or not start_plan_only else 0 * plan
        h = np.tanh(W @ x + U @ s + b)
        y = V @ h + c
        actions.append(y)
        s = renew(s, y)
    return np.array(actions)


run_freely.mistake(
    "The actions do not feed back: the state stays zero, and every action is the same.",
    lambda plan, steps, W, U, b, V, c, decay: performing(plan, steps, W, U, b, V, c, lambda s, y: s),
)
run_freely.mistake(
    "The old state is thrown away; a part of it, `decay`, stays.",
    lambda plan, steps, W, U, b, V, c, decay: performing(plan, steps, W, U, b, V, c, lambda s, y: y),
)
run_freely.mistake(
    "The old state stays whole; only `decay` of it does.",
    lambda plan, steps, W, U, b, V, c, decay: performing(plan, steps, W, U, b, V, c, lambda s, y: s + y),
)


@run_freely.mistake("The plan is there at the first step only; it stays the same throughout.")
def plan_once(plan, steps, W, U, b, V, c, decay):
    return performing(plan, steps, W, U, b, V, c, lambda s, y: decay * s + y, start_plan_only=True)


@run_freely.mistake("You squeeze the actions; the output is V h + c as it stands.")
def actions_squeezed(plan, steps, W, U, b, V, c, decay):
    s, actions = np.zeros(len(c)), []
    for _ in range(steps):
        y = np.tanh(V @ np.tanh(W @ plan + U @ s + b) + c)
        actions.append(y)
        s = decay * s + y
    return np.array(actions)


@run_freely.mistake("You return the states; the actions are asked for.")
def returns_states(plan, steps, W, U, b, V, c, decay):
    actions = run_freely(plan, steps, W, U, b, V, c, decay)
    return forced_states(actions, decay)
