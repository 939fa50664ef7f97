import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("03-algorithm/01-four-steps.ipynb")


def cubic(params):
    """A loss in which every entry bends, and the entries meet."""
    entries = np.concatenate([array.ravel() for array in params.values()])
    return np.sum(entries**3) + entries.sum() ** 2


def one_step(params):
    """Half the square of the states that one step makes."""
    x, h = np.array([1.0, -0.5]), np.array([0.6, -0.9])
    return 2 * np.sum(np.tanh(params["W"] @ x + params["U"] @ h + params["b"]) ** 2)


def to_check(loss, eps: float, **shapes) -> dict:
    params = cases.named(**shapes)
    wrong = cases.normal(*reversed(shapes.values()), seed=1)
    gradients = dict(zip(reversed(shapes), wrong, strict=True))  # in another order
    return {"loss": loss, "params": params, "gradients": gradients, "eps": eps}


@exercise(
    cases=lambda: [
        to_check(cubic, 0.1, w=(2,)),
        # Read backwards the shapes are the same: arrays that are paired by their place go unnoticed.
        to_check(cubic, 0.2, V=(2, 3), c=(2,), U=(2, 3)),
        to_check(one_step, 0.1, W=(2, 2), b=(2,), U=(2, 2)),
    ],
    praise="A judge for every backward pass that you will write, and it needs no calculus.",
    see="Step 3: backward",
)
def gradient_errors(loss, params, gradients, eps):
    """For each array, how far its gradient is off at most, by central differences: name to number."""
    errors = {}
    for name, array in params.items():
        measured = np.zeros(array.shape)
        for index in np.ndindex(array.shape):
            up, down = array.copy(), array.copy()
            up[index] += eps
            down[index] -= eps
            measured[index] = (loss({**params, name: up}) - loss({**params, name: down})) / (2 * eps)
        errors[name] = np.abs(gradients[name] - measured).max()
    return errors


def central(loss, at, eps):
    return (loss(at(eps)) - loss(at(-eps))) / (2 * eps)


def judged(loss, params, gradients, eps, slope=central, worst=None):
    """The solution with another slope(loss, at, eps), or another summary worst(gradient, measured)."""
    errors = {}
    for name, array in params.items():
        measured = np.zeros(array.shape)
        for index in np.ndindex(array.shape):

            def at(by, name=name, array=array, index=index):
                moved = array.copy()
                moved[index] += by
                return {**params, name: moved}

            measured[index] = slope(loss, at, eps)
        difference = gradients[name] - measured
        errors[name] = worst(gradients[name], measured) if worst else np.abs(difference).max()
    return errors


def by_slope(slope):
    return lambda loss, params, gradients, eps: judged(loss, params, gradients, eps, slope=slope)


def by_worst(worst):
    return lambda loss, params, gradients, eps: judged(loss, params, gradients, eps, worst=worst)


