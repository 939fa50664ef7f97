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
    cases=lambda: [coupled_cell(1, 1), coupled_cell(2, 3), coupled_cell(4, 2)],
    praise="One gate less, and the same rule: for each quantity, one term for each line that reads it.",
    see="Backward, gate by gate",
    parts=("d_f", "d_g", "d_o", "what goes into c_{t-1}"),
)
def coupled_cell_back(dh, dc_later, c_before, f, g, o, c):
    """d_f, d_g, d_o and what goes into c_{t-1}, all (B, H), for c = f * c_before + (1 - f) * g."""
    dc = dc_later + dh * o * (1 - np.tanh(c) ** 2)
    d_f = dc * (c_before - g) * f * (1 - f)
    d_g = dc * (1 - f) * (1 - g**2)
    d_o = dh * np.tanh(c) * o * (1 - o)
    return d_f, d_g, d_o, dc * f


def with_dc(total):
    """The right lines below another dc: total(dh, dc_later, c_before, f, g, o, c)."""

    def answer(dh, dc_later, c_before, f, g, o, c):
        dc = total(dh, dc_later, c_before, f, g, o, c)
        d_o = dh * np.tanh(c) * o * (1 - o)
        return dc * (c_before - g) * f * (1 - f), dc * (1 - f) * (1 - g**2), d_o, dc * f

    return answer


def cell_total(dh, dc_later, c_before, f, g, o, c):
    return dc_later + dh * o * (1 - np.tanh(c) ** 2)


