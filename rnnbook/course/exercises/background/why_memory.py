import numpy as np

from rnnbook.course.exercises import exercises_of

exercise = exercises_of("01-background/01-why-memory.ipynb")


def strip(ink: str, asked: str, width: int) -> dict:
    """A strip for each word: '#' is a row of a digit, '?' a row at which somebody asks."""
    rows = lambda text, sign: np.array([[symbol == sign for symbol in word] for word in text.split()])
    return {"ink": rows(ink, "#"), "asked": rows(asked, "?"), "width": width}


@exercise(
    cases=lambda: [
        strip("#...", ".???", 2),
        strip(".##....#.. #......#.. ....#.....", "??.????.?? .?????..?? .?..??.???", 3),
        strip("..#.....#... ###.........", "???????..??? ...?........", 5),
        strip("....#..", "????.??", 4),
        strip("#..#. .....", "..... .....", 2),
        strip("..##...#. .#......# ......##.", "..???.??? .????..?. .........", 1),
        strip("#.....# .......", "..?.?.. ......?", 40),
    ],
    praise="Before any training you can say how many questions a window must guess.",
    see="Models that see a window",
)
def out_of_view(ink, asked, width):
    """The share of the questions asked (B, T) that find no ink (B, T) in their last `width` rows."""
    B, T = ink.shape
    blind = [
        not ink[b, max(0, t - width + 1) : t + 1].any() for b in range(B) for t in range(T) if asked[b, t]
    ]
    return float(np.mean(blind)) if blind else 0.0


def blind_rows(ink, width, back=0, ahead=0, none=True):
    """For each row (B, T) whether rows t - width + 1 - back .. t + ahead hold no ink."""
    B, T = ink.shape
    views = [
        [ink[b, max(0, t - width + 1 - back) : max(0, t + 1 + ahead)] for t in range(T)] for b in range(B)
    ]
    return np.array([[not (view.any() if none else view.all()) for view in row] for row in views])


def share(blind, asked):
    return float(blind[asked].mean()) if asked.any() else 0.0


out_of_view.mistake(
    "That is the share of the questions that the window can reach; asked for is the rest.",
    lambda ink, asked, width: share(~blind_rows(ink, width), asked),
    lambda ink, asked, width: 1 - out_of_view(ink, asked, width),
)
out_of_view.mistake(
    "Your window is one row too wide: the row of the question is one of its `width` rows.",
    lambda ink, asked, width: share(blind_rows(ink, width, back=1), asked),
)


def shifted(ink, asked, width, rows):
    """The strips shifted over one another, by hand: beyond the length of a strip the slices do not fit."""
    seen = np.zeros_like(ink)
    for k in rows(width):
        seen[:, k:] |= ink[:, : ink.shape[1] - k]
    return share(~seen, asked)


out_of_view.mistake(
    "Your window is one row too wide: the row of the question is one of its `width` rows.",
    lambda ink, asked, width: shifted(ink, asked, width, lambda width: range(width + 1)),
)
out_of_view.mistake(
    "A window may reach back further than the strip is long; your shifted slices no longer fit there.",
    lambda ink, asked, width: shifted(ink, asked, width, range),
)
out_of_view.mistake(
    "The row of the question is missing in its own window.",
    lambda ink, asked, width: shifted(ink, asked, width, lambda width: range(1, width + 1)),
    lambda ink, asked, width: shifted(ink, asked, width, lambda width: range(1, width)),
    lambda ink, asked, width: share(blind_rows(ink, width, back=1, ahead=-1), asked),
    lambda ink, asked, width: share(blind_rows(ink, width, ahead=-1), asked),
)
out_of_view.mistake(
    "Your window is one row too narrow: with the row of the question it has `width` rows.",
    lambda ink, asked, width: share(blind_rows(ink, width, back=-1), asked),
)
out_of_view.mistake(
    "Your window looks ahead: it may see the row of the question and rows before it only.",
    lambda ink, asked, width: share(blind_rows(ink[:, ::-1], width)[:, ::-1], asked),
    lambda ink, asked, width: share(blind_rows(ink, 2 * width - 1, ahead=width - 1), asked),
)
out_of_view.mistake(
    "You divide by all rows of the strips; divide by the number of questions.",
    lambda ink, asked, width: float((blind_rows(ink, width) & asked).mean()),
)
out_of_view.mistake(
    "All rows count in your answer; only those at which somebody asks should.",
    lambda ink, asked, width: float(blind_rows(ink, width).mean()),
)
out_of_view.mistake(
    "You average one share per strip; a strip with more questions must weigh more.",
    lambda ink, asked, width: float(
        np.mean([share(row, here) for row, here in zip(blind_rows(ink, width), asked, strict=True)])
    ),
    lambda ink, asked, width: float(
        np.mean(
            [share(row, here) for row, here in zip(blind_rows(ink, width), asked, strict=True) if here.any()]
            or [0.0]
        )
    ),
)


