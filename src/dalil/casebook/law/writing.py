"""What persons write down on law: what they suppose, how a claim bears on it, what they checked."""

from __future__ import annotations

from dalil.casebook.casebook import Casebook
from dalil.casebook.index.view import View
from dalil.casebook.law.matrix import hypothesis_called
from dalil.casebook.law.shelf import tree_called
from dalil.casebook.record.claims import Proposition
from dalil.casebook.record.form import check, new_id
from dalil.casebook.record.law import Bearing, Hypothesis, SignedOff
from dalil.casebook.record.relations import Relation
from dalil.casebook.record.things import Entity
from dalil.errors import NoSuchThing

# Who may be supposed to answer for something: an unknown person is one too.
SUSPECTS = ("person", "unit", "organisation", "post")


def suppose(casebook: Casebook, view: View, hypothesis: Hypothesis) -> Hypothesis:
    """Return a hypothesis whose suspect, incident, tree, crime and mode are all there.

    Raises:
        NoSuchThing: one of them is not, or may not be seen. RecordRefused: it is malformed.

    """
    check(hypothesis)
    for id_, types in ((hypothesis.suspect, SUSPECTS), (hypothesis.incident, ("incident",))):
        found = casebook.get(id_, view).record
        if not isinstance(found, Entity) or found.type not in types:
            raise NoSuchThing(f"{types[0]} {id_}")
    tree_called(casebook, view, hypothesis.tree).asked(hypothesis.crime, hypothesis.mode)
    return hypothesis


def bear(casebook: Casebook, view: View, bearing: Bearing) -> Bearing:
    """Return a bearing whose element belongs to its hypothesis, and whose claim is there.

    Raises:
        NoSuchThing: one of them is not, or may not be seen. RecordRefused: it is malformed.

    """
    check(bearing)
    hypothesis = hypothesis_called(casebook, bearing.hypothesis, view)
    tree = tree_called(casebook, view, hypothesis.tree)
    asked = tree.asked(hypothesis.crime, hypothesis.mode)
    if bearing.element not in {each.id for part in asked for each in part.elements}:
        raise NoSuchThing(f"element {bearing.element} of {hypothesis.crime} and {hypothesis.mode}")
    kind = Proposition if bearing.proposition else Relation
    id_ = bearing.proposition or bearing.link or ""
    if not isinstance(casebook.get(id_, view).record, kind):
        raise NoSuchThing(f"{kind.kind} {id_}")
    return bearing


def sign_off(casebook: Casebook, view: View, tree: str, element: str, reasoning: str) -> SignedOff:
    """Return that an element is worded rightly, as it stands now.

    Raises:
        NoSuchThing: there is no such tree or element. RecordRefused: no reason is given.

    """
    found = tree_called(casebook, view, tree).element(element)
    signed = SignedOff(
        id=new_id(), tree=tree, element=element, said=found.digest, reasoning=reasoning
    )
    check(signed)
    return signed
