"""The addresses of the comparison pages and of the request log, under `/compare/`."""

from __future__ import annotations

from django.urls import path

from compare.lab import views as lab
from compare.ladder import views as ladder
from compare.migrate import views as migrate
from compare.pages import views as pages
from compare.rehearsal import views as rehearsal
from compare.reset import views as reset
from compare.scan import views as scan
from compare.status import views as status
from compare.wire import views as wire

app_name = "compare"

urlpatterns = [
    path("", pages.overview, name="overview"),
    path("code/", pages.code, name="code"),
    path("code/<slug:page>/", pages.code, name="code_page"),
    path("lab/", lab.index, name="lab"),
    path("lab/runs/<uuid:run>/", lab.run, name="lab_run"),
    path("lab/<slug:scenario>/", lab.scenario, name="scenario"),
    path("ladder/", ladder.ladder, name="ladder"),
    path("ladder/<slug:flow>/<int:number>/", ladder.rung, name="rung"),
    path("parameters/", pages.parameters, name="parameters"),
    path("capabilities/", pages.capabilities, name="capabilities"),
    path("old-code/", pages.old_code, name="old_code"),
    path("old-code/releases/", pages.old_code_releases, name="old_code_releases"),
    path("old-code/<slug:pattern>/", pages.old_code_pattern, name="old_code_pattern"),
    path("scan/", scan.scan, name="scan"),
    path("glossary/", pages.glossary, name="glossary"),
    path("teach/", pages.teach, name="teach"),
    path("migrate/status/", status.status, name="status"),
    path("migrate/rehearsal/", rehearsal.rehearsal, name="rehearsal"),
    path("migrate/rehearsal.txt", rehearsal.text, name="rehearsal_text"),
    path("migrate/", migrate.guide, name="migrate"),
    path("migrate/checklist.md", migrate.checklist, name="migrate_checklist"),
    path("migrate/<slug:step>/", migrate.step, name="migrate_step"),
    path("reset/", reset.ask, name="reset"),
    path("wire/", wire.wire_index, name="wire_index"),
    path("wire/latest/<slug:flow>/<int:number>/", wire.wire_latest, name="wire_latest"),
    path("wire/<uuid:reference>/", wire.wire, name="wire"),
    path("wire/<uuid:left>/<uuid:right>/", wire.wire_pair, name="wire_pair"),
    path("wire/<uuid:reference>.json", wire.wire_json, name="wire_json"),
    path("wire/<uuid:reference>.mmd", wire.wire_mermaid, name="wire_mermaid"),
]
