"""Right answers to 09-faq/04-gpu, written in other ways."""

import numpy as np


def batch_to_feed(H, peak, bandwidth):
    for B in range(1, 10_000):
        work, moved = 2 * B * H * 4 * H, 4 * (4 * H * H + B * H + B * 4 * H)
        if work / peak >= moved / bandwidth:
            return B
    return None


def batch_to_feed_by_array(H, peak, bandwidth):
    B = np.arange(1, 5000)
    enough = 2 * B * H / (4 * H + 5 * B) >= peak / bandwidth
    return B[enough][0] if enough.any() else None


def crossing_width(seconds_per_call, calls, peak, B, D):
    H = 1
    while 3 * 2 * B * 4 * H * (D + H) / peak < seconds_per_call * calls:
        H += 1
    return H


def crossing_width_by_roots(seconds_per_call, calls, peak, B, D):
    roots = np.roots([24 * B, 24 * B * D, -seconds_per_call * calls * peak])
    return int(np.ceil(roots.max()))


def launched(launch, run):
    ends = []
    for n, seconds in enumerate(run):
        start = (n + 1) * launch
        if ends and ends[-1] > start:
            start = ends[-1]
        ends.append(start + seconds)
    return [launch * len(run), ends[-1]]


def launched_by_longest_path(launch, run):
    ways = [(n + 1) * launch + run[n:].sum() for n in range(len(run))]
    return len(run) * launch, max(ways)
