"""The whole archive checked: every original, every act, and each against the other."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from dalil.engines.files import write_durably
from dalil.engines.processes import bounds_for, run_isolated
from dalil.errors import Altered, CannotTell, Malformed, NoSuchThing, Refusal
from dalil.intake.accession import CLOSED, SEALED, TAKEN_IN, read_accession
from dalil.kernel import canonical
from dalil.kernel.canonical import Json
from dalil.kernel.salt import SealSecret
from dalil.ledger.check import check_log
from dalil.ledger.keyring import Signer
from dalil.ledger.ledger import Draft, Ledger
from dalil.media.survey import Survey, seal_bytes, survey
from dalil.media.tables import Tables, table_sha256
from dalil.vault.fixity import Fault, check_object, check_root, is_due, parse_share
from dalil.vault.ocfl import place_of
from dalil.vault.vault import Vault, digests_of

STATE = "check.json"
CHECKED = "checked"
WHOLE = "1"
CHECKS_AT_ONCE = 30
SAVED_EVERY_BYTES = 256 << 20
MAX_NAMED = 1000

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ArchiveCheck:
    """What was read and what is broken. ``share`` is ``1`` where all was read."""

    objects: int
    octets: int
    acts: int
    share: str
    broken: tuple[Fault, ...]
    notes: tuple[str, ...]
    resumed: bool

    @property
    def intact(self) -> bool:
        """Whether nothing was found broken."""
        return not self.broken


@dataclass(frozen=True, slots=True)
class CheckSaid:
    """What a ``checked`` act says: when, of which share, how many objects, what was broken."""

    seq: int
    at: str
    share: str
    objects: int
    broken: tuple[str, ...]

    def names(self, item: str) -> bool:
        """Whether something broken is the item's, or its object's."""
        folder = place_of(item).rpartition("/")[2]
        return any(item in line or folder in line for line in self.broken)

    def read(self, item: str) -> bool:
        """Whether the item was among what was read."""
        if self.share == WHOLE or self.names(item):
            return True
        day = date.fromisoformat(self.at[: len("2026-01-01")])
        return is_due(place_of(item).rpartition("/")[2], parse_share(self.share), day)


def count_checks(ledger: Ledger) -> int:
    """Return how many checks were recorded."""
    return ledger.store.count_about(("type", CHECKED))


def checks_said(ledger: Ledger, part: slice) -> list[CheckSaid]:
    """Return a part of the recorded checks, the last first."""
    rows = ledger.store.page_about([("type", CHECKED)], part, newest=True)
    said = [(row.seq, row.act.opened()) for row in rows]
    return [
        CheckSaid(
            seq,
            str(each["time"]),
            str(each["share"]),
            int(each["items"]),
            tuple(map(str, each["broken"])),
        )
        for seq, each in said
    ]


def last_check_of(ledger: Ledger, item: str, since: int) -> CheckSaid | None:
    """Return the last recorded check, after act ``since``, that read an item."""
    start = 0
    while page := checks_said(ledger, slice(start, start + CHECKS_AT_ONCE)):
        for each in page:
            if each.seq < since:
                return None
            if each.read(item):
                return each
        start += CHECKS_AT_ONCE
    return None


@dataclass(slots=True)
class _State:
    """Where a check stands; kept in ``staging/`` so that a stopped one goes on."""

    share: str
    on: str
    last: str = ""
    objects: int = 0
    octets: int = 0
    broken: list[Fault] | None = None


def check_archive(
    archive: Path,
    share: Fraction = Fraction(1),
    signer: Signer | None = None,
    progress: Progress | None = None,
    today: date | None = None,
    *,
    afresh: bool = False,
) -> ArchiveCheck:
    """Check originals, seals, acts and log; with a signer, say so in a ``checked`` act.

    Args:
        archive: its folder; nothing in it is changed but the state of a stopped check.
        share: of the objects, which ones follows from the day.
        signer: whoever checks; without one, no act is written.
        progress: is told (objects read, objects in all).
        today: the day; by default the one by the clock, UTC.
        afresh: do not go on with a check that was stopped.

    """
    vault, ledger = Vault.open(archive), Ledger.open(archive)
    day = today or datetime.now(UTC).date()
    state, resumed = _begin(vault, share, day, afresh=afresh)
    log = check_log(ledger)
    broken = [Fault(each.where, each.what) for each in log.findings]
    broken += check_root(vault)
    broken += _acts_against_objects(vault, ledger)
    _read_objects(vault, ledger, share, day, state, progress)
    broken += state.broken or []
    found = ArchiveCheck(
        state.objects, state.octets, log.acts, str(share), tuple(broken), log.notes, resumed
    )
    if signer is not None:
        _say(ledger, signer, found)
    with suppress(OSError):
        (vault.staging / STATE).unlink(missing_ok=True)
    return found


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A seal built anew from its secret and the footage; ``tree_root`` is the one sealed."""

    item: str
    tree_root: str
    sealed_by: str
    units: int


