"""Watch a clip of pictures, and say what happens in it: with a memory, or with all frames at once.

    ClipClassifier      f_t = reader(x_t)      h_t = GRU(f_t, h_{t-1})      logits_t = W h_t + b
    FramesAsChannels    f = reader(x_1 ... x_T as the T channels of one picture)      logits = W f + b

Convolutions, then a recurrent layer: Donahue et al., 2015, 'Long-term recurrent convolutional networks for
visual recognition and description'. Frames as channels is the 'early fusion' of Karpathy et al., 2014,
'Large-scale video classification with convolutional neural networks'.
"""

import keras
import tensorflow as tf

from rnnbook import specs, validation
from rnnbook.tensorflow.convolution import Convolution
from rnnbook.tensorflow.dense import Dense
from rnnbook.tensorflow.gru import GRU
from rnnbook.tensorflow.weights import Model, dtype_name, generator


class FrameReader(Model):
    """A picture to a vector: three convolutions, each of which halves rows and columns, and a dense layer.

    Weights: ``"first.W"``, ``"first.b"``, and so on for ``second``, ``third`` and ``dense``.

    channels: of the picture. size: its rows and its columns, a multiple of 8. features: of the vector.
    dtype, rng: as for the recurrent layers.
    """

    def __init__(self, channels: int, size: int, features: int, *, dtype="float32", rng=None):
        widths = specs.frame_reader(channels, size, features)
        super().__init__(dtype=dtype_name(dtype))
        made_with = {"dtype": dtype, "rng": generator(rng), "activation": "relu"}
        self.first = Convolution(channels, widths[0], stride=2, **made_with)
        self.second = Convolution(widths[0], widths[1], stride=2, **made_with)
        self.third = Convolution(widths[1], widths[2], stride=2, **made_with)
        self.dense = Dense(widths[2] * (size // 8) ** 2, features, **made_with)
        self.built = True

    def call(self, x):
        y = self.third(self.second(self.first(x)))
        return self.dense(tf.reshape(y, (-1, self.dense.input_size)))


class ClipClassifier(Model):
    """Reads every frame by itself, remembers in a GRU what it has seen, and answers after every frame.

    Weights: those of a ``FrameReader`` as ``"reader.first.W"`` and so on, of a ``GRU`` as ``"memory.W"``, and
    ``"readout.W"``, ``"readout.b"``.

    size: rows and columns of a frame, a multiple of 8. classes: K.
    features: of a frame, as the memory gets them. hidden_size: of the memory.
    dropout: the share of the features, and of the memory's outputs, that is left out in training.
    dtype, rng: as for the recurrent layers.

    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        size: int,
        classes: int,
        *,
        features: int = 48,
        hidden_size: int = 64,
        dropout: float = 0.0,
        dtype="float32",
        rng=None,
    ) -> None:
        specs.clip_classifier(size, classes, dropout)
        super().__init__(dtype=dtype_name(dtype))
        self.size, self.classes = size, classes
        made_with = {"dtype": dtype, "rng": generator(rng)}
        self.reader = FrameReader(1, size, features, **made_with)
        self.memory = GRU(features, hidden_size, **made_with)
        self.readout = Dense(hidden_size, classes, **made_with)
        self.dropout = _dropout(dropout, self.memory.dtype, made_with["rng"])
        self.built = True

    def __call__(self, x, lengths=None, training=False):
        """Return the logits ``(B, T, K)`` after every frame of ``x (B, T, rows, columns)``.

        Those after a frame know that frame and those before it.
        lengths: valid frames of each clip, as for the recurrent layers. What stands beyond them changes
        nothing before them. training: whether dropout is on.
        Raises ValueError or TypeError for frames or lengths that do not fit.
        """
        _check_frames(x, "time", self.size, self.memory.dtype)
        return super().__call__(tf.convert_to_tensor(x), lengths=lengths, training=training)

    def call(self, x, lengths=None, training=False):
        features = self.reader(tf.reshape(x, (-1, 1, self.size, self.size)))
        features = tf.reshape(features, (tf.shape(x)[0], tf.shape(x)[1], features.shape[-1]))
        outputs, _ = self.memory(self.dropout(features, training=training), lengths=lengths)
        return self.readout(self.dropout(outputs, training=training))


class FramesAsChannels(Model):
    """Reads all frames of a clip at once, as if they were the colours of one picture.

    It answers once, and for clips of one length. With one frame it is a classifier of pictures.

    Weights: those of a ``FrameReader`` as ``"reader.first.W"`` and so on; ``"readout.W"``, ``"readout.b"``.

    frames: T. size, classes, features, dropout, dtype, rng: as for ``ClipClassifier``.
    """

    def __init__(
        self,
        frames: int,
        size: int,
        classes: int,
        *,
        features: int = 48,
        dropout: float = 0.0,
        dtype="float32",
        rng=None,
    ) -> None:
        validation.check_size("frames", frames)
        specs.clip_classifier(size, classes, dropout)
        super().__init__(dtype=dtype_name(dtype))
        self.frames, self.size, self.classes = frames, size, classes
        made_with = {"dtype": dtype, "rng": generator(rng)}
        self.reader = FrameReader(frames, size, features, **made_with)
        self.readout = Dense(features, classes, **made_with)
        self.dropout = _dropout(dropout, self.readout.dtype, made_with["rng"])
        self.built = True

    def __call__(self, x, training=False):
        """Return the logits ``(B, K)`` of ``x (B, T, rows, columns)``; ValueError or TypeError as above."""
        _check_frames(x, self.frames, self.size, self.readout.dtype)
        return super().__call__(tf.convert_to_tensor(x), training=training)

    def call(self, x, training=False):
        return self.readout(self.dropout(self.reader(x), training=training))


def clip_loss(model, x, y):
    """The loss for ``fit``: the cross-entropy of each clip, averaged over all answers that the model gives.

    A model that answers after every frame is asked after every frame.
    """
    logits = model(x)
    if len(logits.shape) == 3:
        y = tf.repeat(y[:, None], tf.shape(logits)[1], axis=1)
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits))


def _check_frames(x, time, size, dtype) -> None:
    # Checked before Keras sees x: it would cast float64 to float32 without a word.
    validation.check_shape("x", x, ("batch", time, size, size))
    validation.check_float("x", x, dtype)


def _dropout(share, dtype, rng):
    return keras.layers.Dropout(share, seed=int(rng.integers(2**31)), dtype=dtype)
