"""Files: a file is replaced as a whole, so that an error, an interrupt or a power cut leaves the old one or the new."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from functools import partial

__all__ = ["write_atomically"]


def write_atomically(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file such that, at any moment, all of its old content or all of the new is there.

    The content goes to a hidden file in the same folder and on to the disk, and then takes the file's name by one
    rename. Its mode is that of the file it replaces, and so are its owner and group as far as the system permits; a new
    file has the mode that the umask leaves. A symbolic link stays, and what it points to is replaced. Another hard link
    to the file keeps the old content.

    After an error or an interrupt the hidden file is gone, even if another interrupt came while it was removed. Only a
    process that is killed, or a machine that stops, leaves it behind, as `.gradstep-<16 digits>.part`, and then the
    file itself is untouched.

    Raises OSError, naming the path, where the file cannot be written, and for what is no regular file, such as a folder
    or a device. The old content is then still there, unless all that failed was to put the rename on the disk.
    """
    try:
        write_and_rename(os.fsdecode(path), content)
    except OSError as error:
        raise OSError(error.errno, error.strerror, os.fspath(path)) from None


def write_and_rename(path: str, content: bytes) -> None:
    old = replaceable(path)
    target = os.path.realpath(path, strict=old is not None)
    folder = os.path.dirname(target)
    part = os.path.join(folder, f".gradstep-{os.urandom(8).hex()}.part")
    # Removed twice, as an interrupt may come before the first time; and not by a function or a context manager, whose
    # own lines would be further places for an interrupt. Where all went well there is nothing to remove.
    try:
        try:
            write_through(part, content, old)
            os.replace(part, target)
        finally:
            try:  # noqa: SIM105
                os.unlink(part)
            except OSError:
                pass
    finally:
        try:  # noqa: SIM105
            os.unlink(part)
        except OSError:
            pass
    sync_folder(folder)


def replaceable(path: str) -> os.stat_result | None:
    """The status of the file that is there, None if there is none; OSError if it may not be written or replaced."""
    if os.path.basename(path) in ("", os.curdir, os.pardir):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    try:
        old = os.stat(path)
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(old.st_mode):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(old.st_mode):
        raise OSError(errno.EINVAL, "Not a regular file: choose another path")
    if not os.access(path, os.W_OK):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))
    return old


def write_through(part: str, content: bytes, old: os.stat_result | None) -> None:
    """Write a new file and have it on the disk, with the owner and the mode of an old one."""
    mode = 0o600 if old else 0o666  # for nobody else, until it has the old one's
    with open(part, "xb", buffering=0, opener=partial(os.open, mode=mode)) as file:
        rest = memoryview(content)
        while rest:
            rest = rest[file.write(rest) :]
        if old and os.name == "posix":
            with suppress(PermissionError):
                os.fchown(file.fileno(), -1, old.st_gid)
            with suppress(PermissionError):
                os.fchown(file.fileno(), old.st_uid, -1)
            os.fchmod(file.fileno(), stat.S_IMODE(old.st_mode))
        os.fsync(file.fileno())


def sync_folder(folder: str) -> None:
    """Have a folder's names on the disk, where that can be done: not on Windows, nor if it may not be read."""
    handle = None
    try:
        handle = os.open(folder, os.O_RDONLY)
        os.fsync(handle)
    except PermissionError:
        pass
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that knows no such thing
            raise
    finally:
        if handle is not None:
            os.close(handle)
