import numpy as np

from rnnbook.course.exercises import exercises_of

exercise = exercises_of("07-tools/05-more-than-one-machine.ipynb")


def workers(*lengths: list[int]) -> dict:
    return {"lengths": [np.array(own, int) for own in lengths]}


@exercise(
    cases=lambda: [
        workers([1], [3]),
        workers([4, 4], [4, 2]),
        workers([2, 3], [8], [1, 1, 1]),
        workers([5, 1, 2], [2, 2], [7], [3, 3, 3, 1]),
        workers([6], [], [2, 4]),
        workers([3, 5, 2]),
    ],
    praise="With these factors the library's plain mean is the gradient of the whole batch, to rounding.",
    see="Two ways to get the mean wrong",
)
def loss_factors(lengths):
    """The factor (N,) of each worker's loss, from the lengths of its sequences: N arrays of integers."""
    steps = np.array([own.sum() for own in lengths])
    return len(steps) * steps / steps.sum()


def steps_of(lengths):
    return np.array([own.sum() for own in lengths])


def sequences_of(lengths):
    return np.array([len(own) for own in lengths])


def of_padded(lengths):
    """The steps with padding up to the longest sequence of the worker."""
    return np.array([len(own) * max(own, default=0) for own in lengths])


def means_of(lengths):
    return np.array([own.mean() if len(own) else 0.0 for own in lengths])


def only_with_steps(lengths, number):
    """The number divided by the steps of each worker, and 0 for a worker without any."""
    return np.array([number / own.sum() if own.sum() else 0.0 for own in lengths])


share = lambda sizes: sizes / sizes.sum()

loss_factors.mistake(
    "These are the workers' shares of the steps, and the wrapper will still divide by the number of "
    "workers: the gradient would come out N times too small.",
    lambda lengths: share(steps_of(lengths)),
)
loss_factors.mistake(
    "Your factors go by the sequences, as if all were as long; the valid steps are to be counted.",
    lambda lengths: len(lengths) * share(sequences_of(lengths)),
    lambda lengths: share(sequences_of(lengths)),
)
loss_factors.mistake(
    "The factor is turned round: a worker with more steps must count for more.",
    lambda lengths: steps_of(lengths).sum() / (len(lengths) * steps_of(lengths)),
    lambda lengths: steps_of(lengths).sum() / steps_of(lengths),
    lambda lengths: steps_of(lengths).mean() / np.maximum(steps_of(lengths), 1),
    lambda lengths: only_with_steps(lengths, steps_of(lengths).mean()),
    lambda lengths: only_with_steps(lengths, steps_of(lengths).sum()),
    lambda lengths: 1 / steps_of(lengths),
)
loss_factors.mistake(
    "You count the padding; only valid steps are in the mean.",
    lambda lengths: len(lengths) * share(of_padded(lengths)),
    lambda lengths: share(of_padded(lengths)),
)
loss_factors.mistake(
    "All workers get the same factor; that is right only where all have as many valid steps.",
    lambda lengths: np.ones(len(lengths)),
    lambda lengths: np.full(len(lengths), 1 / len(lengths)),
)
loss_factors.mistake(
    "You use the mean length of a worker's sequences; how many sequences it has counts too.",
    lambda lengths: len(lengths) * share(means_of(lengths)),
    lambda lengths: share(means_of(lengths)),
    lambda lengths: np.array([np.divide(own.sum(), len(own)) for own in lengths]),
    lambda lengths: (
        len(lengths) * np.array([np.divide(own.sum(), len(own)) for own in lengths]) / steps_of(lengths).sum()
    ),
)
loss_factors.mistake(
    "You divide by the number of sequences; divide by the number of steps.",
    lambda lengths: steps_of(lengths) / sequences_of(lengths).sum(),
    lambda lengths: len(lengths) * steps_of(lengths) / sequences_of(lengths).sum(),
)
loss_factors.mistake(
    "You count the longest sequence of each worker only; all its steps count.",
    lambda lengths: len(lengths) * share(np.array([max(own, default=0) for own in lengths])),
    lambda lengths: share(np.array([max(own, default=0) for own in lengths])),
)
loss_factors.mistake(
    "Those are numbers of steps; the factors must be 1 where all workers have the same number.",
    lambda lengths: steps_of(lengths),
    lambda lengths: steps_of(lengths) / len(lengths),
)
loss_factors.mistake(
    "You divide by the steps of the largest worker; divide by their mean over the workers.",
    lambda lengths: steps_of(lengths) / steps_of(lengths).max(),
)
loss_factors.mistake(
    "You divide once more by the number of workers: the wrapper does that, and here it must be undone.",
    lambda lengths: share(steps_of(lengths)) / len(lengths),
)
loss_factors.mistake(
    "A worker without steps counts as one of the N; the wrapper divides by the number of all workers.",
    lambda lengths: np.count_nonzero(steps_of(lengths)) * share(steps_of(lengths)),
)
loss_factors.mistake(
    "You return one number; each worker has its own factor.",
    lambda lengths: loss_factors(lengths)[0],
    lambda lengths: loss_factors(lengths).sum(),
)


