"""What every model promises that several wings compute, whatever its task.

A test class subclasses ``Twins``, says how its models are made and asked, and inherits the tests.
In each test ``kind`` runs over ``KINDS`` and ``wing`` over ``WINGS``.
"""

import importlib
import inspect
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest


def framework(wing: str):
    """The wing itself: ``rnnbook.torch`` for ``"torch"``."""
    return importlib.import_module(f"rnnbook.{wing}")


def wing_of(model) -> str:
    return type(model).__module__.split(".")[1]


def tensors(wing: str, *arrays) -> list:
    """Arrays as the wing's tensors; what is no array stays what it is."""
    convert = lambda array: array
    if wing == "torch":
        import torch

        convert = torch.as_tensor
    elif wing == "tensorflow":
        import tensorflow as tf

        convert = tf.convert_to_tensor
    return [convert(array) if isinstance(array, np.ndarray) else array for array in arrays]


def as_numpy(result):
    """What a wing returned, as NumPy; a tuple stays one."""
    if isinstance(result, tuple):
        return tuple(map(as_numpy, result))
    return np.asarray(result.detach() if hasattr(result, "detach") else result)


def call(model, *args, training: bool = False, **kwargs):
    """What a model returns, as NumPy. training: whether dropout is on."""
    wing = wing_of(model)
    if wing == "numpy":
        return model.forward(*args, **kwargs, rng=np.random.default_rng() if training else None)[0]
    args = tensors(wing, *args)
    if wing == "tensorflow":
        return as_numpy(model(*args, **kwargs, training=training))
    with torch_mode(model, training):
        return as_numpy(model(*args, **kwargs))


@contextmanager
def torch_mode(model, training: bool) -> Iterator[None]:
    before = model.training
    model.train(training)
    yield
    model.train(before)


def loss_and_gradients(model, loss: Callable, batch: tuple) -> tuple[float, dict[str, np.ndarray]]:
    """The loss ``loss(model, *batch)`` without dropout, and its gradients by the weights' names."""
    variables = model.named_variables()
    batch = tensors(wing_of(model), *batch)
    if wing_of(model) == "torch":
        model.zero_grad()
        with torch_mode(model, training=False):
            value = loss(model, *batch)
            value.backward()
        return value.item(), {name: weight.grad.numpy().copy() for name, weight in variables.items()}
    import tensorflow as tf

    with tf.GradientTape() as tape:
        value = loss(model, *batch)
    gradients = tape.gradient(value, {name: variable.value for name, variable in variables.items()})
    return float(value), {name: tf.convert_to_tensor(one).numpy() for name, one in gradients.items()}


