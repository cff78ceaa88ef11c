"""Who does something, when and why: made once for a request, a job or a command, and handed to every operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from api.accounts.models import Somebody
from api.core import audit
from api.core.roles import Rows


@dataclass(frozen=True, slots=True)
class Act:
    """One act.

    Attributes:
        session: Whose transaction it is.
        at: When, by the server's clock.
        actor: Who, as the audit trail has it: the id of a person, or "command line", "job", "code:ID".
        somebody: The person, where it is one.
        scope: Which records they reach, as the route declares it.
        why: A reason, as it was typed.
    """

    session: Session
    at: datetime
    actor: str
    somebody: Somebody | None = None
    scope: Rows = "none"
    why: str = ""

    @classmethod
    def of(cls, session: Session, person: Somebody, at: datetime, scope: Rows = "own", why: str = "") -> Act:
        """What a person does."""
        return cls(session, at, str(person.id), person, scope, why)

    @property
    def person(self) -> Somebody:
        """The person who acts.

        Raises:
            LookupError: It is none.
        """
        if self.somebody is None:
            raise LookupError(f"{self.actor} is nobody")
        return self.somebody

    def because(self, why: str) -> Act:
        """The same, with a reason."""
        return replace(self, why=why)

    def record(
        self, action: str, subject: str, *, old: Any = None, new: Any = None, texts: Mapping[str, Any] | None = None
    ) -> None:
        """Note it in the audit trail.

        Args:
            action: "attempt.submit".
            subject: "attempt:ID".
            old: Ids, numbers and words of the program's own.
            new: The same.
            texts: What people typed.
        """
        audit.record(
            self.session,
            at=self.at,
            actor=self.actor,
            action=action,
            subject=subject,
            old=old,
            new=new,
            why=self.why,
            texts=texts,
        )
