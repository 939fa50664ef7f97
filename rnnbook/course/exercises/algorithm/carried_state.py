"""Exercises of chapters/03-algorithm/04-carried-state.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.algorithm import carried_state as solutions

NOTEBOOK = "03-algorithm/04-carried-state.ipynb"

lay_out = Exercise(
    solutions.lay_out,
    notebook=NOTEBOOK,
    cases=lambda: [
        {"stream": np.arange(8), "B": 2, "T": 2},
        {"stream": np.arange(12), "B": 2, "T": 3},
        {"stream": np.arange(27), "B": 3, "T": 4},  # 9 a row: two whole chunks, and one step left over
        {"stream": np.arange(12), "B": 1, "T": 4},
    ],
    praise="Now the state of row r can be carried: the next chunk goes on where it stopped.",
)


@lay_out.mistake(
    "Row r of the next chunk does not go on where row r of this one ends: you cut chunk by chunk.",
    see="The cut",
)
def chunk_by_chunk(stream, B, T):
    chunks = len(stream) // (B * T)
    return list(stream[: chunks * B * T].reshape(chunks, B, T))


@lay_out.mistake(
    "A row holds every B-th character of the stream; neighbours belong in one row.",
    see="The cut",
)
def every_other(stream, B, T):
    length = len(stream) // B
    rows = stream[: length * B].reshape(length, B).T
    return [rows[:, start : start + T] for start in range(0, length // T * T, T)]


@lay_out.mistake("The last chunk is shorter than T: leave out what does not fill a chunk.", see="The cut")
def with_the_rest(stream, B, T):
    length = len(stream) // B
    rows = stream[: length * B].reshape(B, length)
    return [rows[:, start : start + T] for start in range(0, length, T)]


@lay_out.mistake("The chunks have time first, (T, B); the course puts the batch first.", see="The cut")
def time_comes_first(stream, B, T):
    return [chunk.T for chunk in solutions.lay_out(stream, B, T)]


@lay_out.mistake("Your chunks overlap: each begins one step after the one before.", see="The cut")
def sliding(stream, B, T):
    length = len(stream) // B
    rows = stream[: length * B].reshape(B, length)
    return [rows[:, start : start + T] for start in range(length - T + 1)]


@lay_out.mistake(
    "You cut the rows to whole chunks before laying them out, so that the next row begins too early in the "
    "stream: "
    "each row has len(stream) // B characters of its own.",
    see="The cut",
)
def rows_too_close(stream, B, T):
    steps = len(stream) // B // T * T
    rows = stream[: B * steps].reshape(B, steps)
    return [rows[:, start : start + T] for start in range(0, steps, T)]


def next_characters(count: int, symbols: int, more: float = 0.0) -> dict[str, np.ndarray]:
    return {"scores": cases.normal((count, symbols))[0] + more, "y": cases.integers(symbols, (count,))[0]}


bits_a_character = Exercise(
    solutions.bits_a_character,
    notebook=NOTEBOOK,
    cases=lambda: [next_characters(2, 2), next_characters(5, 4), next_characters(3, 4, more=1000.0)],
    praise="The measure of a language model: blind guessing among K has log2 K bits.",
)


def log_probabilities(scores, axis=1):
    log_p = scores - scores.max(axis=axis, keepdims=True)
    return log_p - np.log(np.exp(log_p).sum(axis=axis, keepdims=True))


@bits_a_character.mistake("These are nats; a bit is ln 2 nats.", see="A stream with something to remember")
def in_nats(scores, y):
    return -log_probabilities(scores)[np.arange(len(y)), y].mean()


@bits_a_character.mistake(
    "You sum over the characters; bits a character are a mean.", see="A stream with something to remember"
)
def total_bits(scores, y):
    return -log_probabilities(scores)[np.arange(len(y)), y].sum() / np.log(2)


@bits_a_character.mistake(
    "You take the logarithm of the mean probability; the mean of the logarithms is wanted, and it is "
    "stricter.",
    see="A stream with something to remember",
)
def log_of_the_mean(scores, y):
    return -np.log2(np.exp(log_probabilities(scores)[np.arange(len(y)), y]).mean())


@bits_a_character.mistake(
    "The softmax runs over the characters of the text; it must run over the symbols, one row each.",
    see="A stream with something to remember",
)
def over_the_text(scores, y):
    return -log_probabilities(scores, axis=0)[np.arange(len(y)), y].mean() / np.log(2)


@bits_a_character.mistake("That is the perplexity, 2 to the bits.", see="A stream with something to remember")
def perplexity(scores, y):
    return 2.0 ** solutions.bits_a_character(scores, y)


@bits_a_character.mistake(
    "The sign is missing: -log2 p is never negative.", see="A stream with something to remember"
)
def negative(scores, y):
    return -solutions.bits_a_character(scores, y)


@bits_a_character.mistake(
    "exp overflows where scores are large: take each row's largest score off first.",
    see="A stream with something to remember",
)
def too_large(scores, y):
    p = np.exp(scores)
    p = p / p.sum(axis=1, keepdims=True)
    return -np.log2(p[np.arange(len(y)), y]).mean()
