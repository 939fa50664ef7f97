"""The composers in two wings: the same weights give the same outputs, loss, gradients, and the same music."""

import importlib

import numpy as np
import pytest

from rnnbook.tasks.music import sampling

RNG = np.random.default_rng(0)
LENGTHS = np.array([6, 2, 4])
KEYS = (RNG.random((3, 6, 9)) < 0.3).astype("float64")
SUNG = RNG.integers(0, 7, (3, 6, 4))
WINGS = ("torch", "tensorflow")
KINDS = ("keys", "keys and neighbours", "voices")
TOLERANCES = [("float64", 1e-10), ("float32", 1e-5)]
cases = pytest.mark.parametrize("kind", KINDS)
wings = pytest.mark.parametrize("wing", WINGS)


def made(wing, kind, dtype="float64", seed=0, **options):
    module = importlib.import_module(f"rnnbook.{wing}")
    options = {"hidden_size": 5, "dtype": dtype, "rng": np.random.default_rng(seed)} | options
    if kind.startswith("keys"):
        options |= {"reach": 2, "key_size": 4} if kind == "keys and neighbours" else {}
        return module.KeyComposer(9, **options)
    return module.VoiceComposer(7, **({"head_size": 6} | options))


def inputs(kind, dtype="float64"):
    return SUNG if kind == "voices" else KEYS.astype(dtype)


def loss_of(wing, kind):
    module = importlib.import_module(f"rnnbook.{wing}")
    return module.voice_loss if kind == "voices" else module.key_loss


def answers(model, wing, x, **options):
    if wing == "torch":
        import torch

        with torch.no_grad():
            return model(torch.tensor(x), **options).numpy()
    return model(x, **options).numpy()


def in_torch(model, kind, x):
    import torch

    loss = loss_of("torch", kind)(model, torch.tensor(x), torch.tensor(LENGTHS))
    loss.backward()
    gradients = [weight.grad.numpy() for weight in model.parameters()]
    return loss.item(), dict(zip(model.params(), gradients, strict=True))


def in_tensorflow(model, kind, x):
    import tensorflow as tf

    with tf.GradientTape() as tape:
        loss = loss_of("tensorflow", kind)(model, x, LENGTHS)
    # By identity: Keras lists the weights in another order than params().
    names = {
        id(getattr(layer, name)): f"{prefix}{name}"
        for prefix, layer in leaves(model)
        for name in layer.shapes
    }
    weights = model.trainable_variables
    gradients = tape.gradient(loss, [weight.value for weight in weights])
    found = {
        names[id(weight)]: np.array(tf.convert_to_tensor(one))
        for weight, one in zip(weights, gradients, strict=True)
    }
    return float(loss), found


def leaves(model, prefix=""):
    for name, layer in model.inner().items():
        if hasattr(layer, "inner"):
            yield from leaves(layer, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}.", layer


@cases
@pytest.mark.parametrize("recurrent", [True, False])
@pytest.mark.parametrize(("dtype", "tolerance"), TOLERANCES)
def test_wings_agree(kind, recurrent, dtype, tolerance):
    one, other = (made(wing, kind, dtype, recurrent=recurrent) for wing in WINGS)
    params = {
        name: np.random.default_rng(1).normal(0, 0.4, array.shape).astype(dtype)
        for name, array in one.params().items()
    }
    one.load_params(params)
    other.load_params(params)
    x = inputs(kind, dtype)
    close = {"rtol": tolerance, "atol": tolerance}
    found = answers(one, "torch", x, lengths=LENGTHS)
    assert found.shape == ((3, 6, 4, 7) if kind == "voices" else (3, 6, 9))
    np.testing.assert_allclose(answers(other, "tensorflow", x, lengths=LENGTHS), found, **close)
    (loss, gradients), (other_loss, other_gradients) = in_torch(one, kind, x), in_tensorflow(other, kind, x)
    assert other_loss == pytest.approx(loss, rel=tolerance)
    assert set(gradients) == set(other_gradients) == set(params)
    for name, gradient in gradients.items():
        assert np.abs(gradient).max() > 0, name
        np.testing.assert_allclose(other_gradients[name], gradient, **close, err_msg=name)


@cases
def test_one_seed_starts_both_wings_alike(kind):
    one, other = (made(wing, kind).params() for wing in WINGS)
    assert list(one) == list(other)
    assert all(np.array_equal(one[name], other[name]) for name in one)


@cases
@wings
def test_the_loss_is_the_nats_of_a_frame(kind, wing):
    """By plain arithmetic: the mean over valid frames of the cross-entropies, added up."""
    model, x = made(wing, kind), inputs(kind)
    logits = answers(model, wing, x)
    valid = np.arange(6) < LENGTHS[:, None]
    if kind != "voices":
        p = 1 / (1 + np.exp(-logits))
        nats = -np.log(np.where(x == 1, p, 1 - p)).sum(axis=2)
    else:
        p = np.exp(logits) / np.exp(logits).sum(axis=3, keepdims=True)
        nats = -np.log(np.take_along_axis(p, x[..., None], axis=3)).sum(axis=(2, 3))
    loss = in_torch(model, kind, x)[0] if wing == "torch" else in_tensorflow(model, kind, x)[0]
    assert loss == pytest.approx(nats[valid].mean(), rel=1e-10)


