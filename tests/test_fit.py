"""One training loop in three wings: it learns, clips, keeps the best weights, and stops where it must."""

import io
import itertools
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
def test_nothing_is_clipped_below_infinity(wing):
    runs = [fit(wing, build_model(wing), epochs=1, clip=clip) for clip in (1e9, math.inf)]
    np.testing.assert_allclose(runs[1].losses, runs[0].losses, rtol=1e-5)


def test_numpys_weights_without_a_gradient_stay():
    """And nothing moves, nor decays, where a gradient does not fit."""
    model, loss = build_model("numpy"), loss_of("numpy")
    before = params_of(model)

    def train(change):
        changed = lambda *given, **rng: (lambda value, gradients: (value, change(gradients)))(
            *loss(*given, **rng)
        )
        options = {"epochs": 1, "learning_rate": 0.02, "weight_decay": 0.5, "progress": False}
        rnnbook.numpy.fit(model, BATCHES, changed, lambda model: 0.0, **options)

    with pytest.raises(ValueError, match=r"gradients\[0\]\['readout.W'\] must have shape"):
        train(lambda gradients: gradients | {"readout.W": np.ones(1)})
    with pytest.raises(ValueError, match="loss must depend on the model's weights, got one without a grad"):
        train(lambda gradients: {"x": gradients["readout.W"]})
    assert all(np.array_equal(array, before[name]) for name, array in model.params.items())
    train(lambda gradients: {name: array for name, array in gradients.items() if name != "embedding.E"})
    stayed = {name for name, array in model.params.items() if np.array_equal(array, before[name])}
    assert stayed == {"embedding.E"}


@pytest.mark.parametrize("wing", WINGS)
def test_settings_may_be_numbers_of_numpy(wing, tmp_path):
    options = {"epochs": np.int64(1), "learning_rate": np.float32(0.02), "seed": np.int32(1)}
    for _ in range(2):
        fit(wing, build_model(wing), checkpoint=tmp_path / "run.npz", **options)
    fit(wing, build_model(wing), epochs=1, learning_rate=1, weight_decay=0)


@pytest.mark.parametrize("wing", WINGS)
def test_a_loss_that_is_not_finite_ends_it(wing):
    with pytest.raises(TrainingDiverged, match="the loss became nan at step 0; there was no finite loss"):
        fit(wing, build_model(wing), scale=math.nan)


def spoil_gradients(wing: str, loss, from_step: int):
    """The loss, whose value stays finite while its gradient is infinite from that step on."""
    if wing == "tensorflow":
        import tensorflow as tf

        steps = tf.Variable(0, trainable=False)

        @tf.custom_gradient
        def pass_on(value):
            factor = tf.where(steps > from_step, math.inf, 1.0)
            return tf.identity(value), lambda upstream: factor * upstream

        def spoilt(model, *batch):
            steps.assign_add(1)
            return pass_on(loss(model, *batch))

        return spoilt
    steps = itertools.count()

    def spoilt(model, *batch, **options):
        factor = math.inf if next(steps) >= from_step else 1.0
        if wing == "numpy":
            value, gradients = loss(model, *batch, **options)
            return value, {name: factor * array for name, array in gradients.items()}
        value = loss(model, *batch)
        value.register_hook(lambda gradient: factor * gradient)
        return value

    return spoilt


@pytest.mark.parametrize("wing", WINGS)
@pytest.mark.parametrize("from_step", [0, 15])
def test_a_gradient_that_is_not_finite_ends_it_and_the_best_weights_are_back(wing, from_step):
    """The loss is finite throughout. At step 15 one epoch of ten steps has ended well."""
    model, seen = build_model(wing), []

    def score(model):
        seen.append(params_of(model))
        return 0.5

    before = params_of(model)
    loss = spoil_gradients(wing, loss_of(wing), from_step)
    with pytest.raises(
        TrainingDiverged, match=f"the gradient norm became (inf|nan) at step {from_step}"
    ) as raised:
        getattr(rnnbook, wing).fit(model, BATCHES, loss, score, epochs=3, learning_rate=0.02, progress=False)
    expected, after = (seen[0] if from_step else before), params_of(model)
    assert all(np.array_equal(after[name], expected[name]) for name in expected)
    kept = "of epoch 1, its best so far" if from_step else "from before"
    assert raised.value.__notes__ == [f"The model has the weights {kept}."]


