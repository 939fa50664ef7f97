"""The voices in two wings: the same weights give the same outputs, loss and gradients."""

import importlib

import numpy as np
import pytest

from rnnbook.tasks.sound.length_regulator import placed

WINGS = ("torch", "tensorflow")
KINDS = {
    "recurrent": ("Voice", {}),
    "dense": ("Voice", {"recurrent": False}),
    "feedback": ("FeedbackVoice", {}),
}
kinds = pytest.mark.parametrize("kind", KINDS)
wings = pytest.mark.parametrize("wing", WINGS)
LENGTHS, COUNTS = np.array([7, 3, 5]), np.array([4, 2, 3])
SPELT = np.array([[0, 1, 2, 3], [4, 2, 0, 0], [1, 1, 3, 0]])
SPEAKER = np.array([0, 1, 1])
PHONEMES = np.zeros((3, 7), int)
POSITIONS = np.zeros((3, 7, 4))
for row, (steps, count) in enumerate(zip(LENGTHS, COUNTS, strict=True)):
    PHONEMES[row, :steps], POSITIONS[row, :steps] = placed(SPELT[row, :count], steps)
Y = np.random.default_rng(0).normal(size=(3, 7, 3))
VALID = np.arange(7) < LENGTHS[:, None]


def made(wing, kind, dtype="float64", seed=0, **more):
    name, options = KINDS[kind]
    model = getattr(importlib.import_module(f"rnnbook.{wing}"), name)
    sizes = {"embedding_size": 3, "hidden_size": 4}
    return model(5, 2, 3, **sizes, **options, dtype=dtype, rng=np.random.default_rng(seed), **more)


def drawn_params(model) -> dict:
    rng = np.random.default_rng(1)
    return {
        name: rng.normal(0, 0.6, array.shape).astype(array.dtype) for name, array in model.params().items()
    }


def batch(dtype="float64") -> tuple:
    return PHONEMES, LENGTHS, SPEAKER, POSITIONS.astype(dtype), Y.astype(dtype), SPELT, COUNTS


def loss_of(wing, kind):
    framework = importlib.import_module(f"rnnbook.{wing}")
    return framework.forced_loss if kind == "feedback" else framework.speech_loss


def says(model, wing, kind, dtype="float64", **changes) -> np.ndarray:
    """The coefficients, under teacher forcing where there is a teacher."""
    phonemes, lengths, speaker, positions, y, spelt, counts = batch(dtype)
    phonemes, positions = changes.get("phonemes", phonemes), changes.get("positions", positions)
    before = np.pad(y[:, :-1], ((0, 0), (1, 0), (0, 0)))
    arguments = (before,) if kind == "feedback" else (spelt,)
    more = {} if kind == "feedback" else {"counts": counts}
    if wing == "torch":
        import torch

        with torch.no_grad():
            result = model(
                *map(torch.tensor, (phonemes, speaker, positions, *arguments)), lengths=lengths, **more
            )
    else:
        result = model(phonemes, speaker, positions, *arguments, lengths=lengths, **more)
    return (result if kind == "feedback" else result[0]).numpy()


def in_torch(model, kind, dtype):
    import torch

    loss = loss_of("torch", kind)(model, *map(torch.tensor, batch(dtype)))
    loss.backward()
    gradients = [weight.grad.numpy() for weight in model.parameters()]
    return loss.item(), dict(zip(model.params(), gradients, strict=True))


def in_tensorflow(model, kind, dtype):
    import tensorflow as tf

    with tf.GradientTape() as tape:
        loss = loss_of("tensorflow", kind)(model, *map(tf.constant, batch(dtype)))
    gradients = tape.gradient(loss, [weight.value for weight in model.trainable_variables])
    gradients = [np.array(tf.convert_to_tensor(gradient)) for gradient in gradients]
    return float(loss), dict(zip(model.params(), gradients, strict=True))


@kinds
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-10), ("float32", 1e-5)])
def test_wings_agree(kind, dtype, tolerance):
    one, other = (made(wing, kind, dtype) for wing in WINGS)
    params = drawn_params(one)
    one.load_params(params)
    other.load_params(params)
    close = {"rtol": tolerance, "atol": tolerance}
    found = says(one, "torch", kind, dtype)
    assert found.shape == (3, 7, 3)
    np.testing.assert_allclose(says(other, "tensorflow", kind, dtype)[VALID], found[VALID], **close)
    (loss, gradients), (other_loss, other_gradients) = (
        in_torch(one, kind, dtype),
        in_tensorflow(other, kind, dtype),
    )
    assert other_loss == pytest.approx(loss, rel=tolerance)
    assert set(gradients) == set(other_gradients) == set(params)
    for name, gradient in gradients.items():
        assert np.abs(gradient).max() > 0, name
        np.testing.assert_allclose(other_gradients[name], gradient, **close, err_msg=name)


