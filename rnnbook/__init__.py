"""Recurrent neural networks, said three times: in NumPy, in PyTorch and in TensorFlow.

``import rnnbook`` loads nothing else. Each part is imported when it is first used:

    import rnnbook
    layer = rnnbook.numpy.LSTM(4, 8)     # NumPy is imported here, PyTorch and TensorFlow are not
"""

import importlib

__version__ = "0.1.0"


class NotInstalled(ModuleNotFoundError):
    """What lies outside the base install is missing. Jupyter shows its one sentence, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}"]


def require(*modules: str, extra: str = "frameworks") -> None:
    """Raise NotInstalled, which says what to run, unless all the modules are there. None is imported.

    extra: the optional part of the installation that brings them.
    """
    from importlib.util import find_spec

    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        are = "is" if len(missing) == 1 else "are"
        command = f"pip install -e '.[{extra}]'"
        raise NotInstalled(
            f"{', '.join(missing)} {are} not installed: in the folder of the course, run {command}",
            name=missing[0],
        )


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
