"""dalil casebook acts: who did what to whom, without watching it."""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dalil.cli.asking import ARCHIVE
from dalil.cli.saying import phrase, report, reporting
from dalil.cli.viewing import viewing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dalil.casebook.casebook import Casebook
    from dalil.casebook.incident.act_map import ActMap, Box, Line, Seen
    from dalil.casebook.incident.incident import Incident, Told
    from dalil.casebook.incident.party import Party, Speaker
    from dalil.casebook.incident.stretch import Stretch
    from dalil.casebook.index.view import View

SHORT_GAP = 1


@click.command("acts")
@ARCHIVE
@click.argument("thing")
@viewing
@reporting
def command(
    archive: Path,
    thing: str,
    see: str,
    known_on: str | None,
    said_by: str | None,
    on: str | None,
    lang: str,
    *,
    as_json: bool,
) -> None:
    """Show the act map of an item, or an incident: who did what to whom, where, when, seen where.

    THING is an item (or how its number begins), or an incident: its id, key or CASE/KEY.

    \b
    Example:
      dalil casebook acts /srv/archive 4f0c1d
      dalil casebook acts /srv/archive incident:quay --lang ar
    """
    from dalil.casebook.casebook import Casebook
    from dalil.casebook.incident.act_map import act_map
    from dalil.casebook.incident.incident import find_incident, incident
    from dalil.casebook.index.view import view_of

    casebook, view = Casebook.open(archive), view_of(see, known_on, said_by, on)
    found = find_incident(casebook, thing, view)
    if found is not None:
        told = incident(casebook, found, view)
        report(_document(told), "\n".join(_incident(told, lang)), as_json=as_json)
        return
    shown = act_map(casebook, _item(casebook, thing, view), view)
    report(_document(shown), "\n".join(_map(shown, lang)), as_json=as_json)


def _item(casebook: Casebook, thing: str, view: View) -> str:
    from dalil.casebook.incident.act_map import described_items
    from dalil.casebook.record.form import ID
    from dalil.errors import NoSuchThing
    from dalil.intake.listing import find_item

    if ID.fullmatch(thing):
        return thing
    begun = {each for each in described_items(casebook, view) if each.startswith(thing.lower())}
    if len(begun) == 1 and len(thing) >= 4:  # noqa: PLR2004 - as for every item
        return begun.pop()
    try:
        return find_item(casebook.archive, thing)
    except NoSuchThing:
        raise NoSuchThing(f"{thing}: no item begins so, and no incident has this key") from None


def _say(key: str, lang: str, **values: object) -> str:
    return phrase("casebook_acts", key, lang, **values)


def _map(shown: ActMap, lang: str) -> Iterator[str]:
    from dalil.casebook.incident.clock import shown as clock

    yield _say("item", lang, item=shown.item)
    length = shown.clock.length
    if length is None:
        yield _say("length-unknown", lang)
    else:
        yield _say("length", lang, length=clock(length, up=True))
    worst = shown.worst
    if worst is None:
        yield _say("nothing-described", lang)
    else:
        yield _say("worst", lang, severity=worst.severity, start=clock(worst.start))
        yield _say("severity-ahead", lang)
        for band in shown.bands:
            level = _say("not-known", lang) if band.severity is None else str(band.severity)
            yield f"  {clock(band.start)} – {clock(band.end, up=True)}  {level}"
    if shown.lines:
        yield _say("described", lang)
    for line in shown.lines:
        yield from _line(line, lang)
    yield from _silence(shown, lang)
    yield from _seen(shown.seen, lang)


def _line(line: Line, lang: str) -> Iterator[str]:
    when = "" if line.stretch is None else _span(line.stretch) + "  "
    what = _sentence(line, lang)
    inferred = _say("inferred", lang, count=len(line.rests_on)) if line.inferred else ""
    yield f"  {when}[{line.severity}] {what}{inferred}"
    note = line.note_ar if lang == "ar" else line.note_en
    note = note or line.note_en or line.note_ar
    if note:
        yield f"      {_isolate(note)}"
    if line.box is not None:
        yield "      " + _say("box", lang, **_fields(line.box))
    if line.beyond:
        yield "      " + _say("beyond", lang)
    if line.fallen:
        yield "      " + _say("fallen", lang, count=len(line.fallen))


def _sentence(line: Line, lang: str) -> str:
    actor, target = _party(line.actor, lang), _party(line.target, lang)
    key = "who-whom" if line.target is not None else "who"
    act = _isolate((line.act_ar if lang == "ar" else None) or line.act)
    text = _say(key, lang, actor=actor, act=act, target=target)
    extra = [_say("at", lang, place=_party(line.place, lang))] if line.place is not None else []
    extra += [_isolate(line.date)] if line.date else []
    return "، ".join([text, *extra]) if lang == "ar" else ", ".join([text, *extra])


