import { expect, test, vi } from "vitest";
import { LostAnswerError, ProblemError } from "../src/index.ts";
import { broken, cut, json, lost, plain, problem, serve } from "./server.ts";

const health = { status: "ok", stage: "test", version: "1" };
const key = (value: string) => ({ params: { path: { integration: "crm" }, header: { "Idempotency-Key": value } }, body: { object: "Account" as const } });
const now = { "retry-after": "0" };

test("an answer comes with its data, status and request id", async () => {
  const { client, seen } = await serve(json(health));
  expect(await client().GET("/health")).toEqual({ data: health, status: 200, etag: undefined, requestId: "r-1" });
  expect(seen).toMatchObject([{ method: "GET", url: "/health", headers: { authorization: "Bearer token-1" } }]);
});

test.each([
  ["a lost answer", lost],
  ["an answer cut by a proxy", cut(health)],
  ["an answer that ends too soon", broken],
  ["an empty answer", plain(200)],
  ["HTML that is called a success", plain(200, "<html>", { "content-type": "text/html" })],
  ["503 without a body", plain(503, "", now)],
  ["502 with HTML", plain(502, "<html>", { "content-type": "text/html", ...now })],
  ["429", plain(429, "", now)],
])("after %s a read is sent again", async (_, reply) => {
  const { client, seen } = await serve(reply, json(health));
  expect((await client().GET("/health")).data).toEqual(health);
  expect(seen).toHaveLength(2);
});

test("a read is given up after so many attempts", async () => {
  const { client, seen } = await serve(...Array(9).fill(plain(503, "", now)));
  await expect(client().GET("/health")).rejects.toMatchObject({ status: 503 });
  expect(seen).toHaveLength(4);
});

test("an answer that cannot be read is no data", async () => {
  const { client } = await serve(cut(health));
  await expect(client({ patience: { attempts: 1 } }).GET("/health")).rejects.toMatchObject({ name: "LostAnswerError", requestId: "r-1" });
});

test.each([
  ["a number", "90"],
  ["a date", new Date(Date.now() + 90_000).toUTCString()],
  ["a huge number", "9".repeat(400)],
  ["a huge date", "Fri, 31 Dec 9999 23:59:59 GMT"],
])("where Retry-After is %s beyond the patience, the error has it and nobody waits", async (_, value) => {
  const { client, seen } = await serve(problem(429, "allowance-used-up", {}, { "retry-after": value }));
  const refused = await client().GET("/health").catch((cause: ProblemError) => cause);
  expect((refused as ProblemError).retryAfter).toBeGreaterThanOrEqual(80);
  expect(seen).toHaveLength(1);
});

test("a date is read by the server's clock", async () => {
  const headers = { "retry-after": "Mon, 01 Jan 2001 00:01:30 GMT", date: "Mon, 01 Jan 2001 00:00:00 GMT" };
  const { client } = await serve(plain(503, "", headers));
  await expect(client().GET("/health")).rejects.toMatchObject({ retryAfter: 90 });
});

test("Retry-After is waited for", async () => {
  const { client } = await serve(plain(503, "", { "retry-after": "1" }), json(health));
  const begun = performance.now();
  await client().GET("/health");
  expect(performance.now() - begun).toBeGreaterThan(950);
});

test("an abort ends the wait at once, with its reason", async () => {
  const { client, seen } = await serve(plain(503, "", { "retry-after": "15" }));
  const leave = new AbortController();
  setTimeout(() => leave.abort(new Error("left the page")), 100);
  const begun = performance.now();
  await expect(client().GET("/health", { signal: leave.signal })).rejects.toThrow("left the page");
  expect(performance.now() - begun).toBeLessThan(2000);
  expect(seen).toHaveLength(1);
});

test("an abort ends a request that waits for its answer, and it is not sent again", async () => {
  const { client, seen } = await serve(() => {});
  const leave = new AbortController();
  setTimeout(() => leave.abort(new Error("left the page")), 100);
  await expect(client().GET("/health", { signal: leave.signal })).rejects.toThrow("left the page");
  expect(seen).toHaveLength(1);
});

test("a request without an answer in time is lost", async () => {
  const { client } = await serve(() => {});
  await expect(client({ patience: { timeLimit: 0.1, attempts: 1 } }).GET("/health")).rejects.toBeInstanceOf(LostAnswerError);
});

test("what may change something is not sent again after a lost answer or a failure", async () => {
  const objection = { body: { person: { emails: ["a@example.com"] }, reference: "r", receivedAt: "2026-01-01T00:00:00Z" } };
  const { client, seen } = await serve(lost, plain(500), plain(503, "", now));
  const send = () => client().POST("/v1/objections", objection as never);
  await expect(send()).rejects.toMatchObject({ mayHaveHappened: true });
  await expect(send()).rejects.toMatchObject({ status: 500 });
  await expect(send()).rejects.toMatchObject({ status: 503 });
  expect(seen).toHaveLength(3);
});

