"""Damaged files: MIDI, MusicXML, saved models and ONNX, changed byte by byte, and by their own parts."""

import copy
import io
import tempfile
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from rnnbook.tasks.music import Note, Score, midi, musicxml
from rnnbook.tasks.text import TextClassifier
from rnnbook.tasks.translation import TextTranslator
from rnnbook.vocabulary import Vocabulary
from rnnbook.weights.files import pack_arrays, unpack_arrays

Rng = np.random.Generator

WORDS = (
    "",
    "0",
    "-1",
    "1",
    "3+2",
    "0.5",
    "1e9",
    "nan",
    "9" * 5000,
    "½",
    "٣",
    "x",
    "stop",
    "\t7 ",
    "127",
    "255",
)
VALUES = (
    None,
    True,
    -1,
    0,
    0.5,
    2**31,
    10**30,
    float("nan"),
    "",
    "x",
    "LSTM",
    [],
    [1],
    ["a", "a"],
    {},
    {"a": [0]},
)


def pick(rng: Rng, choices):
    return choices[rng.integers(len(choices))]


def some_bytes(rng: Rng, content: bytes) -> bytes:
    """One to four changes: bits, bytes, cuts, insertions, blocks that are repeated, swapped or left out."""
    for _ in range(rng.integers(1, 5)):
        start, stop, third = sorted(rng.integers(0, len(content) + 1, 3))
        head, first, second, tail = content[:start], content[start:stop], content[stop:third], content[third:]
        noise = rng.bytes(rng.integers(1, 9))
        byte = bytes([content[start] ^ 1 << int(rng.integers(8))]) if start < len(content) else b""
        extreme = pick(rng, (b"\0", b"\xff", b"\x7f", b"\x80"))
        content = pick(
            rng,
            (
                content[:start] + byte + content[start + 1 :],
                content[:start] + extreme * 4 + content[start + 4 :],
                content[:start] + extreme + content[start + 1 :],
                content[:third],
                content[:start] + noise + content[start:],
                head + first[:200] + first + second + tail,
                head + second + first + tail,
                head + second + tail if stop - start < 100 else content,
            ),
        )
    return content


# MIDI and MusicXML


@cache
def score() -> Score:
    voices = tuple(
        tuple(Note(9 * place, 4 + place % 5, 50 + 7 * voice + place % 11) for place in range(20))
        for voice in range(3)
    )
    return Score(voices, ("Soprano", "Évora", ""), -2, 3, 8)


@cache
def midi_files() -> list[bytes]:
    foreign = (
        b"\0\xff\x58\4\6\3\x18\x08\0\xff\x59\2\xfd\1\0\x90\x3c\x40\x60\x3c\0\0\xf0\3\1\2\xf7\0\x90\x3e\x40\0\xff\x60\1\0"
        b"\x30\x3e\0\0\xc0\5\0\xe0\1\2\0\x91\x30\x40\x30\x91\x30\x40\0\x81\x30\0\x30\x81\x30\0\0\xf2\1\2\0\xff\x2f\0"
    )
    one = b"MThd\0\0\0\6\0\0\0\1\0\x60XFIH\0\0\0\2hmMTrk" + len(foreign).to_bytes(4, "big") + foreign
    return [midi.to_bytes(score()), one]


def midi_case(rng: Rng) -> Callable[[], object]:
    content = pick(rng, midi_files())
    at = pick(rng, [at for at in range(len(content)) if content[at : at + 4] in (b"MThd", b"MTrk")])
    kind = rng.random()
    if kind < 0.5:  # what is in a chunk, whose length is then right again
        size = int.from_bytes(content[at + 4 : at + 8], "big")
        body = some_bytes(rng, content[at + 8 : at + 8 + size])
        content = content[: at + 4] + len(body).to_bytes(4, "big") + body + content[at + 8 + size :]
    elif kind < 0.7:  # a length
        content = content[: at + 4] + rng.bytes(4) + content[at + 8 :]
    else:
        content = some_bytes(rng, content)
    return lambda: midi.parse(content, source="odd.mid")


