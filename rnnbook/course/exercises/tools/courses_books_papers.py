import numpy as np

from rnnbook.course.exercises import exercises_of

exercise = exercises_of("07-tools/06-courses-books-papers.ipynb")


def citations() -> list[dict]:
    """Pairs of entries, each (authors, year, title)."""
    hochreiter = ("Hochreiter and Schmidhuber", 1997, "Long short-term memory")
    ctc = "Connectionist temporal classification: labelling unsegmented sequence data with recurrent networks"
    graves = ("Graves, Fernández, Gomez and Schmidhuber", 2006, ctc)
    beck = ("Beck and others", 2024, "xLSTM: extended long short-term memory")
    kingma = ("Kingma and Ba", 2015, "Adam: a method for stochastic optimization")
    gers = ("Gers, Schmidhuber and Cummins", 2000, "Learning to forget: continual prediction with LSTM")
    chung = ("Chung, Gulcehre, Cho and Bengio", 2014, "Empirical evaluation of gated recurrent networks")
    pairs = [
        (("Elman", 1990, "Finding structure in time"), ("Elman", 1990, "Finding structure in time")),
        (("Elman", 1990, "Finding structure in time"), ("Elman", 1991, "Distributed representations")),
        (hochreiter, ("Hochreiter and Schmidhuber", 1997, "Long Short-Term Memory.")),
        (hochreiter, ("Hochreiter and Schmidhuber", 1996, "Long short term memory")),
        (hochreiter, ("Hochreiter and Schmidhuber", 1995, "Long short-term memory")),
        (hochreiter, ("Gers and Schmidhuber", 1997, "Long short-term memory")),
        (("Hochreiter", 1998, "Long short-term memory"), hochreiter),
        (graves, ("Graves and others", 2006, "Connectionist temporal classification")),
        (("Graves and others", 2005, "Connectionist Temporal Classification"), graves),
        (graves, ("Graves and others", 2006, "Connectionist temporal classification: a tutorial")),
        (graves, ("Graves and others", 2006, "Connectionist temporal")),
        (kingma, ("Kingma and Ba", 2014, "Adam")),
        (("Kingma and Ba", 2014, "Adam"), kingma),
        (kingma, ("Kingma and Ba", 2017, "Adam: a method for stochastic optimization")),
        (("Kingma and others", 2016, "Adam"), kingma),
        (kingma, ("Kingma and Ba", 2009, "Adam")),
        (("Kingma and Ba", 2009, "Adam"), kingma),
        (("Graves, Fernández and others", 2006, ctc), graves),
        (gers, ("Gers and others", 1999, "Learning to")),
        (gers, ("Gers, Schmidhuber and Cummins", 2000, "Learning to forget: a reply")),
        (("Gers and Schmidhuber", 2000, "Learning to forget"), gers),
        (("Schmidhuber", 1997, "Long short-term memory"), hochreiter),
        (hochreiter, ("Schmidhuber", 1998, "Long short-term memory")),
        (("Chu, Bengio and Cho", 2014, "Empirical evaluation of gated recurrent networks"), chung),
        (beck, ("Hochreiter and others", 2024, "xLSTM: extended long short-term memory")),
        (beck, ("Beck", 2024, "Extended long short-term memory")),
        (chung, ("Chu, Bengio and Cho", 2014, "Empirical evaluation of gated recurrent networks")),
        (("Chungs", 2014, "Empirical Evaluation of Gated Recurrent Networks"), chung),
        (("Sandberg and others", 2017, "Gates"), ("Sandler", 2017, "Gates")),
        (("Hinton", 2012, "Lecture 6"), ("Hinton", 2012, "Lecture 7")),  # only the digits differ
        (("Hinton", 2012, "Lecture 6: RMSprop"), ("Hinton", 2012, "Lecture 6")),
        (("Cho and others", 2014, "Empirical evaluation of gated recurrent networks"), chung),
    ]
    return [{"one": one, "other": other} for one, other in pairs]


