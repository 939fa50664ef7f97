import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("04-mathematics/06-conventions.ipynb")


def torch_gru(inputs: int, units: int) -> dict[str, np.ndarray]:
    weights = {"weight_ih": (3 * units, inputs), "weight_hh": (3 * units, units)}
    return cases.named(**weights, bias_ih=(3 * units,), bias_hh=(3 * units,))


@exercise(
    # Three inputs to one unit: then even the kernel is square, and a missing transpose has the right shape.
    cases=lambda: [torch_gru(3, 1), torch_gru(1, 2), torch_gru(2, 3)],
    praise="Three conventions at once: which way round, which gate first, and where the second bias lies.",
    see="3. The gates of the GRU",
)
def torch_gru_to_keras(weight_ih, weight_hh, bias_ih, bias_hh):
    """Keras's kernel (D, 3H), recurrent kernel (H, 3H) and bias (2, 3H) from a torch GRU's arrays."""

    def reordered(array):
        r, z, n = np.split(array, 3)
        return np.concatenate([z, r, n])

    kernel = reordered(weight_ih).T
    recurrent_kernel = reordered(weight_hh).T
    bias = np.stack([reordered(bias_ih), reordered(bias_hh)])
    return kernel, recurrent_kernel, bias


def with_blocks(order):
    """Turns the blocks of all four arrays into another order, then goes on as Keras wants it."""

    def convert(weight_ih, weight_hh, bias_ih, bias_hh):
        moved = [
            np.concatenate([np.split(array, 3)[place] for place in order])
            for array in (weight_ih, weight_hh, bias_ih, bias_hh)
        ]
        return moved[0].T, moved[1].T, np.stack(moved[2:])

    return convert


torch_gru_to_keras.mistake(
    "The blocks stay in torch's order r z n; Keras wants z r h, so two gates are swapped.",
    with_blocks((0, 1, 2)),
)
torch_gru_to_keras.mistake(
    "You turn the whole order round, n z r; only the first two blocks change places.", with_blocks((2, 1, 0))
)


@torch_gru_to_keras.mistake(
    "The matrices are not transposed: in Keras a unit has a column.", see="1. Which way round"
)
def untransposed(weight_ih, weight_hh, bias_ih, bias_hh):
    kernel, recurrent_kernel, bias = torch_gru_to_keras(weight_ih, weight_hh, bias_ih, bias_hh)
    return kernel.T, recurrent_kernel.T, bias


torch_gru_to_keras.mistake(
    "The biases are left in the order r z n while the matrices are reordered.",
    lambda weight_ih, weight_hh, bias_ih, bias_hh: np.stack([bias_ih, bias_hh]),
    part=2,
)
torch_gru_to_keras.mistake(
    "The rows of the bias are swapped: the inputs' bias comes first, then the state's.",
    lambda *weights: torch_gru_to_keras(*weights)[2][::-1],
    part=2,
    see="4. One bias or two",
)
torch_gru_to_keras.mistake(
    "You add the two biases. In a GRU that resets after the product they are not redundant.",
    lambda *weights: torch_gru_to_keras(*weights)[2].sum(axis=0),
    part=2,
    see="4. One bias or two",
)


@exercise(
    cases=lambda: [{"W": cases.normal(shape)[0]} for shape in ((4, 1), (8, 3), (4, 4))],
    praise="No shape would have told you; that is why the package keeps the map in one place.",
    see="2. The gates of the LSTM",
)
def onnx_lstm_weights(W):
    """W (1, 4H, D) of ONNX, gates i o f c, from ours (4H, D), gates i f g o."""
    i, f, g, o = np.split(W, 4)
    return np.concatenate([i, o, f, g])[None]


def in_order(W, order):
    return np.concatenate([np.split(W, 4)[place] for place in order])[None]


onnx_lstm_weights.mistake("The blocks stay in the order i f g o; ONNX wants i o f c.", lambda W: W[None])
onnx_lstm_weights.mistake(
    "That is the way back, from ONNX to us: the new order read as the old one.",
    lambda W: in_order(W, (0, 2, 3, 1)),
)
onnx_lstm_weights.mistake(
    "That is i o g f; after the two gates i and o ONNX has f, and the candidate last.",
    lambda W: in_order(W, (0, 3, 2, 1)),
)
onnx_lstm_weights.mistake(
    "That is i f o g; the output gate comes second.", lambda W: in_order(W, (0, 1, 3, 2))
)
onnx_lstm_weights.mistake(
    "The first axis, for directions, is missing: (1, 4H, D).",
    lambda W: onnx_lstm_weights(W)[0],
    see="The question",
)
onnx_lstm_weights.mistake(
    "The matrix is transposed; ONNX keeps a row a unit, as we do.",
    lambda W: np.swapaxes(onnx_lstm_weights(W), 1, 2),
    see="1. Which way round",
)
