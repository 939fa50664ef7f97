"""Recurrent neural networks, said three times: in NumPy, in PyTorch and in TensorFlow.

`import rnnbook` loads nothing else. Each part is imported when it is first used:

    import rnnbook
    layer = rnnbook.numpy.LSTM(4, 8)     # NumPy is imported here, PyTorch and TensorFlow are not
"""

import importlib

__version__ = "0.1.0"


def __getattr__(name: str):
    # Python asks here only for names that the module does not hold yet (PEP 562).
    if not name.startswith("_"):
        part = f"{__name__}.{name}"
        try:
            return importlib.import_module(part)
        except ModuleNotFoundError as error:
            if error.name != part:  # the part is there, something that it needs is not
                raise
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    from pkgutil import iter_modules

    return sorted({*globals(), *(part.name for part in iter_modules(__path__))})
