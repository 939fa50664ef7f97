"""Masks: skipped steps carry the state, have zero outputs, and nothing that they hold gets through."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from rnnbook.tensorflow import GRU, LSTM, Bidirectional, Dense, ElmanRNN
from tests.tensorflow.pairs import KINDS, D, assert_equal, pair

HOLES = np.array([[1, 0, 1, 1, 0, 1], [0, 0, 1, 1, 1, 0], [1, 1, 1, 1, 1, 1]], dtype=bool)


def inputs(time=6, dtype="float64", batch=3):
    return np.random.default_rng(4).standard_normal((batch, time, D)).astype(dtype)


@pytest.mark.parametrize("kind", KINDS)
def test_any_pattern_is_the_sequence_without_the_skipped_steps(kind):
    _, layer = pair(kind)
    x = inputs()
    outputs, after = layer(x, mask=HOLES)
    for row, valid in enumerate(HOLES):
        alone, after_alone = layer(x[row : row + 1, valid])
        assert_equal(outputs[row][valid], alone[0], 1e-12)
        for part, part_alone in zip(tf.nest.flatten(after), tf.nest.flatten(after_alone), strict=True):
            assert_equal(part[row], part_alone[0], 1e-12)
        assert not np.any(outputs[row][~valid])


def test_a_row_without_a_valid_step_keeps_its_state():
    layer = LSTM(D, 4, dtype="float64", return_sequences=False)
    state = (np.ones((3, 4)), np.full((3, 4), 2.0))
    mask = HOLES & np.array([[True], [False], [True]])
    outputs, (h, c) = layer(inputs(), state, mask=mask)
    assert_equal([outputs[1], h[1], c[1]], [np.zeros(4), state[0][1], state[1][1]], 0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("how", ["lengths", "mask"])
def test_nan_in_the_padding_reaches_nothing(kind, how):
    _, layer = pair(kind)
    x, lengths = inputs(), np.array([6, 2, 4])
    mask = np.arange(6) < lengths[:, None]
    given = {"lengths": lengths} if how == "lengths" else {"mask": mask}
    clean, after_clean = layer(x, **given)
    x[~mask] = np.nan
    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        outputs, after = layer(x, **given)
        loss = tf.add_n([tf.reduce_sum(part**2) for part in (outputs, *tf.nest.flatten(after))])
    d_x, *d_weights = tape.gradient(loss, (x, *layer.named_variables().values()))
    assert_equal((outputs, after), (clean, after_clean), 0)
    assert all(np.all(np.isfinite(gradient)) for gradient in (d_x, *d_weights))
    assert not np.any(d_x.numpy()[~mask])
    assert np.all(d_x.numpy()[mask])


def test_masking_layer_counts_as_lengths():
    x, lengths = inputs(dtype="float32"), np.array([6, 2, 4])
    x[np.arange(6) >= lengths[:, None]] = 0
    layer = GRU(D, 4)
    outputs, state = layer(keras.layers.Masking()(x))
    wanted, wanted_state = layer(x, lengths=lengths)
    assert_equal((outputs, state), (wanted, wanted_state), 1e-7)
    assert not np.any(outputs[1, 2:]) and np.all(outputs[1, :2])


def test_a_mask_is_found_beside_a_state():
    x, lengths = inputs(dtype="float32"), np.array([6, 2, 4])
    x[np.arange(6) >= lengths[:, None]] = 0
    layer, state = GRU(D, 4), np.ones((3, 4), "float32")
    assert_equal(layer(keras.layers.Masking()(x), state), layer(x, state, lengths), 1e-7)


@pytest.mark.parametrize("left", [False, True])
def test_embedding_with_mask_zero(left):
    words = np.array([[2, 1, 3], [4, 2, 0]])
    padded = np.array([[0, 2, 1, 3], [0, 0, 4, 2]]) if left else np.array([[2, 1, 3, 0], [4, 2, 0, 0]])
    embedding = keras.layers.Embedding(5, D, mask_zero=True)
    tokens = keras.Input((None,), dtype="int32")
    outputs, (h, c) = LSTM(D, 4)(embedding(tokens))
    model = keras.Model(tokens, [outputs, h, c])
    _, h, c = model(padded)
    for row, length in enumerate((3, 2)):
        alone = model(words[row : row + 1, :length])
        assert_equal((h[row], c[row]), (alone[1][0], alone[2][0]), 1e-6)


def test_the_mask_goes_on_to_the_next_layer():
    x = keras.layers.Masking()(tf.constant(inputs(dtype="float32")))
    mask = x._keras_mask
    sequences, state = GRU(D, 4)(x)
    assert sequences._keras_mask is mask
    assert getattr(state, "_keras_mask", None) is None
    assert GRU(D, 4, return_state=False)(x)._keras_mask is mask
    last = GRU(D, 4, return_state=False, return_sequences=False)(x)
    assert getattr(last, "_keras_mask", None) is None
    last, _ = GRU(D, 4, return_sequences=False)(x)
    assert getattr(last, "_keras_mask", None) is None


@pytest.mark.parametrize("lengths", [None, [6, 2, 4]], ids=["full", "ragged"])
def test_last_outputs(lengths):
    forward, backward = GRU(D, 4, dtype="float64"), ElmanRNN(D, 2, dtype="float64")
    x, ends = inputs(), np.array(lengths or [6, 6, 6])
    outputs, _ = forward(x, lengths=lengths)
    forward.return_sequences = False
    last, state = forward(x, lengths=lengths)
    assert_equal(last, outputs.numpy()[np.arange(3), ends - 1], 0)
    assert_equal(last, state, 0)
    # Of two directions, the last outputs are those that have read the whole sequence.
    both = Bidirectional(forward, backward, return_sequences=False)
    last, (ahead, behind) = both(x, lengths=lengths)
    assert_equal(last, tf.concat([ahead, behind], axis=-1), 0)


def test_last_outputs_of_any_pattern():
    layer = LSTM(D, 4, dtype="float64", return_sequences=False)
    outputs, (h, _) = layer(inputs(), mask=HOLES)
    assert_equal(outputs, h, 0)


def test_the_mask_goes_through_a_readout():
    x, lengths = inputs(dtype="float32"), [5, 1, 3]
    valid = np.arange(6) < np.array(lengths)[:, None]
    dense, layer = Dense(D, 2), GRU(2, 4)
    masked = keras.layers.Masking()(np.where(valid[:, :, None], x, 0))
    _, state = layer(dense(masked))
    assert_equal(state, layer(dense(x), lengths=lengths)[1], 1e-6)
