"""The letter that asks a job seeker how it goes on."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from itsdangerous import URLSafeSerializer
from sqlalchemy.orm import Session
from typing_extensions import override

from api.accounts.models import Person
from api.core.texts import date_text
from api.messages.kinds import Facts, Writer
from api.outcomes.models import Outcome, OutcomeConsent


def signer(secret: str) -> URLSafeSerializer:
    """Signs what the link of a letter carries: it can do nothing but answer these questions."""
    return URLSafeSerializer(secret, salt="airlock-outcome")


@dataclass(frozen=True, slots=True)
class OutcomeAsked(Facts):
    """To somebody who looked for work and agreed: three questions."""

    kind: ClassVar[str] = "outcome"
    outcome_id: str
    ended: str

    @override
    def write(self, writer: Writer) -> tuple[str, list[str]]:
        token = str(signer(writer.settings.secret_key).dumps(self.outcome_id))
        return writer.say("How are you doing since your training?"), [
            writer.say(
                "Your training ended on {day}. You agreed that we ask how it goes on: three questions, one minute.",
                day=date_text(date.fromisoformat(self.ended), writer.lang),
            ),
            writer.page("outcome", f"#{token}"),
            writer.say("On the same page you can say that you do not want to be asked any more."),
        ]

    @override
    def as_of_now(self, session: Session, reader: Person, at: datetime) -> Facts | None:
        asked = session.get(Outcome, uuid.UUID(self.outcome_id))
        consent = session.get(OutcomeConsent, reader.id)
        open_ = asked is not None and asked.answered_at is None and asked.expires_at > at
        return self if open_ and consent is not None and consent.withdrawn_at is None else None
