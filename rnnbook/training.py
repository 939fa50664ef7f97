"""What every training loop needs, whichever framework it trains in."""

import math


class TrainingDiverged(ArithmeticError):
    """A loss stopped being finite."""


class FiniteLoss:
    """Watch the losses of a training run, and end it clearly when one is no longer a finite number.

    watch = FiniteLoss()
    watch(step, loss, gradient_norm)      # at every step, before the weights move
    """

    def __init__(self) -> None:
        self.last: float | None = None

    def __call__(self, step: int, loss: float, gradient_norm: float | None = None) -> None:
        """Note ``loss``; TrainingDiverged names the step, the last finite loss and the gradient norm."""
        if math.isfinite(loss):
            self.last = float(loss)
            return
        last = (
            "there was no finite loss before it"
            if self.last is None
            else f"the last finite loss was {self.last:.4g}"
        )
        norm = "" if gradient_norm is None else f", the gradient norm was {gradient_norm:.4g}"
        raise TrainingDiverged(
            f"the loss became {float(loss)} at step {step}; {last}{norm}; "
            "try a lower learning rate, or clip gradients"
        )
