"""The one style of the course's figures, and the one way to show them.

    from rnnbook.figures import PALETTE, label_lines, show, use_style

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

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

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
    png = base64.b64encode(picture.getvalue()).decode("ascii")
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