@exercise(
    cases=citations,
    praise="Two lists of papers can now be joined without counting one work twice.",
    see="How to read an entry",
)
def same_work(one, other):
    """Whether two entries (authors, year, title) are one work."""

    def first_author(entry):
        return entry[0].split(",")[0].split(" and ")[0]

    def titles(entry):
        letters = lambda title: "".join(sign for sign in title.lower() if sign.isalnum())
        return letters(entry[2]), letters(entry[2].split(":")[0])

    whole, head = titles(one)
    other_whole, other_head = titles(other)
    alike = whole in (other_whole, other_head) or head == other_whole
    return first_author(one) == first_author(other) and abs(one[1] - other[1]) <= 1 and alike


def surname(authors):
    return authors.split(",")[0].split(" and ")[0]


def squeezed(title):
    return "".join(sign for sign in title.lower() if sign.isalnum())


def head(title):
    return title.split(":")[0]


def titles_agree(one, other, squeeze=squeezed):
    return squeeze(one) in (squeeze(other), squeeze(head(other))) or squeeze(head(one)) == squeeze(other)


def comparing(
    authors=lambda one, other: surname(one) == surname(other),
    years=lambda one, other: abs(one - other) <= 1,
    titles=titles_agree,
):
    """The comparison with one of its three questions put in another way."""
    return lambda one, other: (
        authors(one[0], other[0]) and years(one[1], other[1]) and titles(one[2], other[2])
    )


anything = lambda one, other: True

same_work.mistake(
    "The years must be equal in your answer; that of a preprint is often one earlier.",
    comparing(years=lambda one, other: one == other),
)
same_work.mistake(
    "The second entry may be earlier or later; your difference of years has a sign.",
    comparing(years=lambda one, other: one - other <= 1),
    comparing(years=lambda one, other: other - one <= 1),
    comparing(years=lambda one, other: 0 <= one - other <= 1),
    comparing(years=lambda one, other: 0 <= other - one <= 1),
)
same_work.mistake("You do not look at the years.", comparing(years=anything))
same_work.mistake(
    "The years may differ by one and no more.",
    comparing(years=lambda one, other: abs(one - other) < 1.5 or abs(one - other) == 2),
    comparing(years=lambda one, other: abs(one - other) <= 3),
)
same_work.mistake("You do not look at the authors.", comparing(authors=anything))
same_work.mistake(
    "You compare the whole list of authors; one entry names all of them, and another says 'and others'.",
    comparing(authors=lambda one, other: one == other),
)
same_work.mistake(
    "You look for a name anywhere in the other list; the first authors must be the same.",
    comparing(authors=lambda one, other: surname(one) in other or surname(other) in one),
    comparing(authors=lambda one, other: surname(one) in other),
    comparing(authors=lambda one, other: surname(other) in one),
)
same_work.mistake(
    "You ask whether one list of authors begins with the name of the other; a longer name can begin alike.",
    comparing(authors=lambda one, other: other.startswith(surname(one))),
    comparing(authors=lambda one, other: one.startswith(surname(other))),
    comparing(authors=lambda one, other: other.startswith(surname(one)) or one.startswith(surname(other))),
)
same_work.mistake(
    "You cut the list at its commas only; where there are two authors, 'and' stands between them.",
    comparing(authors=lambda one, other: one.split(",")[0] == other.split(",")[0]),
)
same_work.mistake(
    "You cut the list at 'and' only; where there are three authors, a comma stands after the first.",
    comparing(authors=lambda one, other: one.split(" and ")[0] == other.split(" and ")[0]),
)
same_work.mistake(
    "You cut names apart that have 'and' in them; the word stands between spaces.",
    comparing(
        authors=lambda one, other: (
            one.split(",")[0].split("and")[0].strip() == other.split(",")[0].split("and")[0].strip()
        )
    ),
)
same_work.mistake(
    "A comma clings to the name that you compare: 'Gers,' is not 'Gers'.",
    comparing(authors=lambda one, other: one.split()[0] == other.split()[0]),
)
only_letters = lambda title: "".join(filter(str.isalpha, title.lower()))
same_work.mistake(
    "You compare the letters only: a digit in a title counts as well.",
    comparing(titles=lambda one, other: titles_agree(one, other, squeeze=only_letters)),
)
same_work.mistake(
    "The titles must be equal sign by sign in your answer; capitals, hyphens and points do not count.",
    comparing(titles=lambda one, other: titles_agree(one, other, squeeze=lambda title: title)),
    comparing(titles=lambda one, other: titles_agree(one, other, squeeze=str.lower)),
    comparing(
        titles=lambda one, other: titles_agree(one, other, squeeze=lambda title: title.lower().strip("."))
    ),
)
same_work.mistake(
    "A title is often quoted up to its colon; such a one agrees with the whole.",
    comparing(titles=lambda one, other: squeezed(one) == squeezed(other)),
)
same_work.mistake(
    "You compare only what stands before the colons: two works may begin alike and have different subtitles.",
    comparing(titles=lambda one, other: squeezed(head(one)) == squeezed(head(other))),
)
same_work.mistake(
    "You compare subtitles too, as if they were titles; only the part before the colon may stand for the "
    "whole.",
    comparing(
        titles=lambda one, other: bool(
            set(map(squeezed, one.split(":"))) & set(map(squeezed, other.split(":")))
        )
    ),
)
same_work.mistake(
    "You compare the first words of the titles only; they agree as a whole, or up to a colon.",
    *[
        comparing(titles=lambda one, other, n=n: one.lower().split()[:n] == other.lower().split()[:n])
        for n in (1, 2, 3)
    ],
)
same_work.mistake(
    "You ask whether one title begins with the other; the shorter one must end where the colon stands.",
    comparing(
        titles=lambda one, other: (
            squeezed(one).startswith(squeezed(other)) or squeezed(other).startswith(squeezed(one))
        )
    ),
)
same_work.mistake(
    "You ask whether one title stands anywhere in the other; the shorter one must be all before its colon.",
    comparing(titles=lambda one, other: squeezed(one) in squeezed(other) or squeezed(other) in squeezed(one)),
)
same_work.mistake(
    "Only one of the two entries may have its subtitle left out in your answer; it can be either.",
    comparing(titles=lambda one, other: squeezed(one) in (squeezed(other), squeezed(head(other)))),
    comparing(titles=lambda one, other: squeezed(other) in (squeezed(one), squeezed(head(one)))),
)


