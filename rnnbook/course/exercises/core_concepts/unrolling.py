"""Exercises of chapters/02-core-concepts/01-unrolling.ipynb."""

import numpy as np

from rnnbook.course.exercises import cases
from rnnbook.course.exercises.exercise import Exercise
from rnnbook.course.exercises.solutions.core_concepts import unrolling as solutions

NOTEBOOK = "02-core-concepts/01-unrolling.ipynb"


def one_sequence(time: int, inputs: int, units: int) -> dict[str, np.ndarray]:
    weights = {"W": (units, inputs), "U": (units, units), "b": (units,)}
    return cases.named(x=(time, inputs), h0=(units,), **weights)


dense_inputs = Exercise(
    solutions.dense_inputs,
    notebook=NOTEBOOK,
    cases=lambda: [one_sequence(2, 2, 2), one_sequence(4, 2, 3), one_sequence(3, 3, 1)],
    praise="With these inputs, ordinary dense layers of the matrix [W U] are the recurrent network.",
)
LAYERS = "The unrolled network, from ordinary layers"


def rows_of(x, h0, step, join=lambda x_t, h, new: [x_t, h]):
    """The solution's loop with another step, or with other parts in the row."""
    h, rows = h0, []
    for x_t in x:
        new = step(x_t, h)
        rows.append(np.concatenate(join(x_t, h, new)))
        h = new
    return np.array(rows)


@dense_inputs.mistake(
    "You put in the state that the layer itself makes; it reads the one before.", see=LAYERS
)
def own_output(x, h0, W, U, b):
    return rows_of(x, h0, lambda x_t, h: np.tanh(W @ x_t + U @ h + b), lambda x_t, h, new: [x_t, new])


@dense_inputs.mistake(
    "The state stands before the input; with the matrix [W U] the input comes first.", see=LAYERS
)
def state_first(x, h0, W, U, b):
    return rows_of(x, h0, lambda x_t, h: np.tanh(W @ x_t + U @ h + b), lambda x_t, h, new: [h, x_t])


@dense_inputs.mistake(
    "Your states are not squeezed: the layers have tanh.", see="Two drawings of one network"
)
def unsqueezed(x, h0, W, U, b):
    return rows_of(x, h0, lambda x_t, h: W @ x_t + U @ h + b)


@dense_inputs.mistake("The first layer gets zeros; it should get h0.", see="Two drawings of one network")
def from_zeros(x, h0, W, U, b):
    return rows_of(x, np.zeros_like(h0), lambda x_t, h: np.tanh(W @ x_t + U @ h + b))


@dense_inputs.mistake(
    "Every layer gets h0: the output of a layer must go into the next one.", see="Two drawings of one network"
)
def never_handed_on(x, h0, W, U, b):
    return np.array([np.concatenate([x_t, h0]) for x_t in x])


@dense_inputs.mistake("The bias is missing in the states.", see="Two drawings of one network")
def without_the_bias(x, h0, W, U, b):
    return rows_of(x, h0, lambda x_t, h: np.tanh(W @ x_t + U @ h))


def layer_gradients(layers: int, inputs: int, units: int) -> dict:
    return {"gradients": cases.normal(*[(units, inputs + units)] * layers), "D": inputs}


tied = Exercise(
    solutions.tied,
    notebook=NOTEBOOK,
    cases=lambda: [layer_gradients(2, 2, 2), layer_gradients(3, 1, 2), layer_gradients(4, 3, 2)],
    praise="A shared weight is many copies on one axle: their gradients add up.",
)
SUM = "The gradients agree as well"


@tied.mistake(
    "You take the mean over the layers. One axle turns all dials by the same amount: a sum.", see=SUM
)
def mean_of_the_layers(gradients, D):
    total = np.mean(gradients, axis=0)
    return total[:, :D], total[:, D:]


@tied.mistake("Only the last layer has a say in your answer.", see=SUM)
def last_layer(gradients, D):
    return gradients[-1][:, :D], gradients[-1][:, D:]


@tied.mistake("The two results are exchanged: the first D columns belong to W.", see=LAYERS)
def exchanged(gradients, D):
    return solutions.tied(gradients, D)[::-1]


@tied.mistake("You cut after H columns; the input's part has D.", see=LAYERS)
def cut_after_h(gradients, D):
    total = np.sum(gradients, axis=0)
    H = len(total)
    return total[:, :H], total[:, H:]


@tied.mistake(
    "You kept one gradient a layer; the recurrent network has one W and one U.", see="Shared, and not shared"
)
def one_a_layer(gradients, D):
    stacked = np.array(gradients)
    return stacked[:, :, :D], stacked[:, :, D:]


@tied.mistake("You added the sizes. Layers may pull in opposite directions, and then they cancel.", see=SUM)
def sizes_added(gradients, D):
    total = np.abs(gradients).sum(axis=0)
    return total[:, :D], total[:, D:]