@pytest.mark.parametrize("wing", WINGS)
def test_an_interrupt_leaves_the_best_weights(wing):
    """A learner presses stop in the fourth epoch: the second was the best."""
    seen = []

    def score(model):
        if len(seen) == 3:
            raise KeyboardInterrupt
        seen.append(params_of(model))
        return [0.1, 0.5, 0.3][len(seen) - 1]

    model = build_model(wing, dropout=0.2)
    with pytest.raises(KeyboardInterrupt):
        fit(wing, model, score)
    after = params_of(model)
    assert all(np.array_equal(after[name], seen[1][name]) for name in after)
    assert not np.array_equal(seen[1]["readout.W"], seen[2]["readout.W"])
    if wing == "torch":
        assert not model.training


class Interrupted(Exception):
    """What stops a run in these tests."""


@pytest.mark.parametrize("wing", WINGS)
def test_a_run_goes_on_from_its_file_to_the_same_numbers(wing, tmp_path):
    """Stopped inside its third epoch, with dropout, and gone on with in a new model."""

    def run(stop_at=None, checkpoint=None):
        model, calls = build_model(wing, dropout=0.2), []

        def batches(rng):
            calls.append(None)
            for i, batch in enumerate(BATCHES(rng)):
                if stop_at is not None and len(calls) == stop_at and i == 4:
                    raise Interrupted
                yield batch

        loss = loss_of(wing)
        history = getattr(rnnbook, wing).fit(
            model,
            batches,
            loss,
            accuracy,
            epochs=5,
            learning_rate=0.02,
            weight_decay=0.1,
            progress=False,
            checkpoint=checkpoint,
            seed=3,
        )
        return history, params_of(model)

    whole, weights = run()
    with pytest.raises(Interrupted):
        run(stop_at=3, checkpoint=tmp_path / "run.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["run.npz"]
    resumed, same = run(checkpoint=tmp_path / "run.npz")
    assert resumed.losses == whole.losses and resumed.scores == whole.scores
    assert resumed.best_epoch == whole.best_epoch and resumed.steps == whole.steps == 50
    assert all(np.array_equal(same[name], weights[name]) for name in weights)
    # A run that has ended is not trained further: its result is read.
    again, same = run(checkpoint=tmp_path / "run.npz")
    assert again == resumed and all(np.array_equal(same[name], weights[name]) for name in weights)


def test_the_best_weights_of_before_are_put_back_after_going_on(tmp_path):
    def scores(*values):
        values = iter(values)

        def score(model) -> float:
            if (value := next(values)) is None:
                raise Interrupted
            return value

        return score

    options = {"epochs": 4, "checkpoint": tmp_path / "run.npz"}
    whole, stopped, goes_on = (build_model("numpy") for _ in range(3))
    fit("numpy", whole, scores(1, 0.5, 0.5, 0.5), epochs=4)
    with pytest.raises(Interrupted):
        fit("numpy", stopped, scores(1, 0.5, None), **options)
    assert fit("numpy", goes_on, scores(0.5, 0.5), **options).best_epoch == 0
    for name, array in whole.params.items():
        np.testing.assert_array_equal(goes_on.params[name], array)


@pytest.mark.parametrize("wing", WINGS)
def test_a_checkpoint_of_another_run_is_refused(wing, tmp_path):
    path = tmp_path / "run.npz"
    fit(wing, build_model(wing), epochs=1, checkpoint=path)
    kept = path.read_bytes()
    with pytest.raises(ValueError, match=r"a run with epochs 2, got run\.npz, with 1"):
        fit(wing, build_model(wing), epochs=2, checkpoint=path)
    other = next(name for name in WINGS if name != wing)
    with pytest.raises(ValueError, match=rf"a run with wing {other}, got run\.npz, with {wing}"):
        fit(other, build_model(other), epochs=1, checkpoint=path)
    wider = getattr(rnnbook, wing).SequenceClassifier(
        6, 2, embedding_size=7, hidden_size=8, bidirectional=False
    )
    with pytest.raises(ValueError, match=r"a run of this model, got run\.npz"):
        fit(wing, wider, epochs=1, checkpoint=path)
    assert path.read_bytes() == kept
    path.write_bytes(kept[:1000])
    with pytest.raises(ValueError, match=r"a file that rnnbook saved, got run\.npz"):
        fit(wing, build_model(wing), epochs=1, checkpoint=path)
    assert path.read_bytes() == kept[:1000]


def test_torch_keeps_all_that_trains():
    """Layers of PyTorch's own, a parameter, a list of layers, running statistics, a parametrised weight."""
    import torch
    from torch import nn

    class Mixed(nn.Module):
        def __init__(self):
            super().__init__()
            self.cell = rnnbook.torch.GRU(3, 4, rng=np.random.default_rng(0))
            self.norm = nn.BatchNorm1d(4)
            self.layers = nn.ModuleList([nn.Linear(4, 4) for _ in range(2)])
            self.scale = nn.Parameter(torch.ones(4))
            nn.utils.parametrizations.weight_norm(self.layers[0])

        def forward(self, x):
            h = self.norm(self.cell(x)[0][:, -1])
            for layer in self.layers:
                h = torch.tanh(layer(h)) * self.scale
            return h

    x = RNG.normal(size=(40, 5, 3)).astype(np.float32)
    seen, torch_seed = [], torch.initial_seed()
    model = Mixed()

    def score(model):
        seen.append({name: tensor.clone() for name, tensor in model.state_dict().items()})
        return [0.1, 0.5, 0.3, 0.2][len(seen) - 1]

    loss = lambda model, x: model(x).square().mean()
    batches = lambda rng: [(x[rng.permutation(40)[:20]],) for _ in range(3)]
    rnnbook.torch.fit(model, batches, loss, score, epochs=4, learning_rate=0.05, progress=False)
    after = model.state_dict()
    assert set(after) == set(seen[1]) and torch.initial_seed() == torch_seed
    for name, tensor in after.items():
        assert torch.equal(tensor, seen[1][name]), name
        assert not torch.equal(seen[1][name], seen[3][name]), name


def test_tensorflow_keeps_all_that_trains():
    """Layers of Keras's own, a variable of the model's, running statistics."""
    import keras
    import tensorflow as tf

    class Mixed(keras.Model):
        def __init__(self):
            super().__init__()
            self.cell = rnnbook.tensorflow.GRU(3, 4, return_state=False, rng=np.random.default_rng(0))
            self.norm = keras.layers.BatchNormalization()
            self.dense = keras.layers.Dense(4)
            self.scale = self.add_weight(shape=(4,), initializer="ones", name="scale")
            self.unused = self.add_weight(shape=(4,), initializer="ones", name="unused")

        def call(self, x, training=False):
            return self.dense(self.norm(self.cell(x)[:, -1], training=training)) * self.scale

    x = RNG.normal(size=(40, 5, 3)).astype(np.float32)
    model, seen = Mixed(), []
    model(x)

    def score(model):
        seen.append([variable.numpy() for variable in model.variables])
        return [0.1, 0.5, 0.3, 0.2][len(seen) - 1]

    loss = lambda model, x: tf.reduce_mean(tf.square(model(x)))
    batches = lambda rng: [(x[rng.permutation(40)[:20]],) for _ in range(3)]
    rnnbook.tensorflow.fit(
        model, batches, loss, score, epochs=4, learning_rate=0.05, weight_decay=0.1, progress=False
    )
    assert len(model.variables) == len(seen[1]) > 6
    for variable, second, last in zip(model.variables, seen[1], seen[3], strict=True):
        assert np.array_equal(variable.numpy(), second), variable.path
        # A weight that the loss does not use has no gradient: it stays, and does not decay.
        assert np.array_equal(second, last) == (variable is model.unused), variable.path


@pytest.mark.parametrize("wing", ("torch", "tensorflow"))
def test_a_layer_without_a_gradient_is_passed_over(wing):
    """The loss reads the embedding alone; then nothing of the model."""
    model = build_model(wing)
    before = params_of(model)

    def fit_to(loss):
        options = {"epochs": 1, "learning_rate": 0.02, "weight_decay": 0.1, "progress": False}
        getattr(rnnbook, wing).fit(model, BATCHES, loss, lambda model: 0.0, **options)

    fit_to(lambda _, x, lengths, y: (model.embedding(x) ** 2)[0, 0, 0])
    after = params_of(model)
    assert {name for name in before if not np.array_equal(before[name], after[name])} == {"embedding.E"}
    with pytest.raises(
        ValueError, match="loss must depend on the model's weights, got one without a gradient"
    ):
        fit_to(lambda _, x, lengths, y: x[0, 0])


def test_a_loss_of_torch_that_is_a_float_has_no_gradient():
    options = {"epochs": 1, "learning_rate": 0.1, "progress": False}
    with pytest.raises(ValueError, match="loss must depend on the model's weights, got one without a grad"):
        rnnbook.torch.fit(build_model("torch"), BATCHES, lambda *batch: 0.5, accuracy, **options)


def test_a_model_that_holds_nothing_to_train_is_refused():
    from torch import nn

    with pytest.raises(ValueError, match="model must have parameters to train"):
        rnnbook.torch.fit(nn.Tanh(), BATCHES, print, print, epochs=1, learning_rate=0.1)
    frozen = build_model("torch").requires_grad_(False)
    with pytest.raises(ValueError, match="model must have parameters to train"):
        rnnbook.torch.fit(frozen, BATCHES, print, print, epochs=1, learning_rate=0.1)


def test_frozen_layers_stay():
    model = build_model("torch")
    model.embedding.requires_grad_(False)
    before = params_of(model)
    fit("torch", model, epochs=1, weight_decay=0.1)
    changed = {name for name, array in params_of(model).items() if not np.array_equal(array, before[name])}
    assert changed == {name for name in before if not name.startswith("embedding")}


def test_every_epoch_trains_with_dropout():
    """After the first epoch the model has been evaluated; the second must train again."""
    in_training = []

    def loss(model, *batch):
        in_training.append(model.training)
        return loss_of("torch")(model, *batch)

    model = build_model("torch")
    rnnbook.torch.fit(model, BATCHES, loss, accuracy, epochs=2, learning_rate=0.02, progress=False)
    assert len(in_training) == 20 and all(in_training) and not model.training


def test_torch_scores_without_dropout_and_leaves_all_as_it_was():
    import torch

    model, in_training, before = build_model("torch", dropout=0.5), [], torch.get_rng_state()
    fit("torch", model, lambda model: in_training.append(model.training) or 0.0, epochs=2)
    assert in_training == [False, False] and torch.equal(torch.get_rng_state(), before)

    def loss(model, *batch):
        raise Interrupted

    with pytest.raises(Interrupted):
        rnnbook.torch.fit(model, BATCHES, loss, accuracy, epochs=1, learning_rate=0.01, progress=False)
    assert not model.training


def test_one_cycle():
    rates = [one_cycle(step, 100, 0.4) for step in range(100)]
    assert rates[0] == pytest.approx(0.4 / 25) and max(rates) == rates[20] == 0.4
    assert rates[:21] == sorted(rates[:21]) and rates[20:] == sorted(rates[20:], reverse=True)
    assert rates[-1] == pytest.approx(0.4 / 1e4)
    assert one_cycle(0, 1, 0.4) == pytest.approx(0.4 / 25)


def test_one_cycle_is_one_for_all_epochs(monkeypatch):
    asked = []
    monkeypatch.setattr(training, "one_cycle", lambda *given: asked.append(given) or 0.01)
    fit("numpy", build_model("numpy"), epochs=3)
    assert asked == [(step, 30, 0.02) for step in range(30)]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"epochs": 0}, ValueError, "epochs must be a positive integer, got 0"),
        ({"learning_rate": -1}, ValueError, "learning_rate must be positive, got -1"),
        ({"learning_rate": math.nan}, ValueError, "learning_rate must be positive, got nan"),
        ({"learning_rate": "0.1"}, TypeError, "learning_rate must be a positive number, got '0.1'"),
        ({"weight_decay": -1}, ValueError, "weight_decay must be a number of 0 or more, got -1"),
        ({"weight_decay": math.nan}, ValueError, "weight_decay must be a number of 0 or more, got nan"),
        ({"weight_decay": None}, TypeError, "weight_decay must be a number of 0 or more, got None"),
        ({"clip": 0}, ValueError, "clip must be positive, got 0"),
        ({"clip": math.nan}, ValueError, "clip must be positive, got nan"),
        ({"clip": True}, TypeError, "clip must be a positive number, got True"),
        ({"patience": 0}, ValueError, "patience must be a positive integer, got 0"),
        ({"seed": -1}, TypeError, "seed must be an integer of 0 or more, got -1"),
        ({"seed": None}, TypeError, "seed must be an integer of 0 or more, got None"),
        ({"score": 0.5}, TypeError, "score must be a function, got 0.5"),
        ({"progress": "no"}, TypeError, "progress must be True or False, got 'no'"),
        ({"checkpoint": 3}, TypeError, "checkpoint must be the path of a file, got 3"),
        ({"checkpoint": ""}, ValueError, "checkpoint must name a file in a folder that exists, got ''"),
        (
            {"checkpoint": "no/folder/run.npz"},
            ValueError,
            "checkpoint must name a file in a folder that exists, got 'no/folder/run.npz'",
        ),
    ],
)
@pytest.mark.parametrize("wing", WINGS)
def test_settings_are_refused_before_anything_is_built(wing, options, error, message):
    """In the same words in every wing: the model, which is none, was not looked at."""
    with pytest.raises(error, match=f"^{message}$"):
        fit(wing, None, **options)


