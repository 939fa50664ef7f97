"""From a text to its translation: tokens that can be put together again, and a translator for whole texts.

translator = TextTranslator.load("phrases.npz")      # in PyTorch; or wing="tensorflow"
translator("Sunday, March 5, 2017, 3:05 PM")         # "dimanche 5 mars 2017, 15:05"
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int

from rnnbook import require, validation
from rnnbook.batching import bucket_by_length, pad
from rnnbook.tasks import checkpoint, decoding
from rnnbook.vocabulary import JOINERS, PADDING, SPECIAL, UNKNOWN, Vocabulary, marks, normalize

WINGS = ("torch", "tensorflow")
KIND = "text translator"
MODELS = ("SequenceTranslator", "TransformerTranslator")

CHINESE = "\u4e00-\u9fff"


@cache
def _token() -> re.Pattern:
    letter, on_letters = rf"[^\W\d_{CHINESE}]", rf"[{marks()}{JOINERS}]*"
    return re.compile(rf" ?(?:(?:{letter}{on_letters})+|[\d_{CHINESE}]{on_letters}|[^\w\s])|\s")


# Tokens


def tokenize(text: str) -> list[str]:
    """Words, single digits, single Chinese characters and signs, each with the space before it.

    The text is normalised first (``vocabulary.normalize``). A space is put before the first token as well, so
    that a word is the same token wherever it stands. Marks and joiners belong to the letter before them.
    Where a script puts no spaces between words (Thai), all letters up to the next space are one token.
    """
    return _token().findall(" " + normalize(text).strip())


def detokenize(tokens: Iterable[str]) -> str:
    """Undo ``tokenize``: give the normalised text, without blanks around it."""
    return "".join(tokens).strip()


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
    xs = [source.encode(tokenize(str(text)), add_bos_eos=False) for text in texts]
    ys = [target.encode(tokenize(str(text))) for text in translations]
    lengths = np.array([len(x) + len(y) for x, y in zip(xs, ys, strict=True)])

    def draw(rng: np.random.Generator) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        return [
            (*pad([xs[row] for row in rows], PADDING), pad([ys[row] for row in rows], PADDING)[0])
            for rows in bucket_by_length(lengths, batch_size, rng)
        ]

    return draw


# Use


class TextTranslator:
    """A ``SequenceTranslator`` or ``TransformerTranslator`` of either wing with its two vocabularies.

    max_len: a text of more tokens is refused.

    Raises ValueError or TypeError where these do not fit one another.
    """

    def __init__(self, model, source: Vocabulary, target: Vocabulary, *, max_len: int = 100) -> None:
        validation.check_size("max_len", max_len)
        for name, vocabulary in {"source": source, "target": target}.items():
            symbols = model.options[f"{name}_vocab_size"]
            if len(vocabulary) != symbols:
                raise ValueError(f"{name} must hold the model's {symbols} symbols, got {len(vocabulary)}")
        self.model, self.source, self.target, self.max_len = model, source, target, max_len

    def __call__(
        self, text: str, *, beam_width: int = 1, length_penalty: float = 0.0, allow_unk: bool = False
    ) -> str:
        """Translate a text.

        beam_width, length_penalty: of the beam search; a width of 1 is greedy.
        allow_unk: let the model guess at words that it has never seen.

        Raises TypeError unless ``text`` is a string; ValueError for a text with no token, with more than
        ``max_len``, or, without ``allow_unk``, with one that the model has never seen.
        """
        x = self.encode(text, allow_unk=allow_unk)[None]
        state, options = self.model.encode(x), {"beam_width": beam_width, "length_penalty": length_penalty}
        best = decoding.beam_search(self.model.decode_step, state, max_len=_output_limit(x), **options)[0]
        return detokenize(self.target.decode(best.tokens))

    def encode(self, text: str, *, allow_unk: bool = False) -> Int[np.ndarray, " read"]:
        """The integers that the model reads; raises as calling does."""
        if not isinstance(text, str):
            raise TypeError(f"text must be a string, got {type(text).__name__}")
        tokens = tokenize(text)
        if not detokenize(tokens):
            raise ValueError(f"text must hold something to translate, got {text!r}")
        if len(tokens) > self.max_len:
            raise ValueError(
                f"text must have at most {self.max_len:,} tokens, got {len(tokens):,}; cut it into pieces"
            )
        integers = self.source.encode(tokens, add_bos_eos=False)
        unseen = [token.strip() for token, id in zip(tokens, integers, strict=True) if id == UNKNOWN]
        if unseen and not allow_unk:
            raise ValueError(
                f"text must hold what the model has seen in training, got {unseen[0]!r}; "
                "with allow_unk=True it is translated all the same"
            )
        return integers

    def translate_batch(self, texts: Iterable[str], *, batch_size: int = 256) -> list[str]:
        """Translate many texts greedily, guessing at words never seen."""
        sequences = [self.encode(str(text), allow_unk=True) for text in texts]
        translations = [""] * len(sequences)
        for rows in bucket_by_length([len(x) for x in sequences], batch_size):
            x, lengths = pad([sequences[row] for row in rows], PADDING)
            outputs = decoding.greedy_search(
                self.model.decode_step, self.model.encode(x, lengths), max_len=_output_limit(x)
            )
            for row, tokens in zip(rows, outputs, strict=True):
                translations[row] = detokenize(self.target.decode(tokens))
        return translations

    def attention_weights(
        self, text: str, translation: str
    ) -> tuple[list[str], list[str], Float[np.ndarray, "written read"]]:
        """The tokens of both, and how much the model looked at each token read to write each token.

        ValueError for a model without attention.
        """
        x, y = self.encode(text, allow_unk=True), self.target.encode(tokenize(translation))
        weights = self.model.attention_weights(x[None], y[None, :-1])[0, :-1]
        return tokenize(text), tokenize(translation), weights

    def save(self, path: str | Path) -> Path:
        """Write all of it into one file; FileExistsError if there is one already."""
        metadata = {
            "kind": KIND,
            "model": type(self.model).__name__,
            "options": self.model.options,
            "source": self.source.symbols[len(SPECIAL) :],
            "target": self.target.symbols[len(SPECIAL) :],
            "max_len": self.max_len,
        }
        return checkpoint.save(path, metadata, self.model.params)

    @classmethod
    def load(cls, path: str | Path, *, wing: str = "torch") -> "TextTranslator":
        """Read what ``save`` wrote, into a model of ``wing``: torch or tensorflow.

        Raises FileNotFoundError for a missing file, ValueError for one that holds something else.
        """
        metadata, model = checkpoint.load_model(path, KIND, MODELS, wing, WINGS)
        with checkpoint.assembling(path, KIND):
            source, target = (Vocabulary(checkpoint.strings(metadata, name)) for name in ("source", "target"))
            return cls(model, source, target, max_len=metadata["max_len"])


def _output_limit(x: Int[np.ndarray, "batch read"]) -> int:
    """Where a translation that does not end is cut off."""
    return 2 * x.shape[1] + 10


def score_translations(
    translations: Iterable[str], references: Iterable[str], *, chinese: bool = False
) -> dict[str, float]:
    """Exact matches (a share), and BLEU and chrF (0 to 100) by sacreBLEU, of translations against the truth.

    Keys: ``exact``, ``BLEU``, ``chrF``. Both are normalised first, as ``tokenize`` does. chinese: let BLEU
    count characters, by sacreBLEU's tokeniser ``zh``; chrF always does.

    BLEU: Papineni et al., 2002; chrF: Popović, 2015; why a library computes them: Post, 2018, 'A call for
    clarity in reporting BLEU scores'. ValueError unless there are as many of both, and some.
    """
    require("sacrebleu")
    import sacrebleu

    outputs, truth = ([normalize(str(text)) for text in texts] for texts in (translations, references))
    if not truth or len(outputs) != len(truth):
        raise ValueError(f"translations must be as many as references, {len(truth)}, got {len(outputs)}")
    return {
        "exact": float(np.mean([one == other for one, other in zip(outputs, truth, strict=True)])),
        "BLEU": sacrebleu.corpus_bleu(outputs, [truth], tokenize="zh" if chinese else "13a").score,
        "chrF": sacrebleu.corpus_chrf(outputs, [truth]).score,
    }
