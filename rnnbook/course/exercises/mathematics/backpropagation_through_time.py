import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("04-mathematics/02-backpropagation-through-time.ipynb")


def states_between_0_and_1(batch: int, time: int, units: int) -> dict[str, np.ndarray]:
    d_h, z, U = cases.normal((batch, time, units), (batch, time, units), (units, units))
    return {"d_h": d_h, "h": (1 / (1 + np.exp(-z))).round(2), "U": U}


@exercise(
    cases=lambda: [states_between_0_and_1(1, 2, 2), states_between_0_and_1(2, 4, 3)],
    praise="The recursion stays. Only the slope is new: at most a quarter, where tanh has at most 1.",
    see="The recursion",
)
def sigmoid_deltas(d_h, h, U):
    """dL/dz_t (B, T, H) of a sigmoid network, from immediate d_h and states h (B, T, H)."""
    delta = np.zeros_like(h)
    back = np.zeros_like(h[:, 0])
    for t in reversed(range(h.shape[1])):
        delta[:, t] = (d_h[:, t] + back) * h[:, t] * (1 - h[:, t])
        back = delta[:, t] @ U
    return delta


def going_back(d_h, h, U, slope=None, passed_on=None):
    """The recursion of the solution with another slope, or with something else passed on."""
    delta = np.zeros_like(h)
    back = np.zeros_like(h[:, 0])
    for t in reversed(range(h.shape[1])):
        h_t, dh = h[:, t], d_h[:, t] + back
        delta[:, t] = dh * (slope(h_t) if slope else h_t * (1 - h_t))
        back = passed_on(dh, delta[:, t], back) if passed_on else delta[:, t] @ U
    return delta


sigmoid_deltas.mistake(
    "The derivative of the nonlinearity is missing: that is dL/dh, and delta is dL/dz.",
    lambda d_h, h, U: going_back(d_h, h, U, slope=np.ones_like),
    see="One step first: the last one",
)
sigmoid_deltas.mistake(
    "1 - h**2 is the slope of tanh; the sigmoid's is h * (1 - h).",
    lambda d_h, h, U: going_back(d_h, h, U, slope=lambda h_t: 1 - h_t**2),
    see="One step first: the last one",
)
sigmoid_deltas.mistake(
    "U is transposed: going back, unit j collects from all units k that heard it, delta @ U.",
    lambda d_h, h, U: going_back(d_h, h, U.T),
)
sigmoid_deltas.mistake(
    "Nothing comes back from later steps: you take the immediate derivative for the total one.",
    lambda d_h, h, U: d_h * h * (1 - h),
    see="Two kinds of derivative",
)
sigmoid_deltas.mistake(
    "What comes back to h_t is delta_{t+1} U; you send dL/dh_{t+1} U, without the slope on the way.",
    lambda d_h, h, U: going_back(d_h, h, U, passed_on=lambda dh, delta, back: dh @ U),
)
sigmoid_deltas.mistake(
    "Your loop runs forward in time; what comes back comes from later steps.",
    lambda d_h, h, U: going_back(d_h[:, ::-1], h[:, ::-1], U)[:, ::-1],
)
sigmoid_deltas.mistake(
    "The first step is left out: the recursion runs down to t = 1, which Python counts as 0.",
    lambda d_h, h, U: going_back(d_h, h, U) * (np.arange(h.shape[1]) > 0)[:, None],
)
sigmoid_deltas.mistake(
    "You keep adding into the same `back`: each step passes on its own delta @ U and nothing older.",
    lambda d_h, h, U: going_back(d_h, h, U, passed_on=lambda dh, delta, back: back + delta @ U),
)


def deltas_and_activities(batch: int, time: int, inputs: int, units: int) -> dict[str, np.ndarray]:
    steps = (batch, time, units)
    return cases.named(delta=steps, x=(batch, time, inputs), h=steps, h_0=(batch, units))


@exercise(
    cases=lambda: [
        deltas_and_activities(1, 2, 2, 2),
        deltas_and_activities(3, 2, 2, 2),
        deltas_and_activities(2, 4, 2, 3),
    ],
    praise="Error at the target times activity at the source, over all steps and sequences: claim 4.2.",
    see="One weight, many copies",
)
def weight_gradients(delta, x, h, h_0):
    """dL/dW, dL/dU and dL/db from delta (B, T, H), x (B, T, D), h (B, T, H) and h_0 (B, H)."""
    before = np.concatenate([h_0[:, None], h[:, :-1]], axis=1)
    dW = np.einsum("bth,btd->hd", delta, x)
    dU = np.einsum("bth,btj->hj", delta, before)
    return dW, dU, delta.sum(axis=(0, 1))


