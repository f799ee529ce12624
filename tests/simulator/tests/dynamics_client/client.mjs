// Uses the simulator of Dynamics 365 through dynamics-web-api (npm), the client for Dataverse's Web API that most programs for Node use.
//
//     node client.mjs URL
//
// It loads its own rows through the control requests (clearing what is there), and compares everything that the client reads with what
// was loaded. It exits with 1 and one line per disagreement.

import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";

// The package is where `make venv` installed it, which is not beside this file.
const { DynamicsWebApi } = createRequire(process.env.PACKAGES + "/")("dynamics-web-api");

const REFRESH_TOKEN = "0.simulated-refresh-token";
const ROWS = 230;
const OWN = "c0ffee00-1234-4567-89ab-0123456789ab";
const url = process.argv[2].replace(/\/$/, "");
const disagreements = [];

function check(what, got, wanted) {
  if (!isDeepStrictEqual(got, wanted)) {
    disagreements.push(`${what}: got ${JSON.stringify(got)?.slice(0, 300)}, wanted ${JSON.stringify(wanted)?.slice(0, 300)}`);
  }
}

async function control(operation, body = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const answer = await fetch(`${url}/control/${operation}`, { method: "POST", body: text });
  return answer.json();
}

// [status, code] of a call that has to be refused, and the error.
async function refusal(what, call) {
  try {
    await call();
  } catch (error) {
    return [error.status, error.code, error];
  }
  disagreements.push(`${what}: was not refused`);
  return [0, ""];
}

async function token(fields) {
  const body = new URLSearchParams({ client_id: "app", client_secret: "secret", ...fields });
  const answer = await fetch(`${url}/organizations/oauth2/v2.0/token`, { method: "POST", body });
  return { status: answer.status, ...(await answer.json()) };
}

let asked = 0;
async function onTokenRefresh() {
  asked += 1;
  const issued = await token({ grant_type: "client_credentials", scope: `${url}/.default` });
  return issued.access_token;
}

async function tokens() {
  const refreshed = await token({ grant_type: "refresh_token", refresh_token: REFRESH_TOKEN, scope: `${url}/user_impersonation offline_access` });
  check("refresh", [refreshed.status, refreshed.token_type, refreshed.expires_in, refreshed.refresh_token === REFRESH_TOKEN], [200, "Bearer", 3599, false]);
  const refused = await token({ grant_type: "refresh_token", refresh_token: "spent" });
  check("refresh: refused", [refused.status, refused.error, refused.error_codes], [400, "invalid_grant", [700082]]);
}

async function reads(client) {
  const who = await client.callFunction("WhoAmI");
  check("who", who.OrganizationId, "0d1c5a70-0000-4000-8000-000000000001");
  const select = ["name", "numberofemployees", "modifiedon", "telephone1"];
  const all = (await client.retrieveAll({ collection: "accounts", select, maxPageSize: 50 })).value;
  const numbers = all.map((row) => row.numberofemployees).sort((a, b) => a - b);
  check("all: each once", numbers, Array.from({ length: ROWS }, (_, n) => n));
  check("all: values", [all[3].name, all[3].telephone1, all[3].modifiedon instanceof Date], [`Werk ${all[3].numberofemployees}`, null, true]);
  const first = await client.retrieveMultiple({ collection: "accounts", select, maxPageSize: 50, count: true, orderBy: ["modifiedon asc", "accountid asc"] });
  check("page", [first.value.length, first.oDataCount, typeof first.oDataNextLink], [50, ROWS, "string"]);
  const second = await client.retrieveMultiple({ collection: "accounts", select, maxPageSize: 50 }, first.oDataNextLink);
  check("page: next", second.value.some((row) => first.value.some((one) => one.accountid === row.accountid)), false);
  const between = await client.retrieveAll({ collection: "accounts", select, filter: "modifiedon ge 2026-10-01T08:00:10Z and modifiedon lt 2026-10-01T08:00:20Z", maxPageSize: 7, orderBy: ["modifiedon asc", "accountid asc"] });
  check("window", between.value.map((row) => row.numberofemployees % 60).every((second) => second >= 10 && second < 20), true);
  check("window: number", between.value.length, Array.from({ length: ROWS }, (_, n) => n % 60).filter((n) => n >= 10 && n < 20).length);
  check("count", await client.count({ collection: "accounts" }), ROWS);
  check("count: some", await client.count({ collection: "accounts", filter: "contains(name,'Werk 22')" }), 11);
  check("count: all", await client.countAll({ collection: "accounts", filter: "numberofemployees lt 100" }), 100);
  const one = await client.retrieve({ collection: "accounts", key: all[0].accountid, select: ["name", "statecode", "_ownerid_value"], includeAnnotations: "*" });
  check("annotations", [one.statecode_Formatted, one._ownerid_value_LogicalName], ["Active", "systemuser"]);
  check("same version", await client.retrieve({ collection: "accounts", key: all[0].accountid, ifnonematch: one["@odata.etag"] }), undefined);
  const [status, code] = await refusal("row", () => client.retrieve({ collection: "accounts", key: OWN }));
  check("row: unknown", [status, code], [404, "0x80040217"]);
  const total = await client.callFunction({ name: "RetrieveTotalRecordCount", parameters: { EntityNames: ["account"] } });
  check("total", total.EntityRecordCountCollection.Values, [ROWS]);
  const xml = "<fetch count='60'><entity name='account'><attribute name='name' /><filter><condition attribute='numberofemployees' operator='lt' value='200' /></filter></entity></fetch>";
  const fetched = await client.fetchAll({ collection: "accounts", fetchXml: xml, includeAnnotations: "*" });
  check("fetch", new Set(fetched.value.map((row) => row.name)).size, 200);
  return all;
}

