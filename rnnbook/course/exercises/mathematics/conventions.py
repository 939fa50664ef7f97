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
    parts=("the kernel", "the recurrent kernel", "the bias"),
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


def blocks(array, order):
    return np.concatenate([np.split(array, 3)[place] for place in order])


def with_blocks(order):
    """Turns the blocks of all four arrays into another order, then goes on as Keras wants it."""

    def convert(weight_ih, weight_hh, bias_ih, bias_hh):
        moved = [blocks(array, order) for array in (weight_ih, weight_hh, bias_ih, bias_hh)]
        return moved[0].T, moved[1].T, np.stack(moved[2:])

    return convert


def turned(kernel=False, recurrent_kernel=False):
    """The solution with matrices that are not transposed."""

    def convert(*weights):
        right = torch_gru_to_keras(*weights)
        return right[0].T if kernel else right[0], right[1].T if recurrent_kernel else right[1], right[2]

    return convert


torch_gru_to_keras.mistake(
    "The blocks stay in torch's order r z n; Keras wants z r h, so two gates are swapped.",
    with_blocks((0, 1, 2)),
)
torch_gru_to_keras.mistake(
    "Your blocks are in a third order; only the first two, r and z, change places.",
    with_blocks((2, 1, 0)),
    with_blocks((1, 2, 0)),
    with_blocks((2, 0, 1)),
    with_blocks((0, 2, 1)),
)
torch_gru_to_keras.mistake(
    "The matrices are not transposed: in Keras a unit has a column.",
    turned(kernel=True, recurrent_kernel=True),
    see="1. Which way round",
)
torch_gru_to_keras.mistake(
    "One of the two matrices is transposed and the other is not: in Keras a unit has a column in both.",
    turned(kernel=True),
    turned(recurrent_kernel=True),
    see="1. Which way round",
)
torch_gru_to_keras.mistake(
    "Each gate's block is transposed by itself, and the blocks stay below one another. They lie side by side "
    "in Keras.",
    lambda weight_ih, weight_hh, bias_ih, bias_hh: (
        np.concatenate([block.T for block in np.split(blocks(weight_ih, (1, 0, 2)), 3)]),
        np.concatenate([block.T for block in np.split(blocks(weight_hh, (1, 0, 2)), 3)]),
        torch_gru_to_keras(weight_ih, weight_hh, bias_ih, bias_hh)[2],
    ),
    see="1. Which way round",
)
torch_gru_to_keras.mistake(
    "Each gate's block is transposed by itself, and the blocks stay below one another. They lie side by side "
    "in Keras.",
    lambda *weights: np.concatenate([block.T for block in np.split(blocks(weights[1], (1, 0, 2)), 3)]),
    part="the recurrent kernel",
    see="1. Which way round",
)
torch_gru_to_keras.mistake(
    "The blocks of the recurrent kernel lie side by side, as they should, but none of them is transposed.",
    lambda *weights: np.concatenate(np.split(blocks(weights[1], (1, 0, 2)), 3), axis=1),
    part="the recurrent kernel",
    see="1. Which way round",
)
torch_gru_to_keras.mistake(
    "The biases are left in the order r z n while the matrices are reordered.",
    lambda weight_ih, weight_hh, bias_ih, bias_hh: np.stack([bias_ih, bias_hh]),
    part="the bias",
)
torch_gru_to_keras.mistake(
    "One of the four arrays was not reordered. Every one has blocks.",
    lambda weight_ih, weight_hh, bias_ih, bias_hh: (
        weight_ih.T,
        *torch_gru_to_keras(weight_ih, weight_hh, bias_ih, bias_hh)[1:],
    ),
    lambda weight_ih, weight_hh, bias_ih, bias_hh: (
        torch_gru_to_keras(weight_ih, weight_hh, bias_ih, bias_hh)[0],
        weight_hh.T,
        torch_gru_to_keras(weight_ih, weight_hh, bias_ih, bias_hh)[2],
    ),
)
torch_gru_to_keras.mistake(
    "The rows of the bias are swapped: the inputs' bias comes first, then the state's.",
    lambda *weights: torch_gru_to_keras(*weights)[2][::-1],
    part="the bias",
    see="4. One bias or two",
)
torch_gru_to_keras.mistake(
    "You add the two biases. In a GRU that resets after the product they are not redundant.",
    lambda *weights: torch_gru_to_keras(*weights)[2].sum(axis=0),
    lambda *weights: np.stack([torch_gru_to_keras(*weights)[2].sum(axis=0), np.zeros(len(weights[2]))]),
    part="the bias",
    see="4. One bias or two",
)
torch_gru_to_keras.mistake(
    "The two biases lie in one long row; Keras has them as the rows of one array, (2, 3H).",
    lambda *weights: torch_gru_to_keras(*weights)[2].ravel(),
    part="the bias",
    see="4. One bias or two",
)
torch_gru_to_keras.mistake(
    "The two biases are columns in your answer; Keras has them as rows, (2, 3H).",
    lambda *weights: torch_gru_to_keras(*weights)[2].T,
    part="the bias",
    see="4. One bias or two",
)


