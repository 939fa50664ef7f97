"""Would the tests notice? Each mutation below breaks one line of the NumPy wing, and a test must fail.

    python -m tests.mutations            all of them; exits 1 if one survives or no longer applies
    python -m tests.mutations lstm       those of lstm.py

A mutation is applied to a copy of the package in a temporary folder, never to the package itself.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PYTEST = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-k", "not torchs"]
# Plugins cost more than the tests. And a mutated file of the same size, written in the same second, must not
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
    """Replace ``old``, which must stand exactly once in rnnbook/numpy/``file``.py, by ``new``."""

    file: str
    what: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.file}: {self.what}"


# The tests that should fail, tests/numpy/test_*.py, where they are not those named like the file.
TESTS = {"layer": ("elman",), "activations": ("activations", "lstm")}

# What is wrong, what stands there, and what stands there instead.
BY_FILE = {
    "elman": [
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
    "jordan": [
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
    "lstm": [
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
        ("final c a step early", "self._at_last(slab[1:, C], tape)", "self._at_last(slab[:-1, C], tape)"),
        ("dc overwritten between chunks", "dc = dc.copy()", "pass"),
        ("wrong step of a short chunk", "views[t - start]", "views[t - stop]"),
        ("weights not kept on the tape", "name: array.copy()", "name: array"),
    ],
    "gru": [
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
    "bidirectional": [
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
    "stacked": [
        ("states in another order", "d_before.insert(0, of_layer", "d_before.append(of_layer"),
        (
            "final states' gradients lost",
            "layer.backward(layer_tape, d_outputs, d_after)",
            "layer.backward(layer_tape, d_outputs)",
        ),
        ("initial state lost", "layer.forward(x, before, lengths)", "layer.forward(x, None, lengths)"),
    ],
    "layer": [
        ("db another column", "dw_and_db[:, -1])", "dw_and_db[:, 0])"),
        ("sign of dW and db", "dz.T @ tape.kept", "-dz.T @ tape.kept"),
        ("padding's gradients let in", "np.where(beyond[:, :, None], 0, d_outputs)", "d_outputs"),
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
    "activations": [
        ("slope of tanh", "lambda a: 1 - a * a", "lambda a: 1 - a"),
        ("slope of relu at zero", "(a > 0)", "(a >= 0)"),
        ("slope of σ", "lambda a: a * (1 - a)", "lambda a: 1 - a"),
    ],
    "dense": [
        ("slope forgotten", "d_outputs * self.activation.derivative(y)", "d_outputs"),
        ("W transposed backwards", "d @ W", "d @ W.T if W.shape[0] == W.shape[1] else d @ W"),
        ("W not kept on the tape", 'self.params["W"].copy()', 'self.params["W"]'),
    ],
    "embedding": [
        (
            "a symbol's second gradient lost",
            "np.add.at(d_E, tape.reshape(-1), d_outputs.reshape(-1, size))",
            "d_E[tape.reshape(-1)] = d_outputs.reshape(-1, size)",
        ),
    ],
    "losses": [
        ("sign of the targets", "keepdims=True) - targets", "keepdims=True) + targets"),
        ("mean over masked places", "0) / counted.sum()", "0) / counted.size"),
        ("factor 2 forgotten", "2 * difference", "difference"),
    ],
    "optimisers": [
        ("clip missing", "array *= max_norm / norm", "pass"),
        ("clip spoils dx", "if key not in NOT_WEIGHTS", "if array is not None"),
        ("clip array by array", "max_norm / norm", "max_norm / np.linalg.norm(array)"),
        ("momentum reversed", "v *= self.momentum", "v *= 1 - self.momentum"),
        ("decay reversed", "(1 - self.decay) * gradient", "self.decay * gradient"),
        ("bias of m not corrected", "m_hat = m / (1 - self.beta1**self.steps)", "m_hat = m"),
        ("bias of v not corrected", "v_hat = v / (1 - self.beta2**self.steps)", "v_hat = v"),
    ],
}
MUTATIONS = [Mutation(file, *change) for file, changes in BY_FILE.items() for change in changes]


class Copy:
    """A copy of the package and of its NumPy tests, in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        no_caches = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "rnnbook", folder / "rnnbook", ignore=no_caches)
        shutil.copytree(ROOT / "tests" / "numpy", folder / "tests" / "numpy", ignore=no_caches)
        for name in ("__init__.py", "drawing.py"):
            shutil.copy(ROOT / "tests" / name, folder / "tests" / name)
        (folder / "pytest.ini").write_text(CONFIGURATION, encoding="utf-8")
        (folder / "conftest.py").write_text(CONFTEST, encoding="utf-8")

    def run(self, *tests: str) -> tuple[int, str]:
        """Run the tests of those names, or all: pytest's exit status and what it printed."""
        paths = [f"tests/numpy/test_{name}.py" for name in tests] or ["tests/numpy"]
        done = subprocess.run(
            [*PYTEST, *paths], cwd=self.folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=300
        )
        return done.returncode, done.stdout + done.stderr

    def survived(self, mutation: Mutation) -> str:
        """Apply ``mutation``, run its tests and undo it: why it counts as a survivor, or an empty string."""
        path = self.folder / "rnnbook" / "numpy" / f"{mutation.file}.py"
        text = path.read_text(encoding="utf-8")
        if (found := text.count(mutation.old)) != 1:
            return f"no longer applies: {mutation.old!r} stands {found} times in {path.name}"
        path.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")
        try:
            status, printed = self.run(*TESTS.get(mutation.file, (mutation.file,)))
        finally:
            path.write_text(text, encoding="utf-8")
        if status == 1:  # pytest's word for: tests were run, and some failed
            return ""
        return "no test failed" if status == 0 else f"the tests could not be run:\n{printed}"


def main(names: list[str]) -> int:
    chosen = [mutation for mutation in MUTATIONS if not names or mutation.file in names]
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(Path(folder))
        status, printed = copy.run()
        if status != 0:
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
