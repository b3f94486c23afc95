"""What people see: the search page, the articles, the API, the administration."""

from flask import Flask
from flask_openapi3.openapi import OpenAPI
from jinja2 import StrictUndefined

from config.settings import Settings
from webui import compression, errors, language, outage, presentation, protection, watching
from webui.accounts import access, security
from webui.accounts.key_views import keys
from webui.admin.views import admin
from webui.api import origins
from webui.api.answers import ProblemAnswer
from webui.api.views import INFO, api, manual, refused
from webui.article.cites import cites
from webui.article.copies import copies
from webui.article.versions import versions
from webui.article.views import article
from webui.corrections.views import corrections
from webui.export.views import export
from webui.feeds.views import feeds
from webui.guide.views import guide
from webui.health import health
from webui.search.views import search
from webui.services import Services
from webui.sharing.views import sharing
from webui.styleguide.views import styleguide
from webui.verify.views import verify

BLUEPRINTS = (
    search,
    guide,
    export,
    feeds,
    sharing,
    article,
    versions,
    copies,
    cites,
    verify,
    corrections,
    keys,
    manual,
    admin,
    health,
    styleguide,
)
"""All but the API's, which is described besides."""


def create_app(settings: Settings, services: Services) -> Flask:
    """The web interface over open stores. Raises protection.SecretError where the signing key cannot be kept."""
    app = OpenAPI(
        "webui",
        info=INFO,
        security_schemes={},  # none; left out, the library would describe them as null
        doc_ui=False,
        validation_error_model=ProblemAnswer,
        validation_error_callback=refused,
        template_folder=".",  # each template stands beside the views that show it
        static_folder="static",
    )
    app.jinja_env.undefined = StrictUndefined
    app.config.update(
        LANGUAGE=settings.language, PUBLIC_URL=settings.public_url, SEND_FILE_MAX_AGE_DEFAULT=365 * 86_400
    )
    app.extensions["services"] = services
    compression.set_up(app)
    watching.set_up(app, services)
    origins.set_up(app)
    access.set_up(app)
    protection.set_up(app, settings)
    catalogues = language.set_up(app)
    security.set_up(app, services, catalogues)
    presentation.set_up(app, services)
    outage.set_up(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.register_api(api)
    errors.set_up(app)
    protection.limit(app, settings)
    return app
