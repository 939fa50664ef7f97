"""Read a sequence of symbols, then say what it is.

    e_t = E[x_t]      h_1 ... h_T = encoder(e_1 ... e_T)      p = pool(h_1 ... h_T)      logits = W p + b

    pool "last":       the state after the last step (of a backward layer: after the first)
    pool "max":        each feature's largest value over the valid steps
    pool "attention":  Σ a_t h_t,  a = softmax over the valid steps of v · h_t

Max pooling: Collobert et al., 2011, 'Natural language processing (almost) from scratch'. Attention over the
states: Yang et al., 2016, 'Hierarchical attention networks for document classification', without its layer
in between.
"""

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from rnnbook import specs, validation
from rnnbook.torch.bidirectional import Bidirectional
from rnnbook.torch.dense import Dense
from rnnbook.torch.elman import ElmanRNN
from rnnbook.torch.embedding import Embedding
from rnnbook.torch.gru import GRU
from rnnbook.torch.layer import check_token_ids, sequence_mask
from rnnbook.torch.lstm import LSTM
from rnnbook.torch.weights import Model, evaluating, resolve_rng, to_numpy


def make_encoder(cell: str, bidirectional: bool, input_size: int, hidden_size: int, **factory_kwargs):
    """The recurrent layer of a classifier or a tagger; or two, which read from both ends."""
    layer = {"ElmanRNN": ElmanRNN, "GRU": GRU, "LSTM": LSTM}[cell]
    make = lambda: layer(input_size, hidden_size, **factory_kwargs)
    return Bidirectional(make(), make()) if bidirectional else make()


class SequenceClassifier(Model):
    """An embedding, a recurrent layer, one vector pooled from its steps, and a readout.

    Weights: ``"embedding.E"``; ``"encoder.W"`` and so on, or ``"encoder.forward.W"``; ``"readout.W"``,
    ``"readout.b"``; with attention ``"attention.W"``, which is v, and ``"attention.b"``, which changes
    nothing.

    vocab_size: V, what ``x`` may hold is 0..V-1. num_classes: K.
    cell: ``"ElmanRNN"``, ``"GRU"`` or ``"LSTM"``. bidirectional: read from both ends.
    pooling: ``"last"``, ``"max"`` or ``"attention"``.
    dropout: the share of embedded features, and of pooled ones, that is left out in training.
    dtype, rng, device: as for the recurrent layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        vocab_size: int,
        num_classes: int,
        *,
        embedding_size: int,
        hidden_size: int,
        cell: str = "GRU",
        bidirectional: bool = True,
        pooling: str = "last",
        dropout: float = 0.0,
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        super().__init__()
        self.options = specs.checked(locals())
        self.vocab_size, self.num_classes, self.pooling = vocab_size, num_classes, pooling
        factory_kwargs = {"dtype": dtype, "rng": resolve_rng(rng), "device": device}
        self.embedding = Embedding(vocab_size, embedding_size, **factory_kwargs)
        self.encoder = make_encoder(cell, bidirectional, embedding_size, hidden_size, **factory_kwargs)
        if pooling == "attention":
            self.attention = Dense(self.encoder.output_size, 1, **factory_kwargs)
        self.readout = Dense(self.encoder.output_size, num_classes, **factory_kwargs)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Int[Tensor, "batch time"], lengths=None) -> Float[Tensor, "batch classes"]:
        """Return the logits of each sequence.

        lengths: valid steps of each sequence, as for the recurrent layers. What stands beyond them changes
        nothing. Raises ValueError or TypeError for symbols or lengths that do not fit.
        """
        x = check_token_ids(x, self.vocab_size)
        outputs, state = self.encoder(self.dropout(self.embedding(x)), lengths=lengths)
        return self.readout(self.dropout(self._pool(outputs, state, lengths)))

    def probabilities(
        self, x: Int[np.ndarray, "batch time"], lengths=None
    ) -> Float[np.ndarray, "batch classes"]:
        """What the model believes of each sequence, without dropout: a probability a class, in NumPy."""
        return to_numpy(torch.softmax(self._evaluate(x, lengths), dim=1))

    def attention_weights(self, x: Int[Tensor, "batch time"], lengths=None) -> Float[Tensor, "batch time"]:
        """The attention a_t that each step gets; ValueError unless pooling is "attention"."""
        validation.check_choice("pooling", self.pooling, ("attention",))
        x = check_token_ids(x, self.vocab_size)
        with evaluating(self):
            outputs, _ = self.encoder(self.embedding(x), lengths=lengths)
            return self._attend(outputs, lengths)

    def _pool(self, outputs, state, lengths):
        if self.pooling == "last":
            ends = state if isinstance(self.encoder, Bidirectional) else (state,)
            return torch.cat([end[0] if isinstance(end, tuple) else end for end in ends], dim=1)
        if self.pooling == "max":
            if lengths is not None:  # beyond a length outputs are zero, which may be larger than all others
                outputs = outputs.masked_fill(~sequence_mask(lengths, outputs), -torch.inf)
            return outputs.max(dim=1).values
        return torch.einsum("bt,bth->bh", self._attend(outputs, lengths), outputs)

    def _attend(self, outputs, lengths):
        scores = self.attention(outputs)
        if lengths is not None:
            scores = scores.masked_fill(~sequence_mask(lengths, outputs), -torch.inf)
        return torch.softmax(scores.squeeze(-1), dim=1)
