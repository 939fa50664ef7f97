"""The command that re-executes notebooks: same file for the same notebook, and no file for a broken one."""

import json

import nbformat.v4 as v4

from tests import execute, rules


def write(path, *cells):
    book = v4.new_notebook(
        cells=list(cells), metadata={"papermill": {}, "language_info": {"name": "python", "version": "3.0"}}
    )
    for cell in book.cells:
        del cell["id"]
    path.write_text(json.dumps(book | {"nbformat_minor": 4}), encoding="utf-8")


def test_notebook_is_run_and_normalised(tmp_path, capsys):
    path = tmp_path / "a.ipynb"
    passing = {"execution": {}, "tags": ["NBVAL_IGNORE_OUTPUT"]}
    timed = v4.new_code_cell("import os; os.environ['OMP_NUM_THREADS']", metadata=passing)
    write(path, v4.new_markdown_cell("# A"), timed, v4.new_code_cell("assert True\nprint(os.getcwd() != '')"))
    assert execute.main([str(path)]) == 0
    assert f"{path}: " in capsys.readouterr().out
    first = path.read_text(encoding="utf-8")
    book = json.loads(first)
    assert rules.findings(book) == []
    assert book["cells"][1]["outputs"][0]["data"]["text/plain"] == ["'1'"]
    assert book["cells"][1]["metadata"] == {"tags": ["nbval-ignore-output"]}
    assert book["metadata"] == {"kernelspec": execute.KERNELSPEC, "language_info": execute.LANGUAGE_INFO}
    assert execute.main([str(path)]) == 0
    assert path.read_text(encoding="utf-8") == first


def test_broken_notebook_is_named_and_left_alone(tmp_path, capsys):
    path = tmp_path / "b.ipynb"
    write(path, v4.new_code_cell("1 / 0"))
    before = path.read_bytes()
    assert execute.main([str(path)]) == 1
    said = capsys.readouterr().err
    assert str(path) in said and "1 / 0" in said and "ZeroDivisionError" in said
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["b.ipynb"]
