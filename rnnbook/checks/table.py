"""Tables of plain text, as reports print them."""

from collections.abc import Sequence


def aligned(cells: Sequence[Sequence[str]], left: int) -> str:
    """Lay out rows of text in columns: the first ``left`` columns to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = []
    for row in cells:
        padded = [
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines)
