import numpy as np

from rnnbook.course.exercises import exercises_of

exercise = exercises_of("09-faq/04-gpu.ipynb")


@exercise(
    cases=lambda: [
        {"H": 20, "peak": 8.0, "bandwidth": 2.0},
        {"H": 8, "peak": 8.0, "bandwidth": 2.0},
        {"H": 10, "peak": 8.0, "bandwidth": 2.0},
        {"H": 100, "peak": 3e10, "bandwidth": 4e9},
        {"H": 2048, "peak": 9.6e12, "bandwidth": 6e11},
    ],
    praise="A narrow layer is never fed: its states are moved as often as its weights are used.",
    see="Arithmetic or memory?",
)
def batch_to_feed(H, peak, bandwidth):
    """The least batch at which a step's product is not limited by memory, an integer; None if none is."""
    needed = peak / bandwidth  # operations for each byte
    if 2 * H <= 5 * needed:  # the intensity 2BH / (4H + 5B) stays below 2H / 5
        return None
    return int(np.ceil(4 * H * needed / (2 * H - 5 * needed)))


def fed(operations=2.0, weights=4.0, states=5.0, size=4.0, rounded=np.ceil):
    """An answer that counts other operations (for each B H^2), or moves other numbers; size: bytes of one."""

    def answer(H, peak, bandwidth):
        needed = peak / bandwidth * size
        room = 4 * operations * H - states * needed
        return None if room <= 0 else int(rounded(weights * H * needed / room))

    return answer


def least_batch(H, ratio):
    room = 2 * H - 5 * ratio
    return None if room <= 0 else int(np.ceil(4 * H * ratio / room))


batch_to_feed.mistake(
    "You let only the weights be moved, as in the limit B/2 of a very wide layer; states are moved too.",
    lambda H, peak, bandwidth: int(np.ceil(2 * peak / bandwidth)),
    lambda H, peak, bandwidth: 2 * peak / bandwidth,
)
batch_to_feed.mistake(
    "You round down; with that batch memory still sets the pace.",
    fed(rounded=np.floor),
)
batch_to_feed.mistake(
    "You round to the nearest; where that is down, memory still sets the pace.",
    fed(rounded=np.round),
)
batch_to_feed.mistake(
    "A batch is a whole number of sequences: round up.",
    lambda H, peak, bandwidth: (
        None if 2 * H <= 5 * peak / bandwidth else 4 * H * peak / bandwidth / (2 * H - 5 * peak / bandwidth)
    ),
)
batch_to_feed.mistake(
    "You ask for more than the ratio; where the two times are equal, memory is no longer the limit.",
    lambda H, peak, bandwidth: (
        None
        if 2 * H <= 5 * peak / bandwidth
        else int(np.floor(4 * H * peak / bandwidth / (2 * H - 5 * peak / bandwidth))) + 1
    ),
)
batch_to_feed.mistake(
    "With a large batch the intensity has a limit too, that of the states; where it is too low say None.",
    lambda H, peak, bandwidth: None
    if 2 * H < 5 * peak / bandwidth
    else int(np.ceil(4 * H * peak / bandwidth / (2 * H - 5 * peak / bandwidth))),
    lambda H, peak, bandwidth: int(np.ceil(4 * H * peak / bandwidth / (2 * H - 5 * peak / bandwidth))),
    lambda H, peak, bandwidth: int(
        np.ceil(np.divide(4 * H * peak / bandwidth, 2 * H - 5 * peak / bandwidth))
    ),
    lambda H, peak, bandwidth: -1 if 2 * H <= 5 * peak / bandwidth else batch_to_feed(H, peak, bandwidth),
    lambda H, peak, bandwidth: 0 if 2 * H <= 5 * peak / bandwidth else batch_to_feed(H, peak, bandwidth),
    lambda H, peak, bandwidth: np.inf if 2 * H <= 5 * peak / bandwidth else batch_to_feed(H, peak, bandwidth),
    lambda H, peak, bandwidth: None if 2 * H < 5 * peak / bandwidth else int(
        np.ceil(np.divide(4 * H * peak / bandwidth, 2 * H - 5 * peak / bandwidth))
    ),
)  # fmt: skip
batch_to_feed.mistake(
    "The two speeds are exchanged: operations per byte is the peak over the bandwidth.",
    lambda H, peak, bandwidth: least_batch(H, bandwidth / peak),
)
batch_to_feed.mistake("The results, B rows of 4H numbers, are moved too.", fed(states=1.0))
batch_to_feed.mistake("The states, B rows of H numbers, are read too.", fed(states=4.0))
batch_to_feed.mistake(
    "You count numbers where bytes are meant: float32 takes 4 bytes a number.",
    fed(size=1.0),
)
batch_to_feed.mistake(
    "Each weight brings two operations, a multiplication and an addition.", fed(operations=1.0)
)
batch_to_feed.mistake(
    "You count U with H rows; an LSTM has four blocks of them.",
    lambda H, peak, bandwidth: (
        None
        if H <= 4 * peak / bandwidth
        else int(np.ceil(2 * H * peak / bandwidth / (H - 4 * peak / bandwidth)))
    ),
)
batch_to_feed.mistake(
    "The weights are left out: they are the larger part of what is moved where the batch is small.",
    lambda H, peak, bandwidth: None if 2 * H < 5 * peak / bandwidth else 1,
    lambda H, peak, bandwidth: None if 2 * H <= 5 * peak / bandwidth else 1,
)
batch_to_feed.mistake(
    "That is the intensity that the machine needs; the batch is asked for.",
    lambda H, peak, bandwidth: peak / bandwidth,
)


