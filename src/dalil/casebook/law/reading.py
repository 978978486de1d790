"""A tree of law read from YAML, strictly; all that is wrong is named by its line.

Read: mappings, lists and plain texts (YAML 1.1). Refused: tags, anchors and aliases, keys given
twice, several documents, fields that nobody knows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import yaml

from dalil.casebook.law.tree import (
    COMMAND,
    CONTEXT,
    CRIME,
    MODE,
    SORTS,
    TEXT_IS,
    Element,
    LawSource,
    Part,
    Tree,
)
from dalil.casebook.record.form import FORBIDDEN, SLUG, edtf, quoted
from dalil.casebook.report.page import Worded
from dalil.errors import ImportRefused

FORMAT = "1"
MOST_BYTES = 240_000
MOST_DEPTH = 12
LONGEST = 4000
LANG = re.compile(r"[a-z]{2,3}")
# The loader in C, where it is there: the same grammar, ten times as quick.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
SECTIONS = ((CONTEXT, "contexts"), (CRIME, "crimes"), (MODE, "modes"))
SHOWN = 50

Fields = dict[str, yaml.Node]


@dataclass(slots=True)
class _Faults:
    """What is wrong, line by line; the reader goes on, so that all of it is named at once."""

    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, node: yaml.Node, said: str) -> None:
        self.found.append((_line(node.start_mark), said))

    def refuse(self) -> None:
        if self.found:
            lines = [f"line {line}: {said}" for line, said in sorted(set(self.found))]
            more = [f"… and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
            raise ImportRefused("\n".join([*lines[:SHOWN], *more]))


@lru_cache(maxsize=32)
def read_tree(text: str) -> Tree:
    """Return the tree that a text says.

    Raises:
        ImportRefused: it is no tree; every line that is wrong is named.

    """
    root = _composed(text)
    faults = _Faults()
    tree = _tree(root, faults)
    faults.refuse()
    return tree


def _composed(text: str) -> yaml.Node:
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MOST_BYTES:
        raise ImportRefused(f"{size} bytes, where {MOST_BYTES} are allowed")
    hit = FORBIDDEN.search(text)
    if hit:
        line = text.count("\n", 0, hit.start()) + 1
        raise ImportRefused(f"line {line}: the character U+{ord(hit.group()):04X} is no text")
    try:
        _refuse_tricks(text)
        root = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as wrong:
        line = _line(wrong.problem_mark or wrong.context_mark)
        raise ImportRefused(f"line {line}: this is no YAML: {wrong.problem}") from None
    except yaml.YAMLError as wrong:
        raise ImportRefused(f"this is no YAML: {quoted(str(wrong))}") from None
    if not isinstance(root, yaml.Node):
        raise ImportRefused("line 1: there is nothing in it")
    return root


def _line(mark: Any) -> int:  # noqa: ANN401 - a mark of either loader, or none
    return int(mark.line) + 1 if mark else 1


def _refuse_tricks(text: str) -> None:
    """Refuse what makes a small file a large or a different one, before anything is built."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=LOADER):
        line = _line(event.start_mark)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise ImportRefused(f"line {line}: anchors and aliases are not read")
        if getattr(event, "tag", None):
            raise ImportRefused(f"line {line}: tags are not read")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        documents += isinstance(event, yaml.DocumentStartEvent)
        if depth > MOST_DEPTH:
            raise ImportRefused(f"line {line}: nested more than {MOST_DEPTH} deep")
        if documents > 1:
            raise ImportRefused(f"line {line}: a second document")