@exercise(
    cases=lambda: [
        {"n": 5, "batch": 2, "rank": 1, "workers": 2},
        {"n": 9, "batch": 4, "rank": 0, "workers": 2},
        {"n": 10, "batch": 5, "rank": 1, "workers": 2},
        {"n": 23, "batch": 7, "rank": 2, "workers": 3},
        {"n": 23, "batch": 7, "rank": 0, "workers": 3},
        {"n": 13, "batch": 6, "rank": 1, "workers": 3},
        {"n": 30, "batch": 13, "rank": 3, "workers": 4},
        {"n": 5, "batch": 2, "rank": 0, "workers": 1},
        {"n": 3, "batch": 8, "rank": 1, "workers": 4},
    ],
    praise="Nobody holds a row of another, nobody waits for an update that the others do not make.",
    see="Two ways to get the mean wrong",
)
def rows_of_worker(n, batch, rank, workers):
    """The rows of one worker: a list with one array of integers for each update."""
    updates = []
    for start in range(0, n, batch):
        size = min(batch, n - start)
        size -= size % workers
        if size:
            updates.append(np.arange(start + rank, start + size, workers))
    return updates


def cut(
    keep=lambda size, workers: size - size % workers,
    first=lambda start, rank, size, workers: start + rank,
    last_too=True,
    empty_too=False,
):
    """Batches with one thing done in another way. keep: how many rows of a batch are used."""

    def answer(n, batch, rank, workers):
        updates = []
        for start in range(0, n, batch):
            size = min(batch, n - start)
            if size < batch and not last_too:
                continue
            used = keep(size, workers)
            rows = np.arange(first(start, rank, size, workers), start + used, workers)
            if len(rows) or empty_too:
                updates.append(rows)
        return updates

    return answer


def divided_first(per_update):
    """Takes the worker's rows of all data, and cuts these into updates."""

    def answer(n, batch, rank, workers):
        rows, size = np.arange(rank, n, workers), per_update(batch, workers)
        return [rows[start : start + size] for start in range(0, len(rows), size)]

    return answer


rows_of_worker.mistake(
    "The workers get unequal parts: what is left over when a batch is divided must be left out, or the plain "
    "mean is wrong.",
    cut(keep=lambda size, workers: size),
    cut(keep=lambda size, workers: size, empty_too=True),
)
rows_of_worker.mistake(
    "The short batch at the end is left out whole; as much of it as divides among the workers is used.",
    cut(last_too=False),
)
rows_of_worker.mistake(
    "A batch with fewer rows than workers gives nobody a row: leave the update out, and return no empty "
    "array.",
    cut(empty_too=True),
)


@rows_of_worker.mistake(
    "Your workers take blocks of neighbours; take every `workers`-th row, from `rank` on."
)
def blocks_of_neighbours(n, batch, rank, workers):
    updates = []
    for start in range(0, n, batch):
        each = min(batch, n - start) // workers
        if each:
            updates.append(np.arange(start + rank * each, start + (rank + 1) * each))
    return updates


