"""Every table, for migrations and tests: importing this module fills `Base.metadata`."""

from __future__ import annotations

from api.accounts import models as accounts
from api.catalogue import models as catalogue
from api.classes import models as classes
from api.core import audit, idempotency, limits
from api.core.database import Base
from api.learning import models as learning

metadata = Base.metadata
MODULES = (accounts, catalogue, classes, audit, idempotency, limits, learning)
