import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("09-faq/07-questions-on-sequences.ipynb")


def last_column(x, lengths):
    return x[:, -1]


def last_valid(x, lengths):
    return x[np.arange(len(x)), lengths - 1]


def mean_of_all(x, lengths):
    return x.mean(axis=1)


def minus_sum(x, lengths):
    return -x.sum(axis=1) / lengths[:, None]


def valid_sum_times_length(x, lengths):
    return np.stack([row[:length].sum() * length for row, length in zip(x, lengths, strict=True)])


def one_step_too_far(x, lengths):
    """Reads the step behind the last valid one, where there is one."""
    return x[np.arange(len(x)), np.minimum(lengths, x.shape[1] - 1)]


def squares_and_halves(x, lengths):
    """Two rows of numbers for each sequence, of which the first grows and the second falls."""
    return np.stack([x.max(axis=1), -x.sum(axis=1) / 2], axis=1)


def first_steps(x, lengths):
    """Reads the first steps, which no padding behind them can change."""
    return x[:, :2].copy()


def padded_batch(model, lengths: list[int], time: int, size: int, more: int, seed: int = 0) -> dict:
    [x] = cases.normal((len(lengths), time, size), seed=seed)
    lengths = np.array(lengths)
    x[np.arange(time) >= lengths[:, None]] = 0
    return {"model": model, "x": x, "lengths": lengths, "more": more}


@exercise(
    cases=lambda: [
        padded_batch(last_column, [2], 2, 1, 1),
        padded_batch(last_valid, [3, 2], 3, 2, 2),
        padded_batch(mean_of_all, [4, 2, 3], 4, 2, 3, seed=1),
        padded_batch(minus_sum, [2, 5], 5, 3, 1, seed=2),
        padded_batch(valid_sum_times_length, [3, 1, 4, 4], 4, 2, 3, seed=3),
        padded_batch(one_step_too_far, [4, 2, 3], 4, 2, 2, seed=4),
        padded_batch(squares_and_halves, [3, 4], 4, 3, 2, seed=5),
        padded_batch(first_steps, [3, 2, 5], 5, 2, 1, seed=6),
    ],
    praise="Zeros for a model that keeps to the lengths; sevens leave nobody an excuse.",
    see="What goes wrong without masks?",
)
def padding_effect(model, x, lengths, more):
    """How far each sequence's result moves (B,) with `more` steps added and all padding set to 7."""
    longer = np.pad(x, ((0, 0), (0, more), (0, 0)))
    longer[np.arange(longer.shape[1]) >= lengths[:, None]] = 7.0
    change = np.abs(model(longer, lengths) - model(x, lengths))
    return change.reshape(len(x), -1).max(axis=1)


def filled(x, lengths, more, value=7.0, behind=0):
    """x with more steps, and `value` from `behind` steps after the end of each sequence on."""
    longer = np.pad(x, ((0, 0), (0, more), (0, 0)))
    longer[np.arange(longer.shape[1]) >= lengths[:, None] + behind] = value
    return longer


def effect(model, x, lengths, longer, measure=None, told=None):
    change = model(longer, lengths if told is None else told) - model(x, lengths)
    rows = change.reshape(len(x), -1)
    return np.abs(rows).max(axis=1) if measure is None else measure(rows)


def added(x, more, value=7.0):
    return np.pad(x, ((0, 0), (0, more), (0, 0)), constant_values=value)


