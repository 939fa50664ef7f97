"""What a model draws: new music, and voices to a melody."""

import numpy as np
import pytest

from rnnbook.tasks.music import sampling


def singer(dtype="float64"):
    """A model with all the symbols of the chorales, of no skill."""
    from rnnbook.torch import SATBModel

    return SATBModel(
        sampling.VOCAB_SIZE, hidden_size=4, head_size=5, dtype=dtype, rng=np.random.default_rng(0)
    )


def test_both_wings_draw_the_same_music():
    from rnnbook.tensorflow import SATBModel

    one = singer()
    other = SATBModel(sampling.VOCAB_SIZE, hidden_size=4, head_size=5, dtype="float64")
    other.load_params(one.params)
    drawn = [sampling.compose(model, 5, np.random.default_rng(3), batch_size=2) for model in (one, other)]
    assert np.array_equal(*drawn) and drawn[0].shape == (2, 5, 4)


def test_symbols_are_pitches_and_rests():
    frames = np.array([[sampling.MIN_PITCH, 60, -1, sampling.MAX_PITCH]])
    assert sampling.encode_frames(frames).tolist() == [[1, 30, 0, sampling.VOCAB_SIZE - 1]]
    assert np.array_equal(sampling.decode_frames(sampling.encode_frames(frames)), frames)
    with pytest.raises(ValueError, match=r"pitches in 31\.\.89, got 30 to 60; transpose them"):
        sampling.encode_frames(np.array([30, 60]))


def test_the_melody_is_kept_and_the_likeliest_try_returned():
    model, melody = singer(), np.array([60, 62, -1, 64])
    frames = sampling.harmonize(model, melody, np.random.default_rng(0), num_samples=6)
    assert frames.shape == (4, 4) and frames[:, 0].tolist() == melody.tolist()
    tries = [
        nats_of(model, sung)
        for sung in sampling.decode_frames(
            sampling._sample(model, given(melody, 6), np.random.default_rng(0), 0.7)[0]
        )
    ]
    assert nats_of(model, frames) == pytest.approx(min(tries)) and min(tries) < max(tries)


def given(melody, tries):
    sung = np.full((tries, len(melody), 4), -1)
    sung[:, :, 0] = sampling.encode_frames(melody)
    return sung


def nats_of(model, frames):
    import torch

    from rnnbook.torch import satb_loss

    with torch.no_grad():
        x = torch.as_tensor(sampling.encode_frames(frames)[None])
        return satb_loss(model, x, torch.tensor([len(frames)])).item()


def test_draws_follow_the_softmax():
    logits = np.log(np.array([0.5, 0.3, 0.2]))
    drawn = sampling.sample_categorical(np.tile(logits, (20_000, 1)), np.random.default_rng(0))
    np.testing.assert_allclose(np.bincount(drawn) / 20_000, [0.5, 0.3, 0.2], atol=0.015)
    cold = sampling.sample_categorical(np.tile(logits, (1000, 1)) / 1e-3, np.random.default_rng(0))
    assert (cold == 0).all()


def test_impossible_wishes_are_refused():
    with pytest.raises(ValueError, match="temperature must be positive, got 0"):
        sampling.compose(singer(), 3, np.random.default_rng(0), temperature=0)
    with pytest.raises(ValueError, match="length must be a positive integer, got 0"):
        sampling.compose(singer(), 0, np.random.default_rng(0))


def test_keys_are_played_as_probable_as_they_are():
    from rnnbook.torch import PianoRollModel

    model = PianoRollModel(9, hidden_size=5, dtype="float64", rng=np.random.default_rng(0))
    played = sampling.sample_piano_roll(model, 1, np.random.default_rng(0), batch_size=4000)
    expected = model.probabilities(model.init_state(1))[0]
    np.testing.assert_allclose(played[:, 0].mean(axis=0), expected, atol=0.03)


class Counter:
    """It sings one symbol higher at every frame: the state is how many frames it has heard."""

    def init_state(self, batch_size):
        return np.zeros(batch_size, int)

    def log_probabilities(self, voice, frame, state):
        logs = np.full((len(state), sampling.VOCAB_SIZE), -0.1)
        logs[np.arange(len(state)), state + 1] = 0
        return logs

    def update_state(self, frame, state):
        return frame[:, 0].copy()

    def probabilities(self, state):
        return np.full((len(state), 200), 0.5)


def test_near_temperature_0_nothing_is_left_to_chance_and_every_frame_is_heard():
    frames = sampling.compose(Counter(), 5, np.random.default_rng(0), batch_size=2, temperature=1e-3)
    expected = sampling.MIN_PITCH + np.arange(5)
    assert np.array_equal(frames, np.broadcast_to(expected[:, None], (2, 5, 4)))


def test_every_key_is_drawn_for_itself():
    counter = Counter()
    roll = sampling.sample_piano_roll(counter, 3, np.random.default_rng(0), batch_size=2)
    assert roll.shape == (2, 3, 200) and ((roll.mean(axis=2) > 0.3) & (roll.mean(axis=2) < 0.7)).all()
