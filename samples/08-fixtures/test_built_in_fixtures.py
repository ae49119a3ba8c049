"""What pytest's own fixtures make or change, they remove or restore."""

import os


def test_folder(tmp_path):
    (tmp_path / "inner").mkdir()
    assert os.listdir(tmp_path) == ["inner"]


def test_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("CAMPSITE_SAMPLE", "1")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    assert os.environ["CAMPSITE_SAMPLE"] == "1"


def test_output(capsys):
    print("x")
    assert capsys.readouterr().out == "x\n"
