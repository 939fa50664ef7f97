import numpy as np

from rnnbook.course.exercises import exercises_of

exercise = exercises_of("06-applications/06-object-detection-in-video.ipynb")


def overlap(iou: list[list[float]], scores: list[float], threshold: float = 0.5) -> dict:
    return {"iou": np.array(iou), "scores": np.array(scores), "threshold": threshold}


@exercise(
    cases=lambda: [
        overlap([[0.6], [0.8]], [0.7, 0.4]),
        overlap([[0.5, 0.0], [0.2, 0.49]], [0.3, 0.9]),
        overlap([[0.7, 0.6], [0.9, 0.2], [0.55, 0.65]], [0.4, 0.9, 0.8]),
        overlap([[0.8, 0.6, 0.1], [0.75, 0.7, 0.0], [0.7, 0.2, 0.6], [0.3, 0.6, 0.9]], [0.2, 0.9, 0.7, 0.5]),
        overlap([[0.55, 0.9], [0.6, 0.0]], [0.9, 0.4]),
        overlap([[0.9, 0.8], [0.6, 0.1]], [0.4, 0.9]),
        overlap([[0.52, 0.9], [0.8, 0.7], [0.1, 0.85]], [0.6, 0.5, 0.1], 0.6),
        overlap([[0.1, 0.35, 0.3], [0.35, 0.32, 0.6]], [0.2, 0.8], 0.3),
        overlap(
            [[0.0, 0.4], [0.0, 0.45], [0.6, 0.9], [0.2, 0.7], [0.65, 0.8]], [0.9, 0.1, 0.3, 0.6, 0.5], 0.4
        ),
    ],
    praise="The surest choose first, and each true box is found once: the first half of average precision.",
    see="How to score a detector",
)
def boxes_taken(iou, scores, threshold):
    """The true box that each found box (P,) of a picture takes, or -1. iou: (P, N) with the true ones."""
    iou = iou.copy()
    taken = np.full(len(scores), -1)
    for box in np.argsort(-scores):
        choice = iou[box].argmax()
        if iou[box, choice] >= threshold:
            taken[box] = choice
            iou[:, choice] = -1
    return taken


def taking(iou, threshold, order, *, again=False, only_first=False, strict=False, choose=np.argmax):
    """A matching with parts to turn."""
    free, taken = np.ones(iou.shape[1], dtype=bool), np.full(len(iou), -1)
    for box in order:
        row = iou[box] if only_first or again else np.where(free, iou[box], -1)
        choice = choose(row)
        good = row[choice] > threshold if strict else row[choice] >= threshold
        if good and (again or free[choice]):
            taken[box], free[choice] = choice, False
    return taken


boxes_taken.mistake(
    "Your boxes choose in the order in which they come; the surest choose first.",
    lambda iou, scores, threshold: taking(iou, threshold, range(len(scores))),
)
boxes_taken.mistake(
    "Your boxes choose from the least sure to the surest.",
    lambda iou, scores, threshold: taking(iou, threshold, np.argsort(scores)),
)
boxes_taken.mistake(
    "A true box that is taken cannot be taken again: a second box on the same fish is a mistake.",
    lambda iou, scores, threshold: taking(iou, threshold, range(len(scores)), again=True),
)
boxes_taken.mistake(
    "A box whose best is taken may still take another one that it overlaps enough.",
    lambda iou, scores, threshold: taking(iou, threshold, np.argsort(-scores), only_first=True),
)
boxes_taken.mistake(
    "An overlap equal to the threshold is enough.",
    lambda iou, scores, threshold: taking(iou, threshold, np.argsort(-scores), strict=True),
)
boxes_taken.mistake(
    "A box takes the free one that it overlaps most, and not the first that is good enough.",
    lambda iou, scores, threshold: taking(
        iou, threshold, np.argsort(-scores), choose=lambda row: int(np.argmax(row >= threshold))
    ),
)


@boxes_taken.mistake("The true boxes choose in your answer; the found ones do, the surest first.")
def truth_chooses(iou, scores, threshold):
    taken = np.full(len(scores), -1)
    for true in range(iou.shape[1]):
        row = np.where(taken < 0, iou[:, true], -1)
        if row.max() >= threshold:
            taken[row.argmax()] = true
    return taken


