import numpy as np


def right_1(names, name, letters):
    """Counts with a dict of pairs, begin and end as None and ''."""
    counts, starts = {}, {}
    for known in names:
        signs = ["<"] + ["." + s for s in known] + [">"]
        for pair in zip(signs, signs[1:]):
            counts[pair] = counts.get(pair, 0) + 1
            starts[pair[0]] = starts.get(pair[0], 0) + 1
    signs = ["<"] + ["." + s for s in name] + [">"]
    nats = [-np.log((counts.get((a, b), 0) + 1) / (starts.get(a, 0) + len(letters) + 1)) for a, b in zip(signs, signs[1:])]
    return sum(nats) / len(nats)


def wrong_1(names, name, letters):
    """The end is forgotten among the signs that could follow: + len(letters) below."""
    pairs = [p for n in names for p in zip("\0" + n, n + "\1")]
    firsts = [a for a, _ in pairs]
    total = 0.0
    for a, b in zip("\0" + name, name + "\1"):
        total -= np.log((pairs.count((a, b)) + 1) / (firsts.count(a) + len(letters)))
    return total / (len(name) + 1)


def wrong_2(names, name, letters):
    """Divides by the letters of the name only; the prediction of the end is not counted."""
    index = {s: k for k, s in enumerate(letters)}
    E = len(letters)
    counts = np.ones((E + 1, E + 1))  # the last row: begin; the last column: end
    for known in names:
        path = [E] + [index[s] for s in known] + [E]
        for a, b in zip(path, path[1:]):
            counts[a, b] += 1
    p = counts / counts.sum(axis=1, keepdims=True)
    path = [E] + [index[s] for s in name] + [E]
    nats = -sum(np.log(p[a, b]) for a, b in zip(path, path[1:]))
    return nats / max(len(name), 1)


def wrong_3(names, name, letters):
    """Pairs are counted with str.count, which misses overlapping ones such as in 'aaa'."""
    marked = ["^" + n + "$" for n in names]
    word = "^" + name + "$"
    nats = []
    for k in range(len(word) - 1):
        pair = word[k:k + 2]
        times = sum(n.count(pair) for n in marked)
        starts = sum(n[:-1].count(pair[0]) for n in marked)
        nats.append(-np.log((times + 1) / (starts + len(letters) + 1)))
    return np.mean(nats)
