import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("04-mathematics/02-backpropagation-through-time.ipynb")


def states_between_0_and_1(lengths: list[int], time: int, units: int) -> dict[str, np.ndarray]:
    shape = (len(lengths), time, units)
    d_h, z, U = cases.normal(shape, shape, (units, units))
    return {"d_h": d_h, "h": (1 / (1 + np.exp(-z))).round(2), "U": U, "lengths": np.array(lengths)}


@exercise(
    cases=lambda: [
        states_between_0_and_1([3, 1], 3, 2),
        states_between_0_and_1([2, 5, 4], 6, 2),
        states_between_0_and_1([1, 4], 4, 3),
    ],
    praise="The slope is new, at most a quarter, and each sequence's recursion starts at its own last step.",
    see="The recursion",
)
def sigmoid_deltas(d_h, h, U, lengths):
    """dL/dz_t (B, T, H) of a sigmoid network, from immediate d_h and states h (B, T, H); 0 in padding."""
    delta = np.zeros_like(h)
    back = np.zeros_like(h[:, 0])
    for t in reversed(range(h.shape[1])):
        real = (t < lengths)[:, None]
        delta[:, t] = (d_h[:, t] + back) * h[:, t] * (1 - h[:, t]) * real
        back = delta[:, t] @ U
    return delta


def real_steps(h, lengths):
    return (np.arange(h.shape[1]) < lengths[:, None])[:, :, None]


def sigmoid_slope(h_t):
    return h_t * (1 - h_t)


def going_back(slope=sigmoid_slope, passed_on=None, real=real_steps):
    """The recursion of the solution with another slope, another mask, or with something else passed on."""

    def answer(d_h, h, U, lengths):
        delta, mask = np.zeros_like(h), real(h, lengths)
        back = np.zeros_like(h[:, 0])
        for t in reversed(range(h.shape[1])):
            dh = (d_h[:, t] + back) * mask[:, t]
            delta[:, t] = dh * slope(h[:, t])
            back = passed_on(dh, delta[:, t], back, U) if passed_on else delta[:, t] @ U
        return delta

    return answer


def everywhere(h, lengths):
    return np.ones_like(h)


sigmoid_deltas.mistake(
    "The lengths have no effect in your answer: a step of padding has no loss, and sends nothing back.",
    going_back(real=everywhere),
    see="The whole backward pass",
)
sigmoid_deltas.mistake(
    "You clear the padding at the end, when it has already sent its gradient back into the real steps.",
    lambda d_h, h, U, lengths: going_back(real=everywhere)(d_h, h, U, lengths) * real_steps(h, lengths),
    see="The whole backward pass",
)
sigmoid_deltas.mistake(
    "The mask is off by one: a sequence of length n has the steps 0 to n - 1.",
    going_back(real=lambda h, lengths: real_steps(h, lengths + 1)),
    going_back(real=lambda h, lengths: real_steps(h, lengths - 1)),
    see="The whole backward pass",
)
sigmoid_deltas.mistake(
    "Only the loss of each sequence's last step goes back; every real step has one.",
    lambda d_h, h, U, lengths: sigmoid_deltas(
        d_h * real_steps(h, lengths) * ~real_steps(h, lengths - 1), h, U, lengths
    ),
)
sigmoid_deltas.mistake(
    "The derivative of the nonlinearity is missing: that is dL/dh, and delta is dL/dz.",
    going_back(slope=np.ones_like),
    lambda *case: total_derivative(*case),
    see="One step first: the last one",
)


def neighbours(d_h, h, U, lengths):
    """Each step hears of its own loss and of the next one's."""
    own = d_h * sigmoid_slope(h) * real_steps(h, lengths)
    later = np.concatenate([own[:, 1:] @ U, np.zeros_like(own[:, :1])], axis=1)
    return (d_h + later) * sigmoid_slope(h) * real_steps(h, lengths)


