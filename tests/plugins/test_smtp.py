"""The SMTP notifier on a live server: letters, failures, time-outs, and nothing in the clear."""

import logging
import socket
import ssl
import threading
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import pytest

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.plugins.notifications import MailText, SmtpNotifier
from pharmacrm.plugins.notifications.wording import WORDINGS
from pharmacrm.plugins.types import DeliverContext, Delivered, Reject, RetryAfter
from pharmacrm.testing.company import an_order
from tests.covers import covers
from tests.plugins.delivering import SELLER, Found, counts, wait
from tests.plugins.mail import Post, Served, mail_server, rude_server

ALL = ("wang@example.com", "zhao@example.com", "sun@example.com")
SENDER = "crm@example.com"
PAYLOAD = {
    "topic": "ApprovalAsked",
    "role": "finance",
    "stage": "credit",
    "requester": "zhang.san",
    "actor": "zhang.san",
}
PASSWORD = "correct horse"


def notice(
    subject: str = "SO-1", *, attempt: int = 1, simulated: bool = False, **more: Any
) -> DeliverContext:
    fields: dict[str, Any] = {"topic": "ApprovalAsked", "payload": PAYLOAD} | more
    return DeliverContext(
        tenant="main",
        id="019a0000-0000-7000-8000-000000000001",
        subject=subject,
        attempt=attempt,
        at=datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC),
        simulated=simulated,
        read=None,  # type: ignore[arg-type]  # the notifier reads nothing itself
        **fields,
    )


def text_of(message: EmailMessage) -> str:
    """The text as it was written: a letter travels with CR LF."""
    return str(message.get_content()).replace("\r\n", "\n")


def notifier(served: Served, **more: Any) -> SmtpNotifier:
    fields: dict[str, Any] = {
        "sender": SENDER,
        "recipients": {"finance": ALL},
        "context": served.trust,
        "timeout": 20,
    } | more
    return SmtpNotifier("localhost", served.port, **fields)


@covers("XT-37")
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_letter_arrives_under_tls(security: str) -> None:
    with mail_server(security, login=("crm", PASSWORD) if security == "starttls" else None) as served:
        user = {"user": "crm", "password": PASSWORD} if security == "starttls" else {}
        sent = notifier(served, security=security, **user).pharmacrm_deliver(notice())
        assert sent == Delivered()
        [(recipients, message)] = served.post.taken
    assert tuple(recipients) == ALL
    assert message["Subject"] == "SO-1 待审批：credit"
    assert message["From"] == SENDER
    assert message["To"] == "undisclosed-recipients:;"
    assert message["Message-ID"] == "<019a0000-0000-7000-8000-000000000001@example.com>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"] == "Sun, 22 Nov 2026 01:02:03 +0000"
    assert text_of(message) == "SO-1 已到环节 credit，等待角色 finance 处理，\n申请人 zhang.san。\n"
    assert all(address not in message.as_string() for address in ALL)


@pytest.fixture(scope="module")
def plain() -> Any:
    with mail_server("none") as served:
        yield served


@pytest.fixture
def post(plain: Served) -> Served:
    """The server without TLS, as if nobody had used it."""
    vars(plain.post).update(vars(Post()))
    return plain


def test_one_recipient_is_named(post: Served) -> None:
    one = notifier(post, security="none", recipients=lambda _: "li@example.com", language="en")
    assert one.pharmacrm_deliver(notice(simulated=True)) == Delivered()
    [(_, message)] = post.post.taken
    assert (message["To"], message["Subject"]) == (
        "li@example.com",
        "[simulated] SO-1 waits for a decision: credit",
    )


@pytest.mark.parametrize("topic", sorted(WORDINGS))
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_no_place_of_a_text_stays_open(post: Served, topic: str, language: str, founded: Found) -> None:
    """Every event has the fields that its letter speaks of."""
    event = founded().registry.events[topic]
    names = {each.name for each in event.__attrs_attrs__} | {"actor"}
    payload = {name: f"<{name}>" for name in names if name != "subject"}
    send = notifier(post, security="none", recipients=lambda _: ALL, language=language)
    send.pharmacrm_deliver(notice(topic=topic, payload=payload))
    [(_, message)] = post.post.taken
    assert "$" not in message["Subject"] + message.get_content()
    assert "SO-1" in message["Subject"]


