"""JSON values against the schemas exported from TypeScript: defaults are filled, and a fault names its field."""

from __future__ import annotations

import difflib
import json
from functools import cache
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from .errors import EngineError

Schema = dict[str, Any]
_DISCRIMINATORS = ("op", "kind", "name", "type")


@cache
def load_schema(name: str) -> Schema:
    """`job` or `request`, from the package's schemas folder."""
    return json.loads(resources.files("fettle_engine").joinpath("schemas", f"{name}.json").read_text("utf-8"))


def validate(name: str, value: Any, code: str) -> Any:
    """The value with defaults filled. Raises EngineError(code) that names the field and the key nearest to a typo."""
    root = load_schema(name)
    whole = _fill(root, root, value)
    error = _first_error(root, root, whole, ())
    if error is None:
        return whole
    path, message, hint = error
    where = _dotted(path) or name
    raise EngineError(code, f"{where}: {message}", hint, {"field": _dotted(path)})


def _resolve(root: Schema, schema: Schema) -> Schema:
    while "$ref" in schema:
        part: Any = root
        for key in schema["$ref"].removeprefix("#").strip("/").split("/"):
            part = part[key] if key else part
        schema = part
    return schema


def _branches(schema: Schema) -> list[Schema]:
    return schema.get("anyOf") or schema.get("oneOf") or []


def _discriminator(root: Schema, branches: list[Schema]) -> tuple[str, dict[Any, Schema]] | None:
    """The key whose constant tells the branches apart, as (key, constant -> branch)."""
    objects = [resolved for branch in branches if "properties" in (resolved := _resolve(root, branch))]
    for key in _DISCRIMINATORS:
        if objects and all("const" in branch["properties"].get(key, {}) for branch in objects):
            return key, {branch["properties"][key]["const"]: branch for branch in objects}
    # A union inside a union (jobs of a request) tells itself apart one level down.
    return None


def _choose(root: Schema, schema: Schema, value: Any) -> Schema:
    """The branch of a union that the value means, or the schema itself."""
    schema = _resolve(root, schema)
    branches = _branches(schema)
    if not branches:
        return schema
    found = _discriminator(root, branches)
    if found and isinstance(value, dict):
        key, by_constant = found
        constant = value.get(key)
        return by_constant.get(constant, schema) if isinstance(constant, str) else schema
    fitting = [branch for branch in branches if _plausible(root, _resolve(root, branch), value)]
    return _choose(root, fitting[0], value) if fitting else schema


_TYPES = {"object": dict, "array": list, "string": str, "null": type(None), "boolean": bool}


def _plausible(root: Schema, schema: Schema, value: Any) -> bool:
    """Whether a branch may be meant: its type fits, and for objects its required keys are there."""
    if _branches(schema):
        return any(_plausible(root, _resolve(root, branch), value) for branch in _branches(schema))
    kind = schema.get("type")
    if kind in ("integer", "number"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind not in _TYPES:
        return True
    if not isinstance(value, _TYPES[kind]):
        return False
    if kind == "object":
        properties = schema.get("properties", {})
        needed = [key for key in schema.get("required", []) if "default" not in properties.get(key, {})]
        return all(key in value for key in needed)
    return True


def _fill(root: Schema, schema: Schema, value: Any) -> Any:
    schema = _choose(root, schema, value)
    if isinstance(value, dict):
        properties: dict[str, Schema] = schema.get("properties", {})
        rest = schema.get("additionalProperties")
        filled = {
            key: _fill(root, properties[key], item)
            if key in properties
            else (_fill(root, rest, item) if isinstance(rest, dict) else item)
            for key, item in value.items()
        }
        for key, part in properties.items():
            if key not in filled and "default" in part:
                filled[key] = _fill(root, part, json.loads(json.dumps(part["default"])))
        return filled
    if isinstance(value, list) and isinstance(schema.get("items"), dict):
        return [_fill(root, schema["items"], item) for item in value]
    return value


def _first_error(
    root: Schema, schema: Schema, value: Any, path: tuple[str | int, ...]
) -> tuple[tuple[str | int, ...], str, str] | None:
    """(path, message, hint) of the first fault, descending through the branch that is meant."""
    chosen = _choose(root, schema, value)
    branches = _branches(chosen)
    if branches and isinstance(value, dict) and (found := _discriminator(root, branches)):
        key, by_constant = found
        names = ", ".join(sorted(map(str, by_constant)))
        given = value.get(key)
        what = f"{given!r} is not known" if key in value else "is missing"
        return (*path, key), what, f"Give one of {names}.{_nearest(str(given), by_constant)}"
    if isinstance(value, dict) and "properties" in chosen:
        properties: dict[str, Schema] = chosen["properties"]
        for key, item in value.items():
            if key in properties:
                error = _first_error(root, properties[key], item, (*path, key))
                if error is not None:
                    return error
    if isinstance(value, list) and isinstance(chosen.get("items"), dict):
        for index, item in enumerate(value):
            error = _first_error(root, chosen["items"], item, (*path, index))
            if error is not None:
                return error
    shell = chosen | {part: root[part] for part in ("$defs", "definitions") if part in root}
    fault = best_match(Draft202012Validator(shell).iter_errors(value))
    return None if fault is None else _explain(fault, path)


def _explain(fault: ValidationError, path: tuple[str | int, ...]) -> tuple[tuple[str | int, ...], str, str]:
    full = (*path, *fault.absolute_path)
    schema: Any = fault.schema
    if fault.validator == "additionalProperties" and isinstance(fault.instance, dict):
        known = list(schema.get("properties", {}))
        key = next((key for key in fault.instance if key not in known), "")
        return (
            (*full, key),
            "is no field of the protocol",
            f"Known here: {', '.join(known)}.{_nearest(key, known)}",
        )
    if fault.validator == "required" and isinstance(fault.instance, dict):
        missing = next((key for key in schema["required"] if key not in fault.instance), "")
        return (*full, missing), "is missing", "Add the field."
    if fault.validator == "enum":
        hint = f"Give one of {', '.join(map(str, schema['enum']))}.{_nearest(str(fault.instance), schema['enum'])}"
        return full, f"{_short(fault.instance)} is not allowed", hint
    return full, _short(fault.message, 300), "See the protocol's schema for the field."


def _nearest(word: str, known: Any) -> str:
    near = difflib.get_close_matches(word, [str(item) for item in known], n=1, cutoff=0.6)
    return f" Did you mean {near[0]}?" if near else ""


def _short(value: Any, limit: int = 80) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= limit else text[:limit] + "…"


def _dotted(path: tuple[str | int, ...]) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
