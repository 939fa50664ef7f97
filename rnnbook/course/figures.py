"""The one style of the course's figures, and the one way to show them.

    from rnnbook.course.figures import PALETTE, label_lines, show, use_style

    use_style()
    fig, ax = plt.subplots()
    ax.plot(lags, norms, color=PALETTE["blue"], label="LSTM")
    label_lines(ax)
    show(fig, "The gradient's norm falls by a factor of ten every five steps.")

No other module of the package imports Matplotlib.
"""

import base64
import html
import io
from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator
from PIL import Image

from rnnbook.training import Run

# From dark to light in even steps: the order survives a grey printer, the hues survive colour blindness, and
# each stands out from white paper.
PALETTE = {
    "ink": "#14203a",
    "red": "#86213f",
    "blue": "#1f66b0",
    "green": "#1a8c74",
    "orange": "#df7a1a",
}

# Most two-sided maps fold over in grey. This one runs from dark to light, and is a plain grey at its middle.
_SIGNED = LinearSegmentedColormap.from_list("signed", ["#0a1f6b", "#3d6fc4", "#a3a3a3", "#e8c547", "#fffbd0"])

# For shares, from none to all: paper to ink, so that what is large is dark.
_SHARES = LinearSegmentedColormap.from_list("shares", ["#ffffff", "#a9c8e8", PALETTE["blue"], PALETTE["ink"]])

_HEAVIEST_FILM = 300_000  # bytes

_STYLE = {
    "axes.axisbelow": True,
    "axes.edgecolor": "#555555",
    "axes.grid": True,
    "axes.labelcolor": "#222222",
    "axes.prop_cycle": plt.cycler(color=list(PALETTE.values())),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "figure.constrained_layout.use": True,
    "figure.dpi": 110,
    "figure.facecolor": "white",
    "figure.figsize": (6.4, 3.4),
    "font.size": 10,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.8,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "xtick.color": "#555555",
    "ytick.color": "#555555",
}


def use_style() -> None:
    """Set the course's Matplotlib style for the figures made from here on."""
    plt.rcdefaults()
    plt.rcParams.update(_STYLE)


def show(fig: Figure, alt: str) -> None:
    """Show `fig` with its description `alt`, and close it.

    The description is the picture's alternative text and, since JupyterLab drops that, also its caption. So
    write whole sentences that say what the picture shows: a reader who sees it wants them too.
    """
    alt = " ".join(alt.split())
    if not alt:
        raise ValueError("alt must say in words what the figure shows, got an empty text")
    picture = io.BytesIO()
    # Without the library's version inside, the same figure is the same file.
    fig.savefig(
        picture, format="png", bbox_inches="tight", metadata={"Software": None}, pil_kwargs={"optimize": True}
    )
    plt.close(fig)  # or the notebook would show it a second time
    _display(picture.getvalue(), alt)


def film(pictures: np.ndarray, alt: str, *, frames_a_second: float = 10, zoom: int = 1) -> None:
    """Show `pictures` one after the other, again and again, with their description `alt`, as `show` does.

    pictures: `(T, rows, columns)` in grey, or `(T, rows, columns, 3)` in colours; numbers in 0..1, or uint8.
    zoom: how many pixels wide and high each pixel is drawn.

    It is an animated PNG: what shows no animation shows the first picture. Raises ValueError for another
    shape, an empty text, or a film that weighs more than 300 kB.
    """
    alt = " ".join(alt.split())
    if not alt:
        raise ValueError("alt must say in words what the film shows, got an empty text")
    pictures = np.asarray(pictures)
    if pictures.ndim not in (3, 4) or len(pictures) == 0 or pictures.shape[3:] not in ((), (3,)):
        expected = "(time, rows, columns) or (time, rows, columns, 3)"
        raise ValueError(f"pictures must have shape {expected}, got {pictures.shape}")
    if pictures.dtype != np.uint8:
        pictures = (255 * pictures.clip(0, 1)).round().astype(np.uint8)
    first, *others = (Image.fromarray(one) for one in pictures.repeat(zoom, axis=1).repeat(zoom, axis=2))
    moving = io.BytesIO()
    first.save(
        moving,
        format="png",
        save_all=True,
        append_images=others,
        duration=1000 / frames_a_second,
        loop=0,  # for ever
        optimize=True,
    )
    if moving.tell() > _HEAVIEST_FILM:
        weight = f"{moving.tell():,} bytes, at most {_HEAVIEST_FILM:,}"
        raise ValueError(f"the film weighs {weight}: show fewer or smaller pictures")
    _display(moving.getvalue(), alt)


