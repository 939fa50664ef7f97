import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("07-tools/04-taking-a-model-elsewhere.ipynb")


def onnx_lstm(D: int, H: int) -> dict[str, np.ndarray]:
    return cases.named(W=(1, 4 * H, D), R=(1, 4 * H, H), B=(1, 8 * H))


@exercise(
    # Four inputs to one unit: then even the kernel is square, and a missing transpose has the right shape.
    cases=lambda: [onnx_lstm(4, 1), onnx_lstm(2, 1), onnx_lstm(3, 2), onnx_lstm(2, 4), onnx_lstm(5, 3)],
    praise="Names, axes, blocks and biases: four conventions, and only one of them shows in a shape.",
    see="The accidents that raise no error",
)
def keras_lstm_from_onnx(W, R, B):
    """A dict with Keras's "kernel", "recurrent_kernel" and "bias", from an ONNX LSTM's W, R and B."""

    def reordered(array):
        i, o, f, c = np.split(array, 4)
        return np.concatenate([i, f, c, o])

    of_x, of_h = np.split(B[0], 2)
    return {
        "kernel": reordered(W[0]).T,
        "recurrent_kernel": reordered(R[0]).T,
        "bias": reordered(of_x + of_h),
    }


NAMES = ("kernel", "recurrent_kernel", "bias")