def _silence(shown: ActMap, lang: str) -> Iterator[str]:
    from dalil.casebook.incident.clock import shown as clock

    long = [gap for gap in shown.undescribed if gap.end - gap.start >= SHORT_GAP]
    if not shown.undescribed:
        yield _say("all-described", lang)
        return
    yield _say("undescribed", lang, length=clock(shown.silence, up=True))
    for gap in long:
        yield f"  {clock(gap.start)} – {clock(gap.end, up=True)}"
    short = len(shown.undescribed) - len(long)
    if short:
        yield _say("short-gaps", lang, count=short)


def _seen(claims: Iterable[Seen], lang: str) -> Iterator[str]:
    for number, claim in enumerate(claims):
        if not number:
            yield _say("seen", lang)
        key = "seen-denied" if claim.denied else "seen-claimed"
        person = _party(claim.person, lang)
        label = f" ({_isolate(claim.label)})" if claim.label else ""
        yield "  " + _say(key, lang, person=person + label, speaker=_speaker(claim.speaker, lang))
        yield "      " + _say("method", lang, method=_isolate(claim.method))
        if claim.conditions:
            yield "      " + _say("conditions", lang, conditions=_isolate(claim.conditions))
        if claim.stretch is not None:
            yield f"      {_span(claim.stretch)}"
        if claim.machine:
            yield "      " + _say("machine", lang)


def _incident(told: Incident, lang: str) -> Iterator[str]:
    yield _say("incident", lang, name=_party(told.name, lang))
    yield f"  {told.id}" + (f"  {told.key}" if told.key else "")
    yield _say("when", lang, date=_isolate(told.date) if told.date else _say("not-told", lang))
    if told.about:
        yield f"  {_isolate(told.about)}"
    for part in told.parts:
        yield "  " + _say("part", lang, name=_party(part, lang))
    yield from _relations("where", told.places, lang)
    yield from _relations("people", told.people, lang)
    for shown in told.footage:
        yield _say("footage", lang, item=shown.item)
        if not shown.sealed:
            yield "  " + _say("length-unknown", lang)
        for line in shown.lines:
            yield from _line(line, lang)
    if told.unseen:
        yield _say("unseen", lang)
    for line in told.unseen:
        yield from _line(line, lang)
    if not told.footage and not told.unseen:
        yield _say("no-acts", lang)
    for number, asked in enumerate(told.asked):
        if not number:
            yield _say("asked", lang)
        question = asked.question_ar if lang == "ar" else asked.question_en
        question = question or asked.question_en or asked.question_ar or asked.predicate
        of = f" ({_isolate(asked.of)})" if asked.of and asked.of != question else ""
        yield f"  {asked.proposition[:12]}  {_isolate(question)}{of}"


def _relations(head: str, relations: tuple[Told, ...], lang: str) -> Iterator[str]:
    yield _say(head, lang)
    if not relations:
        yield "  " + _say("not-told", lang)
    for each in relations:
        words = _say(f"relation-{each.relation}", lang)
        denied = _say("denied", lang) if each.denied else ""
        held = f" ({_isolate(each.valid)})" if each.valid else ""
        who = _say("told-by", lang, speaker=_speaker(each.speaker, lang))
        said = f", {each.asserted}" if each.asserted else ""
        yield f"  {denied}{words}: {_party(each.other, lang)}{held}. {who}{said}"
        for name, value in each.detail:
            yield f"      {_isolate(name)}: {_isolate(value)}"
        if each.machine:
            yield "      " + _say("machine", lang)


def _party(party: Party | None, lang: str) -> str:
    if party is None:
        return _say("nobody-told", lang)
    forms = [_isolate(each) for each in party.names[:2]]
    if party.label:
        named = _isolate(party.label)
        return f"{named} ({' / '.join(forms)})" if forms else named
    return " / ".join(forms) or f"{(party.entity or '')[:12]}"


def _speaker(speaker: Speaker | None, lang: str) -> str:
    if speaker is None:
        return _say("no-source", lang)
    if speaker.withheld:
        return _say("withheld-source", lang)
    return _isolate(speaker.title) if speaker.title else str(speaker.source)


def _span(stretch: Stretch) -> str:
    from dalil.casebook.incident.clock import shown as clock

    return f"{clock(stretch.start)} – {clock(stretch.end, up=True)}"


def _document(value: object) -> object:
    """Return what was found as JSON types: seconds are exact fractions, `from` and `to` clocks."""
    from dalil.casebook.incident.clock import shown as clock

    if isinstance(value, list | tuple):
        return [_document(each) for each in value]
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    found = {f.name: _document(getattr(value, f.name)) for f in dataclasses.fields(value)}
    start, end = found.get("start"), found.get("end")
    if isinstance(start, Fraction) and isinstance(end, Fraction):
        found |= {"from": clock(start), "to": clock(end, up=True)}
    return found


def _fields(box: Box) -> dict[str, object]:
    return {"x": box.x, "y": box.y, "w": box.w, "h": box.h}


def _isolate(text: str) -> str:
    from dalil.casebook.text.names import isolate

    return isolate(text)
