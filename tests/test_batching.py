"""Padding, buckets and masks: nothing is lost, nothing is added, and little is wasted."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rnnbook.batching import bucket_by_length, make_batches, map_batched, pad, sequence_mask

drawn = settings(derandomize=True, deadline=None, database=None)
lengths_drawn = st.lists(st.integers(1, 30), min_size=1, max_size=80).map(np.array)


def test_pad_by_hand():
    x, lengths = pad([[1, 2, 3], [4]], value=9)
    assert x.tolist() == [[1, 2, 3], [4, 9, 9]] and lengths.tolist() == [3, 1]
    x, lengths = pad([[1], [2]], max_len=3)
    assert x.tolist() == [[1, 0, 0], [2, 0, 0]] and lengths.tolist() == [1, 1]
    x, _ = pad([np.ones((2, 3), np.float32), np.ones((1, 3), np.float32)])
    assert x.shape == (2, 2, 3) and x.dtype == np.float32 and x[1, 1].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("sequences", "options", "message"),
    [
        ([], {}, "sequences must hold at least one sequence, got none"),
        ([[1], []], {}, r"sequences\[1\] must hold at least one step, got shape \(0,\)"),
        ([np.ones((2, 3)), np.ones((2, 4))], {}, r"sequences\[1\] must have steps of shape \(3,\)"),
        ([[1], [1, 2]], {"max_len": 1}, r"max_len must be at least 2, the length of sequences\[1\], got 1"),
    ],
)
def test_pad_refuses(sequences, options, message):
    with pytest.raises(ValueError, match=message):
        pad(sequences, **options)


@pytest.mark.parametrize(
    ("value", "dtype", "held"),
    [
        (300, "uint8", False),
        (-1, "uint8", False),
        (255, "uint8", True),
        (2.5, "int64", False),
        (2.0, "int64", True),
        (float("nan"), "int32", False),
        (float("nan"), "float32", True),
        (1e300, "float32", False),
        (0.1, "float32", True),
        (70000, "float16", False),
        (2, "bool", False),
        (1j, "float64", False),
        (None, "float64", False),
        ("0", "int64", False),
    ],
)
def test_pad_writes_only_what_the_dtype_holds(value, dtype, held):
    sequences = [np.zeros(2, dtype), np.zeros(1, dtype)]
    if held:
        np.testing.assert_array_equal(pad(sequences, value)[0][1, 1], np.array(value, dtype))
    else:
        with pytest.raises(ValueError, match=rf"value must be one that {dtype} can hold, got "):
            pad(sequences, value)


def test_pad_mixes_no_integers_into_floats():
    with pytest.raises(
        TypeError, match="sequences must have dtypes that one array can hold, got int64, uint64"
    ):
        pad([np.array([2**62 + 1]), np.array([2**63 + 1], np.uint64)])
    with pytest.raises(TypeError, match="that one array can hold, got int64, str32"):
        pad([[1], ["a"]])
    assert pad([np.array([1], np.int8), np.array([2**40])])[0].dtype == np.int64


@pytest.mark.parametrize("width", ["uint8", "uint64", ">i2"])
def test_lengths_of_any_width(width):
    lengths, x = np.array([3, 1, 2], width), np.arange(9).reshape(3, 3)
    for batch, ends in make_batches(x, lengths, batch_size=2)():
        assert batch.shape[1] == ends.max()
    assert sequence_mask(lengths, 3).sum(axis=1).tolist() == [3, 1, 2]
    with pytest.raises(ValueError, match=r"lengths must lie in 1..2, got 3 at index 0"):
        make_batches(x[:, :2], lengths, batch_size=2)


@drawn
@given(lengths_drawn, st.integers(1, 9), st.integers(1, 4), st.one_of(st.none(), st.integers(0, 99)))
@example(lengths=[3] * 9, batch_size=2, pool=2, seed=0)  # more than one pool
def test_buckets_hold_every_sequence_once(lengths, batch_size, pool, seed):
    rng = None if seed is None else np.random.default_rng(seed)
    batches = bucket_by_length(lengths, batch_size, rng, pool=pool)
    assert sorted(np.concatenate(batches).tolist()) == list(range(len(lengths)))
    assert all(1 <= len(batch) <= batch_size for batch in batches)


def test_buckets_waste_little_and_differ_between_epochs():
    lengths = np.random.default_rng(0).integers(1, 50, 2000)

    def steps(batches):
        return sum(len(batch) * lengths[batch].max() for batch in batches)

    rng = np.random.default_rng(1)
    first, second = bucket_by_length(lengths, 32, rng), bucket_by_length(lengths, 32, rng)
    at_random = np.split(rng.permutation(1984), 62)
    assert steps(first) < 1.1 * lengths.sum() < 0.7 * steps(at_random)
    assert {frozenset(batch) for batch in first} != {frozenset(batch) for batch in second}
    longest = [lengths[batch].max() for batch in first]
    for part in longest, longest[:20]:  # also within a pool
        assert part != sorted(part) and part != sorted(part, reverse=True)


def test_one_seed_gives_the_same_batches_again():
    lengths = np.arange(1, 100)
    first, again = (bucket_by_length(lengths, 8, np.random.default_rng(3), pool=2) for _ in range(2))
    assert all(np.array_equal(batch, other) for batch, other in zip(first, again, strict=True))


@pytest.mark.parametrize(("size", "error"), [(0, ValueError), (2.0, TypeError)])
def test_buckets_refuse(size, error):
    with pytest.raises(error, match="batch_size must be a positive integer"):
        bucket_by_length(np.array([1, 2]), size)


def test_batches_keep_rows_together_and_are_cut():
    lengths = np.array([3, 1, 2, 5, 4])
    x = np.arange(5)[:, None] * 10 + np.zeros(9, int)
    batches = make_batches(x, lengths, np.arange(5), batch_size=2)
    for inputs, input_lengths, rows in [*batches(np.random.default_rng(0)), *batches()]:
        assert inputs.shape == (len(rows), input_lengths.max())
        assert input_lengths.tolist() == lengths[rows].tolist()
        assert inputs[:, 0].tolist() == (10 * rows).tolist()
    with pytest.raises(ValueError, match=r"extra_arrays\[0\] must have a row for each of 5 sequences, got 4"):
        make_batches(x, lengths, np.arange(4), batch_size=2)
    with pytest.raises(ValueError, match="lengths must have a row for each of 5 sequences, got 4"):
        make_batches(x, lengths[:4], batch_size=2)


@drawn
@given(lengths_drawn, st.integers(1, 9))
def test_map_batched_keeps_the_order(lengths, batch_size):
    x = np.random.default_rng(0).integers(1, 9, (len(lengths), 30))
    x = np.where(sequence_mask(lengths, 30), x, 0)
    sums = map_batched(lambda rows, ends: rows.sum(axis=1) + ends, x, lengths, batch_size=batch_size)
    assert sums.tolist() == (x.sum(axis=1) + lengths).tolist()


def test_sequence_mask():
    assert sequence_mask([1, 3], 3).tolist() == [[True, False, False], [True, True, True]]
