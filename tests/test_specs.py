"""What a layer's description says once holds for the layer: its arguments, its copies, its name."""

import copy
import inspect
import pickle

import pytest

import rnnbook.numpy
from rnnbook import specs

SIZES = {"input_size": 3, "hidden_size": 4, "output_size": 2, "state_size": 5}
SPECS = [getattr(specs, name) for name in dir(specs) if name.endswith("Spec")]
SPECS = [spec for spec in SPECS if not inspect.isabstract(spec) and spec is not specs.GatedSpec]


@pytest.fixture(params=SPECS, ids=lambda kind: kind.__name__)
def spec(request):
    return request.param(
        **{name: SIZES[name] for name in inspect.signature(request.param).parameters if name in SIZES}
    )


def test_every_recurrent_layer_has_one():
    assert len(SPECS) == 9


def test_a_layer_takes_its_arguments_with_the_same_defaults(spec):
    layer = getattr(rnnbook.numpy, spec.name)
    arguments = {name: parameter.default for name, parameter in inspect.signature(layer).parameters.items()}
    for name, parameter in inspect.signature(type(spec)).parameters.items():
        assert arguments[name] == parameter.default
    assert layer(**spec.options).spec == spec


def test_copies_are_equal_and_nothing_can_be_changed(spec):
    assert pickle.loads(pickle.dumps(spec)) == copy.deepcopy(spec) == spec
    with pytest.raises(AttributeError):
        spec.input_size = 5
