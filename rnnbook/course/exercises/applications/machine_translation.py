import numpy as np

from rnnbook.course.exercises import exercises_of

exercise = exercises_of("06-applications/03-machine-translation.ipynb")


def beam(finished: list[int], vocab: int, width: int, seed: int) -> dict:
    """The beginnings that a search holds, and what the model says of the next token after each."""
    rng = np.random.default_rng(seed)
    scores = -rng.gamma(2.0, 1.0, size=len(finished)).round(2)
    p = rng.dirichlet(np.full(vocab, 0.5), size=len(finished)) + 0.01
    log_p = np.log(p / p.sum(axis=1, keepdims=True)).round(2)
    return {"scores": scores, "finished": np.array(finished, dtype=bool), "log_p": log_p, "width": width}


@exercise(
    cases=lambda: [
        {
            "scores": np.array([-1.0, -0.5]),
            "finished": np.array([False, False]),
            "log_p": np.array([[-0.1, -2.4, -3.9], [-1.2, -0.9, -1.6]]),
            "width": 2,
        },
        beam([0, 0, 0], 5, 3, 1),
        beam([0, 1, 0], 4, 3, 2),
        beam([1, 0, 0, 1], 3, 4, 3),
        beam([0, 1, 0], 6, 2, 6),
        beam([1, 1, 0, 0], 5, 3, 8),
    ],
    praise="One step of a beam search: repeat it until all are finished.",
    parts=("the parents", "the tokens", "the scores"),
    see="Greedy, or with a beam",
)
def beam_step(scores, finished, log_p, width):
    """Parents, tokens and scores, (width,) each and best first, after one step from the beginnings (K,)."""
    going_on = np.where(finished[:, None], -np.inf, scores[:, None] + log_p)
    as_it_is = np.where(finished, scores, -np.inf)
    candidates = np.column_stack([going_on, as_it_is])
    best = np.argsort(-candidates, axis=None)[:width]
    parents, tokens = np.divmod(best, candidates.shape[1])
    return parents, np.where(tokens == log_p.shape[1], -1, tokens), candidates.ravel()[best]


def ranked(candidates, width, by=None):
    """(parent, token, score) of each candidate, the best `width` of them by score, or by another figure."""
    order = sorted(candidates, key=lambda one: -(one[2] if by is None else by(one)))[:width]
    return tuple(map(np.array, zip(*order, strict=True)))


def candidates_of(scores, finished, log_p, add=lambda score, log_p: score + log_p):
    found = []
    for k, score in enumerate(scores):
        if finished[k]:
            found.append((k, -1, score))
        else:
            found += [(k, token, add(score, each)) for token, each in enumerate(log_p[k])]
    return found


beam_step.mistake(
    "The score of the beginning is missing: a likely token after an unlikely beginning is not likely.",
    lambda scores, finished, log_p, width: ranked(
        candidates_of(scores, finished, log_p, lambda score, each: each), width
    ),
    lambda scores, finished, log_p, width: ranked(
        candidates_of(scores, finished, log_p),
        width,
        lambda one: one[2] if one[1] < 0 else log_p[one[0], one[1]],
    ),
)
beam_step.mistake(
    "Log-probabilities are added where probabilities are multiplied.",
    lambda scores, finished, log_p, width: ranked(
        candidates_of(scores, finished, log_p, lambda score, each: score * each), width
    ),
    lambda scores, finished, log_p, width: ranked(
        candidates_of(scores, finished, log_p, lambda score, each: -score * each), width
    ),
)


@beam_step.mistake(
    "Each beginning goes on with its own likeliest token in your step. All continuations of all beginnings "
    "compete: two of them may come from one."
)
def one_each(scores, finished, log_p, width):
    found = candidates_of(scores, finished, log_p)
    best = [max((one for one in found if one[0] == k), key=lambda one: one[2]) for k in range(len(scores))]
    return ranked(best, width)


@beam_step.mistake("You go on from the best beginning only: that is the greedy search, with spare rows.")
def best_parent_only(scores, finished, log_p, width):
    k = int(np.argmax(np.where(finished, -np.inf, scores)))
    return ranked([one for one in candidates_of(scores, finished, log_p) if one[0] == k], width)


