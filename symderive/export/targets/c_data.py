"""The spectrum of a data set in a C file: what a header declares and a source defines."""

from __future__ import annotations

from textwrap import fill as fill_text

from symderive.export.targets.data import Baked
from symderive.export.targets.dialect import Dialect
from symderive.export.targets.header import WIDTH


def _arrays(data: Baked, dialect: Dialect) -> dict[str, tuple[float, ...]]:
    prefix = dialect.prefix
    arrays = {f"{prefix}_eigenvalues": data.a, f"{prefix}_squares": data.p}
    if data.axes is not None:
        arrays[f"{prefix}_axes"] = tuple(x for row in data.axes for x in row)
    return arrays


def declarations(data: Baked | None, dialect: Dialect, *, certified: bool) -> str:
    """What the header says of the data, nothing where there are none; ``certified`` adds their ulps."""
    if data is None:
        return ""
    ulps = [
        "/* Their relative errors in units of 2^-53, which is what functions ask for as ulps. */",
        f"#define {dialect.macro}_ULPS {data.ulps}",
    ]
    lines = [
        "/* Eigenvalues of A, squared components of v along the eigenvectors, E[y^2], and the eigenvectors",
        " * as columns. */",
        f"#define {dialect.macro}_FEATURES {len(data.a)}",
        *(ulps if certified else ()),
        *(
            f"extern const {dialect.real} {name}[{len(values)}];"
            for name, values in _arrays(data, dialect).items()
        ),
        f"extern const {dialect.real} {dialect.prefix}_second_moment;",
    ]
    return "\n" + "\n".join(lines) + "\n"


def definitions(data: Baked | None, dialect: Dialect) -> str:
    """The numbers, as exact constants."""
    if data is None:
        return ""
    suffix = dialect.numbers.suffix
    lines = [
        f"const {dialect.real} {name}[{len(values)}] = {{\n{_numbers(values, suffix)}}};"
        for name, values in _arrays(data, dialect).items()
    ]
    second = f"const {dialect.real} {dialect.prefix}_second_moment = {data.c.hex()}{suffix};"
    return "\n".join([*lines, second]) + "\n\n"


def _numbers(values: tuple[float, ...], suffix: str) -> str:
    return fill_text(
        ", ".join(value.hex() + suffix for value in values),
        WIDTH,
        initial_indent="    ",
        subsequent_indent="    ",
    )
