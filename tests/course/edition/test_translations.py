"""Every notebook, page and message has its catalogue; each is whole, not stale, and keeps the rules."""

import pytest
from babel.messages.catalog import Message

from rnnbook.course.edition import catalogues
from tests import translations
from tests.execute import CHAPTERS

STATUS = {state.source.name: state for state in catalogues.status("zh_CN")}
NAMES = [name for name, state in STATUS.items() if state.missing is not None]


def test_everything_has_a_catalogue():
    assert [name for name in STATUS if name not in NAMES] == []
    assert len(NAMES) > 120  # the sources are still found


def test_every_catalogue_belongs_to_a_document():
    known = {state.source.catalogue("zh_CN") for state in STATUS.values()}
    assert set(translations.paths()) <= known


@pytest.mark.parametrize("name", NAMES)
class TestCatalogue:
    def test_is_whole(self, name):
        _, missing, stale = STATUS[name]
        assert (missing, stale) == ([], []), "python -m rnnbook edition update zh_CN, then translate"

    def test_is_as_it_would_be_written(self, name, tmp_path):
        source = STATUS[name].source
        path = source.catalogue("zh_CN")
        catalogues.write(tmp_path / "a.po", catalogues.made(source.messages(), catalogues.read(path)))
        assert (tmp_path / "a.po").read_bytes() == path.read_bytes()

    def test_keeps_the_rules(self, name):
        assert translations.findings(STATUS[name].source.catalogue("zh_CN")) == []


# The rules themselves.


def message(english: str, chinese: str, *comments: str) -> Message:
    return Message(english, chinese, user_comments=comments)


GOOD = [
    ("The state $h_t$ has 5 numbers.", "状态 $h_t$ 有 5 个数。"),
    ("A **recurrent neural network** (循环神经网络), see [Unrolling](a.ipynb).",
     "**循环神经网络**（recurrent neural network），见[展开](a.ipynb)。"),
    ("**Time**: 15 minutes, `pip` and *that*.", "**时间**：15 分钟，要用 `pip` 和*那个*。"),
    ("**1. Which is it?**", "**1. 是哪一个？**"),
    ("An LSTM, and a GRU of 1,200 weights in 2014", "一个 LSTM 和一个 GRU，有 1,200 个权重（2014 年）"),
    ("Elman, 1990", "Elman，1990"),
    ("A step", "一步"),
    ("{name} is called with {number:g}.", "调用{name}，参数 {number:g}。"),
]  # fmt: skip

BAD = [
    (translations.same_numbers, "8 rows of 1,797", "8 行，共 1797 行"),
    (translations.same_numbers, "two rows", "2 行"),
    (translations.same_markup, "the state $h_t$ and", "状态 $h$ 和"),
    (translations.same_markup, "call `forward`", "调用 `step`"),
    (translations.same_markup, "see [it](a.ipynb)", "见[它](b.ipynb)"),
    (translations.same_markup, "a **word**", "一个词"),
    (translations.same_markup, "a *word*", "一个**词**"),
    (translations.same_markup, "**So.** And", "**所以。**而且"),  # no emphasis in CommonMark
    (translations.same_markup, "a word[^1]", "一个词"),
    (translations.same_markup, "{number} of {total}", "{total} 中的一个"),
    (translations.same_markup, "a or b", "甲 | 乙"),
    (translations.full_width_punctuation, "so, and", "所以,而且"),
    (translations.full_width_punctuation, "so, and", "所以, 而且"),
    (translations.full_width_punctuation, "A GRU.", "一个 GRU."),
    (translations.full_width_punctuation, "**Time**: short", "**时间**: 短"),
    (translations.full_width_punctuation, "a word (term)", "词 (术语)"),
    (translations.full_width_punctuation, "so, and", "所以， 而且"),
    (translations.spaces, "5 rows", "5行"),
    (translations.spaces, "a **GRU** that", "**GRU**的"),
    (translations.spaces, "the $x$ of", "这个$x$"),
    (translations.plain_you, "you", "您"),
    (translations.in_chinese, "A sentence that nobody has read.", "A sentence that nobody has read."),
    (translations.terms_of_the_glossary, "the hidden states", "隐层"),
    (translations.terms_of_the_glossary, "A GRU", "一个网络"),
]  # fmt: skip


@pytest.mark.parametrize("rule", translations.RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize(("english", "chinese"), GOOD)
def test_rule_passes_a_good_translation(rule, english, chinese):
    assert list(rule(message(english, chinese))) == []


@pytest.mark.parametrize(("rule", "english", "chinese"), BAD)
def test_rule_finds_a_bad_translation(rule, english, chinese):
    assert len(list(rule(message(english, chinese)))) >= 1


def test_every_rule_is_tested():
    assert {rule for rule, _, _ in BAD} == set(translations.RULES)


def test_a_translator_may_set_a_rule_aside():
    bad = message("the hidden states", "隐层", "not a term: hidden state")
    assert list(translations.terms_of_the_glossary(bad)) == []
    left = message("A sentence that nobody has read.", "A sentence.", "as in English")
    assert list(translations.in_chinese(left)) == []


def test_the_whole_glossary_is_read():
    rows = (CHAPTERS / "glossary.md").read_text(encoding="utf-8").count("\n| ")
    assert len(translations.ROW.findall((CHAPTERS / "glossary.md").read_text(encoding="utf-8"))) == rows
    assert translations.terms()["RNN"] == translations.terms()["recurrent network"]
    assert translations.terms()["RNN"][0] == "循环神经网络"