weight_gradients.mistake(
    "For dL/dU you meet delta_t with h_t; its source is the state that U reads, h_{t-1}.",
    lambda delta, x, h, h_0: np.einsum("bth,btj->hj", delta, h),
    part=1,
    see="One step first: the last one",
)
weight_gradients.mistake(
    "The first step reads h_0, and its share of dL/dU is missing.",
    lambda delta, x, h, h_0: weight_gradients(delta, x, h, np.zeros_like(h_0)),
)


@weight_gradients.mistake(
    "The gradients are those of the last step alone: a shared weight sums over all its uses."
)
def last_step_only(delta, x, h, h_0):
    return weight_gradients(delta[:, -1:], x[:, -1:], h[:, -1:], h[:, -2] if h.shape[1] > 1 else h_0)


weight_gradients.mistake(
    "dL/db is not summed over the batch: b is one vector for all sequences, so all of them add to it.",
    lambda delta, x, h, h_0: delta.sum(axis=1),
    part=2,
    see="The whole backward pass",
)
weight_gradients.mistake(
    "You average over the batch. The loss is a sum over sequences, and so is its gradient.",
    lambda delta, x, h, h_0: tuple(gradient / len(x) for gradient in weight_gradients(delta, x, h, h_0)),
    see="The whole backward pass",
)
weight_gradients.mistake(
    "You average over the steps. A shared weight acts at every step, and the effects add up.",
    lambda delta, x, h, h_0: tuple(gradient / x.shape[1] for gradient in weight_gradients(delta, x, h, h_0)),
)
weight_gradients.mistake(
    "The gradients lie on their side: a gradient has the shape of its weight, with targets in rows.",
    lambda delta, x, h, h_0: tuple(gradient.T for gradient in weight_gradients(delta, x, h, h_0)),
    see="One step first: the last one",
)


def states_and_targets(batch: int, time: int, units: int, outputs: int) -> dict[str, np.ndarray]:
    readout = {"V": (outputs, units), "c": (outputs,)}
    return cases.named(h=(batch, time, units), y=(batch, time, outputs), **readout)


@exercise(
    cases=lambda: [
        states_and_targets(1, 2, 2, 2),
        states_and_targets(3, 2, 2, 2),
        states_and_targets(2, 4, 3, 2),
    ],
    praise="The recursion takes this immediate derivative, and never asks where it came from.",
    see="One step first: the last one",
)
def readout_gradients(h, y, V, c):
    """The immediate d_h (B, T, H), dL/dV (K, H) and dL/dc (K,) of half the squared errors."""
    error = h @ V.T + c - y
    return error @ V, np.einsum("btk,bth->kh", error, h), error.sum(axis=(0, 1))


readout_gradients.mistake(
    "The derivative of half a square is output minus target; you subtract the other way.",
    lambda h, y, V, c: tuple(-gradient for gradient in readout_gradients(h, y, V, c)),
)
readout_gradients.mistake(
    "The bias c is missing in the output.",
    lambda h, y, V, c: readout_gradients(h, y, V, np.zeros_like(c)),
    see="A tiny network and its loss",
)
readout_gradients.mistake(
    "V is transposed in the immediate derivative: h_t[j] collects from all outputs that read it, error @ V.",
    lambda h, y, V, c: (h @ V.T + c - y) @ V.T,
    part=0,
)
readout_gradients.mistake(
    "dL/dV is the last step's alone; V is used at every step, and the shares add up.",
    lambda h, y, V, c: readout_gradients(h[:, -1:], y[:, -1:], V, c)[1],
    part=1,
    see="One weight, many copies",
)
readout_gradients.mistake(
    "Half a square has the derivative 1 times the error: your gradients carry a factor 2.",
    lambda h, y, V, c: tuple(2 * gradient for gradient in readout_gradients(h, y, V, c)),
)
readout_gradients.mistake(
    "The slope of tanh belongs to the step from h_t to z_t; the immediate derivative d_h ends at h_t.",
    lambda h, y, V, c: (h @ V.T + c - y) @ V * (1 - h**2),
    part=0,
    see="Two kinds of derivative",
)
readout_gradients.mistake(
    "dL/dc is not summed over the batch: c is one vector for all sequences.",
    lambda h, y, V, c: (h @ V.T + c - y).sum(axis=1),
    part=2,
    see="The whole backward pass",
)
