import { expect, it } from "vitest";
import { EMPTY, emailsOf, recordOf, row, unnamed, withObject, withRows } from "./draft.ts";

it("leaves out what was left empty", () => {
  const draft = { ...EMPTY, rows: [row("Name", " Musterwerk "), row("Phone", " "), row("", "x")], links: [{ key: 1, object: "Account" as const, id: " " }] };
  expect(recordOf(draft)).toEqual({ object: "Account", fields: { Name: "Musterwerk" }, allowDuplicate: false });
  expect(recordOf({ ...draft, company: " 7 ", purpose: "outreach" })).toMatchObject({ company: "7", purpose: "outreach" });
});

it("asks for what is missing, once, and keeps what is written", () => {
  const draft = { ...EMPTY, rows: [row("Name", ""), row("City", "Ulm"), row()] };
  const asked = withRows(draft, ["Name", "LastName", "links"]);
  expect(asked.rows.map(({ name, value }) => [name, value])).toEqual([["Name", ""], ["City", "Ulm"], ["LastName", ""]]);
  expect(withRows(asked, ["LastName"])).toBe(asked);
});

it("finds addresses in whatever field they are", () => {
  expect(emailsOf({ ...EMPTY, rows: [row("Anything", "a.b@c.example"), row("Email", "none"), row("X", "a@b")] })).toEqual(["a.b@c.example"]);
});

it("keeps what was written for an object while another is chosen", () => {
  const account = { ...EMPTY, rows: [row("Name", "Musterwerk")], links: [{ key: 1, object: "Account" as const, id: "7" }] };
  const lead = withObject(account, "Lead");
  expect([lead.object, lead.rows, lead.links]).toEqual(["Lead", [], []]);
  expect(recordOf(withObject({ ...lead, rows: [row("LastName", "Muster")] }, "Account"))).toEqual(recordOf(account));
});

it("names what the CRM requires until a row has it", () => {
  const fields = [{ name: "LastName", required: true, settable: true }, { name: "Email", required: false, settable: true }, { name: "OwnerId", required: true, settable: false }];
  expect(unnamed(EMPTY, fields)).toEqual(["LastName"]);
  expect(unnamed(withRows(EMPTY, ["LastName"]), fields)).toEqual([]);
});
