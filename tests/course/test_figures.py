"""Figures: shown once, described, and legible without colour."""

import base64
import io
import itertools

import matplotlib

matplotlib.use("agg")  # no window opens, on any system

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from rnnbook.course import figures
from rnnbook.training import History


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


def test_animation_shows_every_picture_and_begins_again(shown):
    pictures = np.random.default_rng(0).random((5, 4, 6))
    figures.animate(pictures, "Noise  that\nmoves.", fps=20, zoom=2)
    (picture, metadata), (caption, _) = shown
    assert (
        metadata == {"image/png": {"alt": "Noise that moves."}}
        and "Noise that moves." in caption["text/html"]
    )
    with Image.open(io.BytesIO(base64.b64decode(picture["image/png"]))) as film:
        assert (film.n_frames, film.size, film.info["loop"]) == (5, (12, 8), 0)
        for number, expected in enumerate(pictures):
            film.seek(number)
            assert film.info["duration"] == 50
            shown_frame = np.asarray(film.convert("L"))[::2, ::2] / 255
            np.testing.assert_allclose(shown_frame, expected, atol=0.01)


def test_what_is_brighter_than_white_is_white(shown):
    figures.animate(np.full((2, 3, 3), 1.5), "White.")
    figures.animate(np.ones((2, 3, 3)), "White.")
    assert shown[0][0]["image/png"] == shown[2][0]["image/png"]


def test_animation_in_colours(shown):
    pictures = np.random.default_rng(0).integers(0, 256, (3, 4, 4, 3), dtype=np.uint8)
    figures.animate(pictures, "Colours.")
    with Image.open(io.BytesIO(base64.b64decode(shown[0][0]["image/png"]))) as film:
        film.seek(2)
        assert np.array_equal(np.asarray(film.convert("RGB")), pictures[2])


@pytest.mark.parametrize(
    ("pictures", "alt", "message"),
    [
        (np.zeros((2, 3, 3)), " ", "alt must say in words what the animation shows"),
        (np.zeros((2, 3)), "a", r"frames must have shape .*, got \(2, 3\)"),
        (np.zeros((0, 3, 3)), "a", r"frames must have shape .*, got \(0, 3, 3\)"),
        (np.zeros((2, 3, 3, 4)), "a", r"frames must have shape .*, got \(2, 3, 3, 4\)"),
        (
            np.random.default_rng(0).random((40, 100, 100)),
            "a",
            "the animation weighs .* bytes, at most 300,000",
        ),
    ],
)
def test_animation_refuses(shown, pictures, alt, message):
    with pytest.raises(ValueError, match=message):
        figures.animate(pictures, alt)
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


def test_labels_keep_the_order_of_their_lines():
    moved = figures._apart(np.array([30.0, 0, 31]), 10, 0, 100)
    assert moved.tolist() == [25.5, 0, 35.5]


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


def test_heatmap_is_centred_on_zero_and_prints_values(ax):
    image = figures.heatmap(ax, [[-1.0, 0.0], [2.0, 0.5]], values=True, fmt="{:+.1f}")
    assert image.get_clim() == (-2, 2)
    assert [text.get_text() for text in ax.texts] == ["-1.0", "+0.0", "+2.0", "+0.5"]
    red, green, blue, _ = image.cmap(0.5)
    assert max(red, green, blue) - min(red, green, blue) < 0.02


def test_heatmap_orders_signs_in_grey(ax):
    image = figures.heatmap(ax, np.zeros((2, 2)), limit=1)
    assert len(ax.figure.axes) == 2  # a colour bar
    lightness = [lab(image.cmap(value)[:3])[0] for value in np.linspace(0, 1, 33)]
    assert (np.diff(lightness) > 0).all()


def test_heatmap_prints_values_that_can_be_read(ax):
    image = figures.heatmap(ax, np.linspace(-1, 1, 21)[None], values=True)
    for text, value in zip(ax.texts, np.linspace(-1, 1, 21), strict=True):
        colours = text.get_color(), image.cmap(image.norm(value))[:3]
        ink, ground = (RGB_TO_XYZ[1] @ linear(colour) for colour in colours)
        assert (max(ink, ground) + 0.05) / (min(ink, ground) + 0.05) >= 3


def test_heatmap_wants_a_matrix(ax):
    with pytest.raises(ValueError, match=r"matrix must have two axes, got shape \(3,\)"):
        figures.heatmap(ax, np.ones(3))


@pytest.fixture
def two_axes():
    with plt.rc_context():
        figures.use_style()
        fig, axes = plt.subplots(1, 2)
        yield axes
        plt.close(fig)