def _display(picture: bytes, alt: str) -> None:
    png = base64.b64encode(picture).decode("ascii")
    display({"image/png": png, "text/plain": alt}, metadata={"image/png": {"alt": alt}}, raw=True)
    display({"text/html": f"<small>{html.escape(alt)}</small>"}, raw=True)


def label_lines(ax: Axes, labels: list[str] | None = None) -> None:
    """Write each line's label beside its right end, in its colour, in place of a legend.

    Labels that would overlap are moved apart. Lines without a `label=` are left out, unless `labels` names
    all lines in the order they were drawn. Call it last: it reads the limits of the axes.
    """
    lines = ax.get_lines()
    if labels is None:
        lines = [line for line in lines if not line.get_label().startswith("_")]
        labels = [line.get_label() for line in lines]
    if not lines or len(labels) != len(lines):
        raise ValueError(f"labels must name the {len(lines)} lines of the axes, got {len(labels)}")
    ax.figure.draw_without_rendering()  # settles limits and layout
    ends = np.array([_last_point(line) for line in lines])
    low, high = sorted(ax.get_ylim())
    ends[:, 1] = ends[:, 1].clip(low, high)
    to_points = 72 / ax.figure.dpi
    heights = ax.transData.transform(ends)[:, 1] * to_points
    floor, ceiling = ax.bbox.y0 * to_points, ax.bbox.y1 * to_points
    size = plt.rcParams["font.size"]
    shifts = _apart(heights, 1.25 * size, floor + size / 2, ceiling) - heights
    for line, end, label, shift in zip(lines, ends, labels, shifts, strict=True):
        ax.annotate(
            label,
            end,
            xytext=(6, shift),
            textcoords="offset points",
            va="center",
            color=0.75 * np.array(to_rgb(line.get_color())),  # darker: text needs more contrast than a line
            fontsize=size,
            annotation_clip=False,
        )


def heat(
    ax: Axes,
    matrix: np.ndarray,
    *,
    values: bool = False,
    limit: float | None = None,
    fmt: str = "{:.2f}",
) -> AxesImage:
    """Draw a signed matrix as a heat map whose middle grey is zero; dark is negative, light is positive.

    `values` prints each entry, and needs no colour bar. `limit` is the size at which the colours end, by
    default the largest entry; give it where two maps are to be compared.
    """
    matrix = np.asarray(matrix, dtype=float)
    if matrix.ndim != 2:
        raise ValueError(f"matrix must have two axes, got shape {matrix.shape}")
    limit = limit or np.abs(matrix).max() or 1.0
    image = ax.imshow(matrix, cmap=_SIGNED, vmin=-limit, vmax=limit, aspect="auto")
    ax.grid(False)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(integer=True))
    if values:
        for (row, column), value in np.ndenumerate(matrix):
            ink = "white" if value < -0.15 * limit else "black"
            ax.text(column, row, fmt.format(value), ha="center", va="center", color=ink)
    else:
        ax.figure.colorbar(image, ax=ax)
    return image


def curves(axes: Sequence[Axes], runs: Mapping[str, Run], *, score: str = "validation score") -> None:
    """Draw trainings, by name, in two axes: the training loss, and the score after each epoch.

    A dot marks the epoch whose weights were kept. `score` says what the score is. Call it last, as
    `label_lines`.
    """
    for_loss, for_score = axes
    for name, run in runs.items():
        epochs = np.arange(1, len(run.losses) + 1)
        for_loss.plot(epochs, run.losses, label=name)
        (line,) = for_score.plot(epochs, run.scores, label=name)
        for_score.plot(run.best_epoch + 1, run.best_score, "o", color=line.get_color(), ms=5)
    for ax, what in ((for_loss, "training loss"), (for_score, score)):
        ax.set(xlabel="epoch", ylabel=what)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    label_lines(for_score)