coupled_cell_back.mistake(
    "f has two readers now: it keeps c_{t-1} and, as 1 - f, it holds back g; the second is missing.",
    lambda dh, dc_later, c_before, f, g, o, c: coupled_cell_back(dh, dc_later, c_before, f, 0 * g, o, c)[0],
    part="d_f",
)
coupled_cell_back.mistake(
    "The second reader of f is 1 - f, whose slope is -1: g must be subtracted from c_{t-1}, not added.",
    lambda dh, dc_later, c_before, f, g, o, c: coupled_cell_back(dh, dc_later, c_before, f, -g, o, c)[0],
    part="d_f",
)
coupled_cell_back.mistake(
    "Raising f gives more of c_{t-1} and less of g; your d_f has them the other way round.",
    lambda *case: -coupled_cell_back(*case)[0],
    part="d_f",
)
coupled_cell_back.mistake(
    "dc lacks what comes back from the next step's cell, dc_later.",
    with_dc(lambda dh, dc_later, c_before, f, g, o, c: dh * o * (1 - np.tanh(c) ** 2)),
)
coupled_cell_back.mistake(
    "dc lacks what comes through h = o * tanh(c): the cell is read by that line too.",
    with_dc(lambda dh, dc_later, c_before, f, g, o, c: dc_later),
)
coupled_cell_back.mistake(
    "On the way from h into the cell a factor is missing: the line h = o * tanh(c) multiplies by o, and tanh "
    "has a slope.",
    with_dc(lambda dh, dc_later, c_before, f, g, o, c: dc_later + dh * o),
    with_dc(lambda dh, dc_later, c_before, f, g, o, c: dc_later + dh * (1 - np.tanh(c) ** 2)),
    with_dc(lambda dh, dc_later, c_before, f, g, o, c: dc_later + dh),
)
coupled_cell_back.mistake(
    "The slope of tanh at the cell is 1 - tanh(c)**2; c itself has not been squeezed.",
    with_dc(lambda dh, dc_later, c_before, f, g, o, c: dc_later + dh * o * (1 - c**2)),
)
coupled_cell_back.mistake(
    "The slope of tanh belongs to the new cell c; you take it at c_{t-1}.",
    with_dc(lambda dh, dc_later, c_before, f, g, o, c: dc_later + dh * o * (1 - np.tanh(c_before) ** 2)),
)
coupled_cell_back.mistake(
    "dc_later arrives at c_t already: the forget gate of this step does not stand on its way.",
    with_dc(lambda dh, dc_later, c_before, f, g, o, c: dc_later * f + dh * o * (1 - np.tanh(c) ** 2)),
)
coupled_cell_back.mistake(
    "dc_later belongs into dc: f and g stand behind the cell, and work on the later steps through it too.",
    lambda dh, dc_later, c_before, f, g, o, c: tuple(
        part + after
        for part, after in zip(
            coupled_cell_back(dh, 0 * dc_later, c_before, f, g, o, c), (0, 0, 0, dc_later), strict=True
        )
    ),
    lambda dh, dc_later, c_before, f, g, o, c: tuple(
        part + after
        for part, after in zip(
            coupled_cell_back(dh, 0 * dc_later, c_before, f, g, o, c), (0, 0, 0, dc_later * f), strict=True
        )
    ),
)
coupled_cell_back.mistake(
    "The slopes of the gates are missing: d_f, d_g and d_o are wanted for what goes into the blocks.",
    lambda dh, dc_later, c_before, f, g, o, c: tuple(
        dc * factor
        for dc in [cell_total(dh, dc_later, c_before, f, g, o, c)]
        for factor in (c_before - g, 1 - f, dh * np.tanh(c) / dc, f)
    ),
)
coupled_cell_back.mistake(
    "g was squeezed by tanh, and f and o by the sigmoid: their slopes are exchanged somewhere.",
    lambda dh, dc_later, c_before, f, g, o, c: (
        coupled_cell_back(dh, dc_later, c_before, f, g, o, c)[1] / (1 - g**2) * g * (1 - g)
    ),
    part="d_g",
)
coupled_cell_back.mistake(
    "g was squeezed by tanh, and f and o by the sigmoid: their slopes are exchanged somewhere.",
    lambda dh, dc_later, c_before, f, g, o, c: (
        cell_total(dh, dc_later, c_before, f, g, o, c) * (c_before - g) * (1 - f**2)
    ),
    part="d_f",
)
coupled_cell_back.mistake(
    "g is written with the weight 1 - f; you pass its gradient through f.",
    lambda dh, dc_later, c_before, f, g, o, c: (
        coupled_cell_back(dh, dc_later, c_before, f, g, o, c)[3] * (1 - g**2)
    ),
    part="d_g",
    see="The LSTM, forward",
)
coupled_cell_back.mistake(
    "The output gate multiplies tanh(c), and you take c.",
    lambda dh, dc_later, c_before, f, g, o, c: dh * c * o * (1 - o),
    part="d_o",
)
coupled_cell_back.mistake(
    "o is read by the line of h only, not by the cell: its gradient comes from dh.",
    lambda dh, dc_later, c_before, f, g, o, c: (
        cell_total(dh, dc_later, c_before, f, g, o, c) * np.tanh(c) * o * (1 - o)
    ),
    part="d_o",
)
coupled_cell_back.mistake(
    "f and 1 - f are exchanged: f keeps the old cell here, and 1 - f lets the new content in.",
    lambda dh, dc_later, c_before, f, g, o, c: tuple(
        part
        for dc in [cell_total(dh, dc_later, c_before, f, g, o, c)]
        for part in (
            dc * (g - c_before) * f * (1 - f),
            dc * f * (1 - g**2),
            dh * np.tanh(c) * o * (1 - o),
            dc * (1 - f),
        )
    ),
    lambda dh, dc_later, c_before, f, g, o, c: tuple(
        part
        for dc in [cell_total(dh, dc_later, c_before, f, g, o, c)]
        for part in (
            dc * (g - c_before) * f * (1 - f),
            dc * f * (1 - g**2),
            dh * np.tanh(c) * o * (1 - o),
            dc * f,
        )
    ),
    see="The LSTM, forward",
)
coupled_cell_back.mistake(
    "Into c_{t-1} goes dc * f: the step's own forget gate is missing on that path.",
    cell_total,
    part="what goes into c_{t-1}",
    see="The highway, measured",
)
coupled_cell_back.mistake(
    "Into c_{t-1} leads the forget gate alone. 1 - f multiplies g, which does not read the cell.",
    lambda dh, dc_later, c_before, f, g, o, c: cell_total(dh, dc_later, c_before, f, g, o, c) * (1 - f),
    part="what goes into c_{t-1}",
    see="The highway, measured",
)
coupled_cell_back.mistake(
    "Into c_{t-1} goes all of dc, times f. You send on dc_later alone, without what this step's h says.",
    lambda dh, dc_later, c_before, f, g, o, c: dc_later * f,
    lambda dh, dc_later, c_before, f, g, o, c: dc_later,
    part="what goes into c_{t-1}",
    see="The highway, measured",
)


