"""A tree of law is read strictly, and whatever is wrong in it is named by its line."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.casebook.law.reading import MOST_BYTES, read_tree
from dalil.casebook.law.shelf import OURS
from dalil.casebook.law.tree import CONTEXT, CRIME, MODE, Tree
from dalil.errors import ImportRefused

VERDICTS = re.compile(
    r"guilt|liab|convict|perpetrat|culpab|\bprove[ns]?\b|identified|authentic|الجاني|مذنب|مدان|مجرم",
    re.IGNORECASE,
)
ARABIC = re.compile(r"[\u0600-\u06ff]")
SMALL = """\
dalil-law-tree: 1
key: harbour-law
version: 2024-05
name: {en: Harbour law, ar: قانون الميناء}
sources:
  act:
    title: {en: Harbour Act, ar: قانون الميناء}
    url: https://law.example/act
    version: 2024
contexts:
  storm:
    article: "1"
    name: {en: A storm, ar: عاصفة}
    elements:
      wind:
        {sort: context, text_is: paraphrase, source: act, at: "1", en: It blew., ar: هبّت الريح.}
crimes:
  theft:
    article: "2"
    name: {en: Taking a boat, ar: أخذ قارب}
    contexts: [storm]
    elements:
      took: {sort: conduct, text_is: official, source: act, at: "2", en: Took it., ar: أخذه.}
modes:
  alone:
    article: "3"
    name: {en: Alone, ar: منفردًا}
    elements:
      self: {sort: conduct, text_is: paraphrase, source: act, at: "3", en: In person., ar: بنفسه.}
