"""Do the wings agree? One set of weights, one input, one loss: the same numbers from every voice.

Up to five voices answer: the same layer in NumPy, PyTorch and TensorFlow, and, where the libraries have such
a network, their own layers, torch.nn and keras.layers. Asked for are the outputs, the final state, and the
gradients of L = Σ outputs * R + Σ final state * S for every weight, the inputs and the initial state, with R
and S drawn. What another voice says is compared with NumPy's:

    difference = |other - NumPy| / max(1, |NumPy|)
"""

import importlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice

import numpy as np

from rnnbook import validation
from rnnbook.checks.structure import draw_loss, flatten_state, unflatten_state
from rnnbook.checks.table import aligned
from rnnbook.specs import LayerSpec

WINGS = ("numpy", "torch", "tensorflow")
TOLERANCES = {"float32": 1e-5, "float64": 1e-10}


@dataclass(frozen=True)
class AgreementRow:
    """One array: for each voice its worst difference from NumPy."""

    name: str
    shape: tuple[int, ...]
    differences: Mapping[str, float]


@dataclass(frozen=True, repr=False)
class AgreementReport:
    """What an agreement check found. Printing or displaying it gives a table.

    rows: one AgreementRow an array. voices: who was compared with NumPy. absent: which library has no such
    network, with the reason. passed: whether somebody was compared, and all differences are within
    ``tolerance``. worst: the largest difference. failed: the names of the arrays on which a voice disagrees,
    by voice.
    """

    rows: tuple[AgreementRow, ...]
    voices: tuple[str, ...]
    tolerance: float
    absent: Mapping[str, str] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return bool(self.voices) and not self.failed

    @property
    def failed(self) -> dict[str, list[str]]:
        wrong = {
            voice: [row.name for row in self.rows if not row.differences[voice] <= self.tolerance]
            for voice in self.voices
        }
        return {voice: names for voice, names in wrong.items() if names}

    @property
    def worst(self) -> float:
        return max((d for row in self.rows for d in row.differences.values()), default=0.0)

    def __str__(self) -> str:
        # A difference within the tolerance is rounding, which differs between machines: its bound does not.
        within = f"< {self.tolerance:.2g}"
        cells = [["array", "shape", *self.voices]]
        for row in self.rows:
            verdicts = [within if d <= self.tolerance else f"NO {d:.2g}" for d in row.differences.values()]
            cells.append([row.name, str(row.shape), *verdicts])
        lines = [aligned(cells, left=2)]
        lines += [f"no {voice}: {reason}" for voice, reason in self.absent.items()]
        if self.passed:
            lines.append(f"passed: {len(self.rows)} arrays, {', '.join(self.voices)} against numpy")
        elif not self.voices:
            lines.append("FAILED: nobody was compared with numpy")
        else:
            lines += [f"FAILED: {voice}: {', '.join(names)}" for voice, names in self.failed.items()]
        return "\n".join(lines)

    __repr__ = __str__


@dataclass(frozen=True)
class Problem:
    """What every voice is asked. The cotangents are R and S of the loss; states lie flat, by name."""

    x: np.ndarray
    state: Mapping[str, np.ndarray]
    lengths: np.ndarray | None
    output_cotangent: np.ndarray
    state_cotangents: Mapping[str, np.ndarray]

    @property
    def valid(self) -> np.ndarray:
        """Which steps are valid ``(B, T, 1)``."""
        batch, time, _ = self.x.shape
        lengths = np.full(batch, time) if self.lengths is None else np.asarray(self.lengths)
        return (np.arange(time) < lengths[:, None])[:, :, None]