gradient_errors.mistake(
    "Your difference is one-sided: move each entry up and down, and compare these two losses.",
    by_slope(lambda loss, at, eps: (loss(at(eps)) - loss(at(0))) / eps),
    by_slope(lambda loss, at, eps: (loss(at(0)) - loss(at(-eps))) / eps),
    by_slope(lambda loss, at, eps: (loss(at(2 * eps)) - loss(at(0))) / (2 * eps)),
)
gradient_errors.mistake(
    "From down to up it is two times eps, and you divide the difference of the losses by something else.",
    by_slope(lambda loss, at, eps: 2 * central(loss, at, eps)),
    by_slope(lambda loss, at, eps: central(loss, at, eps) * 2 * eps),
    by_slope(lambda loss, at, eps: central(loss, at, eps) * eps * eps),
    by_slope(lambda loss, at, eps: central(loss, at, eps) / 2),
)
gradient_errors.mistake(
    "You subtract the loss above from the loss below: the slopes have the wrong sign.",
    by_slope(lambda loss, at, eps: -central(loss, at, eps)),
)
gradient_errors.mistake(
    "The absolute value is missing: a difference far below zero is an error too.",
    by_worst(lambda gradient, measured: (gradient - measured).max()),
    by_worst(lambda gradient, measured: (measured - gradient).max()),
    by_worst(lambda gradient, measured: abs((gradient - measured).max())),
    by_worst(lambda gradient, measured: abs((measured - gradient).max())),
    by_worst(lambda gradient, measured: abs(np.abs(gradient).max() - np.abs(measured).max())),
    by_worst(lambda gradient, measured: max(0, (gradient - measured).max())),
    by_worst(lambda gradient, measured: max(0, (measured - gradient).max())),
)
gradient_errors.mistake(
    "You take a mean over the array, in which one wrong entry can hide. The largest difference is asked for.",
    by_worst(lambda gradient, measured: np.abs(gradient - measured).mean()),
    by_worst(lambda gradient, measured: np.mean((gradient - measured) ** 2)),
    by_worst(lambda gradient, measured: np.sqrt(np.mean((gradient - measured) ** 2))),
    by_worst(lambda gradient, measured: abs(np.mean(gradient - measured))),
)
gradient_errors.mistake(
    "You add up over the array: many small differences look like a large one. The largest is asked for.",
    by_worst(lambda gradient, measured: np.abs(gradient - measured).sum()),
    by_worst(lambda gradient, measured: np.sum((gradient - measured) ** 2)),
    by_worst(lambda gradient, measured: abs(np.sum(gradient - measured))),
)
gradient_errors.mistake(
    "You take the norm of all differences of an array. The largest of them alone is asked for.",
    by_worst(lambda gradient, measured: np.linalg.norm(gradient - measured)),
)
gradient_errors.mistake(
    "You square the largest difference. It is asked for as it is.",
    by_worst(lambda gradient, measured: np.max((gradient - measured) ** 2)),
)
gradient_errors.mistake(
    "That is a relative error: you divide by the size of a gradient. The difference itself is asked for.",
    by_worst(lambda gradient, measured: np.max(np.abs(gradient - measured) / np.abs(measured))),
    by_worst(lambda gradient, measured: np.max(np.abs(gradient - measured) / np.abs(gradient))),
    by_worst(lambda gradient, measured: np.abs(gradient - measured).max() / np.abs(measured).max()),
    by_worst(lambda gradient, measured: np.linalg.norm(gradient - measured) / np.linalg.norm(measured)),
    by_worst(
        lambda gradient, measured: np.max(
            np.abs(gradient - measured) / np.maximum(np.abs(gradient), np.abs(measured))
        )
    ),
    by_worst(
        lambda gradient, measured: np.max(np.abs(gradient - measured) / (np.abs(gradient) + np.abs(measured)))
    ),
)
gradient_errors.mistake(
    "You return the differences of all entries; one number per array is asked for, the largest.",
    by_worst(lambda gradient, measured: np.abs(gradient - measured)),
    by_worst(lambda gradient, measured: gradient - measured),
)
gradient_errors.mistake(
    "These are the measured gradients. Hold the given ones against them.",
    by_worst(lambda gradient, measured: measured),
    by_worst(lambda gradient, measured: np.abs(measured).max()),
)
gradient_errors.mistake(
    "Only one entry of each array counts in your answer: each overwrites what came before. Keep the largest.",
    by_worst(lambda gradient, measured: np.abs(gradient - measured).flat[-1]),
    by_worst(lambda gradient, measured: np.abs(gradient - measured).flat[0]),
)
gradient_errors.mistake(
    "You return one number for all arrays together; each array has an error of its own, under its name.",
    lambda loss, params, gradients, eps: max(gradient_errors(loss, params, gradients, eps).values()),
)
gradient_errors.mistake(
    "You pair the arrays by their place in the two dicts. They belong together by name.",
    lambda loss, params, gradients, eps: gradient_errors(
        loss, params, dict(zip(params, gradients.values(), strict=True)), eps
    ),
    lambda loss, params, gradients, eps: named_by_the_gradients(loss, params, gradients, eps),
    lambda loss, params, gradients, eps: dict(
        zip(gradients, gradient_errors(loss, params, gradients, eps).values(), strict=True)
    ),
    lambda loss, params, gradients, eps: dict(
        zip(
            gradients,
            gradient_errors(loss, params, dict(zip(params, gradients.values(), strict=True)), eps).values(),
            strict=True,
        )
    ),
)


