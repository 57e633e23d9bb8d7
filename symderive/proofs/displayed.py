r"""Displays and statements: whether what is printed says what is proved.

A display is accepted if it reads back from its own print, and if what it unfolds to is the statement, side
by side: the relation is the same, the ranges are, and the core proves left = left and right = right.  For
that it may use the recursions of the statement and what the hypotheses say about signs, and none of the
hypotheses themselves: a display says what the statement says, not what follows from it.

``at`` writes letters of the statement out.  A letter that was declared positive needs that what is written
for it is positive: by the core, from the hypotheses that are printed; or by a step in words (``because``),
whose id is then part of the outcome.  After that each hypothesis of the statement is one of the printed, up
to a positive factor, a standing assumption of the vocabulary, or an identity; and each that is printed is
one of the statement (or of those in ``also``), is a condition in words that is a formula, or says that what
is written for a positive letter is positive.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import permutations
from typing import Any

import sympy as sp

from symderive.core.signs import Signs, require_defined
from symderive.core.terms import CoreError
from symderive.displays.latex import to_tex
from symderive.displays.nodes import Node
from symderive.displays.reader import read
from symderive.displays.unfold import Unfolder
from symderive.displays.vocabulary import Reading
from symderive.errors import InputError
from symderive.proofs.elaborate import Elaborator, as_claim
from symderive.proofs.explain import ProofError
from symderive.proofs.replay import theorem_of
from symderive.statements.assumptions import is_random
from symderive.statements.claim import Claim, Recursion, Relation
from symderive.statements.display import Definition, Display, Letter, Vocabulary
from symderive.statements.proof import differentiate, exact_algebra
from symderive.statements.statement import Statement, claim_in_words
from symderive.statements.step import Step

PROVED, IN_WORDS, REFUSED = "proved", "in words", "refused"

#: Relations that say the same with their sides exchanged.
_SYMMETRIC = (Relation.EQUAL, Relation.DIFFERENT, Relation.EQUIVALENT)


@dataclass(frozen=True)
class Displayed:
    """What is printed of a statement or a step, and what the check says of it.

    Attributes
    ----------
    id
        Of the statement or step.
    tex, where, given
        The display, the names that it defines and the hypotheses that it prints: canonical LaTeX.
    verdict, reason
        ``proved``, ``in words`` or ``refused``, and for the last what differs, in one clause.
    over, given_over
        Ranges of the indices that the display and each hypothesis leave free, as LaTeX: ``i = 1, \\dots,
        D``, several with commas, empty where there is none; to be printed behind it.
    because
        Ids of the steps in words that it rests on: they say that what is written for a letter is positive,
        or why a hypothesis need not be printed.
    claim, where_nodes, given_nodes
        The nodes of ``tex``, ``where`` and ``given``; None and empty where they could not be read.
    """

    id: str
    tex: str
    where: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    verdict: str = REFUSED
    reason: str = ""
    over: str = ""
    given_over: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    claim: Node | None = None
    where_nodes: tuple[Node, ...] = ()
    given_nodes: tuple[Node, ...] = ()


class Refused(Exception):
    """A display does not say what its statement says; the message is a clause."""


def check_display(entry: Statement | Step, vocabulary: Vocabulary) -> Displayed:
    """Check the display of a statement or a step in words; see the module for what is asked of it."""
    display = entry.display
    if display is None:
        raise InputError(f"{entry.id} has no display.")
    found = Displayed(entry.id, display.tex, display.where, display.given)
    try:
        statements = (entry, *display.also) if isinstance(entry, Statement) else ()
        reading = Reading(
            vocabulary,
            entry if isinstance(entry, Statement) else None,
            display.setting,
            replaced=[letter for letter, _ in display.at],
            also=display.also,
        )
        found = _read(found, display, reading)
        if not isinstance(entry, Statement):
            _unfolded_in_words(found, reading)
            return replace(found, verdict=IN_WORDS)
        check = _Check(statements, display, reading, vocabulary, found)
        return check.run()
    except (InputError, Refused) as error:
        return replace(found, verdict=REFUSED, reason=str(error).rstrip("."))


def check_letter(letter: Letter, vocabulary: Vocabulary) -> str:
    """Why the displays of a letter's recursion are not that recursion; empty where they are."""
    recursion = letter.recursion
    if recursion is None or len(letter.defined) != 2:
        return "" if recursion is None and not letter.defined else f"{letter.tex} has no base and step"
    reading = Reading(vocabulary)
    head, (layer, *rest) = recursion.head, recursion.indices
    try:
        for tex, at, value in zip(
            letter.defined, (sp.S.Zero, layer), (recursion.base, recursion.step), strict=True
        ):
            node = _round_trip(tex, reading)
            # In words a layer may be any index; nothing of the rest has no entries.
            unfolder = Unfolder(reading, indices={str(layer): layer})
            (claim,) = unfolder.claims(node)
            over = tuple((index, low, high) for index, (_, low, high) in zip(rest, claim.over, strict=True))
            stated = Claim(Relation.EQUAL, head[(at, *rest)], value, over)
            if reason := _difference(claim, stated, _Context((), ())):
                return f"{tex}: {reason}"
    except ValueError as error:  # several claims, other indices; an InputError is one of these
        return f"{letter.tex}: {error}".rstrip(".")
    return ""


