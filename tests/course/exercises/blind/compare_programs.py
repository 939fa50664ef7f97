import numpy as np


def right_1(reference, ours, contrasts, tolerance):
    """An inner function that says whether a program passes."""
    def passes(losses):
        return bool(np.all(np.abs(losses - reference) <= tolerance * np.abs(reference)))
    return passes(ours), not any(passes(one) for one in contrasts)


def wrong_1(reference, ours, contrasts, tolerance):
    """The size of the reference is taken without its absolute value; a negative loss never passes."""
    equal = np.all(np.abs(ours - reference) <= tolerance * reference)
    passed = np.all(np.abs(contrasts - reference) <= tolerance * reference, axis=1)
    return bool(equal), not passed.any()


def wrong_2(reference, ours, contrasts, tolerance):
    """The test is trusted as soon as one contrast does not pass, rather than all."""
    limit = tolerance * np.abs(reference)
    equal = bool((np.abs(ours - reference) <= limit).all())
    failed = [bool((np.abs(row - reference) > limit).any()) for row in contrasts]
    return equal, any(failed)


def wrong_3(reference, ours, contrasts, tolerance):
    """A contrast counts as caught only if it is off at every step."""
    limit = tolerance * np.abs(reference)
    equal = np.all(np.abs(ours - reference) <= limit)
    caught = np.all(np.abs(contrasts - reference) > limit)
    return bool(equal), bool(caught)