@out_of_view.mistake(
    "Your strips run into one another: the window at the start of one sees the end of another."
)
def strips_joined(ink, asked, width):
    return share(blind_rows(ink.reshape(1, -1), width).reshape(ink.shape), asked)


def backwards_from_the_end(ink, asked, width):
    """A negative start counts from the end of the strip."""
    times = range(ink.shape[1])
    blind = [[not row[t - width + 1 : t + 1].any() for t in times] for row in ink]
    return share(np.array(blind), asked)


def wrapped(ink, asked, width):
    """Indices below zero come round."""
    padded = np.concatenate([ink] * (1 + width) + [ink], axis=1)
    start = (1 + width) * ink.shape[1]
    times = range(start, start + ink.shape[1])
    blind = [[not row[t - width + 1 : t + 1].any() for t in times] for row in padded]
    return share(np.array(blind), asked)


out_of_view.mistake(
    "Near the start of a strip your index falls below zero, and Python then counts from the end.",
    backwards_from_the_end,
    wrapped,
)


@out_of_view.mistake("Questions before the first digit are left out; they are out of view as well.")
def after_the_first_digit(ink, asked, width):
    return out_of_view(ink, asked & np.logical_or.accumulate(ink, axis=1), width)


out_of_view.mistake(
    "One blank row in view is enough in your answer; a question is lost only where all rows are blank.",
    lambda ink, asked, width: share(blind_rows(ink, width, none=False), asked),
)
out_of_view.mistake(
    "That is the number of such questions; their share is asked for.",
    lambda ink, asked, width: int((blind_rows(ink, width) & asked).sum()),
)
out_of_view.mistake(
    "Where nobody asks you divide by zero; the share is 0 there.",
    lambda ink, asked, width: out_of_view(ink, asked, width) if asked.any() else float("nan"),
    lambda ink, asked, width: (blind_rows(ink, width) & asked).sum().item() / asked.sum().item(),
)


def tested(shares: dict[int, str], level: float, seed: int) -> dict:
    """Answers to a gap's questions in a mixed order: '1' is right. shares: gap to its answers."""
    rng = np.random.default_rng(seed)
    pairs = [(gap, hit == "1") for gap, hits in shares.items() for hit in hits]
    rng.shuffle(pairs)
    gaps, hits = np.array([gap for gap, _ in pairs]), np.array([bool(hit) for _, hit in pairs])
    targets = rng.integers(10, size=len(hits))
    answers = np.where(hits, targets, (targets + rng.integers(1, 10, size=len(hits))) % 10)
    return {"answers": answers, "targets": targets, "gaps": gaps, "level": level}


@exercise(
    cases=lambda: [
        tested({1: "1", 2: "0"}, 0.5, 0),
        tested({2: "111", 5: "1101", 6: "0010", 9: "1111"}, 0.7, 1),
        tested({1: "11", 3: "1010", 8: "1011", 16: "01", 24: "000"}, 0.5, 2),
        tested({4: "100", 5: "1111", 7: "11111"}, 0.6, 3),
        tested({3: "1110", 4: "1110", 10: "1111"}, 0.75, 4),
        tested({8: "1", 1: "11111111", 2: "1111", 5: "0001"}, 0.6, 5),
        tested({1: "111111110", 6: "100", 7: "11"}, 0.4, 6),
        tested({3: "1101", 6: "1000", 9: "0100"}, 0.5, 7),
    ],
    praise="A reach is where a memory first fails, and not the furthest gap at which it was lucky.",
    see="How far?",
)
def memory_reach(answers, targets, gaps, level):
    """The longest gap at which, and at all shorter ones, a share of at least `level` is right; or 0."""
    reach = 0
    for gap in np.unique(gaps):
        if np.mean((answers == targets)[gaps == gap]) < level:
            break
        reach = int(gap)
    return reach


def shares_by_gap(answers, targets, gaps):
    return {int(gap): np.mean((answers == targets)[gaps == gap]) for gap in np.unique(gaps)}


def first_run(shares, good, start=0):
    """The last key before the first share that is not good."""
    reach = start
    for gap, value in shares.items():
        if not good(value):
            break
        reach = gap
    return reach


memory_reach.mistake(
    "You take the furthest gap that reaches the level, though a shorter one before it fails.",
    lambda answers, targets, gaps, level: max(
        [gap for gap, right in shares_by_gap(answers, targets, gaps).items() if right >= level], default=0
    ),
)


