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
from jaxtyping import Float, Int

from rnnbook import batching, specs, validation
from rnnbook.numpy.bidirectional import Bidirectional
from rnnbook.numpy.dense import Dense
from rnnbook.numpy.elman import ElmanRNN
from rnnbook.numpy.embedding import Embedding
from rnnbook.numpy.gru import GRU
from rnnbook.numpy.layer import dropout_mask
from rnnbook.numpy.losses import softmax
from rnnbook.numpy.lstm import LSTM
from rnnbook.numpy.weights import Model


class SequenceClassifier(Model):
    """An embedding, a recurrent layer, one vector pooled from its steps, and a readout.

    Weights: ``"embedding.E"``; ``"encoder.W"`` and so on, or ``"encoder.forward.W"``; ``"readout.W"``,
    ``"readout.b"``; with attention ``"attention.W"``, which is v, and ``"attention.b"``, which changes
    nothing.

    vocab_size: V, what ``x`` may hold is 0..V-1. num_classes: K.
    cell: ``"ElmanRNN"``, ``"GRU"`` or ``"LSTM"``. bidirectional: read from both ends.
    pooling: ``"last"``, ``"max"`` or ``"attention"``.
    dropout: the share of embedded features, and of pooled ones, that is left out in training.
    dtype, rng: as for the recurrent layers.
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
        dtype=np.float32,
        rng=None,
    ) -> None:
        self.options = specs.checked(locals())
        validation.check_rng(rng)
        self.vocab_size, self.num_classes = vocab_size, num_classes
        self.pooling, self.dropout = pooling, dropout
        factory_kwargs = {"dtype": dtype, "rng": np.random.default_rng(rng)}
        layer = {"ElmanRNN": ElmanRNN, "GRU": GRU, "LSTM": LSTM}[cell]
        make = lambda: layer(embedding_size, hidden_size, **factory_kwargs)
        self.embedding = Embedding(vocab_size, embedding_size, **factory_kwargs)
        self.encoder = Bidirectional(make(), make()) if bidirectional else make()
        if pooling == "attention":
            self.attention = Dense(self.encoder.output_size, 1, **factory_kwargs)
        self.readout = Dense(self.encoder.output_size, num_classes, **factory_kwargs)

    def forward(
        self, x: Int[np.ndarray, "batch time"], lengths=None, *, rng: np.random.Generator | None = None
    ) -> tuple[Float[np.ndarray, "batch classes"], tuple]:
        """Return ``(logits, tape)``.

        lengths: valid steps of each sequence, as for the recurrent layers. What stands beyond them changes
        nothing. rng: draws what dropout leaves out, in training; None leaves nothing out.
        Raises ValueError or TypeError for symbols or lengths that do not fit.
        """
        x = validation.as_array("x", x)
        validation.check_token_ids(x, self.vocab_size)
        embedded, of_embedding = self.embedding.forward(x)
        embedding_mask = self._dropout_mask(embedded, rng)
        outputs, state, of_encoder = self.encoder.forward(embedded * embedding_mask, lengths=lengths)
        pooled, of_pooling = self._pool(outputs, state, lengths)
        pooled_mask = self._dropout_mask(pooled, rng)
        logits, of_readout = self.readout.forward(pooled * pooled_mask)
        return logits, (of_embedding, embedding_mask, of_encoder, of_pooling, pooled_mask, of_readout)

    def backward(self, tape: tuple, d_logits: Float[np.ndarray, "batch classes"]) -> dict[str, np.ndarray]:
        """Return dL/dw of every weight from dL/dlogits."""
        of_embedding, embedding_mask, of_encoder, of_pooling, pooled_mask, of_readout = tape
        gradients = {"readout": self.readout.backward(of_readout, d_logits)}
        d_pooled = gradients["readout"].pop("x") * pooled_mask
        d_outputs, d_state, of_attention = self._pool_backward(of_pooling, d_pooled)
        if of_attention:
            gradients["attention"] = of_attention
        gradients["encoder"] = self.encoder.backward(of_encoder, d_outputs, d_state)
        gradients["encoder"].pop("state")
        d_embedded = gradients["encoder"].pop("x") * embedding_mask
        gradients["embedding"] = self.embedding.backward(of_embedding, d_embedded)
        return validation.flatten_params({name: gradients[name] for name in self.submodules()})

    def probabilities(
        self, x: Int[np.ndarray, "batch time"], lengths=None
    ) -> Float[np.ndarray, "batch classes"]:
        """What the model believes of each sequence: a probability a class."""
        return softmax(self.forward(x, lengths)[0])

    def attention_weights(
        self, x: Int[np.ndarray, "batch time"], lengths=None
    ) -> Float[np.ndarray, "batch time"]:
        """The attention a_t that each step gets; ValueError unless pooling is "attention"."""
        validation.check_choice("pooling", self.pooling, ("attention",))
        x = validation.as_array("x", x)
        validation.check_token_ids(x, self.vocab_size)
        outputs, _, _ = self.encoder.forward(self.embedding.forward(x)[0], lengths=lengths)
        return self._attend(outputs, lengths)[0]

    def _dropout_mask(self, values: np.ndarray, rng: np.random.Generator | None):
        mask = dropout_mask(values.shape, self.dropout, rng, values.dtype)
        return 1 if mask is None else mask

    # Pooling, and back

    def _pool(self, outputs, state, lengths):
        if self.pooling == "last":
            ends = state if isinstance(self.encoder, Bidirectional) else (state,)
            return np.concatenate([_output_part(end) for end in ends], axis=1), (outputs.shape, state)
        if self.pooling == "max":
            if lengths is not None:  # beyond a length outputs are zero, which may be larger than all others
                valid = batching.sequence_mask(lengths, outputs.shape[1])
                outputs = np.where(valid[:, :, None], outputs, -np.inf)
            steps = outputs.argmax(axis=1)[:, None]
            return np.take_along_axis(outputs, steps, axis=1)[:, 0], (outputs.shape, steps)
        a, of_scores = self._attend(outputs, lengths)
        return np.einsum("bt,bth->bh", a, outputs), (outputs, a, of_scores)

    def _pool_backward(self, tape, d_pooled):
        """dL/d(outputs), dL/d(state) and the gradients of the attention's weights."""
        if self.pooling == "last":
            _, state = tape
            two = isinstance(self.encoder, Bidirectional)
            ends, parts = (state, np.split(d_pooled, 2, axis=1)) if two else ((state,), [d_pooled])
            d_ends = [_hidden_grad(part, end) for part, end in zip(parts, ends, strict=True)]
            return None, tuple(d_ends) if two else d_ends[0], {}
        if self.pooling == "max":
            shape, steps = tape
            d_outputs = np.zeros(shape, d_pooled.dtype)
            np.put_along_axis(d_outputs, steps, d_pooled[:, None], axis=1)
            return d_outputs, None, {}
        outputs, a, of_scores = tape
        d_a = np.einsum("bh,bth->bt", d_pooled, outputs)
        d_scores = a * (d_a - (a * d_a).sum(axis=1, keepdims=True))
        gradients = self.attention.backward(of_scores, d_scores[:, :, None])
        return a[:, :, None] * d_pooled[:, None] + gradients.pop("x"), None, gradients

    def _attend(self, outputs, lengths):
        scores, of_scores = self.attention.forward(outputs)
        scores = scores[:, :, 0]
        if lengths is not None:
            scores = np.where(batching.sequence_mask(lengths, outputs.shape[1]), scores, -np.inf)
        return softmax(scores), of_scores


def _output_part(state):
    """The part of a state that is also an output: h of LSTM's (h, c)."""
    return state[0] if isinstance(state, tuple) else state


def _hidden_grad(d_shown, state):
    """The gradient of a state of which only the shown part is used."""
    return (d_shown, np.zeros_like(d_shown)) if isinstance(state, tuple) else d_shown
