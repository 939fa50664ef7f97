"""The door of every layer: bad input is refused here, in the same words in all three wings.

The checks read only ``shape`` and ``dtype``, so they serve NumPy arrays, PyTorch tensors, TensorFlow
tensors and Keras's symbolic tensors (whose unknown sizes are ``None``) alike.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

import numpy as np

DTYPES = ("float32", "float64")
NUMPY_NAMES = {np.dtype(name): name for name in (*DTYPES, "int64")}  # NumPy spells a name anew each time


def shape_of(array) -> tuple[int | None, ...]:
    return tuple(array.shape)


def dtype_of(array) -> str:
    """Return the dtype's plain name: ``"float32"`` for NumPy, PyTorch, TensorFlow and Keras alike."""
    dtype = array.dtype
    if isinstance(dtype, np.dtype):
        return NUMPY_NAMES.get(dtype) or dtype.name
    return getattr(dtype, "name", None) or str(dtype).removeprefix("torch.")


def as_array(name: str, value) -> np.ndarray:
    """``value`` as an array in the machine's own byte order.

    TypeError for what is no array, and for a masked one: its mask would be lost without a word.
    """
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError(f"{name} must be an array without a mask, got a masked one: fill it first")
    try:
        array = np.asarray(value)
    except (TypeError, ValueError, RuntimeError) as error:
        raise TypeError(f"{name} must be an array, got {_described(value)}: {error}") from error
    return array if array.dtype.isnative else array.astype(array.dtype.newbyteorder("="))


def as_numbers(name: str, value, expected: Sequence[int | str | None] | None = None) -> np.ndarray:
    """``value`` as an array of real numbers, of the ``expected`` shape if one is given."""
    array = as_array(name, value)
    if expected is not None:
        check_shape(name, array, expected)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} must hold real numbers, got {array.dtype}")
    return array


def _is_integer(array) -> bool:
    return dtype_of(array).startswith(("int", "uint"))


def _described(value) -> str:
    if isinstance(value, tuple | list):
        return f"a {type(value).__name__} of {len(value)}"
    if hasattr(value, "shape"):
        return f"one array of shape {shape_of(value)}"
    return repr(value)


def _fits(shape: Sequence[int | None], expected: Sequence[int | str | None]) -> bool:
    """A name or ``None`` in ``expected``, and a ``None`` in ``shape``, match any size."""
    if len(shape) != len(expected):
        return False
    for have, want in zip(shape, expected, strict=True):
        if not (have is None or want is None or isinstance(want, str) or have == want):
            return False
    return True


def _written(expected: Sequence[int | str | None]) -> str:
    names = ", ".join("any" if size is None else str(size) for size in expected)
    return f"({names},)" if len(expected) == 1 else f"({names})"


# Constructor arguments


def check_size(name: str, value) -> None:
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} must be a positive integer, got {value!r}")
    if value < 1:
        raise ValueError(f"{name} must be a positive integer, got {value}")
    if isinstance(value, np.integer) and value.dtype.itemsize < 4:  # 4 * hidden_size would overflow
        raise TypeError(f"{name} must be an integer of 32 bits or more, got {value!r}")
    if value >= 2**31:
        raise ValueError(f"{name} must be a positive integer below 2**31, got {value}")


def check_size_or_none(name: str, value) -> None:
    if value is not None:
        check_size(name, value)


def check_size_or_zero(name: str, value) -> None:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value != 0:
        check_size(name, value)


def check_odd_size(name: str, value) -> None:
    check_size(name, value)
    if value % 2 == 0:
        raise ValueError(f"{name} must be odd, so that it has a middle, got {value}")


def check_even_size(name: str, value, *, reason: str = "half for each reading direction") -> None:
    check_size(name, value)
    if value % 2:
        raise ValueError(f"{name} must be even, {reason}, got {value}")


def check_image_size(name: str, value) -> None:
    check_size(name, value)
    if value % 8:
        raise ValueError(f"{name} must be a multiple of 8, since it is halved three times, got {value}")


def check_bool(name: str, value) -> None:
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} must be True or False, got {value!r}")


def is_number(value) -> bool:
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def check_positive(name: str, value, *, finite: bool = True) -> None:
    if not is_number(value):
        raise TypeError(f"{name} must be a positive number, got {value!r}")
    if not value > 0 or (finite and value == np.inf):
        raise ValueError(f"{name} must be positive, got {value}")


