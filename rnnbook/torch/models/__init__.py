"""The application models in PyTorch: layers put together for a task, and the losses that train them."""

from rnnbook.torch.models.acoustic_model import FeedbackVoice, Voice, forced_loss, speech_loss
from rnnbook.torch.models.classifier import SequenceClassifier
from rnnbook.torch.models.detector import Detector, detection_loss
from rnnbook.torch.models.g2p import Pronouncer, WindowPronouncer, pronouncer_loss
from rnnbook.torch.models.music_model import KeyComposer, VoiceComposer, key_loss, voice_loss
from rnnbook.torch.models.speech_recognizer import Recogniser
from rnnbook.torch.models.tagger import SequenceTagger
from rnnbook.torch.models.translator import SequenceTranslator, teacher_forcing
from rnnbook.torch.models.video_classifier import ClipClassifier, FramesAsChannels, clip_loss

__all__ = [
    "ClipClassifier",
    "Detector",
    "FeedbackVoice",
    "FramesAsChannels",
    "KeyComposer",
    "Pronouncer",
    "Recogniser",
    "SequenceClassifier",
    "SequenceTagger",
    "SequenceTranslator",
    "Voice",
    "VoiceComposer",
    "WindowPronouncer",
    "clip_loss",
    "detection_loss",
    "forced_loss",
    "key_loss",
    "pronouncer_loss",
    "speech_loss",
    "teacher_forcing",
    "voice_loss",
]
