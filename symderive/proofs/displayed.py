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
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from symderive.core.signs import Signs, require_defined
from symderive.core.terms import CoreError
from symderive.displays.nodes import Node
from symderive.displays.printing.latex import to_tex
from symderive.displays.reading.reader import read
from symderive.displays.unfold import Unfolder
from symderive.displays.vocabulary import Reading
from symderive.errors import InputError
from symderive.latex.names import range_between
from symderive.proofs.defined import round_trip
from symderive.proofs.elaborate import Elaborator
from symderive.proofs.explain import ProofError
from symderive.proofs.letters_of_displays import (
    require_free,
    require_kinds,
    require_proved,
    require_recursions,
)
from symderive.proofs.sides import (
    Context,
    RefusedError,
    difference,
    is_identity,
    is_index,
    is_same,
    replacer,
)
from symderive.statements.assumptions import is_random
from symderive.statements.claim import Claim, Relation
from symderive.statements.display import Display, Vocabulary
from symderive.statements.statement import Statement, claim_in_words
from symderive.statements.step import Step

PROVED, IN_WORDS, REFUSED = "proved", "in words", "refused"


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


def check_display(entry: Statement | Step, vocabulary: Vocabulary) -> Displayed:
    """Check the display of a statement or a step in words; see the module for what is asked of it."""
    display = entry.display
    if display is None:
        raise InputError(f"{entry.id} has no display.")
    found = Displayed(entry.id, display.tex, display.where, display.given)
    try:
        if not all(isinstance(part, Statement) for part in display.also):
            raise RefusedError("also has something that is no statement")
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
            return _in_its_setting(replace(found, verdict=IN_WORDS), reading)
        if (shapes := reading.of_shapes()) is not None:
            _require_no_matrix(found, shapes)
        check = _Check(statements, display, reading, vocabulary, found)
        return _in_its_setting(check.run(), reading)
    except (InputError, RefusedError) as error:
        return replace(found, verdict=REFUSED, reason=str(error).rstrip("."))


def _in_its_setting(found: Displayed, reading: Reading) -> Displayed:
    """With what the setting supposes, which is no hypothesis of the statement, among the hypotheses."""
    tex = dict(reading.vocabulary.supposed).get(reading.setting)
    if tex is None:
        return found
    node = round_trip(tex, reading)
    over = found.given_over or ("",) * len(found.given)
    return replace(
        found,
        given=(to_tex(node), *found.given),
        given_nodes=(node, *found.given_nodes),
        given_over=("", *over),
    )


def looked_at(entry: Statement | Step, vocabulary: Vocabulary) -> tuple[Any, ...]:
    """All that the outcome of :func:`check_display` rests on besides the software, for a digest.

    Conditions in words are part of it, which the digest of a statement leaves out.
    """
    display = entry.display
    also = () if display is None else display.also
    return (entry, display, vocabulary, *(part.conditions for part in (entry, *also)))


# -- reading -----------------------------------------------------------------------------------------------


def _read(found: Displayed, display: Display, reading: Reading) -> Displayed:
    where = tuple(round_trip(tex, reading) for tex in display.where)
    claim = round_trip(display.tex, reading)
    given = tuple(round_trip(tex, reading) for tex in display.given)
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