def first_failure(answers, targets, gaps, level, otherwise):
    failing = [gap for gap, right in shares_by_gap(answers, targets, gaps).items() if right < level]
    return failing[0] if failing else otherwise


memory_reach.mistake(
    "That is the first gap at which it fails; asked for is the last one before it.",
    lambda answers, targets, gaps, level: first_failure(answers, targets, gaps, level, int(gaps.max())),
    lambda answers, targets, gaps, level: first_failure(answers, targets, gaps, level, 0),
    lambda answers, targets, gaps, level: first_failure(answers, targets, gaps, level, None),
)
memory_reach.mistake(
    "You take one from the gap that fails; that gap may not occur. Keep the last one that did not fail.",
    lambda answers, targets, gaps, level: (
        first_failure(answers, targets, gaps, level, int(gaps.max()) + 1) - 1
    ),
)


@memory_reach.mistake("You pool a gap with all shorter ones; each gap must reach the level by itself.")
def pooled(answers, targets, gaps, level):
    hits = answers == targets
    return first_run({int(gap): hits[gaps <= gap].mean() for gap in np.unique(gaps)}, lambda s: s >= level)


memory_reach.mistake(
    "You ask for more than the level; a gap whose share equals it has reached it.",
    lambda answers, targets, gaps, level: first_run(
        shares_by_gap(answers, targets, gaps), lambda s: s > level
    ),
)


@memory_reach.mistake("You go through the gaps as they come; begin with the shortest.")
def as_they_come(answers, targets, gaps, level):
    shares = shares_by_gap(answers, targets, gaps)
    return first_run({int(gap): shares[int(gap)] for gap in gaps}, lambda s: s >= level)


memory_reach.mistake(
    "You count the gaps that are good; the longest of them is asked for, in rows.",
    lambda answers, targets, gaps, level: int(
        np.sum(np.unique(gaps) <= memory_reach(answers, targets, gaps, level))
    ),
)


@memory_reach.mistake(
    "You stop at a gap at which nobody asked; that is no failure: look at the gaps that occur only."
)
def stops_at_holes(answers, targets, gaps, level):
    shares = shares_by_gap(answers, targets, gaps)
    return first_run({gap: shares.get(gap, 0.0) for gap in range(1, gaps.max() + 1)}, lambda s: s >= level)


memory_reach.mistake(
    "You compare the share of wrong answers with the level.",
    lambda answers, targets, gaps, level: first_run(
        shares_by_gap(answers, targets, gaps), lambda s: 1 - s >= level
    ),
)
memory_reach.mistake(
    "You judge all gaps by one share; the reach is a matter of each gap by itself.",
    lambda answers, targets, gaps, level: int(gaps.max()) if np.mean(answers == targets) >= level else 0,
)
memory_reach.mistake(
    "Where it fails at the shortest gap already, your answer has no number; the reach is 0 there.",
    lambda answers, targets, gaps, level: memory_reach(answers, targets, gaps, level) or None,
    lambda answers, targets, gaps, level: max(
        gap for gap in np.unique(gaps) if gap <= memory_reach(answers, targets, gaps, level)
    ),
)
memory_reach.mistake(
    "You take shares over all answers; divide by the number of questions at that gap.",
    lambda answers, targets, gaps, level: first_run(
        {gap: right * np.mean(gaps == gap) for gap, right in shares_by_gap(answers, targets, gaps).items()},
        lambda s: s >= level,
    ),
)
memory_reach.mistake(
    "In your answer a gap passes as soon as one answer is right; compare the share of right ones.",
    lambda answers, targets, gaps, level: first_run(
        {gap: right * np.sum(gaps == gap) for gap, right in shares_by_gap(answers, targets, gaps).items()},
        lambda s: s >= level,
    ),
)


@out_of_view.mistake(
    "You take the start of a strip for the end of a digit; before the first one nothing is in view."
)
def as_if_a_digit_had_ended(ink, asked, width):
    B, T = ink.shape
    before = np.concatenate([np.zeros((B, width), bool), np.ones((B, 1), bool)], axis=1)[:, 1:]
    padded = np.concatenate([before, ink], axis=1)
    blind = [[not row[t + 1 : t + 1 + width].any() for t in range(T)] for row in padded]
    return share(np.array(blind), asked)


out_of_view.mistake(
    "You count from the row at which a digit begins; its last row in view is enough.",
    lambda ink, asked, width: out_of_view(ink & ~np.pad(ink, ((0, 0), (1, 0)))[:, :-1], asked, width),
)
