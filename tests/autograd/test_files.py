"""Files: written whole or not at all, whatever fails and whenever, and nothing else in the folder."""

import ast
import errno
import os
import random
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from contextlib import contextmanager
from itertools import chain, count
from pathlib import Path

import faulty_saves
import pytest
from faulty_saves import INTERRUPTED, NEW, OS_ERROR, SAVED, WHEN
from interrupts import interrupted

import autograd.files
import nn
import optim
from autograd.files import write_atomically

OLD = b"old" * 2000

posix = pytest.mark.skipif(os.name != "posix", reason="only POSIX has modes, owners and such files")
root = pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root may do this")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "weights.json"


def check_whole(path, before=OLD):
    """The file is as it was before or the new one, and nothing is beside it; says whether it is the new one."""
    found = path.read_bytes() if path.exists() else None
    assert found in (before, NEW)
    assert os.listdir(path.parent) == ([] if found is None else [path.name])
    return found == NEW


# --- What is written -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [str, os.fsencode, Path])
@pytest.mark.parametrize("content", [b"", b"\r\n\x00\xff", bytes(5_000_000)], ids=["empty", "binary", "long"])
def test_the_content_is_all_that_is_there(path, kind, content):
    for _ in range(2):
        write_atomically(kind(path), content)
        assert path.read_bytes() == content
        assert os.listdir(path.parent) == [path.name]


def test_a_relative_path_is_one_from_the_current_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_atomically("weights.json", NEW)
    (tmp_path / "sub").mkdir()
    write_atomically(Path("sub", os.pardir, "sub", "weights.json"), NEW)
    assert sorted(str(each.relative_to(tmp_path)) for each in tmp_path.rglob("*.json")) == [
        os.path.join("sub", "weights.json"),
        "weights.json",
    ]


@pytest.mark.parametrize("name", ["n" * 255, "文" * 85, ".hidden", "a b\n\x1b[2J", "-rf", " "])
@posix
def test_any_name_that_the_system_has_will_do(tmp_path, name):
    for content in (OLD, NEW):
        write_atomically(tmp_path / name, content)
        assert os.listdir(tmp_path) == [name]
        assert (tmp_path / name).read_bytes() == content


@posix
def test_the_content_is_on_the_disk_before_it_has_the_name_and_then_the_name_is(path, monkeypatch):
    done = []

    def fsync(handle):
        status = os.fstat(handle)
        done.append("folder" if stat.S_ISDIR(status.st_mode) else status.st_size)

    def rename(part, target, replace=os.replace):
        replace(part, target)
        done.append(os.path.basename(target))

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", rename)
    write_atomically(path, NEW)
    assert done == [len(NEW), path.name, "folder"]


@posix
@pytest.mark.parametrize("number", [errno.EINVAL, errno.EIO])
def test_an_error_in_the_folder_is_told_even_when_the_new_file_is_there(path, monkeypatch, number):
    def fsync(handle):
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fsync)
    path.write_bytes(OLD)
    if number == errno.EINVAL:  # such a file system cannot do this for a folder
        write_atomically(path, NEW)
    else:
        with pytest.raises(OSError, match=re.escape(str(path))):
            write_atomically(path, NEW)
    assert check_whole(path)


# --- Modes, owners and links -----------------------------------------------------------------------------------------


@contextmanager
def umask(mask):
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o027, 0o077, 0o777])
@posix
def test_a_new_file_has_the_mode_that_the_umask_leaves(path, mask):
    with umask(mask):
        write_atomically(path, NEW)
        assert os.umask(mask) == mask
    assert mode_of(path) == 0o666 & ~mask


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o666, 0o755, 0o777, 0o200, 0o4755, 0o2775])
@posix
def test_a_file_keeps_its_mode(path, mode):
    path.write_bytes(OLD)
    path.chmod(mode)
    mode = mode_of(path)  # a system need not give all that it is asked for
    with umask(0o077):
        write_atomically(path, NEW)
    assert mode_of(path) == mode
    path.chmod(0o600)
    assert check_whole(path)


@posix
def test_while_it_is_written_a_private_file_can_be_read_by_nobody_else(path, monkeypatch):
    path.write_bytes(OLD)
    path.chmod(0o644)
    seen = []
    monkeypatch.setattr(os, "fchmod", lambda handle, mode: seen.append(stat.S_IMODE(os.fstat(handle).st_mode)))
    write_atomically(path, NEW)
    assert seen == [0o600]


