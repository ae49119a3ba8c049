"""What a test changes is put back by a fixture around it, by the manager that the fixture holds open, or by monkeypatch, which knew it before."""

import os
import sys
from unittest import mock

import pytest

with_environment = pytest.mark.usefixtures("environment")


@pytest.fixture
def environment():
    saved = os.environ.copy()
    yield
    os.environ.clear()
    os.environ.update(saved)


@pytest.fixture(autouse=True)
def import_path():
    saved = list(sys.path)
    yield
    sys.path[:] = saved


@pytest.fixture
def bare_environment():
    with mock.patch.dict(os.environ, clear=True):
        yield


@pytest.fixture
def back_home(request):
    old = os.getcwd()
    request.addfinalizer(lambda: os.chdir(old))


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()


@pytest.fixture(autouse=True)
def reads_only():
    yield os.environ.get("HOME")


def test_every_test_gets_it():
    sys.path.insert(0, "plugins")
    assert "plugins" in sys.path


def test_requested(environment):
    os.environ["A"] = "1"
    assert os.getenv("A") == "1"


@pytest.mark.usefixtures("environment")
def test_marked():
    os.environ["A"] = "1"
    assert os.getenv("A") == "1"


@with_environment
def test_marked_under_a_name():
    os.environ["A"] = "1"
    assert os.getenv("A") == "1"


def test_not_asked_for():
    os.environ["A"] = "1"  # expect: never-released
    assert os.getenv("A") == "1"


def test_inside_the_manager_of_a_fixture(bare_environment):
    os.environ["A"] = "1"
    assert os.getenv("A") == "1"


def test_finalizer(back_home):
    os.chdir(os.sep)
    assert os.getcwd() == os.sep


def test_folder_of_a_fixture(own_folder):
    os.chdir("sub")
    assert os.listdir() == []


def test_folder_noted_before(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    os.chdir(os.sep)
    assert os.getcwd() == os.sep


def test_folder_noted_too_late(monkeypatch, tmp_path):
    os.chdir(os.sep)  # expect: never-released
    monkeypatch.chdir(tmp_path)
    assert os.listdir() == []


def test_variable_noted_before(monkeypatch):
    monkeypatch.delenv("A", raising=False)
    os.environ["A"] = "1"
    assert os.getenv("A") == "1"


def test_another_variable(monkeypatch):
    monkeypatch.delenv("A", raising=False)
    os.environ["B"] = "1"  # expect: never-released
    assert os.getenv("B") == "1"


def test_variables_in_a_loop(monkeypatch):
    for name in ("A", "B"):
        monkeypatch.delenv(name, raising=False)
    os.environ["A"] = "1"
    assert os.getenv("A") == "1"


def test_arguments_replaced_before(monkeypatch):
    monkeypatch.setattr(sys, "argv", ["prog"])
    sys.argv.append("-v")
    assert sys.argv == ["prog", "-v"]


def test_module_noted_before(monkeypatch):
    monkeypatch.setitem(sys.modules, "plugin", None)
    sys.modules["plugin"] = os
    assert sys.modules["plugin"] is os


class TestWithAMark:
    pytestmark = [pytest.mark.usefixtures("environment")]

    def test_marked_by_the_class(self):
        os.environ["A"] = "1"
        assert os.getenv("A") == "1"