def agreement_check(
    layer,
    x: np.ndarray,
    state=None,
    lengths=None,
    *,
    wings: Sequence[str] = WINGS,
    libraries: bool = True,
    seed: int = 0,
    tolerance: float | None = None,
) -> AgreementReport:
    """Build a NumPy ``layer`` again in the other wings and compare all that they compute.

    layer: a recurrent layer of ``rnnbook.numpy``; its weights are given to the other voices.
    x, state, lengths: as ``layer.forward`` takes them.
    wings: which wings answer. A framework that is not named is not imported.
    libraries: whether torch.nn and keras.layers answer too, beside the wings of their frameworks.
    seed: of the drawn loss.
    tolerance: the largest difference allowed; 1e-10 in float64, 1e-5 in float32 if None. The module's
    docstring has the formula.

    Raises TypeError for something else than such a layer, ValueError for another wing, and ValueError or
    TypeError as ``layer.forward`` does.
    """
    if not hasattr(layer, "loop"):
        raise TypeError(f"layer must be a recurrent layer of rnnbook.numpy, got {type(layer).__name__}")
    for wing in wings:
        validation.check_choice("wings", wing, WINGS)
    tolerance = TOLERANCES[layer.dtype.name] if tolerance is None else tolerance

    x = np.asarray(x)
    outputs, final, R, S, initial, gradients = draw_loss(layer, x, state, lengths, seed)
    problem = Problem(x, initial, lengths, R, S)
    ordered = {name: gradients[name] for name in [*layer.params, "x", *initial]}
    expected = _named_results(outputs, final, ordered)

    voices: dict[str, Callable] = {}
    for wing, differentiate, library, theirs in (
        ("torch", _torch_gradients, "torch.nn", _torch_library),
        ("tensorflow", _tensorflow_gradients, "keras.layers", _keras_library),
    ):
        if wing in wings:
            voices[wing] = partial(_wing, wing=wing, differentiate=differentiate)
            voices |= {library: theirs} if libraries else {}
    answers, absent = {}, {}
    for voice, ask in voices.items():
        try:
            answers[voice] = ask(layer, problem)
        except NoSuchNetwork as reason:
            absent[voice] = str(reason)
    rows = []
    for name, array in expected.items():
        differences = {voice: _difference(answer[name], array) for voice, answer in answers.items()}
        rows.append(AgreementRow(name, array.shape, differences))
    return AgreementReport(tuple(rows), tuple(answers), tolerance, absent)


class NoSuchNetwork(Exception):
    """A library has no layer for this network."""


def _named_results(outputs, final: Mapping, gradients: Mapping) -> dict[str, np.ndarray]:
    """Name everything that one voice says."""
    named = {"outputs": outputs} | {f"final {name}": array for name, array in final.items()}
    named |= {f"dL/d({name})": array for name, array in gradients.items()}
    return {name: np.asarray(array) for name, array in named.items()}


def _difference(said: np.ndarray, expected: np.ndarray) -> float:
    if said.shape != expected.shape or said.dtype != expected.dtype:
        return math.inf
    with np.errstate(invalid="ignore"):
        worst = (np.abs(said - expected) / np.maximum(1, np.abs(expected))).max()
    return float(worst) if np.isfinite(worst) else math.inf


def _rebuild(layer, wing):
    """Build the same network in another wing, with the same weights; dropout, for training, stays off."""
    inner = layer.submodules()
    if inner:
        layers = [_rebuild(each, wing) for each in inner.values()]
        twin = wing.Bidirectional(*layers) if "forward" in inner else wing.Stacked(layers)
    else:
        # A seed of its own, so that no framework's global generator moves.
        rng = np.random.default_rng(0)
        twin = getattr(wing, layer.spec.name)(**layer.spec.options, dtype=layer.dtype.name, rng=rng)
    twin.load_params(layer.params)
    if hasattr(twin, "eval"):  # PyTorch's modules begin in training
        twin.eval()
    return twin


