"""Losses, each with its gradient: a number to bring down and the direction that raises it.

softmax cross-entropy: L = -mean(log p_k), p = softmax(logits), k the target; dL/dlogits = (p - target) / n
mean squared error:    L = mean((y - target)²); dL/dy = 2 (y - target) / n
"""

import numpy as np
from jaxtyping import Bool, Float, Int

from rnnbook import validation


def softmax(logits: Float[np.ndarray, "*any classes"]) -> Float[np.ndarray, "*any classes"]:
    """Turn scores into probabilities over the last axis; shifted by the maximum, so exp cannot overflow."""
    logits = validation.as_numbers("logits", logits)
    if logits.dtype.kind != "f":
        logits = logits.astype(float)  # the difference of unsigned integers would wrap around
    if logits.ndim < 1 or 0 in logits.shape[-1:]:
        raise ValueError(f"logits must have shape (..., classes) with at least one class, got {logits.shape}")
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def log_softmax(logits: Float[np.ndarray, "*any classes"]) -> Float[np.ndarray, "*any classes"]:
    """The logarithm of ``softmax``, shifted alike."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def _check_mask(mask, places: tuple[int, ...]) -> np.ndarray:
    """The places that count, as booleans."""
    mask = validation.as_array("mask", mask)
    validation.check_shape("mask", mask, places)
    if mask.dtype != bool:
        raise TypeError(f"mask must be bool, True where a place counts, got {mask.dtype}")
    if not mask.any():
        raise ValueError("mask must be True somewhere, got False everywhere")
    return mask


def softmax_cross_entropy(
    logits: Float[np.ndarray, "*any classes"],
    targets: Int[np.ndarray, "*any"] | Float[np.ndarray, "*any classes"],
    mask: Bool[np.ndarray, "*any"] | None = None,
) -> tuple[float, Float[np.ndarray, "*any classes"]]:
    """Return the mean loss in nats and dL/dlogits, over the places where ``mask`` is True.

    targets: class indices ``(...)``, or one-hot or soft targets ``(..., K)`` whose rows sum to 1.

    Raises ValueError for shapes that do not match or an index outside 0..K-1, TypeError for a dtype that does
    not fit.
    """
    logits, targets = validation.as_array("logits", logits), validation.as_numbers("targets", targets)
    _check_scores("logits", logits)
    places, num_classes = logits.shape[:-1], logits.shape[-1]
    if mask is not None:
        mask = _check_mask(mask, places)
    if targets.dtype.kind in "iu" and targets.shape != logits.shape:
        validation.check_shape("targets", targets, places)
        if mask is not None:
            targets = np.where(mask, targets, 0)
        if not (0 <= targets.min() and targets.max() < num_classes):
            raise ValueError(
                f"targets must lie in 0..{num_classes - 1}, got {targets.min()} to {targets.max()}"
            )
        targets = np.eye(num_classes, dtype=logits.dtype)[targets]
    validation.check_shape("targets", targets, logits.shape)

    log_p = log_softmax(logits)
    losses = -(targets * log_p).sum(axis=-1)
    d_logits = np.exp(log_p) * targets.sum(axis=-1, keepdims=True) - targets
    if mask is not None:
        losses, d_logits = losses[mask], np.where(mask[..., None], d_logits, 0)
    return float(losses.mean()), (d_logits / losses.size).astype(logits.dtype)


def mean_squared_error(
    predictions: Float[np.ndarray, "*any size"],
    targets: Float[np.ndarray, "*any size"],
    mask: Bool[np.ndarray, "*any"] | None = None,
) -> tuple[float, Float[np.ndarray, "*any size"]]:
    """Return the mean squared error over all numbers of the places where ``mask`` is True, and its gradient.

    Raises ValueError for shapes that do not match, TypeError for a dtype that does not fit.
    """
    predictions = validation.as_array("predictions", predictions)
    targets = validation.as_numbers("targets", targets)
    _check_scores("predictions", predictions)
    validation.check_shape("targets", targets, predictions.shape)
    counted = np.ones(predictions.shape[:-1], bool)
    if mask is not None:
        counted = _check_mask(mask, counted.shape)
    difference = np.where(counted[..., None], predictions - targets, 0)
    d_predictions = 2 * difference / (counted.sum() * predictions.shape[-1])
    return float((difference[counted] ** 2).mean()), d_predictions.astype(predictions.dtype)


def _check_scores(name: str, array: np.ndarray) -> None:
    if validation.dtype_of(array) not in validation.DTYPES:
        raise TypeError(f"{name} must be float32 or float64, got {array.dtype}")
    if array.ndim < 1 or array.size == 0:
        raise ValueError(f"{name} must have shape (..., size) with something in it, got {array.shape}")