def _tree(root: yaml.Node, faults: _Faults) -> Tree:
    told = _fields(
        root,
        faults,
        ("dalil-law-tree", "key", "version", "name", "sources", "crimes", "modes"),
        ("note", "contexts"),
    )
    if (said := told.get("dalil-law-tree")) is not None and _text(said, faults) != FORMAT:
        faults.add(said, f"dalil-law-tree: only format {FORMAT} is known")
    sources = dict(_sources(told.get("sources"), faults))
    parts: dict[str, Part] = {}
    for kind, section in SECTIONS:
        for node, part in _parts(kind, told.get(section), sources, faults):
            if part.key in parts:
                faults.add(node, f"{section}.{part.key}: this name is given twice in the tree")
            parts[part.key] = part
    for node, crime, context in _contexts_named(told.get("crimes")):
        if context not in parts or parts[context].kind != CONTEXT:
            faults.add(node, f"crimes.{crime}.contexts: there is no context {quoted(context)}")
    return Tree(
        key=_checked(told.get("key"), faults, "key", _is_slug),
        version=_checked(told.get("version"), faults, "version", _is_date),
        name=_worded(told.get("name"), faults, "name"),
        note=_worded(told["note"], faults, "note") if "note" in told else Worded("", ""),
        sources=tuple(sources.values()),
        parts=parts,
    )


def _sources(node: yaml.Node | None, faults: _Faults) -> Iterator[tuple[str, LawSource]]:
    for name, each in _named(node, faults, "sources"):
        told = _fields(each, faults, ("title", "url", "version"), ())
        where = f"sources.{name}"
        yield (
            name,
            LawSource(
                name,
                _worded(told.get("title"), faults, f"{where}.title"),
                _checked(told.get("url"), faults, f"{where}.url", _is_address),
                _checked(told.get("version"), faults, f"{where}.version", _is_date),
            ),
        )


def _parts(
    kind: str, node: yaml.Node | None, sources: dict[str, LawSource], faults: _Faults
) -> Iterator[tuple[yaml.Node, Part]]:
    if node is None and kind == CONTEXT:
        return
    for name, each in _named(node, faults, f"{kind}s"):
        more = ("contexts",) if kind == CRIME else ()
        told = _fields(each, faults, ("article", "name", "elements"), more)
        where = f"{kind}s.{name}"
        elements = tuple(_elements(name, told.get("elements"), sources, faults))
        if "elements" in told and not elements:
            faults.add(told["elements"], f"{where}.elements: there is none")
        yield (
            each,
            Part(
                key=name,
                kind=kind,
                article=_checked(told.get("article"), faults, f"{where}.article", _is_text),
                name=_worded(told.get("name"), faults, f"{where}.name"),
                elements=elements,
                contexts=tuple(_list(told.get("contexts"), faults, f"{where}.contexts")),
            ),
        )


def _elements(
    part: str, node: yaml.Node | None, sources: dict[str, LawSource], faults: _Faults
) -> Iterator[Element]:
    needed = ("sort", "en", "ar", "text_is", "source", "at")
    for name, each in _named(node, faults, f"{part}.elements"):
        told = _fields(each, faults, needed, ("original", "original_lang", "chart"))
        where = f"{part}/{name}"
        said = {n: _checked(told.get(n), faults, f"{where}.{n}", _is_text) for n in needed}
        for choice_of, words in (("sort", SORTS), ("text_is", TEXT_IS)):
            if choice_of in told and said[choice_of] not in words:
                wrong = f"{quoted(said[choice_of])} is none of {', '.join(words)}"
                faults.add(told[choice_of], f"{where}.{choice_of}: {wrong}")
        if "source" in told and said["source"] not in sources:
            faults.add(
                told["source"], f"{where}.source: {quoted(said['source'])} is not in sources"
            )
        chart = _text(told["chart"], faults) if "chart" in told else ""
        if chart not in ("", COMMAND):
            faults.add(told["chart"], f"{where}.chart: {quoted(chart)} is not {COMMAND}")
        yield Element(
            id=where,
            sort=said["sort"],
            text=Worded(said["en"], said["ar"]),
            text_is=said["text_is"],
            source=sources.get(said["source"], _NOWHERE),
            at=said["at"],
            chart=chart,
            **_original(told, faults, where),
        )


def _original(told: Fields, faults: _Faults, where: str) -> dict[str, str]:
    """Return the official words in their own language; both fields stand, or neither."""
    if ("original" in told) != ("original_lang" in told):
        one = told.get("original") or told["original_lang"]
        faults.add(one, f"{where}: original and original_lang stand together")
    if "original" not in told or "original_lang" not in told:
        return {}
    lang = _checked(told["original_lang"], faults, f"{where}.original_lang", _is_language)
    text = _checked(told["original"], faults, f"{where}.original", _is_text)
    return {"original": text, "original_lang": lang}


