"""Mail servers for tests: a real one (aiosmtpd) that says what it is told, and one without manners."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from attrs import define, field

CA = trustme.CA()


class Post:
    """What a server answers, by recipient and by step, and what it was given."""

    def __init__(self) -> None:
        self.refused: dict[str, str] = {}
        self.on_mail = ""
        self.on_data = ""
        self.hang_up = False
        self.taken: list[tuple[list[str], EmailMessage]] = []

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.on_mail:
            return self.on_mail
        envelope.mail_from = address
        return "250 fine"

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.on_data:
            return self.on_data
        read = message_from_bytes(envelope.content, policy=default)
        self.taken.append((list(envelope.rcpt_tos), read))
        if self.hang_up:
            server.transport.abort()
        return "250 taken"


@define
class Served:
    """A running server: where, what it answers, and whom its clients may trust."""

    port: int
    post: Post
    trust: ssl.SSLContext = field(factory=ssl.create_default_context)


def server_context(name: str = "localhost") -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    CA.issue_cert(name).configure_cert(context)
    return context


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    CA.configure_trust(context)
    return context


def _free_port() -> int:
    with socket.create_server(("localhost", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def mail_server(
    security: str = "starttls", *, certificate: str = "localhost", login: tuple[str, str] | None = None
) -> Iterator[Served]:
    """A live aiosmtpd on a port of its own."""
    post = Post()
    more: dict[str, Any] = {}
    if security == "starttls":
        more |= {"tls_context": server_context(certificate), "require_starttls": True}
    elif security == "tls":
        more |= {"ssl_context": server_context(certificate)}
    if login:
        more |= {"authenticator": _authenticator(*login), "auth_required": True}
        more |= {"auth_require_tls": security == "starttls"}
    controller = Controller(post, hostname="localhost", port=_free_port(), **more)
    controller.start()
    try:
        yield Served(controller.port, post, trusting())
    finally:
        controller.stop()


def _authenticator(user: str, password: str) -> Callable[..., AuthResult]:
    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        fine = isinstance(data, LoginPassword) and (data.login, data.password) == (
            user.encode(),
            password.encode(),
        )
        return AuthResult(success=fine, handled=False)

    return check


@contextmanager
def rude_server(behave: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server that does with each connection what it is told, and closes it."""
    listener = socket.create_server(("localhost", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                try:
                    behave(connection)
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