@boxes_taken.mistake("You pair the largest overlaps first; who chooses first is decided by the scores.")
def by_overlap(iou, scores, threshold):
    free, taken = iou.copy(), np.full(len(scores), -1)
    while free.max() >= threshold:
        box, true = np.unravel_index(free.argmax(), free.shape)
        taken[box] = true
        free[box], free[:, true] = -1, -1
    return taken


boxes_taken.mistake(
    "You say whether each box hits; asked for is which true box it takes.",
    lambda iou, scores, threshold: boxes_taken(iou, scores, threshold) >= 0,
)
boxes_taken.mistake(
    "Your answers stand in the order of the scores; they belong in the order in which the boxes came.",
    lambda iou, scores, threshold: boxes_taken(iou, scores, threshold)[np.argsort(-scores)],
)
boxes_taken.mistake(
    "A box that hits nothing is -1 in the answer; the threshold is missing.",
    lambda iou, scores, threshold: taking(iou, 0.0, np.argsort(-scores)),
    lambda iou, scores, threshold: iou.argmax(axis=1),
)
boxes_taken.mistake(
    "The number of a true box begins at 0.",
    lambda iou, scores, threshold: (
        boxes_taken(iou, scores, threshold) + (boxes_taken(iou, scores, threshold) >= 0)
    ),
)


@boxes_taken.mistake("You mark what is taken in `iou` itself: work on a copy, the caller may still need it.")
def in_place(iou, scores, threshold):
    taken = np.full(len(scores), -1)
    for box in np.argsort(-scores):
        choice = iou[box].argmax()
        if iou[box, choice] >= threshold:
            taken[box] = choice
            iou[:, choice] = -1
    return taken


@boxes_taken.mistake("The true boxes choose in your answer; the found ones do, the surest first.")
def best_of_each_column(iou, scores, threshold):
    taken = np.full(len(scores), -1)
    for true in range(iou.shape[1]):
        box = iou[:, true].argmax()
        if iou[box, true] >= threshold:
            taken[box] = true
    return taken


@boxes_taken.mistake("A box that hits nothing is -1 in the answer; the threshold is missing.")
def takes_anything(iou, scores, threshold):
    iou, taken = iou.copy(), np.full(len(scores), -1)
    for box in np.argsort(-scores):
        taken[box] = iou[box].argmax()
        iou[:, taken[box]] = -1
    return taken


def found(scores: list[float], hits: str, num_true: int) -> dict:
    return {"scores": np.array(scores), "hits": np.array([hit == "1" for hit in hits]), "num_true": num_true}


@exercise(
    cases=lambda: [
        found([0.9, 0.8, 0.7], "101", 2),
        found([0.3, 0.9, 0.5, 0.7, 0.6], "10110", 4),
        found([0.2, 0.4, 0.6, 0.8], "1101", 3),
        found([0.15, 0.95, 0.35, 0.75, 0.55, 0.45], "110011", 7),
        found([0.9, 0.5], "00", 3),
        found([0.8, 0.9, 0.6, 0.3, 0.7, 0.1], "110100", 5),
        found([0.31, 0.22, 0.93, 0.74, 0.65, 0.86, 0.57], "1100101", 4),
    ],
    praise="The exact area, in place of a sample at a hundred and one recalls.",
    see="How to score a detector",
)
def exact_ap(scores, hits, num_true):
    """The mean over the true boxes of the best precision at or beyond their recall; 0 for those never hit."""
    hits = hits[np.argsort(-scores)]
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    best = np.maximum.accumulate(precision[::-1])[::-1]
    return best[hits].sum() / num_true


def ordered(scores, hits, order=None):
    hits = hits[np.argsort(-scores) if order is None else order]
    return hits, np.cumsum(hits) / np.arange(1, len(hits) + 1)


def area(hits, precision, num_true):
    return np.maximum.accumulate(precision[::-1])[::-1][hits].sum() / num_true