def confusion(
    ax: Axes, counts: np.ndarray, labels: Sequence[str], *, groups: Sequence[int] | None = None
) -> AxesImage:
    """Draw how often each true class (a row) was taken for each class (a column), as a share of the row.

    counts: `(K, K)`. Each share of at least half a percent is printed, in percent. `groups` are the sizes of
    classes that stand together, in order: lines are drawn between them.
    """
    counts = np.asarray(counts, dtype=float)
    if counts.shape != (len(labels), len(labels)):
        raise ValueError(f"counts must have shape {(len(labels), len(labels))}, got {counts.shape}")
    if groups is not None and sum(groups) != len(labels):
        raise ValueError(f"groups must sum to the {len(labels)} classes, got {sum(groups)}")
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    image = _map_of_shares(ax, shares, labels, labels, limit=1.0)
    for (row, column), share in np.ndenumerate(shares):
        if share >= 0.005:
            ink = "white" if share > 0.5 else "black"
            ax.text(column, row, f"{100 * share:.0f}", ha="center", va="center", color=ink, fontsize=8)
    for edge in np.cumsum(groups or [])[:-1] - 0.5:
        ax.axhline(edge, color="#555555", lw=0.8)
        ax.axvline(edge, color="#555555", lw=0.8)
    ax.set(xlabel="taken for", ylabel="true class")
    return image


def attention(
    ax: Axes,
    weights: np.ndarray,
    read: Sequence[str],
    written: Sequence[str],
    *,
    limit: float | None = None,
) -> AxesImage:
    """Draw how much of its attention each written token (a row) gives to each token read (a column).

    weights: `(written, read)`, none below zero. `limit` is the weight at which the colours end, by default
    the largest; give it where two maps are to be compared.
    """
    weights = np.asarray(weights, dtype=float)
    if weights.shape != (len(written), len(read)):
        raise ValueError(f"weights must have shape {(len(written), len(read))}, got {weights.shape}")
    if (weights < 0).any():
        raise ValueError(f"weights must not be negative, got {weights.min():.3g}")
    image = _map_of_shares(ax, weights, written, read, limit=limit or weights.max() or 1.0)
    ax.xaxis.tick_top()
    if max(map(len, read)) > 2:
        ax.tick_params(axis="x", rotation=90)
    return image


def _map_of_shares(
    ax: Axes, shares: np.ndarray, rows: Sequence[str], columns: Sequence[str], *, limit: float
) -> AxesImage:
    image = ax.imshow(shares, cmap=_SHARES, vmin=0, vmax=limit, aspect="auto")
    ax.grid(False)
    ax.set_xticks(range(len(columns)), columns)
    ax.set_yticks(range(len(rows)), rows)
    ax.tick_params(length=0)
    return image


def _last_point(line: Line2D) -> tuple[float, float]:
    """The last point of `line` that is a number."""
    points = np.ma.masked_invalid(line.get_xydata()).filled(np.nan)
    points = points[np.isfinite(points).all(axis=1)]
    if len(points) == 0:
        raise ValueError(f"line {line.get_label()!r} has no finite point to label")
    return points[-1]


def _apart(positions: np.ndarray, gap: float, low: float, high: float) -> np.ndarray:
    """The nearest positions (in squares), in the same order, `gap` apart; in `low..high` if they fit."""
    order = np.argsort(positions, kind="stable")
    steps = gap * np.arange(len(positions))
    # With the gaps taken off, the best positions are the isotonic regression: pool neighbours until sorted.
    groups: list[list[float]] = []
    for position in positions[order] - steps:
        groups.append([position])
        while len(groups) > 1 and np.mean(groups[-2]) > np.mean(groups[-1]):
            groups[-2:] = [groups[-2] + groups[-1]]
    pooled = np.concatenate([np.full(len(group), np.mean(group)) for group in groups])
    moved = np.empty(len(positions))
    moved[order] = pooled.clip(low, max(low, high - steps[-1])) + steps
    return moved
