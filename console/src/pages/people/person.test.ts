import type { Client } from "@abgleich/client";
import { expect, test } from "vitest";
import { erase, type Held, NOBODY, personOf, search, told } from "./person.ts";

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

const live = () => new AbortController().signal;

test("a search that fails in the middle is not whole, and one that came to its end is", async () => {
  const seen: Held[] = [];
  const broken = client(part("1", "c1", null));
  await expect(search(broken.client, person, (held) => seen.push(held), live())).rejects.toThrow("503");
  expect(seen.map(({ isWhole, records }) => [isWhole, records.length])).toEqual([[false, 1]]);
  const whole = client(part("1", "c1", null), part("2", null, null));
  expect((await search(whole.client, person, () => {}, live())).isWhole).toBe(true);
});

test("assessments that had no room in the search are read, and it is not whole without them", async () => {
  const filed = (number: number) => ({ number, recorded: "2026-11-30T12:00:00Z", hash: "", assessment: { purpose: "outreach", basis: { kind: "consent" } } });
  const first = { ...part("1", null, null), assessments: [{ number: 1, at: "", assessment: {} }], moreAssessments: true };
  const { bodies, client: api } = client(first, { assessments: [filed(1), filed(2)], cursor: "a" }, { assessments: [filed(3)], cursor: null });
  const held = await search(api, person, () => {}, live());
  expect([held.isWhole, held.assessments.map(({ number }) => number)]).toEqual([true, [1, 2, 3]]);
  expect(held.assessments.map(told)[2]).toEqual({ purpose: "outreach", kind: "consent" });
  expect(bodies.slice(1)).toEqual([{ person }, { person, cursor: "a" }]);

  const parts: Held[] = [];
  await expect(search(client(first).client, person, (one) => parts.push(one), live())).rejects.toThrow("503");
  expect(parts.at(-1)?.isWhole).toBe(false);
});

test("a search gathers all parts and keeps the marks of the first", async () => {
  const { bodies, client: api } = client(part("1", "c1", { objected: true, erased: false }), part("2", null, null));
  const grown: number[] = [];
  const held = await search(api, person, ({ records }) => grown.push(records.length), new AbortController().signal);
  expect([held.records.map(({ id }) => id), held.marks, grown]).toEqual([["1", "2"], { objected: true, erased: false }, [1, 2, 2]]);
  expect(bodies).toEqual([{ person }, { person, cursor: "c1" }]);
});

test("an erasure that fails in the middle tells what was erased", async () => {
  const { bodies, client: api } = client({ erased: [1, 2], left: [3], cursor: "c1" });
  const counts: [number, number][] = [];
  await expect(erase(api, person, { everything: true }, (...so) => counts.push(so))).rejects.toThrow("503");
  expect(counts).toEqual([[2, 1]]);
  expect(bodies[1]).toEqual({ person, everything: true, cursor: "c1" });
});
