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

from functools import partial

import numpy as np
import tensorflow as tf

from rnnbook import specs, validation
from rnnbook.specs import LOOKBACK, VOICE_ORDER, VOICES
from rnnbook.tensorflow.dense import Dense
from rnnbook.tensorflow.embedding import Embedding
from rnnbook.tensorflow.gru import GRU
from rnnbook.tensorflow.layer import (
    as_array,
    as_indices,
    check_lengths,
    check_sequences,
    check_token_ids,
    is_symbolic,
    make_dropout,
)
from rnnbook.tensorflow.weights import ApplicationModel, Model, dtype_name, resolve_rng


class LastFrameEncoder(Model):
    """What is left of the frames so far, without recurrence: ``m_t = f_t``.

    Weights: ``"reader.W"``, ``"reader.b"``.
    """

    def __init__(self, input_size: int, size: int, factory_kwargs: dict) -> None:
        super().__init__(dtype=dtype_name(factory_kwargs["dtype"]))
        self.reader = Dense(input_size, size, activation="relu", **factory_kwargs)
        self.output_size = size

    def call(self, x, lengths=None, dropout=tf.identity):
        """The memory *before* every frame ``(B, T, M)``; before the first it has read a frame of silence."""
        return dropout(self.reader(tf.pad(x[:, :-1], [[0, 0], [1, 0], [0, 0]])))

    def step(self, x, memory):
        """The memory after the frame ``x (B, D)``, without dropout; ``memory`` None if it is the first."""
        return self.reader(x)

    def init_state(self, batch: int) -> np.ndarray:
        """The memory before the first frame, ``(B, M)``."""
        validation.check_size("batch", batch)
        return self.step(tf.zeros((batch, self.reader.input_size), self.reader.dtype), None).numpy()


class HistoryEncoder(LastFrameEncoder):
    """What is left of the frames so far: ``m_t = [f_t, h_t]``.

    Weights: ``"reader.W"``, ``"reader.b"``, and those of a ``GRU`` as ``"memory.W"`` and so on.
    """

    def __init__(self, input_size: int, size: int, factory_kwargs: dict) -> None:
        super().__init__(input_size, size, factory_kwargs)
        self.memory = GRU(size, size, **factory_kwargs)
        self.output_size = 2 * size

    def call(self, x, lengths=None, dropout=tf.identity):
        f = super().call(x, dropout=dropout)
        h, _ = self.memory(f, lengths=lengths)
        return tf.concat([f, dropout(h)], axis=2)

    def step(self, x, memory):
        f = super().step(x, memory)
        h = tf.zeros_like(f) if memory is None else memory[:, self.memory.hidden_size :]
        return tf.concat([f, self.memory.step(f, h)[0]], axis=1)


class TiedKeyNetwork(Model):
    """One small network that says something of every key: s of the module's head.

    Weights: ``"window.W"`` and ``"window.b"`` (A), ``"context.W"`` and ``"context.b"`` (P), ``"key.E"`` (e),
    ``"hidden.W"`` and ``"hidden.b"`` (C and c), ``"readout.W"`` and ``"readout.b"`` (v).
    """

    def __init__(
        self, num_keys: int, context_size: int, memory_size: int, size: int, factory_kwargs: dict
    ) -> None:
        super().__init__(dtype=dtype_name(factory_kwargs["dtype"]))
        self.context_size, self.num_keys = context_size, num_keys
        self.window = Dense(LOOKBACK * (2 * context_size + 1), size, **factory_kwargs)
        self.context = Dense(memory_size, size, **factory_kwargs)
        self.key = Embedding(num_keys, size, **factory_kwargs)
        self.key.load_params({name: 0 * E for name, E in self.key.params.items()})  # all keys begin alike
        self.hidden = Dense(size, size, activation="relu", **factory_kwargs)
        self.readout = Dense(size, 1, **factory_kwargs)

    def call(self, frames, memory, dropout=tf.identity):
        """What it says, ``(..., K)``.

        frames: the last ones ``(..., F, K)``, the newest first. memory: ``(..., M)``.
        """
        width = 2 * self.context_size + 1
        sides = [[0, 0]] * (len(frames.shape) - 1) + [[self.context_size, self.context_size]]
        padded = tf.pad(frames, sides)
        windows = tf.stack([padded[..., by : by + self.num_keys] for by in range(width)], axis=-1)
        windows = tf.concat([windows[..., ago, :, :] for ago in range(LOOKBACK)], axis=-1)
        first = self.window(windows) + self.context(memory)[..., None, :]
        first += self.key(tf.range(self.num_keys))
        return tf.squeeze(self.readout(self.hidden(dropout(tf.nn.relu(first)))), axis=-1)


