"""What pruning keeps, and what a sparse matrix weighs: against SciPy's own arrays."""

import numpy as np
import pytest
import scipy.sparse

from rnnbook.tasks.sparsity import csr_nbytes, magnitude_mask, random_mask


def test_the_largest_weights_are_kept():
    weights = np.array([[3.0, -1.0, 0.5], [-4.0, 2.0, 0.1]])
    assert magnitude_mask(weights, 0.5).tolist() == [[True, False, False], [True, True, False]]
    assert magnitude_mask(weights, 0).all() and not magnitude_mask(weights, 1).any()


def test_of_equal_weights_the_earlier_go_first():
    assert magnitude_mask(np.array([1.0, -1, 1, 1]), 0.5).tolist() == [False, False, True, True]


def test_a_random_mask_keeps_as_many():
    weights = np.random.default_rng(0).normal(size=(7, 9))
    drawn = random_mask(weights.shape, 0.4, np.random.default_rng(1))
    assert drawn.sum() == magnitude_mask(weights, 0.4).sum() == 63 - 25
    assert not np.array_equal(drawn, random_mask(weights.shape, 0.4, np.random.default_rng(2)))


@pytest.mark.parametrize("sparsity", [-0.1, 1.1])
def test_a_sparsity_is_a_share(sparsity):
    with pytest.raises(ValueError, match=r"sparsity must be a number in 0\.\.1, got"):
        magnitude_mask(np.ones(3), sparsity)


def test_bytes_are_those_of_scipy():
    kept = magnitude_mask(np.random.default_rng(0).normal(size=(30, 20)), 0.8)
    matrix = scipy.sparse.csr_array(kept.astype(np.float32))
    size = matrix.data.nbytes + matrix.indices.nbytes + matrix.indptr.nbytes
    assert csr_nbytes((30, 20), matrix.nnz) == size
    with pytest.raises(ValueError, match=r"nnz must be in 0\.\.600, got 601"):
        csr_nbytes((30, 20), 601)


def test_a_share_is_rounded_to_whole_weights():
    assert magnitude_mask(np.array([3.0, 1.0, 2.0]), 0.5).tolist() == [True, False, False]
