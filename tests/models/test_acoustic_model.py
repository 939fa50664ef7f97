"""The acoustic models in two wings: the same weights give the same outputs, loss and gradients."""

import numpy as np
import pytest

from rnnbook.tasks.sound.length_regulator import expand_to_frames
from tests.models.twins import Twins, as_numpy, call, framework, tensors, wing_of

SIZES = {"num_phonemes": 5, "num_speakers": 2, "output_size": 3, "embedding_size": 3, "hidden_size": 4}
LENGTHS, PHONEME_LENGTHS = np.array([7, 3, 5]), np.array([4, 2, 3])
PHONEME_IDS = np.array([[0, 1, 2, 3], [4, 2, 0, 0], [1, 1, 3, 0]])
SPEAKER = np.array([0, 1, 1])
FRAME_PHONEMES = np.zeros((3, 7), int)
POSITIONS = np.zeros((3, 7, 4))
for row, (steps, count) in enumerate(zip(LENGTHS, PHONEME_LENGTHS, strict=True)):
    FRAME_PHONEMES[row, :steps], POSITIONS[row, :steps] = expand_to_frames(PHONEME_IDS[row, :count], steps)
Y = np.random.default_rng(0).normal(size=(3, 7, 3))
VALID = np.arange(7) < LENGTHS[:, None]


def previous_frames(y):
    return np.pad(y[:, :-1], ((0, 0), (1, 0), (0, 0)))


class TestAcousticModel(Twins):
    KINDS = {
        "recurrent": ("AcousticModel", SIZES),
        "framewise": ("FramewiseAcousticModel", SIZES),
        "window": ("WindowAcousticModel", SIZES),
        "autoregressive": ("AutoregressiveAcousticModel", SIZES),
    }
    SCALE = 0.6
    LEARNERS = tuple(KINDS)
    ANSWERS = {
        "generate": (
            "autoregressive",
            {"dropout": 0.5},
            lambda model: model.generate(*tensors(wing_of(model), FRAME_PHONEMES, SPEAKER, POSITIONS)),
        )
    }
    REFUSED = [
        (kind, options, ValueError, message)
        for kind in KINDS
        for options, message in [
            ({"num_speakers": 0}, "num_speakers must be a positive integer, got 0"),
            ({"dropout": -1}, r"dropout must be a number in 0\.\.1, got -1"),
            ({"hidden_size": 0}, "hidden_size must be a positive integer, got 0"),
        ]
    ]

    def inputs(self, kind, dtype="float64", phonemes=FRAME_PHONEMES, positions=POSITIONS):
        """Under teacher forcing, where there is a teacher."""
        args = phonemes, SPEAKER, positions.astype(dtype)
        if kind == "autoregressive":
            return (*args, previous_frames(Y).astype(dtype)), {"lengths": LENGTHS}
        return (*args, PHONEME_IDS), {"lengths": LENGTHS, "phoneme_lengths": PHONEME_LENGTHS}

    def batch(self, kind, dtype="float64"):
        positions, y = POSITIONS.astype(dtype), Y.astype(dtype)
        return FRAME_PHONEMES, LENGTHS, SPEAKER, positions, y, PHONEME_IDS, PHONEME_LENGTHS

    def loss(self, wing, kind):
        wing = framework(wing)
        return wing.teacher_forced_loss if kind == "autoregressive" else wing.acoustic_loss

    def valid(self, kind):
        return VALID

    def coefficients(self, model, kind, **changes):
        args, kwargs = self.inputs(kind, **changes)
        outputs = call(model, *args, **kwargs)
        return outputs if kind == "autoregressive" else outputs[0]

    def test_three_coefficients_a_step(self, kind, wing):
        assert self.coefficients(self.make(wing, kind), kind).shape == (3, 7, 3)

    def test_the_loss_by_hand(self):
        """Coefficients off by (3, 4, 0) at each step, and a length of e² times too much: 5 + 2²."""
        import torch

        lengths = torch.tensor(LENGTHS)
        off = torch.tensor([3.0, 4.0, 0.0])
        model = lambda *_: (torch.tensor(Y) + off, torch.log(lengths.double()) + 2)
        phonemes, _, *others = map(torch.tensor, self.batch("recurrent"))
        loss = framework("torch").acoustic_loss(model, phonemes, lengths, *others)
        assert float(loss) == pytest.approx(9)

    @pytest.mark.parametrize(
        ("kind", "expected"),
        [
            ("recurrent", [True] * 7),
            ("framewise", [step == 3 for step in range(7)]),
            ("window", [1 <= step <= 5 for step in range(7)]),  # two layers, one step on each side
        ],
    )
    def test_how_far_a_model_sees(self, wing, kind, expected, monkeypatch):
        monkeypatch.setattr(framework(wing).WindowAcousticModel, "CONTEXT_SIZE", 1)
        other = FRAME_PHONEMES.copy()
        other[0, 3] = 4
        model = self.draw(wing, kind)
        moved = np.abs(self.coefficients(model, kind, phonemes=other) - self.coefficients(model, kind))[0]
        assert (moved.max(axis=1) > 1e-9).tolist() == expected

    def test_what_stands_beyond_a_word_changes_nothing(self, wing, kind):
        model = self.draw(wing, kind)
        phonemes = np.where(VALID, FRAME_PHONEMES, 3)
        positions = np.where(VALID[:, :, None], POSITIONS, 9.0)
        one = self.coefficients(model, kind)
        two = self.coefficients(model, kind, phonemes=phonemes, positions=positions)
        np.testing.assert_allclose(one[VALID], two[VALID], atol=1e-12)

    def test_without_a_teacher_it_hears_itself(self, wing):
        """What it says, given to it as if a teacher had said it, makes it say the same."""
        model = self.draw(wing, "autoregressive")
        args = FRAME_PHONEMES, SPEAKER, POSITIONS
        said = as_numpy(model.generate(*tensors(wing, *args)))
        again = call(model, *args, previous_frames(said))
        np.testing.assert_allclose(again, said, atol=1e-12)
        assert np.abs(self.coefficients(model, "autoregressive") - again)[VALID].max() > 1e-3

    def test_inputs_are_refused(self, wing):
        with pytest.raises(ValueError, match=r"positions must have shape \(3, 7, 4\), got \(3, 7, 3\)"):
            self.coefficients(self.make(wing, "recurrent"), "recurrent", positions=POSITIONS[:, :, :3])
        with pytest.raises(ValueError, match=r"frame_phonemes must lie in 0\.\.4"):
            kind = "autoregressive"
            self.coefficients(self.make(wing, kind), kind, phonemes=FRAME_PHONEMES + 3)
        with pytest.raises(ValueError, match=r"phoneme_ids must lie in 0\.\.4"):
            model = self.make(wing, "recurrent")
            model.predict_log_duration(*tensors(wing, PHONEME_IDS + 3, SPEAKER))
