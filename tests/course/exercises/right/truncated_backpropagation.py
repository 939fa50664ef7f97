"""Right answers to the exercises of 04-mathematics/04-truncated-backpropagation, written in other ways."""


def steps_seen(steps, chunk):
    seen = []
    for _ in range(steps):
        seen.append(1 if not seen or seen[-1] == chunk else seen[-1] + 1)
    return seen


def window_slope(inputs, slopes, weight, window):
    before, state = [], 0.0
    for number in inputs:
        before.append(state)
        state = weight * state + number
    total = 0.0
    for s, slope in enumerate(slopes):
        back = slope
        for t in range(s, max(-1, s - window), -1):
            total += back * before[t]
            back *= weight
    return total