rows_of_worker.mistake(
    "You take the worker's rows of all data first and cut these into updates, so that what is computed at "
    "one update is no longer one batch of the data.",
    divided_first(lambda batch, workers: batch),
    divided_first(lambda batch, workers: max(1, batch // workers)),
)
rows_of_worker.mistake(
    "Each batch counts its rows from 0; they are rows of the data and go on counting.",
    lambda n, batch, rank, workers: [
        rows - rows[0] // batch * batch for rows in rows_of_worker(n, batch, rank, workers)
    ],
)
rows_of_worker.mistake(
    "Every worker takes all rows: `rank` and `workers` say which are its own.",
    lambda n, batch, rank, workers: [np.arange(start, min(start + batch, n)) for start in range(0, n, batch)],
    lambda n, batch, rank, workers: [
        np.arange(start, start + (min(start + batch, n) - start) // workers * workers)
        for start in range(0, n, batch)
        if (min(start + batch, n) - start) // workers
    ],
)
rows_of_worker.mistake(
    "All workers take the same rows: worker `rank` begins at row `rank` of the batch.",
    cut(first=lambda start, rank, size, workers: start),
)
rows_of_worker.mistake(
    "You count the workers from 1; the first is worker 0.",
    cut(first=lambda start, rank, size, workers: max(start, start + rank - 1)),
    cut(first=lambda start, rank, size, workers: start + rank + 1),
)


@rows_of_worker.mistake(
    "The short parts are filled up with rows that another worker has already; leave out what does not divide."
)
def filled_up(n, batch, rank, workers):
    updates = []
    for start in range(0, n, batch):
        rows = np.arange(start, min(start + batch, n))
        more = -len(rows) % workers
        updates.append(np.concatenate([rows, np.resize(rows, more)])[rank::workers])
    return updates


rows_of_worker.mistake(
    "Your last batch goes beyond the data, whose rows end at n - 1.",
    lambda n, batch, rank, workers: [
        np.arange(start + rank, start + batch, workers) for start in range(0, n, batch)
    ],
    lambda n, batch, rank, workers: [
        np.arange(start + rank, start + batch - batch % workers, workers) for start in range(0, n, batch)
    ],
)


@rows_of_worker.mistake("You leave out rows at the beginning of a batch; leave out those at its end.")
def drops_the_first(n, batch, rank, workers):
    updates = []
    for start in range(0, n, batch):
        rows = np.arange(start, min(start + batch, n))
        rows = rows[len(rows) % workers :]
        if len(rows):
            updates.append(rows[rank::workers])
    return updates


def by_number(n, batch, rank, workers):
    """The rows whose number in the data leaves `rank`; the batches lose what is left over."""
    parts = []
    for start in range(0, n, batch):
        end = min(start + batch, n)
        rows = np.arange(start, end - (end - start) % workers)
        parts.append(rows[rows % workers == rank])
    return [rows for rows in parts if len(rows)]


rows_of_worker.mistake(
    "You count the rows from the beginning of the data; each batch begins again with worker 0.",
    by_number,
    lambda n, batch, rank, workers: [
        rows
        for start in range(0, n, batch)
        for rows in [np.array([row for row in range(start, min(start + batch, n)) if row % workers == rank])]
        if len(rows)
    ],
)
rows_of_worker.mistake(
    "Your workers take whole batches in turns; each batch is divided among them.",
    lambda n, batch, rank, workers: [
        np.arange(start, min(start + batch, n)) for start in range(rank * batch, n, workers * batch)
    ],
    lambda n, batch, rank, workers: [
        np.arange(start + rank * batch, min(start + (rank + 1) * batch, n))
        for start in range(0, n, batch * workers)
    ],
)
rows_of_worker.mistake(
    "You leave out rows at the end of the data only; each batch must divide among the workers.",
    *[
        lambda n, batch, rank, workers, empty_too=empty_too: cut(
            keep=lambda size, workers: size, empty_too=empty_too
        )(n - n % workers, batch, rank, workers)
        for empty_too in (False, True)
    ],
)
rows_of_worker.mistake(
    "The list holds the rows of all updates in one; each update has its own array.",
    lambda *given: np.concatenate([np.zeros(0, int), *rows_of_worker(*given)]),
    lambda n, batch, rank, workers: np.arange(rank, n, workers),
    lambda n, batch, rank, workers: np.arange(rank, n - n % workers, workers),
    lambda *given: [row for rows in rows_of_worker(*given) for row in rows],
)


@exercise(
    cases=lambda: [
        {"fixed": 1.0, "each": 1.0, "exchange": 2.0, "workers": 2, "gain": 1.5},  # just reached
        {"fixed": 0.5, "each": 0.25, "exchange": 3.0, "workers": 4, "gain": 2.0},  # just reached
        {"fixed": 0.7, "each": 0.03, "exchange": 1.6, "workers": 2, "gain": 1.8},
        {"fixed": 0.0, "each": 0.11, "exchange": 4.3, "workers": 8, "gain": 5.0},
        {"fixed": 2.3, "each": 0.4, "exchange": 0.0, "workers": 3, "gain": 2.2},
        {"fixed": 1.2, "each": 0.5, "exchange": 0.3, "workers": 2, "gain": 2.0},  # never
        {"fixed": 1.2, "each": 0.5, "exchange": 0.3, "workers": 3, "gain": 4.0},  # never
        {"fixed": 0.9, "each": 0.07, "exchange": 2.6, "workers": 3, "gain": 1.25},
    ],
    praise="What does not shrink with the batch, and what is sent, must be small against the rest.",
    see="Is it faster?",
)
def batch_that_pays(fixed, each, exchange, workers, gain):
    """The smallest batch at which the workers are at least `gain` times as fast as one; None if never."""
    if gain >= workers:
        return None
    left_over = gain * (fixed + exchange) - fixed
    saved = each * (1 - gain / workers)  # by each sequence more
    return int(np.ceil(left_over / saved))


def exact(fixed, each, exchange, workers, gain):
    """The batch as a fraction."""
    return (gain * (fixed + exchange) - fixed) / (each * (1 - gain / workers))


def smallest(pays, hopeless=True, limit=6000):
    """The smallest batch for which pays(B, ...) is true, else None. hopeless: whether it asks that first."""

    def answer(fixed, each, exchange, workers, gain):
        if hopeless and gain >= workers:
            return None
        return next((B for B in range(1, limit) if pays(B, fixed, each, exchange, workers, gain)), None)

    return answer


def faster(together, alone=lambda B, fixed, each: fixed + each * B, strictly=False):
    """Answers with other times of the workers or of one alone, with and without the hopeless case."""

    def pays(B, fixed, each, exchange, workers, gain):
        one, many = alone(B, fixed, each), together(B, fixed, each, exchange, workers)
        return one > gain * many + 1e-9 if strictly else one >= gain * many - 1e-9

    return smallest(pays), smallest(pays, hopeless=False)


def asking(pays):
    """Answers that ask something else of B, with and without the hopeless case."""
    return smallest(pays), smallest(pays, hopeless=False)


# Whatever the largest batch is that an answer tries, it ends before some of these.
BATCHES = sorted({batch_that_pays(**case) or 10_000 for case in batch_that_pays.exercise.cases()})[1:-1]

the_time = lambda B, fixed, each, exchange, workers: fixed + each * B / workers + exchange

batch_that_pays.mistake(
    "The fixed time is divided among the workers too; each of them spends it whole.",
    *faster(lambda B, fixed, each, exchange, workers: (fixed + each * B) / workers + exchange),
)
batch_that_pays.mistake(
    "The exchange is missing: without it the workers look faster than they are.",
    *faster(lambda B, fixed, each, exchange, workers: fixed + each * B / workers),
    *faster(lambda B, fixed, each, exchange, workers: (fixed + each * B) / workers),
)
batch_that_pays.mistake(
    "The fixed time is missing for the workers; each of them spends it at every update.",
    *faster(lambda B, fixed, each, exchange, workers: each * B / workers + exchange),
)
batch_that_pays.mistake(
    "The fixed time is missing on both sides.",
    *faster(
        lambda B, fixed, each, exchange, workers: each * B / workers + exchange,
        alone=lambda B, fixed, each: each * B,
    ),
    lambda fixed, each, exchange, workers, gain: (
        None if gain >= workers else int(np.ceil(exact(0.0, each, exchange, workers, gain)))
    ),
)
batch_that_pays.mistake(
    "The fixed time is missing for one worker alone, who spends it as well.",
    *faster(the_time, alone=lambda B, fixed, each: each * B),
)
batch_that_pays.mistake(
    "The exchange is paid whole; it is not divided among the workers.",
    *faster(lambda B, fixed, each, exchange, workers: fixed + (each * B + exchange) / workers),
)
batch_that_pays.mistake(
    "The exchange is paid once; it does not grow with the number of workers.",
    *faster(lambda B, fixed, each, exchange, workers: fixed + each * B / workers + exchange * workers),
    *faster(lambda B, fixed, each, exchange, workers: fixed + each * B / workers + exchange * (workers - 1)),
)
batch_that_pays.mistake(
    "`gain` multiplies the whole time of the workers, with the exchange in it.",
    *asking(lambda B, f, e, x, N, gain: f + e * B >= gain * (f + e * B / N) + x - 1e-9),
)
batch_that_pays.mistake(
    "You take the difference of the two times; `gain` times as fast speaks of their quotient.",
    *asking(lambda B, f, e, x, N, gain: f + e * B - the_time(B, f, e, x, N) >= gain - 1e-9),
)
batch_that_pays.mistake(
    "At least `gain` times as fast: the batch at which the gain is just reached counts.",
    *faster(the_time, strictly=True),
    lambda fixed, each, exchange, workers, gain: (
        None
        if gain >= workers
        else int((gain * (fixed + exchange) - fixed) / (each * (1 - gain / workers)) + 1e-9) + 1
    ),
)
batch_that_pays.mistake(
    "You round to the nearest whole number; where that is the one below, the gain is not yet reached.",
    lambda *given: None if given[4] >= given[3] else round(exact(*given)),
)
batch_that_pays.mistake(
    "You round down: there the gain is not yet reached.",
    lambda *given: (
        None
        if given[4] >= given[3]
        else int(
            (given[4] * (given[0] + given[2]) - given[0]) / (given[1] * (1 - given[4] / given[3])) + 1e-9
        )
    ),
)
batch_that_pays.mistake(
    "You return a fraction; a batch is a whole number of sequences.",
    lambda fixed, each, exchange, workers, gain: (
        None if gain >= workers else (gain * (fixed + exchange) - fixed) / (each * (1 - gain / workers))
    ),
)


@batch_that_pays.mistake(
    "N workers are never N times as fast or more, whatever the batch: return None where the gain asks for "
    "that."
)
def never_refuses(fixed, each, exchange, workers, gain):
    with np.errstate(all="ignore"):
        batch = np.ceil(
            np.round(np.divide(gain * (fixed + exchange) - fixed, each * (1 - gain / workers)), 9)
        )
    return int(batch) if np.isfinite(batch) else batch


batch_that_pays.mistake(
    "N workers are never N times as fast or more, whatever the batch: return None where the gain asks for "
    "that.",
    lambda *given: None if given[4] == given[3] else int(np.ceil(exact(*given))),
    lambda *given: batch_that_pays(*given) or 0,
    lambda *given: batch_that_pays(*given) or np.inf,
    lambda *given: batch_that_pays(*given) or -1,
)
batch_that_pays.mistake(
    "Your answer asks only when the workers are faster at all; it should be `gain` times.",
    *asking(lambda B, f, e, x, N, gain: f + e * B >= the_time(B, f, e, x, N) - 1e-9),
    *asking(lambda B, f, e, x, N, gain: f + e * B > the_time(B, f, e, x, N) + 1e-9),
)
batch_that_pays.mistake(
    "You multiply the wrong time: `gain` times as fast means that alone takes `gain` times as long.",
    *asking(lambda B, f, e, x, N, gain: gain * (f + e * B) >= the_time(B, f, e, x, N) - 1e-9),
)
batch_that_pays.mistake(
    "Every worker computes the whole batch in your times; the batch is divided among them.",
    smallest(lambda B, f, e, x, N, gain: f + e * B >= gain * (f + e * B + x) - 1e-9),
)
batch_that_pays.mistake(
    "A batch that pays may be larger than the largest that you try.",
    *[
        lambda *given, most=most: found if (found := batch_that_pays(*given) or most) < most else None
        for most in BATCHES
    ],
)
batch_that_pays.mistake(
    "You try multiples of the number of workers only; B may be any whole number.",
    lambda *given: None if given[4] >= given[3] else -(-batch_that_pays(*given) // given[3]) * given[3],
)
batch_that_pays.mistake(
    "You return the share of one worker; asked is the whole batch.",
    lambda *given: None if given[4] >= given[3] else int(np.ceil(batch_that_pays(*given) / given[3])),
    lambda *given: None if given[4] >= given[3] else batch_that_pays(*given) / given[3],
    lambda *given: None if given[4] >= given[3] else batch_that_pays(*given) // given[3],
)
