"""Cards, the command that verifies them, and what all data sets have in common."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rnnbook import require
from rnnbook.data import (
    Card,
    ChecksumError,
    Dataset,
    cache,
    command,
    digits,
    hash_shuffle,
    names,
    object_array,
    opinions,
)

MODULES = command.MODULES


def python(program: str, **options) -> str:
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, **options)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.CARD.name)
def test_card_is_filled_in(module):
    card = module.CARD
    assert module.__name__ == f"rnnbook.data.{card.name}"
    for text in (card.source, card.licence, card.citation, card.description, card.splits):
        assert len(text) > 20
    assert list(card.counts) == ["train", "validation", "test"]
    assert re.fullmatch("[0-9a-f]{64}", card.sha256)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.CARD.name)
def test_load_gives_a_dataset_with_the_card(module):
    data = module.load()
    assert isinstance(data, Dataset) and data.card is module.CARD
    assert module.CARD.name in repr(data) and len(repr(data)) < 200


def test_every_module_that_loads_something_is_verified_by_the_command():
    folder = Path(command.__file__).parent
    loads = {path.stem for path in folder.glob("*.py") if "\ndef load(" in path.read_text(encoding="utf-8")}
    assert {"digits", "names", "opinions", "customers"} <= loads
    assert loads == {module.CARD.name for module in MODULES}


def test_verify():
    sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"  # of hello
    card = Card("greeting", "", "", "", "", {}, "", sha256)
    card.verify(b"hello", "package", "1")
    with pytest.raises(ChecksumError, match=r"greeting: .* read from package 1 .* expected 2cf24dba5fb0"):
        card.verify(b"hello!", "package", "1")


@pytest.mark.slow
def test_the_command_prints_cards_and_succeeds(capsys):
    assert command.main([]) == 0
    printed = capsys.readouterr().out
    for module in MODULES:
        assert str(module.CARD) in printed and module.CARD.sha256 in printed
    assert printed.count("verified") == len(MODULES)


def test_the_command_fails_where_content_changed(capsys, monkeypatch):
    monkeypatch.setattr(command, "MODULES", [digits, names])
    monkeypatch.setattr(digits, "content", lambda raw: b"something else")
    assert command.main([]) == 1
    printed = capsys.readouterr().out
    assert printed.count("FAILED") == printed.count("verified") == 1


def test_the_command_fetches_what_is_missing(capsys, monkeypatch):
    asked = []

    def fetch(files):
        asked.extend(files)
        return files[1:]

    monkeypatch.setattr(command, "MODULES", [digits, opinions])
    monkeypatch.setattr(cache, "fetch", fetch)
    assert command.main([]) == 0
    assert asked == list(opinions.FILES)
    fetched = ", ".join(file.name for file in opinions.FILES[1:])
    assert capsys.readouterr().out.count(f"  fetched     {fetched}\n  verified") == 1


def test_the_command_opens_what_a_light_installation_can(capsys, monkeypatch):
    def load():
        require("no_av")

    monkeypatch.setattr(command, "MODULES", [digits, opinions])
    monkeypatch.setattr(opinions, "load", load)
    assert command.main([]) == 0
    printed = capsys.readouterr().out
    assert printed.count("verified") == 1 and "not opened  no_av is not installed" in printed


def test_the_command_goes_on_where_nothing_can_be_fetched(capsys, monkeypatch, tmp_path):
    def fail(files):
        if files:
            raise cache.FetchError("no network")

    monkeypatch.setattr(command, "MODULES", [digits, opinions])
    monkeypatch.setattr(cache, "fetch", fail)
    monkeypatch.setenv(cache.ENV_VARIABLE, str(tmp_path))
    assert command.main([]) == 1
    printed = capsys.readouterr().out
    assert printed.count("  FAILED      no network") == 1
    assert str(opinions.CARD) in printed and printed.count("verified") == 1


@pytest.mark.parametrize("error", [KeyError("X"), OSError("disk"), ModuleNotFoundError("no pack")])
def test_the_command_goes_on_whatever_fails(error, capsys, monkeypatch):
    def load():
        raise error

    monkeypatch.setattr(command, "MODULES", [opinions, digits])
    monkeypatch.setattr(opinions, "load", load)
    assert command.main([]) == 1
    printed = capsys.readouterr().out
    assert f"  FAILED      {type(error).__name__}: {error}" in printed
    assert printed.index("FAILED") < printed.index("verified")


def test_shuffled_depends_on_keys_and_seed_alone():
    keys = [str(number) for number in range(50)]
    order = hash_shuffle(keys, 0)
    assert sorted(order) == sorted(keys) and order != keys
    assert hash_shuffle(reversed(keys), 0) == order
    assert hash_shuffle(keys, 1) != order
    # Another process has other string hashes.
    program = "from rnnbook.data import hash_shuffle; print(*hash_shuffle(map(str, range(50)), 0))"
    for hash_seed in "1", "2":
        environment = os.environ | {"PYTHONHASHSEED": hash_seed}
        assert python(program, env=environment).split() == order


@pytest.mark.parametrize("sizes", [(2, 3), (2, 2), (1,), ()])
def test_arrays_stay_apart_as_long_as_one_another_or_not(sizes):
    array = object_array([np.arange(size) for size in sizes])
    assert array.shape == (len(sizes),) and [len(each) for each in array] == list(sizes)


def test_importing_the_modules_reads_nothing():
    program = "import sys, rnnbook.data.digits, rnnbook.data.names; print(*sys.modules)"
    assert not {"sklearn", "babel"} & set(python(program).split())
