"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from dalil.web.door.pages import entering, inviting, own, people, recovering, setting_up

app_name = "door"
urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", entering.login, name="login"),
    path("second/", entering.second, name="second"),
    path("unlock/", entering.unlock, name="unlock"),
    path("lock/", entering.lock, name="lock"),
    path("logout/", entering.logout, name="logout"),
    path("leave/", entering.leave, name="leave"),
    path("away/", entering.away, name="away"),
    path("set-up/", setting_up.set_up, name="set-up"),
    path("sheet/", setting_up.sheet, name="sheet"),
    path("sheet/kept/", setting_up.sheet_kept, name="sheet-kept"),
    path("recover/", recovering.recover, name="recover"),
    path("invited/<slug:place>/", inviting.invited, name="invited"),
    path("people/", people.people, name="people"),
    path("people/invite/", inviting.invite, name="invite"),
    path("people/invite/<slug:place>/", inviting.asked_in, name="asked-in"),
    path("people/invite/<slug:place>/let-in/", inviting.let_in, name="let-in"),
    path("people/invite/<slug:place>/withdraw/", inviting.withdraw, name="withdraw"),
    path("people/<slug:person_id>/", people.person, name="person"),
    path("own/", own.own, name="own"),
    path("own/passphrase/", own.change, name="change"),
    path("own/second-factor/", own.second_factor, name="factor"),
    path("own/second-factor/codes/", own.codes, name="codes"),
    path("own/second-factor/away/", own.without_factor, name="without-factor"),
    path("own/stays/<int:number>/end/", own.end, name="end"),
]
