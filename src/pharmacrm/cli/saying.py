"""What the shell says: a line of JSON for programs, a sentence in English or Chinese for people."""

import json
import os
import sys
from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from attrs import frozen

from pharmacrm.core.kernel.errors import PharmaCRMError


class Exit(IntEnum):
    """The shell's exit codes; 2 is a mistake in the command line itself."""

    FINE = 0
    LOOK = 1
    USAGE = 2
    FAILED = 3


SENTENCES = {
    "init": (
        "tenant {tenant} is installed; it begins with {admin}",
        "租户 {tenant} 已安装，首位管理员 {admin}",
    ),
    "run-due": (
        "{done} due commands done, {reminded} reminders sent, {refused} refused",
        "到期事项已执行 {done} 项，已提醒 {reminded} 项，被拒绝 {refused} 项",
    ),
    "deliver": (
        "{delivered} delivered, {postponed} postponed, {dead} dead, {waiting} waiting",
        "已送达 {delivered}，推迟 {postponed}，死信 {dead}，等待 {waiting}",
    ),
    "pull": (
        "{source}: {done} done, {repeated} repeated, {held} held, {aside} set aside, {retried} retried",
        "{source}：完成 {done}，重复 {repeated}，待审 {held}，隔离 {aside}，重试成功 {retried}",
    ),
    "verify": (
        "{found} findings: {entries} entries, {seals} seals, {anchors} anchors; {exposed} entries exposed",
        "{found} 处问题：日志 {entries} 条，封存 {seals} 个，锚定 {anchors} 个；{exposed} 条未锚定",
    ),
    "backup": ("{tenant}: {lines} lines, digest {digest}", "{tenant}：{lines} 行，摘要 {digest}"),
    "restore": ("{tenant} is restored, digest {digest}", "{tenant} 已恢复，摘要 {digest}"),
}
"""For each command its sentence in English and in Chinese; the names are those of the JSON object."""

FAILURE = ("{error}: {message}", "错误 {error}：{message}")


def language_of(environment: Mapping[str, str]) -> str:
    """`zh-CN` where the system speaks Chinese, else `en`."""
    spoken = next((environment[n] for n in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(n)), "")
    return "zh-CN" if spoken.lower().startswith("zh") else "en"


@frozen(kw_only=True)
class Voice:
    """How the answers of one call of the shell are said."""

    as_json: bool = False
    language: str = ""

    def say(self, command: str, found: Mapping[str, Any]) -> None:
        """Say what a command found."""
        if self.as_json:
            self.line(json.dumps({"command": command, **found}, ensure_ascii=False, default=str))
        else:
            self.line(self._sentence(SENTENCES[command]).format(**found))

    def fail(self, error: PharmaCRMError) -> None:
        """Say what went wrong, with its code and the page that explains it."""
        said = {"error": error.code, "message": error.message, "docs": error.docs}
        if self.as_json:
            self.line(json.dumps(said, ensure_ascii=False))
        else:
            self.line(self._sentence(FAILURE).format(**said), error=True)

    def line(self, text: str, *, error: bool = False) -> None:
        """One line; a console that knows no Chinese shows question marks instead of failing."""
        out = sys.stderr if error else sys.stdout
        known = out.encoding or "utf-8"
        out.write(text.encode(known, "replace").decode(known) + "\n")
        out.flush()

    def _sentence(self, both: tuple[str, str]) -> str:
        return both[(self.language or language_of(os.environ)) == "zh-CN"]
