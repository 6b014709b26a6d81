#!/usr/bin/env python3
"""Who may call what, over every operation of the served description: each role, nobody, an ended session, an account that was
switched off. What the matrix (`x-roles` and `x-needs`) grants gets past the door, all else stops at it. New routes are covered by
being described."""
import pathlib, sys
sys.path.insert(0, str(pathlib.Path(__file__).parent / "support"))
from api_description import filled, operations
from coord_server import Caller, Server
from programs import check

PASSWORD = "a long enough password"
AT_THE_DOOR = "this needs the right"


def may(rights, operation):
    """Written down a second time on purpose: the test must not believe the server's own arithmetic."""
    return operation.needs == "anyone" or operation.needs in rights or (
        not operation.changes_something and "auditor" in rights)


def account(admin, role):
    login = f"a-{role}"
    made = admin.ask("POST", "/api/v1/users", {"login": login, "full_name": "", "role": role, "password": PASSWORD, "must_change": False})
    check(made.status == 201, f"{role}: {made.body}")
    return login, made.json()["id"]


def stands_open(answer):
    return answer.status not in (401, 403) or (answer.status == 403 and AT_THE_DOOR not in answer.detail())


def try_all(caller, all_operations, rights, who):
    granted = 0
    for operation in all_operations:
        if operation.name == "DELETE /api/v1/session":
            continue
        body = {} if operation.changes_something else None
        answer = caller.ask(operation.method, filled(operation, "987654321"), body)
        if answer is not None and answer.status == 401 and operation.name != "POST /api/v1/session":
            caller.sign_in()  # a call before ended the session, as it may
            answer = caller.ask(operation.method, filled(operation, "987654321"), body)
        check(answer is not None, f"{who}: no answer to {operation.name}")
        check(answer.status < 500 or operation.path == "/readyz", f"{who}: {operation.name} is {answer.status} {answer.body}")
        if may(rights, operation):
            granted += 1
            check(stands_open(answer) or operation.name == "POST /api/v1/session",
                  f"{who} may {operation.name} and gets {answer.status} {answer.body}")
        else:
            check(answer.status == 403 and AT_THE_DOOR in answer.detail(),
                  f"{who} may not {operation.name} and gets {answer.status} {answer.body}")
    return granted


def try_token(server, admin, right, all_operations):
    """A token of an administrator with one right: that right's routes and the open ones, nothing of anybody's account."""
    made = admin.ask("POST", "/api/v1/tokens", {"name": right, "scope": right, "days": 1})
    check(made.status == 201, f"token {right}: {made.body}")
    headers = [("Authorization", "Bearer " + made.json()["token"])]
    wire = Caller(server.port)
    for operation in all_operations:
        if operation.name == "POST /api/v1/session":
            continue
        answer = wire.ask(operation.method, filled(operation, "987654321"), {} if operation.changes_something else None, headers)
        check(answer is not None, f"token {right}: no answer to {operation.name}")
        if may({right}, operation):
            check(stands_open(answer), f"a token of {right} may {operation.name} and gets {answer.status} {answer.body}")
        else:
            check(answer.status == 403 and AT_THE_DOOR in answer.detail(),
                  f"a token of {right} may not {operation.name} and gets {answer.status} {answer.body}")
    for right_of_people in ("member", "administrator"):
        refused = admin.ask("POST", "/api/v1/tokens", {"name": "x", "scope": right_of_people, "days": 1})
        check(refused.status == 400, f"a token of {right_of_people}: {refused.status}")


def refused_all(ask, all_operations, who):
    """Nobody: every route but the open ones is 401."""
    for operation in all_operations:
        if operation.needs != "anyone":
            answer = ask(operation)
            check(answer is not None and answer.status == 401,
                  f"{who}: {operation.name} is {answer and answer.status}, not 401")