def leaky_step(batch: int, units: int) -> dict[str, np.ndarray]:
    dh, h_before, z, alpha, U = cases.normal(
        (batch, units), (batch, units), (batch, units), (units,), (units, units)
    )
    return {"dh": dh, "h_before": h_before, "n": np.tanh(z).round(2), "a": sigmoid(alpha).round(2), "U": U}


@exercise(
    cases=lambda: [leaky_step(1, 1), leaky_step(2, 3), leaky_step(4, 2)],
    praise="A gate that is learned but blind: a GRU's direct path with one fixed opening per unit.",
    see="GRU backward, gate by gate",
    parts=("dL/dalpha", "what goes into h_{t-1}"),
)
def leaky_step_back(dh, h_before, n, a, U):
    """dL/dalpha (H,) and what goes into h_{t-1} (B, H), for h = a * h_before + (1 - a) * n."""
    d_alpha = (dh * (h_before - n)).sum(axis=0) * a * (1 - a)
    d_n = dh * (1 - a) * (1 - n**2)
    return d_alpha, dh * a + d_n @ U


leaky_step_back.mistake(
    "dL/dalpha is not summed over the batch: alpha is one vector for all sequences.",
    lambda dh, h_before, n, a, U: dh * (h_before - n) * a * (1 - a),
    part="dL/dalpha",
    see="Backward, gate by gate",
)
leaky_step_back.mistake(
    "You average over the batch. Every sequence pulls at the same alpha, and the pulls add up.",
    lambda dh, h_before, n, a, U: (dh * (h_before - n)).mean(axis=0) * a * (1 - a),
    part="dL/dalpha",
    see="Backward, gate by gate",
)
leaky_step_back.mistake(
    "You sum over the units. Each unit has an alpha of its own: the sum runs over the batch.",
    lambda dh, h_before, n, a, U: (dh * (h_before - n) * a * (1 - a)).sum(axis=1),
    lambda dh, h_before, n, a, U: (dh * (h_before - n) * a * (1 - a)).sum(),
    part="dL/dalpha",
    see="Backward, gate by gate",
)
leaky_step_back.mistake(
    "That is dL/da: the slope of the sigmoid, a * (1 - a), leads on to alpha.",
    lambda dh, h_before, n, a, U: (dh * (h_before - n)).sum(axis=0),
    part="dL/dalpha",
    see="Backward, gate by gate",
)
leaky_step_back.mistake(
    "a is what the sigmoid gave, and the slope there is a * (1 - a). Yours is another.",
    lambda dh, h_before, n, a, U: (dh * (h_before - n)).sum(axis=0) * sigmoid(a) * (1 - sigmoid(a)),
    lambda dh, h_before, n, a, U: (dh * (h_before - n)).sum(axis=0) * (1 - a**2),
    part="dL/dalpha",
    see="Backward, gate by gate",
)
leaky_step_back.mistake(
    "a has two readers: it keeps h_{t-1} and, as 1 - a, it holds back n. You count one of them.",
    lambda dh, h_before, n, a, U: (dh * h_before).sum(axis=0) * a * (1 - a),
    lambda dh, h_before, n, a, U: (-dh * n).sum(axis=0) * a * (1 - a),
    lambda dh, h_before, n, a, U: (dh * n).sum(axis=0) * a * (1 - a),
    part="dL/dalpha",
)
leaky_step_back.mistake(
    "1 - a has the slope -1: n is subtracted from h_{t-1}, not added.",
    lambda dh, h_before, n, a, U: (dh * (h_before + n)).sum(axis=0) * a * (1 - a),
    part="dL/dalpha",
)
leaky_step_back.mistake(
    "The sign of dL/dalpha is turned: a larger a gives more of h_{t-1} and less of n.",
    lambda dh, h_before, n, a, U: -leaky_step_back(dh, h_before, n, a, U)[0],
    part="dL/dalpha",
)
leaky_step_back.mistake(
    "The direct path is missing: h_{t-1} is also read by the term a * h_{t-1}.",
    lambda dh, h_before, n, a, U: leaky_step_back(dh, h_before, n, a, U)[1] - dh * a,
    part="what goes into h_{t-1}",
)
leaky_step_back.mistake(
    "The direct path passes the gate: it carries dh * a, and not all of dh.",
    lambda dh, h_before, n, a, U: leaky_step_back(dh, h_before, n, a, U)[1] + dh * (1 - a),
    part="what goes into h_{t-1}",
)
leaky_step_back.mistake(
    "You add a alone. On the direct path a multiplies what has come back to h_t: dh * a.",
    lambda dh, h_before, n, a, U: leaky_step_back(dh, h_before, n, a, U)[1] - dh * a + a,
    part="what goes into h_{t-1}",
)
leaky_step_back.mistake(
    "Only the direct path leads back in your answer: n reads h_{t-1} too, through U.",
    lambda dh, h_before, n, a, U: dh * a,
    part="what goes into h_{t-1}",
)
leaky_step_back.mistake(
    "On the way through n the slope of tanh, 1 - n**2, is missing.",
    lambda dh, h_before, n, a, U: dh * a + (dh * (1 - a)) @ U,
    part="what goes into h_{t-1}",
)
leaky_step_back.mistake(
    "On the way through n the gate is missing: n is written with the weight 1 - a.",
    lambda dh, h_before, n, a, U: dh * a + (dh * (1 - n**2)) @ U,
    part="what goes into h_{t-1}",
)
leaky_step_back.mistake(
    "On the way through n you take a. n is written with the weight 1 - a.",
    lambda dh, h_before, n, a, U: dh * a + (dh * a * (1 - n**2)) @ U,
    part="what goes into h_{t-1}",
)
leaky_step_back.mistake(
    "a and 1 - a are exchanged: here a keeps the old state, as z does in the GRU.",
    lambda dh, h_before, n, a, U: leaky_step_back(dh, h_before, n, 1 - a, U),
    lambda dh, h_before, n, a, U: (
        leaky_step_back(dh, h_before, n, a, U)[0],
        leaky_step_back(dh, h_before, n, 1 - a, U)[1],
    ),
    lambda dh, h_before, n, a, U: (
        -leaky_step_back(dh, h_before, n, a, U)[0],
        leaky_step_back(dh, h_before, n, 1 - a, U)[1],
    ),
    see="The GRU, forward, in two variants",
)
leaky_step_back.mistake(
    "U is transposed: going back, a unit collects from all units that heard it.",
    lambda dh, h_before, n, a, U: leaky_step_back(dh, h_before, n, a, U.T),
)
leaky_step_back.mistake(
    "What goes back through U has no path of its own past the gate: U stands in n only.",
    lambda dh, h_before, n, a, U: (dh * a + dh * (1 - a) * (1 - n**2)) @ U,
    part="what goes into h_{t-1}",
)


