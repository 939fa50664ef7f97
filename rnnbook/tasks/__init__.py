"""From a network to an answer: decoding, metrics, checkpoints, text, translation, music, sound."""