@kinds
def test_one_seed_starts_both_wings_alike(kind):
    one, other = (made(wing, kind).params() for wing in WINGS)
    assert list(one) == list(other)
    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_the_loss_by_hand():
    """Coefficients off by (3, 4, 0) at each step, and a length of e² times too much: 5 + 2²."""
    import torch

    from rnnbook.torch import speech_loss

    lengths = torch.tensor(LENGTHS)
    off = torch.tensor([3.0, 4.0, 0.0])
    model = lambda *_: (torch.tensor(Y) + off, torch.log(lengths.double()) + 2)
    phonemes, _, *others = map(torch.tensor, batch())
    assert float(speech_loss(model, phonemes, lengths, *others)) == pytest.approx(9)


@wings
def test_only_a_recurrent_voice_sees_other_steps(wing):
    other = PHONEMES.copy()
    other[0, 3] = 4
    for kind, expected in (("recurrent", [True] * 7), ("dense", [step == 3 for step in range(7)])):
        model = made(wing, kind)
        model.load_params(drawn_params(model))
        moved = np.abs(says(model, wing, kind, phonemes=other) - says(model, wing, kind))[0]
        assert (moved.max(axis=1) > 1e-9).tolist() == expected


@wings
@kinds
def test_what_stands_beyond_a_word_changes_nothing(wing, kind):
    model = made(wing, kind)
    model.load_params(drawn_params(model))
    phonemes, positions = np.where(VALID, PHONEMES, 3), np.where(VALID[:, :, None], POSITIONS, 9.0)
    one, two = says(model, wing, kind), says(model, wing, kind, phonemes=phonemes, positions=positions)
    np.testing.assert_allclose(one[VALID], two[VALID], atol=1e-12)


@wings
def test_without_a_teacher_it_hears_itself(wing):
    """What it says, given to it as if a teacher had said it, makes it say the same."""
    model = made(wing, "feedback")
    model.load_params(drawn_params(model))
    arguments = PHONEMES, SPEAKER, POSITIONS
    if wing == "torch":
        import torch

        arguments = tuple(map(torch.tensor, arguments))
    said = model.speak(*arguments)
    before = np.pad(said.numpy()[:, :-1], ((0, 0), (1, 0), (0, 0)))
    again = model(*arguments, before if wing == "tensorflow" else torch.tensor(before))
    again = again.detach().numpy() if wing == "torch" else again.numpy()
    np.testing.assert_allclose(again, said.numpy(), atol=1e-12)
    assert np.abs(says(model, wing, "feedback") - again)[VALID].max() > 1e-3


@wings
@kinds
def test_they_learn(wing, kind):
    framework = importlib.import_module(f"rnnbook.{wing}")
    model = made(wing, kind, "float32")
    run = framework.fit(
        model,
        lambda rng: [batch("float32")],
        loss_of(wing, kind),
        lambda model: 0.0,
        epochs=40,
        learning_rate=0.03,
        progress=False,
    )
    assert run.losses[-1] < 0.7 * run.losses[0]


@wings
@kinds
@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"speakers": 0}, ValueError, "speakers must be a positive integer, got 0"),
        ({"dropout": -1}, ValueError, r"dropout must be a number in 0\.\.1, got -1"),
        ({"hidden_size": 0}, ValueError, "hidden_size must be a positive integer, got 0"),
    ],
)
def test_arguments_are_refused_in_the_same_words(wing, kind, change, error, message):
    name, options = KINDS[kind]
    with pytest.raises(error, match=message):
        getattr(importlib.import_module(f"rnnbook.{wing}"), name)(
            **{"phonemes": 5, "speakers": 2} | options | change
        )


@wings
def test_inputs_are_refused(wing):
    with pytest.raises(ValueError, match=r"positions must have shape \(3, 7, 4\), got \(3, 7, 3\)"):
        says(made(wing, "recurrent"), wing, "recurrent", positions=POSITIONS[:, :, :3])
    with pytest.raises(ValueError, match=r"phonemes must lie in 0\.\.4"):
        says(made(wing, "feedback"), wing, "feedback", phonemes=PHONEMES + 3)
