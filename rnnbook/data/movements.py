"""Two small public sets of movements, on which many methods were measured: GunPoint and BasicMotions.

    from rnnbook.data import movements

    data = movements.load("GunPoint")             # a hand that draws a toy gun, or only points
    data = movements.load("BasicMotions")         # a watch on someone who stands, walks, runs or plays

Dau et al., 2019, 'The UCR time series archive'; Bagnall et al., 2018, 'The UEA multivariate time series
classification archive'.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from rnnbook import validation
from rnnbook.data import Card, Dataset, shuffle_numbers
from rnnbook.data.cache import Archive, File

ARCHIVE = Archive("aeon", "1.6.0", "d05227086706f80111ac5fee8de4d5d3115bb3bcfd1c786c8629393055816409")
FILES = tuple(
    File(ARCHIVE, f"aeon/datasets/data/{name}/{name}_{part}.ts", sha256)
    for name, part, sha256 in (
        ("GunPoint", "TRAIN", "f842401779fd9800d247d8b33121a1a4643710a19b24917dbdd9a060ca8630d5"),
        ("GunPoint", "TEST", "79332750788a6227b325b96bd0d70130c8eb707b9731f8d7dec62b7a7d36017e"),
        ("BasicMotions", "TRAIN", "8dc43cc6306cb679c888c01e26f91772ac4441a916da43bac8b79734a538b9d6"),
        ("BasicMotions", "TEST", "79213102bc6fca1a398ad98ce1185dff0208fa3d1465e687f48288946b0ff8dc"),
    )
)

# The labels of GunPoint's files are the numbers 1 and 2.
CLASSES = {
    "GunPoint": {"1": "draws a gun", "2": "points"},
    "BasicMotions": {
        "Standing": "stands",
        "Running": "runs",
        "Walking": "walks",
        "Badminton": "plays badminton",
    },
}

SEED = 0
VALIDATION_FRACTION = 0.2  # of each class in the official training set validates


class Movements(NamedTuple):
    """x: ``(N, T, D)``, float32: (150, 1) a movement in GunPoint, (100, 6) in BasicMotions.
    y: ``(N,)`` places in ``CLASSES``."""

    x: Float[np.ndarray, "movements time axes"]
    y: Int[np.ndarray, " movements"]


CARD = Card(
    name="movements",
    source="the package aeon 1.6.0: the .ts files of GunPoint (UCR archive) and BasicMotions (UEA archive) "
    "in aeon/datasets/data",
    licence="BSD 3-Clause for the package that carries the copies. The archives give their sets away for "
    "research and name no licence, so each reader fetches the package from its publisher",
    citation="H.A. Dau et al., 2019, 'The UCR time series archive', IEEE/CAA J. Automatica Sinica 6(6); "
    "GunPoint by C.A. Ratanamahatana and E. Keogh. A. Bagnall et al., 2018, 'The UEA multivariate time "
    "series classification archive', arXiv:1811.00075; BasicMotions by J. Clements",
    description="GunPoint: 200 films of two actors, of which the x coordinate of the right hand is left; "
    "two classes, 150 steps. BasicMotions: 80 recordings of four students with a smartwatch, acceleration "
    "and turning on 3 axes, ten a second; four classes, 100 steps",
    counts={"train": 72, "validation": 18, "test": 190},
    splits="the archives' own training and test sets (GunPoint 50 and 150, BasicMotions 40 and 40); a fifth "
    "of each training set validates. They are not split by person: the same two actors and four students "
    "stand on both sides",
    sha256=ARCHIVE.sha256,
)


def parse(content: str) -> tuple[Float[np.ndarray, "movements time axes"], list[str]]:
    """The series and the labels of a .ts file whose series are all as long: ``a,b,c:d,e,f:label`` a line,
    axes apart by colons. Raises ValueError for a file that is no such file."""
    _, marker, body = content.partition("@data\n")
    if not marker:
        raise ValueError("content must hold a line @data, got none: it is no .ts file")
    rows = [line.split(":") for line in body.splitlines() if line]
    series = [[np.array(axis.split(","), float) for axis in row[:-1]] for row in rows]
    return np.array(series).transpose(0, 2, 1), [row[-1] for row in rows]


def read(name: str, part: str) -> Movements:
    """The ``"TRAIN"`` or ``"TEST"`` set as published. DataNotFoundError where the cache lacks it."""
    validation.check_choice("name", name, tuple(CLASSES))
    validation.check_choice("part", part, ("TRAIN", "TEST"))
    (file,) = (file for file in FILES if file.name == f"{name}_{part}.ts")
    x, labels = parse(file.read().decode("utf-8"))
    order = list(CLASSES[name])
    return Movements(x.astype(np.float32), np.array([order.index(label) for label in labels]))


def load(name: str = "GunPoint") -> Dataset:
    """One of the two sets, in three splits of ``Movements``. Raises as ``read`` does."""
    whole = read(name, "TRAIN")
    held_out = np.zeros(len(whole.y), bool)
    for label in range(len(CLASSES[name])):
        places = shuffle_numbers(np.flatnonzero(whole.y == label), SEED)
        held_out[places[: round(VALIDATION_FRACTION * len(places))]] = True
    train, validation = (Movements(whole.x[rows], whole.y[rows]) for rows in (~held_out, held_out))
    return Dataset(CARD, train, validation, read(name, "TEST"))
