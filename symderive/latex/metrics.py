"""How wide emitted LaTeX comes out, without TeX.

The glyph widths are those that TeX reports for boxes of Computer Modern at 10 pt, spaces between atoms
follow TeX's rules (The TeXbook, chapter 18).  What depends on heights is taken from above: a stretched
delimiter counts at its widest.  Tests hold the result against TeX's own measure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest

from symderive.latex.cursor import TOKEN

BASE_SIZE = 10.0
QUAD = 10.0


def _table(text: str, prefix: str = "") -> dict[str, float]:
    words = text.split()
    return {prefix + glyph: float(width) for glyph, width in zip(words[::2], words[1::2], strict=True)}


ITALIC = _table(
    "a 5.29 b 4.29 c 4.33 d 5.20 e 4.66 f 5.97 g 5.13 h 5.76 i 3.45 j 4.69 k 5.52 l 3.18 m 8.78 n 6.00 "
    "o 4.85 p 5.03 q 4.82 r 4.79 s 4.69 t 3.61 u 5.72 v 5.21 w 7.43 x 5.72 y 5.26 z 5.09 A 7.50 B 8.09 "
    "C 7.86 D 8.56 E 7.96 F 7.82 G 7.86 H 9.12 I 5.18 J 6.51 K 9.21 L 6.81 M 10.79 N 9.12 O 7.91 P 7.81 "
    "Q 7.91 R 7.67 S 6.71 T 7.23 U 7.92 V 8.06 W 10.83 X 9.07 Y 8.03 Z 7.54"
)
ROMAN = _table(
    "a 5.00 b 5.56 c 4.44 d 5.56 e 4.44 f 3.83 g 5.14 h 5.56 i 2.78 j 3.06 k 5.28 l 2.78 m 8.33 n 5.56 "
    "o 5.00 p 5.56 q 5.28 r 3.92 s 3.94 t 3.89 u 5.56 v 5.42 w 7.36 x 5.28 y 5.42 z 4.44 A 7.50 B 7.08 "
    "C 7.22 D 7.64 E 6.81 F 6.53 G 7.85 H 7.50 I 3.61 J 5.14 K 7.78 L 6.25 M 9.17 N 7.50 O 7.78 P 6.81 "
    "Q 7.78 R 7.36 S 5.56 T 7.22 U 7.50 V 7.64 W 10.42 X 7.50 Y 7.75 Z 6.11"
)
COMMANDS = _table(
    "alpha 6.43 beta 6.18 gamma 5.73 delta 4.82 epsilon 4.06 zeta 5.11 eta 5.32 theta 4.97 iota 3.54 "
    "kappa 5.76 lambda 5.83 mu 6.03 nu 5.58 xi 4.84 pi 6.06 rho 5.17 sigma 6.07 tau 5.50 upsilon 5.76 "
    "phi 5.96 chi 6.26 psi 6.87 omega 6.58 varepsilon 4.66 vartheta 5.91 varpi 8.56 varrho 5.17 "
    "varsigma 4.43 varphi 6.54 Gamma 6.25 Delta 8.33 Theta 7.78 Lambda 6.94 Xi 6.67 Pi 7.50 Sigma 7.22 "
    "Upsilon 7.78 Phi 7.22 Psi 7.78 Omega 7.22 ell 4.17 partial 5.86 infty 10.00 lVert 5.00 rVert 5.00 "
    "lvert 2.78 rvert 2.78 top 7.78 perp 7.78 star 5.00 ast 5.00 dagger 4.45 cdot 2.78 circ 5.00 odot 7.78 "
    "le 7.78 ge 7.78 ne 7.78 to 10.00 in 6.67 succeq 7.78 preceq 7.78 implies 27.23 iff 29.45 lnot 6.67 "
    "nabla 8.33 otimes 7.78 oplus 7.78 pm 7.78 succ 7.78 cong 7.78 bigoplus 15.11 inf 12.17 sup 15.06 "
    "prime 2.75 sum 14.45 prod 12.78 int 10.00 lim 13.89 exp 15.28 sin 12.28 cos 13.39 tan 14.45 "
    "sinh 17.84 cosh 18.95 tanh 20.01 arctan 28.90 det 13.89 max 18.62 min 16.67 % 8.34 # 8.34 & 7.78 "
    "ln 8.33 $ 5.00 _ 5.00 { 5.00 } 5.00 , 1.67 ! -1.67 ; 2.78 quad 10.00 qquad 20.00",
    "\\",
)
SIGNS = _table(
    "+ 7.78 - 7.78 = 7.78 < 7.78 > 7.78 ( 3.89 ) 3.89 [ 2.78 ] 2.78 ! 2.78 , 2.78 : 2.78 / 5.00 ' 2.75"
)
DIGIT = 5.0
DELIMITERS = {r"\big": 5.84, r"\Big": 6.67, r"\bigg": 7.51, r"\Bigg": 8.06, r"\left": 9.0, r"\right": 9.0}
#: Widest form of a stretched delimiter, where it is not DELIMITERS.
_STRETCHED = dict.fromkeys("()", 8.76) | dict.fromkeys("[]", 6.67)
_STRETCHED |= {r"\lvert": 3.34, r"\rvert": 3.34, r"\lVert": 5.56, r"\rVert": 5.56}

_SIZES = tuple(DELIMITERS)

#: Width of a glyph in display, text, script and second script style, relative to text style.
SHRINK = (1.0, 1.0, 0.82, 0.74)
_OPERATOR_SHRINK = {
    r"\sum": 0.731,
    r"\prod": 0.74,
    r"\int": 0.667,
    r"\bigoplus": 0.736,
}  # text style; display is 1

RELATIONS = frozenset(
    ["=", "<", ">", ":", r"\le", r"\ge", r"\ne", r"\to", r"\in", r"\succeq", r"\preceq", r"\succ", r"\cong"]
)
CONNECTIVES = frozenset([r"\implies", r"\iff", r"\text{ and }", r"\text{ or }"])
BINARY = frozenset(["+", "-", r"\cdot", r"\odot", r"\otimes", r"\oplus", r"\pm"])
OPENERS = frozenset(["(", "[", r"\lvert", r"\lVert", r"\{"])
CLOSERS = frozenset([")", "]", r"\rvert", r"\rVert", r"\}"])
BIG = frozenset([r"\sum", r"\prod", r"\int", r"\bigoplus"])
LIMIT_OPERATORS = frozenset([r"\sum", r"\prod", r"\bigoplus", r"\lim", r"\min", r"\max", r"\inf", r"\sup"])
FUNCTIONS = frozenset(
    [r"\exp", r"\det", r"\max", r"\min", r"\lim", r"\sin", r"\cos", r"\tan"]
    + [rf"\{name}" for name in ("sinh", "cosh", "tanh", "arctan", "ln", "inf", "sup")]
)
_FONTS = {r"\mathrm": 1.0, r"\operatorname": 1.0, r"\mathbf": 1.16}
_WIDE_FONTS = {r"\mathcal": 9.0, r"\mathbb": 7.78}
_ACCENTS = frozenset([r"\bar", r"\hat", r"\tilde", r"\dot", r"\ddot", r"\vec", r"\boldsymbol"])

_THIN, _MEDIUM, _THICK, _SCRIPT_SPACE, _NULL = 1.67, 2.23, 2.78, 0.5, 2.4
_RADICAL, _BRACE, _COLUMN, _SMALL_COLUMN = 10.56, 21.0, 10.0, 5.56


class Token(str):
    """A token that remembers whether a space stood before it."""

    __slots__ = ("spaced",)
    spaced: bool


def tokens_of(tex: str) -> tuple[Token, ...]:
    """The tokens of emitted LaTeX."""
    tokens = []
    for match in TOKEN.finditer(tex):
        token = Token(match.group())
        token.spaced = tex[match.start() - 1 : match.start()].isspace()
        tokens.append(token)
    return tuple(tokens)


def text_of(tokens: Sequence[str]) -> str:
    """The text of tokens, spaced as it was."""
    spaced = (f" {token}" if getattr(token, "spaced", False) else token for token in tokens)
    return "".join(spaced).strip()


def width(tex: str, *, size: float = BASE_SIZE) -> float:
    """Width in points of LaTeX in display style, Computer Modern at ``size`` points; an upper estimate.

    >>> round(width("a + b"), 1)
    21.8
    """
    return list_width(tokens_of(tex), 0) * size / BASE_SIZE


def matching(tokens: Sequence[str], at: int) -> int:
    """The position of the brace that closes the one at ``at``."""
    depth = 0
    for position in range(at, len(tokens)):
        depth += (tokens[position] == "{") - (tokens[position] == "}")
        if not depth:
            return position
    return len(tokens)


def environment_end(tokens: Sequence[str], at: int) -> int:
    r"""The position of the \end that closes the \begin at ``at``."""
    depth = 0
    for position in range(at, len(tokens)):
        depth += tokens[position].startswith(r"\begin") - tokens[position].startswith(r"\end")
        if not depth:
            return position
    return len(tokens)


def argument(tokens: Sequence[str], at: int) -> tuple[tuple[str, ...], int]:
    """The braced argument that begins at ``at`` and the position after it."""
    end = matching(tokens, at)
    return tuple(tokens[at + 1 : end]), end + 1


@lru_cache(maxsize=2**14)
def list_width(tokens: tuple[str, ...], style: int) -> float:
    """Width at 10 pt of tokens in style 0 (display), 1 (text), 2 or 3 (scripts)."""
    *_, (_, total) = running_widths(tokens, style)
    return total


def running_widths(tokens: tuple[str, ...], style: int = 0) -> Iterator[tuple[int, float]]:
    """The position of each atom and of the end, with the width of all that stands before it."""
    total, before, at = 0.0, "open", 0
    while at < len(tokens):
        yield at, total
        token = tokens[at]
        atom, kind, at = _atom(tokens, at, style)
        if kind == "binary" and before in ("open", "binary", "relation", "operator", "comma"):
            kind = "ordinary"
        total += _space(before, kind, style)
        scripts: dict[str, float] = {}
        while at < len(tokens) and tokens[at] in "_^" and at + 1 < len(tokens):
            inside, after = argument(tokens, at + 1)
            scripts[tokens[at]] = list_width(inside, min(3, max(2, style + 1)))
            at = after
        if scripts and token in LIMIT_OPERATORS and style == 0:
            atom = max(atom, *scripts.values())
        elif scripts:
            atom += max(scripts.values()) + _SCRIPT_SPACE
        total += atom
        before = kind if kind != "space" else before
    yield len(tokens), total


def _space(left: str, right: str, style: int) -> float:
    if "space" in (left, right) or left == "open" or right in ("close", "comma"):
        return 0.0
    if "operator" in (left, right):
        return 0.0 if right == "open" else _THIN
    if style > 1:
        return 0.0
    if "relation" in (left, right):
        return 0.0 if left == right else _THICK
    if "binary" in (left, right):
        return _MEDIUM
    return _THIN if left == "comma" or "inner" in (left, right) else 0.0


def _atom(tokens: tuple[str, ...], at: int, style: int) -> tuple[float, str, int]:
    """Width and kind of the atom at ``at`` and the position after it."""
    token = tokens[at]
    shrink = SHRINK[style]
    sized = next((size for size in DELIMITERS if token in (size, f"{size}l", f"{size}r")), None)
    if sized:
        side = "close" if token.endswith("r") or sized == r"\right" else "open"
        thin = _THIN if sized in (r"\left", r"\right") and style < 2 else 0.0  # an inner atom
        glyph = DELIMITERS[sized]
        if sized in (r"\left", r"\right"):
            glyph = _STRETCHED.get("".join(tokens[at + 1 : at + 2]), glyph)
        return glyph + thin, side, at + 2
    if token == "{":
        inside, after = argument(tokens, at)
        return list_width(inside, style), "ordinary" if inside else "space", after
    if token in (r"\frac", r"\binom"):
        above, middle = argument(tokens, at + 1)
        below, after = argument(tokens, middle)
        inner = 1 if style == 0 else min(3, max(2, style + 1))
        fences = 2 * DELIMITERS[r"\bigg"] if token == r"\binom" else 0.0
        return max(list_width(above, inner), list_width(below, inner)) + _NULL + fences, "ordinary", after
    if token == r"\sqrt":
        inside, after = argument(tokens, at + 1)
        return (
            list_width(inside, style) + _RADICAL * (shrink if style > 1 else 1),
            "ordinary",
            after,
        )
    if token in _FONTS or token in _WIDE_FONTS or token in _ACCENTS:
        inside, after = argument(tokens, at + 1)
        kind = "operator" if token == r"\operatorname" else "ordinary"
        return _font(token, inside, style), kind, after
    if token.startswith(r"\text"):
        letters = token[6:-1]
        total = sum(3.34 if letter == " " else ROMAN.get(letter, DIGIT) for letter in letters)
        return total * shrink, "ordinary", at + 1
    if token.startswith(r"\begin"):
        return _environment(tokens, at, style)
    return _glyph(token, style) * shrink, _kind(token), at + 1


def _glyph(token: str, style: int) -> float:
    if token[0].isdigit():
        return DIGIT * len(token)
    if style > 0 and token in _OPERATOR_SHRINK:
        return COMMANDS[token] * _OPERATOR_SHRINK[token]
    return ITALIC.get(token) or COMMANDS.get(token) or SIGNS.get(token, 0.0)


def _kind(token: str) -> str:
    kinds = {
        "relation": RELATIONS | CONNECTIVES,
        "binary": BINARY,
        "open": OPENERS,
        "close": CLOSERS | {"!"},
        "operator": FUNCTIONS | LIMIT_OPERATORS | {r"\int"},
        "comma": {","},
        "space": {r"\,", r"\!", r"\;", r"\quad", r"\qquad", "&"},
    }
    return next((kind for kind, members in kinds.items() if token in members), "ordinary")


def _font(command: str, inside: tuple[str, ...], style: int) -> float:
    if command in _WIDE_FONTS:
        return _WIDE_FONTS[command] * len(inside) * SHRINK[style]
    if command in _ACCENTS:
        return list_width(inside, style) * (1.2 if command == r"\boldsymbol" else 1.0)
    letters = sum(ROMAN.get(token) or _glyph(token, style) for token in inside)
    return letters * _FONTS[command] * SHRINK[style]


def cells(tokens: Sequence[str]) -> list[list[tuple[str, ...]]]:
    """The rows of an environment (with its begin and end) as lists of cells."""
    rows: list[list[tuple[str, ...]]] = [[]]
    start, depth, last = 1, 0, len(tokens) - 1
    for at in range(1, last + 1):
        token = tokens[at]
        if depth == 0 and (at == last or token in ("&", r"\\")):
            rows[-1].append(tuple(tokens[start:at]))
            rows += [[]] if token == r"\\" else []
            start = at + 1
        depth += token.startswith((r"\begin", "{")) - token.startswith((r"\end", "}"))
    return rows


def _environment(tokens: tuple[str, ...], at: int, style: int) -> tuple[float, str, int]:
    end = environment_end(tokens, at)
    stacked = tokens[at] == r"\begin{aligned}"
    small = tokens[at] == r"\begin{smallmatrix}"
    inner = 0 if stacked else 2 if small else max(1, style)
    rows = [[list_width(cell, inner) for cell in row] for row in cells(tokens[at : end + 1])]
    columns = [max(column) for column in zip_longest(*rows, fillvalue=0.0)]
    if stacked:
        return sum(columns), "inner", end + 1
    if small:
        return sum(columns) + 2 * _THIN + _SMALL_COLUMN * (len(columns) - 1), "inner", end + 1
    fences = _BRACE - _COLUMN if tokens[at] == r"\begin{cases}" else 2 * DELIMITERS[r"\left"]
    return sum(columns) + _COLUMN * (len(columns) - 1) + fences, "inner", end + 1
