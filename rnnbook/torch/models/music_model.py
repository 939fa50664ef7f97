"""Go on with a piece of music: what sounds on the next beat, given all beats before it.

    f_t = relu(V x_t + c)      h_t = GRU(f_t, h_{t-1})      m_t = [f_t, h_t]

    KeyComposer      p(key k sounds at t) = σ(W m_{t-1} + b + s_t)_k
    VoiceComposer    p(voice v sings n at t) = softmax(g_v(m_{t-1}, the voices asked before v))_n

m is what the model remembers: f of the last frame alone, h of all. Without h there is no recurrence left.

s is 0, or what one small network says of every key, the same network for all of them. It looks at the keys
around k in the last two frames, n_k, at what is remembered, and at which key k is:

    s_tk = v · relu(C relu(A n_k + P m_{t-1} + e_k) + c)

The first composer takes each key for itself: given the past, it knows nothing of which keys sound together.
The second asks soprano, bass, alto and tenor in turn, and tells each what those before it sing.

Keys, a sigmoid each: Boulanger-Lewandowski et al., 2012, 'Modeling temporal dependencies in high-dimensional
sequences: application to polyphonic music generation and transcription', its plain RNN. One small network
for all keys: Johnson, 2017, 'Generating polyphonic music using tied parallel networks', where that network is
recurrent. One voice after another, given those before, is the chain rule of probability. Hadjeres et al.,
2017, 'DeepBach: a steerable model for Bach chorales generation', and Huang et al., 2017, 'Counterpoint by
convolution', fill voices in any order, again and again: they also see what comes later.
"""

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from rnnbook import specs, validation
from rnnbook.torch.dense import Dense
from rnnbook.torch.embedding import Embedding
from rnnbook.torch.gru import GRU
from rnnbook.torch.layer import valid_steps
from rnnbook.torch.weights import Model, generator

VOICES = ("soprano", "alto", "tenor", "bass")
ORDER = (0, 3, 1, 2)  # who is asked first: the tune, then the bass that carries it
FRAMES = 2  # that a key and its neighbours are looked at in


class Memory(Model):
    """What is left of the frames so far: ``m_t = [f_t, h_t]``, or ``f_t`` alone.

    Weights: ``"reader.W"``, ``"reader.b"``, and those of a ``GRU`` as ``"memory.W"`` and so on.
    """

    def __init__(self, input_size: int, size: int, recurrent: bool, dropout: float, made_with: dict) -> None:
        super().__init__()
        self.reader = Dense(input_size, size, activation="relu", **made_with)
        self.memory = GRU(size, size, **made_with) if recurrent else None
        self.dropout = nn.Dropout(dropout)
        self.output_size = 2 * size if recurrent else size

    def forward(
        self, x: Float[Tensor, "batch time input"], lengths=None
    ) -> Float[Tensor, "batch time output"]:
        """The memory *before* every frame; before the first it has read a frame of silence."""
        f = self.dropout(self.reader(functional.pad(x[:, :-1], (0, 0, 1, 0))))
        if self.memory is None:
            return f
        h, _ = self.memory(f, lengths=lengths)
        return torch.cat([f, self.dropout(h)], dim=2)

    def step(self, x: Float[Tensor, "batch input"], m: Float[Tensor, "batch output"] | None) -> Tensor:
        """The memory after the frame ``x``, without dropout; ``m`` None if it is the first."""
        f = self.reader(x)
        if self.memory is None:
            return f
        size = self.memory.hidden_size
        h = f.new_zeros(len(f), size) if m is None else m[:, size:]
        return torch.cat([f, self.memory.step(f, h)[0]], dim=1)

    @torch.no_grad()
    def begin(self, batch: int) -> Float[np.ndarray, "batch output"]:
        """The memory before the first frame."""
        return self.step(self.reader.W.new_zeros(batch, self.reader.input_size), None).cpu().numpy()


class Neighbours(Model):
    """One small network that says something of every key: s of the module's head.

    Weights: ``"window.W"`` and ``"window.b"`` (A), ``"context.W"`` and ``"context.b"`` (P), ``"key.E"`` (e),
    ``"hidden.W"`` and ``"hidden.b"`` (C and c), ``"readout.W"`` and ``"readout.b"`` (v).
    """

    def __init__(
        self, keys: int, reach: int, memory: int, size: int, dropout: float, made_with: dict
    ) -> None:
        super().__init__()
        self.reach = reach
        self.window = Dense(FRAMES * (2 * reach + 1), size, **made_with)
        self.context = Dense(memory, size, **made_with)
        self.key = Embedding(keys, size, **made_with)
        self.key.load_params({name: 0 * E for name, E in self.key.params().items()})  # all keys begin alike
        self.hidden = Dense(size, size, activation="relu", **made_with)
        self.readout = Dense(size, 1, **made_with)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, frames: Float[Tensor, "*any frames keys"], m: Float[Tensor, "*any memory"]
    ) -> Float[Tensor, "*any keys"]:
        """frames: the last ones, the newest first."""
        around = functional.pad(frames, (self.reach, self.reach)).unfold(-1, 2 * self.reach + 1, 1)
        around = around.transpose(-3, -2).flatten(-2)
        first = self.window(around) + self.context(m)[..., None, :] + self.key.E
        return self.readout(self.hidden(self.dropout(torch.relu(first)))).squeeze(-1)


