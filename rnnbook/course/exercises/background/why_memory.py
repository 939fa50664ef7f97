import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("01-background/01-why-memory.ipynb")


def strip(batch: int, time: int, inputs: int, width: int) -> dict:
    return {"x": cases.normal((batch, time, inputs))[0], "width": width}


@exercise(
    cases=lambda: [strip(1, 3, 1, 2), strip(2, 4, 2, 3), strip(1, 3, 2, 1)],
    praise="What lies further back than the window is out of view, whatever the model does with it.",
    see="Models that see a window",
)
def window_views(x, width):
    """What a window sees at each step (B, T, width * D): oldest step first, zeros before the start."""
    B, T, D = x.shape
    padded = np.concatenate([np.zeros((B, width - 1, D)), x], axis=1)
    return np.stack([padded[:, t : t + width].reshape(B, -1) for t in range(T)], axis=1)


def windows(x, width, before=None, order=1):
    """The solution with another filling before the start, or the newest step first."""
    B, T, D = x.shape
    filling = np.zeros((B, width - 1, D)) if before is None else before
    padded = np.concatenate([filling, x], axis=1)
    return np.stack([padded[:, t : t + width][:, ::order].reshape(B, -1) for t in range(T)], axis=1)


window_views.mistake(
    "The newest step comes first in your window; the oldest should.",
    lambda x, width: windows(x, width, order=-1),
)
window_views.mistake(
    "Your window looks ahead: at step t it may see the steps up to t only.",
    lambda x, width: window_views(x[:, ::-1], width)[:, ::-1],
)
window_views.mistake(
    "The first row is repeated before the start; there should be zeros.",
    lambda x, width: windows(x, width, np.repeat(x[:, :1], width - 1, axis=1)),
)
window_views.mistake(
    "Your window wraps around: before the start it shows the end of the strip.",
    lambda x, width: windows(x, width, x[:, len(x[0]) - (width - 1) :]),
)
window_views.mistake(
    "The current step is not in its own window.",
    lambda x, width: window_views(np.pad(x, ((0, 0), (1, 0), (0, 0)))[:, :-1], width),
)
window_views.mistake(
    "Only windows that are full are there; each step has one, T in all.",
    lambda x, width: window_views(x, width)[:, width - 1 :],
)


@exercise(
    cases=lambda: [
        {"answers": [1, 2], "targets": [1, 3], "gaps": [4, 4]},
        {"answers": [1, 2, 3, 1], "targets": [1, 2, 1, 1], "gaps": [0, 8, 8, 8]},
        {"answers": [5, 5, 0, 7], "targets": [5, 4, 0, 7], "gaps": [2, 1, 1, 2]},
    ],
    praise="One mean hides where a memory ends; one number a gap shows it.",
    see="How far?",
)
def right_by_gap(answers, targets, gaps):
    """The share of right answers for each gap that occurs, as a dict; all three arguments are (N,)."""
    answers, targets, gaps = map(np.asarray, (answers, targets, gaps))
    return {int(gap): float(np.mean((answers == targets)[gaps == gap])) for gap in np.unique(gaps)}


def by_gap(answers, targets, gaps, measure):
    """What `measure` makes of the hits of each gap."""
    hits, gaps = np.array(answers) == targets, np.array(gaps)
    return {int(gap): measure(hits[gaps == gap]) for gap in np.unique(gaps)}


right_by_gap.mistake(
    "These are numbers of right answers; shares are asked for.",
    lambda answers, targets, gaps: by_gap(answers, targets, gaps, np.sum),
)
right_by_gap.mistake(
    "You divide by all answers; divide by those of the gap.",
    lambda answers, targets, gaps: by_gap(answers, targets, gaps, lambda hits: hits.sum() / len(gaps)),
)
right_by_gap.mistake(
    "These are the shares of wrong answers.",
    lambda answers, targets, gaps: by_gap(answers, targets, gaps, lambda hits: 1 - hits.mean()),
)


@right_by_gap.mistake("Every gap has the share of all answers together.")
def one_share_for_all(answers, targets, gaps):
    return dict.fromkeys(map(int, np.unique(gaps)), float(np.mean(np.array(answers) == targets)))


@right_by_gap.mistake("You pool a gap with all shorter ones; each gap stands for itself.")
def up_to_the_gap(answers, targets, gaps):
    hits = np.array(answers) == targets
    return {int(gap): float(hits[np.array(gaps) <= gap].mean()) for gap in np.unique(gaps)}


right_by_gap.mistake(
    "You group by the target; the gap is what sorts the answers.",
    lambda answers, targets, gaps: right_by_gap(answers, targets, targets),
)
