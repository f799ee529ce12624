import type { Client } from "@abgleich/client";
import { expect, test } from "vitest";
import { erase, NOBODY, personOf, search } from "./person.ts";

const person = { emails: ["anna@example.com"] };

function client(...parts: object[]) {
  const bodies: Record<string, unknown>[] = [];
  const POST = async (_: string, { body }: { body: Record<string, unknown> }) => {
    bodies.push(body);
    const data = parts.shift();
    if (!data) throw new Error("503");
    return { data };
  };
  return { bodies, client: { POST } as unknown as Pick<Client, "POST"> };
}

test.each([
  [{ emails: " a@example.com \n\nb@example.com;c@example.com" }, { emails: ["a@example.com", "b@example.com", "c@example.com"] }],
  [{ phones: "+49 221 1" }, { phones: ["+49 221 1"] }],
  [{ name: "Anna Muster", company: "Werk" }, { name: "Anna Muster", company: "Werk" }],
  [{ name: "Anna Muster" }, undefined],
  [{ company: "Werk" }, undefined],
  [{ emails: " \n ", country: "DE" }, undefined],
])("the form %j is the person %j", (typed, expected) => {
  expect(personOf({ ...NOBODY, ...typed })).toEqual(expected);
});

const part = (id: string, cursor: string | null, marks: object | null) => ({ records: [{ id }], assessments: [], moreAssessments: false, marks, source: "s", cursor });

test("a search gathers all parts and keeps the marks of the first", async () => {
  const { bodies, client: api } = client(part("1", "c1", { objected: true, erased: false }), part("2", null, null));
  const grown: number[] = [];
  const held = await search(api, person, ({ records }) => grown.push(records.length), new AbortController().signal);
  expect([held.records.map(({ id }) => id), held.marks, grown]).toEqual([["1", "2"], { objected: true, erased: false }, [1, 2]]);
  expect(bodies).toEqual([{ person }, { person, cursor: "c1" }]);
});

test("an erasure that fails in the middle tells what was erased", async () => {
  const { bodies, client: api } = client({ erased: [1, 2], left: [3], cursor: "c1" });
  const told: [number, number][] = [];
  await expect(erase(api, person, { everything: true }, (...so) => told.push(so))).rejects.toThrow("503");
  expect(told).toEqual([[2, 1]]);
  expect(bodies[1]).toEqual({ person, everything: true, cursor: "c1" });
});
