"""Watch a clip of pictures, and say what happens in it: with a memory, or with all frames at once.

    VideoClassifier      f_t = reader(x_t)      h_t = GRU(f_t, h_{t-1})      logits_t = W h_t + b
    EarlyFusionClassifier    f = reader(x_1 ... x_T as the T channels of one picture)      logits = W f + b

Convolutions, then a recurrent layer: Donahue et al., 2015, 'Long-term recurrent convolutional networks for
visual recognition and description'. Frames as channels is the 'early fusion' of Karpathy et al., 2014,
'Large-scale video classification with convolutional neural networks'.
"""

import tensorflow as tf

from rnnbook import specs, validation
from rnnbook.tensorflow.convolution import Convolution
from rnnbook.tensorflow.dense import Dense
from rnnbook.tensorflow.gru import GRU
from rnnbook.tensorflow.layer import as_array, as_indices, check_lengths, make_dropout, widened
from rnnbook.tensorflow.weights import ApplicationModel, Model, dtype_name, resolve_rng


class FrameEncoder(Model):
    """A picture to a vector: three convolutions, each of which halves rows and columns, and a dense layer.

    Weights: ``"first.W"``, ``"first.b"``, and so on for ``second``, ``third`` and ``dense``.

    channels: of the picture. image_size: its rows and its columns, a multiple of 8.
    num_features: of the vector.
    dtype, rng: as for the recurrent layers.
    """

    def __init__(self, channels: int, image_size: int, num_features: int, *, dtype=None, rng=None) -> None:
        super().__init__(dtype=dtype_name(dtype))
        factory_kwargs = {"dtype": dtype, "rng": resolve_rng(rng), "activation": "relu"}
        widths = specs.FRAME_CHANNELS
        self.first = Convolution(channels, widths[0], stride=2, **factory_kwargs)
        self.second = Convolution(widths[0], widths[1], stride=2, **factory_kwargs)
        self.third = Convolution(widths[1], widths[2], stride=2, **factory_kwargs)
        self.dense = Dense(widths[2] * (image_size // 8) ** 2, num_features, **factory_kwargs)

    def call(self, x):
        y = self.third(self.second(self.first(x)))
        return self.dense(tf.reshape(y, (-1, self.dense.input_size)))


class VideoClassifier(ApplicationModel):
    """Reads every frame by itself, remembers in a GRU what it has seen, and answers after every frame.

    Weights: those of a ``FrameEncoder`` as ``"reader.first.W"`` and so on, of a ``GRU`` as ``"memory.W"``;
    ``"readout.W"``, ``"readout.b"``.

    image_size: rows and columns of a frame, a multiple of 8. num_classes: K.
    num_features: of a frame, as the memory gets them. hidden_size: of the memory.
    dropout: the share of the features, and of the memory's outputs, that is left out in training.
    dtype, rng: as for the recurrent layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        image_size: int,
        num_classes: int,
        *,
        num_features: int = 48,
        hidden_size: int = 64,
        dropout: float = 0.0,
        dtype=None,
        rng=None,
    ) -> None:
        super().__init__(dtype)
        self.options = specs.checked(locals())
        self.image_size, self.num_classes = image_size, num_classes
        factory_kwargs = {"dtype": self.dtype, "rng": resolve_rng(rng)}
        self.reader = FrameEncoder(1, image_size, num_features, **factory_kwargs)
        self.memory = GRU(num_features, hidden_size, **factory_kwargs)
        self.readout = Dense(hidden_size, num_classes, **factory_kwargs)
        self.dropout = make_dropout(dropout, **factory_kwargs)

    def __call__(self, x, lengths=None, training=False):
        """Return the logits ``(B, T, K)`` after every frame of ``x (B, T, rows, columns)``.

        Those after a frame know that frame and those before it.
        lengths: valid frames of each clip, as for the recurrent layers. What stands beyond them changes
        nothing before them. training: whether dropout is on.
        Raises ValueError or TypeError for frames or lengths that do not fit.
        """
        x = _check_frames(x, "time", self.image_size, self.dtype)
        check_lengths(lengths, x)
        return super().__call__(x, lengths=lengths, training=training)

    def call(self, x, lengths=None, training=False):
        features = self.reader(tf.reshape(x, (-1, 1, self.image_size, self.image_size)))
        features = tf.reshape(features, (tf.shape(x)[0], tf.shape(x)[1], features.shape[-1]))
        outputs, _ = self.memory(self.dropout(features, training=training), lengths=lengths)
        return self.readout(self.dropout(outputs, training=training))


class EarlyFusionClassifier(ApplicationModel):
    """Reads all frames of a clip at once, as if they were the colours of one picture.

    It answers once, and for clips of one length. With one frame it is a classifier of pictures.

    Weights: those of a ``FrameEncoder`` as ``"reader.first.W"`` and so on; ``"readout.W"``, ``"readout.b"``.

    num_frames: T. The other arguments as for ``VideoClassifier``.
    """

    def __init__(
        self,
        num_frames: int,
        image_size: int,
        num_classes: int,
        *,
        num_features: int = 48,
        dropout: float = 0.0,
        dtype=None,
        rng=None,
    ) -> None:
        super().__init__(dtype)
        self.options = specs.checked(locals())
        self.num_frames, self.image_size, self.num_classes = num_frames, image_size, num_classes
        factory_kwargs = {"dtype": self.dtype, "rng": resolve_rng(rng)}
        self.reader = FrameEncoder(num_frames, image_size, num_features, **factory_kwargs)
        self.readout = Dense(num_features, num_classes, **factory_kwargs)
        self.dropout = make_dropout(dropout, **factory_kwargs)

    def __call__(self, x, training=False):
        """Return the logits ``(B, K)`` of ``x (B, T, rows, columns)``; ValueError or TypeError as above."""
        x = _check_frames(x, self.num_frames, self.image_size, self.dtype)
        return super().__call__(x, training=training)

    def call(self, x, training=False):
        return self.readout(self.dropout(self.reader(x), training=training))


def video_loss(model, x, y):
    """The loss for ``fit``: the cross-entropy of each clip, averaged over all answers that the model gives.

    A model that answers after every frame is asked after every frame.
    """
    logits, y = model(x), as_indices(y)
    if len(logits.shape) == 3:
        y = tf.repeat(y[:, None], tf.shape(logits)[1], axis=1)
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits))


def _check_frames(x, time, size, dtype):
    # Checked before Keras sees x: it would cast float64 to float32 without a word.
    x = as_array("x", x)
    validation.check_shape("x", x, ("batch", time, size, size))
    validation.check_float("x", widened(x, dtype), dtype)
    return x
