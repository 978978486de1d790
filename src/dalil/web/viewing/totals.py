"""How much was looked at in a week, by all together; never by whom, never of fewer than three."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Count, Sum

from dalil.web.viewing.models import Look

FEWEST = 3
QUARTER = 15 * 60


@dataclass(frozen=True, slots=True)
class Week:
    """A week from its Monday: how many people looked how often, for how many seconds in all.

    None where fewer than three people looked: two would know of each other. Seconds are whole
    quarters of an hour, and weeks are whole, so that two totals tell nothing of one person.
    """

    monday: date
    people: int | None
    looks: int | None
    seconds: int | None


def totals(weeks: int = 4) -> tuple[Week, ...]:
    """Return the last whole weeks, the latest first; the running one is left out."""
    today = datetime.now(UTC).date()
    monday = today - timedelta(days=today.weekday())
    return tuple(_week(monday - timedelta(weeks=back)) for back in range(1, weeks + 1))


def _week(monday: date) -> Week:
    start = datetime(monday.year, monday.month, monday.day, tzinfo=UTC)
    looks = Look.objects.filter(
        asked_at__gte=start, asked_at__lt=start + timedelta(weeks=1), screen_ms__gt=0
    )
    found = looks.aggregate(
        people=Count("person_id", distinct=True), looks=Count("id"), ms=Sum("screen_ms")
    )
    if found["people"] < FEWEST:
        return Week(monday, None, None, None)
    seconds = round(found["ms"] / 1000 / QUARTER) * QUARTER
    return Week(monday, found["people"], found["looks"], seconds)
