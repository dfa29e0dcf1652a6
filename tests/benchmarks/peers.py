"""The peers' own virtual environment, apart from ours because HIPS autograd shares our import name."""

import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).resolve().parent / ".peers"
PYTHON = HOME / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
PATIENCE = 300  # seconds for one installation


def installed_version(package: str) -> str | None:
    """The version of the package in the peers' environment, or None where there is none."""
    question = f"from importlib.metadata import version; print(version({package!r}))"
    try:
        answer = _run(PYTHON, "-c", question)
    except (OSError, subprocess.SubprocessError):
        return None
    return answer.strip()


OPTIONS = {"torch": ("--index-url", "https://download.pytorch.org/whl/cpu")}
"""For pip: torch without what it needs for graphics cards, which is a few gigabytes."""

SMALL = ("micrograd", "numpy")


def install(package: str, quick: bool) -> str | None:
    """Make sure that the package is there; None, with one line of explanation, if it cannot be, or is not for now."""
    if quick and package not in SMALL:
        print(f"{package}: takes part without --quick")
        return None
    if version := installed_version(package):
        return version
    try:
        if not _environment_works():
            _run(sys.executable, "-m", "venv", "--clear", HOME)
        _run(
            PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package, *OPTIONS.get(package, ())
        )
    except (OSError, subprocess.SubprocessError) as problem:
        print(f"{package}: could not be installed, going on without it ({_last_words(problem)})")
    return installed_version(package)


def _environment_works() -> bool:
    try:
        _run(PYTHON, "-m", "pip", "--version")
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def _run(*command: str | Path) -> str:
    finished = subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE)
    return finished.stdout


def _last_words(problem: Exception) -> str:
    lines = (getattr(problem, "stderr", None) or str(problem)).strip().splitlines()
    return lines[-1] if lines else type(problem).__name__
