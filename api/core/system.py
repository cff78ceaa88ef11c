"""Health, readiness, and the description of the API."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from apiflask import APIBlueprint, APIFlask
from flask import Flask, Response, current_app, jsonify, render_template_string
from sqlalchemy import text

from api.core.errors import ApiError, NotFound
from api.core.idempotency import HEADER, IDEMPOTENT
from api.core.permissions import ATTRIBUTE, Permission, anyone
from api.core.requests import current_database, current_settings, now
from api.core.schema_state import is_current
from site_builder.course.languages import LANGUAGES

system = APIBlueprint("system", __name__, enable_openapi=False)


class NotReady(ApiError):
    """The database cannot be used by this version of the program."""

    status, code = 503, "not_ready"  # type: ignore[assignment]  # HTTPStatus is an int.


@system.get("/healthz")
@anyone()
def health() -> Response:
    """Whether the process answers."""
    return jsonify(status="ok")


@system.get("/readyz")
@anyone()
def ready() -> Response:
    """Whether the process can serve: the database answers and has the tables of this version."""
    with current_database().engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        if not is_current(connection):
            raise NotReady("The database has the tables of another version. Run `airlock db upgrade`.")
    return jsonify(status="ready")


@system.get("/.well-known/security.txt")
@anyone()
def security_contact() -> Response:
    """Where somebody reports a hole (RFC 9116). It holds for a year from the beginning of the month."""
    settings = current_settings()
    if not settings.security_contact:
        raise NotFound("There is no such page.")
    until = now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    lines = {
        "Contact": settings.security_contact,
        "Expires": f"{until.replace(year=until.year + 1):%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages": ", ".join(LANGUAGES),
        "Canonical": f"{settings.url}/.well-known/security.txt",
    }
    text_of = "".join(f"{name}: {value}\n" for name, value in lines.items())
    return Response(text_of, mimetype="text/plain")


@system.get("/api/openapi.json")
@anyone()
def openapi() -> Response:
    """The API's description, OpenAPI 3.1."""
    return jsonify(_spec())


@system.get("/api/docs")
@anyone()
def docs() -> str:
    """The description as a page to read, without a script and without anything from elsewhere."""
    return render_template_string(PAGE, spec=_spec(), methods=("get", "post", "put", "patch", "delete"))


def _spec() -> dict[str, Any]:
    app = current_app
    assert isinstance(app, APIFlask)
    return dict(app._get_spec("json"))  # type: ignore[arg-type]


def describe_permissions(app: Flask, spec: dict[str, Any]) -> dict[str, Any]:
    """Add to each operation who may call it, which headers it wants, and that errors are problem documents."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        permission: Permission | None = getattr(view, ATTRIBUTE, None)
        for path, operations in spec.get("paths", {}).items():
            if permission is None or not _same_path(path, rule.rule):
                continue
            for method in operations.keys() & {name.lower() for name in rule.methods or ()}:
                operation = operations[method]
                operation["x-airlock-roles"] = "anyone" if permission.roles is None else dict(permission.rows)
                if method != "get":
                    headers = {"X-CSRFToken": "From /api/v1/me."}
                    if getattr(view, IDEMPOTENT, False):
                        headers[HEADER] = "The same for every retry of the same request."
                    _add_headers(operation, headers)
                _describe_errors(operation, permission.roles is None, method)
    spec.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    return spec


def _add_headers(operation: dict[str, Any], headers: dict[str, str]) -> None:
    named = operation.setdefault("parameters", [])
    named.extend(
        {"name": name, "in": "header", "required": True, "description": text, "schema": {"type": "string"}}
        for name, text in headers.items()
    )


def _describe_errors(operation: dict[str, Any], public: bool, method: str) -> None:
    codes = ["404", "409", "422", "429"] if public else ["401", "403", "404", "409", "422", "429"]
    codes += [] if method == "get" else ["400", "413"]
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for code in codes:
        phrase = HTTPStatus(int(code)).phrase
        operation.setdefault("responses", {})[code] = {"description": phrase, "content": content}


PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457. Clients translate `code`.",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
    },
}


def _same_path(openapi_path: str, rule: str) -> bool:
    shape = [part if not part.startswith(("{", "<")) else "*" for part in openapi_path.split("/")]
    return shape == [part if not part.startswith("<") else "*" for part in rule.split("/")]


PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{{ spec.info.title }} API</title></head><body><main>
<h1>{{ spec.info.title }} API {{ spec.info.version }}</h1>
<p>The same as <a href="/api/openapi.json">OpenAPI {{ spec.openapi }}</a>. Errors are problem documents (RFC 9457) with a stable code.</p>
{% for path, operations in spec.paths.items() %}{% for method in methods if method in operations %}{% set operation = operations[method] %}
<h2><code>{{ method | upper }} {{ path }}</code></h2>
<p>{{ operation.summary }}{% if operation.description %} {{ operation.description }}{% endif %}</p>
<dl><dt>Who</dt><dd>{% set who = operation['x-airlock-roles'] %}{% if who is mapping %}{% for role, rows in who.items() %}{{ role }} ({{ rows }}){% if not loop.last %}, {% endif %}{% endfor %}{% else %}{{ who }}{% endif %}</dd>
{% if operation.parameters %}<dt>Parameters</dt><dd>{% for parameter in operation.parameters %}<code>{{ parameter.name }}</code> ({{ parameter.in }}){% if not loop.last %}, {% endif %}{% endfor %}</dd>{% endif %}
{% if operation.requestBody %}<dt>Body</dt><dd><pre>{{ operation.requestBody.content['application/json'].schema | tojson(indent=1) }}</pre></dd>{% endif %}
<dt>Replies</dt><dd>{{ operation.responses.keys() | join(', ') }}</dd></dl>
{% endfor %}{% endfor %}
<h2>Schemas</h2>
{% for name, schema in spec.components.schemas.items() %}<h3>{{ name }}</h3><pre>{{ schema | tojson(indent=1) }}</pre>{% endfor %}
</main></body></html>
"""
