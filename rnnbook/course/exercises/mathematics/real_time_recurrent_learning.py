import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("04-mathematics/05-real-time-recurrent-learning.ipynb")


def one_unit(time: int, w: float, u: float) -> dict:
    x, d_h = cases.normal((time,), (time,))
    return {"x": x, "d_h": d_h, "w": w, "u": u}


@exercise(
    cases=lambda: [one_unit(3, 0.5, 0.8), one_unit(5, 1.0, 0.9), one_unit(6, -0.7, 1.2)],
    praise="The exact gradient at every step of a stream, with one number kept in place of a past.",
    see="The recursion for U",
)
def online_slopes(x, d_h, w, u):
    """dL_t/du for each step (T,), computed forward in time, of one unit h_t = tanh(w x_t + u h_{t-1})."""
    h, s = 0.0, 0.0  # the state, and how it reacts to u
    slopes = []
    for x_t, d_t in zip(x, d_h, strict=True):
        before = h
        h = np.tanh(w * x_t + u * before)
        s = (1 - h**2) * (before + u * s)
        slopes.append(d_t * s)
    return np.array(slopes)


def run_one_unit(step, put_out=lambda d_t, old, new: d_t * new):
    """The loop of the solution with another line for the sensitivity, s = step(h before, h, s, x, w, u)."""

    def answer(x, d_h, w, u):
        h, s, slopes = 0.0, 0.0, []
        for x_t, d_t in zip(x, d_h, strict=True):
            before, h = h, np.tanh(w * x_t + u * h)
            old, s = s, step(before, h, s, x_t, w, u)
            slopes.append(put_out(d_t, old, s))
        return np.array(slopes)

    return answer


def right_step(before, h, s, x_t, w, u):
    return (1 - h**2) * (before + u * s)


online_slopes.mistake(
    "The slope of tanh, 1 - h**2, is missing in the sensitivity.",
    run_one_unit(lambda before, h, s, x_t, w, u: before + u * s),
)
online_slopes.mistake(
    "The slope stands at one of the two parts only: both pass tanh.",
    run_one_unit(lambda before, h, s, x_t, w, u: before + (1 - h**2) * u * s),
    run_one_unit(lambda before, h, s, x_t, w, u: (1 - h**2) * before + u * s),
)
online_slopes.mistake(
    "Only the immediate part is there: the state before has reacted to u as well, and passes it on.",
    run_one_unit(lambda before, h, s, x_t, w, u: (1 - h**2) * before),
)
online_slopes.mistake(
    "The immediate part multiplies u by h_{t-1}; you take h_t.",
    run_one_unit(lambda before, h, s, x_t, w, u: (1 - h**2) * (h + u * s)),
)
online_slopes.mistake(
    "The slope belongs to z_t, hence to the new state h_t; you take it at h_{t-1}.",
    run_one_unit(lambda before, h, s, x_t, w, u: (1 - before**2) * (before + u * s)),
)
online_slopes.mistake(
    "h has been through tanh already: you squeeze it once more before you take the slope.",
    run_one_unit(lambda before, h, s, x_t, w, u: (1 - np.tanh(h) ** 2) * (before + u * s)),
)
online_slopes.mistake(
    "The old sensitivity arrives through the state, with the factor u, which is missing.",
    run_one_unit(lambda before, h, s, x_t, w, u: (1 - h**2) * (before + s)),
)
online_slopes.mistake(
    "The old sensitivity arrives with the factor w in your answer. It comes through the state, which u "
    "multiplies.",
    run_one_unit(lambda before, h, s, x_t, w, u: (1 - h**2) * (before + w * s)),
)
online_slopes.mistake(
    "u multiplies the immediate part as well. How z_t reacts to u itself is h_{t-1} alone.",
    run_one_unit(lambda before, h, s, x_t, w, u: (1 - h**2) * (u * before + u * s)),
)
online_slopes.mistake(
    "That is the derivative with respect to w: u multiplies the state before, and not the input.",
    run_one_unit(lambda before, h, s, x_t, w, u: (1 - h**2) * (x_t + u * s)),
    see="The same for W and b",
)
online_slopes.mistake(
    "The loss of step t reads h_t: it wants the new sensitivity, and you take that of one step before.",
    run_one_unit(right_step, lambda d_t, old, new: d_t * old),
    see="The gradient, at every step",
)
online_slopes.mistake(
    "You return the running sum; each step's loss has a slope of its own.",
    lambda x, d_h, w, u: np.cumsum(online_slopes(x, d_h, w, u)),
    see="The gradient, at every step",
)
online_slopes.mistake(
    "You add the steps up; each step's loss has a slope of its own.",
    lambda x, d_h, w, u: np.sum(online_slopes(x, d_h, w, u)),
    see="The gradient, at every step",
)
online_slopes.mistake(
    "These are the sensitivities; the loss's d_h is still to be multiplied in.",
    lambda x, d_h, w, u: online_slopes(x, np.ones_like(d_h), w, u),
    see="The gradient, at every step",
)
online_slopes.mistake(
    "d_h is carried on inside the sensitivity. That knows nothing of a loss: multiply for the result only.",
    lambda *case: carries_the_loss(*case),
    see="The gradient, at every step",
)


