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

from rnnbook.course.language import caption
from rnnbook.training import History

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

_MAX_ANIMATION_BYTES = 300_000

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
    """Show ``fig`` with its description ``alt``, and close it.

    The description is the picture's alternative text and, since JupyterLab drops that, also its caption. So
    write whole sentences that say what the picture shows: a reader who sees it wants them too.
    """
    alt = _described(alt, "figure")
    picture = io.BytesIO()
    # Without the library's version inside, the same figure is the same file.
    fig.savefig(
        picture, format="png", bbox_inches="tight", metadata={"Software": None}, pil_kwargs={"optimize": True}
    )
    plt.close(fig)  # or the notebook would show it a second time
    _display(picture.getvalue(), alt)


def animate(frames: np.ndarray, alt: str, *, fps: float = 10, zoom: int = 1) -> None:
    """Show ``frames`` one after the other, again and again, with their description ``alt``, as ``show`` does.

    frames: ``(T, rows, columns)`` in grey, or ``(T, rows, columns, 3)`` in colours; in 0..1, or uint8.
    fps: frames a second. zoom: how many pixels wide and high each pixel is drawn.

    It is an animated PNG: what shows no animation shows the first frame. Raises ValueError for another
    shape, an empty text, or an animation that weighs more than 300 kB.
    """
    alt = _described(alt, "animation")
    frames = np.asarray(frames)
    if frames.ndim not in (3, 4) or len(frames) == 0 or frames.shape[3:] not in ((), (3,)):
        expected = "(time, rows, columns) or (time, rows, columns, 3)"
        raise ValueError(f"frames must have shape {expected}, got {frames.shape}")
    if frames.dtype != np.uint8:
        frames = (255 * frames.clip(0, 1)).round().astype(np.uint8)
    first, *others = map(Image.fromarray, frames.repeat(zoom, axis=1).repeat(zoom, axis=2))
    png = io.BytesIO()
    first.save(
        png,
        format="png",
        save_all=True,
        append_images=others,
        duration=1000 / fps,
        loop=0,  # for ever
        optimize=True,
    )
    if png.tell() > _MAX_ANIMATION_BYTES:
        weight = f"{png.tell():,} bytes, at most {_MAX_ANIMATION_BYTES:,}"
        raise ValueError(f"the animation weighs {weight}: show fewer or smaller frames")
    _display(png.getvalue(), alt)


def _described(alt: str, what: str) -> str:
    """The description on one line and in the learner's language, or ValueError where there is none."""
    alt = " ".join(alt.split())
    if not alt:
        raise ValueError(f"alt must say in words what the {what} shows, got an empty text")
    return caption(alt)


def _display(picture: bytes, alt: str) -> None:
    png = base64.b64encode(picture).decode("ascii")
    display({"image/png": png, "text/plain": alt}, metadata={"image/png": {"alt": alt}}, raw=True)
    display({"text/html": f"<small>{html.escape(alt)}</small>"}, raw=True)


def label_lines(ax: Axes, labels: list[str] | None = None) -> None:
    """Write each line's label beside its right end, in its colour, in place of a legend.

    Labels that would overlap are moved apart. Lines without a ``label=`` are left out, unless ``labels``
    names all lines in the order they were drawn. Call it last: it reads the limits of the axes.
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


def heatmap(
    ax: Axes,
    matrix: np.ndarray,
    *,
    values: bool = False,
    limit: float | None = None,
    fmt: str = "{:.2f}",
) -> AxesImage:
    """Draw a signed matrix as a heat map whose middle grey is zero; dark is negative, light is positive.

    ``values`` prints each entry, and needs no colour bar. ``limit`` is the size at which the colours end, by
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


def plot_history(
    axes: Sequence[Axes], histories: Mapping[str, History], *, score: str = "validation score"
) -> None:
    """Draw trainings, by name, in two axes: the training loss, and the score after each epoch.

    A dot marks the epoch whose weights were kept. score: what the score is, in words. Call it last, as
    ``label_lines``.
    """
    loss_ax, score_ax = axes
    for name, history in histories.items():
        epochs = np.arange(1, len(history.losses) + 1)
        loss_ax.plot(epochs, history.losses, label=name)
        (line,) = score_ax.plot(epochs, history.scores, label=name)
        score_ax.plot(history.best_epoch + 1, history.best_score, "o", color=line.get_color(), ms=5)
    for ax, label in ((loss_ax, "training loss"), (score_ax, score)):
        ax.set(xlabel="epoch", ylabel=label)
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    label_lines(score_ax)


def confusion(
    ax: Axes, counts: np.ndarray, labels: Sequence[str], *, groups: Sequence[int] | None = None
) -> AxesImage:
    """Draw how often each true class (a row) was taken for each class (a column), as a share of the row.

    counts: ``(K, K)``. Each share of at least half a percent is printed, in percent. groups: the sizes of
    classes that stand together, in order; lines are drawn between them.
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
    source: Sequence[str],
    target: Sequence[str],
    *,
    limit: float | None = None,
) -> AxesImage:
    """Draw how much of its attention each written token (a row) gives to each token read (a column).

    weights: ``(target, source)``, none below zero. source, target: the tokens read, the tokens written.
    limit: the weight at which the colours end, by default the largest; give it where two maps are to be
    compared.
    """
    weights = np.asarray(weights, dtype=float)
    if weights.shape != (len(target), len(source)):
        raise ValueError(f"weights must have shape {(len(target), len(source))}, got {weights.shape}")
    if (weights < 0).any():
        raise ValueError(f"weights must not be negative, got {weights.min():.3g}")
    image = _map_of_shares(ax, weights, target, source, limit=limit or weights.max() or 1.0)
    ax.xaxis.tick_top()
    if max(map(len, source)) > 2:
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
    """The last point of ``line`` that is a number."""
    points = np.ma.masked_invalid(line.get_xydata()).filled(np.nan)
    points = points[np.isfinite(points).all(axis=1)]
    if len(points) == 0:
        raise ValueError(f"line {line.get_label()!r} has no finite point to label")
    return points[-1]


def _apart(positions: np.ndarray, gap: float, low: float, high: float) -> np.ndarray:
    """The nearest positions (in squares), in the same order, ``gap`` apart; in ``low..high`` if they fit."""
    from scipy.optimize import isotonic_regression  # here: it takes as long to import as all the rest

    order = np.argsort(positions, kind="stable")
    steps = gap * np.arange(len(positions))
    # With the gaps taken off, the best positions are the isotonic regression.
    pooled = isotonic_regression(positions[order] - steps).x
    moved = np.empty(len(positions))
    moved[order] = pooled.clip(low, max(low, high - steps[-1])) + steps
    return moved