beam_step.mistake(
    "A finished translation is not continued: nothing follows its end.",
    lambda scores, finished, log_p, width: ranked(candidates_of(scores, np.zeros(len(scores)), log_p), width),
    lambda scores, finished, log_p, width: ranked(
        candidates_of(scores, np.zeros(len(scores)), log_p)
        + [(k, -1, scores[k]) for k in np.flatnonzero(finished)],
        width,
    ),
)
beam_step.mistake(
    "A finished translation stays in the race with its score; yours drops out.",
    lambda scores, finished, log_p, width: ranked(
        [one for one in candidates_of(scores, finished, log_p) if one[1] >= 0], width
    ),
)
beam_step.mistake(
    "A finished translation stands in the race once; with one entry for each token it fills the beam.",
    lambda scores, finished, log_p, width: ranked(
        [
            one
            for one in candidates_of(scores, finished, log_p)
            for _ in range(log_p.shape[1] if one[1] < 0 else 1)
        ],
        width,
    ),
)
beam_step.mistake(
    "The best come first; your order is turned round.",
    lambda scores, finished, log_p, width: tuple(
        part[::-1] for part in beam_step(scores, finished, log_p, width)
    ),
)
beam_step.mistake(
    "You keep the unlikeliest: log-probabilities nearer to zero are the better ones.",
    lambda scores, finished, log_p, width: ranked(
        candidates_of(scores, finished, log_p), width, lambda one: -one[2]
    ),
)
beam_step.mistake(
    "Parents and tokens are mixed up: in the flattened table a row is one beginning, as long as its tokens.",
    lambda scores, finished, log_p, width: tuple(
        beam_step(scores, finished, log_p, width)[k] for k in (1, 0, 2)
    ),
    lambda scores, finished, log_p, width: by_rows(scores, finished, log_p, width, len(scores)),
    lambda scores, finished, log_p, width: by_rows(scores, finished, log_p, width, log_p.shape[1], 1),
    lambda scores, finished, log_p, width: by_rows(scores, finished, log_p, width, len(scores), 1),
)


def by_rows(scores, finished, log_p, width, size, column_for_ended=0):
    """Takes rows of another size for those of the table."""
    parents, tokens, best = beam_step(scores, finished, log_p, width)
    if column_for_ended:
        V = log_p.shape[1]
        flat = parents * (V + 1) + np.where(tokens < 0, V, tokens)
        return flat // size, np.where(flat % size == V, -1, flat % size), best
    flat = parents * log_p.shape[1] + tokens
    return flat // size, np.where(tokens < 0, -1, flat % size), best


beam_step.mistake(
    "Your scores are probabilities; they stay logarithms.",
    lambda scores, finished, log_p, width: np.exp(beam_step(scores, finished, log_p, width)[2]),
    part="the scores",
)
beam_step.mistake(
    "Your scores are those of the last token; a score is the sum from the begin on.",
    lambda scores, finished, log_p, width: (
        beam_step(scores, finished, log_p, width)[2] - scores[beam_step(scores, finished, log_p, width)[0]]
    ),
    lambda scores, finished, log_p, width: scores[beam_step(scores, finished, log_p, width)[0]],
    part="the scores",
)
beam_step.mistake(
    "You return all candidates; the best `width` of them go on.",
    lambda scores, finished, log_p, width: beam_step(
        scores, finished, log_p, int(finished.sum() + (~finished).sum() * log_p.shape[1])
    ),
)


beam_step.mistake(
    "One that has ended has the token -1 in the answer: no token of the vocabulary.",
    lambda scores, finished, log_p, width: np.maximum(beam_step(scores, finished, log_p, width)[1], 0),
    lambda scores, finished, log_p, width: (
        beam_step(scores, finished, log_p, width)[1] % (log_p.shape[1] + 1)
    ),
    lambda scores, finished, log_p, width: beam_step(scores, finished, log_p, width)[1] % log_p.shape[1],
    part="the tokens",
)


def pair(translation: str, truth: str, longest: int) -> dict:
    return {"translation": translation, "truth": truth, "longest": longest}