def _wing(layer, problem: Problem, wing: str, differentiate: Callable) -> dict[str, np.ndarray]:
    twin = _rebuild(layer, importlib.import_module(f"rnnbook.{wing}"))
    weights = twin.named_variables()

    def run(x, state):
        outputs, final = twin(x, unflatten_state(layer, state), problem.lengths)
        return outputs, flatten_state(layer, final)

    outputs, final, gradients = differentiate(problem, problem.x, run, weights)
    return _named_results(outputs, final, {name: gradients[name] for name in [*weights, "x", *final]})


# The libraries' own layers


def _library_layers(layer, convert: Callable) -> list[tuple[object, object]]:
    """Convert ``layer`` whole or, where a stack does not fit, layer by layer: pairs of our layer and theirs.

    Raises NoSuchNetwork where the library has no layer for it.
    """
    try:
        return [(layer, convert(layer.params, **_untold(layer)))]
    except ValueError as reason:
        inner = layer.submodules()
        if "0" not in inner:
            raise NoSuchNetwork(reason) from reason
        return [pair for each in inner.values() for pair in _library_layers(each, convert)]


def _untold(layer) -> dict[str, object]:
    """The options of a layer that its weights do not tell; ValueError where its networks differ in one."""
    specs = _specs(layer)
    untold = {
        "activation": {spec.activation for spec in specs if spec.name == "ElmanRNN"},
        "reset_after": {spec.reset_after for spec in specs if spec.name == "GRU" and not spec.use_bias},
    }
    for name, values in untold.items():
        if len(values) > 1:
            raise ValueError(f"its networks differ in {name}: {', '.join(map(str, sorted(values)))}")
    return {name: values.pop() for name, values in untold.items() if values}


def _specs(layer) -> list[LayerSpec]:
    """What each of our innermost layers is, in order."""
    inner = layer.submodules()
    return [spec for each in inner.values() for spec in _specs(each)] if inner else [layer.spec]


def _state_sizes(layer) -> list[int]:
    """How many arrays the state of each of our innermost layers has, in order."""
    return [len(spec.state) for spec in _specs(layer)]


def _library(
    layer, problem: Problem, pairs: Sequence, weights: Mapping, differentiate, call, convert_back
) -> dict[str, np.ndarray]:
    """Send x through a library's layers, one after the other, and differentiate.

    call: ``(their layer, x, its state as a list) -> (outputs, final state as a list)``.
    convert_back: from the gradients to those of each layer's weights by our names, in our order.
    """

    def run(x, state):
        final, names = {}, iter(state)
        for ours, theirs in pairs:
            own = list(islice(names, sum(_state_sizes(ours))))
            x, after = call(theirs, x, [state[name] for name in own])
            final |= zip(own, after, strict=True)
        return x, final

    x = np.where(problem.valid, problem.x, 0)
    outputs, final, gradients = differentiate(problem, x, run, weights)
    arrays = [array for part in convert_back(gradients) for array in part.values()]
    named = dict(zip(layer.params, arrays, strict=True)) | {name: gradients[name] for name in ["x", *final]}
    return _named_results(outputs, final, named)


# PyTorch


def _torch_gradients(problem: Problem, x: np.ndarray, run: Callable, weights: Mapping):
    import torch

    # Copies, because torch warns of NumPy arrays that are read-only.
    x = torch.tensor(x, requires_grad=True)
    state = {name: torch.tensor(array, requires_grad=True) for name, array in problem.state.items()}
    outputs, final = run(x, state)
    loss = (outputs * torch.tensor(problem.output_cotangent)).sum()
    loss = loss + sum((final[name] * torch.tensor(S)).sum() for name, S in problem.state_cotangents.items())
    inputs = {**weights, "x": x, **state}
    results = torch.autograd.grad(loss, list(inputs.values()), allow_unused=True, materialize_grads=True)
    array = lambda tensor: tensor.detach().numpy()
    gradients = {name: array(gradient) for name, gradient in zip(inputs, results, strict=True)}
    return array(outputs), {name: array(part) for name, part in final.items()}, gradients


