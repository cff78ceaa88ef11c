"""The outbox: made with the act, sent once, never lost while the mail server is down."""

from __future__ import annotations

import contextlib
import email
import email.policy
import socket
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select

from api.accounts.act import Act
from api.classes.assignments import Terms, assign
from api.classes.letters import Added
from api.classes.models import Class
from api.core.config import MAILBOX, Settings
from api.core.outbox import Delivered, NotNow, Refused, Unclear
from api.jobs import period_of, run_jobs
from api.messages.delivery import deliver, settle, undecided_messages
from api.messages.kinds import KINDS, ending_kinds
from api.messages.letters import Letter
from api.messages.models import Message
from api.messages.operations import add_message, unsubscribe_token
from api.messages.senders import Sender, SmtpSender
from tests.conftest import SECRET, World
from tests.functional.teaching import done, shown

FROM = "Airlock <airlock@example.org>"


class Crash(BaseException):
    """The process is killed."""


@dataclass
class Inbox:
    """A mail server on this machine, with what it took."""

    port: int
    mails: list[Any] = field(default_factory=list)
    answer: str = "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return self.answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    found = Inbox(free_port())
    controller = Controller(found, hostname="127.0.0.1", port=found.port)
    controller.start()
    yield found
    controller.stop()


def settings_of(world: World, port: int) -> Settings:
    settings: Settings = world.app.config["AIRLOCK_SETTINGS"]
    return replace(settings, mail=f"smtp://127.0.0.1:{port}", mail_from=FROM)


def run(world: World, port: int) -> Delivered:
    delivered = run_jobs(world.database, settings_of(world, port), world.clock).delivered
    assert delivered is not None
    return delivered


def write(world: World, kind: str = "added", who: str = "learner", once: str | None = None, **data: Any) -> bool:
    with world.database.writing() as session:
        facts = KINDS[kind].read({"class_name": "1A", "teacher": "Teacher", **data})
        return add_message(session, world.people[who], facts, at=world.clock(), once=once)


def states(world: World) -> list[tuple[str, int]]:
    with world.database.reading() as session:
        return [(row.state, row.tries) for row in session.scalars(select(Message).order_by(Message.created_at))]


def test_a_message_arrives_in_the_readers_language_with_its_headers(world: World, inbox: Inbox) -> None:
    with world.database.writing() as session:
        session.get_one(type(world.people["learner"]), world.people["learner"].id).lang = "fr"
    line = {
        "title": "Les portes",
        "address": "safe-start/doors",
        "due_at": (world.clock() - timedelta(days=3)).isoformat(),
        "timezone": "Europe/Brussels",
    }
    write(world, "reminder", lines=[line])
    assert run(world, inbox.port) == Delivered(sent=1)
    (mail,) = inbox.mails
    assert mail["To"] == "Learner <learner@example.org>"
    assert mail["From"] == FROM
    assert mail["Subject"] == "1 module est en retard"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime.tzinfo is not None, "RFC 5322, 3.6"
    text = mail.get_content()
    assert "Les portes\N{NO-BREAK SPACE}: 3 jours de retard (vendredi 27 février 2026, 10:00, Bruxelles)" in text
    assert "http://127.0.0.1:8000/fr/safe-start/doors/" in text


def test_a_message_is_made_with_the_act_or_not_at_all(world: World) -> None:
    with contextlib.suppress(Crash), world.database.writing() as session:
        add_message(session, world.people["learner"], Added("1A", "T"), at=world.clock())
        raise Crash
    assert states(world) == []


def test_what_was_made_once_is_not_made_again(world: World) -> None:
    assert [write(world, once="x"), write(world, once="x"), write(world, once="y")] == [True, False, True]


def test_nothing_is_lost_while_the_server_is_down(world: World, inbox: Inbox) -> None:
    write(world)
    dead = free_port()
    for minutes, tries in ((0, 1), (0, 1), (1, 2), (5, 3), (15, 4), (60, 5), (180, 6), (360, 7), (360, 8)):
        world.clock.forward(minutes=minutes)
        run(world, dead)
        assert states(world) == [("waiting", tries)]
    world.clock.forward(days=30)
    assert run(world, inbox.port) == Delivered(sent=1)
    assert run(world, inbox.port) == Delivered()
    assert len(inbox.mails) == 1


def test_one_look_at_a_dead_server_is_enough_for_a_run(world: World) -> None:
    for _ in range(3):
        write(world)
    assert run(world, free_port()) == Delivered(put_off=1)
    assert sorted(states(world)) == [("waiting", 0), ("waiting", 0), ("waiting", 1)]


def test_later_is_later_and_never_is_never(world: World, inbox: Inbox) -> None:
    write(world)
    inbox.answer = "451 Try again"
    assert run(world, inbox.port) == Delivered(put_off=1)
    inbox.answer = "550 No such user"
    world.clock.forward(minutes=5)
    assert run(world, inbox.port) == Delivered(failed=1)
    world.clock.forward(days=1)
    assert run(world, inbox.port) == Delivered()
    with world.database.reading() as session:
        (message,) = undecided_messages(session, world.clock())
        assert message.error.startswith("550")


