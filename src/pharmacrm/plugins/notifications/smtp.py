"""Notices as e-mail, handed over to a mail server under TLS.

Who gets a letter is the host's to say: records hold no e-mail addresses. Give a mapping from roles and staff
ids to addresses, or a function that looks them up in the host's own directory:

    SmtpNotifier(
        "mail.example.com",
        sender="crm@example.com",
        recipients={"finance": "finance@example.com", "warehouse": ("a@example.com", "b@example.com")},
    )

A letter goes out at least once. If it comes twice, both have the same Message-ID, made of the notice's id.
Recipients do not see each other. Either everybody gets it in one go, or nobody yet: while the server puts one
of them off, the letter waits for all. Whoever is refused for good is left out, the others get it, and the
notice goes to the dead letters, where its code is seen. Personal data stands in no fault and in no log.
"""

import re
import ssl
from collections.abc import Callable, Iterable, Mapping, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any, ClassVar, Final

from pharmacrm.core.kernel.errors import MalformedInput
from pharmacrm.plugins.hookspecs import hookimpl
from pharmacrm.plugins.notifications.mailing import Envelope, MailServer, Security, handed_over
from pharmacrm.plugins.notifications.wording import WORDINGS, MailText, addressees, worded
from pharmacrm.plugins.types import DeliverContext, Delivered, Reject, Result

PORTS: Final[Mapping[str, int]] = {"starttls": 587, "tls": 465, "none": 25}
LONGEST_TIMEOUT: Final = 25
"""Seconds for connecting, and again for the rest: together less than the lease of the notice."""

ADDRESS: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?"
)

Addresses = str | Iterable[str]
Recipients = Mapping[str, Addresses] | Callable[[DeliverContext], Addresses]
Render = Callable[[DeliverContext], MailText | None]


class SmtpNotifier:
    """Sends a letter for each notice of its topics.

    `security` is `starttls` (port 587), `tls` (465), or `none` (25) for a server on the same machine.
    What was asked for is never given up silently, and certificates are verified against `context`, by
    default the system's authorities.

    A mapping of `recipients` must name each role or person that a letter is for, with an empty tuple for
    nobody; where a function gives nobody, no letter is wanted. `render` gives the text of a notice, or None
    for the one that comes with pharmacrm in `language`.
    """

    PHARMACRM_API: ClassVar[tuple[int, int]] = (1, 0)

    def __init__(  # noqa: PLR0913 - every setting of a mail account, each with its default
        self,
        host: str,
        port: int | None = None,
        *,
        sender: str,
        recipients: Recipients,
        security: Security = "starttls",
        user: str = "",
        password: str = "",
        context: ssl.SSLContext | None = None,
        timeout: float = 20,
        topics: Sequence[str] = tuple(WORDINGS),
        language: str = "zh-CN",
        render: Render | None = None,
        name: str = "smtp",
    ) -> None:
        _require(security in PORTS, "security", f"one of {', '.join(PORTS)} is wanted")
        _require(bool(ADDRESS.fullmatch(sender)), "sender", "an e-mail address is wanted")
        _require(0 < timeout <= LONGEST_TIMEOUT, "timeout", f"1 to {LONGEST_TIMEOUT} seconds are wanted")
        _require(not user or security != "none", "security", "a password is never sent in the clear")
        _require(not isinstance(topics, str), "topics", "a tuple of event names is wanted")
        self.name = name
        self.topics = tuple(topics)
        self._server = MailServer(
            host,
            port or PORTS[security],
            security,
            None if security == "none" else context or ssl.create_default_context(),
            timeout,
            user,
            password,
        )
        self._sender = sender
        self._recipients = recipients
        self._language = language
        self._render = render

    @hookimpl
    def pharmacrm_deliver(self, context: DeliverContext) -> Result:
        """Send the letter of one notice."""
        found = self._addresses(context)
        if isinstance(found, Reject):
            return found
        if not found:
            return Delivered()
        letter = self._render(context) if self._render else None
        letter = letter or worded(context.topic, context.subject, context.payload, self._language)
        data = message(letter, context, self._sender, found).as_bytes()
        return handed_over(self._server, Envelope(self._sender, found, data, context.attempt))

    def _addresses(self, context: DeliverContext) -> tuple[str, ...] | Reject:
        """The addresses a letter is for, each once; a name without one, or what is none, is rejected."""
        if isinstance(self._recipients, Mapping):
            names = addressees(context.topic, context.payload)
            unknown = [name for name in names if name not in self._recipients]
            if unknown or not names:
                return Reject(f"no recipient is named for {', '.join(unknown) or context.topic}")
            found = [each for name in names for each in _listed(self._recipients[name])]
        else:
            found = _listed(self._recipients(context))
        wrong = [place for place, each in enumerate(found, 1) if not _is_address(each)]
        if wrong:
            return Reject(f"recipient {wrong[0]} of {len(found)} is no e-mail address")
        return tuple(dict.fromkeys(found))


def message(
    letter: MailText, context: DeliverContext, sender: str, recipients: tuple[str, ...]
) -> EmailMessage:
    """The letter as a message; the Message-ID is that of the notice, however often it is sent."""
    said = EmailMessage(policy=SMTP)
    mark = "[simulated] " if context.simulated else ""
    said["Subject"] = mark + _one_line(letter.subject)
    said["From"] = sender
    said["To"] = recipients[0] if len(recipients) == 1 else "undisclosed-recipients:;"
    said["Date"] = format_datetime(context.at)
    said["Message-ID"] = f"<{context.id}@{sender.rpartition('@')[2]}>"
    said["Auto-Submitted"] = "auto-generated"
    said.set_content(letter.text, cte="base64")
    return said


def _one_line(text: str) -> str:
    """A text fit to be a header: no line ends and no controls, whatever came in."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())[:200]


def _listed(given: Addresses) -> list[Any]:
    return [given] if isinstance(given, str) else list(given)


def _is_address(text: object) -> bool:
    return isinstance(text, str) and ADDRESS.fullmatch(text) is not None


def _require(fine: bool, field: str, message: str) -> None:  # noqa: FBT001 - the condition itself
    if not fine:
        raise MalformedInput("smtp.setting", message, field=field)
