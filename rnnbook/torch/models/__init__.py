"""The application models in PyTorch: layers put together for a task, and the losses that train them."""

from rnnbook.torch.models.acoustic_model import (
    AcousticModel,
    AutoregressiveAcousticModel,
    FramewiseAcousticModel,
    WindowAcousticModel,
    acoustic_loss,
    teacher_forced_loss,
)
from rnnbook.torch.models.classifier import SequenceClassifier
from rnnbook.torch.models.detector import Detector, WindowDetector, detection_loss
from rnnbook.torch.models.g2p import G2P, WindowG2P, g2p_loss
from rnnbook.torch.models.music_model import (
    MarkovPianoRollModel,
    MarkovSATBModel,
    PianoRollModel,
    SATBModel,
    piano_roll_loss,
    satb_loss,
)
from rnnbook.torch.models.speech_recognizer import CTCRecognizer, WindowCTCRecognizer
from rnnbook.torch.models.tagger import SequenceTagger
from rnnbook.torch.models.transformer_translator import TransformerTranslator
from rnnbook.torch.models.translator import SequenceTranslator, translation_loss
from rnnbook.torch.models.video_classifier import EarlyFusionClassifier, VideoClassifier, video_loss

__all__ = [
    "G2P",
    "AcousticModel",
    "AutoregressiveAcousticModel",
    "CTCRecognizer",
    "Detector",
    "EarlyFusionClassifier",
    "FramewiseAcousticModel",
    "MarkovPianoRollModel",
    "MarkovSATBModel",
    "PianoRollModel",
    "SATBModel",
    "SequenceClassifier",
    "SequenceTagger",
    "SequenceTranslator",
    "TransformerTranslator",
    "VideoClassifier",
    "WindowAcousticModel",
    "WindowCTCRecognizer",
    "WindowDetector",
    "WindowG2P",
    "acoustic_loss",
    "detection_loss",
    "g2p_loss",
    "piano_roll_loss",
    "satb_loss",
    "teacher_forced_loss",
    "translation_loss",
    "video_loss",
]
