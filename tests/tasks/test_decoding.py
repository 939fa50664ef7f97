"""Searches find what exhaustive search finds, where they must; and a width of one is greedy."""

from itertools import pairwise, product

import numpy as np
import pytest

from rnnbook.tasks.decoding import (
    beam_search,
    ctc_beam_search,
    ctc_collapse,
    ctc_greedy_search,
    greedy_search,
)
from rnnbook.vocabulary import BEGIN, END

SYMBOLS = 6


class Chain:
    """A model whose next symbol depends on the last two: its state is the symbol before the last."""

    def __init__(self, seed: int, sharpness: float = 2.0) -> None:
        scores = sharpness * np.random.default_rng(seed).normal(size=(SYMBOLS, SYMBOLS, SYMBOLS))
        self.log = scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True))

    def step(self, symbols, state):
        (before,) = state
        return self.log[before, symbols], (symbols,)

    def begin(self, rows: int = 1):
        return (np.full(rows, BEGIN),)

    def log_probability(self, symbols, *, ended: bool = True) -> float:
        path = [BEGIN, BEGIN, *symbols, *([END] if ended else [])]
        return sum(self.log[path[place - 2], path[place - 1], path[place]] for place in range(2, len(path)))


def others():
    return [symbol for symbol in range(SYMBOLS) if symbol != END]


def exhaustive(model: Chain, max_len: int, length_penalty: float = 0.0):
    """Every sequence that ends within ``longest`` steps, the best first."""
    every = [path for size in range(max_len) for path in product(others(), repeat=size)]
    return sorted(every, key=lambda path: -model.log_probability(path) / (len(path) + 1) ** length_penalty)


@pytest.mark.parametrize("seed", range(20))
def test_a_beam_that_drops_nothing_finds_the_best(seed):
    model = Chain(seed)
    wide = (SYMBOLS - 1) ** 4 * SYMBOLS
    best = beam_search(model.step, model.begin(), beam_width=wide, max_len=4)
    want = exhaustive(model, 4)
    assert [one.tokens for one in best[:10]] == want[:10]
    assert all(one.ended for one in best[:10])


@pytest.mark.parametrize("seed", range(10))
def test_scores_with_a_length_power(seed):
    model = Chain(seed, sharpness=1.0)
    wide = (SYMBOLS - 1) ** 4 * SYMBOLS
    best = beam_search(model.step, model.begin(), beam_width=wide, max_len=4, length_penalty=1.0)
    assert best[0].tokens == exhaustive(model, 4, length_penalty=1.0)[0]
    for one in best[:5]:
        assert one.score == pytest.approx(model.log_probability(one.tokens) / (len(one.tokens) + 1))


@pytest.mark.parametrize("seed", range(20))
def test_every_hypothesis_has_the_probability_it_says(seed):
    model = Chain(seed)
    found = beam_search(model.step, model.begin(), beam_width=3, max_len=12)
    assert 1 <= len(found) <= 3
    for one in found:
        assert one.log_probability == pytest.approx(model.log_probability(one.tokens, ended=one.ended))
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert len({one.tokens for one in found}) == len(found)


@pytest.mark.parametrize("seed", range(20))
def test_a_beam_of_one_is_greedy(seed):
    model = Chain(seed)
    (found,) = beam_search(model.step, model.begin(), beam_width=1, max_len=9)
    assert [list(found.tokens)] == greedy_search(model.step, model.begin(), max_len=9)


def test_a_beam_of_four_finds_better_ones_than_greedy_does():
    gains = []
    for seed in range(50):
        model = Chain(seed)
        narrow, wide = (
            beam_search(model.step, model.begin(), beam_width=width, max_len=12)[0] for width in (1, 4)
        )
        if narrow.ended and wide.ended:
            gains.append(wide.log_probability - narrow.log_probability)
    assert max(gains) > 1 and np.mean(np.array(gains) > 1e-9) > 0.2


def test_greedy_takes_the_likeliest_of_every_row():
    model = Chain(0)
    before = (np.array([BEGIN, 4, 5]),)
    together = greedy_search(model.step, before, max_len=7)
    alone = [greedy_search(model.step, (before[0][row : row + 1],), max_len=7)[0] for row in range(3)]
    assert together == alone
    path = [BEGIN, BEGIN, *together[0]]
    for place in range(2, len(path)):
        assert path[place] == model.log[path[place - 2], path[place - 1]].argmax()


def endless(symbols, state):
    log = np.log(np.full((len(symbols), SYMBOLS), 0.01))
    log[:, 4] = np.log(0.95)
    return log, state


def test_what_does_not_end_is_cut_off():
    state = (np.zeros((1, 2)),)
    assert greedy_search(endless, state, max_len=3) == [[4, 4, 4]]
    found = beam_search(endless, state, beam_width=1, max_len=3)
    assert [one.tokens for one in found] == [(4, 4, 4)] and not found[0].ended


