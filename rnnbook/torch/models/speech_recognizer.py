"""Read a sound, and say at fewer steps what is spoken: a symbol, or the blank.

    f_t = relu(V [x_(st-r); ...; x_(st+r)] + c)    a convolution over time: a window at every s-th step
    h_1 ... h_T' = encoder(f_1 ... f_T')           a GRU from both ends; or relu(A f_t + a) without recurrence
    logits_t = W h_t + b                           class 0 is the blank

Which steps say the symbols is left to the loss: connectionist temporal classification, ``ctc_loss``.

Graves, Fernández, Gomez and Schmidhuber, 2006, 'Connectionist temporal classification: labelling unsegmented
sequence data with recurrent neural networks'. A convolution with a stride before the recurrent layers: Amodei
et al., 2016, 'Deep Speech 2: end-to-end speech recognition in English and Mandarin'.
"""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from rnnbook import specs, validation
from rnnbook.torch.bidirectional import Bidirectional
from rnnbook.torch.dense import Dense
from rnnbook.torch.gru import GRU
from rnnbook.torch.layer import check_tensor, valid_steps
from rnnbook.torch.weights import Model, dtype_name, generator


class Recogniser(Model):
    """A strided convolution over time, a GRU from both ends, and a readout at every step that is left.

    Weights: ``"convolution.W"`` (H, kernel D), ``"convolution.b"``; ``"encoder.forward.W"`` and so on, or
    ``"encoder.W"`` and ``"encoder.b"`` without recurrence; ``"readout.W"``, ``"readout.b"``.

    input_size: D. classes: K, the blank among them. hidden_size: H.
    kernel: how many steps a window holds, odd; beyond both ends of a sequence stand zeros.
    stride: of how many steps one is left.
    recurrent: without, an answer rests on the window alone.
    dropout: the share of the convolution's outputs, and of the encoder's, that is left out in training.
    dtype, rng, device: as for the recurrent layers.

    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        input_size: int,
        classes: int,
        *,
        hidden_size: int = 96,
        kernel: int = 7,
        stride: int = 2,
        recurrent: bool = True,
        dropout: float = 0.0,
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        options = specs.recogniser(input_size, classes, hidden_size, kernel, stride, recurrent, dropout)
        super().__init__()
        self.options = options
        self.input_size, self.kernel, self.stride, self.recurrent = input_size, kernel, stride, recurrent
        made_with = {"dtype": dtype, "rng": generator(rng), "device": device}
        self.convolution = Dense(kernel * input_size, hidden_size, activation="relu", **made_with)
        if recurrent:
            layer = lambda: GRU(hidden_size, hidden_size, **made_with)
            self.encoder = Bidirectional(layer(), layer())
        else:
            self.encoder = Dense(hidden_size, hidden_size, activation="relu", **made_with)
        self.readout = Dense(2 * hidden_size if recurrent else hidden_size, classes, **made_with)
        self.dropout = nn.Dropout(dropout)

    def steps(self, lengths):
        """How many steps are left of so many: one for each stride that was begun."""
        return -(-lengths // self.stride)

    def forward(
        self, x: Float[Tensor, "batch time input"], lengths=None
    ) -> Float[Tensor, "batch fewer classes"]:
        """Return the logits of the steps that are left, ``steps(lengths)`` of them valid.

        lengths: valid steps of ``x``, as for the recurrent layers. What stands beyond them is never read.
        Raises ValueError or TypeError for an input or lengths that do not fit.
        """
        validation.check_input(x, self.input_size, dtype_name(self.readout.dtype))
        check_tensor("x", x)
        left = None
        if lengths is not None:
            valid = valid_steps(lengths, x)
            x = torch.where(valid, x, 0)
            left = self.steps(valid.sum(dim=(1, 2)))
        features = self.dropout(self.convolution(self._windows(x)))
        if self.recurrent:
            hidden, _ = self.encoder(features, lengths=left)
        else:
            hidden = self.encoder(features)
        return self.readout(self.dropout(hidden))

    @torch.no_grad()
    def log_probabilities(
        self, x: Float[np.ndarray, "batch time input"], lengths
    ) -> Float[np.ndarray, "batch fewer classes"]:
        """What the model believes at each step that is left, without dropout, in NumPy."""
        was_training = self.training
        self.eval()
        logits = self(torch.as_tensor(x, device=self.readout.W.device), lengths)
        self.train(was_training)
        return torch.log_softmax(logits, dim=2).cpu().numpy()

    def _windows(self, x):
        around = self.kernel // 2
        seen = functional.pad(x, (0, 0, around, around)).unfold(1, self.kernel, self.stride)
        return seen.transpose(2, 3).flatten(2)
