"""The linear recurrent unit: a state of complex numbers, each turning and shrinking at its own rate.

    λ = exp(-exp(ν) + i exp(θ))                       |λ| < 1 whatever ν, so no state explodes
    s_t = λ s_{t-1} + exp(γ) (B_re + i B_im) x_t      element by element
    y_t = Re[(C_re + i C_im) s_t] + D x_t

Orvieto, Smith, Gu, Fernando, Gulcehre, Pascanu and De, 2023, 'Resurrecting recurrent neural networks for long
sequences', sections 3.2 to 3.4 and appendix A.
"""

import math

import torch

from rnnbook import specs, validation
from rnnbook.torch.layer import RecurrentLayer, at_last
from rnnbook.torch.scan import METHODS, scan


class LRU(RecurrentLayer):
    """``s_t = λ*s_{t-1} + exp(γ)*(B x_t)`` in complex numbers; ``y_t = Re(C s_t) + D x_t``.

    Weights: ``nu``, ``theta``, ``gamma`` ``(H,)``, ``B_re``, ``B_im`` ``(H, D)``, ``C_re``, ``C_im``
    ``(K, H)``, ``D (K, D)``. State: ``(re, im)``, each ``(B, H)``. Outputs: ``y (B, T, K)``.

    At the start |λ| is drawn from ``smallest`` to ``largest``, evenly over the ring, and its angle from 0 to
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
        smallest: float = 0.9,
        largest: float = 0.999,
        max_phase: float = 2 * math.pi,
        method: str = "chunked",
        dtype=torch.float32,
        rng=None,
        device=None,
    ) -> None:
        validation.check_choice("method", method, METHODS)
        network = specs.lru(input_size, hidden_size, output_size, smallest, largest, max_phase)
        super().__init__(network, dtype, rng, device)
        self.method = method

    def step(self, x_t, state):
        turn, driven = self._turn(), self._driven(x_t)
        s = turn * torch.complex(*state) + driven
        return self._read(s, x_t), (s.real, s.imag)

    def _turn(self):
        return torch.exp(torch.complex(-torch.exp(self.nu), torch.exp(self.theta)))

    def _driven(self, x):
        return torch.exp(self.gamma) * torch.complex(x @ self.B_re.T, x @ self.B_im.T)

    def _read(self, s, x):
        return s.real @ self.C_re.T - s.imag @ self.C_im.T + x @ self.D.T

    def _run(self, x, state, runs):
        x = x.transpose(0, 1)
        driven = self._driven(x)
        s = scan(self._turn().expand_as(driven), driven, torch.complex(*state), method=self.method)
        last = at_last(s, runs)
        return self._read(s, x).transpose(0, 1), (last.real, last.imag)
