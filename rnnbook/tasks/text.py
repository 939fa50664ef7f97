"""From a text to an answer: a trained classifier with all that it needs, to be saved and used elsewhere.

classifier = TextClassifier.load("languages.npz")      # in PyTorch; wing="numpy" needs NumPy alone
classifier("farfalla")                                 # {"it": 0.81, "es": 0.07, ...}
"""

import importlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float

from rnnbook import validation
from rnnbook.tasks import checkpoint
from rnnbook.vocabulary import SPECIAL, TOKENISERS, UNKNOWN, Vocabulary

WINGS = ("numpy", "torch", "tensorflow")
KIND = "text classifier"


class TextClassifier:
    """A ``SequenceClassifier`` of any wing, its vocabulary, and what its classes are called.

    tokens: what a text is cut into, ``"letters"`` or ``"words"``.
    longest: a text of more tokens is refused: the model never saw one.

    Raises ValueError or TypeError where these do not fit one another.
    """

    def __init__(
        self, model, vocabulary: Vocabulary, labels: Sequence[str], *, tokens: str, longest: int = 1000
    ) -> None:
        validation.check_choice("tokens", tokens, tuple(TOKENISERS))
        validation.check_size("longest", longest)
        if len(labels) != model.classes:
            raise ValueError(f"labels must name the model's {model.classes} classes, got {len(labels)}")
        if len(vocabulary) != model.symbols:
            raise ValueError(
                f"vocabulary must hold the model's {model.symbols} symbols, got {len(vocabulary)}"
            )
        self.model, self.vocabulary, self.labels = model, vocabulary, tuple(labels)
        self.tokens, self.longest = tokens, longest

    def __call__(self, text: str) -> dict[str, float]:
        """The probability of every label, the likeliest first.

        Raises TypeError unless ``text`` is a string, ValueError for a text with no token, none that is known,
        or more than ``longest``.
        """
        (probabilities,) = self.model.probabilities(self.encode(text)[None])
        order = np.argsort(-probabilities, kind="stable")
        return {self.labels[place]: float(probabilities[place]) for place in order}

    def encode(self, text: str) -> np.ndarray:
        """The integers that the model reads; raises as calling does."""
        if not isinstance(text, str):
            raise TypeError(f"text must be a string, got {type(text).__name__}")
        tokens = TOKENISERS[self.tokens](text)
        if not tokens:
            raise ValueError(f"text must hold at least one of the {self.tokens}, got {text!r}")
        if len(tokens) > self.longest:
            raise ValueError(
                f"text must have at most {self.longest:,} {self.tokens}, got {len(tokens):,}; "
                "cut it into pieces"
            )
        integers = self.vocabulary.encode(tokens)
        if (integers[1:-1] == UNKNOWN).all():
            raise ValueError(
                f"text must hold {self.tokens} that the model has seen, got none in {text[:40]!r}"
            )
        return integers

    def as_it_reads(self, text: str) -> Float[np.ndarray, "tokens classes"]:
        """The probabilities ``(tokens, classes)`` after the first token, the first two, and so on."""
        integers = self.encode(text)
        # Each beginning is a text of its own, with its own end: what the model was trained to judge.
        beginnings = [np.append(integers[: size + 1], integers[-1]) for size in range(1, len(integers) - 1)]
        return np.concatenate([self.model.probabilities(one[None]) for one in beginnings])

    def save(self, path: str | Path) -> Path:
        """Write all of it into one file; FileExistsError if there is one already."""
        about = {
            "kind": KIND,
            "options": self.model.options,
            "symbols": self.vocabulary.symbols[len(SPECIAL) :],
            "labels": self.labels,
            "tokens": self.tokens,
            "longest": self.longest,
        }
        params = self.model.params
        return checkpoint.save(path, about, params() if callable(params) else params)

    @classmethod
    def load(cls, path: str | Path, *, wing: str = "torch") -> "TextClassifier":
        """Read what ``save`` wrote, into a model of ``wing``: numpy, torch or tensorflow."""
        validation.check_choice("wing", wing, WINGS)
        about, params = checkpoint.load(path, KIND)
        dtype = params["embedding.E"].dtype.name
        model = importlib.import_module(f"rnnbook.{wing}").SequenceClassifier(**about["options"], dtype=dtype)
        if wing == "numpy":
            model.params = params
        else:
            model.load_params(params)
        vocabulary = Vocabulary(about["symbols"])
        return cls(model, vocabulary, about["labels"], tokens=about["tokens"], longest=about["longest"])