def carries_the_loss(x, d_h, w, u):
    h, s, slopes = 0.0, 0.0, []
    for x_t, d_t in zip(x, d_h, strict=True):
        before, h = h, np.tanh(w * x_t + u * h)
        s = d_t * (1 - h**2) * (before + u * s)
        slopes.append(s)
    return np.array(slopes)


@online_slopes.mistake(
    "That is back-propagation's share of each step: what u did there to all later losses. Asked for is what "
    "u did at all steps so far to the loss of this one.",
    see="The gradient, at every step",
)
def shares_of_the_steps(x, d_h, w, u):
    h = [0.0]
    for x_t in x:
        h.append(np.tanh(w * x_t + u * h[-1]))
    shares, back = [], 0.0
    for t in reversed(range(len(x))):
        delta = (d_h[t] + back) * (1 - h[t + 1] ** 2)
        shares.append(delta * h[t])
        back = delta * u
    return np.array(shares[::-1])


def diagonal(time: int, inputs: int, units: int) -> dict[str, np.ndarray]:
    x, lam, W = cases.normal((time, inputs), (units,), (units, inputs))
    return {"x": x, "lam": np.tanh(lam).round(2), "W": W}


@exercise(
    cases=lambda: [diagonal(1, 1, 2), diagonal(3, 2, 4), diagonal(5, 3, 2)],
    praise="One number per weight, where full RTRL keeps H of them: a diagonal network can afford it.",
    see="The recursion for U",
    parts=("dh_T/dlam", "dh_T/dW"),
)
def diagonal_sensitivities(x, lam, W):
    """How the units of the last h_t = lam * h_{t-1} + W x_t react to their lam (H,) and rows of W (H, D)."""
    h, to_lam, to_W = np.zeros(len(lam)), np.zeros(len(lam)), np.zeros_like(W)
    for x_t in x:
        to_lam = h + lam * to_lam
        to_W = x_t + lam[:, None] * to_W
        h = lam * h + W @ x_t
    return to_lam, to_W


@diagonal_sensitivities.mistake("The reaction to lam uses the new state; the line multiplies lam by h_{t-1}.")
def reads_the_new_state(x, lam, W):
    h, to_lam = np.zeros(len(lam)), np.zeros(len(lam))
    for x_t in x:
        h = lam * h + W @ x_t
        to_lam = h + lam * to_lam
    return to_lam, diagonal_sensitivities(x, lam, W)[1]


@diagonal_sensitivities.mistake(
    "You keep the immediate part of the last step only; what went before arrives through the state."
)
def last_step(x, lam, W):
    h = np.zeros(len(lam))
    for x_t in x[:-1]:
        h = lam * h + W @ x_t
    return h, np.broadcast_to(x[-1], W.shape).copy()


