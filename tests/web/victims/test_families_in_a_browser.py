"""Pages of families and of blind counts, for everybody who may have to use them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from web.victims.test_families_and_counts import seen_victim, told, two_counts

if TYPE_CHECKING:
    from web.browsing import Browse

pytestmark = pytest.mark.browser


def test_a_family_and_a_count_break_no_rule_that_a_program_can_check(browse: Browse) -> None:
    desk = browse.desk
    victim, round_ = seen_victim(desk), two_counts(desk)
    desk.client("idris").post(f"/en/victims/person/{victim}/tell/", told())
    browse.shot(f"victims/person/{victim}/family/", "victims-family", "idris")
    browse.shot("victims/counts/", "victims-rounds", "layla")
    browse.shot(f"victims/counts/{round_}/0/", "victims-round", "layla")
    browse.shot(f"victims/counts/{round_}/0/1/", "victims-figure", "layla")
    browse.shot(f"victims/count/item/{desk.item()}/", "victims-count", "layla")