def test_plot_history_shows_losses_scores_and_the_weights_kept(two_axes):
    runs = {
        "GRU": History(losses=[3.0, 2.0, 1.0], scores=[0.1, 0.3, 0.2], best_epoch=1),
        "LSTM": History(losses=[3.5, 2.5], scores=[0.2, 0.4], best_epoch=1),
    }
    figures.plot_history(two_axes, runs, score="right")
    of_loss, of_score = two_axes
    assert [line.get_xydata().tolist() for line in of_loss.lines] == [
        [[1, 3.0], [2, 2.0], [3, 1.0]],
        [[1, 3.5], [2, 2.5]],
    ]
    _, kept, _, also_kept = of_score.lines
    assert kept.get_xydata().tolist() == [[2, 0.3]] and also_kept.get_xydata().tolist() == [[2, 0.4]]
    assert [text.get_text() for text in of_score.texts] == ["GRU", "LSTM"]
    assert (of_loss.get_ylabel(), of_score.get_ylabel()) == ("training loss", "right")


def test_a_run_has_one_colour_in_both_curves(two_axes):
    figures.plot_history(two_axes, {name: History([1.0], [0.5], 0) for name in "ab"})
    of_loss, of_score = two_axes
    for place, line in enumerate(of_loss.lines):
        assert {one.get_color() for one in of_score.lines[2 * place : 2 * place + 2]} == {line.get_color()}


def test_confusion_is_a_share_of_each_row(ax):
    image = figures.confusion(ax, [[3, 1, 0], [0, 0, 0], [1, 1, 998]], ["it", "es", "fi"], groups=[2, 1])
    shares = np.ma.filled(image.get_array(), np.nan)  # what is no number is masked there
    assert np.allclose(shares, [[0.75, 0.25, 0], [0, 0, 0], [0.001, 0.001, 0.998]])
    assert [text.get_text() for text in ax.texts] == ["75", "25", "100"]
    assert [text.get_position() for text in ax.texts] == [(0, 0), (1, 0), (2, 2)]  # (column, row)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["it", "es", "fi"]
    assert sorted(line.get_xdata()[0] for line in ax.lines) == [0, 1.5]  # one line across, one down


@pytest.mark.parametrize("share", [0.05, 0.3, 0.49, 0.51, 0.75, 1.0])
def test_confusion_prints_numbers_that_can_be_read(ax, share):
    image = figures.confusion(ax, [[share, 1 - share], [0, 1]], ["a", "b"])
    text = next(text for text in ax.texts if text.get_position() == (0, 0))
    ink, ground = (RGB_TO_XYZ[1] @ linear(c) for c in (text.get_color(), image.cmap(share)[:3]))
    assert (max(ink, ground) + 0.05) / (min(ink, ground) + 0.05) >= 3


def test_shares_darken_in_grey(ax):
    image = figures.confusion(ax, np.eye(2), ["a", "b"])
    lightness = [lab(image.cmap(share)[:3])[0] for share in np.linspace(0, 1, 33)]
    assert (np.diff(lightness) < 0).all()


def test_confusion_wants_counts_and_groups_that_fit(ax):
    with pytest.raises(ValueError, match=r"counts must have shape \(2, 2\), got \(2, 3\)"):
        figures.confusion(ax, np.ones((2, 3)), ["a", "b"])
    with pytest.raises(ValueError, match="groups must sum to the 2 classes, got 3"):
        figures.confusion(ax, np.ones((2, 2)), ["a", "b"], groups=[1, 2])


def test_attention_has_what_is_read_above_and_what_is_written_beside(ax):
    weights = [[0.2, 0.8, 0.0], [0.1, 0.1, 0.8]]
    image = figures.attention(ax, weights, source=["le", "3", "mai"], target=["May", "3"])
    assert np.allclose(image.get_array(), weights) and image.get_clim() == (0, 0.8)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["le", "3", "mai"]
    assert [label.get_text() for label in ax.get_yticklabels()] == ["May", "3"]
    assert ax.xaxis.get_ticks_position() == "top"
    assert figures.attention(ax, weights, ["a", "b", "c"], ["d", "e"], limit=1.0).get_clim() == (0, 1)


def test_attention_wants_weights_that_fit(ax):
    with pytest.raises(ValueError, match=r"weights must have shape \(1, 2\), got \(2, 1\)"):
        figures.attention(ax, [[0.5], [0.5]], source=["a", "b"], target=["c"])
    with pytest.raises(ValueError, match="weights must not be negative"):
        figures.attention(ax, [[1.5, -0.5]], source=["a", "b"], target=["c"])
