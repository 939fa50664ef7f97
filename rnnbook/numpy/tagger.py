"""Read a sequence, and say at every step what it is just then.

    h_1 ... h_T = encoder(x_1 ... x_T)      logits_t = W h_t + b

With one layer that reads forwards, what is said at step t rests on x_1 ... x_t: it can be said while the
sequence goes on. A layer that reads backwards as well must wait for the end.

Graves, 2012, 'Supervised sequence labelling with recurrent neural networks'.
"""

import numpy as np
from jaxtyping import Float

from rnnbook import contract, networks
from rnnbook.numpy.bidirectional import Bidirectional
from rnnbook.numpy.dense import Dense
from rnnbook.numpy.elman import ElmanRNN
from rnnbook.numpy.gru import GRU
from rnnbook.numpy.losses import softmax
from rnnbook.numpy.lstm import LSTM
from rnnbook.numpy.model import Model

CELLS = {"ElmanRNN": ElmanRNN, "GRU": GRU, "LSTM": LSTM}


class SequenceTagger(Model):
    """A recurrent layer, and the same readout at every step.

    Weights: ``"encoder.W"`` and so on, or ``"encoder.forward.W"``; ``"readout.W"``, ``"readout.b"``.

    input_size: D. classes: K.
    cell: ``"ElmanRNN"``, ``"GRU"`` or ``"LSTM"``. bidirectional: read from both ends.
    dropout: the share of the encoder's outputs that is left out in training.
    dtype, rng: as for the recurrent layers.

    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        input_size: int,
        classes: int,
        *,
        hidden_size: int,
        cell: str = "GRU",
        bidirectional: bool = False,
        dropout: float = 0.0,
        dtype=np.float32,
        rng=None,
    ) -> None:
        self.options = networks.tagger(input_size, classes, hidden_size, cell, bidirectional, dropout)
        self.dropout = dropout
        made_with = {"dtype": dtype, "rng": np.random.default_rng() if rng is None else rng}
        layer = lambda: CELLS[cell](input_size, hidden_size, **made_with)
        self.encoder = Bidirectional(layer(), layer()) if bidirectional else layer()
        self.readout = Dense(self.encoder.output_size, classes, **made_with)
        self.parts = {"encoder": self.encoder, "readout": self.readout}

    def forward(
        self,
        x: Float[np.ndarray, "batch time input"],
        lengths=None,
        *,
        rng: np.random.Generator | None = None,
    ) -> tuple[Float[np.ndarray, "batch time classes"], tuple]:
        """Return ``(logits, tape)``, logits for each step.

        lengths: valid steps of each sequence, as for the recurrent layers. What stands beyond them is never
        read; the logits there are ``b`` and mean nothing. rng: draws what dropout leaves out, in training;
        None leaves nothing out.
        Raises ValueError or TypeError for an input or lengths that do not fit.
        """
        outputs, _, of_encoder = self.encoder.forward(x, lengths=lengths)
        kept = self._kept(outputs, rng)
        logits, of_readout = self.readout.forward(outputs * kept)
        return logits, (of_encoder, kept, of_readout)

    def backward(
        self, tape: tuple, d_logits: Float[np.ndarray, "batch time classes"]
    ) -> dict[str, np.ndarray]:
        """Return dL/dw of every weight from dL/dlogits, which must be zero beyond each length."""
        of_encoder, kept, of_readout = tape
        of_readout = self.readout.backward(of_readout, d_logits)
        of_encoder = self.encoder.backward(of_encoder, of_readout.pop("x") * kept)
        del of_encoder["x"], of_encoder["state"]
        return contract.join({"encoder": of_encoder, "readout": of_readout})

    def probabilities(
        self, x: Float[np.ndarray, "batch time input"], lengths=None
    ) -> Float[np.ndarray, "batch time classes"]:
        """What the model believes at each step: a probability a class."""
        return softmax(self.forward(x, lengths)[0])

    def _kept(self, values: np.ndarray, rng: np.random.Generator | None):
        """1 / (1 - dropout) where a value is kept, 0 where it is left out; the mean stays what it was."""
        if rng is None or self.dropout == 0:
            return 1
        return ((rng.random(values.shape) >= self.dropout) / (1 - self.dropout)).astype(values.dtype)
