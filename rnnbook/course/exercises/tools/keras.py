import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("07-tools/02-keras.ipynb")


def batches() -> list[dict]:
    """Silence in front, amid and at the end; zeros beside other features; a sum of zero; padding not zero."""
    tiny = np.array([[[0.5, 1.2], [0.0, 0.0]], [[0.3, -0.8], [0.0, 0.0]]])
    few, many, short = cases.normal((8, 6, 2), (7, 4, 3), (3, 5, 2), seed=1)
    few[:, 4:] = 0
    few[0, 1, 0] = few[1, 3, 1] = 0  # one feature of two
    few[2, 1] = [0.5, -0.5]  # a sum of zero
    few[3, 2] = 0  # silence amid
    few[4, 1], few[4, 4] = 0, 0.7  # silence, and padding that is not zero: as many steps as there should be
    few[5, 3], few[5, 5, 1] = 0, 0.4  # silence at the end, and padding that is not zero
    few[6, 4:] = 0.9  # padding that is not zero, all of it and then in part
    few[7, 4] = [0.3, 0.0]
    lengths = np.array([4, 3, 2, 1, 3, 2, 4])
    many[np.arange(4) >= lengths[:, None]] = 0
    many[1, 0] = 0  # silence in front
    many[2, 1] = 0  # and at the end
    many[4, 1, :2] = many[5, 0, ::2] = 0
    many[6, 2] = [0.25, 0.5, -0.75]
    short[0, 0] = short[0, 3:] = 0  # silence in front, and one step of padding that is not zero
    short[2, 1] = short[2, 3:] = 0  # padding: zero, not zero, zero
    return [
        {"x": tiny, "lengths": np.array([2, 1])},
        {"x": few, "lengths": np.full(8, 4)},
        {"x": many, "lengths": lengths},
        {"x": short, "lengths": np.array([2, 5, 1])},
    ]


@exercise(
    cases=batches,
    praise="Masking only guesses where a sequence ends; now you know which guesses are wrong.",
    see="Where masks come from, and where they vanish",
)
def misread_by_masking(x, lengths):
    """True (B,) where `Masking` takes any step of x (B, T, D) for what it is not; lengths (B,)."""
    taken = (x != 0).any(axis=2)
    real = np.arange(x.shape[1]) < lengths[:, None]
    return (taken != real).any(axis=1)


def marked(x):
    return (x != 0).any(axis=2)


def real_steps(x, lengths):
    return np.arange(x.shape[1]) < lengths[:, None]


