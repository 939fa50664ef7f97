"""Read a sequence, then write another one: encoder and decoder, with attention between them or without.

    m_1 ... m_S = encoder(E_x[x_1] ... E_x[x_S])      a GRU from each end; m: outputs, q: last states
    s_0 = tanh(W_0 q + b_0)
    c_t = attention(s_{t-1}, m)      with attention: a new mean of m at every step
    c_t = q                          without: the same summary at every step
    s_t = GRU([E_y[y_{t-1}]; c_t], s_{t-1})
    logits_t = W [s_t; c_t] + b

Without attention: Cho et al., 2014, 'Learning phrase representations using RNN encoder-decoder for
statistical machine translation'. With it: Bahdanau, Cho and Bengio, 2015, 'Neural machine translation by
jointly learning to align and translate'. The readout of both papers is larger, and sees y_{t-1} as well.
"""

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from rnnbook import specs, validation
from rnnbook.torch.attention import AdditiveAttention
from rnnbook.torch.bidirectional import Bidirectional
from rnnbook.torch.dense import Dense
from rnnbook.torch.embedding import Embedding
from rnnbook.torch.gru import GRU
from rnnbook.torch.layer import check_token_ids, sequence_mask
from rnnbook.torch.weights import Model, evaluating, from_numpy, resolve_rng, to_numpy
from rnnbook.vocabulary import PADDING