def rebuild(archive: Path, item: str, signer: Signer, footage: Path | None = None) -> Rebuilt:
    """Check a seal as a court would: read the footage anew, fill all slots, compare the roots.

    That also finds a second chain in the padding, since the pads follow from the secret.
    ``footage`` may be the file that lies before the court; by default the original is read.

    Raises:
        Altered: the footage, the secret or the root is not what was sealed.
        NoSuchThing: the item was never sealed.

    """
    vault, ledger = Vault.open(archive), Ledger.open(archive)
    sealed = next((e.act for e in ledger.acts_about(item) if e.act.type == SEALED), None)
    if sealed is None:
        raise NoSuchThing(f"a seal of item {item}")
    fields, root = sealed.opened(), str(sealed.payload["tree_root"])
    secret = vault.secret(item, signer.item_secret)
    path = footage or vault.original_path(item)
    if digests_of(path).sha256 != fields["sha256"]:
        raise Altered(f"{path}, against what was sealed as item {item}")
    if secret.root_id.hex() != fields["root_id"]:
        raise Altered(f"the secret of item {item}")
    with TemporaryDirectory() as folder:
        said = _survey_anew(path, Path(folder), secret, fields)
    if said.tree_root != root:
        raise Altered(f"the seal of item {item}: its secret and footage give another root")
    return Rebuilt(item, root, said.sealed_by, sum(said.units))


def _survey_anew(path: Path, out: Path, secret: SealSecret, fields: dict[str, Json]) -> Survey:
    if fields["sealed_by"] == "bytes":
        return seal_bytes(path, out, secret, "as it was sealed")
    calls = [(path, out, secret, any(fields["frames"]))]
    bounds = bounds_for(path.stat().st_size)
    for _, result in run_isolated(survey, calls, 1, lambda _: bounds):
        if not isinstance(result, Refusal):
            return result
        raise result
    raise CannotTell(str(path))


def _begin(vault: Vault, share: Fraction, day: date, *, afresh: bool) -> tuple[_State, bool]:
    fresh = _State(str(share), day.isoformat(), broken=[])
    if afresh:
        return fresh, False
    try:
        kept = canonical.decode((vault.staging / STATE).read_bytes())
        faults = [Fault(where, what) for where, what in kept.pop("broken")]
        state = _State(**kept, broken=faults)
    except (OSError, Malformed, TypeError, ValueError, KeyError, AttributeError):
        return fresh, False
    same = (state.share, state.on) == (fresh.share, fresh.on)
    return (state, True) if same else (fresh, False)


def _save(vault: Vault, state: _State) -> None:
    value = {
        "share": state.share, "on": state.on, "last": state.last, "objects": state.objects,
        "octets": state.octets, "broken": [[f.where, f.what] for f in state.broken or []],
    }  # fmt: skip
    with suppress(OSError, Refusal):
        write_durably(vault.staging / STATE, canonical.encode(value))


def _read_objects(
    vault: Vault,
    ledger: Ledger,
    share: Fraction,
    day: date,
    state: _State,
    progress: Progress | None,
) -> None:
    due = [place for place in vault.places() if is_due(place.name, share, day)]
    unsaved = 0
    for number, place in enumerate(due, 1):
        if place.name <= state.last:
            continue
        checked = check_object(vault, place)
        faults = list(checked.faults)
        if checked.item is not None and not faults:
            faults += _object_against_acts(vault, ledger, checked.item, checked.sha256)
        state.broken = [*(state.broken or []), *faults]
        state.last = place.name
        state.objects += 1
        state.octets += checked.octets
        unsaved += checked.octets
        if unsaved > SAVED_EVERY_BYTES:
            _save(vault, state)
            unsaved = 0
        if progress:
            progress(number, len(due))


def _object_against_acts(
    vault: Vault, ledger: Ledger, item: str, sha256: str | None
) -> list[Fault]:
    where = vault.object_path(item).relative_to(vault.archive).as_posix()
    faults: list[Fault] = []
    kinds = set()
    for entry in ledger.acts_about(item):
        kind = entry.act.type
        if kind not in (TAKEN_IN, SEALED):
            continue
        kinds.add(kind)
        fields = entry.act.opened()
        if fields.get("sha256") != sha256:
            faults.append(Fault(where, f"act {entry.seq} tells of another original"))
        if kind == SEALED and fields.get("table_sha256") != table_sha256(vault.tables(item)):
            faults.append(Fault(where, f"act {entry.seq} tells of other tables"))
        if kind == SEALED and entry.act.payload.get("tree_root") != _root_in_tables(vault, item):
            faults.append(Fault(where, f"act {entry.seq} tells of another seal"))
    faults += [
        Fault(where, f"no act says that it was {kind}")
        for kind in (TAKEN_IN, SEALED)
        if kind not in kinds
    ]
    return faults


def _root_in_tables(vault: Vault, item: str) -> str:
    return Tables(vault.tables(item)).tree_root.hex()


def _acts_against_objects(vault: Vault, ledger: Ledger) -> list[Fault]:
    """Every item that acts speak of has its object; every closed accession its manifest."""
    faults = []
    seen: set[str] = set()
    for entry in ledger.acts(TAKEN_IN):
        item = str(entry.act.opened().get("item"))
        if item not in seen:
            seen.add(item)
            if not vault.has(item):
                where = vault.object_path(item).relative_to(vault.archive).as_posix()
                faults.append(Fault(where, f"it is not there; act {entry.seq} took it in"))
    for entry in ledger.acts(CLOSED):
        fields = entry.act.opened()
        accession = read_accession(ledger, str(fields["accession"]))
        if accession.manifest_sha256() != fields["manifest_sha256"]:
            faults.append(Fault(f"act {entry.seq}", "its manifest is not that of its receipts"))
    return faults


def _say(ledger: Ledger, signer: Signer, found: ArchiveCheck) -> None:
    fields = {
        "items": found.objects,
        "broken": [str(each)[:400] for each in found.broken[:MAX_NAMED]],
        "share": found.share,
    }
    ledger.append([Draft(CHECKED, fields)], signer)