def named_by_the_gradients(loss, params, gradients, eps):
    """Goes through both dicts at once, and puts the moved array under the gradient's name."""
    errors = {}
    for (name, gradient), array in zip(gradients.items(), params.values(), strict=True):
        slopes = np.zeros(array.shape)
        for index in np.ndindex(array.shape):
            up, down = array.copy(), array.copy()
            up[index] += eps
            down[index] -= eps
            slopes[index] = (loss({**params, name: up}) - loss({**params, name: down})) / (2 * eps)
        errors[name] = np.abs(gradient - slopes).max()
    return errors


@gradient_errors.mistake(
    "You move all entries of an array at once. That measures the sum of their derivatives: move one entry, "
    "and leave the others where they are."
)
def all_at_once(loss, params, gradients, eps):
    errors = {}
    for name, array in params.items():
        at = lambda by, name=name, array=array: {**params, name: array + by}
        errors[name] = np.abs(gradients[name] - central(loss, at, eps)).max()
    return errors


@gradient_errors.mistake(
    "You move a whole row of a matrix at once: one number in brackets names a row. Each entry has a place of "
    "its own, and a derivative."
)
def row_by_row(loss, params, gradients, eps):
    errors = {}
    for name, array in params.items():
        worst = 0
        for i in range(len(array)):
            up, down = array.copy(), array.copy()
            up[i] += eps
            down[i] -= eps
            slope = (loss({**params, name: up}) - loss({**params, name: down})) / (2 * eps)
            worst = max(worst, np.abs(gradients[name][i] - slope).max())
        errors[name] = worst
    return errors


@gradient_errors.mistake(
    "You move the entries of params themselves, up, down and up again. That does not come back to the last "
    "digit: move a copy."
)
def up_and_down_in_place(loss, params, gradients, eps):
    errors = {}
    for name, array in params.items():
        worst = 0
        for index in np.ndindex(array.shape):
            array[index] += eps
            up = loss(params)
            array[index] -= 2 * eps
            down = loss(params)
            array[index] += eps
            worst = max(worst, abs(gradients[name][index] - (up - down) / (2 * eps)))
        errors[name] = worst
    return errors


def left_behind(by, copied):
    """Moves entries up and down and leaves each where the factor ``by`` says."""

    def answer(loss, params, gradients, eps):
        errors = {}
        moved = {name: array.copy() for name, array in params.items()} if copied else params
        for name, array in moved.items():
            measured = np.zeros(array.shape)
            for index in np.ndindex(array.shape):
                old = array[index]
                array[index] = old + eps
                up = loss(moved)
                array[index] = old - eps
                measured[index] = (up - loss(moved)) / (2 * eps)
                array[index] = old + by * eps
            errors[name] = np.abs(gradients[name] - measured).max()
        return errors

    return answer


gradient_errors.mistake(
    "An entry stays moved while the next one is tried: each must be tried from the weights as given.",
    left_behind(-1, copied=True),
    left_behind(1, copied=True),
    left_behind(-1, copied=False),
    left_behind(1, copied=False),
)


def step_for(steps: dict, **shapes) -> dict:
    gradients = cases.named(**shapes)
    moves = cases.normal(*(shapes[name] for name in steps), seed=2)
    return {
        "loss": 2.0,
        "gradients": gradients,
        "steps": {name: (0.1 * move).round(3) for name, move in zip(steps, moves, strict=True)},
    }


