"""Limits that AWS has and MiniStack lacks: what AWS would refuse is refused here, too.

Lambda: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
EventBridge: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
"""

import json

# Bytes of an invocation's event, and bytes of its answer.
PAYLOAD = 6_291_556
# Bytes of all entries of one PutEvents.
ENTRIES = 256 * 1024
# Bytes of a function's settings, written as JSON.
SETTINGS = 4096


class Refused(ValueError):
    """AWS would not accept this."""


def keep():
    """Makes MiniStack enforce the limits from now on."""
    _keep_payloads()
    _keep_entries()
    _keep_settings()


def written(value):
    """The number of bytes of a value as JSON without spaces."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))


def of_entries(entries):
    """The number of bytes that EventBridge counts for entries."""
    texts = (text for entry in entries for text in (
        entry.get("Source"), entry.get("DetailType"), entry.get("Detail"), *(entry.get("Resources") or ())
    ))
    times = 14 * sum(1 for entry in entries if entry.get("Time") is not None)
    return times + sum(len(text.encode()) for text in texts if isinstance(text, str))


def _keep_payloads():
    from ministack.core.lambda_runtime import ProvidedWorker

    invoke = ProvidedWorker.invoke

    def bounded(self, event, *args, **named):
        if written(event) > PAYLOAD:
            return _failed("RequestEntityTooLargeException", f"Request must be smaller than {PAYLOAD} bytes for the InvokeFunction operation")
        answer = invoke(self, event, *args, **named)
        if answer.get("status") == "ok" and written(answer.get("result")) > PAYLOAD:
            told = f"Response payload size exceeded maximum allowed payload size ({PAYLOAD} bytes)."
            return _failed("Function.ResponseSizeTooLarge", told) | {"log": answer.get("log", "")}
        return answer

    ProvidedWorker.invoke = bounded


def _failed(kind, told):
    return {"status": "error", "error": told, "error_payload": {"errorType": kind, "errorMessage": told}, "log": ""}


def _keep_entries():
    from ministack.services import eventbridge

    put = eventbridge._put_events

    def bounded(data, *args, **named):
        if of_entries(data.get("Entries", [])) >= ENTRIES:
            return eventbridge.error_response_json("ValidationException", "Total size of the entries in the request is over the limit.", 400)
        return put(data, *args, **named)

    eventbridge._put_events = bounded


def _keep_settings():
    from ministack.services.cloudformation import provisioners

    [handlers] = [
        found["AWS::Lambda::Function"] for found in vars(provisioners).values()
        if isinstance(found, dict) and isinstance(found.get("AWS::Lambda::Function"), dict) and "create" in found["AWS::Lambda::Function"]
    ]
    create, update = handlers["create"], handlers["update"]

    def created(logical_id, props, *args, **named):
        _check_settings(props)
        return create(logical_id, props, *args, **named)

    def updated(physical_id, old, props, *args, **named):
        _check_settings(props)
        return update(physical_id, old, props, *args, **named)

    handlers["create"], handlers["update"] = created, updated


def _check_settings(props):
    size = written((props.get("Environment") or {}).get("Variables") or {})
    if size > SETTINGS:
        # The message leaves the values out, because a secret may be among them.
        raise Refused(
            f"Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit: {size} bytes"
        )