@cache
def music() -> bytes:
    """A score with most of what other programs write."""
    pitch = "<pitch><step>B</step><alter>-1</alter><octave>4</octave></pitch>"
    note = "<note>{}" + pitch + "<duration>{}</duration>{}</note>"
    start, stop = '<tie type="start"/>', '<notations><tied type="stop"/></notations>'
    attributes = (
        "<attributes><divisions>4</divisions><key><fifths>-3</fifths></key>"
        "<time><beats>3+1</beats><beat-type>4</beat-type></time>"
        "<transpose><diatonic>-1</diatonic><chromatic>-2</chromatic></transpose></attributes>"
    )
    first = attributes + note.format("", 4, start)
    second = (
        note.format("<grace/>", 1, "")
        + note.format("", 4, stop)
        + "<forward><duration>8</duration></forward>"
    )
    third = "<note><rest/><duration>8</duration></note><backup><duration>8</duration></backup>" + note.format(
        "", 16, ""
    )
    fourth = (
        "<attributes><divisions>2</divisions></attributes>"
        + note.format("<cue/>", 2, "")
        + note.format("", 1, "")
    )
    measures = "".join(
        f'<measure number="{n}">{m}</measure>' for n, m in enumerate((first, second, third, fourth))
    )
    listed = "".join(f'<score-part id="P{n}"><part-name>Voice {n}</part-name></score-part>' for n in (1, 2))
    parts = "".join(f'<part id="P{n}">{measures}</part>' for n in (1, 2))
    return f"<score-partwise><part-list>{listed}</part-list>{parts}</score-partwise>".encode()


def some_elements(rng: Rng, content: bytes) -> bytes:
    """One to three elements dropped, doubled, moved, renamed, or with other words."""
    root = ElementTree.fromstring(content)
    for _ in range(rng.integers(1, 4)):
        pairs = [(parent, child) for parent in root.iter() for child in parent]
        if not pairs:
            break
        parent, child = pick(rng, pairs)
        other, name = pick(rng, pairs)[0], pick(rng, pairs)[1].tag
        match rng.integers(6):
            case 0:
                parent.remove(child)
            case 1:
                parent.insert(int(rng.integers(len(parent) + 1)), copy.deepcopy(child))
            case 2:
                other.append(copy.deepcopy(child))
            case 3:
                child.tag = name
            case _:
                leaves = [each for _, each in pairs if not len(each)] or [child]
                leaf = pick(rng, leaves)
                leaf.text = pick(rng, WORDS)
                if leaf.attrib:
                    leaf.set(pick(rng, list(leaf.attrib)), pick(rng, WORDS))
    return ElementTree.tostring(root)


def zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        container = '<container><rootfiles><rootfile full-path="a.xml"/></rootfiles></container>'
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("a.xml", content)
    return packed.getvalue()


def musicxml_case(rng: Rng) -> Callable[[], object]:
    content = pick(rng, (music(), musicxml.to_xml(score()).encode()))
    kind = rng.random()
    content = (
        some_elements(rng, content) if kind < 0.6 else some_bytes(rng, content) if kind < 0.8 else content
    )
    if kind > 0.55:
        content = zipped(content)
    if kind > 0.8:
        content = some_bytes(rng, content)
    return lambda: musicxml.parse(content, source="odd.mxl")


# Saved models


@cache
def models() -> dict[str, bytes]:
    import rnnbook.numpy
    import rnnbook.torch

    vocabulary, options = Vocabulary("abc "), {"embedding_size": 3, "hidden_size": 4}
    reader = rnnbook.numpy.SequenceClassifier(8, 2, cell="GRU", bidirectional=True, **options, rng=0)
    writer = rnnbook.torch.SequenceTranslator(8, 8, **options, rng=0)
    with tempfile.TemporaryDirectory() as folder:
        classifier = TextClassifier(reader, vocabulary, ["x", "y"], tokenizer="letters")
        one = classifier.save(Path(folder) / "one.npz")
        two = TextTranslator(writer, vocabulary, vocabulary).save(Path(folder) / "two.npz")
        return {"numpy": one.read_bytes(), "torch": two.read_bytes()}