test("what was refused before it was looked at is sent again, whatever it is", async () => {
  const { client, seen } = await serve(plain(429, "", now), json({ run: "run-1" }, 202));
  await client().POST("/v1/integrations/{integration}/runs", { params: { path: { integration: "crm" } } });
  expect(seen).toHaveLength(2);
});

test("a request with an idempotency key is sent again with the same key and body", async () => {
  const { client, seen } = await serve(lost, plain(503, "", now), json({ outcome: "created", id: "1" }, 201));
  await client().POST("/v1/integrations/{integration}/creations", key("k-1"));
  expect(seen.map(({ headers, body }) => [headers["idempotency-key"], body])).toEqual(Array(3).fill(["k-1", '{"object":"Account"}']));
});

test("a search by POST is sent again: it only reads", async () => {
  const { client, seen } = await serve(lost, json({ records: [], cursor: null, freshness: {} }));
  await client().POST("/v1/integrations/{integration}/records/search", { params: { path: { integration: "crm" } }, body: { domain: "a.de" } });
  expect(seen).toHaveLength(2);
});

test("a loss stays known when a later attempt is refused", async () => {
  const { client } = await serve(lost, plain(403, '{"message":"Forbidden"}', { "content-type": "application/json" }));
  const refused = client().POST("/v1/integrations/{integration}/creations", key("k-1"));
  await expect(refused).rejects.toMatchObject({ status: 403, mayHaveHappened: true });
});

test("after 401 the provider is asked once more, and the same request goes out with the new token", async () => {
  const { client, seen } = await serve(plain(401), json({ outcome: "created", id: "1" }, 201));
  const token = vi.fn((refused?: string) => (refused ? "token-2" : "token-1"));
  await client({ token, patience: { attempts: 1 } }).POST("/v1/integrations/{integration}/creations", key("k-1"));
  expect(seen.map(({ headers }) => headers.authorization)).toEqual(["Bearer token-1", "Bearer token-2"]);
  expect(new Set(seen.map(({ headers, body }) => `${headers["idempotency-key"]} ${body}`)).size).toBe(1);
  expect(token.mock.calls).toEqual([[], ["token-1"]]);
});

test("a second 401 is the answer", async () => {
  const { client, seen } = await serve(plain(401), plain(401), json(health));
  let given = 0;
  const token = () => `token-${(given += 1)}`;
  await expect(client({ token }).GET("/health")).rejects.toMatchObject({ status: 401 });
  expect(seen).toHaveLength(2);
});

test("a renewed token costs none of the attempts", async () => {
  const { client } = await serve(plain(401), plain(503, "", now), json(health));
  const token = (refused?: string) => (refused ? "token-2" : "token-1");
  expect((await client({ token, patience: { attempts: 2 } }).GET("/health")).data).toEqual(health);
});

test("a provider without another token is not asked in a circle", async () => {
  const { client, seen } = await serve(plain(401), json(health));
  await expect(client().GET("/health")).rejects.toMatchObject({ status: 401 });
  expect(seen).toHaveLength(1);
});

test("requests that are refused at the same time have one new token", async () => {
  const { client, seen } = await serve(plain(401), plain(401), json(health), json(health));
  const token = vi.fn(async (refused?: string) => {
    await new Promise((resolve) => setTimeout(resolve, refused ? 300 : 0));
    return refused ? "token-2" : "token-1";
  });
  const api = client({ token });
  await Promise.all([api.GET("/health"), api.GET("/health")]);
  expect(token.mock.calls.filter(([refused]) => refused)).toHaveLength(1);
  expect(seen).toHaveLength(4);
});

test("a provider's failure is thrown as it is", async () => {
  const { client, seen } = await serve(json(health));
  const token = () => Promise.reject(new Error("not logged in"));
  await expect(client({ token }).GET("/health")).rejects.toThrow("not logged in");
  expect(seen).toHaveLength(0);
});

test("a token goes to no other address", async () => {
  const { client, seen } = await serve(plain(302, "", { location: "/elsewhere" }));
  await expect(client({ patience: { attempts: 1 } }).GET("/health")).rejects.toBeInstanceOf(LostAnswerError);
  expect(seen).toHaveLength(1);
});

test("a token goes over no open line", async () => {
  const { client } = await serve();
  expect(() => client({ baseUrl: "http://api.example.com" })).toThrow("https");
  expect(() => client({ baseUrl: "https://api.example.com" })).not.toThrow();
});