def check_positive_or_zero(name: str, value) -> None:
    if not is_number(value):
        raise TypeError(f"{name} must be a number of 0 or more, got {value!r}")
    if not 0 <= value < np.inf:
        raise ValueError(f"{name} must be a number of 0 or more, got {value}")


def check_number(name: str, value) -> None:
    if not is_number(value):
        raise TypeError(f"{name} must be a number, got {value!r}")


def check_function(name: str, value) -> None:
    if not callable(value):
        raise TypeError(f"{name} must be a function, got {value!r}")


def check_text(name: str, value) -> None:
    if not isinstance(value, str):
        raise TypeError(f"{name} must be text, got {value!r}")


def as_list(name: str, value) -> list:
    """What stands in any iterable; TypeError for what is none."""
    check_iterable(name, value)
    if isinstance(value, str):
        return list(value)
    if len(getattr(value, "shape", (1,))) != 1:
        raise TypeError(f"{name} must be a sequence, got {_described(value)}")
    return as_array(name, value).tolist() if isinstance(value, np.ndarray) else list(value)


def check_iterable(name: str, value) -> None:
    # A string out of an array of NumPy has a shape, and is iterable all the same.
    scalar = getattr(value, "shape", None) == () and not isinstance(value, str)
    if scalar or not isinstance(value, Iterable):
        raise TypeError(f"{name} must be a sequence, got {_described(value)}")


def check_unit_interval(name: str, value) -> None:
    if not is_number(value):
        raise TypeError(f"{name} must be a number in 0..1, got {value!r}")
    if not 0 <= value <= 1:
        raise ValueError(f"{name} must be a number in 0..1, got {value}")


def check_choice(name: str, value, choices: Sequence[str]) -> None:
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, got {value!r}")


def check_dtype(name: str) -> None:
    if name not in DTYPES:
        raise TypeError(f"dtype must be float32 or float64, got {name}")


def float_dtype(dtype) -> str:
    """The plain name of a dtype, given as a type of any library or by name.

    TypeError unless it is float32 or float64, which layers are built with.
    """
    name = dtype if isinstance(dtype, str) else getattr(dtype, "name", None)
    name = name or str(dtype).removeprefix("torch.")
    with suppress(TypeError, ValueError, SyntaxError):  # NumPy's types and abbreviations, such as "f4"
        name = np.dtype(dtype if isinstance(dtype, type) else name).name
    check_dtype(name)
    return name


def is_seed(value) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool) and value >= 0


def check_rng(rng) -> None:
    """Refuse what is no generator, seed or None."""
    if rng is None or isinstance(rng, np.random.Generator):
        return
    if not is_seed(rng):
        raise TypeError(f"rng must be a numpy.random.Generator, a seed of 0 or more, or None, got {rng!r}")


# Arrays


def check_shape(name: str, array, expected: Sequence[int | str | None]) -> None:
    """Raise ValueError unless ``array`` has the ``expected`` shape; names in it stand for any size."""
    if isinstance(array, np.ndarray) and array.shape == expected:
        return  # the common case, which every step of a training meets
    if not hasattr(array, "shape"):
        raise TypeError(f"{name} must be an array of shape {_written(expected)}, got {_described(array)}")
    if not _fits(shape_of(array), expected):
        raise ValueError(f"{name} must have shape {_written(expected)}, got {shape_of(array)}")


def check_float(name: str, array, dtype: str) -> None:
    """Raise TypeError unless ``array`` has the layer's ``dtype``, with what to do about it."""
    have = dtype_of(array)
    if have == dtype:
        return
    if have in DTYPES and dtype in DTYPES:
        advice = f"convert it to {dtype}, or build the layer with dtype {have}"
    elif have.startswith(("int", "uint")):
        advice = "one-hot encode integers, or look them up in an embedding"
    else:
        advice = f"convert it to {dtype}"
    raise TypeError(f"{name} must be {dtype}, got {have}; {advice}")


def check_features(x, input_size: int, dtype: str, *, name: str = "x") -> None:
    """Refuse what is not ``(..., input_size)`` of the dtype."""
    if not hasattr(x, "shape"):
        raise TypeError(f"{name} must be an array of shape (..., {input_size}), got {_described(x)}")
    shape = shape_of(x)
    if not shape or shape[-1] not in (None, input_size):
        raise ValueError(f"{name} must have shape (..., {input_size}), got {shape}")
    check_float(name, x, dtype)


