"""One training loop in three wings: it learns, clips, keeps the best weights, and stops where it must."""

import math

import numpy as np
import pytest

import rnnbook
from rnnbook import training
from rnnbook.batching import make_batches, pad
from rnnbook.training import TrainingDiverged, one_cycle

WINGS = ("numpy", "torch", "tensorflow")
RNG = np.random.default_rng(0)
# Does the sequence begin with an even symbol? Of 4 to 9 symbols.
X, LENGTHS = pad([RNG.integers(0, 6, RNG.integers(4, 10)) for _ in range(300)])
Y = X[:, 0] % 2
BATCHES = make_batches(X, LENGTHS, Y, batch_size=30)


def build_model(wing: str, **options):
    sizes = {"embedding_size": 6, "hidden_size": 8, "bidirectional": False}
    rng = np.random.default_rng(0)
    return getattr(rnnbook, wing).SequenceClassifier(6, 2, **sizes, **options, rng=rng)


def loss_of(wing: str, scale: float = 1.0):
    def in_numpy(model, x, lengths, y, rng):
        logits, tape = model.forward(x, lengths, rng=rng)
        value, d_logits = rnnbook.numpy.softmax_cross_entropy(logits, y)
        return scale * value, model.backward(tape, scale * d_logits)

    def in_torch(model, x, lengths, y):
        import torch

        return scale * torch.nn.functional.cross_entropy(model(x, lengths), y)

    def in_tensorflow(model, x, lengths, y):
        import tensorflow as tf

        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y, model(x, lengths))
        return scale * tf.reduce_mean(losses)

    return {"numpy": in_numpy, "torch": in_torch, "tensorflow": in_tensorflow}[wing]


def accuracy(model) -> float:
    return float((model.probabilities(X, LENGTHS).argmax(axis=1) == Y).mean())


def params_of(model) -> dict:
    return {name: np.array(array) for name, array in model.params.items()}


def fit(wing: str, model, score=accuracy, scale: float = 1.0, **options):
    options = {"epochs": 12, "learning_rate": 0.02, "progress": False} | options
    return getattr(rnnbook, wing).fit(model, BATCHES, loss_of(wing, scale), score, **options)


@pytest.mark.parametrize("wing", WINGS)
def test_learns(wing):
    model = build_model(wing, dropout=0.1)
    assert accuracy(model) < 0.8
    run = fit(wing, model)
    assert accuracy(model) > 0.95 and run.losses[-1] < run.losses[0] / 2
    assert len(run.losses) == len(run.scores) == 12 and run.seconds > 0
    assert run.best_score == max(run.scores) == pytest.approx(accuracy(model))


def test_the_wings_walk_the_same_path():
    """Without dropout, the losses of all wings agree: same weights, same batches, same steps."""
    runs = {wing: fit(wing, build_model(wing), epochs=3, weight_decay=0.1) for wing in WINGS}
    for wing in ("torch", "tensorflow"):
        np.testing.assert_allclose(runs[wing].losses, runs["numpy"].losses, rtol=2e-3)


@pytest.mark.parametrize("wing", WINGS)
def test_the_same_seed_gives_the_same_run(wing):
    def losses(seed):
        if wing == "torch":
            import torch

            torch.rand(1)  # what the caller draws in between changes nothing
        return fit(wing, build_model(wing, dropout=0.2), epochs=2, seed=seed).losses

    assert losses(3) == pytest.approx(losses(3), rel=1e-5)
    assert losses(3) != pytest.approx(losses(4), rel=1e-5)


@pytest.mark.parametrize("wing", WINGS)
def test_the_best_weights_are_put_back_and_patience_ends_it(wing):
    seen = []

    def score(model):
        seen.append(params_of(model))
        return [0.1, 0.5, 0.3, 0.2, 0.4][len(seen) - 1]

    model = build_model(wing)
    run = fit(wing, model, score, patience=2)
    assert run.scores == [0.1, 0.5, 0.3, 0.2] and run.best_epoch == 1 and run.best_score == 0.5
    restored = params_of(model)
    assert all(np.array_equal(restored[name], seen[1][name]) for name in restored)
    assert not np.array_equal(seen[1]["readout.W"], seen[3]["readout.W"])


