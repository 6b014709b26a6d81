"""The served OpenAPI document as a test needs it: its operations, and bodies and queries that fit it."""
import random

METHODS = ("get", "post", "put", "patch", "delete")


class Operation:
    def __init__(self, document, method, path, told, shared):
        self.method, self.path, self.needs = method.upper(), path, told.get("x-needs", "anyone")
        self.parameters = [resolve(document, p) for p in shared + told.get("parameters", [])]
        content = resolve(document, told.get("requestBody", {})).get("content", {})
        self.body = content.get("application/json", {}).get("schema")
        self.takes_other = bool(content) and self.body is None
        self.name = f"{self.method} {path}"

    @property
    def changes_something(self):
        return self.method != "GET"


def resolve(document, schema):
    for _ in range(16):
        if not isinstance(schema, dict) or "$ref" not in schema:
            return schema
        at = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            at = at[part]
        schema = at
    return {}


def operations(document):
    found = []
    for path, item in sorted(document["paths"].items()):
        for method in METHODS:
            if method in item:
                found.append(Operation(document, method, path, item[method], item.get("parameters", [])))
    return found


def fitting(document, schema, rng, depth=0):
    """A value that fits the schema, or nearly: what a well-meaning client sends."""
    schema = resolve(document, schema)
    if not isinstance(schema, dict) or depth > 6:
        return None
    for choice in ("oneOf", "anyOf"):
        if choice in schema:
            return fitting(document, rng.choice(schema[choice]), rng, depth + 1)
    if "allOf" in schema:
        whole = {}
        for part in schema["allOf"]:
            value = fitting(document, part, rng, depth + 1)
            if isinstance(value, dict):
                whole |= value
        return whole
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return rng.choice(schema["enum"])
    kind = schema.get("type", "object")
    if isinstance(kind, list):
        kind = rng.choice(kind)
    if kind == "object":
        needed = schema.get("required", [])
        return {name: fitting(document, part, rng, depth + 1) for name, part in schema.get("properties", {}).items()
                if name in needed or rng.random() < 0.5}
    if kind == "array":
        least = schema.get("minItems", 0)
        return [fitting(document, schema.get("items", {}), rng, depth + 1) for _ in range(least + rng.randrange(3))]
    if kind in ("integer", "number"):
        least = schema.get("minimum", 0)
        return rng.randint(least, min(schema.get("maximum", least + 100), least + 100))
    if kind == "boolean":
        return rng.random() < 0.5
    if kind == "null":
        return None
    return text_of(schema, rng)


def text_of(schema, rng):
    like = {"date-time": "2026-11-21T10:00:00Z", "date": "2026-11-21", "ipv4": "192.0.2.7", "uuid": "0" * 8 + "-0000-4000-8000-" + "0" * 12}
    if schema.get("format") in like:
        return like[schema["format"]]
    least, most = schema.get("minLength", 0), schema.get("maxLength", 40)
    return "abcdefghij-klmnopq.rstuvw"[: max(least, min(most, rng.randrange(1, 20)))].ljust(least, "x")


def filled(operation, value="1"):
    """The path with each {name} filled in."""
    parts = [value if part.startswith("{") else part for part in operation.path.split("/")]
    return "/".join(parts)
