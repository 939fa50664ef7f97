import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("03-algorithm/04-carried-state.ipynb")


@exercise(
    cases=lambda: [
        {"stream": 10 + np.arange(5), "B": 2, "T": 2},  # the last row is padded
        {"stream": 10 + np.arange(12), "B": 2, "T": 3},  # nothing is missing
        {"stream": 10 + np.arange(27), "B": 3, "T": 4},
        {"stream": 10 + np.arange(3), "B": 4, "T": 2},  # rows of padding alone
        {"stream": 10 + np.arange(22), "B": 5, "T": 3},
    ],
    praise="No character is lost, and row r of each chunk goes on where row r of the one before ended.",
    see="The cut",
)
def lay_out(stream, B, T):
    """Chunks (B, T) of a stream (N,), in B rows that hold all of it; places without a character are -1."""
    length = -(-len(stream) // (B * T)) * T  # of each row, in whole chunks
    rows = np.full(B * length, -1)
    rows[: len(stream)] = stream
    rows = rows.reshape(B, length)
    return [rows[:, start : start + T] for start in range(0, length, T)]


def filled(stream, size, number=-1, front=False):
    missing = np.full(size - len(stream), number)
    return np.concatenate([missing, stream] if front else [stream, missing])


def whole(stream, B, T):
    return -(-len(stream) // (B * T)) * T


def cut(rows, T):
    return [rows[:, start : start + T] for start in range(0, rows.shape[1], T)]


lay_out.mistake(
    "You cut chunk by chunk, so that row r of your next chunk does not go on where row r of this one ends.",
    lambda stream, B, T: list(filled(stream, B * whole(stream, B, T)).reshape(-1, B, T)),
)
lay_out.mistake(
    "In your answer a row holds every B-th character. Neighbours of the stream belong in one row.",
    lambda stream, B, T: cut(filled(stream, B * whole(stream, B, T)).reshape(-1, B).T, T),
)
lay_out.mistake(
    "What does not fill a chunk is left out in your answer. All of the stream should be read: the rows must "
    "be long enough, and padded.",
    lambda stream, B, T: cut(
        stream[: len(stream) // (B * T) * B * T].reshape(B, len(stream) // (B * T) * T), T
    ),
    lambda stream, B, T: [
        chunk for chunk in cut(stream[: len(stream) // B * B].reshape(B, -1), T) if chunk.shape[1] == T
    ],
    lambda stream, B, T: cut(stream[: len(stream) // B * B].reshape(B, -1), T),
)


@lay_out.mistake(
    "What does not fill a chunk is left out in your answer. All of the stream should be read: the rows must "
    "be long enough, and padded."
)
def short_rows_padded(stream, B, T):
    neighbours = len(stream) // B
    length = -(-neighbours // T) * T
    rows = np.full((B, length), -1)
    rows[:, :neighbours] = stream[: B * neighbours].reshape(B, neighbours)
    return cut(rows, T)


@lay_out.mistake("Your last chunk is shorter than T: your rows have no room for a whole number of chunks.")
def shorter_last_chunk(stream, B, T):
    length = -(-len(stream) // B)
    return cut(filled(stream, B * length).reshape(B, length), T)


@lay_out.mistake(
    "You pad each row at its own end. Make the rows long enough first: then the stream runs on from row to "
    "row, and only its end is padded."
)
def padded_rows(stream, B, T):
    length = -(-len(stream) // B)
    rows = filled(stream, B * length).reshape(B, length)
    padding = np.full((B, whole(stream, B, T) - length), -1)
    return cut(np.concatenate([rows, padding], axis=1), T)


lay_out.mistake(
    "Where a stream fits exactly, you make one chunk too many, which holds nothing but padding.",
    lambda stream, B, T: cut(filled(stream, (len(stream) // (B * T) + 1) * B * T).reshape(B, -1), T),
)
lay_out.mistake(
    "Your padding stands in front; it belongs behind the last character.",
    lambda stream, B, T: cut(filled(stream, B * whole(stream, B, T), front=True).reshape(B, -1), T),
)
lay_out.mistake(
    "You pad with another number than -1. 0 and the like are characters.",
    lambda stream, B, T: cut(filled(stream, B * whole(stream, B, T), 0).reshape(B, -1), T),
    lambda stream, B, T: cut(np.resize(stream, B * whole(stream, B, T)).reshape(B, -1), T),
    lambda stream, B, T: cut(filled(stream, B * whole(stream, B, T), stream[-1]).reshape(B, -1), T),
)
lay_out.mistake(
    "Your chunks have time first, (T, B); the course puts the batch first.",
    lambda stream, B, T: [chunk.T for chunk in lay_out(stream, B, T)],
)
lay_out.mistake(
    "Your chunks overlap: each begins one step after the one before.",
    lambda stream, B, T: [
        rows[:, start : start + T]
        for rows in [filled(stream, B * whole(stream, B, T)).reshape(B, -1)]
        for start in range(rows.shape[1] - T + 1)
    ],
)
lay_out.mistake(
    "You return the rows uncut. Cut them into chunks of T steps.",
    lambda stream, B, T: filled(stream, B * whole(stream, B, T)).reshape(B, -1),
)


def next_characters(count: int, symbols: int) -> dict[str, np.ndarray]:
    return {"scores": cases.normal((count, symbols))[0], "y": cases.integers(symbols, (count,))[0]}


def shifted(by: list[float]) -> dict[str, np.ndarray]:
    """Rows of other scales: each row of the scores is moved by a number, which changes no probability."""
    case = next_characters(len(by), 4)
    case["scores"] += np.array(by)[:, None]
    return case


def sure_and_wrong() -> dict[str, np.ndarray]:
    return {"scores": np.array([[0.5, -1.25, 0.75], [400.0, 1.0, -400.0]]), "y": np.array([1, 2])}


@exercise(
    cases=lambda: [
        next_characters(2, 3),
        next_characters(5, 4),
        shifted([1000.0, 1000.0, 1000.0]),
        shifted([1000.0, 0.0]),
        sure_and_wrong(),
    ],
    praise="The measure of a language model: blind guessing among K has log2 K bits.",
    see="A stream with something to remember",
)
def bits_a_character(scores, y):
    """The mean of -log2 p over N characters, where p is what softmax(scores) (N, K) gives to y (N,)."""
    log_p = scores - scores.max(axis=1, keepdims=True)
    log_p = log_p - np.log(np.exp(log_p).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(y)), y].mean() / np.log(2)


def log_probabilities(scores, axis=1):
    log_p = scores - scores.max(axis=axis, keepdims=True)
    return log_p - np.log(np.exp(log_p).sum(axis=axis, keepdims=True))


def came(log_p, y):
    return log_p[np.arange(len(y)), y]


def of_p(scores):
    """log p where p may have been rounded to 0, as in a program that takes the softmax first."""
    return np.log(np.exp(log_probabilities(scores)))


bits_a_character.mistake(
    "These are nats; a bit is ln 2 nats.",
    lambda scores, y: -came(of_p(scores), y).mean(),
    lambda scores, y: -came(log_probabilities(scores), y).mean(),
)
bits_a_character.mistake(
    "From nats to bits one divides by ln 2; you multiply.",
    lambda scores, y: -came(log_probabilities(scores), y).mean() * np.log(2),
)
bits_a_character.mistake(
    "You sum over the characters; bits per character are a mean.",
    lambda scores, y: -came(of_p(scores), y).sum() / np.log(2),
    lambda scores, y: -came(log_probabilities(scores), y).sum() / np.log(2),
    lambda scores, y: -came(log_probabilities(scores), y).sum(),
)
bits_a_character.mistake(
    "You divide by the number of all scores, N times K; there are N characters.",
    lambda scores, y: -came(log_probabilities(scores), y).sum() / np.log(2) / scores.size,
)
bits_a_character.mistake(
    "You return one number per character; their mean is wanted.",
    lambda scores, y: -came(log_probabilities(scores), y) / np.log(2),
)
bits_a_character.mistake(
    "You take the logarithm of the mean probability; the mean of the logarithms is wanted, and it is "
    "stricter.",
    lambda scores, y: -np.log2(np.exp(came(log_probabilities(scores), y)).mean()),
    lambda scores, y: -np.log(np.exp(came(log_probabilities(scores), y)).mean()),
)
bits_a_character.mistake(
    "You take the most probable character at each place; what came is in y, and may be another.",
    lambda scores, y: -log_probabilities(scores).max(axis=1).mean() / np.log(2),
)
bits_a_character.mistake(
    "That is the entropy of the predictions, which does not ask what came.",
    lambda scores, y: (
        -(np.exp(log_probabilities(scores)) * log_probabilities(scores)).sum(axis=1).mean() / np.log(2)
    ),
)
bits_a_character.mistake(
    "The softmax runs over the characters of the text; it must run over the symbols, one row each.",
    lambda scores, y: -came(log_probabilities(scores, axis=0), y).mean() / np.log(2),
)
bits_a_character.mistake(
    "One softmax runs over all scores in your answer. Each row has its own.",
    lambda scores, y: -came(log_probabilities(scores, axis=(0, 1)), y).mean() / np.log(2),
)
bits_a_character.mistake(
    "That is the perplexity, 2 to the bits.", lambda scores, y: 2.0 ** bits_a_character(scores, y)
)
bits_a_character.mistake(
    "The sign is missing: -log2 p is never negative.", lambda scores, y: -bits_a_character(scores, y)
)


def by_plain_softmax(scores):
    p = np.exp(scores)
    return p / p.sum(axis=1, keepdims=True)


bits_a_character.mistake(
    "exp overflows where scores are large: take each row's largest score off first.",
    lambda scores, y: -np.log2(came(by_plain_softmax(scores), y)).mean(),
    lambda scores, y: -came(scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)), y).mean() / np.log(2),
)
bits_a_character.mistake(
    "You take off the largest score of all rows. Beside a large row all exponentials of a small one round to "
    "0: each row has its own largest score.",
    lambda scores, y: -np.log2(came(by_plain_softmax(scores - scores.max()), y)).mean(),
    lambda scores, y: (
        -came(
            scores - scores.max() - np.log(np.exp(scores - scores.max()).sum(axis=1, keepdims=True)), y
        ).mean()
        / np.log(2)
    ),
)
bits_a_character.mistake(
    "Where the model is sure and wrong, the probability of what came rounds to 0, and its logarithm is lost. "
    "Take the logarithm before: a score minus the logarithm of the sum of exponentials.",
    lambda scores, y: -np.log2(np.exp(came(log_probabilities(scores), y))).mean(),
    *(
        lambda scores, y, tiny=tiny: -np.log2(np.exp(came(log_probabilities(scores), y)) + tiny).mean()
        for tiny in (1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-300)
    ),
)


def documents(first: list[list[int]], inputs: int, units: int) -> dict[str, np.ndarray]:
    batch, time = np.shape(first)
    weights = {"W": (units, inputs), "U": (units, units), "b": (units,)}
    drawn = cases.named(x=(batch, time, inputs), state=(batch, units), **weights)
    return {"x": drawn.pop("x"), "state": drawn.pop("state"), "first": np.array(first, bool), **drawn}


@exercise(
    cases=lambda: [
        documents([[0, 1, 0], [1, 0, 0]], 1, 2),
        documents([[0, 0, 1, 0], [0, 0, 0, 0], [1, 1, 0, 1]], 2, 4),
        documents([[0, 1], [0, 1], [0, 1]], 4, 3),
    ],
    praise="Carried within a document, zero at the start of the next: row by row, whatever the others do.",
    see="The cut",
    parts=("the states", "the last state"),
)
def read_documents(x, state, first, W, U, b):
    """The states (B, T, H) and the last (B, H); where first (B, T) is true, a document begins, from zero."""
    h, states = state, []
    for t in range(x.shape[1]):
        h = np.where(first[:, t, None], 0.0, h)
        h = np.tanh(x[:, t] @ W.T + h @ U.T + b)
        states.append(h)
    return np.stack(states, axis=1), h


def reading(before=None, after=None, put_out=None, begin=None):
    """The loop with another reset before the step, or one after it, or another output or start."""

    def answer(x, state, first, W, U, b):
        h = begin(state) if begin else state
        states = []
        for t in range(x.shape[1]):
            if before:
                h = before(h, first, t, state)
            elif not after:
                h = np.where(first[:, t, None], 0.0, h)
            h = np.tanh(x[:, t] @ W.T + h @ U.T + b)
            states.append(put_out(h, first, t) if put_out else h)
            if after:
                h = after(h, first, t)
        return np.stack(states, axis=1), h

    return answer


def set_to_zero(x, state, first, W, U, b):
    h, states = state, []
    for t in range(x.shape[1]):
        h = np.where(first[:, t, None], 0.0, np.tanh(x[:, t] @ W.T + h @ U.T + b))
        states.append(h)
    return np.stack(states, axis=1), h


read_documents.mistake(
    "Nothing is reset: a new document begins with the state of another.",
    reading(before=lambda h, first, t, state: h),
)
read_documents.mistake(
    "The state is set to zero after the step of a document's first character. It must be zero before it.",
    reading(after=lambda h, first, t: np.where(first[:, t, None], 0.0, h)),
)


def cleared_afterwards(x, state, first, W, U, b):
    """Keeps each state before the reset that comes after the step; the last state too."""
    states, _ = reading(after=lambda h, first, t: np.where(first[:, t, None], 0.0, h))(
        x, state, first, W, U, b
    )
    return states, states[:, -1].copy()


read_documents.mistake(
    "The state is set to zero after the step of a document's first character. It must be zero before it.",
    cleared_afterwards,
)
read_documents.mistake(
    "You set the new state to zero where a document begins. Zero is what the step reads there, and not what "
    "it makes.",
    reading(
        before=lambda h, first, t, state: h,
        put_out=lambda h, first, t: np.where(first[:, t, None], 0.0, h),
    ),
    set_to_zero,
)


def zeros_in_place(copied_state, copied_output, put=lambda states: np.stack(states, axis=1)):
    """Sets rows of h to zero where they lie."""

    def answer(x, state, first, W, U, b):
        h, states = state.copy() if copied_state else state, []
        for t in range(x.shape[1]):
            h[first[:, t]] = 0
            h = np.tanh(x[:, t] @ W.T + h @ U.T + b)
            states.append(h.copy() if copied_output else h)
        return put(states), h

    return answer


read_documents.mistake(
    "You set rows of h to zero in place. The state that you have kept one step before is the same array, and "
    "changes with it.",
    zeros_in_place(copied_state=True, copied_output=False),
    zeros_in_place(copied_state=False, copied_output=False),
    zeros_in_place(True, False, put=np.stack),
    zeros_in_place(False, False, put=np.stack),
)
read_documents.mistake(
    "You set rows of the given state to zero. Whoever called still needs it: make a new array.",
    zeros_in_place(copied_state=False, copied_output=True),
)
read_documents.mistake(
    "All rows are reset when one of them begins a document. The others are in the middle of theirs.",
    reading(before=lambda h, first, t, state: 0 * h if first[:, t].any() else h),
)
read_documents.mistake(
    "A row is reset only when all rows begin a document.",
    reading(before=lambda h, first, t, state: 0 * h if first[:, t].all() else h),
)
read_documents.mistake(
    "The reset is turned round: the state is kept where a document begins, and lost everywhere else.",
    reading(before=lambda h, first, t, state: np.where(first[:, t, None], h, 0.0)),
)
read_documents.mistake(
    "You begin from zero. The chunk goes on from the given state, unless its first step begins a document.",
    reading(begin=np.zeros_like),
)
read_documents.mistake(
    "Where a document begins you go back to the given state. That belongs to another document.",
    reading(before=lambda h, first, t, state: np.where(first[:, t, None], state, h)),
)
read_documents.mistake(
    "The reset comes one step early: first[:, t] says that step t begins a document.",
    reading(
        before=lambda h, first, t, state: (
            np.where(first[:, t + 1, None], 0.0, h) if t + 1 < first.shape[1] else h
        )
    ),
)
read_documents.mistake(
    "Every step starts from zero: within a document the state is carried.",
    reading(before=lambda h, first, t, state: 0 * h),
)
read_documents.mistake(
    "The input is set to zero where a document begins. The state is reset; its first input is read.",
    lambda x, state, first, W, U, b: read_documents(
        np.where(first[:, :, None], 0.0, x), state, first, W, U, b
    ),
    lambda x, state, first, W, U, b: read_documents(
        np.where(first[:, :, None], 0.0, x), state, 0 * first > 0, W, U, b
    ),
)
read_documents.mistake(
    "The last state is zero for a row whose last step began a document: reset before a step, never after.",
    lambda x, state, first, W, U, b: np.where(
        first[:, -1, None], 0.0, read_documents(x, state, first, W, U, b)[1]
    ),
    part="the last state",
)
read_documents.mistake(
    "You return the state that you were given; the next chunk goes on from the one after the last step.",
    lambda x, state, *rest: state,
    part="the last state",
)
read_documents.mistake(
    "The states have time first, (T, B, H); the course puts the batch first.",
    lambda *case: read_documents(*case)[0].swapaxes(0, 1),
    part="the states",
)
read_documents.mistake(
    "U is transposed: in a batch of rows the states meet U.T.",
    lambda x, state, first, W, U, b: read_documents(x, state, first, W, U.T, b),
)