def _torch_library(layer, problem: Problem) -> dict[str, np.ndarray]:
    import torch

    from rnnbook.weights import from_torch, to_torch

    pairs = _library_layers(layer, to_torch)
    weights = {(k, name): w for k, (_, module) in enumerate(pairs) for name, w in module.named_parameters()}

    def convert_back(gradients):
        with torch.no_grad():
            # The gradients take the places of the weights: from_torch gives them their canonical names.
            for (k, name), weight in weights.items():
                two_alike = name.startswith("bias_hh") and not isinstance(pairs[k][1], torch.nn.GRU)
                # dL/db is the gradient of either of two biases, not of their sum.
                weight.copy_(torch.zeros_like(weight) if two_alike else torch.tensor(gradients[k, name]))
            return [from_torch(module) for _, module in pairs]

    call = partial(_run_torch_module, lengths=problem.lengths)
    return _library(layer, problem, pairs, weights, _torch_gradients, call, convert_back)


def _run_torch_module(module, x, state: Sequence, lengths):
    """Run torch's own layer on and to a flat list of states; it wants h of all its layers in one tensor."""
    import torch
    from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

    parts = 2 if isinstance(module, torch.nn.LSTM) else 1
    before = [torch.stack(state[part::parts]) for part in range(parts)]
    time = x.shape[1]
    if lengths is not None:
        lengths = torch.as_tensor(np.asarray(lengths, np.int64))
        x = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    outputs, after = module(x, before[0] if parts == 1 else tuple(before))
    if lengths is not None:
        outputs, _ = pad_packed_sequence(outputs, batch_first=True, total_length=time)
    after = [after] if parts == 1 else after
    return outputs, [part[k] for k in range(len(after[0])) for part in after]


# TensorFlow


def _tensorflow_gradients(problem: Problem, x: np.ndarray, run: Callable, weights: Mapping):
    import tensorflow as tf

    x = tf.constant(x)
    state = {name: tf.constant(array) for name, array in problem.state.items()}
    inputs = {**{name: weight.value for name, weight in weights.items()}, "x": x, **state}
    with tf.GradientTape() as tape:
        tape.watch([x, *state.values()])
        outputs, final = run(x, state)
        loss = tf.reduce_sum(outputs * problem.output_cotangent)
        loss += tf.add_n([tf.reduce_sum(final[name] * S) for name, S in problem.state_cotangents.items()])
    results = tape.gradient(loss, list(inputs.values()), unconnected_gradients=tf.UnconnectedGradients.ZERO)
    gradients = {name: np.asarray(gradient) for name, gradient in zip(inputs, results, strict=True)}
    return outputs.numpy(), {name: part.numpy() for name, part in final.items()}, gradients


def _keras_library(layer, problem: Problem) -> dict[str, np.ndarray]:
    import tensorflow as tf

    from rnnbook.weights import from_keras, to_keras

    pairs = _library_layers(layer, to_keras)
    for ours, _ in pairs:
        if len(set(_state_sizes(ours))) > 1:
            raise NoSuchNetwork("keras.layers.Bidirectional takes initial states of two layers of one kind")
    weights = {(k, i): w for k, (_, theirs) in enumerate(pairs) for i, w in enumerate(theirs.weights)}
    mask = None if problem.lengths is None else tf.constant(problem.valid[:, :, 0])

    def call(theirs, x, state):
        x, *after = theirs(x, initial_state=state, mask=mask)
        return tf.where(problem.valid, x, tf.zeros((), x.dtype)), after  # Keras repeats the last output there

    def convert_back(gradients):
        for k, (_, theirs) in enumerate(pairs):
            # The gradients take the places of the weights: from_keras gives them their canonical names.
            theirs.set_weights([gradients[k, i] for i in range(len(theirs.weights))])
        return [from_keras(theirs) for _, theirs in pairs]

    return _library(layer, problem, pairs, weights, _tensorflow_gradients, call, convert_back)
