"""Are these gradients right?

    print(gradient_check(LSTM(3, 4), x))

A derivative is a limit of differences, so every hand-derived gradient can be held against a numeric one.
Two numeric ones are used here, both in float64, both on perturbed copies (never in place):

    central difference    dL/dv ≈ (L(v + ε) - L(v - ε)) / 2ε
    complex step          dL/dv ≈ Im L(v + iε) / ε

The complex step has no difference, so nothing cancels, and ε may be 1e-30: the result is exact to rounding.
Squire and Trapp, 1998, 'Using complex variables to estimate derivatives of real functions'.

The error of an entry is relative to the largest gradient of its array:

    error = |analytic - numeric| / s      s = the largest |analytic| or |numeric| of the array, or |L| / 10⁴
                                          where that is larger

The second is for arrays whose gradients vanish: rounding of L itself would look large beside them.
"""

import copy
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from rnnbook import validation
from rnnbook.checks.structure import draw_loss, flatten_state, set_params, tree_map, unflatten_state
from rnnbook.checks.table import aligned

# A numeric gradient's own error sets how closely the two can agree.
TOLERANCES = {"complex": 1e-9, "central": 1e-6}
COMPLEX_STEP = 1e-30
CENTRAL_STEP = np.finfo(np.float64).eps ** (1 / 3)  # balances the rounding of L against the curve of L


@dataclass(frozen=True)
class GradientRow:
    """One array: its entry with the worst error; if all entries agree, the one with the largest gradient."""

    name: str
    shape: tuple[int, ...]
    index: tuple[int, ...]
    analytic: float
    numeric: float
    error: float
    passed: bool


@dataclass(frozen=True, repr=False)
class GradientReport:
    """What a gradient check found. Printing or displaying it gives a table.

    rows: one GradientRow an array. passed: whether all errors are within ``tolerance``. worst: the largest
    error. failed: the names of the arrays that did not pass.
    """

    rows: tuple[GradientRow, ...]
    method: str
    tolerance: float
    note: str = ""

    @property
    def passed(self) -> bool:
        return not self.failed

    @property
    def failed(self) -> list[str]:
        return [row.name for row in self.rows if not row.passed]

    @property
    def worst(self) -> float:
        return max(row.error for row in self.rows)

    def __str__(self) -> str:
        # An error within the tolerance is rounding, which differs between machines: only its bound is shown.
        within = f"< {self.tolerance:.2g}"
        cells = [["array", "shape", "entry", "analytic", "numeric", "error", "ok"]]
        for row in self.rows:
            place = [row.name, str(row.shape), str(list(row.index))]
            numbers = [f"{row.analytic:.4g}", f"{row.numeric:.4g}"]
            verdict = [within, "yes"] if row.passed else [f"{row.error:.2g}", "NO"]
            cells.append(place + numbers + verdict)
        if self.passed:
            count = len(self.rows)
            last = f"passed: {count} {'array' if count == 1 else 'arrays'}, {self.method}"
        else:
            last = f"FAILED: {', '.join(self.failed)}"
        return "\n".join([aligned(cells, left=3), *([self.note] if self.note else []), last])

    __repr__ = __str__


# Gradients of any function