padding_effect.mistake(
    "You fill with zeros, to which a sum is blind: fill with sevens.",
    lambda model, x, lengths, more: effect(model, x, lengths, added(x, more, 0.0)),
    lambda model, x, lengths, more: effect(model, x, lengths, filled(x, lengths, more, 0.0)),
)
padding_effect.mistake(
    "Only the new steps are sevens; what lies behind a shorter sequence in x is padding too.",
    lambda model, x, lengths, more: effect(model, x, lengths, added(x, more)),
)
padding_effect.mistake(
    "No steps are added; a model may well read the last one of the array.",
    lambda model, x, lengths, more: effect(model, x, lengths, filled(x, lengths, 0)),
)
padding_effect.mistake(
    "You let the lengths grow with the padding; then it is no padding.",
    lambda model, x, lengths, more: effect(model, x, lengths, filled(x, lengths, more), told=lengths + more),
    lambda model, x, lengths, more: effect(
        model, x, lengths, filled(x, lengths, more), told=np.full(len(x), x.shape[1] + more)
    ),
    lambda model, x, lengths, more: effect(model, x, lengths, added(x, more), told=lengths + more),
)
padding_effect.mistake(
    "You put the steps in front; padding stands behind.",
    lambda model, x, lengths, more: effect(
        model, x, lengths, np.pad(x, ((0, 0), (more, 0), (0, 0)), constant_values=7.0)
    ),
)
padding_effect.mistake(
    "You let one direction pass: a result that rises and one that falls have both moved.",
    lambda model, x, lengths, more: effect(
        model, x, lengths, filled(x, lengths, more), lambda rows: rows.max(axis=1)
    ),
    lambda model, x, lengths, more: effect(
        model, x, lengths, filled(x, lengths, more), lambda rows: (-rows).max(axis=1)
    ),
    lambda model, x, lengths, more: effect(
        model, x, lengths, filled(x, lengths, more), lambda rows: np.abs(rows.max(axis=1))
    ),
    lambda model, x, lengths, more: effect(
        model, x, lengths, filled(x, lengths, more), lambda rows: np.abs(rows.sum(axis=1))
    ),
)
padding_effect.mistake(
    "You take a mean over the numbers of a result; the largest change is asked for.",
    lambda model, x, lengths, more: effect(
        model, x, lengths, filled(x, lengths, more), lambda rows: np.abs(rows).mean(axis=1)
    ),
)
padding_effect.mistake(
    "You add up the changes of the numbers of a result; the largest of them is asked for.",
    lambda model, x, lengths, more: effect(
        model, x, lengths, filled(x, lengths, more), lambda rows: np.abs(rows).sum(axis=1)
    ),
)
padding_effect.mistake(
    "You take the length of the change as a vector; the largest change of a single number is asked for.",
    lambda model, x, lengths, more: effect(
        model, x, lengths, filled(x, lengths, more), lambda rows: np.linalg.norm(rows, axis=1)
    ),
)
padding_effect.mistake(
    "You square the change; its absolute value is asked for.",
    lambda model, x, lengths, more: effect(
        model, x, lengths, filled(x, lengths, more), lambda rows: (rows**2).max(axis=1)
    ),
)
padding_effect.mistake(
    "You return one number for the batch; who is moved can be seen only sequence by sequence.",
    lambda model, x, lengths, more: padding_effect(model, x, lengths, more).max(),
    lambda model, x, lengths, more: np.abs(model(added(x, more), lengths) - model(x, lengths)).max(),
)
padding_effect.mistake(
    "A result may have more axes than two: all numbers of a sequence count, on whatever axis.",
    lambda model, x, lengths, more: np.abs(model(filled(x, lengths, more), lengths) - model(x, lengths)).max(
        axis=1
    ),
    lambda model, x, lengths, more: np.abs(model(filled(x, lengths, more), lengths) - model(x, lengths)).max(
        axis=-1
    ),
)
padding_effect.mistake(
    "The last valid step is overwritten too: a sequence of length n ends with step n - 1.",
    lambda model, x, lengths, more: effect(model, x, lengths, filled(x, lengths, more, behind=-1)),
)
padding_effect.mistake(
    "The first step of the padding stays as it was: step n is padding for a sequence of length n.",
    lambda model, x, lengths, more: effect(
        model,
        x,
        lengths,
        np.concatenate([filled(x, lengths, 0, behind=1), np.full((len(x), more, x.shape[2]), 7.0)], axis=1),
    ),
    lambda model, x, lengths, more: effect(model, x, lengths, filled(x, lengths, more, behind=1)),
)
padding_effect.mistake(
    "You pad the features; time is the second axis.",
    lambda model, x, lengths, more: effect(
        model, x, lengths, np.pad(x, ((0, 0), (0, 0), (0, more)), constant_values=7.0)
    ),
)
padding_effect.mistake(
    "You pad the batch; time is the second axis.",
    lambda model, x, lengths, more: effect(
        model, x, lengths, np.pad(x, ((0, more), (0, 0), (0, 0)), constant_values=7.0)
    ),
)
padding_effect.mistake(
    "You compare two padded arrays; compare with x as it is given.",
    lambda model, x, lengths, more: effect(model, added(x, more, 0.0), lengths, filled(x, lengths, more)),
    lambda model, x, lengths, more: effect(model, filled(x, lengths, 0), lengths, filled(x, lengths, more)),
)
padding_effect.mistake(
    "You say whether a sequence is moved; how far is asked for.",
    lambda model, x, lengths, more: padding_effect(model, x, lengths, more) > 0,
)


