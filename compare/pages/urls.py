"""The addresses of the comparison pages, under `/compare/`."""

from __future__ import annotations

from django.urls import path

from compare.pages import views

urlpatterns = [
    path("", views.overview, name="compare"),
    path("code/", views.code, name="compare_code"),
    path("code/<slug:page>/", views.code, name="compare_code_page"),
    path("parameters/", views.parameters, name="compare_parameters"),
    path("capabilities/", views.capabilities, name="compare_capabilities"),
    path("old-code/", views.old_code, name="compare_old_code"),
    path("glossary/", views.glossary, name="compare_glossary"),
]
