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
from rnnbook.tasks.boxes import SHAPE, cells
from rnnbook.torch.conv_gru import ConvGRU
from rnnbook.torch.convolution import Convolution
from rnnbook.torch.layer import check_tensor
from rnnbook.torch.weights import Model, generator


class Detector(Model):
    """Convolutions, a memory or none, and a readout of ``classes + 4`` maps a frame.

    Weights: ``"first.W"`` and ``"first.b"``, ``"second"``, ``"third"``; ``"memory.W"``, ``"memory.U"``,
    ``"memory.b"``, or ``"wide"`` and ``"narrow"``, which are as many; ``"mix"``, ``"readout"``.

    classes: K. hidden_size: H, features of a cell. recurrent: a ``ConvGRU``, or the two convolutions.
    frames: how many frames, the last ones, it sees at once, as channels; before the first stand zeros.
    dtype, rng, device: as for the recurrent layers.

    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        classes: int,
        *,
        hidden_size: int = 20,
        frames: int = 1,
        recurrent: bool = True,
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        options = specs.detector(classes, hidden_size, frames, recurrent)
        super().__init__()
        self.options, self.classes, self.frames, self.recurrent = options, classes, frames, recurrent
        made_with = {"dtype": dtype, "rng": generator(rng), "device": device}
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
        with torch.no_grad():
            self.readout.b[:classes] = -2.5  # most cells hold no centre: begin with that belief

    def forward(
        self, x: Float[Tensor, "batch time 1 rows columns"]
    ) -> Float[Tensor, "batch time maps grid_rows grid_columns"]:
        """Return the maps ``(B, T, K + 4, rows/4, columns/4)``; the heat is that before σ.

        Raises ValueError for a wrong shape, TypeError for a wrong dtype.
        """
        validation.check_pictures(x, 1, validation.dtype_of(self.first.W))
        check_tensor("x", x)
        cells(*x.shape[-2:])
        batch, time = x.shape[:2]
        before = functional.pad(x, (0, 0, 0, 0, 0, 0, self.frames - 1, 0))
        seen = torch.cat([before[:, k : k + time] for k in range(self.frames)], dim=2)
        features = self.third(self.second(self.first(seen.flatten(0, 1))))
        if self.recurrent:
            features, _ = self.memory(features.unflatten(0, (batch, time)))
            features = features.flatten(0, 1)
        else:
            features = features + self.narrow(self.wide(features))
        return self.readout(self.mix(features)).unflatten(0, (batch, time))

    @torch.no_grad()
    def maps(self, x: Float[np.ndarray, "batch time 1 rows columns"], *, batch_size: int = 50) -> np.ndarray:
        """The maps of many clips, in NumPy, computed ``batch_size`` clips at a time."""
        device = self.first.W.device
        parts = [torch.as_tensor(x[i : i + batch_size], device=device) for i in range(0, len(x), batch_size)]
        return np.concatenate([self(part).cpu().numpy() for part in parts])


def detection_loss(
    maps: Float[Tensor, "*pictures maps rows columns"], targets: Float[Tensor, "*pictures maps rows columns"]
) -> Tensor:
    """How far maps are from their targets (``rnnbook.tasks.boxes.targets``), for each true box.

    Of the heat p = σ(map) with target t:  -(1 - p)² log p where t = 1, -(1 - t)⁴ p² log(1 - p) elsewhere: in
    a cell near a centre a mistake costs less, and what is nearly right costs little. Of the box, twice the
    absolute difference of its four numbers, in the centres' cells alone.
    """
    heat, goal = maps[..., :-SHAPE, :, :], targets[..., :-SHAPE, :, :]
    centre = (goal == 1).to(maps.dtype)
    p = torch.sigmoid(heat)
    missed = -((1 - p) ** 2) * functional.logsigmoid(heat)
    invented = -((1 - goal) ** 4) * p**2 * functional.logsigmoid(-heat)
    apart = (maps[..., -SHAPE:, :, :] - targets[..., -SHAPE:, :, :]).abs().sum(dim=-3, keepdim=True)
    cell = centre.amax(dim=-3, keepdim=True)
    total = (centre * missed + (1 - centre) * invented).sum() + 2 * (cell * apart).sum()
    return total / centre.sum().clamp(min=1)
