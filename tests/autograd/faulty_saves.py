"""Saves for strace to disturb: each in a process of its own, whose WHENth call of one kind is the save's k-th of it.

strace counts the calls of each process by themselves, so the k-th of a save is hit where WHEN - k of that kind come
before, in vain. Nothing else here makes as many, not even the start of Python, as long as little is imported.
"""

import os
import sys
from contextlib import suppress

WHEN = 300
NEW = b"new" * 1000
SAVED, OS_ERROR, INTERRUPTED, OTHER = range(20, 24)

NOWHERE = "/nowhere/at/all"
NO_FILE = 1_000_000
IDLE_CALLS = {
    "access": lambda: os.access(NOWHERE, os.W_OK),
    "close": lambda: os.close(NO_FILE),
    "fchmod": lambda: os.fchmod(NO_FILE, 0),
    "fchown": lambda: os.fchown(NO_FILE, -1, -1),
    "fstat": lambda: os.fstat(NO_FILE),
    "fsync": lambda: os.fsync(NO_FILE),
    "ioctl": lambda: os.isatty(NO_FILE),
    "lstat": lambda: os.lstat(NOWHERE),
    "openat": lambda: os.open(NOWHERE, os.O_RDONLY),
    "readlink": lambda: os.readlink(NOWHERE),
    "rename": lambda: os.rename(NOWHERE, NOWHERE),
    "stat": lambda: os.stat(NOWHERE),
    "unlink": lambda: os.unlink(NOWHERE),
    "write": lambda: os.write(NO_FILE, b""),
}
"""By the name of a system call, here or on another system, something that makes it in vain."""
IDLE_CALLS["faccessat"] = IDLE_CALLS["faccessat2"] = IDLE_CALLS["access"]
IDLE_CALLS["newfstatat"] = IDLE_CALLS["statx"] = IDLE_CALLS["stat"]
IDLE_CALLS["open"] = IDLE_CALLS["openat"]
IDLE_CALLS["readlinkat"] = IDLE_CALLS["readlink"]
IDLE_CALLS["renameat"] = IDLE_CALLS["renameat2"] = IDLE_CALLS["rename"]
IDLE_CALLS["unlinkat"] = IDLE_CALLS["unlink"]


def idle(call, times):
    for _ in range(times):
        with suppress(OSError):
            IDLE_CALLS[call]()


def outcome(save, path):
    try:
        save(path, NEW)
    except OSError as error:
        return OS_ERROR if error.filename == path else OTHER
    except KeyboardInterrupt:
        return INTERRUPTED
    except BaseException:
        return OTHER
    return SAVED


def main(files, *plan):
    names = {"__name__": "files"}
    with open(files, encoding="utf-8") as source:
        exec(source.read(), names)
    for path, call, k in zip(plan[::3], plan[1::3], plan[2::3]):
        process = os.fork()
        if process == 0:
            if call:
                idle(call, WHEN - int(k))
            os.getppid()  # which says in strace's log that the save begins
            os._exit(outcome(names["write_atomically"], path))
        print(process, os.waitpid(process, 0)[1])


if __name__ == "__main__":
    main(*sys.argv[1:])
