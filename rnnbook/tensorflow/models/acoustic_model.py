"""From phonemes, a speaker and a place in time to a sound's coefficients, every step of a word at once.

    e_t = [P[phoneme_t]; S[speaker]; A position_t + a]            what is being said, by whom, how far along
    AcousticModel                  h = two GRUs, each from both ends, over e_1 ... e_T         y_t = W h_t + b
                                   log duration = w · GRU([P[p_1]; S[speaker]] ... [P[p_U]; S[speaker]])_U + d
    FramewiseAcousticModel         h_t = relu(V relu(U e_t + a) + c), and all else alike
    WindowAcousticModel            f_t = relu(U [e_t-r; ...; e_t+r] + a), and h_t likewise over f
    AutoregressiveAcousticModel    h_t = GRU([e_t; y_{t-1}], h_{t-1})                          y_t = W h_t + b

``AcousticModel`` never reads what it has said: nothing to force. ``AutoregressiveAcousticModel`` does, and is
trained by teacher forcing: it gets the recording's y_{t-1}, which it will not have when it speaks.

Both directions over all steps: Fan, Qian, Xie and Soong, 2014, 'TTS synthesis with bidirectional LSTM based
recurrent neural networks'. Speakers as vectors: Arik et al., 2017, 'Deep Voice 2'.
"""

import tensorflow as tf

from rnnbook import specs, validation
from rnnbook.specs import NUM_POSITION_FEATURES
from rnnbook.tensorflow.bidirectional import Bidirectional
from rnnbook.tensorflow.dense import Dense
from rnnbook.tensorflow.embedding import Embedding
from rnnbook.tensorflow.gru import GRU
from rnnbook.tensorflow.layer import (
    as_array,
    check_lengths,
    check_token_ids,
    is_symbolic,
    make_dropout,
    widened,
)
from rnnbook.tensorflow.models.windows import gather_windows
from rnnbook.tensorflow.weights import ApplicationModel, resolve_rng


class _AcousticBase(ApplicationModel):
    """The three embeddings, which all models have. A subclass writes ``_create_layers``."""

    def __init__(
        self,
        num_phonemes: int,
        num_speakers: int,
        output_size: int = 13,
        *,
        embedding_size: int = 16,
        hidden_size: int = 64,
        dropout: float = 0.0,
        dtype=None,
        rng=None,
    ) -> None:
        super().__init__(dtype)
        self.options = specs.checked(locals())
        self.num_phonemes, self.num_speakers, self.output_size = num_phonemes, num_speakers, output_size
        factory_kwargs = {"dtype": self.dtype, "rng": resolve_rng(rng)}
        self.phoneme = Embedding(num_phonemes, embedding_size, **factory_kwargs)
        self.speaker = Embedding(num_speakers, embedding_size, **factory_kwargs)
        self.position = Dense(NUM_POSITION_FEATURES, embedding_size, **factory_kwargs)
        self._create_layers(embedding_size, hidden_size, factory_kwargs)
        self.dropout = make_dropout(dropout, **factory_kwargs)

    def _check(self, frame_phonemes, speaker, positions, lengths=None) -> tuple:
        frame_phonemes = check_token_ids(frame_phonemes, self.num_phonemes, name="frame_phonemes")
        shape = validation.shape_of(frame_phonemes)
        speaker = self._check_speaker(speaker, shape[0])
        positions = self._check_float("positions", positions, (*shape, NUM_POSITION_FEATURES))
        check_lengths(lengths, frame_phonemes)
        return frame_phonemes, speaker, positions

    def _check_speaker(self, speaker, batch):
        speaker = as_array("speaker", speaker)
        validation.check_shape("speaker", speaker, (batch,))
        validation.check_ids(speaker, self.num_speakers, name="speaker", values=not is_symbolic(speaker))
        return speaker

    def _check_float(self, name, array, shape):
        array = as_array(name, array)
        validation.check_shape(name, array, shape)
        validation.check_float(name, widened(array, self.dtype), self.dtype)
        return array

    def _embed(self, frame_phonemes, speaker, positions):
        return tf.concat([self._embed_phonemes(frame_phonemes, speaker), self.position(positions)], axis=2)

    def _embed_phonemes(self, phonemes, speaker):
        speakers = tf.repeat(self.speaker(speaker)[:, None], tf.shape(phonemes)[1], axis=1)
        return tf.concat([self.phoneme(phonemes), speakers], axis=2)