def check_definition(definition: Definition, vocabulary: Vocabulary) -> str:
    """Why a definition cannot be printed and unfolded; empty where it can."""
    try:
        reading = Reading(vocabulary)
        entry = next(entry for entry in reading.entries if entry.record == definition)
        for tex in (definition.tex, definition.value):
            _round_trip(tex, reading)
        scope = dict.fromkeys(entry.indices, sp.Symbol("index", integer=True, positive=True))
        assert entry.value is not None
        Unfolder(reading, in_words=True).value(entry.value, scope)
    except InputError as error:
        return f"{definition.tex}: {error}".rstrip(".")
    return ""


# -- reading -----------------------------------------------------------------------------------------------


def _round_trip(tex: str, reading: Reading, functions: frozenset[str] = frozenset()) -> Node:
    heads = reading.functions | functions
    node = read(tex, heads)
    printed = to_tex(node)
    if read(printed, heads) != node:
        raise InputError(f"{tex} is printed as {printed}, which reads as something else.")
    return node


def _read(found: Displayed, display: Display, reading: Reading) -> Displayed:
    where = tuple(_round_trip(tex, reading) for tex in display.where)
    claim = _round_trip(display.tex, reading)
    given = tuple(_round_trip(tex, reading) for tex in display.given)
    return replace(
        found,
        tex=to_tex(claim),
        where=tuple(map(to_tex, where)),
        given=tuple(map(to_tex, given)),
        claim=claim,
        where_nodes=where,
        given_nodes=given,
    )


def _unfolded_in_words(found: Displayed, reading: Reading) -> None:
    """Names are known and shapes fit, as far as parts have entries."""
    for node in (found.claim, *found.given_nodes):
        if node is not None:
            Unfolder(reading, found.where_nodes, in_words=True).claims(node)


