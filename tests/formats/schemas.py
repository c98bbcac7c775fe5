"""What other systems take, as JSON Schemas written from their documentation."""

from __future__ import annotations

from typing import Any

import jsonschema

_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": "number"}
_POINTS: dict[str, Any] = {"type": "number", "minimum": 0}


def _object(required: str, **properties: Any) -> dict[str, Any]:
    """An object that has these keys and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


_FORM = {"enum": ["text", "html", "simple_format", "md", "ansi"]}
_VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
_OUTPUT = {"type": "string", "maxLength": 100_000}

GRADESCOPE = _object(
    "score tests",
    score=_POINTS,
    execution_time=_NUMBER,
    output=_OUTPUT,
    output_format=_FORM,
    test_output_format=_FORM,
    test_name_format=_FORM,
    visibility=_VISIBILITY,
    stdout_visibility=_VISIBILITY,
    extra_data={"type": "object"},
    leaderboard={"type": "array"},
    tests={
        "type": "array",
        "minItems": 1,
        "items": _object(
            "name score max_score status",
            name=_TEXT,
            name_format=_FORM,
            number={"type": "string", "pattern": r"^\d+(\.\d+)*$"},
            score=_POINTS,
            max_score=_POINTS,
            status={"enum": ["passed", "failed"]},
            output=_OUTPUT,
            output_format=_FORM,
            tags={"type": "array", "items": _TEXT},
            visibility=_VISIBILITY,
            extra_data={"type": "object"},
        ),
    },
)

PRAIRIELEARN = _object(
    "gradable score",
    gradable={"type": "boolean"},
    format_errors={"type": "array", "items": _TEXT, "minItems": 1},
    score={"type": "number", "minimum": 0, "maximum": 1},
    message=_TEXT,
    output=_TEXT,
    images={"type": "array"},
    tests={
        "type": "array",
        "items": _object(
            "name points max_points",
            name=_TEXT,
            description=_TEXT,
            points=_POINTS,
            max_points=_POINTS,
            message=_TEXT,
            output=_TEXT,
            images={"type": "array"},
        ),
    },
)

_OUTCOME = {"enum": ["pass", "fail", "error"]}

CLASSROOM = _object(
    "version status max_score tests",
    version={"const": 3},
    status=_OUTCOME,
    message=_TEXT,
    max_score=_POINTS,
    tests={
        "type": "array",
        "minItems": 1,  # the reporter divides by their number
        "items": _object(
            "name status score",
            name=_TEXT,
            status=_OUTCOME,
            score=_POINTS,
            message=_TEXT,
            test_code=_TEXT,
            filename=_TEXT,
            line_no={"type": "integer", "minimum": 0},
            duration=_NUMBER,
            task_id=_NUMBER,
            output={"type": "string", "maxLength": 500},
        ),
    },
)

INGINIOUS = _object(
    "result grade text",
    result={"enum": ["success", "failed", "crash", "timeout", "overflow"]},
    grade={"type": "number", "minimum": 0, "maximum": 100},
    text=_TEXT,
    problems={"type": "object"},
    tests={"type": "object"},
    custom={"type": "object"},
)

COURSERA = _object(
    "fractionalScore feedback",
    fractionalScore={"type": "number", "minimum": 0, "maximum": 1},
    feedback=_TEXT,
)

CHECK50 = {
    "type": "object",
    "properties": {
        "slug": _TEXT,
        "version": _TEXT,
        "error": _object("type value", type=_TEXT, value=_TEXT, traceback={}, data={}),
        "results": {
            "type": "array",
            "items": _object(
                "name description passed log cause data dependency",
                name=_TEXT,
                description=_TEXT,
                passed={"type": ["boolean", "null"]},
                log={"type": "array", "items": _TEXT},
                cause={"type": ["object", "null"], "required": ["rationale"]},
                data={"type": "object"},
                dependency={"type": ["string", "null"]},
            ),
        },
    },
    "required": ["slug", "version"],
    "oneOf": [{"required": ["error"]}, {"required": ["results"]}],
    "additionalProperties": False,
}


MARKUS = _object(
    "name output marks_earned marks_total status time",
    name=_TEXT,
    output=_TEXT,
    marks_earned=_POINTS,
    marks_total=_POINTS,
    status={"enum": ["pass", "partial", "fail", "error", "error_all"]},
    time={"type": ["integer", "null"], "minimum": 0},
)

_SUBMITTY_MESSAGE = _object(
    "message status",
    message=_TEXT,
    status={"enum": ["information", "failure", "warning", "success"]},
)
SUBMITTY = {
    "oneOf": [
        _object("status message", status={"const": "failure"}, message=_TEXT),
        _object(
            "status data",
            status={"const": "success"},
            data=_object(
                "score message",
                score={"type": "number", "minimum": 0, "maximum": 1},
                message={"type": "array", "minItems": 1, "items": _SUBMITTY_MESSAGE},
            ),
        ),
    ]
}

_DODONA_TEXT = _object("format description", format={"const": "plain"}, description=_TEXT)
_DODONA_STATUS = _object(
    "enum",
    enum={
        "enum": [
            "internal error",
            "compilation error",
            "memory limit exceeded",
            "time limit exceeded",
            "output limit exceeded",
            "runtime error",
            "wrong",
            "correct",
        ]
    },
    human=_TEXT,
)


def _command(name: str, required: str = "", **properties: Any) -> dict[str, Any]:
    return _object(f"command {required}", command={"const": name}, **properties)


DODONA = {
    "oneOf": [
        _command("start-judgement"),
        _command("start-tab", "title", title=_TEXT),
        _command("start-context"),
        _command("start-testcase", "description", description=_DODONA_TEXT),
        _command("append-message", "message", message=_DODONA_TEXT),
        _command(
            "annotate-code",
            "row text",
            row={"type": "integer", "minimum": 0},
            text=_TEXT,
            type={"enum": ["error", "warning", "info"]},
        ),
        _command("close-testcase", accepted={"type": "boolean"}),
        _command("close-context"),
        _command("close-tab", badgeCount={"type": "integer", "minimum": 0}),
        _command("close-judgement", accepted={"type": "boolean"}, status=_DODONA_STATUS),
    ]
}


_WEIGHT = {"type": "string", "pattern": r"^\d+(/\d+)?$"}
_SUITE = _object(
    "id name testCases",
    id=_TEXT,
    name=_TEXT,
    weight=_WEIGHT,
    testCases={
        "type": "array",
        "items": _object(
            "name status",
            name=_TEXT,
            status={"enum": ["success", "failure", "skipped"]},
            description=_TEXT,
            weight=_WEIGHT,
            reason=_TEXT,
            stdout=_TEXT,
            stderr=_TEXT,
        ),
    },
)
CODEGRADE = {
    "oneOf": [
        _object("tag results", tag={"const": "unit-test"}, results={"type": "array", "items": _SUITE}),
        _object("tag points", tag={"const": "points"}, points=_WEIGHT),
    ]
}


def check(data: Any, schema: dict[str, Any]) -> None:
    """Raise jsonschema.ValidationError where the data is not as the schema has it."""
    jsonschema.Draft202012Validator(schema).validate(data)
