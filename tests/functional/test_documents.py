"""Documents: what they rest on, who sees what of them, PDF/UA by two checkers, badges by a library of others."""

from __future__ import annotations

import io
import json
import re
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import outloud
import pdfua
import pikepdf
import pymupdf
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier
from sqlalchemy import select, update

from api.accounts.models import Person
from api.documents.models import Document
from tests.conftest import World
from tests.functional.teaching import done, send, shown
from tests.functional.test_audit import verify
from tests.functional.test_event_day import BEGINS, secret_of
from tests.functional.test_events import PRACTICAL, attend, plan, room, sign

__all__ = ["room"]


@pytest.fixture
def seen(world: World, room: str) -> Any:
    """A practical that the learner attended, and that was signed off."""
    made = plan(world, room=room)
    done(world.client("learner"), f"events/{made['id']}/booking")
    world.clock.moment = BEGINS + timedelta(hours=4)
    attend(world, made, "learner")
    assert sign(world, made, ["ticked", "ticked"]).status_code == 201
    return made


def issue(world: World, who: str = "learner", **body: Any) -> Any:
    return done(world.client(who), "documents", {"lang": "en", **body})


def paper(world: World, document: Any, who: str = "learner") -> bytes:
    reply = world.client(who).get(f"/api/v1/documents/{document['id']}/document.pdf")
    assert reply.status_code == 200, reply.text
    content: bytes = reply.data
    return content


def check(world: World, document: Any) -> Any:
    """The check page's data, for a stranger."""
    code = document["address"].partition("?d=")[2]
    return world.client().get(f"/api/v1/checks/{code}").json


def is_wrong(finding: Any) -> bool:
    """Whether a finding is an error or a warning."""
    return str(finding.severity).lower().endswith(("error", "warning"))


def conforms(tmp_path: Path, content: bytes) -> None:
    """Both checkers find nothing wrong."""
    path = tmp_path / f"{uuid.uuid4()}.pdf"
    path.write_bytes(content)
    found = [
        one for one in pdfua.validate(str(path)).findings if str(one.severity).lower().endswith(("error", "warning"))
    ]
    assert not found, [str(one) for one in found]
    result = outloud.check(str(path))
    wrong = [one for one in result.findings if is_wrong(one)]
    assert not wrong, [f"{one.rule}: {one.message}" for one in wrong]


def words_of(content: bytes) -> str:
    """What stands in a document."""
    pdf: Any = pymupdf.Document(stream=content, filetype="pdf")  # type: ignore[no-untyped-call]  # It has no types.
    return " ".join(" ".join(page.get_text() for page in pdf).split())


def bodies(event: str) -> dict[str, dict[str, Any]]:
    return {
        "presence": {"kind": "presence", "event": event},
        "competence": {"kind": "competence", "event": event, "module": PRACTICAL},
        "passport": {"kind": "passport"},
        "hours": {"kind": "hours", "first": "2026-01-01", "last": "2026-12-31"},
        "sheet": {"kind": "sheet", "event": event, "half_day": 1},
    }


@pytest.mark.parametrize("lang", ["en", "fr", "nl"])
def test_every_document_is_read_by_two_checkers(world: World, seen: Any, tmp_path: Path, lang: str) -> None:
    for kind, body in bodies(seen["id"]).items():
        who = "trainer" if kind == "sheet" else "learner"
        made = issue(world, who, **{**body, "lang": lang})
        assert made["state"] == "valid"
        assert re.fullmatch(r"2026-\d{6}", made["number"])
        content = paper(world, made, who)
        words = words_of(content)
        assert made["number"] in words
        assert (kind == "sheet") or "Learner" in words
        assert digest_of(world, made) in words.replace(" ", ""), "a broken digest has no hyphen"
        conforms(tmp_path, content)
        with pikepdf.open(io.BytesIO(content)) as pdf:
            assert str(pdf.Root.Lang) == lang


def digest_of(world: World, made: Any) -> str:
    with world.database.reading() as session:
        return str(session.scalar(select(Document.digest).where(Document.number == made["number"])))


HARD_NAMES = ("Maria-Magdalena " * 5 + "Abcd", "محمد بن عبد الله", "Łukasz D’Hondt-Ødegård", '<b>x</b> & "y"')


@pytest.mark.parametrize("name", HARD_NAMES)
def test_every_name_can_be_set(world: World, seen: Any, tmp_path: Path, name: str) -> None:
    with world.database.writing() as session:
        session.get_one(Person, world.people["learner"].id).name = name.strip()
    made = issue(world, kind="presence", event=seen["id"], lang="fr")
    conforms(tmp_path, paper(world, made))


def test_an_empty_list_is_said(world: World, room: str, tmp_path: Path) -> None:
    made = plan(world, room=room)
    sheet = issue(world, "trainer", kind="sheet", event=made["id"], half_day=1)
    conforms(tmp_path, paper(world, sheet, "trainer"))
    report = issue(world, kind="hours", first="2025-01-01", last="2025-12-31")
    conforms(tmp_path, paper(world, report))
    reply = send(world.client("learner"), "documents", {"lang": "en", "kind": "presence", "event": made["id"]})
    assert reply.json["code"] == "nothing_to_say"
    reply = send(world.client("learner"), "documents", {"lang": "en", "kind": "passport"})
    assert reply.json["code"] == "nothing_to_say"


def test_the_same_document_is_not_issued_twice(world: World, seen: Any) -> None:
    body = bodies(seen["id"])["competence"]
    assert issue(world, **body)["number"] == issue(world, **body)["number"]
    assert issue(world, **{**body, "lang": "fr"})["number"] != issue(world, **body)["number"]


