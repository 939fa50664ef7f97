"""Exercises of chapters/09-faq/04-gpu.ipynb."""

import numpy as np

from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.faq import gpu as solutions

NOTEBOOK = "09-faq/04-gpu.ipynb"

ROOF, CALLS = "Arithmetic or memory?", "When do calls matter?"

least_seconds = Exercise(
    solutions.least_seconds,
    notebook=NOTEBOOK,
    cases=lambda: [
        {"work": 8.0, "moved": 2.0, "peak": 4.0, "bandwidth": 4.0},
        {"work": 8.0, "moved": 40.0, "peak": 4.0, "bandwidth": 4.0},
        {"work": 3e9, "moved": 1e8, "peak": 1e11, "bandwidth": 2e10},
        {"work": 3e9, "moved": 1e9, "peak": 1e11, "bandwidth": 2e10},
    ],
    praise="The roof: whichever of the two takes longer sets the pace.",
)


@least_seconds.mistake("The two go on at the same time: the longer one counts, not their sum.", see=ROOF)
def one_after_the_other(work, moved, peak, bandwidth):
    return work / peak + moved / bandwidth


@least_seconds.mistake("You take the shorter of the two; the operation waits for the longer one.", see=ROOF)
def the_shorter(work, moved, peak, bandwidth):
    return min(work / peak, moved / bandwidth)


@least_seconds.mistake("Memory is left out.", see=ROOF)
def arithmetic_alone(work, moved, peak, bandwidth):
    return work / peak


@least_seconds.mistake("The arithmetic is left out.", see=ROOF)
def memory_alone(work, moved, peak, bandwidth):
    return moved / bandwidth


@least_seconds.mistake("That is a rate, operations a second; the time is asked for.", see=ROOF)
def as_a_rate(work, moved, peak, bandwidth):
    return min(peak, work / moved * bandwidth)


@least_seconds.mistake("The two speeds are exchanged.", see=ROOF)
def speeds_exchanged(work, moved, peak, bandwidth):
    return solutions.least_seconds(work, moved, bandwidth, peak)


crossing_width = Exercise(
    solutions.crossing_width,
    notebook=NOTEBOOK,
    cases=lambda: [
        {"seconds_a_call": 1e-5, "calls": 10, "peak": 1e11, "B": 8},
        {"seconds_a_call": 4e-6, "calls": 60, "peak": 2e13, "B": 32},
        {"seconds_a_call": 1e-6, "calls": 3, "peak": 1e9, "B": 1},
    ],
    praise="Narrower than this a network waits for calls, and a faster processor does not help.",
)


@crossing_width.mistake("You count one call; a step makes `calls` of them.", see=CALLS)
def one_call(seconds_a_call, calls, peak, B):
    return np.sqrt(seconds_a_call * peak / (48 * B))


@crossing_width.mistake("The root is missing: the work grows with the square of the width.", see=CALLS)
def without_the_root(seconds_a_call, calls, peak, B):
    return seconds_a_call * calls * peak / (48 * B)


@crossing_width.mistake(
    "The batch is left out: each sequence has products of its own, and shares the calls.", see=CALLS
)
def batch_left_out(seconds_a_call, calls, peak, B):
    return np.sqrt(seconds_a_call * calls * peak / 48)


@crossing_width.mistake(
    "A larger batch lets the products win at a smaller width; yours grows with B.", see=CALLS
)
def grows_with_the_batch(seconds_a_call, calls, peak, B):
    return np.sqrt(seconds_a_call * calls * peak * B / 48)


@crossing_width.mistake(
    "The rate stands below; the time of the work is 48 B H^2 divided by the rate.", see=CALLS
)
def divided_by_the_rate(seconds_a_call, calls, peak, B):
    return np.sqrt(seconds_a_call * calls / (48 * B * peak))


@crossing_width.mistake("The factor 48 is missing.", see=CALLS)
def without_48(seconds_a_call, calls, peak, B):
    return np.sqrt(seconds_a_call * calls * peak / B)