misread_by_masking.mistake(
    "One zero among the features does not make a step padding for `Masking`: all of them must be 0.",
    lambda x, lengths: ((x != 0).all(axis=2) != real_steps(x, lengths)).any(axis=1),
    lambda x, lengths: ((x == 0).any(axis=2) & real_steps(x, lengths)).any(axis=1),
    lambda x, lengths: ((x[:, :, 0] != 0) != real_steps(x, lengths)).any(axis=1),
)
misread_by_masking.mistake(
    "You add the features up, and they may cancel: a step is padding for `Masking` where each of them is 0.",
    lambda x, lengths: ((x.sum(axis=2) != 0) != real_steps(x, lengths)).any(axis=1),
    lambda x, lengths: ((x.sum(axis=2) == 0) & real_steps(x, lengths)).any(axis=1),
)
misread_by_masking.mistake(
    "You look at real steps only. Padding that is not zero is taken for real steps, and read.",
    lambda x, lengths: (real_steps(x, lengths) & ~marked(x)).any(axis=1),
)
misread_by_masking.mistake(
    "You look at the padding only. A real step of zeros is taken for padding, and skipped.",
    lambda x, lengths: (marked(x) & ~real_steps(x, lengths)).any(axis=1),
)
misread_by_masking.mistake(
    "Your answer does not ask where a sequence ends, so that right padding counts as a misread step.",
    lambda x, lengths: (~marked(x)).any(axis=1),
    lambda x, lengths: (x == 0).any(axis=(1, 2)),
)
misread_by_masking.mistake(
    "You compare how many steps are taken with the length. Two wrong steps can make up for one another: "
    "compare step by step.",
    lambda x, lengths: marked(x).sum(axis=1) != lengths,
)
misread_by_masking.mistake(
    "You compare the last step that is taken with the length; a step amid the sequence can be misread too.",
    lambda x, lengths: x.shape[1] - marked(x)[:, ::-1].argmax(axis=1) != lengths,
)
misread_by_masking.mistake(
    "You look at the last real step alone; any other step can be misread too.",
    lambda x, lengths: ~marked(x)[np.arange(len(x)), lengths - 1],
)
misread_by_masking.mistake(
    "Your real steps are off by one: a sequence of length n has the steps 0 to n - 1.",
    lambda x, lengths: (marked(x) != real_steps(x, lengths + 1)).any(axis=1),
    lambda x, lengths: (marked(x) != real_steps(x, lengths - 1)).any(axis=1),
    lambda x, lengths: (~marked(x) & real_steps(x, lengths + 1)).any(axis=1),
    lambda x, lengths: (~marked(x) & real_steps(x, lengths - 1)).any(axis=1),
)
misread_by_masking.mistake(
    "The answer is turned round: True belongs to the sequences that are misread.",
    lambda x, lengths: ~misread_by_masking(x, lengths),
)
misread_by_masking.mistake(
    "You ask whether every step is misread; one is enough to spoil the state.",
    lambda x, lengths: (marked(x) != real_steps(x, lengths)).all(axis=1),
)
misread_by_masking.mistake(
    "You return an answer for each step; each sequence gets one.",
    lambda x, lengths: marked(x) != real_steps(x, lengths),
)
misread_by_masking.mistake(
    "You return one answer for the whole batch; each sequence gets its own.",
    lambda x, lengths: bool(misread_by_masking(x, lengths).any()),
)
misread_by_masking.mistake(
    "You ask for both kinds of misread step in one sequence; either of them is enough.",
    lambda x, lengths: (
        (marked(x) & ~real_steps(x, lengths)).any(axis=1) & (~marked(x) & real_steps(x, lengths)).any(axis=1)
    ),
)
misread_by_masking.mistake(
    "A negative number is not zero: `Masking` skips a step only where all features are exactly 0.",
    lambda x, lengths: ((x > 0).any(axis=2) != real_steps(x, lengths)).any(axis=1),
)
misread_by_masking.mistake(
    "You take the first step of zeros for the end. There may be none, and there may be more to read behind "
    "it.",
    lambda x, lengths: (~marked(x)).argmax(axis=1) != lengths,
    lambda x, lengths: np.where(marked(x).all(axis=1), x.shape[1], (~marked(x)).argmax(axis=1)) != lengths,
)
misread_by_masking.mistake(
    "You count the misread steps; asked is whether there are any, True or False.",
    lambda x, lengths: (marked(x) != real_steps(x, lengths)).sum(axis=1),
)
misread_by_masking.mistake(
    "You return the numbers of the misread sequences; asked is True or False for each sequence.",
    lambda x, lengths: np.flatnonzero(misread_by_masking(x, lengths)),
    lambda x, lengths: x[misread_by_masking(x, lengths)],
)
misread_by_masking.mistake(
    "One of your masks is True at padding and the other at real steps, so that right steps look misread.",
    lambda x, lengths: (marked(x) == real_steps(x, lengths)).any(axis=1),
)
misread_by_masking.mistake(
    "You ask along the batch; asked is, for each sequence, along time.",
    lambda x, lengths: (marked(x) != real_steps(x, lengths)).any(axis=0),
)


