import numpy as np

from rnnbook.course.exercises import cases, exercises_of

exercise = exercises_of("02-core-concepts/06-sequences-in-and-out.ipynb")


@exercise(
    cases=lambda: [
        {"targets": np.array([[3, 4]]), "begin": 0},
        {"targets": np.array([[1, 2, 3], [4, 5, 6]]), "begin": 9},
        {"targets": np.array([[7], [8]]), "begin": 0},
    ],
    praise="Teacher forcing: at each step the right letter of the step before, whatever was written.",
    see="Many to many: what comes next?",
)
def given_letters(targets, begin):
    """What a teacher-forced decoder is given (B, T) at each step to write the targets (B, T)."""
    first = np.full((len(targets), 1), begin)
    return np.concatenate([first, targets[:, :-1]], axis=1)


given_letters.mistake(
    "The decoder is given the very letter that it must write: nothing is left to learn.",
    lambda targets, begin: targets.copy(),
)
given_letters.mistake(
    "The letters are shifted the other way: the decoder sees what comes after.",
    lambda targets, begin: np.concatenate([targets[:, 1:], np.full((len(targets), 1), begin)], axis=1),
)
given_letters.mistake(
    "The last target stays in, so that the result has one step too many.",
    lambda targets, begin: np.concatenate([np.full((len(targets), 1), begin), targets], axis=1),
)
given_letters.mistake(
    "np.roll brings the last letter round to the front; the first step is given `begin`.",
    lambda targets, begin: np.roll(targets, 1, axis=1),
)
given_letters.mistake(
    "You shift the batch and not the time: each word gets the letters of its neighbour.",
    lambda targets, begin: np.concatenate([np.full((1, targets.shape[1]), begin), targets[:-1]], axis=0),
)


@given_letters.mistake("You write into the targets, which the loss still needs.")
def spoils_the_targets(targets, begin):
    targets[:, 1:] = targets[:, :-1].copy()
    targets[:, 0] = begin
    return targets


def decoder(units: int, letters: int, longest: int, seed: int) -> dict:
    """A small Elman decoder with random weights, letter 0 to begin and letter 1 to end."""
    E, U, V, state = cases.normal((letters, units), (units, units), (letters, units), (units,), seed=seed)

    def step(letter, state):
        state = np.tanh(E[letter] + U @ state)
        return V @ state, state

    return {"step": step, "state": state, "begin": 0, "end": 1, "longest": longest}


@exercise(
    cases=lambda: (
        [decoder(3, 4, 5, seed) for seed in (0, 1, 5)] + [decoder(4, 6, 12, seed) for seed in (2, 3, 4, 7)]
    ),
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
    lambda step, state, begin, end, longest: writing(step, state, begin, end, longest, feed=False),
)
write_freely.mistake(
    "The state is not carried: every step starts from the first one.",
    lambda step, state, begin, end, longest: writing(step, state, begin, end, longest, carry=False),
)
write_freely.mistake(
    "The end mark is kept among the letters.",
    lambda step, state, begin, end, longest: writing(step, state, begin, end, longest, keep_end=True),
)
write_freely.mistake(
    "You take the least likely letter, argmin.",
    lambda step, state, begin, end, longest: writing(step, state, begin, end, longest, pick=np.argmin),
)
write_freely.mistake(
    "You do not stop at the end mark.",
    lambda step, state, begin, end, longest: writing(step, state, begin, -1, longest),
)
write_freely.mistake(
    "The mark `begin` stands in front of your letters; it was not written.",
    lambda step, state, begin, end, longest: [begin, *write_freely(step, state, begin, end, longest)],
)
write_freely.mistake(
    "You write one letter more than `longest`.",
    lambda step, state, begin, end, longest: write_freely(step, state, begin, end, longest + 1),
)