def along_the_cell(batch: int, time: int, units: int) -> dict[str, np.ndarray]:
    z, d_c = cases.normal((batch, time, units), (batch, time, units))
    return {"f": sigmoid(z).round(2), "d_c": d_c}


@exercise(
    cases=lambda: [along_the_cell(1, 2, 1), along_the_cell(2, 4, 3), along_the_cell(3, 1, 2)],
    praise="No matrix and no slope: on the cell's own line a gradient meets the forget gates alone.",
    see="The highway, measured",
    parts=("dL/dc", "dL/dc_0"),
)
def cell_gradients(f, d_c):
    """dL/dc_t (B, T, H) and dL/dc_0 (B, H) along c_t = f_t * c_{t-1} + new, from immediate d_c (B, T, H)."""
    total = np.zeros_like(d_c)
    back = np.zeros_like(d_c[:, 0])
    for t in reversed(range(f.shape[1])):
        total[:, t] = d_c[:, t] + back
        back = total[:, t] * f[:, t]
    return total, back


def down_the_line(step, last=None):
    """total and back of step t by step(d_t, back, f_t, f_next); last(back, f) goes into c_0."""

    def answer(f, d_c):
        total, back = np.zeros_like(d_c), np.zeros_like(d_c[:, 0])
        f_next = np.concatenate([f[:, 1:], np.ones_like(f[:, :1])], axis=1)
        for t in reversed(range(f.shape[1])):
            total[:, t], back = step(d_c[:, t], back, f[:, t], f_next[:, t])
        return total, last(back, f) if last else back

    return answer


