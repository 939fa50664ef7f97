import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("02-core-concepts/01-unrolling.ipynb")


def one_sequence(time: int, inputs: int, units: int) -> dict[str, np.ndarray]:
    weights = {"W": (units, inputs), "U": (units, units), "b": (units,)}
    return cases.named(x=(time, inputs), h0=(units,), **weights)


@exercise(
    cases=lambda: [one_sequence(2, 2, 2), one_sequence(4, 2, 3), one_sequence(3, 3, 1)],
    praise="With these inputs, ordinary dense layers of the matrix [W U] are the recurrent network.",
    see="Two drawings of one network",
)
def dense_inputs(x, h0, W, U, b):
    """What goes into the dense layer of each step (T, D + H): first x_t, then the state before it (tanh)."""
    h, rows = h0, []
    for x_t in x:
        rows.append(np.concatenate([x_t, h]))
        h = np.tanh(W @ x_t + U @ h + b)
    return np.array(rows)


def rows_of(x, h0, step):
    """The solution's loop with another step."""
    h, rows = h0, []
    for x_t in x:
        rows.append(np.concatenate([x_t, h]))
        h = step(x_t, h)
    return np.array(rows)


@dense_inputs.mistake(
    "You put in the state that the layer itself makes; it reads the one before.",
    see="The unrolled network, from ordinary layers",
)
def own_output(x, h0, W, U, b):
    rows = dense_inputs(x, h0, W, U, b)
    return np.column_stack([x, np.tanh(rows @ np.column_stack([W, U]).T + b)])


dense_inputs.mistake(
    "The state stands before the input; with the matrix [W U] the input comes first.",
    lambda x, h0, W, U, b: np.roll(dense_inputs(x, h0, W, U, b), len(h0), axis=1),
    see="The unrolled network, from ordinary layers",
)
dense_inputs.mistake(
    "Your states are not squeezed: the layers have tanh.",
    lambda x, h0, W, U, b: rows_of(x, h0, lambda x_t, h: W @ x_t + U @ h + b),
)
dense_inputs.mistake(
    "The first layer gets zeros; it should get h0.",
    lambda x, h0, W, U, b: rows_of(x, np.zeros_like(h0), lambda x_t, h: np.tanh(W @ x_t + U @ h + b)),
)
dense_inputs.mistake(
    "Every layer gets h0: the output of a layer must go into the next one.",
    lambda x, h0, W, U, b: np.array([np.concatenate([x_t, h0]) for x_t in x]),
)
dense_inputs.mistake(
    "The bias is missing in the states.",
    lambda x, h0, W, U, b: rows_of(x, h0, lambda x_t, h: np.tanh(W @ x_t + U @ h)),
)


def layer_gradients(layers: int, inputs: int, units: int) -> dict:
    return {"gradients": cases.normal(*[(units, inputs + units)] * layers), "D": inputs}


@exercise(
    cases=lambda: [layer_gradients(2, 2, 2), layer_gradients(3, 1, 2), layer_gradients(4, 3, 2)],
    praise="A shared weight is many copies on one axle: their gradients add up.",
    see="The gradients agree as well",
)
def tied(gradients, D):
    """dL/dW (H, D) and dL/dU (H, H) of shared weights, from one gradient (H, D + H) a layer."""
    total = np.sum(gradients, axis=0)
    return total[:, :D], total[:, D:]


tied.mistake(
    "You take the mean over the layers. One axle turns all dials by the same amount: a sum.",
    lambda gradients, D: tied([np.mean(gradients, axis=0)], D),
)
tied.mistake(
    "Only the last layer has a say in your answer.",
    lambda gradients, D: tied(gradients[-1:], D),
)
tied.mistake(
    "The two results are exchanged: the first D columns belong to W.",
    lambda gradients, D: tied(gradients, D)[::-1],
    see="The unrolled network, from ordinary layers",
)
tied.mistake(
    "You cut after H columns; the input's part has D.",
    lambda gradients, D: tied(gradients, len(gradients[0])),
    see="The unrolled network, from ordinary layers",
)
tied.mistake(
    "You kept one gradient a layer; the recurrent network has one W and one U.",
    lambda gradients, D: (np.array(gradients)[:, :, :D], np.array(gradients)[:, :, D:]),
    see="Shared, and not shared",
)
tied.mistake(
    "You added the sizes. Layers may pull in opposite directions, and then they cancel.",
    lambda gradients, D: tied(np.abs(gradients), D),
)