@padding_effect.mistake("You fill x itself and then compare with it: make a copy first.")
def fills_x(model, x, lengths, more):
    x[np.arange(x.shape[1]) >= lengths[:, None]] = 7.0
    return effect(model, x, lengths, added(x, more))


@padding_effect.mistake("You write the sevens into x itself, which is still needed: fill a copy.")
def fills_x_later(model, x, lengths, more):
    effects = padding_effect(model, x, lengths, more)
    x[np.arange(x.shape[1]) >= lengths[:, None]] = 7.0
    return effects


padding_effect.mistake(
    "You return the change of every number; one for each sequence is asked for, its largest.",
    lambda model, x, lengths, more: np.abs(model(filled(x, lengths, more), lengths) - model(x, lengths)),
)


def decoding(batch: int, time: int, seed: int) -> dict:
    targets, written, taught = cases.integers(9, *[(batch, time)] * 3, seed=seed)
    taught = taught > 4
    if batch > 3:
        taught[0], taught[1] = True, False
    return {"targets": targets, "written": written, "taught": taught, "begin": 9}


@exercise(
    cases=lambda: [decoding(1, 4, 0), decoding(3, 6, 1), decoding(2, 3, 2), decoding(4, 5, 3)],
    praise="Scheduled sampling in two lines: the share of taught steps goes from one to none.",
    see="Teacher forcing or free running?",
)
def next_inputs(targets, written, taught, begin):
    """What a decoder is given (B, T): `begin`, then where taught the right letter before, else its own."""
    before = np.where(taught[:, 1:], targets[:, :-1], written[:, :-1])
    return np.concatenate([np.full((len(targets), 1), begin), before], axis=1)


def shifted(letters, begin):
    return np.concatenate([np.full((len(letters), 1), begin), letters[:, :-1]], axis=1)


