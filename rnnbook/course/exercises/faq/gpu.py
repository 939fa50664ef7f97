import numpy as np

from rnnbook.course.exercises import exercises_of

exercise = exercises_of("09-faq/04-gpu.ipynb")


@exercise(
    cases=lambda: [
        {"work": 8.0, "moved": 2.0, "peak": 4.0, "bandwidth": 4.0},
        {"work": 8.0, "moved": 40.0, "peak": 4.0, "bandwidth": 4.0},
        {"work": 3e9, "moved": 1e8, "peak": 1e11, "bandwidth": 2e10},
        {"work": 3e9, "moved": 1e9, "peak": 1e11, "bandwidth": 2e10},
    ],
    praise="The roof: whichever of the two takes longer sets the pace.",
    see="Arithmetic or memory?",
)
def least_seconds(work, moved, peak, bandwidth):
    """The least time of an operation that does `work` sums and products and moves `moved` bytes."""
    return max(work / peak, moved / bandwidth)


least_seconds.mistake(
    "The two go on at the same time: the longer one counts, not their sum.",
    lambda work, moved, peak, bandwidth: work / peak + moved / bandwidth,
)
least_seconds.mistake(
    "You take the shorter of the two; the operation waits for the longer one.",
    lambda work, moved, peak, bandwidth: min(work / peak, moved / bandwidth),
)
least_seconds.mistake("Memory is left out.", lambda work, moved, peak, bandwidth: work / peak)
least_seconds.mistake("The arithmetic is left out.", lambda work, moved, peak, bandwidth: moved / bandwidth)
least_seconds.mistake(
    "That is a rate, operations a second; the time is asked for.",
    lambda work, moved, peak, bandwidth: min(peak, work / moved * bandwidth),
)
least_seconds.mistake(
    "The two speeds are exchanged.",
    lambda work, moved, peak, bandwidth: least_seconds(work, moved, bandwidth, peak),
)


@exercise(
    cases=lambda: [
        {"seconds_a_call": 1e-5, "calls": 10, "peak": 1e11, "B": 8},
        {"seconds_a_call": 4e-6, "calls": 60, "peak": 2e13, "B": 32},
        {"seconds_a_call": 1e-6, "calls": 3, "peak": 1e9, "B": 1},
    ],
    praise="Narrower than this a network waits for calls, and a faster processor does not help.",
    see="When do calls matter?",
)
def crossing_width(seconds_a_call, calls, peak, B):
    """The width H at which a step's calls take as long as its 48 B H^2 operations at the rate `peak`."""
    return np.sqrt(seconds_a_call * calls * peak / (48 * B))


crossing_width.mistake(
    "You count one call; a step makes `calls` of them.",
    lambda seconds_a_call, calls, peak, B: np.sqrt(seconds_a_call * peak / (48 * B)),
)
crossing_width.mistake(
    "The root is missing: the work grows with the square of the width.",
    lambda seconds_a_call, calls, peak, B: seconds_a_call * calls * peak / (48 * B),
)
crossing_width.mistake(
    "The batch is left out: each sequence has products of its own, and shares the calls.",
    lambda seconds_a_call, calls, peak, B: np.sqrt(seconds_a_call * calls * peak / 48),
)
crossing_width.mistake(
    "A larger batch lets the products win at a smaller width; yours grows with B.",
    lambda seconds_a_call, calls, peak, B: np.sqrt(seconds_a_call * calls * peak * B / 48),
)
crossing_width.mistake(
    "The rate stands below; the time of the work is 48 B H^2 divided by the rate.",
    lambda seconds_a_call, calls, peak, B: np.sqrt(seconds_a_call * calls / (48 * B * peak)),
)
crossing_width.mistake(
    "The factor 48 is missing.",
    lambda seconds_a_call, calls, peak, B: np.sqrt(seconds_a_call * calls * peak / B),
)
