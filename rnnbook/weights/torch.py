"""Canonical weights to and from ``torch.nn.RNN``, ``LSTM`` and ``GRU``.

PyTorch stacks the gates as we do (i f g o; r z n), and keeps two biases of every layer, ``bias_ih`` and
``bias_hh``. Only its GRU needs both: it resets after the product, so that one of them is multiplied by r.
"""

from collections.abc import Mapping

import numpy as np
import torch

from rnnbook import validation
from rnnbook.weights import canonical

SUFFIX = {None: "", "forward": "", "backward": "_reverse"}


def to_torch(
    params: Mapping[str, np.ndarray], *, activation: str = "tanh", reset_after: bool = True
) -> torch.nn.RNNBase:
    """Make a new ``torch.nn.RNN``, ``LSTM`` or ``GRU`` (``batch_first=True``) that holds these weights.

    params: canonical weights of one layer, a ``Bidirectional``, or a ``Stacked`` of either.
    activation: that of an ``ElmanRNN``; the weights do not tell.
    reset_after: that of a ``GRU`` without biases; where there are biases, the weights tell.

    Raises ValueError for what torch.nn cannot hold: a ``JordanRNN``, peepholes, a GRU with
    ``reset_after=False``, activations but tanh and relu, and stacks whose layers differ in kind or size.
    """
    layers = canonical.parse_params(params, activation, reset_after, "torch.nn")
    cells = [cell for layer in layers for cell in layer.values()]
    canonical.check_homogeneous(cells, "a stack of layers", "torch.nn")
    first = cells[0].spec
    for layer in layers[1:]:
        outputs = sum(cell.spec.output_size for cell in layers[0].values())
        if len(layer) != len(layers[0]):
            raise ValueError("torch.nn holds a stack that is bidirectional throughout, or nowhere")
        for cell in layer.values():
            if cell.spec.input_size != outputs:
                raise ValueError(
                    f"params must give every upper layer the {outputs} outputs below it, "
                    f"got W of shape {cell.params['W'].shape}"
                )

    options = {
        "num_layers": len(layers),
        "bias": first.use_bias,
        "batch_first": True,
        "bidirectional": len(layers[0]) == 2,
        "dtype": getattr(torch, cells[0].dtype),
    }
    if first.name == "ElmanRNN":
        if activation not in ("tanh", "relu"):
            raise ValueError(f"torch.nn.RNN has the activations tanh and relu, not {activation}")
        options["nonlinearity"] = activation
    elif first.name == "LSTM" and first.peephole:
        raise ValueError("torch.nn.LSTM has no peepholes")
    elif first.name == "GRU" and not first.reset_after:
        raise ValueError("torch.nn.GRU resets after the product only; these weights are of reset_after=False")

    # Made empty, on "meta", so that no starting weights are drawn from the reader's seed.
    kind = {"ElmanRNN": torch.nn.RNN, "LSTM": torch.nn.LSTM, "GRU": torch.nn.GRU}[first.name]
    module = kind(first.input_size, first.hidden_size, **options, device="meta").to_empty(device="cpu")
    with torch.no_grad():
        for index, layer in enumerate(layers):
            for direction, cell in layer.items():
                weights = cell.params
                theirs = {"weight_ih": weights["W"], "weight_hh": weights["U"]}
                if first.use_bias:
                    inner_bias = weights.get("b_u", np.zeros_like(weights["b"]))
                    theirs |= {"bias_ih": weights["b"], "bias_hh": inner_bias}
                for name, array in theirs.items():
                    parameter = getattr(module, f"{name}_l{index}{SUFFIX[direction]}")
                    parameter.copy_(torch.from_numpy(np.array(array, order="C")))
    return module


def from_torch(module: torch.nn.RNNBase) -> dict[str, np.ndarray]:
    """Read the canonical weights out of a ``torch.nn.RNN``, ``LSTM`` or ``GRU``; the arrays are copies.

    RNN and LSTM: ``b`` is the sum of the two biases. Without biases (``bias=False``) there is no ``b``, as in
    a layer of ours with ``use_bias=False``. Dropout between layers and the activation of ``nn.RNN`` are no
    weights: the dict does not hold them.

    Raises TypeError for another module or dtype, and ValueError for one with projections (``proj_size``), or
    without data (on the device "meta").
    """
    if not isinstance(module, torch.nn.RNN | torch.nn.LSTM | torch.nn.GRU):
        raise TypeError(f"module must be a torch.nn.RNN, LSTM or GRU, got {canonical.described_type(module)}")
    if module.proj_size:
        raise ValueError(
            f"our LSTM has no projections, got a torch.nn.LSTM with proj_size={module.proj_size}"
        )

    directions = canonical.BOTH if module.bidirectional else (None,)
    layers = []
    for index in range(module.num_layers):
        layer = {}
        for direction in directions:

            def read(name: str, end: str = f"_l{index}{SUFFIX[direction]}") -> np.ndarray:
                tensor = getattr(module, name + end).detach()
                canonical.check_stored_dtype(validation.dtype_of(tensor))
                if tensor.is_meta:
                    raise ValueError("module must hold its weights, got one on the device meta")
                return tensor.cpu().numpy().copy()

            weights = {"W": read("weight_ih"), "U": read("weight_hh")}
            if module.bias:
                b, b_u = read("bias_ih"), read("bias_hh")
                two = isinstance(module, torch.nn.GRU)
                weights |= {"b": b, "b_u": b_u} if two else {"b": canonical.sum_of_biases(b, b_u)}
            layer[direction] = weights
        layers.append(layer)
    return canonical.format_params(layers)