@root
def test_a_file_keeps_its_owner_and_its_group(path):
    path.write_bytes(OLD)
    os.chown(path, 1234, 4321)
    path.chmod(0o4750)
    write_atomically(path, NEW)
    assert (path.stat().st_uid, path.stat().st_gid, mode_of(path)) == (1234, 4321, 0o4750)


def as_user(action, groups=(4321,)):
    """Do this in a process of user 1234, and return the name of the exception, if any."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        try:
            os.setgroups(groups)
            os.setresgid(1234, 1234, 1234)
            os.setresuid(1234, 1234, 1234)
            action()
        except BaseException as error:
            os.write(writing, f"{type(error).__name__}: {error}".encode())
        os._exit(0)
    os.close(writing)
    with open(reading) as file:
        said = file.read()
    os.waitpid(process, 0)
    return said


@pytest.fixture
def open_folder():
    """A folder that every user may reach and write in, which pytest's are not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


@root
def test_owner_and_group_are_kept_as_far_as_the_system_permits(open_folder):
    path = open_folder / "weights.json"
    for owner, group, expected in ((1234, 1234, (1234, 1234)), (0, 4321, (1234, 4321)), (0, 0, (1234, 1234))):
        path.write_bytes(OLD)
        os.chown(path, owner, group)
        path.chmod(0o666)
        assert as_user(lambda: write_atomically(path, NEW)) == ""
        assert check_whole(path)
        assert (path.stat().st_uid, path.stat().st_gid, mode_of(path)) == (*expected, 0o666)


@root
@pytest.mark.parametrize("protected", ["file", "folder"])
def test_what_may_not_be_written_is_not_replaced(open_folder, protected):
    path = open_folder / "weights.json"
    path.write_bytes(OLD)
    path.chmod(0o444 if protected == "file" else 0o666)
    open_folder.chmod(0o555 if protected == "folder" else 0o777)
    assert as_user(lambda: write_atomically(path, NEW)) == f"PermissionError: [Errno 13] Permission denied: '{path}'"
    assert not check_whole(path)


@root
def test_a_folder_that_may_be_written_but_not_read_will_do(open_folder):
    open_folder.chmod(0o333)
    assert as_user(lambda: write_atomically(open_folder / "weights.json", NEW)) == ""
    assert check_whole(open_folder / "weights.json", None)


@posix
def test_a_symbolic_link_stays_and_its_target_is_replaced(path, tmp_path):
    (tmp_path / "there").mkdir()
    target = tmp_path / "there" / "target.json"
    (tmp_path / "there" / "second").symlink_to("target.json")
    path.symlink_to(Path("there", "second"))
    for content in (OLD, NEW):  # first the link dangles
        write_atomically(path, content)
        assert target.read_bytes() == content
        assert path.is_symlink()
        assert (tmp_path / "there" / "second").is_symlink()
        assert sorted(os.listdir(tmp_path / "there")) == ["second", "target.json"]
        assert sorted(os.listdir(tmp_path)) == ["there", "weights.json"]


@posix
def test_a_link_to_nowhere_and_a_link_to_itself_are_errors(path, tmp_path):
    path.symlink_to(tmp_path / "missing" / "file")
    with pytest.raises(FileNotFoundError, match=re.escape(str(path))):
        write_atomically(path, NEW)
    path.unlink()
    path.symlink_to(path)
    with pytest.raises(OSError, match=re.escape(str(path))) as caught:
        write_atomically(path, NEW)
    assert caught.value.errno == errno.ELOOP
    assert os.listdir(tmp_path) == [path.name]


@posix
def test_another_hard_link_keeps_the_old_content(path, tmp_path):
    path.write_bytes(OLD)
    os.link(path, tmp_path / "other")
    write_atomically(path, NEW)
    assert (path.read_bytes(), (tmp_path / "other").read_bytes()) == (NEW, OLD)


# --- What is refused -------------------------------------------------------------------------------------------------


def make_socket(path):
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(path))


IRREGULAR = {
    "pipe": lambda path: os.mkfifo(path),
    "socket": make_socket,
    "character device": lambda path: os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 3)),  # as /dev/null
    "block device": lambda path: os.mknod(path, stat.S_IFBLK | 0o666, os.makedev(7, 200)),
}


@pytest.mark.parametrize("kind", IRREGULAR)
@pytest.mark.parametrize("by_link", [False, True], ids=["itself", "by a link"])
@posix
def test_what_is_no_regular_file_is_refused_and_kept(tmp_path, monkeypatch, kind, by_link):
    monkeypatch.chdir(tmp_path)  # a socket's path has to be short
    path = Path("irregular")
    try:
        IRREGULAR[kind](path)
    except PermissionError:
        pytest.skip(f"only root may make a {kind}")
    before = path.stat()
    if by_link:
        Path("link").symlink_to(path)
        path = Path("link")
    there = sorted(os.listdir())
    with pytest.raises(OSError, match="Not a regular file") as caught:
        write_atomically(path, NEW)
    assert caught.value.filename == str(path)
    assert sorted(os.listdir()) == there
    assert os.path.samestat(path.stat(), before)
    assert path.stat().st_mode == before.st_mode


