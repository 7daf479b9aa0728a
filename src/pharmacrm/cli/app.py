"""The commands of the shell, as Typer wants them."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from attrs import asdict

from pharmacrm.cli.call import Call
from pharmacrm.cli.keeping import backup, restore, verify
from pharmacrm.cli.opening import Where
from pharmacrm.cli.repeating import repeated
from pharmacrm.cli.saying import Exit, Voice
from pharmacrm.crm import PharmaCRM
from pharmacrm.crm.delivery import Delivered

Every = Annotated[
    float, typer.Option(min=0, help="Seconds until it is done again, until told to end; 0: once. 间隔秒数")
]


def application() -> typer.Typer:
    """Every command."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, help="pharmacrm: from order to cash.")
    app.callback()(before)
    for name, (command, chinese) in COMMANDS.items():
        app.command(name, help=f"{command.__doc__} {chinese}")(command)
    return app


def before(
    context: typer.Context,
    url: Annotated[
        str, typer.Option(envvar="PHARMACRM_URL", help="The store, such as sqlite:///crm.db. 数据库")
    ] = "",
    door: Annotated[
        str, typer.Option(envvar="PHARMACRM_DOOR", help="Your own door: module:attribute. 自有入口")
    ] = "",
    tenant: Annotated[str, typer.Option(envvar="PHARMACRM_TENANT", help="Default: main. 租户")] = "",
    entry_points: Annotated[
        bool, typer.Option("--entry-points", help="Load installed plugins. 加载已安装插件")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per answer. 输出 JSON")] = False,
    language: Annotated[
        str, typer.Option(help="en or zh-CN; default: the system's. 语言", metavar="LANGUAGE")
    ] = "",
) -> None:
    """Read what stands before the command."""
    if language not in {"", "en", "zh-CN"}:
        raise typer.BadParameter("en or zh-CN", param_hint="--language")
    where = Where(url=url, door=door, tenant=tenant, entry_points=entry_points)
    context.obj = Call(where, Voice(as_json=as_json, language=language))


def demo(
    months: Annotated[int, typer.Option(min=1, max=11, help="How many months the story has.")] = 5,
    customers: Annotated[int, typer.Option(min=30, max=270, help="How many customers.")] = 160,
    orders: Annotated[int, typer.Option(min=0, max=5_000, help="How many everyday orders.")] = 500,
    seed: Annotated[int, typer.Option(help="The same seed tells the same story.")] = 2026,
    folder: Annotated[Path, typer.Option(help="Where pharmacrm-demo.db is kept.")] = Path(),
) -> None:
    """Tell some months of a Chinese wholesaler, from order to cash; telling it again adds nothing."""
    from pharmacrm.demo.scale import Scale
    from pharmacrm.demo.show import show
    from pharmacrm.demo.story import AnotherStory

    try:
        show(folder, Scale(months=months, customers=customers, orders=orders, seed=seed))
    except AnotherStory as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(Exit.LOOK) from None


def init(
    context: typer.Context,
    admin: Annotated[str, typer.Option(help="The id of the first administrator. 首位管理员")],
    name: Annotated[str, typer.Option(help="The administrator's name. 姓名")] = "",
    zone: Annotated[str, typer.Option(help="Where business dates are counted. 时区")] = "Asia/Shanghai",
    currency: Annotated[str, typer.Option(help="ISO 4217. 本位币")] = "CNY",
    calendar: Annotated[str, typer.Option(help="The work calendar. 工作日历")] = "cn",
) -> None:
    """Make the tables, and the tenant with its first administrator; an installed one stays."""
    call: Call = context.obj
    with call.door() as crm:
        tenant = crm.install(admin=admin, name=name, zone_name=zone, currency=currency, calendar=calendar)
        call.voice.say("init", {"tenant": tenant.id, "admin": admin})


def run_due(context: typer.Context, every: Every = 0) -> None:
    """Do all timed work that is due; exit code 1 if some of it was refused or failed."""
    call: Call = context.obj
    refused = 0

    def once() -> None:
        nonlocal refused
        due = crm.run_due()
        refused += due.refused + len(due.failed)
        call.voice.say("run-due", asdict(due))
        for each in due.failed:
            call.voice.line(f"{each.command} {each.subject}: {each.code}", error=True)

    with call.door() as crm:
        repeated(once, every)
    _end(look=bool(refused))


def deliver(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=0, help="At most so many notices. 上限")] = 100,
    every: Every = 0,
) -> None:
    """Hand out notices from the outbox; exit code 1 if one became a dead letter."""
    call: Call = context.obj
    dead = 0

    def once() -> float | None:
        nonlocal dead
        found = crm.deliver(limit=limit)
        dead += found.dead
        call.voice.say("deliver", asdict(found))
        return _until_more(crm, found)

    with call.door() as crm:
        repeated(once, every)
    _end(look=bool(dead))


def _until_more(crm: PharmaCRM, found: Delivered) -> float | None:
    """Seconds until the next notice can be handed out; None where nothing waits, or nobody got further."""
    if found.next_due is None:
        return None
    seconds = (found.next_due - crm.clock.now()).total_seconds()
    moved = found.delivered or found.postponed or found.dead
    return max(seconds, 0.0) if moved or seconds > 0 else None


def pull(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The plugin that has something for us. 来源插件")],
    limit: Annotated[int, typer.Option(min=1, help="So many items at a time. 每批条数")] = 500,
    every: Every = 0,
) -> None:
    """Take in what another system has for us; exit code 1 if anything was set aside, or it ended early."""
    call: Call = context.obj
    look = 0

    def once() -> None:
        nonlocal look
        found = crm.pull(name, limit=limit)
        look += found.aside + bool(found.why)
        call.voice.say("pull", {"source": name, **asdict(found)})
        if found.why and not call.voice.as_json:
            call.voice.line(found.why, error=True)

    with call.door() as crm:
        repeated(once, every)
    _end(look=bool(look))


def plugins(
    context: typer.Context, hook: Annotated[str, typer.Argument(help="One hook; default: all. 钩子")] = ""
) -> None:
    """Show who implements each hook, in order, and the faults; exit code 1 if there are any."""
    call: Call = context.obj
    with call.door() as crm:
        text = crm.plugins.explain(hook)
        if call.voice.as_json:
            faults = [asdict(fault) for fault in crm.plugins.faults]
            call.voice.say("plugins", {"plugins": crm.plugins.names, "faults": faults})
        else:
            call.voice.line(text)
        faulty = bool(crm.plugins.faults)
    _end(look=faulty)


def _end(*, look: bool) -> None:
    if look:
        raise typer.Exit(Exit.LOOK)


COMMANDS: dict[str, tuple[Callable[..., None], str]] = {
    "demo": (demo, "演示"),
    "init": (init, "安装"),
    "run-due": (run_due, "执行到期事项"),
    "deliver": (deliver, "投递通知"),
    "pull": (pull, "取入外部数据"),
    "plugins": (plugins, "查看插件"),
    "verify": (verify, "校验账本"),
    "backup": (backup, "备份"),
    "restore": (restore, "恢复"),
}