next_inputs.mistake(
    "The choice is turned round: where a step is taught it gets the right letter.",
    lambda targets, written, taught, begin: np.where(
        taught, shifted(written, begin), shifted(targets, begin)
    ),
)
next_inputs.mistake(
    "You choose by the step before; `taught` speaks of the step that reads.",
    lambda targets, written, taught, begin: shifted(np.where(taught, targets, written), begin),
)
next_inputs.mistake(
    "Nothing is shifted: the decoder is given the letter that it should write.",
    lambda targets, written, taught, begin: np.where(taught, targets, written),
)
next_inputs.mistake(
    "You shift only the decoder's own letters; the right ones are those of the step before too.",
    lambda targets, written, taught, begin: np.where(taught, targets, shifted(written, begin)),
    lambda targets, written, taught, begin: np.concatenate(
        [
            np.full((len(targets), 1), begin),
            np.where(taught[:, 1:], targets[:, 1:], written[:, :-1]),
        ],
        axis=1,
    ),
)
next_inputs.mistake(
    "You shift only the right letters; the decoder's own are those of the step before too.",
    lambda targets, written, taught, begin: np.where(taught, shifted(targets, begin), written),
    lambda targets, written, taught, begin: np.concatenate(
        [
            np.full((len(targets), 1), begin),
            np.where(taught[:, 1:], targets[:, :-1], written[:, 1:]),
        ],
        axis=1,
    ),
)
next_inputs.mistake(
    "After `begin` the decoder is given the letters of the same step: it reads what it should write.",
    lambda targets, written, taught, begin: np.concatenate(
        [np.full((len(targets), 1), begin), np.where(taught, targets, written)[:, 1:]], axis=1
    ),
)
next_inputs.mistake(
    "The teacher always speaks in your answer.",
    lambda targets, written, taught, begin: shifted(targets, begin),
)
next_inputs.mistake(
    "The decoder always reads its own letters in your answer.",
    lambda targets, written, taught, begin: shifted(written, begin),
)
next_inputs.mistake(
    "The first step gets a letter from the end of the row; it should get `begin`.",
    lambda targets, written, taught, begin: np.where(
        taught, shifted(targets, begin), np.roll(written, 1, axis=1)
    ),
    lambda targets, written, taught, begin: np.where(
        taught, np.roll(targets, 1, axis=1), shifted(written, begin)
    ),
    lambda targets, written, taught, begin: np.where(
        taught, np.roll(targets, 1, axis=1), np.roll(written, 1, axis=1)
    ),
)
next_inputs.mistake(
    "The letters are shifted to the left: the decoder is given what comes after.",
    lambda targets, written, taught, begin: np.concatenate(
        [np.full((len(targets), 1), begin), np.where(taught[:, :-1], targets[:, 1:], written[:, 1:])],
        axis=1,
    ),
    lambda targets, written, taught, begin: np.where(
        taught, np.roll(targets, -1, axis=1), np.roll(written, -1, axis=1)
    ),
    lambda targets, written, taught, begin: np.concatenate(
        [
            np.where(taught[:, 1:], targets[:, 1:], written[:, 1:]),
            np.full((len(targets), 1), begin),
        ],
        axis=1,
    ),
    lambda targets, written, taught, begin: np.concatenate(
        [
            np.where(taught[:, :-1], targets[:, 1:], written[:, 1:]),
            np.full((len(targets), 1), begin),
        ],
        axis=1,
    ),
)
next_inputs.mistake(
    "The first step is missing: it is given `begin`.",
    lambda targets, written, taught, begin: next_inputs(targets, written, taught, begin)[:, 1:],
)
next_inputs.mistake(
    "You return one step too many: the last letter is not read by any step.",
    lambda targets, written, taught, begin: np.concatenate(
        [np.full((len(targets), 1), begin), np.where(taught, targets, written)], axis=1
    ),
)
next_inputs.mistake(
    "You shift along the batch; the steps are the second axis.",
    lambda targets, written, taught, begin: np.concatenate(
        [
            np.full((1, targets.shape[1]), begin),
            np.where(taught[1:], targets[:-1], written[:-1]),
        ],
        axis=0,
    ),
)
next_inputs.mistake(
    "You make one choice for all sequences; `taught` has a row for each.",
    lambda targets, written, taught, begin: np.where(
        taught[:1], shifted(targets, begin), shifted(written, begin)
    ),
)
next_inputs.mistake(
    "You choose for a whole sequence at once; each of its steps has its own choice.",
    lambda targets, written, taught, begin: np.where(
        taught.all(axis=1, keepdims=True), shifted(targets, begin), shifted(written, begin)
    ),
    lambda targets, written, taught, begin: np.where(
        taught[:, :1], shifted(targets, begin), shifted(written, begin)
    ),
)
next_inputs.mistake(
    "`begin` stands at the end; it is what the first step is given.",
    lambda targets, written, taught, begin: np.roll(next_inputs(targets, written, taught, begin), -1, axis=1),
)
next_inputs.mistake(
    "That is the transpose: the sequences are the first axis.",
    lambda targets, written, taught, begin: next_inputs(targets, written, taught, begin).T,
)


def batches(units: int, ids: list[int], next_ids: list[int], seed: int = 0) -> dict:
    [state] = cases.normal((len(ids), units), seed=seed)
    return {"state": state, "ids": np.array(ids), "next_ids": np.array(next_ids)}