def described_is_what_answers(admin, all_operations):
    by_path = {}
    for operation in all_operations:
        by_path.setdefault(operation.path, set()).add(operation.method)
    for path, methods in by_path.items():
        answer = admin.ask("OPTIONS", path.replace("{", "").replace("}", ""), None)
        check(answer.status == 405, f"{path} is described, and the server answers {answer.status} to OPTIONS")
        allowed = set(answer.headers["allow"].split(", "))
        # a fixed path may fit the pattern of a {name} beside it, whose methods are then allowed too
        check(methods <= allowed, f"{path}: described {methods}, answered {allowed}")
        likes = [p for p in by_path if fits(p, path)]
        check(allowed <= set().union(*(by_path[p] for p in likes)), f"{path} answers {allowed}, of which not all are described")


def fits(pattern, path):
    a, b = pattern.split("/"), path.split("/")
    return len(a) == len(b) and all(x.startswith("{") or x == y for x, y in zip(a, b))


def sane(document, all_operations):
    """What must hold of any matrix, whatever was written into it."""
    roles = document["x-roles"]
    known = set().union(*roles.values())
    for operation in all_operations:
        check(operation.needs == "anyone" or operation.needs in known, f"{operation.name} needs {operation.needs}, which no role has")
        # `reader` is a right of the auditor, who changes nothing: a route that changes something needs another
        check(not operation.changes_something or operation.needs not in ("reader", "auditor"),
              f"{operation.name} changes something and needs only {operation.needs}")
    check("writer" not in roles["auditor"] and "administrator" not in roles["auditor"], "an auditor must change nothing")
    check("reader" not in roles["partner"], "a partner must not see our work")


def run(server):
    admin = Caller(server.port, server.admin, server.admin_password)
    document = admin.ask("GET", "/api/v1/openapi.json").json()
    all_operations = operations(document)
    sane(document, all_operations)
    described_is_what_answers(admin, all_operations)
    for role, rights in document["x-roles"].items():
        login, _ = account(admin, role)
        granted = try_all(Caller(server.port, login, PASSWORD), all_operations, rights, role)
        print(f"{role}: {granted} of {len(all_operations)} operations granted")

    for right in ("reader", "writer", "lead", "maintainer", "auditor"):
        try_token(server, admin, right, all_operations)

    nobody = Caller(server.port)
    refused_all(lambda o: nobody.ask(o.method, filled(o), {} if o.changes_something else None), all_operations, "nobody")
    ended = Caller(server.port, "a-analyst", PASSWORD)
    check(ended.ask("DELETE", "/api/v1/session").status == 204, "signing out")
    refused_all(lambda o: ended.ask(o.method, filled(o), {} if o.changes_something else None), all_operations, "an ended session")
    viewer = Caller(server.port, "a-viewer", PASSWORD)
    users = {u["login"]: u["id"] for u in admin.ask("GET", "/api/v1/users").json()["users"]}
    off = admin.ask("PATCH", f"/api/v1/users/{users['a-viewer']}", {"disabled": True})
    check(off.status in (200, 204), f"switching off: {off.body}")
    refused_all(lambda o: viewer.ask(o.method, filled(o), {} if o.changes_something else None), all_operations, "an account switched off")

    lead = Caller(server.port, "a-lead", PASSWORD)
    without = [("Cookie", lead.cookie)]
    other = lead.headers()[:1] + [("X-CSRF-Token", admin.csrf)]
    elsewhere = lead.headers() + [("Origin", "https://elsewhere.example")]
    for operation in all_operations:
        if operation.changes_something and operation.needs in document["x-roles"]["lead"]:
            for what, headers in (("no CSRF token", without), ("another's CSRF token", other), ("another site", elsewhere)):
                answer = lead.ask(operation.method, filled(operation), {}, headers)
                check(answer is not None and answer.status == 403, f"{operation.name} with {what}: {answer and answer.status}")
    print(f"{len(all_operations)} operations, {len(document['x-roles'])} roles: nothing is granted that the matrix does not grant")


if __name__ == "__main__":
    server = Server()
    try:
        run(server)
        check(server.end() == 0, f"does not end well: {server.told()}")
    finally:
        server.stop()
