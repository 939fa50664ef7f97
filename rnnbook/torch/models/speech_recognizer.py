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
from rnnbook.torch.layer import check_tensor, plain_name, sequence_mask
from rnnbook.torch.weights import Model, resolve_rng, to_numpy


class CTCRecognizer(Model):
    """A strided convolution over time, a GRU from both ends, and a readout at every step that is left.

    Weights: ``"convolution.W"`` (H, kernel_size D), ``"convolution.b"``; ``"encoder.forward.W"`` and so on;
    ``"readout.W"``, ``"readout.b"``.

    input_size: D. num_classes: K, the blank among them. hidden_size: H.
    kernel_size: how many steps a window holds, odd; beyond both ends of a sequence stand zeros.
    stride: of how many steps one is left.
    dropout: the share of the convolution's outputs, and of the encoder's, that is left out in training.
    dtype, rng, device: as for the recurrent layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        input_size: int,
        num_classes: int,
        *,
        hidden_size: int = 96,
        kernel_size: int = 7,
        stride: int = 2,
        dropout: float = 0.0,
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        super().__init__()
        self.options = specs.checked(locals())
        self.input_size, self.kernel_size, self.stride = input_size, kernel_size, stride
        factory_kwargs = {"dtype": dtype, "rng": resolve_rng(rng), "device": device}
        self.convolution = Dense(kernel_size * input_size, hidden_size, activation="relu", **factory_kwargs)
        self.encoder = self._make_encoder(hidden_size, factory_kwargs)
        self.readout = Dense(self.encoder.output_size, num_classes, **factory_kwargs)
        self.dropout = nn.Dropout(dropout)

    def output_lengths(self, lengths):
        """How many steps are left of so many: one for each stride that was begun."""
        return (lengths - 1) // self.stride + 1

    def forward(
        self, x: Float[Tensor, "batch time input"], lengths=None
    ) -> Float[Tensor, "batch fewer classes"]:
        """Return the logits of the steps that are left, ``output_lengths(lengths)`` of them valid.

        lengths: valid steps of ``x``, as for the recurrent layers. What stands beyond them is never read.
        Raises ValueError or TypeError for an input or lengths that do not fit.
        """
        validation.check_input(x, self.input_size, plain_name(self.readout.dtype))
        check_tensor("x", x)
        left = None
        if lengths is not None:
            valid = sequence_mask(lengths, x)
            x = torch.where(valid, x, 0)
            left = self.output_lengths(valid.sum(dim=(1, 2)))
        features = self.dropout(self.convolution(self._windows(x)))
        return self.readout(self.dropout(self._encode(features, left)))

    def log_probabilities(
        self, x: Float[np.ndarray, "batch time input"], lengths
    ) -> Float[np.ndarray, "batch fewer classes"]:
        """What the model believes at each step that is left, without dropout, in NumPy."""
        return to_numpy(torch.log_softmax(self._evaluate(x, lengths), dim=2))

    def _windows(self, x):
        around = self.kernel_size // 2
        windows = functional.pad(x, (0, 0, around, around)).unfold(1, self.kernel_size, self.stride)
        return windows.transpose(2, 3).flatten(2)

    def _make_encoder(self, hidden_size, factory_kwargs):
        return Bidirectional(*(GRU(hidden_size, hidden_size, **factory_kwargs) for _ in range(2)))

    def _encode(self, features, lengths):
        """h_1 ... h_T' for f_1 ... f_T', of which ``lengths`` are valid."""
        return self.encoder(features, lengths=lengths)[0]


class WindowCTCRecognizer(CTCRecognizer):
    """A ``CTCRecognizer`` without recurrence: an answer rests on its window of the sound alone.

    Weights: those of a ``CTCRecognizer``, but the encoder is a dense layer, ``"encoder.W"``, ``"encoder.b"``.
    Arguments as for ``CTCRecognizer``.
    """

    def _make_encoder(self, hidden_size, factory_kwargs):
        return Dense(hidden_size, hidden_size, activation="relu", **factory_kwargs)

    def _encode(self, features, lengths):
        return self.encoder(features)
