"""Recurrent networks in TensorFlow: the equations as Keras layers, gradients by automatic differentiation."""

import os

from rnnbook import require

require("tensorflow")

from rnnbook.tensorflow.quiet import quiet_stderr

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # fatal errors only; XLA writes when it compiles

with quiet_stderr():
    import keras
    import tensorflow as tf

    if keras.backend.backend() != "tensorflow":
        raise ImportError(
            f"rnnbook.tensorflow needs the Keras backend 'tensorflow', got {keras.backend.backend()!r}; "
            "unset KERAS_BACKEND, or set it to tensorflow, before Keras is imported"
        )
    tf.zeros(1)  # the first operation looks for devices, and writes about it

from rnnbook.tensorflow.attention import AdditiveAttention
from rnnbook.tensorflow.bidirectional import Bidirectional
from rnnbook.tensorflow.conv_gru import ConvGRU
from rnnbook.tensorflow.convolution import Convolution
from rnnbook.tensorflow.ctc import ctc_loss
from rnnbook.tensorflow.dense import Dense
from rnnbook.tensorflow.elman import ElmanRNN
from rnnbook.tensorflow.embedding import Embedding
from rnnbook.tensorflow.gru import GRU
from rnnbook.tensorflow.jordan import JordanRNN
from rnnbook.tensorflow.lru import LRU
from rnnbook.tensorflow.lstm import LSTM
from rnnbook.tensorflow.min_gru import MinGRU
from rnnbook.tensorflow.min_lstm import MinLSTM
from rnnbook.tensorflow.models import (
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
from rnnbook.tensorflow.selective_ssm import SelectiveSSM
from rnnbook.tensorflow.slstm import SLSTM
from rnnbook.tensorflow.stacked import Stacked
from rnnbook.tensorflow.training import fit
from rnnbook.tensorflow.weights import Model

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