def passed_on(to_lam_by, to_W_by, immediate=lambda x_t, W: x_t):
    """The loop with other factors of the old sensitivities."""

    def answer(x, lam, W):
        h, to_lam, to_W = np.zeros(len(lam)), np.zeros(len(lam)), np.zeros_like(W)
        for x_t in x:
            to_lam = h + to_lam_by(lam) * to_lam
            to_W = immediate(x_t, W) + to_W_by(lam) * to_W
            h = lam * h + W @ x_t
        return to_lam, to_W

    return answer


diagonal_sensitivities.mistake(
    "The old sensitivities are added whole; the state passes them on with the factor lam.",
    passed_on(lambda lam: 1, lambda lam: 1),
)
diagonal_sensitivities.mistake(
    "One of the two old sensitivities is added whole: the state passes both on with the factor lam.",
    passed_on(lambda lam: 1, lambda lam: lam[:, None]),
    passed_on(lambda lam: lam, lambda lam: 1),
)


def passed_on_again(x, lam, W):
    """The reaction to W, with lam ** (T - t) before each input in place of lam ** (T - 1 - t)."""
    return lam[:, None] * diagonal_sensitivities(x, lam, W)[1]


diagonal_sensitivities.mistake(
    "Your reaction to W has one factor lam too many. The last input has just come in: lam has not touched it "
    "yet.",
    passed_on_again,
    part="dh_T/dW",
    see="The same for W and b",
)
diagonal_sensitivities.mistake(
    "Your reaction to lam has one factor lam too many: the old state enters it as it is.",
    lambda x, lam, W: lam * diagonal_sensitivities(x, lam, W)[0],
    part="dh_T/dlam",
)
diagonal_sensitivities.mistake(
    "Both of your reactions have one factor lam too many: what comes in at a step is not passed on yet.",
    lambda x, lam, W: (lam * diagonal_sensitivities(x, lam, W)[0], passed_on_again(x, lam, W)),
)
diagonal_sensitivities.mistake(
    "The powers of lam in your reaction to W run the wrong way: the first input is passed on most often.",
    lambda x, lam, W: sum(lam[:, None] ** t * x_t for t, x_t in enumerate(x)),
    lambda x, lam, W: sum(lam[:, None] ** (t + 1) * x_t for t, x_t in enumerate(x)),
    part="dh_T/dW",
    see="The same for W and b",
)
diagonal_sensitivities.mistake(
    "Your reaction to lam forgets that the old state has reacted too: the immediate part of the last step is "
    "all there is.",
    passed_on(lambda lam: 0, lambda lam: lam[:, None]),
)
diagonal_sensitivities.mistake(
    "Your reaction to W forgets that the old state has reacted too: the last input is all there is.",
    passed_on(lambda lam: lam, lambda lam: 0),
    see="The same for W and b",
)
diagonal_sensitivities.mistake(
    "The reaction to W is multiplied by the weights; its immediate part is x_t alone.",
    passed_on(lambda lam: lam, lambda lam: lam[:, None], lambda x_t, W: W * x_t),
    see="The same for W and b",
)
diagonal_sensitivities.mistake(
    "The immediate part of W is the input that its column reads, entry by entry; you have summed over the "
    "inputs.",
    passed_on(lambda lam: lam, lambda lam: lam[:, None], lambda x_t, W: (W @ x_t)[:, None]),
    passed_on(lambda lam: lam, lambda lam: lam[:, None], lambda x_t, W: x_t.sum()),
    see="The same for W and b",
)
diagonal_sensitivities.mistake(
    "The reaction to W is the same for all units in your answer: each unit passes it on with its own lam.",
    passed_on(lambda lam: lam, lambda lam: lam.mean()),
    passed_on(lambda lam: lam, lambda lam: lam[0]),
    see="The same for W and b",
)
diagonal_sensitivities.mistake(
    "The reaction to W lies on its side: like W it has a row for each unit.",
    lambda *case: diagonal_sensitivities(*case)[1].T,
    part="dh_T/dW",
    see="The same for W and b",
)
diagonal_sensitivities.mistake(
    "This network is linear: no slope stands in its sensitivities.",
    lambda *case: squeezed(*case),
)
diagonal_sensitivities.mistake(
    "The last step is left out: all T steps count.",
    lambda x, lam, W: diagonal_sensitivities(x[:-1], lam, W),
)
diagonal_sensitivities.mistake(
    "The first step is left out: all T steps count.",
    lambda x, lam, W: diagonal_sensitivities(x[1:], lam, W),
)
diagonal_sensitivities.mistake(
    "You add the reactions of all steps up; the last state's is asked for.",
    lambda x, lam, W: tuple(
        sum(diagonal_sensitivities(x[: t + 1], lam, W)[part] for t in range(len(x))) for part in (0, 1)
    ),
)
diagonal_sensitivities.mistake(
    "The two results are in the other order: first lam, then W.",
    lambda x, lam, W: diagonal_sensitivities(x, lam, W)[::-1],
)


