"""The linear recurrent unit: a state of complex numbers, each turning and shrinking at its own rate.

    λ = exp(-exp(ν) + i exp(θ))                       |λ| < 1 whatever ν, so no state explodes
    s_t = λ s_{t-1} + exp(γ) (B_re + i B_im) x_t      element by element
    y_t = Re[(C_re + i C_im) s_t] + D x_t

Orvieto, Smith, Gu, Fernando, Gulcehre, Pascanu and De, 2023, 'Resurrecting recurrent neural networks for long
sequences', sections 3.2 to 3.4 and appendix A.
"""

import math

import torch

from rnnbook import specs
from rnnbook.torch.layer import ScanLayer, plain_name


class LRU(ScanLayer):
    """``s_t = λ*s_{t-1} + exp(γ)*(B x_t)`` in complex numbers; ``y_t = Re(C s_t) + D x_t``.

    Weights: ``nu``, ``theta``, ``gamma`` ``(H,)``, ``B_re``, ``B_im`` ``(H, D)``, ``C_re``, ``C_im``
    ``(K, H)``, ``D (K, D)``. State: ``(re, im)``, each ``(B, H)``. Outputs: ``y (B, T, K)``.

    At the start |λ| is drawn from ``r_min`` to ``r_max``, evenly over the ring, and its angle from 0 to
    ``max_phase``; γ is such that the state is as large as the inputs: exp(γ) = sqrt(1 - |λ|²).

    method: the order in which the recurrence is computed, ``"loop"``, ``"sweeps"`` or ``"chunked"``.
    dtype, rng, device: as for the other layers; float32 means complex64.
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
        max_phase: float = 2 * math.pi,
        method: str = "chunked",
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        spec = specs.LRUSpec(input_size, hidden_size, output_size, r_min, r_max, max_phase)
        super().__init__(spec, method, dtype, rng, device)

    def _coefficients(self, x):
        if self.dtype not in (torch.float32, torch.float64):
            have = plain_name(self.dtype)
            raise TypeError(f"LRU computes in complex numbers: it needs float32 or float64, got {have}")
        eigenvalues = torch.exp(torch.complex(-torch.exp(self.nu), torch.exp(self.theta)))
        b = torch.exp(self.gamma) * torch.complex(x @ self.B_re.T, x @ self.B_im.T)
        return eigenvalues.expand_as(b), b

    def _read(self, s, x):
        return s.real @ self.C_re.T - s.imag @ self.C_im.T + x @ self.D.T

    def _from_state(self, state):
        return torch.complex(*state)

    def _to_state(self, s):
        return s.real, s.imag
