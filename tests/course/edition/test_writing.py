"""The Chinese chapters: the same files, their prose in Chinese; a learner's copy keeps what was written."""

import json
import re

import pytest

from rnnbook.course import claims, language, workspace
from rnnbook.course.edition import _command, catalogues, writing
from tests.course.edition.small_course import NAME, make, write_notebook
from tests.execute import CHAPTERS, execute, notebooks


@pytest.fixture
def chapters(tmp_path):
    return make(tmp_path)


def sources(path):
    return ["".join(cell["source"]) for cell in json.loads(path.read_text("utf-8"))["cells"]]


def test_the_notebooks_are_in_chinese_and_the_rest_is_there(chapters, tmp_path):
    mine = tmp_path / "mine"
    changes = writing.write(mine, "zh_CN", chapters)
    assert sorted(changes.new) == ["01-one/01-a.ipynb", "01-one/README.md", "01-one/helper.py"]
    assert sources(mine / NAME) == ["# 标题\n\n第一句话足够长。", "## 练习", "1 + 1"]
    assert (mine / "01-one" / "helper.py").read_text("utf-8") == "x = 1\n"
    assert language.of_folder(mine / "01-one") == "zh_CN"
    assert not (mine / "locale").exists()


def test_what_has_no_translation_stays_english(chapters, tmp_path):
    write_notebook(chapters / NAME, "# A title\n\nThe first sentence is long enough now.")
    catalogues.update("zh_CN", chapters=chapters)  # fuzzy
    writing.write(tmp_path / "mine", "zh_CN", chapters)
    assert sources(tmp_path / "mine" / NAME)[0] == "# 标题\n\nThe first sentence is long enough now."


def test_what_the_learner_wrote_stays(chapters, tmp_path):
    mine = tmp_path / "mine"
    writing.write(mine, "zh_CN", chapters)
    write_notebook(mine / NAME, "我的笔记")
    write_notebook(chapters / NAME, "# A title\n\nSomething new.")
    changes = writing.write(mine, "zh_CN", chapters)
    assert sources(mine / NAME)[0] == "我的笔记"
    assert changes.beside == ["01-one/01-a.new.ipynb"]


def test_folders_of_another_kind_are_refused(chapters, tmp_path):
    workspace.update(tmp_path / "english", chapters)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").touch()
    for name in ("english", "other"):
        with pytest.raises(FileExistsError, match="folder must be empty or an earlier copy"):
            writing.write(tmp_path / name, "zh_CN", chapters)
    with pytest.raises(ValueError, match="outside the chapters"):
        writing.write(chapters / "mine", "zh_CN", chapters)
    assert not (tmp_path / "english" / language.FILE).exists()


def test_the_tools_of_a_copy_know_its_language(chapters, tmp_path, monkeypatch, capsys):
    mine = tmp_path / "mine"
    monkeypatch.setattr(workspace, "CHAPTERS", chapters)
    monkeypatch.setattr(writing.chapters_in.__wrapped__, "__defaults__", (chapters,))
    writing.write(mine, "zh_CN", chapters)
    write_notebook(mine / NAME, "我的笔记")
    workspace.main([str(mine), "--reset", "01-a"])
    assert sources(mine / NAME)[0].startswith("# 标题")
    workspace.main([str(mine), "--no-lab"])
    assert "0 files new, 0 brought up to date" in capsys.readouterr().out


@pytest.fixture(scope="module")
def edition():
    with writing.chapters_in("zh_CN") as folder:
        yield folder


def test_the_claims_have_their_rows_in_both_languages(edition):
    english, chinese = claims.find_marks(CHAPTERS), claims.find_marks(edition)
    assert claims.verdicts(chinese) == claims.verdicts(english)
    assert [mark.rows for mark in chinese] == [mark.rows for mark in english]


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_code_and_outputs_are_the_same_to_the_byte(path, edition):
    english = json.loads(path.read_text("utf-8"))
    chinese = json.loads((edition / path.relative_to(CHAPTERS)).read_text("utf-8"))
    assert without_words(chinese) == without_words(english)


