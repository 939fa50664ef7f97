"""From phonemes, a speaker and a place in time to a sound's coefficients, every step of a word at once.

    e_t = [P[phoneme_t]; S[speaker]; A position_t + a]            what is being said, by whom, how far along
    Voice           h = two GRUs, each from both ends, over e_1 ... e_T         y_t = W h_t + b
                    log steps = w · GRU([P[p_1]; S[speaker]] ... [P[p_U]; S[speaker]])_U + d
    FeedbackVoice   h_t = GRU([e_t; y_{t-1}], h_{t-1})                          y_t = W h_t + b

``Voice`` never reads what it has said: nothing to force. ``FeedbackVoice`` does, and is trained by teacher
forcing: it gets the recording's y_{t-1}, which it will not have when it speaks.

Both directions over all steps: Fan, Qian, Xie and Soong, 2014, 'TTS synthesis with bidirectional LSTM based
recurrent neural networks'. Speakers as vectors: Arik et al., 2017, 'Deep Voice 2'.
"""

import keras
import tensorflow as tf

from rnnbook import specs, validation
from rnnbook.tasks.sound.length_regulator import POSITIONS
from rnnbook.tensorflow.bidirectional import Bidirectional
from rnnbook.tensorflow.dense import Dense
from rnnbook.tensorflow.embedding import Embedding
from rnnbook.tensorflow.gru import GRU
from rnnbook.tensorflow.weights import Model, dtype_name, generator


class _Speaking(Model):
    """The three embeddings, which both models have."""

    def __init__(self, options, made_with) -> None:
        super().__init__(dtype=dtype_name(made_with["dtype"]))
        self.options = options
        self.phonemes, self.outputs = options["phonemes"], options["outputs"]
        size = options["embedding_size"]
        self.phoneme = Embedding(options["phonemes"], size, **made_with)
        self.speaker = Embedding(options["speakers"], size, **made_with)
        self.position = Dense(POSITIONS, size, **made_with)

    def _made(self, dropout, rng) -> None:
        """The last part of making a model: what draws no weights."""
        seed = int(rng.integers(2**31))
        self.dropout = keras.layers.Dropout(dropout, seed=seed, dtype=self.phoneme.dtype)
        self.built = True

    def _check(self, phonemes, positions) -> None:
        values = not tf.is_tensor(phonemes) or tf.executing_eagerly()
        validation.check_symbols(phonemes, self.phonemes, name="phonemes", values=values)
        validation.check_shape("positions", positions, (*validation.shape_of(phonemes), POSITIONS))

    def _embedded(self, phonemes, speaker, positions):
        return tf.concat([self._by_speaker(phonemes, speaker), self.position(positions)], axis=2)

    def _by_speaker(self, phonemes, speaker):
        by = tf.repeat(self.speaker(speaker)[:, None], tf.shape(phonemes)[1], axis=1)
        return tf.concat([self.phoneme(phonemes), by], axis=2)


