import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("02-core-concepts/06-sequences-in-and-out.ipynb")


def last_states(lengths: list[int], time: int, units: int, seed: int = 0) -> dict:
    [d_last] = cases.normal((len(lengths), units), seed=seed)
    return {"d_last": d_last, "lengths": np.array(lengths), "T": time}


@exercise(
    cases=lambda: [
        last_states([1, 2], 2, 1),
        last_states([3, 1, 4], 5, 2, seed=1),
        last_states([2, 6, 6, 1], 6, 3, seed=2),
        last_states([3], 3, 2, seed=3),
        last_states([2, 3, 1], 3, 3, seed=4),
    ],
    praise="Many to one is many to many with the loss at one step: `d_state` does this for you.",
    see="Four shapes",
)
def into_outputs(d_last, lengths, T):
    """d_outputs (B, T, H) that holds d_last (B, H) at each sequence's own last step, and zeros elsewhere."""
    d_outputs = np.zeros((len(d_last), T, d_last.shape[1]))
    d_outputs[np.arange(len(d_last)), lengths - 1] = d_last
    return d_outputs


def placed(d_last, lengths, T, where):
    """d_last at the steps t for which where(t, length)."""
    t, length = np.arange(T)[None, :], lengths[:, None]
    return where(t, length)[:, :, None] * d_last[:, None]


into_outputs.mistake(
    "All sequences end at T in your answer; a shorter one ends at its own length, and padding follows.",
    lambda *case: placed(*case, lambda t, length: t == np.full_like(length, case[2]) - 1),
)
into_outputs.mistake(
    "Your gradient stands one step late, in the padding: the last valid step has the number length - 1.",
    lambda *case: placed(*case, lambda t, length: t == length),
    lambda d_last, lengths, T: np.insert(into_outputs(d_last, lengths, T), 0, 0, axis=1)[
        :, : T + (lengths == T).any()
    ],
    lambda d_last, lengths, T: into_outputs(d_last, np.minimum(lengths + 1, T), T),
    lambda d_last, lengths, T: into_outputs(d_last, lengths + 1, T),
)
into_outputs.mistake(
    "Your gradient stands one step early.",
    lambda *case: placed(*case, lambda t, length: t == length - 2),
    lambda d_last, lengths, T: into_outputs(d_last, lengths - 1, T),
)
into_outputs.mistake(
    "Every valid step gets the gradient in your answer; the loss reads the last one only.",
    lambda *case: placed(*case, lambda t, length: t < length),
)
into_outputs.mistake(
    "Every step gets the gradient in your answer; the loss reads each sequence's last one only.",
    lambda *case: placed(*case, lambda t, length: t >= 0 * length),
)
into_outputs.mistake(
    "The gradient is shared out over the valid steps, as for a mean of all states; here one state is read.",
    lambda *case: placed(*case, lambda t, length: (t < length) / length),
)
into_outputs.mistake(
    "The gradient fills the padding as well, from the last step on.",
    lambda *case: placed(*case, lambda t, length: t >= length - 1),
)
into_outputs.mistake(
    "Your gradient stands at the first step.",
    lambda *case: placed(*case, lambda t, length: t == 0 * length),
)
into_outputs.mistake(
    "Every row has gradients at the last steps of all sequences: pair each row with its own step.",
    lambda *case: placed(*case, lambda t, length: np.isin(t, length - 1) | (length < 0)),
    lambda d_last, lengths, T: into_all_rows(d_last, lengths, T),
)


def into_all_rows(d_last, lengths, T):
    d_outputs = np.zeros((len(d_last), T, d_last.shape[1]))
    for k in range(len(d_last)):
        d_outputs[:, lengths[k] - 1] = d_last[k]
    return d_outputs


into_outputs.mistake(
    "Time stands before the batch in your array; the batch comes first.",
    lambda *case: into_outputs(*case).transpose(1, 0, 2),
)
into_outputs.mistake(
    "The steps after the longest length are missing; the array has T steps.",
    lambda d_last, lengths, T: into_outputs(d_last, lengths, lengths.max()),
)


def spelled(words: list[list[int]], begin: int, end: int) -> dict:
    return {"words": words, "begin": begin, "end": end}


@exercise(
    cases=lambda: [
        spelled([[3, 4], [5]], 1, 2),
        spelled([[2, 3, 4], [4], [3, 2]], 0, 1),
        spelled([[7, 7], [5, 6]], 9, 8),
        spelled([[4, 2, 2, 3, 5], [], [6, 3]], 8, 1),
        spelled([[5]], 3, 0),
    ],
    parts=("given", "targets", "valid"),
    praise="Teacher forcing, ready for a loss: the same letters twice, one step apart, and a mask.",
    see="Many to many: what comes next?",
)
def forced_batch(words, begin, end):
    """What a teacher-forced decoder is given, what it should write, and which of that counts, each (B, T)."""
    T = 1 + max(len(word) for word in words)
    given, targets = np.zeros((len(words), T), int), np.zeros((len(words), T), int)
    for row, word in enumerate(words):
        given[row, : len(word) + 1] = [begin, *word]
        targets[row, : len(word) + 1] = [*word, end]
    lengths = np.array([len(word) + 1 for word in words])
    return given, targets, np.arange(T) < lengths[:, None]


