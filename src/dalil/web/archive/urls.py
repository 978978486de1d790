"""Addresses of this room."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, register_converter
from django.urls.converters import StringConverter

from dalil.web.archive import custody, delivery, shelves, tus


class Hex32(StringConverter):
    """32 hexadecimal characters: an item, an accession, an upload."""

    regex = "[0-9a-f]{32}"


register_converter(Hex32, "hex32")

app_name = "archive"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", shelves.index, name="index"),
    path("items/", shelves.items, name="items"),
    path("item/<hex32:item_id>/", custody.item, name="item"),
    path("item/<hex32:item_id>/receipt/<int:seq>", custody.receipt, name="receipt"),
    path("item/<hex32:item_id>/give-out/", delivery.give_out, name="give-out"),
    path("given/<hex32:ticket>/", delivery.given, name="given"),
    path("given/<hex32:ticket>/file", delivery.given_file, name="given-file"),
    path("accession/<hex32:accession_id>/", shelves.accession, name="accession"),
    path("accession/<hex32:accession_id>/telling/", shelves.telling, name="telling"),
    path("accession/<hex32:accession_id>/manifest", shelves.manifest_file, name="manifest"),
    path(
        "accession/<hex32:accession_id>/receipt",
        shelves.accession_receipt,
        name="accession-receipt",
    ),
    path("integrity/", shelves.integrity, name="integrity"),
    path("integrity/<int:seq>/receipt", shelves.check_receipt, name="check-receipt"),
    path("integrity/check", shelves.check, name="check"),
    path("uploads/", delivery.uploads, name="uploads"),
    path("uploads/begin", delivery.begin, name="begin"),
    path("upload/<hex32:delivery_id>/", delivery.delivery, name="delivery"),
    path("upload/<hex32:delivery_id>/discard", delivery.discard, name="discard"),
]
# Spoken to by elements and by other programs, in no language.
outside = [
    path("upload/<hex32:delivery_id>/", tus.delivery, name="archive-upload"),
    path("upload/<hex32:delivery_id>/<hex32:file_id>", tus.file, name="archive-upload-file"),
    path(
        "upload/<hex32:delivery_id>/<hex32:file_id>/digest",
        tus.digest,
        name="archive-upload-digest",
    ),
]
