"""The plots of the report: files that read on a light background and on a dark one."""

from collections.abc import Mapping
from pathlib import Path

INK, GREY = "#7d8590", "#9aa2ab"
OURS = "#3f7fd0"
LOOKS = {
    "gradstep": (OURS, ":"),
    "gradstep fused": (OURS, ":"),
    "gradstep straight line": (OURS, "--"),
    "gradstep arrays": (OURS, "-"),
    "micrograd": ("#b8732e", "-"),
    "HIPS autograd": ("#a05fb5", "-"),
    "torch scalars": ("#d0574b", "-"),
    "torch.nn": ("#d0574b", "-"),
    "JAX jit": ("#2f9e77", "-"),
    "NumPy by hand": (GREY, "-"),
    "hand-written": (GREY, "--"),
}
"""The colour and the line of each contestant."""

Curves = Mapping[str, Mapping[int, float]]


def draw(folder: Path, steps: Mapping[str, float], growth: Mapping[str, Curves]) -> None:
    """Write systems.svg and growth.svg, or say why not."""
    try:
        import matplotlib
    except ImportError:
        print("no plots: they need matplotlib, pip install 'gradstep[notebook]'")
        return
    matplotlib.use("svg")
    matplotlib.rcParams.update(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": "gradstep",
            "font.family": "sans-serif",
            "font.size": 11,
            "axes.spines.top": False,
            "axes.spines.right": False,
            **dict.fromkeys(("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color"), INK),
        }
    )
    for name, figure in (("systems", systems(steps)), ("growth", curves(growth))):
        figure.savefig(folder / f"{name}.svg", transparent=True, metadata={"Date": None})


def systems(steps: Mapping[str, float]):
    """A bar for each contestant's step, the shortest first."""
    from matplotlib import pyplot as plt

    found = sorted(steps.items(), key=lambda each: -each[1])
    figure, axes = plt.subplots(figsize=(8.6, 0.32 * len(found) + 0.9), layout="constrained")
    names, seconds = zip(*found)
    milliseconds = [1e3 * each for each in seconds]
    colours = [OURS if name.startswith("gradstep") else GREY for name in names]
    axes.barh(names, milliseconds, color=colours, height=0.7)
    for k, each in enumerate(milliseconds):
        axes.text(each * 1.08, k, f"{each:.3g}", va="center", fontsize=10)
    axes.set(xscale="log", xlabel="milliseconds for one step of W2, gc off", xlim=(min(milliseconds) / 2, None))
    axes.xaxis.set_major_formatter("{x:g}")
    axes.tick_params(axis="y", length=0)
    return figure


def curves(growth: Mapping[str, Curves]):
    """Microseconds for an op and for a row, over how many there are."""
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, 2, figsize=(10.4, 4.4), layout="constrained")
    for axes, (what, found) in zip(panels, growth.items()):
        ends = {}
        for name, curve in found.items():
            colour, line = LOOKS[name]
            times = [1e6 * seconds / size for size, seconds in curve.items()]
            axes.loglog(list(curve), times, line, marker="o", markersize=3.5, color=colour)
            ends[name] = (max(curve), times[-1])
        label_ends(axes, ends)
        axes.set(
            xlabel=what, ylabel=f"microseconds for {what[:-1]}".replace("for o", "for an o").replace("for r", "for a r")
        )
        axes.set_xticks(sorted({size for curve in found.values() for size in curve}))
        axes.minorticks_off()
        axes.yaxis.set_major_formatter("{x:g}")
    return figure


def label_ends(axes, ends: Mapping[str, tuple[float, float]]) -> None:
    """Names beside the ends of their lines, far enough from each other."""
    low, high = axes.get_ylim()
    least, lowest = (high / low) ** 0.052, 0.0
    for name, (size, time) in sorted(ends.items(), key=lambda each: each[1][1]):
        height = max(time, lowest * least)
        axes.text(size * 1.3, height, name, color=LOOKS[name][0], va="center", fontsize=9.5)
        lowest = height
    axes.set_xlim(right=axes.get_xlim()[1] * 40)
