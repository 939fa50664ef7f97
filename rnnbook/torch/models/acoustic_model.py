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

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from rnnbook import specs, validation
from rnnbook.specs import NUM_POSITION_FEATURES
from rnnbook.torch.bidirectional import Bidirectional
from rnnbook.torch.dense import Dense
from rnnbook.torch.embedding import Embedding
from rnnbook.torch.gru import GRU
from rnnbook.torch.layer import check_ids, check_tensor, check_token_ids, plain_name, sequence_mask
from rnnbook.torch.models.windows import gather_windows
from rnnbook.torch.weights import Model, evaluating, resolve_rng


class _AcousticBase(Model):
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
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        super().__init__()
        self.options = specs.checked(locals())
        self.num_phonemes, self.num_speakers, self.output_size = num_phonemes, num_speakers, output_size
        factory_kwargs = {"dtype": dtype, "rng": resolve_rng(rng), "device": device}
        self.phoneme = Embedding(num_phonemes, embedding_size, **factory_kwargs)
        self.speaker = Embedding(num_speakers, embedding_size, **factory_kwargs)
        self.position = Dense(NUM_POSITION_FEATURES, embedding_size, **factory_kwargs)
        self._create_layers(embedding_size, hidden_size, factory_kwargs)
        self.dropout = nn.Dropout(dropout)

    def _embed(self, frame_phonemes, speaker, positions):
        check_token_ids(frame_phonemes, self.num_phonemes, name="frame_phonemes")
        self._check_steps("positions", positions, frame_phonemes, NUM_POSITION_FEATURES)
        return torch.cat([self._embed_phonemes(frame_phonemes, speaker), self.position(positions)], dim=2)

    def _check_steps(self, name: str, array, frame_phonemes, size: int) -> None:
        validation.check_shape(name, array, (*frame_phonemes.shape, size))
        validation.check_float(name, array, plain_name(self.readout.dtype))
        check_tensor(name, array)

    def _embed_phonemes(self, phonemes, speaker):
        validation.check_shape("speaker", speaker, (len(phonemes),))
        check_ids(speaker, self.num_speakers, name="speaker")
        speakers = self.speaker(speaker)[:, None].expand(-1, phonemes.shape[1], -1)
        return torch.cat([self.phoneme(phonemes), speakers], dim=2)


