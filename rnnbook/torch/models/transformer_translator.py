"""Read a sequence, then write another one, without recurrence: the Transformer.

    x_s = √H E_x[x_s] + position_s     m = norm(encoder blocks of x)
    y_t = √H E_y[y_{t-1}] + position_t     logits = W norm(decoder blocks of y and m) + b

What stands in for a state is all that was read and written so far: it grows with every step, where that of a
recurrent decoder keeps its size. Vaswani et al., 2017, 'Attention is all you need'.
"""

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from rnnbook import specs, validation
from rnnbook.torch.dense import Dense
from rnnbook.torch.embedding import Embedding
from rnnbook.torch.layer import check_token_ids, sequence_mask
from rnnbook.torch.transformer import DecoderBlock, EncoderBlock, LayerNorm, positions
from rnnbook.torch.weights import Model, evaluating, from_numpy, resolve_rng, to_numpy


class TransformerTranslator(Model):
    """A Transformer that reads, and one that writes: the rival of ``SequenceTranslator``, called as it is.

    Weights: ``"source.E"``, ``"encoder_0.attention.W_q"`` and so on, ``"encoder_norm.gamma"``,
    ``"target.E"``, ``"decoder_0.norm.gamma"`` and so on, ``"decoder_norm.gamma"``, ``"readout.W"``.

    source_vocab_size, target_vocab_size: what x may hold is 0..source_vocab_size-1, and y likewise.
    hidden_size: H, of every step, an even number. num_layers: blocks of each side.
    num_heads: of every attention; they divide H.
    dropout: the share of embedded features, and of what each part of a block adds, left out in training.
    dtype, rng, device: as for the recurrent layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        source_vocab_size: int,
        target_vocab_size: int,
        *,
        hidden_size: int,
        num_layers: int = 2,
        num_heads: int = 4,
        dropout: float = 0.0,
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        super().__init__()
        self.options = specs.checked(locals(), hidden_size=specs.check_wave_size)
        self.source_vocab_size, self.target_vocab_size = source_vocab_size, target_vocab_size
        self.hidden_size, self.num_layers = hidden_size, num_layers
        factory_kwargs = {"dtype": dtype, "rng": resolve_rng(rng), "device": device}
        self.source = Embedding(source_vocab_size, hidden_size, **factory_kwargs)
        self.target = Embedding(target_vocab_size, hidden_size, **factory_kwargs)
        for layer in range(num_layers):
            self.add_module(f"encoder_{layer}", EncoderBlock(hidden_size, num_heads, **factory_kwargs))
        self.encoder_norm = LayerNorm(hidden_size, dtype=dtype, device=device)
        for layer in range(num_layers):
            self.add_module(f"decoder_{layer}", DecoderBlock(hidden_size, num_heads, **factory_kwargs))
        self.decoder_norm = LayerNorm(hidden_size, dtype=dtype, device=device)
        self.readout = Dense(hidden_size, target_vocab_size, **factory_kwargs)
        self.dropout = nn.Dropout(dropout)

    def _blocks(self, side: str) -> list:
        return [getattr(self, f"{side}_{layer}") for layer in range(self.num_layers)]

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
        logits, _, weights = self._decode(y, self._encode(x, lengths))
        return logits, weights

    def _encode(self, x, lengths) -> tuple[Tensor, ...]:
        """What a decoder goes on with: the valid steps, keys and values of each block's memory, and of y."""
        lengths = [x.shape[1]] * len(x) if lengths is None else lengths
        embedded = self._embed(self.source, x, 0)
        valid = sequence_mask(lengths, embedded).squeeze(-1)
        for block in self._blocks("encoder"):
            embedded = block(embedded, valid[:, None], dropout=self.dropout)
        memory = self.encoder_norm(embedded)
        nothing = memory[:, :0]
        state = [valid]
        for block in self._blocks("decoder"):
            state += [*block.memory_attention.keys_values(memory), nothing, nothing]
        return tuple(state)

    def _embed(self, embedding, symbols, first: int):
        embedded = self.hidden_size**0.5 * embedding(symbols)
        return self.dropout(embedded + positions(first, symbols.shape[1], embedded))

    def _decode(self, y, state):
        """Go on with the symbols ``y``: the logits after each, the state, where the last block looked."""
        valid, *parts = state
        x, after = self._embed(self.target, y, parts[2].shape[1]), [valid]
        for block in self._blocks("decoder"):
            memory, before, parts = tuple(parts[:2]), tuple(parts[2:4]), parts[4:]
            x, before, weights = block(x, before, memory, valid, dropout=self.dropout)
            after += [*memory, *before]
        return self.readout(self.decoder_norm(x)), tuple(after), weights.mean(dim=1)

    # Step by step, when it is not: for rnnbook.tasks.decoding, in NumPy's arrays

    @torch.no_grad()
    def encode(self, x: Int[np.ndarray, "batch steps"], lengths=None) -> tuple[np.ndarray, ...]:
        """Read ``x``, and return the state before the first symbol: arrays with one row a sequence."""
        x = check_token_ids(from_numpy("x", x, self.source.E), self.source_vocab_size)
        with evaluating(self):
            return tuple(map(to_numpy, self._encode(x, lengths)))

    @torch.no_grad()
    def decode_step(
        self, symbols: Int[np.ndarray, " batch"], state: tuple[np.ndarray, ...]
    ) -> tuple[Float[np.ndarray, "batch symbols"], tuple[np.ndarray, ...]]:
        """From each row's last symbol to the log-probabilities of the next, and the state after.

        The state grows by one step: keys and values are kept, so that none is computed twice.
        """
        like = self.source.E
        state = tuple(from_numpy("state", part, like) for part in state)
        with evaluating(self):
            logits, state, _ = self._decode(from_numpy("symbols", symbols, like)[:, None], state)
        return to_numpy(torch.log_softmax(logits[:, 0], dim=1)), tuple(map(to_numpy, state))

    @torch.no_grad()
    def attention_weights(
        self, x: Int[np.ndarray, "batch steps"], y: Int[np.ndarray, "batch time"], lengths=None
    ) -> Float[np.ndarray, "batch time steps"]:
        """How much attention went to each step of ``x`` after each step of ``y``; without dropout.

        That of the last block, the mean of its heads.
        """
        x, y = from_numpy("x", x, self.source.E), from_numpy("y", y, self.source.E)
        with evaluating(self):
            return to_numpy(self._decode_forced(x, y, lengths)[1])
