"""Find the sequence that a model gives the highest probability: greedily, or with a beam.

A model is here a function of one step, and knows no framework:

    step(symbols, state) -> (log_probabilities, state)

symbols: the last symbol of each row, integers ``(N,)``. log_probabilities: of the next one, ``(N, V)``.
state: a tuple of arrays whose first axis is the row; what they hold is the model's own business.

    translator = rnnbook.torch.SequenceTranslator(...)
    greedy(translator.step, translator.begin(x, lengths), longest=40)

A model trained by connectionist temporal classification, CTC, needs no steps: it says log-probabilities for
all times at once, blanks among them, and ``ctc_greedy`` and ``ctc_beam`` read those.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from jaxtyping import Float, Int

from rnnbook import validation
from rnnbook.vocabulary import BEGIN, END

State = tuple[np.ndarray, ...]
Step = Callable[[np.ndarray, State], tuple[np.ndarray, State]]


def greedy(step: Step, state: State, *, longest: int) -> list[list[int]]:
    """The likeliest symbol at every step, for all rows at once: their symbols, without begin and end.

    longest: where a row that has not ended is cut off. ValueError or TypeError unless a positive integer.
    """
    validation.check_size("longest", longest)
    symbols = np.full(len(state[0]), BEGIN)
    ended = np.zeros(len(symbols), bool)
    written = [[] for _ in symbols]
    for _ in range(longest):
        log_probabilities, state = step(symbols, state)
        symbols = log_probabilities.argmax(axis=1)
        ended |= symbols == END
        if ended.all():
            break
        for row in np.flatnonzero(~ended):
            written[row].append(int(symbols[row]))
    return written


@dataclass(frozen=True)
class Hypothesis:
    """A sequence that a beam search found.

    symbols: without begin and end. log_probability: of the whole, the end included. score: what it was ranked
    by. ended: False where it was cut off.
    """

    symbols: tuple[int, ...]
    log_probability: float
    score: float
    ended: bool


def beam(
    step: Step, state: State, *, width: int, longest: int, length_power: float = 0.0
) -> list[Hypothesis]:
    """Keep the ``width`` best beginnings at every step; up to ``width`` hypotheses, the best first.

    state: of one sequence, one row.
    longest: where hypotheses that have not ended are cut off.
    length_power: rank by log-probability / length^length_power. Every symbol makes a sequence less probable,
        so that 0 favours short ones; 1 is the mean a symbol. The length counts the end.

    With a width of 1 this is ``greedy``. A wider beam looks further, but promises nothing: a good beginning
    that it drops is lost. Graves, 2012, 'Sequence transduction with recurrent neural networks'; the power of
    the length, a little otherwise, in Wu et al., 2016, 'Google's neural machine translation system'.

    Raises ValueError or TypeError for a width or length that is no positive integer, or more than one row.
    """
    validation.check_size("width", width)
    validation.check_size("longest", longest)
    if len(state[0]) != 1:
        raise ValueError(f"state must hold one row, got {len(state[0])}: search for one sequence at a time")
    alive, totals = [()], np.zeros(1)
    found: list[Hypothesis] = []
    for length in range(1, longest + 1):
        symbols = np.array([written[-1] if written else BEGIN for written in alive])
        log_probabilities, state = step(symbols, state)
        candidates = totals[:, None] + log_probabilities
        best = np.argsort(-candidates, axis=None, kind="stable")[:width]
        rows, next_symbols = np.unravel_index(best, candidates.shape)
        going_on = []
        for row, symbol in zip(rows, next_symbols, strict=True):
            if symbol == END:
                total = float(candidates[row, symbol])
                found.append(Hypothesis(alive[row], total, total / length**length_power, ended=True))
            else:
                going_on.append((row, symbol))
        if not going_on:
            return _best(found, width)
        rows, next_symbols = map(np.array, zip(*going_on, strict=True))
        alive = [(*alive[row], int(symbol)) for row, symbol in going_on]
        totals = candidates[rows, next_symbols]
        state = tuple(part[rows] for part in state)
        # A total only falls. What it would be worth at the greatest length is the most that it can become.
        if len(found) >= width and totals.max() / longest**length_power <= _best(found, width)[-1].score:
            return _best(found, width)
    cut = [
        Hypothesis(written, float(total), float(total) / longest**length_power, ended=False)
        for written, total in zip(alive, totals, strict=True)
    ]
    return _best(found or cut, width)


def _best(hypotheses: list[Hypothesis], width: int) -> list[Hypothesis]:
    return sorted(hypotheses, key=lambda one: -one.score)[:width]


# Connectionist temporal classification: class 0 is the blank


def collapse(path: Iterable[int]) -> list[int]:
    """What a path says: repeated symbols are merged first, then blanks, 0, are dropped."""
    return [int(symbol) for symbol, _ in groupby(path) if symbol != 0]


def ctc_greedy(
    log_probabilities: Float[np.ndarray, "batch time classes"], lengths: Int[np.ndarray, " batch"]
) -> list[list[int]]:
    """What the likeliest path of each sequence says: 'best path decoding' in Graves et al., 2006.

    Several paths may say the same, so that another reading may be likelier: see ``ctc_beam``.
    """
    validation.check_shape("log_probabilities", log_probabilities, ("batch", "time", "classes"))
    validation.check_lengths(lengths, *log_probabilities.shape[:2])
    paths = log_probabilities.argmax(axis=2)
    return [collapse(path[:length]) for path, length in zip(paths, lengths, strict=True)]


def ctc_beam(log_probabilities: Float[np.ndarray, "time classes"], *, width: int) -> list[Hypothesis]:
    """Keep the ``width`` likeliest beginnings at every step, each with all the paths that say it.

    For each beginning two sums are kept apart: of its paths that end in a blank, and of those that end in its
    last symbol. After a blank the same symbol counts again; without one, it is the same symbol still.
    Up to ``width`` hypotheses, the likeliest first. A beginning that was dropped takes its paths with it, so
    that a log-probability is a lower bound.

    Hannun et al., 2014, 'First-pass large vocabulary continuous speech recognition using bi-directional
    recurrent DNNs', algorithm 1, without the language model.

    Raises ValueError or TypeError for a width that is no positive integer, or another shape.
    """
    validation.check_size("width", width)
    validation.check_shape("log_probabilities", log_probabilities, ("time", "classes"))
    nothing = -np.inf
    beams: dict[tuple[int, ...], tuple[float, float]] = {(): (0.0, nothing)}
    for now in log_probabilities.tolist():
        grown: dict[tuple[int, ...], list[float]] = {}

        def add(written, place, log, grown=grown):
            if log == nothing:
                return  # no path says this
            sums = grown.setdefault(written, [nothing, nothing])
            sums[place] = float(np.logaddexp(sums[place], log))

        for written, (in_blank, in_symbol) in beams.items():
            either = float(np.logaddexp(in_blank, in_symbol))
            add(written, 0, either + now[0])
            if written:
                add(written, 1, in_symbol + now[written[-1]])  # the last symbol goes on
            for symbol in range(1, len(now)):
                again = bool(written) and symbol == written[-1]
                add((*written, symbol), 1, (in_blank if again else either) + now[symbol])
        best = sorted(grown.items(), key=lambda one: -np.logaddexp(*one[1]))[:width]
        beams = {written: tuple(sums) for written, sums in best}
    totals = {written: float(np.logaddexp(*sums)) for written, sums in beams.items()}
    return [Hypothesis(written, total, total, ended=True) for written, total in totals.items()]
