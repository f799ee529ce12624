import { expect, test } from "vitest";
import { fitting, type Parties, typedOf } from "./typed.ts";

const parties: Parties = {
  identity: { status: "stated", value: { name: "Kunde AG", contact: "Platz 2, Bonn" } }, representative: { status: "none" }, dataProtectionOfficer: { status: "not_stated" },
};

test("what is stated goes into the form and out again", () => {
  expect(fitting(typedOf(parties))).toEqual(parties);
});

test("a statement without name or contact, or with more bytes than there is room for, is not sent", () => {
  const typed = typedOf(parties);
  for (const identity of [{ name: " " }, { contact: "" }, { name: "ü".repeat(101) }, { contact: "ü".repeat(501) }]) {
    expect(fitting({ ...typed, identity: { ...typed.identity, ...identity } })).toBeUndefined();
  }
});

test("what was typed is kept, and not sent, while somebody says that there is none", () => {
  const typed = typedOf(parties);
  const body = fitting({ ...typed, dataProtectionOfficer: { status: "none", name: "Anna", contact: "Weg 1" } });
  expect(body?.dataProtectionOfficer).toEqual({ status: "none" });
});
