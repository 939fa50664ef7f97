"""Recurrent networks in PyTorch, from scratch: the loop over time is written out, autograd runs it back."""

from rnnbook.torch.attention import AdditiveAttention
from rnnbook.torch.bidirectional import Bidirectional
from rnnbook.torch.classifier import SequenceClassifier
from rnnbook.torch.conv_gru import ConvGRU
from rnnbook.torch.convolution import Convolution
from rnnbook.torch.dense import Dense
from rnnbook.torch.elman import ElmanRNN
from rnnbook.torch.embedding import Embedding
from rnnbook.torch.gru import GRU
from rnnbook.torch.jordan import JordanRNN
from rnnbook.torch.lstm import LSTM
from rnnbook.torch.stacked import Stacked
from rnnbook.torch.training import fit
from rnnbook.torch.translator import SequenceTranslator, teacher_forcing
from rnnbook.torch.weights import Model

__all__ = [
    "GRU",
    "LSTM",
    "AdditiveAttention",
    "Bidirectional",
    "ConvGRU",
    "Convolution",
    "Dense",
    "ElmanRNN",
    "Embedding",
    "JordanRNN",
    "Model",
    "SequenceClassifier",
    "SequenceTranslator",
    "Stacked",
    "fit",
    "teacher_forcing",
]
