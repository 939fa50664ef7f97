"""Exercises of chapters/04-mathematics/02-backpropagation-through-time.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.mathematics import backpropagation_through_time as solutions

NOTEBOOK = "04-mathematics/02-backpropagation-through-time.ipynb"


def states_between_0_and_1(batch: int, time: int, units: int) -> dict[str, np.ndarray]:
    d_h, z, U = cases.normal((batch, time, units), (batch, time, units), (units, units))
    return {"d_h": d_h, "h": (1 / (1 + np.exp(-z))).round(2), "U": U}


sigmoid_deltas = Exercise(
    solutions.sigmoid_deltas,
    notebook=NOTEBOOK,
    cases=lambda: [states_between_0_and_1(1, 2, 2), states_between_0_and_1(2, 4, 3)],
    praise="The recursion stays. Only the slope is new: at most a quarter, where tanh has at most 1.",
)


def going_back(d_h, h, U, slope=None, passed_on=None):
    """The recursion of the solution with another slope, or with something else passed on."""
    delta = np.zeros_like(h)
    back = np.zeros_like(h[:, 0])
    for t in reversed(range(h.shape[1])):
        h_t, dh = h[:, t], d_h[:, t] + back
        delta[:, t] = dh * (slope(h_t) if slope else h_t * (1 - h_t))
        back = passed_on(dh, delta[:, t], back) if passed_on else delta[:, t] @ U
    return delta


@sigmoid_deltas.mistake(
    "The derivative of the nonlinearity is missing: that is dL/dh, and delta is dL/dz.",
    see="One step first: the last one",
)
def without_the_slope(d_h, h, U):
    return going_back(d_h, h, U, slope=np.ones_like)


@sigmoid_deltas.mistake(
    "1 - h**2 is the slope of tanh; the sigmoid's is h * (1 - h).", see="One step first: the last one"
)
def slope_of_tanh(d_h, h, U):
    return going_back(d_h, h, U, slope=lambda h_t: 1 - h_t**2)


@sigmoid_deltas.mistake(
    "U is transposed: going back, unit j collects from all units k that heard it, delta @ U.",
    see="The recursion",
)
def transposed_on_the_way_back(d_h, h, U):
    return going_back(d_h, h, U.T)


@sigmoid_deltas.mistake(
    "Nothing comes back from later steps: you take the immediate derivative for the total one.",
    see="Two kinds of derivative",
)
def immediate_only(d_h, h, U):
    return d_h * h * (1 - h)


@sigmoid_deltas.mistake(
    "What comes back to h_t is delta_{t+1} U; you send dL/dh_{t+1} U, without the slope on the way.",
    see="The recursion",
)
def slope_off_the_path(d_h, h, U):
    return going_back(d_h, h, U, passed_on=lambda dh, delta, back: dh @ U)


@sigmoid_deltas.mistake(
    "Your loop runs forward in time; what comes back comes from later steps.", see="The recursion"
)
def forward_in_time(d_h, h, U):
    return going_back(d_h[:, ::-1], h[:, ::-1], U)[:, ::-1]


@sigmoid_deltas.mistake(
    "The first step is left out: the recursion runs down to t = 1, which Python counts as 0.",
    see="The recursion",
)
def stops_one_short(d_h, h, U):
    delta = going_back(d_h, h, U)
    delta[:, 0] = 0
    return delta


@sigmoid_deltas.mistake(
    "You keep adding into the same `back`: each step passes on its own delta @ U and nothing older.",
    see="The recursion",
)
def piles_up(d_h, h, U):
    return going_back(d_h, h, U, passed_on=lambda dh, delta, back: back + delta @ U)


def deltas_and_activities(batch: int, time: int, inputs: int, units: int) -> dict[str, np.ndarray]:
    steps = (batch, time, units)
    return cases.named(delta=steps, x=(batch, time, inputs), h=steps, h_0=(batch, units))


weight_gradients = Exercise(
    solutions.weight_gradients,
    notebook=NOTEBOOK,
    cases=lambda: [
        deltas_and_activities(1, 2, 2, 2),
        deltas_and_activities(3, 2, 2, 2),
        deltas_and_activities(2, 4, 2, 3),
    ],
    praise="Error at the target times activity at the source, over all steps and sequences: claim 4.2.",
)


@weight_gradients.mistake(
    "For dL/dU you meet delta_t with h_t; its source is the state that U reads, h_{t-1}.",
    see="One step first: the last one",
)
def own_state(delta, x, h, h_0):
    dW, _, db = solutions.weight_gradients(delta, x, h, h_0)
    return dW, np.einsum("bth,btj->hj", delta, h), db


@weight_gradients.mistake(
    "The first step reads h_0, and its share of dL/dU is missing.", see="One weight, many copies"
)
def without_the_start(delta, x, h, h_0):
    return solutions.weight_gradients(delta, x, h, np.zeros_like(h_0))


@weight_gradients.mistake(
    "The gradients are those of the last step alone: a shared weight sums over all its uses.",
    see="One weight, many copies",
)
def last_step_only(delta, x, h, h_0):
    return solutions.weight_gradients(
        delta[:, -1:], x[:, -1:], h[:, -1:], h[:, -2] if h.shape[1] > 1 else h_0
    )


@weight_gradients.mistake(
    "dL/db is not summed over the batch: b is one vector for all sequences, so all of them add to it.",
    see="The whole backward pass",
)
def bias_per_sequence(delta, x, h, h_0):
    dW, dU, _ = solutions.weight_gradients(delta, x, h, h_0)
    return dW, dU, delta.sum(axis=1)


@weight_gradients.mistake(
    "You average over the batch. The loss is a sum over sequences, and so is its gradient.",
    see="The whole backward pass",
)
def mean_over_the_batch(delta, x, h, h_0):
    return tuple(gradient / len(x) for gradient in solutions.weight_gradients(delta, x, h, h_0))


@weight_gradients.mistake(
    "You average over the steps. A shared weight acts at every step, and the effects add up.",
    see="One weight, many copies",
)
def mean_over_time(delta, x, h, h_0):
    return tuple(gradient / x.shape[1] for gradient in solutions.weight_gradients(delta, x, h, h_0))


@weight_gradients.mistake(
    "The gradients lie on their side: a gradient has the shape of its weight, with targets in rows.",
    see="One step first: the last one",
)
def on_their_side(delta, x, h, h_0):
    dW, dU, db = solutions.weight_gradients(delta, x, h, h_0)
    return dW.T, dU.T, db


def states_and_targets(batch: int, time: int, units: int, outputs: int) -> dict[str, np.ndarray]:
    readout = {"V": (outputs, units), "c": (outputs,)}
    return cases.named(h=(batch, time, units), y=(batch, time, outputs), **readout)


readout_gradients = Exercise(
    solutions.readout_gradients,
    notebook=NOTEBOOK,
    cases=lambda: [
        states_and_targets(1, 2, 2, 2),
        states_and_targets(3, 2, 2, 2),
        states_and_targets(2, 4, 3, 2),
    ],
    praise="The recursion takes this immediate derivative, and never asks where it came from.",
)


@readout_gradients.mistake(
    "The derivative of half a square is output minus target; you subtract the other way.",
    see="One step first: the last one",
)
def target_minus_output(h, y, V, c):
    return tuple(-gradient for gradient in solutions.readout_gradients(h, y, V, c))


@readout_gradients.mistake("The bias c is missing in the output.", see="A tiny network and its loss")
def without_c(h, y, V, c):
    return solutions.readout_gradients(h, y, V, np.zeros_like(c))


@readout_gradients.mistake(
    "V is transposed in the immediate derivative: h_t[j] collects from all outputs that read it, error @ V.",
    see="One step first: the last one",
)
def transposed_readout(h, y, V, c):
    _, dV, dc = solutions.readout_gradients(h, y, V, c)
    return (h @ V.T + c - y) @ V.T, dV, dc


@readout_gradients.mistake(
    "dL/dV is the last step's alone; V is used at every step, and the shares add up.",
    see="One weight, many copies",
)
def last_output_only(h, y, V, c):
    d_h, _, dc = solutions.readout_gradients(h, y, V, c)
    return d_h, solutions.readout_gradients(h[:, -1:], y[:, -1:], V, c)[1], dc


@readout_gradients.mistake(
    "Half a square has the derivative 1 times the error: your gradients carry a factor 2.",
    see="One step first: the last one",
)
def twice(h, y, V, c):
    return tuple(2 * gradient for gradient in solutions.readout_gradients(h, y, V, c))


@readout_gradients.mistake(
    "The slope of tanh belongs to the step from h_t to z_t; the immediate derivative d_h ends at h_t.",
    see="Two kinds of derivative",
)
def slope_too_early(h, y, V, c):
    d_h, dV, dc = solutions.readout_gradients(h, y, V, c)
    return d_h * (1 - h**2), dV, dc


@readout_gradients.mistake(
    "dL/dc is not summed over the batch: c is one vector for all sequences.", see="The whole backward pass"
)
def readout_bias_per_sequence(h, y, V, c):
    d_h, dV, _ = solutions.readout_gradients(h, y, V, c)
    return d_h, dV, (h @ V.T + c - y).sum(axis=1)
