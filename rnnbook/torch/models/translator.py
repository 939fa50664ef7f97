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
from rnnbook.torch.layer import valid_steps
from rnnbook.torch.weights import Model, generator
from rnnbook.vocabulary import PADDING


class SequenceTranslator(Model):
    """A GRU that reads from both ends, a GRU that writes, and attention between them.

    Weights: ``"source.E"``, ``"encoder.forward.W"`` and so on, ``"start.W"``, ``"attention.W"`` and so on,
    ``"target.E"``, ``"decoder.W"``, ``"readout.W"``.

    source_symbols, target_symbols: what x may hold is 0..source_symbols-1, and y likewise.
    hidden_size: H, of the decoder; each direction of the encoder has half of it, so H must be even.
    attention: whether the decoder may look back at every step of the encoder.
    dropout: the share of embedded features, and of what the readout sees, that is left out in training.
    dtype, rng, device: as for the recurrent layers.

    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        source_symbols: int,
        target_symbols: int,
        *,
        embedding_size: int,
        hidden_size: int,
        attention: bool = True,
        dropout: float = 0.0,
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        options = specs.translator(
            source_symbols, target_symbols, embedding_size, hidden_size, attention, dropout
        )
        super().__init__()
        self.options = options
        self.source_symbols, self.target_symbols = source_symbols, target_symbols
        half = hidden_size // 2
        made_with = {"dtype": dtype, "rng": generator(rng), "device": device}
        self.source = Embedding(source_symbols, embedding_size, **made_with)
        reader = lambda: GRU(embedding_size, half, **made_with)
        self.encoder = Bidirectional(reader(), reader())
        self.start = Dense(hidden_size, hidden_size, activation="tanh", **made_with)
        self.attention = None
        if attention:
            self.attention = AdditiveAttention(hidden_size, hidden_size, half, **made_with)
        self.target = Embedding(target_symbols, embedding_size, **made_with)
        self.decoder = GRU(embedding_size + hidden_size, hidden_size, **made_with)
        self.readout = Dense(2 * hidden_size, target_symbols, **made_with)
        self.dropout = nn.Dropout(dropout)

    # A whole translation at once, when it is known: teacher forcing

    def forward(
        self, x: Int[Tensor, "batch steps"], y: Int[Tensor, "batch time"], lengths=None
    ) -> Float[Tensor, "batch time symbols"]:
        """Return the logits of each next symbol, where ``y`` are the symbols before it, from begin on.

        lengths: valid steps of each row of ``x``, as for the recurrent layers. What stands beyond them
        changes nothing. Raises ValueError or TypeError for symbols or lengths that do not fit.
        """
        return self._forced(x, y, lengths)[0]

    def _forced(self, x, y, lengths):
        validation.check_symbols(x, self.source_symbols)
        validation.check_symbols(y, self.target_symbols, name="y")
        state = self._encode(self.dropout(self.source(x)), lengths)
        seen, weights = [], []
        for previous in self.dropout(self.target(y)).unbind(1):
            context, looked, state = self._advance(previous, state)
            seen.append(torch.cat([state[0], context], dim=1))
            weights.append(looked)
        logits = self.readout(self.dropout(torch.stack(seen, dim=1)))
        return logits, None if self.attention is None else torch.stack(weights, dim=1)

    def _encode(self, embedded, lengths) -> tuple[Tensor, ...]:
        """Read the embedded source: s_0, and what c_t is made of."""
        memory, ends = self.encoder(embedded, lengths=lengths)
        summary = torch.cat(ends, dim=1)
        if self.attention is None:
            return self.start(summary), summary
        lengths = [memory.shape[1]] * len(memory) if lengths is None else lengths
        valid = valid_steps(lengths, memory).squeeze(-1)
        return self.start(summary), memory, self.attention.keys(memory), valid

    def _advance(self, previous, state):
        """One step of the decoder: the context, where it looked, and the state after."""
        s, *rest = state
        context, looked = (rest[0], None) if self.attention is None else self.attention.attend(s, *rest)
        s, _ = self.decoder.step(torch.cat([previous, context], dim=1), s)
        return context, looked, (s, *rest)

    # Step by step, when it is not: for rnnbook.tasks.decoding, in NumPy's arrays

    @torch.no_grad()
    def begin(self, x: Int[np.ndarray, "batch steps"], lengths=None) -> tuple[np.ndarray, ...]:
        """Read ``x``, and return the state before the first symbol: arrays with one row a sequence."""
        validation.check_symbols(x, self.source_symbols)
        embedded = self.source(torch.as_tensor(x, device=self.source.E.device))
        return tuple(part.cpu().numpy() for part in self._encode(embedded, lengths))

    @torch.no_grad()
    def step(
        self, symbols: Int[np.ndarray, " batch"], state: tuple[np.ndarray, ...]
    ) -> tuple[Float[np.ndarray, "batch symbols"], tuple[np.ndarray, ...]]:
        """From each row's last symbol to the log-probabilities of the next, and the state after."""
        device = self.source.E.device
        state = tuple(torch.as_tensor(part, device=device) for part in state)
        previous = self.target(torch.as_tensor(symbols, device=device))
        context, _, state = self._advance(previous, state)
        logits = self.readout(torch.cat([state[0], context], dim=1))
        return torch.log_softmax(logits, dim=1).cpu().numpy(), tuple(part.cpu().numpy() for part in state)

    @torch.no_grad()
    def alignment(
        self, x: Int[np.ndarray, "batch steps"], y: Int[np.ndarray, "batch time"], lengths=None
    ) -> Float[np.ndarray, "batch time steps"]:
        """How much attention went to each step of ``x`` after each step of ``y``; without dropout.

        ValueError for a translator without attention.
        """
        if self.attention is None:
            raise ValueError("alignment needs a translator with attention, this one has none")
        was_training = self.training
        self.eval()
        x, y = (torch.as_tensor(part, device=self.source.E.device) for part in (x, y))
        _, looked = self._forced(x, y, lengths)
        self.train(was_training)
        return looked.cpu().numpy()


def teacher_forcing(
    model, x: Int[Tensor, "batch steps"], lengths: Int[Tensor, " batch"], y: Int[Tensor, "batch time"]
) -> Tensor:
    """The mean cross-entropy of each symbol of ``y``, given ``x`` and the true symbols before it.

    y: begin ... end, then padding, which counts nothing.
    """
    logits = model(x, y[:, :-1], lengths)
    return functional.cross_entropy(logits.transpose(1, 2), y[:, 1:], ignore_index=PADDING)
