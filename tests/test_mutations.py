"""The tests of the NumPy wing notice each of many ways to break it; see tests/mutations.py."""

import pytest

from tests.mutations import MUTATIONS, Copy, Mutation


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    copy = Copy(tmp_path_factory.mktemp("mutations"))
    status, printed = copy.run()
    assert status == 0, f"the tests fail without any mutation:\n{printed}"
    return copy


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_is_noticed(copy, mutation):
    assert copy.survived(mutation) == ""


def test_a_survivor_and_a_mutation_that_no_longer_applies_are_reported(copy):
    harmless = Mutation("elman", "harmless", "np.matmul(dz_t, U, out=dh)", "np.matmul(dz_t, +U, out=dh)")
    assert copy.survived(harmless) == "no test failed"
    gone = Mutation("elman", "gone", "no such line", "")
    assert copy.survived(gone) == "no longer applies: 'no such line' stands 0 times in elman.py"
    unreadable = Mutation("elman", "unreadable", "np.matmul(dz_t, U, out=dh)", "np.matmul(")
    assert copy.survived(unreadable).startswith("the tests could not be run:")


def test_none_is_listed_twice():
    assert len({(m.file, m.old, m.new) for m in MUTATIONS}) == len(MUTATIONS) >= 30
