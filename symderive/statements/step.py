"""Steps in words: what a named theorem makes of statements, said in words and not proved here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from symderive.errors import InputError
from symderive.statements.display import Display
from symderive.statements.statement import Statement, one_line, require_id


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step of an argument that no machine checks: a textbook theorem, applied in words.

    A step has a verdict of its own, IN_WORDS, and never passes for a proof: no proof can use one.  What
    flows is statements → step → title: a step names the statements that it starts from, and a statement
    whose title is to be read with a step names that in ``steps``.  :func:`in_words` writes one.

    Attributes
    ----------
    id : str
        Unique name; ids of statements and steps are unique together.
    title : str
        What it says, in words, as a sentence without its full stop.
    text : str
        The argument: how the theorem applies, and what follows.  One or more whole sentences.
    theorem : str
        The name of the theorem, as it reads after "by", such as "Rolle's theorem".
    reference : str
        Where the theorem can be read.
    rests_on : tuple of Statement and Step
        What it starts from.
    conditions : tuple of str
        What it assumes besides the hypotheses of those, in words.
    prose : str
        Text that stands before the step in print.
    display : Display, optional
        What a paper prints of it in matrix notation; it reads back, and is in words as the step is.

    Raises
    ------
    InputError
        For a step that names no theorem, says nothing or rests on something else.

    Examples
    --------
    >>> from symderive.symbols import lam
    >>> known = Statement(id="known", title="Known", left=lam, right=lam + 0, reference="school")
    >>> step = Step(
    ...     id="between", title="A root lies between", text="The sign changes.", rests_on=(known,),
    ...     theorem="the intermediate value theorem", reference="any book on analysis",
    ... )
    >>> step.method
    'in words, by the intermediate value theorem'
    """

    id: str
    title: str
    text: str
    theorem: str
    reference: str
    rests_on: tuple[Statement | Step, ...]
    conditions: tuple[str, ...] = ()
    prose: str = ""
    display: Any = field(default=None, compare=False)

    def __post_init__(self) -> None:
        require_id(self.id)
        for name in ("text", "prose"):
            object.__setattr__(self, name, one_line(getattr(self, name)))
        for name in ("title", "text", "theorem", "reference"):
            if not getattr(self, name).strip():
                raise InputError(f"the step {self.id} has no {name}; say it in words.")
        require_steps(self.id, self.rests_on, Statement | Step)

    @property
    def method(self) -> str:
        """How the step is made, in words."""
        return f"in words, by {self.theorem}"


def in_words(
    id: str,  # noqa: A002 - the name of the field
    title: str,
    text: str,
    *,
    by: str,
    reference: str,
    rests_on: tuple[Any, ...],
    display: Display | str | None = None,
    **more: Any,
) -> Step:
    """Write a step in words as a theorem is written: name, title, argument, and by which theorem.

    Parameters
    ----------
    id : str
        Unique name, lower case words joined by hyphens.
    title : str
        What it says, in words, as a sentence without its full stop.
    text : str
        The argument, one or more whole sentences.
    by : str
        The name of the theorem that is applied, as it reads after "by".
    reference : str
        Where the theorem can be read.
    rests_on : tuple of Statement and Step
        What it starts from.
    display : Display or str, optional
        What a paper prints of it.
    **more : tuple of str or str
        ``conditions`` and ``prose`` of the :class:`Step`.

    Returns
    -------
    Step
        The step.

    Raises
    ------
    InputError
        For a step that names no theorem, says nothing or rests on something else.

    Examples
    --------
    >>> from symderive.symbols import lam
    >>> known = Statement(id="known", title="Known", left=lam, right=lam + 0, reference="school")
    >>> step = in_words(
    ...     "between", "A root lies between", "The sign changes.", rests_on=(known,),
    ...     by="the intermediate value theorem", reference="any book on analysis",
    ... )
    >>> step.theorem
    'the intermediate value theorem'
    """
    shown = Display(display) if isinstance(display, str) else display
    return Step(
        id=id,
        title=title,
        text=text,
        theorem=by,
        reference=reference,
        rests_on=rests_on,
        display=shown,
        **more,
    )


def require_steps(owner: str, parts: tuple[Any, ...], kind: Any = Step) -> None:
    """:class:`InputError` where something else than steps (or what ``kind`` says) is named."""
    for part in parts:
        if not isinstance(part, kind):
            raise InputError(f"{owner} rests on {part!r:.60}, which is no statement and no step.")