def test_a_folder_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    for path in ("folder", "folder/", "new/", "new/.", "new/..", ".", "..", "", tmp_path):
        with pytest.raises(IsADirectoryError) as caught:
            write_atomically(path, NEW)
        assert caught.value.filename == os.fspath(path)
    assert os.listdir(tmp_path) == ["folder"]


def test_a_path_that_cannot_be_is_named(tmp_path):
    (tmp_path / "file").write_bytes(OLD)
    for path in (tmp_path / "no" / "folder", tmp_path / "file" / "below", tmp_path / ("n" * 256)):
        with pytest.raises(OSError, match=re.escape(path.name)) as caught:
            write_atomically(path, NEW)
        assert caught.value.filename == os.fspath(path)
    with pytest.raises(ValueError, match="null"):
        write_atomically("a\0b", NEW)
    with pytest.raises(TypeError, match="not int"):
        write_atomically(1, NEW)
    assert os.listdir(tmp_path) == ["file"]


# --- Interrupts ------------------------------------------------------------------------------------------------------

SITUATIONS = ["a new file", "an old file", *(["a link"] if os.name == "posix" else [])]


def prepared(folder, situation):
    """A path to save to, and that of the file it leads to, in a new folder."""
    path = file = folder / "weights.json"
    folder.mkdir()
    if situation == "a link":
        file = folder.with_name(f"{folder.name}-target") / "target.json"
        file.parent.mkdir()
        path.symlink_to(file)
    if situation != "a new file":
        file.write_bytes(OLD)
        file.chmod(0o640)
    return path, file


def check_saved(path, file, situation):
    """The file is the old one or the new one, with its mode and nothing beside it; says whether it is the new one."""
    if situation != "a new file":
        assert path.is_symlink() == (situation == "a link")
        assert mode_of(file) == (0o640 if os.name == "posix" else 0o666)
        assert os.listdir(path.parent) == [path.name]
    return check_whole(file, None if situation == "a new file" else OLD)


@pytest.mark.parametrize("event", ["line", "opcode"])
@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.filterwarnings("ignore::ResourceWarning")  # a file was opened, and never came to its name
def test_an_interrupt_at_any_point_leaves_the_old_file_or_the_new(tmp_path, situation, event, is_long):
    outcomes = []
    for k in count(1, 1 if event == "line" or is_long else 7):
        path, file = prepared(tmp_path / str(k), situation)
        if not interrupted(lambda path=path: write_atomically(path, NEW), k, event):
            break
        outcomes.append(check_saved(path, file, situation))
    assert check_saved(path, file, situation)
    assert len(outcomes) > 50
    assert outcomes == sorted(outcomes), "once the new file is there, it stays"
    assert set(outcomes) == {False, True}
    print(f"{len(outcomes)} interrupts")


class Ticking(ast.NodeTransformer):
    """The same program, with a call of `tick()` before and after every statement of its functions."""

    def generic_visit(self, node):
        super().generic_visit(node)
        for block in ("body", "orelse", "finalbody"):
            statements = getattr(node, block, None)
            if isinstance(statements, list) and statements and not isinstance(node, ast.Module):
                tick = ast.parse("tick()").body[0]
                setattr(node, block, [tick, *(each for statement in statements for each in (statement, tick))])
        return node


class Interruptible:
    """A `write_atomically` that is interrupted at some of its ticks."""

    def __init__(self):
        program = ast.parse(Path(autograd.files.__file__).read_text(encoding="utf-8"))
        names = {"tick": self.tick, "__name__": "ticking"}
        exec(compile(ast.fix_missing_locations(Ticking().visit(program)), "ticking", "exec"), names)
        self.write_atomically = names["write_atomically"]

    def tick(self):
        self.ticks += 1
        if self.ticks in self.moments:
            raise KeyboardInterrupt

    def save(self, path, *moments):
        """Save, or be interrupted at these moments; says how many ticks there were in all."""
        self.ticks, self.moments = 0, moments
        if moments:
            with pytest.raises(KeyboardInterrupt):
                self.write_atomically(path, NEW)
        else:
            self.write_atomically(path, NEW)
        return self.ticks


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_second_interrupt_in_the_clean_up_leaves_nothing_behind_either(tmp_path, situation):
    tried = 0
    interruptible = Interruptible()
    last = interruptible.save(prepared(tmp_path / "0", situation)[0])
    for first in range(1, last + 1):
        path, file = prepared(tmp_path / f"{first}", situation)
        end = interruptible.save(path, first)
        check_saved(path, file, situation)
        for second in range(first + 1, end + 1):
            path, file = prepared(tmp_path / f"{first}-{second}", situation)
            interruptible.save(path, first, second)
            check_saved(path, file, situation)
            tried += 1
    assert tried > 100
    print(f"{tried} pairs of interrupts")