def squeezed(x, lam, W):
    h, to_lam, to_W = np.zeros(len(lam)), np.zeros(len(lam)), np.zeros_like(W)
    for x_t in x:
        new = lam * h + W @ x_t
        to_lam = (1 - new**2) * (h + lam * to_lam)
        to_W = (1 - new**2)[:, None] * (x_t + lam[:, None] * to_W)
        h = new
    return to_lam, to_W


def listening(time: int, w: float, u: float, eta: float) -> dict:
    x, y = cases.normal((time,), (time,))
    return {"x": x, "y": y, "w": w, "u": u, "eta": eta}


@exercise(
    cases=lambda: [listening(2, 0.5, 0.8, 0.5), listening(5, 1.0, -0.9, 0.2), listening(8, -0.7, 1.1, 0.4)],
    praise="It learns while it listens, and keeps three numbers: no past, and no end to wait for.",
    see="Learning while the stream runs",
    parts=("the w", "the u"),
)
def online_learning(x, y, w, u, eta):
    """The w (T,) and the u (T,) after each step of a unit that learns online by RTRL."""
    h, to_w, to_u = 0.0, 0.0, 0.0
    ws, us = [], []
    for x_t, y_t in zip(x, y, strict=True):
        before = h
        h = np.tanh(w * x_t + u * before)
        to_w = (1 - h**2) * (x_t + u * to_w)
        to_u = (1 - h**2) * (before + u * to_u)
        w = w - eta * (h - y_t) * to_w
        u = u - eta * (h - y_t) * to_u
        ws.append(w)
        us.append(u)
    return np.array(ws), np.array(us)


def learning(
    keep=lambda old, t: old,
    slope=lambda before, h: 1 - h**2,
    sign=-1,
    error=lambda h, y: h - y,
    source=lambda before, h: before,
    through=lambda u: u,
    record="after",
    rerun=False,
):
    """The loop with everything to turn."""

    def answer(x, y, w, u, eta):
        h, to_w, to_u, ws, us = 0.0, 0.0, 0.0, [], []
        for t, (x_t, y_t) in enumerate(zip(x, y, strict=True)):
            before = h
            h = np.tanh(w * x_t + u * before)
            to_w = slope(before, h) * (x_t + through(u) * keep(to_w, t))
            to_u = slope(before, h) * (source(before, h) + through(u) * keep(to_u, t))
            if record == "before":
                ws.append(w)
                us.append(u)
            w, u = w + sign * eta * error(h, y_t) * to_w, u + sign * eta * error(h, y_t) * to_u
            if record == "after":
                ws.append(w)
                us.append(u)
            if rerun:
                h = np.tanh(w * x_t + u * before)
        return np.array(ws), np.array(us)

    return answer