@exercise(
    cases=lambda: [
        step_for(("w",), w=(2,)),
        step_for(("U", "W", "b"), W=(3, 3), U=(3, 3), b=(3,)),  # in another order
        step_for(("b", "U"), W=(3, 3), U=(3, 3), b=(3,)),  # W is not moved
        step_for(("c", "V"), V=(2, 2), c=(2,)),
    ],
    praise="Clipping, momentum and Adam step elsewhere than straight downhill: this tells what they gain.",
    see="Step 4: update the weights",
)
def predicted_loss(loss, gradients, steps):
    """The loss that calculus predicts after short steps, name to array; what has no step stays."""
    return loss + sum(np.sum(gradients[name] * step) for name, step in steps.items())


predicted_loss.mistake(
    "You subtract. The minus of the update is already in the steps: where a slope is positive and the step "
    "too, the loss rises.",
    lambda loss, gradients, steps: 2 * loss - predicted_loss(loss, gradients, steps),
)
predicted_loss.mistake(
    "You take the step to go straight against the gradient, as in the formula. These steps go elsewhere: "
    "each number's own slope and its own step count.",
    lambda loss, gradients, steps: loss - sum(np.sum(gradients[name] ** 2) for name in steps),
    lambda loss, gradients, steps: loss - sum(np.sum(g**2) for g in gradients.values()),
    lambda loss, gradients, steps: (
        loss - sum(np.linalg.norm(gradients[name]) * np.linalg.norm(step) for name, step in steps.items())
    ),
    lambda loss, gradients, steps: (
        loss
        - np.sqrt(sum(np.sum(g**2) for g in gradients.values()))
        * np.sqrt(sum(np.sum(s**2) for s in steps.values()))
    ),
    lambda loss, gradients, steps: (
        loss
        - np.sqrt(sum(np.sum(gradients[name] ** 2) for name in steps))
        * np.sqrt(sum(np.sum(s**2) for s in steps.values()))
    ),
    lambda loss, gradients, steps: (
        loss - sum(np.sum(np.abs(gradients[name] * step)) for name, step in steps.items())
    ),
)
predicted_loss.mistake(
    "You pair the arrays by their place in the two dicts. They belong together by name.",
    lambda loss, gradients, steps: (
        loss + sum(np.sum(g * step) for g, step in zip(gradients.values(), steps.values(), strict=False))
    ),
)
predicted_loss.mistake(
    "Not every array has a step. One without stays where it is, and adds nothing.",
    lambda loss, gradients, steps: (
        loss + sum(np.sum(gradient * steps[name]) for name, gradient in gradients.items())
    ),
)
predicted_loss.mistake(
    "That is the change of the loss; the loss itself is asked for.",
    lambda loss, gradients, steps: predicted_loss(0, gradients, steps),
    lambda loss, gradients, steps: -predicted_loss(0, gradients, steps),
)
predicted_loss.mistake(
    "You multiply the arrays as matrices. Every number has a slope and a step: multiply entry by entry.",
    lambda loss, gradients, steps: loss + sum(np.sum(gradients[name] @ step) for name, step in steps.items()),
    lambda loss, gradients, steps: (
        loss + sum(np.sum(gradients[name] @ step.T) for name, step in steps.items())
    ),
    lambda loss, gradients, steps: (
        loss + sum(np.sum(gradients[name].T @ step) for name, step in steps.items())
    ),
    lambda loss, gradients, steps: loss + sum(np.sum(step @ gradients[name]) for name, step in steps.items()),
)
predicted_loss.mistake(
    "You take a mean. All numbers move at once, and what each of them brings adds up.",
    lambda loss, gradients, steps: (
        loss + sum(np.mean(gradients[name] * step) for name, step in steps.items())
    ),
    lambda loss, gradients, steps: loss + predicted_loss(0, gradients, steps) / len(steps),
)
predicted_loss.mistake(
    "You add up the slopes of an array and the steps of an array, and multiply the sums. Multiply entry by "
    "entry first, then add.",
    lambda loss, gradients, steps: (
        loss + sum(np.sum(gradients[name]) * np.sum(step) for name, step in steps.items())
    ),
)
predicted_loss.mistake(
    "Only one array counts in your answer; all arrays with a step move.",
    lambda loss, gradients, steps: predicted_loss(loss, gradients, dict(list(steps.items())[:1])),
    lambda loss, gradients, steps: predicted_loss(loss, gradients, dict(list(steps.items())[-1:])),
)


