"""The tests notice ways to break the package; see tests/mutations.py, whose command tries all of them."""

import pytest

from tests.mutations import MUTATIONS, ROOT, SAMPLE, Copy, Mutation


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    copy = Copy(tmp_path_factory.mktemp("mutations"))
    assert copy.unmutated(SAMPLE) == "", "the tests fail without any mutation"
    return copy


@pytest.mark.slow
@pytest.mark.parametrize("mutation", SAMPLE, ids=str)
def test_is_noticed(copy, mutation):
    assert copy.survived(mutation) == ""


def test_all_apply():
    read = lambda mutation: (ROOT / "rnnbook" / f"{mutation.file}.py").read_text(encoding="utf-8")
    assert [str(mutation) for mutation in MUTATIONS if read(mutation).count(mutation.old) != 1] == []
    for test in {test for mutation in MUTATIONS for test in mutation.tests}:
        file, *names = test.partition("[")[0].split("::")
        # A class may inherit a test from one of the other two.
        files = (file, "numpy/promises.py", "models/twins.py")
        text = "".join((ROOT / "tests" / each).read_text(encoding="utf-8") for each in files)
        assert all(f" {name}(" in text or f" {name}:" in text for name in names), test


@pytest.mark.slow
def test_a_survivor_and_a_mutation_that_no_longer_applies_are_reported(copy):
    harmless = Mutation(
        "numpy/elman", "harmless", "np.matmul(dz_t, U, out=dh)", "np.matmul(dz_t, +U, out=dh)"
    )
    assert copy.survived(harmless) == "no test failed"
    gone = Mutation("numpy/elman", "gone", "no such line", "")
    assert copy.survived(gone) == "no longer applies: 'no such line' stands 0 times in numpy/elman.py"
    unreadable = Mutation("numpy/elman", "unreadable", "np.matmul(dz_t, U, out=dh)", "np.matmul(")
    assert copy.survived(unreadable).startswith("the tests could not be run:")


def test_none_is_listed_twice():
    assert len({(m.file, m.old, m.new) for m in MUTATIONS}) == len(MUTATIONS) >= 650
