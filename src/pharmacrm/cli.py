"""The command line: `pharmacrm demo`. It needs the extra `cli`: pip install "pharmacrm[cli]"."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

if TYPE_CHECKING:
    import typer

MISSING = 'The command line needs the extra "cli": pip install "pharmacrm[cli]"'


def application() -> "typer.Typer":
    """The commands, as Typer wants them; ImportError without the extra."""
    import typer

    app = typer.Typer(no_args_is_help=True, add_completion=False, help="pharmacrm: from order to cash.")

    @app.callback()
    def everything() -> None:
        """Keep `demo` a command of its own, however few there are."""

    @app.command()
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
            raise typer.Exit(1) from None

    return app


def main() -> None:
    """Run the command line; without the extra, say how to get it."""
    try:
        app = application()
    except ImportError:
        sys.exit(MISSING)
    app()


if __name__ == "__main__":
    main()
