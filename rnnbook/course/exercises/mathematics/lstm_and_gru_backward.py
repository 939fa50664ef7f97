import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("04-mathematics/03-lstm-and-gru-backward.ipynb")


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def coupled_cell(batch: int, units: int) -> dict[str, np.ndarray]:
    """One step of an LSTM whose input gate is 1 - f, with what comes back into it."""
    dh, dc_later, c_before, z_f, z_g, z_o = cases.normal(*[(batch, units)] * 6)
    f, g, o = sigmoid(z_f).round(2), np.tanh(z_g).round(2), sigmoid(z_o).round(2)
    c = f * c_before + (1 - f) * g
    return {"dh": dh, "dc_later": dc_later, "c_before": c_before, "f": f, "g": g, "o": o, "c": c}


@exercise(
    cases=lambda: [coupled_cell(1, 1), coupled_cell(1, 2), coupled_cell(3, 2)],
    praise="One gate less, and the same rule: for each quantity, one term for each line that reads it.",
    see="Backward, gate by gate",
)
def coupled_cell_back(dh, dc_later, c_before, f, g, o, c):
    """d_f, d_g, d_o and what goes into c_{t-1}, all (B, H), for c = f * c_before + (1 - f) * g."""
    dc = dc_later + dh * o * (1 - np.tanh(c) ** 2)
    d_f = dc * (c_before - g) * f * (1 - f)
    d_g = dc * (1 - f) * (1 - g**2)
    d_o = dh * np.tanh(c) * o * (1 - o)
    return d_f, d_g, d_o, dc * f


coupled_cell_back.mistake(
    "f has two readers now: it keeps c_{t-1} and, as 1 - f, it holds back g; the second is missing.",
    lambda dh, dc_later, c_before, f, g, o, c: coupled_cell_back(dh, dc_later, c_before, f, 0 * g, o, c)[0],
    part=0,
)
coupled_cell_back.mistake(
    "The second reader of f is 1 - f, whose slope is -1: g must be subtracted from c_{t-1}, not added.",
    lambda dh, dc_later, c_before, f, g, o, c: coupled_cell_back(dh, dc_later, c_before, f, -g, o, c)[0],
    part=0,
)
coupled_cell_back.mistake(
    "dc lacks what comes back from the next step's cell, dc_later.",
    lambda dh, dc_later, c_before, f, g, o, c: coupled_cell_back(dh, 0 * dc_later, c_before, f, g, o, c),
)


@coupled_cell_back.mistake("dc lacks what comes through h = o * tanh(c): the cell is read by that line too.")
def without_the_state(dh, dc_later, c_before, f, g, o, c):
    d_f, d_g, _, into_c = coupled_cell_back(np.zeros_like(dh), dc_later, c_before, f, g, o, c)
    return d_f, d_g, dh * np.tanh(c) * o * (1 - o), into_c


@coupled_cell_back.mistake(
    "The slopes of the gates are missing: d_f, d_g and d_o are wanted for what goes into the blocks."
)
def without_slopes(dh, dc_later, c_before, f, g, o, c):
    dc = dc_later + dh * o * (1 - np.tanh(c) ** 2)
    return dc * (c_before - g), dc * (1 - f), dh * np.tanh(c), dc * f


coupled_cell_back.mistake(
    "g is written with the weight 1 - f; you pass its gradient through f.",
    lambda dh, dc_later, c_before, f, g, o, c: (
        coupled_cell_back(dh, dc_later, c_before, f, g, o, c)[3] * (1 - g**2)
    ),
    part=1,
    see="The LSTM, forward",
)
coupled_cell_back.mistake(
    "Into c_{t-1} goes dc * f: the step's own forget gate is missing on that path.",
    lambda dh, dc_later, c_before, f, g, o, c: dc_later + dh * o * (1 - np.tanh(c) ** 2),
    part=3,
    see="The highway, measured",
)


def leaky_step(batch: int, units: int) -> dict[str, np.ndarray]:
    dh, h_before, z, alpha, U = cases.normal(
        (batch, units), (batch, units), (batch, units), (units,), (units, units)
    )
    return {"dh": dh, "h_before": h_before, "n": np.tanh(z).round(2), "a": sigmoid(alpha).round(2), "U": U}


@exercise(
    cases=lambda: [leaky_step(1, 1), leaky_step(2, 2), leaky_step(3, 2)],
    praise="A gate that is learned but blind: a GRU's direct path with one fixed opening a unit.",
    see="GRU backward, gate by gate",
)
def leaky_step_back(dh, h_before, n, a, U):
    """dL/dalpha (H,) and what goes into h_{t-1} (B, H), for h = a * h_before + (1 - a) * n."""
    d_alpha = (dh * (h_before - n)).sum(axis=0) * a * (1 - a)
    d_n = dh * (1 - a) * (1 - n**2)
    return d_alpha, dh * a + d_n @ U


leaky_step_back.mistake(
    "dL/dalpha is not summed over the batch: alpha is one vector for all sequences.",
    lambda dh, h_before, n, a, U: dh * (h_before - n) * a * (1 - a),
    part=0,
    see="Backward, gate by gate",
)
leaky_step_back.mistake(
    "That is dL/da: the slope of the sigmoid, a * (1 - a), leads on to alpha.",
    lambda dh, h_before, n, a, U: (dh * (h_before - n)).sum(axis=0),
    part=0,
    see="Backward, gate by gate",
)
leaky_step_back.mistake(
    "The direct path is missing: h_{t-1} is also read by the term a * h_{t-1}.",
    lambda dh, h_before, n, a, U: leaky_step_back(dh, h_before, n, a, U)[1] - dh * a,
    part=1,
)
leaky_step_back.mistake(
    "Only the direct path leads back in your answer: n reads h_{t-1} too, through U.",
    lambda dh, h_before, n, a, U: (leaky_step_back(dh, h_before, n, a, U)[0], dh * a),
)
leaky_step_back.mistake(
    "On the way through n the slope of tanh, 1 - n**2, is missing.",
    lambda dh, h_before, n, a, U: (leaky_step_back(dh, h_before, n, a, U)[0], dh * a + (dh * (1 - a)) @ U),
)
leaky_step_back.mistake(
    "a and 1 - a are exchanged: here a keeps the old state, as z does in the GRU.",
    lambda dh, h_before, n, a, U: leaky_step_back(dh, h_before, n, 1 - a, U),
    see="The GRU, forward, in two variants",
)
leaky_step_back.mistake(
    "U is transposed: backward it is d_n @ U.",
    lambda dh, h_before, n, a, U: leaky_step_back(dh, h_before, n, a, U.T),
)
leaky_step_back.mistake(
    "The sign of dL/dalpha is turned: a larger a gives more of h_{t-1} and less of n, hence h_{t-1} - n.",
    lambda dh, h_before, n, a, U: -leaky_step_back(dh, h_before, n, a, U)[0],
    part=0,
)