def padded(rows, T=None, fill=0):
    T = T or max(map(len, rows))
    return np.array([[*row, *[fill] * T][:T] for row in rows])


def batch(words, begin, end, given=None, targets=None, extra=1, fill=(0, 0)):
    """The solution from other rows. extra: valid steps beyond the letters of each word."""
    T = 1 + max(map(len, words))
    given = given or (lambda word: [begin, *word])
    targets = targets or (lambda word: [*word, end])
    valid = np.arange(T) < np.array([len(word) + extra for word in words])[:, None]
    return (
        padded([given(word) for word in words], T, fill[0]),
        padded([targets(word) for word in words], T, fill[1]),
        valid,
    )


forced_batch.mistake(
    "The decoder is given the very letter that it must write: nothing is left to learn.",
    lambda words, begin, end: batch(words, begin, end, given=lambda word: [*word, end]),
    lambda words, begin, end: batch(words, begin, end, given=lambda word: word),
)
forced_batch.mistake(
    "The targets still begin with `begin`, so that the decoder must write what it is given.",
    lambda words, begin, end: batch(words, begin, end, targets=lambda word: [begin, *word]),
)
forced_batch.mistake(
    "The end mark does not count in your mask; when to stop must be learned, too.",
    lambda words, begin, end: batch(words, begin, end, extra=0),
)
forced_batch.mistake(
    "The mask is one step too long: it lets one step of padding count.",
    lambda words, begin, end: batch(words, begin, end, extra=2),
)
forced_batch.mistake(
    "All steps count in your mask; padding should not.",
    lambda words, begin, end: batch(words, begin, end, extra=1000),
)
forced_batch.mistake(
    "The end mark is missing among the targets.",
    lambda words, begin, end: batch(words, begin, end, targets=lambda word: word),
    lambda words, begin, end: batch(words, begin, end, targets=lambda word: word, extra=0),
)
forced_batch.mistake(
    "The decoder is given the letters after the one that it must write.",
    lambda words, begin, end: batch(words, begin, end, given=lambda word: [*word[1:], end, begin]),
    lambda words, begin, end: batch(words, begin, end, given=lambda word: [*word[1:], end]),
)
forced_batch.mistake(
    "What is given ends with the end mark: after it nothing is left to write.",
    lambda words, begin, end: (
        padded([[begin, *word, end] for word in words]),
        padded([[*word, end] for word in words], 2 + max(map(len, words))),
        padded([[True] * (len(word) + 1) for word in words], 2 + max(map(len, words))).astype(bool),
    ),
    lambda words, begin, end: batch(words, begin, end, given=lambda word: [begin, *word, end]),
)
forced_batch.mistake(
    "The padding is filled with the end mark; fill it with zeros.",
    lambda words, begin, end: batch(words, begin, end, fill=(end, end)),
    lambda words, begin, end: batch(words, begin, end, fill=(0, end)),
)
forced_batch.mistake(
    "The padding is filled with `begin`; fill it with zeros.",
    lambda words, begin, end: batch(words, begin, end, fill=(begin, begin)),
    lambda words, begin, end: batch(words, begin, end, fill=(begin, 0)),
)
forced_batch.mistake(
    "The padding stands in front; it should follow the word.",
    lambda words, begin, end: tuple(
        np.array(
            [np.roll(row, np.sum(~here)) for row, here in zip(part, batch(words, begin, end)[2], strict=True)]
        )
        for part in batch(words, begin, end)
    ),
)
forced_batch.mistake(
    "Your mask asks which letters are not 0; a letter may have the number 0, and so may a mark.",
    lambda words, begin, end: batch(words, begin, end)[1] != 0,
    lambda words, begin, end: batch(words, begin, end)[0] != 0,
    part=2,
)
forced_batch.mistake(
    "`given` and `targets` are exchanged.",
    lambda words, begin, end: tuple(forced_batch(words, begin, end)[k] for k in (1, 0, 2)),
)
forced_batch.mistake(
    "The mask comes back as lengths; one True or False per step is asked for.",
    lambda words, begin, end: np.array([len(word) + 1 for word in words]),
    part=2,
)


def decoder(
    units: int, letters: int, longest: int, seed: int, end: int = 1, begin: int | None = None
) -> dict:
    """A small Elman decoder with random weights. It cannot write `begin`, whose number no score has."""
    begin = letters if begin is None else begin
    E, U, V, state = cases.normal((letters + 1, units), (units, units), (letters, units), (units,), seed=seed)

    def step(letter, state):
        state = np.tanh(E[letter] + U @ state)
        return V @ state, state

    return {"step": step, "state": state, "begin": begin, "end": end, "longest": longest}


