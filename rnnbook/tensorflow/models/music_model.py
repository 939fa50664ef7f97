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

from functools import partial

import keras
import numpy as np
import tensorflow as tf

from rnnbook import specs, validation
from rnnbook.tensorflow.dense import Dense
from rnnbook.tensorflow.embedding import Embedding
from rnnbook.tensorflow.gru import GRU
from rnnbook.tensorflow.layer import check_lengths
from rnnbook.tensorflow.weights import Model, dtype_name, generator

VOICES = ("soprano", "alto", "tenor", "bass")
ORDER = (0, 3, 1, 2)  # who is asked first: the tune, then the bass that carries it
FRAMES = 2  # that a key and its neighbours are looked at in


class Memory(Model):
    """What is left of the frames so far: ``m_t = [f_t, h_t]``, or ``f_t`` alone.

    Weights: ``"reader.W"``, ``"reader.b"``, and those of a ``GRU`` as ``"memory.W"`` and so on.
    """

    def __init__(self, input_size: int, size: int, recurrent: bool, made_with: dict) -> None:
        super().__init__(dtype=dtype_name(made_with["dtype"]))
        self.reader = Dense(input_size, size, activation="relu", **made_with)
        self.memory = GRU(size, size, **made_with) if recurrent else None
        self.output_size = 2 * size if recurrent else size
        self.built = True

    def call(self, x, lengths=None, dropout=tf.identity):
        """The memory *before* every frame; before the first it has read a frame of silence."""
        f = dropout(self.reader(tf.pad(x[:, :-1], [[0, 0], [1, 0], [0, 0]])))
        if self.memory is None:
            return f
        h, _ = self.memory(f, lengths=lengths)
        return tf.concat([f, dropout(h)], axis=2)

    def step(self, x, m):
        """The memory after the frame ``x (B, D)``, without dropout; ``m`` None if it is the first."""
        f = self.reader(x)
        if self.memory is None:
            return f
        size = self.memory.hidden_size
        h = tf.zeros_like(f) if m is None else m[:, size:]
        return tf.concat([f, self.memory.step(f, h)[0]], axis=1)

    def begin(self, batch: int):
        """The memory before the first frame."""
        return self.step(tf.zeros((batch, self.reader.input_size), self.reader.dtype), None).numpy()