class Voice(_Speaking):
    """Says all steps of a word at once, and how many there should be.

    Weights: ``"phoneme.E"``, ``"speaker.E"``, ``"position.W"``, ``"lower.forward.W"``, ``"upper.forward.W"``,
    ``"readout.W"``, ``"counter.W"``, ``"length.W"`` and so on.

    phonemes: what phonemes may hold is 0..phonemes-1. speakers: of the voices. outputs: coefficients a step.
    dropout: the share of each layer's outputs that is left out in training.
    recurrent: GRUs, or else dense layers of as many units, which see one step and no other.
    dtype, rng: as for the recurrent layers.

    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        phonemes: int,
        speakers: int,
        outputs: int = 13,
        *,
        embedding_size: int = 16,
        hidden_size: int = 64,
        dropout: float = 0.0,
        recurrent: bool = True,
        dtype="float32",
        rng=None,
    ) -> None:
        options = specs.voice(phonemes, speakers, outputs, embedding_size, hidden_size, dropout, recurrent)
        made_with = {"dtype": dtype, "rng": generator(rng)}
        super().__init__(options, made_with)
        self.recurrent = recurrent
        for name, size in (("lower", 3 * embedding_size), ("upper", 2 * hidden_size)):
            if recurrent:
                layer = Bidirectional(*(GRU(size, hidden_size, **made_with) for _ in range(2)))
            else:
                layer = Dense(size, 2 * hidden_size, activation="relu", **made_with)
            setattr(self, name, layer)
        self.readout = Dense(2 * hidden_size, outputs, **made_with)
        self.counter = GRU(2 * embedding_size, hidden_size // 2, **made_with)
        self.length = Dense(hidden_size // 2, 1, **made_with)
        self._made(dropout, made_with["rng"])

    def __call__(self, phonemes, speaker, positions, spelt, lengths=None, counts=None, training=False):
        """Return the coefficients of each step, and the logarithm of how many steps there should be.

        phonemes ``(B, T)``, positions ``(B, T, 4)``: of each step, as ``placed`` gives them.
        speaker ``(B,)``. spelt ``(B, U)``: a word's phonemes, each once.
        lengths, counts ``(B,)``: valid steps and phonemes of each word, as lengths for the recurrent layers.
        What stands beyond them changes nothing. training: whether dropout is on.
        Returns ``(B, T, outputs)`` and ``(B,)``.
        Raises ValueError or TypeError for arguments that do not fit.
        """
        self._check(phonemes, positions)
        arguments = phonemes, speaker, positions, spelt
        return super().__call__(*arguments, lengths=lengths, counts=counts, training=training)

    def call(self, phonemes, speaker, positions, spelt, lengths=None, counts=None, training=False):
        x = self._embedded(phonemes, speaker, positions)
        hidden = self.dropout(self._run(self.lower, x, lengths), training=training)
        hidden = self.dropout(self._run(self.upper, hidden, lengths), training=training)
        return self.readout(hidden), self.log_steps(spelt, speaker, counts)

    def _run(self, layer, x, lengths):
        return layer(x, lengths=lengths)[0] if self.recurrent else layer(x)

    def log_steps(self, spelt, speaker, counts=None):
        """Return the logarithm ``(B,)`` alone: it must be known before any step can be placed."""
        values = not tf.is_tensor(spelt) or tf.executing_eagerly()
        validation.check_symbols(spelt, self.phonemes, name="spelt", values=values)
        _, state = self.counter(self._by_speaker(tf.convert_to_tensor(spelt), speaker), lengths=counts)
        return self.length(state)[:, 0]


class FeedbackVoice(_Speaking):
    """Says one step after another, and reads what it has just said.

    Weights: ``"phoneme.E"``, ``"speaker.E"``, ``"position.W"``, ``"memory.W"``, ``"readout.W"`` and so on.

    Arguments as for ``Voice``.
    """

    def __init__(
        self,
        phonemes: int,
        speakers: int,
        outputs: int = 13,
        *,
        embedding_size: int = 16,
        hidden_size: int = 64,
        dropout: float = 0.0,
        dtype="float32",
        rng=None,
    ) -> None:
        options = specs.voice(phonemes, speakers, outputs, embedding_size, hidden_size, dropout)
        made_with = {"dtype": dtype, "rng": generator(rng)}
        super().__init__(options, made_with)
        self.memory = GRU(3 * embedding_size + outputs, hidden_size, **made_with)
        self.readout = Dense(hidden_size, outputs, **made_with)
        self._made(dropout, made_with["rng"])

    def __call__(self, phonemes, speaker, positions, before, lengths=None, training=False):
        """Teacher forcing: return the coefficients of each step, given those of the step before.

        before: ``(B, T, outputs)``, zero at the first step. The other arguments as for ``Voice``.
        """
        self._check(phonemes, positions)
        validation.check_shape("before", before, (*validation.shape_of(phonemes), self.outputs))
        return super().__call__(phonemes, speaker, positions, before, lengths=lengths, training=training)

    def call(self, phonemes, speaker, positions, before, lengths=None, training=False):
        x = self._embedded(phonemes, speaker, positions)
        hidden, _ = self.memory(tf.concat([x, before], axis=2), lengths=lengths)
        return self.readout(self.dropout(hidden, training=training))

    def speak(self, phonemes, speaker, positions):
        """Without a teacher: each step gets what the model itself said at the step before."""
        self._check(phonemes, positions)
        x = self._embedded(tf.convert_to_tensor(phonemes), speaker, positions)
        h = tf.zeros((x.shape[0], self.memory.hidden_size), x.dtype)
        said = [tf.zeros((x.shape[0], self.outputs), x.dtype)]
        for x_t in tf.unstack(x, axis=1):
            _, h = self.memory.step(tf.concat([x_t, said[-1]], axis=1), h)
            said.append(self.readout(h))
        return tf.stack(said[1:], axis=1)


def speech_loss(model, phonemes, lengths, speaker, positions, y, spelt, counts):
    """The loss for ``fit``: how far the coefficients are off, and how far the logarithm of the length.

    The first part is ``coefficient_loss``; the second is squared. y: the recording's coefficients.
    """
    said, log_steps = model(phonemes, speaker, positions, spelt, lengths, counts)
    off = log_steps - tf.math.log(tf.cast(lengths, said.dtype))
    return coefficient_loss(said, y, lengths) + tf.reduce_mean(off**2)


def forced_loss(model, phonemes, lengths, speaker, positions, y, *_):
    """The loss for ``fit`` under teacher forcing: ``coefficient_loss``. It reads no lengths in phonemes."""
    before = tf.pad(y[:, :-1], ([0, 0], [1, 0], [0, 0]))
    return coefficient_loss(model(phonemes, speaker, positions, before, lengths), y, lengths)


def coefficient_loss(said, y, lengths):
    """The mean over the valid steps of the distance |said_t - y_t|, not squared: outliers count less."""
    valid = tf.sequence_mask(lengths, tf.shape(said)[1])
    return tf.reduce_mean(tf.norm(tf.boolean_mask(said - y, valid), axis=1))
