"""Recurrent networks in PyTorch, from scratch: the loop over time is written out, autograd runs it back."""

from rnnbook.torch.bidirectional import Bidirectional
from rnnbook.torch.elman import ElmanRNN
from rnnbook.torch.gru import GRU
from rnnbook.torch.jordan import JordanRNN
from rnnbook.torch.lstm import LSTM
from rnnbook.torch.stacked import Stacked

__all__ = ["GRU", "LSTM", "Bidirectional", "ElmanRNN", "JordanRNN", "Stacked"]
