"""Rules that turn gradients into steps of the weights, and the clip that keeps those steps sane.

An optimiser is made for the layers that it trains and is given their gradients, layer by layer:

    optimizer = Adam([rnn, readout], learning_rate=0.01)
    optimizer.step([rnn_gradients, readout_gradients])

Weights change in place, so the dicts in ``layer.params`` stay the same objects.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

import numpy as np

from rnnbook import validation

NOT_WEIGHTS = ("x", "state")  # what backward returns beside the gradients of the weights


def clip_by_global_norm(gradients: Mapping | Sequence[Mapping], max_norm: float) -> float:
    """Shrink all weight gradients together, in place, until their common norm is at most ``max_norm``.

    g <- g * max_norm / ‖g‖ where ‖g‖ > max_norm. The norm is taken over every array of every dict, except
    the gradients of inputs and states, which are left as they are.

    Returns the norm before clipping, so that it can be watched. ValueError unless ``max_norm`` is positive.

    Pascanu, Mikolov and Bengio, 2013, 'On the difficulty of training recurrent neural networks', algorithm 1.
    """
    validation.check_positive("max_norm", max_norm, finite=False)
    dicts = [gradients] if isinstance(gradients, Mapping) else gradients
    if not isinstance(dicts, list | tuple) or not all(isinstance(dict_, Mapping) for dict_ in dicts):
        raise TypeError("gradients must be a dict of arrays, or a list of such dicts")
    arrays = [array for dict_ in dicts for key, array in dict_.items() if key not in NOT_WEIGHTS]
    if not all(isinstance(array, np.ndarray) and array.dtype.kind == "f" for array in arrays):
        raise TypeError("gradients must hold arrays of floats, which are changed in place")
    if not all(array.flags.writeable for array in arrays):
        raise ValueError("gradients must hold arrays that can be changed in place, got one that is read-only")
    norm = float(np.sqrt(sum(np.square(array, dtype=np.float64).sum() for array in arrays)))
    if max_norm < norm < np.inf:  # an infinite one says that the run is lost, and is not hidden by NaN
        for array in arrays:
            array *= max_norm / norm
    return norm


class Optimizer(ABC):
    """Steps for the weights of ``layers``; what a rule remembers is kept per weight, by layer and name."""

    weight_decay = 0.0

    def __init__(self, layers, learning_rate: float) -> None:
        if not isinstance(layers, list | tuple) or not all(hasattr(layer, "params") for layer in layers):
            raise TypeError(f"layers must be a list of layers, got {layers!r}")
        validation.check_positive("learning_rate", learning_rate)
        self.layers = list(layers)
        self.learning_rate = learning_rate
        self.memory: dict[tuple[int, str], list[np.ndarray]] = {}
        self.steps = 0

    def step(self, gradients: Sequence[Mapping[str, np.ndarray]]) -> None:
        """Move every weight of every layer once.

        gradients: for each layer, in order, what its ``backward`` returned. A weight without a gradient
        stays as it is. ValueError where one has another shape, or none is that of a weight; no weight moves
        then.
        """
        if not isinstance(gradients, list | tuple) or len(gradients) != len(self.layers):
            raise ValueError(f"gradients must be a list with one dict for each of {len(self.layers)} layers")
        moves = []
        for index, (layer, of_layer) in enumerate(zip(self.layers, gradients, strict=True)):
            if not isinstance(of_layer, Mapping):
                raise ValueError(
                    f"gradients[{index}] must be a dict of arrays, got {type(of_layer).__name__}"
                )
            if of_layer and not layer.params.keys() & of_layer.keys():
                raise ValueError(
                    f"gradients[{index}] must have keys out of {', '.join(layer.params)}, "
                    f"got {', '.join(of_layer)}"
                )
            for key, weight in layer.params.items():
                if key not in of_layer:
                    continue
                name = f"gradients[{index}][{key!r}]"
                gradient = validation.as_numbers(name, of_layer[key], weight.shape)
                if gradient.dtype.kind != "f":
                    raise TypeError(f"{name} must be floats, got {gradient.dtype}")
                moves.append(((index, key), weight, gradient))
        self.steps += 1
        for name, weight, gradient in moves:
            if self.weight_decay:
                weight *= 1 - self.learning_rate * self.weight_decay
            weight -= self.update(name, gradient)

    @abstractmethod
    def update(self, name: tuple[int, str], gradient: np.ndarray) -> np.ndarray:
        """What to subtract from the weight ``name``."""

    def slots(self, name: tuple[int, str], like: np.ndarray, count: int) -> list[np.ndarray]:
        """The ``count`` running arrays of one weight, zero at first."""
        if name not in self.memory:
            self.memory[name] = [np.zeros_like(like) for _ in range(count)]
        return self.memory[name]


class SGD(Optimizer):
    """w <- w - η g. Robbins and Monro, 1951, 'A stochastic approximation method'."""

    def __init__(self, layers, learning_rate: float = 0.1) -> None:
        super().__init__(layers, learning_rate)

    def update(self, name, gradient):
        return self.learning_rate * gradient


class Momentum(Optimizer):
    """v <- μ v + g;  w <- w - η v.

    Polyak, 1964, 'Some methods of speeding up the convergence of iteration methods'.
    """

    def __init__(self, layers, learning_rate: float = 0.1, momentum: float = 0.9) -> None:
        super().__init__(layers, learning_rate)
        validation.check_unit_interval("momentum", momentum)
        self.momentum = momentum

    def update(self, name, gradient):
        (v,) = self.slots(name, gradient, 1)
        v *= self.momentum
        v += gradient
        return self.learning_rate * v


class RMSprop(Optimizer):
    """s <- ρ s + (1 - ρ) g²;  w <- w - η g / (sqrt(s) + ε).

    Tieleman and Hinton, 2012, 'Lecture 6.5: rmsprop'.
    """

    def __init__(
        self, layers, learning_rate: float = 0.001, decay: float = 0.9, epsilon: float = 1e-8
    ) -> None:
        super().__init__(layers, learning_rate)
        validation.check_unit_interval("decay", decay)
        self.decay, self.epsilon = decay, epsilon

    def update(self, name, gradient):
        (s,) = self.slots(name, gradient, 1)
        s *= self.decay
        s += (1 - self.decay) * gradient**2
        return self.learning_rate * gradient / (np.sqrt(s) + self.epsilon)


class Adam(Optimizer):
    """m <- β1 m + (1 - β1) g;  v <- β2 v + (1 - β2) g²;  w <- w - η m̂ / (sqrt(v̂) + ε).

    m̂ = m / (1 - β1^t) and v̂ = v / (1 - β2^t) undo the start from zero.
    Kingma and Ba, 2015, 'Adam: a method for stochastic optimization', algorithm 1.

    weight_decay: λ of AdamW, w <- (1 - η λ) w before that. Loshchilov and Hutter, 2019, 'Decoupled weight
        decay regularization', algorithm 2.
    """

    def __init__(
        self,
        layers,
        learning_rate: float = 0.001,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        *,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(layers, learning_rate)
        validation.check_positive_or_zero("weight_decay", weight_decay)
        self.weight_decay = weight_decay
        validation.check_unit_interval("beta1", beta1)
        validation.check_unit_interval("beta2", beta2)
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon

    def update(self, name, gradient):
        m, v = self.slots(name, gradient, 2)
        m *= self.beta1
        m += (1 - self.beta1) * gradient
        v *= self.beta2
        v += (1 - self.beta2) * gradient**2
        m_hat = m / (1 - self.beta1**self.steps)
        v_hat = v / (1 - self.beta2**self.steps)
        return self.learning_rate * m_hat / (np.sqrt(v_hat) + self.epsilon)