class Neighbours(Model):
    """One small network that says something of every key: s of the module's head.

    Weights: ``"window.W"`` and ``"window.b"`` (A), ``"context.W"`` and ``"context.b"`` (P), ``"key.E"`` (e),
    ``"hidden.W"`` and ``"hidden.b"`` (C and c), ``"readout.W"`` and ``"readout.b"`` (v).
    """

    def __init__(self, keys: int, reach: int, memory: int, size: int, made_with: dict) -> None:
        super().__init__(dtype=dtype_name(made_with["dtype"]))
        self.reach, self.keys = reach, keys
        self.window = Dense(FRAMES * (2 * reach + 1), size, **made_with)
        self.context = Dense(memory, size, **made_with)
        self.key = Embedding(keys, size, **made_with)
        self.key.load_params({name: 0 * E for name, E in self.key.params().items()})  # all keys begin alike
        self.hidden = Dense(size, size, activation="relu", **made_with)
        self.readout = Dense(size, 1, **made_with)
        self.built = True

    def call(self, frames, m, dropout=tf.identity):
        """What it says, ``(..., K)``.

        frames: the last ones ``(..., F, K)``, the newest first. m: the memory, ``(..., M)``.
        """
        width = 2 * self.reach + 1
        sides = [[0, 0]] * (len(frames.shape) - 1) + [[self.reach, self.reach]]
        padded = tf.pad(frames, sides)
        around = tf.stack([padded[..., by : by + self.keys] for by in range(width)], axis=-1)
        around = tf.concat([around[..., ago, :, :] for ago in range(FRAMES)], axis=-1)
        first = self.window(around) + self.context(m)[..., None, :] + self.key(tf.range(self.keys))
        return tf.squeeze(self.readout(self.hidden(dropout(tf.nn.relu(first)))), axis=-1)


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
    dtype, rng: as for the recurrent layers.

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
        dtype="float32",
        rng=None,
    ) -> None:
        sizes = {"keys": keys, "hidden_size": hidden_size, "key_size": key_size}
        sizes |= {} if reach is None else {"reach": reach}
        options = specs.composer(sizes, recurrent, dropout=dropout, key_dropout=key_dropout)
        super().__init__(dtype=dtype_name(dtype))
        self.options = options
        self.keys = keys
        made_with = {"dtype": dtype, "rng": generator(rng)}
        self.memory = Memory(keys, hidden_size, recurrent, made_with)
        memory = self.memory.output_size
        self.readout = Dense(memory, keys, **made_with)
        self.neighbours = None
        if reach is not None:
            self.neighbours = Neighbours(keys, reach, memory, key_size, made_with)
        self.dropout = _dropout(dropout, made_with)
        self.key_dropout = _dropout(key_dropout, made_with)
        self.built = True

    def __call__(self, x, lengths=None, training=False):
        """Return the logits ``(B, T, K)`` of every frame of ``x (B, T, K)``, each from the frames before it.

        x: 1 where a key sounds, 0 elsewhere. The first frame is predicted from silence.
        lengths: valid frames of each piece, as for the recurrent layers. What stands beyond them changes
        nothing before them. training: whether dropout is on.
        Raises ValueError or TypeError for frames or lengths that do not fit.
        """
        validation.check_input(x, self.keys, self.readout.dtype)
        check_lengths(lengths, x)
        return super().__call__(tf.convert_to_tensor(x), lengths=lengths, training=training)

    def call(self, x, lengths=None, training=False):
        dropout, key_dropout = (partial(each, training=training) for each in (self.dropout, self.key_dropout))
        time = tf.shape(x)[1]
        before = tf.pad(x, [[0, 0], [FRAMES, 0], [0, 0]])
        last = [before[:, FRAMES - ago : FRAMES - ago + time] for ago in range(1, FRAMES + 1)]
        return self._logits(
            self.memory(x, lengths=lengths, dropout=dropout), tf.stack(last, axis=2), key_dropout
        )

    # Frame by frame, for rnnbook.tasks.music.sampling, in NumPy's arrays. The state is the
    # memory, and behind it the last frames if the keys look at their neighbours.

    def begin(self, batch: int):
        """What is remembered before the first frame: ``(B, S)``."""
        m = self.memory.begin(batch)
        frames = 0 if self.neighbours is None else FRAMES * self.keys
        return np.concatenate([m, np.zeros((batch, frames), m.dtype)], axis=1)

    def probabilities(self, state):
        """How probable each key is in the frame that comes next: ``(B, K)`` for a state ``(B, S)``."""
        return tf.sigmoid(self._logits(*self._remembered(state))).numpy()

    def after(self, x, state):
        """What is remembered, ``(B, S)``, once the frame ``x (B, K)`` is there."""
        m, frames = self._remembered(state)
        x = tf.convert_to_tensor(x)
        kept = tf.concat([x[:, None], frames], axis=1)[:, : frames.shape[1]]
        return tf.concat([self.memory.step(x, m), tf.reshape(kept, (len(x), -1))], axis=1).numpy()

    def _remembered(self, state):
        size, frames = self.memory.output_size, 0 if self.neighbours is None else FRAMES
        state = tf.convert_to_tensor(state)
        return state[:, :size], tf.reshape(state[:, size:], (len(state), frames, self.keys))

    def _logits(self, m, frames, dropout=tf.identity):
        logits = self.readout(m)
        return logits if self.neighbours is None else logits + self.neighbours(frames, m, dropout=dropout)


class Voice(Model):
    """What one voice sings next, given the memory and the voices that were asked before it.

    Weights: ``"hidden.W"``, ``"hidden.b"``, ``"readout.W"``, ``"readout.b"``.
    """

    def __init__(self, input_size: int, size: int, symbols: int, made_with: dict) -> None:
        super().__init__(dtype=dtype_name(made_with["dtype"]))
        self.hidden = Dense(input_size, size, activation="relu", **made_with)
        self.readout = Dense(size, symbols, **made_with)
        self.built = True

    def call(self, seen, dropout):
        return self.readout(dropout(self.hidden(seen)))


