"""What canonical weights say of themselves: which network they belong to, and how its parts are stacked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from rnnbook import specs, validation
from rnnbook.specs import LayerSpec

KEY = re.compile(r"(?:(?P<layer>\d+)\.)?(?:(?P<direction>forward|backward)\.)?(?P<name>[^.]+)")
BOTH = ("forward", "backward")


@dataclass(frozen=True)
class Cell:
    """One recurrent network of a stack: what it is, and its weights by their plain names."""

    spec: LayerSpec
    params: Mapping[str, np.ndarray]

    @property
    def dtype(self) -> str:
        return validation.dtype_of(self.params["W"])


Layer = dict[str | None, Cell]  # {None: cell}, or {"forward": cell, "backward": cell}


def parse_params(params: Mapping, activation: str, reset_after: bool, library: str) -> list[Layer]:
    """Take weights apart into layers, bottom first.

    Keys are plain (``"W"``), of a ``Bidirectional`` (``"forward.W"``), of a ``Stacked`` (``"0.W"``), or of a
    ``Stacked`` of ``Bidirectional`` (``"0.forward.W"``). ``library`` is named in errors.

    Raises ValueError for keys, shapes or an activation that make no network, or no network that a library
    has a layer for; TypeError for weights that are not all float32, or all float64.
    """
    if not isinstance(params, Mapping):
        raise TypeError(f"params must be a dict of arrays, got {type(params).__name__}")
    if not params:
        raise ValueError("params must have the keys W, U and, with biases, b; they are empty")
    by_layer: dict[str | None, dict[str | None, dict]] = {}
    for key, array in params.items():
        match = KEY.fullmatch(str(key))
        if match is None:
            raise ValueError(
                f"params must have keys such as W, forward.W, 0.W or 0.forward.W; they hold {key!r}"
            )
        by_layer.setdefault(match["layer"], {}).setdefault(match["direction"], {})[match["name"]] = array

    names = [None] if None in by_layer else [str(index) for index in range(len(by_layer))]
    if set(by_layer) != set(names):
        raise ValueError(
            f"params must number their layers 0, 1, 2, ...; they hold {', '.join(map(str, by_layer))}"
        )
    layers = []
    for name in names:
        directions = (None,) if None in by_layer[name] else BOTH
        if set(by_layer[name]) != set(directions):
            raise ValueError(
                f"params must hold weights for {' and '.join(BOTH)}; they hold {', '.join(params)}"
            )
        layer = {way: _cell(by_layer[name][way], activation, reset_after, library) for way in directions}
        if len({cell.spec.input_size for cell in layer.values()}) > 1:
            raise ValueError("params must give forward and backward the same inputs")
        layers.append(layer)

    cells = [cell for layer in layers for cell in layer.values()]
    if activation != "tanh" and all(cell.spec.name != "ElmanRNN" for cell in cells):
        raise ValueError(
            f"activation is for ElmanRNN alone; {cells[0].spec.name} has tanh, got {activation!r}"
        )
    dtypes = sorted({cell.dtype for cell in cells})
    if len(dtypes) > 1:
        raise TypeError(f"params must be of one dtype, got {' and '.join(dtypes)}")
    return layers


def _cell(params: Mapping, activation: str, reset_after: bool, library: str) -> Cell:
    if "V" in params:
        raise ValueError(f"{library} has no layer for the weights of a JordanRNN")
    for name in ("W", "U"):
        if name not in params:
            raise ValueError(f"params must have the keys W, U and, with biases, b; they lack {name!r}")
    W, U, use_bias = params["W"], params["U"], "b" in params
    validation.check_shape("params['W']", W, ("gates * hidden", "input"))
    validation.check_shape("params['U']", U, ("gates * hidden", "hidden"))
    (rows, input_size), hidden_size = W.shape, U.shape[1]
    gates = rows / hidden_size if hidden_size else 0
    if gates == 1:
        spec = specs.ElmanRNNSpec(input_size, hidden_size, activation, use_bias=use_bias)
    elif gates == 3:
        if "b_u" in params and not reset_after:
            raise ValueError("reset_after must be True for a GRU with the second bias b_u, got False")
        reset_after = "b_u" in params if use_bias else reset_after
        spec = specs.GRUSpec(input_size, hidden_size, reset_after, use_bias=use_bias)
    elif gates == 4:
        spec = specs.LSTMSpec(input_size, hidden_size, "p" in params, use_bias=use_bias)
    else:
        raise ValueError(
            f"params must have 1, 3 or 4 gates (rows of W over columns of U), got {rows} / {hidden_size}"
        )
    dtype = validation.dtype_of(W)
    validation.check_dtype(dtype)
    validation.check_params(params, spec.shapes, dtype)
    return Cell(spec, params)


def one_layer(layers: Sequence[Layer], library: str) -> Layer:
    """The only layer; ValueError if there are more, for a library whose layers do not stack."""
    if len(layers) > 1:
        raise ValueError(
            f"{library} holds one layer each: convert the {len(layers)} layers of the stack one by one"
        )
    return layers[0]


def check_homogeneous(cells: Sequence[Cell], what: str, library: str) -> None:
    """Refuse cells that differ in kind or hidden size, for a library that holds one kind and size."""
    for cell in cells:
        described, first = (f"{c.spec.name} of {c.spec.hidden_size} units" for c in (cell, cells[0]))
        if described != first:
            raise ValueError(f"{library} holds {what} of one kind and one size, got {first} and {described}")
        if set(cell.params) != set(cells[0].params):
            raise ValueError(
                f"{library} holds {what} of one kind, got the weights {', '.join(cells[0].params)} "
                f"and {', '.join(cell.params)}"
            )


def described_type(value) -> str:
    """A type with its module: other libraries have an LSTM too."""
    return f"{type(value).__qualname__} of {type(value).__module__}"


def check_stored_dtype(dtype: str) -> None:
    """Refuse weights of another library in a dtype that our layers do not have."""
    if dtype not in validation.DTYPES:
        raise TypeError(f"weights must be float32 or float64, got {dtype}; convert them first")


def reorder(array: np.ndarray, order: str, wanted: str) -> np.ndarray:
    """Put the gate blocks, stacked by rows in ``order``, into the order ``wanted``."""
    blocks = dict(zip(order, np.split(np.asarray(array), len(order)), strict=True))
    return np.concatenate([blocks[gate] for gate in wanted])


def sum_of_biases(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """One bias that does what two did; exactly the first where the second is zero, even in the sign of -0."""
    return first + second if second.any() else first.copy()


def format_params(layers: Sequence[Mapping[str | None, Mapping[str, np.ndarray]]]) -> dict[str, np.ndarray]:
    """Name the weights of the layers as one dict: plain names for one layer, numbered ones for more."""
    params = {}
    for index, layer in enumerate(layers):
        for direction, weights in layer.items():
            prefix = f"{index}." if len(layers) > 1 else ""
            prefix += f"{direction}." if direction else ""
            params |= {prefix + name: np.ascontiguousarray(array) for name, array in weights.items()}
    return params