# -- side by side ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Context:
    """What an equation of two sides may use: recursions, and the signs that hypotheses tell."""

    given: tuple[Claim, ...]
    definitions: tuple[Recursion, ...]
    memory: dict[Any, str] = field(default_factory=dict, compare=False)

    def unequal(self, left: Any, right: Any, over: tuple[Any, ...]) -> str:
        """Why left = right is not proved for all indices in some ranges; empty where it is."""
        key = left, right, over
        if key not in self.memory:
            self.memory[key] = self._unequal(*key)
        return self.memory[key]

    def _unequal(self, left: Any, right: Any, over: tuple[Any, ...]) -> str:
        if sp.oo in (left, right):
            return "" if left == right else f"{left} is not {right}"
        if left.has(sp.oo) and left.as_dummy() == right.as_dummy():
            return ""  # one series: that it converges is for the statement to say
        proofs: list[Any] = [exact_algebra]
        if left.has(sp.Derivative) or right.has(sp.Derivative):
            proofs.append(differentiate())
        reason = ""
        for proof in proofs:
            statement = Statement(
                id="side",
                title="Two sides are equal",
                left=left,
                right=right,
                over=over,
                given=self.given,
                definitions=self.definitions,
                reference="a display",
                proof=proof,
            )
            try:
                theorem_of(statement)
                return ""
            except ProofError as error:
                reason = str(error) if error.remainder is None else f"they differ by {error.remainder}"
        return reason


def _difference(mine: Claim, stated: Claim, context: _Context) -> str:
    """Why a claim of a display is not one of a statement; empty where they say the same."""
    if mine.relation is not stated.relation:
        return f"it says {mine.relation.value} where the statement says {stated.relation.value}"
    reason = "the ranges of its indices are not those of the statement"
    for renamed in _renamings(mine, stated):
        reason = _sides(renamed, stated, context)
        if not reason:
            return ""
    if stated.relation in _SYMMETRIC:
        exchanged = replace(stated, left=stated.right, right=stated.left)
        if any(not _sides(renamed, exchanged, context) for renamed in _renamings(mine, stated)):
            return ""
    return reason


def _renamings(mine: Claim, stated: Claim) -> Iterator[Claim]:
    """The claim with the indices of another, in every way in which the ranges agree."""
    names = {str(symbol): symbol for symbol in mine.free_symbols if _is_index(symbol)}
    free = [index for index, *_ in stated.over if str(index) in names]
    table = {names[str(index)]: index for index in free}
    rest = [(index, low, high) for index, low, high in stated.over if index not in free]
    if len(rest) != len(mine.over):
        return
    for order in permutations(rest):
        renamed = {**table, **{a[0]: b[0] for a, b in zip(mine.over, order, strict=True)}}
        ends = (
            (sp.sympify(own).xreplace(renamed), sp.sympify(other))
            for a, b in zip(mine.over, order, strict=True)
            for own, other in zip(a[1:], b[1:], strict=True)
        )
        if all(sp.expand(own - other) == 0 for own, other in ends):
            yield Claim(mine.relation, _put(mine.left, renamed), _put(mine.right, renamed), stated.over)


def _is_index(symbol: Any) -> bool:
    return isinstance(symbol, sp.Symbol) and bool(symbol.is_integer)


def _put(side: Any, table: Mapping[Any, Any]) -> Any:
    return side.xreplace(dict(table))


def _sides(mine: Claim, stated: Claim, context: _Context) -> str:
    if stated.relation is Relation.LIMIT:
        ours, theirs = mine.left.args, stated.left.args
        if ours[1:] != theirs[1:]:
            return f"the limit is at {ours[1]} → {ours[2]} and not at {theirs[1]} → {theirs[2]}"
        pairs = [("limit", ours[0], theirs[0]), ("value", mine.right, stated.right)]
    elif stated.relation is Relation.EQUIVALENT:
        for own, other in ((mine.left, stated.left), (mine.right, stated.right)):
            parts = [replace(as_claim(side), over=stated.over) for side in (own, other)]
            if reason := _difference(parts[0], parts[1], context):
                return reason
        return ""
    else:
        pairs = [("left side", mine.left, stated.left), ("right side", mine.right, stated.right)]
    for name, own, other in pairs:
        if reason := context.unequal(own, other, stated.over):
            return f"its {name} is not that of the statement; {reason}"
    return ""


# -- the check of one display ------------------------------------------------------------------------------


