import numpy as np


def right_1(train, test, n):
    """A dict from tuple to the list of bits that came after."""
    after = {}
    for t in range(n, len(train)):
        key = tuple(int(bit) for bit in train[t - n:t])
        after.setdefault(key, []).append(int(train[t]))
    errors = []
    for t in range(n, len(test)):
        key = tuple(int(bit) for bit in test[t - n:t])
        guess = np.mean(after[key]) if key in after else 0.5
        errors.append((guess - test[t]) ** 2)
    return float(np.sqrt(np.mean(errors)))


def wrong_1(train, test, n):
    """The most common bit (0 or 1) is answered instead of the mean."""
    ones, count = {}, {}
    for t in range(n, len(train)):
        key = tuple(train[t - n:t])
        ones[key] = ones.get(key, 0) + train[t]
        count[key] = count.get(key, 0) + 1
    total = 0.0
    for t in range(n, len(test)):
        key = tuple(test[t - n:t])
        guess = round(ones[key] / count[key]) if key in count else 0.5
        total += (test[t] - guess) ** 2
    return np.sqrt(total / (len(test) - n))


def wrong_2(train, test, n):
    """What never came in train is left out of the mean instead of being answered with 0.5."""
    table = {}
    for t in range(n, len(train)):
        table.setdefault(tuple(train[t - n:t]), []).append(train[t])
    errors = []
    for t in range(n, len(test)):
        key = tuple(test[t - n:t])
        if key in table:
            errors.append(np.mean(table[key]) - test[t])
    return np.sqrt(np.mean(np.square(errors)))


def wrong_3(train, test, n):
    """Slices with a negative start, train[-n:...], so n = 0 goes wrong: keys grow with t."""
    def context(bits, t):
        return tuple(bits[:t][-n:])

    sums, counts = {}, {}
    for t in range(n, len(train)):
        key = context(train, t)
        sums[key] = sums.get(key, 0) + train[t]
        counts[key] = counts.get(key, 0) + 1
    errors = [
        (sums[context(test, t)] / counts[context(test, t)] if context(test, t) in sums else 0.5) - test[t]
        for t in range(n, len(test))
    ]
    return float(np.sqrt(np.mean(np.array(errors) ** 2)))