def test_the_host_may_write_the_text(post: Served) -> None:
    def render(context: DeliverContext) -> MailText | None:
        return MailText("请看\r\nBcc: evil@example.com", "你好") if context.subject == "SO-1" else None

    send = notifier(post, security="none", render=render)
    assert send.pharmacrm_deliver(notice()) == Delivered()
    assert send.pharmacrm_deliver(notice("SO-2\r\nBcc: evil@example.com")) == Delivered()
    (one, written), (two, ours) = post.post.taken
    assert tuple(one) == tuple(two) == ALL
    assert written["Subject"] == "请看 Bcc: evil@example.com"
    assert text_of(written) == "你好\n"
    assert ours["Subject"] == "SO-2 Bcc: evil@example.com 待审批：credit"
    assert written["Bcc"] is None is ours["Bcc"]


# ---------------------------------------------------------------------------------------------- recipients


def test_a_name_without_an_address_is_a_dead_letter(post: Served) -> None:
    """What nobody would get is seen, not lost; nobody on purpose is said as nobody."""
    missing = notifier(post, security="none", recipients={"quality": ALL})
    assert missing.pharmacrm_deliver(notice()) == Reject("no recipient is named for finance")
    nobody = notifier(post, security="none", recipients={"finance": ()})
    assert nobody.pharmacrm_deliver(notice()) == Delivered()
    assert notifier(post, security="none", recipients=lambda _: ()).pharmacrm_deliver(notice()) == Delivered()
    unknown = notifier(post, security="none", topics=("*",))
    assert unknown.pharmacrm_deliver(notice(topic="OrderClosed")) == Reject(
        "no recipient is named for OrderClosed"
    )
    assert post.post.taken == []


@pytest.mark.parametrize(
    "address", ["no address", "a@b\r\nRCPT TO:<c@d>", "<a@b.c>", "张@example.com", 7, "a@b, c@d", ""]
)
def test_what_is_no_address_is_rejected_without_being_shown(post: Served, address: Any) -> None:
    send = notifier(post, security="none", recipients=lambda _: [ALL[0], address])
    assert send.pharmacrm_deliver(notice()) == Reject("recipient 2 of 2 is no e-mail address")
    assert post.post.taken == []


# ------------------------------------------------------------------------------------ what the server says


@pytest.mark.parametrize(
    ("attempt", "seconds"), [(1, 60), (2, 120), (3, 240), (6, 1920), (7, 3600), (1000, 3600)]
)
def test_who_is_put_off_keeps_all_waiting_so_that_nobody_gets_it_twice(
    post: Served, attempt: int, seconds: int
) -> None:
    post.post.refused = dict.fromkeys(ALL, "450 greylisted zhao@example.com")
    said = notifier(post, security="none").pharmacrm_deliver(notice(attempt=attempt))
    assert said == RetryAfter(seconds, "put off with 450 for 3 of 3 recipients")
    post.post.refused = {ALL[1]: "452 mailbox full"}
    said = notifier(post, security="none").pharmacrm_deliver(notice())
    assert said == RetryAfter(60, "put off with 452 for 1 of 3 recipients")
    assert post.post.taken == []
    post.post.refused = {}
    assert notifier(post, security="none").pharmacrm_deliver(notice(attempt=2)) == Delivered()
    assert len(post.post.taken) == 1


def test_who_is_put_off_for_hours_no_longer_keeps_the_others_waiting(post: Served) -> None:
    post.post.refused = {ALL[1]: "452 mailbox full"}
    said = notifier(post, security="none").pharmacrm_deliver(notice(attempt=12))
    assert said == Reject("refused with 452 for 1 of 3, the others have it")
    assert [tuple(each) for each, _ in post.post.taken] == [(ALL[0], ALL[2])]


def test_who_is_refused_is_left_out_and_seen(post: Served) -> None:
    post.post.refused = {ALL[0]: "550 no such user wang@example.com"}
    said = notifier(post, security="none").pharmacrm_deliver(notice())
    assert said == Reject("refused with 550 for 1 of 3, the others have it")
    assert [tuple(each) for each, _ in post.post.taken] == [ALL[1:]]
    post.post.refused = dict.fromkeys(ALL, "550 no such user")
    said = notifier(post, security="none").pharmacrm_deliver(notice())
    assert said == Reject("refused with 550 for every recipient")


