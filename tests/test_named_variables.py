"""Weights are reached in one way in all three wings: params, load_params, named_variables, submodules."""

import importlib

import numpy as np
import pytest

WINGS = ("numpy", "torch", "tensorflow")


def layers(wing) -> dict:
    one = lambda seed: {"dtype": "float64", "rng": np.random.default_rng(seed)}
    return {
        "Dense": wing.Dense(3, 2, **one(0)),
        "Embedding": wing.Embedding(5, 3, **one(0)),
        "LSTM": wing.LSTM(3, 2, peephole=True, **one(0)),
        "LRU": wing.LRU(3, 4, 2, **one(0)),
        "Bidirectional": wing.Bidirectional(wing.GRU(3, 2, **one(0)), wing.GRU(3, 4, **one(1))),
        "Stacked": wing.Stacked(
            [
                wing.Bidirectional(wing.LSTM(3, 2, **one(0)), wing.LSTM(3, 2, **one(1))),
                wing.ElmanRNN(4, 2, **one(2)),
            ]
        ),
        "SequenceClassifier": wing.SequenceClassifier(
            7, 3, embedding_size=4, hidden_size=2, pooling="attention", **one(0)
        ),
    }


@pytest.mark.parametrize("kind", list(layers(importlib.import_module("rnnbook.numpy"))))
class TestOneWay:
    def made(self, kind):
        return [layers(importlib.import_module(f"rnnbook.{wing}"))[kind] for wing in WINGS]

    def test_same_names_in_the_same_order(self, kind):
        reference, *others = self.made(kind)
        for layer in others:
            assert list(layer.params) == list(reference.params)
            assert list(layer.submodules()) == list(reference.submodules())
        for layer in (reference, *others):
            assert list(layer.named_variables()) == list(layer.params)

    def test_one_seed_starts_all_alike(self, kind):
        reference, *others = self.made(kind)
        for layer in others:
            for name, array in layer.params.items():
                np.testing.assert_array_equal(array, reference.params[name])

    def test_variables_are_what_trains(self, kind):
        for layer in self.made(kind):
            name, variable = next(iter(layer.named_variables().items()))
            if isinstance(variable, np.ndarray):
                variable += 1
            elif hasattr(variable, "assign_add"):
                variable.assign_add(np.ones(variable.shape))
            else:
                variable.data += 1
            before = self.made(kind)[0].params[name]
            np.testing.assert_allclose(layer.params[name], before + 1)

    def test_weights_are_copied_in(self, kind):
        for layer in self.made(kind):
            drawn = {name: np.random.default_rng(3).normal(size=a.shape) for name, a in layer.params.items()}
            layer.load_params(drawn)
            name = next(iter(drawn))
            expected = drawn[name].copy()
            drawn[name] += 1
            np.testing.assert_array_equal(layer.params[name], expected)

    def test_refused_weights_change_nothing(self, kind):
        for layer in self.made(kind):
            before = {name: array.copy() for name, array in layer.params.items()}
            wrong = {name: array + 1 for name, array in before.items()}
            last = list(wrong)[-1]
            wrong[last] = np.zeros((9, 9, 9))
            with pytest.raises(ValueError, match="must have shape"):
                layer.load_params(wrong)
            del wrong[last]
            with pytest.raises(ValueError, match="lack"):
                layer.load_params(wrong)
            for name, array in layer.params.items():
                np.testing.assert_array_equal(array, before[name])

    def test_params_cannot_be_assigned(self, kind):
        for layer in self.made(kind):
            with pytest.raises(AttributeError, match="load_params"):
                layer.params = dict(layer.params)
