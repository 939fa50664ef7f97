"""Exercises of chapters/01-background/01-why-memory.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.background import why_memory as solutions

NOTEBOOK = "01-background/01-why-memory.ipynb"

WINDOW, FAR = "Models that see a window", "How far?"


def strip(batch: int, time: int, inputs: int, width: int) -> dict:
    return {"x": cases.normal((batch, time, inputs))[0], "width": width}


window_views = Exercise(
    solutions.window_views,
    notebook=NOTEBOOK,
    cases=lambda: [strip(1, 3, 1, 2), strip(2, 4, 2, 3), strip(1, 3, 2, 1)],
    praise="What lies further back than the window is out of view, whatever the model does with it.",
)


def windows(x, width, before=None, order=1):
    """The solution with another filling before the start, or the newest step first."""
    B, T, D = x.shape
    filling = np.zeros((B, width - 1, D)) if before is None else before
    padded = np.concatenate([filling, x], axis=1)
    return np.stack([padded[:, t : t + width][:, ::order].reshape(B, -1) for t in range(T)], axis=1)


@window_views.mistake("The newest step comes first in your window; the oldest should.", see=WINDOW)
def newest_first(x, width):
    return windows(x, width, order=-1)


@window_views.mistake("Your window looks ahead: at step t it may see the steps up to t only.", see=WINDOW)
def looks_ahead(x, width):
    return solutions.window_views(x[:, ::-1], width)[:, ::-1]


@window_views.mistake("The first row is repeated before the start; there should be zeros.", see=WINDOW)
def repeats_the_first(x, width):
    return windows(x, width, np.repeat(x[:, :1], width - 1, axis=1))


@window_views.mistake("Your window wraps around: before the start it shows the end of the strip.", see=WINDOW)
def wraps_around(x, width):
    return windows(x, width, x[:, len(x[0]) - (width - 1) :])


@window_views.mistake("The current step is not in its own window.", see=WINDOW)
def without_the_present(x, width):
    shifted = np.concatenate([np.zeros_like(x[:, :1]), x[:, :-1]], axis=1)
    return solutions.window_views(shifted, width)


@window_views.mistake("Only windows that are full are there; each step has one, T in all.", see=WINDOW)
def full_windows_only(x, width):
    return solutions.window_views(x, width)[:, width - 1 :]


right_by_gap = Exercise(
    solutions.right_by_gap,
    notebook=NOTEBOOK,
    cases=lambda: [
        {"answers": [1, 2], "targets": [1, 3], "gaps": [4, 4]},
        {"answers": [1, 2, 3, 1], "targets": [1, 2, 1, 1], "gaps": [0, 8, 8, 8]},
        {"answers": [5, 5, 0, 7], "targets": [5, 4, 0, 7], "gaps": [2, 1, 1, 2]},
    ],
    praise="One mean hides where a memory ends; one number a gap shows it.",
)


@right_by_gap.mistake("These are numbers of right answers; shares are asked for.", see=FAR)
def counts(answers, targets, gaps):
    hits = np.array(answers) == targets
    return {int(gap): int(hits[np.array(gaps) == gap].sum()) for gap in np.unique(gaps)}


@right_by_gap.mistake("You divide by all answers; divide by those of the gap.", see=FAR)
def share_of_all(answers, targets, gaps):
    hits = np.array(answers) == targets
    return {int(gap): hits[np.array(gaps) == gap].sum() / len(hits) for gap in np.unique(gaps)}


@right_by_gap.mistake("These are the shares of wrong answers.", see=FAR)
def errors(answers, targets, gaps):
    return {gap: 1 - share for gap, share in solutions.right_by_gap(answers, targets, gaps).items()}


@right_by_gap.mistake("Every gap has the share of all answers together.", see=FAR)
def one_share_for_all(answers, targets, gaps):
    return dict.fromkeys(map(int, np.unique(gaps)), float(np.mean(np.array(answers) == targets)))


@right_by_gap.mistake("You pool a gap with all shorter ones; each gap stands for itself.", see=FAR)
def up_to_the_gap(answers, targets, gaps):
    hits = np.array(answers) == targets
    return {int(gap): float(hits[np.array(gaps) <= gap].mean()) for gap in np.unique(gaps)}


@right_by_gap.mistake("You group by the target; the gap is what sorts the answers.", see=FAR)
def by_target(answers, targets, gaps):
    return solutions.right_by_gap(answers, targets, targets)
