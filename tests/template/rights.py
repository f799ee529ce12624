"""What each role may do, as tables. A name is an action and a place: a table, a folder of a bucket, or self-explanatory."""

import re

from deployed import ROOT

# How partition keys begin (infra/src/places), by whose rows they are of. IAM compares partition keys and knows no sort keys.
WHOSE = {"tenant": ("T#{}",), "integration": ("T#{}#crm-1", "T#{}#crm-1#g1#Lead#07")}
WRITES_LOG = {("CreateLogStream", "logs"), ("PutLogEvents", "logs")}


def stored():
    """{table: whose rows it has}, from the list of shapes in infra/src/places."""
    of = {"Tenant": "tenant", "TenantSealed": "tenant", "Integration": "integration", "Generation": "integration", "Record": "integration"}
    shapes = re.findall(r"^    \w+ in (\w+), (\w+)\(", (ROOT / "infra/src/places/shapes.rs").read_text(), re.M)
    found = {}
    for home, under in shapes:
        if under != "Root":
            found.setdefault(home, set()).add(of[under])
    return found


def _names(actions, place):
    return {(action, place) for action in actions.split()}


def _rows(actions, table, *whose):
    return {(action, f"{table} of {one}") for action in actions.split() for one in whose}


# What each function's own role may do, of all the actions and places in test_privileges.py. Nothing of a tenant is among it, but for
# the two indexes in which dispatch finds what is due. What it may do with the rows is in `ACROSS`.
MAY = {
    "Dispatch": WRITES_LOG | _names("Query", "Ledger/index/due") | _names("Query", "Ledger/index/unverified") | _names("PutEvents", "bus") | _names("SendMessage", "FailedInvocations"),
    "Sync": WRITES_LOG | _names("BatchGetItem GetItem", "Companies") | _names("PutEvents", "bus")
    | _names("AssumeRole TagSession", "SyncDataRole") | _names("AssumeRole TagSession", "ExportDataRole")
    | _names("ReceiveMessage DeleteMessage GetQueueAttributes ChangeMessageVisibility", "SyncQueue"),
    "Remove": WRITES_LOG | _names("Sign GetPublicKey", "receipt key") | _names("PutEvents", "bus")
    | _names("AssumeRole TagSession", "RemoveDataRole") | _names("AssumeRole TagSession", "EndDataRole")
    | _names("ReceiveMessage DeleteMessage GetQueueAttributes ChangeMessageVisibility", "RemoveQueue"),
    "Companies": WRITES_LOG
    | _names("BatchWriteItem DeleteItem GetItem PutItem Query UpdateItem", "Companies")
    | _names("GetObject GetObjectVersion", "Reference/incoming/") | _names("PutObject", "Reference/reports/")
    | _names("GetObject PutObject", "Reference/places/") | _names("PutEvents", "bus") | _names("SendMessage", "FailedInvocations"),
    "Console": WRITES_LOG,
    "Api": WRITES_LOG | _names("BatchGetItem GetItem", "Companies") | _names("PutEvents", "bus") | _names("GetPublicKey", "receipt key") | _names("Sign GetPublicKey", "heads key")
    | _names("AssumeRole TagSession", "ApiDataRole"),
}
# What each data role may do in a session of a tenant, with what is that tenant's.
MAY_FOR_A_TENANT = {
    "Sync": _rows("BatchGetItem BatchWriteItem ConditionCheckItem GetItem PutItem Query UpdateItem", "Ledger", "integration")
    | _rows("GetItem Query UpdateItem", "Ledger", "tenant")
    | _rows("BatchGetItem BatchWriteItem DeleteItem PutItem Query UpdateItem", "Copies", "integration")
    | _rows("Query", "Copies/index/by_parent", "integration")
    | _rows("GetItem", "Keys", "integration") | _rows("GetItem", "TenantKeys", "tenant") | _names("Decrypt", "key")
    | _names("PutObject", "Pages/pages/") | _names("GetObject PutObject DeleteObject", "Pages/bodies/") | _names("ListBucket", "Pages/bodies/"),
    "Export": _rows("ConditionCheckItem GetItem UpdateItem", "Ledger", "integration") | _rows("GetItem Query", "Ledger", "tenant")
    | _rows("BatchGetItem Query", "Copies", "integration")
    | _rows("GetItem", "Keys", "integration") | _rows("GetItem", "TenantKeys", "tenant") | _names("Decrypt", "key")
    | _names("GetObject", "Pages/bodies/") | _names("PutObject AbortMultipartUpload", "Pages/exports/")
    | _names("ListBucket", "Pages/bodies/") | _names("ListBucket", "Pages/exports/"),
    "Remove": _rows("BatchGetItem BatchWriteItem GetItem Query UpdateItem", "Ledger", "integration")
    | _rows("GetItem PutItem Query", "Ledger", "tenant")
    | _rows("BatchWriteItem Query", "Copies", "integration") | _rows("DeleteItem GetItem Query", "Keys", "integration") | _names("Decrypt", "key")
    | {
        (action, f"Pages/{folder}/") for folder in ("pages", "bodies", "exports")
        for action in ("AbortMultipartUpload", "DeleteObject", "DeleteObjectVersion", "ListBucketVersions")
    }
    | _names("ListBucketMultipartUploads", "Pages"),
    "End": _rows("BatchWriteItem GetItem PutItem Query", "Ledger", "tenant", "integration")
    | _rows("DeleteItem", "Ledger", "tenant") | _rows("BatchGetItem UpdateItem", "Ledger", "integration")
    | _rows("DeleteItem Query", "Keys", "integration") | _rows("DeleteItem GetItem", "TenantKeys", "tenant"),
    "Api": _rows("BatchGetItem DeleteItem GetItem PutItem Query UpdateItem", "Ledger", "tenant", "integration")
    | _rows("ConditionCheckItem", "Ledger", "integration")
    | _rows("BatchGetItem DeleteItem PutItem Query UpdateItem", "Copies", "integration")
    | {right for name in ("by_company", "by_domain", "by_email", "by_parent", "by_review") for right in _rows("Query", f"Copies/index/{name}", "integration")}
    | _names("GetObject DeleteObject", "Pages/bodies/") | _names("GetObject", "Pages/exports/") | _names("ListBucket", "Pages/bodies/")
    | _rows("GetItem PutItem Query", "Keys", "integration") | _rows("GetItem PutItem", "TenantKeys", "tenant") | _names("Decrypt GenerateDataKey", "key"),
}

# What dispatch may do with rows of all tenants' integrations: {action: the attributes}. Of a tenant's own rows it may do nothing.
ACROSS = {
    "GetItem": ["pk", "sk", "due_at", "run_id", "state"],
    "UpdateItem": ["pk", "sk", "due_at", "generation", "run_begun", "run_id", "run_next", "status", "verified_at"],
}