class KeyComposer(Model):
    """Keys by themselves: a memory of the frames, and a readout that predicts the next one.

    Weights: ``"memory.reader.W"``, ``"memory.memory.W"`` and so on, ``"readout.W"``, ``"readout.b"``; with a
    reach also those of ``Neighbours``, as ``"neighbours.window.W"``.

    keys: K, of the keyboard. hidden_size: of f and of h.
    reach: how many keys below and above itself a key looks at, in the last two frames; None leaves
        ``Neighbours`` out.
    key_size: of their hidden layers; without a reach there are none.
    recurrent: without, the memory sees the frame before, and no other.
    dropout: the share of f and of h that is left out in training. key_dropout: that of the keys' first hidden
        layer.
    dtype, rng, device: as for the recurrent layers.

    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        keys: int = 88,
        *,
        hidden_size: int,
        reach: int | None = None,
        key_size: int = 64,
        recurrent: bool = True,
        dropout: float = 0.0,
        key_dropout: float = 0.0,
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        sizes = {"keys": keys, "hidden_size": hidden_size, "key_size": key_size}
        sizes |= {} if reach is None else {"reach": reach}
        options = specs.composer(sizes, recurrent, dropout=dropout, key_dropout=key_dropout)
        super().__init__()
        self.options = options
        self.keys = keys
        made_with = {"dtype": dtype, "rng": generator(rng), "device": device}
        self.memory = Memory(keys, hidden_size, recurrent, dropout, made_with)
        memory = self.memory.output_size
        self.readout = Dense(memory, keys, **made_with)
        self.neighbours = None
        if reach is not None:
            self.neighbours = Neighbours(keys, reach, memory, key_size, key_dropout, made_with)

    def forward(self, x: Float[Tensor, "batch time keys"], lengths=None) -> Float[Tensor, "batch time keys"]:
        """Return the logits of every frame, each from the frames before it; the first from silence.

        x: 1 where a key sounds, 0 elsewhere.
        lengths: valid frames of each piece, as for the recurrent layers. What stands beyond them changes
        nothing before them. Raises ValueError or TypeError for frames or lengths that do not fit.
        """
        validation.check_input(x, self.keys, validation.dtype_of(self.readout.W))
        before = functional.pad(x, (0, 0, FRAMES, 0))
        last = [before[:, FRAMES - ago : FRAMES - ago + x.shape[1]] for ago in range(1, FRAMES + 1)]
        return self._logits(self.memory(x, lengths), torch.stack(last, dim=2))

    # Frame by frame, for rnnbook.tasks.music.sampling, in NumPy's arrays. The state is the
    # memory, and behind it the last frames if the keys look at their neighbours.

    def begin(self, batch: int) -> Float[np.ndarray, "batch state"]:
        """What is remembered before the first frame."""
        m = self.memory.begin(batch)
        frames = 0 if self.neighbours is None else FRAMES * self.keys
        return np.concatenate([m, np.zeros((batch, frames), m.dtype)], axis=1)

    @torch.no_grad()
    def probabilities(self, state: Float[np.ndarray, "batch state"]) -> Float[np.ndarray, "batch keys"]:
        """How probable each key is in the frame that comes next."""
        m, frames = self._remembered(state)
        return torch.sigmoid(self._logits(m, frames)).cpu().numpy()

    @torch.no_grad()
    def after(
        self, x: Float[np.ndarray, "batch keys"], state: Float[np.ndarray, "batch state"]
    ) -> Float[np.ndarray, "batch state"]:
        """What is remembered once the frame ``x`` is there."""
        m, frames = self._remembered(state)
        x = _on(self.readout.W, x)
        kept = torch.cat([x[:, None], frames], dim=1)[:, : frames.shape[1]]
        return torch.cat([self.memory.step(x, m), kept.flatten(1)], dim=1).cpu().numpy()

    def _remembered(self, state):
        size = self.memory.output_size
        state = _on(self.readout.W, state)
        return state[:, :size], state[:, size:].view(len(state), -1, self.keys)

    def _logits(self, m, frames):
        logits = self.readout(m)
        return logits if self.neighbours is None else logits + self.neighbours(frames, m)


class Voice(Model):
    """What one voice sings next, given the memory and the voices that were asked before it.

    Weights: ``"hidden.W"``, ``"hidden.b"``, ``"readout.W"``, ``"readout.b"``.
    """

    def __init__(self, input_size: int, size: int, symbols: int, made_with: dict) -> None:
        super().__init__()
        self.hidden = Dense(input_size, size, activation="relu", **made_with)
        self.readout = Dense(size, symbols, **made_with)

    def forward(self, seen: Float[Tensor, "*any input"], dropout) -> Float[Tensor, "*any symbols"]:
        return self.readout(dropout(self.hidden(seen)))


class VoiceComposer(Model):
    """Four voices: a memory of the frames, then soprano, bass, alto and tenor, each given those before it.

    Weights: ``"memory.reader.W"``, ``"memory.memory.W"`` and so on; for each voice
    ``"soprano.hidden.W"``, ``"soprano.hidden.b"``, ``"soprano.readout.W"``, ``"soprano.readout.b"``.

    symbols: V, what a voice can sing is 0..V-1, all voices alike.
    hidden_size: of f and of h. head_size: of a voice's own layer.
    recurrent: without, the memory sees the frame before, and no other.
    dropout: the share of f, of h and of each voice's layer that is left out in training.
    dtype, rng, device: as for the recurrent layers.

    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        symbols: int,
        *,
        hidden_size: int,
        head_size: int = 128,
        recurrent: bool = True,
        dropout: float = 0.0,
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        sizes = {"symbols": symbols, "hidden_size": hidden_size, "head_size": head_size}
        options = specs.composer(sizes, recurrent, dropout=dropout)
        super().__init__()
        self.options = options
        self.symbols = symbols
        made_with = {"dtype": dtype, "rng": generator(rng), "device": device}
        self.memory = Memory(len(VOICES) * symbols, hidden_size, recurrent, dropout, made_with)
        for asked, voice in enumerate(ORDER):
            seen = self.memory.output_size + asked * symbols
            head = Voice(seen, head_size, symbols, made_with)
            setattr(self, VOICES[voice], head)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, x: Int[Tensor, "batch time voices"], lengths=None
    ) -> Float[Tensor, "batch time voices symbols"]:
        """Return the logits of every voice in every frame: from the frames before, and the voices before.

        x: what soprano, alto, tenor and bass sing, in this order.
        lengths: valid frames of each piece, as for the recurrent layers. What stands beyond them changes
        nothing before them. Raises ValueError or TypeError for frames or lengths that do not fit.
        """
        validation.check_shape("x", x, ("batch", "time", len(VOICES)))
        validation.check_symbols(x.flatten(1), self.symbols, values=not torch.compiler.is_compiling())
        sung = self._one_hot(x)
        m = self.memory(sung.flatten(2), lengths)
        logits = [None] * len(VOICES)
        for asked, voice in enumerate(ORDER):
            logits[voice] = self._head(voice)(self._seen(m, sung, asked), self.dropout)
        return torch.stack(logits, dim=2)

    # Voice by voice, for rnnbook.tasks.music.sampling, in NumPy's arrays

    def begin(self, batch: int) -> Float[np.ndarray, "batch memory"]:
        """What is remembered before the first frame."""
        return self.memory.begin(batch)

    @torch.no_grad()
    def log_probabilities(
        self,
        asked: int,
        chosen: Int[np.ndarray, "batch voices"],
        state: Float[np.ndarray, "batch memory"],
    ) -> Float[np.ndarray, "batch symbols"]:
        """What the voice ``ORDER[asked]`` may sing next, without dropout.

        chosen: what the four sing; of it only the voices asked before are read.
        """
        weight = self.soprano.readout.W
        seen = self._seen(_on(weight, state), self._one_hot(_on(weight, chosen)), asked)
        logits = self._head(ORDER[asked])(seen, nn.Identity())
        return torch.log_softmax(logits, dim=1).cpu().numpy()

    @torch.no_grad()
    def after(
        self, chosen: Int[np.ndarray, "batch voices"], state: Float[np.ndarray, "batch memory"]
    ) -> Float[np.ndarray, "batch memory"]:
        """What is remembered once the four voices have sung ``chosen``."""
        weight = self.soprano.readout.W
        x = self._one_hot(_on(weight, chosen)).flatten(1)
        return self.memory.step(x, _on(weight, state)).cpu().numpy()

    def _head(self, voice: int) -> Voice:
        return getattr(self, VOICES[voice])

    def _one_hot(self, x):
        return functional.one_hot(x.long(), self.symbols).to(self.soprano.readout.W.dtype)

    def _seen(self, m, sung, asked: int):
        """What a voice is told: the memory, and those voices that were asked before it."""
        return torch.cat([m, *(sung[..., voice, :] for voice in ORDER[:asked])], dim=-1)


def key_loss(model, x: Float[Tensor, "batch time keys"], lengths: Int[Tensor, " batch"]) -> Tensor:
    """The loss for ``fit``: nats a frame, the cross-entropies of all keys added up."""
    logits = model(x, lengths)
    nats = functional.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=2)
    return _mean(nats, lengths)


def voice_loss(model, x: Int[Tensor, "batch time voices"], lengths: Int[Tensor, " batch"]) -> Tensor:
    """The loss for ``fit``: nats a frame, the cross-entropies of the four voices added up."""
    logits = model(x, lengths)
    nats = functional.cross_entropy(logits.flatten(0, 2), x.flatten().long(), reduction="none")
    return _mean(nats.view(x.shape).sum(dim=2), lengths)


def _mean(nats, lengths):
    valid = valid_steps(lengths, nats[:, :, None]).squeeze(-1)
    return torch.where(valid, nats, 0).sum() / valid.sum()


def _on(weight: Tensor, array: np.ndarray) -> Tensor:
    return torch.as_tensor(array, device=weight.device)
