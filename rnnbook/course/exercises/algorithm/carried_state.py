import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("03-algorithm/04-carried-state.ipynb")


@exercise(
    cases=lambda: [
        {"stream": np.arange(8), "B": 2, "T": 2},
        {"stream": np.arange(12), "B": 2, "T": 3},
        {"stream": np.arange(27), "B": 3, "T": 4},  # 9 a row: two whole chunks, and one step left over
        {"stream": np.arange(12), "B": 1, "T": 4},
    ],
    praise="Now the state of row r can be carried: the next chunk goes on where it stopped.",
    see="The cut",
)
def lay_out(stream, B, T):
    """Chunks (B, T) of a stream (N,); row r of each goes on where row r of the one before ended."""
    steps = len(stream) // B // T * T  # of each row, in whole chunks
    rows = [stream[r * (len(stream) // B) :][:steps] for r in range(B)]
    rows = np.array(rows)
    return [rows[:, start : start + T] for start in range(0, steps, T)]


def cut(stream, B, T, starts):
    rows = stream[: len(stream) // B * B].reshape(B, -1)
    return [rows[:, start : start + T] for start in starts]


lay_out.mistake(
    "Row r of the next chunk does not go on where row r of this one ends: you cut chunk by chunk.",
    lambda stream, B, T: list(stream[: len(stream) // (B * T) * B * T].reshape(-1, B, T)),
)
lay_out.mistake(
    "A row holds every B-th character of the stream; neighbours belong in one row.",
    lambda stream, B, T: lay_out(stream[: len(stream) // B * B].reshape(-1, B).T.ravel(), B, T),
)
lay_out.mistake(
    "The last chunk is shorter than T: leave out what does not fill a chunk.",
    lambda stream, B, T: cut(stream, B, T, range(0, len(stream) // B, T)),
)
lay_out.mistake(
    "The chunks have time first, (T, B); the course puts the batch first.",
    lambda stream, B, T: [chunk.T for chunk in lay_out(stream, B, T)],
)
lay_out.mistake(
    "Your chunks overlap: each begins one step after the one before.",
    lambda stream, B, T: cut(stream, B, T, range(len(stream) // B - T + 1)),
)
lay_out.mistake(
    "You cut the rows to whole chunks before laying them out, so that the next row begins too early in the "
    "stream: each row has len(stream) // B characters of its own.",
    lambda stream, B, T: lay_out(stream[: len(stream) // B // T * T * B], B, T),
)


def next_characters(count: int, symbols: int, more: float = 0.0) -> dict[str, np.ndarray]:
    return {"scores": cases.normal((count, symbols))[0] + more, "y": cases.integers(symbols, (count,))[0]}


@exercise(
    cases=lambda: [next_characters(2, 2), next_characters(5, 4), next_characters(3, 4, more=1000.0)],
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


bits_a_character.mistake(
    "These are nats; a bit is ln 2 nats.",
    lambda scores, y: -log_probabilities(scores)[np.arange(len(y)), y].mean(),
)
bits_a_character.mistake(
    "You sum over the characters; bits a character are a mean.",
    lambda scores, y: -log_probabilities(scores)[np.arange(len(y)), y].sum() / np.log(2),
)
bits_a_character.mistake(
    "You take the logarithm of the mean probability; the mean of the logarithms is wanted, and it is "
    "stricter.",
    lambda scores, y: -np.log2(np.exp(log_probabilities(scores)[np.arange(len(y)), y]).mean()),
)
bits_a_character.mistake(
    "The softmax runs over the characters of the text; it must run over the symbols, one row each.",
    lambda scores, y: -log_probabilities(scores, axis=0)[np.arange(len(y)), y].mean() / np.log(2),
)
bits_a_character.mistake(
    "That is the perplexity, 2 to the bits.", lambda scores, y: 2.0 ** bits_a_character(scores, y)
)
bits_a_character.mistake(
    "The sign is missing: -log2 p is never negative.", lambda scores, y: -bits_a_character(scores, y)
)


@bits_a_character.mistake("exp overflows where scores are large: take each row's largest score off first.")
def too_large(scores, y):
    p = np.exp(scores)
    p = p / p.sum(axis=1, keepdims=True)
    return -np.log2(p[np.arange(len(y)), y]).mean()