@posix
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_storm_of_signals_leaves_nothing_behind_either(path, is_long):
    signals, interrupted_saves, outcomes = 0, 0, set()
    chance = random.Random(0)

    def interrupt(_, frame):
        nonlocal signals
        while frame and frame.f_code is not write_atomically.__code__:
            frame = frame.f_back
        if frame:
            signals += 1
            signal.setitimer(signal.ITIMER_REAL, chance.uniform(1e-6, 3e-5))  # and another one in the clean-up
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        for _ in range(10_000 if is_long else 300):
            path.write_bytes(OLD)
            signal.setitimer(signal.ITIMER_REAL, chance.uniform(1e-6, 1e-3))
            try:
                write_atomically(path, NEW)
            except KeyboardInterrupt:
                interrupted_saves += 1
            outcomes.add(check_whole(path))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)
    assert interrupted_saves > 20
    assert signals > interrupted_saves, "none came in a clean-up"
    assert outcomes == {False, True}
    print(f"{signals} signals in {interrupted_saves} saves")


# --- Faults of the system --------------------------------------------------------------------------------------------

CANNOT_FAIL = {"brk", "exit_group", "getcwd", "getppid", "getrandom", "lseek", "mmap", "munmap", "rt_sigaction"}


@pytest.fixture(scope="module")
def strace():
    """`strace(plan, *options)` runs the saves of a plan, and says of each how it ended and what strace saw of it."""
    program = shutil.which("strace")
    if program is None or subprocess.run([program, "-o", os.devnull, "true"], check=False).returncode:
        pytest.skip("no strace, or none that may trace (apt-get install strace)")

    def run(plan, *options):
        saves = [sys.executable, "-ISB", faulty_saves.__file__, autograd.files.__file__, *chain.from_iterable(plan)]
        with tempfile.NamedTemporaryFile("r") as log:
            command = [program, "-f", "-o", log.name, *options, *saves]
            ran = subprocess.run(command, capture_output=True, text=True, check=False)
            assert ran.returncode == 0, ran.stderr
            seen = defaultdict(list)
            for line in log:
                process, _, call = line.partition(" ")
                seen[int(process)].append(call.strip())
        ends = [[int(number) for number in line.split()] for line in ran.stdout.splitlines()]
        return [(status, after_the_beginning(seen[process])) for process, status in ends]

    return run


def after_the_beginning(calls):
    begin = next((k for k, call in enumerate(calls) if call.startswith("getppid")), len(calls))
    return calls[begin + 1 :]


@pytest.fixture(scope="module")
def calls_of_a_save(strace, tmp_path_factory):
    """Every system call of a save that could fail, how often there is one, by the situation."""
    found = {}
    for situation in SITUATIONS:
        path, file = prepared(tmp_path_factory.mktemp("calls") / "folder", situation)
        [(status, calls)] = strace([[str(path), "", "0"]])
        assert os.WEXITSTATUS(status) == SAVED
        assert check_saved(path, file, situation)
        names = [call.partition("(")[0] for call in calls if re.match(r"\w+\(", call)]
        found[situation] = Counter(name for name in names if name not in CANNOT_FAIL)
        assert found[situation].keys() <= faulty_saves.IDLE_CALLS.keys(), "faulty_saves has to know how to make it"
    return found