cell_gradients.mistake(
    "You meet the gate of the wrong step: from c_{t+1} back to c_t leads f_{t+1}, which made c_{t+1}.",
    down_the_line(lambda d, back, f, f_next: (d + back * f, d + back * f)),
    down_the_line(lambda d, back, f, f_next: (d + back * f, d + back * f), lambda back, f: back * f[:, 0]),
    down_the_line(lambda d, back, f, f_next: ((d + back) * f, (d + back) * f)),
    down_the_line(lambda d, back, f, f_next: (d + back, (d + back) * f_next)),
)
cell_gradients.mistake(
    "Your cells are right, and on the way into c_0 you leave the first forget gate out.",
    down_the_line(lambda d, back, f, f_next: (d + back, (d + back) * f), lambda back, f: back / f[:, 0]),
)
cell_gradients.mistake(
    "You multiply by the first forget gate twice on the way into c_0. It acts once.",
    down_the_line(lambda d, back, f, f_next: (d + back, (d + back) * f), lambda back, f: back * f[:, 0]),
)
cell_gradients.mistake(
    "You add a loss to c_0, which has none of its own: all that it hears comes through the first gate.",
    lambda f, d_c: cell_gradients(f, d_c)[1] + d_c[:, 0],
    part="dL/dc_0",
)
cell_gradients.mistake(
    "Your cells hear of their own loss and of one step later alone. Pass on the total of each step.",
    down_the_line(lambda d, back, f, f_next: (d + back, d * f)),
    lambda f, d_c: (neighbours(f, d_c), f[:, 0] * neighbours(f, d_c)[:, 0]),
)


def neighbours(f, d_c):
    """Each cell's own gradient, and that of the next one through its gate."""
    total = d_c.copy()
    total[:, :-1] += f[:, 1:] * d_c[:, 1:]
    return total


