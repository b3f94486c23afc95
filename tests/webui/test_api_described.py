"""The API's description: complete, with examples that are true, and held against what the API answers."""

import jsonschema
import pytest
import schemathesis
from bs4 import BeautifulSoup
from hypothesis import HealthCheck, given
from hypothesis import settings as quick
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from indexer.query.request import MAX_DEPTH
from tests.webui import api_examples
from tests.webui.conftest import make_account
from tests.webui.library import key_of, stamp_of
from webui import catalogue
from webui.accounts.keys import ApiKeys
from webui.accounts.security import register
from webui.api.describing import examples, operations
from webui.api.manual import question
from webui.protection import LIMITS

REAL = {"key": str(key_of(0)), "stamp": stamp_of(0), "facet": "then", "form": "jsonl"}


@pytest.fixture
def described(client):
    return client.get("/api/v1/openapi.json").json


def by_name(described):
    return {operation["operationId"]: (path, operation) for path, operation in operations(described)}


def test_everything_that_can_be_asked_is_described(app, described):
    views = {name.removeprefix("api.") for name in app.view_functions if name.startswith("api.")}
    assert set(by_name(described)) == views - {"description", "start"} == set(examples())
    assert {f"api.{name}" for name in by_name(described)} == {name for name in LIMITS if name.startswith("api.")}


def test_every_operation_and_parameter_says_what_it_is(described):
    assert described["openapi"].startswith("3.1")
    for _, operation in operations(described):
        assert operation["summary"].endswith(".")
        assert all(parameter["description"] for parameter in operation.get("parameters", ()))
        assert {"200", "401", "406", "415", "422", "429"} <= operation["responses"].keys()
        assert all(answer["description"] for answer in operation["responses"].values())
    parameters = {parameter["name"] for parameter in by_name(described)["search"][1]["parameters"]}
    assert parameters >= {"q", "then", "from", "to", "page", "after", "reprints"}


def sentences(described):
    """What the document tells people, as far as the page shows it."""
    yield from (tag["description"] for tag in described["tags"])
    for _, operation in operations(described):
        yield operation["summary"]
        yield from (one["description"].partition("\n")[0] for one in operation.get("parameters", ()))
        yield from (one["description"] for status, one in operation["responses"].items() if status != "200")


def test_the_page_says_in_vietnamese_what_the_document_says_in_english(client, described):
    told = set(sentences(described))
    assert len(told) > 60
    known = {message.id: str(message.string or "") for message in catalogue.stored("vi")}
    assert [text for text in told if not known.get(text)] == []
    pages = [BeautifulSoup(client.get(f"/help/api?lang={lang}").data, "lxml") for lang in ("en", "vi")]
    english, vietnamese = (" ".join(page.select("main")[0].text.split()) for page in pages)
    for text in told:
        shown = text.replace("`", "")
        assert shown in english
        assert shown not in vietnamese
        assert " ".join(known[text].replace("`", "").split()) in vietnamese
    assert client.get("/api/v1/openapi.json?lang=vi").json == described


def test_how_far_pages_reach_is_told_right(described):
    parameters = by_name(described)["search"][1]["parameters"]
    (page,) = (one["description"] for one in parameters if one["name"] == "page")
    assert f"{MAX_DEPTH:,}" in page


@pytest.mark.parametrize("name", api_examples.QUESTIONS)
def test_examples_are_as_described(described, name):
    _, operation = by_name(described)[name]
    asked = {parameter["name"]: parameter for parameter in operation.get("parameters", ())}
    shown = [parameter for parameter in asked.values() if "example" in parameter]
    assert len(shown) == len(examples()[name]["path"]) + len(examples()[name]["query"])
    for parameter in shown:
        check(parameter["example"], parameter["schema"], described)
    content = operation["responses"]["200"]["content"]
    told = [kind for kind in content.values() if "example" in kind]
    assert len(told) == 1
    check(told[0]["example"], told[0]["schema"], described)


def check(value, schema, described):
    """Whether a value is what a schema of the description allows."""
    whole = {**schema, "components": described["components"]}
    jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker()).validate(value)


def test_an_example_that_is_not_as_described_is_noticed(described):
    schema = by_name(described)["diff"][1]["responses"]["200"]["content"]["application/json"]["schema"]
    with pytest.raises(jsonschema.ValidationError):
        check({**examples()["diff"]["answer"], "words_added": "five"}, schema, described)


@pytest.mark.parametrize("name", api_examples.QUESTIONS)
def test_examples_are_what_the_library_answers(app, name):
    """Written by `python -m tests.webui.api_examples`."""
    told = examples()[name]
    found = api_examples.asked(api_examples.prepared(app), name)
    assert found == told


def test_the_addresses_of_the_page_are_those_of_the_examples(client, described):
    for path, operation in operations(described):
        with client.get(question(path, operation)) as answer:
            assert answer.status_code == 200, operation["operationId"]


@pytest.fixture
def key(app, services):
    """What opens the API as an account's program."""
    make_account(app, "lan", "editor")
    with app.app_context():
        (account,) = register().all()
    return ApiKeys(services.database, services.clock).make(account.id, "thử", None)[1]


@pytest.mark.parametrize("with_key", [False, True])
def test_answers_are_as_described(app, key, with_key):
    """A tool asks what the description allows and what it does not, and holds the answers against it."""
    for limiter in app.extensions["limiter"]:
        limiter.enabled = False
    app.wsgi_app = _to_the_end(app.wsgi_app)
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    found = [one.ok() for one in described.get_all_operations() if isinstance(one, Ok)]
    assert len(found) == len(api_examples.QUESTIONS)
    plain = {"Accept-Encoding": "identity"}  # what asks unpacks nothing
    headers = plain | {"Authorization": f"Bearer {key}"} if with_key else plain
    for operation in found:
        _ask(operation.as_strategy(), headers, REAL)
        if not with_key:
            _ask(operation.as_strategy(), headers, {})
            _ask(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE), headers, {})


def _to_the_end(wsgi):
    """The tool closes no answer, and a file that is not closed keeps others waiting."""

    def answered(environ, start):
        pieces = wsgi(environ, start)
        try:
            return [b"".join(pieces)]
        finally:
            pieces.close()

    return answered


def _ask(cases, headers, real):
    """Questions to one operation; `real` names in its path what there is."""

    @given(cases)
    @quick(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    def ask(case):
        if real:
            case.path_parameters |= {name: real[name] for name in case.path_parameters if name in real}
        # No description can say that the first day is not after the last, or which page × size is too deep.
        # Of a name put in afterwards the tool believes that it is quoted already, and wrong.
        beside = [positive_data_acceptance, *([negative_data_rejection] if real else [])]
        case.call_and_validate(headers=headers, excluded_checks=beside)

    ask()