def tables() -> list[dict]:
    """What a paper reports: a name, and the scores of its seeds."""
    return [
        {"rows": {"new": [0.8, 0.9]}, "new": "new"},
        {"rows": {"new": [0.8]}, "new": "new"},
        {"rows": {"LSTM": [0.7, 0.75], "ours": [0.8, 0.9]}, "new": "ours"},
        {"rows": {"ours": [0.8, 0.9], "GRU": [0.7, 0.82]}, "new": "ours"},
        {"rows": {"n-grams": [0.5, 0.6], "cell": [0.74, 0.9], "LSTM": [0.72, 0.73]}, "new": "cell"},
        {"rows": {"LSTM": [0.9, 0.95, 0.92], "cell": [0.8, 0.7, 0.9], "GRU": [0.6, 0.5]}, "new": "cell"},
        {"rows": {"LSTM": [0.7, 0.72], "cell": [0.9]}, "new": "cell"},
        {"rows": {"LSTM": [0.7], "cell": [0.9, 0.92]}, "new": "cell"},
        {"rows": {"LSTM": [0.7], "cell": [0.9], "GRU": [0.6, 0.62]}, "new": "cell"},
        {"rows": {"LSTM": [0.7, 0.75], "cell": [0.6, 0.95]}, "new": "cell"},
        {"rows": {"LSTM": [0.7, 0.9], "cell": [0.71, 0.72]}, "new": "cell"},
        {"rows": {"LSTM": [0.7, 0.9], "cell": [0.65, 0.95]}, "new": "cell"},
        {"rows": {"GRU": [0.5, 0.5, 0.62], "LSTM": [0.65, 0.66], "cell": [0.63, 0.7]}, "new": "cell"},
        {"rows": {"LSTM": [0.8, 0.82], "cell": [0.5, 0.6], "GRU": [0.4]}, "new": "cell"},
        {"rows": {"LSTM": [0.6], "n-grams": [0.5, 0.55], "cell": [0.7, 0.8, 0.9]}, "new": "cell"},
        {"rows": {"LSTM": [0.8, 0.81, 0.84], "cell": [0.84, 0.9]}, "new": "cell"},
        {"rows": {"ours": [0.5]}, "new": "ours"},
        {"rows": {"GRU": [0.66, 0.3], "LSTM": [0.6, 0.65], "cell": [0.655, 0.7]}, "new": "cell"},
        {"rows": {"LSTM": [0.7, 0.72], "cell": [0.9, 0.92], "n-grams": [0.4]}, "new": "cell"},
        {"rows": {"LSTM": [0.72], "cell": [0.6, 0.7], "GRU": [0.5, 0.52]}, "new": "cell"},
        {"rows": {"LSTM": [0.2, 0.95], "cell": [0.9, 0.92], "GRU": [0.84, 0.86]}, "new": "cell"},
        {"rows": {"GRU": [0.3, 0.35], "LSTM": [0.6, 0.65], "cell": [0.61, 0.7]}, "new": "cell"},
        {"rows": {"GRU": [0.5, 0.5], "LSTM": [0.6, 0.65], "cell": [0.65, 0.7]}, "new": "cell"},
        {"rows": {"LSTM": [0.5, 0.55, 0.9], "cell": [0.7, 0.75, 0.8], "GRU": [0.6, 0.61]}, "new": "cell"},
        {"rows": {"LSTM": [0.7, 0.7, 0.81], "cell": [0.8, 0.9, 0.9]}, "new": "cell"},
        {"rows": {"cell": [0.8, 0.9, 0.9, 0.9], "LSTM": [0.5, 0.5, 0.5, 0.82]}, "new": "cell"},
        {"rows": {"GRU": [0.6, 0.5, 0.9], "LSTM": [0.4, 0.65, 0.66], "cell": [0.7, 0.8]}, "new": "cell"},
        {"rows": {"GRU": [0.6, 0.61], "cell": [0.65, 0.8], "LSTM": [0.7, 0.5, 0.9]}, "new": "cell"},
        {"rows": {"LSTM": [0.6, 0.8, 0.7], "cell": [0.7, 0.75], "GRU": [0.65, 0.5]}, "new": "cell"},
    ]


