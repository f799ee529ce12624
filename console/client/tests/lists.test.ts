import { expect, test } from "vitest";
import { EndlessListError, pages, ProblemError } from "../src/index.ts";
import { json, plain, problem, serve } from "./server.ts";

const page = (names: string[], cursor: string | null) => json({ integrations: names, cursor });

test("a list is read page by page, with an empty page in the middle", async () => {
  const { client, seen } = await serve(page(["a"], "c 1"), page([], "c2"), page(["b"], null));
  const found: unknown[] = [];
  for await (const { integrations } of client().pages("/v1/integrations")) found.push(...integrations);
  expect(found).toEqual(["a", "b"]);
  expect(seen.map(({ url }) => url)).toEqual(["/v1/integrations", "/v1/integrations?cursor=c%201", "/v1/integrations?cursor=c2"]);
});

test("the other parameters stay in every request", async () => {
  const { client, seen } = await serve(json({ runs: [], cursor: "c" }), json({ runs: [], cursor: null }));
  for await (const _ of client().pages("/v1/integrations/{integration}/runs", { params: { path: { integration: "crm" }, query: { limit: 5 } } }));
  expect(seen.map(({ url }) => url)).toEqual(["/v1/integrations/crm/runs?limit=5", "/v1/integrations/crm/runs?limit=5&cursor=c"]);
});

test("who stops in the middle asks for no more", async () => {
  const { client, seen } = await serve(page(["a"], "c1"), page(["b"], null));
  for await (const _ of client().pages("/v1/integrations")) break;
  expect(seen).toHaveLength(1);
});

test("a list that stands still ends", async () => {
  const { client, seen } = await serve(page(["a"], "c1"), page(["b"], "c1"), page(["c"], "c1"));
  const all = async () => {
    for await (const _ of client().pages("/v1/integrations"));
  };
  await expect(all()).rejects.toBeInstanceOf(EndlessListError);
  expect(seen).toHaveLength(2);
});

test("a refused cursor is a problem", async () => {
  const { client } = await serve(page(["a"], "c1"), problem(422, "cursor-refused", {}));
  const all = async () => {
    for await (const _ of client().pages("/v1/integrations"));
  };
  await expect(all()).rejects.toMatchObject({ type: "cursor-refused" });
});

test("a list whose cursor is in the body is iterated by hand", async () => {
  const { client, seen } = await serve(json({ records: [1], cursor: "c1" }), json({ records: [2], cursor: null }));
  const person = { emails: ["a@example.com"] };
  const read = async (cursor: string | undefined) =>
    (await client().POST("/v1/subjects/search", { body: { person, ...(cursor === undefined ? {} : { cursor }) } })).data;
  const found: unknown[] = [];
  for await (const part of pages(read)) found.push(...part.records);
  expect(found).toEqual([1, 2]);
  expect(seen.map(({ body }) => JSON.parse(body).cursor)).toEqual([undefined, "c1"]);
});

const settings = (hour: number, etag: string) => json({ objects: [], hour }, 200, { etag });
const where = { params: { path: { integration: "crm" } } };
const later = <T>(current: T): T => ({ ...current, hour: 9 });

test("an edit writes what it read with the version that it read", async () => {
  const { client, seen } = await serve(settings(1, '"v1"'), settings(9, '"v2"'));
  const answer = await client().edit("/v1/integrations/{integration}/settings", where, later);
  expect(answer.etag).toBe('"v2"');
  expect(seen[1]).toMatchObject({ method: "PUT", url: "/v1/integrations/crm/settings", headers: { "if-match": '"v1"' } });
  expect(JSON.parse(seen[1]?.body ?? "")).toEqual({ objects: [], hour: 9 });
});

test("an edit begins anew when somebody else was faster", async () => {
  const { client, seen } = await serve(settings(1, '"v1"'), problem(412, "precondition-failed", {}), settings(2, '"v2"'), settings(9, '"v3"'));
  await client().edit("/v1/integrations/{integration}/settings", where, later);
  expect(seen.map(({ headers }) => headers["if-match"])).toEqual([undefined, '"v1"', undefined, '"v2"']);
});

test("an edit gives up after the third", async () => {
  const replies = [1, 2, 3].flatMap((n) => [settings(n, `"v${n}"`), problem(412, "precondition-failed", {})]);
  const { client, seen } = await serve(...replies);
  await expect(client().edit("/v1/integrations/{integration}/settings", where, later)).rejects.toBeInstanceOf(ProblemError);
  expect(seen).toHaveLength(6);
});

test("an edit that changes nothing writes nothing", async () => {
  const { client, seen } = await serve(settings(1, '"v1"'));
  await client().edit("/v1/integrations/{integration}/settings", where, () => undefined);
  expect(seen).toHaveLength(1);
});

test("a write of a version is not repeated after a failure: its version would be the old one", async () => {
  const { client, seen } = await serve(settings(1, '"v1"'), plain(503, "", { "retry-after": "0" }));
  await expect(client().edit("/v1/integrations/{integration}/settings", where, later)).rejects.toMatchObject({ status: 503 });
  expect(seen).toHaveLength(2);
});
