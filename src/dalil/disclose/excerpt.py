"""Some seconds as they are: whole GOPs, stream-copied, with their proof (spec/excerpt.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from dalil.disclose.conditions import Conditions, demand_release
from dalil.disclose.position import Position, resolve
from dalil.disclose.publish import (
    Foreseen,
    Part,
    Published,
    finish,
    kept_item,
    new_folder,
    publish,
    published_file,
    sealed_item,
)
from dalil.errors import CannotCutHere
from dalil.ledger.keyring import Signer
from dalil.media.cut import Cut, CutPlan, film_times, plan_cut, write_cut
from dalil.media.tables import Tables

NAME = "excerpt"


def excerpt(  # noqa: PLR0913, PLR0917 - what, from where to where, why, by whom, to where
    archive: Path,
    item: str,
    from_: Position,
    to: Position,
    conditions: Conditions,
    signer: Signer,
    out: Path,
    *,
    muted: Sequence[tuple[Position, Position]] = (),
    all_sound: bool = False,
) -> Published:
    """Publish the whole GOPs that hold ``from_`` … ``to`` into the new folder ``out``.

    Args:
        archive: the archive's folder.
        item: id of the item, 32 hex.
        from_: begins there or before.
        to: ends there or after.
        conditions: what must be said.
        signer: whoever cuts and approves.
        out: must not exist yet.
        muted: spans whose sound is withheld.
        all_sound: every sound track, not the first alone.

    Raises:
        DisclosureIncomplete: something was not said. CannotCutHere: it would show more than asked.

    """
    conditions.require()
    sealed = sealed_item(archive, item, signer)
    tables = sealed.tables
    spans = [(resolve(a, tables), resolve(b, tables)) for a, b in muted]
    begin, end = resolve(from_, tables), resolve(to, tables)
    plan = plan_cut(tables, sealed.original, begin, end, spans)
    plan = plan if all_sound else _one_track(tables, plan)
    demand_release(archive, sealed.item, conditions, plan.from_ns, plan.to_ns)
    with new_folder(out) as folder:
        cut = write_cut(tables, plan, sealed.original, folder / NAME)
        _demand_order(tables, plan, cut)
        file = published_file(cut.path)
        offsets = {each.place: each.offset for each in cut.placed}
        part = Part(
            "excerpt", plan.first, plan.last, offsets, frozenset(), (), cut.container, (file,),
            plan.from_ns, plan.to_ns,
        )  # fmt: skip
        proof, act, receipt = publish(folder, sealed, part, conditions, signer)
        name = finish(folder, file.name, proof)
    count, opened = plan.last - plan.first, len(offsets)
    return Published(
        out, (out / file.name,), out / name, act, receipt, count, opened, count - opened,
        plan.from_ns, plan.to_ns, plan.warnings,
    )  # fmt: skip


def foresee_excerpt(
    archive: Path,
    item: str,
    from_: Position,
    to: Position,
    *,
    muted: Sequence[tuple[Position, Position]] = (),
    all_sound: bool = False,
) -> Foreseen:
    """Return what ``excerpt`` would show, without writing or signing anything.

    Raises:
        CannotCutHere: it would show more than asked. NoSuchThing: there is no such item.

    """
    original, tables = kept_item(archive, item)
    spans = [(resolve(a, tables), resolve(b, tables)) for a, b in muted]
    plan = plan_cut(tables, original, resolve(from_, tables), resolve(to, tables), spans)
    plan = plan if all_sound else _one_track(tables, plan)
    times = film_times(tables, plan.film)
    streams = [each.stream for each in tables.units_at(plan.published)]
    return Foreseen(
        "excerpt", plan.from_ns, plan.to_ns, plan.last - plan.first, len(plan.published),
        streams.count(plan.film), len(times.places), int(times.ends.max() - times.shown.min()),
        len({*streams} - {plan.film}), warnings=plan.warnings,
    )  # fmt: skip


def _demand_order(tables: Tables, plan: CutPlan, cut: Cut) -> None:
    """Refuse packets that were sealed in another order than the one they are decoded in.

    So stand the first pictures of a Matroska file, which has no decoding times.
    """
    stream_of = {each.place: each.stream for each in tables.units(plan.first, plan.last)}
    reached: dict[int, int] = {}
    for each in sorted(cut.placed, key=lambda placed: placed.place):
        if each.offset < reached.get(stream_of[each.place], 0):
            raise CannotCutHere("its first pictures were sealed in the order of showing")
        reached[stream_of[each.place]] = each.offset


def _one_track(tables: Tables, plan: CutPlan) -> CutPlan:
    """Withhold every sound track but the first."""
    sound = [each["number"] for each in tables.summary["streams"] if each["kind"] == "audio"]
    kept = {plan.film, *sound[:1]}
    stream_of = {each.place: each.stream for each in tables.units(plan.first, plan.last)}
    return replace(plan, published=tuple(p for p in plan.published if stream_of[p] in kept))