class VoiceComposer(Model):
    """Four voices: a memory of the frames, then soprano, bass, alto and tenor, each given those before it.

    Weights: ``"memory.reader.W"``, ``"memory.memory.W"`` and so on; for each voice
    ``"soprano.hidden.W"``, ``"soprano.hidden.b"``, ``"soprano.readout.W"``, ``"soprano.readout.b"``.

    symbols: V, what a voice can sing is 0..V-1, all voices alike.
    hidden_size: of f and of h. head_size: of a voice's own layer.
    recurrent: without, the memory sees the frame before, and no other.
    dropout: the share of f, of h and of each voice's layer that is left out in training.
    dtype, rng: as for the recurrent layers.

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
        dtype="float32",
        rng=None,
    ) -> None:
        sizes = {"symbols": symbols, "hidden_size": hidden_size, "head_size": head_size}
        options = specs.composer(sizes, recurrent, dropout=dropout)
        super().__init__(dtype=dtype_name(dtype))
        self.options = options
        self.symbols = symbols
        made_with = {"dtype": dtype, "rng": generator(rng)}
        self.memory = Memory(len(VOICES) * symbols, hidden_size, recurrent, made_with)
        for asked, voice in enumerate(ORDER):
            seen = self.memory.output_size + asked * symbols
            head = Voice(seen, head_size, symbols, made_with)
            setattr(self, VOICES[voice], head)
        self.dropout = _dropout(dropout, made_with)
        self.built = True

    def __call__(self, x, lengths=None, training=False):
        """Return the logits ``(B, T, 4, V)`` of every voice in every frame of ``x (B, T, 4)``.

        Each rests on the frames before, and on the voices that were asked before in its frame.
        x: integers, what soprano, alto, tenor and bass sing, in this order.
        lengths: valid frames of each piece, as for the recurrent layers. What stands beyond them changes
        nothing before them. training: whether dropout is on.
        Raises ValueError or TypeError for frames or lengths that do not fit.
        """
        validation.check_shape("x", x, ("batch", "time", len(VOICES)))
        in_graph = tf.is_tensor(x) and not tf.executing_eagerly()
        # Of a graph's tensor only the shape and the dtype are known.
        first = x[:, :, 0] if in_graph else tf.reshape(x, (len(x), -1)).numpy()
        validation.check_symbols(first, self.symbols, values=not in_graph)
        check_lengths(lengths, x)
        return super().__call__(tf.convert_to_tensor(x), lengths=lengths, training=training)

    def call(self, x, lengths=None, training=False):
        dropout = partial(self.dropout, training=training)
        sung = self._one_hot(x)
        m = self.memory(_side_by_side(sung), lengths=lengths, dropout=dropout)
        logits = [None] * len(VOICES)
        for asked, voice in enumerate(ORDER):
            logits[voice] = self._head(voice)(self._seen(m, sung, asked), dropout=dropout)
        return tf.stack(logits, axis=2)

    # Voice by voice, for rnnbook.tasks.music.sampling, in NumPy's arrays

    def begin(self, batch: int):
        """What is remembered before the first frame: ``(B, M)``."""
        return self.memory.begin(batch)

    def log_probabilities(self, asked: int, chosen, state):
        """What the voice ``ORDER[asked]`` may sing next, without dropout: ``(B, V)``.

        chosen: what the four sing ``(B, 4)``; of it only the voices asked before are read.
        state: what is remembered, ``(B, M)``.
        """
        seen = self._seen(tf.convert_to_tensor(state), self._one_hot(chosen), asked)
        return tf.nn.log_softmax(self._head(ORDER[asked])(seen, dropout=tf.identity), axis=1).numpy()

    def after(self, chosen, state):
        """What is remembered, ``(B, M)``, once the four voices have sung ``chosen (B, 4)``."""
        x = _side_by_side(self._one_hot(chosen))
        return self.memory.step(x, tf.convert_to_tensor(state)).numpy()

    def _head(self, voice: int) -> Voice:
        return getattr(self, VOICES[voice])

    def _one_hot(self, x):
        return tf.one_hot(x, self.symbols, dtype=self.soprano.readout.dtype)

    def _seen(self, m, sung, asked: int):
        """What a voice is told: the memory, and those voices that were asked before it."""
        return tf.concat([m, *(sung[..., voice, :] for voice in ORDER[:asked])], axis=-1)


def key_loss(model, x, lengths):
    """The loss for ``fit``: nats a frame, the cross-entropies of all keys added up."""
    nats = tf.nn.sigmoid_cross_entropy_with_logits(x, model(x, lengths))
    return _mean(tf.reduce_sum(nats, axis=2), lengths)


def voice_loss(model, x, lengths):
    """The loss for ``fit``: nats a frame, the cross-entropies of the four voices added up."""
    nats = tf.nn.sparse_softmax_cross_entropy_with_logits(x, model(x, lengths))
    return _mean(tf.reduce_sum(nats, axis=2), lengths)


def _mean(nats, lengths):
    return tf.reduce_mean(tf.boolean_mask(nats, tf.sequence_mask(lengths, tf.shape(nats)[1])))


def _side_by_side(sung):
    shape = tf.shape(sung)
    size = sung.shape[-2] * sung.shape[-1]
    return tf.reshape(sung, tf.concat([shape[:-2], [size]], axis=0))


def _dropout(share: float, made_with: dict):
    seed = int(made_with["rng"].integers(2**31))
    return keras.layers.Dropout(share, seed=seed, dtype=dtype_name(made_with["dtype"]))