@dataclass
class Breaking:
    """A sender that breaks at a point."""

    error: type[Exception] | None = None
    before: bool = True
    sent: list[uuid.UUID] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def send(self, letter: Letter, message_id: uuid.UUID, handing_over: Callable[[], None]) -> None:
        if self.error and self.before:
            raise self.error("before")
        handing_over()
        if self.error:
            raise self.error("after")
        self.sent.append(message_id)


def deliver_by(world: World, sender: Sender) -> Delivered:
    return deliver(world.database, settings_of(world, 1), sender, world.clock)


def test_a_crash_before_handing_over_is_sent_by_the_next_run(world: World) -> None:
    write(world)
    with pytest.raises(Crash):
        deliver_by(world, Breaking(Crash))  # type: ignore[arg-type]  # A kill is no error.
    sender = Breaking()
    deliver_by(world, sender)
    assert sender.sent == [], "somebody may still be at it"
    world.clock.forward(minutes=5)
    deliver_by(world, sender)
    assert len(sender.sent) == 1


@pytest.mark.parametrize("error", [Crash, Unclear])
def test_what_may_have_arrived_is_not_sent_again_and_is_listed(world: World, error: type[Exception]) -> None:
    write(world)
    with contextlib.suppress(Crash):
        deliver_by(world, Breaking(error, before=False))
    world.clock.forward(days=3)
    sender = Breaking()
    deliver_by(world, sender)
    assert sender.sent == []
    with world.database.writing() as session:
        (message,) = undecided_messages(session, world.clock())
        assert settle(session, message.id, send_again=True, at=world.clock())
        assert not settle(session, message.id, send_again=True, at=world.clock())
    deliver_by(world, sender)
    assert sender.sent == [message.id]


def test_whoever_was_too_slow_does_not_send(world: World) -> None:
    write(world)
    second = Breaking()

    class Slow(Breaking):
        def send(self, letter: Letter, message_id: uuid.UUID, handing_over: Callable[[], None]) -> None:
            world.clock.forward(minutes=6)
            deliver_by(world, second)
            super().send(letter, message_id, handing_over)

    first = Slow()
    deliver_by(world, first)
    assert (len(first.sent), len(second.sent)) == (0, 1)


@pytest.mark.parametrize(("error", "state"), [(NotNow, "waiting"), (Refused, "failed")])
def test_what_the_server_says_after_the_letter_counts_too(world: World, error: type[Exception], state: str) -> None:
    write(world)

    class Late(Breaking):
        def send(self, letter: Letter, message_id: uuid.UUID, handing_over: Callable[[], None]) -> None:
            handing_over()
            raise NotNow("450", reachable=True) if error is NotNow else Refused("550")

    deliver_by(world, Late())
    assert states(world) == [(state, 1)]


def test_an_address_that_no_mail_can_have_is_refused_and_stops_nobody(world: World, inbox: Inbox) -> None:
    with world.database.writing() as session:
        session.get_one(type(world.people["learner"]), world.people["learner"].id).email = "zoé@example.org"
    write(world)
    write(world, who="other learner")
    assert run(world, inbox.port) == Delivered(sent=1, failed=1)


def test_a_message_that_cannot_be_written_stops_nobody_and_is_listed(world: World, inbox: Inbox) -> None:
    write(world, "answer", title="Doors", name="Teacher", text="One.", address="safe-start/doors")
    with world.database.writing() as session:
        session.scalars(select(Message)).one().data = {"title": "Doors"}  # Without what an answer needs.
    write(world, who="other learner")
    assert run(world, inbox.port) == Delivered(sent=1, failed=1)
    with world.database.reading() as session:
        (message,) = undecided_messages(session, world.clock())
        assert message.kind == "answer"


def test_a_name_and_a_class_cannot_add_a_header(world: World, inbox: Inbox) -> None:
    write(world, class_name="1A\r\nBcc: everybody@example.org")
    run(world, inbox.port)
    (mail,) = inbox.mails
    assert mail["Bcc"] is None
    assert "everybody" in mail["Subject"]


def test_a_dot_alone_ends_no_letter(world: World, inbox: Inbox) -> None:
    write(world, "answer", title="Doors", name="Teacher", text="One.\n.\nTwo.", address="safe-start/doors")
    run(world, inbox.port)
    assert "One.\n.\nTwo." in inbox.mails[0].get_content().replace("\r\n", "\n")


def test_a_password_is_not_sent_in_the_clear() -> None:
    sender = SmtpSender("smtp://user:secret@mail.example.org:587", FROM)
    assert sender.address.startswith("smtp:")
    with pytest.raises(NotNow) as found:
        sender.send(
            Letter("a@example.org", "A", "en", "S", "T", None), uuid.uuid4(), lambda: None
        )  # Sockets to other machines are blocked in tests.
    assert not found.value.reachable


