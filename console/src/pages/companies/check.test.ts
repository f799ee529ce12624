import { type Client, ProblemError } from "@abgleich/client";
import { expect, test } from "vitest";
import { check, type Known, NOTHING, type Status } from "./check.ts";

const ids = (n: number) => Array.from({ length: n }, (_, at) => `C-${at}`);
const goes = new AbortController().signal;

function client(fail: (step: number) => boolean = () => false, refused: string[] = []) {
  const asked: string[][] = [];
  const POST = async (_: string, { body }: { body: { companies: string[] } }) => {
    asked.push(body.companies);
    if (fail(asked.length)) throw new Error("503");
    const at = body.companies.findIndex((id) => refused.includes(id));
    if (at >= 0) throw new ProblemError(422, { title: "The request is invalid", field: `/companies/${at}` });
    return { data: { companies: body.companies.map((company) => ({ company }) as Status) } };
  };
  return { asked, client: { POST } as unknown as Pick<Client, "POST"> };
}

test("a list is asked about in steps of a hundred, and each step is told", async () => {
  const { asked, client: api } = client();
  const steps: number[] = [];
  await check(api, "crm", ids(250), NOTHING, ({ found }) => steps.push(found.size), goes);
  expect(asked.map(({ length }) => length)).toEqual([100, 100, 50]);
  expect(steps).toEqual([100, 200, 250]);
});

test("after a failure the rest is asked, and nothing twice", async () => {
  const { asked, client: api } = client((step) => step === 2);
  let known: Known = NOTHING;
  const keep = (so: Known) => {
    known = so;
  };
  await expect(check(api, "crm", ids(250), known, keep, goes)).rejects.toThrow("503");
  expect(known.found.size).toBe(100);
  await check(api, "crm", ids(250), known, keep, goes);
  expect(known.found.size).toBe(250);
  expect(asked.map(([first]) => first)).toEqual(["C-0", "C-100", "C-100", "C-200"]);
});

test("an id that is refused is left out and told, and the others are looked up", async () => {
  const { asked, client: api } = client(() => false, ["C-3", "C-120", "C-121"]);
  let known: Known = NOTHING;
  await check(api, "crm", ids(150), NOTHING, (so) => (known = so), goes);
  expect([known.found.size, [...known.refused]]).toEqual([147, ["C-3", "C-120", "C-121"]]);
  const before = asked.length;
  await check(api, "crm", ids(150), known, () => {}, goes);
  expect(asked.length).toBe(before);
});

test("a refusal that names no company is a failure", async () => {
  const api = { POST: () => Promise.reject(new ProblemError(422, { field: "/companies" })) } as unknown as Pick<Client, "POST">;
  await expect(check(api, "crm", ids(2), NOTHING, () => {}, goes)).rejects.toThrow(ProblemError);
});