sigmoid_deltas.mistake(
    "You pass back what the next step's own loss says. Pass on its delta: all later steps speak through it.",
    neighbours,
    see="Two kinds of derivative",
)


def total_derivative(d_h, h, U, lengths):
    """dL/dh, with the slope on the way."""
    total, back = np.zeros_like(h), 0.0
    for t in reversed(range(h.shape[1])):
        total[:, t] = (d_h[:, t] + back) * (t < lengths)[:, None]
        back = (total[:, t] * sigmoid_slope(h[:, t])) @ U
    return total


sigmoid_deltas.mistake(
    "1 - h**2 is the slope of tanh; here h is what a sigmoid made.",
    going_back(slope=lambda h_t: 1 - h_t**2),
    see="One step first: the last one",
)
sigmoid_deltas.mistake(
    "You put h through the sigmoid once more before you take the slope. h is f(z) already.",
    going_back(slope=lambda h_t: sigmoid_slope(1 / (1 + np.exp(-h_t)))),
    going_back(slope=lambda h_t: 1 / (1 + np.exp(-h_t)) * (1 - h_t)),
    see="One step first: the last one",
)
sigmoid_deltas.mistake(
    "That is a part of the sigmoid's slope only: written with its output h, it is a product of two factors.",
    going_back(slope=lambda h_t: h_t),
    going_back(slope=lambda h_t: 1 - h_t),
    see="One step first: the last one",
)
sigmoid_deltas.mistake(
    "U is transposed: going back, unit j collects from all units k that heard it, along a column of U.",
    going_back(passed_on=lambda dh, delta, back, U: delta @ U.T),
)
sigmoid_deltas.mistake(
    "Nothing comes back from later steps: you take the immediate derivative for the total one.",
    going_back(passed_on=lambda dh, delta, back, U: 0 * dh),
    see="Two kinds of derivative",
)
sigmoid_deltas.mistake(
    "What comes back to h_t is delta_{t+1} U; you send dL/dh_{t+1} U, without the slope on the way.",
    going_back(passed_on=lambda dh, delta, back, U: dh @ U),
)


def slope_for_own_loss(d_h, h, U, lengths):
    delta, back = np.zeros_like(h), np.zeros_like(h[:, 0])
    for t in reversed(range(h.shape[1])):
        delta[:, t] = (d_h[:, t] * sigmoid_slope(h[:, t]) + back) * (t < lengths)[:, None]
        back = delta[:, t] @ U
    return delta


def slope_for_what_comes_back(d_h, h, U, lengths):
    delta, back = np.zeros_like(h), np.zeros_like(h[:, 0])
    for t in reversed(range(h.shape[1])):
        delta[:, t] = (d_h[:, t] + back * sigmoid_slope(h[:, t])) * (t < lengths)[:, None]
        back = delta[:, t] @ U
    return delta


sigmoid_deltas.mistake(
    "You multiply the step's own d_h by the slope, but not what comes back; the slope belongs to their sum.",
    slope_for_own_loss,
)
sigmoid_deltas.mistake(
    "You multiply what comes back by the slope, but not the step's own d_h; the slope belongs to their sum.",
    slope_for_what_comes_back,
)
sigmoid_deltas.mistake(
    "What comes back has not gone through U: delta_{t+1} belongs to units that heard h_t with its weights.",
    going_back(passed_on=lambda dh, delta, back, U: delta),
)
sigmoid_deltas.mistake(
    "Your loop runs forward in time; what comes back comes from later steps.",
    lambda *case: forwards(*case),
)


def forwards(d_h, h, U, lengths):
    delta, back = np.zeros_like(h), 0.0
    for t in range(h.shape[1]):
        delta[:, t] = (d_h[:, t] + back) * sigmoid_slope(h[:, t]) * (t < lengths)[:, None]
        back = delta[:, t] @ U
    return delta