def _require_no_matrix(found: Displayed, reading: Reading) -> None:
    """Where a setting reads vectors as numbers, along one direction, matrices are not compared."""
    for node in (found.claim, *found.given_nodes):
        if node is not None:
            for claim in Unfolder(reading, found.where_nodes, in_words=True).claims(node):
                if len(claim.over) > 1:
                    raise RefusedError(
                        f"the setting {reading.setting!r} reads vectors as numbers, and {to_tex(node)} "
                        f"compares matrices"
                    )


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
        """The display, proved; :class:`RefusedError` where it does not say what the statements say."""
        assert self.found.claim is not None
        claims = self.unfolder.claims(self.found.claim)
        printed = [self.unfolder.claims(node) for node in self.found.given_nodes]
        given = [claim for part in printed for claim in part]
        free = set(self.unfolder.free.values())
        at = tuple((key, self._written(key, value)) for key, value in self.display.at)
        require_free(at, self.statements)
        require_recursions(self.statements, (*claims, *given), self.reading)
        for part in self.statements[1:]:
            self._prove(part, "which it prints, too")
        self.unfolder.require_used()
        if any(claim.relation is Relation.EQUIVALENT and claim.over for claim in given):
            raise RefusedError(
                "an equivalence of vectors, as a hypothesis, is less than that of all entries"
            )
        if len(claims) != len(self.statements):
            raise RefusedError(
                f"it has {len(claims)} relations for {len(self.statements)} statements; name those of the "
                f"further ones in also"
            )
        definitions = tuple(dict.fromkeys(r for part in self.statements for r in part.definitions))
        # Signs are read off hypotheses without indices only, and off none that is not printed.
        plain = [claim for claim in given if not (claim.over or claim.free_symbols & free)]
        context = Context(tuple(plain), definitions)
        stated = [self._replaced(claim, at, context) for part in self.statements for claim in part.given]
        self._kinds(at, context)
        meant = self._hypotheses(stated, given, at, context)
        targets = []
        for claim, statement in zip(claims, self.statements, strict=True):
            targets.append(self._replaced(statement.claim, at, context))
            if reason := difference(claim, targets[-1], context):
                raise RefusedError(reason if len(claims) == 1 else f"{statement.id}: {reason}")
        self._defined(context)
        require_kinds(self.unfolder, self.reading, self.display, self.statements, context)
        ranges = (_ranges((claim, meant[claim]) for claim in part) for part in printed)
        return replace(
            self.found,
            verdict=PROVED,
            over=_ranges(zip(claims, targets, strict=True)),
            given_over=tuple(ranges),
            because=tuple(dict.fromkeys(self.because)),
        )

    def _written(self, key: Any, value: Any) -> Any:
        """What ``at`` writes for a letter, in entries; an index is free in it only as one of the letter."""
        if isinstance(value, str):
            value = self.unfolder.number(round_trip(value, self.reading), {})
        if not isinstance(value, sp.Expr | int):
            raise RefusedError(f"what is written for {key} is no expression and no text")
        value = self.unfolder.at_fixed(value)
        if not isinstance(key, sp.Symbol | sp.Indexed):
            raise RefusedError(f"{key} is no letter, and nothing is written out for it")
        indices = {str(index): index for index in getattr(key, "indices", ())}
        free = set(self.unfolder.free.values())
        value = value.xreplace({x: indices.get(str(x), x) for x in value.free_symbols & free})
        bound = frozenset().union(
            *(_bound(claim) for part in self.statements for claim in _claims_of(part))
        )
        if left := value.free_symbols & (free | bound) - set(indices.values()):
            raise RefusedError(f"what is written for {key} speaks of the index {min(map(str, left))}")
        return value

    @staticmethod
    def _replaced(claim: Claim, at: tuple[tuple[Any, Any], ...], context: Context) -> Claim:
        for key, value in at:
            put = replacer(key, value, context)
            claim = replace(claim, left=put(claim.left), right=put(claim.right))
        return claim

    def _kinds(self, at: tuple[tuple[Any, Any], ...], context: Context) -> None:
        """What is written for a letter is of the kind that the statement takes it to be."""
        because = dict(self.display.because)
        for key, value in at:
            if key.is_integer:
                raise RefusedError(f"{key} is a whole number, and nothing is written out for it")
            if key in because:
                reason = because[key]
                if not isinstance(reason, Step):
                    raise RefusedError(f"because of {key} is no step in words")
                self.because.append(reason.id)
                continue
            elaborator, signs = self._signs(context)
            try:
                term = elaborator.term(value, {})
                require_defined(signs, term)
            except CoreError as error:
                raise RefusedError(
                    f"what is written for {key} is not known to be defined; {error}"
                ) from None
            if key.is_positive and not signs.is_positive(term):
                raise RefusedError(f"{key} is positive in the statement, and {value} is not known to be")
            if key.is_nonnegative and not signs.is_nonnegative(term):
                raise RefusedError(
                    f"{key} is not negative in the statement, and {value} is not known to be so"
                )
        for key in because.keys() - {key for key, _ in at}:
            if not isinstance(key, Claim):
                raise RefusedError(f"because speaks of {key}, for which nothing is written out")

    def _signs(self, context: Context) -> tuple[Elaborator, Signs]:
        random = any(map(is_random, self.statements))
        elaborator = Elaborator(context.definitions, random=random)
        try:
            return elaborator, Signs(tuple(elaborator.claim(claim, {}) for claim in context.given))
        except CoreError as error:
            raise RefusedError(f"a hypothesis that is printed has no meaning here; {error}") from None

    def _defined(self, context: Context) -> None:
        """What the display divides by or raises to a power is defined, also where SymPy cancels it."""
        elaborator, signs = self._signs(context)
        for base, exponent in self.unfolder.defined:
            power = sp.Pow(base, exponent, evaluate=False)
            try:
                require_defined(signs, elaborator.term(power, {}))
            except CoreError as error:
                raise RefusedError(f"the power {power} is not known to be defined; {error}") from None
        for inside in self.unfolder.logarithms:
            try:
                known = signs.is_positive(elaborator.term(inside, {}))
            except CoreError:
                known = False
            if not known:
                raise RefusedError(f"the logarithm of {inside} is not known to be defined")

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
        self,
        stated: list[Claim],
        printed: list[Claim],
        at: tuple[tuple[Any, Any], ...],
        context: Context,
    ) -> dict[Claim, Claim]:
        """What each hypothesis that is printed is in the statement."""
        original = [claim for part in self.statements for claim in part.given]
        known = (*printed, *self.standing)
        for claim, before in zip(stated, original, strict=True):
            if not (
                any(is_same(mine, claim, context) for mine in known)
                or is_identity(claim, context)
                or self._follows(before, claim, known, at, context)
            ):
                raise RefusedError(f"it does not print the hypothesis {claim_in_words(claim)}")
        allowed = (*self._kind_claims(at), *self._in_words())
        meant: dict[Claim, Claim] = {}
        for claim, text in zip(printed, self._texts(), strict=True):
            same = (other for other in (*stated, *allowed) if is_same(claim, other, context))
            if (found := next(same, None)) is None:
                raise RefusedError(f"it supposes {text}, which the statement does not")
            meant[claim] = found
        return meant

    def _follows(
        self,
        before: Claim,
        hypothesis: Claim,
        known: tuple[Claim, ...],
        at: tuple[tuple[Any, Any], ...],
        context: Context,
    ) -> bool:
        """Whether ``because`` has a step in words for a hypothesis, or a statement that proves it.

        ``before`` is the hypothesis with the letters of the statement, which are written out in the other.
        """
        reason = dict(self.display.because).get(before)
        if isinstance(reason, Step):
            self.because.append(reason.id)
            return True
        if not isinstance(reason, Statement):
            return False
        self._prove(reason, "because of which a hypothesis holds")
        own = {item for part in self.statements for item in (*part.definitions, *part.conditions)}
        if missing := {*reason.definitions, *reason.conditions} - own:
            what = next((x for x in missing if isinstance(x, str)), "a recursion of its own")
            raise RefusedError(f"{reason.id}, because of which a hypothesis holds, supposes {what}")
        claim, *supposed = (self._replaced(part, at, context) for part in (reason.claim, *reason.given))
        return not difference(claim, hypothesis, context) and all(
            any(is_same(mine, part, context) for mine in known) for part in supposed
        )

    @staticmethod
    def _prove(statement: Statement, why: str) -> None:
        try:
            require_proved(statement, why)
        except ProofError:
            raise RefusedError(f"{statement.id}, {why}, is not proved") from None

    def _texts(self) -> Iterator[str]:
        for node, text in zip(self.found.given_nodes, self.found.given, strict=True):
            for _ in Unfolder(self.reading, self.found.where_nodes).claims(node):
                yield text


def _claims_of(statement: Statement) -> tuple[Claim, ...]:
    return (statement.claim, *statement.given)


def _bound(claim: Claim) -> set[Any]:
    """The indices of a claim's ranges, sums and products."""
    folds = claim.left.atoms(sp.Sum, sp.Product) | claim.right.atoms(sp.Sum, sp.Product)
    inner = {limit[0] for fold in folds for limit in fold.limits}
    return inner | {index for index, *_ in claim.over}


def _ranges(pairs: Iterable[tuple[Claim, Claim]]) -> str:
    """The ranges of indices that claims of a display leave free and claims of a statement have."""
    found: dict[str, None] = {}
    for mine, stated in pairs:
        free = {str(symbol) for symbol in mine.free_symbols if is_index(symbol)}
        for index, low, high in stated.over:
            if str(index) in free:
                found[f"{index} = {range_between(sp.latex(low), sp.latex(high))}"] = None
    return ", ".join(found)
