import { expect, test } from "vitest";
import { Attempt, UnsettledError } from "../src/index.ts";
import { json, lost, plain, problem, type Reply, serve } from "./server.ts";

const initech = { object: "Account" as const, fields: { Name: "Initech", City: "Köln" } };
const hooli = { object: "Account" as const, fields: { Name: "Hooli" } };
const created = json({ outcome: "created", id: "1" }, 201);
const unknown = json({ outcome: "unknown" }, 202);

async function begin(...replies: Reply[]) {
  const { client, seen } = await serve(...replies);
  const attempt = new Attempt(client({ patience: { attempts: 1 } }), "crm");
  return { attempt, seen, keys: () => seen.map(({ headers }) => headers["idempotency-key"]) };
}

test("a wish that is repeated after a lost answer has the same key", async () => {
  const { attempt, keys } = await begin(lost, created);
  await expect(attempt.create(initech)).rejects.toMatchObject({ mayHaveHappened: true });
  expect(attempt.isUnsettled).toBe(true);
  await attempt.create({ object: "Account", fields: { City: "Köln", Name: "Initech" } });
  expect(attempt.isUnsettled).toBe(false);
  expect(new Set(keys())).toEqual(new Set([attempt.key]));
});

test("a wish that is repeated after the token expired has the same key", async () => {
  const { attempt, keys } = await begin(plain(401), created);
  await expect(attempt.create(initech)).rejects.toMatchObject({ status: 401 });
  await attempt.create(initech);
  expect(new Set(keys()).size).toBe(1);
});

test.each([
  ["429", plain(429)],
  ["503, not sent", problem(503, "not-sent", {})],
])("a wish that is repeated after %s has the same key", async (_, reply) => {
  const { attempt, keys } = await begin(reply, created);
  await expect(attempt.create(initech)).rejects.toThrow();
  await attempt.create(initech);
  expect(new Set(keys()).size).toBe(1);
});

test("two clicks are one request", async () => {
  const { attempt, seen } = await begin(created);
  const [one, other] = await Promise.all([attempt.create(initech), attempt.create(initech)]);
  expect(one).toBe(other);
  expect(seen).toHaveLength(1);
});

test("a different wish does not overtake one that is under way", async () => {
  const { attempt, seen } = await begin(created);
  const first = attempt.create(initech);
  await expect(attempt.create(hooli)).rejects.toBeInstanceOf(UnsettledError);
  await first;
  expect(seen).toHaveLength(1);
});

test.each([
  ["a lost answer", lost],
  ["500", plain(500)],
  ["202", unknown],
])("after %s no different wish is sent", async (_, reply) => {
  const { attempt, seen } = await begin(reply);
  await attempt.create(initech).catch(() => {});
  await expect(attempt.create(hooli)).rejects.toBeInstanceOf(UnsettledError);
  expect(seen).toHaveLength(1);
});

test("an abort leaves the wish unsettled", async () => {
  const { attempt } = await begin(() => {});
  await expect(attempt.create(initech, { signal: AbortSignal.timeout(50) })).rejects.toThrow();
  expect(attempt.isUnsettled).toBe(true);
});

test("a refused wish is over: the next has a key of its own", async () => {
  const { attempt, keys } = await begin(problem(403, "not-cleared", {}), created);
  await expect(attempt.create(initech)).rejects.toMatchObject({ type: "not-cleared" });
  await attempt.create(initech);
  expect(new Set(keys()).size).toBe(2);
});

test("a refusal after a loss settles nothing", async () => {
  const { attempt, keys } = await begin(lost, problem(403, "scope-missing", {}), created);
  await attempt.create(initech).catch(() => {});
  await attempt.create(initech).catch(() => {});
  expect(attempt.isUnsettled).toBe(true);
  await attempt.create(initech);
  expect(new Set(keys()).size).toBe(1);
});

test("a created wish that is sent again has the same key, a different one another", async () => {
  const { attempt, keys } = await begin(created, created, created);
  await attempt.create(initech);
  await attempt.create(initech);
  await attempt.create(hooli);
  const [first, second, third] = keys();
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

test("the outcome settles what was unknown", async () => {
  const { attempt, seen } = await begin(unknown, json({ records: [{ outcome: "unknown" }] }), json({ records: [{ outcome: "created", id: "1" }] }), created);
  await attempt.create(initech);
  await attempt.outcome();
  expect(attempt.isUnsettled).toBe(true);
  expect((await attempt.outcome())?.records).toEqual([{ outcome: "created", id: "1" }]);
  expect(attempt.isUnsettled).toBe(false);
  expect(seen[1]).toMatchObject({ method: "GET", headers: { "idempotency-key": attempt.key } });
  await attempt.create(hooli);
});

test("a request that the API has not seen is settled", async () => {
  const { attempt } = await begin(lost, problem(404, "not-found", {}));
  await attempt.create(initech).catch(() => {});
  expect(await attempt.outcome()).toBeUndefined();
  expect(attempt.isUnsettled).toBe(false);
});

test("an outcome that cannot be asked settles nothing", async () => {
  const { attempt } = await begin(lost, problem(409, "needs-reconnect", {}));
  await attempt.create(initech).catch(() => {});
  await expect(attempt.outcome()).rejects.toMatchObject({ type: "needs-reconnect" });
  expect(attempt.isUnsettled).toBe(true);
});

test("who gives up begins anew under another key", async () => {
  const { attempt, keys } = await begin(lost, created);
  await attempt.create(initech).catch(() => {});
  attempt.abandon();
  await attempt.create(hooli);
  expect(new Set(keys()).size).toBe(2);
});

test("a key that was kept over a reload settles the request of before, and makes nothing else", async () => {
  const { client, seen } = await serve(json({ records: [{ outcome: "created", id: "1" }] }), created);
  const attempt = new Attempt(client({ patience: { attempts: 1 } }), "crm", { key: "key-of-before-0001" });
  expect(attempt.isUnsettled).toBe(true);
  await expect(attempt.create(initech)).rejects.toBeInstanceOf(UnsettledError);
  expect((await attempt.outcome())?.records).toEqual([{ outcome: "created", id: "1" }]);
  expect(attempt.isUnsettled).toBe(false);
  await attempt.create(initech);
  expect(seen.map(({ method }) => method)).toEqual(["GET", "POST"]);
  expect(seen[0]?.headers["idempotency-key"]).toBe("key-of-before-0001");
  expect(seen[1]?.headers["idempotency-key"]).not.toBe("key-of-before-0001");
});

test("a batch with one unknown outcome is unsettled", async () => {
  const { attempt, seen } = await begin(json({ records: [{ outcome: "created", id: "1" }, { outcome: "unknown" }] }));
  await attempt.createAll({ records: [initech, hooli] });
  expect(attempt.isUnsettled).toBe(true);
  expect(seen[0]?.url).toBe("/v1/integrations/crm/creations/batch");
});