def weights_and_gradients(eta: float, decay: float, bias: str, batch: int, **shapes) -> dict:
    """Gradients as a layer's backward returns them: of the weights, and of inputs and state."""
    params = cases.named(**shapes)
    found = cases.normal(*reversed(shapes.values()), (batch, 4, 2), (batch, shapes[bias][0]), seed=3)
    gradients = dict(zip([*reversed(shapes), "x", "state"], found, strict=True))
    return {"params": params, "gradients": gradients, "eta": eta, "decay": decay}


def nothing_to_learn() -> dict:
    case = weights_and_gradients(0.5, 0.4, "c", 2, c=(2,), V=(2, 3), a=(2,))
    case["gradients"] = {name: 0 * gradient for name, gradient in case["gradients"].items()}
    return case


@exercise(
    cases=lambda: [
        # Read backwards the shapes are the same: arrays that are paired by their place go unnoticed.
        weights_and_gradients(0.1, 0.5, "b", 1, W=(1, 1), b=(1,), U=(1, 1)),
        weights_and_gradients(0.2, 0.3, "b", 5, W=(3, 3), b=(3,), U=(3, 3)),
        nothing_to_learn(),
    ],
    praise="The update, with the little pull towards zero that keeps weights from growing without need.",
    see="Step 4: update the weights",
)
def sgd_update(params, gradients, eta, decay):
    """The weights after one step of rate eta, a dict; matrices have decay times themselves added."""
    new = {}
    for name, weight in params.items():
        gradient = gradients[name]
        if weight.ndim == 2:
            gradient = gradient + decay * weight
        new[name] = weight - eta * gradient
    return new


def updated(rule):
    """New weights by rule(w, g, eta, decay)."""
    return lambda params, gradients, eta, decay: {
        name: rule(w, gradients[name], eta, decay) for name, w in params.items()
    }


