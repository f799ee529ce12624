"""Changes a CRM between two runs (edits, new records, a deletion, a merge), and asks the CRM how many records that concerns."""

from datetime import timedelta

from operate import OBJECTS


def make(crm):
    """Changes some records. Returns {object: (fewest, most)} records that the next run has to write, and {object: deleted}."""
    expected = {"salesforce": in_salesforce, "hubspot": in_hubspot, "dynamics": in_dynamics}[crm.provider](crm)
    crm.settle()
    return expected


def in_salesforce(organisation):
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
    return {name: (fewest[name], most[name]) for name in OBJECTS}, deleted


def in_hubspot(account):
    since = account.now().replace(microsecond=0)
    account.pass_by(timedelta())
    ids = {name: account.ids(name) for name in OBJECTS}
    fewest, deleted = dict.fromkeys(OBJECTS, 0), dict.fromkeys(OBJECTS, 0)
    for n, company in enumerate(ids["Account"][:3]):
        account.edit("Account", company, phone=f"+49 30 5550{n}")
        fewest["Account"] += 1
    account.edit("Opportunity", ids["Opportunity"][0], hs_next_step="call again")
    fewest["Opportunity"] += 1
    for n in range(2):
        person = {"lastname": f"Neuzugang {n}", "firstname": "Uta", "email": f"uta{n}@neu.example"}
        contact = account.create("Contact", ("Account", ids["Account"][5], True), **person)
        account.create("Lead", ("Contact", contact, True), hs_lead_name="Anfrage")
        fewest["Contact"] += 1
        fewest["Lead"] += 1
    account.control("archive", object="tasks", id=ids["Task"][0])
    account.control("merge", object="contacts", primary=ids["Contact"][6], other=ids["Contact"][7])
    deleted |= {"Task": 1, "Contact": 1}
    return {name: (fewest[name], account.changed_since(name, since)) for name in OBJECTS}, deleted


def in_dynamics(environment):
    since = environment.now().replace(microsecond=0)
    environment.pass_by(timedelta())
    ids = {name: environment.ids(name) for name in OBJECTS}
    fewest, deleted = dict.fromkeys(OBJECTS, 0), dict.fromkeys(OBJECTS, 0)
    for n, account in enumerate(ids["Account"][:3]):
        environment.edit("Account", account, telephone1=f"+49 30 5550{n}")
        fewest["Account"] += 1
    for n in range(2):
        environment.create("Contact", lastname=f"Neuzugang {n}", firstname="Uta", emailaddress1=f"uta{n}@neu.example")
        fewest["Contact"] += 1
    environment.control("delete", object="tasks", id=ids["Task"][0])
    environment.merge("Account", ids["Account"][6], ids["Account"][7])
    deleted |= {"Task": 1, "Account": 1}
    return {name: (fewest[name], environment.changed_since(name, since)) for name in OBJECTS}, deleted


def stamp(time):
    """A time as SOQL and the control requests spell it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")
