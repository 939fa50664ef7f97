"""Exercises of chapters/01-background/02-jordan-1986.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.background import jordan_1986 as solutions

NOTEBOOK = "01-background/02-jordan-1986.ipynb"

NETWORK, FORCING = "The network", "Teacher forcing"


def lesson(time: int, actions: int, decay: float) -> dict:
    return {"targets": cases.normal((time, actions))[0], "decay": decay}


forced_states = Exercise(
    solutions.forced_states,
    notebook=NOTEBOOK,
    cases=lambda: [lesson(3, 1, 0.5), lesson(5, 2, 0.8), lesson(4, 2, 0.0)],
    praise="All states are known before training starts: forcing cuts the loop.",
)


@forced_states.mistake(
    "The state already holds the action of its own step; only past actions feed back.", see=NETWORK
)
def holds_the_present(targets, decay):
    s, states = np.zeros(targets.shape[1]), []
    for action in targets:
        s = decay * s + action
        states.append(s)
    return np.array(states)


@forced_states.mistake(
    "Nothing decays: each state keeps a part of its old value, and you keep all.", see=NETWORK
)
def without_decay(targets, decay):
    return solutions.forced_states(targets, 1.0)


@forced_states.mistake(
    "Only the last action is kept; the older ones live on, each weaker than the next.", see=NETWORK
)
def last_action_only(targets, decay):
    return solutions.forced_states(targets, 0.0)


@forced_states.mistake("You decay the action that comes in, too.", see=NETWORK)
def decays_the_new(targets, decay):
    states = [np.zeros(targets.shape[1])]
    for action in targets[:-1]:
        states.append(decay * (states[-1] + action))
    return np.array(states)


@forced_states.mistake(
    "You mix old and new with weights that sum to one; Jordan adds the whole action to the decayed state.",
    see=NETWORK,
)
def running_mean(targets, decay):
    return (1 - decay) * solutions.forced_states(targets, decay)


@forced_states.mistake("There is one state too many: the last one comes after the last step.", see=FORCING)
def one_state_more(targets, decay):
    padded = np.concatenate([targets, targets[-1:]])
    return solutions.forced_states(padded, decay)


def performer(steps: int, inputs: int, units: int, actions: int, decay: float) -> dict:
    shapes = (inputs,), (units, inputs), (units, actions), (units,), (actions, units), (actions,)
    plan, W, U, b, V, c = cases.normal(*shapes)
    return {"plan": plan, "steps": steps, "W": W, "U": U, "b": b, "V": V, "c": c, "decay": decay}


run_freely = Exercise(
    solutions.run_freely,
    notebook=NOTEBOOK,
    cases=lambda: [performer(2, 2, 2, 2, 0.5), performer(4, 3, 4, 2, 0.8), performer(5, 2, 3, 3, 0.3)],
    praise="One unchanging plan becomes a sequence, because the network sees what it has just done.",
)


def performing(plan, steps, W, U, b, V, c, renew, start_plan_only=False):
    s, actions = np.zeros(U.shape[1]), []
    for t in range(steps):
        x = plan if t == 0 or not start_plan_only else 0 * plan
        h = np.tanh(W @ x + U @ s + b)
        y = V @ h + c
        actions.append(y)
        s = renew(s, y)
    return np.array(actions)


@run_freely.mistake(
    "The actions do not feed back: the state stays zero, and every action is the same.", see=NETWORK
)
def no_feedback(plan, steps, W, U, b, V, c, decay):
    return performing(plan, steps, W, U, b, V, c, lambda s, y: s)


@run_freely.mistake("The old state is thrown away; a part of it, `decay`, stays.", see=NETWORK)
def state_replaced(plan, steps, W, U, b, V, c, decay):
    return performing(plan, steps, W, U, b, V, c, lambda s, y: y)


@run_freely.mistake("The old state stays whole; only `decay` of it does.", see=NETWORK)
def state_kept_whole(plan, steps, W, U, b, V, c, decay):
    return performing(plan, steps, W, U, b, V, c, lambda s, y: s + y)


@run_freely.mistake("The plan is there at the first step only; it stays the same throughout.", see=NETWORK)
def plan_once(plan, steps, W, U, b, V, c, decay):
    return performing(plan, steps, W, U, b, V, c, lambda s, y: decay * s + y, start_plan_only=True)


@run_freely.mistake("You squeeze the actions; the output is V h + c as it stands.", see=NETWORK)
def actions_squeezed(plan, steps, W, U, b, V, c, decay):
    s, actions = np.zeros(len(c)), []
    for _ in range(steps):
        y = np.tanh(V @ np.tanh(W @ plan + U @ s + b) + c)
        actions.append(y)
        s = decay * s + y
    return np.array(actions)


@run_freely.mistake("You return the states; the actions are asked for.", see=NETWORK)
def returns_states(plan, steps, W, U, b, V, c, decay):
    actions = solutions.run_freely(plan, steps, W, U, b, V, c, decay)
    return solutions.forced_states(actions, decay)
