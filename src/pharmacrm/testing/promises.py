"""What pharmacrm promises under faults, in plain words, and the runs that prove it."""

from attrs import frozen


@frozen(kw_only=True)
class Promise:
    """One guarantee; its id is that of the drivers' reports."""

    id: str
    title: str
    means: str


@frozen(kw_only=True)
class Run:
    """One driver with the options of a small run, for every change, and of a large one, by command.

    `left_out` says what the large run does not try, and why.
    """

    driver: str
    proves: tuple[str, ...]
    small: str
    large: str
    left_out: str = ""

    def command(self, level: str) -> str:
        """What is typed after `python -m`."""
        return f"pharmacrm.testing.{self.driver} {self.small if level == 'c' else self.large}"


PROMISES = (
    Promise(
        id="T1",
        title="A killed process loses nothing",
        means="What a caller was told has happened is in the books after SIGKILL: records, journal, "
        "outbox and answer, all four. What was under way is there whole or not at all, and the "
        "retry under its key gives the one result.",
    ),
    Promise(
        id="T2",
        title="A power cut loses nothing",
        means="The power goes at any moment, and the disk keeps, drops or tears what was not synced. The "
        "SQLite file that is left opens, is whole, and holds everything that was acknowledged.",
    ),
    Promise(
        id="T3",
        title="All or nothing, whatever call fails",
        means="Every database call of every command fails once: before it is made, after it, by an "
        "interrupt, with a commit that is lost, and with one whose answer is lost. All of the "
        "command is stored or nothing, the retry gives exactly one effect, and no connection or "
        "transaction is left open.",
    ),
    Promise(
        id="T4",
        title="No account is over its limit, and no order that fits is refused",
        means="Many processes order at once, for one account, for a hundred, for two in opposite order, and "
        "for members of a group. Then they order, ship, invoice, take back, pay, cancel and change limits at "
        "random: triggers in the database see no rise over the limit in force, no error reaches a caller, "
        "and orders, unbilled goods, receivables and money on account are what the documents say.",
    ),
    Promise(
        id="T6",
        title="The same command twice is once",
        means="Many callers give the same commands under the same keys at once. Each happens once, "
        "everybody gets the same answer, another command under the key is refused, and the key "
        "outlives a killed process.",
    ),
    Promise(
        id="T7",
        title="Every notice arrives, and works once",
        means="Relays are killed and stopped for longer than their lease. No notice is lost, and a "
        "receiver that looks at its id does its work once.",
    ),
    Promise(
        id="T8",
        title="Notices of one subject arrive in order",
        means="The same run: no notice overtakes an earlier one of its subject at its first delivery.",
    ),
    Promise(
        id="T9",
        title="A poisoned notice cannot block the others",
        means="Notices that raise, kill their worker or hang go to the dead letters; the others are not "
        "held up.",
    ),
    Promise(
        id="T10",
        title="A reader of the journal skips nothing",
        means="While many processes write, readers that follow the journal see every entry once.",
    ),
    Promise(
        id="T12",
        title="Tampering is found",
        means="Rows of the journal and of the tables are changed by an outsider and by an insider who "
        "mends the hashes. Everything up to the last anchor is found, with the first bad row, and "
        "nothing else is reported.",
    ),
    Promise(
        id="T13",
        title="A cut tail or an old backup is found",
        means="The newest rows are taken away, or an old backup is put in place: one newer anchor shows it.",
    ),
    Promise(
        id="T15",
        title="The time of an entry cannot be moved",
        means="Clocks jump. No entry is earlier than the one before it, none is far from true time, and "
        "what a wrong clock was refused is written down.",
    ),
    Promise(
        id="T27",
        title="Every store answers a search alike",
        means="Random searches and pages on a store give what a plain loop over its rows gives: the same "
        "rows in the same order, and no page loses or repeats a row.",
    ),
)

RUNS = (
    Run(
        driver="crash",
        proves=("T1",),
        small="sqlite --kills 50 --between 3 --sync FULL",
        large="sqlite --kills 1000 --sync FULL",
    ),
    Run(
        driver="crash",
        proves=("T1",),
        small="postgresql --kills 16 --between 3",
        large="postgresql --kills 200 --between 20",
    ),
    Run(
        driver="crash",
        proves=("T1",),
        small="mariadb --kills 8 --between 3",
        large="mariadb --kills 100 --between 20",
    ),
    Run(
        driver="pulling",
        proves=("T1", "T6"),
        small="--rows 3 --step 9",
        large="--rows 7 --step 1",
    ),
    Run(driver="powerloss", proves=("T2",), small="--images 60 --orders 5", large="--images 5000"),
    Run(
        driver="faults",
        proves=("T3",),
        small="--db sqlite --share 0.03",
        large="--db all --share 0.125",
        left_out="seven of eight faults, chosen by the seed; `--share 1` tries every one",
    ),
    Run(
        driver="oversell",
        proves=("T4",),
        small="--workers 8 --attempts 8 --accounts 8 --db sqlite",
        large="--workers 16 --attempts 1000 --db sqlite,postgresql",
    ),
    Run(
        driver="oversell",
        proves=("T4",),
        small="--workers 8 --attempts 4 --accounts 4 --db mariadb",
        large="--workers 16 --attempts 1000 --db mariadb",
    ),
    *(
        Run(
            driver="mixed",
            proves=("T4",),
            small=f"--workers 4 --runs 60 --db {kind}",
            large=f"--workers 16 --runs 10000 --db {kind}",
        )
        for kind in ("sqlite", "postgresql", "mariadb")
    ),
    Run(
        driver="idempotency",
        proves=("T6",),
        small="--workers 8 --keys 10 --db sqlite",
        large="--workers 16 --keys 1000 --db sqlite,postgresql,mariadb",
    ),
    Run(
        driver="outbox",
        proves=("T7", "T8", "T9"),
        small="--msgs 60 --kills 3 --stops 1 --poison 1 --killer 1 --hang 0 --relays 3 --seconds 100",
        large="--msgs 10000 --kills 500 --stops 200 --poison 100 --killer 20 --hang 5 --seconds 7200",
    ),
    Run(driver="feed", proves=("T10",), small="--writers 8 --rows 240", large="--writers 16 --rows 20000"),
    Run(
        driver="tamper",
        proves=("T12", "T13"),
        small="--n 28",
        large="--n 1400",
    ),
    Run(driver="clock", proves=("T15",), small="--commands 1500", large="--commands 100000"),
    Run(
        driver="queries",
        proves=("T27",),
        small="--queries 100 --db sqlite",
        large="--queries 5000 --db sqlite",
    ),
    Run(
        driver="queries",
        proves=("T27",),
        small="--queries 100 --db memory",
        large="--queries 5000 --db postgresql",
    ),
)
"""Every driver there is; one that is not installed is said to be missing, never to be passed."""


def small(driver: str) -> list[str]:
    """The options of the first small run of a driver."""
    return next(run.small.split() for run in RUNS if run.driver == driver)