class _Check:
    """One display and the statements that it prints."""

    def __init__(
        self,
        statements: tuple[Statement, ...],
        display: Display,
        reading: Reading,
        vocabulary: Vocabulary,
        found: Displayed,
    ) -> None:
        self.statements, self.display, self.reading = statements, display, reading
        self.standing, self.found = vocabulary.standing, found
        self.unfolder = Unfolder(reading, found.where_nodes)
        self.because: list[str] = []

    def run(self) -> Displayed:
        """The display with its verdict; :class:`Refused` where it does not say what the statements say."""
        assert self.found.claim is not None
        claims = self.unfolder.claims(self.found.claim)
        printed = [self.unfolder.claims(node) for node in self.found.given_nodes]
        given = [claim for part in printed for claim in part]
        free = set(self.unfolder.free.values())
        at = tuple((key, self._written(value)) for key, value in self.display.at)
        if len(claims) != len(self.statements):
            raise Refused(
                f"it has {len(claims)} relations for {len(self.statements)} statements; name those of the "
                f"further ones in also"
            )
        definitions = tuple(dict.fromkeys(r for part in self.statements for r in part.definitions))
        # Signs are read off hypotheses without indices only, and off none that is not printed.
        plain = [claim for claim in given if not (claim.over or claim.free_symbols & free)]
        context = _Context(tuple(plain), definitions)
        stated = [self._replaced(claim, at, context) for part in self.statements for claim in part.given]
        self._kinds(at, context)
        meant = self._hypotheses(stated, given, [*self._kind_claims(at), *self._in_words()], context)
        targets = []
        for claim, statement in zip(claims, self.statements, strict=True):
            targets.append(self._replaced(statement.claim, at, context))
            if reason := _difference(claim, targets[-1], context):
                raise Refused(reason if len(claims) == 1 else f"{statement.id}: {reason}")
        self._defined(context)
        ranges = (_ranges((claim, meant[claim]) for claim in part) for part in printed)
        return replace(
            self.found,
            verdict=PROVED,
            over=_ranges(zip(claims, targets, strict=True)),
            given_over=tuple(ranges),
            because=tuple(dict.fromkeys(self.because)),
        )

    def _written(self, value: Any) -> Any:
        """What ``at`` writes for a letter, in entries."""
        if isinstance(value, str):
            return self.unfolder.number(_round_trip(value, self.reading), {})
        return sp.sympify(value)

    @staticmethod
    def _replaced(claim: Claim, at: tuple[tuple[Any, Any], ...], context: _Context) -> Claim:
        for key, value in at:
            put = _replacer(key, value, context)
            claim = replace(claim, left=put(claim.left), right=put(claim.right))
        return claim

    def _kinds(self, at: tuple[tuple[Any, Any], ...], context: _Context) -> None:
        """What is written for a letter is of the kind that the statement takes it to be."""
        because = dict(self.display.because)
        for key, value in at:
            if key in because:
                reason = because[key]
                if not isinstance(reason, Step):
                    raise Refused(f"because of {key} is no step in words")
                self.because.append(reason.id)
                continue
            elaborator, signs = self._signs(context)
            try:
                term = elaborator.term(value, {})
                require_defined(signs, term)
            except CoreError as error:
                raise Refused(f"what is written for {key} is not known to be defined; {error}") from None
            if key.is_integer:
                raise Refused(f"{key} is a whole number, and nothing is written out for it")
            if key.is_positive and not signs.is_positive(term):
                raise Refused(f"{key} is positive in the statement, and {value} is not known to be")
            if key.is_nonnegative and not signs.is_nonnegative(term):
                raise Refused(f"{key} is not negative in the statement, and {value} is not known to be so")
        for key in because.keys() - {key for key, _ in at}:
            if not isinstance(key, Claim):
                raise Refused(f"because speaks of {key}, for which nothing is written out")

    def _signs(self, context: _Context) -> tuple[Elaborator, Signs]:
        random = any(map(is_random, self.statements))
        elaborator = Elaborator(context.definitions, random=random)
        try:
            return elaborator, Signs(tuple(elaborator.claim(claim, {}) for claim in context.given))
        except CoreError as error:
            raise Refused(f"a hypothesis that is printed has no meaning here; {error}") from None

    def _defined(self, context: _Context) -> None:
        """What the display divides by or raises to a power is defined, also where SymPy cancels it."""
        elaborator, signs = self._signs(context)
        for base, exponent in self.unfolder.defined:
            power = sp.Pow(base, exponent, evaluate=False)
            try:
                require_defined(signs, elaborator.term(power, {}))
            except CoreError as error:
                raise Refused(f"the power {power} is not known to be defined; {error}") from None

    @staticmethod
    def _kind_claims(at: tuple[tuple[Any, Any], ...]) -> Iterator[Claim]:
        """What a letter's being positive says of what is written for it: Q > 0 for Q^{1/2}."""
        for key, value in at:
            if key.is_positive:
                whole = isinstance(value, sp.Pow) and value.exp.is_positive
                yield Claim(Relation.GREATER, value.base if whole else value, sp.S.Zero)

    def _in_words(self) -> Iterator[Claim]:
        """Conditions in words that are one formula, which a display may print as a hypothesis."""
        for words in (words for part in self.statements for words in part.conditions):
            if re.fullmatch(r"\$[^$]+\$", words):
                try:
                    yield from self.unfolder.claims(read(words[1:-1], self.reading.functions))
                except InputError:
                    continue  # it is for the reader of the paper

    def _hypotheses(
        self, stated: list[Claim], printed: list[Claim], allowed: list[Claim], context: _Context
    ) -> dict[Claim, Claim]:
        """What each hypothesis that is printed is in the statement."""
        original = [claim for part in self.statements for claim in part.given]
        known = (*printed, *self.standing)
        for claim, before in zip(stated, original, strict=True):
            if not (
                any(_is_same(mine, claim, context) for mine in known)
                or _is_identity(claim, context)
                or self._follows(before, known, context)
            ):
                raise Refused(f"it does not print the hypothesis {claim_in_words(claim)}")
        meant: dict[Claim, Claim] = {}
        for claim, text in zip(printed, self._texts(), strict=True):
            same = (other for other in (*stated, *allowed) if _is_same(claim, other, context))
            if (found := next(same, None)) is None:
                raise Refused(f"it supposes {text}, which the statement does not")
            meant[claim] = found
        return meant

    def _follows(self, hypothesis: Claim, known: tuple[Claim, ...], context: _Context) -> bool:
        """Whether ``because`` has a step in words for a hypothesis, or a statement that proves it."""
        reason = dict(self.display.because).get(hypothesis)
        if isinstance(reason, Step):
            self.because.append(reason.id)
            return True
        if not isinstance(reason, Statement):
            return False
        try:
            theorem_of(reason)
        except ProofError:
            raise Refused(f"{reason.id}, because of which a hypothesis holds, is not proved") from None
        return not _difference(reason.claim, hypothesis, context) and all(
            any(_is_same(mine, claim, context) for mine in known) for claim in reason.given
        )

    def _texts(self) -> Iterator[str]:
        for node, text in zip(self.found.given_nodes, self.found.given, strict=True):
            for _ in Unfolder(self.reading, self.found.where_nodes).claims(node):
                yield text