sigmoid_deltas.mistake(
    "The first step is left out: the recursion runs down to t = 1, which Python counts as 0.",
    lambda d_h, h, U, lengths: sigmoid_deltas(d_h, h, U, lengths) * (np.arange(h.shape[1]) > 0)[:, None],
)
sigmoid_deltas.mistake(
    "What comes back piles up from step to step: each step passes on its own share, and nothing older.",
    going_back(passed_on=lambda dh, delta, back, U: back + delta @ U),
)


def states_and_targets(batch: int, time: int, units: int, outputs: int) -> dict[str, np.ndarray]:
    readout = {"V": (outputs, units), "c": (outputs,)}
    return cases.named(h=(batch, time, units), y=(batch, time, outputs), **readout)


@exercise(
    cases=lambda: [
        states_and_targets(1, 2, 2, 2),
        states_and_targets(3, 2, 4, 5),
        states_and_targets(2, 4, 3, 2),
    ],
    praise="The recursion takes this immediate derivative, and never asks where it came from.",
    see="One step first: the last one",
    parts=("d_h", "dV", "dc"),
)
def readout_gradients(h, y, V, c):
    """The immediate d_h (B, T, H), dL/dV (K, H) and dL/dc (K,) of half the squared errors."""
    error = h @ V.T + c - y
    return error @ V, np.einsum("btk,bth->kh", error, h), error.sum(axis=(0, 1))


def from_error(error, h, V):
    return error @ V, np.einsum("btk,bth->kh", error, h), error.sum(axis=(0, 1))


readout_gradients.mistake(
    "The derivative of half a square is output minus target; you subtract the other way.",
    lambda h, y, V, c: tuple(-gradient for gradient in readout_gradients(h, y, V, c)),
)
readout_gradients.mistake(
    "The bias c is missing in the output.",
    lambda h, y, V, c: from_error(h @ V.T - y, h, V),
    see="A tiny network and its loss",
)
readout_gradients.mistake(
    "The target is missing: what goes back is the error, output minus target.",
    lambda h, y, V, c: from_error(h @ V.T + c, h, V),
)
readout_gradients.mistake(
    "You send the target back in place of the error, output minus target.",
    lambda h, y, V, c: from_error(y, h, V),
    lambda h, y, V, c: from_error(-y, h, V),
)
readout_gradients.mistake(
    "V is transposed in the immediate derivative: h_t[j] collects from all outputs that read it, along a "
    "column of V.",
    lambda h, y, V, c: (h @ V.T + c - y) @ V.T,
    part="d_h",
)
readout_gradients.mistake(
    "dL/dV lies on its side: like V it has a row for each output.",
    lambda *case: readout_gradients(*case)[1].T,
    part="dV",
)
readout_gradients.mistake(
    "dL/dV and dL/dc are the last step's alone; the readout is used at every step, and the shares add up.",
    lambda h, y, V, c: (
        readout_gradients(h, y, V, c)[0],
        *readout_gradients(h[:, -1:], y[:, -1:], V, c)[1:],
    ),
    lambda h, y, V, c: (
        (h[:, -1] @ V.T + c - y[:, -1]) @ V,
        *readout_gradients(h[:, -1:], y[:, -1:], V, c)[1:],
    ),
    see="One weight, many copies",
)
readout_gradients.mistake(
    "Only one step, or one sequence, is left in dL/dV: each overwrites what came before. The shares add up.",
    *(
        lambda h, y, V, c, part=part: readout_gradients(h[part], y[part], V, c)[1]
        for part in (np.s_[:, -1:], np.s_[-1:], np.s_[-1:, -1:], np.s_[:, :1])
    ),
    part="dV",
    see="One weight, many copies",
)
readout_gradients.mistake(
    "Only one step, or one sequence, is left in dL/dc: each overwrites what came before. The shares add up.",
    *(
        lambda h, y, V, c, part=part: readout_gradients(h[part], y[part], V, c)[2]
        for part in (np.s_[:, -1:], np.s_[-1:], np.s_[-1:, -1:], np.s_[:, :1])
    ),
    part="dc",
    see="One weight, many copies",
)
readout_gradients.mistake(
    "Half a square has the derivative 1 times the error: your gradients carry a factor 2.",
    lambda h, y, V, c: tuple(2 * gradient for gradient in readout_gradients(h, y, V, c)),
)
readout_gradients.mistake(
    "You average. The loss is a sum over steps and sequences, and so is its gradient.",
    *(
        lambda h, y, V, c, over=over: tuple(
            gradient / over(h, y) for gradient in readout_gradients(h, y, V, c)
        )
        for over in (
            lambda h, y: len(h),
            lambda h, y: h.shape[1],
            lambda h, y: h.shape[0] * h.shape[1],
            lambda h, y: y.size,
        )
    ),
    *(
        lambda h, y, V, c, over=over: (
            readout_gradients(h, y, V, c)[0],
            *(gradient / over(h) for gradient in readout_gradients(h, y, V, c)[1:]),
        )
        for over in (
            lambda h: len(h),
            lambda h: h.shape[1],
            lambda h: h.shape[0] * h.shape[1],
        )
    ),
    see="The whole backward pass",
)
readout_gradients.mistake(
    "The slope of tanh belongs to the step from h_t to z_t; the immediate derivative d_h ends at h_t.",
    lambda h, y, V, c: (h @ V.T + c - y) @ V * (1 - h**2),
    part="d_h",
    see="Two kinds of derivative",
)
readout_gradients.mistake(
    "dL/dc is not summed over the batch: c is one vector for all sequences.",
    lambda h, y, V, c: (h @ V.T + c - y).sum(axis=1),
    part="dc",
    see="The whole backward pass",
)
readout_gradients.mistake(
    "dL/dc is not summed over the steps: c acts at every one of them.",
    lambda h, y, V, c: (h @ V.T + c - y).sum(axis=0),
    lambda h, y, V, c: h @ V.T + c - y,
    part="dc",
    see="One weight, many copies",
)
readout_gradients.mistake(
    "You pass the errors on as they are. h_t is read through V, so that they must go back through V.",
    lambda h, y, V, c: h @ V.T + c - y,
    part="d_h",
)