def without_words(book: dict) -> bytes:
    """A notebook's file without its prose and its captions."""
    for cell in book["cells"]:
        cell["metadata"].get("rnnbook", {}).pop("in_english", None)
        if cell["cell_type"] == "markdown":
            cell["source"] = []
        for output in cell.get("outputs", []):
            about = output.get("metadata", {})
            alts = [
                about[mime].pop("alt") for mime in about if mime.startswith("image/") and "alt" in about[mime]
            ]
            if alts and "".join(output["data"]["text/plain"]) == alts[0]:
                del output["data"]["text/plain"]
            if "".join(output.get("data", {}).get("text/html", "")).startswith("<small>"):
                output["data"]["text/html"] = "".join(output["data"]["text/html"]).partition("</small>")[2]
    return json.dumps(book, indent=1, ensure_ascii=False).encode()


def test_what_differs_would_be_seen(edition):
    path = notebooks()[0]
    for spoil in (
        lambda book: book["cells"][-1].update(id="other"),
        lambda book: next(c for c in book["cells"] if c["cell_type"] == "code").update(source="1"),
        lambda book: next(c for c in book["cells"] if c.get("outputs")).update(outputs=[]),
    ):
        english, spoilt = (json.loads(path.read_text("utf-8")) for _ in range(2))
        spoil(spoilt)
        assert without_words(spoilt) != without_words(english)


RUN_IN_CHINESE = {  # and how many captions they write
    "01-background/05-a-short-history": 1,
    "02-core-concepts/01-unrolling": 2,
    "02-core-concepts/07-drag-the-weight": 5,
}


@pytest.fixture(scope="module")
def chinese_copy(tmp_path_factory):
    """A learner's copy in Chinese."""
    folder = tmp_path_factory.mktemp("copy") / "mine"
    writing.write(folder, "zh_CN")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(("name", "captions"), RUN_IN_CHINESE.items())
def test_a_chinese_notebook_runs_and_speaks_chinese(name, captions, chinese_copy, monkeypatch):
    """Its outputs come again, captions too; the check answers in Chinese."""
    monkeypatch.delenv(language.VARIABLE, raising=False)
    path = chinese_copy / f"{name}.ipynb"
    before = json.loads(path.read_text("utf-8"))
    execute(path)
    after = json.loads(path.read_text("utf-8"))
    written = 0
    for old, new in zip(before["cells"], after["cells"], strict=True):
        if old["id"].startswith("try-"):
            assert "还没有写" in "".join(new["outputs"][0]["text"])
        elif old["cell_type"] == "code" and "nbval-ignore-output" not in old["metadata"].get("tags", []):
            assert words_shown(new) == words_shown(old)
            written += sum(text.startswith("<small>") for text in words_shown(new))
    assert written == captions


def words_shown(cell: dict) -> list[str]:
    """What a cell prints and displays, but for pictures, and titles of notebooks: a cell reads those."""
    found = []
    for output in cell["outputs"]:
        data = output.get("data", {})
        text = "".join(output.get("text") or data.get("text/html") or "")
        titled = "".join(data.get("text/markdown", ""))
        found.append(text or re.sub(r"\[[^\]]*\]\(", "[](", titled))
    return found


# The command.


def test_the_command_writes_and_counts(tmp_path, capsys):
    assert _command.main(["zh", str(tmp_path / "mine")]) == 0
    assert "files new" in capsys.readouterr().out
    assert _command.main(["status"]) == 0
    assert capsys.readouterr().out.startswith("zh_CN: ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["zh", str(CHAPTERS / "mine")], "outside the chapters"),
        (["status", "tlh"], "language must be one of en, zh_CN, got 'tlh'"),
        (["update", "zh", "zebra"], "no 'zebra' to translate"),
    ],
)
def test_the_command_refuses_in_one_sentence(arguments, words, capsys):
    with pytest.raises(SystemExit) as left:
        _command.main(arguments)
    assert left.value.code == 1 and words in capsys.readouterr().err