class PianoRollModel(ApplicationModel):
    """Keys by themselves: a memory of the frames, and a readout that predicts the next one.

    Weights: ``"memory.reader.W"``, ``"memory.memory.W"`` and so on, ``"readout.W"``, ``"readout.b"``; with a
    context also those of ``TiedKeyNetwork``, as ``"neighbours.window.W"``.

    num_keys: K, of the keyboard. hidden_size: of f and of h.
    context_size: how many keys below and above itself a key looks at, in the last two frames; None leaves
        ``TiedKeyNetwork`` out.
    key_size: of its hidden layers; without a context there are none.
    dropout: the share of f and of h that is left out in training. key_dropout: that of the keys' first hidden
        layer.
    dtype, rng: as for the recurrent layers.
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
        dtype=None,
        rng=None,
    ) -> None:
        super().__init__(dtype)
        self.options = specs.checked(locals(), context_size=validation.check_size_or_none)
        self.num_keys = num_keys
        factory_kwargs = {"dtype": self.dtype, "rng": resolve_rng(rng)}
        self.memory = self.ENCODER(num_keys, hidden_size, factory_kwargs)
        memory_size = self.memory.output_size
        self.readout = Dense(memory_size, num_keys, **factory_kwargs)
        self.neighbours = None
        if context_size is not None:
            self.neighbours = TiedKeyNetwork(num_keys, context_size, memory_size, key_size, factory_kwargs)
        self.dropout = make_dropout(dropout, **factory_kwargs)
        self.key_dropout = make_dropout(key_dropout, **factory_kwargs)

    def __call__(self, x, lengths=None, training=False):
        """Return the logits ``(B, T, K)`` of every frame of ``x (B, T, K)``, each from the frames before it.

        x: 1 where a key sounds, 0 elsewhere. The first frame is predicted from silence.
        lengths: valid frames of each piece, as for the recurrent layers. What stands beyond them changes
        nothing before them. training: whether dropout is on.
        Raises ValueError or TypeError for frames or lengths that do not fit.
        """
        x, lengths = check_sequences(x, lengths, self.num_keys, self.dtype)
        return super().__call__(x, lengths=lengths, training=training)

    def call(self, x, lengths=None, training=False):
        dropout, key_dropout = (partial(each, training=training) for each in (self.dropout, self.key_dropout))
        time = tf.shape(x)[1]
        padded = tf.pad(x, [[0, 0], [LOOKBACK, 0], [0, 0]])
        last = [padded[:, LOOKBACK - ago : LOOKBACK - ago + time] for ago in range(1, LOOKBACK + 1)]
        memory = self.memory(x, lengths=lengths, dropout=dropout)
        return self._logits(memory, tf.stack(last, axis=2), key_dropout)

    # Frame by frame, for rnnbook.tasks.music.sampling, in NumPy's arrays. The state is the
    # memory, and behind it the last frames if the keys look at their neighbours.

    def init_state(self, batch: int) -> np.ndarray:
        """What is remembered before the first frame: ``(B, S)``."""
        memory = self.memory.init_state(batch)
        frames = 0 if self.neighbours is None else LOOKBACK * self.num_keys
        return np.concatenate([memory, np.zeros((batch, frames), memory.dtype)], axis=1)

    def probabilities(self, state) -> np.ndarray:
        """How probable each key is in the frame that comes next: ``(B, K)`` for a state ``(B, S)``."""
        return tf.sigmoid(self._logits(*self._split_state(state))).numpy()

    def update_state(self, x, state) -> np.ndarray:
        """What is remembered, ``(B, S)``, once the frame ``x (B, K)`` is there."""
        memory, frames = self._split_state(state)
        x = tf.convert_to_tensor(x)
        last = tf.concat([x[:, None], frames], axis=1)[:, : frames.shape[1]]
        return tf.concat([self.memory.step(x, memory), tf.reshape(last, (len(x), -1))], axis=1).numpy()

    def _split_state(self, state):
        size, frames = self.memory.output_size, 0 if self.neighbours is None else LOOKBACK
        state = tf.convert_to_tensor(state)
        return state[:, :size], tf.reshape(state[:, size:], (len(state), frames, self.num_keys))

    def _logits(self, memory, frames, dropout=tf.identity):
        logits = self.readout(memory)
        if self.neighbours is None:
            return logits
        return logits + self.neighbours(frames, memory, dropout=dropout)


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
        super().__init__(dtype=dtype_name(factory_kwargs["dtype"]))
        self.hidden = Dense(input_size, size, activation="relu", **factory_kwargs)
        self.readout = Dense(size, vocab_size, **factory_kwargs)

    def call(self, x, dropout):
        return self.readout(dropout(self.hidden(x)))


class SATBModel(ApplicationModel):
    """Four voices: a memory of the frames, then soprano, bass, alto and tenor, each given those before it.

    Weights: ``"memory.reader.W"``, ``"memory.memory.W"`` and so on; for each voice
    ``"soprano.hidden.W"``, ``"soprano.hidden.b"``, ``"soprano.readout.W"``, ``"soprano.readout.b"``.

    vocab_size: V, what a voice can sing is 0..V-1, all voices alike.
    hidden_size: of f and of h. head_size: of a voice's own layer.
    dropout: the share of f, of h and of each voice's layer that is left out in training.
    dtype, rng: as for the recurrent layers.
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
        dtype=None,
        rng=None,
    ) -> None:
        super().__init__(dtype)
        self.options = specs.checked(locals())
        self.vocab_size = vocab_size
        factory_kwargs = {"dtype": self.dtype, "rng": resolve_rng(rng)}
        self.memory = self.ENCODER(len(VOICES) * vocab_size, hidden_size, factory_kwargs)
        for asked_before, voice in enumerate(VOICE_ORDER):
            input_size = self.memory.output_size + asked_before * vocab_size
            setattr(self, VOICES[voice], VoiceHead(input_size, head_size, vocab_size, factory_kwargs))
        self.dropout = make_dropout(dropout, **factory_kwargs)

    def __call__(self, x, lengths=None, training=False):
        """Return the logits ``(B, T, 4, V)`` of every voice in every frame of ``x (B, T, 4)``.

        Each rests on the frames before, and on the voices that were asked before in its frame.
        x: integers, what soprano, alto, tenor and bass sing, in this order.
        lengths: valid frames of each piece, as for the recurrent layers. What stands beyond them changes
        nothing before them. training: whether dropout is on.
        Raises ValueError or TypeError for frames or lengths that do not fit.
        """
        x = as_array("x", x)
        validation.check_shape("x", x, ("batch", "time", len(VOICES)))
        check_token_ids(
            x[:, :, 0] if is_symbolic(x) else np.reshape(x, (len(x), x.shape[1] * x.shape[2])),
            self.vocab_size,
        )
        check_lengths(lengths, x)
        return super().__call__(x, lengths=lengths, training=training)

    def call(self, x, lengths=None, training=False):
        dropout = partial(self.dropout, training=training)
        one_hot = self._one_hot(x)
        memory = self.memory(_side_by_side(one_hot), lengths=lengths, dropout=dropout)
        logits = {voice: self._logits(voice, memory, one_hot, dropout) for voice in VOICE_ORDER}
        return tf.stack([logits[voice] for voice in range(len(VOICES))], axis=2)

    # Voice by voice, for rnnbook.tasks.music.sampling, in NumPy's arrays

    def init_state(self, batch: int) -> np.ndarray:
        """What is remembered before the first frame: ``(B, M)``."""
        return self.memory.init_state(batch)

    def log_probabilities(self, voice: int, symbols, state) -> np.ndarray:
        """What a voice may sing next, without dropout: ``(B, V)``.

        voice: its index in ``VOICES``. symbols: what the four sing ``(B, 4)``; of it only those voices are
        read that ``VOICE_ORDER`` asks before this one. state: what is remembered, ``(B, M)``.
        """
        logits = self._logits(voice, tf.convert_to_tensor(state), self._one_hot(symbols))
        return tf.nn.log_softmax(logits, axis=1).numpy()

    def update_state(self, symbols, state) -> np.ndarray:
        """What is remembered, ``(B, M)``, once the four voices have sung ``symbols (B, 4)``."""
        x = _side_by_side(self._one_hot(symbols))
        return self.memory.step(x, tf.convert_to_tensor(state)).numpy()

    def _one_hot(self, x):
        return tf.one_hot(as_indices(as_array("x", x)), self.vocab_size, dtype=self.dtype)

    def _logits(self, voice: int, memory, one_hot, dropout=tf.identity):
        """A voice is told what is remembered, and what those sing that were asked before it."""
        before = VOICE_ORDER[: VOICE_ORDER.index(voice)]
        x = tf.concat([memory, *(one_hot[..., other, :] for other in before)], axis=-1)
        return getattr(self, VOICES[voice])(x, dropout=dropout)


