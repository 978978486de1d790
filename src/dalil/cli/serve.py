"""dalil serve: the desk, a web page on this machine alone."""

from __future__ import annotations

from pathlib import Path

import click

from dalil.cli.asking import ARCHIVE
from dalil.cli.saying import LANGUAGES, phrase


@click.command("serve")
@ARCHIVE
@click.option("--port", default=8765, show_default=True, help="Port on loopback.")
@click.option(
    "--desk",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of accounts and drafts, beside the archive unless said (ARCHIVE.desk).",
)
@click.option(
    "--host", "hosts", multiple=True, help="Outside name, where a TLS proxy stands before it."
)
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", help="Language printed here.")
def command(archive: Path, port: int, desk: Path | None, hosts: tuple[str, ...], lang: str) -> None:
    """Open the desk on this machine; a new archive is set up in the browser.

    \b
    Example:
      dalil serve /srv/archive
    """
    from dalil.web.server import prepare, serve

    archive = archive.absolute()
    place = desk.absolute() if desk else archive.with_name(f"{archive.name}.desk")
    opened = prepare(archive, place, port, hosts)

    def ready() -> None:
        click.echo(phrase("serve", "open", lang, address=opened.address))
        if opened.setup_code:
            click.echo(phrase("serve", "set-up", lang, code=opened.setup_code))
        click.echo(phrase("serve", "stop", lang))

    serve(port, ready)