online_learning.mistake(
    "The sensitivities start from zero at each step: that is the gradient cut after one step. They are "
    "carried on, as the state is.",
    learning(keep=lambda old, t: 0.0),
)
online_learning.mistake(
    "The slope of tanh, 1 - h**2, is missing in the sensitivities.",
    learning(slope=lambda before, h: 1.0),
)
online_learning.mistake(
    "The slope belongs to the new state; you take it at the state before.",
    learning(slope=lambda before, h: 1 - before**2),
)
online_learning.mistake(
    "The immediate part of u is the state before the step; you take the new one.",
    learning(source=lambda before, h: h),
)
online_learning.mistake(
    "The old sensitivities arrive through the state with the factor u, which is missing.",
    learning(through=lambda u: 1.0),
)
online_learning.mistake(
    "The weights go uphill: they move against the gradient, and the error is state minus target.",
    learning(sign=1),
)
online_learning.mistake(
    "Half a square has the derivative 1 times the error: your steps are twice as long.",
    learning(error=lambda h, y: 2 * (h - y)),
)
online_learning.mistake(
    "The target is not subtracted.",
    learning(error=lambda h, y: h),
)
online_learning.mistake(
    "The error's own size is missing: the step is eta times the sensitivity times state minus target.",
    learning(error=lambda h, y: 1.0),
    learning(error=lambda h, y: np.sign(h - y)),
)
online_learning.mistake(
    "You step by the loss itself. Its derivative, state minus target, stands in the step.",
    learning(error=lambda h, y: (h - y) ** 2),
    learning(error=lambda h, y: 0.5 * (h - y) ** 2),
)
online_learning.mistake(
    "You record the weights before they move; those after each step are asked for.",
    learning(record="before"),
)
online_learning.mistake(
    "You run the step once more with the moved weights. The state goes on as it was computed.",
    learning(rerun=True),
)


@online_learning.mistake(
    "The old reaction to w comes through the state as well, and what multiplies the state is u, not w."
)
def through_w(x, y, w, u, eta):
    h, to_w, to_u, ws, us = 0.0, 0.0, 0.0, [], []
    for x_t, y_t in zip(x, y, strict=True):
        before, h = h, np.tanh(w * x_t + u * h)
        to_w, to_u = (1 - h**2) * (x_t + w * to_w), (1 - h**2) * (before + u * to_u)
        w, u = w - eta * (h - y_t) * to_w, u - eta * (h - y_t) * to_u
        ws.append(w)
        us.append(u)
    return np.array(ws), np.array(us)


@online_learning.mistake(
    "u has moved before the reaction to w comes through it. Both sensitivities belong to the weights that "
    "made the state."
)
def moved_too_early(x, y, w, u, eta):
    h, to_w, to_u, ws, us = 0.0, 0.0, 0.0, [], []
    for x_t, y_t in zip(x, y, strict=True):
        before, h = h, np.tanh(w * x_t + u * h)
        to_u = (1 - h**2) * (before + u * to_u)
        u = u - eta * (h - y_t) * to_u
        to_w = (1 - h**2) * (x_t + u * to_w)
        w = w - eta * (h - y_t) * to_w
        ws.append(w)
        us.append(u)
    return np.array(ws), np.array(us)


@online_learning.mistake(
    "The weights do not move until the end. Online learning moves them at every step, and the next step runs "
    "with the moved ones.",
    see="What 'exact' no longer means",
)
def waits_for_the_end(x, y, w, u, eta):
    h, to_w, to_u, ws, us = 0.0, 0.0, 0.0, [w], [u]
    for x_t, y_t in zip(x, y, strict=True):
        before, h = h, np.tanh(w * x_t + u * h)
        to_w = (1 - h**2) * (x_t + u * to_w)
        to_u = (1 - h**2) * (before + u * to_u)
        ws.append(ws[-1] - eta * (h - y_t) * to_w)
        us.append(us[-1] - eta * (h - y_t) * to_u)
    return np.array(ws[1:]), np.array(us[1:])


online_learning.mistake(
    "Only the last weights are there; those after each step are asked for.",
    lambda *case: tuple(weights[-1] for weights in online_learning(*case)),
)
online_learning.mistake(
    "You answer with u first; w is asked for first.",
    lambda *case: online_learning(*case)[::-1],
)
