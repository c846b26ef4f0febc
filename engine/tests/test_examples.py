"""The messages in engine/examples mean the same here and in TypeScript, whose test reads the same files."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from fettle_engine.schema import load_schema, validate

EXAMPLES = Path(__file__).parent.parent / "examples"


def example(name: str) -> Any:
    return json.loads((EXAMPLES / f"{name}.json").read_text("utf-8"))


def validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(load_schema(schema))


@pytest.mark.parametrize(("schema", "name"), [("job", "jobs"), ("request", "requests"), ("event", "events")])
def test_examples_fit_the_schemas(schema: str, name: str) -> None:
    for message in example(name):
        validator(schema).validate(message)


@pytest.mark.parametrize("case", example("refused"), ids=lambda case: f"{case['schema']}: {case['why']}")
def test_wrong_messages_are_refused(case: dict[str, Any]) -> None:
    assert not validator(case["schema"]).is_valid(case["value"])


@pytest.mark.parametrize("index", range(len(example("jobs"))))
def test_defaults_are_those_of_typescript(index: int) -> None:
    assert validate("job", example("jobs")[index], "bad_job") == example("jobs-filled")[index]