exact_ap.mistake(
    "The boxes are to be taken in the order of their scores, the surest first.",
    lambda scores, hits, num_true: area(*ordered(scores, hits, np.arange(len(hits))), num_true),
    lambda scores, hits, num_true: area(*ordered(scores, hits, np.argsort(scores)), num_true),
)
exact_ap.mistake(
    "At each recall the best precision there or beyond counts; you take the one that happens to stand there.",
    lambda scores, hits, num_true: ordered(scores, hits)[1][ordered(scores, hits)[0]].sum() / num_true,
)
exact_ap.mistake(
    "The best precision is looked for at and beyond a recall; you look at what came before it.",
    lambda scores, hits, num_true: (
        np.maximum.accumulate(ordered(scores, hits)[1])[ordered(scores, hits)[0]].sum() / num_true
    ),
)
exact_ap.mistake(
    "A true box that was never hit counts, with 0: divide by all true boxes.",
    lambda scores, hits, num_true: exact_ap(scores, hits, num_true) * num_true / max(hits.sum(), 1),
    lambda scores, hits, num_true: (
        np.mean(ordered(scores, hits)[1][ordered(scores, hits)[0]]) if hits.any() else 0.0
    ),
)
exact_ap.mistake(
    "You divide by the number of found boxes; the mean is over the true ones.",
    lambda scores, hits, num_true: exact_ap(scores, hits, num_true) * num_true / len(hits),
)
exact_ap.mistake(
    "A found box that misses is no true box: the mean is over hits, and you take every box into it.",
    lambda scores, hits, num_true: np.mean(ordered(scores, hits)[1]),
    lambda scores, hits, num_true: np.maximum.accumulate(ordered(scores, hits)[1][::-1]).mean(),
    lambda scores, hits, num_true: ordered(scores, hits)[1].sum() / num_true,
    lambda scores, hits, num_true: np.maximum.accumulate(ordered(scores, hits)[1][::-1]).sum() / num_true,
)


def sampled(scores, hits, num_true, recalls, slack=1e-12):
    hits, precision = ordered(scores, hits)
    recall = np.cumsum(hits) / num_true
    return np.mean([max(precision[recall >= R - slack], default=0.0) for R in recalls])


exact_ap.mistake(
    "That is the mean over a fixed list of recalls; here each true box counts, and none twice.",
    lambda scores, hits, num_true: sampled(scores, hits, num_true, np.linspace(0, 1, 101)),
    lambda scores, hits, num_true: sampled(scores, hits, num_true, np.linspace(0, 1, 11)),
    *[
        lambda scores, hits, num_true, recalls=recalls: sampled(scores, hits, num_true, recalls, 0.0)
        for recalls in (np.linspace(0, 1, 101), np.linspace(0, 1, 11), np.arange(0, 1.1, 0.1))
    ],
)


@exact_ap.mistake("You join the points by straight lines; the best precision is a staircase.")
def trapezoids(scores, hits, num_true):
    hits, precision = ordered(scores, hits)
    recall = np.concatenate([[0.0], np.cumsum(hits) / num_true])
    precision = np.concatenate([[1.0], precision])
    return np.sum(np.diff(recall) * (precision[1:] + precision[:-1]) / 2)


exact_ap.mistake(
    "That is the precision of all boxes together: one threshold, and not the order of the boxes.",
    lambda scores, hits, num_true: hits.mean(),
)
exact_ap.mistake(
    "That is the recall of all boxes together: one threshold, and not the order of the boxes.",
    lambda scores, hits, num_true: hits.sum() / num_true,
)
exact_ap.mistake(
    "Your precision divides by the true boxes, which is the recall; it divides by the boxes taken so far.",
    lambda scores, hits, num_true: (
        (np.cumsum(ordered(scores, hits)[0]) / num_true)[ordered(scores, hits)[0]].sum() / num_true
    ),
)
exact_ap.mistake(
    "Your count of the boxes taken so far begins at 0; after the first box it is 1.",
    lambda scores, hits, num_true: area(
        ordered(scores, hits)[0],
        np.cumsum(ordered(scores, hits)[0]) / np.maximum(np.arange(len(hits)), 1),
        num_true,
    ),
)


exact_ap.mistake(
    "You join the points by straight lines; the best precision is a staircase.",
    lambda scores, hits, num_true: np.trapezoid(
        ordered(scores, hits)[1], np.cumsum(ordered(scores, hits)[0]) / num_true
    ),
)
exact_ap.mistake(
    "Your running maximum from the end is not turned round again, so that precisions and hits do not belong "
    "together.",
    lambda scores, hits, num_true: (
        np.maximum.accumulate(ordered(scores, hits)[1][::-1])[ordered(scores, hits)[0]].sum() / num_true
    ),
)