def residual(batch: int, time: int, inputs: int, units: int) -> dict[str, np.ndarray]:
    """Activities and states of a network that adds, with the immediate derivatives of some loss."""
    x, h_0, d_h, W, U, b = cases.normal(
        (batch, time, inputs),
        (batch, units),
        (batch, time, units),
        (units, inputs),
        (units, units),
        (units,),
    )
    h, states = h_0, []
    for t in range(time):
        h = h + np.tanh(x[:, t] @ W.T + h @ U.T + b)
        states.append(h)
    return {"x": x, "h_0": h_0, "h": np.stack(states, axis=1), "d_h": d_h, "W": W, "U": U}


@exercise(
    cases=lambda: [residual(1, 2, 1, 2), residual(3, 2, 4, 2), residual(2, 4, 2, 3)],
    praise="Both bugs found. The path of 1 beside U is why such networks can be deep.",
    see="The recursion",
    parts=("dW", "dU", "db", "dL/dh_0"),
)
def residual_backward(x, h_0, h, d_h, W, U):
    """dW, dU, db and dL/dh_0 of h_t = h_{t-1} + tanh(W x_t + U h_{t-1} + b), from immediate d_h."""
    dW, dU, db = np.zeros_like(W), np.zeros_like(U), np.zeros(len(U))
    back = np.zeros_like(h_0)
    for t in reversed(range(x.shape[1])):
        before = h[:, t - 1] if t > 0 else h_0
        dh = d_h[:, t] + back
        delta = dh * (1 - (h[:, t] - before) ** 2)
        dW += delta.T @ x[:, t]
        dU += delta.T @ before
        db += delta.sum(axis=0)
        back = dh + delta @ U
    return dW, dU, db, back


