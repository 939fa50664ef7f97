"""Exercises of chapters/04-mathematics/06-conventions.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.mathematics import conventions as solutions

NOTEBOOK = "04-mathematics/06-conventions.ipynb"


def torch_gru(inputs: int, units: int) -> dict[str, np.ndarray]:
    weights = {"weight_ih": (3 * units, inputs), "weight_hh": (3 * units, units)}
    return cases.named(**weights, bias_ih=(3 * units,), bias_hh=(3 * units,))


torch_gru_to_keras = Exercise(
    solutions.torch_gru_to_keras,
    notebook=NOTEBOOK,
    # Three inputs to one unit: then even the kernel is square, and a missing transpose has the right shape.
    cases=lambda: [torch_gru(3, 1), torch_gru(1, 2), torch_gru(2, 3)],
    praise="Three conventions at once: which way round, which gate first, and where the second bias lies.",
)


def with_blocks(order):
    """Turns the blocks of all four arrays into another order, then goes on as Keras wants it."""

    def convert(weight_ih, weight_hh, bias_ih, bias_hh):
        moved = [
            np.concatenate([np.split(array, 3)[place] for place in order])
            for array in (weight_ih, weight_hh, bias_ih, bias_hh)
        ]
        return moved[0].T, moved[1].T, np.stack(moved[2:])

    return convert


@torch_gru_to_keras.mistake(
    "The blocks stay in torch's order r z n; Keras wants z r h, so two gates are swapped.",
    see="3. The gates of the GRU",
)
def gates_left(weight_ih, weight_hh, bias_ih, bias_hh):
    return with_blocks((0, 1, 2))(weight_ih, weight_hh, bias_ih, bias_hh)


@torch_gru_to_keras.mistake(
    "You turn the whole order round, n z r; only the first two blocks change places.",
    see="3. The gates of the GRU",
)
def turned_round(weight_ih, weight_hh, bias_ih, bias_hh):
    return with_blocks((2, 1, 0))(weight_ih, weight_hh, bias_ih, bias_hh)


@torch_gru_to_keras.mistake(
    "The matrices are not transposed: in Keras a unit has a column.", see="1. Which way round"
)
def untransposed(weight_ih, weight_hh, bias_ih, bias_hh):
    kernel, recurrent_kernel, bias = solutions.torch_gru_to_keras(weight_ih, weight_hh, bias_ih, bias_hh)
    return kernel.T, recurrent_kernel.T, bias


@torch_gru_to_keras.mistake(
    "The biases are left in the order r z n while the matrices are reordered.", see="3. The gates of the GRU"
)
def biases_left(weight_ih, weight_hh, bias_ih, bias_hh):
    kernel, recurrent_kernel, _ = solutions.torch_gru_to_keras(weight_ih, weight_hh, bias_ih, bias_hh)
    return kernel, recurrent_kernel, np.stack([bias_ih, bias_hh])


@torch_gru_to_keras.mistake(
    "The rows of the bias are swapped: the inputs' bias comes first, then the state's.",
    see="4. One bias or two",
)
def rows_swapped(weight_ih, weight_hh, bias_ih, bias_hh):
    kernel, recurrent_kernel, bias = solutions.torch_gru_to_keras(weight_ih, weight_hh, bias_ih, bias_hh)
    return kernel, recurrent_kernel, bias[::-1]


@torch_gru_to_keras.mistake(
    "You add the two biases. In a GRU that resets after the product they are not redundant.",
    see="4. One bias or two",
)
def biases_added(weight_ih, weight_hh, bias_ih, bias_hh):
    kernel, recurrent_kernel, bias = solutions.torch_gru_to_keras(weight_ih, weight_hh, bias_ih, bias_hh)
    return kernel, recurrent_kernel, bias.sum(axis=0)


onnx_lstm_weights = Exercise(
    solutions.onnx_lstm_weights,
    notebook=NOTEBOOK,
    cases=lambda: [{"W": cases.normal(shape)[0]} for shape in ((4, 1), (8, 3), (4, 4))],
    praise="No shape would have told you; that is why the package keeps the map in one place.",
)


def in_order(W, order):
    return np.concatenate([np.split(W, 4)[place] for place in order])[None]


@onnx_lstm_weights.mistake(
    "The blocks stay in the order i f g o; ONNX wants i o f c.", see="2. The gates of the LSTM"
)
def left_as_they_are(W):
    return W[None]


@onnx_lstm_weights.mistake(
    "That is the way back, from ONNX to us: the new order read as the old one.",
    see="2. The gates of the LSTM",
)
def inverse_order(W):
    return in_order(W, (0, 2, 3, 1))


@onnx_lstm_weights.mistake(
    "That is i o g f; after the two gates i and o ONNX has f, and the candidate last.",
    see="2. The gates of the LSTM",
)
def candidate_before_forget(W):
    return in_order(W, (0, 3, 2, 1))


@onnx_lstm_weights.mistake("That is i f o g; the output gate comes second.", see="2. The gates of the LSTM")
def output_third(W):
    return in_order(W, (0, 1, 3, 2))


@onnx_lstm_weights.mistake("The first axis, for directions, is missing: (1, 4H, D).", see="The question")
def without_directions(W):
    return solutions.onnx_lstm_weights(W)[0]


@onnx_lstm_weights.mistake(
    "The matrix is transposed; ONNX keeps a row a unit, as we do.", see="1. Which way round"
)
def transposed_for_onnx(W):
    return np.swapaxes(solutions.onnx_lstm_weights(W), 1, 2)
