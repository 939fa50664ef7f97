"""Recurrent networks in PyTorch, from scratch: the loop over time is written out, autograd runs it back."""

from rnnbook import require

require("torch")

from rnnbook.torch.attention import AdditiveAttention
from rnnbook.torch.bidirectional import Bidirectional
from rnnbook.torch.conv_gru import ConvGRU
from rnnbook.torch.convolution import Convolution
from rnnbook.torch.ctc import ctc_loss
from rnnbook.torch.dense import Dense
from rnnbook.torch.elman import ElmanRNN
from rnnbook.torch.embedding import Embedding
from rnnbook.torch.gru import GRU
from rnnbook.torch.jordan import JordanRNN
from rnnbook.torch.lru import LRU
from rnnbook.torch.lstm import LSTM
from rnnbook.torch.min_gru import MinGRU
from rnnbook.torch.min_lstm import MinLSTM
from rnnbook.torch.models import (
    G2P,
    AcousticModel,
    AutoregressiveAcousticModel,
    CTCRecognizer,
    Detector,
    EarlyFusionClassifier,
    FramewiseAcousticModel,
    MarkovPianoRollModel,
    MarkovSATBModel,
    PianoRollModel,
    SATBModel,
    SequenceClassifier,
    SequenceTagger,
    SequenceTranslator,
    VideoClassifier,
    WindowCTCRecognizer,
    WindowDetector,
    WindowG2P,
    acoustic_loss,
    detection_loss,
    g2p_loss,
    piano_roll_loss,
    satb_loss,
    teacher_forced_loss,
    translation_loss,
    video_loss,
)
from rnnbook.torch.selective_ssm import SelectiveSSM
from rnnbook.torch.slstm import SLSTM
from rnnbook.torch.stacked import Stacked
from rnnbook.torch.training import fit
from rnnbook.torch.weights import Model

__all__ = [
    "G2P",
    "GRU",
    "LRU",
    "LSTM",
    "SLSTM",
    "AcousticModel",
    "AdditiveAttention",
    "AutoregressiveAcousticModel",
    "Bidirectional",
    "CTCRecognizer",
    "ConvGRU",
    "Convolution",
    "Dense",
    "Detector",
    "EarlyFusionClassifier",
    "ElmanRNN",
    "Embedding",
    "FramewiseAcousticModel",
    "JordanRNN",
    "MarkovPianoRollModel",
    "MarkovSATBModel",
    "MinGRU",
    "MinLSTM",
    "Model",
    "PianoRollModel",
    "SATBModel",
    "SelectiveSSM",
    "SequenceClassifier",
    "SequenceTagger",
    "SequenceTranslator",
    "Stacked",
    "VideoClassifier",
    "WindowCTCRecognizer",
    "WindowDetector",
    "WindowG2P",
    "acoustic_loss",
    "ctc_loss",
    "detection_loss",
    "fit",
    "g2p_loss",
    "piano_roll_loss",
    "satb_loss",
    "teacher_forced_loss",
    "translation_loss",
    "video_loss",
]