@wings
@pytest.mark.parametrize("recurrent", [True, False])
def test_no_frame_and_no_later_voice_helps_to_predict_itself(wing, recurrent):
    for kind in KINDS:
        model = made(wing, kind, recurrent=recurrent)
        x = inputs(kind)
        before = answers(model, wing, x)
        changed = x.copy()
        changed[:, 3] = (x[:, 3] + 1) % 7 if kind == "voices" else 1 - x[:, 3]
        after = answers(model, wing, changed)
        np.testing.assert_allclose(after[:, :3], before[:, :3], atol=1e-12)
        assert np.abs(after[:, 4] - before[:, 4]).max() > 1e-6
        # Without recurrence, the frame before is all that is seen; neighbours are looked at in two frames.
        assert (np.abs(after[:, 5] - before[:, 5]).max() > 1e-9) == (recurrent or "neighbours" in kind)
    # Of the same frame, each voice sees those asked before: soprano, bass, alto, tenor.
    moved = np.abs(after[:, 3] - before[:, 3]).max(axis=(0, 2)) > 1e-9
    assert moved.tolist() == [False, True, True, True]
    for asked, voice in enumerate(sampling.ORDER):
        changed = x.copy()
        changed[:, 3, voice] = (x[:, 3, voice] + 1) % 7
        moved = np.abs(answers(model, wing, changed)[:, 3] - before[:, 3]).max(axis=(0, 2)) > 1e-9
        assert set(np.flatnonzero(moved)) == set(sampling.ORDER[asked + 1 :])


@cases
@wings
def test_step_by_step_is_the_whole(kind, wing):
    model, x = made(wing, kind), inputs(kind)
    logits = answers(model, wing, x)
    state = model.begin(3)
    for time in range(6):
        if kind != "voices":
            found = model.probabilities(state)
            np.testing.assert_allclose(found, 1 / (1 + np.exp(-logits[:, time])), atol=1e-12)
        else:
            for asked, voice in enumerate(sampling.ORDER):
                found = np.exp(model.log_probabilities(asked, x[:, time], state))
                expected = np.exp(logits[:, time, voice])
                np.testing.assert_allclose(found, expected / expected.sum(axis=1, keepdims=True), atol=1e-12)
        state = model.after(x[:, time], state)


@cases
@wings
def test_what_stands_beyond_a_length_changes_nothing_before(kind, wing):
    model, x = made(wing, kind), inputs(kind)
    valid = np.arange(6) < LENGTHS[:, None]
    other = np.where(valid[:, :, None], x, 0 if kind == "voices" else 1 - x)
    one, two = (answers(model, wing, each, lengths=LENGTHS)[valid] for each in (x, other))
    np.testing.assert_allclose(one, two, atol=1e-12)


@cases
@wings
def test_both_wings_train(kind, wing):
    module = importlib.import_module(f"rnnbook.{wing}")
    model = made(wing, kind, "float32", dropout=0.1)
    batch = (inputs(kind, "float32"), LENGTHS)
    run = module.fit(
        model,
        lambda rng: [batch],
        loss_of(wing, kind),
        lambda model: 0.0,
        epochs=40,
        learning_rate=0.02,
        progress=False,
    )
    assert run.losses[-1] < 0.85 * run.losses[0]


@wings
@cases
def test_dropout_is_on_in_training_alone(wing, kind):
    model, x = made(wing, kind, **{"key_dropout" if "neighbours" in kind else "dropout": 0.5}), inputs(kind)
    if wing == "torch":
        model.eval()
        quiet = [answers(model, wing, x) for _ in range(2)]
        model.train()
        loud = [answers(model, wing, x) for _ in range(2)]
    else:
        quiet = [answers(model, wing, x) for _ in range(2)]
        loud = [answers(model, wing, x, training=True) for _ in range(2)]
    assert np.array_equal(*quiet) and np.abs(loud[0] - loud[1]).max() > 1e-4


@wings
def test_wrong_music_is_refused_in_the_same_words(wing):
    voices, keys = made(wing, "voices"), made(wing, "keys")
    with pytest.raises(ValueError, match=r"x must have shape \(batch, time, 4\), got \(3, 6, 3\)"):
        answers(voices, wing, SUNG[:, :, :3])
    with pytest.raises(ValueError, match=r"x must lie in 0\.\.6, got values from 0 to 7"):
        answers(voices, wing, np.where(SUNG == SUNG.max(), 7, SUNG))
    with pytest.raises(TypeError, match="x must be float64, got float32"):
        answers(keys, wing, KEYS.astype("float32"))
    with pytest.raises(ValueError, match="hidden_size must be a positive integer, got 0"):
        made(wing, "keys", hidden_size=0)
    with pytest.raises(ValueError, match="reach must be a positive integer, got 0"):
        made(wing, "keys", reach=0)
    with pytest.raises(ValueError, match=r"dropout must be a number in 0\.\.1, got 2"):
        made(wing, "voices", dropout=2)


