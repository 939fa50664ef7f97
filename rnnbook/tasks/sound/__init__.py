"""Sound: from what a network writes to what an ear hears.

    from rnnbook.tasks.sound import play
    from rnnbook.tasks.sound.vocoder import SAMPLE_RATE, synthesize

    play(synthesize(mfccs), SAMPLE_RATE, "The word 'seven', through the vocoder.")

``vocoder`` makes speech out of MFCCs.
"""

from rnnbook.tasks.sound.player import play, to_wav

__all__ = ["play", "to_wav"]
