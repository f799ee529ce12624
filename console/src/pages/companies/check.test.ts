import type { Client } from "@abgleich/client";
import { expect, test } from "vitest";
import { check, type Status } from "./check.ts";

const ids = (n: number) => Array.from({ length: n }, (_, at) => `C-${at}`);
const goes = new AbortController().signal;

function client(fail: (step: number) => boolean = () => false) {
  const asked: string[][] = [];
  const POST = async (_: string, { body }: { body: { companies: string[] } }) => {
    asked.push(body.companies);
    if (fail(asked.length)) throw new Error("503");
    return { data: { companies: body.companies.map((company) => ({ company }) as Status) } };
  };
  return { asked, client: { POST } as unknown as Pick<Client, "POST"> };
}

test("a list is asked about in steps of a hundred, and each step is told", async () => {
  const { asked, client: api } = client();
  const steps: number[] = [];
  await check(api, "crm", ids(250), new Map(), (found) => steps.push(found.size), goes);
  expect(asked.map(({ length }) => length)).toEqual([100, 100, 50]);
  expect(steps).toEqual([100, 200, 250]);
});

test("after a failure the rest is asked, and nothing twice", async () => {
  const { asked, client: api } = client((step) => step === 2);
  let known = new Map<string, Status>();
  const keep = (found: Map<string, Status>) => {
    known = found;
  };
  await expect(check(api, "crm", ids(250), known, keep, goes)).rejects.toThrow("503");
  expect(known.size).toBe(100);
  await check(api, "crm", ids(250), known, keep, goes);
  expect(known.size).toBe(250);
  expect(asked.map(([first]) => first)).toEqual(["C-0", "C-100", "C-100", "C-200"]);
});
