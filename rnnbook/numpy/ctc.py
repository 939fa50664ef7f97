"""Connectionist temporal classification: a loss for labels whose places in time nobody wrote down.

A *path* π says one symbol at every step, or the *blank*, which says nothing. It stands for what is left when
repeated symbols are merged, then blanks are dropped: with - for the blank, both --33-8 and 3--88- read "38".

    p(y | x) = Σ p(π | x) over all paths π that read y       p(π | x) = Π_t softmax(logits_t)[π_t]
    L        = mean over the sequences of -log p(y | x), in nats

There are far too many paths to sum one by one. Those that begin alike share their beginnings: write a blank
before, between and behind the symbols of y, y' = - y_1 - y_2 - ... - y_U -, and let

    α_t(s) = log-probability of all ways to be at y'_s at step t, having read all before it
    β_t(s) = log-probability of all ways from there to the end, step t itself not counted
    γ_t(s) = exp(α_t(s) + β_t(s)) / p(y | x)                             the chance to be there, given y
    dL/dlogits_t[k] = (softmax(logits_t)[k] - Σ γ_t(s) over the s where y'_s = k) / B

From y'_s a path may stay, go on to the next, or leave out a blank, if the symbols on its two sides differ.

Graves, Fernández, Gomez and Schmidhuber, 2006, 'Connectionist temporal classification: labelling unsegmented
sequence data with recurrent neural networks', sections 3 and 4. There β counts step t as well.
"""

import numpy as np
from jaxtyping import Float, Int

from rnnbook import validation
from rnnbook.numpy.losses import log_softmax

BLANK = 0


def with_blanks(target: Int[np.ndarray, " symbols"]) -> Int[np.ndarray, " places"]:
    """``y' = - y_1 - y_2 - ... - y_U -``, ``(2U + 1,)``."""
    places = np.full(2 * len(target) + 1, BLANK)
    places[1::2] = target
    return places


def forward_variables(
    log_p: Float[np.ndarray, "time classes"], target: Int[np.ndarray, " symbols"]
) -> Float[np.ndarray, "time places"]:
    """α, ``(T, 2U + 1)``: from the first step on. log_p: log softmax of the logits."""
    places = with_blanks(target)
    skips = _may_skip(places)
    alpha = np.full((len(log_p), len(places)), -np.inf)
    alpha[0, :2] = log_p[0, places[:2]]
    for t in range(1, len(log_p)):
        before = alpha[t - 1]
        from_two = np.where(skips, _shifted(before, 2), -np.inf)
        alpha[t] = _log_sum(before, _shifted(before, 1), from_two) + log_p[t, places]
    return alpha


def backward_variables(
    log_p: Float[np.ndarray, "time classes"], target: Int[np.ndarray, " symbols"]
) -> Float[np.ndarray, "time places"]:
    """β, ``(T, 2U + 1)``: from the last step back."""
    places = with_blanks(target)
    skips = _may_skip(places)
    beta = np.full((len(log_p), len(places)), -np.inf)
    beta[-1, -2:] = 0
    for t in range(len(log_p) - 2, -1, -1):
        after = beta[t + 1] + log_p[t + 1, places]
        to_two = _shifted(np.where(skips, after, -np.inf), -2)
        beta[t] = _log_sum(after, _shifted(after, -1), to_two)
    return beta


def posteriors(
    logits: Float[np.ndarray, "time classes"], target: Int[np.ndarray, " symbols"]
) -> tuple[float, Float[np.ndarray, "time places"]]:
    """One sequence: log p(y | x), and γ ``(T, 2U + 1)``, where on the way through y' each step may stand."""
    log_p = log_softmax(logits)
    ways = forward_variables(log_p, target) + backward_variables(log_p, target)
    total = float(_log_sum(*ways[0]))  # the same at every step
    return total, np.exp(ways - total)


def ctc_loss(
    logits: Float[np.ndarray, "batch time classes"],
    targets: Int[np.ndarray, "batch symbols"],
    lengths: Int[np.ndarray, " batch"],
    target_lengths: Int[np.ndarray, " batch"],
) -> tuple[float, Float[np.ndarray, "batch time classes"]]:
    """Return the mean over the batch of -log p(y | x), and its gradient for the logits.

    logits: class 0 is the blank. targets: symbols 1..K-1; what stands beyond a target's length is not read.
    lengths: valid steps of each sequence, 1..T; beyond them the gradient is zero.
    target_lengths: symbols of each target, 1..U.

    Raises ValueError for a shape or length that does not fit, a symbol out of range, or a target that no path
    of so few steps can read: it needs a step a symbol, and one more between two that are equal. TypeError for
    a dtype that does not fit.
    """
    arrays = {"logits": logits, "targets": targets, "lengths": lengths, "target_lengths": target_lengths}
    logits, targets, lengths, target_lengths = (validation.as_array(*array) for array in arrays.items())
    validation.check_ctc_inputs(logits, targets, lengths, target_lengths)
    loss, d_logits = 0.0, np.zeros_like(logits)
    for row, (steps, symbols) in enumerate(zip(lengths, target_lengths, strict=True)):
        valid, target = logits[row, :steps].astype(float), targets[row, :symbols]
        log_p, gamma = posteriors(valid, target)
        loss -= log_p / len(logits)
        expected = np.zeros_like(valid)
        np.add.at(expected.T, with_blanks(target), gamma.T)  # y' holds the blank, and symbols, more than once
        d_logits[row, :steps] = (np.exp(log_softmax(valid)) - expected) / len(logits)
    return loss, d_logits


def _may_skip(places: Int[np.ndarray, " places"]) -> np.ndarray:
    """Whether a path may come to each place from two places before: over a blank, to another symbol."""
    skips = np.zeros(len(places), bool)
    skips[2:] = (places[2:] != BLANK) & (places[2:] != places[:-2])
    return skips


def _shifted(values: Float[np.ndarray, " places"], by: int) -> Float[np.ndarray, " places"]:
    """Each place gets what stood ``by`` places before it; impossible where nothing stood."""
    moved = np.full_like(values, -np.inf)
    if by > 0:
        moved[by:] = values[:-by]
    else:
        moved[:by] = values[-by:]
    return moved


def _log_sum(*logs: np.ndarray) -> np.ndarray:
    """log Σ exp, without leaving the logarithms: tiny probabilities do not become zero."""
    return np.logaddexp.reduce(logs)