class AcousticModel(_AcousticBase):
    """Says all steps of a word at once, and how many there should be.

    Weights: ``"phoneme.E"``, ``"speaker.E"``, ``"position.W"``, ``"lower.forward.W"``, ``"upper.forward.W"``,
    ``"readout.W"``, ``"counter.W"``, ``"length.W"`` and so on.

    num_phonemes: a phoneme is in 0..num_phonemes-1. num_speakers: likewise. output_size: coefficients a step.
    dropout: the share of each layer's outputs that is left out in training.
    dtype, rng: as for the recurrent layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def _create_layers(self, embedding_size, hidden_size, factory_kwargs):
        self.lower = self._make_layer(3 * embedding_size, hidden_size, factory_kwargs)
        self.upper = self._make_layer(2 * hidden_size, hidden_size, factory_kwargs)
        self.readout = Dense(2 * hidden_size, self.output_size, **factory_kwargs)
        self.counter = GRU(2 * embedding_size, hidden_size // 2, **factory_kwargs)
        self.length = Dense(hidden_size // 2, 1, **factory_kwargs)

    def __call__(
        self,
        frame_phonemes,
        speaker,
        positions,
        phoneme_ids,
        lengths=None,
        phoneme_lengths=None,
        training=False,
    ):
        """Return the coefficients of each step, and the logarithm of how many steps there should be.

        frame_phonemes ``(B, T)``, positions ``(B, T, 4)``: of each step, as ``expand_to_frames`` gives them.
        speaker ``(B,)``. phoneme_ids ``(B, U)``: a word's phonemes, each once.
        lengths, phoneme_lengths ``(B,)``: valid steps and phonemes of each word, as lengths for the recurrent
        layers. What stands beyond them changes nothing. training: whether dropout is on.
        Returns ``(B, T, output_size)`` and ``(B,)``.
        Raises ValueError or TypeError for arguments that do not fit.
        """
        arguments = self._check(frame_phonemes, speaker, positions, lengths)
        phoneme_ids = check_token_ids(phoneme_ids, self.num_phonemes, name="phoneme_ids")
        check_lengths(phoneme_lengths, phoneme_ids)
        lengths = {"lengths": lengths, "phoneme_lengths": phoneme_lengths}
        return super().__call__(*arguments, phoneme_ids, **lengths, training=training)

    def call(
        self,
        frame_phonemes,
        speaker,
        positions,
        phoneme_ids,
        lengths=None,
        phoneme_lengths=None,
        training=False,
    ):
        hidden = self._embed(frame_phonemes, speaker, positions)
        for layer in (self.lower, self.upper):
            hidden = self.dropout(self._run(layer, hidden, lengths), training=training)
        return self.readout(hidden), self.predict_log_duration(phoneme_ids, speaker, phoneme_lengths)

    def predict_log_duration(self, phoneme_ids, speaker, phoneme_lengths=None):
        """Return the logarithm of the number of steps, ``(B,)``, alone.

        It must be known before any step can be placed. phoneme_ids ``(B, U)``, speaker ``(B,)``.
        """
        phoneme_ids = check_token_ids(phoneme_ids, self.num_phonemes, name="phoneme_ids")
        embedded = self._embed_phonemes(phoneme_ids, self._check_speaker(speaker, phoneme_ids.shape[0]))
        _, state = self.counter(embedded, lengths=phoneme_lengths)
        return self.length(state)[:, 0]

    def _make_layer(self, input_size, hidden_size, factory_kwargs):
        return Bidirectional(*(GRU(input_size, hidden_size, **factory_kwargs) for _ in range(2)))

    def _run(self, layer, x, lengths):
        return layer(x, lengths=lengths)[0]


class FramewiseAcousticModel(AcousticModel):
    """An ``AcousticModel`` with dense layers of as many units: they see one step and no other.

    How many steps there should be is still read by a GRU. Weights: those of an ``AcousticModel``, but
    ``"lower.W"``, ``"upper.W"`` and so on. Arguments as for ``AcousticModel``.
    """

    def _make_layer(self, input_size, hidden_size, factory_kwargs):
        return Dense(input_size, 2 * hidden_size, activation="relu", **factory_kwargs)

    def _run(self, layer, x, lengths):
        return layer(x)


class WindowAcousticModel(AcousticModel):
    """An ``AcousticModel`` with convolutions over time: a layer sees ``CONTEXT_SIZE`` steps on each side.

    How many steps there should be is still read by a GRU. Weights: those of an ``AcousticModel``, but
    ``"lower.W"``, ``"upper.W"`` and so on. Arguments as for ``AcousticModel``.
    """

    CONTEXT_SIZE = 3

    def _make_layer(self, input_size, hidden_size, factory_kwargs):
        window = (2 * self.CONTEXT_SIZE + 1) * input_size
        return Dense(window, 2 * hidden_size, activation="relu", **factory_kwargs)

    def _run(self, layer, x, lengths):
        return layer(gather_windows(x, lengths, self.CONTEXT_SIZE))


class AutoregressiveAcousticModel(_AcousticBase):
    """Says one step after another, and reads what it has just said.

    Weights: ``"phoneme.E"``, ``"speaker.E"``, ``"position.W"``, ``"memory.W"``, ``"readout.W"`` and so on.
    Arguments as for ``AcousticModel``.
    """

    def _create_layers(self, embedding_size, hidden_size, factory_kwargs):
        self.memory = GRU(3 * embedding_size + self.output_size, hidden_size, **factory_kwargs)
        self.readout = Dense(hidden_size, self.output_size, **factory_kwargs)

    def __call__(self, frame_phonemes, speaker, positions, previous_frames, lengths=None, training=False):
        """Teacher forcing: return the coefficients of each step, given those of the step before.

        previous_frames: ``(B, T, output_size)``, zero at the first step. The other arguments as for
        ``AcousticModel``.
        """
        arguments = self._check(frame_phonemes, speaker, positions, lengths)
        shape = (*validation.shape_of(arguments[0]), self.output_size)
        previous_frames = self._check_float("previous_frames", previous_frames, shape)
        return super().__call__(*arguments, previous_frames, lengths=lengths, training=training)

    def call(self, frame_phonemes, speaker, positions, previous_frames, lengths=None, training=False):
        x = self._embed(frame_phonemes, speaker, positions)
        hidden, _ = self.memory(tf.concat([x, previous_frames], axis=2), lengths=lengths)
        return self.readout(self.dropout(hidden, training=training))

    def generate(self, frame_phonemes, speaker, positions):
        """Without a teacher, and without dropout: each step gets what the model itself said before it.

        Arguments as for ``AcousticModel``; returns ``(B, T, output_size)``.
        """
        x = self._embed(*self._check(frame_phonemes, speaker, positions))
        h = tf.zeros((x.shape[0], self.memory.hidden_size), x.dtype)
        frames = [tf.zeros((x.shape[0], self.output_size), x.dtype)]
        for x_t in tf.unstack(x, axis=1):
            _, h = self.memory.step(tf.concat([x_t, frames[-1]], axis=1), h)
            frames.append(self.readout(h))
        return tf.stack(frames[1:], axis=1)


def acoustic_loss(model, frame_phonemes, lengths, speaker, positions, y, phoneme_ids, phoneme_lengths):
    """The loss for ``fit``: how far the coefficients are off, and how far the logarithm of the length.

    The first part is ``coefficient_loss``; the second is squared. y: the recording's coefficients
    ``(B, T, output_size)``.
    """
    predicted, log_duration = model(frame_phonemes, speaker, positions, phoneme_ids, lengths, phoneme_lengths)
    duration_error = log_duration - tf.math.log(tf.cast(lengths, predicted.dtype))
    return coefficient_loss(predicted, y, lengths) + tf.reduce_mean(duration_error**2)


def teacher_forced_loss(model, frame_phonemes, lengths, speaker, positions, y, *_):
    """The loss for ``fit`` under teacher forcing: ``coefficient_loss``. It reads no lengths in phonemes."""
    previous_frames = tf.pad(y[:, :-1], ([0, 0], [1, 0], [0, 0]))
    return coefficient_loss(model(frame_phonemes, speaker, positions, previous_frames, lengths), y, lengths)


def coefficient_loss(predicted, y, lengths):
    """The mean over the valid steps of the distance |predicted_t - y_t|, not squared: outliers count less.

    predicted, y: ``(B, T, output_size)``. lengths: ``(B,)``.
    """
    valid = tf.sequence_mask(lengths, tf.shape(predicted)[1])
    return tf.reduce_mean(tf.norm(tf.boolean_mask(predicted - y, valid), axis=1))