@pytest.mark.parametrize(
    ("mail", "data", "wanted"),
    [
        ("421 closing", "", RetryAfter(60, "the mail server said 421 to MAIL")),
        ("451 later", "", RetryAfter(60, "the mail server said 451 to MAIL")),
        ("550 who are you", "", Reject("the mail server said 550 to MAIL")),
        ("", "452 full", RetryAfter(60, "the mail server said 452 to DATA")),
        ("", "552 too large", Reject("the mail server said 552 to DATA")),
    ],
)
def test_what_the_server_says_decides(post: Served, mail: str, data: str, wanted: object) -> None:
    post.post.on_mail, post.post.on_data = mail, data
    assert notifier(post, security="none").pharmacrm_deliver(notice()) == wanted


@pytest.mark.parametrize("said", [b"what?\r\n", b"354 go on\r\n", b"199 hm\r\n"])
def test_only_who_is_taken_counts_as_taken(said: bytes) -> None:
    """An answer that is none of those that the protocol knows is no yes."""

    def behave(connection: socket.socket) -> None:
        for answer in (b"220 hello\r\n", b"250 hello\r\n", b"250 fine\r\n", said, said, said):
            connection.sendall(answer)
            connection.recv(1000)

    with rude_server(behave) as port:
        answer = notifier(Served(port, None), security="none").pharmacrm_deliver(notice())  # type: ignore[arg-type]  # has no post
    assert isinstance(answer, RetryAfter)
    assert answer.why.endswith("for 3 of 3 recipients")


def test_a_letter_whose_answer_is_lost_is_sent_again_under_the_same_id(post: Served) -> None:
    """At least once: the server has it, and nobody can know."""
    post.post.hang_up = True
    said = notifier(post, security="none").pharmacrm_deliver(notice())
    assert said == RetryAfter(60, "the mail server broke the connection")
    post.post.hang_up = False
    assert notifier(post, security="none").pharmacrm_deliver(notice(attempt=2)) == Delivered()
    one, two = (message["Message-ID"] for _, message in post.post.taken)
    assert one == two


# ------------------------------------------------------------------------------------ never in the clear


def test_a_certificate_that_is_not_trusted_or_of_another_name_gets_no_letter() -> None:
    for security in ("starttls", "tls"):
        with mail_server(security, certificate="elsewhere.example.com") as served:
            said = notifier(served, security=security).pharmacrm_deliver(notice())
            assert said == RetryAfter(60, "the mail server's certificate is not trusted")
            stranger = notifier(served, security=security, context=ssl.create_default_context())
            assert isinstance(stranger.pharmacrm_deliver(notice()), RetryAfter)
            assert served.post.taken == []


def test_a_server_without_starttls_gets_no_letter(post: Served) -> None:
    said = notifier(post, security="starttls").pharmacrm_deliver(notice())
    assert isinstance(said, RetryAfter)
    assert said.why.endswith("to STARTTLS")
    assert post.post.taken == []


def test_a_server_that_speaks_no_tls_gets_no_letter(post: Served) -> None:
    said = notifier(post, security="tls").pharmacrm_deliver(notice())
    assert said == RetryAfter(60, "TLS with the mail server failed")


def test_a_broken_handshake_is_tried_again() -> None:
    def behave(connection: socket.socket) -> None:
        connection.sendall(b"220 hello\r\n")
        connection.recv(100)
        connection.sendall(b"250-hello\r\n250 STARTTLS\r\n")
        connection.recv(100)
        connection.sendall(b"220 go\r\n")
        connection.recv(1000)
        connection.sendall(b"no handshake at all, and that in clear words\r\n")
        while connection.recv(1000):
            pass

    with rude_server(behave) as port:
        said = notifier(Served(port, None)).pharmacrm_deliver(notice())  # type: ignore[arg-type]  # has no post
    assert said == RetryAfter(60, "TLS with the mail server failed")


def test_a_wrong_password_is_tried_again_later() -> None:
    with mail_server(login=("crm", PASSWORD)) as served:
        send = notifier(served, user="crm", password="wrong")
        assert send.pharmacrm_deliver(notice()) == RetryAfter(60, "the mail server said 535 to AUTH")
        assert served.post.taken == []