def readings() -> list[dict]:
    """Rows that go on, are exchanged, skip a piece, change the document, come back, or meet a reset."""
    first = {"document": [[1, 2], [2, 1]], "part": [[0, 0], [1, 1]], "reset": [False, False]}
    second = {
        "document": [[1, 2, 3], [1, 2, 3], [1, 4, 2], [1, 4, 3]],
        "part": [[0, 0, 1], [1, 2, 2], [2, 0, 3], [3, 1, 3]],
        "reset": [True, False, False, False],
    }
    third = {
        "document": [[5, 6, 7, 8], [5, 6, 7, 9], [5, 2, 7, 9], [3, 2, 9, 9], [3, 2, 9, 7]],
        "part": [[0, 0, 0, 1], [1, 1, 1, 2], [2, 0, 2, 3], [0, 0, 3, 0], [1, 0, 4, 3]],
        "reset": [False, False, True, False, False],
    }
    fourth = {
        "document": [[1, 2, 3], [1, 3, 3], [4, 5, 3], [4, 6, 3], [4, 6, 3], [8, 6, 3]],
        "part": [[0, 0, 0], [1, 1, 1], [0, 0, 2], [1, 1, 2], [0, 2, 3], [0, 3, 4]],
        "reset": [False, False, True, False, True, False],
    }
    sixth = {
        "document": [[1, 2], [1, 2], [3, 4], [3, 4], [3, 5], [6, 5], [6, 5]],
        "part": [[0, 0], [2, 1], [0, 0], [1, 1], [3, 0], [0, 1], [1, 2]],
        "reset": [True, False, True, False, False, True, False],
    }
    fifth = {
        "document": [[2, 2], [2, 5], [2, 5]],
        "part": [[0, 1], [0, 2], [1, 3]],
        "reset": [False, True, False],
    }
    seventh = {  # a piece that goes back, and one that comes twice
        "document": [[1, 2], [1, 2], [1, 2], [1, 2]],
        "part": [[0, 0], [1, 1], [2, 1], [1, 2]],
        "reset": [False, False, False, False],
    }
    return [
        {name: np.array(values) for name, values in case.items()}
        for case in (first, second, third, fourth, fifth, sixth, seventh)
    ]


@exercise(
    cases=readings,
    praise="The layer keeps one state a row and asks nothing; this is the question that it does not ask.",
    see="`stateful`: reading in pieces",
)
def read_rightly(document, part, reset):
    """True (P, B) where a stateful layer reads a piece with its state. document, part (P, B), reset (P,)."""
    right = np.zeros(document.shape, bool)
    for p in range(len(document)):
        if p == 0 or reset[p]:
            right[p] = part[p] == 0
        else:
            goes_on = (document[p] == document[p - 1]) & (part[p] == part[p - 1] + 1)
            right[p] = right[p - 1] & goes_on
    return right


def reading(
    begins=lambda p, reset: p == 0 or reset[p],
    fresh=lambda part: part == 0,
    goes_on=lambda d, part, p: (d[p] == d[p - 1]) & (part[p] == part[p - 1] + 1),
    chain=True,
    any_time=False,
):
    """Reading with one thing done in another way. any_time: a first piece is always right."""

    def answer(document, part, reset):
        right = np.zeros(document.shape, bool)
        for p in range(len(document)):
            if begins(p, reset):
                right[p] = fresh(part[p])
            else:
                right[p] = goes_on(document, part, p) & (right[p - 1] | (not chain))
            if any_time:
                right[p] |= part[p] == 0
        return right

    return answer


def in_any_row(document, part, reset):
    """The piece before may have stood in another row of the batch before."""
    right = np.zeros(document.shape, bool)
    for p in range(len(document)):
        for b in range(document.shape[1]):
            if p == 0 or reset[p]:
                right[p, b] = part[p, b] == 0
            else:
                before = (document[p - 1] == document[p, b]) & (part[p - 1] == part[p, b] - 1)
                right[p, b] = (before & right[p - 1]).any()
    return right


read_rightly.mistake(
    "A first piece needs a state of zeros, and nothing sets it to zero by itself: only `reset_state()` does.",
    reading(any_time=True),
    reading(any_time=True, chain=False),
)


def goes_through_resets(chain):
    """A first piece waits for a reset, and any other goes on through one."""

    def answer(document, part, reset):
        right = np.zeros(document.shape, bool)
        for p in range(len(document)):
            if p:
                follows = (document[p] == document[p - 1]) & (part[p] == part[p - 1] + 1)
                right[p] = follows & (right[p - 1] | (not chain))
            right[p] = np.where(part[p] == 0, p == 0 or reset[p], right[p])
        return right

    return answer


def all_right_at_first(document, part, reset):
    right = np.ones(document.shape, bool)
    for p in range(1, len(document)):
        follows = (document[p] == document[p - 1]) & (part[p] == part[p - 1] + 1)
        right[p] = part[p] == 0 if reset[p] else right[p - 1] & follows
    return right


