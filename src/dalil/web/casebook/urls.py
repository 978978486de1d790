"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, register_converter
from django.urls.converters import SlugConverter, StringConverter

from dalil.web.casebook.pages import cases, lists, remarks, things, weighing, writing


class RecordId(StringConverter):
    """32 hexadecimal digits: a record, a question, a list on its way."""

    regex = "[0-9a-f]{32}"


class CaseName(SlugConverter):
    """The name of a case."""

    regex = "[a-z0-9][a-z0-9._-]{0,63}"


register_converter(RecordId, "record_id")
register_converter(CaseName, "case_name")

app_name = "casebook"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", cases.index, name="index"),
    path("case/<case_name:case_name>/", cases.case, name="case"),
    path("case/<case_name:case_name>/list/<slug:type_name>/", cases.things, name="list"),
    path("case/<case_name:case_name>/worth-a-look/", remarks.remarks, name="remarks"),
    path("case/<case_name:case_name>/hand-out/", lists.export, name="export"),
    path("question/<record_id:question_id>/", cases.question, name="question"),
    path("claim/<record_id:record_id>/", things.claim, name="claim"),
    path("claim/<record_id:record_id>/weigh/", weighing.weigh, name="weigh"),
    path("claim/<record_id:record_id>/rely/", weighing.adopt, name="adopt"),
    path("source/<record_id:record_id>/", things.source, name="source"),
    path("thing/<record_id:record_id>/", things.thing, name="thing"),
    path("thing/<record_id:record_id>/name/", weighing.link_name, name="link-name"),
    path("incident/<record_id:record_id>/", things.thing, name="incident"),
    path("record/<record_id:record_id>/", things.record, name="record"),
    path("record/<record_id:record_id>/revisions/", things.revisions, name="revisions"),
    path("record/<record_id:record_id>/revise/", writing.revise, name="revise"),
    path("record/<record_id:record_id>/withdraw/", writing.withdraw, name="withdraw"),
    path("new/<slug:kind>/", writing.new, name="new"),
    path("bring-in/", lists.begin, name="import"),
    path("bring-in/<record_id:token>/", lists.seen, name="import-seen"),
    path("given/<record_id:token>/", lists.given, name="given"),
    path("given/<record_id:token>/file", lists.given_file, name="given-file"),
]
