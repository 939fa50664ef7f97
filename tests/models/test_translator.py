"""The two translators are one model, and it does what its equations say."""

from itertools import pairwise

import numpy as np
import pytest

from rnnbook.tasks.decoding import beam_search, greedy_search
from rnnbook.vocabulary import BEGIN, END, PADDING
from tests.models.twins import Twins, as_numpy, call, framework, loss_and_gradients, tensors

SOURCE, TARGET = 11, 13
SIZES = {"source_vocab_size": SOURCE, "target_vocab_size": TARGET, "embedding_size": 5, "hidden_size": 8}


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


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    z = np.exp(z - z.max(axis=-1, keepdims=True))
    return z / z.sum(axis=-1, keepdims=True)


# The equations, written out once more for one sequence at a time


def gru(p, name, x_t, h):
    W, U, b, b_u = (p[f"{name}.{key}"] for key in ("W", "U", "b", "b_u"))
    size = len(h)
    from_x, from_h = W @ x_t + b, U @ h + b_u
    r, z = sigmoid(from_x[:size] + from_h[:size]), sigmoid((from_x + from_h)[size : 2 * size])
    n = np.tanh(from_x[2 * size :] + r * from_h[2 * size :])
    return (1 - z) * n + z * h


def by_hand(p, x, y, attention):
    """Logits ``(T, V)`` and weights ``(T, S)`` for one source ``x`` and the symbols ``y`` before each."""
    embedded = p["source.E"][x]
    half = len(p["encoder.forward.b"]) // 3
    ahead, behind = [np.zeros(half)], [np.zeros(half)]
    for e in embedded:
        ahead.append(gru(p, "encoder.forward", e, ahead[-1]))
    for e in embedded[::-1]:
        behind.append(gru(p, "encoder.backward", e, behind[-1]))
    memory = np.concatenate([ahead[1:], behind[:0:-1]], axis=1)
    summary = np.concatenate([ahead[-1], behind[-1]])
    s = np.tanh(p["start.W"] @ summary + p["start.b"])
    logits, weights = [], []
    for symbol in y:
        context, a = summary, None
        if attention:
            scores = [p["attention.v"] @ np.tanh(p["attention.W"] @ s + p["attention.U"] @ m) for m in memory]
            a = softmax(np.array(scores))
            context = sum(weight * m for weight, m in zip(a, memory, strict=True))
        s = gru(p, "decoder", np.concatenate([p["target.E"][symbol], context]), s)
        logits.append(p["readout.W"] @ np.concatenate([s, context]) + p["readout.b"])
        weights.append(a)
    return np.array(logits), weights


