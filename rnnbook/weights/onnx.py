"""Canonical weights to and from the ONNX operators ``RNN``, ``LSTM`` and ``GRU``.

ONNX has an order of gates of its own: i o f c in LSTM (i o f in its peepholes), z r h in GRU. Every array has
the directions as its first axis. ``B`` holds two biases side by side. ``linear_before_reset=1`` is our
``reset_after=True``. Inputs are time-major, ``X (T, B, D)``; outputs are ``Y (T, directions, B, H)``.

ONNX allows float64, but onnxruntime computes these operators in float32 alone.

The operators: https://onnx.ai/onnx/operators/onnx__LSTM.html, and likewise RNN and GRU (opset 14 and later).
"""

from collections.abc import Iterable, Mapping

import numpy as np
import onnx
from onnx import helper, numpy_helper

from rnnbook.weights import canonical
from rnnbook.weights.canonical import Cell

OPERATOR = {"ElmanRNN": "RNN", "LSTM": "LSTM", "GRU": "GRU"}
# Ours, and ONNX's in our letters.
GATES = {"RNN": ("h", "h"), "LSTM": ("ifgo", "iofg"), "GRU": ("rzn", "zrn")}
INPUTS = ("X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P")
PEEPHOLES = ("ifo", "iof")
ACTIVATIONS = {"tanh": "Tanh", "relu": "Relu", "sigmoid": "Sigmoid", "identity": "Affine"}
OWN_ACTIVATIONS = {"LSTM": ("Sigmoid", "Tanh", "Tanh"), "GRU": ("Sigmoid", "Tanh")}  # the only ones we have


def to_onnx(
    params: Mapping[str, np.ndarray], *, activation: str = "tanh", lengths: bool = False, state: bool = False
) -> tuple[onnx.NodeProto, list[onnx.TensorProto]]:
    """Make an ONNX node and the initializers (its weights) that it reads.

    params: canonical weights of one layer or of a ``Bidirectional``.
    activation: that of an ``ElmanRNN``; the weights do not tell.
    lengths: whether the node takes an input ``sequence_lens (B,)`` of int32.
    state: whether it takes ``initial_h``, and for LSTM ``initial_c``, each ``(directions, B, H)``.

    The node reads ``X (T, B, D)`` and writes ``Y (T, directions, B, H)``, ``Y_h`` and, for LSTM, ``Y_c``,
    ``(directions, B, H)``. Its weights are named ``W``, ``R``, ``B`` and, with peepholes, ``P``.

    Raises ValueError for what a node cannot hold: a ``JordanRNN``, a stack, directions that differ.
    """
    layer = canonical.one_layer(canonical.parse_params(params, activation, "ONNX"), "ONNX")
    cells = list(layer.values())
    canonical.check_homogeneous(cells, "two directions", "ONNX")
    spec = cells[0].spec
    operator = OPERATOR[spec.name]

    by_direction = [_to_onnx_arrays(cell, *GATES[operator]) for cell in cells]
    arrays = {name: np.stack([each[name] for each in by_direction]) for name in by_direction[0]}
    initializers = [numpy_helper.from_array(array, name) for name, array in arrays.items()]

    # The operators know their inputs by place; an empty name leaves one out.
    inputs = ["X", "W", "R", "B", "sequence_lens" if lengths else "", "initial_h" if state else ""]
    outputs = ["Y", "Y_h"]
    attributes = {"hidden_size": spec.hidden_size}
    attributes["direction"] = "bidirectional" if len(cells) == 2 else "forward"
    if operator == "LSTM":
        inputs += ["initial_c" if state else "", "P" if "P" in arrays else ""]
        outputs.append("Y_c")
    elif operator == "GRU":
        attributes["linear_before_reset"] = int(spec.reset_after)
    else:
        attributes["activations"] = [ACTIVATIONS[activation]] * len(cells)
        if activation == "identity":  # Affine is alpha * x + beta
            attributes |= {"activation_alpha": [1.0] * len(cells), "activation_beta": [0.0] * len(cells)}
    while inputs[-1] == "":
        inputs.pop()
    return helper.make_node(operator, inputs, outputs, name=spec.name, **attributes), initializers