_NOWHERE = LawSource("", Worded("", ""), "", "")


def _contexts_named(node: yaml.Node | None) -> Iterator[tuple[yaml.Node, str, str]]:
    for name, crime in _pairs(node):
        for field_name, value in _pairs(crime):
            if field_name.value == "contexts" and isinstance(value, yaml.SequenceNode):
                for each in value.value:
                    if isinstance(each, yaml.ScalarNode):
                        yield each, name.value, each.value


def _pairs(node: yaml.Node | None) -> list[tuple[yaml.Node, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        return []
    return [pair for pair in node.value if isinstance(pair[0], yaml.ScalarNode)]


def _fields(
    node: yaml.Node, faults: _Faults, needed: tuple[str, ...], more: tuple[str, ...]
) -> Fields:
    """Return a mapping's fields; unknown, doubled and missing ones are faults."""
    found: Fields = {}
    if not isinstance(node, yaml.MappingNode):
        faults.add(node, "fields with values are expected")
        return found
    for key, value in node.value:
        name = _text(key, faults)
        if name not in (*needed, *more):
            faults.add(key, f"{quoted(name)}: no such field")
        elif name in found:
            faults.add(key, f"{name}: the field is given twice")
        else:
            found[name] = value
    for name in needed:
        if name not in found:
            faults.add(node, f"{name}: missing")
    return found


def _named(node: yaml.Node | None, faults: _Faults, where: str) -> Iterator[tuple[str, yaml.Node]]:
    """Yield what a mapping names, each name once."""
    if node is None:
        return
    if not isinstance(node, yaml.MappingNode):
        faults.add(node, f"{where}: names with fields are expected")
        return
    seen = set()
    for key, value in node.value:
        name = _text(key, faults)
        if wrong := _is_slug(name):
            faults.add(key, f"{where}: {wrong}")
        elif name in seen:
            faults.add(key, f"{where}.{name}: this name is given twice")
        else:
            seen.add(name)
            yield name, value


def _list(node: yaml.Node | None, faults: _Faults, where: str) -> Iterator[str]:
    if node is None:
        return
    if not isinstance(node, yaml.SequenceNode):
        faults.add(node, f"{where}: a list is expected")
        return
    yield from (_text(each, faults) for each in node.value)


def _worded(node: yaml.Node | None, faults: _Faults, where: str) -> Worded:
    if node is None:
        return Worded("", "")
    told = _fields(node, faults, ("en", "ar"), ())
    en, ar = (_checked(told.get(n), faults, f"{where}.{n}", _is_text) for n in ("en", "ar"))
    return Worded(en, ar)


def _checked(
    node: yaml.Node | None, faults: _Faults, where: str, wrong_in: Callable[[str], str]
) -> str:
    if node is None:
        return ""
    text = _text(node, faults)
    if isinstance(node, yaml.ScalarNode) and (wrong := wrong_in(text)):
        faults.add(node, f"{where}: {wrong}")
    return text


def _text(node: yaml.Node, faults: _Faults) -> str:
    if not isinstance(node, yaml.ScalarNode):
        faults.add(node, "a text is expected")
        return ""
    return " ".join(node.value.split())


def _is_text(text: str) -> str:
    if not text:
        return "a text is expected"
    return f"{len(text)} characters where {LONGEST} are allowed" if len(text) > LONGEST else ""


def _is_slug(text: str) -> str:
    return "" if SLUG.fullmatch(text) else f"{quoted(text)} is no short name (a-z, 0-9, . _ -)"


def _is_date(text: str) -> str:
    return edtf(text)


def _is_language(text: str) -> str:
    return "" if LANG.fullmatch(text) else f"{quoted(text)} is no language such as de"


def _is_address(text: str) -> str:
    try:
        right = urlsplit(text).scheme in ("http", "https") and bool(urlsplit(text).hostname)
    except ValueError:
        right = False
    return "" if right else f"{quoted(text)} is no address (https://…)"
