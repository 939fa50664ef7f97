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

from rnnbook import validation
from rnnbook.weights import canonical
from rnnbook.weights.canonical import Cell

OPERATOR = {"ElmanRNN": "RNN", "LSTM": "LSTM", "GRU": "GRU"}
# Ours, and ONNX's in our letters.
GATES = {"RNN": ("h", "h"), "LSTM": ("ifgo", "iofg"), "GRU": ("rzn", "zrn")}
INPUTS = ("X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P")
PEEPHOLES = ("ifo", "iof")
ACTIVATIONS = {"tanh": "Tanh", "relu": "Relu", "sigmoid": "Sigmoid", "identity": "Affine"}
OWN_ACTIVATIONS = {"LSTM": ("Sigmoid", "Tanh", "Tanh"), "GRU": ("Sigmoid", "Tanh")}  # the only ones we have

DEFAULTS = {  # of the attributes that we know
    "hidden_size": None,
    "direction": "forward",
    "activations": [],
    "activation_alpha": [],
    "activation_beta": [],
    "input_forget": 0,
    "layout": 0,  # whether X and Y have the batch or the time first: the weights are the same
    "linear_before_reset": 0,
}
_KINDS = onnx.AttributeProto
TYPES = dict(
    zip(DEFAULTS, (_KINDS.INT, _KINDS.STRING, _KINDS.STRINGS, _KINDS.FLOATS, _KINDS.FLOATS), strict=False)
)
TYPES |= dict.fromkeys(("input_forget", "layout", "linear_before_reset"), _KINDS.INT)


def to_onnx(
    params: Mapping[str, np.ndarray],
    *,
    activation: str = "tanh",
    reset_after: bool = True,
    lengths: bool = False,
    state: bool = False,
) -> tuple[onnx.NodeProto, list[onnx.TensorProto]]:
    """Make an ONNX node and the initializers (its weights) that it reads.

    params: canonical weights of one layer or of a ``Bidirectional``.
    activation: that of an ``ElmanRNN``; the weights do not tell.
    reset_after: that of a ``GRU`` without biases; where there are biases, the weights tell.
    lengths: whether the node takes an input ``sequence_lens (B,)`` of int32.
    state: whether it takes ``initial_h``, and for LSTM ``initial_c``, each ``(directions, B, H)``.

    The node reads ``X (T, B, D)`` and writes ``Y (T, directions, B, H)``, ``Y_h`` and, for LSTM, ``Y_c``,
    ``(directions, B, H)``. Its weights are named ``W``, ``R``, with biases ``B``, with peepholes ``P``.

    Raises ValueError for what a node cannot hold: a ``JordanRNN``, a stack, directions that differ.
    """
    layer = canonical.one_layer(canonical.parse_params(params, activation, reset_after, "ONNX"), "ONNX")
    cells = list(layer.values())
    canonical.check_homogeneous(cells, "two directions", "ONNX")
    spec = cells[0].spec
    operator = OPERATOR[spec.name]

    by_direction = [_to_onnx_arrays(cell, *GATES[operator]) for cell in cells]
    arrays = {name: np.stack([each[name] for each in by_direction]) for name in by_direction[0]}
    initializers = [numpy_helper.from_array(array, name) for name, array in arrays.items()]

    # The operators know their inputs by place; an empty name leaves one out.
    inputs = ["X", "W", "R", "B" if spec.use_bias else ""]
    inputs += ["sequence_lens" if lengths else "", "initial_h" if state else ""]
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
    blocks = [name for name in cell.params if name != "p"]
    weights = {name: canonical.reorder(cell.params[name], ours, theirs) for name in blocks}
    arrays = {"W": weights["W"], "R": weights["U"]}
    if cell.spec.use_bias:
        arrays["B"] = np.concatenate([weights["b"], weights.get("b_u", np.zeros_like(weights["b"]))])
    if "p" in cell.params:
        arrays["P"] = canonical.reorder(cell.params["p"], *PEEPHOLES)
    return arrays


