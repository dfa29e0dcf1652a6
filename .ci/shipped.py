"""Checks that what is installed is what the checkout has, file by file, and that every module of it can be imported.

A module whose extra is not installed has to say which extra it needs.
"""

from importlib import import_module, metadata
from pathlib import Path, PurePath

CHECKOUT = Path(__file__).resolve().parents[1]
PACKAGES = [each for each in CHECKOUT.iterdir() if each.suffix == ".py" or (each / "__init__.py").exists()]


def main():
    gradstep = metadata.distribution("gradstep")
    committed = {path.relative_to(CHECKOUT) for top in PACKAGES for path in (top, *top.rglob("*")) if path.is_file()}
    committed = {path for path in committed if path.suffix != ".pyc"}
    installed = {PurePath(path) for path in gradstep.files or () if path.suffix != ".pyc"}
    installed = {path for path in installed if path.parts[0] != ".." and not path.parts[0].endswith(".dist-info")}
    differences = sorted(path.as_posix() for path in committed ^ installed)
    assert not differences, f"installed or in the checkout, but not both: {differences}"
    for path in sorted(installed):
        if path.suffix == ".py":
            try:
                module = import_module(".".join(path.with_suffix("").parts).removesuffix(".__init__"))
            except ImportError as missing:
                if "pip install 'gradstep[" not in str(missing):
                    raise
                print(f"{path}: {missing}")
                continue
            assert Path(module.__file__).samefile(gradstep.locate_file(path)), f"{module} is not the one installed"
    print(f"{len(installed)} files are installed, and their modules are imported from among them")


if __name__ == "__main__":
    main()