def test_the_link_in_a_message_ends_its_kind_without_a_sign_in(world: World) -> None:
    learner = world.people["learner"]
    token = unsubscribe_token(SECRET, learner.id, "reminder")
    write(world, "reminder", lines=[])
    stranger = world.client()
    reply = stranger.client.post(f"/api/v1/unsubscribe?token={token}", data={"List-Unsubscribe": "One-Click"})
    assert reply.status_code == 200
    assert states(world) == [("unwanted", 0)], "what waits is not sent either"
    assert not write(world, "reminder", lines=[])
    assert write(world, "due", lines=[]), "other kinds go on"
    preferences = shown(world.client("learner"), "preferences")["preferences"]
    assert preferences == {name: name != "reminder" for name in preferences}
    assert {"reminder", "due", "answer", "event-soon"} <= set(preferences)


@pytest.mark.parametrize("token", ["x", "WyJhIiwiYiJd.AAAA", ""])
def test_a_made_up_link_ends_nothing(world: World, token: str) -> None:
    assert world.client().client.post(f"/api/v1/unsubscribe?token={token}").status_code == 422


def test_every_kind_that_can_be_ended_has_its_switch(world: World) -> None:
    seen = shown(world.client("teacher"), "preferences")["preferences"]
    assert set(seen) == set(ending_kinds())
    assert seen["class-digest"] is False, "nobody gets it without asking"
    assert done(world.client("teacher"), "preferences", {"kind": "class-digest", "wanted": True})["preferences"][
        "class-digest"
    ]


def test_invitations_hold_no_secret_before_they_leave(world: World, inbox: Inbox) -> None:
    write(world, "invitation")
    with world.database.reading() as session:
        assert set(session.scalars(select(Message)).one().data) == {"class_name", "teacher", "class_id"}
    run(world, inbox.port)
    link = next(line for line in inbox.mails[0].get_content().splitlines() if "#" in line)
    caller = world.client()
    token = link.partition("#")[2]
    body = {"token": token, "password": "a good long one"}
    assert caller.post("/api/v1/invitations/answer", body).status_code == 200


def monday(world: World) -> None:
    world.clock.moment = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "period"),
    [
        (datetime(2026, 3, 9, 5, 59, tzinfo=UTC), None),
        (datetime(2026, 3, 9, 6, 0, tzinfo=UTC), "2026-W11"),
        (datetime(2026, 3, 15, 22, 59, tzinfo=UTC), "2026-W11"),
        (datetime(2026, 3, 15, 23, 1, tzinfo=UTC), None),
        (datetime(2026, 7, 6, 5, 0, tzinfo=UTC), "2026-W28"),
    ],
)
def test_the_week_begins_on_monday_at_seven_in_brussels(moment: datetime, period: str | None) -> None:
    assert period_of(moment) == period


def test_digests_go_out_once_a_week_to_whoever_wants_them(world: World, inbox: Inbox) -> None:
    monday(world)
    with world.database.writing() as session:
        group = session.get_one(Class, world.classes["1A"])
        assign(
            Act(session, world.clock(), "tests"), group, "safe-start", Terms(due_at=world.clock() + timedelta(days=2))
        )
        late = Terms(module_ids=["safe-start/pumps"], due_at=world.clock() - timedelta(days=1))
        assign(Act(session, world.clock() - timedelta(days=8), "tests"), group, "safe-start", late)
    done(world.client("teacher"), "preferences", {"kind": "class-digest", "wanted": True})
    run(world, inbox.port)
    to = sorted(mail["To"].addresses[0].addr_spec for mail in inbox.mails)
    assert to == [
        "learner@example.org",
        "other.learner@example.org",
        "shared.learner@example.org",
        "teacher@example.org",
    ]
    digest = next(mail for mail in inbox.mails if mail["To"].addresses[0].addr_spec == "teacher@example.org")
    assert "3 learners, 3 of them late" in digest.get_content()
    world.clock.forward(days=2)
    assert run(world, inbox.port) == Delivered()
    world.clock.forward(days=5)
    run(world, inbox.port)
    assert len(inbox.mails) == 8


def test_without_a_mail_server_messages_wait(world: World) -> None:
    write(world)
    settings: Settings = world.app.config["AIRLOCK_SETTINGS"]
    assert run_jobs(world.database, settings, world.clock).delivered is None
    assert states(world) == [("waiting", 0)]


def test_the_demo_shows_messages_on_a_page_to_their_readers(make_world: Callable[..., World]) -> None:
    world = make_world(mail=MAILBOX)
    write(world)
    write(world, who="teacher")
    settings: Settings = world.app.config["AIRLOCK_SETTINGS"]
    assert run_jobs(world.database, settings, world.clock).delivered == Delivered(sent=2)
    assert len(shown(world.client("learner"), "mailbox")["messages"]) == 1
    assert len(shown(world.client("admin"), "mailbox")["messages"]) == 2
