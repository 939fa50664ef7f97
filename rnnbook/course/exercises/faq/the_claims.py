import numpy as np

from rnnbook.course.exercises import exercises_of

exercise = exercises_of("09-faq/08-the-claims.ipynb")


def measured(network: list, rivals: list) -> dict[str, np.ndarray]:
    """A case: shares in percent of the network (sizes, seeds) and of its rivals (rivals, sizes, seeds)."""
    return {"network": np.array(network), "rivals": np.array(rivals)}


@exercise(
    cases=lambda: [
        measured([[90, 80]], [[[70, 60]]]),
        measured([[90, 80]], [[[80, 50]]]),  # a tie of the worst and the best seed
        measured([[90, 70, 90], [80, 90, 85]], [[[60, 80, 50], [70, 75, 60]]]),
        measured([[90, 90], [80, 80], [70, 70]], [[[60, 60]] * 3, [[50, 50], [50, 50], [60, 90]]]),
        measured([[90, 80], [70, 90]], [[[50, 60], [60, 50]], [[70, 60], [40, 60]]]),
        measured([[90, 80], [70, 90]], [[[50, 60], [60, 50]], [[85, 60], [40, 75]]]),
        measured([[50, 60], [60, 50], [30, 20]], [[[70, 80], [90, 70], [40, 50]]]),
        measured([[60, 60], [90, 90]], [[[50, 50], [70, 80]], [[55, 40], [80, 60]]]),
        measured([[60, 60], [90, 90], [40, 90]], [[[70, 70], [80, 80], [50, 30]]]),
        measured([[70, 70], [20, 20], [30, 30]], [[[60, 60], [40, 30], [50, 50]]]),
        measured([[70, 80], [85, 70]], [[[55, 55], [80, 50]], [[70, 60], [65, 70]]]),
        measured([[90, 85], [70, 80]], [[[50, 50], [75, 75]], [[75, 60], [60, 60]]]),
        measured([[75, 75, 70], [85, 70, 75]], [[[80, 80, 75], [80, 75, 70]], [[50, 60, 55], [80, 60, 70]]]),
        measured([[70, 90], [90, 70]], [[[50, 75], [70, 70]]]),
        measured([[85, 85], [80, 75]], [[[65, 75], [60, 65]]]),
        measured([[85, 80], [70, 90], [85, 70]], [[[75, 75], [55, 70], [65, 50]]]),
    ],
    praise="The limits were in the rows: which rival, which size, and how far the seeds differ.",
    see="What the limits have in common",
)  # fmt: skip
def verdict_on(network, rivals):
    """The verdict on "the network is better" from scores (sizes, seeds) and (rivals, sizes, seeds)."""
    better = network.min(axis=1) > rivals.max(axis=(0, 2))
    if better.all():
        return "holds"
    return "holds within limits" if better.any() else "corrected"


def verdict_by(better):
    """An answer with another rule for a size. better: of the two arrays, an array of truths."""

    def answer(network, rivals):
        found = np.atleast_1d(better(network, rivals))
        return "holds" if found.all() else "holds within limits" if found.any() else "corrected"

    return answer


