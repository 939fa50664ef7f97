"""Would the tests notice? Each mutation below breaks one line of the package, and a test must fail.

    python -m tests.mutations                all of them; exits 1 if one survives or no longer applies
    python -m tests.mutations lstm           those of every lstm.py
    python -m tests.mutations torch/lstm     those of torch/lstm.py
    python -m tests.mutations torch tasks    those in these folders

A mutation is applied to a copy of the package in a temporary folder, never to the package itself. The suite
tries ``SAMPLE`` only; all of them take some minutes.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import tests.threads  # noqa: F401  one thread in the tests, as under pytest

ROOT = Path(__file__).parent.parent
PYTEST = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-k", "not torchs"]
# Plugins cost more than most tests. And a mutated file of the same size, written in the same second, must not
# be mistaken for the one whose bytecode is there already.
ENVIRONMENT = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
CONFIGURATION = "[pytest]\naddopts = --import-mode=importlib\npythonpath = .\n"
# A copy that tests the package it was copied from would let everything survive.
CONFTEST = """
from pathlib import Path
import rnnbook
assert Path(rnnbook.__file__).is_relative_to(Path(__file__).parent), rnnbook.__file__
"""


@dataclass(frozen=True)
class Mutation:
    """Replace ``old``, which must stand exactly once in rnnbook/``file``.py, by ``new``."""

    file: str
    what: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what}"

    @property
    def tests(self) -> tuple[str, ...]:
        """The tests that should fail: those named like the file, unless ``TESTS`` names others."""
        folder, _, name = self.file.rpartition("/")
        return TESTS.get(self.file, (f"{folder}/test_{name}.py".removeprefix("/"),))


LINEAR = (
    "test_linear.py::test_gradients_by_the_complex_step",
    "test_linear.py::test_forward_is_the_step_repeated",
)
SCAN = ("test_linear.py::test_gradients_of_every_wing",)
IN_TORCH = (
    "torch/test_equality.py::test_outputs_states_and_gradients",
    "torch/test_lengths.py::test_every_sequence_as_if_it_were_alone",
    "torch/test_lengths.py::test_padding_may_hold_anything",
)
IN_TENSORFLOW = (
    "tensorflow/test_equality.py::test_eager",
    "tensorflow/test_masks.py::test_any_pattern_is_the_sequence_without_the_skipped_steps",
)


def fit_of(wing: str) -> tuple[str, ...]:
    names = (
        "clipping_clips",
        "the_same_seed_gives_the_same_run",
        "the_best_weights_are_put_back_and_patience_ends_it",
    )
    return tuple(f"test_fit.py::test_{name}[{wing}]" for name in names)


SAME_PATH = "test_fit.py::test_the_wings_walk_the_same_path"
TESTS = (
    {
        "numpy/layer": ("numpy/test_elman.py",),
        "numpy/activations": ("numpy/test_activations.py", "numpy/test_lstm.py"),
        "numpy/scan": ("test_linear.py::test_every_order_gives_what_the_definition_gives", *LINEAR),
        "numpy/ctc": ("test_ctc.py",),
        "torch/ctc": ("test_ctc.py",),
        "torch/scan": SCAN,
        "tensorflow/scan": SCAN,
        "torch/attention": (
            "models/test_translator.py::TestTranslator::test_padding_of_the_source_changes_nothing",
            "models/test_translator.py::TestTranslator::test_logits_and_attention_are_what_the_equations_say",
        ),
        "torch/training": (SAME_PATH, *fit_of("torch"), "test_fit.py::test_every_epoch_trains_with_dropout"),
        "tensorflow/training": (SAME_PATH, *fit_of("tensorflow")),
        "training": (*fit_of("numpy"), "test_fit.py::test_one_cycle", "test_training.py"),
        "tasks/checkpoint": ("tasks/test_text.py",),
        "tasks/boxes": ("tasks/test_boxes.py",),
        "data/__init__": (
            "data/test_data.py::test_verify",
            "data/test_data.py::test_shuffled_depends_on_keys_and_seed_alone",
        ),
        "checks/agreement": (
            "test_checks.py::test_a_difference_is_that_of_the_worst_entry",
            "test_checks.py::test_a_gradient_of_which_numpy_is_wrong_is_named_by_every_voice",
        ),
        "checks/gradients": ("test_checks.py",),
    }
    | {f"numpy/{name}": LINEAR for name in ("lru", "min_gru", "min_lstm", "slstm", "selective_ssm")}
    | {f"torch/{name}": IN_TORCH for name in ("layer", "lstm", "gru", "bidirectional")}
    | {f"tensorflow/{name}": IN_TENSORFLOW for name in ("layer", "lstm", "gru", "bidirectional")}
)

# What is wrong, what stands there, and what stands there instead.
BY_FILE = {
    "numpy/elman": [
        ("sign of δ", "np.multiply(dz_t, dh, out=dz_t)", "np.multiply(dz_t, -dh, out=dz_t)"),
        ("U transposed backwards", "np.matmul(dz_t, U, out=dh)", "np.matmul(dz_t, U.T, out=dh)"),
        ("U transposed forwards", 'ray(self.params["U"].T)', 'ray(self.params["U"])'),
        ("slope of the step before", "h[start + 1 : stop + 1]", "h[start:stop]"),
        ("dU from h_t, not h_{t-1}", "h[:-1].reshape", "h[1:].reshape"),
        (
            "dU transposed",
            "dz.T @ h[:-1].reshape(time * batch, size)",
            "h[:-1].reshape(time * batch, size).T @ dz",
        ),
        ("later gradient lost", "np.add(dh, d_steps[t], out=dh)", "dh[...] = d_steps[t]"),
        ("final state's gradient lost", "dh[ending[t]] += d_parts[0][ending[t]]", "pass"),
        ("U not kept on the tape", 'self.params["U"].copy()', 'self.params["U"]'),
        ("outputs beyond the length", "h_t[ended] = 0", "pass"),
    ],
    "numpy/jordan": [
        ("decay forgotten backwards", "ds = self.decay * ds +", "ds = ds +"),
        ("decay forgotten forwards", "np.multiply(s_t, self.decay, out=s_after)", "s_after[...] = s_t"),
        ("path through U lost", "self.decay * ds + dz[t] @ U", "self.decay * ds"),
        ("state's gradient lost", "dy[t] *= d_outputs[t] + ds", "dy[t] *= d_outputs[t]"),
        ("slope of g forgotten", "self.output_activation.derivative(y)", "np.ones_like(y)"),
        ("slope of f forgotten", "self.activation.derivative(h)", "np.ones_like(h)"),
        ("dU from the state after", "s[:-1].reshape", "s[1:].reshape"),
        ("dc a mean", "dy.sum(axis=0)", "dy.mean(axis=0)"),
        ("V transposed backwards", "dy[t] @ V", "(V @ dy[t].T).T if len(V) == len(V.T) else dy[t] @ V"),
        (
            "final state's gradient decayed",
            "+= d_parts[0][ending[t]]",
            "+= self.decay * d_parts[0][ending[t]]",
        ),
    ],
    "numpy/lstm": [
        ("U transposed backwards", "matmul(dz_t, U, out", "matmul(dz_t, U.transpose(0, 2, 1), out"),
        ("one gate dropped", "np.add.reduce(by_gate, axis=0", "np.add.reduce(by_gate[1:], axis=0"),
        ("slope of f: sign", "kept - kept * f", "kept + kept * f"),
        ("slope of i with c_{t-1}", "written - written * i", "kept - kept * i"),
        ("slope of g that of σ", "i - written * g", "written - written * g"),
        ("slope of o without tanh", "shown - shown * o", "o - o * o"),
        ("f forgotten on the way back", "slopes[5] = f", "slopes[5] = 1"),
        ("dc of the step after lost", "np.add(dc_t, dc, out=dc_t)", "pass"),
        ("p_o by δi", "dc_t += p[2] * dz_t[O]", "dc_t += p[2] * dz_t[I]"),
        ("p_o forgotten", "dc_t += p[2] * dz_t[O]", "pass"),
        ("p_i and p_f swapped", "p[0] * dz_t[I] + p[1] * dz_t[F]", "p[1] * dz_t[I] + p[0] * dz_t[F]"),
        ("dp_o from c_{t-1}", "(d_o * c[1:])", "(d_o * c[:-1])"),
        ("dp_i from c_t", "(d_i * c[:-1])", "(d_i * c[1:])"),
        ("o sees c_{t-1}", "step[O] += p[2] * c_t", "step[O] += p[2] * step[C]"),
        ("final c's gradient lost", "dc[ending[t]] += d_parts[1][ending[t]]", "pass"),
        ("final h's gradient lost", "dh[ending[t]] += d_parts[0][ending[t]]", "pass"),
        ("gates in another order on the way back", "size, size), 1, axis=0)", "size, size), 2, axis=0)"),
        ("dU from h_t, not h_{t-1}", "dz.T @ h[:-1]", "dz.T @ h[1:]"),
        (
            "final c a step early",
            "self._last_valid(slab[1:, C], tape)",
            "self._last_valid(slab[:-1, C], tape)",
        ),
        ("dc overwritten between chunks", "dc = dc.copy()", "pass"),
        ("wrong step of a short chunk", "views[t - start]", "views[t - stop]"),
        ("weights not kept on the tape", "name: array.copy()", "name: array"),
    ],
    "numpy/gru": [
        ("b_u forgotten in r and z", 'b[: N * size] += self.params["b_u"][: N * size]', "pass"),
        (
            "b_u forgotten in n",
            "np.add(from_before[N], b_u_n, out=inner_t)",
            "inner_t[...] = from_before[N]",
        ),
        ("db_u without the reset", "d_m.sum(axis=0)", 'gradients["b"][N * size :]'),
        ("U transposed backwards", "matmul(read_by_U, U, out", "matmul(read_by_U, U.transpose(0, 2, 1), out"),
        ("U_n transposed backwards", "np.matmul(d_n, U_n,", "np.matmul(d_n, U_n.T,"),
        ("sign of δz", "(h_before - n) * (z", "(n - h_before) * (z"),
        ("z for 1 - z in δn", "= (1 - z) * (1", "= z * (1"),
        ("1 - z for z on the way back", "slopes[4] = z", "slopes[4] = 1 - z"),
        ("reset forgotten", "slopes[0] = r", "slopes[0] = 1"),
        ("δr with h in both arrangements", "inner_now if after else h_before", "h_before"),
        ("path through z lost", "np.add(dh, kept, out=dh)", "pass"),
        ("path through r * h lost", "np.add(kept, d_m, out=kept)", "pass"),
        (
            "dU_n from h, not r * h",
            "d_rzn[:, N * size :].T @ inner.reshape",
            "d_rzn[:, N * size :].T @ h[:-1].reshape",
        ),
        ("dU in another gate order", "@ h_before, -size,", "@ h_before, size,"),
        ("final state's gradient lost", "dh[ending[t]] += d_parts[0][ending[t]]", "pass"),
    ],
    "numpy/bidirectional": [
        ("gradients not reversed", "d_behind[backwards]", "d_behind"),
        ("dx not reversed", 'behind.pop("x")[backwards]', 'behind.pop("x")'),
        (
            "lengths ignored in reversing",
            "lengths[:, None] - 1 - steps",
            "0 * lengths[:, None] + time - 1 - steps",
        ),
        ("final state's gradient lost", "d_behind[backwards], d_after[1])", "d_behind[backwards])"),
        (
            "states swapped",
            '(ahead.pop("state"), behind.pop("state"))',
            '(behind.pop("state"), ahead.pop("state"))',
        ),
    ],
    "numpy/stacked": [
        ("states in another order", "d_before.insert(0, of_layer", "d_before.append(of_layer"),
        (
            "final states' gradients lost",
            "layer.backward(layer_tape, d_outputs, d_after)",
            "layer.backward(layer_tape, d_outputs)",
        ),
        ("initial state lost", "layer.forward(x, before, lengths)", "layer.forward(x, None, lengths)"),
    ],
    "numpy/layer": [
        ("db another column", "dw_and_db[:, -1])", "dw_and_db[:, 0])"),
        ("sign of dW and db", "dz.T @ tape.saved", "-dz.T @ tape.saved"),
        ("padding's gradients let in", "np.where(beyond[:, :, None], 0, steps)", "steps"),
        (
            "last valid step's gradient lost",
            "beyond = np.arange(tape.time)[:, None] > tape.last",
            "beyond = np.arange(tape.time)[:, None] >= tape.last",
        ),
        ("padding read", "rows[np.arange(time)[:, None] > tape.last] = 0", "pass"),
        (
            "final gradient a step early",
            "np.flatnonzero(tape.last == t)",
            "np.flatnonzero(tape.last == t + 1)",
        ),
        ("ended a step early", "np.flatnonzero(tape.last < t)", "np.flatnonzero(tape.last <= t)"),
        ("final state shared with the tape", "states[-1].copy()", "states[-1]"),
        ("chunks leave out a step", "[(max(0, stop - steps), stop)", "[(max(0, stop - steps + 1), stop)"),
    ],
    "numpy/activations": [
        ("slope of tanh", "lambda a: 1 - a * a", "lambda a: 1 - a"),
        ("slope of relu at zero", "(a > 0)", "(a >= 0)"),
        ("slope of σ", "lambda a: a * (1 - a)", "lambda a: 1 - a"),
    ],
    "numpy/dense": [
        ("slope forgotten", "d_outputs * self.activation.derivative(y)", "d_outputs"),
        ("W transposed backwards", "d @ W", "d @ W.T if W.shape[0] == W.shape[1] else d @ W"),
        ("W not kept on the tape", 'self.params["W"].copy()', 'self.params["W"]'),
    ],
    "numpy/embedding": [
        (
            "a symbol's second gradient lost",
            "np.add.at(d_E, tape.reshape(-1), d_outputs.reshape(-1, size))",
            "d_E[tape.reshape(-1)] = d_outputs.reshape(-1, size)",
        ),
    ],
    "numpy/losses": [
        ("sign of the targets", "keepdims=True) - targets", "keepdims=True) + targets"),
        ("mean over masked places", "0) / counted.sum()", "0) / counted.size"),
        ("factor 2 forgotten", "2 * difference", "difference"),
    ],
    "numpy/optimizers": [
        ("clip missing", "array *= max_norm / norm", "pass"),
        ("clip spoils dx", "if key not in NOT_WEIGHTS", "if array is not None"),
        ("clip array by array", "max_norm / norm", "max_norm / np.linalg.norm(array)"),
        ("momentum reversed", "v *= self.momentum", "v *= 1 - self.momentum"),
        ("decay reversed", "(1 - self.decay) * gradient", "self.decay * gradient"),
        ("bias of m not corrected", "m_hat = m / (1 - self.beta1**self.steps)", "m_hat = m"),
        ("bias of v not corrected", "v_hat = v / (1 - self.beta2**self.steps)", "v_hat = v"),
    ],
    "numpy/scan": [
        ("h of the step itself in da", "np.concatenate([before[None], h[:-1]])", "h"),
        ("conjugate forgotten", "total * np.conj(h_before)", "total * h_before"),
        ("sweeps of 1, 2, 3", "offset *= 2", "offset += 1"),
        ("carry of the chunk itself", "carried[k] = before", "carried[k] = a[-1, k] * before + h[-1, k]"),
    ],
    "numpy/ctc": [
        (
            "a repeated symbol joined",
            "(places[2:] != BLANK) & (places[2:] != places[:-2])",
            "places[2:] != BLANK",
        ),
        ("the last symbol must be followed by a blank", "beta[-1, -2:] = 0", "beta[-1, -1:] = 0"),
        ("step t counted twice", "+ log_p[t + 1, places]", "+ log_p[t, places]"),
        (
            "a symbol's second place lost",
            "np.add.at(expected.T, with_blanks(target), gamma.T)",
            "expected.T[with_blanks(target)] = gamma.T",
        ),
    ],
    "numpy/lru": [
        ("sign of the angle's gradient", '"theta": (np.conj', '"theta": -(np.conj'),
        ("C not conjugated on the way back", "d_outputs @ np.conj(C)", "d_outputs @ C"),
    ],
    "numpy/min_gru": [("z for 1 - z in δn", "d_h * (1 - z)], axis=2", "d_h * z], axis=2")],
    "numpy/min_lstm": [("sign of δi", "-d_share * (1 - i)", "d_share * (1 - i)")],
    "numpy/slstm": [
        ("square of the normaliser forgotten", "o * c / n**2", "o * c / n"),
        ("stabiliser's gradient lost", "dc * f, dn * f, d_log_f", "dc * f, dn * f, 0 * d_log_f"),
    ],
    "numpy/selective_ssm": [
        ("path through Δ in the input lost", "+ d_driven * x)", ")"),
        ("skip's gradient lost in dx", 'd_driven * size + tape.saved["skip"] * d_outputs', "d_driven * size"),
    ],
    "torch/layer": [
        ("padding read", "x = torch.where(mask, x, 0)", "pass"),
        (
            "outputs beyond the length",
            "(outputs if mask is None else torch.where(mask, outputs, 0)), state",
            "outputs, state",
        ),
        ("state goes on after the end", "torch.where(mask, after, before)", "after"),
        ("ended a step early", "< lengths[:, None]).unsqueeze(-1)", "< lengths[:, None] - 1).unsqueeze(-1)"),
        (
            "projected without the bias",
            "functional.linear(x, self.W, self.b)",
            "functional.linear(x, self.W)",
        ),
    ],
    "torch/lstm": [
        ("i and f swapped", "z_i, z_f, z_g, z_o = torch.addmm", "z_f, z_i, z_g, z_o = torch.addmm"),
        ("peepholes of i and f swapped", "p_i, p_f, p_o = ", "p_f, p_i, p_o = "),
        ("shown without tanh", "torch.sigmoid(z_o) * torch.tanh(c)", "torch.sigmoid(z_o) * c"),
        ("c cut off from its past", "torch.addcmul(f * c, i, g)", "torch.addcmul(f * c.detach(), i, g)"),
    ],
    "torch/gru": [
        ("r and z swapped", "r, z = torch.sigmoid(x_rz + h_rz)", "z, r = torch.sigmoid(x_rz + h_rz)"),
        ("reset forgotten", "torch.addmm(x_n, r * h, U_n)", "torch.addmm(x_n, h, U_n)"),
    ],
    "torch/bidirectional": [
        ("padding reversed too", "lengths - 1 - steps", "x.shape[1] - 1 - steps"),
        ("outputs left reversed", "_from_the_end(behind, mask)], dim=2", "behind], dim=2"),
    ],
    "torch/scan": [
        ("h of the step itself in da", "torch.cat([before.unsqueeze(0), h[:-1]])", "h"),
        ("d_before of the second step", "a[0].conj() * total[0], None", "a[0].conj() * total[-1], None"),
    ],
    "torch/attention": [
        ("padding attended to", "scores = scores.masked_fill", "scores.masked_fill"),
        ("softmax over the batch", "torch.softmax(scores, dim=1)", "torch.softmax(scores, dim=0)"),
    ],
    "torch/ctc": [
        ("softmax over time", "log_softmax(dim=2)", "log_softmax(dim=1)"),
        (
            "each loss by its target's length",
            'reduction="none")\n    return losses.mean()',
            'reduction="mean")\n    return losses.mean()',
        ),
    ],
    "torch/training": [
        ("zero_grad forgotten", "optimizer.zero_grad()", "pass"),
        ("clip missing", "list(model.parameters()), clip)", "list(model.parameters()), 1e9)"),
        (
            "clip of a generator used up",
            "clip_grad_norm_(list(model.parameters()), clip)",
            "clip_grad_norm_(iter([]), clip)",
        ),
        ("schedule not followed", 'group["lr"] = rate', "pass"),
        ("trains in evaluation mode", "model.train()", "pass"),
        ("dropout unseeded", "torch.manual_seed(seed)", "pass"),
    ],
    "tensorflow/layer": [
        ("outputs of skipped steps", "output = _zero_invalid(now, output)", "pass"),
        ("state goes on after the end", "tf.where(now, new, old)", "new"),
        (
            "ended a step early",
            "tf.sequence_mask(lengths,",
            "tf.sequence_mask(tf.convert_to_tensor(lengths) - 1,",
        ),
    ],
    "tensorflow/lstm": [
        ("f and g swapped", "z_i, z_f, z_g, z_o = tf.split", "z_i, z_g, z_f, z_o = tf.split"),
        (
            "o sees c_{t-1}",
            "        c = f * c + i * g\n        if self.peephole:\n            z_o = z_o + p_o * c\n",
            "        if self.peephole:\n            z_o = z_o + p_o * c\n        c = f * c + i * g\n",
        ),
    ],
    "tensorflow/gru": [
        ("z and 1 - z swapped", "(1 - z) * n + z * h", "z * n + (1 - z) * h"),
        ("b_u forgotten", 'linear(h, U) + weights["b_u"]', "linear(h, U)"),
    ],
    "tensorflow/bidirectional": [
        (
            "outputs left reversed",
            "tf.concat([ahead, tf.reverse(behind, [1])], axis=-1)",
            "tf.concat([ahead, behind], axis=-1)",
        ),
    ],
    "tensorflow/scan": [
        ("conjugate forgotten", "total * _conj(h_before)", "total * h_before"),
        ("sweeps of 1, 2, 3", "return 2 * offset, *(", "return 1 + offset, *("),
    ],
    "tensorflow/training": [
        ("schedule not followed", "optimizer.learning_rate.assign(rate)", "pass"),
        ("unclipped gradients applied", "return value, norm, clipped", "return value, norm, gradients"),
    ],
    "batching": [
        ("mask one step too long", "np.arange(max_len) < ", "np.arange(max_len) <= "),
        (
            "last batch lost",
            "range(0, len(order), batch_size)]",
            "range(0, len(order) - batch_size + 1, batch_size)]",
        ),
        (
            "unseeded draw",
            "order = rng.permutation(len(lengths))",
            "order = np.random.permutation(len(lengths))",
        ),
        ("batches not shuffled again", "rng.permutation(len(batches))", "range(len(batches))"),
        ("rows left in bucket order", "result[np.concatenate(order)] = rows", "result[:] = rows"),
        ("last step cut off", "row[: len(array)] = array", "row[: len(array) - 1] = array[:-1]"),
    ],
    "training": [
        ("a tie goes to the earlier weights", ">= history.best_score", "> history.best_score"),
        ("last weights kept", "set_weights(best)", "pass"),
        (
            "one epoch too patient",
            "epoch - history.best_epoch >= patience",
            "epoch - history.best_epoch > patience",
        ),
        ("every batch counts the same", "np.average(losses, weights=sizes)", "np.average(losses)"),
        ("infinity passes", "if math.isfinite(loss)", "if not math.isnan(loss)"),
        ("unseeded batches", "rng = np.random.default_rng(seed)", "rng = np.random.default_rng()"),
        ("schedule ends a step late", "max(1, steps - 1 - top)", "max(1, steps - top)"),
    ],
    "tasks/decoding": [
        ("states do not follow their hypotheses", "state = tuple(part[rows] for part in state)", "pass"),
        (
            "the end not counted in the length",
            "total / length**length_penalty",
            "total / max(1, length - 1)**length_penalty",
        ),
        ("best hypothesis shifted by one", "prefix[-1] if prefix", "prefix[0] if prefix"),
        ("an ended row writes on", "ended |= tokens == END", "ended = tokens == END"),
        ("stops at the first that ends", "if len(best) == beam_width and", "if best and"),
        ("cut off a step late", "range(1, max_len + 1)", "range(1, max_len + 2)"),
        (
            "blanks dropped before merging",
            "groupby(path) if token != 0",
            "groupby(t for t in path if t != 0)",
        ),
        ("a symbol repeated without a blank", "in_blank if again else either", "either"),
    ],
    "tasks/dtw": [
        (
            "the way across lost",
            "np.minimum(np.minimum(before[j + 1], row[j]), before[j])",
            "np.minimum(before[j + 1], row[j])",
        ),
        (
            "window one step narrower",
            "min(len(b), i + window + 1)):\n            cost",
            "min(len(b), i + window)):\n            cost",
        ),
    ],
    "tasks/metrics": [
        ("a true box hit twice", "iou[images[hit], :, choice[hit]] = -1.0", "pass"),
        ("boxes in no order", "order = np.argsort(-scores, kind=", "order = np.argsort(scores, kind="),
        ("precision at this recall alone", "np.maximum.accumulate(precision[::-1])[::-1]", "precision"),
        (
            "a replacement costs two",
            "before[place] + (symbol != other)",
            "before[place] + 2 * (symbol != other)",
        ),
    ],
    "tasks/boxes": [
        (
            "column and row swapped",
            "maps[indices, channel, cell[0], cell[1]]",
            "maps[indices, channel, cell[1], cell[0]]",
        ),
        ("centre at the cell's corner", "(x - column - 0.5, y", "(x - column, y"),
        ("unsure boxes said again", "np.where(before >= min_score, before, 0)", "before"),
    ],
    "tasks/checkpoint": [
        ("written over", "if path.exists():", "if False:"),
        ("another kind taken", 'if metadata.get("kind") != kind:', "if False:"),
    ],
    "tasks/sparsity": [
        ("sign not dropped", "np.abs(weights), axis=None", "weights, axis=None"),
        ("the end of the last row forgotten", "(rows + 1) * index_bytes", "rows * index_bytes"),
    ],
    "data/__init__": [
        ("checksum not compared", "!= self.sha256:", "is None:"),
        ("seed forgotten", 'f"{seed} {key}"', 'f"{key}"'),
    ],
    "data/cache": [
        (
            "a damaged file read",
            "_sha256(self.path.read_bytes()) == self.sha256",
            "len(self.path.read_bytes()) >= 0",
        ),
        (
            "the archive's checksum not compared",
            "_sha256(downloaded.read_bytes()) != archive.sha256",
            "False",
        ),
        ("the file's checksum not compared", "_sha256(content) != file.sha256", "False"),
    ],
    "data/copying": [
        ("the sign a step late", "lag - 1] = BEGIN", "lag] = BEGIN"),
        ("unseeded draw", "symbols = rng.integers", "symbols = np.random.default_rng().integers"),
    ],
    "data/adding": [
        (
            "both marks in one half",
            "rng.integers(seq_len // 2, seq_len, batch_size)",
            "rng.integers(0, seq_len, batch_size)",
        ),
    ],
    "data/splitting": [
        ("groups cut apart", "part_of[names[groups[row]]]", "part_of.get(names[row], 0)"),
    ],
    "checks/agreement": [
        (
            "mean for the worst",
            "np.maximum(1, np.abs(expected))).max()",
            "np.maximum(1, np.abs(expected))).mean()",
        ),
        (
            "only the first array judged",
            "for row in self.rows if not row.differences[voice] <= self.tolerance",
            "for row in self.rows[:1] if not row.differences[voice] <= self.tolerance",
        ),
        ("NaN agrees", "if np.isfinite(worst) else math.inf", "if np.isfinite(worst) else 0.0"),
    ],
    "checks/gradients": [
        ("ε for 2ε", "/ width)", "/ step)"),
        ("relative to nothing", "difference / scale if scale > 0 else 0.0", "difference"),
        ("NaN passes", "if scale > 0 else 0.0, np.inf)", "if scale > 0 else 0.0, 0.0)"),
        ("final state pulls nothing", " + sum((final[name] * part).sum() for name, part in S.items())", ""),
        (
            "the same entries whatever the seed",
            "rng = np.random.default_rng(seed)\n    rows = []",
            "rng = np.random.default_rng(0)\n    rows = []",
        ),
    ],
}
MUTATIONS = [Mutation(file, *change) for file, changes in BY_FILE.items() for change in changes]
# One of each part of the package: the first.
SAMPLE = list({m.file.rpartition("/")[0]: m for m in reversed(MUTATIONS)}.values())


class Copy:
    """A copy of the package and of its tests, in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        # Without tests/conftest.py, whose imports cost more than most tests.
        ignore = shutil.ignore_patterns("__pycache__", "conftest.py")
        for name in ("rnnbook", "tests"):
            shutil.copytree(ROOT / name, folder / name, ignore=ignore)
        (folder / "pytest.ini").write_text(CONFIGURATION, encoding="utf-8")
        (folder / "conftest.py").write_text(CONFTEST, encoding="utf-8")

    def run(self, *tests: str) -> tuple[int, str]:
        """Run these tests: pytest's exit status and what it printed."""
        done = subprocess.run(
            [*PYTEST, *(f"tests/{test}" for test in tests)],
            cwd=self.folder,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            timeout=600,
        )
        return done.returncode, done.stdout + done.stderr

    def unmutated(self, mutations: list[Mutation]) -> str:
        """Run the tests of ``mutations`` without any: what was printed if one fails, or an empty string."""
        status, printed = self.run(*{test: None for mutation in mutations for test in mutation.tests})
        return printed if status else ""

    def survived(self, mutation: Mutation) -> str:
        """Apply ``mutation``, run its tests and undo it: why it counts as a survivor, or an empty string."""
        path = self.folder / "rnnbook" / f"{mutation.file}.py"
        text = path.read_text(encoding="utf-8")
        if (count := text.count(mutation.old)) != 1:
            return f"no longer applies: {mutation.old!r} stands {count} times in {mutation.file}.py"
        path.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")
        try:
            status, printed = self.run(*mutation.tests)
        finally:
            path.write_text(text, encoding="utf-8")
        if status == 1:  # pytest's word for: tests were run, and some failed
            return ""
        return "no test failed" if status == 0 else f"the tests could not be run:\n{printed}"


def main(names: list[str]) -> int:
    chosen = [m for m in MUTATIONS if not names or {m.file, *m.file.split("/")} & set(names)]
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(Path(folder))
        if printed := copy.unmutated(chosen):
            print(f"{printed}\nthe tests fail without any mutation")
            return 1
        survivors = 0
        for mutation in chosen:
            reason = copy.survived(mutation)
            survivors += bool(reason)
            print(f"SURVIVED  {mutation}: {reason}" if reason else f"killed    {mutation}", flush=True)
    print(f"{len(chosen) - survivors} of {len(chosen)} killed")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
