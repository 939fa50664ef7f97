"""The two Transformers are one model, and it does what its equations say."""

from itertools import pairwise

import numpy as np
import pytest

from rnnbook.tasks.decoding import beam_search, greedy_search
from rnnbook.vocabulary import BEGIN, END, PADDING
from tests.models.twins import Twins, call, framework, loss_and_gradients

SOURCE, TARGET = 11, 13
H, HEADS = 8, 2


def batch(seed: int = 0, lengths=(6, 1, 4, 3), targets=(5, 2, 6, 3)):
    """``(x, lengths, y)``: drawn symbols, padded; ``y`` from begin to end."""
    rng = np.random.default_rng(seed)
    x = np.full((len(lengths), max(lengths)), PADDING)
    y = np.full((len(targets), max(targets) + 2), PADDING)
    for row, (size, written) in enumerate(zip(lengths, targets, strict=True)):
        x[row, :size] = rng.integers(4, SOURCE, size)
        y[row, : written + 2] = [BEGIN, *rng.integers(4, TARGET, written), END]
    return x, np.array(lengths), y


X, LENGTHS, Y = batch()


# The equations, written out once more, one step and one head at a time


def norm(p, name, x):
    return p[f"{name}.gamma"] * (x - x.mean()) / np.sqrt(x.var() + 1e-5) + p[f"{name}.beta"]


def attention(p, name, x, memory):
    """What one step ``x`` reads of ``memory``, a list of steps, and its weights by head."""
    W_q, W_k, W_v, W_o = (p[f"{name}.{key}"] for key in ("W_q", "W_k", "W_v", "W_o"))
    size = H // HEADS
    read, weights = [], []
    for head in range(HEADS):
        part = slice(head * size, (head + 1) * size)
        scores = np.array([(W_q @ x)[part] @ (W_k @ m)[part] / np.sqrt(size) for m in memory])
        a = np.exp(scores) / np.exp(scores).sum()
        read.append(sum(weight * (W_v @ m)[part] for weight, m in zip(a, memory, strict=True)))
        weights.append(a)
    return W_o @ np.concatenate(read), weights


def feed(p, name, x):
    inner = np.maximum(p[f"{name}.wide.W"] @ x + p[f"{name}.wide.b"], 0)
    return p[f"{name}.narrow.W"] @ inner + p[f"{name}.narrow.b"]