async function changes(client, all) {
  const request = { collection: "accounts", select: ["name"], trackChanges: true, maxPageSize: 100 };
  const begun = await client.retrieveAll(request);
  check("tracking: all", begun.value.length, ROWS);
  await client.update({ collection: "accounts", key: all[5].accountid, data: { name: "changed" } });
  await client.deleteRecord({ collection: "accounts", key: all[6].accountid });
  const delta = await client.retrieveMultiple(request, begun.oDataDeltaLink);
  check("tracking: changed", delta.value.map((row) => row.name ?? row.reason), ["changed", "deleted"]);
  check("tracking: deleted", [delta.value[1].id, delta.value[1].oDataContext.endsWith("$metadata#accounts/$deletedEntity")], [all[6].accountid, true]);
  const rest = await client.retrieveMultiple(request, delta.oDataDeltaLink);
  check("tracking: nothing more", rest.value, []);
  await control("change_metadata");
  const [status, code] = await refusal("tracking", () => client.retrieveMultiple(request, rest.oDataDeltaLink));
  check("tracking: dead token", [status, code], [400, "0x80044352"]);
  const filtered = await refusal("tracking", () => client.retrieveMultiple({ ...request, filter: "name eq 'a'" }));
  check("tracking: filter", filtered[0], 400);
}

async function writes(client, account) {
  const contact = { firstname: "Zoë", lastname: "Öz", emailaddress1: "zoe@example.com", "parentcustomerid_account@odata.bind": `/accounts(${account})` };
  const upsert = { collection: "contacts", key: OWN, data: contact, ifnonematch: "*" };
  check("own id", await client.upsert(upsert), OWN);
  check("own id: again", await client.upsert(upsert), null);
  const taken = await refusal("own id", () => client.create({ collection: "contacts", data: { ...contact, contactid: OWN } }));
  check("own id: taken", [taken[0], taken[1]], [412, "0x80040237"]);
  const twin = { collection: "contacts", data: contact, duplicateDetection: true };
  const found = await refusal("duplicate", () => client.create(twin));
  check("duplicate", [found[0], found[1]], [412, "0x80040333"]);
  const shown = await client.create({ ...twin, duplicateDetection: false, returnRepresentation: true, select: ["fullname", "_parentcustomerid_value"] });
  check("created", [shown.fullname, shown._parentcustomerid_value], ["Zoë Öz", account]);
  const wrong = await refusal("wrong", () => client.create({ collection: "contacts", data: { nope: 1 } }));
  check("wrong", [wrong[0], wrong[2]?.message?.includes("'nope'")], [400, true]);
  await client.updateSingleProperty({ collection: "contacts", key: OWN, fieldValuePair: { jobtitle: "Chef" } });
  check("one value", (await client.retrieve({ collection: "contacts", key: OWN, select: ["jobtitle"] })).jobtitle, "Chef");

  const of = (id) => ({ contactid: id, "@odata.type": "Microsoft.Dynamics.CRM.contact" });
  await client.callAction({ actionName: "Merge", action: { Target: of(OWN), Subordinate: of(shown.contactid), PerformParentingChecks: false } });
  const loser = await client.retrieve({ collection: "contacts", key: shown.contactid, select: ["merged", "_masterid_value", "statecode"] });
  check("merge", [loser.merged, loser._masterid_value, loser.statecode], [true, OWN, 1]);
  const lead = await client.create({ collection: "leads", data: { subject: "Pumpen", lastname: "B", companyname: "Werk" } });
  const action = { CreateAccount: true, CreateContact: false, CreateOpportunity: true, Status: 3 };
  const made = await client.callAction({ collection: "leads", key: lead, actionName: "Microsoft.Dynamics.CRM.QualifyLead", action });
  const opportunity = await client.retrieve({ collection: "opportunities", key: made.value[1].opportunityid, select: ["_originatingleadid_value"], expand: [{ property: "transactioncurrencyid", select: ["isocurrencycode"] }] });
  check("qualify", [opportunity._originatingleadid_value, opportunity.transactioncurrencyid.isocurrencycode], [lead, "EUR"]);

  client.startBatch();
  client.create({ collection: "accounts", data: { name: "first" }, contentId: "1", inChangeSet: true });
  client.create({ collection: "tasks", data: { subject: "call", "regardingobjectid_account_task@odata.bind": "$1" }, inChangeSet: true });
  client.retrieveMultiple({ collection: "tasks", select: ["subject", "_regardingobjectid_value"], inChangeSet: false });
  const [first, task, list] = await client.executeBatch();
  check("batch", [list.value.map((row) => [row.activityid, row._regardingobjectid_value])], [[[task, first]]]);
}