def check_faults(fault, strace, calls_of_a_save, folder):
    """Have this fault at each system call in turn, of each kind of save."""
    plan, saves = [], []
    for situation in SITUATIONS:
        for call, times in calls_of_a_save[situation].items():
            for k in range(1, times + 1):
                path, file = prepared(folder / f"{fault}-{len(plan)}", situation)
                plan.append([str(path), call, str(k)])
                saves.append((path, file, situation))
    names = ",".join({call for _, call, _ in plan})
    ends = strace(plan, "-e", f"trace={names},getppid", "-e", f"inject={names}:{fault}:when={WHEN}")
    for (path, file, situation), (_, call, k), (status, calls) in zip(saves, plan, ends):
        told = f"{fault} at {call} {k} for {situation}: {calls}"
        assert any("(INJECTED)" in each or each.startswith(("--- SIG", "+++ killed")) for each in calls), told
        if fault == "signal=KILL":
            assert os.WTERMSIG(status) == signal.SIGKILL, told
            for part in file.parent.glob(".gradstep-*.part"):
                part.unlink()  # all that a kill leaves
            check_saved(path, file, situation)
        else:
            ended, is_new = os.WEXITSTATUS(status), check_saved(path, file, situation)
            assert ended in ([INTERRUPTED] if fault == "signal=INT" else [SAVED, OS_ERROR]), told
            assert is_new or ended != SAVED, told
    print(f"{fault}: {len(plan)} faults")


@pytest.mark.parametrize("fault", ["error=ENOSPC", "error=EIO", "signal=INT", "signal=KILL"])
def test_a_fault_at_any_system_call_leaves_the_old_file_or_the_new(strace, calls_of_a_save, tmp_path, fault):
    check_faults(fault, strace, calls_of_a_save, tmp_path)


def test_every_other_error_leaves_the_old_file_or_the_new(strace, calls_of_a_save, tmp_path, is_long):
    if not is_long:
        pytest.skip("this takes --long")
    for name in "EACCES EBUSY EDQUOT EFBIG EINTR EINVAL EMFILE ENFILE ENOMEM EPERM EROFS ESTALE ETXTBSY".split():
        check_faults(f"error={name}", strace, calls_of_a_save, tmp_path)


# --- A full disk -----------------------------------------------------------------------------------------------------


@posix
@pytest.mark.parametrize("before", [OLD, None], ids=["an old file", "a new file"])
def test_where_the_disk_ends_after_any_number_of_bytes_nothing_changes(path, before):
    import resource

    if before:
        path.write_bytes(before)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    for most in (0, 1, 2, len(NEW) // 2, len(NEW) - 1):
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, limits[1]))
        try:
            with pytest.raises(OSError, match=re.escape(str(path))) as caught:
                write_atomically(path, NEW)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert caught.value.errno == errno.EFBIG
        assert not check_whole(path, before)


ON_A_SMALL_DISK = """
import errno, os, runpy, subprocess, sys

files, disk = sys.argv[1:]
if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k,nr_inodes=10", "none", disk]).returncode:
    sys.exit("no mount")
write_atomically = runpy.run_path(files)["write_atomically"]
path = os.path.join(disk, "weights.json")


def refused(content):
    before = {each: open(os.path.join(disk, each), "rb").read() for each in os.listdir(disk)}
    try:
        write_atomically(path, content)
    except OSError as error:
        assert (error.errno, error.filename) == (errno.ENOSPC, path)
    else:
        raise AssertionError("it was written")
    assert before == {each: open(os.path.join(disk, each), "rb").read() for each in os.listdir(disk)}


refused(bytes(100_000))  # a new file
write_atomically(path, bytes(20_000))
refused(bytes(60_000))  # there is no room for both
with open(os.path.join(disk, "other"), "wb", 0) as other:
    other.write(bytes(100_000))  # which stops where the disk is full
refused(b"new")
os.unlink(os.path.join(disk, "other"))
names = [os.path.join(disk, f"{k}") for k in range(8)]
for each in names:
    open(each, "wb").close()
refused(b"new")  # there is room for bytes, but for no other file
os.unlink(names[0])
write_atomically(path, b"new")
assert open(path, "rb").read() == b"new"
print("done")
"""


def test_on_a_full_disk_nothing_changes(tmp_path):
    if not shutil.which("unshare"):
        pytest.skip("no unshare, which makes a disk for this test alone")
    private = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    command = [*private, sys.executable, "-ISB", "-c", ON_A_SMALL_DISK, autograd.files.__file__, str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if "no mount" in ran.stderr or "unshare" in ran.stderr:
        pytest.skip(f"no small disk can be mounted here: {ran.stderr.strip()}")
    assert ran.stdout == "done\n", ran.stderr


# --- Everything that is written for people ---------------------------------------------------------------------------


def test_nothing_else_writes_a_file():
    """What the packages write goes through write_atomically, which is tested here."""
    found = []
    for package in (autograd, nn, optim):
        for source in Path(package.__file__).parent.rglob("*.py"):
            text = source.read_text(encoding="utf-8")
            found += [source.name for _ in re.findall(r"write_text\(|write_bytes\(|\bopen\(\w+, \"[wxa]", text)]
    assert found == ["files.py"]