def equal_scores(longest: int) -> dict:
    """A decoder whose first two scores are equal at every step, and whose end comes after three letters."""

    def step(letter, state):
        return np.array([1.0, 1.0, 0.5 + (state > 3)]), state + 1

    return {"step": step, "state": 1, "begin": 3, "end": 2, "longest": longest}


@exercise(
    cases=lambda: [
        decoder(3, 4, 5, 0),
        decoder(3, 4, 5, 1),
        decoder(3, 4, 5, 5),
        decoder(4, 6, 12, 2),
        decoder(4, 6, 12, 3, end=4),
        decoder(4, 6, 12, 4, end=0),
        decoder(4, 6, 12, 7, end=5),
        equal_scores(7),
        equal_scores(3),
        equal_scores(2),
        decoder(3, 5, 0, 8),
    ],
    praise="No teacher: the decoder reads what it has written, right or wrong.",
    see="Encoder and decoder: say it backwards",
)
def write_freely(step, state, begin, end, longest):
    """The letters that a decoder writes by itself; step(letter, state) gives scores (K,) and a state."""
    written, letter = [], begin
    while len(written) < longest:
        scores, state = step(letter, state)
        letter = int(np.argmax(scores))
        if letter == end:
            break
        written.append(letter)
    return written


def writing(case_step, state, begin, end, longest, carry=True, feed=True, keep_end=False, pick=np.argmax):
    written, letter = [], begin
    while len(written) < longest:
        scores, after = case_step(letter, state)
        state = after if carry else state
        chosen = int(pick(scores))
        if chosen == end and not keep_end:
            break
        written.append(chosen)
        if chosen == end:
            break
        letter = chosen if feed else begin
    return written


write_freely.mistake(
    "The decoder is given `begin` at every step; it should read the letter it wrote.",
    lambda *case: writing(*case, feed=False),
)
write_freely.mistake(
    "The state is not carried: every step starts from the first one.",
    lambda *case: writing(*case, carry=False),
)
write_freely.mistake("The end mark is kept among the letters.", lambda *case: writing(*case, keep_end=True))
write_freely.mistake("You take the least likely letter.", lambda *case: writing(*case, pick=np.argmin))
write_freely.mistake(
    "You do not stop at the end mark.",
    lambda step, state, begin, end, longest: writing(step, state, begin, -1, longest),
    lambda step, state, begin, end, longest: [
        letter for letter in writing(step, state, begin, -1, longest) if letter != end
    ],
)
write_freely.mistake(
    "The mark `begin` stands in front of your letters; it was not written.",
    lambda step, state, begin, end, longest: [begin, *write_freely(step, state, begin, end, longest)],
    lambda step, state, begin, end, longest: [begin, *write_freely(step, state, begin, end, longest)][
        :longest
    ],
)
write_freely.mistake(
    "You write one letter more than `longest`.",
    lambda step, state, begin, end, longest: write_freely(step, state, begin, end, longest + 1),
)
write_freely.mistake(
    "You write one letter fewer than `longest`.",
    lambda step, state, begin, end, longest: write_freely(step, state, begin, end, longest - 1),
)
write_freely.mistake(
    "You take the last of equal scores; the first of them counts.",
    lambda *case: writing(*case, pick=lambda scores: len(scores) - 1 - np.argmax(scores[::-1])),
)
write_freely.mistake(
    "You stop as if the end had the number 1; its number is `end`.",
    lambda step, state, begin, end, longest: write_freely(step, state, begin, 1, longest),
)
write_freely.mistake(
    "You stop as if the end had the number 0; its number is `end`.",
    lambda step, state, begin, end, longest: write_freely(step, state, begin, 0, longest),
)
write_freely.mistake(
    "`begin` is not given at the first step; the decoder starts from another letter.",
    lambda step, state, begin, end, longest: write_freely(step, state, 0, end, longest),
    lambda step, state, begin, end, longest: write_freely(step, state, end, end, longest),
)


@write_freely.mistake("The last letter before the end mark is missing.")
def last_is_missing(step, state, begin, end, longest):
    written = write_freely(step, state, begin, end, longest)
    return written[:-1] if len(written) < longest else written


forced_batch.mistake(
    "There is no step for the end mark: T is one more than the length of the longest word.",
    lambda words, begin, end: tuple(part[:, :-1] for part in batch(words, begin, end)),
    lambda words, begin, end: tuple(
        part[:, :-1] for part in batch(words, begin, end, targets=lambda word: word, extra=0)
    ),
)

write_freely.mistake(
    "You write a letter before you ask whether one is allowed: with `longest` 0 none is.",
    lambda step, state, begin, end, longest: write_freely(step, state, begin, end, max(longest, 1)),
)
