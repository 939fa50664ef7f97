"""What the layers share: chunks of time."""

import numpy as np
import pytest

from rnnbook.numpy import LSTM, Bidirectional, ElmanRNN, Stacked
from rnnbook.numpy.layer import Tape


@pytest.mark.parametrize("time", [1, 2, 5, 1000])
@pytest.mark.parametrize("chunk_bytes", [1, 100, 1 << 18])
def test_chunks_cover_every_step_once_from_the_end(time, chunk_bytes):
    layer = ElmanRNN(2, 3)
    chunks = layer._chunks(Tape(batch=4, time=time, last=None), 5, chunk_bytes)
    assert [t for start, stop in chunks for t in reversed(range(start, stop))] == list(reversed(range(time)))
    bytes_a_step = 4 * 5 * 4
    assert all((stop - start) * bytes_a_step <= max(chunk_bytes, bytes_a_step) for start, stop in chunks)


def test_a_long_sequence_needs_several_chunks_as_it_is():
    """Not patched: 1300 steps of 64 sequences of 4 units are several chunks; one sequence alone is one."""
    rng = np.random.default_rng(0)
    layer = ElmanRNN(2, 4, dtype=np.float64, rng=rng)
    x, d_outputs = rng.standard_normal((64, 1300, 2)), rng.standard_normal((64, 1300, 4))
    _, _, tape = layer.forward(x)
    assert len(layer._chunks(tape, 8)) > 1
    together = layer.backward(tape, d_outputs)
    one = slice(3, 4)
    _, _, tape = layer.forward(x[one])
    assert len(layer._chunks(tape, 8)) == 1
    np.testing.assert_allclose(
        together["x"][one], layer.backward(tape, d_outputs[one])["x"], rtol=1e-9, atol=1e-12
    )


@pytest.mark.parametrize(
    ("layer", "d_outputs", "d_state", "error", "message"),
    [
        (
            ElmanRNN(2, 3),
            np.zeros((4, 5, 2), np.float32),
            None,
            ValueError,
            "d_outputs must have shape (4, 5, 3), got (4, 5, 2)",
        ),
        (
            ElmanRNN(2, 3),
            np.zeros((4, 5, 3)),
            None,
            TypeError,
            "d_outputs must be float32, got float64; "
            "convert it to float32, or build the layer with dtype float64",
        ),
        (
            ElmanRNN(2, 3),
            None,
            np.zeros((1, 3), np.float32),
            ValueError,
            "d_state h must have shape (4, 3), got (1, 3)",
        ),
        (
            LSTM(2, 3),
            None,
            np.zeros((4, 3), np.float32),
            TypeError,
            "d_state must be a tuple (h, c), got one array of shape (4, 3)",
        ),
        (
            Bidirectional(ElmanRNN(2, 3), ElmanRNN(2, 3)),
            np.zeros((4, 5, 3), np.float32),
            None,
            ValueError,
            "d_outputs must have shape (4, 5, 6), got (4, 5, 3)",
        ),
        (
            Bidirectional(ElmanRNN(2, 3), ElmanRNN(2, 3)),
            None,
            np.zeros((4, 3), np.float32),
            TypeError,
            "d_state must be a tuple (forward, backward), got one array of shape (4, 3)",
        ),
        (
            Stacked([ElmanRNN(2, 3)]),
            None,
            (None, None),
            TypeError,
            "d_state must be a tuple (layer 0), got a tuple of 2",
        ),
    ],
)
def test_gradients_that_do_not_fit_are_refused(layer, d_outputs, d_state, error, message):
    _, _, tape = layer.forward(np.zeros((4, 5, 2), np.float32))
    with pytest.raises(error) as raised:
        layer.backward(tape, d_outputs, d_state)
    assert str(raised.value) == message