def test_arguments_are_refused():
    for given, written in (
        (math.nan, "nan"),
        (None, "None"),
        ("good", "good"),
        ([0.5, 0.6], r"\[0.5, 0.6\]"),
    ):
        with pytest.raises(ValueError, match=f"score must give a number, got {written} after epoch 1"):
            fit("numpy", build_model("numpy"), lambda model, given=given: given)
    with pytest.raises(ValueError, match="batches must give at least one batch, got none"):
        rnnbook.numpy.fit(build_model("numpy"), lambda rng: [], print, print, epochs=1, learning_rate=1)


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


class Terminal(io.TextIOWrapper):
    """A terminal of one encoding."""

    def __init__(self, encoding: str) -> None:
        super().__init__(io.BytesIO(), encoding=encoding)

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("encoding", "bar"), [("utf-8", "█"), ("ascii", "#"), ("cp1252", "#"), ("gb18030", "█")]
)
def test_progress_in_any_encoding(encoding, bar, monkeypatch):
    terminal = Terminal(encoding)
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setattr(training, "_in_notebook", lambda: False)
    fit("numpy", build_model("numpy"), epochs=2, progress=True)
    printed = terminal.buffer.getvalue().decode(encoding)
    assert f"\r{bar * 20} epoch 2 of 2, training loss" in printed and printed.count("\r") == 2


def test_progress_without_a_stream(monkeypatch):
    """``pythonw`` has no stdout; a daemon's is closed; a terminal may go away in the middle."""
    monkeypatch.setattr(training, "_in_notebook", lambda: False)
    gone, lost = Terminal("utf-8"), Terminal("utf-8")
    gone.close()
    monkeypatch.setattr(lost, "write", lambda text: (_ for _ in ()).throw(BrokenPipeError()))
    for stream in (None, gone, lost):
        monkeypatch.setattr("sys.stdout", stream)
        fit("numpy", build_model("numpy"), epochs=1, progress=True)
