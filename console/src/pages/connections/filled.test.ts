import { expect, test } from "vitest";
import { COLUMNS, filled, linesOf, settingOf } from "./filled.ts";

test("a setting becomes lines, and the same setting again", () => {
  const setting = { Account: { Name: "name", Fax: null }, Lead: { VAT__c: "vatId" } } as const;
  const lines = linesOf(setting);
  expect(lines.map(({ object, field, column }) => [object, field, column])).toEqual([["Account", "Name", "name"], ["Account", "Fax", null], ["Lead", "VAT__c", "vatId"]]);
  expect(settingOf(lines)).toEqual(setting);
  expect(linesOf(undefined)).toEqual([]);
});

test("a line without a field is none, and the later of two counts", () => {
  expect(settingOf([filled("Account"), filled("Account", " Name ", "id"), filled("Account", "Name", "lei")])).toEqual({ Account: { Name: "lei" } });
});

test("each column is offered once", () => {
  expect(new Set(COLUMNS).size).toBe(16);
});