cell_gradients.mistake(
    "You send back the last step's gradient alone. Every step adds its own.",
    lambda f, d_c: cell_gradients(f, d_c * (np.arange(f.shape[1]) == f.shape[1] - 1)[:, None]),
)
cell_gradients.mistake(
    "Nothing shrinks on the way: the forget gates are missing.",
    down_the_line(lambda d, back, f, f_next: (d + back, d + back)),
)
cell_gradients.mistake(
    "You multiply by 1 - f. f is what the cell keeps.",
    lambda f, d_c: cell_gradients(1 - f, d_c),
)
cell_gradients.mistake(
    "The slope of the gate does not stand on this path: f is a factor in the line of the cell, as it is.",
    lambda f, d_c: cell_gradients(f * (1 - f), d_c),
)
cell_gradients.mistake(
    "Your loop runs forward in time. What goes back comes from later steps.",
    lambda f, d_c: tuple(
        part[:, ::-1] if part.ndim == 3 else part for part in cell_gradients(f[:, ::-1], d_c[:, ::-1])
    ),
)
cell_gradients.mistake(
    "You add what goes back to what went back before. A step passes on its total times its gate, no more.",
    down_the_line(lambda d, back, f, f_next: (d + back, back + (d + back) * f)),
)
cell_gradients.mistake(
    "The immediate gradients are missing in the totals: that is only what comes back from later steps.",
    down_the_line(lambda d, back, f, f_next: (back, (d + back) * f)),
)
cell_gradients.mistake(
    "You return the totals alone. What goes into c_0 is asked for too.",
    lambda f, d_c: cell_gradients(f, d_c)[0],
)


@cell_gradients.mistake("You add into d_c itself. Whoever called still needs it: work on a copy.")
def writes_into_d_c(f, d_c):
    d_c[:], back = cell_gradients(f, d_c)
    return d_c, back


def peephole_cell(batch: int, units: int) -> dict[str, np.ndarray]:
    """One step of an LSTM with peepholes, with what comes back into it."""
    dh, dc_later, c_before, z_i, z_f, z_g, z_o, p = cases.normal(*[(batch, units)] * 7, (3 * units,))
    i, f, o = (sigmoid(z).round(2) for z in (z_i, z_f, z_o))
    g = np.tanh(z_g).round(2)
    values = {"c_before": c_before, "i": i, "f": f, "g": g, "o": o, "c": f * c_before + i * g}
    return {"dh": dh, "dc_later": dc_later, **values, "p": p}


@exercise(
    cases=lambda: [peephole_cell(1, 1), peephole_cell(2, 3), peephole_cell(4, 2)],
    praise="Who reads the cell now? Every answer became one term. That is how any cell goes backward.",
    see="Backward, gate by gate",
    parts=("delta", "what goes into c_{t-1}", "dL/dp"),
)
def peephole_step_back(dh, dc_later, c_before, i, f, g, o, c, p):
    """delta (B, 4H) for i f g o, what goes into c_{t-1} (B, H), and this step's share of dL/dp (3H,)."""
    p_i, p_f, p_o = np.split(p, 3)
    d_o = dh * np.tanh(c) * o * (1 - o)
    dc = dc_later + dh * o * (1 - np.tanh(c) ** 2) + d_o * p_o
    d_i = dc * g * i * (1 - i)
    d_f = dc * c_before * f * (1 - f)
    d_g = dc * i * (1 - g**2)
    into_c = dc * f + d_i * p_i + d_f * p_f
    dp = np.concatenate([d_i * c_before, d_f * c_before, d_o * c], axis=1).sum(axis=0)
    return np.concatenate([d_i, d_f, d_g, d_o], axis=1), into_c, dp


def peeping(
    seen_by_o=lambda d_o, p_i, p_f, p_o: d_o * p_o,
    into=lambda dc, f, d_i, d_f, d_o, p_i, p_f, p_o: dc * f + d_i * p_i + d_f * p_f,
    share=lambda d_i, d_f, d_o, c_before, c: (d_i * c_before, d_f * c_before, d_o * c),
    order=lambda d_i, d_f, d_g, d_o: (d_i, d_f, d_g, d_o),
    slopes=True,
    total=lambda dh, dc_later, o, c: dc_later + dh * o * (1 - np.tanh(c) ** 2),
    summed=lambda dp: dp.sum(axis=0),
):
    """The step back with everything to turn."""

    def answer(dh, dc_later, c_before, i, f, g, o, c, p):
        parts = np.split(p, 3)
        slope = (lambda gate: gate * (1 - gate)) if slopes else np.ones_like
        d_o = dh * np.tanh(c) * slope(o)
        dc = total(dh, dc_later, o, c) + seen_by_o(d_o, *parts)
        d_i, d_f = dc * g * slope(i), dc * c_before * slope(f)
        d_g = dc * i * (1 - g**2 if slopes else 1)
        dp = summed(np.concatenate(share(d_i, d_f, d_o, c_before, c), axis=1))
        delta = np.concatenate(order(d_i, d_f, d_g, d_o), axis=1)
        return delta, into(dc, f, d_i, d_f, d_o, *parts), dp

    return answer