verdict_on.mistake(
    "You compare means; where the seeds of the two overlap, another draw may turn the order round.",
    verdict_by(lambda network, rivals: network.mean(axis=1) > rivals.max(axis=(0, 2))),
    verdict_by(lambda network, rivals: network.min(axis=1) > rivals.mean(axis=2).max(axis=0)),
    verdict_by(lambda network, rivals: network.mean(axis=1) > rivals.mean(axis=2).max(axis=0)),
    verdict_by(lambda network, rivals: (network.mean(axis=1) > rivals.mean(axis=2)).all(axis=0)),
    verdict_by(lambda network, rivals: network.mean(axis=1) > rivals.mean(axis=(0, 2))),
)
verdict_on.mistake(
    "The network's best seed is set against the rivals'; its worst one must win as well.",
    verdict_by(lambda network, rivals: network.max(axis=1) > rivals.max(axis=(0, 2))),
)
verdict_on.mistake(
    "You compare seed by seed; that two seeds have the same number says nothing.",
    verdict_by(lambda network, rivals: (network > rivals).all(axis=(0, 2))),
)
verdict_on.mistake(
    "Each rival counts by its worst seed; its best one is the score that must be beaten.",
    verdict_by(lambda network, rivals: network.min(axis=1) > rivals.min(axis=2).max(axis=0)),
    verdict_by(lambda network, rivals: network.min(axis=1) > rivals.min(axis=(0, 2))),
)
verdict_on.mistake(
    "You count a level score as better; it is not.",
    verdict_by(lambda network, rivals: network.min(axis=1) >= rivals.max(axis=(0, 2))),
)
verdict_on.mistake(
    "You look at one rival only; the strongest one may be another, and another at each size.",
    verdict_by(lambda network, rivals: network.min(axis=1) > rivals[0].max(axis=1)),
    verdict_by(lambda network, rivals: network.min(axis=1) > rivals[-1].max(axis=1)),
)
verdict_on.mistake(
    "One rival that is beaten is enough in your answer; all must be.",
    verdict_by(lambda network, rivals: (network.min(axis=1) > rivals.max(axis=2)).any(axis=0)),
    verdict_by(lambda network, rivals: network.min(axis=1) > rivals.max(axis=2).min(axis=0)),
)
verdict_on.mistake(
    "You average over the rivals; a weak one then helps the network.",
    verdict_by(lambda network, rivals: network.min(axis=1) > rivals.max(axis=2).mean(axis=0)),
    verdict_by(lambda network, rivals: network.min(axis=1) > rivals.mean(axis=0).max(axis=1)),
)
verdict_on.mistake(
    "You throw the sizes together; a claim may hold at one and fail at another.",
    verdict_by(lambda network, rivals: network.min() > rivals.max(axis=(0, 2))),
    verdict_by(lambda network, rivals: network.min(axis=1) > rivals.max()),
    lambda network, rivals: (
        "holds"
        if network.min() > rivals.max()
        else "holds within limits"
        if network.max() > rivals.max()
        else "corrected"
    ),
    verdict_by(lambda network, rivals: network.min() > rivals.max()),
    verdict_by(lambda network, rivals: network.mean() > rivals.mean(axis=(1, 2)).max()),
)
verdict_on.mistake(
    "You take one size at which it holds for all; 'holds' asks for every size.",
    lambda network, rivals: "holds" if (network.min(axis=1) > rivals.max(axis=(0, 2))).any() else "corrected",
)
verdict_on.mistake(
    "You take one size at which it fails for all; there the claim has a limit, and is not wrong.",
    lambda network, rivals: "holds" if (network.min(axis=1) > rivals.max(axis=(0, 2))).all() else "corrected",
)
verdict_on.mistake(
    "Where it holds at no size it has no limits within which it would hold: it is corrected.",
    lambda network, rivals: (
        "holds" if (network.min(axis=1) > rivals.max(axis=(0, 2))).all() else "holds within limits"
    ),
)
verdict_on.mistake(
    "You let the sizes vote; a claim that holds at most of them still has a limit.",
    lambda network, rivals: (
        "holds"
        if (network.min(axis=1) > rivals.max(axis=(0, 2))).mean() > 0.5
        else "holds within limits"
        if (network.min(axis=1) > rivals.max(axis=(0, 2))).any()
        else "corrected"
    ),
)
verdict_on.mistake(
    "You count each rival at each size; at a size the claim holds only if all rivals are beaten there.",
    lambda network, rivals: verdict_by(lambda network, rivals: network.min(axis=1) > rivals.max(axis=2))(
        network, rivals
    ),
)
verdict_on.mistake(
    "You give an answer for each seed; the seeds belong together, and each size has an answer.",
    verdict_by(lambda network, rivals: network.min(axis=0) > rivals.max(axis=(0, 1))),
)
verdict_on.mistake(
    "Two of the words are exchanged.",
    lambda network, rivals: {
        "holds": "holds",
        "corrected": "holds within limits",
        "holds within limits": "corrected",
    }[verdict_on(network, rivals)],
    lambda network, rivals: {
        "holds": "corrected",
        "corrected": "holds",
        "holds within limits": "holds within limits",
    }[verdict_on(network, rivals)],
)


def ladder(lengths: list[int], network: list, rival: list) -> dict[str, np.ndarray]:
    return {"lengths": np.array(lengths), "network": np.array(network), "rival": np.array(rival)}


@exercise(
    cases=lambda: [
        ladder([5, 10], [[90, 80], [60, 70]], [[50, 60], [80, 90]]),
        ladder([5, 10], [[40, 50], [80, 90]], [[60, 70], [50, 60]]),
        ladder(
            [40, 10, 80, 20],
            [[60, 50, 70], [90, 90, 80], [90, 80, 90], [80, 90, 90]],
            [[70, 50, 50], [70, 60, 70], [50, 60, 50], [60, 50, 70]],
        ),
        ladder(
            [16, 2, 8, 4, 32],
            [[90, 80], [90, 90], [90, 70], [80, 70], [90, 90]],
            [[50, 70], [80, 60], [70, 50], [60, 40], [50, 60]],
        ),
        ladder(
            [10, 40, 80, 20],
            [[90, 75], [80, 70], [70, 75], [80, 70]],
            [[75, 55], [65, 75], [65, 80], [70, 55]],
        ),
        ladder([8, 4], [[90, 80], [90, 70]], [[60, 70], [60, 75]]),
        ladder([80, 40], [[75, 75], [80, 85]], [[75, 60], [65, 65]]),
        ladder([30, 20, 10], [[90, 80], [70, 80], [80, 90]], [[60, 70], [50, 60], [70, 60]]),
        ladder(
            [3, 9, 6],
            [[60, 90, 80], [90, 90, 90], [80, 80, 90]],
            [[50, 70, 50], [70, 60, 80], [60, 70, 50]],
        ),
    ],
    praise="A sentence about memory with its length: now it can be checked, and fail.",
    see="What the limits have in common",
)
def holds_up_to(lengths, network, rival):
    """The longest length up to which the network's worst seed beats the rival's best, or None."""
    longest = None
    for place in np.argsort(lengths):
        if network[place].min() <= rival[place].max():
            break
        longest = int(lengths[place])
    return longest


