"""Scores in several voices, their files (MusicXML and MIDI), and what can be counted in them.

from rnnbook.tasks.music import midi, musicxml, score_from_frames

score = score_from_frames(frames)                 # (T, 4): soprano, alto, tenor, bass, a quarter note a frame
midi.write("mine.mid", score)
musicxml.write("mine.musicxml", score)    # for a program that prints notes
"""

from rnnbook.tasks.music.score import REST, TICKS, VOICES, Note, Score, score_from_frames, transpose

__all__ = ["REST", "TICKS", "VOICES", "Note", "Score", "score_from_frames", "transpose"]
