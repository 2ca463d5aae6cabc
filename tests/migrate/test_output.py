"""A file is replaced at one stroke, and stays what it was but for its bytes."""

from __future__ import annotations

import os
import stat

import pytest

from flake8_lambda_handler.migrate import output


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "app.py"
    path.write_bytes(b"old\r\n")
    return path


def names(file):
    return sorted(os.listdir(file.parent))


def test_bytes_are_replaced(file):
    output.write(str(file), b"old\r\n", b"new\r\n")
    assert file.read_bytes() == b"new\r\n"
    assert names(file) == ["app.py"]


@pytest.mark.parametrize("mode", [0o644, 0o755, 0o600, 0o2664])
def test_mode_is_kept(file, mode):
    file.chmod(mode)
    output.write(str(file), b"old\r\n", b"new")
    assert stat.S_IMODE(file.stat().st_mode) == mode


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="not root")
def test_owner_is_kept(file):
    os.chown(file, 12345, 23456)
    output.write(str(file), b"old\r\n", b"new")
    assert (file.stat().st_uid, file.stat().st_gid) == (12345, 23456)


def test_time_is_new(file):
    os.utime(file, (1, 1))
    output.write(str(file), b"old\r\n", b"new")
    assert file.stat().st_mtime > 1


def test_attributes_are_kept(file):
    try:
        os.setxattr(file, "user.note", b"kept")
    except (AttributeError, OSError):
        pytest.skip("no extended attributes here")
    output.write(str(file), b"old\r\n", b"new")
    assert os.getxattr(file, "user.note") == b"kept"


def test_a_link_stays_and_its_target_is_replaced(file):
    (file.parent / "links").mkdir()
    link = file.parent / "links" / "link.py"
    link.symlink_to(os.path.join("..", "app.py"))
    output.write(str(link), b"old\r\n", b"new")
    assert link.is_symlink()
    assert file.read_bytes() == b"new"
    assert os.listdir(link.parent) == ["link.py"]


@pytest.mark.skipif(not hasattr(os, "O_DIRECTORY"), reason="folders are not synced")
def test_the_bytes_reach_the_disk_before_the_name_does(file, monkeypatch):
    """No test can cut the power; what is asked of the system is seen instead."""
    asked = []
    fsync = os.fsync

    def seen(handle):
        is_folder = os.path.samestat(os.fstat(handle), os.stat(file.parent))
        asked.append((is_folder, file.read_bytes()))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", seen)
    output.write(str(file), b"old\r\n", b"new")
    assert asked == [(False, b"old\r\n"), (True, b"new")]


def test_what_changed_meanwhile_is_kept(file):
    with pytest.raises(OSError, match="changed while it was rewritten"):
        output.write(str(file), b"older\r\n", b"new")
    assert file.read_bytes() == b"old\r\n"
    assert names(file) == ["app.py"]


def test_nothing_is_left_when_replacing_fails(file, monkeypatch):
    def fail(*_):
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="no space left"):
        output.write(str(file), b"old\r\n", b"new")
    assert file.read_bytes() == b"old\r\n"
    assert names(file) == ["app.py"]


def test_obstacles(file):
    assert output.obstacle(str(file)) is None
    file.chmod(0o444)
    assert output.obstacle(str(file)) == "is read-only"
    file.chmod(0o644)
    os.link(file, file.parent / "other.py")
    assert "hard link" in output.obstacle(str(file))
    assert output.obstacle(str(file.parent)) == "is no regular file"
    assert output.obstacle(str(file.parent / "none.py")) == "No such file or directory"
