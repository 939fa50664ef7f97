"""Catalogues follow the English text: what is new is empty, what changed is fuzzy, what is gone goes."""

import pytest
from babel.messages.catalog import Catalog

from rnnbook.course.edition import catalogues, documents
from rnnbook.course.workspace import CHAPTERS
from tests.course.edition.small_course import NAME, SAID, catalogue_of, make, translate, write_notebook


@pytest.fixture
def chapters(tmp_path):
    return make(tmp_path)


def read(chapters, name=NAME):
    return catalogues.read(catalogue_of(chapters, name))


def test_what_is_filled_in_is_read_again(chapters):
    assert catalogues.translations(read(chapters)) == SAID
    assert catalogues.open_messages(read(chapters)) == []
    assert catalogues.update("zh_CN", chapters=chapters) == []  # and nothing changes it


def test_a_message_says_where_it_stands(chapters):
    entry = read(chapters).get("Exercises")
    assert entry.locations == [("m1", None)] and entry.auto_comments == ["heading"]


def test_a_changed_text_is_fuzzy_and_keeps_the_earlier_one(chapters):
    for longer in ("The first sentence is long enough now.", "The first sentence is long enough now, too."):
        write_notebook(chapters / NAME, f"# A title\n\n{longer}", "## Exercises")
        assert len(catalogues.update("zh_CN", chapters=chapters)) == 1
        (entry,) = catalogues.open_messages(read(chapters))
        assert (entry.id, entry.string, entry.fuzzy) == (longer, "第一句话足够长。", True)
        assert entry.previous_id == ("The first sentence is long enough.",)
        assert longer not in catalogues.translations(read(chapters))
    assert catalogues.update("zh_CN", chapters=chapters) == []
    translate(chapters, NAME, {longer: "现在第一句话也足够长。"})
    assert catalogues.open_messages(read(chapters)) == []
    assert b"#|" not in catalogue_of(chapters).read_bytes()


def test_a_catalogue_written_again_is_the_same(tmp_path):
    for name in "00-start-here", "01-background/01-why-memory":  # with percentages
        path = CHAPTERS / "locale" / "zh_CN" / f"{name}.po"
        catalogues.write(tmp_path / "again.po", catalogues.read(path))
        assert (tmp_path / "again.po").read_bytes() == path.read_bytes()


def test_wrapping_is_no_change(chapters):
    write_notebook(chapters / NAME, "# A title\n\nThe first sentence is\nlong enough.", "## Exercises")
    assert catalogues.update("zh_CN", chapters=chapters) == []


def test_new_is_empty_and_gone_is_dropped(chapters):
    write_notebook(chapters / NAME, "# A title\n\nSomething else, of which nobody spoke.")
    catalogues.update("zh_CN", chapters=chapters)
    assert [entry.id for entry in catalogues.entries(read(chapters))] == [
        "A title",
        "Something else, of which nobody spoke.",
    ]
    assert [entry.string for entry in catalogues.open_messages(read(chapters))] == [""]


def test_a_text_that_another_document_has_is_translated_already(chapters):
    write_notebook(chapters / "01-one" / "02-b.ipynb", "# Another title\n\n5 % of it", "## Exercises")
    catalogues.update("zh_CN", ["01-one/02-b.ipynb"], chapters)
    translate(chapters, "01-one/02-b.ipynb", {"Exercises": ""})
    catalogues.update("zh_CN", chapters=chapters)
    assert catalogues.translations(read(chapters, "01-one/02-b.ipynb")) == {"Exercises": "练习"}


def test_a_translators_comment_stays(chapters):
    path = catalogue_of(chapters)
    book = catalogues.read(path)
    book.get("Exercises").user_comments = ["not a term: sequence"]
    catalogues.write(path, book)
    assert catalogues.update("zh_CN", chapters=chapters) == []
    assert read(chapters).get("Exercises").user_comments == ["not a term: sequence"]


def test_status_lists_what_is_missing_and_stale(chapters):
    (notebook, *nothing), (page, *unknown) = catalogues.status("zh_CN", chapters)
    assert (notebook.name, nothing) == (NAME, [[], []])
    assert (page.name, unknown) == ("01-one/README.md", [None, []])
    write_notebook(chapters / NAME, "# A title\n\nThe first sentence is long enough now.", "## Exercises")
    (_, missing, stale), _ = catalogues.status("zh_CN", chapters)  # before the update
    assert missing == ["The first sentence is long enough now."]
    assert stale == ["The first sentence is long enough."]
    catalogues.update("zh_CN", chapters=chapters)
    (_, missing, stale), _ = catalogues.status("zh_CN", chapters)
    assert (missing, stale) == ([], ["The first sentence is long enough now."])


def test_no_document_no_catalogue(chapters):
    with pytest.raises(FileNotFoundError, match=r"no 'zebra' to translate; there is '01-one"):
        catalogues.update("zh_CN", ["zebra"], chapters)
    with pytest.raises(KeyError, match="no message of the catalogue reads 'zebra'"):
        catalogues.fill(read(chapters), {"zebra": "斑马"})


@pytest.mark.parametrize("content", [b"zebra", b'msgid "a\n', b"\xff\xfe"])
def test_a_file_that_is_no_catalogue(content, tmp_path):
    (tmp_path / "a.po").write_bytes(content)
    with pytest.raises(ValueError, match=r"a\.po is no catalogue of gettext"):
        catalogues.read(tmp_path / "a.po")


def test_every_text_of_the_course_may_be_a_key(tmp_path):
    """Quotes, backslashes, percents: what is written is read."""
    for path in documents.documents(catalogues.CHAPTERS)[:20]:
        texts = [message.text for message in documents.messages(path.read_text("utf-8"), path.name)]
        book = catalogues.made(documents.messages(path.read_text("utf-8"), path.name))
        catalogues.fill(book, {text: text[::-1] for text in texts})
        catalogues.write(tmp_path / "a.po", book)
        read = catalogues.translations(catalogues.read(tmp_path / "a.po"))
        assert read == {text: text[::-1] for text in texts}


def test_a_long_earlier_text_comes_back_whole(tmp_path):
    """Babel wraps it as a comment, between any two words."""
    earlier = 'He said "no" to $\\tanh$, and ' + " ".join(f"went on {n} times" for n in range(30))
    catalogue = Catalog()
    catalogue.add("What is said now.", "现在的话。", flags=["fuzzy"]).previous_id = (earlier,)
    catalogues.write(tmp_path / "one.po", catalogue)
    (entry,) = (entry for entry in catalogues.read(tmp_path / "one.po") if entry.id)
    assert entry.previous_id == (earlier,)
