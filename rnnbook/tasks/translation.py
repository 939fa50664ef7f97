"""From a text to its translation: tokens that can be put together again, and a translator for whole texts.

translator = TextTranslator.load("phrases.npz")      # in PyTorch; or wing="tensorflow"
translator("Sunday, March 5, 2017, 3:05 PM")         # "dimanche 5 mars 2017, 15:05"
"""

import importlib
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from rnnbook import validation
from rnnbook.batching import buckets, pad
from rnnbook.tasks import checkpoint, decoding
from rnnbook.vocabulary import PADDING, SPECIAL, UNKNOWN, Vocabulary

WINGS = ("torch", "tensorflow")
KIND = "text translator"

CHINESE = "\u4e00-\u9fff"
TOKEN = re.compile(rf" ?[{CHINESE}]| ?[^\W\d_{CHINESE}]+| ?\d| ?[^\w\s]| ?_|\s|\w")


# Tokens


def tokens(text: str) -> list[str]:
    """Words, single digits, single Chinese characters and signs, each with the space before it.

    A space is put before the first as well, so that a word is the same token wherever it stands.
    """
    return TOKEN.findall(" " + text.strip())


def join(pieces: Iterable[str]) -> str:
    """Undo ``tokens``."""
    return "".join(pieces).strip()


# Training


def batches(
    texts: Sequence[str],
    translations: Sequence[str],
    source: Vocabulary,
    target: Vocabulary,
    *,
    batch_size: int,
) -> Callable[[np.random.Generator], list[tuple[np.ndarray, np.ndarray, np.ndarray]]]:
    """What ``fit`` asks for: a function that draws an epoch's batches ``(x, lengths, y)``.

    x: the texts ``(B, S)``, padded. lengths: theirs ``(B,)``. y: the translations ``(B, T)``, begin ... end.
    """
    xs = [source.encode(tokens(str(text)), ends=False) for text in texts]
    ys = [target.encode(tokens(str(text))) for text in translations]
    lengths = np.array([len(x) + len(y) for x, y in zip(xs, ys, strict=True)])

    def draw(rng: np.random.Generator) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        return [
            (*pad([xs[row] for row in rows], PADDING), pad([ys[row] for row in rows], PADDING)[0])
            for rows in buckets(lengths, batch_size, rng)
        ]

    return draw


# Use


