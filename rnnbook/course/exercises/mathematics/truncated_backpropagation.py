import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("04-mathematics/04-truncated-backpropagation.ipynb")


@exercise(
    cases=lambda: [
        {"T": 6, "back": 4, "every": 2},
        {"T": 8, "back": 5, "every": 3},  # two steps are left at the end
        {"T": 9, "back": 3, "every": 3},  # chunks
        {"T": 5, "back": 3, "every": 1},  # a window
        {"T": 3, "back": 7, "every": 5},
        {"T": 11, "back": 6, "every": 4},
    ],
    praise="Chunks and windows are its two ends: every = back, and every = 1.",
    see="Two ways to cut",
)
def steps_seen(T, back, every):
    """For each of T losses, how many steps its gradient reaches, its own included (T,)."""
    seen = []
    for s in range(T):
        end = min((s // every + 1) * every, T)  # the walk that takes this loss starts here
        seen.append(s + 1 - max(end - back, 0))
    return np.array(seen)


def seen_from(first):
    """The steps from first(s, T, back, every) to the loss."""
    return lambda T, back, every: np.array([s + 1 - max(first(s, T, back, every), 0) for s in range(T)])


def end_of(s, T, every):
    return min((s // every + 1) * every, T)


steps_seen.mistake(
    "That is the sliding window, where every loss goes back as far as the walk is long. A walk starts at the "
    "newest step, and the older losses of its group see less.",
    seen_from(lambda s, T, back, every: s + 1 - back),
)
steps_seen.mistake(
    "Those are chunks: you count from the beginning of the loss's own group. The walk goes on beyond it.",
    seen_from(lambda s, T, back, every: s // every * every),
)
steps_seen.mistake(
    "Those are chunks as long as the walk. A walk starts after every `every` steps, and reaches into the "
    "groups before.",
    seen_from(lambda s, T, back, every: s // back * back),
)
steps_seen.mistake(
    "You leave out the loss's own step, which counts too.",
    lambda T, back, every: steps_seen(T, back, every) - 1,
)
steps_seen.mistake(
    "Your walk is one step too long: `back` steps, the newest included.",
    seen_from(lambda s, T, back, every: end_of(s, T, every) - back - 1),
)
steps_seen.mistake(
    "Your walk is one step too short: `back` steps, the newest included.",
    seen_from(lambda s, T, back, every: end_of(s, T, every) - back + 1),
    lambda T, back, every: np.array([min(s + 1, back - (s // every + 1) * every + s) for s in range(T)]),
)
steps_seen.mistake(
    "The sequence has a beginning: no loss can see more steps than there are up to its own.",
    lambda T, back, every: np.array([s + 1 - end_of(s, T, every) + back for s in range(T)]),
)
steps_seen.mistake(
    "The last walk starts at the end of the sequence, also where the last group is not full.",
    seen_from(lambda s, T, back, every: (s // every + 1) * every - back),
)
steps_seen.mistake(
    "You let the walk start at the beginning of the group: it starts at its newest step.",
    seen_from(lambda s, T, back, every: s // every * every - back),
    seen_from(lambda s, T, back, every: s // every * every + 1 - back),
)
steps_seen.mistake(
    "What follows the last full group is never walked over in your answer: after the last step there is a "
    "walk too.",
    lambda T, back, every: steps_seen(T, back, every) * (np.arange(T) < T // every * every),
    lambda T, back, every: steps_seen(T, back, every)[: T // every * every],
)
steps_seen.mistake(
    "Your numbers fall within a group: you count from the newest step back to the loss, and the gradient "
    "goes further.",
    lambda T, back, every: np.array([end_of(s, T, every) - s for s in range(T)]),
)
steps_seen.mistake(
    "You give every loss the same number. Only the newest loss of a walk sees all of it.",
    lambda T, back, every: np.full(T, back),
)
steps_seen.mistake(
    "Without any cut a loss sees all steps up to its own. Here a walk is only `back` steps long.",
    lambda T, back, every: np.arange(T) + 1,
)
steps_seen.mistake(
    "You return the first step that each loss sees; the number of steps is asked for.",
    lambda T, back, every: np.array([max(end_of(s, T, every) - back, 0) for s in range(T)]),
    lambda T, back, every: np.array([max(end_of(s, T, every) - back, 0) + 1 for s in range(T)]),
)


def stream(time: int, u: float, k: int) -> dict:
    x, d_h = cases.normal((time,), (time,))
    return {"x": x, "d_h": d_h, "u": u, "k": k}


@exercise(
    cases=lambda: [stream(3, 0.5, 1), stream(4, 0.9, 2), stream(7, -0.8, 3), stream(5, 0.7, 9)],
    praise="What the window drops are the lags from k on: a bias, however much data there is.",
    see="What is cut, as a formula",
)
def window_slope(x, d_h, u, k):
    """dL/du of h_t = u h_{t-1} + x_t from h_0 = 0, each loss going back k steps. x, d_h (T,)."""
    h = np.zeros(len(x) + 1)  # h[t + 1] is the state after step t
    for t in range(len(x)):
        h[t + 1] = u * h[t] + x[t]
    total = 0.0
    for s in range(len(x)):
        for lag in range(min(k, s + 1)):
            total += d_h[s] * u**lag * h[s - lag]
    return total


def states(x, u):
    """h_0 = 0 and the state after each step (T + 1,)."""
    h = [0.0]
    for x_t in x:
        h.append(u * h[-1] + x_t)
    return h


def over_lags(term, lags=lambda s, k, T: range(min(k, s + 1))):
    """The sum over losses s and their lags of d_h[s] * term(h, u, s, lag)."""

    def answer(x, d_h, u, k):
        h = states(x, u)
        return sum(d_h[s] * term(h, u, s, lag) for s in range(len(x)) for lag in lags(s, k, len(x)))

    return answer


def arriving(h, u, s, lag):
    return u**lag * h[s - lag]


window_slope.mistake(
    "Your window is one step too long: k steps are the lags 0 to k - 1.",
    over_lags(arriving, lambda s, k, T: range(min(k + 1, s + 1))),
)
window_slope.mistake(
    "Your window is one step too short: k steps are the lags 0 to k - 1.",
    over_lags(arriving, lambda s, k, T: range(min(k - 1, s + 1))),
)
window_slope.mistake(
    "Lag 0 is left out: u acts in the loss's own step too.",
    over_lags(arriving, lambda s, k, T: range(1, min(k, s + 1))),
    over_lags(arriving, lambda s, k, T: range(1, min(k + 1, s + 1))),
)
window_slope.mistake(
    "Near the start your window reaches in front of the sequence, and a negative index counts from the end: "
    "go back as far as there are steps.",
    *(
        lambda x, d_h, u, k, kind=kind, read=read: sum(
            d_h[s] * u**lag * kind(read(states(x, u)))[s - lag] for s in range(len(x)) for lag in range(k)
        )
        for kind in (list, np.array)
        for read in (lambda h: h, lambda h: h[:-1])
    ),
)
window_slope.mistake(
    "Nothing is cut: that is the full gradient.",
    over_lags(arriving, lambda s, k, T: range(s + 1)),
)
window_slope.mistake(
    "You cut into chunks. In the window every loss goes back its own k steps.",
    over_lags(arriving, lambda s, k, T: range(s % k + 1)),
    see="Two ways to cut",
)
window_slope.mistake(
    "Only the last loss goes back; each of the T losses does.",
    over_lags(arriving, lambda s, k, T: range(min(k, s + 1)) if s == T - 1 else ()),
)
window_slope.mistake(
    "Losses with fewer than k steps behind them are left out. They go back as far as there are steps.",
    over_lags(arriving, lambda s, k, T: range(k) if s + 1 >= k else ()),
    over_lags(arriving, lambda s, k, T: range(k) if s >= k else ()),
)
window_slope.mistake(
    "You use the state after the step where the state before it belongs: u multiplies h_{t-1}.",
    over_lags(lambda h, u, s, lag: u**lag * h[s - lag + 1]),
)
window_slope.mistake(
    "The way back is not free: each step multiplies by u, and a lag of j by u**j.",
    over_lags(lambda h, u, s, lag: h[s - lag]),
    see="The bias as the window grows",
)
window_slope.mistake(
    "The powers of u are one too high: at lag 0 the loss's own step uses u, and nothing lies between.",
    over_lags(lambda h, u, s, lag: u ** (lag + 1) * h[s - lag]),
    see="The bias as the window grows",
)
window_slope.mistake(
    "You multiply by u once, however many steps lie between: a lag of j takes j factors.",
    over_lags(lambda h, u, s, lag: (u if lag else 1) * h[s - lag]),
    over_lags(lambda h, u, s, lag: u * h[s - lag]),
    see="The bias as the window grows",
)
window_slope.mistake(
    "You multiply u by the lag. A lag of j takes j factors u: a power.",
    over_lags(lambda h, u, s, lag: u * max(lag, 1) * h[s - lag]),
    over_lags(lambda h, u, s, lag: (u * lag if lag else 1) * h[s - lag]),
    over_lags(lambda h, u, s, lag: u * lag * h[s - lag]),
    see="The bias as the window grows",
)
window_slope.mistake(
    "This unit is linear: no slope of tanh stands on the way.",
    over_lags(
        lambda h, u, s, lag: np.prod([1 - h[s - j + 1] ** 2 for j in range(lag + 1)]) * u**lag * h[s - lag]
    ),
)
window_slope.mistake(
    "You take the inputs for the states: u multiplies the state before the step.",
    lambda x, d_h, u, k: sum(
        d_h[s] * u**lag * x[s - lag] for s in range(len(x)) for lag in range(min(k, s + 1))
    ),
)
window_slope.mistake(
    "The gradient is that of an average over the steps; the losses add up.",
    lambda x, d_h, u, k: window_slope(x, d_h, u, k) / len(x),
)
window_slope.mistake(
    "You return one number per step. The shares of all losses add up to one.",
    lambda x, d_h, u, k: [
        sum(d_h[s] * arriving(states(x, u), u, s, lag) for lag in range(min(k, s + 1))) for s in range(len(x))
    ],
)


@window_slope.mistake(
    "You start the state at zero in each window. Only the way back is cut; forward, the state is carried.",
    see="Two ways to cut",
)
def state_cut_too(x, d_h, u, k):
    total = 0.0
    for s in range(len(x)):
        first = max(0, s - k + 1)
        h = states(x[first : s + 1], u)
        total += sum(d_h[s] * u**lag * h[s - first - lag] for lag in range(s - first + 1))
    return total


def elman_1990(inputs: int, units: int, outputs: int) -> dict:
    shapes = {"x_t": (inputs,), "context": (units,), "y": (outputs,), "W": (units, inputs)}
    drawn = cases.named(**shapes, U=(units, units), b=(units,), V=(outputs, units), c=(outputs,))
    return {**drawn, "eta": 0.2}


@exercise(
    cases=lambda: [elman_1990(1, 2, 1), elman_1990(4, 3, 2), elman_1990(2, 3, 5)],
    praise="Truncation after one step, and no gradient through time at all: so Elman trained in 1990.",
    see="Two ways to cut",
    parts=("W", "U", "b", "V", "c", "the next context"),
)
def context_step(x_t, context, y, W, U, b, V, c, eta):
    """New W, U, b, V and c after one step of descent with the context held fixed, and the next context."""
    h = np.tanh(W @ x_t + U @ context + b)
    error = V @ h + c - y
    delta = (error @ V) * (1 - h**2)
    moved = [W - eta * np.outer(delta, x_t), U - eta * np.outer(delta, context), b - eta * delta]
    return *moved, V - eta * np.outer(error, h), c - eta * error, h


def stepped(
    sent=lambda error, V, moved_V: error @ V,
    slope=lambda h: 1 - h**2,
    source=lambda context, h: context,
    sign=-1,
    error_by=lambda o, y: o - y,
    put_on=lambda h, W, U, b, x_t, context, delta: h,
    outer=np.outer,
):
    """The step with everything to turn."""

    def answer(x_t, context, y, W, U, b, V, c, eta):
        h = np.tanh(W @ x_t + U @ context + b)
        error = error_by(V @ h + c, y)
        new_V, new_c = V + sign * eta * np.outer(error, h), c + sign * eta * error
        delta = sent(error, V, new_V) * slope(h)
        new_W, new_U = W + sign * eta * outer(delta, x_t), U + sign * eta * outer(delta, source(context, h))
        new_b = b + sign * eta * delta
        return new_W, new_U, new_b, new_V, new_c, put_on(h, new_W, new_U, new_b, x_t, context, delta)

    return answer


context_step.mistake(
    "V has moved before the error goes back through it. All gradients belong to the weights that made the "
    "output.",
    stepped(sent=lambda error, V, moved_V: error @ moved_V),
)
context_step.mistake(
    "The slope of tanh is missing between the state and what goes into it.",
    stepped(slope=np.ones_like),
)
context_step.mistake(
    "h is what tanh gave, and its slope is 1 - h**2: you take another.",
    stepped(slope=lambda h: h * (1 - h)),
    stepped(slope=lambda h: 1 - np.tanh(h) ** 2),
)
context_step.mistake(
    "U is taught with the new state as its source. In this step it read the context.",
    stepped(source=lambda context, h: h),
)
context_step.mistake(
    "The weights go uphill: they move against their gradients, and the error is output minus target.",
    stepped(sign=1),
    stepped(error_by=lambda o, y: y - o),
)
context_step.mistake(
    "Half a square has the derivative 1 times the error: your steps are twice as long.",
    stepped(error_by=lambda o, y: 2 * (o - y)),
)
context_step.mistake(
    "You divide by the number of outputs; the loss is half the sum of their squares.",
    stepped(error_by=lambda o, y: (o - y) / len(y)),
    stepped(error_by=lambda o, y: 2 * (o - y) / len(y)),
)
context_step.mistake(
    "The target is not subtracted from the output.",
    stepped(error_by=lambda o, y: o),
)
context_step.mistake(
    "The next context is the state of this step, as it was computed; you return the old context.",
    lambda x_t, context, *rest: context,
    part="the next context",
)
context_step.mistake(
    "You run the step once more with the new weights for the next context. Elman copied the state as it was.",
    stepped(put_on=lambda h, W, U, b, x_t, context, delta: np.tanh(W @ x_t + U @ context + b)),
)
context_step.mistake(
    "The next context is the state; you return the output.",
    lambda x_t, context, y, W, U, b, V, c, eta: V @ np.tanh(W @ x_t + U @ context + b) + c,
    part="the next context",
)
context_step.mistake(
    "You let the context descend. It is a result, held fixed in this step: only weights move.",
    lambda x_t, context, y, W, U, b, V, c, eta: (
        context + (context_step(x_t, context, y, W, U, b, V, c, eta)[2] - b) @ U
    ),
    lambda x_t, context, y, W, U, b, V, c, eta: (
        np.tanh(W @ x_t + U @ context + b) + (context_step(x_t, context, y, W, U, b, V, c, eta)[2] - b) @ U
    ),
    part="the next context",
)
context_step.mistake(
    "U does not move in your answer. The context is held fixed; the weights that read it learn.",
    lambda x_t, context, y, W, U, *rest: U,
    part="U",
)
context_step.mistake(
    "V and c do not move in your answer: the readout learns as well.",
    lambda x_t, context, y, W, U, b, V, c, eta: (
        *context_step(x_t, context, y, W, U, b, V, c, eta)[:3],
        V,
        c,
        context_step(x_t, context, y, W, U, b, V, c, eta)[5],
    ),
)
context_step.mistake(
    "You return the steps; the moved weights are asked for.",
    lambda x_t, context, y, W, U, b, V, c, eta: (
        *(
            new - old
            for new, old in zip(
                context_step(x_t, context, y, W, U, b, V, c, eta)[:5], (W, U, b, V, c), strict=True
            )
        ),
        context_step(x_t, context, y, W, U, b, V, c, eta)[5],
    ),
)
context_step.mistake(
    "You return the gradients; the moved weights are asked for.",
    lambda x_t, context, y, W, U, b, V, c, eta: (
        *(
            (old - new) / eta
            for new, old in zip(
                context_step(x_t, context, y, W, U, b, V, c, eta)[:5], (W, U, b, V, c), strict=True
            )
        ),
        context_step(x_t, context, y, W, U, b, V, c, eta)[5],
    ),
)


@context_step.mistake("You write into the weights that you were given: return new arrays.")
def moves_in_place(x_t, context, y, W, U, b, V, c, eta):
    new = context_step(x_t, context, y, W, U, b, V, c, eta)
    for old, moved in zip((W, U, b, V, c), new[:5], strict=True):
        old[...] = moved
    return W, U, b, V, c, new[5]