@exercise(
    cases=tables,
    praise="The strongest rival, the worst seed: what passes this may be believed a little longer.",
    see="How to read a paper",
)
def judged(rows, new):
    """'no baseline', 'one seed', 'holds' or 'open': what a table says of row `new`; rows: name to scores."""
    rivals = {name: scores for name, scores in rows.items() if name != new}
    if not rivals:
        return "no baseline"
    strongest = max(rivals.values(), key=lambda scores: sum(scores) / len(scores))
    if min(len(rows[new]), len(strongest)) < 2:
        return "one seed"
    return "holds" if min(rows[new]) > max(strongest) else "open"


def judging(
    choose=lambda rivals: max(rivals, key=np.mean),
    seeds=lambda new, strongest, rows: min(len(new), len(strongest)) < 2,
    better=lambda new, strongest: min(new) > max(strongest),
    itself_too=False,
    baseline=True,
    seeds_first=False,
    words=("no baseline", "one seed", "holds", "open"),
):
    """The judgement with one thing done in another way."""

    def answer(rows, new):
        none, one, holds, open_ = words
        rivals = [scores for name, scores in rows.items() if name != new or itself_too]
        if seeds_first and len(rows[new]) < 2:
            return one
        if not rivals:
            return none if baseline else holds
        strongest = choose(rivals)
        if seeds(rows[new], strongest, rows):
            return one
        return holds if better(rows[new], strongest) else open_

    return answer


