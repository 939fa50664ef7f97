"""A loss that stops being finite ends a run, and says where it stood."""

import numpy as np
import pytest

from rnnbook.training import FiniteLoss, TrainingDiverged


def test_finite_losses_pass():
    watch = FiniteLoss()
    for step, loss in enumerate([2.0, np.float32(1.5), np.float64(1e300)]):
        watch(step, loss, 1.0)
    assert watch.last == 1e300


@pytest.mark.parametrize(
    ("loss", "written"), [(float("nan"), "nan"), (np.float32("inf"), "inf"), (-np.inf, "-inf")]
)
def test_a_loss_that_is_not_finite_ends_the_run(loss, written):
    watch = FiniteLoss()
    watch(6, 0.123456)
    with pytest.raises(TrainingDiverged) as raised:
        watch(7, loss, 98765.4)
    assert str(raised.value) == (
        f"the loss became {written} at step 7; the last finite loss was 0.1235, "
        "the gradient norm was 9.877e+04; try a lower learning rate, or clip gradients"
    )
    assert watch.last == pytest.approx(0.123456)


def test_at_the_first_step_and_without_a_norm():
    with pytest.raises(TrainingDiverged) as raised:
        FiniteLoss()(0, float("nan"))
    assert "at step 0; there was no finite loss before it; try" in str(raised.value)


def test_is_an_arithmetic_error():
    assert issubclass(TrainingDiverged, ArithmeticError)
