"""Every table, for migrations and tests: importing this module fills `Base.metadata`."""

from __future__ import annotations

from api.accounts import guesses
from api.accounts import models as accounts
from api.applications import models as applications
from api.capacity import models as capacity
from api.catalogue import models as catalogue
from api.classes import models as classes
from api.core import audit, choices, idempotency, limits
from api.core.database import Base
from api.discussion import models as discussion
from api.documents import models as documents
from api.events import models as events
from api.evidence import models as evidence
from api.funding import models as funding
from api.hours import models as hours
from api.learning import models as learning
from api.messages import models as messages
from api.outcomes import models as outcomes
from api.readiness import models as readiness
from api.refreshers import models as refreshers

metadata = Base.metadata
MODULES = (
    accounts, guesses, applications, capacity, catalogue, classes, audit, choices, discussion, documents, events,
    evidence, funding, hours, idempotency, limits, learning, messages, outcomes, readiness, refreshers,
)  # fmt: skip
