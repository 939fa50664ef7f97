"""Find objects in every frame of a video: a heat map of their centres, and a box for each.

    f_t = convolutions(x_t)                         on a grid of a quarter of the rows and columns
    m_t = ConvGRU(f_1 ... f_t)                      or, without memory, f_t + two convolutions of f_t
    maps_t = W relu(V m_t + c) + b                  a heat map a class, and four numbers for the box

Zhou, Wang and Krähenbühl, 2019, 'Objects as points'; the heat's loss is that of Law and Deng, 2018,
'CornerNet: detecting objects as paired keypoints', equation 1.
"""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from rnnbook import specs, validation
from rnnbook.specs import BOX_CHANNELS
from rnnbook.torch.conv_gru import ConvGRU
from rnnbook.torch.convolution import Convolution
from rnnbook.torch.layer import check_tensor
from rnnbook.torch.weights import Model, from_numpy, resolve_rng, to_numpy


class Detector(Model):
    """Convolutions, a ``ConvGRU``, and a readout of ``num_classes + 4`` maps a frame.

    Weights: ``"first.W"`` and ``"first.b"``, ``"second"``, ``"third"``; ``"memory.W"``, ``"memory.U"``,
    ``"memory.b"``; ``"mix"``, ``"readout"``.

    num_classes: K. hidden_size: H, features of a cell.
    num_frames: how many frames, the last ones, it sees at once, as channels; before the first stand zeros.
    dtype, rng, device: as for the recurrent layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        num_classes: int,
        *,
        hidden_size: int = 20,
        num_frames: int = 1,
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        super().__init__()
        self.options = specs.checked(locals())
        self.num_classes, self.num_frames = num_classes, num_frames
        factory_kwargs = {"dtype": dtype, "rng": resolve_rng(rng), "device": device}
        relu = factory_kwargs | {"activation": "relu"}
        self.first = Convolution(num_frames, 8, stride=2, **relu)
        self.second = Convolution(8, 16, stride=2, **relu)
        self.third = Convolution(16, hidden_size, **relu)
        self._create_memory(hidden_size, factory_kwargs)
        self.mix = Convolution(hidden_size, 32, kernel_size=1, **relu)
        self.readout = Convolution(32, num_classes + BOX_CHANNELS, kernel_size=1, **factory_kwargs)
        with torch.no_grad():
            self.readout.b[:num_classes] = -2.5  # most cells hold no centre: begin with that belief

    def forward(
        self, x: Float[Tensor, "batch time 1 rows columns"]
    ) -> Float[Tensor, "batch time maps grid_rows grid_columns"]:
        """Return the maps ``(B, T, K + 4, rows/4, columns/4)``; the heat is that before σ.

        Raises ValueError for a wrong shape, TypeError for a wrong dtype.
        """
        validation.check_images(x, 1, validation.dtype_of(self.first.W))
        check_tensor("x", x)
        specs.feature_map_size(*x.shape[-2:])
        time = x.shape[1]
        padded = functional.pad(x, (0, 0, 0, 0, 0, 0, self.num_frames - 1, 0))
        frames = torch.cat([padded[:, k : k + time] for k in range(self.num_frames)], dim=2)
        features = self.third(self.second(self.first(frames.flatten(0, 1))))
        features = self._remember(features.unflatten(0, x.shape[:2]))
        return self.readout(self.mix(features.flatten(0, 1))).unflatten(0, x.shape[:2])

    def maps(self, x: Float[np.ndarray, "batch time 1 rows columns"], *, batch_size: int = 50) -> np.ndarray:
        """The maps of many clips, in NumPy, computed ``batch_size`` clips at a time."""
        validation.check_size("batch_size", batch_size)
        x = from_numpy("x", x, self.first.W)
        validation.check_images(x, 1, validation.dtype_of(self.first.W))
        parts = [x[i : i + batch_size] for i in range(0, len(x), batch_size)]
        return np.concatenate([to_numpy(self._evaluate(part)) for part in parts])

    def _create_memory(self, hidden_size, factory_kwargs):
        self.memory = ConvGRU(hidden_size, hidden_size, **factory_kwargs)

    def _remember(self, features):
        """m_1 ... m_T for f_1 ... f_T, ``(B, T, H, rows/4, columns/4)`` both."""
        return self.memory(features)[0]


class WindowDetector(Detector):
    """A ``Detector`` without memory: it sees the last ``num_frames`` frames, and no others.

    Weights: those of a ``Detector``, but for ``"memory"`` two convolutions ``"wide"`` and ``"narrow"``, which
    are as many. Arguments as for ``Detector``.
    """

    def _create_memory(self, hidden_size, factory_kwargs):
        self.wide = Convolution(hidden_size, 3 * hidden_size, activation="relu", **factory_kwargs)
        self.narrow = Convolution(3 * hidden_size, hidden_size, activation="relu", **factory_kwargs)

    def _remember(self, features):
        flat = features.flatten(0, 1)
        return (flat + self.narrow(self.wide(flat))).unflatten(0, features.shape[:2])


def detection_loss(
    maps: Float[Tensor, "*pictures maps rows columns"], targets: Float[Tensor, "*pictures maps rows columns"]
) -> Tensor:
    """How far maps are from their targets (``rnnbook.tasks.boxes.encode_targets``), for each true box.

    Of the heat p = σ(map) with target t:  -(1 - p)² log p where t = 1, -(1 - t)⁴ p² log(1 - p) elsewhere: in
    a cell near a centre a mistake costs less, and what is nearly right costs little. Of the box, twice the
    absolute difference of its four numbers, in the centres' cells alone.
    """
    heat, goal = maps[..., :-BOX_CHANNELS, :, :], targets[..., :-BOX_CHANNELS, :, :]
    is_centre = (goal == 1).to(maps.dtype)
    p = torch.sigmoid(heat)
    missed = -((1 - p) ** 2) * functional.logsigmoid(heat)
    invented = -((1 - goal) ** 4) * p**2 * functional.logsigmoid(-heat)
    box_error = (maps[..., -BOX_CHANNELS:, :, :] - targets[..., -BOX_CHANNELS:, :, :]).abs()
    box_error = box_error.sum(dim=-3, keepdim=True)
    holds_box = is_centre.amax(dim=-3, keepdim=True)
    total = (is_centre * missed + (1 - is_centre) * invented).sum() + 2 * (holds_box * box_error).sum()
    return total / is_centre.sum().clamp(min=1)
