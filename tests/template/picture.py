"""Draws README's picture from template.yaml: what starts each function, and which stores its roles allow it to read or write.

`python tests/template/picture.py` puts it into README.md; a test compares the two."""

import re
import sys

import iam
from deployed import ROOT, Deployed, as_list, expanded

README = ROOT / "README.md"
BEGIN = "<!-- picture: drawn from template.yaml by tests/template/picture.py -->"
END = "<!-- end of picture -->"

# The words in the boxes. Drawing fails for a function that has no words here.
FUNCTIONS = {
    "DispatchFunction": "claims what is due",
    "SyncFunction": "reads the CRM, matches, seals;<br>writes exports",
    "RemoveFunction": "destroys keys, deletes,<br>signs a receipt",
    "CompaniesFunction": "imports companies",
    "ApiFunction": "shows, creates, decides",
    "ConsoleFunction": "serves the console's pages",
}
STORES = ("AWS::DynamoDB::Table", "AWS::S3::Bucket")
# Actions that change nothing; every other one counts as writing.
READS = re.compile(r"(dynamodb|s3):(Get|BatchGet|Query|Scan|List|ConditionCheck)")


def draw(stack):
    """The picture as Mermaid text."""
    names = {logical: properties["FunctionName"].rsplit("-", 1)[-1] for logical, properties in stack.of("AWS::Lambda::Function").items()}
    lines = ["flowchart LR"]
    lines += [f'  {schedule}(["{words}"]) --> dispatch' for schedule, words in _schedules(stack)]
    lines += ['  frontend(["frontend"]) --> gateway["API Gateway,<br>JWT authorizer"] --> api', '  browser(["browser"]) --> console', "  vendor([\"vendor's file\"]) --> reference[(\"bucket Reference\")] --> companies"]
    lines += [f'  {name}["<b>{name}</b><br>{FUNCTIONS[logical]}{_stores(stack, logical)}"]' for logical, name in names.items()]
    lines += _orders(stack, names)
    lines += [f'  {name} <--> crm(["CRM"])' for logical, name in names.items() if _speaks_to_crms(stack, logical)]
    return "\n".join(["```mermaid", *lines, "```"])


def _stores(stack, function):
    """The stores that the function's roles allow it to write, and those that it may only read, as two lines of its box."""
    writes, reads = [], []
    for logical in (logical for kind in STORES for logical in stack.of(kind)):
        rights = _rights(stack, function, logical)
        if rights:
            (reads if all(map(READS.match, rights)) else writes).append(logical)
    return "".join(f"<br><i>{word} {', '.join(found)}</i>" for word, found in (("writes", writes), ("reads", reads)) if found)


def _schedules(stack):
    rules = [rule for rule in stack.of("AWS::Events::Rule").values() if "ScheduleExpression" in rule]
    return sorted((word := re.search(r'"kind":"(\w+)"', rule["Targets"][0]["Input"])[1], f"{word} rule") for rule in rules)


def _orders(stack, names):
    """The functions that may put events on the bus, and the events that a rule brings to a function, by a queue or without one."""
    senders = " & ".join(name for logical, name in names.items() if _rights(stack, logical, "Bus"))
    lines = [f'  {senders} --> bus{{{{"event bus"}}}}']
    # The function that reads a queue, by the queue's ARN.
    readers = {mapping["EventSourceArn"]: mapping["FunctionName"] for mapping in stack.of("AWS::Lambda::EventSourceMapping").values()}
    for rule in stack.of("AWS::Events::Rule").values():
        if "EventPattern" in rule:
            [target] = [target["Arn"] for target in rule["Targets"]]
            events = ", ".join(rule["EventPattern"]["detail-type"])
            if target in readers:
                [name] = [name for logical, name in names.items() if readers[target] in (logical, stack.name(logical))]
                lines.append(f'  bus -- "{events}" --> {name}Queue[/"queue"/] --> {name}')
            else:
                [name] = [name for logical, name in names.items() if stack.arn(logical) == target]
                lines.append(f'  bus -- "{events}" --> {name}')
    return lines


def _rights(stack, function, logical):
    """The actions that the function may use on a resource: by its own role, or for a tenant by a data role."""
    own, arn = function.removesuffix("Function") + "Role", stack.arn(logical)
    statements = [statement for role in (own, *iam.data_roles(stack, own)) for statement in iam.statements(stack, role)]
    return {
        action for statement in statements if any(resource.startswith(arn) for resource in as_list(statement["Resource"]))
        for action in as_list(statement["Action"])
    }


def _speaks_to_crms(stack, function):
    return "CRM_LOOPBACK" in stack.properties(function)["Environment"]["Variables"]


def shown():
    """The picture as README.md has it."""
    return README.read_text().split(BEGIN)[1].split(END)[0].strip()


def main():
    before, rest = README.read_text().split(BEGIN)
    README.write_text(f"{before}{BEGIN}\n{draw(Deployed(expanded()))}\n{END}{rest.split(END, 1)[1]}")


if __name__ == "__main__":
    sys.exit(main())