def up_to(lengths, better, order=None):
    """The last length before the first that is not better. order: of the places."""
    longest = None
    for place in np.argsort(lengths) if order is None else order:
        if not better[place]:
            break
        longest = int(lengths[place])
    return longest


def leads(network, rival):
    return network.min(axis=1) > rival.max(axis=1)


holds_up_to.mistake(
    "You take the longest length at which it holds; at a shorter one it fails.",
    lambda lengths, network, rival: max(lengths[leads(network, rival)], default=None),
)
holds_up_to.mistake(
    "The lengths do not stand in order; go through them from the shortest on.",
    lambda lengths, network, rival: up_to(lengths, leads(network, rival), range(len(lengths))),
)
holds_up_to.mistake(
    "You go through the lengths from the longest down.",
    lambda lengths, network, rival: up_to(lengths, leads(network, rival), np.argsort(lengths)[::-1]),
)
holds_up_to.mistake(
    "You return the length at which it first fails; the one before is the last at which it holds.",
    lambda lengths, network, rival: next(
        (int(lengths[place]) for place in np.argsort(lengths) if not leads(network, rival)[place]),
        int(lengths.max()),
    ),
    lambda lengths, network, rival: (
        next(
            (int(lengths[place]) for place in np.argsort(lengths) if not leads(network, rival)[place]),
            int(lengths.max()),
        )
        if leads(network, rival)[lengths.argmin()]
        else None
    ),
    lambda lengths, network, rival: next(
        (int(lengths[place]) for place in np.argsort(lengths) if not leads(network, rival)[place]), None
    ),
)
holds_up_to.mistake(
    "You compare means; where the seeds of the two overlap, another draw may turn the order round.",
    lambda lengths, network, rival: up_to(lengths, network.mean(axis=1) > rival.max(axis=1)),
    lambda lengths, network, rival: up_to(lengths, network.min(axis=1) > rival.mean(axis=1)),
    lambda lengths, network, rival: up_to(lengths, network.mean(axis=1) > rival.mean(axis=1)),
)
holds_up_to.mistake(
    "The network's best seed is set against the rival's; its worst one must win as well.",
    lambda lengths, network, rival: up_to(lengths, network.max(axis=1) > rival.max(axis=1)),
)
holds_up_to.mistake(
    "You set worst seed against worst seed; the rival's best one is the score that must be beaten.",
    lambda lengths, network, rival: up_to(lengths, network.min(axis=1) > rival.min(axis=1)),
)
holds_up_to.mistake(
    "You compare seed by seed; that seeds have the same number says nothing.",
    lambda lengths, network, rival: up_to(lengths, (network > rival).all(axis=1)),
)
holds_up_to.mistake(
    "You count a level score as better; it is not.",
    lambda lengths, network, rival: up_to(lengths, network.min(axis=1) >= rival.max(axis=1)),
)
holds_up_to.mistake(
    "You return how many lengths it holds at; the longest of them is asked for.",
    lambda lengths, network, rival: int(np.cumprod(leads(network, rival)[np.argsort(lengths)]).sum()),
    lambda lengths, network, rival: int(leads(network, rival).sum()),
)
holds_up_to.mistake(
    "You return the place of the length among the sorted ones; the length itself is asked for.",
    lambda lengths, network, rival: int(np.cumprod(leads(network, rival)[np.argsort(lengths)]).sum()) - 1,
    lambda lengths, network, rival: (
        int(np.cumprod(leads(network, rival)[np.argsort(lengths)]).sum()) - 1
        if leads(network, rival)[lengths.argmin()]
        else None
    ),
)
holds_up_to.mistake(
    "Where it fails at the shortest length already, there is no length up to which it holds: None.",
    lambda lengths, network, rival: up_to(lengths, leads(network, rival)) or 0,
    lambda lengths, network, rival: up_to(lengths, leads(network, rival)) or -1,
    lambda lengths, network, rival: up_to(lengths, leads(network, rival)) or int(min(lengths)),
)
holds_up_to.mistake(
    "You list the lengths at which it holds; the longest before the first failure is asked for.",
    lambda lengths, network, rival: [int(length) for length in lengths[leads(network, rival)]],
    lambda lengths, network, rival: sorted(int(length) for length in lengths[leads(network, rival)]),
)
holds_up_to.mistake(
    "You look at the first seed only.",
    lambda lengths, network, rival: up_to(lengths, network[:, 0] > rival[:, 0]),
)
holds_up_to.mistake(
    "The lengths are put in order and the scores are not: each row of them belongs to its length.",
    lambda lengths, network, rival: up_to(np.sort(lengths), leads(network, rival)),
)
holds_up_to.mistake(
    "You compare with scores of other lengths too; each length is judged by itself.",
    lambda lengths, network, rival: up_to(lengths, network.min(axis=1) > rival.max()),
    lambda lengths, network, rival: up_to(lengths, network.min() > rival.max(axis=1)),
)