def night(dark: str, boxes: int, fade: float, seed: int) -> dict:
    """What a detector finds in T pictures, also in the dark ones, where it is noise."""
    rng = np.random.default_rng(seed)
    scores = rng.uniform(0.1, 1, size=(len(dark), boxes)).round(2)
    corners = rng.integers(0, 40, size=(len(dark), boxes, 4)).astype(float)
    return {"boxes": corners, "scores": scores, "dark": np.array([one == "1" for one in dark]), "fade": fade}


def what_counts(pair):
    boxes, scores = (np.asarray(part, dtype=float) for part in pair)
    return np.where(scores[..., None] > 0, boxes, 0), scores


@exercise(
    cases=lambda: [
        night("01", 1, 0.5, 0),
        night("0011", 2, 0.7, 1),
        night("1101110", 2, 0.8, 2),
        night("01101001", 3, 0.9, 3),
        night("111", 2, 0.6, 4),
        night("0000", 2, 0.6, 5),
    ],
    praise="A memory that is less sure of older news; how fast it should fade, validation can tell.",
    view=what_counts,
    parts=("the boxes", "the scores"),
    see="A twin whose truth is certain",
)
def fading_hold(boxes, scores, dark, fade):
    """Boxes (T, P, 4), scores (T, P): the last lit frame's in the dark, `fade` times as sure at each step."""
    boxes, scores = boxes.copy(), scores.copy()
    for t in np.flatnonzero(dark):
        if t == 0:
            scores[t] = 0
        else:
            boxes[t], scores[t] = boxes[t - 1], fade * scores[t - 1]
    return boxes, scores


def held(boxes, scores, dark, factor, source=None):
    """The frames held, with factor(t, last lit frame) as sure; source: which frame is held instead."""
    boxes, scores, old_boxes, old_scores = boxes.copy(), scores.copy(), boxes, scores
    for t in np.flatnonzero(dark):
        lit = np.flatnonzero(~dark[:t])
        if len(lit) == 0:
            scores[t] = 0
            continue
        last = int(lit[-1]) if source is None else source(t, lit)
        boxes[t], scores[t] = old_boxes[last], factor(t, int(lit[-1])) * old_scores[last]
    return boxes, scores


fading_hold.mistake(
    "Nothing fades: the boxes are as sure after four dark frames as after one.",
    lambda boxes, scores, dark, fade: held(boxes, scores, dark, lambda t, last: 1.0),
)
fading_hold.mistake(
    "Your boxes fade once in a night, however long it is; they fade at every dark step.",
    lambda boxes, scores, dark, fade: held(boxes, scores, dark, lambda t, last: fade),
)
fading_hold.mistake(
    "Your fading is one step late: in the first dark frame the news is one step old.",
    lambda boxes, scores, dark, fade: held(boxes, scores, dark, lambda t, last: fade ** (t - last - 1)),
)
fading_hold.mistake(
    "Your fading counts from the begin of the clip, and not from the last lit frame.",
    lambda boxes, scores, dark, fade: held(boxes, scores, dark, lambda t, last: fade**t),
)
fading_hold.mistake(
    "Your fading counts the dark steps of the whole clip; with each lit frame it begins anew.",
    lambda boxes, scores, dark, fade: held(boxes, scores, dark, lambda t, last: fade ** dark[: t + 1].sum()),
    lambda boxes, scores, dark, fade: held(
        boxes, scores, dark, lambda t, last: fade ** dark[int(np.argmin(dark)) : t + 1].sum()
    ),
)
fading_hold.mistake(
    "Each step takes the same away in your answer; `fade` is a factor.",
    lambda boxes, scores, dark, fade: held(
        boxes, scores, dark, lambda t, last: max(0.0, 1 - (t - last) * (1 - fade))
    ),
)
fading_hold.mistake(
    "Every dark step multiplies by `fade` once more: after three of them it is fade to the third power.",
    lambda boxes, scores, dark, fade: held(boxes, scores, dark, lambda t, last: fade * (t - last)),
    lambda boxes, scores, dark, fade: held(boxes, scores, dark, lambda t, last: fade / (t - last)),
)
fading_hold.mistake(
    "In the dark your scores are 0; what was seen in the last lit frame still counts, a little less.",
    lambda boxes, scores, dark, fade: (boxes.copy(), np.where(dark[:, None], 0.0, scores)),
)
fading_hold.mistake(
    "The boxes themselves are held too; yours are what the detector made of a dark picture.",
    lambda boxes, scores, dark, fade: (boxes, fading_hold(boxes, scores, dark, fade)[1]),
)
fading_hold.mistake(
    "The scores are held with their boxes; yours come from the dark picture.",
    lambda boxes, scores, dark, fade: (
        fading_hold(boxes, scores, dark, fade)[0],
        np.where(dark[:, None], fade * scores, scores),
    ),
    lambda boxes, scores, dark, fade: (fading_hold(boxes, scores, dark, fade)[0], scores.copy()),
)
fading_hold.mistake(
    "In the dark before the first lit frame nothing is known: the scores there are 0.",
    lambda boxes, scores, dark, fade: keep_before(boxes, scores, dark, fade, 1.0, False),
    lambda boxes, scores, dark, fade: keep_before(boxes, scores, dark, fade, fade, False),
    lambda boxes, scores, dark, fade: keep_before(boxes, scores, dark, fade, fade, True),
    lambda boxes, scores, dark, fade: keep_before(boxes, scores, dark, fade, 1.0, True),
)