class SequenceTranslator(Model):
    """A GRU that reads from both ends, a GRU that writes, and attention between them.

    Weights: ``"source.E"``, ``"encoder.forward.W"`` and so on, ``"start.W"``, ``"attention.W"`` and so on,
    ``"target.E"``, ``"decoder.W"``, ``"readout.W"``.

    source_vocab_size, target_vocab_size: what x may hold is 0..source_vocab_size-1, and y likewise.
    hidden_size: H, of the decoder; each direction of the encoder has half of it, so H must be even.
    attention: whether the decoder may look back at every step of the encoder.
    dropout: the share of embedded features, and of what the readout sees, that is left out in training.
    dtype, rng, device: as for the recurrent layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        source_vocab_size: int,
        target_vocab_size: int,
        *,
        embedding_size: int,
        hidden_size: int,
        attention: bool = True,
        dropout: float = 0.0,
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        super().__init__()
        self.options = specs.checked(locals(), hidden_size=validation.check_even_size)
        self.source_vocab_size, self.target_vocab_size = source_vocab_size, target_vocab_size
        half = hidden_size // 2
        factory_kwargs = {"dtype": dtype, "rng": resolve_rng(rng), "device": device}
        self.source = Embedding(source_vocab_size, embedding_size, **factory_kwargs)
        reader = lambda: GRU(embedding_size, half, **factory_kwargs)
        self.encoder = Bidirectional(reader(), reader())
        self.start = Dense(hidden_size, hidden_size, activation="tanh", **factory_kwargs)
        self.attention = None
        if attention:
            self.attention = AdditiveAttention(hidden_size, hidden_size, half, **factory_kwargs)
        self.target = Embedding(target_vocab_size, embedding_size, **factory_kwargs)
        self.decoder = GRU(embedding_size + hidden_size, hidden_size, **factory_kwargs)
        self.readout = Dense(2 * hidden_size, target_vocab_size, **factory_kwargs)
        self.dropout = nn.Dropout(dropout)

    # A whole translation at once, when it is known: teacher forcing

    def forward(
        self, x: Int[Tensor, "batch steps"], y: Int[Tensor, "batch time"], lengths=None
    ) -> Float[Tensor, "batch time symbols"]:
        """Return the logits of each next symbol, where ``y`` are the symbols before it, from begin on.

        lengths: valid steps of each row of ``x``, as for the recurrent layers. What stands beyond them
        changes nothing. Raises ValueError or TypeError for symbols or lengths that do not fit.
        """
        return self._decode_forced(x, y, lengths)[0]

    def _decode_forced(self, x, y, lengths):
        x = check_token_ids(x, self.source_vocab_size)
        y = check_token_ids(y, self.target_vocab_size, name="y")
        validation.check_shape("y", y, (len(x), "time"))
        state = self._encode_embedded(self.dropout(self.source(x)), lengths)
        seen, weights = [], []
        for previous in self.dropout(self.target(y)).unbind(1):
            context, weights_t, state = self._decoder_step(previous, state)
            seen.append(torch.cat([state[0], context], dim=1))
            weights.append(weights_t)
        logits = self.readout(self.dropout(torch.stack(seen, dim=1)))
        return logits, None if self.attention is None else torch.stack(weights, dim=1)

    def _encode_embedded(self, embedded, lengths) -> tuple[Tensor, ...]:
        """Read the embedded source: s_0, and what c_t is made of."""
        memory, ends = self.encoder(embedded, lengths=lengths)
        summary = torch.cat(ends, dim=1)
        if self.attention is None:
            return self.start(summary), summary
        lengths = [memory.shape[1]] * len(memory) if lengths is None else lengths
        valid = sequence_mask(lengths, memory).squeeze(-1)
        return self.start(summary), memory, self.attention.keys(memory), valid

    def _decoder_step(self, previous, state):
        """One step of the decoder: the context, where it looked, and the state after."""
        s, *rest = state
        context, weights = (rest[0], None) if self.attention is None else self.attention.attend(s, *rest)
        s, _ = self.decoder.step(torch.cat([previous, context], dim=1), s)
        return context, weights, (s, *rest)

    # Step by step, when it is not: for rnnbook.tasks.decoding, in NumPy's arrays

    @torch.no_grad()
    def encode(self, x: Int[np.ndarray, "batch steps"], lengths=None) -> tuple[np.ndarray, ...]:
        """Read ``x``, and return the state before the first symbol: arrays with one row a sequence."""
        x = check_token_ids(from_numpy("x", x, self.source.E), self.source_vocab_size)
        with evaluating(self):
            embedded = self.source(x)
            return tuple(to_numpy(part) for part in self._encode_embedded(embedded, lengths))

    @torch.no_grad()
    def decode_step(
        self, symbols: Int[np.ndarray, " batch"], state: tuple[np.ndarray, ...]
    ) -> tuple[Float[np.ndarray, "batch symbols"], tuple[np.ndarray, ...]]:
        """From each row's last symbol to the log-probabilities of the next, and the state after."""
        like = self.source.E
        state = tuple(from_numpy("state", part, like) for part in state)
        with evaluating(self):
            previous = self.target(from_numpy("symbols", symbols, like))
            context, _, state = self._decoder_step(previous, state)
            logits = self.readout(torch.cat([state[0], context], dim=1))
        return to_numpy(torch.log_softmax(logits, dim=1)), tuple(map(to_numpy, state))

    @torch.no_grad()
    def attention_weights(
        self, x: Int[np.ndarray, "batch steps"], y: Int[np.ndarray, "batch time"], lengths=None
    ) -> Float[np.ndarray, "batch time steps"]:
        """How much attention went to each step of ``x`` after each step of ``y``; without dropout.

        ValueError for a translator without attention.
        """
        if self.attention is None:
            raise ValueError("attention_weights needs a translator with attention, this one has none")
        x, y = from_numpy("x", x, self.source.E), from_numpy("y", y, self.source.E)
        with evaluating(self):
            _, weights = self._decode_forced(x, y, lengths)
        return to_numpy(weights)


def translation_loss(
    model, x: Int[Tensor, "batch steps"], lengths: Int[Tensor, " batch"], y: Int[Tensor, "batch time"]
) -> Tensor:
    """The mean cross-entropy of each symbol of ``y``, given ``x`` and the true symbols before it.

    y: begin ... end, then padding, which counts nothing.
    """
    logits = model(x, y[:, :-1], lengths)
    return functional.cross_entropy(logits.transpose(1, 2), y[:, 1:], ignore_index=PADDING)