def embedded(p, name, symbols):
    steps = []
    for place, symbol in enumerate(symbols):
        angles = [place / 10_000 ** (2 * pair / H) for pair in range(H // 2)]
        waves = np.array([wave(angle) for angle in angles for wave in (np.sin, np.cos)])
        steps.append(np.sqrt(H) * p[f"{name}.E"][symbol] + waves)
    return steps


def by_hand(p, x, y, layers):
    """Logits ``(T, V)`` and the last block's mean weights ``(T, S)`` for one source and what stood before."""
    steps = embedded(p, "source", x)
    for layer in range(layers):
        name = f"encoder_{layer}"
        normed = [norm(p, f"{name}.norm", step) for step in steps]
        steps = [
            s + attention(p, f"{name}.attention", n, normed)[0] for s, n in zip(steps, normed, strict=True)
        ]
        steps = [step + feed(p, f"{name}.feed", norm(p, f"{name}.feed_norm", step)) for step in steps]
    memory = [norm(p, "encoder_norm", step) for step in steps]
    steps = embedded(p, "target", y)
    for layer in range(layers):
        name = f"decoder_{layer}"
        normed = [norm(p, f"{name}.norm", step) for step in steps]
        steps = [
            step + attention(p, f"{name}.attention", normed[t], normed[: t + 1])[0]
            for t, step in enumerate(steps)
        ]
        read = [
            attention(p, f"{name}.memory_attention", norm(p, f"{name}.memory_norm", s), memory) for s in steps
        ]
        steps = [step + one for step, (one, _) in zip(steps, read, strict=True)]
        steps = [step + feed(p, f"{name}.feed", norm(p, f"{name}.feed_norm", step)) for step in steps]
    logits = [p["readout.W"] @ norm(p, "decoder_norm", step) + p["readout.b"] for step in steps]
    return np.array(logits), [np.mean(weights, axis=0) for _, weights in read]


class TestTransformer(Twins):
    SIZES = {"source_vocab_size": SOURCE, "target_vocab_size": TARGET, "hidden_size": H, "num_heads": HEADS}
    KINDS = {
        "one layer": ("TransformerTranslator", SIZES | {"num_layers": 1}),
        "two layers": ("TransformerTranslator", SIZES | {"num_layers": 2}),
    }
    test_they_learn = None  # see test_it_learns_to_write_backwards
    ANSWERS = {
        "encode": ("two layers", {"dropout": 0.5}, lambda model: model.encode(X, LENGTHS)),
        "decode_step": (
            "two layers",
            {"dropout": 0.5},
            lambda model: model.decode_step(Y[:, 0], model.encode(X, LENGTHS))[0],
        ),
        "attention_weights": (
            "two layers",
            {"dropout": 0.5},
            lambda model: model.attention_weights(X, Y, LENGTHS),
        ),
    }
    REFUSED = [
        ("one layer", {"hidden_size": 7}, ValueError, "hidden_size must be even, .*, got 7"),
        ("one layer", {"num_heads": 3}, ValueError, "num_heads must divide hidden_size, 8, got 3"),
        ("one layer", {"num_heads": 0}, ValueError, "num_heads must be a positive integer, got 0"),
        ("one layer", {"num_layers": 0}, ValueError, "num_layers must be a positive integer, got 0"),
    ]

    def inputs(self, kind, dtype="float64"):
        return (X, Y[:, :-1]), {"lengths": LENGTHS}

    def batch(self, kind, dtype="float64"):
        return X, LENGTHS, Y

    def loss(self, wing, kind):
        return framework(wing).translation_loss

    def loss_of(self, model, wing, x, lengths, y):
        return loss_and_gradients(model, framework(wing).translation_loss, (x, lengths, y))[0]

    def test_its_equations(self, wing, kind):
        model = self.draw(wing, kind)
        logits = self.outputs(model, kind)
        looked = model.attention_weights(X, Y[:, :-1], LENGTHS)
        for row, size in enumerate(LENGTHS):
            layers = self.KINDS[kind][1]["num_layers"]
            expected, weights = by_hand(model.params, X[row, :size], Y[row, :-1], layers)
            np.testing.assert_allclose(logits[row], expected, rtol=0, atol=1e-10)
            np.testing.assert_allclose(looked[row, :, :size], weights, rtol=0, atol=1e-10)
            assert (looked[row, :, size:] == 0).all()

    @pytest.mark.parametrize(("dtype", "close"), [("float64", 1e-10), ("float32", 1e-5)])
    def test_wings_write_alike(self, kind, dtype, close):
        models = [self.draw(wing, kind, dtype) for wing in self.WINGS]
        x, lengths, _ = batch(1)
        one, other = (
            greedy_search(model.decode_step, model.encode(x, lengths), max_len=9) for model in models
        )
        assert one == other
        one, other = (
            beam_search(model.decode_step, model.encode(x[:1], lengths[:1]), beam_width=3, max_len=9)
            for model in models
        )
        assert [best.tokens for best in one] == [best.tokens for best in other]
        np.testing.assert_allclose(
            [best.log_probability for best in one],
            [best.log_probability for best in other],
            rtol=0,
            atol=10 * close,
        )

    # What would be easy to get wrong

    def test_steps_and_teacher_forcing_agree(self, wing, kind):
        """Stepping with kept keys and values is another path than teacher forcing."""
        model = self.draw(wing, kind)
        total, counted = 0.0, 0
        for row, size in enumerate(LENGTHS):
            state = model.encode(X[row : row + 1, :size])
            symbols = Y[row][Y[row] != PADDING]
            for before, following in pairwise(symbols):
                log_probabilities, state = model.decode_step(np.array([before]), state)
                assert np.exp(log_probabilities).sum() == pytest.approx(1)
                total -= log_probabilities[0, following]
                counted += 1
        assert self.loss_of(model, wing, X, LENGTHS, Y) == pytest.approx(total / counted, abs=1e-10)

    def test_no_step_sees_what_it_should_say(self, wing, kind):
        model = self.draw(wing, kind)
        logits = call(model, X, Y, LENGTHS)
        changed = Y.copy()
        changed[0, 3] = 4 + (Y[0, 3] - 3) % (TARGET - 4)
        after = call(model, X, changed, LENGTHS)
        np.testing.assert_array_equal(logits[0, :3], after[0, :3])
        assert np.abs(logits[0, 3:] - after[0, 3:]).max(axis=1).min() > 1e-4

    def test_padding_of_the_source_changes_nothing(self, wing, kind):
        model = self.draw(wing, kind)
        logits = call(model, X, Y, LENGTHS)
        noise = np.random.default_rng(9).integers(4, SOURCE, X.shape)
        padded = np.where(np.arange(X.shape[1]) < LENGTHS[:, None], X, noise)
        wider = np.pad(padded, ((0, 0), (0, 3)), constant_values=7)
        np.testing.assert_allclose(call(model, wider, Y, LENGTHS), logits, rtol=0, atol=1e-12)
        for row, size in enumerate(LENGTHS):
            alone = call(model, X[row : row + 1, :size], Y[row : row + 1])
            np.testing.assert_allclose(alone[0], logits[row], rtol=0, atol=1e-12)

    def test_order_counts(self, wing, kind):
        """Without positions an encoder reads a bag."""
        model = self.draw(wing, kind)
        x = np.array([[4, 5, 6]])
        assert np.abs(call(model, x, Y[:1]) - call(model, x[:, ::-1].copy(), Y[:1])).max() > 1e-3

    def test_the_state_grows_by_a_step_a_symbol(self, wing):
        model = self.draw(wing, "one layer")
        state = model.encode(X, LENGTHS)
        assert [part.shape[1] for part in state] == [6, 6, 6, 0, 0]
        _, state = model.decode_step(Y[:, 0], state)
        assert [part.shape[1] for part in state] == [6, 6, 6, 1, 1]

    def test_it_learns_to_write_backwards(self, wing):
        """To be learned, every part must be right: positions, the mask, the path from the source."""
        module = framework(wing)
        lengths = np.random.default_rng(0).integers(1, 4, 60)
        x, _, y = batch(4, lengths=lengths, targets=lengths)
        for row, size in enumerate(lengths):
            y[row, 1 : size + 1] = x[row, :size][::-1]
        model = module.TransformerTranslator(
            SOURCE, TARGET, hidden_size=24, num_layers=1, num_heads=2, rng=np.random.default_rng(0)
        )

        def accuracy() -> float:
            written = greedy_search(model.decode_step, model.encode(x, lengths), max_len=6)
            backwards = [list(row[:size][::-1]) for row, size in zip(x, lengths, strict=True)]
            return np.mean([ours == theirs for ours, theirs in zip(written, backwards, strict=True)])

        before = accuracy()
        history = module.fit(
            model,
            lambda rng: [(x[rows], lengths[rows], y[rows]) for rows in rng.permutation(60).reshape(3, 20)],
            module.translation_loss,
            lambda model: 0.0,  # a tie goes to the later weights
            epochs=40,
            learning_rate=0.01,
            progress=False,
        )
        assert before < 0.2 and accuracy() > 0.9
        assert history.losses[-1] < 0.3 < history.losses[0]

    # The door

    def test_bad_input_is_refused(self, wing):
        model = self.draw(wing, "one layer")
        with pytest.raises(ValueError, match=r"x must lie in 0\.\.10, got values from 0 to 11"):
            model.encode(np.where(X.max() == X, SOURCE, X), LENGTHS)
        with pytest.raises(ValueError, match=r"y must lie in 0\.\.12"):
            call(model, X, Y + TARGET, LENGTHS)
        with pytest.raises(TypeError, match="x must be integers, got float64"):
            call(model, X.astype(float), Y, LENGTHS)
        with pytest.raises(ValueError, match=r"lengths must lie in 1\.\.6, got 0 at index 1"):
            call(model, X, Y, np.array([6, 0, 4, 3]))
