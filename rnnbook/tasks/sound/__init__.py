"""Sound: from what a network writes to what an ear hears.

    from rnnbook.tasks.sound import play
    from rnnbook.tasks.sound.vocoder import RATE, spoken

    play(spoken(mfccs), RATE, "The word 'seven', through the vocoder.")

``vocoder`` makes speech out of MFCCs.
"""

from rnnbook.tasks.sound.player import play, wav

__all__ = ["play", "wav"]
