"""``NAME=FROM:TO:COUNT[:log]``: the ranges of ``--vary``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from symderive.arithmetic.exact import TURN, ball, decimal, parse_number, working_precision
from symderive.errors import InputError
from symderive.sweeps.grid import MAX_CELLS, NAMES, Axis

#: Digits of values between the ends of a logarithmic range, so that a table shows them as they are.
LOG_DIGITS = 15

#: Bits at which such values are computed: their digits, and as many for the largest exponents.
LOG_BITS = 128


@dataclass(frozen=True)
class Range:
    """A range as it was given; the ends are exact."""

    name: str
    low: Fraction
    high: Fraction
    count: int
    log: bool

    @classmethod
    def of(cls, text: str) -> Range:
        """Read a range; :class:`InputError` names what is wrong with it."""
        name, equals, rest = text.partition("=")
        parts = rest.split(":")
        if not equals or len(parts) not in (3, 4) or (len(parts) == 4 and parts[3] != "log"):
            raise InputError(
                f"--vary {text[:60]!r} is not of the form NAME=FROM:TO:COUNT or ...:COUNT:log."
            )
        if name == "dropout":
            raise InputError("--vary dropout is unknown; vary noise, whose variance is P/(1 - P).")
        if name not in NAMES:
            raise InputError(f"--vary {name[:40]!r} is unknown; give one of {', '.join(NAMES)}.")
        low, high = (parse_number(part, f"--vary {name}:") for part in parts[:2])
        if not (parts[2].isascii() and parts[2].isdigit() and len(parts[2]) < 20 and int(parts[2]) >= 2):
            raise InputError(f"--vary {name}: the count {parts[2][:20]!r} is not a whole number from 2 on.")
        if low >= high:
            raise InputError(
                f"--vary {name}: the range from {parts[0]} to {parts[1]} is "
                f"{'empty' if low == high else 'reversed'}; give the smaller value first."
            )
        if len(parts) == 4 and low <= 0:
            raise InputError(f"--vary {name}: a logarithmic range starts above 0, and not at {parts[0]}.")
        return cls(name, low, high, int(parts[2]), len(parts) == 4)

    def axis(self) -> Axis:
        """The values; of a depth or a width the whole numbers next to them, each once."""
        steps = range(1, self.count - 1)
        if self.log:
            between = self._log_spaced()
        else:
            step = (self.high - self.low) / (self.count - 1)
            between = [self.low + k * step for k in steps]
        values = [self.low, *between, self.high]
        if self.name in ("depth", "width"):
            if self.low.denominator != 1 or self.high.denominator != 1:
                raise InputError(f"--vary {self.name}: the ends of the range are not whole numbers.")
            values = sorted({Fraction(round(x)) for x in values})
        return Axis.of(self.name, values)

    def _log_spaced(self) -> list[Fraction]:
        with TURN, working_precision(LOG_BITS):
            start, width = ball(self.low).log(), ball(self.high / self.low).log()
            places = [(start + width * k / (self.count - 1)).exp() for k in range(1, self.count - 1)]
            return [Fraction(decimal(place, LOG_DIGITS)) for place in places]


def axes_of(ranges: Sequence[Range]) -> tuple[tuple[Axis, ...], frozenset[str]]:
    """The axes of all ranges, and the names of the logarithmic ones."""
    names = [item.name for item in ranges]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"--vary {name} is given twice; give one range a name.")
    cells = prod(item.count for item in ranges)
    if cells > MAX_CELLS:
        raise InputError(f"--vary asks for {cells} cells; give at most {MAX_CELLS}.")
    return tuple(item.axis() for item in ranges), frozenset(item.name for item in ranges if item.log)
