import { expect, test } from "vitest";
import type { Entry } from "../../parts/useEntries.ts";
import { compared } from "./compared.ts";
import type { Suggestion } from "./queue.ts";

const nothing = { company: null, street: null, zip: null, city: null, country: null, website: null, email: null, phone: null, vatId: null, register: null, lei: null };
const suggestion = (record: object, evidence: object[] = []) => ({ record: { ...nothing, ...record }, evidence }) as unknown as Suggestion;
const entry = (values: object) => ({ name: "Werk GmbH", legalForm: null, street: null, zip: null, city: null, country: null, domain: null, phone: null, vatId: null, registerCourt: null, registerNumber: null, lei: null, ...values }) as Entry;

test("values stand beside each other with what matching found", () => {
  const rows = compared(
    suggestion({ company: "Werk", zip: "50667", website: "werk.example", email: "a@werk.example" }, [{ field: "name", agreement: "close" }, { field: "zip", agreement: "different" }, { field: "rivals", agreement: "equal" }]),
    entry({ zip: "10115", domain: "werk.example", registerNumber: "HRB 1", registerCourt: "Köln" }),
  );
  expect(rows).toEqual([
    { field: "name", mine: ["Werk"], theirs: ["Werk GmbH"], agreement: "close" },
    { field: "zip", mine: ["50667"], theirs: ["10115"], agreement: "different" },
    { field: "domain", mine: ["werk.example", "a@werk.example"], theirs: ["werk.example"], agreement: undefined },
    { field: "register", mine: [], theirs: ["HRB 1 Köln"], agreement: undefined },
  ]);
});

test("before the company is known, and if it is not, the record's values stand alone", () => {
  for (const none of [undefined, null]) {
    expect(compared(suggestion({ city: "Köln" }, [{ field: "name", agreement: "equal" }]), none)).toEqual([
      { field: "name", mine: [], theirs: [], agreement: "equal" },
      { field: "city", mine: ["Köln"], theirs: [], agreement: undefined },
    ]);
  }
});