def lstm(inputs: int, units: int) -> dict[str, np.ndarray]:
    return cases.named(W=(4 * units, inputs), b=(4 * units,))


@exercise(
    cases=lambda: [lstm(1, 1), lstm(3, 2), lstm(4, 1), lstm(2, 3)],
    praise="No shape would have told you; that is why the package keeps the map in one place.",
    see="2. The gates of the LSTM",
    parts=("W", "B"),
)
def onnx_lstm_weights(W, b):
    """W (1, 4H, D) and B (1, 8H) of ONNX, gates i o f c, from ours (4H, D) and (4H,), gates i f g o."""

    def reordered(array):
        i, f, g, o = np.split(array, 4)
        return np.concatenate([i, o, f, g])

    return reordered(W)[None], np.concatenate([reordered(b), np.zeros_like(b)])[None]


def in_order(array, order):
    return np.concatenate([np.split(array, 4)[place] for place in order])


def onnx_by(order):
    return lambda W, b: (
        in_order(W, order)[None],
        np.concatenate([in_order(b, order), np.zeros_like(b)])[None],
    )


onnx_lstm_weights.mistake(
    "The blocks stay in the order i f g o; ONNX wants i o f c.",
    onnx_by((0, 1, 2, 3)),
)
onnx_lstm_weights.mistake(
    "That is the way back, from ONNX to us: the new order read as the old one.",
    onnx_by((0, 2, 3, 1)),
)
onnx_lstm_weights.mistake(
    "That is i o g f; after the two gates i and o ONNX has f, and the candidate last.",
    onnx_by((0, 3, 2, 1)),
)
onnx_lstm_weights.mistake("That is i f o g; the output gate comes second.", onnx_by((0, 1, 3, 2)))
onnx_lstm_weights.mistake(
    "The blocks of W are reordered, and those of b stay in the order i f g o.",
    lambda W, b: np.concatenate([b, np.zeros_like(b)])[None],
    part="B",
)
onnx_lstm_weights.mistake(
    "The first axis, for directions, is missing: (1, 4H, D) and (1, 8H).",
    lambda W, b: (onnx_lstm_weights(W, b)[0][0], onnx_lstm_weights(W, b)[1][0]),
    lambda W, b: (onnx_lstm_weights(W, b)[0][0], onnx_lstm_weights(W, b)[1]),
    lambda W, b: (onnx_lstm_weights(W, b)[0], onnx_lstm_weights(W, b)[1][0]),
    see="The table",
)
onnx_lstm_weights.mistake(
    "B has two biases in one row, (1, 8H): the second, which we do not have, is zeros.",
    lambda W, b: in_order(b, (0, 3, 1, 2))[None],
    part="B",
    see="4. One bias or two",
)
onnx_lstm_weights.mistake(
    "ONNX adds its two biases up. Put b into both, and it counts twice.",
    lambda W, b: np.tile(in_order(b, (0, 3, 1, 2)), 2)[None],
    part="B",
    see="4. One bias or two",
)
onnx_lstm_weights.mistake(
    "The network is the same, but b is asked for in the first of the two biases, and zeros in the second.",
    lambda W, b: np.concatenate([np.zeros_like(b), in_order(b, (0, 3, 1, 2))])[None],
    lambda W, b: np.tile(in_order(b, (0, 3, 1, 2)) / 2, 2)[None],
    part="B",
    see="4. One bias or two",
)
onnx_lstm_weights.mistake(
    "The two biases alternate gate by gate in your B; in ONNX the whole first one comes before the second.",
    lambda W, b: np.concatenate(
        [part for block in np.split(in_order(b, (0, 3, 1, 2)), 4) for part in (block, 0 * block)]
    )[None],
    part="B",
    see="4. One bias or two",
)
onnx_lstm_weights.mistake(
    "The biases are two rows in your answer; in ONNX they stand in one, (1, 8H).",
    lambda W, b: onnx_lstm_weights(W, b)[1].reshape(2, -1),
    lambda W, b: onnx_lstm_weights(W, b)[1].reshape(1, 2, -1),
    part="B",
    see="4. One bias or two",
)
onnx_lstm_weights.mistake(
    "The matrix is transposed; in ONNX a unit has a row, as with us.",
    lambda W, b: np.swapaxes(onnx_lstm_weights(W, b)[0], 1, 2),
    part="W",
    see="1. Which way round",
)


@exercise(
    cases=lambda: [cases.named(bias_ih=(3 * H,), bias_hh=(3 * H,)) for H in (1, 2, 3)],
    praise="Four numbers per unit in place of six, and the same network for every input.",
    see="4. One bias or two",
    parts=("b", "b_n"),
)
def fewest_biases(bias_ih, bias_hh):
    """b (3H,) and b_n (H,) of the same GRU with as few biases as it needs, gates r z n, reset after."""
    H = len(bias_ih) // 3
    b = bias_ih.copy()
    b[: 2 * H] += bias_hh[: 2 * H]
    return b, bias_hh[2 * H :]


def thirds(bias_ih, bias_hh):
    return len(bias_ih) // 3