def check_input(x, input_size: int, dtype: str) -> None:
    """Refuse inputs that are not ``(batch, time, input_size)``, are empty, or have another dtype."""
    check_shape("x", x, ("batch", "time", input_size))
    if 0 in shape_of(x):
        raise ValueError(f"x must hold at least one sequence and one step, got shape {shape_of(x)}")
    check_float("x", x, dtype)


def check_images(x, input_size: int, dtype: str) -> None:
    """Refuse sequences of pictures that are not ``(batch, time, input_size, rows, columns)`` of the dtype."""
    check_shape("x", x, ("batch", "time", input_size, "rows", "columns"))
    if 0 in shape_of(x):
        raise ValueError(f"x must hold at least one sequence, step and place, got shape {shape_of(x)}")
    check_float("x", x, dtype)


def check_token_ids(x, vocab_size: int, *, name: str = "x", values: bool = True) -> None:
    """Refuse tokens that are not ``(batch, time)`` integers in ``0..vocab_size-1``.

    values=False leaves the values unread, for tensors that a graph has not computed yet.
    """
    check_shape(name, x, ("batch", "time"))
    if 0 in shape_of(x):
        raise ValueError(f"{name} must hold at least one sequence and one step, got shape {shape_of(x)}")
    check_ids(x, vocab_size, name=name, values=values)


def check_ids(x, vocab_size: int, *, name: str = "x", values: bool = True) -> None:
    """Refuse what are not integers in ``0..vocab_size-1``, in any shape."""
    if not hasattr(x, "shape") or not _is_integer(x):
        have = dtype_of(x) if hasattr(x, "dtype") else _described(x)
        raise TypeError(f"{name} must be integers, got {have}; encode tokens with a Vocabulary")
    if not values or 0 in shape_of(x):
        return
    x = x if hasattr(x, "min") else np.asarray(x)  # a tensor of TensorFlow has no min
    lowest, highest = int(x.min()), int(x.max())
    if lowest < 0 or highest >= vocab_size:
        raise ValueError(f"{name} must lie in 0..{vocab_size - 1}, got values from {lowest} to {highest}")


def check_lengths(
    lengths, batch: int | None, time: int | None, *, values: bool = True, name: str = "lengths"
) -> None:
    """Refuse lengths that are not ``(batch,)`` integers in ``1..time``.

    values=False leaves the values unread, for tensors that a graph has not computed yet.
    """
    if isinstance(lengths, list | tuple | np.ma.MaskedArray):
        lengths = as_array(name, lengths)
    check_shape(name, lengths, (batch,))
    if not _is_integer(lengths):
        raise TypeError(f"{name} must be integers, got {dtype_of(lengths)}")
    if not values:
        return
    lengths = np.asarray(lengths)
    wrong = np.flatnonzero((lengths < 1) | (lengths > time))
    if wrong.size:
        index = wrong[0]
        raise ValueError(f"{name} must lie in 1..{time}, got {lengths[index]} at index {index}")


def check_ctc_inputs(logits, targets, lengths, target_lengths, *, values: bool = True) -> None:
    """Refuse what no path of connectionist temporal classification can align.

    logits ``(batch, time, classes)``, class 0 the blank; targets ``(batch, symbols)`` in ``1..classes-1``.
    values=False leaves the values of targets and lengths unread, for a graph that has not computed them yet.
    """
    check_shape("logits", logits, ("batch", "time", "classes"))
    batch, time, num_classes = shape_of(logits)
    if dtype_of(logits) not in DTYPES:
        raise TypeError(f"logits must be float32 or float64, got {dtype_of(logits)}")
    check_shape("targets", targets, (batch, "symbols"))
    if not _is_integer(targets):
        raise TypeError(f"targets must be integers, got {dtype_of(targets)}")
    check_lengths(lengths, batch, time, values=values)
    check_lengths(target_lengths, batch, shape_of(targets)[1], values=values, name="target_lengths")
    if not values:
        return
    targets, lengths, target_lengths = map(np.asarray, (targets, lengths, target_lengths))
    for row, (steps, count) in enumerate(zip(lengths, target_lengths, strict=True)):
        target = targets[row, :count]
        if target.min() < 1 or target.max() >= num_classes:
            raise ValueError(
                f"targets must lie in 1..{num_classes - 1}, got values from {target.min()} to {target.max()} "
                f"in row {row}; 0 is the blank"
            )
        needed = int(count) + np.count_nonzero(target[1:] == target[:-1])
        if steps < needed:
            raise ValueError(f"targets[{row}] needs {needed} steps, and its sequence has {steps}")


