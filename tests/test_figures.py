"""Figures: shown once, described, and legible without colour."""

import base64
import itertools

import matplotlib

matplotlib.use("agg")  # no window opens, on any system

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb

from rnnbook import figures


@pytest.fixture
def shown(monkeypatch):
    """What `show` hands to the notebook, as (data, metadata)."""
    calls = []
    monkeypatch.setattr(
        figures, "display", lambda data, metadata=None, raw=False: calls.append((data, metadata)) or raw
    )
    return calls


@pytest.fixture
def ax():
    with plt.rc_context():
        figures.use_style()
        fig, ax = plt.subplots()
        yield ax
        plt.close(fig)


def test_show_publishes_picture_description_and_caption(shown, ax):
    ax.plot([0, 1])
    figures.show(ax.figure, "A line\n    that rises & ends.")
    (picture, metadata), (caption, _) = shown
    assert base64.b64decode(picture["image/png"]).startswith(b"\x89PNG")
    assert picture["text/plain"] == "A line that rises & ends."
    assert metadata == {"image/png": {"alt": "A line that rises & ends."}}
    assert caption == {"text/html": "<small>A line that rises &amp; ends.</small>"}


def test_show_closes_the_figure(shown, ax):
    figures.show(ax.figure, "Nothing.")
    assert not plt.fignum_exists(ax.figure.number)


def test_the_same_figure_is_the_same_small_file(shown):
    for _ in range(2):
        with plt.rc_context():
            figures.use_style()
            fig, ax = plt.subplots()
            ax.plot(np.sin(np.arange(100)))
            figures.show(fig, "A wave.")
    pictures = [data["image/png"] for data, _ in shown if "image/png" in data]
    assert pictures[0] == pictures[1]
    assert len(pictures[0]) < 150_000


@pytest.mark.parametrize("alt", ["", " \n"])
def test_show_refuses_an_empty_description(shown, ax, alt):
    with pytest.raises(ValueError, match="alt must say in words what the figure shows"):
        figures.show(ax.figure, alt)
    assert shown == []


# Machado, Oliveira and Fernandes (2009): what linear RGB becomes for three kinds of colour blindness.
EYES = {
    "usual": np.eye(3),
    "protanopia": [[0.1523, 1.0526, -0.2049], [0.1145, 0.7863, 0.0992], [-0.0039, -0.0481, 1.0520]],
    "deuteranopia": [[0.3673, 0.8606, -0.2280], [0.2801, 0.6725, 0.0474], [-0.0118, 0.0429, 0.9689]],
    "tritanopia": [[1.2555, -0.0767, -0.1788], [-0.0784, 0.9308, 0.1476], [0.0047, 0.6914, 0.3039]],
}
RGB_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour) -> np.ndarray:
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(colour, eye="usual") -> np.ndarray:
    """CIE L*a*b*: distances are about as the eye sees them; the first number is the lightness, 0 to 100."""
    xyz = RGB_TO_XYZ @ np.clip(EYES[eye] @ linear(colour), 0, 1) / [0.9505, 1, 1.089]
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_palette_is_told_apart_in_grey():
    lightness = [lab(colour)[0] for colour in figures.PALETTE.values()]
    assert (np.diff(lightness) > 8).all()


@pytest.mark.parametrize("eye", EYES)
def test_palette_is_told_apart_by_every_eye(eye):
    for one, other in itertools.combinations(figures.PALETTE.values(), 2):
        assert np.linalg.norm(lab(one, eye) - lab(other, eye)) > 15


def test_palette_stands_out_from_paper():
    for colour in figures.PALETTE.values():
        assert 1.05 / (RGB_TO_XYZ[1] @ linear(colour) + 0.05) >= 3


def test_style_is_the_palette_and_nothing_of_before():
    with plt.rc_context({"lines.linestyle": ":"}):
        figures.use_style()
        assert plt.rcParams["axes.prop_cycle"].by_key()["color"] == list(figures.PALETTE.values())
        assert plt.rcParams["lines.linestyle"] == "-"


def heights(ax) -> list[float]:
    """The labels' heights, in points."""
    ax.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.texts]
    return [(box.y0 + box.y1) / 2 * 72 / ax.figure.dpi for box in boxes]


def test_labels_sit_at_the_ends_and_do_not_overlap(ax):
    for number in range(5):
        ax.plot([0, 1, 2], [number, 1, 1 + number / 1000], label=f"line {number}")
    ax.plot([0, 2], [3, 3], label="alone")
    ax.axhline(0)  # has no label, and gets none
    figures.label_lines(ax)
    assert [text.get_text() for text in ax.texts] == [f"line {number}" for number in range(5)] + ["alone"]
    boxes = [text.get_window_extent() for text in ax.texts]
    assert not any(one.overlaps(other) for one, other in itertools.combinations(boxes, 2))
    assert heights(ax)[:5] == sorted(heights(ax)[:5])
    _, at_three = ax.transData.transform((2, 3)) * 72 / ax.figure.dpi
    assert heights(ax)[5] == pytest.approx(at_three, abs=2)


def test_labels_stay_beside_the_axes(ax):
    for _ in range(4):
        ax.plot([0, 1], [1, 0], label="low")
    ax.set_ylim(0, 1)
    figures.label_lines(ax)
    assert min(heights(ax)) >= ax.bbox.y0 * 72 / ax.figure.dpi


def test_labels_may_be_given_and_pass_over_gaps(ax):
    ax.plot([0, 1, 2], [1.0, 2.0, np.nan])
    figures.label_lines(ax, ["short"])
    assert ax.texts[0].xy == (1, 2)


@pytest.mark.parametrize("labels", [None, ["one", "too many"]])
def test_labels_must_match_the_lines(ax, labels):
    ax.plot([0, 1])
    with pytest.raises(ValueError, match="labels must name the"):
        figures.label_lines(ax, labels)


def test_a_line_of_nothing_is_refused(ax):
    ax.plot([0, 1], [np.nan, np.nan], label="diverged")
    with pytest.raises(ValueError, match="line 'diverged' has no finite point"):
        figures.label_lines(ax)


def test_heat_is_centred_on_zero_and_prints_values(ax):
    image = figures.heat(ax, [[-2.0, 0.0], [1.0, 0.5]], values=True, fmt="{:+.1f}")
    assert image.get_clim() == (-2, 2)
    assert [text.get_text() for text in ax.texts] == ["-2.0", "+0.0", "+1.0", "+0.5"]
    red, green, blue, _ = image.cmap(0.5)
    assert max(red, green, blue) - min(red, green, blue) < 0.02


def test_heat_orders_signs_in_grey(ax):
    image = figures.heat(ax, np.zeros((2, 2)), limit=1)
    assert len(ax.figure.axes) == 2  # a colour bar
    lightness = [lab(image.cmap(value)[:3])[0] for value in np.linspace(0, 1, 33)]
    assert (np.diff(lightness) > 0).all()


def test_heat_prints_values_that_can_be_read(ax):
    image = figures.heat(ax, np.linspace(-1, 1, 21)[None], values=True)
    for text, value in zip(ax.texts, np.linspace(-1, 1, 21), strict=True):
        colours = text.get_color(), image.cmap(image.norm(value))[:3]
        ink, ground = (RGB_TO_XYZ[1] @ linear(colour) for colour in colours)
        assert (max(ink, ground) + 0.05) / (min(ink, ground) + 0.05) >= 3


def test_heat_wants_a_matrix(ax):
    with pytest.raises(ValueError, match=r"matrix must have two axes, got shape \(3,\)"):
        figures.heat(ax, np.ones(3))
