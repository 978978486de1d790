"""dalil copy: a second, checked copy of an archive, and the way back from it."""

from __future__ import annotations

import os
from pathlib import Path

import click

from dalil.cli.asking import unlock_archive, unlocking
from dalil.cli.progress import progress_bar
from dalil.cli.saying import phrase, report, reporting


@click.command("copy")
@click.argument("archive", type=click.Path(path_type=Path))
@click.argument("to", type=click.Path(path_type=Path))
@click.option("--back", is_flag=True, help="ARCHIVE is the copy; TO is repaired, or laid anew.")
@unlocking
@reporting
def command(
    archive: Path,
    to: Path,
    back: bool,
    passphrase_file: Path | None,
    lang: str,
    *,
    as_json: bool,
) -> int:
    """Keep a second copy, checked as it is made; or bring an archive back from one.

    Given again, it brings over only what is new. With a passphrase at hand it becomes an act.

    \b
    Example:
      dalil copy /srv/archive /media/second
      dalil copy --back /media/second /srv/archive
    """
    from dalil.ledger.ledger import Draft, Ledger
    from dalil.vault.replica import bring_back, copy_archive

    with progress_bar("copy") as advance:
        made = (bring_back if back else copy_archive)(archive, to, advance)
    known = passphrase_file is not None or bool(os.environ.get("DALIL_PASSPHRASE"))
    if known and not made.faults:
        home = to if back else archive
        signer, ledger = unlock_archive(home, passphrase_file), Ledger.open(home)
        fields = {"to": made.to, "items": made.copied + made.kept, "log_size": ledger.size}
        ledger.append([Draft("copied", fields)], signer)
    numbers = {"copied": made.copied, "kept": made.kept, "bytes": f"{made.octets:,}"}
    lines = [phrase("copy", "back" if back else "made", lang, to=made.to, **numbers)]
    lines += [phrase("copy", "aside", lang, path=path) for path in made.set_aside]
    lines += [phrase("copy", "broken", lang, fault=fault) for fault in made.faults]
    report(made, "\n".join(lines), as_json=as_json)
    return int(bool(made.faults))
