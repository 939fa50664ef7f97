"""Watch a clip of pictures, and say what happens in it: with a memory, or with all frames at once.

    ClipClassifier      f_t = reader(x_t)      h_t = GRU(f_t, h_{t-1})      logits_t = W h_t + b
    FramesAsChannels    f = reader(x_1 ... x_T as the T channels of one picture)      logits = W f + b

Convolutions, then a recurrent layer: Donahue et al., 2015, 'Long-term recurrent convolutional networks for
visual recognition and description'. Frames as channels is the 'early fusion' of Karpathy et al., 2014,
'Large-scale video classification with convolutional neural networks'.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from rnnbook import specs, validation
from rnnbook.torch.convolution import Convolution
from rnnbook.torch.dense import Dense
from rnnbook.torch.gru import GRU
from rnnbook.torch.weights import Model, generator


class FrameReader(Model):
    """A picture to a vector: three convolutions, each of which halves rows and columns, and a dense layer.

    Weights: ``"first.W"``, ``"first.b"``, and so on for ``second``, ``third`` and ``dense``.

    channels: of the picture. size: its rows and its columns, a multiple of 8. features: of the vector.
    dtype, rng, device: as for the recurrent layers.
    """

    def __init__(
        self, channels: int, size: int, features: int, *, dtype=torch.float32, rng=None, device=None
    ):
        widths = specs.frame_reader(channels, size, features)
        super().__init__()
        made_with = {"dtype": dtype, "rng": generator(rng), "device": device, "activation": "relu"}
        self.first = Convolution(channels, widths[0], stride=2, **made_with)
        self.second = Convolution(widths[0], widths[1], stride=2, **made_with)
        self.third = Convolution(widths[1], widths[2], stride=2, **made_with)
        self.dense = Dense(widths[2] * (size // 8) ** 2, features, **made_with)

    def forward(self, x: Float[Tensor, "batch channels rows columns"]) -> Float[Tensor, "batch features"]:
        return self.dense(self.third(self.second(self.first(x))).flatten(1))


class ClipClassifier(Model):
    """Reads every frame by itself, remembers in a GRU what it has seen, and answers after every frame.

    Weights: those of a ``FrameReader`` as ``"reader.first.W"`` and so on, of a ``GRU`` as ``"memory.W"``, and
    ``"readout.W"``, ``"readout.b"``.

    size: rows and columns of a frame, a multiple of 8. classes: K.
    features: of a frame, as the memory gets them. hidden_size: of the memory.
    dropout: the share of the features, and of the memory's outputs, that is left out in training.
    dtype, rng, device: as for the recurrent layers.

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
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        specs.clip_classifier(size, classes, dropout)
        super().__init__()
        self.size, self.classes = size, classes
        made_with = {"dtype": dtype, "rng": generator(rng), "device": device}
        self.reader = FrameReader(1, size, features, **made_with)
        self.memory = GRU(features, hidden_size, **made_with)
        self.readout = Dense(hidden_size, classes, **made_with)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, x: Float[Tensor, "batch time rows columns"], lengths=None
    ) -> Float[Tensor, "batch time classes"]:
        """Return the logits after every frame, which know that frame and those before it.

        lengths: valid frames of each clip, as for the recurrent layers. What stands beyond them changes
        nothing before them. Raises ValueError or TypeError for frames or lengths that do not fit.
        """
        validation.check_shape("x", x, ("batch", "time", self.size, self.size))
        validation.check_float("x", x, validation.dtype_of(self.readout.W))
        features = self.reader(x.flatten(0, 1)[:, None]).unflatten(0, x.shape[:2])
        outputs, _ = self.memory(self.dropout(features), lengths=lengths)
        return self.readout(self.dropout(outputs))


class FramesAsChannels(Model):
    """Reads all frames of a clip at once, as if they were the colours of one picture.

    It answers once, and for clips of one length. With one frame it is a classifier of pictures.

    Weights: those of a ``FrameReader`` as ``"reader.first.W"`` and so on; ``"readout.W"``, ``"readout.b"``.

    frames: T. size, classes, features, dropout, dtype, rng, device: as for ``ClipClassifier``.
    """

    def __init__(
        self,
        frames: int,
        size: int,
        classes: int,
        *,
        features: int = 48,
        dropout: float = 0.0,
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        validation.check_size("frames", frames)
        specs.clip_classifier(size, classes, dropout)
        super().__init__()
        self.frames, self.size, self.classes = frames, size, classes
        made_with = {"dtype": dtype, "rng": generator(rng), "device": device}
        self.reader = FrameReader(frames, size, features, **made_with)
        self.readout = Dense(features, classes, **made_with)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Float[Tensor, "batch time rows columns"]) -> Float[Tensor, "batch classes"]:
        """Return the logits; ValueError or TypeError for frames that do not fit."""
        validation.check_shape("x", x, ("batch", self.frames, self.size, self.size))
        validation.check_float("x", x, validation.dtype_of(self.readout.W))
        return self.readout(self.dropout(self.reader(x)))


def clip_loss(model, x, y: Int[Tensor, " batch"]) -> Tensor:
    """The loss for ``fit``: the cross-entropy of each clip, averaged over all answers that the model gives.

    A model that answers after every frame is asked after every frame.
    """
    logits = model(x)
    if logits.ndim == 3:
        y = y[:, None].expand(logits.shape[:2]).flatten()
        logits = logits.flatten(0, 1)
    return functional.cross_entropy(logits, y)
