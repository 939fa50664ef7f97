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
import tensorflow as tf

from rnnbook import specs
from rnnbook.tensorflow.bidirectional import Bidirectional
from rnnbook.tensorflow.dense import Dense
from rnnbook.tensorflow.gru import GRU
from rnnbook.tensorflow.layer import check_sequences, make_dropout, sizes_of
from rnnbook.tensorflow.weights import ApplicationModel, resolve_rng


class CTCRecognizer(ApplicationModel):
    """A strided convolution over time, a GRU from both ends, and a readout at every step that is left.

    Weights: ``"convolution.W"`` (H, kernel_size D), ``"convolution.b"``; ``"encoder.forward.W"`` and so on;
    ``"readout.W"``, ``"readout.b"``.

    input_size: D. num_classes: K, the blank among them. hidden_size: H.
    kernel_size: how many steps a window holds, odd; beyond both ends of a sequence stand zeros.
    stride: of how many steps one is left.
    dropout: the share of the convolution's outputs, and of the encoder's, that is left out in training.
    dtype, rng: as for the recurrent layers.
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
        dtype=None,
        rng=None,
    ) -> None:
        super().__init__(dtype)
        self.options = specs.checked(locals())
        self.input_size, self.kernel_size, self.stride = input_size, kernel_size, stride
        factory_kwargs = {"dtype": self.dtype, "rng": resolve_rng(rng)}
        self.convolution = Dense(kernel_size * input_size, hidden_size, activation="relu", **factory_kwargs)
        self.encoder = self._make_encoder(hidden_size, factory_kwargs)
        self.readout = Dense(self.encoder.output_size, num_classes, **factory_kwargs)
        self.dropout = make_dropout(dropout, **factory_kwargs)

    def output_lengths(self, lengths):
        """How many steps are left of so many: one for each stride that was begun."""
        return (lengths - 1) // self.stride + 1

    def __call__(self, x, lengths=None, training=False):
        """Return the logits ``(B, T', K)`` of the steps that are left.

        Of them ``output_lengths(lengths)`` are valid. x: ``(B, T, D)``.
        lengths: valid steps of ``x``, as for the recurrent layers. What stands beyond them is never read.
        training: whether dropout is on.
        Raises ValueError or TypeError for an input or lengths that do not fit.
        """
        x, lengths = check_sequences(x, lengths, self.input_size, self.dtype)
        return super().__call__(x, lengths=lengths, training=training)

    def call(self, x, lengths=None, training=False):
        left = None
        if lengths is not None:
            x = tf.where(tf.sequence_mask(lengths, tf.shape(x)[1])[:, :, None], x, tf.zeros((), x.dtype))
            left = self.output_lengths(lengths)
        features = self.dropout(self.convolution(self._windows(x)), training=training)
        return self.readout(self.dropout(self._encode(features, left), training=training))

    def log_probabilities(self, x, lengths) -> np.ndarray:
        """What the model believes at each step that is left ``(B, T', K)``, without dropout, in NumPy."""
        x, lengths = check_sequences(x, lengths, self.input_size, self.dtype)
        return tf.nn.log_softmax(self._evaluate(*map(tf.convert_to_tensor, (x, lengths))), axis=2).numpy()

    def _windows(self, x):
        around = self.kernel_size // 2
        padded = tf.pad(x, [[0, 0], [around, around], [0, 0]])
        windows = tf.signal.frame(padded, self.kernel_size, self.stride, axis=1)
        return tf.reshape(windows, (*sizes_of(windows)[:2], self.kernel_size * self.input_size))

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