class TestTranslator(Twins):
    KINDS = {
        "attention": ("SequenceTranslator", SIZES | {"attention": True}),
        "summary": ("SequenceTranslator", SIZES | {"attention": False}),
    }
    SCALE = 0.7
    test_they_learn = None  # see test_it_learns_to_write_backwards
    ANSWERS = {
        "encode": ("attention", {"dropout": 0.5}, lambda model: model.encode(X, LENGTHS)),
        "decode_step": (
            "attention",
            {"dropout": 0.5},
            lambda model: model.decode_step(Y[:, 0], model.encode(X, LENGTHS))[0],
        ),
        "attention_weights": (
            "attention",
            {"dropout": 0.5},
            lambda model: model.attention_weights(X, Y, LENGTHS),
        ),
    }
    REFUSED = [
        ("summary", {"hidden_size": 7}, ValueError, "hidden_size must be even, half for each .*, got 7"),
        ("summary", {"attention": 1}, TypeError, "attention must be True or False, got 1"),
        (
            "attention",
            {"target_vocab_size": 0},
            ValueError,
            "target_vocab_size must be a positive integer, got 0",
        ),
    ]

    def inputs(self, kind, dtype="float64"):
        return (X, Y[:, :-1]), {"lengths": LENGTHS}

    def batch(self, kind, dtype="float64"):
        return X, LENGTHS, Y

    def loss(self, wing, kind):
        return framework(wing).translation_loss

    def loss_of(self, model, wing, x, lengths, y):
        return loss_and_gradients(model, framework(wing).translation_loss, (x, lengths, y))[0]

    def test_logits_and_attention_are_what_the_equations_say(self, wing, kind):
        model = self.draw(wing, kind)
        logits = self.outputs(model, kind)
        for row, size in enumerate(LENGTHS):
            expected, weights = by_hand(model.params, X[row, :size], Y[row, :-1], kind == "attention")
            np.testing.assert_allclose(logits[row], expected, rtol=0, atol=1e-10)
            if kind == "attention":
                ours = model.attention_weights(X, Y[:, :-1], LENGTHS)[row]
                np.testing.assert_allclose(ours[:, :size], weights, rtol=0, atol=1e-10)
                assert (ours[:, size:] == 0).all()

    @pytest.mark.parametrize(("dtype", "close"), [("float64", 1e-10), ("float32", 1e-5)])
    def test_wings_write_alike(self, kind, dtype, close):
        models = [self.draw(wing, kind, dtype) for wing in self.WINGS]
        x, lengths, y = batch(1)
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
        if kind == "attention":
            one, other = (model.attention_weights(x, y, lengths) for model in models)
            np.testing.assert_allclose(one, other, rtol=0, atol=close)

    # What would be easy to get wrong

    def test_the_loss_scores_each_symbol_given_those_before_it(self, wing, kind):
        """Stepping through is another path than teacher forcing: a target shifted by one would differ."""
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
        assert np.abs(logits[0, 3] - after[0, 3]).max() > 1e-3

    def test_every_step_looks_at_the_source_and_not_always_at_the_same_place(self, wing):
        model = self.draw(wing, "attention")
        # The only way left from the source to the decoder is attention.
        model.load_params(model.params | {"start.W": np.zeros((8, 8)), "start.b": np.full(8, 0.3)})
        logits = call(model, X, Y, LENGTHS)
        for place in range(LENGTHS[0]):
            changed = X.copy()
            changed[0, place] = 4 + (X[0, place] - 3) % (SOURCE - 4)
            difference = np.abs(call(model, changed, Y, LENGTHS) - logits).max(axis=2)
            assert difference[0].min() > 1e-6 and difference[1:].max() == 0
        weights = model.attention_weights(X, Y, LENGTHS)
        np.testing.assert_allclose(weights.sum(axis=2), 1, atol=1e-12)
        assert np.abs(weights[0] - weights[0, :1]).max() > 1e-3

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
            states = model.encode(X[row : row + 1, :size]), model.encode(wider, LENGTHS)
            for one, other in zip(*states, strict=True):
                of_row = other[row, : one.shape[1]] if one.ndim > 1 else other[row]
                np.testing.assert_allclose(one[0], of_row, rtol=0, atol=1e-12)

    def test_padding_of_the_target_counts_nothing(self, wing):
        model = self.draw(wing, "attention")
        wider = np.pad(Y, ((0, 0), (0, 4)), constant_values=PADDING)
        one, other = (self.loss_of(model, wing, X, LENGTHS, y) for y in (wider, Y))
        assert one == pytest.approx(other, abs=1e-12)

    def test_without_lengths_all_steps_count(self, wing):
        model = self.draw(wing, "attention")
        x, _, y = batch(lengths=(5, 5), targets=(3, 3))
        np.testing.assert_array_equal(call(model, x, y), call(model, x, y, np.array([5, 5])))

    def test_it_learns_to_write_backwards(self, wing):
        """To be learned, every part must be right: the shift, the mask, the path from the source."""
        module = framework(wing)
        lengths = np.random.default_rng(0).integers(1, 4, 60)
        x, _, y = batch(4, lengths=lengths, targets=lengths)
        for row, size in enumerate(lengths):
            y[row, 1 : size + 1] = x[row, :size][::-1]
        sizes = {"embedding_size": 12, "hidden_size": 24}
        model = module.SequenceTranslator(SOURCE, TARGET, **sizes, rng=np.random.default_rng(0))

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
            learning_rate=0.02,
            progress=False,
        )
        assert before < 0.2 and accuracy() > 0.9
        assert history.losses[-1] < 0.3 < history.losses[0]

    # The door

    def test_bad_input_is_refused(self, wing):
        model = self.draw(wing, "attention")
        with pytest.raises(ValueError, match=r"x must lie in 0\.\.10, got values from 0 to 11"):
            model.encode(np.where(X.max() == X, SOURCE, X), LENGTHS)
        with pytest.raises(ValueError, match=r"y must lie in 0\.\.12"):
            call(model, X, Y + TARGET, LENGTHS)
        with pytest.raises(TypeError, match="x must be integers, got float64"):
            call(model, X.astype(float), Y, LENGTHS)
        with pytest.raises(ValueError, match=r"lengths must lie in 1\.\.6, got 0 at index 1"):
            call(model, X, Y, np.array([6, 0, 4, 3]))
        with pytest.raises(ValueError, match="attention_weights needs a translator with attention"):
            self.draw(wing, "summary").attention_weights(X, Y, LENGTHS)
        with pytest.raises(ValueError, match=r"params must have keys that begin with .*attention"):
            model.load_params({"attentive.W": np.zeros(3)})

    def test_weights_have_canonical_names(self, wing):
        with_attention, without = (self.make(wing, kind).params for kind in ("attention", "summary"))
        assert set(with_attention) - set(without) == {"attention.W", "attention.U", "attention.v"}
        assert {name.split(".")[0] for name in without} == {
            "source", "encoder", "start", "target", "decoder", "readout"
        }  # fmt: skip

    def test_attention_is_a_mean_with_weights_that_the_query_chooses(self, wing):
        """The layer alone."""
        attention = framework(wing).AdditiveAttention(3, 4, 5, dtype="float64", rng=np.random.default_rng(0))
        rng = np.random.default_rng(1)
        query, memory = rng.normal(size=(2, 3)), rng.normal(size=(2, 6, 4))
        lengths = np.array([6, 2])
        context, weights = as_numpy(attention(*tensors(wing, query, memory), lengths))
        p = attention.params
        for row, size in enumerate(lengths):
            scores = [p["v"] @ np.tanh(p["W"] @ query[row] + p["U"] @ m) for m in memory[row, :size]]
            np.testing.assert_allclose(weights[row, :size], softmax(np.array(scores)), atol=1e-12)
            np.testing.assert_allclose(context[row], weights[row, :size] @ memory[row, :size], atol=1e-12)
        assert (weights[1, 2:] == 0).all()
        again = as_numpy(attention(*tensors(wing, query + 1, memory), lengths))[1]
        assert np.abs(again - weights).max() > 1e-3


@pytest.mark.parametrize("wing", ["torch", "tensorflow"])
def test_attention_reads_nothing_beyond_the_lengths(wing):
    """NaN stands there; the context is that of the memory cut to its length."""
    rng = np.random.default_rng(0)
    layer = framework(wing).AdditiveAttention(3, 4, 5, rng=rng)
    query = rng.normal(size=(2, 3)).astype(np.float32)
    memory = rng.normal(size=(2, 6, 4)).astype(np.float32)
    memory[1, 4:] = np.nan
    read = lambda rows, steps, **lengths: [
        as_numpy(array) for array in layer(*tensors(wing, query[rows], memory[rows, :steps]), **lengths)
    ]
    context, attention = read(slice(0, 2), 6, lengths=[6, 4])
    short, _ = read(slice(1, 2), 4)
    np.testing.assert_allclose(context[1], short[0], rtol=1e-5)
    assert (attention[1, 4:] == 0).all() and np.isfinite(context).all()
