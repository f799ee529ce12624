"""Turns template.yaml into what CloudFormation accepts: with code in a bucket, and included parts in place."""

import json
import platform

from samtranslator.yaml_helper import yaml_parse

# CloudFormation accepts longer templates only from a bucket.
LONGEST_BODY = 51_200


def read(path):
    """The template as a dict, with `AWS::Include` of local files resolved as `sam package` does."""
    return _included(yaml_parse(path.read_text()), path.parent)


def functions(template):
    """{logical id: name of the program} of all functions, as `sam build` would choose it."""
    found = {}
    for logical, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Function":
            build = resource.get("Metadata", {}).get("BuildProperties", {})
            found[logical] = build.get("Binary") or logical.removesuffix("Function").lower()
    return found


# Properties that MiniStack compares as numbers but reads as text if they refer to a parameter.
NUMBERS = {"MaximumConcurrency"}
# MiniStack leaves this one as it stands in conditions. Its account is the only one that has this number.
ACCOUNT = ({"Ref": "AWS::AccountId"}, "000000000000")
# Types that MiniStack does not know, for which it refuses a whole template. No other resource may refer to them.
UNKNOWN = {"AWS::Logs::QueryDefinition"}


def with_code(template, bucket, keys, given=()):
    """The template's text for the given parameters, with each function's code at its key in `bucket`."""
    values = {name: parameter.get("Default") for name, parameter in template.get("Parameters", {}).items()} | dict(given)
    made = _with_numbers(json.loads(json.dumps(template, default=str)), values)
    made["Resources"] = {logical: found for logical, found in made["Resources"].items() if found["Type"] not in UNKNOWN}
    if "Conditions" in made:
        made["Conditions"] = _replaced(made["Conditions"], *ACCOUNT)
    for resource in made["Resources"].values():
        # MiniStack takes no condition here, and this machine has no account whose concurrency could be shared out.
        if isinstance(resource.get("Properties", {}).get("ReservedConcurrentExecutions"), dict):
            del resource["Properties"]["ReservedConcurrentExecutions"]
    for logical, key in keys.items():
        made["Resources"][logical]["Properties"]["CodeUri"] = {"Bucket": bucket, "Key": key}
    return json.dumps(made, separators=(",", ":"))


def parameters(template, given):
    """The parameters for CreateStack: the given ones, and this machine's architecture if the template asks for one."""
    known = template.get("Parameters", {})
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ValueError(f"template.yaml has no parameter {', '.join(unknown)}; its parameters are {', '.join(sorted(known))}")
    values = dict(given)
    if "Architecture" in known:
        values.setdefault("Architecture", "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64")
    return [{"ParameterKey": key, "ParameterValue": str(value)} for key, value in values.items()]


def _with_numbers(part, values):
    if isinstance(part, list):
        return [_with_numbers(item, values) for item in part]
    if not isinstance(part, dict):
        return part
    return {
        key: int(values[value["Ref"]]) if key in NUMBERS and isinstance(value, dict) and "Ref" in value else _with_numbers(value, values)
        for key, value in part.items()
    }


def _replaced(part, old, new):
    if part == old:
        return new
    if isinstance(part, list):
        return [_replaced(item, old, new) for item in part]
    return {key: _replaced(value, old, new) for key, value in part.items()} if isinstance(part, dict) else part


def _included(part, folder):
    if isinstance(part, list):
        return [_included(item, folder) for item in part]
    if not isinstance(part, dict):
        return part
    rest = {key: _included(value, folder) for key, value in part.items() if key != "Fn::Transform"}
    transform = part.get("Fn::Transform")
    if transform is None:
        return rest
    location = transform.get("Parameters", {}).get("Location", "") if isinstance(transform, dict) else ""
    if not isinstance(location, str) or transform.get("Name") != "AWS::Include" or location.startswith("s3://"):
        return rest | {"Fn::Transform": transform}
    file = folder / location
    return rest | _included(yaml_parse(file.read_text()), folder)
