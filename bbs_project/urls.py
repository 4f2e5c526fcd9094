"""The site's addresses: the board, Django's own, the comparison pages, and the sandbox where it is switched on."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

handler400 = "bbs.problems.bad_request"
handler403 = "bbs.problems.permission_denied"
handler404 = "bbs.problems.page_not_found"

urlpatterns = [
    path("", include("bbs.urls")),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
]

if settings.COMPARE_ENABLED:
    urlpatterns += [path("compare/", include("compare.urls"))]

if settings.STRIPE_SANDBOX_ENABLED:
    urlpatterns += [path("", include("stripe_sandbox.urls"))]