judged.mistake(
    "You compare means. With so few seeds a higher mean may be luck: the lowest score of the new must be "
    "above the highest of its rival.",
    judging(better=lambda new, strongest: np.mean(new) > np.mean(strongest)),
)
judged.mistake(
    "You compare the best scores; each side has its luck in them. The lowest of the new must be above the "
    "highest of its rival.",
    judging(better=lambda new, strongest: max(new) > max(strongest)),
)
judged.mistake(
    "You compare the best of the new with the worst of its rival; it is the other way round.",
    judging(better=lambda new, strongest: max(new) > min(strongest)),
)
judged.mistake(
    "You compare the lowest scores of both; the lowest of the new must be above the highest of its rival.",
    judging(better=lambda new, strongest: min(new) > min(strongest)),
)
judged.mistake(
    "You compare the lowest score of the new with the rival's mean; it must be above the rival's highest.",
    judging(better=lambda new, strongest: min(new) > np.mean(strongest)),
)
judged.mistake(
    "You compare the mean of the new with the rival's highest score; its lowest must be above that.",
    judging(better=lambda new, strongest: np.mean(new) > max(strongest)),
)
judged.mistake(
    "You compare means and deviations; the lowest score of the new must be above the highest of its rival.",
    *[
        judging(
            better=lambda new, strongest, ddof=ddof: (
                np.mean(new) - np.std(new, ddof=ddof) > np.mean(strongest) + np.std(strongest, ddof=ddof)
            )
        )
        for ddof in (0, 1)
    ],
)
judged.mistake(
    "You compare seed by seed; the seeds of two networks are no pairs. Every score of the new must be above "
    "every score of its rival.",
    judging(better=lambda new, strongest: all(a > b for a, b in zip(new, strongest, strict=False))),
)
judged.mistake(
    "You put all rivals together; the strongest of them is asked for.",
    judging(choose=lambda rivals: [score for scores in rivals for score in scores]),
)
judged.mistake(
    "You take the weakest rival; to beat it says little. The strongest is the one with the highest mean.",
    judging(choose=lambda rivals: min(rivals, key=np.mean)),
)
judged.mistake(
    "You take the first rival of the table; the strongest may stand anywhere.",
    judging(choose=lambda rivals: rivals[0]),
)
judged.mistake(
    "You take the last rival of the table; the strongest may stand anywhere.",
    judging(choose=lambda rivals: rivals[-1]),
)
judged.mistake(
    "A single high score of a weaker row decides in your answer; the rival is the row with the highest mean.",
    judging(choose=lambda rivals: max(rivals, key=max)),
    judging(
        choose=lambda rivals: max(rivals, key=max),
        seeds=lambda new, strongest, rows: min(map(len, rows.values())) < 2,
    ),
)
judged.mistake(
    "You choose the rival by the sum of its scores, which grows with the seeds; its mean decides.",
    judging(choose=lambda rivals: max(rivals, key=sum)),
)
judged.mistake(
    "You choose the rival by its lowest score; its mean decides.",
    judging(choose=lambda rivals: max(rivals, key=min)),
)
judged.mistake(
    "You choose the rival by its median; its mean decides.",
    judging(choose=lambda rivals: max(rivals, key=np.median)),
)
judged.mistake(
    "You choose the rival by its first score; its mean decides.",
    judging(choose=max),
    judging(choose=lambda rivals: max(rivals, key=lambda scores: scores[0])),
)
judged.mistake(
    "The new row is its own rival in your answer, and nothing is above itself.",
    judging(itself_too=True),
    lambda rows, new: "no baseline" if len(rows) == 1 else judging(itself_too=True)(rows, new),
)
judged.mistake(
    "You look at all rows for single seeds; a weak baseline with one seed decides nothing.",
    judging(seeds=lambda new, strongest, rows: min(map(len, rows.values())) < 2),
)
judged.mistake(
    "You look at the seeds of one side only; the new and its strongest rival both need two.",
    judging(seeds=lambda new, strongest, rows: len(new) < 2),
    judging(seeds=lambda new, strongest, rows: len(strongest) < 2),
)
judged.mistake(
    "One of the two with a single seed is enough for 'one seed'; you ask for both.",
    judging(seeds=lambda new, strongest, rows: max(len(new), len(strongest)) < 2),
)
judged.mistake("You do not look at the number of seeds.", judging(seeds=lambda new, strongest, rows: False))
judged.mistake(
    "Equal is not above: where the two scores meet, the question is open.",
    judging(better=lambda new, strongest: min(new) >= max(strongest)),
)
judged.mistake(
    "Without a rival nothing can hold: the first question is whether there is one.",
    judging(baseline=False),
    judging(seeds_first=True),
)