def check_state(
    state, parts: Mapping[str, int], batch: int | None, dtype: str, *, name: str = "state"
) -> None:
    """Refuse a state that is not one array ``(batch, width)``, or a tuple of them for more than one part."""
    if len(parts) == 1:
        if isinstance(state, tuple | list):
            raise TypeError(f"{name} must be one array {next(iter(parts))}, got {_described(state)}")
        state = (state,)
    else:
        check_tuple(state, tuple(parts), name=name)
    for (part, width), array in zip(parts.items(), state, strict=True):
        check_shape(f"{name} {part}", array, (batch if batch is not None else "batch", width))
        check_float(f"{name} {part}", array, dtype)


def check_tuple(value, parts: Sequence[str], *, name: str = "state") -> None:
    """Refuse anything but a tuple with one entry for each of ``parts``."""
    if not isinstance(value, tuple | list) or len(value) != len(parts):
        raise TypeError(f"{name} must be a tuple ({', '.join(parts)}), got {_described(value)}")


# Weights


def check_params(params, shapes: Mapping[str, tuple[int, ...]], dtype: str) -> None:
    """Refuse weights with a missing, unknown or misshapen key, or of another dtype."""
    if not isinstance(params, Mapping):
        raise TypeError(f"params must be a dict with the keys {', '.join(shapes)}, got {_described(params)}")
    missing = [key for key in shapes if key not in params]
    unknown = [key for key in params if key not in shapes]
    if missing or unknown:
        problem = f"lack {missing[0]!r}" if missing else f"hold an unknown key {unknown[0]!r}"
        raise ValueError(f"params must have the keys {', '.join(shapes)}; they {problem}")
    for key, shape in shapes.items():
        check_shape(f"params[{key!r}]", params[key], shape)
        check_float(f"params[{key!r}]", params[key], dtype)


def flatten_params(parts: Mapping[str, Mapping]) -> dict:
    """Name the weights of inner layers: ``{"forward": {"W": w}}`` becomes ``{"forward.W": w}``."""
    return {f"{prefix}.{key}": value for prefix, params in parts.items() for key, value in params.items()}


def unflatten_params(params: Mapping, prefixes: Sequence[str]) -> dict[str, dict]:
    """Undo ``flatten_params``: the weights of each inner layer by its prefix.

    ValueError for a key that belongs to none of the inner layers.
    """
    if not isinstance(params, Mapping):
        raise TypeError(f"params must be a dict of arrays, got {_described(params)}")
    parts = {prefix: {} for prefix in prefixes}
    for key, value in params.items():
        prefix, _, rest = str(key).partition(".")
        if prefix not in parts or not rest:
            raise ValueError(
                f"params must have keys that begin with {', '.join(prefixes)}; they hold {key!r}"
            )
        parts[prefix][rest] = value
    return parts


# Layers made of layers


def _check_layer(name: str, layer) -> None:
    if not all(hasattr(layer, part) for part in ("input_size", "output_size", "params")):
        raise TypeError(f"{name} must be a recurrent layer, got {type(layer).__name__}")


def check_bidirectional(forward, backward) -> None:
    """Refuse two layers that cannot read the same inputs, or one layer given twice."""
    _check_layer("forward", forward)
    _check_layer("backward", backward)
    if forward is backward:
        raise ValueError("backward must be a layer of its own, got the forward layer again")
    if forward.input_size != backward.input_size:
        raise ValueError(
            f"backward must take {forward.input_size} inputs as forward does, it takes {backward.input_size}"
        )


def check_stacked_layers(layers) -> None:
    """Refuse a list of layers in which one does not fit on top of the one below it."""
    if not isinstance(layers, list | tuple) or not layers:
        raise TypeError(f"layers must be a list of recurrent layers, got {_described(layers)}")
    for index, layer in enumerate(layers):
        _check_layer(f"layers[{index}]", layer)
        if any(layer is other for other in layers[:index]):
            raise ValueError(f"layers[{index}] must be a layer of its own, got one already in the stack")
        if index and layer.input_size != layers[index - 1].output_size:
            raise ValueError(
                f"layers[{index}] must take {layers[index - 1].output_size} inputs, the outputs of the layer "
                f"below, it takes {layer.input_size}"
            )
