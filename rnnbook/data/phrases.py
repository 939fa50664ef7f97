"""The same dates, amounts, lists and durations as four languages write them: parallel text without end.

    from rnnbook.data import phrases

    data = phrases.load()
    data.train.english[0], data.train.french[0]

Every phrase is written four times out of one meaning, by Babel from the Unicode CLDR: nobody translated it,
and the four say the same. Dates, times of the day, durations from now, measures, money, lists.
"""

import datetime
import hashlib
import json
import re
from collections.abc import Sequence
from decimal import Decimal
from importlib.metadata import version
from typing import NamedTuple

import numpy as np

from rnnbook.data import Card, Dataset
from rnnbook.data.splitting import connected_groups, split

LOCALES = {"english": "en", "french": "fr", "german": "de", "chinese": "zh"}

# How many meanings of each kind are drawn. There are few durations.
COUNTS = {"date": 1100, "date and time": 1700, "duration": 380, "measure": 1900, "money": 1700, "list": 1700}

SEED = 0
SPLIT_FRACTIONS = (0.75, 0.125)  # train and validation; the rest is the test

UNITS = """
    length-kilometer length-meter length-centimeter length-mile length-foot length-inch mass-kilogram
    mass-gram mass-pound mass-tonne volume-liter volume-cup volume-gallon temperature-celsius
    temperature-fahrenheit speed-kilometer-per-hour speed-mile-per-hour speed-meter-per-second duration-year
    duration-month duration-week duration-day duration-hour duration-minute duration-second area-hectare
    area-square-kilometer area-square-meter area-acre energy-kilowatt-hour energy-calorie power-watt
    power-kilowatt digital-megabyte digital-gigabyte digital-byte frequency-megahertz electric-volt
    angle-degree consumption-liter-per-100-kilometer
""".split()  # noqa: SIM905  forty quoted words read worse
CURRENCIES = """
    USD EUR GBP JPY CNY CHF CAD AUD SEK NOK DKK PLN CZK HUF TRY INR BRL MXN ARS CLP ZAR EGP UAH KRW THB IDR
    VND ILS NZD ISK
""".split()  # noqa: SIM905
TERRITORIES = """
    FR DE ES IT PT GB IE NL BE CH AT SE NO DK FI PL CZ HU RO BG GR TR UA CN JP KR IN TH VN ID AU NZ US CA
    MX BR AR CL PE EG MA ZA KE NG IL SA IR IQ IS MT
""".split()  # noqa: SIM905
# A duration's unit, its seconds as Babel counts them, and the numbers from 1 up to which it is used.
DURATIONS = {
    "second": (1, 59),
    "minute": (60, 59),
    "hour": (3600, 23),
    "day": (86400, 29),
    "week": (7 * 86400, 7),
    "month": (30 * 86400, 11),
    "year": (365 * 86400, 59),
}


class Phrases(NamedTuple):
    """One row a phrase: what it is in each language, and which of ``COUNTS`` it is. Each array ``(N,)``."""

    english: np.ndarray
    french: np.ndarray
    german: np.ndarray
    chinese: np.ndarray
    kinds: np.ndarray


CARD = Card(
    name="phrases",
    source="Unicode CLDR, through Babel's format_date, format_time, format_timedelta, format_unit, "
    "format_currency and format_list",
    licence="the words and patterns: Unicode License v3, copyright Unicode, Inc.; Babel: BSD-3-Clause",
    citation="Unicode Common Locale Data Repository, https://cldr.unicode.org; Babel, "
    "https://babel.pocoo.org",
    description="dates, dates with a time of the day, durations from now, measures, amounts of money and "
    "lists of two to four territories, drawn by a rule and written in English, French, German and Chinese; "
    "every English phrase stands once; all kinds of blank are written as a plain space",
    counts={"train": 6359, "validation": 1061, "test": 1060},
    splits="75/12.5/12.5, fixed: what means the same (one date in two styles) stands in one split, and so "
    "does what reads the same in any of the four languages. A date may return inside a date with a time",
    sha256="667cfab3fed5db6cae46849f885f90405c3d1f2aff5f9ceb8434783ad230eb12",
)


