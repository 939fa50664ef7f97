"""Go on with a piece of music: what sounds on the next beat, given all beats before it.

    f_t = relu(V x_t + c)      h_t = GRU(f_t, h_{t-1})      m_t = [f_t, h_t]

    PianoRollModel    p(key k sounds at t) = σ(W m_{t-1} + b + s_t)_k
    SATBModel         p(voice v sings n at t) = softmax(g_v(m_{t-1}, the voices asked before v))_n

m is what the model remembers: f of the last frame alone, h of all. Without h there is no recurrence left: the
``Markov`` models know the frame before, and no other.

s is 0, or what one small network says of every key, the same network for all of them. It looks at the keys
around k in the last two frames, n_k, at what is remembered, and at which key k is:

    s_tk = v · relu(C relu(A n_k + P m_{t-1} + e_k) + c)

A piano roll takes each key for itself: given the past, it knows nothing of which keys sound together. SATB
asks soprano, bass, alto and tenor in turn, and tells each what those before it sing.

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
from rnnbook.specs import LOOKBACK, VOICE_ORDER, VOICES
from rnnbook.torch.dense import Dense
from rnnbook.torch.embedding import Embedding
from rnnbook.torch.gru import GRU
from rnnbook.torch.layer import check_ids, check_tensor, sequence_mask
from rnnbook.torch.weights import Model, evaluating, from_numpy, resolve_rng, to_numpy


class LastFrameEncoder(Model):
    """What is left of the frames so far, without recurrence: ``m_t = f_t``.

    Weights: ``"reader.W"``, ``"reader.b"``.
    """

    def __init__(self, input_size: int, size: int, dropout: float, factory_kwargs: dict) -> None:
        super().__init__()
        self.reader = Dense(input_size, size, activation="relu", **factory_kwargs)
        self.dropout = nn.Dropout(dropout)
        self.output_size = size

    def forward(
        self, x: Float[Tensor, "batch time input"], lengths=None
    ) -> Float[Tensor, "batch time output"]:
        """The memory *before* every frame; before the first it has read a frame of silence."""
        return self.dropout(self.reader(functional.pad(x[:, :-1], (0, 0, 1, 0))))

    def step(self, x: Float[Tensor, "batch input"], memory: Float[Tensor, "batch output"] | None) -> Tensor:
        """The memory after the frame ``x``, without dropout; ``memory`` None if it is the first."""
        return self.reader(x)

    @torch.no_grad()
    def init_state(self, batch: int) -> Float[np.ndarray, "batch output"]:
        """The memory before the first frame."""
        validation.check_size("batch", batch)
        with evaluating(self):
            return to_numpy(self.step(self.reader.W.new_zeros(batch, self.reader.input_size), None))


class HistoryEncoder(LastFrameEncoder):
    """What is left of the frames so far: ``m_t = [f_t, h_t]``.

    Weights: ``"reader.W"``, ``"reader.b"``, and those of a ``GRU`` as ``"memory.W"`` and so on.
    """

    def __init__(self, input_size: int, size: int, dropout: float, factory_kwargs: dict) -> None:
        super().__init__(input_size, size, dropout, factory_kwargs)
        self.memory = GRU(size, size, **factory_kwargs)
        self.output_size = 2 * size

    def forward(self, x, lengths=None):
        f = super().forward(x)
        h, _ = self.memory(f, lengths=lengths)
        return torch.cat([f, self.dropout(h)], dim=2)

    def step(self, x, memory):
        f = super().step(x, memory)
        h = torch.zeros_like(f) if memory is None else memory[:, self.memory.hidden_size :]
        return torch.cat([f, self.memory.step(f, h)[0]], dim=1)


class TiedKeyNetwork(Model):
    """One small network that says something of every key: s of the module's head.

    Weights: ``"window.W"`` and ``"window.b"`` (A), ``"context.W"`` and ``"context.b"`` (P), ``"key.E"`` (e),
    ``"hidden.W"`` and ``"hidden.b"`` (C and c), ``"readout.W"`` and ``"readout.b"`` (v).
    """

    def __init__(
        self,
        num_keys: int,
        context_size: int,
        memory_size: int,
        size: int,
        dropout: float,
        factory_kwargs: dict,
    ) -> None:
        super().__init__()
        self.context_size = context_size
        self.window = Dense(LOOKBACK * (2 * context_size + 1), size, **factory_kwargs)
        self.context = Dense(memory_size, size, **factory_kwargs)
        self.key = Embedding(num_keys, size, **factory_kwargs)
        self.key.load_params({name: 0 * E for name, E in self.key.params.items()})  # all keys begin alike
        self.hidden = Dense(size, size, activation="relu", **factory_kwargs)
        self.readout = Dense(size, 1, **factory_kwargs)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, frames: Float[Tensor, "*any frames keys"], memory: Float[Tensor, "*any memory"]
    ) -> Float[Tensor, "*any keys"]:
        """frames: the last ones, the newest first."""
        around = self.context_size
        windows = functional.pad(frames, (around, around)).unfold(-1, 2 * around + 1, 1)
        windows = windows.transpose(-3, -2).flatten(-2)
        first = self.window(windows) + self.context(memory)[..., None, :] + self.key.E
        return self.readout(self.hidden(self.dropout(torch.relu(first)))).squeeze(-1)


class PianoRollModel(Model):
    """Keys by themselves: a memory of the frames, and a readout that predicts the next one.

    Weights: ``"memory.reader.W"``, ``"memory.memory.W"`` and so on, ``"readout.W"``, ``"readout.b"``; with a
    context also those of ``TiedKeyNetwork``, as ``"neighbours.window.W"``.

    num_keys: K, of the keyboard. hidden_size: of f and of h.
    context_size: how many keys below and above itself a key looks at, in the last two frames; None leaves
        ``TiedKeyNetwork`` out.
    key_size: of its hidden layers; without a context there are none.
    dropout: the share of f and of h that is left out in training. key_dropout: that of the keys' first hidden
        layer.
    dtype, rng, device: as for the recurrent layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    ENCODER: type[LastFrameEncoder] = HistoryEncoder

    def __init__(
        self,
        num_keys: int = 88,
        *,
        hidden_size: int,
        context_size: int | None = None,
        key_size: int = 64,
        dropout: float = 0.0,
        key_dropout: float = 0.0,
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        super().__init__()
        self.options = specs.checked(locals(), context_size=validation.check_size_or_none)
        self.num_keys = num_keys
        factory_kwargs = {"dtype": dtype, "rng": resolve_rng(rng), "device": device}
        self.memory = self.ENCODER(num_keys, hidden_size, dropout, factory_kwargs)
        memory_size = self.memory.output_size
        self.readout = Dense(memory_size, num_keys, **factory_kwargs)
        self.neighbours = None
        if context_size is not None:
            sizes = num_keys, context_size, memory_size, key_size
            self.neighbours = TiedKeyNetwork(*sizes, key_dropout, factory_kwargs)

    def forward(self, x: Float[Tensor, "batch time keys"], lengths=None) -> Float[Tensor, "batch time keys"]:
        """Return the logits of every frame, each from the frames before it; the first from silence.

        x: 1 where a key sounds, 0 elsewhere.
        lengths: valid frames of each piece, as for the recurrent layers. What stands beyond them changes
        nothing before them. Raises ValueError or TypeError for frames or lengths that do not fit.
        """
        validation.check_input(x, self.num_keys, validation.dtype_of(self.readout.W))
        check_tensor("x", x)
        padded = functional.pad(x, (0, 0, LOOKBACK, 0))
        last = [padded[:, LOOKBACK - ago : LOOKBACK - ago + x.shape[1]] for ago in range(1, LOOKBACK + 1)]
        return self._logits(self.memory(x, lengths), torch.stack(last, dim=2))

    # Frame by frame, for rnnbook.tasks.music.sampling, in NumPy's arrays. The state is the
    # memory, and behind it the last frames if the keys look at their neighbours.

    def init_state(self, batch: int) -> Float[np.ndarray, "batch state"]:
        """What is remembered before the first frame."""
        memory = self.memory.init_state(batch)
        frames = 0 if self.neighbours is None else LOOKBACK * self.num_keys
        return np.concatenate([memory, np.zeros((batch, frames), memory.dtype)], axis=1)

    @torch.no_grad()
    def probabilities(self, state: Float[np.ndarray, "batch state"]) -> Float[np.ndarray, "batch keys"]:
        """How probable each key is in the frame that comes next, without dropout."""
        with evaluating(self):
            return to_numpy(torch.sigmoid(self._logits(*self._split_state(state))))

    @torch.no_grad()
    def update_state(
        self, x: Float[np.ndarray, "batch keys"], state: Float[np.ndarray, "batch state"]
    ) -> Float[np.ndarray, "batch state"]:
        """What is remembered once the frame ``x`` is there."""
        memory, frames = self._split_state(state)
        x = from_numpy("x", x, self.readout.W)
        last = torch.cat([x[:, None], frames], dim=1)[:, : frames.shape[1]]
        with evaluating(self):
            return to_numpy(torch.cat([self.memory.step(x, memory), last.flatten(1)], dim=1))

    def _split_state(self, state):
        size = self.memory.output_size
        state = from_numpy("state", state, self.readout.W)
        return state[:, :size], state[:, size:].view(len(state), -1, self.num_keys)

    def _logits(self, memory, frames):
        logits = self.readout(memory)
        return logits if self.neighbours is None else logits + self.neighbours(frames, memory)


class MarkovPianoRollModel(PianoRollModel):
    """A ``PianoRollModel`` without recurrence: it sees the frame before, and with a context one more.

    Weights: those of a ``PianoRollModel`` without ``"memory.memory"``. Arguments as for ``PianoRollModel``.
    """

    ENCODER = LastFrameEncoder


class VoiceHead(Model):
    """What one voice sings next, given the memory and the voices that were asked before it.

    Weights: ``"hidden.W"``, ``"hidden.b"``, ``"readout.W"``, ``"readout.b"``.
    """

    def __init__(self, input_size: int, size: int, vocab_size: int, factory_kwargs: dict) -> None:
        super().__init__()
        self.hidden = Dense(input_size, size, activation="relu", **factory_kwargs)
        self.readout = Dense(size, vocab_size, **factory_kwargs)

    def forward(self, x: Float[Tensor, "*any input"], dropout) -> Float[Tensor, "*any symbols"]:
        return self.readout(dropout(self.hidden(x)))


class SATBModel(Model):
    """Four voices: a memory of the frames, then soprano, bass, alto and tenor, each given those before it.

    Weights: ``"memory.reader.W"``, ``"memory.memory.W"`` and so on; for each voice
    ``"soprano.hidden.W"``, ``"soprano.hidden.b"``, ``"soprano.readout.W"``, ``"soprano.readout.b"``.

    vocab_size: V, what a voice can sing is 0..V-1, all voices alike.
    hidden_size: of f and of h. head_size: of a voice's own layer.
    dropout: the share of f, of h and of each voice's layer that is left out in training.
    dtype, rng, device: as for the recurrent layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    ENCODER: type[LastFrameEncoder] = HistoryEncoder

    def __init__(
        self,
        vocab_size: int,
        *,
        hidden_size: int,
        head_size: int = 128,
        dropout: float = 0.0,
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        super().__init__()
        self.options = specs.checked(locals())
        self.vocab_size = vocab_size
        factory_kwargs = {"dtype": dtype, "rng": resolve_rng(rng), "device": device}
        self.memory = self.ENCODER(len(VOICES) * vocab_size, hidden_size, dropout, factory_kwargs)
        for asked_before, voice in enumerate(VOICE_ORDER):
            input_size = self.memory.output_size + asked_before * vocab_size
            setattr(self, VOICES[voice], VoiceHead(input_size, head_size, vocab_size, factory_kwargs))
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
        x = check_ids(x, self.vocab_size)
        one_hot = self._one_hot(x)
        memory = self.memory(one_hot.flatten(2), lengths)
        logits = {voice: self._logits(voice, memory, one_hot) for voice in VOICE_ORDER}
        return torch.stack([logits[voice] for voice in range(len(VOICES))], dim=2)

    # Voice by voice, for rnnbook.tasks.music.sampling, in NumPy's arrays

    def init_state(self, batch: int) -> Float[np.ndarray, "batch memory"]:
        """What is remembered before the first frame."""
        return self.memory.init_state(batch)

    @torch.no_grad()
    def log_probabilities(
        self, voice: int, symbols: Int[np.ndarray, "batch voices"], state: Float[np.ndarray, "batch memory"]
    ) -> Float[np.ndarray, "batch symbols"]:
        """What a voice may sing next, without dropout.

        voice: its index in ``VOICES``. symbols: what the four sing; of it only those voices are read that
        ``VOICE_ORDER`` asks before this one.
        """
        like = self.soprano.readout.W
        state, symbols = from_numpy("state", state, like), from_numpy("symbols", symbols, like)
        with evaluating(self):
            logits = self._logits(voice, state, self._one_hot(symbols))
        return to_numpy(torch.log_softmax(logits, dim=1))

    @torch.no_grad()
    def update_state(
        self, symbols: Int[np.ndarray, "batch voices"], state: Float[np.ndarray, "batch memory"]
    ) -> Float[np.ndarray, "batch memory"]:
        """What is remembered once the four voices have sung ``symbols``."""
        like = self.soprano.readout.W
        x = self._one_hot(from_numpy("symbols", symbols, like)).flatten(1)
        with evaluating(self):
            return to_numpy(self.memory.step(x, from_numpy("state", state, like)))

    def _one_hot(self, x):
        return functional.one_hot(x.long(), self.vocab_size).to(self.soprano.readout.W.dtype)

    def _logits(self, voice: int, memory, one_hot):
        """A voice is told what is remembered, and what those sing that were asked before it."""
        before = VOICE_ORDER[: VOICE_ORDER.index(voice)]
        x = torch.cat([memory, *(one_hot[..., other, :] for other in before)], dim=-1)
        return getattr(self, VOICES[voice])(x, self.dropout)


class MarkovSATBModel(SATBModel):
    """An ``SATBModel`` without recurrence: it sees the frame before, and no other.

    Weights: those of an ``SATBModel`` without ``"memory.memory"``. Arguments as for ``SATBModel``.
    """

    ENCODER = LastFrameEncoder


def piano_roll_loss(model, x: Float[Tensor, "batch time keys"], lengths: Int[Tensor, " batch"]) -> Tensor:
    """The loss for ``fit``: nats a frame, the cross-entropies of all keys added up."""
    logits = model(x, lengths)
    nats = functional.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=2)
    return _mean_over_valid(nats, lengths)


def satb_loss(model, x: Int[Tensor, "batch time voices"], lengths: Int[Tensor, " batch"]) -> Tensor:
    """The loss for ``fit``: nats a frame, the cross-entropies of the four voices added up."""
    logits = model(x, lengths)
    nats = functional.cross_entropy(logits.flatten(0, 2), x.flatten().long(), reduction="none")
    return _mean_over_valid(nats.view(x.shape).sum(dim=2), lengths)


def _mean_over_valid(nats, lengths):
    valid = sequence_mask(lengths, nats[:, :, None]).squeeze(-1)
    return torch.where(valid, nats, 0).sum() / valid.sum()