def compare_gradients(
    loss: Callable[[dict[str, np.ndarray]], float],
    arrays: Mapping[str, np.ndarray],
    gradients: Mapping[str, np.ndarray],
    *,
    method: str = "central",
    tolerance: float | None = None,
    entries: int | None = None,
    seed: int = 0,
) -> GradientReport:
    """Compare the ``gradients`` of your own function with numeric ones.

    loss: takes a dict like ``arrays`` and returns one number, without changing anything.
    arrays: float arrays by name, where the gradients were taken. gradients: dL/d(array), by the same names.
    method: ``"central"`` for any smooth function; ``"complex"`` for one made of analytic functions alone,
    which then must not use ``abs``, ``.real`` or float arrays of its own to store results.
    tolerance: the largest error allowed; 1e-6 for central, 1e-9 for complex if None. The module's
    docstring has the formula.
    entries: look at so many entries of each array only, drawn from ``seed``.

    Raises ValueError where names or shapes do not match, or where a complex step meets a loss that drops
    imaginary parts; TypeError for an array that is not float.
    """
    validation.check_choice("method", method, tuple(TOLERANCES))
    tolerance = TOLERANCES[method] if tolerance is None else tolerance
    if entries is not None:
        validation.check_size("entries", entries)
    missing = [name for name in arrays if name not in gradients]
    unknown = [name for name in gradients if name not in arrays]
    if missing or unknown or not arrays:
        problem = f"lack {missing[0]!r}" if missing else f"hold {unknown[0]!r}" if unknown else "are empty"
        raise ValueError(f"gradients must have the names of arrays, {', '.join(arrays)}; they {problem}")
    arrays = {name: np.asarray(array) for name, array in arrays.items()}
    for name, array in arrays.items():
        if not np.issubdtype(array.dtype, np.floating):
            raise TypeError(f"arrays[{name!r}] must be float, got {array.dtype}")
        validation.check_shape(f"gradients[{name!r}]", np.asarray(gradients[name]), array.shape)
    arrays = {name: array.astype(np.float64) for name, array in arrays.items()}

    derivative = _complex_step if method == "complex" else _central_difference
    value = _number(loss({name: array.copy() for name, array in arrays.items()}))
    if not np.isfinite(value):
        raise ValueError(f"loss must be finite where the gradients were taken, got {value}")
    floor = abs(value) / 1e4
    rng = np.random.default_rng(seed)
    rows = []
    for name, array in arrays.items():
        places = np.arange(array.size)
        if entries is not None and entries < array.size:
            places = np.sort(rng.choice(array.size, entries, replace=False))
        analytic = np.asarray(gradients[name], np.float64).reshape(-1)[places]
        numeric = np.array([derivative(loss, arrays, name, place) for place in places])
        rows.append(_row(name, array.shape, places, analytic, numeric, floor, tolerance))
    return GradientReport(tuple(rows), _METHODS[method], tolerance)


_METHODS = {"complex": "against the complex step", "central": "against central differences"}


def _row(name, shape, places, analytic, numeric, floor, tolerance) -> GradientRow:
    if not len(places):
        return GradientRow(name, shape, (), 0.0, 0.0, 0.0, True)
    finite = np.isfinite(analytic) & np.isfinite(numeric)
    scale = max(floor, np.abs(np.where(finite, [analytic, numeric], 0)).max())
    with np.errstate(invalid="ignore"):  # inf - inf, which is not finite and fails below
        difference = np.abs(analytic - numeric)
    errors = np.where(finite, difference / scale if scale > 0 else 0.0, np.inf)
    passed = bool((errors <= tolerance).all())
    shown = int(np.abs(numeric).argmax() if passed else errors.argmax())
    index = tuple(int(i) for i in np.unravel_index(places[shown], shape))
    return GradientRow(
        name, shape, index, float(analytic[shown]), float(numeric[shown]), float(errors.max()), passed
    )


def _number(value):
    """Take the one number out of what ``loss`` returned."""
    if np.shape(value) != ():
        raise ValueError(f"loss must return one number, got shape {np.shape(value)}")
    return np.asarray(value)[()]


def _perturbed(arrays, name: str, place: int, step: complex, dtype) -> dict[str, np.ndarray]:
    copies = {key: array.astype(dtype) for key, array in arrays.items()}
    copies[name].reshape(-1)[place] += step
    return copies


def _central_difference(loss, arrays, name: str, place: int) -> float:
    step = CENTRAL_STEP * max(1.0, abs(arrays[name].reshape(-1)[place]))
    above = _perturbed(arrays, name, place, step, np.float64)
    below = _perturbed(arrays, name, place, -step, np.float64)
    width = above[name].reshape(-1)[place] - below[name].reshape(-1)[place]  # what rounding left of 2ε
    return float((_number(loss(above)) - _number(loss(below))) / width)


def _complex_step(loss, arrays, name: str, place: int) -> float:
    advice = 'a complex step needs it: leave out abs, .real and float storage, or use method="central"'
    with warnings.catch_warnings():
        warnings.simplefilter("error", np.exceptions.ComplexWarning)
        try:
            value = _number(loss(_perturbed(arrays, name, place, 1j * COMPLEX_STEP, np.complex128)))
        except np.exceptions.ComplexWarning as warning:
            raise ValueError(f"loss drops the imaginary part on its way; {advice}") from warning
    if not np.iscomplexobj(value):
        raise ValueError(f"loss drops the imaginary part, it returned {value.dtype}; {advice}")
    return float(value.imag / COMPLEX_STEP)