async function metadata(client) {
  const sets = await client.retrieveEntities({ select: ["LogicalName", "EntitySetName"], filter: "LogicalName eq 'lead'" });
  check("metadata", sets.value.map((one) => one.EntitySetName), ["leads"]);
  const entity = await client.retrieveEntity({ key: "LogicalName='contact'", select: ["ChangeTrackingEnabled"], expand: [{ property: "Attributes", select: ["LogicalName", "AttributeType", "RequiredLevel"] }] });
  const name = entity.Attributes.find((one) => one.LogicalName === "lastname");
  check("metadata: column", [entity.ChangeTrackingEnabled, name.AttributeType, name.RequiredLevel.Value], [true, "String", "ApplicationRequired"]);
  const picklists = await client.retrieveAttributes({ entityKey: "LogicalName='lead'", castType: "Microsoft.Dynamics.CRM.PicklistAttributeMetadata", select: ["LogicalName"], expand: [{ property: "OptionSet", select: ["Options"] }] });
  const quality = picklists.value.find((one) => one.LogicalName === "leadqualitycode");
  check("metadata: choices", quality.OptionSet.Options.map((one) => one.Label.UserLocalizedLabel.Label), ["Hot", "Warm", "Cold"]);
  const related = await client.retrieveEntity({ key: "LogicalName='contact'", select: ["LogicalName"], expand: [{ property: "ManyToOneRelationships", select: ["ReferencingAttribute", "ReferencingEntityNavigationPropertyName"] }] });
  const parents = related.ManyToOneRelationships.filter((one) => one.ReferencingAttribute === "parentcustomerid");
  check("metadata: navigation", parents.map((one) => one.ReferencingEntityNavigationPropertyName), ["parentcustomerid_account", "parentcustomerid_contact"]);
  const csdl = await client.retrieveCsdlMetadata();
  check("csdl", csdl.includes('<EntitySet Name="accounts"'), true);
}

async function throttled(client) {
  for (const [fault, code] of [["limit_requests", "0x80072322"], ["limit_time", "0x80072321"], ["limit_concurrent", "0x80072326"]]) {
    await control("add_fault", { match: { path: "/contacts" }, fault });
    const [status, found, error] = await refusal("throttle", () => client.count({ collection: "contacts" }));
    check(`throttle: ${fault}`, [status, found, error?.headers?.["retry-after"]], [429, code, "1"]);
  }
  await control("expire_access_tokens");
  const stale = new DynamicsWebApi({ serverUrl: url, dataApi: { version: "9.2" }, onTokenRefresh: async () => "other" });
  check("no token", (await refusal("no token", () => stale.count({ collection: "contacts" })))[0], 401);
  const before = asked;
  check("another token", await client.count({ collection: "contacts" }) > 0, true);
  check("another token: asked", asked, before + 1);
}

await control("clear");
const rows = Array.from({ length: ROWS }, (_, n) => {
  const modifiedon = `2026-10-01T08:00:${String(n % 60).padStart(2, "0")}Z`;
  return JSON.stringify({ object: "accounts", columns: { name: `Werk ${n}`, numberofemployees: n, modifiedon } });
});
check("load", (await control("load", rows.join("\n"))).loaded, ROWS);
await tokens();
const client = new DynamicsWebApi({ serverUrl: url, dataApi: { version: "9.2" }, onTokenRefresh });
const all = await reads(client);
await metadata(client);
await changes(client, all);
await writes(client, all[0].accountid);
await throttled(client);
disagreements.forEach((line) => console.error(line));
console.log(`${disagreements.length} disagreements`);
process.exitCode = disagreements.length ? 1 : 0;