def some_members(rng: Rng, content: bytes) -> bytes:
    """An archive with an array less, more, or of another shape or type; or with other metadata."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.npz"
        path.write_bytes(content)
        metadata, arrays = unpack_arrays(path)
    for _ in range(rng.integers(1, 4)):
        name = pick(rng, list(arrays))
        array = arrays[name]
        inner = pick(
            rng, (metadata, metadata["options"] if isinstance(metadata.get("options"), dict) else metadata)
        )
        match rng.integers(8):
            case 0:
                del arrays[name]
                arrays.setdefault(name + "x", array)
            case 1:
                arrays[name] = array.astype(
                    pick(rng, ("float64", "float16", ">f4", "int8", "complex64", "U9", "?"))
                )
            case 2:
                arrays[name] = pick(
                    rng, (array[..., :1], array[None], array.ravel(), array[:0], array.T, np.float32(1))
                )
            case 3:
                arrays[pick(rng, ("x", "weights/x", "weights/", "weights/forward.W"))] = array
            case 4 if inner:
                del inner[pick(rng, list(inner))]
            case _:
                inner[pick(rng, [*inner, "more"])] = copy.deepcopy(pick(rng, VALUES))
    return pack_arrays(metadata, arrays)


def checkpoint_case(rng: Rng) -> Callable[[], object]:
    wing = pick(rng, ("numpy", "torch"))
    content = models()[wing]
    content = some_bytes(rng, content) if rng.random() < 0.3 else some_members(rng, content)
    reader = TextClassifier if wing == "numpy" else TextTranslator

    def case() -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "odd.npz"
            path.write_bytes(content)
            loaded = reader.load(path, wing=wing)
            loaded("abc", **({} if wing == "numpy" else {"allow_unk": True}))

    return case


# ONNX


@cache
def nodes() -> list[tuple]:
    from rnnbook import weights
    from rnnbook.numpy import GRU, LSTM, Bidirectional, ElmanRNN

    layers = ElmanRNN(3, 4), LSTM(3, 4, peephole=True), GRU(3, 4), Bidirectional(GRU(3, 4), GRU(3, 4))
    return [weights.to_onnx(layer.params, state=True, lengths=True) for layer in layers]


def onnx_case(rng: Rng) -> Callable[[], object]:
    import onnx
    from onnx import helper, numpy_helper

    from rnnbook import weights

    node, initializers = copy.deepcopy(pick(rng, nodes()))
    if rng.random() < 0.25:  # as bytes; what is no message any more never comes to our reader
        messages = [node, *initializers]
        for place, message in enumerate(messages):
            if rng.random() < 0.4:
                try:
                    messages[place] = type(message).FromString(some_bytes(rng, message.SerializeToString()))
                except Exception:  # protobuf's own
                    continue
        node, *initializers = messages
        return lambda: weights.from_onnx(node, initializers)
    names = [
        *(attribute.name for attribute in node.attribute),
        "clip",
        "layout",
        "hm",
        "activations",
        "direction",
    ]
    values = (
        0,
        1,
        2,
        -1,
        2**40,
        0.0,
        1.5,
        b"\xff",
        "reverse",
        "bidirectional",
        [1],
        [1.0],
        ["Tanh"],
        ["Affine", "x"],
    )
    for _ in range(rng.integers(1, 4)):
        tensor = pick(rng, initializers)
        array = numpy_helper.to_array(tensor)
        match rng.integers(9):
            case 0:
                del node.attribute[:]
            case 1 | 2:
                node.attribute.append(helper.make_attribute(pick(rng, names), pick(rng, values)))
            case 3:
                node.input[int(rng.integers(len(node.input)))] = pick(rng, ("", "x", *"WRBP"))
            case 4:
                node.input.append(pick(rng, ("", *"WRBP")))
            case 5:
                tensor.dims[int(rng.integers(len(tensor.dims)))] = int(pick(rng, (0, 1, 2, 7, -1, 2**40)))
                break
            case 6:
                tensor.data_type = int(rng.integers(0, 30))
                break
            case 7:
                node.op_type = pick(rng, ("RNN", "LSTM", "GRU", "Add", ""))
            case 8:
                changed = pick(
                    rng, (array[..., :1], array[None], array.ravel(), array[:0], array.astype("float16"))
                )
                tensor.CopyFrom(onnx.numpy_helper.from_array(np.ascontiguousarray(changed), tensor.name))
    return lambda: weights.from_onnx(node, initializers)


CASES = {"midi": midi_case, "musicxml": musicxml_case, "checkpoint": checkpoint_case, "onnx": onnx_case}