# Gradients of a layer


def gradient_check(
    layer,
    x: np.ndarray,
    state=None,
    lengths=None,
    *,
    seed: int = 0,
    entries: int | None = None,
    method: str | None = None,
) -> GradientReport:
    """Compare all gradients of a NumPy ``layer`` with numeric ones of the plain loop.

    The loss is L = Σ outputs * R + Σ final state * S, with R and S drawn from ``seed``, so that every output
    and every part of the final state matters. The analytic gradients come from ``layer.backward``, the
    numeric ones from the layer's equation, ``layer.loop``: for every weight, for ``x`` and for every part of
    the initial state.

    layer: a recurrent layer of ``rnnbook.numpy``, or a Dense or an Embedding.
    x, state, lengths: as ``layer.forward`` takes them.
    entries: look at so many entries of each array only, drawn from ``seed``.
    method: ``"complex"`` or ``"central"``; if None, complex where the layer has a loop. relu is no exception:
    it is analytic on both sides of its kink, and the step follows the side on which the forward pass was.

    All is computed in float64: a float32 layer is checked through a float64 copy of itself. Tolerances, the
    formula of the error and the source are in the module's docstring.

    Raises TypeError for something else than such a layer, ValueError or TypeError as ``layer.forward`` does.
    """
    if not all(hasattr(layer, part) for part in ("forward", "backward", "params", "dtype")):
        raise TypeError(f"layer must be a layer of rnnbook.numpy, got {type(layer).__name__}")
    recurrent = hasattr(layer, "loop")
    if method is None:
        method = "complex" if recurrent else "central"
    if method == "complex" and not recurrent:
        raise ValueError(f"method must be central for a {type(layer).__name__}, got 'complex'")
    note = "" if layer.dtype == np.float64 else f"a float64 copy of the {layer.dtype.name} layer was checked"
    double = copy.deepcopy(layer)
    set_params(double, {name: array.astype(np.float64) for name, array in layer.params.items()})
    problem = _recurrent_problem if recurrent else _readout_problem
    loss, arrays, gradients = problem(double, _as_float64(x), tree_map(_as_float64, state), lengths, seed)
    report = compare_gradients(loss, arrays, gradients, method=method, entries=entries, seed=seed)
    return GradientReport(report.rows, report.method, report.tolerance, note)


def _recurrent_problem(layer, x, state, lengths, seed: int):
    """The loss of ``gradient_check`` as a function of named arrays, those arrays, and its gradients."""
    _, _, R, S, initial, gradients = draw_loss(layer, x, state, lengths, seed)
    weights, twin = dict(layer.params), copy.deepcopy(layer)

    def loss(arrays):
        set_params(twin, {name: arrays[name] for name in weights})
        outputs, final = twin.loop(arrays["x"], unflatten_state(layer, arrays), lengths)
        final = flatten_state(layer, final)
        return (outputs * R).sum() + sum((final[name] * part).sum() for name, part in S.items())

    return loss, {**weights, "x": x, **initial}, gradients


def _readout_problem(layer, x, state, lengths, seed: int):
    if state is not None or lengths is not None:
        raise TypeError(f"{type(layer).__name__} takes neither state nor lengths")
    y, tape = layer.forward(x)
    R = np.random.default_rng(seed).standard_normal(y.shape)
    gradients = layer.backward(tape, R)
    weights, twin = dict(layer.params), copy.deepcopy(layer)
    has_dx = "x" in gradients  # symbols have no gradient

    def loss(arrays):
        set_params(twin, {name: arrays[name] for name in weights})
        y, _ = twin.forward(arrays["x"] if has_dx else x)
        return (y * R).sum()

    return loss, weights | ({"x": x} if has_dx else {}), gradients


def _as_float64(array):
    """Widen float32; leave everything else for the layer to judge."""
    array = np.asarray(array)
    return array.astype(np.float64) if array.dtype == np.float32 else array