peephole_step_back.mistake(
    "The output gate reads the new cell, and dc does not know of it: a third line reads c_t.",
    peeping(seen_by_o=lambda d_o, p_i, p_f, p_o: 0),
)
peephole_step_back.mistake(
    "That is the LSTM without peepholes: c_t is read by o too, and c_{t-1} by i and by f.",
    peeping(
        seen_by_o=lambda d_o, p_i, p_f, p_o: 0,
        into=lambda dc, f, d_i, d_f, d_o, p_i, p_f, p_o: dc * f,
    ),
)
peephole_step_back.mistake(
    "c_{t-1} has three readers: the line of the cell and, through their peepholes, i and f. Not all of them "
    "are in what goes into it.",
    peeping(into=lambda dc, f, d_i, d_f, d_o, p_i, p_f, p_o: dc * f),
    peeping(into=lambda dc, f, d_i, d_f, d_o, p_i, p_f, p_o: dc * f + d_i * p_i),
    peeping(into=lambda dc, f, d_i, d_f, d_o, p_i, p_f, p_o: dc * f + d_f * p_f),
    peeping(into=lambda dc, f, d_i, d_f, d_o, p_i, p_f, p_o: d_i * p_i + d_f * p_f),
)
peephole_step_back.mistake(
    "All three peepholes lead into c_{t-1} in your answer. o looks at the new cell.",
    peeping(into=lambda dc, f, d_i, d_f, d_o, p_i, p_f, p_o: dc * f + d_i * p_i + d_f * p_f + d_o * p_o),
    peeping(
        seen_by_o=lambda d_o, p_i, p_f, p_o: 0,
        into=lambda dc, f, d_i, d_f, d_o, p_i, p_f, p_o: dc * f + d_i * p_i + d_f * p_f + d_o * p_o,
    ),
)


@peephole_step_back.mistake(
    "The term from o comes into dc too late: i, f and g stand behind the same cell, and need all of it."
)
def completed_too_late(dh, dc_later, c_before, i, f, g, o, c, p):
    delta, into_c, dp = peeping(seen_by_o=lambda d_o, p_i, p_f, p_o: 0)(
        dh, dc_later, c_before, i, f, g, o, c, p
    )
    d_o = dh * np.tanh(c) * o * (1 - o)
    return delta, into_c + d_o * np.split(p, 3)[2] * f, dp


