"""The check of an exported file, for people."""

from __future__ import annotations

from symderive.export.check.check import Check
from symderive.report.page import Column, Line, Page, Table


def check_page(result: Check) -> Page:
    """Largest errors in ulps: a row for each quantity, columns for groups of instances, and the limit."""
    groups = list(dict.fromkeys(group for group, _ in result.worst))
    columns = (
        Column("", right=False),
        *(Column(group, rank=rank) for rank, group in enumerate(groups)),
        Column("allowed"),
    )
    rows = []
    for quantity in dict.fromkeys(quantity for _, quantity in result.worst):
        found = (result.worst.get((group, quantity)) for group in groups)
        numbers = ("" if x is None else f"{x:.2g}" for x in found)
        rows.append((quantity.replace("_", " "), *numbers, f"{result.limits[quantity]:.4g}"))
    return (Line(f"{result.target}: largest errors in ulps"), Table.of(columns, rows))
