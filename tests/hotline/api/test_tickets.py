"""The API: idempotent registration, scope, problem+json, schema."""

import pytest
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from hotline.models import Ticket
from tests.conftest import TEXT

URL = "/api/v1/tickets/"
BODY = {"content": TEXT, "phone": "13800000001", "name": "示例人", "channel": "web"}


@pytest.fixture
def api(machine):
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.create(user=machine).key}")
    return client


def post(api, body=BODY, key="k-1"):
    return api.post(URL, body, format="json", headers={"Idempotency-Key": key} if key else {})


def test_ticket_is_made_once_per_key(api):
    first, second = post(api), post(api)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert Ticket.objects.count() == 1


def test_answer_holds_no_personal_data(api):
    text = post(api).content.decode()
    assert "13800000001" not in text
    assert "示例人" not in text


@pytest.mark.parametrize(
    ("body", "key", "status", "field"),
    [
        (BODY, "", 422, "Idempotency-Key"),
        ({}, "k", 422, "content"),
        ({"content": "  "}, "k", 422, "content"),
        ({"content": 5, "channel": "pigeon"}, "k", 422, "channel"),
        (BODY | {"phone": "12"}, "k", 422, "phone"),
        (BODY, "k" * 81, 422, "key"),
    ],
)
def test_bad_requests_are_problems_that_name_the_field(api, body, key, status, field):
    answer = post(api, body, key)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert field in [error["field"] for error in problem["errors"]]
    assert not Ticket.objects.exists()


def test_key_with_another_body_is_refused(api):
    post(api)
    answer = post(api, BODY | {"content": TEXT + "快点"})
    assert answer.status_code == 422
    assert "幂等键" in answer.json()["detail"]


def test_broken_json_is_a_problem(api):
    answer = api.post(URL, "{", content_type="application/json", headers={"Idempotency-Key": "k"})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_without_token_nothing(db):
    answer = APIClient().get(URL)
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


def test_sender_sees_its_own_tickets_alone(api, registered):
    number = post(api).json()["number"]
    listed = [row["number"] for row in api.get(URL).json()["results"]]
    assert listed == [number]
    assert api.get(f"{URL}{number}/").status_code == 200
    assert api.get(f"{URL}{registered.number}/").status_code == 404


def test_pages_by_cursor_show_each_ticket_once(api):
    numbers = {post(api, key=f"k{index}").json()["number"] for index in range(5)}
    seen, url = [], f"{URL}?page_size=2"
    while url:
        page = api.get(url).json()
        seen += [row["number"] for row in page["results"]]
        url = page["next"]
    assert len(seen) == 5
    assert set(seen) == numbers


def test_route_answers_without_keeping(api):
    answer = api.post("/api/v1/route/", {"text": TEXT}, format="json")
    assert answer.status_code == 200
    assert answer.json()["platform"] == "12345"
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("name", ["items", "units", "regions"])
def test_catalogue_can_be_read(api, name):
    rows = api.get(f"/api/v1/catalog/{name}/").json()["results"]
    assert rows
    code = rows[0]["code"]
    assert api.get(f"/api/v1/catalog/{name}/{code}/").json()["code"] == code


def test_schema_describes_the_key_and_the_paths(db):
    schema = APIClient().get("/api/v1/schema/?format=json").json()
    assert "/api/v1/tickets/" in schema["paths"]
    parameters = schema["paths"]["/api/v1/tickets/"]["post"]["parameters"]
    assert "Idempotency-Key" in [parameter["name"] for parameter in parameters]
