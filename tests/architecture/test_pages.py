"""The pages tell the truth: their commands exist, their links lead somewhere."""

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from architecture.house import PACKAGE, ROOT
from dalil.cli import VERBS, dalil

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("spec/*.md")])
CONSOLE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")


def commands() -> Iterator[tuple[str, list[str]]]:
    """Yield every command line of the pages, in words, with the page that shows it."""
    for page in PAGES:
        for block in CONSOLE.findall(page.read_text(encoding="utf-8")):
            for line in block.replace("\\\n", " ").splitlines():
                if line.startswith("$ "):
                    yield page.name, shlex.split(line[2:])


def leaves(*verbs: str) -> Iterator[tuple[str, click.Command]]:
    """Yield these verbs, or all; of a verb with subverbs each of those."""
    context = click.Context(dalil)
    for verb in verbs or VERBS:
        command = dalil.get_command(context, verb)
        assert command is not None
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                sub = command.get_command(context, name)
                assert sub is not None
                yield f"{verb} {name}", sub
        else:
            yield verb, command


def options_of(command: click.Command) -> set[str]:
    """Return the switches that a verb knows."""
    context = click.Context(command)
    params = command.get_params(context)
    return {switch for param in params for switch in (*param.opts, *param.secondary_opts)}


def test_the_pages_show_commands() -> None:
    shown = {words[0] for _, words in commands()}
    assert {"dalil", "python3"} <= shown


def test_every_command_on_a_page_exists_with_its_options() -> None:
    verbs = dict(leaves())
    wrong = []
    for page, words in commands():
        if words[0] != "dalil":
            continue
        name = " ".join(words[1:3]) if " ".join(words[1:3]) in verbs else words[1]
        if name not in verbs:
            wrong.append(f"{page}: no verb {name}")
            continue
        used = {word.split("=")[0] for word in words if re.match(r"--?[a-z]", word)}
        wrong += [f"{page}: {name} has no {word}" for word in used - options_of(verbs[name])]
    assert wrong == []


def test_every_job_on_a_page_is_one_that_do_lists() -> None:
    listed = subprocess.run([sys.executable, "do"], cwd=ROOT, capture_output=True, text=True)  # noqa: PLW1510
    jobs = set(re.findall(r"^  python3 do (\w+)", listed.stdout, re.MULTILINE))
    named = {words[2] for _, words in commands() if words[:2] == ["python3", "do"]}
    assert named
    assert named <= jobs


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_the_help_of_every_verb_shows_an_example(verb: str) -> None:
    for name, command in leaves(verb):
        text = command.help or ""
        assert "Example:" in text, name
        assert f"dalil {name} " in text, name


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_the_example_in_a_help_uses_options_that_exist(verb: str) -> None:
    for name, command in leaves(verb):
        example = (command.help or "").split("Example:")[-1]
        used = set(re.findall(r"(?<=\s)--?[a-z][\w-]*", example))
        assert used <= options_of(command), name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_on_a_page_leads_to_a_file(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert [to for to in LINK.findall(text) if not (page.parent / to).exists()] == []


def twice(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return an object of JSON, or say which of its keys stands in it twice."""
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), sorted({key for key in keys if keys.count(key) > 1})
    return dict(pairs)


WORDS = sorted(path for path in PACKAGE.rglob("*.json") if "words" in (path.stem, path.parent.name))


@pytest.mark.parametrize("path", WORDS, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_sentence_is_written_twice_under_one_key(path: Path) -> None:
    assert json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=twice)
