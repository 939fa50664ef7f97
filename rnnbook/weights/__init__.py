"""Weights, to and from the libraries' own layers: the one place that knows how those differ from ours.

|          | gates of LSTM | gates of GRU | W           | biases                             |
|----------|---------------|--------------|-------------|------------------------------------|
| rnnbook  | i f g o       | r z n        | (G*H, D)    | b; GRU with reset_after also b_u   |
| torch.nn | i f g o       | r z n        | (G*H, D)    | always two, b_ih and b_hh          |
| keras    | i f c o       | z r h        | (D, G*H)    | one; GRU with reset_after (2, 3H)  |
| ONNX     | i o f c       | z r h        | (1, G*H, D) | always two, in one row (1, 2*G*H)  |

(c and h are other names of our g and n.) Where a library has two biases and our network one, ours is the sum
of theirs on the way in, and their second is zero on the way out. The outputs are the same. Training is not:
both biases get the same gradient, so that under plain gradient descent their sum moves twice as fast as ours.

Without biases there is no b on either side. (The shapes of a GRU then do not tell whether it resets before
or after the product: say ``reset_after``.)

    to_torch(params) -> torch.nn.RNN, LSTM or GRU      from_torch(module) -> params
    to_keras(params) -> keras layer                    from_keras(layer) -> params
    to_onnx(params) -> node, initializers              from_onnx(node, initializers) -> params

``params`` is the dict of ``layer.params`` (NumPy) or ``layer.params`` (the other wings). Which network it
belongs to is read from the shapes: W has 1, 3 or 4 times as many rows as U has columns. There and back again
is exact to the last bit. A library is imported when the first of its functions is asked for.
"""

import importlib

from rnnbook import require

FUNCTIONS = ("to_torch", "from_torch", "to_keras", "from_keras", "to_onnx", "from_onnx")


def __getattr__(name: str):
    # Python asks here only for names that the module does not hold yet (PEP 562).
    if name in FUNCTIONS:
        library = name.partition("_")[2]
        require(library)
        return getattr(importlib.import_module(f"{__name__}.{library}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *FUNCTIONS})
