// Uses the HubSpot simulator through @hubspot/api-client (npm), HubSpot's own client for Node.
//
//     node client.mjs URL
//
// It loads its own records through the control requests (clearing what is there), and compares everything that the client reads with what
// was loaded. It exits with 1 and one line per disagreement.

import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";

// The package is where `make venv` installed it, which is not beside this file.
const { Client } = createRequire(process.env.PACKAGES + "/")("@hubspot/api-client");

const REFRESH_TOKEN = "na1-simulated-refresh-token";
const RECORDS = 230;
const url = process.argv[2].replace(/\/$/, "");
const disagreements = [];

function check(what, got, wanted) {
  if (!isDeepStrictEqual(got, wanted)) {
    disagreements.push(`${what}: got ${JSON.stringify(got)?.slice(0, 200)}, wanted ${JSON.stringify(wanted)?.slice(0, 200)}`);
  }
}

async function control(operation, body = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const answer = await fetch(`${url}/control/${operation}`, { method: "POST", body: text });
  return answer.json();
}

// [status, body] of a call that has to be refused.
async function refusal(what, call) {
  try {
    await call();
  } catch (error) {
    return [error.code, error.body];
  }
  disagreements.push(`${what}: was not refused`);
  return [0, {}];
}

async function tokens(client) {
  const refresh = (token) => client.oauth.tokensApi.create("refresh_token", undefined, undefined, "app", "secret", token);
  const answer = await refresh(REFRESH_TOKEN);
  check("refresh", [answer.expiresIn, answer.refreshToken], [1800, REFRESH_TOKEN]);
  const [status, body] = await refusal("refresh", () => refresh("spent"));
  check("refresh: refused", [status, body.status], [400, "BAD_REFRESH_TOKEN"]);
  client.setAccessToken(answer.accessToken);
  const about = await client.oauth.accessTokensApi.get(answer.accessToken);
  check("token: hub", about.hubId, 25700001);
  return answer.accessToken;
}

async function reads(client) {
  const listed = await client.crm.companies.getAll(100, undefined, ["name", "city"]);
  check("list: each once", listed.map((row) => Number(row.id)), Array.from({ length: RECORDS }, (_, n) => 101 + n));
  check("list: properties", [listed[3].properties.name, listed[3].properties.city], ["Werk 3", null]);
  check("list: time", listed[3].updatedAt instanceof Date, true);
  const properties = await client.crm.properties.coreApi.getAll("contacts");
  const basis = properties.results.find((one) => one.name === "hs_legal_basis");
  check("describe", [basis.type, basis.fieldType, basis.options.length], ["enumeration", "checkbox", 6]);
  const owners = await client.crm.owners.ownersApi.getPage();
  check("owners", owners.results[0].id !== String(owners.results[0].userId), true);
  return listed;
}

async function searches(client) {
  const filter = { propertyName: "numberofemployees", operator: "BETWEEN", value: "10", highValue: "219" };
  const sorts = ["-numberofemployees"];
  let after = "0";
  const found = [];
  while (after) {
    const page = await client.crm.companies.searchApi.doSearch({ filterGroups: [{ filters: [filter] }], sorts, properties: ["numberofemployees"], limit: 200, after });
    check("search: total", page.total, 210);
    found.push(...page.results.map((row) => Number(row.properties.numberofemployees)));
    after = page.paging?.next?.after;
  }
  check("search: order", found, Array.from({ length: 210 }, (_, n) => 219 - n));
  const beyond = { filterGroups: [], sorts: [], properties: [], limit: 200, after: "9900" };
  const [status, body] = await refusal("search", () => client.crm.companies.searchApi.doSearch(beyond));
  check("search: 10,000", [status, body.message], [400, "There was a problem with the request."]);
}

async function writes(client, company) {
  const spec = { associationCategory: "HUBSPOT_DEFINED", associationTypeId: 1 };
  const contact = { properties: { email: "zoe@example.com" }, associations: [{ to: { id: company }, types: [spec] }] };
  const created = await client.crm.contacts.basicApi.create(contact);
  const [status, body] = await refusal("conflict", () => client.crm.contacts.basicApi.create(contact));
  check("conflict", [status, body.message, body.category], [409, `Contact already exists. Existing ID: ${created.id}`, "CONFLICT"]);
  const ends = await client.crm.associations.v4.basicApi.getPage("contacts", created.id, "companies");
  check("associations", [String(ends.results[0].toObjectId), ends.results[0].associationTypes.map((one) => one.typeId)], [company, [1, 279]]);
  const lead = { properties: { hs_lead_name: "Zoe" }, associations: [{ to: { id: created.id }, types: [{ ...spec, associationTypeId: 578 }] }] };
  const made = await client.crm.objects.leads.basicApi.create(lead);
  const read = await client.crm.objects.leads.basicApi.getById(made.id, ["hs_primary_contact_id"], undefined, ["contacts"]);
  check("lead", [read.properties.hs_primary_contact_id, read.associations.contacts.results.map((one) => one.id)], [created.id, [created.id, created.id]]);
  const alone = await refusal("lead", () => client.crm.objects.leads.basicApi.create({ ...lead, associations: [] }));
  check("lead: alone", [alone[0], alone[1].category], [400, "VALIDATION_ERROR"]);

  const inputs = [0, 1, 2].map((n) => ({ objectWriteTraceId: `t${n}`, properties: n ? { hs_timestamp: "2026-12-01T08:00:00Z" } : {}, associations: [] }));
  const batch = await client.crm.objects.tasks.batchApi.create({ inputs });
  check("batch", [batch.results.length, batch.numErrors, batch.errors[0].context.objectWriteTraceId], [2, 1, ["t0"]]);
  const ids = batch.results.map((row) => row.id);
  const asked = { inputs: [...ids, "99"].map((id) => ({ id })), properties: ["hs_timestamp"], propertiesWithHistory: [] };
  const answer = await client.crm.objects.tasks.batchApi.read(asked);
  check("batch read", [answer.results.length, answer.errors[0].category], [2, "OBJECT_NOT_FOUND"]);
}

