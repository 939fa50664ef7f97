"""The linear recurrent unit: a state of complex numbers, each turning and shrinking at its own rate.

    λ = exp(-exp(ν) + i exp(θ))                       |λ| < 1 whatever ν, so no state explodes
    s_t = λ s_{t-1} + exp(γ) (B_re + i B_im) x_t      element by element
    y_t = Re[(C_re + i C_im) s_t] + D x_t

Backwards, with ds_t from ``scan_backward`` and gradients of complex numbers as dL/dRe + i dL/dIm:

    dL/ds_t from y_t:  (C_re - i C_im)ᵀ dy_t          dλ = Σ ds_t s_{t-1}*
    dν = -Re(dλ* λ) exp(ν)                            dθ = Re(dλ* i λ) exp(θ)

Orvieto, Smith, Gu, Fernando, Gulcehre, Pascanu and De, 2023, 'Resurrecting recurrent neural networks for long
sequences', sections 3.2 to 3.4 and appendix A.
"""

import numpy as np

from rnnbook import specs
from rnnbook.numpy.layer import ScanLayer


class LRU(ScanLayer):
    """``s_t = λ*s_{t-1} + exp(γ)*(B x_t)`` in complex numbers; ``y_t = Re(C s_t) + D x_t``.

    Weights: ``nu``, ``theta``, ``gamma`` ``(H,)``, ``B_re``, ``B_im`` ``(H, D)``, ``C_re``, ``C_im``
    ``(K, H)``, ``D (K, D)``. State: ``(re, im)``, each ``(B, H)``. Outputs: ``y (B, T, K)``.

    At the start |λ| is drawn from ``r_min`` to ``r_max``, evenly over the ring, and its angle from 0 to
    ``max_phase``; γ is such that the state is as large as the inputs: exp(γ) = sqrt(1 - |λ|²).

    method: the order in which the recurrence is computed, ``"loop"``, ``"sweeps"`` or ``"chunked"``.
    dtype, rng: as for the other layers; float32 means complex64.
    Raises ValueError or TypeError for an argument out of these bounds.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        output_size: int,
        *,
        r_min: float = 0.9,
        r_max: float = 0.999,
        max_phase: float = 2 * np.pi,
        method: str = "chunked",
        dtype=np.float32,
        rng=None,
    ) -> None:
        spec = specs.LRUSpec(input_size, hidden_size, output_size, r_min, r_max, max_phase)
        super().__init__(spec, method, dtype, rng)

    def step(self, x_t, state):
        # Real arithmetic throughout, so that the complex step can differentiate it.
        p, (re, im) = self.params, state
        size, angle = np.exp(-np.exp(p["nu"])), np.exp(p["theta"])
        turn_re, turn_im = size * np.cos(angle), size * np.sin(angle)
        scale = np.exp(p["gamma"])
        re, im = (
            turn_re * re - turn_im * im + scale * (x_t @ p["B_re"].T),
            turn_re * im + turn_im * re + scale * (x_t @ p["B_im"].T),
        )
        return re @ p["C_re"].T - im @ p["C_im"].T + x_t @ p["D"].T, (re, im)

    def _complex(self, name: str) -> np.ndarray:
        return self.params[f"{name}_re"] + 1j * self.params[f"{name}_im"]

    def _forward(self, x, parts, tape):
        p = self.params
        x = self._zero_padding(x.transpose(1, 0, 2), tape)
        turn = np.exp(-np.exp(p["nu"]) + 1j * np.exp(p["theta"]))
        B, C = self._complex("B"), self._complex("C")
        driven = x @ B.T
        a = np.broadcast_to(turn, driven.shape)
        s = self._scan(a, np.exp(p["gamma"]) * driven, parts[0] + 1j * parts[1], tape)
        tape.saved |= {"x": x.copy(), "driven": driven, "B": B, "C": C}
        tape.saved |= {name: p[name].copy() for name in ("nu", "theta", "gamma", "D")}
        y = self._mask_outputs((s @ C.T).real + x @ p["D"].T, tape)
        tape.h = None  # the state is complex, and of two parts
        last = self._last_valid(s, tape)
        return y, [np.ascontiguousarray(last.real), np.ascontiguousarray(last.imag)]

    def _backward(self, tape, d_outputs, d_parts):
        x, a, s, B, C = (tape.saved[name] for name in ("x", "a", "h", "B", "C"))
        d_a, d_s, d_before = self._scan_backward(d_outputs @ np.conj(C), d_parts[0] + 1j * d_parts[1], tape)
        d_turn, turn = d_a.sum(axis=(0, 1)), a[0, 0]
        scale = np.exp(tape.saved["gamma"])
        d_driven = scale * d_s
        flat = lambda array: array.reshape(tape.time * tape.batch, -1)
        d_B, d_C = flat(d_driven).T @ flat(x), flat(d_outputs).T @ np.conj(flat(s))
        gradients = {
            "nu": -(np.conj(d_turn) * turn).real * np.exp(tape.saved["nu"]),
            "theta": (np.conj(d_turn) * 1j * turn).real * np.exp(tape.saved["theta"]),
            "gamma": (np.conj(d_s) * tape.saved["driven"]).real.sum(axis=(0, 1)) * scale,
            "B_re": d_B.real,
            "B_im": d_B.imag,
            "C_re": d_C.real,
            "C_im": d_C.imag,
            "D": flat(d_outputs).T @ flat(x),
            "x": ((d_driven @ np.conj(B)).real + d_outputs @ tape.saved["D"]).transpose(1, 0, 2),
        }
        gradients = {name: np.ascontiguousarray(array) for name, array in gradients.items()}
        return gradients, [np.ascontiguousarray(d_before.real), np.ascontiguousarray(d_before.imag)]