class TextTranslator:
    """A ``SequenceTranslator`` of either wing with its two vocabularies.

    longest: a text of more tokens is refused.

    Raises ValueError or TypeError where these do not fit one another.
    """

    def __init__(self, model, source: Vocabulary, target: Vocabulary, *, longest: int = 100) -> None:
        validation.check_size("longest", longest)
        for name, vocabulary in {"source": source, "target": target}.items():
            symbols = model.options[f"{name}_symbols"]
            if len(vocabulary) != symbols:
                raise ValueError(f"{name} must hold the model's {symbols} symbols, got {len(vocabulary)}")
        self.model, self.source, self.target, self.longest = model, source, target, longest

    def __call__(self, text: str, *, width: int = 1, length_power: float = 0.0, guess: bool = False) -> str:
        """Translate a text.

        width, length_power: of the beam search; a width of 1 is greedy.
        guess: let the model guess at words that it has never seen.

        Raises TypeError unless ``text`` is a string; ValueError for a text with no token, with more than
        ``longest``, or, without ``guess``, with one that the model has never seen.
        """
        x = self.encode(text, guess=guess)[None]
        state = self.model.begin(x)
        found = decoding.beam(
            self.model.step, state, width=width, longest=_at_most(x), length_power=length_power
        )
        return join(self.target.decode(found[0].symbols))

    def encode(self, text: str, *, guess: bool = False) -> Int[np.ndarray, " read"]:
        """The integers that the model reads; raises as calling does."""
        if not isinstance(text, str):
            raise TypeError(f"text must be a string, got {type(text).__name__}")
        pieces = tokens(text)
        if not text.strip():
            raise ValueError(f"text must hold something to translate, got {text!r}")
        if len(pieces) > self.longest:
            raise ValueError(
                f"text must have at most {self.longest:,} tokens, got {len(pieces):,}; cut it into pieces"
            )
        integers = self.source.encode(pieces, ends=False)
        unseen = [piece.strip() for piece, place in zip(pieces, integers, strict=True) if place == UNKNOWN]
        if unseen and not guess:
            raise ValueError(
                f"text must hold what the model has seen in training, got {unseen[0]!r}; "
                "with guess=True it is translated all the same"
            )
        return integers

    def all(self, texts: Iterable[str], *, batch_size: int = 256) -> list[str]:
        """Translate many texts greedily, guessing at words never seen."""
        sequences = [self.encode(str(text), guess=True) for text in texts]
        translations = [""] * len(sequences)
        for rows in buckets([len(x) for x in sequences], batch_size):
            x, lengths = pad([sequences[row] for row in rows], PADDING)
            written = decoding.greedy(self.model.step, self.model.begin(x, lengths), longest=_at_most(x))
            for row, symbols in zip(rows, written, strict=True):
                translations[row] = join(self.target.decode(symbols))
        return translations

    def alignment(
        self, text: str, translation: str
    ) -> tuple[list[str], list[str], Float[np.ndarray, "written read"]]:
        """The tokens of both, and how much the model looked at each token read to write each token.

        ValueError for a model without attention.
        """
        x, y = self.encode(text, guess=True), self.target.encode(tokens(translation))
        return tokens(text), tokens(translation), self.model.alignment(x[None], y[None, :-1])[0, :-1]

    def save(self, path: str | Path) -> Path:
        """Write all of it into one file; FileExistsError if there is one already."""
        about = {
            "kind": KIND,
            "options": self.model.options,
            "source": self.source.symbols[len(SPECIAL) :],
            "target": self.target.symbols[len(SPECIAL) :],
            "longest": self.longest,
        }
        return checkpoint.save(path, about, self.model.params())

    @classmethod
    def load(cls, path: str | Path, *, wing: str = "torch") -> "TextTranslator":
        """Read what ``save`` wrote, into a model of ``wing``: torch or tensorflow."""
        validation.check_choice("wing", wing, WINGS)
        about, params = checkpoint.load(path, KIND)
        dtype = params["source.E"].dtype.name
        model = importlib.import_module(f"rnnbook.{wing}").SequenceTranslator(**about["options"], dtype=dtype)
        model.load_params(params)
        return cls(model, Vocabulary(about["source"]), Vocabulary(about["target"]), longest=about["longest"])


def _at_most(x: Int[np.ndarray, "batch read"]) -> int:
    """Where a translation that does not end is cut off."""
    return 2 * x.shape[1] + 10


def measure(
    translations: Iterable[str], references: Iterable[str], *, chinese: bool = False
) -> dict[str, float]:
    """Exact matches (a share), and BLEU and chrF (0 to 100) by sacreBLEU, of translations against the truth.

    chinese: let BLEU count characters, by sacreBLEU's tokeniser ``zh``; chrF always does.

    BLEU: Papineni et al., 2002; chrF: Popović, 2015; why a library computes them: Post, 2018, 'A call for
    clarity in reporting BLEU scores'. ValueError unless there are as many of both, and some.
    """
    import sacrebleu

    ours, truth = list(map(str, translations)), list(map(str, references))
    if not truth or len(ours) != len(truth):
        raise ValueError(f"translations must be as many as references, {len(truth)}, got {len(ours)}")
    return {
        "exact": float(np.mean([one == other for one, other in zip(ours, truth, strict=True)])),
        "BLEU": sacrebleu.corpus_bleu(ours, [truth], tokenize="zh" if chinese else "13a").score,
        "chrF": sacrebleu.corpus_chrf(ours, [truth]).score,
    }
