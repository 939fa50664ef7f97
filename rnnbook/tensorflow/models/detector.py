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
from rnnbook.tasks.boxes import SHAPE, cells
from rnnbook.tensorflow.conv_gru import ConvGRU
from rnnbook.tensorflow.convolution import Convolution
from rnnbook.tensorflow.weights import Model, dtype_name, generator


class Detector(Model):
    """Convolutions, a memory or none, and a readout of ``classes + 4`` maps a frame.

    Weights: ``"first.W"`` and ``"first.b"``, ``"second"``, ``"third"``; ``"memory.W"``, ``"memory.U"``,
    ``"memory.b"``, or ``"wide"`` and ``"narrow"``, which are as many; ``"mix"``, ``"readout"``.

    classes: K. hidden_size: H, features of a cell. recurrent: a ``ConvGRU``, or the two convolutions.
    frames: how many frames, the last ones, it sees at once, as channels; before the first stand zeros.
    dtype, rng: as for the recurrent layers.

    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        classes: int,
        *,
        hidden_size: int = 20,
        frames: int = 1,
        recurrent: bool = True,
        dtype="float32",
        rng=None,
    ) -> None:
        options = specs.detector(classes, hidden_size, frames, recurrent)
        super().__init__(dtype=dtype_name(dtype))  # or Keras would cast x to float32
        self.options, self.classes, self.frames, self.recurrent = options, classes, frames, recurrent
        made_with = {"dtype": dtype, "rng": generator(rng)}
        relu = made_with | {"activation": "relu"}
        self.first = Convolution(frames, 8, stride=2, **relu)
        self.second = Convolution(8, 16, stride=2, **relu)
        self.third = Convolution(16, hidden_size, **relu)
        if recurrent:
            self.memory = ConvGRU(hidden_size, hidden_size, **made_with)
        else:
            self.wide = Convolution(hidden_size, 3 * hidden_size, **relu)
            self.narrow = Convolution(3 * hidden_size, hidden_size, **relu)
        self.mix = Convolution(hidden_size, 32, kernel=1, **relu)
        self.readout = Convolution(32, classes + SHAPE, kernel=1, **made_with)
        bias = self.readout.params()["b"]
        bias[:classes] = -2.5  # most cells hold no centre: begin with that belief
        self.readout.b.assign(bias)
        self.built = True

    def __call__(self, x, **of_keras):
        """Return the maps ``(B, T, K + 4, rows/4, columns/4)`` of ``x (B, T, 1, rows, columns)``.

        The heat is that before σ. Raises ValueError for a wrong shape, TypeError for a wrong dtype.
        """
        validation.check_pictures(x, 1, self.first.dtype)
        cells(*x.shape[-2:])
        return super().__call__(tf.convert_to_tensor(x), **of_keras)

    def call(self, x):
        batch, time = (tf.shape(x)[axis] if x.shape[axis] is None else x.shape[axis] for axis in (0, 1))
        rows, columns = x.shape[-2:]
        before = tf.pad(x, [[0, 0], [self.frames - 1, 0], [0, 0], [0, 0], [0, 0]])
        seen = tf.concat([before[:, k : k + time] for k in range(self.frames)], axis=2)
        seen = tf.reshape(seen, (batch * time, self.frames, rows, columns))
        features = self.third(self.second(self.first(seen)))
        places = features.shape[1:]
        if self.recurrent:
            features, _ = self.memory(tf.reshape(features, (batch, time, *places)))
            features = tf.reshape(features, (batch * time, *places))
        else:
            features = features + self.narrow(self.wide(features))
        maps = self.readout(self.mix(features))
        return tf.reshape(maps, (batch, time, *maps.shape[1:]))

    def maps(self, x, *, batch_size: int = 50):
        """The maps of many clips, in NumPy, computed ``batch_size`` clips at a time."""
        parts = [tf.convert_to_tensor(x[i : i + batch_size]) for i in range(0, len(x), batch_size)]
        return np.concatenate([self._maps(part).numpy() for part in parts])

    @tf.function(reduce_retracing=True)
    def _maps(self, x):
        return self(x)


def detection_loss(maps, targets):
    """How far maps are from their targets (``rnnbook.tasks.boxes.targets``), for each true box.

    Of the heat p = σ(map) with target t:  -(1 - p)² log p where t = 1, -(1 - t)⁴ p² log(1 - p) elsewhere: in
    a cell near a centre a mistake costs less, and what is nearly right costs little. Of the box, twice the
    absolute difference of its four numbers, in the centres' cells alone.
    """
    heat, goal = maps[..., :-SHAPE, :, :], targets[..., :-SHAPE, :, :]
    centre = tf.cast(goal == 1, maps.dtype)
    p = tf.sigmoid(heat)
    missed = -((1 - p) ** 2) * tf.math.log_sigmoid(heat)
    invented = -((1 - goal) ** 4) * p**2 * tf.math.log_sigmoid(-heat)
    apart = tf.abs(maps[..., -SHAPE:, :, :] - targets[..., -SHAPE:, :, :])
    apart = tf.reduce_sum(apart, axis=-3, keepdims=True)
    cell = tf.reduce_max(centre, axis=-3, keepdims=True)
    total = tf.reduce_sum(centre * missed + (1 - centre) * invented) + 2 * tf.reduce_sum(cell * apart)
    return total / tf.maximum(tf.reduce_sum(centre), 1)
