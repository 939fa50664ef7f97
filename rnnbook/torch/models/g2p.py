"""Read a word's letters, and say its phonemes: two answers a letter, each a phoneme or the blank.

    Pronouncer          h_1 ... h_T = encoder(E[x_1] ... E[x_T])          a stack of GRUs, each from both ends
                        [logits_2t-1; logits_2t] = W h_t + b
    WindowPronouncer    f_t = relu(V relu(U [E[x_t-r]; ...; E[x_t+r]] + a) + c)      and the same readout

A letter may stand for two phonemes ("x" in "box"), so a word of T letters gets 2T answers, as if each letter
were written twice. Which of them say the phonemes, and which the blank, is left to the loss: connectionist
temporal classification, ``ctc_loss``.

Rao, Peng, Sak and Beaufays, 2015, 'Grapheme-to-phoneme conversion using long short-term memory recurrent
neural networks'. A window of letters: Sejnowski and Rosenberg, 1987, 'Parallel networks that learn to
pronounce English text' (NETtalk).
"""

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from rnnbook import specs, validation
from rnnbook.torch.bidirectional import Bidirectional
from rnnbook.torch.ctc import ctc_loss
from rnnbook.torch.dense import Dense
from rnnbook.torch.embedding import Embedding
from rnnbook.torch.gru import GRU
from rnnbook.torch.layer import valid_steps
from rnnbook.torch.stacked import Stacked
from rnnbook.torch.weights import Model, generator

ANSWERS = specs.ANSWERS_A_LETTER


class _Speller(Model):
    """What both have in common: symbols in, two answers a letter out. A subclass writes ``_read``."""

    def forward(self, x: Int[Tensor, "batch letters"], lengths=None) -> Float[Tensor, "batch steps classes"]:
        """Return the logits of twice as many steps as there are letters; class 0 is the blank.

        lengths: letters of each word, as for the recurrent layers. What stands beyond them changes nothing
        before. Raises ValueError or TypeError for symbols or lengths that do not fit.
        """
        validation.check_symbols(x, self.symbols, values=not torch.compiler.is_compiling())
        answers = self.readout(self.dropout(self._read(self.embedding(x), lengths)))
        return answers.reshape(len(x), ANSWERS * x.shape[1], self.classes)

    @torch.no_grad()
    def log_probabilities(
        self, x: Int[np.ndarray, "batch letters"], lengths=None
    ) -> Float[np.ndarray, "batch steps classes"]:
        """What the model believes at each of the 2T steps, without dropout, in NumPy."""
        was_training = self.training
        self.eval()
        logits = self(torch.as_tensor(x, device=self.readout.W.device), lengths)
        self.train(was_training)
        return torch.log_softmax(logits, dim=2).cpu().numpy()


class Pronouncer(_Speller):
    """An embedding, ``layers`` bidirectional GRUs, and a readout that answers twice a letter.

    Weights: ``"embedding.E"``, ``"encoder.0.forward.W"`` and so on, ``"readout.W"``, ``"readout.b"``.

    symbols: V, what x may hold is 0..V-1. classes: K, phonemes and the blank, which is 0.
    dropout: the share of what each GRU and the readout see that is left out in training.
    dtype, rng, device: as for the recurrent layers.

    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        symbols: int,
        classes: int,
        *,
        embedding_size: int = 64,
        hidden_size: int = 128,
        layers: int = 1,
        dropout: float = 0.0,
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        options = specs.pronouncer(symbols, classes, embedding_size, hidden_size, layers, dropout)
        super().__init__()
        self.options, self.symbols, self.classes = options, symbols, classes
        made_with = {"dtype": dtype, "rng": generator(rng), "device": device}
        widths = (embedding_size, *[2 * hidden_size] * (layers - 1))
        both = lambda size: Bidirectional(*(GRU(size, hidden_size, **made_with) for _ in range(2)))
        self.embedding = Embedding(symbols, embedding_size, **made_with)
        self.encoder = Stacked([both(width) for width in widths])
        self.readout = Dense(2 * hidden_size, ANSWERS * classes, **made_with)
        self.dropout = nn.Dropout(dropout)

    def _read(self, embedded, lengths):
        for layer in self.encoder.layers:
            embedded, _ = layer(self.dropout(embedded), lengths=lengths)
        return embedded


class WindowPronouncer(_Speller):
    """Sees each letter with ``reach`` letters before and behind it, and no others: two layers and a readout.

    Weights: ``"embedding.E"``, ``"first.W"``, ``"second.W"``, ``"readout.W"`` and so on.

    Arguments as for ``Pronouncer``. reach: r; 0 for the letter alone.
    """

    def __init__(
        self,
        symbols: int,
        classes: int,
        *,
        reach: int,
        embedding_size: int = 64,
        hidden_size: int = 256,
        dropout: float = 0.0,
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        options = specs.window_pronouncer(symbols, classes, reach, embedding_size, hidden_size, dropout)
        super().__init__()
        self.options, self.symbols, self.classes, self.reach = options, symbols, classes, reach
        made_with = {"dtype": dtype, "rng": generator(rng), "device": device}
        window = (2 * reach + 1) * embedding_size
        self.embedding = Embedding(symbols, embedding_size, **made_with)
        self.first = Dense(window, hidden_size, activation="relu", **made_with)
        self.second = Dense(hidden_size, hidden_size, activation="relu", **made_with)
        self.readout = Dense(hidden_size, ANSWERS * classes, **made_with)
        self.dropout = nn.Dropout(dropout)

    def _read(self, embedded, lengths):
        if lengths is not None:
            embedded = torch.where(valid_steps(lengths, embedded), embedded, 0)
        time = embedded.shape[1]
        wide = functional.pad(embedded, (0, 0, self.reach, self.reach))  # nothing stands around a word
        windows = torch.cat([wide[:, start : start + time] for start in range(2 * self.reach + 1)], dim=2)
        return self.second(self.dropout(self.first(windows)))


def pronouncer_loss(
    model: _Speller,
    x: Int[Tensor, "batch letters"],
    lengths: Int[Tensor, " batch"],
    y: Int[Tensor, "batch phonemes"],
    counts: Int[Tensor, " batch"],
) -> Tensor:
    """The loss for ``fit``: that of ``ctc_loss``. lengths: letters of each word; counts: its phonemes."""
    longest = int(counts.max())
    return ctc_loss(model(x, lengths), y[:, :longest], ANSWERS * lengths, counts)