// Labels that the account makes, the associations of v3, and earlier values.
async function labels(client, company) {
  const api = client.crm.associations.v4.schema.definitionsApi;
  const made = await api.create("deals", "companies", { name: "builds", label: "Builder", inverseLabel: "Builds" });
  check("label: made", made.results.map((one) => [one.category, one.label]), [["USER_DEFINED", "Builder"], ["USER_DEFINED", "Builds"]]);
  const id = made.results[0].typeId;
  await api.update("deals", "companies", { associationTypeId: id, label: "Bauherr" });
  const properties = { dealname: "B", dealstage: "closedwon", pipeline: "default" };
  const types = [{ associationCategory: "USER_DEFINED", associationTypeId: id }];
  const deal = await client.crm.deals.basicApi.create({ properties, associations: [{ to: { id: company }, types }] });
  const ends = await client.crm.associations.v4.basicApi.getPage("deals", deal.id, "companies");
  check("label: used", ends.results[0].associationTypes.map((one) => [one.category, one.label ?? null]), [["HUBSPOT_DEFINED", null], ["USER_DEFINED", "Bauherr"]]);

  const v3 = client.crm.associations;
  const names = (await v3.schema.typesApi.getAll("deals", "companies")).results.map((one) => one.name);
  check("v3: types", names, ["deal_to_company", "deal_to_company_unlabeled", "builds"]);
  const link = { _from: { id: deal.id }, to: { id: company }, type: "deal_to_company" };
  const done = await v3.batchApi.create("deals", "companies", { inputs: [link] });
  check("v3: created", done.results.map((one) => [one._from.id, one.to.id, one.type]), [[deal.id, company, "deal_to_company"]]);
  const read = async () => (await v3.batchApi.read("deals", "companies", { inputs: [{ id: deal.id }] })).results[0].to.map((one) => [one.id, one.type]);
  check("v3: read", await read(), names.map((name) => [company, name]));
  await v3.batchApi.archive("deals", "companies", { inputs: [link] });
  await api.remove("deals", "companies", id);
  check("label: removed", await read(), [[company, "deal_to_company_unlabeled"]]);

  await client.crm.companies.basicApi.update(company, { properties: { city: "Hafenstadt" } });
  const record = await client.crm.companies.basicApi.getById(company, undefined, ["city", "name"]);
  const told = record.propertiesWithHistory;
  check("history", [told.city.map((one) => [one.value, one.sourceType]), told.name.length], [[["Hafenstadt", "INTEGRATION"]], 1]);
  check("history: time", told.city[0].timestamp instanceof Date && told.city[0].timestamp.getTime() === record.updatedAt.getTime(), true);
}

async function throttled(accessToken) {
  // The client waits by what the body says: a second for the message of searches, ten for the policy of the rest, 0.2 for a 5xx.
  const patient = new Client({ accessToken, basePath: url, numberOfApiCallRetries: 3 });
  for (const [fault, least, most] of [["limit_secondly", 1000, 6000], ["error_500", 200, 900]]) {
    await control("add_fault", { match: { path: "/crm/objects/contacts" }, fault });
    const begun = Date.now();
    const page = await patient.crm.contacts.basicApi.getPage();
    const waited = Date.now() - begun;
    check(`throttle: ${fault}`, [page.results.length > 0, waited >= least && waited < most], [true, true]);
  }
}

const lines = Array.from({ length: RECORDS }, (_, n) => JSON.stringify({ object: "companies", properties: { name: `Werk ${n}`, numberofemployees: `${n}` } }));
await control("clear");
check("load", (await control("load", lines.join("\n"))).loaded, RECORDS);
const client = new Client({ basePath: url });
const accessToken = await tokens(client);
const listed = await reads(client);
await searches(client);
await writes(client, listed[0].id);
await labels(client, listed[0].id);
await throttled(accessToken);
disagreements.forEach((line) => console.error(line));
console.log(`${disagreements.length} disagreements`);
process.exitCode = disagreements.length ? 1 : 0;
