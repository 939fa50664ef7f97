"""From text to text: tokens that go together again, batches, and a translator that can be saved and used."""

import subprocess
import sys
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnnbook.tasks.translation import TextTranslator, batches, detokenize, score_translations, tokenize
from rnnbook.vocabulary import BEGIN, END, PADDING, SPECIAL, UNKNOWN, Vocabulary, normalize
from rnnbook.weights.files import pack_arrays, unpack_arrays
from tests.models.twins import framework

TEXTS = ["1 inch", "20 inches", "1 foot", "in 3 feet", "in 20 feet, 3 inches"]
FOREIGN = ["1 pouce", "20 pouces", "1 pied", "dans 3 pieds", "dans 20 pieds 3 pouces"]

# Tokens


@given(st.text(min_size=1))
def test_tokens_go_together_again(text):
    tokens = tokenize(text)
    assert detokenize(tokens) == normalize(text).strip()
    assert "" not in tokens and tokens == tokenize(unicodedata.normalize("NFD", text))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Mar 5, 2017", [" Mar", " 5", ",", " 2", "0", "1", "7"]),
        ("1,234.50 złotys", [" 1", ",", "2", "3", "4", ".", "5", "0", " złotys"]),
        ("2017年3月 星期日", [" 2", "0", "1", "7", "年", "3", "月", " 星", "期", "日"]),
        ("每秒2米abc", [" 每", "秒", "2", "米", "abc"]),
        ("l'île_%1…", [" l", "'", "île", "_", "%", "1", "…"]),
        ("हिन्दी भाषा।", [" हिन्दी", " भाषा", "।"]),
        ("می\u200cخواهم عَلَيْكُم", [" می\u200cخواهم", " عَلَيْكُم"]),
        ("fe\u0301vrier I\u0307zmir 語\U000e0100", [" février", " İzmir", " 語\U000e0100"]),
        ("ภาษาไทย Wort\u00adteil", [" ภาษาไทย", " Wortteil"]),
    ],
)
def test_tokens(text, pieces):
    assert tokenize(text) == pieces


# Batches


def vocabularies():
    return Vocabulary.of(map(tokenize, TEXTS)), Vocabulary.of(map(tokenize, FOREIGN))


def test_batches_hold_every_pair_once_and_padded():
    source, target = vocabularies()
    draw = batches(TEXTS, FOREIGN, source, target, batch_size=2)
    read = []
    for x, lengths, y in draw(np.random.default_rng(0)):
        assert len(x) == len(lengths) == len(y) <= 2
        for row, size, written in zip(x, lengths, y, strict=True):
            assert (row[:size] >= len(SPECIAL)).all() and (row[size:] == PADDING).all()
            assert written[0] == BEGIN and np.count_nonzero(written == END) == 1
            assert (written[list(written).index(END) + 1 :] == PADDING).all()
            read.append((detokenize(source.decode(row[:size])), detokenize(target.decode(written))))
    assert sorted(read) == sorted(zip(TEXTS, FOREIGN, strict=True))
    first, second = (draw(np.random.default_rng(seed))[0][0] for seed in (1, 2))
    assert first.shape != second.shape or (first != second).any()


# The translator


@pytest.fixture(scope="module")
def translator():
    """A small one that has learned its five texts by heart."""
    source, target = vocabularies()
    wing = framework("torch")
    model = wing.SequenceTranslator(
        len(source), len(target), embedding_size=16, hidden_size=32, rng=np.random.default_rng(0)
    )
    wing.fit(
        model,
        batches(TEXTS, FOREIGN, source, target, batch_size=5),
        wing.translation_loss,
        lambda model: 0.0,
        epochs=120,
        learning_rate=0.02,
        progress=False,
    )
    return TextTranslator(model, source, target, max_len=20)


def test_it_translates_what_it_learned(translator):
    assert [translator(text) for text in TEXTS] == FOREIGN
    assert [translator(text, beam_width=3, length_penalty=1.0) for text in TEXTS] == FOREIGN
    assert translator.translate_batch([*TEXTS, "1 inch"], batch_size=2) == [*FOREIGN, "1 pouce"]


def test_alignment_has_a_row_a_token_written_and_a_column_a_token_read(translator):
    read, written, looked = translator.attention_weights("in 3 feet", "dans 3 pieds")
    assert read == [" in", " 3", " feet"] and written == [" dans", " 3", " pieds"]
    assert looked.shape == (3, 3)
    np.testing.assert_allclose(looked.sum(axis=1), 1, atol=1e-5)
    want = translator.model.attention_weights(
        translator.encode("in 3 feet")[None], translator.target.encode(written)[None]
    )
    np.testing.assert_allclose(looked, want[0, :3], atol=1e-6)  # row t is where it looked to write token t


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("", ValueError, "text must hold something to translate, got ''"),
        (" \n", ValueError, "text must hold something to translate"),
        ("\u00ad ", ValueError, "text must hold something to translate"),
        ("1 inch " * 14_286, ValueError, "text must have at most 20 tokens, got 28,572; cut it into pieces"),
        ("1 parsec", ValueError, "what the model has seen in training, got 'parsec'; with allow_unk=True"),
        ("1 英寸", ValueError, "what the model has seen in training, got '英'"),
        (b"1 inch", TypeError, "text must be a string, got bytes"),
        (None, TypeError, "text must be a string, got NoneType"),
    ],
)
def test_a_text_that_it_cannot_translate_is_refused_in_clear_words(translator, text, error, words):
    with pytest.raises(error, match=words):
        translator(text)