@exercise(
    cases=lambda: [
        pair("les pays", "le pays", 2),
        pair("banane", "ananas bananes", 3),
        pair("1 watt", "1 megaoctet", 2),
        pair("renommer le fichier", "renommer l'espace de travail", 4),
        pair("oui", "xyz", 3),
        pair("Tasse", "tasses", 1),
        pair("aaaa", "aab", 2),
    ],
    praise="chrF as it is defined, on one pair of texts.",
    see="The test",
)
def chrf_of_pair(translation, truth, longest):
    """chrF, 0 to 100, of one translation: pieces of 1 to `longest` characters; recall weighs four times."""
    texts = [text.replace(" ", "") for text in (translation, truth)]
    precisions, recalls = [], []
    for n in range(1, longest + 1):
        written, true = ([text[i : i + n] for i in range(len(text) - n + 1)] for text in texts)
        shared = sum(min(written.count(piece), true.count(piece)) for piece in set(written))
        precisions.append(shared / len(written))
        recalls.append(shared / len(true))
    P, R = np.mean(precisions), np.mean(recalls)
    return 100 * 5 * P * R / (4 * P + R) if P + R else 0.0


def overlaps(translation, truth, longest, blanks=False, shared="clipped"):
    """(shared, written, true) for each length."""
    texts = [text if blanks else text.replace(" ", "") for text in (translation, truth)]
    found = []
    for n in range(1, longest + 1):
        written, true = ([text[i : i + n] for i in range(len(text) - n + 1)] for text in texts)
        if shared == "sets":
            written, true = sorted(set(written)), sorted(set(true))
        if shared == "written":
            both = sum(piece in true for piece in written)
        elif shared == "true":
            both = sum(piece in written for piece in true)
        elif shared == "once":
            both = len(set(written) & set(true))
        else:
            both = sum(min(written.count(piece), true.count(piece)) for piece in set(written))
        found.append((both, len(written), len(true)))
    return np.array(found, dtype=float)


def f_score(P, R, weight=4.0):
    return 100 * (1 + weight) * P * R / (weight * P + R) if P + R else 0.0


def chrf_by(score, **options):
    return lambda translation, truth, longest: score(overlaps(translation, truth, longest, **options))


def usual(found, weight=4.0):
    return f_score(*(found[:, :1] / found[:, 1:]).mean(axis=0), weight)


