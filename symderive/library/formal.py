"""The proofs in Coq that come with the package, and the sections that they are of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from symderive.coq.files import DEFINITIONS, coq_name, project, texts
from symderive.coq.marks import written
from symderive.coq.sources import Sources, rest_on, stated_in
from symderive.coq.theory import Theory, theory
from symderive.files import read_input
from symderive.library.catalog import beside, select
from symderive.library.installed import derivations
from symderive.library.load import load_all
from symderive.statements.statement import Statement

#: The section of the named inequalities, which stand beside those of the paper.
INEQUALITIES = "inequalities"


@cache
def scripts() -> dict[str, str]:
    """The written files, by their names."""
    folder = Path(next(iter(derivations().__path__))) / "formal"
    files = sorted(path for path in folder.glob("[!.]*") if path.suffix in (".v", ".json"))
    return {path.name: path.read_text(encoding="utf-8") for path in files}


@cache
def sections() -> dict[str, tuple[Statement, ...]]:
    """The statements of the package by their section, in the order of the argument."""
    told = {part.id: part.statements for part in load_all()}
    own = {statement for statements in told.values() for statement in statements}
    facts = (x for x in beside(load_all()) if isinstance(x, Statement) and x not in own)
    return {INEQUALITIES: tuple(dict.fromkeys(facts)), **told}


@dataclass(frozen=True)
class Formal:
    """A folder for Coq.

    Attributes
    ----------
    theory : Theory
        What is generated.
    files : mapping of str to str
        All files by their path, the generated ones and the written ones.
    """

    theory: Theory
    files: Mapping[str, str]

    @property
    def sources(self) -> Sources:
        """Those that Coq reads."""
        return Sources(self.files)


def formal(names: Sequence[str] = ()) -> Formal:
    """The statements that names mean, as in ``derive``, with their sections and all that the proofs need.

    Without names all of the package.  A file of one's own comes with all libraries, and with the proofs
    that lie beside it, under the id of its section: ``my_section.v``.
    """
    known = {statement: section for section, own in sections().items() for statement in own}
    all_of, asked, own_proofs = dict(sections()), set[str](), dict[str, str]()
    beside_files = {Path(name).parent for name in names if name.endswith(".py")}
    for derivation in select(names):
        own = [statement for statement in derivation.statements if statement not in known]
        asked |= {known[statement] for statement in derivation.statements if statement in known}
        if own:  # of a file that somebody has written
            id_ = derivation.id if derivation.id not in all_of else f"{derivation.id}-of-file"
            all_of[id_] = tuple(own)
            asked.add(id_)
            found = [folder / f"{coq_name(id_)}.v" for folder in beside_files]
            own_proofs |= {x.name: read_input(x).decode("utf-8", "replace") for x in found if x.is_file()}
    if not names:
        asked = set(all_of)
    proofs = Sources(written({**scripts(), **own_proofs}))
    libraries = {path for path in proofs.texts if beside_files and Path(path).stem[0].isupper()}
    needed = rest_on(map(coq_name, asked), proofs)
    needed |= {path for library in libraries for path in proofs.below(library)}
    made = theory(all_of, stated_in(needed, all_of))
    generated = texts(made)
    needed |= set(Sources(generated, proofs.texts).below(DEFINITIONS))
    kept = {path: text for path, text in proofs.texts.items() if not names or path in needed}
    files = {**generated, **kept}
    return Formal(made, {"_CoqProject": project(files), **files})