fewest_biases.mistake(
    "You add the biases of n as well. There the second stands in the product with r, and must stay apart.",
    lambda bias_ih, bias_hh: bias_ih + bias_hh,
    part="b",
)
fewest_biases.mistake(
    "You add the biases of n as well, and nothing is left for the product with r.",
    lambda bias_ih, bias_hh: (bias_ih + bias_hh, np.zeros(thirds(bias_ih, bias_hh))),
    lambda bias_ih, bias_hh: bias_ih + bias_hh,
)
fewest_biases.mistake(
    "For r and z the second bias is lost: there the two are only added, so that their sum must go into b.",
    lambda bias_ih, bias_hh: bias_ih,
    part="b",
)
fewest_biases.mistake(
    "You add where the two biases must stay apart, and keep apart where they are only added: r and z come "
    "first, n last.",
    lambda bias_ih, bias_hh: (
        np.concatenate(
            [bias_ih[: -thirds(bias_ih, bias_hh)], (bias_ih + bias_hh)[-thirds(bias_ih, bias_hh) :]]
        ),
        bias_hh[: -thirds(bias_ih, bias_hh)],
    ),
    lambda bias_ih, bias_hh: (
        np.concatenate(
            [bias_ih[: -thirds(bias_ih, bias_hh)], (bias_ih + bias_hh)[-thirds(bias_ih, bias_hh) :]]
        ),
        bias_hh[-thirds(bias_ih, bias_hh) :],
    ),
)
fewest_biases.mistake(
    "You read the blocks in another order: here they are r z n, so that the last third belongs to n.",
    lambda bias_ih, bias_hh: (
        np.concatenate(
            [bias_ih[: thirds(bias_ih, bias_hh)], (bias_ih + bias_hh)[thirds(bias_ih, bias_hh) :]]
        ),
        bias_hh[: thirds(bias_ih, bias_hh)],
    ),
    lambda bias_ih, bias_hh: (
        bias_ih + np.where(np.arange(len(bias_ih)) // thirds(bias_ih, bias_hh) == 1, 0, bias_hh),
        np.split(bias_hh, 3)[1],
    ),
    see="3. The gates of the GRU",
)
fewest_biases.mistake(
    "Only one of the two gates gets its sum: r and z both add their biases.",
    lambda bias_ih, bias_hh: (
        bias_ih + np.where(np.arange(len(bias_ih)) < thirds(bias_ih, bias_hh), bias_hh, 0)
    ),
    lambda bias_ih, bias_hh: (
        bias_ih + np.where(np.arange(len(bias_ih)) // thirds(bias_ih, bias_hh) == 1, bias_hh, 0)
    ),
    part="b",
)
fewest_biases.mistake(
    "The second result still has numbers for r and z. For these two b holds everything: (H,), for n alone.",
    lambda bias_ih, bias_hh: np.where(np.arange(len(bias_ih)) < 2 * thirds(bias_ih, bias_hh), 0, bias_hh),
    lambda bias_ih, bias_hh: bias_hh,
    part="b_n",
)
fewest_biases.mistake(
    "The second result is the inputs' bias of n. The one that stands in the product with r is the state's.",
    lambda bias_ih, bias_hh: bias_ih[2 * thirds(bias_ih, bias_hh) :],
    part="b_n",
)
fewest_biases.mistake(
    "The second result is the sum of n's two biases. In the product with r stands the state's alone.",
    lambda bias_ih, bias_hh: (bias_ih + bias_hh)[2 * thirds(bias_ih, bias_hh) :],
    part="b_n",
)
fewest_biases.mistake(
    "b holds the state's bias of n. Outside the product with r stands the inputs' bias.",
    lambda bias_ih, bias_hh: np.concatenate(
        [
            (bias_ih + bias_hh)[: 2 * thirds(bias_ih, bias_hh)],
            bias_hh[2 * thirds(bias_ih, bias_hh) :],
        ]
    ),
    part="b",
)
fewest_biases.mistake(
    "The two biases of n are exchanged: the state's stands in the product with r, the inputs' outside of it.",
    lambda bias_ih, bias_hh: fewest_biases(bias_hh, bias_ih),
)
fewest_biases.mistake(
    "b ends after r and z; n has a bias outside the product with r too.",
    lambda bias_ih, bias_hh: (bias_ih + bias_hh)[: 2 * thirds(bias_ih, bias_hh)],
    part="b",
)
fewest_biases.mistake(
    "The mean of the two biases is half of what the gate adds; their sum is wanted.",
    lambda bias_ih, bias_hh: (
        bias_ih + np.where(np.arange(len(bias_ih)) < 2 * thirds(bias_ih, bias_hh), (bias_hh - bias_ih) / 2, 0)
    ),
    part="b",
)


@fewest_biases.mistake("You write into bias_ih. Work on a copy.")
def adds_in_place(bias_ih, bias_hh):
    H = len(bias_ih) // 3
    bias_ih[: 2 * H] += bias_hh[: 2 * H]
    return bias_ih, bias_hh[2 * H :]
