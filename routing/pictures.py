"""Pictures of an evaluation: what is taken for what, and whether confidence means what it says."""

import warnings
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure
from sklearn.calibration import calibration_curve
from sklearn.metrics import confusion_matrix

# Text stays text in the SVG: the viewer's own Chinese font shows it, none is needed here.
mpl.rcParams["svg.fonttype"] = "none"
mpl.rcParams["font.family"] = "sans-serif"


def draw_confusion(want: Sequence[str], got: Sequence[str], path: Path) -> None:
    """Write an SVG with a row for each right answer and a column for each answer given."""
    names = sorted({*want, *got})
    counts = confusion_matrix(want, got, labels=names)
    side = max(4.0, 0.34 * len(names) + 2.2)
    figure = Figure(figsize=(side, side), layout="constrained")
    axes = figure.add_subplot()
    shares = counts / counts.sum(axis=1, keepdims=True).clip(min=1)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(names)), names, rotation=90)
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("判为")
    axes.set_ylabel("应为")
    for row, column in zip(*counts.nonzero(), strict=True):
        colour = "white" if shares[row, column] > 0.5 else "black"
        axes.text(column, row, str(counts[row, column]), ha="center", va="center", color=colour,
                  fontsize=7)  # fmt: skip
    _save(figure, path)


def draw_calibration(marks: Sequence[tuple[float, bool]], path: Path) -> None:
    """Write an SVG of how often answers of a confidence were right."""
    figure = Figure(figsize=(5, 4), layout="constrained")
    axes = figure.add_subplot()
    right, told = calibration_curve([mark for _, mark in marks], [c for c, _ in marks], n_bins=10)
    axes.plot([0, 1], [0, 1], linestyle=":", color="grey")
    axes.plot(told, right, marker="o", color="#1f5fa8")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_xlabel("置信度")
    axes.set_ylabel("平台与条线都正确的比例")
    _save(figure, path)


def _save(figure: Figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context({"svg.hashsalt": path.name}), warnings.catch_warnings():
        # The layout is measured with a font that has no Chinese; the viewer's has.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure.savefig(path, format="svg", metadata={"Date": None})