def old_slope(h_t, before, h_0):
    return 1 - h_t**2


def new_slope(h_t, before, h_0):
    return 1 - (h_t - before) ** 2


def both_paths(dh, delta, d_t, back, U):
    return dh + delta @ U


def residual_by(slope=new_slope, back_by=both_paths, source=None):
    """The backward pass with another slope, another way back, or another source of U."""

    def answer(x, h_0, h, d_h, W, U):
        dW, dU, db = np.zeros_like(W), np.zeros_like(U), np.zeros(len(U))
        back = np.zeros_like(h_0)
        for t in reversed(range(x.shape[1])):
            before = h[:, t - 1] if t > 0 else h_0
            dh = d_h[:, t] + back
            delta = dh * slope(h[:, t], before, h_0)
            dW += delta.T @ x[:, t]
            dU += delta.T @ (source(h[:, t], before) if source else before)
            db += delta.sum(axis=0)
            back = back_by(dh, delta, d_h[:, t], back, U)
        return dW, dU, db, back

    return answer


residual_backward.mistake(
    "That is still the backward pass of the plain network. Ask of each line what the new forward line "
    "changes: what did tanh make, and who reads h_{t-1}?",
    residual_by(old_slope, lambda dh, delta, d_t, back, U: delta @ U),
)
residual_backward.mistake(
    "The slope is mended, and what goes back to h_{t-1} is not: it is read twice now, and one of the paths "
    "does not pass tanh.",
    residual_by(back_by=lambda dh, delta, d_t, back, U: delta @ U),
)
residual_backward.mistake(
    "The way back is mended, and the slope is not: 1 - h_t**2 belongs to a step whose tanh made all of h_t.",
    residual_by(old_slope),
)
residual_backward.mistake(
    "The slope wants what tanh gave at this step: the state minus the one just before it.",
    residual_by(lambda h_t, before, h_0: 1 - (h_t - h_0) ** 2),
    residual_by(lambda h_t, before, h_0: 1 - before**2),
    residual_by(lambda h_t, before, h_0: 1 - (h_t + before) ** 2),
    residual_by(lambda h_t, before, h_0: 1 - h_t**2 - before**2),
    residual_by(lambda h_t, before, h_0: 1 - h_t**2 + before**2),
)
residual_backward.mistake(
    "You take tanh of the states to get the slope. What tanh gave at a step is a difference of two states.",
    residual_by(lambda h_t, before, h_0: 1 - np.tanh(h_t) ** 2),
    residual_by(lambda h_t, before, h_0: 1 - np.tanh(h_t - before) ** 2),
)
residual_backward.mistake(
    "You add 1 to the slope. The sum stands outside tanh, and has a path of its own past W, U and b, not "
    "through them.",
    residual_by(lambda h_t, before, h_0: 2 - (h_t - before) ** 2, lambda dh, delta, d_t, back, U: delta @ U),
    residual_by(lambda h_t, before, h_0: 2 - (h_t - before) ** 2),
    residual_by(lambda h_t, before, h_0: 2 - h_t**2, lambda dh, delta, d_t, back, U: delta @ U),
)
residual_backward.mistake(
    "Past tanh goes the derivative of the state, before any slope; you send delta.",
    residual_by(back_by=lambda dh, delta, d_t, back, U: delta + delta @ U),
)
residual_backward.mistake(
    "Past tanh goes the total derivative of h_t; you send only one of its two terms.",
    residual_by(back_by=lambda dh, delta, d_t, back, U: d_t + delta @ U),
    residual_by(back_by=lambda dh, delta, d_t, back, U: back + delta @ U),
)
residual_backward.mistake(
    "You add the number 1. The derivative of the sum is 1, and it multiplies what has come back to h_t: dh.",
    residual_by(back_by=lambda dh, delta, d_t, back, U: 1 + delta @ U),
    residual_by(old_slope, lambda dh, delta, d_t, back, U: 1 + delta @ U),
)
residual_backward.mistake(
    "You send everything through U. The path of the sum has no weights.",
    residual_by(back_by=lambda dh, delta, d_t, back, U: (dh + delta) @ U),
)
residual_backward.mistake(
    "Only the path of the sum is left on the way back; tanh reads h_{t-1} too, through U.",
    residual_by(back_by=lambda dh, delta, d_t, back, U: dh),
)
residual_backward.mistake(
    "U is transposed on the way back.",
    residual_by(back_by=lambda dh, delta, d_t, back, U: dh + delta @ U.T),
)


