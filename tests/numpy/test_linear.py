"""The layers whose recurrence is a scan, and the sLSTM, promise what the others do."""

import numpy as np
import pytest

from rnnbook.numpy import LRU, SLSTM, MinGRU, MinLSTM, SelectiveSSM
from tests.numpy.promises import LENGTHS, Promises, RunsInParts

LAYERS = {
    "lru": lambda **o: LRU(2, 4, 3, max_phase=2.0, **o),
    "min_gru": lambda **o: MinGRU(2, 4, **o),
    "min_lstm": lambda **o: MinLSTM(2, 4, **o),
    "selective_ssm": lambda **o: SelectiveSSM(2, 3, **o),
    "slstm": lambda **o: SLSTM(2, 4, **o),
}
READ_THE_STATE = {"C_re", "C_im", "D", "W_C", "skip"}  # and are not read by it


# Of a sequence that begins with NaN the plain loop makes NaN in what it then leaves out.
@pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning")
class TestLinear(Promises, RunsInParts):
    @pytest.fixture(params=LAYERS)
    def layer(self, request):
        return LAYERS[request.param](dtype=np.float64)

    def test_final_state_alone_carries_gradients(self, layer):
        _, _, tape = layer.forward(self.x, self.state, LENGTHS)
        gradients = layer.backward(tape, None, self.d_state)
        for name in layer.params:
            assert gradients[name].any() == (name not in READ_THE_STATE), name