@wings
def test_all_keys_share_one_network(wing):
    """Where nothing knows which key it is, a frame moved up moves the answer up."""
    model = made(wing, "keys and neighbours", recurrent=False)
    params = model.params()
    for name in ("readout.W", "readout.b", "neighbours.context.W", "neighbours.key.E"):
        params[name][:] = 0
    model.load_params(params)
    x = np.zeros((1, 4, 9))
    x[0, [0, 1, 1], [3, 3, 5]] = 1
    logits, moved = (answers(model, wing, each) for each in (x, np.roll(x, 1, axis=2)))
    np.testing.assert_allclose(moved[:, :, 1:], logits[:, :, :-1], atol=1e-12)
    # A key looks two keys to each side, at the two frames before.
    far = [bool(np.abs(logits[0, time] - logits[0, 0]).max() > 1e-9) for time in range(4)]
    assert far == [False, True, True, True]
    for time, touched in ((1, [1, 2, 3, 4, 5]), (3, [1, 2, 3, 4, 5, 6, 7])):
        apart = np.abs(logits[0, time] - logits[0, 0, 0])
        assert np.flatnonzero(apart > 1e-9).tolist() == touched
        assert np.delete(apart, touched).max() < 1e-14  # equal rows of one product, but for the last bit


# Drawing


def singer(dtype="float64"):
    """A model with all the symbols of the chorales, of no skill."""
    from rnnbook.torch import VoiceComposer

    return VoiceComposer(
        sampling.SYMBOLS, hidden_size=4, head_size=5, dtype=dtype, rng=np.random.default_rng(0)
    )


def test_both_wings_draw_the_same_music():
    from rnnbook.tensorflow import VoiceComposer

    one = singer()
    other = VoiceComposer(sampling.SYMBOLS, hidden_size=4, head_size=5, dtype="float64")
    other.load_params(one.params())
    drawn = [sampling.compose(model, 5, np.random.default_rng(3), batch=2) for model in (one, other)]
    assert np.array_equal(*drawn) and drawn[0].shape == (2, 5, 4)


def test_symbols_are_pitches_and_rests():
    frames = np.array([[sampling.LOWEST, 60, -1, sampling.HIGHEST]])
    assert sampling.symbols_of(frames).tolist() == [[1, 30, 0, sampling.SYMBOLS - 1]]
    assert np.array_equal(sampling.frames_of(sampling.symbols_of(frames)), frames)
    with pytest.raises(ValueError, match=r"pitches in 31\.\.89, got 30 to 60; transpose them"):
        sampling.symbols_of(np.array([30, 60]))


def test_the_melody_is_kept_and_the_likeliest_try_returned():
    model, melody = singer(), np.array([60, 62, -1, 64])
    found = sampling.harmonise(model, melody, np.random.default_rng(0), tries=6)
    assert found.shape == (4, 4) and found[:, 0].tolist() == melody.tolist()
    tries = [
        nats_of(model, sung)
        for sung in sampling.frames_of(
            sampling._sung(model, given(melody, 6), np.random.default_rng(0), 0.7)[0]
        )
    ]
    assert nats_of(model, found) == pytest.approx(min(tries)) and min(tries) < max(tries)


def given(melody, tries):
    sung = np.full((tries, len(melody), 4), -1)
    sung[:, :, 0] = sampling.symbols_of(melody)
    return sung


def nats_of(model, frames):
    import torch

    from rnnbook.torch import voice_loss

    with torch.no_grad():
        x = torch.as_tensor(sampling.symbols_of(frames)[None])
        return voice_loss(model, x, torch.tensor([len(frames)])).item()


def test_draws_follow_the_softmax():
    logits = np.log(np.array([0.5, 0.3, 0.2]))
    drawn = sampling.draw(np.tile(logits, (20_000, 1)), np.random.default_rng(0))
    np.testing.assert_allclose(np.bincount(drawn) / 20_000, [0.5, 0.3, 0.2], atol=0.015)
    cold = sampling.draw(np.tile(logits, (1000, 1)) / 1e-3, np.random.default_rng(0))
    assert (cold == 0).all()


def test_impossible_wishes_are_refused():
    with pytest.raises(ValueError, match="temperature must be positive, got 0"):
        sampling.compose(singer(), 3, np.random.default_rng(0), temperature=0)
    with pytest.raises(ValueError, match="length must be a positive integer, got 0"):
        sampling.compose(singer(), 0, np.random.default_rng(0))


def test_keys_are_played_as_probable_as_they_are():
    model = made("torch", "keys")
    played = sampling.play_keys(model, 1, np.random.default_rng(0), batch=4000)
    expected = model.probabilities(model.begin(1))[0]
    np.testing.assert_allclose(played[:, 0].mean(axis=0), expected, atol=0.03)
