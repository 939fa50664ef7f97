"""Sentences out of film reviews, each with the verdicts of about 18 readers: does it praise, or does it damn?

    from rnnbook.data import opinions

    data = opinions.load()                        # films, in three splits
    data.train.texts[0], data.train.positive[0], data.train.ratings[0]
    opinions.load_domain("tweets")                # another domain, for tests alone
    opinions.lexicon()["great"]                   # what ten readers think of a word by itself
    opinions.vader()(["not great"])               # the scores of VADER, which adds rules to the lexicon

Hutto and Gilbert, 2014, 'VADER: a parsimonious rule-based model for sentiment analysis of social media text'.
"""

import html
import io
import json
import tarfile
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from rnnbook.data import Card, Dataset, object_array
from rnnbook.data.cache import Archive, File
from rnnbook.data.splitting import connected_groups, normalized_key, split
from rnnbook.vocabulary import word_tokenize

ARCHIVE = Archive(
    "vaderSentiment", "3.3.2", "5d7c06e027fc8b99238edb0d53d970cf97066ef97654009890b83703849632f9", "source"
)
CORPUS = File(
    ARCHIVE,
    "vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz",
    "d5bb07d87474b3eb8d30b4deccbc23f19d742a6c5718fbacc65485b70b95c5fa",
)
LEXICON = File(
    ARCHIVE,
    "vaderSentiment-3.3.2/vaderSentiment/vader_lexicon.txt",
    "1ec9c6e9ee19aade328f8beb393a6afa71a5bb3acf7d3cc22d4ef568df374bf5",
)
EMOJI = File(
    ARCHIVE,
    "vaderSentiment-3.3.2/vaderSentiment/emoji_utf8_lexicon.txt",
    "b8d54223ae1ce22a3e12c1f745316b71678c328eb5f5d3063a842f37cfbe2823",
)
PROGRAM = File(
    ARCHIVE,
    "vaderSentiment-3.3.2/vaderSentiment/vaderSentiment.py",
    "25cd814d23000b41c0e242d99960832c6620b3f1b844469173404500ce63206b",
)
FILES = (CORPUS, LEXICON, EMOJI, PROGRAM)

DOMAINS = {
    "films": "movieReviewSnippets",
    "tweets": "tweets",
    "products": "amazonReviewSnippets",
    "editorials": "nytEditorialSnippets",
}

SEED = 0
SPLIT_FRACTIONS = (0.7, 0.15)  # train and validation; the rest is the test
AFFIX_LENGTH = 6  # snippets that begin, or end, with this many equal words are not split apart


# Written for this course, before any model had been asked: a sentence that praises, and one made from it that
# damns. The pairs of "order" have the same words: who counts words must give both the same verdict.
CHALLENGE = {
    "plain": (
        ("A wonderful film with a brilliant cast.", "An awful film with a terrible cast."),
        ("I loved each of its scenes.", "I hated each of its scenes."),
        ("The story is touching and clever.", "The story is dull and stupid."),
        ("The best thriller of the past decade.", "The worst thriller of the past decade."),
        ("Go and see this masterpiece.", "Avoid this mess."),
        ("Warm, funny and beautifully acted.", "Cold, boring and badly acted."),
    ),
    "negation": (
        ("This is not a bad film.", "This is not a good film."),
        ("The film is never boring.", "The film is never funny."),
        ("There is nothing wrong with the acting.", "There is nothing good about the acting."),
        ("I did not hate it at all.", "I did not enjoy it at all."),
        ("The ending does not disappoint.", "The ending does not work."),
        ("You won't regret it.", "You won't like it."),
    ),
    "far negation": (
        ("I don't think anyone could call it dull.", "I don't think anyone could call it clever."),
        ("Nobody in the audience was bored.", "Nobody in the audience was amused."),
        ("It is not, as some have said, a failure.", "It is not, as some have said, a triumph."),
        ("Not one scene in the whole film is weak.", "Not one scene in the whole film is strong."),
        ("Hardly a moment of it is tedious.", "Hardly a moment of it is entertaining."),
        ("Without a single stupid joke.", "Without a single clever joke."),
    ),
    "contrast": (
        ("The start is slow, but the rest is superb.", "The start is superb, but the rest is slow."),
        ("Despite a weak plot, a great film.", "Despite a great plot, a weak film."),
        ("Silly at times, yet deeply moving.", "Moving at times, yet deeply silly."),
        ("Although it looks cheap, it is a delight.", "Although it looks delightful, it is cheap."),
        ("I expected a disaster and found a gem.", "I expected a gem and found a disaster."),
        ("Too long, perhaps, but a real pleasure.", "A real pleasure, perhaps, but too long."),
    ),
    "order": (
        ("It is good, not bad.", "It is bad, not good."),
        ("The boring book became a lovely film.", "The lovely book became a boring film."),
        ("You will laugh, not yawn.", "You will yawn, not laugh."),
        ("Not dull at all, but clever.", "Not clever at all, but dull."),
        ("More charming than stupid.", "More stupid than charming."),
        ("First you are annoyed, then you are enchanted.", "First you are enchanted, then you are annoyed."),
    ),
}


class Opinions(NamedTuple):
    """One row a snippet.

    texts: ``(N,)`` strings as they were written.
    positive: ``(N,)`` 1 where its readers' mean rating lies above zero, 0 where below.
    means: ``(N,)`` the mean rating, in -4..4.
    ratings: ``(N,)`` an array of integers each: every reader's rating.
    """

    texts: np.ndarray
    positive: Int[np.ndarray, " snippets"]
    means: Float[np.ndarray, " snippets"]
    ratings: np.ndarray