@exercise(
    cases=lambda: [
        batches(1, [1, 0], [0, 1]),
        batches(2, [3, 0, 5], [5, 3, 0], seed=1),
        batches(3, [2, 9, 4, 1], [9, 6, 2], seed=2),
        batches(2, [8, 1], [0, 8, 3, 1, 7], seed=3),
        batches(4, [1, 0, 2], [3, 2, 4, 0, 1], seed=4),
        batches(3, [5, 6], [7, 8], seed=5),
        batches(2, [6, 5, 1], [6, 1, 9], seed=6),
    ],
    praise="A state belongs to a sequence, and not to a row: now batches may be shuffled, shrink and grow.",
    see="What is stateful training?",
)
def carry_over(state, ids, next_ids):
    """The state (B', H) that the next batch starts from: each sequence's own, or zeros if it is new."""
    carried = np.zeros((len(next_ids), state.shape[1]))
    for row, one in enumerate(next_ids):
        for before, other in enumerate(ids):
            if one == other:
                carried[row] = state[before]
    return carried


def carried_by(state, ids, next_ids, missing):
    """Each sequence's own state, and for a new one in `row` what `missing(row)` gives."""
    rows = {int(one): row for row, one in enumerate(ids)}
    return np.array(
        [state[rows[int(one)]] if int(one) in rows else missing(row) for row, one in enumerate(next_ids)]
    )


def old_order(state, ids, next_ids):
    carried = np.zeros((len(next_ids), state.shape[1]))
    for row, one in enumerate(ids):
        if one in next_ids:
            carried[row] = state[row]
    return carried


def like_state(state, ids, next_ids):
    carried = np.zeros_like(state)
    for row, one in enumerate(next_ids):
        if one in ids:
            carried[row] = state[list(ids).index(one)]
    return carried


def resized(state, rows):
    """The first rows of a state, with zeros where there are not so many."""
    return np.concatenate([state, np.zeros((rows, state.shape[1]))])[:rows]


carry_over.mistake(
    "The rows stay where they were: row r of the next batch may be another sequence.",
    lambda state, ids, next_ids: np.array(
        [
            state[row % len(state)] if one in ids else np.zeros(state.shape[1])
            for row, one in enumerate(next_ids)
        ]
    ),
    lambda state, ids, next_ids: np.array(
        [
            state[row] if one in ids and row < len(state) else np.zeros(state.shape[1])
            for row, one in enumerate(next_ids)
        ]
    ),
    lambda state, ids, next_ids: np.array(
        [state[row] if one in ids else np.zeros(state.shape[1]) for row, one in enumerate(next_ids)]
    ),
    lambda state, ids, next_ids: state,
    lambda state, ids, next_ids: resized(state, len(next_ids)),
    lambda state, ids, next_ids: state[: len(next_ids)],
)
carry_over.mistake(
    "You start everything from zero; a sequence that goes on keeps its state.",
    lambda state, ids, next_ids: np.zeros((len(next_ids), state.shape[1])),
)


@carry_over.mistake(
    "You put the rows to the inverse places: ask of each row of the next batch where its sequence was before."
)
def inverse_places(state, ids, next_ids):
    carried = np.zeros((len(next_ids), state.shape[1]))
    rows = {int(one): row for row, one in enumerate(next_ids)}
    for before, one in enumerate(ids):
        if int(one) in rows and before < len(carried):
            target = rows[int(one)]
            carried[before] = state[target] if target < len(state) else 0
    return carried


carry_over.mistake(
    "A new sequence starts from somebody else's state; it should start from zeros.",
    lambda state, ids, next_ids: carried_by(state, ids, next_ids, lambda row: state[row % len(state)]),
    lambda state, ids, next_ids: carried_by(state, ids, next_ids, lambda row: state[-1]),
    lambda state, ids, next_ids: carried_by(state, ids, next_ids, lambda row: state[0]),
    lambda state, ids, next_ids: carried_by(state, ids, next_ids, lambda row: state.mean(axis=0)),
    lambda state, ids, next_ids: state[(ids[None] == next_ids[:, None]).argmax(axis=1)],
)
carry_over.mistake(
    "You ask whether a row was found by its truth, and row 0 counts as False: it is a row like any other.",
    lambda state, ids, next_ids: carry_over(state[1:], ids[1:], next_ids),
)


