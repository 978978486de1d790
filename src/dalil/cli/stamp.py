"""dalil stamp: an outside clock stamps the log."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.asking import ARCHIVE, unlock_archive, unlocking
from dalil.cli.saying import phrase, report, reporting
from dalil.errors import UsageRefused

if TYPE_CHECKING:
    from dalil.ledger.keyring import Signer
    from dalil.ledger.ledger import Ledger
    from dalil.ledger.timestamp import TimeRequest


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that waits for its answer."""

    authority: str
    size: int
    request: str


@dataclass(frozen=True, slots=True)
class Stamped:
    """What the authority said, which act says so, and where its receipt is."""

    authority: str
    size: int
    root: bytes
    stamped_at: str
    seq: int
    receipt: str


@click.command("stamp")
@ARCHIVE
@click.option("--authority", default="authority", show_default=True, help="A short name for it.")
@click.option("--ca", type=click.Path(path_type=Path, dir_okay=False, exists=True),
              help="Its certificates, root among them (PEM); needed once.")  # fmt: skip
@click.option("--url", help="Where it answers (http or https); nothing else here uses a network.")
@click.option("--request-to", type=click.Path(path_type=Path, dir_okay=False),
              help="Write the request to a file, to be carried there by hand.")  # fmt: skip
@click.option("--answer", type=click.Path(path_type=Path, dir_okay=False),
              help="The answer that was brought back.")  # fmt: skip
@unlocking
@reporting
def command(
    archive: Path,
    authority: str,
    ca: Path | None,
    url: str | None,
    request_to: Path | None,
    answer: Path | None,
    passphrase_file: Path | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """Have the log stamped by an outside clock (RFC 3161), over the net or by hand.

    \b
    Example:
      dalil stamp /srv/archive --request-to request.tsq
      dalil stamp /srv/archive --answer answer.tsr --ca authority.pem
    """
    from dalil.ledger.ledger import Ledger
    from dalil.ledger.timestamp import (
        ask,
        demand_certificates,
        keep_authority,
        make_request,
        read_answer,
        request_of_answer,
    )

    if [url, request_to, answer].count(None) != 2:  # noqa: PLR2004 - one of the three is given
        raise UsageRefused("give one of --url, --request-to, --answer")
    ledger = Ledger.open(archive)
    if ca is not None:
        keep_authority(archive, authority, ca.read_bytes())
    if request_to is not None:
        _hand_out(make_request(ledger, authority), request_to, lang, as_json=as_json)
        return
    signer = unlock_archive(archive, passphrase_file)
    if answer is not None:
        raw = read_answer(answer)
        request = request_of_answer(ledger, raw)
    else:
        demand_certificates(archive, authority)
        ledger.recover(signer)
        request = make_request(ledger, authority)
        raw = ask(request, str(url))
    _take(ledger, request, raw, signer, lang, as_json=as_json)


def _hand_out(request: TimeRequest, place: Path, lang: str, *, as_json: bool) -> None:
    from dalil.engines.files import write_durably

    write_durably(place, request.path.read_bytes())
    asked = Asked(request.authority, request.checkpoint.size, str(place))
    said = phrase("stamp", "asked", lang, path=place, authority=request.authority)
    report(asked, said, as_json=as_json)


def _take(
    ledger: Ledger, request: TimeRequest, raw: bytes, signer: Signer, lang: str, *, as_json: bool
) -> None:
    from dalil.ledger.timestamp import take_answer

    stamp, entry = take_answer(ledger, request, raw, signer)
    receipt = ledger.write_receipt(entry.seq)
    at, size = stamp.stamped_at, stamp.size
    done = Stamped(stamp.authority, size, stamp.root, at, entry.seq, str(receipt))
    lines = [
        phrase("stamp", "stamped", lang, authority=stamp.authority, size=size, at=at),
        phrase("stamp", "not-shown", lang),
        phrase("stamp", "receipt", lang, path=receipt),
    ]
    report(done, "\n".join(lines), as_json=as_json)
