"""The addresses of the wire pages, under `/compare/wire/`."""

from __future__ import annotations

from django.urls import path

from compare.wire import views as wire

urlpatterns = [
    path("", wire.wire_index, name="wire_index"),
    path("latest/<slug:flow>/<int:number>/", wire.wire_latest, name="wire_latest"),
    path("<uuid:reference>/", wire.wire, name="wire"),
    path("<uuid:left>/<uuid:right>/", wire.wire_pair, name="wire_pair"),
    path("<uuid:reference>.json", wire.wire_json, name="wire_json"),
    path("<uuid:reference>.mmd", wire.wire_mermaid, name="wire_mermaid"),
]
