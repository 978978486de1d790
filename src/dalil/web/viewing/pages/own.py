"""One's own looks and one's own limit: nobody else sees this page's content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from dalil.web.frame.access import person_of, right
from dalil.web.frame.once import once
from dalil.web.frame.page import Pager, page, pager_of
from dalil.web.frame.say import lang_of, say
from dalil.web.viewing.forms import LimitForm
from dalil.web.viewing.models import Limit, Look

USUAL_MINUTES = 45
PER_PAGE = 30
MILLI, MINUTE = 1000, 60


@dataclass(frozen=True, slots=True)
class Day:
    """How much somebody looked today (UTC), weighed by severity, of their own limit; in minutes."""

    minutes: int
    limit: int
    screen_minutes: int
    own: bool

    @property
    def due(self) -> bool:
        """Whether the limit is reached: time to stop, or to rest."""
        return self.minutes >= self.limit


@dataclass(frozen=True, slots=True)
class LookRow:
    """One of one's own looks; ``seconds`` on the screen, the stretch in seconds of the film."""

    look: str
    item: str
    name: str
    asked_at: datetime
    version: str
    reason: str
    beside: str
    seconds: Fraction
    open: bool
    act: int


@dataclass(frozen=True, slots=True)
class OwnPage:
    """One's own day, limit and looks."""

    day: Day
    form: LimitForm
    rows: tuple[LookRow, ...]
    pager: Pager


@right("look")
@require_http_methods(["GET", "POST"])
@once
def index(request: HttpRequest) -> HttpResponse:
    """Show one's own looks; a POST sets one's own limit."""
    lang, own = lang_of(request), person_of(request).person_id
    day = day_of(own)
    form = LimitForm(request.POST or None, lang=lang, initial={"minutes": day.limit})
    if request.method == "POST" and form.is_valid():
        minutes = form.cleaned_data["minutes"]
        Limit.objects.update_or_create(person_id=own, defaults={"minutes": minutes})
        return redirect("viewing:index")
    mine = Look.objects.filter(person_id=own)
    pager = pager_of(request, mine.count(), PER_PAGE)
    rows = tuple(map(_row, mine[pager.first : pager.first + PER_PAGE]))
    shown = OwnPage(day, form, rows, pager)
    status = 422 if request.method == "POST" else 200
    title = say(lang, "viewing.own-title")
    return page(request, "viewing/own.html", shown, title=title, room="viewing", status=status)


def day_of(person_id: str) -> Day:
    """Return how much somebody looked today."""
    now = datetime.now(UTC)
    midnight = datetime(now.year, now.month, now.day, tzinfo=UTC)
    looks = Look.objects.filter(
        person_id=person_id, asked_at__gte=midnight, asked_at__lt=midnight + timedelta(days=1)
    )
    found = looks.aggregate(weighed=Sum("weighed_ms"), screen=Sum("screen_ms"))
    limit = Limit.objects.filter(person_id=person_id).first()
    return Day(
        (found["weighed"] or 0) // (MILLI * MINUTE),
        limit.minutes if limit else USUAL_MINUTES,
        (found["screen"] or 0) // (MILLI * MINUTE),
        limit is not None,
    )


def _row(look: Look) -> LookRow:
    seq = look.asked_seq if look.closed_seq is None else look.closed_seq
    return LookRow(
        look.id,
        look.item,
        look.name,
        look.asked_at,
        look.version,
        look.reason,
        look.beside,
        Fraction(look.screen_ms, MILLI),
        look.is_open,
        seq,
    )
