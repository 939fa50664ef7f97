"""The models of music in two wings: the same weights give the same outputs, loss and gradients."""

import numpy as np
import pytest

from rnnbook.specs import VOICE_ORDER
from tests.models.twins import Twins, as_numpy, call, framework, tensors

RNG = np.random.default_rng(0)
LENGTHS = np.array([6, 2, 4])
VALID = np.arange(6) < LENGTHS[:, None]
KEYS = (RNG.random((3, 6, 9)) < 0.3).astype("float64")
SYMBOLS = RNG.integers(0, 7, (3, 6, 4))
ROLL = {"num_keys": 9, "hidden_size": 5}
TIED = ROLL | {"context_size": 2, "key_size": 4}
SATB = {"vocab_size": 7, "hidden_size": 5, "head_size": 6}


def is_satb(kind):
    return "voices" in kind


def inputs(kind, dtype="float64"):
    return SYMBOLS if is_satb(kind) else KEYS.astype(dtype)


def step_by_step(model, kind):
    """What the model says of every frame of the first piece, given those before."""
    x, state, answers = inputs(kind)[:1], model.init_state(1), []
    for time in range(3):
        if is_satb(kind):
            answers += [model.log_probabilities(voice, x[:, time], state) for voice in VOICE_ORDER]
        else:
            answers.append(model.probabilities(state))
        state = model.update_state(x[:, time], state)
    return (*answers, state)