@pytest.mark.parametrize("wing", WINGS)
def test_clipping_clips(wing, monkeypatch):
    """A loss a million times as large: what reaches the optimiser has the norm that was asked for."""
    norms = []

    def note(gradients):
        norms.append(math.sqrt(sum(float(np.square(np.asarray(array)).sum()) for array in gradients)))

    model = build_model(wing)
    if wing == "numpy":
        step = rnnbook.numpy.Adam.step
        spy = lambda self, gradients: (note(gradients[0].values()), step(self, gradients))
        monkeypatch.setattr(rnnbook.numpy.Adam, "step", spy)
    elif wing == "torch":
        import torch

        step = torch.optim.AdamW.step
        spy = lambda self: (note(weight.grad for weight in model.parameters()), step(self))
        monkeypatch.setattr(torch.optim.AdamW, "step", spy)
    else:
        import keras
        import tensorflow as tf

        apply = keras.optimizers.AdamW.apply
        spy = lambda self, gradients, weights: (note(gradients), apply(self, gradients, weights))
        monkeypatch.setattr(keras.optimizers.AdamW, "apply", spy)
        tf.config.run_functions_eagerly(True)
    try:
        fit(wing, model, epochs=1, scale=1e6, clip=0.25)
    finally:
        if wing == "tensorflow":
            tf.config.run_functions_eagerly(False)
    assert len(norms) == 10
    np.testing.assert_allclose(norms, 0.25, rtol=1e-3)


@pytest.mark.parametrize("wing", WINGS)
def test_a_loss_that_is_not_finite_ends_it(wing):
    with pytest.raises(TrainingDiverged, match="the loss became nan at step 0; there was no finite loss"):
        fit(wing, build_model(wing), scale=math.nan)


def test_every_epoch_trains_with_dropout():
    """After the first epoch the model has been evaluated; the second must train again."""
    in_training = []

    def loss(model, *batch):
        in_training.append(model.training)
        return loss_of("torch")(model, *batch)

    model = build_model("torch")
    rnnbook.torch.fit(model, BATCHES, loss, accuracy, epochs=2, learning_rate=0.02, progress=False)
    assert len(in_training) == 20 and all(in_training) and not model.training


def test_one_cycle():
    rates = [one_cycle(step, 100, 0.4) for step in range(100)]
    assert rates[0] == pytest.approx(0.4 / 25) and max(rates) == rates[20] == 0.4
    assert rates[:21] == sorted(rates[:21]) and rates[20:] == sorted(rates[20:], reverse=True)
    assert rates[-1] == pytest.approx(0.4 / 1e4)
    assert one_cycle(0, 1, 0.4) == pytest.approx(0.4 / 25)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"epochs": 0}, ValueError, "epochs must be a positive integer, got 0"),
        ({"learning_rate": -1}, ValueError, "learning_rate must be positive, got -1"),
        ({"patience": 0}, ValueError, "patience must be a positive integer, got 0"),
        ({"score": lambda model: math.nan}, ValueError, "score must give a number, got nan after epoch 1"),
    ],
)
def test_arguments_are_refused(options, error, message):
    with pytest.raises(error, match=message):
        fit("numpy", build_model("numpy"), **options)
    with pytest.raises(ValueError, match="batches must give at least one batch, got none"):
        rnnbook.numpy.fit(build_model("numpy"), lambda rng: [], None, None, epochs=1, learning_rate=1)


def test_progress_in_a_terminal_writes_one_line_over(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setattr(training, "_in_notebook", lambda: False)
    fit("numpy", build_model("numpy"), epochs=2, progress=True)
    printed = capsys.readouterr().out
    assert printed.count("\r") == 2 and printed.endswith("\n") and printed.count("\n") == 1
    assert "epoch 2 of 2, training loss" in printed


def test_progress_elsewhere_is_silent(capsys):
    fit("numpy", build_model("numpy"), epochs=1, progress=True)
    assert capsys.readouterr().out == ""