@exercise(
    cases=lambda: [
        {"seconds_per_call": 1e-3, "calls": 10, "peak": 1e6, "B": 2, "D": 30},
        {"seconds_per_call": 2e-3, "calls": 37, "peak": 1.1e8, "B": 8, "D": 100},
        {"seconds_per_call": 4e-3, "calls": 60, "peak": 2e9, "B": 32, "D": 640},
        {"seconds_per_call": 1e-3, "calls": 31, "peak": 5e7, "B": 3, "D": 7},
        {"seconds_per_call": 0.5, "calls": 4, "peak": 96.0, "B": 1, "D": 2},  # level at a whole width
    ],
    praise="Narrower than this a network waits for calls, and a faster processor does not help.",
    see="When do calls matter?",
)
def crossing_width(seconds_per_call, calls, peak, B, D):
    """The least width H (an integer) at which a step's products take at least as long as its calls."""
    product = seconds_per_call * calls * peak / (24 * B)  # H (D + H) must be at least this
    return int(np.ceil((np.sqrt(D**2 + 4 * product) - D) / 2))


def width(factor=24.0, rounded=np.ceil):
    """An answer with another number of operations for each B H (D + H)."""

    def answer(seconds_per_call, calls, peak, B, D):
        product = seconds_per_call * calls * peak / (factor * B)
        return rounded((np.sqrt(D**2 + 4 * product) - D) / 2)

    return answer


crossing_width.mistake(
    "You set D = H; the inputs have a size of their own, which does not grow with the width.",
    lambda seconds_per_call, calls, peak, B, D: np.ceil(np.sqrt(seconds_per_call * calls * peak / (48 * B))),
)
crossing_width.mistake(
    "The products with the inputs, W x, are left out.",
    lambda seconds_per_call, calls, peak, B, D: np.ceil(np.sqrt(seconds_per_call * calls * peak / (24 * B))),
)
crossing_width.mistake(
    "The products with the states, U h, are left out.",
    lambda seconds_per_call, calls, peak, B, D: np.ceil(seconds_per_call * calls * peak / (24 * B * D)),
)
crossing_width.mistake(
    "Only the forward products are counted; the backward ones are two more of each.", width(8.0)
)
crossing_width.mistake("Backward, each product has two: one for each of its factors.", width(16.0))
crossing_width.mistake("An LSTM has four blocks of weights.", width(6.0))
crossing_width.mistake("A multiplication and an addition are two operations for each weight.", width(12.0))
crossing_width.mistake(
    "You count one call; a step makes `calls` of them.",
    lambda seconds_per_call, calls, peak, B, D: width()(seconds_per_call, 1, peak, B, D),
)
crossing_width.mistake(
    "The batch is left out: each sequence has products of its own, and all share the calls.",
    lambda seconds_per_call, calls, peak, B, D: width()(seconds_per_call, calls, peak, 1, D),
)
crossing_width.mistake(
    "A larger batch lets the products win at a smaller width; yours grows with B.",
    lambda seconds_per_call, calls, peak, B, D: width()(seconds_per_call, calls, peak, 1 / B, D),
)
crossing_width.mistake(
    "You round down; with that width the products do not yet take as long.",
    width(rounded=np.floor),
)
crossing_width.mistake(
    "You round to the nearest; where that is down, the products do not yet take as long.",
    width(rounded=np.round),
)
crossing_width.mistake(
    "You ask that the products take longer; where the two are level they take as long already.",
    width(rounded=lambda value: np.floor(value) + 1),
)
crossing_width.mistake("A width is a whole number: round up.", width(rounded=lambda value: value))
crossing_width.mistake(
    "The quadratic equation is solved wrongly: put your H back in to check.",
    lambda seconds_per_call, calls, peak, B, D: np.ceil(
        (np.sqrt(D**2 + seconds_per_call * calls * peak / (24 * B)) - D) / 2
    ),
    lambda seconds_per_call, calls, peak, B, D: np.ceil(
        np.sqrt(seconds_per_call * calls * peak / (24 * B)) - D
    ),
    lambda seconds_per_call, calls, peak, B, D: np.ceil(
        np.sqrt(D**2 + seconds_per_call * calls * peak / (6 * B)) / 2
    ),
    lambda seconds_per_call, calls, peak, B, D: np.ceil(
        (np.sqrt(D**2 + seconds_per_call * calls * peak / (6 * B)) + D) / 2
    ),
    lambda seconds_per_call, calls, peak, B, D: np.ceil(
        np.sqrt(D**2 + seconds_per_call * calls * peak / (6 * B)) - D
    ),
)


