"""The application models in NumPy: layers put together for a task."""

from rnnbook.numpy.models.classifier import SequenceClassifier

__all__ = [
    "SequenceClassifier",
]