def with_befores(slope_before, source_before):
    """The backward pass from two arrays of the states before each step: for the slope, and as U's source."""

    def answer(x, h_0, h, d_h, W, U):
        for_slope, for_source = slope_before(h_0, h), source_before(h_0, h)
        dW, dU, db = np.zeros_like(W), np.zeros_like(U), np.zeros(len(U))
        back = np.zeros_like(h_0)
        for t in reversed(range(x.shape[1])):
            dh = d_h[:, t] + back
            delta = dh * (1 - (h[:, t] - for_slope[:, t]) ** 2)
            dW += delta.T @ x[:, t]
            dU += delta.T @ for_source[:, t]
            db += delta.sum(axis=0)
            back = dh + delta @ U
        return dW, dU, db, back

    return answer


def one_earlier(h_0, h):
    return np.concatenate([h_0[:, None], h[:, :-1]], axis=1)


def rolled(h_0, h):
    """As h[:, t - 1] gives it, at t = 0 too."""
    return np.roll(h, 1, axis=1)


def from_zero(h_0, h):
    return one_earlier(0 * h_0, h)


residual_backward.mistake(
    "At the first step h[:, t - 1] is the last state, as Python counts -1. The state before it is h_0.",
    with_befores(rolled, one_earlier),
    with_befores(rolled, rolled),
    with_befores(one_earlier, rolled),
)
residual_backward.mistake(
    "Your first step starts from zero; the state before it is h_0, in the slope too.",
    with_befores(from_zero, one_earlier),
    with_befores(from_zero, from_zero),
)
residual_backward.mistake(
    "The source of U was right: U reads the state before the step.",
    residual_by(source=lambda h_t, before: h_t),
    residual_by(source=lambda h_t, before: h_t - before),
)
residual_backward.mistake(
    "Each step overwrites the gradients of the weights. All steps share them, and what they say adds up.",
    *(
        lambda *case, parts=parts: tuple(
            alone if part in parts else whole
            for part, (alone, whole) in enumerate(
                zip(of_one_step(*case), residual_backward(*case), strict=True)
            )
        )
        for parts in ((0, 1, 2), (0,), (1,), (2,), (0, 1))
    ),
    see="One weight, many copies",
)


def of_one_step(x, h_0, h, d_h, W, U):
    """What the walk leaves if nothing is added up: the shares of the first step, which it reaches last."""
    *whole, back = residual_backward(x, h_0, h, d_h, W, U)
    if x.shape[1] == 1:
        return *whole, back
    arriving = residual_backward(x[:, 1:], h[:, 0], h[:, 1:], d_h[:, 1:], W, U)[3]
    return *residual_backward(x[:, :1], h_0, h[:, :1], d_h[:, :1] + arriving[:, None], W, U)[:3], back


residual_backward.mistake(
    "The first step reads h_0, and its share of dL/dU is missing.",
    lambda *case: later_dU(*case),
    part="dU",
)


def later_dU(x, h_0, h, d_h, W, U):
    """dL/dU without the share of the first step."""
    first = [0]

    def source(h_t, before):
        first[0] += 1
        return before * (first[0] < x.shape[1])

    return residual_by(source=source)(x, h_0, h, d_h, W, U)[1]