sgd_update.mistake(
    "The step goes uphill: weights move against their gradients.",
    updated(lambda w, g, eta, decay: w + eta * (g + decay * w * (w.ndim == 2))),
    updated(lambda w, g, eta, decay: w + eta * g - eta * decay * w * (w.ndim == 2)),
)
sgd_update.mistake(
    "The biases decay too. Only matrices, arrays with two axes, do here.",
    updated(lambda w, g, eta, decay: w - eta * (g + decay * w)),
    updated(lambda w, g, eta, decay: w - eta * g - decay * w),
)
sgd_update.mistake(
    "The biases decay and the matrices do not; it should be the other way round.",
    updated(lambda w, g, eta, decay: w - eta * (g + decay * w * (w.ndim == 1))),
)
sgd_update.mistake(
    "Nothing decays in your answer: decay times the matrix belongs to the gradient of a matrix.",
    updated(lambda w, g, eta, decay: w - eta * g),
)
sgd_update.mistake(
    "The decay does not go through the learning rate. It is part of the gradient, so that eta scales both.",
    updated(lambda w, g, eta, decay: w - eta * g - decay * w * (w.ndim == 2)),
)
sgd_update.mistake(
    "You let the moved matrix decay. Gradient and decay both belong to the matrix as it was before the step.",
    updated(lambda w, g, eta, decay: (w - eta * g) * (1 - eta * decay * (w.ndim == 2))),
    updated(lambda w, g, eta, decay: (w - eta * g) * (1 - decay * (w.ndim == 2))),
)
sgd_update.mistake(
    "The decay pushes weights away from zero: its sign is turned.",
    updated(lambda w, g, eta, decay: w - eta * (g - decay * w * (w.ndim == 2))),
)
sgd_update.mistake(
    "You add the number decay, and not decay times the matrix: it pulls every weight by the same amount.",
    updated(lambda w, g, eta, decay: w - eta * (g + decay * (w.ndim == 2))),
)
sgd_update.mistake(
    "decay multiplies the gradient in your answer. It belongs to the matrix: what decays is the weight.",
    updated(lambda w, g, eta, decay: w - eta * (g + decay * g * (w.ndim == 2))),
    updated(lambda w, g, eta, decay: w - eta * (g - decay * g * (w.ndim == 2))),
    updated(lambda w, g, eta, decay: w - eta * (decay * g if w.ndim == 2 else g)),
)
sgd_update.mistake(
    "You go through the keys of the gradients. The inputs and the state have gradients too, and are no "
    "weights: they do not move.",
    lambda params, gradients, eta, decay: {name: params[name] - eta * g for name, g in gradients.items()},
    lambda params, gradients, eta, decay: {
        **{name: -eta * g for name, g in gradients.items()},
        **sgd_update(params, gradients, eta, decay),
    },
    lambda params, gradients, eta, decay: {
        **gradients,
        **sgd_update(params, gradients, eta, decay),
    },
)
sgd_update.mistake(
    "You tell matrices and biases by their names, and other layers have other names. Look at the number of "
    "axes.",
    lambda params, gradients, eta, decay: {
        name: w - eta * (gradients[name] + decay * w * (name != "b")) for name, w in params.items()
    },
    lambda params, gradients, eta, decay: {
        name: w - eta * (gradients[name] + decay * w * (name in ("W", "U"))) for name, w in params.items()
    },
)
sgd_update.mistake(
    "The decay has a factor of its own in your answer: decay times the matrix is added, and nothing else.",
    updated(lambda w, g, eta, decay: w - eta * (g + 2 * decay * w * (w.ndim == 2))),
    updated(lambda w, g, eta, decay: w - eta * (g + decay / 2 * w * (w.ndim == 2))),
)
sgd_update.mistake(
    "You add decay times something else made of the matrix, its squares or signs. It is the matrix itself.",
    updated(lambda w, g, eta, decay: w - eta * (g + decay * w**2 * (w.ndim == 2))),
    updated(lambda w, g, eta, decay: w - eta * (g + decay * np.sum(w**2) * (w.ndim == 2))),
    updated(lambda w, g, eta, decay: w - eta * (g + decay * np.abs(w) * (w.ndim == 2))),
    updated(lambda w, g, eta, decay: w - eta * (g + decay * np.sign(w) * (w.ndim == 2))),
)
sgd_update.mistake(
    "You pair weights and gradients by their place in the dicts. They belong together by name.",
    lambda params, gradients, eta, decay: {
        name: w - eta * (g + decay * w * (w.ndim == 2))
        for (name, w), g in zip(params.items(), gradients.values(), strict=False)
    },
)
sgd_update.mistake(
    "These are the steps; the weights after them are asked for.",
    updated(lambda w, g, eta, decay: -eta * (g + decay * w * (w.ndim == 2))),
    updated(lambda w, g, eta, decay: eta * (g + decay * w * (w.ndim == 2))),
)


@sgd_update.mistake("You write into the weights that you were given. Return new arrays in a new dict.")
def updates_in_place(params, gradients, eta, decay):
    for name, weight in params.items():
        weight -= eta * (gradients[name] + decay * weight * (weight.ndim == 2))
    return params


@sgd_update.mistake("You write into the gradients that you were given. Add the decay in a new array.")
def spoils_the_gradients(params, gradients, eta, decay):
    for name, weight in params.items():
        if weight.ndim == 2:
            gradients[name] += decay * weight
    return {name: w - eta * gradients[name] for name, w in params.items()}
