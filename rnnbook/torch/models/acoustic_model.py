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

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from rnnbook import specs, validation
from rnnbook.tasks.sound.length_regulator import POSITIONS
from rnnbook.torch.bidirectional import Bidirectional
from rnnbook.torch.dense import Dense
from rnnbook.torch.embedding import Embedding
from rnnbook.torch.gru import GRU
from rnnbook.torch.layer import valid_steps
from rnnbook.torch.weights import Model, generator


class _Speaking(Model):
    """The three embeddings, which both models have."""

    def __init__(self, options, made_with) -> None:
        super().__init__()
        self.options = options
        self.phonemes, self.outputs = options["phonemes"], options["outputs"]
        size = options["embedding_size"]
        self.phoneme = Embedding(options["phonemes"], size, **made_with)
        self.speaker = Embedding(options["speakers"], size, **made_with)
        self.position = Dense(POSITIONS, size, **made_with)
        self.dropout = nn.Dropout(options["dropout"])

    def _embedded(self, phonemes, speaker, positions):
        validation.check_symbols(phonemes, self.phonemes, name="phonemes")
        validation.check_shape("positions", positions, (*phonemes.shape, POSITIONS))
        said = self._by_speaker(phonemes, speaker)
        return torch.cat([said, self.position(positions)], dim=2)

    def _by_speaker(self, phonemes, speaker):
        by = self.speaker(speaker)[:, None].expand(-1, phonemes.shape[1], -1)
        return torch.cat([self.phoneme(phonemes), by], dim=2)


class Voice(_Speaking):
    """Says all steps of a word at once, and how many there should be.

    Weights: ``"phoneme.E"``, ``"speaker.E"``, ``"position.W"``, ``"lower.forward.W"``, ``"upper.forward.W"``,
    ``"readout.W"``, ``"counter.W"``, ``"length.W"`` and so on.

    phonemes: what phonemes may hold is 0..phonemes-1. speakers: of the voices. outputs: coefficients a step.
    dropout: the share of each layer's outputs that is left out in training.
    recurrent: GRUs, or else dense layers of as many units, which see one step and no other.
    dtype, rng, device: as for the recurrent layers.

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
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        options = specs.voice(phonemes, speakers, outputs, embedding_size, hidden_size, dropout, recurrent)
        made_with = {"dtype": dtype, "rng": generator(rng), "device": device}
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

    def forward(
        self,
        phonemes: Int[Tensor, "batch time"],
        speaker: Int[Tensor, " batch"],
        positions: Float[Tensor, "batch time 4"],
        spelt: Int[Tensor, "batch phonemes"],
        lengths=None,
        counts=None,
    ) -> tuple[Float[Tensor, "batch time outputs"], Float[Tensor, " batch"]]:
        """Return the coefficients of each step, and the logarithm of how many steps there should be.

        phonemes, positions: of each step, as ``placed`` gives them. spelt: a word's phonemes, each once.
        lengths, counts: valid steps and phonemes of each word, as lengths for the recurrent layers. What
        stands beyond them changes nothing. Raises ValueError or TypeError for arguments that do not fit.
        """
        x = self._embedded(phonemes, speaker, positions)
        hidden = self.dropout(self._run(self.lower, x, lengths))
        hidden = self.dropout(self._run(self.upper, hidden, lengths))
        return self.readout(hidden), self.log_steps(spelt, speaker, counts)

    def _run(self, layer, x, lengths):
        return layer(x, lengths=lengths)[0] if self.recurrent else layer(x)

    def log_steps(
        self, spelt: Int[Tensor, "batch phonemes"], speaker: Int[Tensor, " batch"], counts=None
    ) -> Float[Tensor, " batch"]:
        """Return the logarithm alone: it must be known before any step can be placed."""
        validation.check_symbols(spelt, self.phonemes, name="spelt")
        _, state = self.counter(self._by_speaker(spelt, speaker), lengths=counts)
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
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        options = specs.voice(phonemes, speakers, outputs, embedding_size, hidden_size, dropout)
        made_with = {"dtype": dtype, "rng": generator(rng), "device": device}
        super().__init__(options, made_with)
        self.memory = GRU(3 * embedding_size + outputs, hidden_size, **made_with)
        self.readout = Dense(hidden_size, outputs, **made_with)

    def forward(self, phonemes, speaker, positions, before, lengths=None):
        """Teacher forcing: return the coefficients of each step, given those of the step before.

        before: ``(B, T, outputs)``, zero at the first step. The other arguments as for ``Voice``.
        """
        x = self._embedded(phonemes, speaker, positions)
        validation.check_shape("before", before, (*phonemes.shape, self.outputs))
        hidden, _ = self.memory(torch.cat([x, before], dim=2), lengths=lengths)
        return self.readout(self.dropout(hidden))

    @torch.no_grad()
    def speak(self, phonemes, speaker, positions) -> Float[Tensor, "batch time outputs"]:
        """Without a teacher: each step gets what the model itself said at the step before."""
        x = self._embedded(phonemes, speaker, positions)
        h = x.new_zeros(len(x), self.memory.hidden_size)
        said = [x.new_zeros(len(x), self.outputs)]
        for x_t in x.unbind(1):
            _, h = self.memory.step(torch.cat([x_t, said[-1]], dim=1), h)
            said.append(self.readout(h))
        return torch.stack(said[1:], dim=1)


def speech_loss(
    model: Voice, phonemes, lengths, speaker, positions, y: Float[Tensor, "batch time outputs"], spelt, counts
) -> Tensor:
    """The loss for ``fit``: how far the coefficients are off, and how far the logarithm of the length.

    The first part is ``coefficient_loss``; the second is squared. y: the recording's coefficients.
    """
    said, log_steps = model(phonemes, speaker, positions, spelt, lengths, counts)
    off = log_steps - torch.log(lengths.to(said.dtype))
    return coefficient_loss(said, y, lengths) + (off**2).mean()


def forced_loss(model: FeedbackVoice, phonemes, lengths, speaker, positions, y, *_) -> Tensor:
    """The loss for ``fit`` under teacher forcing: ``coefficient_loss``. It reads no lengths in phonemes."""
    before = functional.pad(y[:, :-1], (0, 0, 1, 0))
    return coefficient_loss(model(phonemes, speaker, positions, before, lengths), y, lengths)


def coefficient_loss(said, y: Float[Tensor, "batch time outputs"], lengths) -> Tensor:
    """The mean over the valid steps of the distance |said_t - y_t|, not squared: outliers count less."""
    valid = valid_steps(lengths, said).squeeze(-1)
    return torch.linalg.vector_norm((said - y)[valid], dim=1).mean()