chrf_of_pair.mistake("Blanks are no characters here: take them out first.", chrf_by(usual, blanks=True))
chrf_of_pair.mistake(
    "A piece that the truth has once cannot be shared twice: the smaller of the two counts is shared.",
    chrf_by(usual, shared="written"),
    chrf_by(usual, shared="true"),
    lambda translation, truth, longest: f_score(
        np.mean([a / b for a, b, _ in overlaps(translation, truth, longest, shared="written")]),
        np.mean([a / c for a, _, c in overlaps(translation, truth, longest, shared="true")]),
    ),
)
chrf_of_pair.mistake(
    "You count different pieces; one that stands twice in both texts is shared twice.",
    chrf_by(usual, shared="sets"),
    chrf_by(usual, shared="once"),
)
chrf_of_pair.mistake(
    "Precision and recall weigh the same in your figure; recall weighs four times as much.",
    chrf_by(lambda found: usual(found, 1.0)),
    chrf_by(lambda found: 50 * (found[:, :1] / found[:, 1:]).mean(axis=0).sum()),
)
chrf_of_pair.mistake(
    "The weight is 4, the square of 2, beside P; and 5 in front.",
    chrf_by(lambda found: usual(found, 2.0)),
    chrf_by(lambda found: usual(found, 16.0)),
)
chrf_of_pair.mistake(
    "Precision and recall have changed places: precision is the share of what was written.",
    chrf_by(lambda found: usual(found, 0.25)),
)
chrf_of_pair.mistake(
    "All lengths stand in one pot; each length has its own precision and recall, and these are averaged.",
    chrf_by(lambda found: f_score(*(found[:, 0].sum() / found[:, 1:].sum(axis=0)))),
)
chrf_of_pair.mistake(
    "You average the figures of the lengths; average precision and recall first, and combine them once.",
    chrf_by(lambda found: np.mean([f_score(a / b, a / c) for a, b, c in found])),
)
chrf_of_pair.mistake(
    "You look at one length of pieces only; all from 1 to `longest` count.",
    chrf_by(lambda found: usual(found[-1:])),
    chrf_by(lambda found: usual(found[:1])),
)
chrf_of_pair.mistake(
    "The longest pieces are missing: the lengths go from 1 up to `longest`, and it is one of them.",
    chrf_by(lambda found: usual(found[:-1]) if len(found) > 1 else 0.0),
    chrf_by(lambda found: usual(found[:-1]) if len(found) > 1 else np.nan),
    chrf_by(lambda found: usual(found[:-1]) if len(found) > 1 else 1 / 0),
)
chrf_of_pair.mistake(
    "That is one of the two alone; precision rewards short answers, recall long ones.",
    chrf_by(lambda found: 100 * np.mean(found[:, 0] / found[:, 1])),
    chrf_by(lambda found: 100 * np.mean(found[:, 0] / found[:, 2])),
)
chrf_of_pair.mistake(
    "The scale goes from 0 to 100.",
    lambda translation, truth, longest: chrf_of_pair(translation, truth, longest) / 100,
)
chrf_of_pair.mistake(
    "Where nothing is shared, the score is 0; yours divides zero by zero.",
    chrf_by(lambda found: usual(found) if found[:, 0].any() else np.nan),
    chrf_by(lambda found: usual(found) if found[:, 0].any() else 1 // 0),
)
chrf_of_pair.mistake(
    "Capitals are characters of their own; you write everything small first.",
    lambda translation, truth, longest: chrf_of_pair(translation.lower(), truth.lower(), longest),
)
chrf_of_pair.mistake(
    "BLEU multiplies the precisions of its lengths; chrF takes their mean.",
    chrf_by(
        lambda found: (
            f_score(*np.exp(np.mean(np.log(found[:, :1] / found[:, 1:]), axis=0)))
            if found[:, 0].all()
            else 0.0
        )
    ),
)


@chrf_of_pair.mistake(
    "The last piece is missing: a text of m characters has m - n + 1 pieces of n characters."
)
def last_piece_missing(translation, truth, longest):
    return chrf_by(usual_or_less)(translation.replace(" ", "")[:-1], truth.replace(" ", "")[:-1], longest)


def usual_or_less(found):
    return f_score(*(found[:, :1] / found[:, 1:].clip(1)).mean(axis=0))


def parallel(pairs: list[tuple[list[int], list[int]]], foreign: int, english: int, seed: int) -> dict:
    """Sentences as lists of words' numbers, and a table whose columns are probabilities."""
    t = np.random.default_rng(seed).dirichlet(np.ones(foreign), size=english).T.round(2)
    t[-1] += 1 - t.sum(axis=0)
    return {"pairs": [(np.array(f), np.array([0, *e])) for f, e in pairs], "t": t}


@exercise(
    cases=lambda: [
        {
            "pairs": [(np.array([0]), np.array([0, 1])), (np.array([1]), np.array([0]))],
            "t": np.array([[0.2, 0.6], [0.8, 0.4]]),
        },
        parallel([([0, 1], [1, 2]), ([1, 2], [2])], 3, 3, 1),
        parallel([([0, 1, 0], [1]), ([2, 3], [2, 1]), ([3], [3, 2])], 4, 4, 2),
        parallel([([2, 1], [1, 1, 2]), ([0], [2, 3, 1]), ([4, 0, 3], [3, 4]), ([1, 1], [4])], 5, 5, 3),
    ],
    praise="Nobody said which word comes from which, and a round of this knows a little more than the last.",
    see="Translators without a network",
)
def em_round(pairs, t):
    """IBM model 1's table t (F, E) after one more round over the pairs (foreign words, English words)."""
    counts = np.zeros(t.shape)
    for foreign, english in pairs:
        for f in foreign:
            for e in english:
                counts[f, e] += t[f, e] / t[f, english].sum()
    return counts / counts.sum(axis=0)


def counts_by(share, start=0.0):
    """The counts after a round in which (f, e) gets share(f, e, foreign, english, t)."""

    def counts_of(pairs, t):
        counts = start * t
        for foreign, english in pairs:
            for f in foreign:
                for e in english:
                    counts[f, e] += share(f, e, foreign, english, t)
        return counts

    return counts_of


def normalized(counts_of, axis=0):
    return lambda pairs, t: counts_of(pairs, t) / counts_of(pairs, t).sum(axis=axis, keepdims=True)


def right_share(f, e, foreign, english, t):
    return t[f, e] / t[f, english].sum()


em_round.mistake(
    "You share each English word out among the foreign ones; a foreign word comes from one of the English.",
    normalized(counts_by(lambda f, e, foreign, english, t: t[f, e] / t[foreign, e].sum())),
)
em_round.mistake(
    "Each foreign word is a count of 1 to share out: divide by the sum over this sentence's English words.",
    normalized(counts_by(lambda f, e, foreign, english, t: t[f, e])),
    normalized(counts_by(lambda f, e, foreign, english, t: t[f, e] / t[f].sum())),
    normalized(counts_by(lambda f, e, foreign, english, t: t[f, e] / t[:, e].sum())),
    normalized(counts_by(lambda f, e, foreign, english, t: t[f, e] / t[np.ix_(foreign, english)].sum())),
)
em_round.mistake(
    "You share out evenly; the table of the last round says how.",
    normalized(counts_by(lambda f, e, foreign, english, t: 1.0)),
    normalized(counts_by(lambda f, e, foreign, english, t: 1 / len(english))),
)
em_round.mistake(
    "You give each foreign word to its likeliest English word alone; it is shared out.",
    normalized(counts_by(lambda f, e, foreign, english, t: float(e == english[t[f, english].argmax()]))),
)
em_round.mistake(
    "Those are counts; make probabilities of the foreign words out of them, for each English word.",
    counts_by(right_share),
)
em_round.mistake(
    "You divide by all counts together; the probabilities of each English word add up to 1.",
    lambda pairs, t: counts_by(right_share)(pairs, t) / counts_by(right_share)(pairs, t).sum(),
)
em_round.mistake(
    "Your rows add up to 1; t(f | e) adds up to 1 over the foreign words f, down a column.",
    normalized(counts_by(right_share), axis=1),
)
em_round.mistake(
    "The empty word 0 stands in every English sentence, and takes its share.",
    normalized(
        counts_by(
            lambda f, e, foreign, english, t: (
                t[f, e] / t[f, english[1:]].sum() if e or len(english) < 2 else 0.0
            )
        )
    ),
    normalized(counts_by(lambda f, e, foreign, english, t: t[f, e] / t[f, english[1:]].sum() if e else 0.0)),
    lambda pairs, t: without_empty(pairs, t),
    normalized(
        counts_by(lambda f, e, foreign, english, t: right_share(f, e, foreign, english, t) if e else 0.0)
    ),
)


def without_empty(pairs, t):
    share = lambda f, e, foreign, english, t: t[f, e] / t[f, english[1:]].sum() if e else 0.0
    counts = counts_by(share)(pairs, t)
    return counts / np.maximum(counts.sum(axis=0), 1e-300)


em_round.mistake(
    "Your counts start from the old table; they start from zero.",
    normalized(counts_by(right_share, start=1.0)),
)
em_round.mistake(
    "A word that stands twice in a sentence counts twice; adding at repeated places of an array counts one.",
    lambda pairs, t: once_each(pairs, t, english_once=True, foreign_once=False),
    lambda pairs, t: once_each(pairs, t, english_once=True, foreign_once=True),
    lambda pairs, t: once_each(pairs, t, english_once=False, foreign_once=True),
    lambda pairs, t: normalized(counts_by(right_share))([(np.unique(f), np.unique(e)) for f, e in pairs], t),
    lambda pairs, t: normalized(counts_by(right_share))([(f, np.unique(e)) for f, e in pairs], t),
    lambda pairs, t: normalized(counts_by(right_share))([(np.unique(f), e) for f, e in pairs], t),
)


def once_each(pairs, t, english_once, foreign_once):
    counts = np.zeros(t.shape)
    for foreign, english in pairs:
        shares = {}
        for i, f in enumerate(foreign):
            for j, e in enumerate(english):
                place = (f, e, 0 if foreign_once else i, 0 if english_once else j)
                shares[place] = t[f, e] / t[f, english].sum()
        for (f, e, _, _), share in shares.items():
            counts[f, e] += share
    return counts / counts.sum(axis=0)


@em_round.mistake("You use the new table before the round is over; a round shares out by the old one.")
def at_once(pairs, t):
    t = t.copy()
    counts = np.zeros(t.shape)
    for foreign, english in pairs:
        for f in foreign:
            for e in english:
                counts[f, e] += t[f, e] / t[f, english].sum()
        seen = counts.sum(axis=0) > 0
        t[:, seen] = counts[:, seen] / counts[:, seen].sum(axis=0)
    return t


em_round.mistake(
    "The old table is multiplied in once more; it has had its say in the shares.",
    normalized(lambda pairs, t: t * counts_by(right_share)(pairs, t)),
    lambda pairs, t: t * em_round(pairs, t),
)
em_round.mistake("That is the transpose: foreign words are the rows.", lambda pairs, t: em_round(pairs, t).T)
