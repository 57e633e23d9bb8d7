"""Everything that has a name: what is there, what a word finds, and what a name on the command line means.

Nothing is proved here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from symderive.errors import InputError
from symderive.library.load import ORDER, load, load_all, load_document, nearest_hint
from symderive.statements.assumptions import assumptions
from symderive.statements.document import Theorem
from symderive.statements.statement import Derivation, Statement
from symderive.statements.step import Step


@dataclass(frozen=True)
class Listed:
    """Something with a name; ``home`` is the id of the section that tells it, empty for a section."""

    id: str
    kind: str
    title: str
    home: str = ""

    @property
    def line(self) -> str:
        """One line for people."""
        home = f" of {self.home}" if self.home else ""
        return f"{self.id}: {self.title} ({self.kind}{home})"


def listed(derivations: Iterable[Derivation], theorems: Iterable[Theorem] = ()) -> tuple[Listed, ...]:
    """Theorems, then section by section what each tells, then what they rest on beside that."""
    found = [Listed(theorem.id, theorem.kind, theorem.name) for theorem in theorems]
    told: set[str] = set()
    beside: dict[str, Listed] = {}
    for derivation in derivations:
        found.append(Listed(derivation.id, "section", derivation.title))
        for entry in derivation.entries:
            found.append(Listed(entry.id, _kind(entry), entry.title, derivation.id))
            told.add(entry.id)
            for part in _below(entry):
                beside.setdefault(part.id, Listed(part.id, _kind(part), part.title))
    return (*found, *(part for part in beside.values() if part.id not in told))


def search(words: Sequence[str], among: Iterable[Listed]) -> tuple[Listed, ...]:
    """What has all the words in its id or its title, in upper or lower case; without words, everything."""
    asked = [word.casefold() for text in words for word in text.split()]
    return tuple(
        thing for thing in among if all(word in f"{thing.id} {thing.title}".casefold() for word in asked)
    )


def theorems() -> tuple[Theorem, ...]:
    """The theorems of the package's paper, in its order."""
    document = load_document()
    parts = (*document.parts, *document.appendices)
    return tuple(block for part in parts for block in part.blocks if isinstance(block, Theorem))


def theorem_called(name: str, among: Iterable[Theorem]) -> Theorem | None:
    """The theorem of an id or, in upper or lower case and with hyphens for spaces, of a name."""
    known = tuple(among)
    asked = _slug(name)
    by_id = [theorem for theorem in known if theorem.id == name]
    return next(iter((*by_id, *(x for x in known if _slug(x.name) == asked))), None)


def select(names: Sequence[str]) -> tuple[Derivation, ...]:
    """The derivations that names on the command line mean; without names, all of the package.

    A name is the id of a derivation, a Python file, the id or the name of a theorem, or the id of a
    statement or a step.  What is named without its section comes in a section of its own, which says
    where it is from.  Raises :class:`InputError` for a name that nothing has, with the nearest ones, and
    for files as :func:`~symderive.library.load.load` does.
    """
    if not names:
        return load_all()
    whole = {name: load(name) for name in names if name in ORDER or name.endswith(".py")}
    taken = {entry.id for derivation in whole.values() for entry in derivation.entries}
    found: list[Derivation] = []
    for name in dict.fromkeys(names):
        if name in whole:
            found.append(whole[name])
            continue
        part = _excerpt(name, taken)
        taken |= {entry.id for entry in part.entries}
        if part.entries:
            found.append(part)
    return _joined(found)


def _excerpt(name: str, taken: set[str]) -> Derivation:
    """What a name means that is no section, without what is there already."""
    if theorem := theorem_called(name, theorems()):
        parts = [part for part in (*theorem.claims, *theorem.rests_on) if part.id not in taken]
        title = f"{theorem.kind.capitalize()} ({theorem.name})"
        return _of(theorem.id, title, "What this theorem of the paper states, and rests on.", parts)
    home, entry = find(name)
    parts = [entry] if entry.id not in taken else []
    if home is None:
        return _of(entry.id, entry.title, "A fact that stands outside the sections.", parts)
    return _of(home.id, home.title, f"An excerpt from the section {home.id}.", parts)


def find(name: str) -> tuple[Derivation | None, Statement | Step]:
    """The statement or the step of an id, and the section that tells it, if one does."""
    everything = load_all()
    for derivation in everything:
        for entry in derivation.entries:
            if entry.id == name:
                return derivation, entry
    for entry in beside(everything):
        if entry.id == name:
            return None, entry
    raise unknown(name, everything)


def load_entries(name: str) -> tuple[Statement | Step, ...]:
    """The statements and steps that a name of :func:`select` means."""
    if name in ORDER or name.endswith(".py"):
        return load(name).entries
    if theorem := theorem_called(name, theorems()):
        return theorem.claims
    return (find(name)[1],)


def unknown(name: str, derivations: Iterable[Derivation]) -> InputError:
    """That nothing has a name, with the nearest names."""
    known = [thing.id for thing in listed(derivations, theorems())]
    return InputError(
        f"{name!r} is no derivation, no theorem, no statement and no step{nearest_hint(name, known)}; "
        f"derive --list WORDS searches their names, and a file of one's own ends in .py."
    )


def beside(derivations: Iterable[Derivation]) -> Iterator[Statement | Step]:
    """What proofs rest on outside the sections, and inside them."""
    for derivation in derivations:
        for entry in derivation.entries:
            yield from _below(entry)


def _below(entry: Statement | Step) -> tuple[Statement | Step, ...]:
    found = assumptions(entry)
    return (*found.uses, *found.steps)


def _of(id_: str, title: str, prose: str, parts: Sequence[Statement | Step]) -> Derivation:
    return Derivation(
        id=id_,
        title=title,
        prose=prose,
        statements=tuple(x for x in parts if isinstance(x, Statement)),
        steps=tuple(x for x in parts if isinstance(x, Step)),
    )


def _joined(derivations: Iterable[Derivation]) -> tuple[Derivation, ...]:
    """Excerpts from one section as one."""
    found: dict[tuple[str, str], Derivation] = {}
    for one in derivations:
        known = found.get((one.id, one.prose))
        found[one.id, one.prose] = (
            one
            if known is None
            else replace(
                known, statements=(*known.statements, *one.statements), steps=(*known.steps, *one.steps)
            )
        )
    return tuple(found.values())


def _kind(entry: Statement | Step) -> str:
    return "statement" if isinstance(entry, Statement) else "step in words"


def _slug(text: str) -> str:
    return "-".join(text.casefold().replace("-", " ").split())
