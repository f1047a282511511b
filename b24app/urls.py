"""Every address of Docket. `<key>` is a portal's own, unguessable part of its addresses."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from b24app.web import (
    after,
    attach,
    check,
    deal_tab,
    document,
    events,
    field_pictures,
    files,
    install,
    link,
    pick,
    pictures,
    renewal,
    start,
    versions,
)
from b24app.web.console import access as access_doctor
from b24app.web.console import (
    audits,
    jobs,
    lint,
    lint_all,
    regions,
    template,
    template_files,
    template_new,
)
from b24app.web.console import inventory as stock
from b24app.web.console import links as public_links
from b24app.web.console import numerators as numerators_pages
from b24app.web.console import settings as console_views
from b24app.web.console import templates as console_templates


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


deal: list[URLPattern | URLResolver] = [
    path("", deal_tab.show, name="deal"),
    path("drift/", deal_tab.drift, name="drift"),
    path("new/", pick.show, name="pick"),
    path("new/refresh/", pick.refresh, name="pick-refresh"),
    path("new/age/", pick.age, name="pick-age"),
    path("new/<int:template_id>/", pick.choose, name="choose"),
    path("attach/", attach.start, name="attach"),
    path("attach/<uuid:intent_id>/", attach.form, name="attach-form"),
    path("attach/<uuid:intent_id>/state/", attach.state, name="attach-state"),
    path("attach/<uuid:intent_id>/decide/", attach.decide, name="attach-decide"),
    path("forms/<uuid:intent_id>/", check.form, name="form"),
    path("forms/<uuid:intent_id>/state/", check.state, name="form-state"),
    path("forms/<uuid:intent_id>/which/", check.which, name="which"),
    path("forms/<uuid:intent_id>/check/", check.dry_run, name="dry-run"),
    path("forms/<uuid:intent_id>/amount/", check.save_amount, name="save-amount"),
    path("forms/<uuid:intent_id>/save/<str:code>/", check.save, name="save-field"),
    path("documents/<int:document_id>/", document.show, name="document"),
    path("documents/<int:document_id>/row/", deal_tab.row, name="row"),
    path("documents/<int:document_id>/progress/", document.progress, name="progress"),
    path("documents/<int:document_id>/retry/", document.retry, name="retry"),
    path("documents/<int:document_id>/link/", link.switch, name="link"),
    path("documents/<int:document_id>/link/end/", link.end, name="link-end"),
    path("documents/<int:document_id>/link/new/", link.rotate, name="link-new"),
    path("documents/<int:document_id>/link/keep/", link.keep, name="link-keep"),
    path("documents/<int:document_id>/link/let-end/", link.let_end, name="link-let-end"),
    path("documents/<int:document_id>/link/off/", link.off, name="link-off"),
    path("documents/<int:document_id>/link/copied/", link.copied, name="link-copied"),
    path("links/", link.all_off, name="links"),
    path("documents/<int:document_id>/edit/", document.edit, name="edit"),
    path("documents/<int:document_id>/delete/", document.delete, name="delete"),
    path("documents/<int:document_id>/after/", after.section, name="after"),
    path("documents/<int:document_id>/after/<uuid:errand_id>/letter/", after.read, name="letter"),
    path("documents/<int:document_id>/after/<uuid:errand_id>/drop/", after.drop, name="drop"),
    path("documents/<int:document_id>/after/<uuid:errand_id>/again/", after.again, name="again"),
    path("documents/<int:document_id>/<str:kind>-ticket/", document.ticket, name="ticket"),
    path("documents/<int:document_id>/versions/", versions.show, name="versions"),
    path(
        "documents/<int:document_id>/versions/<int:number>/<str:kind>-ticket/",
        versions.ticket,
        name="version-ticket",
    ),
    path("documents/<int:document_id>/story/", versions.story, name="document-story"),
    path("documents/<int:document_id>/story/table/", versions.story_ticket, name="document-table"),
    path("story/", versions.story, name="story"),
    path("story/table/", versions.story_ticket, name="story-table"),
]

templates: list[URLPattern | URLResolver] = [
    path("", console_templates.show, name="templates"),
    path("refresh/", console_templates.refresh, name="templates-refresh"),
    path("new/", template_new.start, name="template-new"),
    path("new/<uuid:addition_id>/", template_new.form, name="template-adding"),
    path("new/<uuid:addition_id>/state/", template_new.state, name="template-adding-state"),
    path("<int:template_id>/", template.show, name="template"),
    path("<int:template_id>/switch/", console_templates.switch, name="template-switch"),
    path("<int:template_id>/delete/", template.delete, name="template-delete"),
    path("<int:template_id>/ticket/", template_files.ticket, name="template-ticket"),
    path("<int:template_id>/file/", template_files.replace, name="template-file"),
    path("<int:template_id>/compare/", template_files.compare, name="template-compare"),
    path("<int:template_id>/files/<uuid:file_id>/", template_files.bring_back, name="old-template"),
    path(
        "<int:template_id>/files/<uuid:file_id>/ticket/",
        template_files.old_ticket,
        name="old-template-ticket",
    ),
]

template_checks: list[URLPattern | URLResolver] = [
    path("check/", lint.check, name="lint-file"),
    path("check/chosen/", lint.chosen, name="lint-chosen"),
    path("fields/", lint.fields, name="template-fields"),
    path("lint-all/", lint_all.show, name="lint-all"),
    path("<int:template_id>/lint/", lint.show, name="lint-template"),
    path("<int:template_id>/try/", lint.try_it, name="try-template"),
]

numerators: list[URLPattern | URLResolver] = [
    path("", numerators_pages.index, name="numerators"),
    path("new/", numerators_pages.new, name="numerator-new"),
    path("preview/", numerators_pages.preview, name="numerator-preview"),
    path("audit/", audits.audit, name="audit"),
    path("regions/", regions.index, name="regions"),
    path("regions/<str:region>/", regions.one, name="region"),
    path("<int:numerator_id>/", numerators_pages.edit, name="numerator"),
    path("<int:numerator_id>/delete/", numerators_pages.delete, name="numerator-delete"),
]

access: list[URLPattern | URLResolver] = [
    path("", access_doctor.show, name="access"),
    path("mend/", access_doctor.mend, name="access-mend"),
]

links: list[URLPattern | URLResolver] = [
    path("", public_links.show, name="console-links"),
    path("bar/", public_links.bar, name="console-links-bar"),
    path("off/", public_links.off, name="console-links-off"),
    path("end/", public_links.end, name="console-links-end"),
    path("look/", public_links.look, name="console-links-look"),
]

inventory: list[URLPattern | URLResolver] = [
    path("", stock.show, name="inventory"),
    path("bar/", stock.bar, name="inventory-bar"),
    path("change/", stock.change, name="inventory-change"),
    path("<int:document_id>/", stock.one, name="inventory-document"),
]

console_settings: list[URLPattern | URLResolver] = [
    path("", console_views.show, name="console-settings"),
    path("repair/", console_views.repair, name="repair"),
    path("versions/", console_views.change_versions, name="settings"),
    path("links/", console_views.change_links, name="settings-links"),
    path("stamps/", console_views.change_stamps, name="settings-stamps"),
    path("connection/", console_views.check_connection, name="connection-check"),
    path("connection/<str:probe>/", console_views.connection, name="connection"),
    path("activity/", console_views.show_activity, name="activity"),
]

console: list[URLPattern | URLResolver] = [
    path("templates/", include(templates)),
    path("templates/", include(template_checks)),
    path("numerators/", include(numerators)),
    path("access/", include(access)),
    path("links/", include(links)),
    path("inventory/", include(inventory)),
    path("settings/", include(console_settings)),
    path("jobs/<uuid:job_id>/", jobs.state, name="job"),
    path("jobs/<uuid:job_id>/stop/", jobs.stop, name="job-stop"),
]

portal: list[URLPattern | URLResolver] = [
    path("", start.show, name="start"),
    path("reconnect/", start.begin_reconnect, name="reconnect"),
    path("story/", start.story_ticket, name="portal-story"),
    path("install/", install.opened, name="install"),
    path("install/<str:name>/", install.step, name="install-step"),
    path("session/", renewal.renew, name="session"),
    path("events/", events.inbox, name="events"),
    path("deal/", include(deal)),
    path("console/", include(console)),
]

urlpatterns = [
    path("", start.market, name="market"),
    path("install/", install.market, name="market-install"),
    path("p/<str:key>/", include(portal)),
    path("f/<str:token>/", files.show, name="file"),
    path("picture/<str:token>/", pictures.show, name="picture"),
    path("field-picture/<str:token>/", field_pictures.show, name="field-picture"),
    path("healthz", healthz, name="healthz"),
]
