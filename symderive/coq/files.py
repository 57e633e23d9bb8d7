"""The folder for Coq: definitions and statements, which are generated, and beside them written proofs."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping

from symderive.coq.names import RESERVED, Definition
from symderive.coq.propositions import Proposition
from symderive.coq.theory import Theory
from symderive.statements.assumptions import assumptions
from symderive.statements.statement import Statement

#: The logical name of the folder, and the folder of the proofs in it.
LIBRARY, PROOFS, STATEMENTS = "Symderive", "formal", "statements"

#: The file of the definitions.
DEFINITIONS = "Definitions.v"

#: Warnings that say nothing here: MathComp gives notations of the standard library anew.
QUIET = "-notation-overridden,-parsing,-ambiguous-paths,-deprecated"

_WIDTH = 108

#: Where a line is not broken: inside letters with their type and ranges; elsewhere but before operators.
_LETTERS = re.compile(r"\([\w ]+ : [^()]*\)|_\([^<>]*<= \w+ < [^<>]*?\)(?= )")
_HELD = re.compile(r" (?![-+*/=>]+ |<->|/\\|\\sum|\\prod|\([\w\0]+\0:)")


def coq_name(id_: str) -> str:
    """The name of a statement, and of the files of a section: that of the record, in Coq's letters.

    A word that means something else, a letter and what begins with a digit get another letter or so.
    """
    name = id_.replace("-", "_")
    if name[0].isdigit():
        name = f"n{name}"
    return f"{name}_" if name in RESERVED or len(name) == 1 else name


def theorem_name(id_: str) -> str:
    """The name of the theorem that a written proof gives a statement."""
    return f"{coq_name(id_)}_holds"


def texts(theory: Theory) -> dict[str, str]:
    """The generated files by their path in the folder."""
    found = {DEFINITIONS: _definitions(theory.definitions.values())}
    for section, propositions in theory.sections.items():
        found[f"{STATEMENTS}/{coq_name(section)}.v"] = _section(section, propositions)
    return found


def project(paths: Iterable[str]) -> str:
    """``_CoqProject``: what ``coq_makefile`` and editors are told of the files."""
    return "\n".join((f"-R . {LIBRARY}", f"-arg -w -arg {QUIET}", *sorted(paths))) + "\n"


def _definitions(definitions: Iterable[Definition]) -> str:
    made = [wrapped(definition.text) for definition in definitions]
    head = _comment(
        "What is defined layer by layer, under letters of its own.  Generated from the records."
    )
    return "\n\n".join((head, f"From {LIBRARY}.{PROOFS} Require Import Prelude.", *made)) + "\n"


def _section(section: str, propositions: Mapping[Statement, Proposition]) -> str:
    blocks = [
        _comment(f"The statements of the section {section}.  Generated from the records."),
        f"From {LIBRARY}.{PROOFS} Require Import Prelude.\nFrom {LIBRARY} Require Import Definitions.",
        *(_statement(*item) for item in propositions.items()),
    ]
    return "\n\n".join(blocks) + "\n"


def _statement(statement: Statement, proposition: Proposition) -> str:
    lines = [f"{statement.id}: {statement.title}."]
    if uses := [used.id for used in assumptions(statement).uses]:
        lines.append(f"Its proof in the package uses {', '.join(uses)}.")
    if statement.conditions:
        lines.append(f"In words, beside the formula: {'; '.join(statement.conditions)}.")
    if "noise_average" in proposition.text:
        lines.append("Of the averages nothing is supposed but data_average and noise_average.")
    text = wrapped(f"  {proposition.text}")
    return f"{_comment(*lines)}\nDefinition {coq_name(statement.id)} : Prop :=\n{text}."


def _comment(*lines: str) -> str:
    """A comment of Coq, in which neither a quotation mark nor the end of a comment may stand."""
    plain = [line.replace('"', "'").replace("(*", "( *").replace("*)", "* )") for line in lines]
    filled = [textwrap.fill(line, _WIDTH - 6, break_on_hyphens=False) for line in plain]
    return "(* " + "\n".join(filled).replace("\n", "\n   ") + " *)"


def wrapped(text: str, width: int = _WIDTH) -> str:
    """Lines of about a width, broken before operators."""
    held = _LETTERS.sub(lambda match: match[0].replace(" ", "\0"), text)
    held = "\n".join(_indented(line) for line in held.splitlines())
    return "\n".join(part for line in held.splitlines() for part in _broken(line, width)).replace("\0", " ")


def _indented(line: str) -> str:
    """A line with its indentation, whose other spaces are held but where it may be broken."""
    words = line.lstrip()
    return " " * (len(line) - len(words)) + _HELD.sub("\0", words)


def _broken(line: str, width: int) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip()) + 4)
    return textwrap.wrap(
        line, width, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False
    )