class HashRandom:
    """Numbers out of a hash, so that the phrases depend on no random generator's release."""

    def __init__(self, *key: object) -> None:
        self.key, self.count = " ".join(map(str, key)), 0

    def randbelow(self, limit: int) -> int:
        self.count += 1
        digest = hashlib.sha256(f"{self.key} {self.count}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % limit

    def choice(self, choices: Sequence):
        return choices[self.randbelow(len(choices))]

    def sample(self, choices: Sequence, count: int) -> list:
        """``count`` different ones, in the order drawn."""
        left = list(choices)
        return [left.pop(self.randbelow(len(left))) for _ in range(count)]


def draw(kind: str, rng: HashRandom) -> tuple:
    """A meaning: numbers and codes that no language has touched yet. How it is written comes last."""
    if kind == "date":
        day = datetime.date(1900, 1, 1) + datetime.timedelta(days=rng.randbelow(200 * 365))
        return day.isoformat(), rng.choice(("full", "long", "medium"))
    if kind == "date and time":
        moment = datetime.datetime(1990, 1, 1) + datetime.timedelta(minutes=5 * rng.randbelow(50 * 365 * 288))
        return moment.isoformat(), "full"
    if kind == "duration":
        unit = rng.choice(tuple(DURATIONS))
        return unit, rng.choice((-1, 1)) * (1 + rng.randbelow(DURATIONS[unit][1])), "long"
    if kind == "measure":
        return _number(rng, hundredths=False), rng.choice(UNITS), "long"
    if kind == "money":
        return _number(rng, hundredths=True), rng.choice(CURRENCIES), "name"
    if kind == "list":
        return *rng.sample(TERRITORIES, rng.choice((2, 3, 3, 4))), rng.choice(("standard", "or"))
    raise ValueError(f"kind must be one of {', '.join(COUNTS)}, got {kind!r}")


def _number(rng: HashRandom, *, hundredths: bool) -> str:
    """A number as a decimal string: of one digit, of two or three, with a fraction, or large."""
    size = rng.randbelow(4)
    if size == 0:
        return str(1 + rng.randbelow(9))
    if size == 1:
        return str(10 + rng.randbelow(990))
    if size == 2:
        return str(
            Decimal(100 + rng.randbelow(99900)) / 100 if hundredths else Decimal(1 + rng.randbelow(999)) / 10
        )
    return str(1000 + rng.randbelow(99000))


def write(kind: str, meaning: tuple, locale: str) -> str:
    """The meaning in the words of a locale, with plain spaces."""
    from babel import Locale, dates, lists, numbers, units

    *parts, style = meaning
    if kind == "date":
        text = dates.format_date(datetime.date.fromisoformat(parts[0]), style, locale=locale)
    elif kind == "date and time":
        moment = datetime.datetime.fromisoformat(parts[0])
        # Babel's own full style adds seconds and a time zone, so the two are joined here as it joins them.
        pattern = str(dates.get_datetime_format("full", locale=locale)).replace("'", "")
        time = dates.format_time(moment, "short", locale=locale)
        text = pattern.format(time, dates.format_date(moment, style, locale=locale))
    elif kind == "duration":
        unit, count = parts
        delta = datetime.timedelta(seconds=count * DURATIONS[unit][0])
        text = dates.format_timedelta(
            delta, granularity=unit, threshold=float("inf"), add_direction=True, format=style, locale=locale
        )
    elif kind == "measure":
        number, unit = Decimal(parts[0]), parts[1]
        text = units.format_unit(number, unit, style, locale=locale)
        if unit in text:  # without a long form of its own, a locale uses the short one; Babel writes the code
            text = units.format_unit(number, unit, "short", locale=locale)
    elif kind == "money":
        text = numbers.format_currency(Decimal(parts[0]), parts[1], locale=locale, format_type=style)
    else:
        names = Locale.parse(locale).territories
        text = lists.format_list([names[code] for code in parts], style=style, locale=locale)
    return normalize_spaces(text)


def normalize_spaces(text: str) -> str:
    """No-break, narrow and thin spaces as spaces: they look alike, and are another riddle."""
    return re.sub("[\u00a0\u202f\u2009]", " ", text)


def read() -> list[tuple[str, str, str, str, str, str]]:
    """Every phrase: ``(kind, meaning without its style, english, french, german, chinese)``."""
    rows = {}
    for kind, count in COUNTS.items():
        rng, drawn = HashRandom(SEED, kind), 0
        while drawn < count:
            meaning = draw(kind, rng)
            english, *others = (write(kind, meaning, locale) for locale in LOCALES.values())
            if english not in rows:
                rows[english] = (kind, json.dumps([kind, *meaning[:-1]]), english, *others)
                drawn += 1
    return list(rows.values())


def content(raw: list[tuple[str, ...]]) -> bytes:
    """What the checksum covers: every row as it is read."""
    return "\n".join("\t".join(row) for row in raw).encode()


def load() -> Dataset:
    """The set in three splits of ``Phrases``. Raises ChecksumError if Babel writes other phrases."""
    raw = read()
    CARD.verify(content(raw), "babel", version("babel"))
    parts = split([row[2] for row in raw], connected_groups(row[1:] for row in raw), SPLIT_FRACTIONS, SEED)
    return Dataset(CARD, *(_columns([raw[row] for row in part]) for part in parts))


def _columns(rows: Sequence[tuple[str, ...]]) -> Phrases:
    kinds, _, *texts = map(np.array, zip(*rows, strict=True))
    return Phrases(*texts, kinds)


def lists(items: int, count: int) -> Phrases:
    """New lists of any number of items, which the splits do not hold; for more items than were trained on.

    ValueError unless there are as many territories.
    """
    if not 2 <= items <= len(TERRITORIES):
        raise ValueError(f"items must lie in 2..{len(TERRITORIES)}, got {items}")
    rng, rows = HashRandom(SEED, "lists of", items), []
    for _ in range(count):
        meaning = (*rng.sample(TERRITORIES, items), rng.choice(("standard", "or")))
        rows.append(("list", "", *(write("list", meaning, locale) for locale in LOCALES.values())))
    return _columns(rows)