class MarkovSATBModel(SATBModel):
    """An ``SATBModel`` without recurrence: it sees the frame before, and no other.

    Weights: those of an ``SATBModel`` without ``"memory.memory"``. Arguments as for ``SATBModel``.
    """

    ENCODER = LastFrameEncoder


def piano_roll_loss(model, x, lengths):
    """The loss for ``fit``: nats a frame, the cross-entropies of all keys added up.

    x: ``(B, T, K)``. lengths: ``(B,)``.
    """
    nats = tf.nn.sigmoid_cross_entropy_with_logits(x, model(x, lengths))
    return _mean_over_valid(tf.reduce_sum(nats, axis=2), lengths)


def satb_loss(model, x, lengths):
    """The loss for ``fit``: nats a frame, the cross-entropies of the four voices added up.

    x: ``(B, T, 4)``. lengths: ``(B,)``.
    """
    nats = tf.nn.sparse_softmax_cross_entropy_with_logits(as_indices(x), model(x, lengths))
    return _mean_over_valid(tf.reduce_sum(nats, axis=2), lengths)


def _mean_over_valid(nats, lengths):
    return tf.reduce_mean(tf.boolean_mask(nats, tf.sequence_mask(lengths, tf.shape(nats)[1])))


def _side_by_side(one_hot):
    shape = tf.shape(one_hot)
    size = one_hot.shape[-2] * one_hot.shape[-1]
    return tf.reshape(one_hot, tf.concat([shape[:-2], [size]], axis=0))