def by_search(places, known=True, sort=np.array):
    """The state at the places that a search in the sorted ids finds, with zeros where it finds another id.

    places: what becomes of the places, where they may be beyond the end.
    """

    def answer(state, ids, next_ids):
        found = places(np.searchsorted(sort(ids), next_ids), len(ids))
        carried = state[found]
        return np.where((sort(ids)[found] == next_ids)[:, None], carried, 0.0) if known else carried

    return answer


PLACES = (
    lambda found, rows: found,
    lambda found, rows: np.minimum(found, rows - 1),
    lambda found, rows: found % rows,
)

carry_over.mistake(
    "You look for places as if `ids` were sorted; np.searchsorted finds nothing in a row without order.",
    *map(by_search, PLACES),
    *[by_search(places, known=False) for places in PLACES],
)
carry_over.mistake(
    "You look for places among the sorted ids; the rows of `state` are not sorted.",
    *[by_search(places, sort=np.sort) for places in PLACES],
    *[by_search(places, known=False, sort=np.sort) for places in PLACES],
)
carry_over.mistake(
    "New sequences are left out; they have a row too, of zeros.",
    lambda state, ids, next_ids: np.array([state[list(ids).index(one)] for one in next_ids if one in ids]),
    lambda state, ids, next_ids: np.array(
        [state[list(ids).index(one)] for one in next_ids if one in ids]
    ).reshape(-1, state.shape[1]),
)
carry_over.mistake(
    "You keep the order of the last batch; the next one has an order of its own.",
    lambda state, ids, next_ids: old_order(state, ids, next_ids),
    lambda state, ids, next_ids: state[[one in next_ids for one in ids]],
    lambda state, ids, next_ids: resized(state[[one in next_ids for one in ids]], len(next_ids)),
    lambda state, ids, next_ids: np.where(np.isin(ids, next_ids)[:, None], state, 0.0),
)
carry_over.mistake(
    "You take the name of a sequence for its row; look up where it stood.",
    lambda state, ids, next_ids: np.array(
        [state[one] if one in ids else np.zeros(state.shape[1]) for one in next_ids]
    ),
    lambda state, ids, next_ids: state[next_ids],
    lambda state, ids, next_ids: np.array(
        [state[one] if one < len(state) else np.zeros(state.shape[1]) for one in next_ids]
    ),
    lambda state, ids, next_ids: np.array(
        [state[one % len(state)] if one in ids else np.zeros(state.shape[1]) for one in next_ids]
    ),
)
carry_over.mistake(
    "A sequence keeps its state only where it keeps its row; it may move to another.",
    lambda state, ids, next_ids: np.array(
        [
            state[row] if row < len(ids) and ids[row] == one else np.zeros(state.shape[1])
            for row, one in enumerate(next_ids)
        ]
    ),
    lambda state, ids, next_ids: np.where((ids == next_ids)[:, None], state, 0.0),
)
carry_over.mistake(
    "You give out as many rows as the last batch had; the next one may be larger or smaller.",
    lambda state, ids, next_ids: like_state(state, ids, next_ids),
    lambda state, ids, next_ids: resized(carry_over(state, ids, next_ids), len(ids)),
    lambda state, ids, next_ids: carry_over(state, ids, next_ids)[: len(ids)],
)
carry_over.mistake(
    "Both batches are sorted; the rows of the next batch stand as `next_ids` says.",
    lambda state, ids, next_ids: carry_over(state, ids, np.sort(next_ids)),
    lambda state, ids, next_ids: state[np.argsort(ids)],
    lambda state, ids, next_ids: resized(state[np.argsort(ids)], len(next_ids)),
)
carry_over.mistake(
    "The two kinds are exchanged: zeros for those that go on, and a state for the new ones.",
    lambda state, ids, next_ids: np.array(
        [
            np.zeros(state.shape[1]) if one in ids else state[row % len(state)]
            for row, one in enumerate(next_ids)
        ]
    ),
)