def test_a_changed_record_supersedes_its_documents(world: World, seen: Any) -> None:
    presence, competence = (issue(world, **bodies(seen["id"])[kind]) for kind in ("presence", "competence"))
    assert sign(world, seen, ["failed", "ticked"]).status_code == 201
    assert check(world, competence)["state"] == "superseded"
    assert check(world, presence)["state"] == "valid", "who was there did not change"
    said = {"signed_as": "Learner", "begins": "2026-03-10T09:00", "ends": "2026-03-10T11:00"}
    done(world.client("learner"), f"events/{seen['id']}/half-days/1/presence", {**said, **secret_of(world)})
    assert check(world, presence)["state"] == "superseded", "an hour less, and there is still something to attest"
    again = issue(world, **bodies(seen["id"])["presence"])
    assert again["number"] != presence["number"]
    assert check(world, again)["state"] == "valid"
    attend(world, seen, "learner", "absent")
    assert check(world, presence)["state"] == "superseded"
    assert "superseded" in words_of(paper(world, presence))


def test_a_stranger_sees_what_the_holder_allows(world: World, seen: Any) -> None:
    made = issue(world, **bodies(seen["id"])["presence"])
    found = check(world, made)
    assert (found["holder"], found["minutes"], found["state"]) == (None, None, "valid")
    assert "learner" not in json.dumps(found).casefold().replace("learner_signed", "")
    path = f"documents/{made['id']}/shown"
    assert send(world.client("other learner"), path, {"shown": ["name"]}).status_code == 404
    done(world.client("learner"), path, {"shown": ["name", "hours"]})
    found = check(world, made)
    assert (found["holder"], found["minutes"]) == ("Learner", {"on-site": 180})
    assert world.client().get("/api/v1/checks/nothing").status_code == 404


def test_whose_documents_are_whose(world: World, seen: Any) -> None:
    made = issue(world, **bodies(seen["id"])["presence"])
    other = world.client("other learner")
    assert other.get(f"/api/v1/documents/{made['id']}/document.pdf").status_code == 404
    assert shown(other, "documents?lang=en")["documents"] == []
    person = str(world.people["learner"].id)
    assert send(other, "documents", {"lang": "en", "kind": "passport", "person": person}).status_code == 404
    assert send(other, "documents", {"lang": "en", **bodies(seen["id"])["sheet"]}).status_code == 404
    assert issue(world, "trainer", **bodies(seen["id"])["passport"], person=person)["number"]
    listed = shown(world.client("learner"), "documents?lang=fr")
    assert {one["kind"] for one in listed["documents"]} == {"presence", "passport"}
    assert [one["kind"] for one in listed["possible"]] == ["passport", "competence", "presence"]


def test_a_document_is_taken_back_with_a_reason(world: World, seen: Any) -> None:
    made = issue(world, **bodies(seen["id"])["competence"])
    path = f"documents/{made['id']}/revocation"
    assert send(world.client("trainer"), path, {"why": "x"}).status_code == 403
    assert send(world.client("admin"), path, {"why": ""}).status_code == 422
    done(world.client("admin"), path, {"why": "The wrong person was signed off."})
    assert send(world.client("admin"), path, {"why": "Again."}).json["code"] == "document_revoked"
    assert check(world, made)["state"] == "revoked"
    assert not verify(world.database).breaks


def test_an_altered_document_is_found(world: World, seen: Any) -> None:
    issue(world, **bodies(seen["id"])["competence"])
    with world.database.engine.begin() as connection:
        connection.execute(update(Document).values(valid_until=None, number="2026-999999"))
    assert any("documents" in sentence for sentence in verify(world.database).breaks)


def fetcher(world: World) -> Any:
    """Reads addresses of the tests' server, as a verifier would over the network."""

    def fetch(address: str) -> bytes:
        content: bytes = world.client().get(re.sub(r"^https?://[^/]+", "", address)).data
        return content

    return fetch


def test_a_badge_verifies_with_a_library_that_did_not_make_it(world: World, seen: Any) -> None:
    made = issue(world, **bodies(seen["id"])["competence"])
    token = shown(world.client("learner"), f"documents/{made['id']}/badge")["credential"]
    assert world.client("other learner").get(f"/api/v1/documents/{made['id']}/badge").status_code == 404
    (key,) = shown(world.client(), "badges/keys")["keys"]
    world.clock.moment = datetime.now(UTC)  # The verifier has a clock of its own.
    verifier = OB3Verifier(pem_of(key))
    credential = verifier.verify(token, check_status=True, download=fetcher(world))
    assert credential.achievement.name
    done(world.client("admin"), f"documents/{made['id']}/revocation", {"why": "It was a drill."})
    with pytest.raises(OB3VerificationError, match="'revocation' is set"):
        verifier.verify(token, check_status=True, download=fetcher(world))
    head, body, signature = token.split(".")
    with pytest.raises(OB3VerificationError):
        verifier.verify(f"{head}.{body[:-4]}AAAA.{signature}")


def pem_of(key: dict[str, str]) -> bytes:
    public = ECAlgorithm.from_jwk(key)
    assert isinstance(public, EllipticCurvePublicKey)
    pem: bytes = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "hours"},
        {"kind": "hours", "first": "2026-03-01", "last": "2026-02-01"},
        {"kind": "presence"},
        {"kind": "passport", "half_day": 1},
        {"kind": "diploma"},
    ],
)
def test_a_document_names_what_it_is_about(world: World, body: dict[str, Any]) -> None:
    assert send(world.client("learner"), "documents", {"lang": "en", **body}).status_code == 422
