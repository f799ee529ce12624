import { expect, test } from "vitest";
import { LostAnswerError, ProblemError } from "../src/index.ts";
import { plain, problem, serve } from "./server.ts";

const HTML = "<html><body><h1>502 Bad Gateway</h1></body></html>";
const record = { object: "Account" as const, fields: { Name: "Initech" } };
const creation = { params: { path: { integration: "crm" }, header: { "Idempotency-Key": "k" } }, body: record };

async function refusal(...replies: Parameters<typeof serve>): Promise<ProblemError> {
  const { client } = await serve(...replies);
  const cause = await client({ patience: { attempts: 1 } }).GET("/v1/integrations").catch((cause: unknown) => cause);
  if (!(cause instanceof ProblemError)) throw new Error("no problem was thrown", { cause });
  return cause;
}

test("a problem has its type, title, status, detail, field, parameter and request id", async () => {
  const told = await refusal(problem(422, "invalid", { detail: "too long", field: "/records/0/fields/a~1b~0c", parameter: "limit" }));
  expect(told).toMatchObject({
    type: "invalid", title: "Title of invalid", message: "Title of invalid", status: 422, detail: "too long", parameter: "limit", requestId: "r-1",
    mayHaveHappened: false,
  });
  expect(told.path).toEqual(["records", "0", "fields", "a/b~c"]);
});

test("a problem without a field has an empty path", async () => {
  expect((await refusal(problem(404, "not-found", {}))).path).toEqual([]);
});

test("the outcome of a creation comes with its refusal", async () => {
  const { client } = await serve(problem(403, "not-cleared", { outcome: { outcome: "not_cleared", missing: ["basis"] } }));
  const refused = client().POST("/v1/integrations/{integration}/creations", creation);
  await expect(refused).rejects.toMatchObject({ type: "not-cleared", outcome: { missing: ["basis"] } });
});

test("the gateway's own refusal is a problem, too, with the gateway's id", async () => {
  const headers = { "content-type": "application/json", "apigw-requestid": "g-1" };
  expect(await refusal(plain(403, '{"message":"Forbidden"}', headers))).toMatchObject({ type: "http-403", title: "Forbidden", requestId: "g-1" });
});

test.each([
  ["no body", "", {}],
  ["a page of HTML", HTML, { "content-type": "text/html" }],
  ["HTML that says it is JSON", HTML, { "content-type": "application/json" }],
  ["cut-off JSON", '{"type":"urn:abgl', { "content-type": "application/problem+json" }],
  ["a list", "[1]", { "content-type": "application/json" }],
  ["null", "null", { "content-type": "application/json" }],
  ["texts that are none", '{"title":{"a":1},"type":7,"field":[],"message":null}', { "content-type": "application/problem+json" }],
])("a 503 with %s is a problem that shows nothing of it", async (_, body, headers) => {
  const told = await refusal(plain(503, body, headers));
  expect(told).toMatchObject({ status: 503, type: "http-503", title: "The answer was 503", field: undefined, mayHaveHappened: true });
  expect(told.path).toEqual([]);
});

test("a title of a megabyte is cut", async () => {
  expect((await refusal(problem(400, "invalid", { title: "a".repeat(1 << 20) }))).title).toHaveLength(2000);
});

test("whether a request may have taken effect is told of every failure", async () => {
  const { client } = await serve(plain(500), problem(503, "not-sent", {}), problem(409, "duplicate", {}), (response) => response.destroy());
  const api = client({ patience: { attempts: 1 } });
  const told = async () => (await api.POST("/v1/integrations/{integration}/creations", creation).catch((cause) => cause)).mayHaveHappened;
  expect([await told(), await told(), await told(), await told()]).toEqual([true, false, false, true]);
});

test("where nobody listens the answer is lost", async () => {
  const { client } = await serve();
  const api = client({ baseUrl: "http://127.0.0.1:1", patience: { attempts: 1 } });
  await expect(api.GET("/v1/integrations")).rejects.toBeInstanceOf(LostAnswerError);
});
