"""Watch a clip of pictures, and say what happens in it: with a memory, or with all frames at once.

    VideoClassifier      f_t = reader(x_t)      h_t = GRU(f_t, h_{t-1})      logits_t = W h_t + b
    EarlyFusionClassifier    f = reader(x_1 ... x_T as the T channels of one picture)      logits = W f + b

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
from rnnbook.torch.layer import check_tensor
from rnnbook.torch.weights import Model, resolve_rng


class FrameEncoder(Model):
    """A picture to a vector: three convolutions, each of which halves rows and columns, and a dense layer.

    Weights: ``"first.W"``, ``"first.b"``, and so on for ``second``, ``third`` and ``dense``.

    channels: of the picture. image_size: its rows and its columns, a multiple of 8.
    num_features: of the vector.
    dtype, rng, device: as for the recurrent layers.
    """

    def __init__(
        self, channels: int, image_size: int, num_features: int, *, dtype=torch.float32, rng=None, device=None
    ):
        super().__init__()
        factory_kwargs = {"dtype": dtype, "rng": resolve_rng(rng), "device": device, "activation": "relu"}
        widths = specs.FRAME_CHANNELS
        self.first = Convolution(channels, widths[0], stride=2, **factory_kwargs)
        self.second = Convolution(widths[0], widths[1], stride=2, **factory_kwargs)
        self.third = Convolution(widths[1], widths[2], stride=2, **factory_kwargs)
        self.dense = Dense(widths[2] * (image_size // 8) ** 2, num_features, **factory_kwargs)

    def forward(self, x: Float[Tensor, "batch channels rows columns"]) -> Float[Tensor, "batch features"]:
        return self.dense(self.third(self.second(self.first(x))).flatten(1))


class VideoClassifier(Model):
    """Reads every frame by itself, remembers in a GRU what it has seen, and answers after every frame.

    Weights: those of a ``FrameEncoder`` as ``"reader.first.W"`` and so on, of a ``GRU`` as ``"memory.W"``;
    ``"readout.W"``, ``"readout.b"``.

    image_size: rows and columns of a frame, a multiple of 8. num_classes: K.
    num_features: of a frame, as the memory gets them. hidden_size: of the memory.
    dropout: the share of the features, and of the memory's outputs, that is left out in training.
    dtype, rng, device: as for the recurrent layers.
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
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        super().__init__()
        self.options = specs.checked(locals())
        self.image_size, self.num_classes = image_size, num_classes
        factory_kwargs = {"dtype": dtype, "rng": resolve_rng(rng), "device": device}
        self.reader = FrameEncoder(1, image_size, num_features, **factory_kwargs)
        self.memory = GRU(num_features, hidden_size, **factory_kwargs)
        self.readout = Dense(hidden_size, num_classes, **factory_kwargs)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, x: Float[Tensor, "batch time rows columns"], lengths=None
    ) -> Float[Tensor, "batch time classes"]:
        """Return the logits after every frame, which know that frame and those before it.

        lengths: valid frames of each clip, as for the recurrent layers. What stands beyond them changes
        nothing before them. Raises ValueError or TypeError for frames or lengths that do not fit.
        """
        validation.check_shape("x", x, ("batch", "time", self.image_size, self.image_size))
        validation.check_float("x", x, validation.dtype_of(self.readout.W))
        check_tensor("x", x)
        features = self.reader(x.flatten(0, 1)[:, None]).unflatten(0, x.shape[:2])
        outputs, _ = self.memory(self.dropout(features), lengths=lengths)
        return self.readout(self.dropout(outputs))


class EarlyFusionClassifier(Model):
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
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        super().__init__()
        self.options = specs.checked(locals())
        self.num_frames, self.image_size, self.num_classes = num_frames, image_size, num_classes
        factory_kwargs = {"dtype": dtype, "rng": resolve_rng(rng), "device": device}
        self.reader = FrameEncoder(num_frames, image_size, num_features, **factory_kwargs)
        self.readout = Dense(num_features, num_classes, **factory_kwargs)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Float[Tensor, "batch time rows columns"]) -> Float[Tensor, "batch classes"]:
        """Return the logits; ValueError or TypeError for frames that do not fit."""
        validation.check_shape("x", x, ("batch", self.num_frames, self.image_size, self.image_size))
        validation.check_float("x", x, validation.dtype_of(self.readout.W))
        check_tensor("x", x)
        return self.readout(self.dropout(self.reader(x)))


def video_loss(model, x, y: Int[Tensor, " batch"]) -> Tensor:
    """The loss for ``fit``: the cross-entropy of each clip, averaged over all answers that the model gives.

    A model that answers after every frame is asked after every frame.
    """
    logits = model(x)
    if logits.ndim == 3:
        y = y[:, None].expand(logits.shape[:2]).flatten()
        logits = logits.flatten(0, 1)
    return functional.cross_entropy(logits, y)