def in_order(*order):
    """Keras's arrays with the blocks in another order."""

    def answer(W, R, B):
        moved = [
            np.concatenate([np.split(array, 4)[place] for place in order])
            for array in (W[0], R[0], B[0, : B.shape[1] // 2] + B[0, B.shape[1] // 2 :])
        ]
        return dict(zip(NAMES, (moved[0].T, moved[1].T, moved[2]), strict=True))

    return answer


def with_parts(**parts):
    """The right arrays with some of them replaced; each is a function of W, R and B."""
    return lambda W, R, B: (
        keras_lstm_from_onnx(W, R, B) | {name: make(W, R, B) for name, make in parts.items()}
    )


def blocks(array):
    i, o, f, c = np.split(array, 4)
    return np.concatenate([i, f, c, o])


keras_lstm_from_onnx.mistake(
    "The blocks stay in ONNX's order i o f c; Keras wants i f c o.", in_order(0, 1, 2, 3)
)
keras_lstm_from_onnx.mistake(
    "That is the way from Keras to ONNX: you read the new order where the old one stands.",
    in_order(0, 3, 1, 2),
)
keras_lstm_from_onnx.mistake(
    "The blocks are in a wrong order: i stays first, and o moves from the second place to the last.",
    in_order(0, 3, 2, 1),
    in_order(0, 2, 1, 3),
    in_order(0, 1, 3, 2),
    in_order(3, 2, 1, 0),
    in_order(2, 0, 3, 1),
)
keras_lstm_from_onnx.mistake(
    "The kernels are not transposed: in Keras a unit has a column, in ONNX a row.",
    with_parts(kernel=lambda W, R, B: blocks(W[0]), recurrent_kernel=lambda W, R, B: blocks(R[0])),
)
keras_lstm_from_onnx.mistake(
    "The kernel is not transposed, the recurrent one is: in Keras a unit has a column in both.",
    with_parts(kernel=lambda W, R, B: blocks(W[0])),
)
keras_lstm_from_onnx.mistake(
    "The recurrent kernel is not transposed, the other one is: in Keras a unit has a column in both.",
    with_parts(recurrent_kernel=lambda W, R, B: blocks(R[0])),
)
keras_lstm_from_onnx.mistake(
    "Only one half of B is used. It holds two biases, one beside the inputs and one beside the state; "
    "Keras's LSTM has one, their sum.",
    with_parts(bias=lambda W, R, B: blocks(B[0, : B.shape[1] // 2])),
    with_parts(bias=lambda W, R, B: blocks(B[0, B.shape[1] // 2 :])),
)
keras_lstm_from_onnx.mistake(
    "The kernels are reordered, and the bias is still in the order i o f c.",
    with_parts(bias=lambda W, R, B: B[0].reshape(2, -1).sum(axis=0)),
)
keras_lstm_from_onnx.mistake(
    "The two biases are kept apart; Keras's LSTM has one, their sum.",
    with_parts(bias=lambda W, R, B: np.stack([blocks(half) for half in np.split(B[0], 2)])),
    with_parts(bias=lambda W, R, B: np.concatenate([blocks(half) for half in np.split(B[0], 2)])),
)
keras_lstm_from_onnx.mistake(
    "You cut the 8H numbers of B into four blocks; they are four blocks of the one bias, then four of the "
    "other.",
    with_parts(bias=lambda W, R, B: blocks(B[0])),
    with_parts(bias=lambda W, R, B: blocks(B[0]).reshape(2, -1).sum(axis=0)),
    with_parts(bias=lambda W, R, B: blocks(B[0].reshape(-1, 2).sum(axis=1))),
)
keras_lstm_from_onnx.mistake(
    "You take the mean of the two biases; the layer adds them.",
    with_parts(bias=lambda W, R, B: blocks(B[0].reshape(2, -1).mean(axis=0))),
)
keras_lstm_from_onnx.mistake(
    "The first axis of ONNX's arrays, for the directions, is still there; Keras has no such axis.",
    lambda W, R, B: {name: array[None] for name, array in keras_lstm_from_onnx(W, R, B).items()},
    with_parts(
        kernel=lambda W, R, B: blocks(W[0]).T[None], recurrent_kernel=lambda W, R, B: blocks(R[0]).T[None]
    ),
)
keras_lstm_from_onnx.mistake(
    "The two kernels are exchanged: W reads the inputs, and R the state.",
    lambda W, R, B: keras_lstm_from_onnx(R, W, B),
)
keras_lstm_from_onnx.mistake(
    "Not all arrays are reordered: the blocks change their places in both kernels and in the bias.",
    with_parts(recurrent_kernel=lambda W, R, B: R[0].T),
    with_parts(kernel=lambda W, R, B: W[0].T),
    with_parts(kernel=lambda W, R, B: W[0].T, recurrent_kernel=lambda W, R, B: R[0].T),
    with_parts(recurrent_kernel=lambda W, R, B: R[0].T, bias=lambda W, R, B: B[0].reshape(2, -1).sum(axis=0)),
)
keras_lstm_from_onnx.mistake(
    "The arrays come without their names; a dict is asked for.",
    lambda W, R, B: tuple(keras_lstm_from_onnx(W, R, B).values()),
)
keras_lstm_from_onnx.mistake(
    "The names are not those that Keras's side asks for.",
    lambda W, R, B: dict(zip("WRB", keras_lstm_from_onnx(W, R, B).values(), strict=True)),
    lambda W, R, B: dict(zip("WUb", keras_lstm_from_onnx(W, R, B).values(), strict=True)),
)


def model_and_file(own: dict, saved: dict, renamed: dict) -> dict:
    """Shapes become arrays: zeros in the model, numbers in the file."""
    arrays = cases.normal(*saved.values())
    return {
        "own": {name: np.zeros(shape) for name, shape in own.items()},
        "saved": dict(zip(saved, arrays, strict=True)),
        "renamed": renamed,
    }


def files() -> list[dict]:
    plain = {"rnn.W": (3, 2), "rnn.b": (3,)}
    gru = {"gru.W": (3, 2), "gru.b": (3,), "readout.W": (4, 3)}
    old = {"rnn.W": (3, 2), "rnn.b": (3,), "readout.W": (4, 3)}
    to_gru = {"rnn.": "gru."}
    deep = {"encoder.W": (2, 3), "decoder.W": (2, 3), "my.rnn.W": (2, 5)}
    old_deep = {"decoder.W": (2, 3), "encoder.W": (2, 3), "my.rnn.W": (2, 5)}
    swapped = {"a.W": (2,), "b.W": (2,)}
    return [
        model_and_file({"rnn.b": (2,)}, {"rnn.b": (2,)}, {}),
        model_and_file(plain, plain, {}),
        model_and_file(gru, old, to_gru),
        model_and_file(gru, dict(reversed(old.items())), to_gru),
        model_and_file(gru, old | {"rnn.U": (3, 3)}, to_gru),  # one name too many
        model_and_file(plain, plain | {"readout.W": (2, 3)}, {}),
        model_and_file(gru | {"gru.U": (3, 3)}, old, to_gru),  # one too few
        model_and_file(plain | {"readout.W": (2, 3)}, plain, {}),
        model_and_file(gru, old, {}),  # both
        model_and_file(plain, {"rnn.W": (3, 2), "rnn.b": (1,)}, {}),  # would be broadcast
        model_and_file(plain, {"rnn.W": (2, 3), "rnn.b": (3,)}, {}),  # has as many numbers
        model_and_file(plain, {"rnn.W": (3, 2), "rnn.b": (3, 1)}, {}),
        model_and_file(plain, {"rnn.W": (3, 4), "rnn.b": (3,)}, {}),
        model_and_file(plain, {"rnn.W": (4, 2), "rnn.b": (3,)}, {}),
        model_and_file(deep, old_deep, to_gru),  # the words in the middle are no prefix
        model_and_file(swapped, swapped, {"a.": "b.", "b.": "a."}),
        model_and_file({"gru.rnn.W": (2,), "gru.b": (2,)}, {"rnn.rnn.W": (2,), "rnn.b": (2,)}, to_gru),
    ]


@exercise(
    cases=files,
    praise="What does not fit is said at once, by name, and no layer is left at its random start.",
    see="The accidents that raise no error",
)
def strict_weights(own, saved, renamed):
    """A dict with the names of own and the arrays of saved; raises KeyError or ValueError for a misfit."""
    found = {}
    for name, array in saved.items():
        for old, new in renamed.items():
            if name.startswith(old):
                name = new + name[len(old) :]
                break
        found[name] = array
    if found.keys() != own.keys():
        raise KeyError(found.keys() ^ own.keys())
    for name, array in found.items():
        if array.shape != own[name].shape:
            raise ValueError(name)
    return found


def by_prefix(name, renamed):
    old = next((old for old in renamed if name.startswith(old)), "")
    return renamed.get(old, "") + name[len(old) :]


def anywhere(name, renamed):
    for old, new in renamed.items():
        name = name.replace(old, new)
    return name


def everywhere_if_in_front(name, renamed):
    old = next((old for old in renamed if name.startswith(old)), None)
    return name if old is None else name.replace(old, renamed[old])


def one_after_the_other(name, renamed):
    for old, new in renamed.items():
        if name.startswith(old):
            name = new + name[len(old) :]
    return name


def loading(
    rename=by_prefix,
    too_many=True,
    too_few=True,
    fits=lambda array, other: array.shape == other.shape,
    misfit=ValueError,
    missing=KeyError,
    filled=True,
):
    """Loading with one thing done in another way.

    too_many, too_few: whether such names are refused.
    filled: whether the model's own arrays stand where the file has none.
    """

    def answer(own, saved, renamed):
        found = {rename(name, renamed): array for name, array in saved.items()}
        if (too_many and found.keys() - own.keys()) or (too_few and own.keys() - found.keys()):
            raise missing
        if not all(fits(array, own[name]) for name, array in found.items() if name in own):
            raise misfit
        start = own if filled else {}
        return {name: found.get(name, start.get(name)) for name in own if name in found or name in start}

    return answer


strict_weights.mistake(
    "Names that the model does not have are passed over: a whole layer can get lost that way.",
    loading(too_many=False),
)


def looked_up(own, saved, renamed):
    """A name that the file lacks is missed by the look-up itself."""
    found, loaded = {by_prefix(name, renamed): array for name, array in saved.items()}, {}
    for name, array in own.items():
        if found[name].shape != array.shape:
            raise ValueError(name)
        loaded[name] = found[name]
    return loaded


def looked_up_first(own, saved, renamed):
    found = {by_prefix(name, renamed): array for name, array in saved.items()}
    loaded = {name: found[name] for name in own}
    if any(array.shape != own[name].shape for name, array in loaded.items()):
        raise ValueError
    return loaded


strict_weights.mistake(
    "Names that the model does not have are passed over: a whole layer can get lost that way.",
    looked_up,
    looked_up_first,
)
strict_weights.mistake(
    "Where the file lacks a name, the model keeps its own array: a layer is left at its random start.",
    loading(too_few=False),
    loading(too_few=False, filled=False),
)
strict_weights.mistake(
    "That is `strict=False`: you take what fits, and say nothing of the rest.",
    loading(too_many=False, too_few=False),
    loading(too_many=False, too_few=False, filled=False),
    loading(too_many=False, too_few=False, fits=lambda array, other: True),
)
strict_weights.mistake(
    "The shapes are not compared.",
    loading(fits=lambda array, other: True),
)
strict_weights.mistake(
    "You compare how many numbers there are; a transposed matrix has as many.",
    loading(fits=lambda array, other: array.size == other.size),
)
strict_weights.mistake(
    "You compare how many axes there are; how long each of them is counts too.",
    loading(fits=lambda array, other: array.ndim == other.ndim),
)
strict_weights.mistake(
    "`len` tells how long the first axis is; the others count too.",
    loading(fits=lambda array, other: len(array) == len(other)),
)


def reshaped(own, saved, renamed):
    found = loading(fits=lambda array, other: array.size == other.size)(own, saved, renamed)
    return {name: array.reshape(own[name].shape) for name, array in found.items()}


strict_weights.mistake("You compare how many numbers there are; a transposed matrix has as many.", reshaped)


@strict_weights.mistake(
    "You leave it to NumPy to refuse an array, and it stretches one number to any length: compare the shapes."
)
def stretched(own, saved, renamed):
    found = loading(fits=lambda array, other: True)(own, saved, renamed)
    return {name: np.broadcast_to(array, own[name].shape).copy() for name, array in found.items()}


@strict_weights.mistake(
    "You leave it to NumPy to refuse an array, and it stretches one number to any length: compare the shapes."
)
def written_into_zeros(own, saved, renamed):
    found = loading(fits=lambda array, other: True)(own, saved, renamed)
    filled = {name: np.zeros_like(array) for name, array in own.items()}
    for name, array in found.items():
        filled[name][...] = array
    return filled


@strict_weights.mistake("You compare how many names there are; the names themselves must be the same.")
def as_many_names(own, saved, renamed):
    found = {by_prefix(name, renamed): array for name, array in saved.items()}
    if len(found) != len(own):
        raise KeyError
    if any(array.shape != own[name].shape for name, array in found.items() if name in own):
        raise ValueError
    return found


strict_weights.mistake(
    "You replace the old words anywhere in a name; only a prefix is renamed, at its beginning.",
    loading(rename=anywhere),
)
strict_weights.mistake(
    "A prefix is replaced once, at the beginning; you replace it wherever it stands in such a name.",
    loading(rename=everywhere_if_in_front),
)
strict_weights.mistake(
    "A name is renamed twice: after the first prefix that fits, it is done.",
    loading(rename=one_after_the_other),
)
strict_weights.mistake(
    "Nothing is renamed in your answer.",
    loading(rename=lambda name, renamed: name),
)
strict_weights.mistake(
    "The renaming is turned round: `renamed` leads from the prefixes of the file to those of the model.",
    loading(rename=lambda name, renamed: by_prefix(name, {new: old for old, new in renamed.items()})),
)
strict_weights.mistake(
    "A name that does not fit raises KeyError, a shape that does not fit ValueError.",
    loading(misfit=KeyError),
    loading(missing=ValueError),
    loading(misfit=KeyError, missing=ValueError),
    *[
        loading(misfit=misfit, missing=missing)
        for other in (AssertionError, Exception, RuntimeError, NameError, TypeError)
        for misfit, missing in ((other, other), (other, KeyError), (ValueError, other))
    ],
)


def by_place(own, saved, renamed):
    """Pairs the arrays in the order in which they stand."""
    if len(own) != len(saved):
        raise KeyError
    if any(a.shape != b.shape for a, b in zip(own.values(), saved.values(), strict=True)):
        raise ValueError
    return dict(zip(own, saved.values(), strict=True))


strict_weights.mistake(
    "You pair the arrays by their places; the file may hold them in another order.", by_place
)


@strict_weights.mistake("The names in your dict are those of the file; the model asks for its own.")
def names_of_the_file(own, saved, renamed):
    strict_weights(own, saved, renamed)
    return dict(saved)


strict_weights.mistake(
    "The arrays in your dict are the model's own, not those of the file.",
    lambda own, saved, renamed: strict_weights(own, saved, renamed) and dict(own),
)


def arrays_of(tolerance: float, **arrays) -> dict:
    return {"weights": {name: np.array(array) for name, array in arrays.items()}, "tolerance": tolerance}


@exercise(
    cases=lambda: [
        arrays_of(1e-3, a=[0.1, 1e-9], b=[1e-9, -3e-9]),
        arrays_of(
            1e-3,
            W=[[1.1, -0.3, 2e-8], [0.7, 5e-9, 0.0]],  # tiny beside large: nothing that matters is lost
            U=[[3.3e-8, -1.7e-8], [0.0, 2.1e-8]],  # tiny throughout: all is lost
            b=[0.0, 0.0, 0.0],
            scale=[7e4, 0.3],  # too large for float16
            shift=[-9e4, -0.3, 0.2],
            V=[-900.7, -0.4, 0.001],
            c=[-2.1e-8, -1.3e-8],
        ),
        arrays_of(
            3e-4,
            near=[1.00025, 0.0, 0.0, 0.1],
            positive=[1.0004, 1.0004, 1.0004],
            several=[1.0002, -1.0002, 1.0002, 1.0],
            one_of_four=[1.0004, 1.0, 1.0, -1.0],
            below_zero=[-1.0001, -0.1],
            exact=[0.5, -0.25, 0.75],
            small=[0.10003, 0.05],
            negative=[-1.0004, -0.5],
            large=[1000.4, 3.0, -2000.9],
            many=[1.0, 0.5, 0.25, 0.75, 0.0004996, 0.00000004],
        ),
        arrays_of(
            1e-4,
            up=[4096.0, 0.77],
            down=[2.0003, 4096.0],
            below=[1e-3, 0.7777, 1.0],
            huge=[-1e5, -1.0],
            both=[7e4, 60015.0],
            spread=[1.00009, 0.0, 0.0],
            four=[1.00012, 1.0, 1.0, 1.0],
        ),
        arrays_of(1e-4, top=[1500.4, -1.0], none=[0.0, 0.0], small=[0.10003, 0.05]),
        # just as much as is allowed
        arrays_of(2.0**-12, edge=[2.0, 1 + 2.0**-11], over=[1.0, 1 + 2.0**-11], none=[0.0, 0.0]),
        arrays_of(1e-2, still=[70.3, 1e-6], gone=[4e-8, 9e-9], inf=[1e6], barely=[65600.0, -3.0]),
    ],
    praise="Rounding is small against the largest weight; what is too large, or tiny as a whole, is gone.",
    see="A receipt",
)
def lost_in_half(weights, tolerance):
    """The names of the arrays that float16 changes by more than tolerance times their largest size."""
    lost = []
    for name, array in weights.items():
        error = np.abs(array.astype(np.float16) - array).max()
        if error > tolerance * np.abs(array).max():
            lost.append(name)
    return lost


def lost_by(error, measure=lambda a, half: np.abs(a).max(), cast=lambda a: a.astype(np.float16)):
    """The names where error(array, its float16 copy) is more than tolerance times measure of both."""
    return lambda weights, tolerance: [
        name
        for name, a in weights.items()
        if np.any(error(a, cast(a).astype(a.dtype)) > tolerance * measure(a, cast(a)))
    ]


largest_error = lambda a, half: np.abs(half - a).max()

lost_in_half.mistake(
    "You compare the error itself with the tolerance; it counts relative to the largest number of its array.",
    lost_by(largest_error, measure=lambda a, half: 1.0),
)
lost_in_half.mistake(
    "You compare each number with itself; a tiny number beside a large one may go without harm. The measure "
    "is the largest of the array.",
    lost_by(lambda a, half: np.abs(half - a), measure=lambda a, half: np.abs(a)),
    lambda weights, tolerance: [
        name
        for name, a in weights.items()
        if (np.abs(a.astype(np.float16) - a) / np.abs(a)).max() > tolerance
    ],
)
lost_in_half.mistake(
    "Your error has a sign: a number that float16 makes smaller is off as well.",
    lost_by(lambda a, half: (half - a).max()),
    lost_by(lambda a, half: (a - half).max()),
)
lost_in_half.mistake(
    "Your measure has a sign: the largest in size may be a negative number.",
    lost_by(largest_error, measure=lambda a, half: a.max()),
    lost_by(largest_error, measure=lambda a, half: np.abs(a.max())),
)
lost_in_half.mistake(
    "You take the sum of the errors; asked is the largest.",
    lost_by(lambda a, half: np.abs(half - a).sum()),
)
lost_in_half.mistake(
    "You compare two means, that of the errors and that of the numbers; asked are the largest of both.",
    lost_by(lambda a, half: np.abs(half - a).mean(), measure=lambda a, half: np.abs(a).mean()),
)
lost_in_half.mistake(
    "You take a mean of the errors; asked is the largest.",
    lost_by(lambda a, half: np.abs(half - a).mean()),
    lost_by(lambda a, half: np.sqrt(((half - a) ** 2).mean())),
)
lost_in_half.mistake(
    "Your measure is a mean; asked is the largest number of the array in size.",
    lost_by(largest_error, measure=lambda a, half: np.abs(a).mean()),
    lost_by(largest_error, measure=lambda a, half: np.sqrt((a**2).mean())),
    lost_by(largest_error, measure=lambda a, half: a.std()),
)
lost_in_half.mistake(
    "Your measure is the smallest number of the array; asked is the largest in size.",
    lost_by(largest_error, measure=lambda a, half: np.abs(a).min()),
)
lost_in_half.mistake(
    "Your measure is how far the numbers reach, not how large they are.",
    lost_by(largest_error, measure=lambda a, half: a.max() - a.min()),
)
lost_in_half.mistake(
    "Your measure is the norm of the array; asked is its largest number in size.",
    lost_by(largest_error, measure=lambda a, half: np.linalg.norm(a)),
    lost_by(lambda a, half: np.linalg.norm(half - a), measure=lambda a, half: np.linalg.norm(a)),
)


@lost_in_half.mistake(
    "You measure with the largest number of all arrays; each array has its own scale and its own measure."
)
def one_measure_for_all(weights, tolerance):
    largest = max(np.abs(array).max() for array in weights.values())
    return lost_by(largest_error, measure=lambda a, half: largest)(weights, tolerance)


lost_in_half.mistake(
    "A number beyond 65,504 becomes infinite in float16, and your measure infinite with it: measure the "
    "array as it was.",
    lost_by(largest_error, measure=lambda a, half: np.abs(half).max()),
)
lost_in_half.mistake(
    "You leave out what becomes infinite; that is the worst of all errors.",
    lost_by(lambda a, half: np.abs(np.where(np.isfinite(half), half, a) - a).max()),
    lost_by(
        lambda a, half: np.abs(half - a).max(),
        cast=lambda a: (
            np.clip(a, -65504, 65504).astype(np.float16).astype(a.dtype)
            + (np.abs(a) > 65504) * (a - np.clip(a, -65504, 65504))
        ),
    ),
)
lost_in_half.mistake(
    "You cut numbers off at the largest that float16 has; `astype` makes them infinite, which is a loss.",
    lost_by(largest_error, cast=lambda a: np.clip(a, -65504, 65504).astype(np.float16)),
)
lost_in_half.mistake(
    "You return the names of the arrays that keep their numbers; asked are the others.",
    lambda weights, tolerance: [name for name in weights if name not in lost_in_half(weights, tolerance)],
)
lost_in_half.mistake(
    "You return an answer for each name; asked is a list of the names that are lost.",
    lambda weights, tolerance: {name: name in lost_in_half(weights, tolerance) for name in weights},
    lambda weights, tolerance: [name in lost_in_half(weights, tolerance) for name in weights],
)
lost_in_half.mistake(
    "You return how many are lost; asked are their names.",
    lambda weights, tolerance: len(lost_in_half(weights, tolerance)),
)
lost_in_half.mistake(
    "An array of zeros divides 0 by 0, and what comes is no number: such an array loses nothing.",
    lambda weights, tolerance: [
        name for name, a in weights.items() if not a.any() or name in lost_in_half({name: a}, tolerance)
    ],
)
lost_in_half.mistake(
    "A change of just as much as the tolerance allows is no loss: asked is *more*.",
    lambda weights, tolerance: [
        name
        for name, a in weights.items()
        if np.abs(a.astype(np.float16) - a).max() >= tolerance * np.abs(a).max()
    ],
)
lost_in_half.mistake(
    "You look only for numbers that are too large for float16; rounding, and tiny numbers, can lose an "
    "array too.",
    lambda weights, tolerance: [name for name, a in weights.items() if np.isinf(a.astype(np.float16)).any()],
)
lost_in_half.mistake(
    "The names have lost the order of the dict.",
    lambda weights, tolerance: sorted(lost_in_half(weights, tolerance)),
    lambda weights, tolerance: set(lost_in_half(weights, tolerance)),
    lambda weights, tolerance: lost_in_half(weights, tolerance)[::-1],
)