peephole_step_back.mistake(
    "The blocks of p stand in the order i, f, o, and you read them in another.",
    peeping(
        seen_by_o=lambda d_o, p_i, p_f, p_o: d_o * p_f,
        into=lambda dc, f, d_i, d_f, d_o, p_i, p_f, p_o: dc * f + d_i * p_i + d_f * p_o,
    ),
    peeping(
        seen_by_o=lambda d_o, p_i, p_f, p_o: d_o * p_f,
        into=lambda dc, f, d_i, d_f, d_o, p_i, p_f, p_o: dc * f + d_i * p_i + d_f * p_o,
        share=lambda d_i, d_f, d_o, c_before, c: (d_i * c_before, d_o * c, d_f * c_before),
    ),
    peeping(into=lambda dc, f, d_i, d_f, d_o, p_i, p_f, p_o: dc * f + d_i * p_f + d_f * p_i),
)
peephole_step_back.mistake(
    "The shares of dL/dp stand in the order i, f, o, as p does.",
    peeping(share=lambda d_i, d_f, d_o, c_before, c: (d_i * c_before, d_o * c, d_f * c_before)),
    peeping(share=lambda d_i, d_f, d_o, c_before, c: (d_f * c_before, d_i * c_before, d_o * c)),
)
peephole_step_back.mistake(
    "A peephole's share of dL/dp is the error at its gate times what the gate saw: c_{t-1} for i and f, and "
    "c_t for o.",
    peeping(share=lambda d_i, d_f, d_o, c_before, c: (d_i * c_before, d_f * c_before, d_o * c_before)),
    peeping(share=lambda d_i, d_f, d_o, c_before, c: (d_i * c, d_f * c, d_o * c)),
    peeping(share=lambda d_i, d_f, d_o, c_before, c: (d_i * c, d_f * c, d_o * c_before)),
    peeping(share=lambda d_i, d_f, d_o, c_before, c: (d_i * c_before, d_f * c_before, d_o * np.tanh(c))),
    peeping(share=lambda d_i, d_f, d_o, c_before, c: (d_i, d_f, d_o)),
)
peephole_step_back.mistake(
    "dL/dp is not summed over the batch: p is one vector for all sequences.",
    peeping(summed=lambda dp: dp),
)
peephole_step_back.mistake(
    "You average over the batch. Every sequence adds its share of dL/dp.",
    peeping(summed=lambda dp: dp.mean(axis=0)),
)
peephole_step_back.mistake(
    "The blocks of delta stand in the order i, f, g, o.",
    peeping(order=lambda d_i, d_f, d_g, d_o: (d_i, d_f, d_o, d_g)),
    peeping(order=lambda d_i, d_f, d_g, d_o: (d_o, d_i, d_f, d_g)),
    peeping(order=lambda d_i, d_f, d_g, d_o: (d_f, d_i, d_g, d_o)),
)
peephole_step_back.mistake(
    "The slopes of the gates are missing: delta is wanted for what goes into the blocks.",
    peeping(slopes=False),
)
peephole_step_back.mistake(
    "The peephole of o stands inside its sigmoid. What comes back through it has passed the slope of that "
    "gate: it is delta_o, and not dL/do or dh.",
    lambda dh, dc_later, c_before, i, f, g, o, c, p: peephole_step_back(
        dh,
        dc_later + dh * np.tanh(c) * np.split(p, 3)[2] * (1 - o * (1 - o)),
        c_before, i, f, g, o, c, p,
    ),
    lambda dh, dc_later, c_before, i, f, g, o, c, p: peephole_step_back(
        dh,
        dc_later + np.split(p, 3)[2] * dh * (1 - np.tanh(c) * o * (1 - o)),
        c_before, i, f, g, o, c, p,
    ),
)  # fmt: skip
peephole_step_back.mistake(
    "dc lacks what comes back from the next step, dc_later.",
    peeping(total=lambda dh, dc_later, o, c: dh * o * (1 - np.tanh(c) ** 2)),
)
peephole_step_back.mistake(
    "dc lacks what comes through h = o * tanh(c): the cell is read by that line too.",
    peeping(total=lambda dh, dc_later, o, c: dc_later),
)
peephole_step_back.mistake(
    "On the way from h into the cell a factor is missing: the line h = o * tanh(c) multiplies by o, and tanh "
    "has a slope.",
    peeping(total=lambda dh, dc_later, o, c: dc_later + dh * o),
    peeping(total=lambda dh, dc_later, o, c: dc_later + dh * (1 - np.tanh(c) ** 2)),
    peeping(total=lambda dh, dc_later, o, c: dc_later + dh),
)
peephole_step_back.mistake(
    "The slope of tanh at the cell is 1 - tanh(c)**2; c itself has not been squeezed.",
    peeping(total=lambda dh, dc_later, o, c: dc_later + dh * o * (1 - c**2)),
)
