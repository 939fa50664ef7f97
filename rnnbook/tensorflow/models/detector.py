"""Find objects in every frame of a video: a heat map of their centres, and a box for each.

    f_t = convolutions(x_t)                         on a grid of a quarter of the rows and columns
    m_t = ConvGRU(f_1 ... f_t)                      or, without memory, f_t + two convolutions of f_t
    maps_t = W relu(V m_t + c) + b                  a heat map a class, and four numbers for the box

Zhou, Wang and Krähenbühl, 2019, 'Objects as points'; the heat's loss is that of Law and Deng, 2018,
'CornerNet: detecting objects as paired keypoints', equation 1.
"""

import numpy as np
import tensorflow as tf

from rnnbook import specs, validation
from rnnbook.specs import BOX_CHANNELS
from rnnbook.tensorflow.conv_gru import ConvGRU
from rnnbook.tensorflow.convolution import Convolution
from rnnbook.tensorflow.layer import as_array, sizes_of, widened
from rnnbook.tensorflow.weights import ApplicationModel, resolve_rng


class Detector(ApplicationModel):
    """Convolutions, a ``ConvGRU``, and a readout of ``num_classes + 4`` maps a frame.

    Weights: ``"first.W"`` and ``"first.b"``, ``"second"``, ``"third"``; ``"memory.W"``, ``"memory.U"``,
    ``"memory.b"``; ``"mix"``, ``"readout"``.

    num_classes: K. hidden_size: H, features of a cell.
    num_frames: how many frames, the last ones, it sees at once, as channels; before the first stand zeros.
    dtype, rng: as for the recurrent layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self, num_classes: int, *, hidden_size: int = 20, num_frames: int = 1, dtype=None, rng=None
    ) -> None:
        super().__init__(dtype)
        self.options = specs.checked(locals())
        self.num_classes, self.num_frames = num_classes, num_frames
        factory_kwargs = {"dtype": self.dtype, "rng": resolve_rng(rng)}
        relu = factory_kwargs | {"activation": "relu"}
        self.first = Convolution(num_frames, 8, stride=2, **relu)
        self.second = Convolution(8, 16, stride=2, **relu)
        self.third = Convolution(16, hidden_size, **relu)
        self._create_memory(hidden_size, factory_kwargs)
        self.mix = Convolution(hidden_size, 32, kernel_size=1, **relu)
        self.readout = Convolution(32, num_classes + BOX_CHANNELS, kernel_size=1, **factory_kwargs)
        bias = self.readout.params["b"]
        bias[:num_classes] = -2.5  # most cells hold no centre: begin with that belief
        self.readout.b.assign(bias)

    def __call__(self, x, **keras_options):
        """Return the maps ``(B, T, K + 4, rows/4, columns/4)`` of ``x (B, T, 1, rows, columns)``.

        The heat is that before σ. Raises ValueError for a wrong shape, TypeError for a wrong dtype.
        """
        return super().__call__(self._check(x), **keras_options)

    def call(self, x):
        batch, time = sizes_of(x)[:2]
        rows, columns = x.shape[-2:]
        padded = tf.pad(x, [[0, 0], [self.num_frames - 1, 0], [0, 0], [0, 0], [0, 0]])
        frames = tf.concat([padded[:, k : k + time] for k in range(self.num_frames)], axis=2)
        frames = tf.reshape(frames, (batch * time, self.num_frames, rows, columns))
        features = self.third(self.second(self.first(frames)))
        maps = self.readout(self.mix(self._remember(features, batch, time)))
        return tf.reshape(maps, (batch, time, *maps.shape[1:]))

    def maps(self, x, *, batch_size: int = 50) -> np.ndarray:
        """The maps of many clips, in NumPy, computed ``batch_size`` clips at a time."""
        x = self._check(x)
        parts = [tf.convert_to_tensor(x[i : i + batch_size]) for i in range(0, len(x), batch_size)]
        return np.concatenate([self._evaluate(part).numpy() for part in parts])

    def _check(self, x):
        x = as_array("x", x)
        validation.check_images(widened(x, self.dtype), 1, self.dtype)
        if None in x.shape[-2:]:
            raise ValueError(f"x must have rows and columns that are known, got {validation.shape_of(x)}")
        specs.feature_map_size(*x.shape[-2:])
        return x

    def _create_memory(self, hidden_size, factory_kwargs):
        self.memory = ConvGRU(hidden_size, hidden_size, **factory_kwargs)

    def _remember(self, features, batch, time):
        """The m_t for the f_t of ``batch`` clips of ``time`` frames, ``(B T, H, rows/4, columns/4)`` both."""
        places = features.shape[1:]
        remembered, _ = self.memory(tf.reshape(features, (batch, time, *places)))
        return tf.reshape(remembered, (batch * time, *places))


class WindowDetector(Detector):
    """A ``Detector`` without memory: it sees the last ``num_frames`` frames, and no others.

    Weights: those of a ``Detector``, but for ``"memory"`` two convolutions ``"wide"`` and ``"narrow"``, which
    are as many. Arguments as for ``Detector``.
    """

    def _create_memory(self, hidden_size, factory_kwargs):
        self.wide = Convolution(hidden_size, 3 * hidden_size, activation="relu", **factory_kwargs)
        self.narrow = Convolution(3 * hidden_size, hidden_size, activation="relu", **factory_kwargs)

    def _remember(self, features, batch, time):
        return features + self.narrow(self.wide(features))


def detection_loss(maps, targets):
    """How far maps are from their targets (``rnnbook.tasks.boxes.encode_targets``), for each true box.

    maps, targets: ``(..., K + 4, rows, columns)``. Of the heat p = σ(map) with target t:
    -(1 - p)² log p where t = 1, -(1 - t)⁴ p² log(1 - p) elsewhere: in a cell near a centre a mistake costs
    less, and what is nearly right costs little. Of the box, twice the absolute difference of its four
    numbers, in the centres' cells alone.
    """
    heat, goal = maps[..., :-BOX_CHANNELS, :, :], targets[..., :-BOX_CHANNELS, :, :]
    is_centre = tf.cast(goal == 1, maps.dtype)
    p = tf.sigmoid(heat)
    missed = -((1 - p) ** 2) * tf.math.log_sigmoid(heat)
    invented = -((1 - goal) ** 4) * p**2 * tf.math.log_sigmoid(-heat)
    box_error = tf.abs(maps[..., -BOX_CHANNELS:, :, :] - targets[..., -BOX_CHANNELS:, :, :])
    box_error = tf.reduce_sum(box_error, axis=-3, keepdims=True)
    holds_box = tf.reduce_max(is_centre, axis=-3, keepdims=True)
    total = tf.reduce_sum(is_centre * missed + (1 - is_centre) * invented)
    total += 2 * tf.reduce_sum(holds_box * box_error)
    return total / tf.maximum(tf.reduce_sum(is_centre), 1)