def keep_before(boxes, scores, dark, fade, first, hold):
    """As the solution, but what stands before the first lit frame is kept, or held."""
    boxes, scores = boxes.copy(), scores.copy()
    for t in np.flatnonzero(dark):
        if t == 0 or (not hold and dark[: t + 1].all()):
            scores[t] = first * scores[t]
        else:
            boxes[t], scores[t] = boxes[t - 1], fade * scores[t - 1]
    return boxes, scores


@fading_hold.mistake("At the first frame index -1 is the last frame of the clip, which is still to come.")
def from_the_end(boxes, scores, dark, fade):
    boxes, scores = boxes.copy(), scores.copy()
    for t in np.flatnonzero(dark):
        boxes[t], scores[t] = boxes[t - 1], fade * scores[t - 1]
    return boxes, scores


fading_hold.mistake(
    "You hold in the lit frames and look in the dark ones: True in `dark` says that the camera is off.",
    lambda boxes, scores, dark, fade: fading_hold(boxes, scores, ~dark, fade),
)
fading_hold.mistake(
    "In your answer the first lit frame is held for ever; the last one is the newest news.",
    lambda boxes, scores, dark, fade: held(
        boxes, scores, dark, lambda t, last: fade ** (t - last), lambda t, lit: int(lit[0])
    ),
)
fading_hold.mistake(
    "The frame before is held as the detector gave it, though it may be dark itself.",
    lambda boxes, scores, dark, fade: held(boxes, scores, dark, lambda t, last: fade, lambda t, lit: t - 1),
)


@fading_hold.mistake("The frame before is held as the detector gave it, though it may be dark itself.")
def one_step_back(boxes, scores, dark, fade):
    later_boxes, later_scores = boxes.copy(), scores.copy()
    for t in np.flatnonzero(dark):
        later_boxes[t], later_scores[t] = (boxes[t - 1], fade * scores[t - 1]) if t else (boxes[0], 0)
    return later_boxes, later_scores


@fading_hold.mistake("What you hold has faded already, and you fade it for all dark steps once more.")
def fades_twice(boxes, scores, dark, fade):
    boxes, scores, night = boxes.copy(), scores.copy(), 0
    for t in range(len(dark)):
        night = night + 1 if dark[t] else 0
        if dark[t] and t == 0:
            scores[t] = 0
        elif dark[t]:
            boxes[t], scores[t] = boxes[t - 1], fade**night * scores[t - 1]
    return boxes, scores


@fading_hold.mistake("You write into the arguments: work on copies, the caller may still need them.")
def writes(boxes, scores, dark, fade):
    for t in np.flatnonzero(dark):
        if t == 0:
            scores[t] = 0
        else:
            boxes[t], scores[t] = boxes[t - 1], fade * scores[t - 1]
    return boxes, scores


@fading_hold.mistake("Every frame fades in your answer; what is seen in the light is news.")
def all_fade(boxes, scores, dark, fade):
    boxes, scores = boxes.copy(), scores.copy()
    for t in range(len(dark)):
        if dark[t]:
            boxes[t], scores[t] = (boxes[t - 1], scores[t - 1]) if t else (boxes[t], 0)
        scores[t] = fade * scores[t]
    return boxes, scores
