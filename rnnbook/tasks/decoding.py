"""Find the sequence that a model gives the highest probability: greedily, or with a beam.

A model is here a function of one step, and knows no framework:

    step(tokens, state) -> (log_probabilities, state)

tokens: the last one of each row, integers ``(N,)``. log_probabilities: of the next one, ``(N, V)``.
state: a tuple of arrays whose first axis is the row; what they hold is the model's own business.

    translator = rnnbook.torch.SequenceTranslator(...)
    greedy_search(translator.decode_step, translator.encode(x, lengths), max_len=40)

A model trained by connectionist temporal classification, CTC, needs no steps: it says log-probabilities for
all times at once, blanks among them, and ``ctc_greedy_search`` and ``ctc_beam_search`` read those.
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


def greedy_search(step: Step, state: State, *, max_len: int) -> list[list[int]]:
    """The likeliest token at every step, for all rows at once: their tokens, without begin and end.

    step, state: as above; the rows of ``state`` are the sequences. max_len: where a row that has not ended is
    cut off. ValueError or TypeError unless it is a positive integer.
    """
    validation.check_size("max_len", max_len)
    _check_start(step, state)
    tokens = np.full(len(state[0]), BEGIN)
    ended = np.zeros(len(tokens), bool)
    sequences = [[] for _ in tokens]
    for _ in range(max_len):
        log_probabilities, state = step(tokens, state)
        tokens = log_probabilities.argmax(axis=1)
        ended |= tokens == END
        if ended.all():
            break
        for row in np.flatnonzero(~ended):
            sequences[row].append(int(tokens[row]))
    return sequences


def _check_start(step: Step, state: State) -> None:
    validation.check_function("step", step)
    if not isinstance(state, tuple | list) or not state:
        raise TypeError(f"state must be a tuple of arrays, got {state!r}")
    for index, part in enumerate(state):
        if not getattr(part, "shape", None):
            raise TypeError(f"state[{index}] must be an array with a row a sequence, got {part!r}")


@dataclass(frozen=True)
class Hypothesis:
    """A sequence that a beam search found.

    tokens: without begin and end. log_probability: of the whole, the end included. score: what it was ranked
    by. ended: False where it was cut off.
    """

    tokens: tuple[int, ...]
    log_probability: float
    score: float
    ended: bool


def beam_search(
    step: Step, state: State, *, beam_width: int, max_len: int, length_penalty: float = 0.0
) -> list[Hypothesis]:
    """Keep the ``beam_width`` best beginnings at every step; up to as many hypotheses, the best first.

    step: as above. state: of one sequence, one row.
    max_len: where hypotheses that have not ended are cut off.
    length_penalty: rank by log-probability / length^length_penalty. Every token makes a sequence less
        probable, so that 0 favours short ones; 1 is the mean a token. The length counts the end.

    With a width of 1 this is ``greedy_search``. A wider beam looks further, but promises nothing: a good
    beginning that it drops is lost. Graves, 2012, 'Sequence transduction with recurrent neural networks'; the
    power of the length, a little otherwise, in Wu et al., 2016, 'Google's neural machine translation system'.

    Raises ValueError or TypeError for a width or length that is no positive integer, or more than one row.
    """
    validation.check_size("beam_width", beam_width)
    validation.check_size("max_len", max_len)
    validation.check_number("length_penalty", length_penalty)
    if not 0 <= length_penalty <= 10:
        raise ValueError(f"length_penalty must lie in 0..10, got {length_penalty}")
    _check_start(step, state)
    if len(state[0]) != 1:
        raise ValueError(f"state must hold one row, got {len(state[0])}: search for one sequence at a time")
    alive, totals = [()], np.zeros(1)
    finished: list[Hypothesis] = []
    for length in range(1, max_len + 1):
        tokens = np.array([prefix[-1] if prefix else BEGIN for prefix in alive])
        log_probabilities, state = step(tokens, state)
        candidates = totals[:, None] + log_probabilities
        best = np.argsort(-candidates, axis=None, kind="stable")[:beam_width]
        rows, next_tokens = np.unravel_index(best, candidates.shape)
        extended = []
        for row, token in zip(rows, next_tokens, strict=True):
            if token == END:
                total = float(candidates[row, token])
                finished.append(Hypothesis(alive[row], total, total / length**length_penalty, ended=True))
            else:
                extended.append((row, token))
        if not extended:
            return _best(finished, beam_width)
        rows, next_tokens = map(np.array, zip(*extended, strict=True))
        alive = [(*alive[row], int(token)) for row, token in extended]
        totals = candidates[rows, next_tokens]
        state = tuple(part[rows] for part in state)
        # A total only falls. What it would be worth at the greatest length is the most that it can become.
        best = _best(finished, beam_width)
        if len(best) == beam_width and totals.max() / max_len**length_penalty <= best[-1].score:
            return best
    cut = [
        Hypothesis(prefix, float(total), float(total) / max_len**length_penalty, ended=False)
        for prefix, total in zip(alive, totals, strict=True)
    ]
    return _best(finished or cut, beam_width)


def _best(hypotheses: list[Hypothesis], beam_width: int) -> list[Hypothesis]:
    return sorted(hypotheses, key=lambda hypothesis: -hypothesis.score)[:beam_width]


# Connectionist temporal classification: class 0 is the blank


def ctc_collapse(path: Iterable[int]) -> list[int]:
    """What a path says: repeated tokens are merged first, then blanks, 0, are dropped."""
    path = validation.as_array("path", validation.as_list("path", path))
    validation.check_shape("path", path, ("time",))
    if len(path) and path.dtype.kind not in "iu":
        raise TypeError(f"path must be integers, got {path.dtype}")
    return [int(token) for token, _ in groupby(path) if token != 0]


def _as_scores(log_probabilities, expected: tuple[str, ...]) -> np.ndarray:
    array = validation.as_numbers("log_probabilities", log_probabilities, expected)
    if 0 in array.shape:
        raise ValueError(f"log_probabilities must hold at least one step and class, got shape {array.shape}")
    return array


def ctc_greedy_search(
    log_probabilities: Float[np.ndarray, "batch time classes"], lengths: Int[np.ndarray, " batch"]
) -> list[list[int]]:
    """What the likeliest path of each sequence says: 'best path decoding' in Graves et al., 2006.

    Several paths may say the same, so that another reading may be likelier: see ``ctc_beam_search``.
    """
    log_probabilities = _as_scores(log_probabilities, ("batch", "time", "classes"))
    validation.check_lengths(lengths, *log_probabilities.shape[:2])
    paths = log_probabilities.argmax(axis=2)
    return [ctc_collapse(path[:length]) for path, length in zip(paths, lengths, strict=True)]


def ctc_beam_search(
    log_probabilities: Float[np.ndarray, "time classes"], *, beam_width: int
) -> list[Hypothesis]:
    """Keep the ``beam_width`` likeliest beginnings at every step, each with all the paths that say it.

    For each beginning two sums are kept apart: of its paths that end in a blank, and of those that end in its
    last token. After a blank the same token counts again; without one, it is the same token still.
    Up to ``beam_width`` hypotheses, the likeliest first. A beginning that was dropped takes its paths with
    it, so that a log-probability is a lower bound.

    Hannun et al., 2014, 'First-pass large vocabulary continuous speech recognition using bi-directional
    recurrent DNNs', algorithm 1, without the language model.

    Raises ValueError or TypeError for a ``beam_width`` that is no positive integer, or another shape.
    """
    validation.check_size("beam_width", beam_width)
    log_probabilities = _as_scores(log_probabilities, ("time", "classes"))
    impossible = -np.inf
    beams: dict[tuple[int, ...], tuple[float, float]] = {(): (0.0, impossible)}
    for now in log_probabilities.tolist():
        grown: dict[tuple[int, ...], list[float]] = {}

        def add(prefix, place, log, grown=grown):
            if log == impossible:
                return  # no path says this
            sums = grown.setdefault(prefix, [impossible, impossible])
            sums[place] = float(np.logaddexp(sums[place], log))

        for prefix, (in_blank, in_token) in beams.items():
            either = float(np.logaddexp(in_blank, in_token))
            add(prefix, 0, either + now[0])
            if prefix:
                add(prefix, 1, in_token + now[prefix[-1]])  # the last token goes on
            for token in range(1, len(now)):
                again = bool(prefix) and token == prefix[-1]
                add((*prefix, token), 1, (in_blank if again else either) + now[token])
        best = sorted(grown.items(), key=lambda item: -np.logaddexp(*item[1]))[:beam_width]
        beams = {prefix: tuple(sums) for prefix, sums in best}
    totals = {prefix: float(np.logaddexp(*sums)) for prefix, sums in beams.items()}
    return [Hypothesis(prefix, total, total, ended=True) for prefix, total in totals.items()]
