"""The API as an analyst's console uses it."""
import http.client, json, ssl
from support.programs import check


class desk:
    """The API as an analyst's console uses it."""

    def __init__(self, address, login):
        self.port = int(address.rsplit(":", 1)[1])
        self.headers = {}
        words = dict(line.split(" ", 1) for line in login.read_text().splitlines())
        status, body, headers = self.ask("POST", "/api/v1/session", {"login": words["login"], "password": words["password"]})
        check(status in (200, 201), f"sign-in answers {status}: {body}")
        self.headers = {"Cookie": headers["Set-Cookie"].split(";")[0], "X-CSRF-Token": body["csrf_token"]}

    def ask(self, method, path, body=None):
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=ssl._create_unverified_context(), timeout=60)
        text = json.dumps(body) if body is not None else None
        connection.request(method, path, text, {"Content-Type": "application/json", **self.headers})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or b"null"), answer.headers