def test_a_server_that_wants_no_password_gets_no_letter_of_an_account() -> None:
    with mail_server("tls") as served:
        send = notifier(served, security="tls", user="crm", password=PASSWORD)
        said = send.pharmacrm_deliver(notice())
        assert said == RetryAfter(60, "the mail server lacks what is wanted: SMTPNotSupportedError")
        assert served.post.taken == []


# -------------------------------------------------------------------------------------- nobody, slow, gone


def test_nobody_listens() -> None:
    with socket.create_server(("localhost", 0)) as probe:
        port = probe.getsockname()[1]
    said = notifier(Served(port, None)).pharmacrm_deliver(notice())  # type: ignore[arg-type]  # nobody is there
    assert said == RetryAfter(60, "the mail server cannot be reached: ConnectionRefusedError")


def _hold(released: threading.Event) -> None:
    released.wait(30)


@pytest.mark.parametrize("security", ["none", "tls"])
def test_a_server_that_never_answers_is_left_in_time(security: str) -> None:
    released = threading.Event()
    with rude_server(lambda _: _hold(released)) as port:
        send = notifier(Served(port, None), security=security, timeout=0.3)  # type: ignore[arg-type]  # has no post
        said = send.pharmacrm_deliver(notice())
        released.set()
    assert said == RetryAfter(60, "the mail server was too slow")


def test_a_server_that_dribbles_is_left_in_time() -> None:
    """Each byte comes within the time of one answer; all of them together do not."""
    released = threading.Event()

    def behave(connection: socket.socket) -> None:
        while not released.wait(0.05):
            connection.sendall(b"2")

    with rude_server(behave) as port:
        send = notifier(Served(port, None), security="none", timeout=0.5)  # type: ignore[arg-type]  # has no post
        said = send.pharmacrm_deliver(notice())
        released.set()
    assert said == RetryAfter(60, "the mail server was too slow")


@pytest.mark.parametrize("greeting", [b"", b"421 too busy\r\n", b"554 no\r\n", b"\xff\xfe nonsense\r\n"])
def test_a_server_that_greets_badly_is_tried_again(greeting: bytes) -> None:
    with rude_server(lambda connection: connection.sendall(greeting)) as port:
        said = notifier(Served(port, None), security="none").pharmacrm_deliver(notice())  # type: ignore[arg-type]  # has no post
    assert isinstance(said, RetryAfter)


# -------------------------------------------------------------------------------------- through the door


def test_orders_are_told_through_the_outbox(post: Served, founded: Found, caplog: Any) -> None:
    """Put off, given up and delivered: what is kept of it names no address."""
    caplog.set_level(logging.DEBUG)
    post.post.refused = {ALL[0]: "450 wang@example.com is busy"}
    send = notifier(post, security="none", recipients=lambda _: ALL[0], topics=("ApprovalAsked",))
    crm = founded(send)
    crm.do(an_order("SO-1"), actor=SELLER).expect()
    done = crm.deliver()
    assert (done.delivered, done.dead, done.postponed) == (0, 0, done.waiting)
    post.post.refused = {}
    wait(crm, 61)
    assert counts(crm.deliver()) == (done.waiting, 0, 0, 0)
    assert len(post.post.taken) == done.waiting
    ours = [each.getMessage() for each in caplog.records if each.name.startswith("pharmacrm")]
    assert "example.com" not in "".join(ours)
    assert "example.com" not in repr(crm.plugins.faults)


@pytest.mark.parametrize(
    ("field", "settings"),
    [
        ("security", {"security": "ssl"}),
        ("security", {"security": "none", "user": "crm", "password": PASSWORD}),
        ("sender", {"sender": "crm"}),
        ("sender", {"sender": "crm@example.com\r\nBcc: a@b.c"}),
        ("timeout", {"timeout": 0}),
        ("timeout", {"timeout": 26}),
        ("topics", {"topics": "OrderReleased"}),
    ],
)
def test_settings_that_cannot_work_are_refused(field: str, settings: dict[str, Any]) -> None:
    fields: dict[str, Any] = {"sender": SENDER, "recipients": {}} | settings
    with pytest.raises(MalformedInput) as caught:
        SmtpNotifier("localhost", **fields)
    assert (caught.value.code, caught.value.field) == ("smtp.setting", field)


def test_the_password_is_not_shown() -> None:
    send = SmtpNotifier("localhost", sender=SENDER, recipients={}, user="crm", password=PASSWORD)
    assert PASSWORD not in repr(send) + repr(vars(send))
