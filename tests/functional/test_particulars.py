"""What schemes ask of a person: sealed, for named roles, erasable, and asked of those alone for whom it is needed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select, update

from api.classes.models import ClassMember
from api.core.audit import AuditEntry
from api.core.database import Database
from api.funding.errors import ParticularWrong
from api.funding.models import Particular
from api.funding.particulars import Vault, checked
from api.funding.schemes import read_schemes
from tests.conftest import SECRET, World
from tests.functional.teaching import done, send, shown
from tests.functional.test_audit import verify

NUMBER = "85.07.30-033.28"
"""A made-up number whose check digits are right: 97 less the rest of 850730033 by 97."""
TODAY = date(2026, 3, 2)


@pytest.fixture
def funded(make_world: Callable[..., World], tmp_path: Path) -> World:
    """A learner whom Flemish training leave pays for, and a scheme that shows what it asks to teachers."""
    schemes = Path(__file__).resolve().parents[2] / "schemes"
    folder = tmp_path / "schemes"
    folder.mkdir()
    for path in schemes.glob("*.yml"):
        told = yaml.safe_load(path.read_text())
        if path.stem == "esf-like":
            told["seen_by"] = ["admin", "teacher"]
        (folder / path.name).write_text(yaml.safe_dump(told, allow_unicode=True))
    world = make_world(schemes=folder)
    for who, code in (("learner", "flemish-training-leave"), ("other learner", "sheet")):
        pays(world, who, code)
    return world


def pays(world: World, who: str, code: str) -> None:
    with world.database.writing() as session:
        session.execute(update(ClassMember).where(ClassMember.person_id == world.people[who].id).values(funding=code))


@pytest.mark.parametrize(
    ("field", "text", "kept"),
    [
        ("national-number", "85073003328", NUMBER),
        ("national-number", " 85.07.30 033 28 ", NUMBER),
        ("national-number", "17.07.30-033.84", "17.07.30-033.84"),  # Born in 2017.
        ("birth-date", "1985-07-30", "1985-07-30"),
        ("address", "Rue  de la Science 4,\n1000 Bruxelles", "Rue de la Science 4, 1000 Bruxelles"),
        ("file-number", "A-17/b", "A-17/b"),
    ],
)
def test_values_are_checked_and_written_one_way(field: Any, text: str, kept: str) -> None:
    assert checked(field, text, TODAY) == kept


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("national-number", "85073003329"),
        ("national-number", "8507300332"),
        ("national-number", "٨٥٠٧٣٠٠٣٣٢٨"),
        ("birth-date", "30/07/1985"),
        ("birth-date", "2026-03-02"),
        ("birth-date", "1885-01-01"),
        ("address", "  "),
        ("file-number", "x" * 301),
    ],
)
def test_what_cannot_be_right_is_refused(field: Any, text: str) -> None:
    with pytest.raises(ParticularWrong):
        checked(field, text, TODAY)


def sealed(database: Database) -> list[bytes]:
    with database.reading() as session:
        return list(session.scalars(select(Particular.sealed)))


def test_it_is_kept_sealed_shown_to_named_roles_and_erased(funded: World) -> None:
    learner = funded.client("learner")
    (asked,) = shown(learner, "particulars?lang=nl")["asked"]
    assert (asked["field"], asked["given"], asked["seen_by"]) == ("national-number", False, ["admin"])
    assert asked["scheme"] == "Vlaams opleidingsverlof"
    assert send(learner, "particulars/national-number", {"value": "85073003329"}).json["code"] == "particular_wrong"
    done(learner, "particulars/national-number", {"value": "85073003328"})
    assert shown(learner, "particulars")["asked"][0]["value"] == NUMBER
    assert all(b"850730" not in one and NUMBER.encode() not in one for one in sealed(funded.database))
    admin, path = funded.client("admin"), "schemes/flemish-training-leave/particulars/views"
    (opened,) = done(admin, path)["people"]
    assert opened == {"person_id": str(funded.people["learner"].id), "values": {"national-number": NUMBER}}
    for who in ("trainer", "teacher"):
        assert send(funded.client(who), path).json["code"] == "not_named"
    assert send(learner, path).status_code == 403
    done(learner, "particulars/national-number/erasure")
    assert sealed(funded.database) == []
    assert send(learner, "particulars/national-number/erasure").status_code == 404
    with funded.database.reading() as session:
        entries = session.scalars(
            select(AuditEntry).where(AuditEntry.action.like("particular.%")).order_by(AuditEntry.sequence)
        ).all()
        assert [one.action for one in entries] == ["particular.give", "particular.view", "particular.erase"]
        assert "850730" not in json.dumps([[one.old, one.new, one.subject] for one in entries])
    assert not verify(funded.database).breaks


def test_a_national_number_is_taken_only_where_a_scheme_needs_it(funded: World) -> None:
    other = funded.client("other learner")
    assert shown(other, "particulars")["asked"] == []
    assert send(other, "particulars/national-number", {"value": NUMBER}).status_code == 404
    assert send(other, "particulars/shoe-size", {"value": "43"}).status_code == 404
    done(funded.client("learner"), "particulars/national-number", {"value": NUMBER})
    pays(funded, "learner", "sheet")
    (left,) = shown(funded.client("learner"), "particulars")["asked"]
    assert (left["scheme"], left["given"]) == ("", True), "nobody needs it any more; it can be erased"
    assert done(funded.client("admin"), "schemes/sheet/particulars/views")["people"] == []


def test_a_teacher_sees_it_of_their_own_classes_where_the_scheme_says_so(funded: World) -> None:
    for who in ("learner", "other learner"):
        pays(funded, who, "esf-like")
        done(funded.client(who), "particulars/birth-date", {"value": "1985-07-30"})
    path = "schemes/esf-like/particulars/views"
    mine = done(funded.client("teacher"), path)["people"]
    assert str(funded.people["learner"].id) in {one["person_id"] for one in mine}
    theirs = {one["person_id"] for one in done(funded.client("other teacher"), path)["people"]}
    assert str(funded.people["learner"].id) not in theirs
    claims = shown(funded.client("admin"), "schemes/esf-like/claims?first=2026-01-01&last=2026-12-31")
    assert claims["scheme"]["seen_by"] == ["admin", "teacher"]


def test_a_sealed_value_opens_in_its_own_row_and_with_its_own_secret(funded: World) -> None:
    done(funded.client("learner"), "particulars/national-number", {"value": NUMBER})
    with funded.database.reading() as session:
        row = session.scalars(select(Particular)).one()
        assert Vault(SECRET).open(row) == NUMBER
        assert Vault("another secret of the server's").open(row) is None
        moved = Particular(person_id=funded.people["admin"].id, field=row.field, sealed=row.sealed)
        assert Vault(SECRET).open(moved) is None
        for place in range(len(row.sealed)):
            sealed = bytearray(row.sealed)
            sealed[place] ^= 1
            damaged = Particular(person_id=row.person_id, field=row.field, sealed=bytes(sealed))
            assert Vault(SECRET).open(damaged) is None, f"byte {place} was changed"


def test_the_shipped_schemes_name_who_sees_what_they_ask() -> None:
    for scheme in read_schemes(Path(__file__).resolve().parents[2] / "schemes").values():
        assert scheme.seen_by == ("admin",)


def test_a_teacher_whom_a_scheme_names_finds_in_the_class_what_is_asked_and_what_is_missing(funded: World) -> None:
    pays(funded, "learner", "esf-like")
    pays(funded, "other learner", "esf-like")
    pays(funded, "shared learner", "flemish-training-leave")
    fields = read_schemes(Path(__file__).resolve().parents[2] / "schemes")["esf-like"].particulars
    values = {"national-number": NUMBER, "birth-date": "1985-07-30", "address": "Rue X 1", "file-number": "F 1"}
    for field in fields:
        done(funded.client("learner"), f"particulars/{field}", {"value": values[field]})
    group = funded.classes["1A"]
    teacher = funded.client("teacher")
    (scheme,) = shown(teacher, f"classes/{group}/particulars?lang=en")["schemes"]
    assert (scheme["code"], scheme["asks"]) == ("esf-like", list(fields))
    missing = {one["name"]: one["missing"] for one in scheme["learners"]}
    assert missing == {"Learner": [], "Other Learner": list(fields)}
    # No value comes before it is asked for; each look stands in the trail, of this class's learners alone.
    assert not any(value in json.dumps(scheme) for value in values.values())
    seen = done(teacher, "schemes/esf-like/particulars/views", {"class_id": str(group)})
    assert [one["person_id"] for one in seen["people"]] == [str(funded.people["learner"].id)]
    other = funded.client("other teacher")
    assert other.get(f"/api/v1/classes/{group}/particulars?lang=en").status_code == 404
    assert send(other, "schemes/esf-like/particulars/views", {"class_id": str(group)}).status_code == 404
    # A trainer is not named by this scheme.
    assert shown(funded.client("trainer"), f"classes/{group}/particulars?lang=en")["schemes"] == []
    assert funded.client("learner").get(f"/api/v1/classes/{group}/particulars?lang=en").status_code == 403
