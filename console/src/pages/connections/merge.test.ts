import type { Schema } from "@abgleich/client";
import { expect, test } from "vitest";
import { merge } from "./merge.ts";

type Settings = Schema<"Settings">;
const base: Settings = { objects: ["Account", "Contact"], scheduleHour: 3, crmSharePercent: null, fields: { Account: { vatId: "VAT__c", lei: "LEI__c" }, Lead: { zip: "Zip__c" } } };

test("what either changed is kept, down to a mapped field", () => {
  const mine: Settings = { ...base, scheduleHour: 5, fields: { Account: { vatId: "UID__c", lei: "LEI__c" }, Lead: { zip: "Zip__c" } } };
  const theirs: Settings = { ...base, objects: ["Account"], fields: { Account: { vatId: "VAT__c", lei: "LEI__c", phone: "Tel__c" }, Contact: { email: "Mail__c" } } };
  expect(merge(base, mine, theirs)).toEqual({
    objects: ["Account"], scheduleHour: 5, crmSharePercent: null,
    fields: { Account: { vatId: "UID__c", lei: "LEI__c", phone: "Tel__c" }, Contact: { email: "Mail__c" } },
  });
});

test("what the user took away stays away, and of a value that both changed it is the user's", () => {
  const mine: Settings = { ...base, crmSharePercent: 50, fields: { Account: { lei: "LEI__c" } } };
  const theirs: Settings = { ...base, crmSharePercent: 10 };
  expect(merge(base, mine, theirs)).toEqual({ ...base, crmSharePercent: 50, fields: { Account: { lei: "LEI__c" } } });
});

test("who changed nothing gets what the other made of it", () => {
  const theirs: Settings = { objects: ["Lead"] };
  expect(merge(base, base, theirs)).toEqual(theirs);
});
