"""What is a file, and what only looks like one."""

import os
import socket
from pathlib import Path

import pytest

from kpop_assets.user_files.regular_files import UnusableFileError, read_regular_file


def refused(path: Path) -> str:
    with pytest.raises(UnusableFileError) as raised:
        read_regular_file(path, 1000)
    return raised.value.reason


def test_a_regular_file_is_read_also_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 1000)
    (tmp_path / "link").symlink_to("file")
    assert read_regular_file(tmp_path / "link", 1000) == b"x" * 1000


def test_pipes_devices_sockets_and_folders_are_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "zeros").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
    assert refused(tmp_path / "pipe") == "it is a named pipe, no regular file"
    assert refused(tmp_path / "zeros") == "it is a device, no regular file"
    assert refused(tmp_path / "socket") == "it is a socket, no regular file"
    assert refused(tmp_path) == "it is a folder, no regular file"


def test_what_cannot_be_opened_is_refused_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert refused(tmp_path / "a") == "Too many levels of symbolic links"
    assert refused(tmp_path / "none") == "No such file or directory"
    assert refused(tmp_path / ("n" * 300)) == "File name too long"
    assert "null" in refused(tmp_path / "a\0b")


def test_no_more_than_allowed_is_read(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(20 * 2**30)
    assert refused(tmp_path / "sparse") == "it has more than 1,000 bytes"
    assert refused(Path("/proc/self/smaps")) == "it has more than 1,000 bytes", "says it has none"