def from_onnx(node: onnx.NodeProto, initializers: Iterable[onnx.TensorProto]) -> dict[str, np.ndarray]:
    """Read the canonical weights out of an ``RNN``, ``LSTM`` or ``GRU`` node; the arrays are copies.

    initializers: at least those that the node names, as in ``model.graph.initializer``.

    But in a GRU with ``linear_before_reset``, ``b`` is the sum of the two biases; a node without biases gives
    no ``b``. The activation of an RNN is no weight: the dict does not hold it.

    Raises TypeError for another operator or dtype, and ValueError for a node that computes what our network
    does not (other activations, ``clip``, ``input_forget``, ``direction="reverse"``, a state of its own to
    begin with, attributes that we do not know), or whose weights are not given or do not fit.
    """
    if (
        not isinstance(node, onnx.NodeProto)
        or node.op_type not in GATES
        or node.domain not in ("", "ai.onnx")
    ):
        have = type(node).__name__
        if isinstance(node, onnx.NodeProto):  # protobuf gives what is no UTF-8 as bytes
            have = ".".join(str(part) for part in (node.domain, node.op_type) if part)
        raise TypeError(f"node must be an ONNX RNN, LSTM or GRU, got {have or 'a node without op_type'}")
    attributes = _attributes(node)
    both = attributes["direction"] == "bidirectional"
    names = INPUTS if node.op_type == "LSTM" else INPUTS[:6]
    if len(node.input) > len(names):
        raise ValueError(f"node must have at most {len(names)} inputs, got {len(node.input)}")
    inputs = dict(zip(names, node.input, strict=False))  # inputs that are left out at the end have no name
    given = {tensor.name: tensor for tensor in initializers}
    for name in ("initial_h", "initial_c"):
        if inputs.get(name) in given and _to_array(given[inputs[name]]).any():
            raise ValueError(f"our layers begin with zeros or a state that they are given, got an {name}")

    def read(name: str, *shape: int | str) -> np.ndarray | None:
        if not inputs.get(name):
            return None
        if inputs[name] not in given:
            raise ValueError(f"initializers must hold {inputs[name]!r}, the {name} of the node")
        array = _to_array(given[inputs[name]])
        validation.check_shape(f"the {name} of the node", array, (2 if both else 1, *shape))
        canonical.check_stored_dtype(array.dtype.name)
        return array

    ours, theirs = GATES[node.op_type]
    W = read("W", "gates * hidden", "input")
    if W is None or not inputs.get("R"):
        raise ValueError("node must have inputs W and R")
    hidden_size = W.shape[1] // len(ours) if attributes["hidden_size"] is None else attributes["hidden_size"]
    rows = len(ours) * hidden_size
    if not rows or W.shape[1] != rows:
        raise ValueError(
            f"the W of the node must have {len(ours)} rows for each of {hidden_size} units, got {W.shape[1]}"
        )
    R = read("R", rows, hidden_size)
    B, P = read("B", 2 * rows), read("P", 3 * hidden_size)
    layer = {}
    for index, direction in enumerate(canonical.BOTH if both else (None,)):
        weights = {"W": W[index], "U": R[index]}
        if B is not None:
            b, b_u = np.split(B[index], 2)
            two = bool(attributes["linear_before_reset"])
            weights |= {"b": b, "b_u": b_u} if two else {"b": canonical.sum_of_biases(b, b_u)}
        layer[direction] = {name: canonical.reorder(array, theirs, ours) for name, array in weights.items()}
        if P is not None:
            layer[direction]["p"] = canonical.reorder(P[index], *reversed(PEEPHOLES))
    return canonical.format_params([layer])


def _to_array(tensor: onnx.TensorProto) -> np.ndarray:
    if not isinstance(tensor, onnx.TensorProto):
        raise TypeError(f"initializers must be ONNX tensors, got {type(tensor).__name__}")
    if tensor.data_location == onnx.TensorProto.EXTERNAL:
        raise ValueError(f"initializers must hold their data, got {tensor.name!r} with data in another file")
    try:
        return numpy_helper.to_array(tensor)
    except Exception as error:  # of dims that do not fit the data, of types that are not there
        raise ValueError(f"initializers must be sound, got {tensor.name!r}: {error}") from error


def _attributes(node: onnx.NodeProto) -> dict[str, object]:
    """The attributes with their defaults; ValueError for those that ask for another network than ours."""
    operator, found = node.op_type, dict(DEFAULTS)
    if operator != "GRU":
        del found["linear_before_reset"]
    for attribute in node.attribute:
        name, value = attribute.name, helper.get_attribute_value(attribute)
        if name not in found or attribute.type != TYPES[name]:
            raise ValueError(f"our {operator} has no {name}, got {name}={str(value)[:40]}")
        decoded = [each.decode(errors="replace") for each in value] if name == "activations" else value
        found[name] = value.decode(errors="replace") if name == "direction" else decoded
    if found["direction"] not in ("forward", "bidirectional"):
        raise ValueError(
            f"our layers read forward, except inside Bidirectional; got direction={found['direction']!r}"
        )
    for name, allowed in (("input_forget", (0,)), ("layout", (0, 1)), ("linear_before_reset", (0, 1))):
        if found.setdefault(name, 0) not in allowed:
            raise ValueError(f"our {operator} has no {name}, got {name}={found[name]}")
    directions = 2 if found["direction"] == "bidirectional" else 1
    have = found["activations"]
    if operator != "RNN":
        if have and have != directions * list(OWN_ACTIVATIONS[operator]):
            raise ValueError(f"our network for ONNX's {operator} has no activations {', '.join(have)}")
    elif have:
        if len(have) != directions or len(set(have)) > 1 or have[0] not in ACTIVATIONS.values():
            raise ValueError(f"our network for ONNX's RNN has no activations {', '.join(have)}")
        scale = set(found["activation_alpha"]), set(found["activation_beta"])
        if have[0] == "Affine" and scale != ({1.0}, {0.0}):
            raise ValueError(
                "our network for ONNX's RNN has of the activations Affine that with alpha 1 and beta 0, "
                f"got {found['activation_alpha']} and {found['activation_beta']}"
            )
    return found
