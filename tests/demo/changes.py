"""Changes a CRM between two runs (edits, new records, a deletion, a merge), and asks the CRM how many records that concerns."""

from datetime import timedelta

from operate import OBJECTS
from wait import until


def make(organisation):
    """Changes some records. Returns {object: (fewest, most)} records that the next run has to write, and {object: deleted}."""
    since = stamp(organisation.now())
    ids = {name: organisation.control("ids", object=name)["ids"] for name in OBJECTS}
    fewest = dict.fromkeys(OBJECTS, 0)
    for n, account in enumerate(ids["Account"][:3]):
        organisation.control("edit", object="Account", id=account, fields={"Phone": f"+49 30 5550{n}"})
        fewest["Account"] += 1
    organisation.control("edit", object="Opportunity", id=ids["Opportunity"][0], fields={"NextStep": "call again"})
    fewest["Opportunity"] += 1
    for n in range(2):
        fields = {"LastName": f"Neuzugang {n}", "FirstName": "Uta", "AccountId": ids["Account"][5], "Email": f"uta{n}@neu.example"}
        organisation.control("create", object="Contact", fields=fields)
        fewest["Contact"] += 1
    organisation.control("create", object="Lead", fields={"LastName": "Anfrage", "Company": "Neue Kundin GmbH"})
    fewest["Lead"] += 1
    organisation.control("soft_delete", object="Task", id=ids["Task"][0])
    organisation.control("merge", object="Account", winner=ids["Account"][6], loser=ids["Account"][7])
    most = {name: organisation.count(f"SELECT COUNT() FROM {name} WHERE SystemModstamp >= {since}") for name in OBJECTS}
    gone = f"SELECT COUNT() FROM {{}} WHERE IsDeleted = true AND SystemModstamp >= {since}"
    deleted = {name: organisation.count(gone.format(name), deleted=True) for name in OBJECTS}
    # A run reads up to the second in which it begins, but not that second itself.
    over = organisation.now() + timedelta(seconds=1)
    until(lambda: organisation.now() >= over, "the next second of the CRM's clock")
    return {name: (fewest[name], most[name]) for name in OBJECTS}, deleted


def stamp(time):
    """A time as SOQL and the control requests spell it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