def _to_onnx_arrays(cell: Cell, ours: str, theirs: str) -> dict[str, np.ndarray]:
    W, U, b = (canonical.reorder(cell.params[name], ours, theirs) for name in ("W", "U", "b"))
    b_u = canonical.reorder(cell.params["b_u"], ours, theirs) if "b_u" in cell.params else np.zeros_like(b)
    arrays = {"W": W, "R": U, "B": np.concatenate([b, b_u])}
    if "p" in cell.params:
        arrays["P"] = canonical.reorder(cell.params["p"], *PEEPHOLES)
    return arrays


def from_onnx(node: onnx.NodeProto, initializers: Iterable[onnx.TensorProto]) -> dict[str, np.ndarray]:
    """Read the canonical weights out of an ``RNN``, ``LSTM`` or ``GRU`` node; the arrays are copies.

    initializers: at least those that the node names, as in ``model.graph.initializer``.

    But in a GRU with ``linear_before_reset``, ``b`` is the sum of the two biases; a node without biases gives
    zeros. The activation of an RNN is no weight: the dict does not hold it.

    Raises TypeError for another operator, and ValueError for a node that computes what our network does not
    (other activations, ``clip``, ``input_forget``, ``direction="reverse"``), or whose weights are not given.
    """
    if not isinstance(node, onnx.NodeProto) or node.op_type not in GATES:
        have = getattr(node, "op_type", None) or type(node).__name__
        raise TypeError(f"node must be an ONNX RNN, LSTM or GRU, got {have}")
    attributes = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
    _check_attributes(node.op_type, attributes)
    inputs = dict(zip(INPUTS, node.input, strict=False))  # inputs that are left out at the end have no name
    given = {tensor.name: tensor for tensor in initializers}

    def read(name: str) -> np.ndarray | None:
        if not inputs.get(name):
            return None
        if inputs[name] not in given:
            raise ValueError(f"initializers must hold {inputs[name]!r}, the {name} of the node")
        return numpy_helper.to_array(given[inputs[name]])

    W, R, B, P = (read(name) for name in ("W", "R", "B", "P"))
    two_biases = node.op_type == "GRU" and attributes.get("linear_before_reset", 0) == 1
    ours, theirs = GATES[node.op_type]
    layer = {}
    for index, direction in enumerate(canonical.BOTH if len(W) == 2 else (None,)):
        b, b_u = np.zeros((2, W.shape[1]), W.dtype) if B is None else np.split(B[index], 2)
        weights = {"W": W[index], "U": R[index]}
        weights |= {"b": b, "b_u": b_u} if two_biases else {"b": canonical.sum_of_biases(b, b_u)}
        layer[direction] = {name: canonical.reorder(array, theirs, ours) for name, array in weights.items()}
        if P is not None:
            layer[direction]["p"] = canonical.reorder(P[index], *reversed(PEEPHOLES))
    return canonical.format_params([layer])


def _check_attributes(operator: str, attributes: Mapping) -> None:
    for name in ("clip", "input_forget"):
        if attributes.get(name):
            raise ValueError(f"our {operator} has no {name}, got {name}={attributes[name]}")
    if attributes.get("direction", b"forward") == b"reverse":
        raise ValueError("our layers read forward, except inside Bidirectional; got direction='reverse'")
    have = [name.decode() for name in attributes.get("activations", [])]
    if operator == "RNN":
        allowed = all(name in ACTIVATIONS.values() for name in have)
        if "Affine" in have:
            alpha, beta = attributes.get("activation_alpha", []), attributes.get("activation_beta", [])
            allowed = allowed and set(alpha) == {1.0} and set(beta) == {0.0}
    else:
        allowed = have in ([], list(OWN_ACTIVATIONS[operator]), 2 * list(OWN_ACTIVATIONS[operator]))
    if not allowed:
        raise ValueError(f"our network for ONNX's {operator} has no activations {', '.join(have)}")
