"""What the loop counts and keeps; a loss that stops being finite ends a run, and says where it stood."""

import numpy as np
import pytest

from rnnbook.training import State, TerminateOnNaN, TrainingDiverged, training_loop


def test_finite_losses_pass():
    watch = TerminateOnNaN()
    for step, loss in enumerate([2.0, np.float32(1.5), np.float64(1e300)]):
        watch(step, loss, 1.0)
    assert watch.last == 1e300


@pytest.mark.parametrize(
    ("loss", "written"), [(float("nan"), "nan"), (np.float32("inf"), "inf"), (-np.inf, "-inf")]
)
def test_a_loss_that_is_not_finite_ends_the_run(loss, written):
    watch = TerminateOnNaN()
    watch(6, 0.123456)
    with pytest.raises(TrainingDiverged) as raised:
        watch(7, loss, 98765.4)
    assert str(raised.value) == (
        f"the loss became {written} at step 7; the last finite loss was 0.1235, "
        "the gradient norm was 9.877e+04; try a lower learning rate, or clip gradients"
    )
    assert watch.last == pytest.approx(0.123456)


@pytest.mark.parametrize("norm", [float("nan"), np.float32("inf")])
def test_a_gradient_that_is_not_finite_ends_the_run_too(norm):
    watch = TerminateOnNaN()
    watch(6, 0.123456, 2.0)
    with pytest.raises(TrainingDiverged) as raised:
        watch(7, 0.1, norm)
    assert str(raised.value) == (
        f"the gradient norm became {float(norm)} at step 7; the last finite loss was 0.1235; "
        "try a lower learning rate, or clip gradients"
    )


def test_at_the_first_step_and_without_a_norm():
    with pytest.raises(TrainingDiverged) as raised:
        TerminateOnNaN()(0, float("nan"))
    assert "at step 0; there was no finite loss before it; try" in str(raised.value)


def test_is_an_arithmetic_error():
    assert issubclass(TrainingDiverged, ArithmeticError)


def loop(losses: list[float], scores: list[float], sizes: tuple[int, ...] = (2,)):
    """Train for as many epochs as there are scores, with these losses of the steps."""
    given, scored = iter(losses), iter(scores)
    return training_loop(
        lambda number, rate, batch: next(given),
        lambda rng: [(np.zeros(size),) for size in sizes],
        lambda: next(scored),
        State(dict, lambda arrays: None),
        State(dict, lambda arrays: None),
        epochs=len(scores),
        learning_rate=1.0,
        patience=None,
        seed=0,
        progress=False,
    )


def test_the_loss_of_an_epoch_is_the_mean_over_sequences_and_not_over_batches():
    assert loop([1.0, 5.0], [0.0], sizes=(3, 1)).losses == [2.0]


def test_a_tie_goes_to_the_later_weights():
    assert loop([1.0] * 4, [0.1, 0.7, 0.7, 0.2]).best_epoch == 2
