"""The networks in the page give NumPy's numbers: layers over drawn cases, and each trained network whole."""

import base64
import re
import shutil

import numpy as np
import pytest

from rnnbook import numpy as networks
from rnnbook.course.language import speaking
from rnnbook.course.site import live
from rnnbook.tasks.music import sampling
from rnnbook.vocabulary import Vocabulary

TOLERANCE = 1e-5


@pytest.fixture
def live_page(page):
    """A page with the scripts and all weights, which says every error; nothing of it comes from a network."""
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    for script in ("rnn.js", "models.js"):
        page.add_script_tag(path=live.FOLDER / script)
    for path in sorted((live.FOLDER / "weights").glob("*.js")):
        page.add_script_tag(path=path)
    return page


def plain(params):
    """Weights as the page has them."""
    return {name: {"shape": a.shape, "values": a.ravel().tolist()} for name, a in params.items()}


STEP = """([layer, p, xs, state, activation]) => {
    const R = window.rnnbook;
    const step = {
        ElmanRNN: (x, h) => R.elmanStep(p, x, h, activation),
        GRU: (x, h) => R.gruStep(p, x, h),
        LSTM: (x, s) => R.lstmStep(p, x, s),
    }[layer];
    return R.run(step, xs, state);
}"""


@pytest.mark.parametrize("layer", ["ElmanRNN", "GRU", "LSTM"])
@pytest.mark.parametrize("seed", range(4))
def test_layers_agree(live_page, layer, seed):
    rng = np.random.default_rng([seed, len(layer)])
    inputs, hidden, steps = (int(n) for n in rng.integers(1, 9, size=3))
    activation = ("tanh", "relu", "sigmoid", "identity")[seed]
    options = {"activation": activation} if layer == "ElmanRNN" else {}
    ours = getattr(networks, layer)(inputs, hidden, dtype=np.float64, rng=rng, **options)
    ours.load_params({name: rng.normal(size=array.shape) for name, array in ours.params.items()})
    x, h = rng.normal(size=(1, steps, inputs)), rng.normal(size=(1, hidden))
    state = (h, rng.normal(size=(1, hidden))) if layer == "LSTM" else h
    wanted = ours.forward(x, state)[0][0]
    start = [part[0].tolist() for part in state] if layer == "LSTM" else h[0].tolist()
    states = live_page.evaluate(STEP, [layer, plain(ours.params), x[0].tolist(), start, activation])
    got = np.array([h for h, _ in states] if layer == "LSTM" else states)
    np.testing.assert_allclose(got, wanted, atol=TOLERANCE)


def test_a_wrong_size_is_refused(live_page):
    with pytest.raises(Exception, match="x must hold 2 numbers, got 3"):
        live_page.evaluate("() => window.rnnbook.product({shape: [1, 2], values: [1, 1]}, [1, 2, 3])")


@pytest.mark.parametrize("name", ["names", "digit", "dates", "chorale"])
def test_weights_are_whole_and_small(name):
    live.read_weights(name)
    text = (live.FOLDER / "weights" / f"{name}.js").read_text(encoding="utf-8")
    assert len(text.encode()) <= live.MAX_BYTES
    assert f"rnnbook live {name}" in text


def test_damaged_weights_are_refused(tmp_path):
    live.write_weights("one", {"a": 1}, {"layer.W": np.ones((2, 2))}, tmp_path)
    about, params = live.read_weights("one", tmp_path)
    assert about == {"a": 1} and params["layer.W"].tolist() == [[1, 1], [1, 1]]
    path = tmp_path / "weights" / "one.js"
    path.write_text(path.read_text("utf-8").replace('{"a":1}', '{"a":2}'), encoding="utf-8")
    with pytest.raises(ValueError, match="checksum"):
        live.read_weights("one", tmp_path)
    with pytest.raises(ValueError, match="400,000"):
        live.write_weights("one", {}, {"layer.W": np.ones((400, 400))}, tmp_path)


@pytest.mark.parametrize("text", ["mariposa", "Schwedische Krone", "île ž"])
def test_names(live_page, text):
    about, params = live.read_weights("names")
    vocabulary = Vocabulary(about["symbols"])
    size = params["encoder.U"].shape[1]
    model = networks.SequenceClassifier(
        len(vocabulary), len(about["languages"]), embedding_size=params["embedding.E"].shape[1],
        hidden_size=size, bidirectional=False, dtype=np.float64,
    )  # fmt: skip
    model.load_params(params)
    tokens = list(text.lower())
    wanted = [model.probabilities(vocabulary.encode(tokens[: n + 1])[None])[0] for n in range(len(tokens))]
    got = live_page.evaluate("text => rnnbook.models.names(rnnbook.network('names'))(text)", text)
    assert [step["letter"] for step in got] == tokens
    np.testing.assert_allclose([step["belief"] for step in got], wanted, atol=TOLERANCE)


def test_digit(live_page):
    about, params = live.read_weights("digit")
    reader = networks.GRU(8, params["reader.U"].shape[1], dtype=np.float64)
    readout = networks.Dense(reader.hidden_size, 10, dtype=np.float64)
    for layer, name in ((reader, "reader."), (readout, "readout.")):
        layer.load_params({key.removeprefix(name): a for key, a in params.items() if key.startswith(name)})
    right = 0
    for example in about["examples"]:
        x = np.reshape(example["pixels"], (1, 8, 8)) / 16
        wanted = networks.softmax(readout.forward(reader.forward(x)[0])[0])[0]
        got = live_page.evaluate("x => rnnbook.models.digit(rnnbook.network('digit'))(x)", x[0].tolist())
        np.testing.assert_allclose([step["belief"] for step in got], wanted, atol=TOLERANCE)
        right += int(wanted[-1].argmax() == example["label"])
    assert right >= 8  # of ten that it never saw