"""


def ours(key: str) -> str:
    """Return the text of a tree that comes with the program."""
    return (resources.files("dalil.casebook.law") / "trees" / f"{key}.yaml").read_text("utf-8")


@pytest.fixture(params=OURS)
def tree(request: pytest.FixtureRequest) -> Tree:
    return read_tree(ours(request.param))


def refused(text: str) -> str:
    """Return why a text is no tree."""
    with pytest.raises(ImportRefused) as raised:
        read_tree(text)
    return raised.value.about


def test_each_element_of_our_trees_is_in_both_languages_with_its_source(tree: Tree) -> None:
    elements = list(tree.elements())
    assert len({each.id for each in elements}) == len(elements)
    for each in elements:
        assert ARABIC.search(each.text.ar), each.id
        assert not ARABIC.search(each.text.en), each.id
        assert each.source.url.startswith("https://")
        assert each.source.version
        assert each.at


def test_our_own_words_are_never_passed_off_as_the_law_s(tree: Tree) -> None:
    assert {each.text_is for each in tree.elements()} == {"paraphrase"}


def test_no_word_of_our_trees_is_a_verdict(tree: Tree) -> None:
    assert VERDICTS.findall(ours(tree.key)) == []


@pytest.mark.parametrize("room", ["casebook/law", "web/law", "cli/words/law.json"])
def test_no_word_of_ours_on_law_is_a_verdict(room: str) -> None:
    place = Path(str(resources.files("dalil"))) / room
    files = [place] if place.is_file() else [*place.rglob("*.json"), *place.rglob("*.html")]
    assert files
    found = {file.name: VERDICTS.findall(file.read_text("utf-8")) for file in files}
    assert {name: words for name, words in found.items() if words} == {}


def test_every_context_of_our_trees_belongs_to_some_crime(tree: Tree) -> None:
    named = {each for crime in tree.of(CRIME) for each in crime.contexts}
    assert named == {each.key for each in tree.of(CONTEXT)}


def test_the_rome_statute_is_there_as_far_as_the_program_says() -> None:
    rome = read_tree(ours("rome"))
    articles = {each.article for each in rome.of(CRIME)}
    letters = {f"7(1)({each})" for each in "abcdefghijk"}
    assert letters <= {article.partition("-")[0] for article in articles}
    romans = (
        "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv",
        "xv", "xvi", "xvii", "xviii", "xix",
    )  # fmt: skip
    assert {f"8(2)(e)({each})" for each in romans} <= {a.partition("-")[0] for a in articles}
    assert {f"8(2)(c)({each})" for each in romans[:4]} <= {a.partition("-")[0] for a in articles}
    assert {each.article for each in rome.of(MODE)} == {
        *(f"25(3)({each})" for each in "abcd"), "28(a)", "28(b)",
    }  # fmt: skip


def test_a_command_chart_bears_on_one_element_of_a_mode_and_on_no_crime(tree: Tree) -> None:
    drawn = [e.id.partition("/")[0] for e in tree.elements() if e.chart]
    assert drawn
    assert len(drawn) == len(set(drawn))
    assert all(tree.parts[each].kind == MODE for each in drawn)


def test_a_tree_is_what_its_text_says() -> None:
    tree = read_tree(SMALL)
    assert (tree.key, list(tree.parts)) == ("harbour-law", ["storm", "theft", "alone"])
    assert [part.key for part in tree.asked("theft", "alone")] == ["storm", "theft", "alone"]
    took = tree.element("theft/took")
    assert (took.text.en, took.text_is, took.source.version) == ("Took it.", "official", "2024")


def test_the_tree_on_the_page_is_one() -> None:
    page = (Path(__file__).parents[3] / "docs" / "elements-of-crimes.md").read_text("utf-8")
    [text] = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    tree = read_tree(text)
    assert [part.key for part in tree.asked("theft", "alone")] == ["storm", "theft", "alone"]
    assert tree.note.en == "In our own words."


WRONG = [
    ("key: harbour-law", "key: Harbour Law", 2, "key: 'Harbour Law' is no short name"),
    ("version: 2024-05", "version: soon", 3, "version: "),
    ("version: 2024-05\n", "", 1, "version: missing"),
    ("version: 2024-05", "version: 2024-05\nkind: law", 4, "'kind': no such field"),
    ("version: 2024-05", "version: 2024-05\nkey: twice", 4, "key: the field is given twice"),
    ("dalil-law-tree: 1", "dalil-law-tree: 2", 1, "only format 1 is known"),
    ("https://law.example/act", "law.example", 8, "is no address"),
    ("https://law.example/act", "javascript:alert(1)", 8, "is no address"),
    ("ar: عاصفة", "fr: tempête", 13, "'fr': no such field"),
    ("{en: A storm, ar: عاصفة}", "A storm", 13, "fields with values are expected"),
    ("sort: context", "sort: feeling", 16, "'feeling' is none of conduct"),
    ("text_is: official", "text_is: mine", 23, "is none of paraphrase, official"),
    ('source: act, at: "2"', 'source: memory, at: "2"', 23, "'memory' is not in sources"),
    ("contexts: [storm]", "contexts: [fog]", 21, "there is no context 'fog'"),
    ("contexts: [storm]", "contexts: storm", 21, "a list is expected"),
    ("contexts: [storm]", "contexts: &a [storm]", 21, "anchors and aliases are not read"),
    ("contexts: [storm]", "contexts: [*a]", 21, "anchors and aliases are not read"),
    ("contexts: [storm]", "contexts: !!set {storm}", 21, "tags are not read"),
    ("  alone:", "  theft:", 26, "given twice in the tree"),
    ("      took:", "      took: {}\n      took:", 24, "this name is given twice"),
    ("en: Took it.", "en: ''", 23, "a text is expected"),
    ("en: Took it.", "en: [a, b]", 23, "a text is expected"),
    ("en: Took it.", "en: Took it., original: Nahm es.", 23, "stand together"),
    ("en: Took it.", "en: Took it., chart: map", 23, "'map' is not command"),
    ("en: Took it.", "en: Took it., en: Or not.", 23, "en: the field is given twice"),
    ("en: Took it.", "en: " + "x" * 5000, 23, "5000 characters where 4000 are allowed"),
    ("en: Took it.", "en: Took\x07it.", 23, "U+0007 is no text"),
    ("en: Took it.", "en: " + "[" * 30 + "]" * 30, 23, "nested more than"),
    ("contexts: [storm]", "contexts: [storm", 22, "this is no YAML"),
    ("modes:", "---\nmodes:", 24, "a second document"),
]


@pytest.mark.parametrize(("before", "after", "line", "about"), WRONG)
def test_what_is_wrong_is_named_by_its_line(before: str, after: str, line: int, about: str) -> None:
    assert before in SMALL
    said = refused(SMALL.replace(before, after, 1))
    assert any(each.startswith(f"line {line}:") and about in each for each in said.split("\n")), (
        said
    )


def test_everything_that_is_wrong_is_named_at_once() -> None:
    text = SMALL.replace("sort: context", "sort: feeling").replace("version: 2024-05", "version: x")
    assert len(refused(text).split("\n")) == 2


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing"])
def test_nothing_is_no_tree(text: str) -> None:
    assert "there is nothing in it" in refused(text)


def test_what_is_too_large_is_not_read() -> None:
    assert "bytes" in refused("#" * (MOST_BYTES + 1))


@given(st.text(max_size=200))
def test_no_text_gives_anything_but_a_tree_or_a_refusal(text: str) -> None:
    with pytest.raises(ImportRefused):
        read_tree(text)


@given(at=st.integers(0, len(SMALL) - 1), inserted=st.text(max_size=3))
def test_a_tree_with_something_put_in_is_a_tree_or_refused(at: int, inserted: str) -> None:
    try:
        tree = read_tree(SMALL[:at] + inserted + SMALL[at:])
    except ImportRefused:
        return
    assert all(each.text.en and each.text.ar for each in tree.elements())


def test_another_wording_has_another_digest_and_the_same_one_the_same() -> None:
    one = read_tree(SMALL).element("theft/took")
    for before, after in (("Took it.", "Took it away."), ("أخذه.", "سرقه."), ("2024\n", "2025\n")):
        other = read_tree(SMALL.replace(before, after, 1)).element("theft/took")
        assert other.digest != one.digest
    assert read_tree(f"# a remark\n{SMALL}").element("theft/took").digest == one.digest