class AcousticModel(_AcousticBase):
    """Says all steps of a word at once, and how many there should be.

    Weights: ``"phoneme.E"``, ``"speaker.E"``, ``"position.W"``, ``"lower.forward.W"``, ``"upper.forward.W"``,
    ``"readout.W"``, ``"counter.W"``, ``"length.W"`` and so on.

    num_phonemes: a phoneme is in 0..num_phonemes-1. num_speakers: likewise. output_size: coefficients a step.
    dropout: the share of each layer's outputs that is left out in training.
    dtype, rng, device: as for the recurrent layers.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def _create_layers(self, embedding_size, hidden_size, factory_kwargs):
        self.lower = self._make_layer(3 * embedding_size, hidden_size, factory_kwargs)
        self.upper = self._make_layer(2 * hidden_size, hidden_size, factory_kwargs)
        self.readout = Dense(2 * hidden_size, self.output_size, **factory_kwargs)
        self.counter = GRU(2 * embedding_size, hidden_size // 2, **factory_kwargs)
        self.length = Dense(hidden_size // 2, 1, **factory_kwargs)

    def forward(
        self,
        frame_phonemes: Int[Tensor, "batch time"],
        speaker: Int[Tensor, " batch"],
        positions: Float[Tensor, "batch time 4"],
        phoneme_ids: Int[Tensor, "batch phonemes"],
        lengths=None,
        phoneme_lengths=None,
    ) -> tuple[Float[Tensor, "batch time outputs"], Float[Tensor, " batch"]]:
        """Return the coefficients of each step, and the logarithm of how many steps there should be.

        frame_phonemes, positions: of each step, as ``expand_to_frames`` gives them.
        phoneme_ids: a word's phonemes, each once.
        lengths, phoneme_lengths: valid steps and phonemes of each word, as lengths for the recurrent layers.
        What stands beyond them changes nothing.
        Raises ValueError or TypeError for arguments that do not fit.
        """
        hidden = self._embed(frame_phonemes, speaker, positions)
        for layer in (self.lower, self.upper):
            hidden = self.dropout(self._run(layer, hidden, lengths))
        return self.readout(hidden), self.predict_log_duration(phoneme_ids, speaker, phoneme_lengths)

    def predict_log_duration(
        self, phoneme_ids: Int[Tensor, "batch phonemes"], speaker: Int[Tensor, " batch"], phoneme_lengths=None
    ) -> Float[Tensor, " batch"]:
        """Return the logarithm of the number of steps alone: it must be known before a step can be placed."""
        check_token_ids(phoneme_ids, self.num_phonemes, name="phoneme_ids")
        _, state = self.counter(self._embed_phonemes(phoneme_ids, speaker), lengths=phoneme_lengths)
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

    def forward(
        self,
        frame_phonemes: Int[Tensor, "batch time"],
        speaker: Int[Tensor, " batch"],
        positions: Float[Tensor, "batch time 4"],
        previous_frames: Float[Tensor, "batch time outputs"],
        lengths=None,
    ) -> Float[Tensor, "batch time outputs"]:
        """Teacher forcing: return the coefficients of each step, given those of the step before.

        previous_frames: zero at the first step. The other arguments as for ``AcousticModel``.
        """
        x = self._embed(frame_phonemes, speaker, positions)
        self._check_steps("previous_frames", previous_frames, frame_phonemes, self.output_size)
        hidden, _ = self.memory(torch.cat([x, previous_frames], dim=2), lengths=lengths)
        return self.readout(self.dropout(hidden))

    @torch.no_grad()
    def generate(
        self,
        frame_phonemes: Int[Tensor, "batch time"],
        speaker: Int[Tensor, " batch"],
        positions: Float[Tensor, "batch time 4"],
    ) -> Float[Tensor, "batch time outputs"]:
        """Without a teacher, and without dropout: each step gets what the model itself said before it."""
        with evaluating(self):
            x = self._embed(frame_phonemes, speaker, positions)
            h = x.new_zeros(len(x), self.memory.hidden_size)
            frames = [x.new_zeros(len(x), self.output_size)]
            for x_t in x.unbind(1):
                _, h = self.memory.step(torch.cat([x_t, frames[-1]], dim=1), h)
                frames.append(self.readout(self.dropout(h)))
        return torch.stack(frames[1:], dim=1)


def acoustic_loss(
    model: AcousticModel | FramewiseAcousticModel,
    frame_phonemes,
    lengths,
    speaker,
    positions,
    y: Float[Tensor, "batch time outputs"],
    phoneme_ids,
    phoneme_lengths,
) -> Tensor:
    """The loss for ``fit``: how far the coefficients are off, and how far the logarithm of the length.

    The first part is ``coefficient_loss``; the second is squared. y: the recording's coefficients.
    """
    predicted, log_duration = model(frame_phonemes, speaker, positions, phoneme_ids, lengths, phoneme_lengths)
    duration_error = log_duration - torch.log(lengths.to(predicted.dtype))
    return coefficient_loss(predicted, y, lengths) + (duration_error**2).mean()


def teacher_forced_loss(
    model: AutoregressiveAcousticModel, frame_phonemes, lengths, speaker, positions, y, *_
) -> Tensor:
    """The loss for ``fit`` under teacher forcing: ``coefficient_loss``. It reads no lengths in phonemes."""
    previous_frames = functional.pad(y[:, :-1], (0, 0, 1, 0))
    return coefficient_loss(model(frame_phonemes, speaker, positions, previous_frames, lengths), y, lengths)


def coefficient_loss(
    predicted: Float[Tensor, "batch time outputs"], y: Float[Tensor, "batch time outputs"], lengths
) -> Tensor:
    """The mean over the valid steps of the distance |predicted_t - y_t|, not squared: outliers count less."""
    valid = sequence_mask(lengths, predicted).squeeze(-1)
    return torch.linalg.vector_norm((predicted - y)[valid], dim=1).mean()