def all_right_after_resets(document, part, reset):
    right = np.zeros(document.shape, bool)
    right[0] = part[0] == 0
    for p in range(1, len(document)):
        follows = (document[p] == document[p - 1]) & (part[p] == part[p - 1] + 1)
        right[p] = reset[p] | (right[p - 1] & follows)
    return right


read_rightly.mistake(
    "You pass over the resets: after one the state is zero, which is right for a first piece alone.",
    reading(begins=lambda p, reset: p == 0),
    reading(begins=lambda p, reset: p == 0, any_time=True),
    reading(begins=lambda p, reset: p == 0, fresh=lambda part: np.ones_like(part, bool)),
    goes_through_resets(chain=True),
    goes_through_resets(chain=False),
    reading(begins=lambda p, reset: p == 0, chain=False),
)
read_rightly.mistake(
    "You ask only whether a piece follows the one before. That one must have been read rightly too: a wrong "
    "state stays wrong.",
    reading(chain=False),
)
read_rightly.mistake(
    "The piece before stood in another row. A state stays in its row: exchanged rows are read wrongly.",
    in_any_row,
)
read_rightly.mistake(
    "You compare the documents only; whether a piece is the next one, its number says.",
    reading(goes_on=lambda d, part, p: d[p] == d[p - 1]),
)
read_rightly.mistake(
    "A later piece of the document is not yet the next one: its number is one more, and no larger.",
    reading(goes_on=lambda d, part, p: (d[p] == d[p - 1]) & (part[p] > part[p - 1])),
    reading(goes_on=lambda d, part, p: (d[p] == d[p - 1]) & (part[p] >= part[p - 1])),
)
read_rightly.mistake(
    "You compare the numbers of the pieces only; the row may go on with another document.",
    reading(goes_on=lambda d, part, p: part[p] == part[p - 1] + 1),
)
read_rightly.mistake(
    "At the beginning and after a reset only a first piece is right; any other lacks its state there.",
    reading(fresh=lambda part: np.ones_like(part, bool)),
    all_right_at_first,
    all_right_after_resets,
)
read_rightly.mistake(
    "`reset[p]` is a reset just before batch p is read; you take it for one after it.",
    reading(begins=lambda p, reset: p == 0 or reset[p - 1]),
)
read_rightly.mistake(
    "The layer begins with a state of zeros: the first batch needs no reset.",
    reading(begins=lambda p, reset: reset[p], goes_on=lambda d, part, p: np.zeros(d.shape[1], bool) if p == 0
            else (d[p] == d[p - 1]) & (part[p] == part[p - 1] + 1)),
)  # fmt: skip
read_rightly.mistake(
    "One wrong row does not spoil its batch: each row has a state of its own.",
    lambda *given: np.repeat(read_rightly(*given).all(axis=1, keepdims=True), given[0].shape[1], axis=1),
    lambda *given: read_rightly(*given).all(axis=1),
)
read_rightly.mistake(
    "The answer is turned round: True belongs to the pieces that are read rightly.",
    lambda *given: ~read_rightly(*given),
)
read_rightly.mistake(
    "A reset makes a first piece right, and then the pieces after it can be right again: go on from there.",
    lambda document, part, reset: np.logical_and.accumulate(read_rightly(document, part, reset), axis=0),
)


@read_rightly.mistake(
    "A piece that is read wrongly changes the state, too; you go on from the last one that was read rightly."
)
def from_the_last_right_one(document, part, reset):
    right = np.zeros(document.shape, bool)
    for b in range(document.shape[1]):
        state = None
        for p in range(len(document)):
            state = None if reset[p] else state
            follows = state is not None and state == (document[p, b], part[p, b] - 1)
            right[p, b] = part[p, b] == 0 if state is None else follows
            if right[p, b]:
                state = document[p, b], part[p, b]
    return right


@read_rightly.mistake(
    "A piece needs the state just after the piece before it; it is not enough that this was ever read."
)
def read_at_some_time(document, part, reset):
    right = np.zeros(document.shape, bool)
    for b in range(document.shape[1]):
        read = set()
        for p in range(len(document)):
            read = set() if reset[p] else read
            begins = p == 0 or reset[p]
            right[p, b] = begins if part[p, b] == 0 else (document[p, b], part[p, b] - 1) in read
            if right[p, b]:
                read.add((document[p, b], part[p, b]))
    return right