CARD = Card(
    name="opinions",
    source="the source archive of the package vaderSentiment 3.3.2, which the corpus's first author "
    "published: additional_resources/hutto_ICWSM_2014.tar.gz",
    licence="MIT, copyright C.J. Hutto, for the package. The sentences are other people's: critics wrote "
    "them for their papers and sites. So each reader fetches the archive from its publisher, and this course "
    "passes no copy on",
    citation="C.J. Hutto and E. Gilbert, 2014, 'VADER: a parsimonious rule-based model for sentiment "
    "analysis of social media text', ICWSM-14. Its film snippets are those of B. Pang and L. Lee, 2005, "
    "'Seeing stars: exploiting class relationships for sentiment categorization with respect to rating "
    "scales', ACL",
    description="10,605 snippets of film reviews, each rated in -4..4 by 15 to 29 readers. Kept are the "
    "9,997 whose mean lies more than two standard errors from zero: readers do take sides there. Also "
    "tweets, snippets about products and out of editorials, with ratings, for tests in another domain",
    counts={"train": 6997, "validation": 1504, "test": 1496},
    splits="70/15/15, fixed: snippets with the same letters, or which begin or end with the same six words, "
    "stand in one split. The set does not say which film a snippet is about, so films return",
    sha256=ARCHIVE.sha256,
)


def read(domain: str) -> list[tuple[str, str, tuple[int, ...]]]:
    """Every snippet of a domain: ``(number, text, ratings)``, in the file's order.

    Raises ValueError for an unknown domain, DataNotFoundError where the corpus is not in the cache.
    """
    if domain not in DOMAINS:
        raise ValueError(f"domain must be one of {', '.join(DOMAINS)}, got {domain!r}")
    with tarfile.open(fileobj=io.BytesIO(CORPUS.read())) as archive:
        texts = _table(archive, f"{DOMAINS[domain]}_GroundTruth.txt")
        votes = _table(archive, f"{DOMAINS[domain]}_anonDataRatings.txt")
    # By number: two files list the products in another order. The means are computed anew from the ratings,
    # for those that stand beside 199 of the tweets are others.
    ratings = {number: tuple(json.loads(listed)) for number, _, _, listed in votes}
    # Some signs were escaped twice: "&amp;amp;".
    return [(number, html.unescape(html.unescape(text)), ratings[number]) for number, _, text in texts]


def _table(archive: tarfile.TarFile, name: str) -> list[list[str]]:
    content = archive.extractfile(f"hutto_ICWSM_2014/{name}").read().decode("utf-8-sig")
    return [line.split("\t") for line in content.split("\r\n") if line]


def is_unambiguous(ratings: Sequence[int]) -> bool:
    """Whether the mean of the ratings lies more than two standard errors from zero.

    The standard error is the deviation over the root of the count: what chance does to a mean.
    """
    return abs(np.mean(ratings)) > 2 * np.std(ratings) / np.sqrt(len(ratings))


def load() -> Dataset:
    """The snippets about films in three splits of ``Opinions``.

    Raises DataNotFoundError where the cache lacks them.
    """
    rows = [row for row in read("films") if is_unambiguous(row[2])]
    keys = []
    for _, text, _ in rows:
        tokens = word_tokenize(text)
        keys.append((normalized_key(text), " ".join(tokens[:AFFIX_LENGTH]), " ".join(tokens[-AFFIX_LENGTH:])))
    names = [f"{number} {text}" for number, text, _ in rows]
    parts = split(names, connected_groups(keys), SPLIT_FRACTIONS, SEED)
    return Dataset(CARD, *(_columns([rows[row] for row in part]) for part in parts))


def load_domain(domain: str) -> Opinions:
    """The snippets of another domain on which readers take sides, whole: nothing is trained on them.

    Raises ValueError for an unknown domain, DataNotFoundError where the cache lacks them.
    """
    return _columns([row for row in read(domain) if is_unambiguous(row[2])])


def lexicon() -> dict[str, float]:
    """What ten readers think of a word, emoticon or abbreviation by itself: its mean rating in -4..4."""
    lines = LEXICON.read().decode("utf-8").splitlines()
    return {word: float(mean) for word, mean, *_ in (line.split("\t") for line in lines if line)}


def vader() -> Callable[[Sequence[str]], Float[np.ndarray, " texts"]]:
    """VADER as its authors published it: a function from texts to scores in -1..1, above 0 positive.

    It adds the lexicon's values up, and has rules for negation, emphasis, capitals and *but*. The program is
    run as it lies in the archive, once its checksum and those of its two word lists were found right.
    Raises DataNotFoundError where the cache lacks one of them.
    """
    for file in (LEXICON, EMOJI):
        file.read()
    program = {"__name__": "vaderSentiment"}
    exec(compile(PROGRAM.read(), str(PROGRAM.path), "exec"), program)  # it finds the lists by this path
    analyzer = program["SentimentIntensityAnalyzer"]()
    return lambda texts: np.array([analyzer.polarity_scores(text)["compound"] for text in texts])


def _columns(rows: Sequence[tuple[str, str, tuple[int, ...]]]) -> Opinions:
    means = np.array([np.mean(ratings) for _, _, ratings in rows])
    ratings = object_array([np.array(votes) for _, _, votes in rows])
    return Opinions(np.array([text for _, text, _ in rows]), (means > 0).astype(int), means, ratings)
