"""From a text to an answer: a trained classifier with all that it needs, to be saved and used elsewhere.

classifier = TextClassifier.load("languages.npz")      # in PyTorch; wing="numpy" needs NumPy alone
classifier("farfalla")                                 # {"it": 0.81, "es": 0.07, ...}
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from rnnbook import validation
from rnnbook.tasks import checkpoint
from rnnbook.vocabulary import SPECIAL, TOKENIZERS, UNKNOWN, Vocabulary

WINGS = ("numpy", "torch", "tensorflow")
KIND = "text classifier"


class TextClassifier:
    """A ``SequenceClassifier`` of any wing, its vocabulary, and what its classes are called.

    labels: one a class, in the model's order.
    tokenizer: what a text is cut into, ``"letters"`` or ``"words"``.
    max_len: a text of more tokens is refused: the model never saw one.

    Raises ValueError or TypeError where these do not fit one another.
    """

    def __init__(
        self, model, vocabulary: Vocabulary, labels: Sequence[str], *, tokenizer: str, max_len: int = 1000
    ) -> None:
        validation.check_choice("tokenizer", tokenizer, tuple(TOKENIZERS))
        validation.check_size("max_len", max_len)
        if len(labels) != model.num_classes:
            raise ValueError(f"labels must name the model's {model.num_classes} classes, got {len(labels)}")
        if len(vocabulary) != model.vocab_size:
            raise ValueError(
                f"vocabulary must hold the model's {model.vocab_size} symbols, got {len(vocabulary)}"
            )
        self.model, self.vocabulary, self.labels = model, vocabulary, tuple(labels)
        self.tokenizer, self.max_len = tokenizer, max_len

    def __call__(self, text: str) -> dict[str, float]:
        """The probability of every label, the likeliest first.

        Raises TypeError unless ``text`` is a string, ValueError for a text with no token, none that is known,
        or more than ``max_len``.
        """
        (probabilities,) = self.model.probabilities(self.encode(text)[None])
        order = np.argsort(-probabilities, kind="stable")
        return {self.labels[place]: float(probabilities[place]) for place in order}

    def encode(self, text: str) -> Int[np.ndarray, " tokens"]:
        """The integers that the model reads, begin and end among them; raises as calling does."""
        if not isinstance(text, str):
            raise TypeError(f"text must be a string, got {type(text).__name__}")
        tokens = TOKENIZERS[self.tokenizer](text)
        if not tokens:
            raise ValueError(f"text must hold at least one of the {self.tokenizer}, got {text!r}")
        if len(tokens) > self.max_len:
            raise ValueError(
                f"text must have at most {self.max_len:,} {self.tokenizer}, got {len(tokens):,}; "
                "cut it into pieces"
            )
        integers = self.vocabulary.encode(tokens)
        if (integers[1:-1] == UNKNOWN).all():
            raise ValueError(
                f"text must hold {self.tokenizer} that the model has seen, got none in {text[:40]!r}"
            )
        return integers

    def prefix_probabilities(self, text: str) -> Float[np.ndarray, "tokens classes"]:
        """The probabilities after the first token, the first two, and so on; raises as calling does."""
        integers = self.encode(text)
        # Each beginning is a text of its own, with its own end: what the model was trained to judge.
        beginnings = [np.append(integers[: size + 1], integers[-1]) for size in range(1, len(integers) - 1)]
        return np.concatenate([self.model.probabilities(beginning[None]) for beginning in beginnings])

    def save(self, path: str | Path) -> Path:
        """Write all of it into one file.

        Raises FileExistsError if there is one already, TypeError for labels that are no strings.
        """
        for label in self.labels:
            if not isinstance(label, str):
                raise TypeError(f"labels must be strings to be saved, got {label!r}")
        metadata = {
            "kind": KIND,
            "options": self.model.options,
            "symbols": self.vocabulary.symbols[len(SPECIAL) :],
            "labels": self.labels,
            "tokenizer": self.tokenizer,
            "max_len": self.max_len,
        }
        return checkpoint.save(path, metadata, self.model.params)

    @classmethod
    def load(cls, path: str | Path, *, wing: str = "torch") -> "TextClassifier":
        """Read what ``save`` wrote, into a model of ``wing``: numpy, torch or tensorflow.

        Raises FileNotFoundError for a missing file, ValueError for one that holds something else.
        """
        metadata, model = checkpoint.load_model(path, KIND, ("SequenceClassifier",), wing, WINGS)
        with checkpoint.assembling(path, KIND):
            symbols, labels = (checkpoint.strings(metadata, name) for name in ("symbols", "labels"))
            options = {name: metadata[name] for name in ("tokenizer", "max_len")}
            return cls(model, Vocabulary(symbols), labels, **options)