def _ranges(pairs: Iterable[tuple[Claim, Claim]]) -> str:
    """The ranges of indices that claims of a display leave free and claims of a statement have."""
    found: dict[str, None] = {}
    for mine, stated in pairs:
        free = {str(symbol) for symbol in mine.free_symbols if _is_index(symbol)}
        for index, low, high in stated.over:
            if str(index) in free:
                found[rf"{index} = {sp.latex(low)}, \dots, {sp.latex(high)}"] = None
    return ", ".join(found)


def _is_same(mine: Claim, stated: Claim, context: _Context) -> bool:
    """Whether two hypotheses say the same: side by side, or an equation up to a positive factor."""
    if mine.relation is not stated.relation:
        return False
    if not _difference(mine, stated, context):
        return True
    if mine.relation is not Relation.EQUAL:
        return False
    for renamed in _renamings(mine, stated):
        for other in (stated, replace(stated, left=stated.right, right=stated.left)):
            if _is_multiple(renamed, other, context) or _is_square(renamed, other, context):
                return True
    return False


def _is_square(mine: Claim, stated: Claim, context: _Context) -> bool:
    """Whether the sides of one equation, none of them negative, have those of another as squares."""
    return (
        _has_sign(mine.left, context, strict=False)
        and _has_sign(mine.right, context, strict=False)
        and not context.unequal(mine.left**2, stated.left, stated.over)
        and not context.unequal(mine.right**2, stated.right, stated.over)
    )


