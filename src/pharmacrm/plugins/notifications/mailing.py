"""One conversation with a mail server: a letter handed over, and what becomes of its notice.

Everybody is named to the server before the text is sent, so that it is known who would get it. What cannot be
told for sure (the connection broke while the server was taking the text) is tried again: the letter then has
the same Message-ID, by which mail programs know it.
"""

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final, Literal

from attrs import field, frozen

from pharmacrm.plugins.types import Delivered, Reject, Result, RetryAfter

Security = Literal["starttls", "tls", "none"]
PATIENCE: Final = 12
"""Attempts after which recipients who are put off again and again no longer keep the others waiting."""

FIRST_WAIT, LONGEST_WAIT = 60, 3600
READY, NEVER = 220, 500
TAKEN: Final = (250, 251, 252)
"""What a server says of a recipient that it takes; anything else below 500 is not yet."""


@frozen
class MailServer:
    """Where letters are handed over; `timeout` are the seconds for connecting, and again for all the rest."""

    host: str
    port: int
    security: Security
    context: ssl.SSLContext | None
    timeout: float
    user: str = ""
    password: str = field(default="", repr=False)


@frozen
class Envelope:
    """A letter ready to go: the sender, the recipients, the bytes; and which attempt it is."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes
    attempt: int


class _SaidNo(Exception):
    """The server answered a step with a code that ends the conversation."""

    def __init__(self, step: str, code: int) -> None:
        super().__init__(step, code)
        self.step = step
        self.code = code


def handed_over(server: MailServer, envelope: Envelope) -> Result:
    """Hand a letter over; `why` of the answer names codes and steps, never an address."""
    late = threading.Event()
    try:
        with _connected(server, late) as smtp:
            return _carried(smtp, envelope)
    except _SaidNo as error:
        said = f"the mail server said {error.code} to {error.step}"
        if late.is_set():  # what looked like an answer may be the half of one
            said = "the mail server was too slow"
        elif error.code >= NEVER and error.step in {"MAIL", "DATA"}:
            return Reject(said)
        return _later(envelope, said)
    except (OSError, smtplib.SMTPException) as error:
        return _later(envelope, "the mail server was too slow" if late.is_set() else _cause(error))


def _later(envelope: Envelope, why: str) -> RetryAfter:
    """Wait twice as long each time, at most an hour."""
    doublings = min(max(envelope.attempt - 1, 0), 10)
    return RetryAfter(min(FIRST_WAIT * 2**doublings, LONGEST_WAIT), why)


def _cause(error: OSError | smtplib.SMTPException) -> str:
    match error:
        case TimeoutError():
            return "the mail server was too slow"
        case ssl.SSLCertVerificationError():
            return "the mail server's certificate is not trusted"
        case ssl.SSLError():
            return "TLS with the mail server failed"
        case smtplib.SMTPServerDisconnected():
            return "the mail server broke the connection"
        case smtplib.SMTPException():
            return f"the mail server lacks what is wanted: {type(error).__name__}"
        case _:
            return f"the mail server cannot be reached: {type(error).__name__}"


@contextmanager
def _connected(server: MailServer, late: threading.Event) -> Iterator[smtplib.SMTP]:
    """A conversation that has come to the point where letters are taken, and that ends in time."""
    raw = socket.create_connection((server.host, server.port), server.timeout)
    raw.settimeout(None)
    # The same connection, whatever TLS makes of the first socket: shutting it ends every wait on it.
    line = raw.dup()
    clock = threading.Timer(server.timeout, _hang_up, (line, late))
    clock.daemon = True
    clock.start()
    smtp = smtplib.SMTP(local_hostname=socket.gethostname())
    smtp.sock = raw
    try:
        _greeted(smtp, server)
        yield smtp
        with suppress(OSError, smtplib.SMTPException):
            smtp.docmd("QUIT")
    finally:
        clock.cancel()
        smtp.close()
        line.close()


def _hang_up(line: socket.socket, late: threading.Event) -> None:
    """The time is over, however slowly the server goes on."""
    late.set()
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _greeted(smtp: smtplib.SMTP, server: MailServer) -> None:
    """Greetings, TLS where it is wanted, and the login; nothing goes on in the clear that should not."""
    if server.security == "tls":
        _encrypt(smtp, server)
    _want("the connection", READY, smtp.getreply()[0])
    _want("EHLO", 250, smtp.ehlo()[0])
    if server.security == "starttls":
        _want("STARTTLS", READY, smtp.docmd("STARTTLS")[0])
        _encrypt(smtp, server)
        _want("EHLO", 250, smtp.ehlo()[0])
    if server.user:
        try:
            smtp.login(server.user, server.password)
        except smtplib.SMTPResponseException as error:
            raise _SaidNo("AUTH", error.smtp_code) from None


def _encrypt(smtp: smtplib.SMTP, server: MailServer) -> None:
    """Go on under TLS, and forget everything that was said before."""
    context = server.context
    assert context is not None  # noqa: S101 - the notifier makes one wherever TLS is wanted
    plain = smtp.sock
    assert plain is not None  # noqa: S101 - it is connected
    smtp.sock = context.wrap_socket(plain, server_hostname=server.host)
    smtp.file = None
    smtp.ehlo_resp = None
    smtp.esmtp_features = {}


def _want(step: str, wanted: int, code: int) -> None:
    if code != wanted:
        raise _SaidNo(step, code)


def _carried(smtp: smtplib.SMTP, envelope: Envelope) -> Result:
    """Name the sender and everybody; then send the text, unless somebody can have it only later."""
    _want("MAIL", 250, smtp.mail(envelope.sender)[0])
    codes = [smtp.rcpt(recipient)[0] for recipient in envelope.recipients]
    refused = [code for code in codes if code not in TAKEN]
    put_off = [code for code in refused if code < NEVER]
    everybody = len(codes)
    if put_off and (len(refused) == everybody or envelope.attempt < PATIENCE):
        return _later(envelope, f"put off with {put_off[0]} for {len(put_off)} of {everybody} recipients")
    if len(refused) == everybody:
        return Reject(f"refused with {refused[0]} for every recipient")
    try:
        _want("DATA", 250, smtp.data(envelope.data)[0])
    except smtplib.SMTPDataError as error:
        raise _SaidNo("DATA", error.smtp_code) from None
    if refused:
        return Reject(f"refused with {refused[0]} for {len(refused)} of {everybody}, the others have it")
    return Delivered()