def test_rows_of_the_state_follow_their_hypotheses():
    """The state counts symbols; a row that went astray would count another's."""

    def step(symbols, state):
        (history,) = state
        history = np.concatenate([history, symbols[:, None]], axis=1)
        scores = np.sin(history @ np.arange(1, history.shape[1] + 1))[:, None] * np.arange(1, SYMBOLS + 1)
        scores[:, END] -= 3
        return scores - np.log(np.exp(scores).sum(axis=1, keepdims=True)), (history,)

    for one in beam_search(step, (np.zeros((1, 0), int),), beam_width=4, max_len=6):
        state, total = (np.zeros((1, 0), int),), 0.0
        path = [BEGIN, *one.tokens, *([END] if one.ended else [])]
        for last, following in pairwise(path):
            log, state = step(np.array([last]), state)
            total += log[0, following]
        assert one.log_probability == pytest.approx(total)


def test_bad_arguments_are_refused():
    state = (np.zeros((2, 1)),)
    with pytest.raises(ValueError, match="state must hold one row, got 2"):
        beam_search(endless, state, beam_width=2, max_len=3)
    with pytest.raises(ValueError, match="beam_width must be a positive integer, got 0"):
        beam_search(endless, state, beam_width=0, max_len=3)
    with pytest.raises(TypeError, match="max_len must be a positive integer"):
        greedy_search(endless, state, max_len=2.5)


# Connectionist temporal classification


def log_softmax(scores):
    return scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True))


def readings(log_p) -> dict[tuple[int, ...], float]:
    """What can be read, and the log-probability of each reading: the sum over its paths."""
    sums: dict[tuple[int, ...], float] = {}
    for path in product(range(log_p.shape[1]), repeat=len(log_p)):
        said = tuple(ctc_collapse(path))
        sums[said] = np.logaddexp(sums.get(said, -np.inf), log_p[range(len(path)), path].sum())
    return sums


def test_collapse_merges_first_and_drops_blanks_after():
    assert ctc_collapse([0, 3, 3, 0, 3, 8, 8, 0]) == [3, 3, 8]
    assert ctc_collapse([0, 0]) == [] and ctc_collapse([]) == []
    assert ctc_collapse(np.array([2, 2, 1])) == [2, 1]


@pytest.mark.parametrize("seed", range(10))
def test_a_ctc_beam_that_drops_nothing_sums_every_path(seed):
    log_p = log_softmax(2 * np.random.default_rng(seed).normal(size=(5, 3)))
    want = readings(log_p)
    found = ctc_beam_search(log_p, beam_width=1000)
    assert {one.tokens for one in found} == set(want)
    for one in found:
        assert one.log_probability == pytest.approx(want[one.tokens], abs=1e-10)
    scores = [one.score for one in found]
    assert scores == sorted(scores, reverse=True)


def test_a_narrow_ctc_beam_gives_lower_bounds():
    log_p = log_softmax(np.random.default_rng(0).normal(size=(6, 4)))
    want = readings(log_p)
    found = ctc_beam_search(log_p, beam_width=3)
    assert len(found) == 3
    assert all(one.log_probability <= want[one.tokens] + 1e-12 for one in found)


def test_greedy_reads_the_likeliest_path_which_may_not_be_the_likeliest_reading():
    # Graves' own example: at both steps the blank is likeliest, yet most paths say "1".
    log_p = np.log(np.array([[0.6, 0.4], [0.6, 0.4]]))
    assert ctc_greedy_search(log_p[None], np.array([2])) == [[]]
    best = ctc_beam_search(log_p, beam_width=4)[0]
    assert best.tokens == (1,) and np.exp(best.log_probability) == pytest.approx(1 - 0.36)


def test_ctc_greedy_stops_at_the_length():
    path = np.array([[1, 1, 0, 1, 2], [2, 0, 2, 2, 1]])
    log_p = np.log(0.02 + 0.94 * np.eye(3)[path])
    assert ctc_greedy_search(log_p, np.array([5, 3])) == [[1, 1, 2], [2, 2]]
    with pytest.raises(ValueError, match="lengths must lie in"):
        ctc_greedy_search(log_p, np.array([5, 6]))
    with pytest.raises(ValueError, match=r"log_probabilities must have shape \(time, classes\)"):
        ctc_beam_search(log_p, beam_width=2)
    with pytest.raises(ValueError, match="beam_width must be a positive integer"):
        ctc_beam_search(log_p[0], beam_width=0)


def test_what_is_cut_off_is_ranked_by_the_length_it_has():
    logs = np.log([[0.05, 0.05, 0.05, 1e-9, 0.85 - 1e-9]])  # the end never comes
    step = lambda tokens, state: (np.repeat(logs, len(tokens), axis=0), state)
    best, *_ = beam_search(step, (np.zeros((1, 1)),), beam_width=2, max_len=3, length_penalty=1.0)
    assert best.tokens == (4, 4, 4) and not best.ended
    assert best.score == pytest.approx(best.log_probability / 3) == pytest.approx(logs[0, 4])


def test_of_equal_tokens_the_first_is_taken():
    logs = np.log([[0.1, 0.1, 0.1, 0.1, 0.3, 0.3]])
    step = lambda tokens, state: (np.repeat(logs, len(tokens), axis=0), state)
    assert greedy_search(step, (np.zeros((1, 1)),), max_len=2) == [[4, 4]]
    found = beam_search(step, (np.zeros((1, 1)),), beam_width=2, max_len=1)
    assert [hypothesis.tokens for hypothesis in found] == [(4,), (5,)]