def test_dates(live_page):
    torch = pytest.importorskip("torch")
    from rnnbook.tasks.translation import TextTranslator
    from rnnbook.torch import SequenceTranslator

    about, params = live.read_weights("dates")
    source, target = Vocabulary(about["source"]), Vocabulary(about["target"])
    model = SequenceTranslator(
        len(source), len(target), embedding_size=params["source.E"].shape[1],
        hidden_size=params["decoder.U"].shape[1], dtype=torch.float64,
    )  # fmt: skip
    model.load_params(params)
    translator = TextTranslator(model, source, target)
    for text in (*about["examples"], "Monday, January 1, 2001, 12:30 PM"):
        got = live_page.evaluate("text => rnnbook.models.dates(rnnbook.network('dates'))(text)", text)
        assert "".join(got["written"]).strip() == translator(text)
        _, written, weights = translator.attention_weights(text, translator(text))
        if len(written) == len(got["written"]):
            np.testing.assert_allclose(got["weights"], weights, atol=TOLERANCE)
    unknown = live_page.evaluate("() => rnnbook.models.dates(rnnbook.network('dates'))('Foo 3, 2001')")
    assert unknown["unseen"].strip() == "Foo" and unknown["written"] == []


def test_chorale(live_page):
    torch = pytest.importorskip("torch")
    from rnnbook.torch import SATBModel

    about, params = live.read_weights("chorale")
    model = SATBModel(
        about["vocab_size"], hidden_size=params["memory.memory.U"].shape[1],
        head_size=params["soprano.hidden.b"].size, dtype=torch.float64,
    )  # fmt: skip
    model.load_params(params)
    frames = sampling.encode_frames(np.array([[67, 64, 60, 48], [69, 65, 60, 53], [67, 62, 59, 55]]))
    script = """frames => {
        const R = window.rnnbook, model = R.models.chorale(R.network('chorale'));
        let memory = model.remember(null, null);
        return frames.map((frame) => {
            const logits = [0, 1, 2, 3].map((voice) => R.softmax(model.scores(voice, frame, memory)));
            memory = model.remember(frame, memory);
            return [memory, logits];
        });
    }"""
    state = model.init_state(1)
    for frame, (memory, beliefs) in zip(frames, live_page.evaluate(script, frames.tolist()), strict=True):
        for voice in range(4):
            wanted = np.exp(model.log_probabilities(voice, frame[None], state))[0]
            np.testing.assert_allclose(beliefs[voice], wanted, atol=TOLERANCE)
        state = model.update_state(frame[None], state)
        np.testing.assert_allclose(memory, state[0], atol=TOLERANCE)
    harmonised = live_page.evaluate(
        "melody => rnnbook.models.chorale(rnnbook.network('chorale')).harmonize(melody, {samples: 1})",
        about["melody"],
    )
    assert [frame[0] for frame in harmonised] == about["melody"]


@pytest.mark.parametrize("activation, radius", [("identity", 0.8), ("identity", 1.2), ("tanh", 0.9)])
def test_gradients_follow_the_radius(live_page, activation, radius):
    norms = live_page.evaluate(
        "options => rnnbook.gradients({...options, random: Math.random})",
        {"cell": "Elman", "activation": activation, "radius": radius},
    )
    theory = radius ** np.arange(1, 61)
    if activation == "identity":  # an orthogonal U times the radius: every Jacobian is U
        np.testing.assert_allclose(norms, theory, rtol=1e-3)
    else:
        assert np.all(np.array(norms) <= 1.001 * theory)


def test_every_number_of_sixteen_bits_is_read(live_page):
    bits = np.arange(0, 2**16, 7, dtype="<u2")
    values = bits.view("<f2")
    finite = np.isfinite(values)
    content = live_page.evaluate(
        "text => Array.from(rnnbook.float16(text))", base64.b64encode(bits.tobytes()).decode()
    )
    assert np.array_equal(np.array(content, float)[finite], values[finite].astype(float))


@pytest.mark.parametrize("spoken", ["en", "zh_CN"])
def test_they_speak_the_language_of_the_page(page, tmp_path, spoken):
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    static = tmp_path / "_static" / "live"
    shutil.copytree(live.FOLDER, static, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    with speaking(spoken):
        live.write_words(static)
        elements = [live.element(name, ".", scripts=name == "names") for name in live.DEMOS]
    text = f"<!DOCTYPE html><meta charset=utf-8><title>x</title>{''.join(elements)}"
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    page.goto((tmp_path / "page.html").as_uri())
    for name in live.DEMOS:
        demo = page.locator(f'[data-live="{name}"]')
        demo.scroll_into_view_if_needed()
        page.wait_for_selector(f'[data-live="{name}"][data-state="ready"]')
        labels = demo.evaluate("e => [...e.querySelectorAll('[aria-label]')].map(x => x.ariaLabel)")
        shown = demo.inner_text()
        if name == "dates":  # an English date is what it reads
            shown = "\n".join(line for line in shown.splitlines() if not re.search(r"\d{4}|^[A-Z\t]", line))
        english = re.findall(r"[A-Za-z]{3,} [A-Za-z]{2,}", "\n".join([shown, *labels]))
        chinese = re.findall(r"[\u4e00-\u9fff]{2,}", "\n".join([shown, *labels]))
        assert bool(english) == (spoken == "en"), english
        assert bool(chinese) == (spoken == "zh_CN") or name == "dates", chinese