@exercise(
    cases=lambda: [
        {"launch": 2.0, "run": np.array([5.0, 1.0])},
        {"launch": 2.0, "run": np.array([1.0, 0.5, 2.0])},
        {"launch": 1.0, "run": np.array([0.5, 4.0, 0.25, 0.5, 0.5, 0.5])},
        {"launch": 1.0, "run": np.array([0.5, 0.25, 0.5, 6.0, 2.0])},
        {"launch": 0.5, "run": np.array([3.0, 0.125, 0.125, 0.25, 0.125, 0.125, 2.5, 0.25, 1.0])},
    ],
    parts=("when the last call returns", "when the work is done"),
    praise="The clock around the calls shows the first number, and only who waits sees the second.",
    see="How many calls?",
)
def launched(launch, run):
    """When the last call returns, and when the GPU is done; launch: seconds of each call, run (N,)."""
    done = 0.0
    for n, seconds in enumerate(run, start=1):
        done = max(done, n * launch) + seconds
    return len(run) * launch, done


def queued(launch, run, lead=0):
    """When the work is done if kernel n is launched at (n + lead) * launch."""
    done = 0.0
    for n, seconds in enumerate(run, start=1):
        done = max(done, (n + lead) * launch) + seconds
    return done


launched.mistake(
    "You add up all launches and all runs; the GPU works while the CPU goes on launching.",
    lambda launch, run: len(run) * launch + run.sum(),
    part=1,
)
launched.mistake(
    "You let each call wait for its kernel; then both would end together.",
    lambda launch, run: (len(run) * launch + run.sum(),) * 2,
)
launched.mistake(
    "Both of your numbers say when the work is done; the last call returns without waiting for it.",
    lambda launch, run: (launched(launch, run)[1],) * 2,
)
launched.mistake(
    "You count the calls from 0; the first one returns at `launch`, and not at 0.",
    lambda launch, run: ((len(run) - 1) * launch, queued(launch, run, lead=-1)),
)
launched.mistake(
    "You take the longer of all launches and all runs; between short kernels the GPU waits as well.",
    lambda launch, run: max(len(run) * launch, run.sum()),
    lambda launch, run: max(len(run) * launch, launch + run.sum()),
    lambda launch, run: max(len(run) * launch + run[-1], launch + run.sum()),
    part=1,
)
launched.mistake(
    "You compare kernel by kernel; a kernel that is behind does not wait once more for its launch.",
    lambda launch, run: np.maximum(launch, run).sum(),
    lambda launch, run: launch + np.maximum(launch, run).sum(),
    lambda launch, run: launch + np.maximum(launch, run[:-1]).sum() + run[-1],
    part=1,
)
launched.mistake(
    "Kernels run one after the other: a kernel also waits until the one before it has finished.",
    lambda launch, run: (launch * np.arange(1, len(run) + 1) + run).max(),
    lambda launch, run: len(run) * launch + run[-1],
    part=1,
)
launched.mistake(
    "A kernel cannot start before its own launch is over, the first one neither.",
    lambda launch, run: queued(launch, run, lead=-1),
    part=1,
)
launched.mistake(
    "The launches are left out of the second number: the GPU has nothing to do before the first of them.",
    lambda launch, run: run.sum(),
    part=1,
)
launched.mistake(
    "You let the GPU wait for the first launch only; short kernels are done before the next launch is over.",
    lambda launch, run: launch + run.sum(),
    part=1,
)
launched.mistake(
    "The first number is when the last call returns, and the CPU makes one call for each kernel.",
    lambda launch, run: launch,
    lambda launch, run: (len(run) - 1) * launch,
    part=0,
)
launched.mistake(
    "The calls return at once; for the first number the runs do not count.",
    lambda launch, run: launched(launch, run)[1] - run.sum(),
    lambda launch, run: launched(launch, run)[1] - run[-1],
    lambda launch, run: run.sum(),
    lambda launch, run: launched(launch, run)[1] - launched(launch, run)[0],
    part=0,
)
launched.mistake(
    "The second number is a moment, and not the time between the two.",
    lambda launch, run: launched(launch, run)[1] - len(run) * launch,
    part=1,
)
launched.mistake("The two are exchanged.", lambda launch, run: launched(launch, run)[::-1])
launched.mistake(
    "Two numbers are asked for, and only one is there.",
    lambda launch, run: launched(launch, run)[1],
    lambda launch, run: launched(launch, run)[0],
)