def test_it_guesses_when_it_is_asked_to(translator):
    assert translator.encode("1 parsec", allow_unk=True)[1] == UNKNOWN
    assert isinstance(translator("1 parsec", allow_unk=True), str)
    assert translator.translate_batch(["1 parsec"]) == [translator("1 parsec", allow_unk=True)]


@pytest.mark.slow
@pytest.mark.parametrize("wing", ["torch", "tensorflow"])
def test_three_lines_in_a_fresh_process(translator, wing, tmp_path):
    path = translator.save(tmp_path / "measures")
    assert path.name == "measures.npz"
    program = f"""
from rnnbook.tasks.translation import TextTranslator
translator = TextTranslator.load({str(path)!r}, wing={wing!r})
print(translator("20 inches"), translator("in 20 feet, 3 inches"), sep="|")
import sys
print({wing!r} in sys.modules, {({"torch", "tensorflow"} - {wing}).pop()!r} in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300)
    assert done.stderr == "" and done.returncode == 0
    assert done.stdout == "20 pouces|dans 20 pieds 3 pouces\nTrue False\n"


def test_a_saved_translator_is_not_written_over_and_not_taken_for_another(translator, tmp_path):
    path = translator.save(tmp_path / "measures.npz")
    with pytest.raises(FileExistsError, match=r"measures\.npz"):
        translator.save(path)
    with pytest.raises(ValueError, match="wing must be one of torch, tensorflow, got 'numpy'"):
        TextTranslator.load(path, wing="numpy")
    from rnnbook.tasks.text import TextClassifier

    with pytest.raises(ValueError, match="saved text classifier"):
        TextClassifier.load(path)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": "Model"}, "model must be one of SequenceTranslator, TransformerTranslator, got 'Model'"),
        ({"source": [1]}, "source must be a list of strings"),
        ({"target": "ab"}, "target must be a list of strings"),
        ({"max_len": 0}, "max_len must be a positive integer, got 0"),
        ({"options": {"source_vocab_size": 2**30, "target_vocab_size": 5}}, "must fit the weights"),
    ],
)
def test_files_whose_parts_do_not_fit_are_refused(changes, message, translator, tmp_path):
    metadata, arrays = unpack_arrays(translator.save(tmp_path / "good.npz"))
    path = tmp_path / "odd.npz"
    path.write_bytes(pack_arrays(metadata | changes, arrays))
    with pytest.raises(ValueError, match=r"a saved text translator, got odd\.npz, .*" + message):
        TextTranslator.load(path)


def test_a_transformer_is_saved_and_read_as_one(tmp_path):
    source, target = vocabularies()
    options = {"hidden_size": 8, "num_heads": 2, "rng": np.random.default_rng(0)}
    model = framework("torch").TransformerTranslator(len(source), len(target), **options)
    saved = TextTranslator(model, source, target)
    path = saved.save(tmp_path / "measures.npz")
    for wing in ("torch", "tensorflow"):
        loaded = TextTranslator.load(path, wing=wing)
        assert type(loaded.model) is framework(wing).TransformerTranslator
        assert loaded.translate_batch(TEXTS) == saved.translate_batch(TEXTS)


def test_what_it_learned_is_known_however_it_is_composed():
    source, target = (Vocabulary.of([tokenize(text)]) for text in ("5 février", "5 fe\u0301vrier"))
    assert source.symbols == target.symbols
    wing = framework("torch")
    options = {"embedding_size": 2, "hidden_size": 2, "rng": np.random.default_rng(0)}
    translator = TextTranslator(wing.SequenceTranslator(len(source), len(target), **options), source, target)
    x = translator.encode("5 fe\u0301vrier")
    assert UNKNOWN not in x and x.tolist() == translator.encode("5 février").tolist()


def test_vocabularies_of_another_size_are_refused(translator):
    with pytest.raises(ValueError, match=r"target must hold the model's \d+ symbols, got 5"):
        TextTranslator(translator.model, translator.source, Vocabulary(["a"]))


# Figures


def test_a_text_may_be_as_long_as_allowed(translator):
    few = TextTranslator(translator.model, translator.source, translator.target, max_len=3)
    assert len(few.encode("20 inches")) == 3
    with pytest.raises(ValueError, match="at most 3 tokens, got 4"):
        few.encode("in 20 inches")


def test_measure():
    same = score_translations(["dans 20 pieds 3 pouces"], ["dans 20 pieds 3 pouces"])
    assert same == pytest.approx({"exact": 1.0, "BLEU": 100.0, "chrF": 100.0})
    half = score_translations(["un pied", "trois"], ["un pied", "deux"])
    assert half["exact"] == 0.5 and half["chrF"] < 90
    chinese = score_translations(["二〇一七年三月五日"], ["二〇一七年三月六日"], chinese=True)
    assert 50 < chinese["BLEU"] < 90  # with words cut at blanks it would be one word, and wrong
    # BLEU blames what is too short more than what is too long, chrF what is missing more than what is added.
    short = score_translations(["un deux trois quatre cinq"], ["un deux trois quatre cinq six sept"])
    long = score_translations(["un deux trois quatre cinq six sept"], ["un deux trois quatre cinq"])
    assert short["BLEU"] == pytest.approx(100 * np.exp(1 - 7 / 5)) and long["BLEU"] < 66
    assert short["chrF"] < long["chrF"]
    composed = score_translations(["fe\u0301vrier"], ["février"])
    assert composed == score_translations(["février"], ["fe\u0301vrier"]) and composed["exact"] == 1
    with pytest.raises(ValueError, match="translations must be as many as references, 1, got 2"):
        score_translations(["a", "b"], ["a"])
    with pytest.raises(ValueError, match="as many as references, 0"):
        score_translations([], [])
