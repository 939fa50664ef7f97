"""Read a word's letters, and say its phonemes: two answers a letter, each a phoneme or the blank.

    G2P          h_1 ... h_T = encoder(E[x_1] ... E[x_T])          a stack of GRUs, each from both ends
                        [logits_2t-1; logits_2t] = W h_t + b
    WindowG2P    f_t = relu(V relu(U [E[x_t-r]; ...; E[x_t+r]] + a) + c)      and the same readout

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

from rnnbook import specs, validation
from rnnbook.torch.bidirectional import Bidirectional
from rnnbook.torch.ctc import ctc_loss
from rnnbook.torch.dense import Dense
from rnnbook.torch.embedding import Embedding
from rnnbook.torch.gru import GRU
from rnnbook.torch.layer import check_token_ids
from rnnbook.torch.models.windows import gather_windows
from rnnbook.torch.stacked import Stacked
from rnnbook.torch.weights import Model, resolve_rng, to_numpy

ANSWERS = specs.ANSWERS_PER_LETTER


class _G2PBase(Model):
    """What both have in common: symbols in, two answers a letter out. A subclass writes ``_encode``."""

    def forward(self, x: Int[Tensor, "batch letters"], lengths=None) -> Float[Tensor, "batch steps classes"]:
        """Return the logits of twice as many steps as there are letters; class 0 is the blank.

        lengths: letters of each word, as for the recurrent layers. What stands beyond them changes nothing
        before. Raises ValueError or TypeError for symbols or lengths that do not fit.
        """
        x = check_token_ids(x, self.vocab_size)
        answers = self.readout(self.dropout(self._encode(self.embedding(x), lengths)))
        return answers.reshape(len(x), ANSWERS * x.shape[1], self.num_classes)

    def log_probabilities(
        self, x: Int[np.ndarray, "batch letters"], lengths=None
    ) -> Float[np.ndarray, "batch steps classes"]:
        """What the model believes at each of the 2T steps, without dropout, in NumPy."""
        return to_numpy(torch.log_softmax(self._evaluate(x, lengths), dim=2))


class G2P(_G2PBase):
    """An embedding, ``num_layers`` bidirectional GRUs, and a readout that answers twice a letter.

    Weights: ``"embedding.E"``, ``"encoder.0.forward.W"`` and so on, ``"readout.W"``, ``"readout.b"``.

    vocab_size: V, what x may hold is 0..V-1. num_classes: K, phonemes and the blank, which is 0.
    dropout: the share of what each GRU and the readout see that is left out in training.
    dtype, rng, device: as for the recurrent layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        vocab_size: int,
        num_classes: int,
        *,
        embedding_size: int = 64,
        hidden_size: int = 128,
        num_layers: int = 1,
        dropout: float = 0.0,
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        super().__init__()
        self.options = specs.checked(locals())
        self.vocab_size, self.num_classes = vocab_size, num_classes
        factory_kwargs = {"dtype": dtype, "rng": resolve_rng(rng), "device": device}
        widths = (embedding_size, *[2 * hidden_size] * (num_layers - 1))
        both = lambda size: Bidirectional(*(GRU(size, hidden_size, **factory_kwargs) for _ in range(2)))
        self.embedding = Embedding(vocab_size, embedding_size, **factory_kwargs)
        self.encoder = Stacked([both(width) for width in widths])
        self.readout = Dense(2 * hidden_size, ANSWERS * num_classes, **factory_kwargs)
        self.dropout = nn.Dropout(dropout)

    def _encode(self, embedded, lengths):
        for layer in self.encoder.layers:
            embedded, _ = layer(self.dropout(embedded), lengths=lengths)
        return embedded


class WindowG2P(_G2PBase):
    """Sees each letter with ``context_size`` letters before and behind it, and no others.

    Weights: ``"embedding.E"``, ``"first.W"``, ``"second.W"``, ``"readout.W"`` and so on.

    Arguments as for ``G2P``. context_size: r; 0 for the letter alone.
    """

    def __init__(
        self,
        vocab_size: int,
        num_classes: int,
        *,
        context_size: int,
        embedding_size: int = 64,
        hidden_size: int = 256,
        dropout: float = 0.0,
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        super().__init__()
        self.options = specs.checked(locals(), context_size=validation.check_size_or_zero)
        self.vocab_size, self.num_classes = vocab_size, num_classes
        self.context_size = context_size
        factory_kwargs = {"dtype": dtype, "rng": resolve_rng(rng), "device": device}
        window = (2 * context_size + 1) * embedding_size
        self.embedding = Embedding(vocab_size, embedding_size, **factory_kwargs)
        self.first = Dense(window, hidden_size, activation="relu", **factory_kwargs)
        self.second = Dense(hidden_size, hidden_size, activation="relu", **factory_kwargs)
        self.readout = Dense(hidden_size, ANSWERS * num_classes, **factory_kwargs)
        self.dropout = nn.Dropout(dropout)

    def _encode(self, embedded, lengths):
        windows = gather_windows(embedded, lengths, self.context_size)
        return self.second(self.dropout(self.first(windows)))


def g2p_loss(
    model: _G2PBase,
    x: Int[Tensor, "batch letters"],
    lengths: Int[Tensor, " batch"],
    y: Int[Tensor, "batch phonemes"],
    phoneme_lengths: Int[Tensor, " batch"],
) -> Tensor:
    """The loss for ``fit``: that of ``ctc_loss``.

    lengths: letters of each word. phoneme_lengths: phonemes of each word.
    """
    longest = int(phoneme_lengths.max())
    return ctc_loss(model(x, lengths), y[:, :longest], ANSWERS * lengths, phoneme_lengths)