class TestMusicModels(Twins):
    KINDS = {
        "keys": ("PianoRollModel", ROLL),
        "tied keys": ("PianoRollModel", TIED),
        "Markov keys": ("MarkovPianoRollModel", ROLL),
        "Markov tied keys": ("MarkovPianoRollModel", TIED),
        "voices": ("SATBModel", SATB),
        "Markov voices": ("MarkovSATBModel", SATB),
    }
    SCALE = 0.4
    LEARNERS = ("keys", "tied keys", "voices")
    LEARNING = {"epochs": 40, "learning_rate": 0.02}
    LEFT = 0.85
    ANSWERS = {
        f"step by step: {kind}": (kind, dropout, lambda model, kind=kind: step_by_step(model, kind))
        for kind, dropout in {
            "keys": {"dropout": 0.5},
            "tied keys": {"dropout": 0.5, "key_dropout": 0.5},
            "Markov tied keys": {"key_dropout": 0.5},
            "voices": {"dropout": 0.5},
        }.items()
    }
    REFUSED = [
        ("keys", {"hidden_size": 0}, ValueError, "hidden_size must be a positive integer, got 0"),
        ("tied keys", {"context_size": 0}, ValueError, "context_size must be a positive integer, got 0"),
        ("voices", {"dropout": 2}, ValueError, r"dropout must be a number in 0\.\.1, got 2"),
        ("keys", {"key_dropout": 2}, ValueError, r"key_dropout must be a number in 0\.\.1, got 2"),
        ("Markov voices", {"vocab_size": 0}, ValueError, "vocab_size must be a positive integer, got 0"),
    ]

    def inputs(self, kind, dtype="float64"):
        return (inputs(kind, dtype),), {"lengths": LENGTHS}

    def batch(self, kind, dtype="float64"):
        return inputs(kind, dtype), LENGTHS

    def loss(self, wing, kind):
        return framework(wing).satb_loss if is_satb(kind) else framework(wing).piano_roll_loss

    def test_logits_for_each_key_or_voice(self, kind, wing):
        shape = (3, 6, 4, 7) if is_satb(kind) else (3, 6, 9)
        assert self.outputs(self.make(wing, kind), kind).shape == shape

    def test_the_loss_is_the_nats_of_a_frame(self, kind, wing):
        """By plain arithmetic: the mean over valid frames of the cross-entropies, added up."""
        model, x = self.make(wing, kind), inputs(kind)
        logits = call(model, x)
        if is_satb(kind):
            p = np.exp(logits) / np.exp(logits).sum(axis=3, keepdims=True)
            nats = -np.log(np.take_along_axis(p, x[..., None], axis=3)).sum(axis=(2, 3))
        else:
            p = 1 / (1 + np.exp(-logits))
            nats = -np.log(np.where(x == 1, p, 1 - p)).sum(axis=2)
        loss, _ = self.value_and_gradients(model, kind)
        assert loss == pytest.approx(nats[VALID].mean(), rel=1e-10)

    def test_no_frame_helps_to_predict_itself(self, kind, wing):
        model, x = self.make(wing, kind), inputs(kind)
        before = call(model, x)
        changed = x.copy()
        changed[:, 3] = (x[:, 3] + 1) % 7 if is_satb(kind) else 1 - x[:, 3]
        after = call(model, changed)
        np.testing.assert_allclose(after[:, :3], before[:, :3], atol=1e-12)
        assert np.abs(after[:, 4] - before[:, 4]).max() > 1e-6
        # Without recurrence, the frame before is all that is seen; neighbours are looked at in two frames.
        seen = "Markov" not in kind or "tied" in kind
        assert (np.abs(after[:, 5] - before[:, 5]).max() > 1e-9) == seen

    @pytest.mark.parametrize("kind", ["voices", "Markov voices"])
    def test_no_later_voice_helps_to_predict_itself(self, wing, kind):
        """Of the same frame, each voice sees those asked before: soprano, bass, alto, tenor."""
        model = self.make(wing, kind)
        before = call(model, SYMBOLS)
        changed = SYMBOLS.copy()
        changed[:, 3] = (SYMBOLS[:, 3] + 1) % 7
        moved = np.abs(call(model, changed)[:, 3] - before[:, 3]).max(axis=(0, 2)) > 1e-9
        assert moved.tolist() == [False, True, True, True]
        for asked_before, voice in enumerate(VOICE_ORDER):
            changed = SYMBOLS.copy()
            changed[:, 3, voice] = (SYMBOLS[:, 3, voice] + 1) % 7
            moved = np.abs(call(model, changed)[:, 3] - before[:, 3]).max(axis=(0, 2)) > 1e-9
            assert set(np.flatnonzero(moved)) == set(VOICE_ORDER[asked_before + 1 :])

    def test_step_by_step_is_the_whole(self, kind, wing):
        model, x = self.make(wing, kind), inputs(kind)
        logits = call(model, x)
        state = model.init_state(3)
        for time in range(6):
            if is_satb(kind):
                for voice in VOICE_ORDER:
                    p = np.exp(model.log_probabilities(voice, x[:, time], state))
                    expected = np.exp(logits[:, time, voice])
                    expected /= expected.sum(axis=1, keepdims=True)
                    np.testing.assert_allclose(p, expected, atol=1e-12)
            else:
                p = model.probabilities(state)
                np.testing.assert_allclose(p, 1 / (1 + np.exp(-logits[:, time])), atol=1e-12)
            state = model.update_state(x[:, time], state)

    def test_what_stands_beyond_a_length_changes_nothing_before(self, kind, wing):
        model, x = self.make(wing, kind), inputs(kind)
        other = np.where(VALID[:, :, None], x, 0 if is_satb(kind) else 1 - x)
        one, two = (call(model, each, lengths=LENGTHS)[VALID] for each in (x, other))
        np.testing.assert_allclose(one, two, atol=1e-12)

    def test_padding_is_no_part_of_the_loss(self, kind, wing):
        model, x = self.make(wing, kind), inputs(kind)
        loss = lambda x: as_numpy(self.loss(wing, kind)(model, *tensors(wing, x, LENGTHS)))
        other = np.where(VALID[:, :, None], x, 0 if is_satb(kind) else np.nan)
        np.testing.assert_allclose(loss(other), loss(x), rtol=1e-12)

    @pytest.mark.parametrize("kind", ["tied keys", "Markov tied keys"])
    def test_dropout_of_keys_is_on_in_training_alone(self, kind, wing):
        model = self.make(wing, kind, key_dropout=0.5)
        quiet = [call(model, KEYS) for _ in range(2)]
        loud = [call(model, KEYS, training=True) for _ in range(2)]
        assert np.array_equal(*quiet) and np.abs(loud[0] - loud[1]).max() > 1e-4

    @pytest.mark.parametrize(
        ("kind", "x", "error", "message"),
        [
            ("voices", SYMBOLS[:, :, :3], ValueError, r"shape \(batch, time, 4\), got \(3, 6, 3\)"),
            ("voices", np.where(SYMBOLS == 6, 7, SYMBOLS), ValueError, r"0\.\.6, got values from 0 to 7"),
            ("keys", KEYS.astype("float32"), TypeError, "x must be float64, got float32"),
        ],
        ids=["shape", "symbol", "dtype"],
    )
    def test_wrong_music_is_refused_in_the_same_words(self, wing, kind, x, error, message):
        with pytest.raises(error, match=message):
            call(self.make(wing, kind), x)

    def test_all_keys_share_one_network(self, wing):
        """Where nothing knows which key it is, a frame moved up moves the answer up."""
        model = self.make(wing, "Markov tied keys")
        params = model.params
        for name in ("readout.W", "readout.b", "neighbours.context.W", "neighbours.key.E"):
            params[name][:] = 0
        model.load_params(params)
        x = np.zeros((1, 4, 9))
        x[0, [0, 1, 1], [3, 3, 5]] = 1
        logits, moved = (call(model, each) for each in (x, np.roll(x, 1, axis=2)))
        np.testing.assert_allclose(moved[:, :, 1:], logits[:, :, :-1], atol=1e-12)
        # A key looks two keys to each side, at the two frames before.
        far = [bool(np.abs(logits[0, time] - logits[0, 0]).max() > 1e-9) for time in range(4)]
        assert far == [False, True, True, True]
        for time, touched in ((1, [1, 2, 3, 4, 5]), (3, [1, 2, 3, 4, 5, 6, 7])):
            apart = np.abs(logits[0, time] - logits[0, 0, 0])
            assert np.flatnonzero(apart > 1e-9).tolist() == touched
            assert np.delete(apart, touched).max() < 1e-14  # equal rows of one product, but for the last bit