class Twins:
    """Tests of ``KINDS``, whose options are all that a constructor needs but ``dtype`` and ``rng``."""

    WINGS = ("torch", "tensorflow")
    KINDS: dict[str, tuple[str, dict]]  # name of the class, and options
    SCALE = 0.5  # of drawn weights
    SILENT: tuple[str, ...] = ()  # weights that have no gradient
    # Kinds that are trained, how long, and what share of the first loss may be left.
    LEARNERS: tuple[str, ...] = ()
    LEARNING = {"epochs": 40, "learning_rate": 0.03}
    LEFT = 0.7
    # (kind, options, error, message)
    REFUSED: list[tuple[str, dict, type[Exception], str]]
    # For each method that answers: a kind, options with dropout on, and how the model is asked.
    ANSWERS: dict[str, tuple[str, dict, Callable]] = {}

    def inputs(self, kind: str, dtype: str = "float64") -> tuple[tuple, dict]:
        """The arguments of a call, as NumPy arrays: ``args, kwargs``."""
        raise NotImplementedError

    def batch(self, kind: str, dtype: str = "float64") -> tuple:
        """What the loss is called with after the model, as NumPy arrays."""
        raise NotImplementedError

    def loss(self, wing: str, kind: str) -> Callable:
        raise NotImplementedError

    def valid(self, kind: str):
        """Where outputs are compared: everywhere, or a mask."""
        return ...

    def tolerances(self, dtype: str) -> tuple[float, float, float]:
        """Of outputs, loss and gradients."""
        return (1e-10,) * 3 if dtype == "float64" else (1e-5,) * 3

    # Helpers

    def pytest_generate_tests(self, metafunc):
        marked = {
            name
            for mark in metafunc.definition.iter_markers("parametrize")
            for name in (mark.args[0].split(",") if isinstance(mark.args[0], str) else mark.args[0])
        }
        drawn = {"kind": self.KINDS, "wing": self.WINGS, "learner": self.LEARNERS, "answer": self.ANSWERS}
        for name, values in drawn.items():
            if name in metafunc.fixturenames and name not in marked:
                metafunc.parametrize(name, list(values))
        if "refused" in metafunc.fixturenames:
            metafunc.parametrize("refused", self.REFUSED, ids=lambda refused: f"{refused[0]}-{refused[1]}")

    def make(self, wing: str, kind: str, dtype: str = "float64", seed: int = 0, **changes):
        name, options = self.KINDS[kind]
        rng = np.random.default_rng(seed)
        return getattr(framework(wing), name)(**options | changes, dtype=dtype, rng=rng)

    def draw(self, wing: str, kind: str, dtype: str = "float64", **changes):
        """A model with drawn weights, of which none is zero, biases included; the same in all wings."""
        model = self.make(wing, kind, dtype, **changes)
        rng = np.random.default_rng(1)
        model.load_params({
            name: rng.normal(0, self.SCALE, array.shape).astype(array.dtype)
            for name, array in model.params.items()
        })  # fmt: skip
        return model

    def outputs(self, model, kind: str, dtype: str = "float64", **changes):
        args, kwargs = self.inputs(kind, dtype)
        return call(model, *args, **kwargs | changes)

    def value_and_gradients(self, model, kind: str, dtype: str = "float64"):
        return loss_and_gradients(model, self.loss(wing_of(model), kind), self.batch(kind, dtype))

    # Promises

    @pytest.mark.parametrize("dtype", ["float64", "float32"])
    def test_wings_agree(self, kind, dtype):
        of_outputs, of_loss, of_gradients = self.tolerances(dtype)
        reference, *others = (self.draw(wing, kind, dtype) for wing in self.WINGS)
        outputs = self.outputs(reference, kind, dtype)
        value, gradients = self.value_and_gradients(reference, kind, dtype)
        assert set(gradients) == set(reference.params)
        silent = {name for name, gradient in gradients.items() if np.abs(gradient).max() < 1e-12}
        assert silent <= set(self.SILENT)
        for other in others:
            wing, theirs = wing_of(other), self.outputs(other, kind, dtype)
            pairs = zip(outputs, theirs, strict=True) if isinstance(outputs, tuple) else [(outputs, theirs)]
            for number, (one, two) in enumerate(pairs):
                place = self.valid(kind) if number == 0 else ...
                close = {"rtol": of_outputs, "atol": of_outputs, "err_msg": wing}
                np.testing.assert_allclose(two[place], one[place], **close)
            other_value, other_gradients = self.value_and_gradients(other, kind, dtype)
            assert other_value == pytest.approx(value, rel=of_loss)
            assert set(other_gradients) == set(gradients)
            for name, gradient in gradients.items():
                close = {"rtol": of_gradients, "atol": of_gradients, "err_msg": f"{wing}: {name}"}
                np.testing.assert_allclose(other_gradients[name], gradient, **close)

    def test_one_seed_starts_all_wings_alike(self, kind):
        reference, *others = (self.make(wing, kind).params for wing in self.WINGS)
        for params in others:
            assert list(params) == list(reference)
            assert all(np.array_equal(params[name], reference[name]) for name in params)

    def test_options_make_the_model_anew(self, kind, wing):
        model = self.make(wing, kind)
        options = json.loads(json.dumps(dict(model.options)))
        again = type(model)(**options, dtype="float64", rng=np.random.default_rng(0))
        assert dict(again.options) == options
        assert options.keys() == inspect.signature(type(model)).parameters.keys() - {"dtype", "rng", "device"}
        assert all(np.array_equal(again.params[name], array) for name, array in model.params.items())

    def test_they_learn(self, learner, wing):
        model = self.make(wing, learner, "float32")
        history = framework(wing).fit(
            model,
            lambda rng: [self.batch(learner, "float32")],
            self.loss(wing, learner),
            lambda model: 0.0,  # a tie goes to the later weights
            **self.LEARNING,
            progress=False,
        )
        assert history.losses[-1] < self.LEFT * history.losses[0]

    def test_arguments_are_refused_in_the_same_words(self, refused, wing):
        kind, changes, error, message = refused
        with pytest.raises(error, match=message):
            self.make(wing, kind, **changes)

    def test_dropout_is_on_in_training_alone(self, kind, wing):
        model = self.draw(wing, kind, dropout=0.5)
        first = lambda outputs: outputs[0] if isinstance(outputs, tuple) else outputs
        quiet = [first(self.outputs(model, kind)) for _ in range(2)]
        loud = [first(self.outputs(model, kind, training=True)) for _ in range(2)]
        assert np.array_equal(*quiet, equal_nan=True)
        assert np.abs(loud[0] - loud[1]).max() > 1e-4 and np.abs(loud[0] - quiet[0]).max() > 1e-4

    def test_answers_come_without_dropout(self, answer, wing, monkeypatch):
        """And in PyTorch every module gets its own mode back, even where an answer breaks off."""
        kind, changes, ask = self.ANSWERS[answer]
        model, plain = self.draw(wing, kind, **changes), self.draw(wing, kind)
        parts = lambda asked: [as_numpy(part) for part in (asked if isinstance(asked, tuple) else (asked,))]
        if wing != "torch":
            for one, other in zip(parts(ask(model)), parts(ask(plain)), strict=True):
                np.testing.assert_array_equal(one, other)
            return
        model.train()
        next(model.children()).eval()
        modes = [module.training for module in model.modules()]
        for one, other in zip(parts(ask(model)), parts(ask(plain.eval())), strict=True):
            np.testing.assert_array_equal(one, other)
        assert [module.training for module in model.modules()] == modes and True in modes and False in modes

        def broken(*args, **kwargs):
            raise RuntimeError("broken")

        for layer in ("Dense", "Convolution"):
            monkeypatch.setattr(getattr(framework("torch"), layer), "forward", broken)
        with pytest.raises(RuntimeError, match="broken"):
            ask(model)
        assert [module.training for module in model.modules()] == modes
