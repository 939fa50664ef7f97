import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("04-mathematics/04-truncated-backpropagation.ipynb")


@exercise(
    cases=lambda: [{"T": 4, "k": 2}, {"T": 7, "k": 3}, {"T": 9, "k": 4}, {"T": 3, "k": 5}],
    praise="On average (k + 1) / 2 steps, and k of them for one loss in k only.",
    see="Two ways to cut",
)
def steps_seen(T, k):
    """For each of T losses, how many steps its gradient reaches with chunks of k (T,)."""
    return np.arange(T) % k + 1


steps_seen.mistake(
    "That is the sliding window, where every loss goes back k steps; a chunk's first loss sees one step.",
    lambda T, k: np.minimum(np.arange(T) + 1, k),
)
steps_seen.mistake(
    "The loss's own step counts too: the first of a chunk sees 1 step, not 0.", lambda T, k: np.arange(T) % k
)
steps_seen.mistake(
    "Your numbers fall within a chunk: you count the steps that follow, and the gradient goes back.",
    lambda T, k: k - np.arange(T) % k,
)
steps_seen.mistake(
    "Only losses at the end of a chunk see k steps; you give k to all.", lambda T, k: np.full(T, k)
)
steps_seen.mistake(
    "Without any cut a loss sees all steps up to its own; chunks cut at every k.",
    lambda T, k: np.arange(T) + 1,
)
steps_seen.mistake(
    "That is the average, (k + 1) / 2. Each loss has a number of its own.",
    lambda T, k: np.full(T, (k + 1) / 2),
)


def stream(time: int, u: float, k: int) -> dict:
    x, d_h = cases.normal((time,), (time,))
    return {"x": x, "d_h": d_h, "u": u, "k": k}


@exercise(
    cases=lambda: [stream(2, 0.5, 1), stream(4, 0.9, 2), stream(7, 0.8, 3), stream(5, 0.7, 9)],
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


window_slope.mistake(
    "Your window is one step too long: k steps are the lags 0 to k - 1.",
    lambda x, d_h, u, k: window_slope(x, d_h, u, k + 1),
)
window_slope.mistake(
    "Your window is one step too short: k steps are the lags 0 to k - 1.",
    lambda x, d_h, u, k: window_slope(x, d_h, u, k - 1),
)
window_slope.mistake(
    "Nothing is cut: that is the full gradient.", lambda x, d_h, u, k: window_slope(x, d_h, u, len(x))
)


@window_slope.mistake(
    "You cut into chunks. In the window every loss goes back its own k steps.", see="Two ways to cut"
)
def in_chunks(x, d_h, u, k):
    h = states(x, u)
    return sum(d_h[s] * u**lag * h[s - lag] for s in range(len(x)) for lag in range(s % k + 1))


@window_slope.mistake(
    "You use the state after the step where the state before it belongs: u multiplies h_{t-1}."
)
def state_after(x, d_h, u, k):
    h = states(x, u)
    return sum(d_h[s] * u**lag * h[s - lag + 1] for s in range(len(x)) for lag in range(min(k, s + 1)))


@window_slope.mistake(
    "The way back is not free: each step multiplies by u, and a lag of j by u**j.",
    see="The bias as the window grows",
)
def without_powers(x, d_h, u, k):
    h = states(x, u)
    return sum(d_h[s] * h[s - lag] for s in range(len(x)) for lag in range(min(k, s + 1)))


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
