r"""Text of a paper: words, mathematics between dollars, code between backticks, references, citations.

``[[id]]`` points at something with that id, ``[[one, other]]`` at several, ``[@key]`` cites.  Text comes
from derivations, which anybody may write, so mathematics holds known commands only, and words hold none:
nothing reads a file, writes one, or changes what a sign means.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from symderive.errors import InputError
from symderive.latex.names import words

#: Unicode letters and signs that prose may hold, as TeX inside mathematics.
MATH: dict[str, str] = {
    "≠": r"\ne ",
    "≥": r"\ge ",
    "≤": r"\le ",
    "→": r"\to ",
    "∞": r"\infty ",
    "⪰": r"\succeq ",
    "∈": r"\in ",
    "Σ": r"\sum ",
    "Π": r"\prod ",
    "ᵀ": r"^{\top}",
    "⁺": "^{+}",
    "⁻": "^{-}",
    "¹": "^{1}",
    "²": "^{2}",
    "³": "^{3}",
    "⇔": r"\iff ",
    "⇒": r"\Rightarrow ",
    "·": r"\cdot ",
    "λ": r"\lambda ",
    "ρ": r"\rho ",
    "σ": r"\sigma ",
    "γ": r"\gamma ",
    "κ": r"\kappa ",
    "τ": r"\tau ",
    "φ": r"\varphi ",
    "μ": r"\mu ",
    "θ": r"\theta ",
    "ε": r"\epsilon ",
    "χ": r"\chi ",
    "ζ": r"\zeta ",
}

#: The same outside mathematics.
TEXT: dict[str, str] = {
    "—": "---",
    "–": "--",
    "’": "'",
    "“": "``",
    "”": "''",
    "…": r"\dots{}",
    "ó": r"\'o",
    "é": r"\'e",
    "ö": r"\"o",
    "ü": r"\"u",
    "ä": r"\"a",
    "\u00a0": "~",
}

#: What authors type for some of them, longest first.
_TYPED = {"---": "—", "--": "–", "``": "“", "''": "”", "~": "\u00a0"}

_SPECIAL = {sign: f"\\{sign}" for sign in "%#&$"} | {"<": r"\textless{}", ">": r"\textgreater{}"}

#: Commands that mathematics in prose may hold.
COMMANDS = frozenset(
    rf"\{name}"
    for name in words(
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon "
        "phi chi psi omega varepsilon vartheta varpi varrho varsigma varphi Gamma Delta Theta Lambda Xi Pi "
        "Sigma Upsilon Phi Psi Omega ell hbar partial nabla infty emptyset forall exists aleph imath jmath "
        "bar hat tilde dot ddot vec overline underline widehat widetilde overbrace underbrace "
        "mathrm mathbf mathit mathsf mathtt mathcal mathbb mathfrak boldsymbol operatorname text mbox "
        "frac tfrac dfrac sqrt binom tbinom dbinom substack stackrel overset underset "
        "sum prod int oint bigcup bigcap bigoplus bigotimes lim limsup liminf sup inf max min arg argmin "
        "argmax det dim ker deg gcd Pr log ln exp sin cos tan sinh cosh tanh arctan arcsin arccos mod bmod "
        "pmod limits nolimits displaystyle textstyle scriptstyle "
        "le leq ge geq ne neq ll gg lt gt to mapsto rightarrow leftarrow leftrightarrow Rightarrow "
        "Leftarrow Leftrightarrow longrightarrow implies iff in notin ni subset subseteq supset supseteq "
        "approx sim simeq cong equiv propto prec preceq succ succeq perp parallel mid nmid asymp doteq "
        "pm mp times div cdot cdots dots ldots vdots ddots circ bullet star ast dagger prime top bot "
        "oplus otimes odot ominus cup cap setminus wedge vee lnot neg land lor angle triangle square "
        "left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr middle "
        "langle rangle lvert rvert lVert rVert vert Vert lbrace rbrace lbrack rbrack lfloor rfloor lceil "
        "rceil quad qquad colon begin end not"
    )
)

_ENVIRONMENTS = frozenset(
    ("cases", "aligned", "matrix", "pmatrix", "bmatrix", "vmatrix", "smallmatrix", "split")
)

#: What turns a backslash into more than a sign or a space.
_MISLEADING = ("", "@", "(", ")", "[", "]")

_NORM = re.compile(r"‖([^‖]*)‖")
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.|$)", re.DOTALL)
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\s*(\{[^{}]*\})?")
#: Words in which nothing is more than it looks like.
_PLAIN = re.compile(r"[A-Za-z0-9 .,;:()/?!+=]*")

_SPACE = re.compile(r"[ \t\n]+")
_BREAK = re.compile(r"-|\\_")
_BARE = re.compile(r"(?<!\\)([%#])")
_POINTER = re.compile(r"\[\[([^\[\]]*)\]\]|\[@([^\[\]]*)\]|`([^`]*)`")


@dataclass(frozen=True)
class Words:
    """Plain words in Unicode."""

    text: str


@dataclass(frozen=True)
class Maths:
    """A formula in ASCII TeX."""

    tex: str


@dataclass(frozen=True)
class Code:
    """A name in programs."""

    text: str


@dataclass(frozen=True)
class Reference:
    """A reference to what has these ids, one or several."""

    ids: tuple[str, ...]


@dataclass(frozen=True)
class Citation:
    """A citation of works by their keys."""

    keys: tuple[str, ...]


Span: TypeAlias = Words | Maths | Code | Reference | Citation


@lru_cache(maxsize=2**14)
def spans(text: str) -> tuple[Span, ...]:
    r"""The parts of a text.

    >>> spans("By [[main]], $x_1$ is 0")
    (Words(text='By '), Reference(ids=('main',)), Words(text=', '), Maths(tex='x_1'), Words(text=' is 0'))

    Raises :class:`InputError` for a character that no rule covers, for commands among words, and for
    commands in mathematics that are not known.
    """
    parts = _SPACE.sub(" ", text).split("$")
    if len(parts) % 2 == 0:
        raise InputError(f"the text {text[:60]!r} has an odd number of dollar signs; close the formula.")
    found: list[Span] = []
    for at, part in enumerate(parts):
        found += [Maths(_math(part))] if at % 2 else _outside(part)
    return tuple(_joined(found))


def to_tex(text: str, point: Callable[[Reference | Citation], str] | None = None) -> str:
    r"""``text`` in ASCII TeX; ``point`` makes TeX of references and citations.

    >>> to_tex("V = ‖v‖; it is not 0")
    'V = $\\lVert v\\rVert$; it is not 0'

    Raises what :func:`spans` does, and :class:`InputError` for a reference where none can stand.
    """
    return "".join(_tex(span, text, point) for span in spans(text))


def _tex(span: Span, text: str, point: Callable[[Reference | Citation], str] | None) -> str:
    match span:
        case Words():
            return "".join(TEXT.get(letter, _SPECIAL.get(letter, letter)) for letter in span.text)
        case Maths():
            return f"${span.tex}$"
        case Code():
            return rf"\texttt{{{_BREAK.sub(_breaking, escaped(span.text))}}}"
    if point is None:
        raise InputError(f"the text {text[:60]!r} holds a reference, and none can stand there.")
    return point(span)


def _breaking(found: re.Match[str]) -> str:
    return rf"{found[0]}\allowbreak{{}}"


def plain_words(text: str) -> str:
    """Text without markup, for the title of a window."""
    return "".join(getattr(span, "text", getattr(span, "tex", "")) for span in spans(text))


def escaped(text: str) -> str:
    """Plain ASCII as TeX prints it, signs of TeX among it."""
    return re.sub(r"([%#&$_{}])", r"\\\1", text)


def _outside(text: str) -> Iterator[Span]:
    at = 0
    for match in _POINTER.finditer(text):
        # Two backticks are a quotation mark, and no code.
        if match[3] is not None and not match[3]:
            continue
        yield from _words(text[at : match.start()])
        reference, citation, code = match.groups()
        if reference is not None:
            yield Reference(tuple(id_.strip() for id_ in reference.split(",")))
        elif citation is not None:
            yield Citation(tuple(key.strip().lstrip("@") for key in citation.split(",")))
        else:
            yield Code(_ascii(code))
        at = match.end()
    yield from _words(text[at:])


def _words(text: str) -> Iterator[Span]:
    """Words as they are, those with mathematical signs as mathematics."""
    if _PLAIN.fullmatch(text):
        yield Words(text)
        return
    for number, word in enumerate(text.split(" ")):
        if number:
            yield Words(" ")
        core = word.rstrip(",.;:")
        if any(letter in MATH or letter in "‖_^" for letter in core):
            yield Maths(_math(core).strip())
            yield Words(word[len(core) :])
        else:
            yield Words(_plain(word))


def _plain(word: str) -> str:
    for typed, letter in _TYPED.items():
        word = word.replace(typed, letter)
    for letter in word:
        if letter in "\\{}":
            raise InputError(f"the words {word[:60]!r} hold TeX; put it between dollar signs.")
        if letter not in TEXT:
            _ascii(letter, word)
    return word


def _joined(parts: list[Span]) -> Iterator[Span]:
    words = ""
    for part in parts:
        if isinstance(part, Words):
            words += part.text
            continue
        if words:
            yield Words(words)
        words = ""
        yield part
    if words:
        yield Words(words)


def _math(text: str) -> str:
    text = _NORM.sub(r"\\lVert \1\\rVert", text)
    text = _ascii("".join(MATH.get(letter, letter) for letter in text))
    if "^^" in text:
        raise InputError(f"the formula {text[:60]!r} holds ^^, which stands for hidden signs; write them.")
    for command in _COMMAND.findall(text):
        if command not in COMMANDS and (command[1:].isalpha() or command[1:] in _MISLEADING):
            raise InputError(f"the formula {text[:60]!r} holds {command}, which prose may not use.")
    for name in _ENVIRONMENT.findall(text):
        if name[1:-1] not in _ENVIRONMENTS:
            raise InputError(f"the formula {text[:60]!r} begins {name[1:-1]!r}, which prose may not use.")
    return _BARE.sub(r"\\\1", text)


def _ascii(text: str, whole: str = "") -> str:
    for letter in text:
        if not (letter.isascii() and (letter.isprintable() or letter == "\n")):
            raise InputError(f"the text {(whole or text)[:60]!r} holds {letter!r}; write it in TeX.")
    return text