def _is_multiple(mine: Claim, stated: Claim, context: _Context) -> bool:
    """Whether the sides of one equation are those of another times a factor that is positive."""
    if stated.right == 0 or mine.right == 0 or stated.left == 0 or mine.left == 0:
        return False
    for factor in (stated.left / mine.left, stated.right / mine.right):
        if not _has_sign(factor, context, strict=True):
            continue
        if not context.unequal(factor * mine.left, stated.left, stated.over) and not context.unequal(
            factor * mine.right, stated.right, stated.over
        ):
            return True
    return False


def _has_sign(factor: Any, context: _Context, *, strict: bool) -> bool:
    """Whether a number is known to be positive, or not negative if not ``strict``."""
    elaborator = Elaborator(context.definitions)
    try:
        signs = Signs(tuple(elaborator.claim(claim, {}) for claim in context.given))
        term = elaborator.term(factor, {})
        require_defined(signs, term)
        return signs.is_positive(term) if strict else signs.is_nonnegative(term)
    except CoreError:
        return False


def _is_identity(claim: Claim, context: _Context) -> bool:
    """Whether a hypothesis is an equation that holds by algebra."""
    return claim.relation is Relation.EQUAL and not context.unequal(claim.left, claim.right, claim.over)


def _replacer(key: Any, value: Any, context: _Context) -> Callable[[Any], Any]:
    """The replacement of a letter, or of the elements of a family, in an expression.

    (a^x b)^p becomes a^{xp} b^p where neither a nor b is negative, which SymPy does not see.
    """
    factors = [factor.as_base_exp() for factor in sp.Mul.make_args(value)]
    splits = all(_has_sign(base, context, strict=False) for base, _ in factors)

    def raised(found: Any, exponent: Any) -> Any:
        if not splits:
            return found**exponent
        parts = (factor.as_base_exp() for factor in sp.Mul.make_args(found))
        return sp.Mul(*(base ** (own * exponent) for base, own in parts))

    def meant(node: Any) -> Any:
        """What stands for a node that is the letter, else None."""
        if node == key:
            return value
        if isinstance(key, sp.Indexed) and isinstance(node, sp.Indexed) and node.base == key.base:
            where = dict(zip(key.indices, node.indices, strict=True))
            if all(own == other or isinstance(own, sp.Symbol) for own, other in where.items()):
                return value.xreplace(where)
        return None

    def put(node: Any) -> Any:
        if (found := meant(node)) is not None:
            return found
        if not node.args or isinstance(node, sp.Indexed):
            return node
        if isinstance(node, sp.Pow) and (found := meant(node.base)) is not None:
            return raised(found, put(node.exp))
        if isinstance(node, sp.Derivative | sp.Limit) and any(
            meant(part) is not None for part in node.args
        ):
            raise Refused(f"{key} is the variable of {node}, and nothing is written out for it")
        arguments = tuple(map(put, node.args))
        if all(new is old for new, old in zip(arguments, node.args, strict=True)):
            return node
        if isinstance(node, sp.core.relational.Relational):
            return node.func(*arguments, evaluate=False)
        return node.func(*arguments)

    return put
