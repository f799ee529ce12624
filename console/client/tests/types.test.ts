import { expect, expectTypeOf, test } from "vitest";
import { type Client, createClient, PROBLEM_TYPES, type Schema } from "../src/index.ts";

// tsc checks this file: an error that is expected and missing fails `make console`.
const api: Client = createClient({ baseUrl: "https://api.example.com", token: () => "t", fetch: () => Promise.reject(new Error("no call")) });
const never = (..._: unknown[]) => {};

test("paths, parameters, bodies and answers are those of the contract", () => {
  never(() => {
    // @ts-expect-error: there is no such path
    api.GET("/v1/nothing");
    // @ts-expect-error: it is no list
    api.pages("/v1/receipt-key");
    // @ts-expect-error: the integration is missing
    api.GET("/v1/integrations/{integration}");
    // @ts-expect-error: so is the idempotency key
    api.POST("/v1/integrations/{integration}/creations", { params: { path: { integration: "a" } }, body: { object: "Account" } });
    // @ts-expect-error: there is no such object
    api.POST("/v1/integrations/{integration}/records/search", { params: { path: { integration: "a" } }, body: { object: "Nothing" } });
    // @ts-expect-error: settings are written with a version
    api.PUT("/v1/integrations/{integration}/settings", { params: { path: { integration: "a" } }, body: {} });
  });
  const list = () => api.GET("/v1/integrations").then(({ data }) => data.integrations[0]?.status);
  expectTypeOf(list).returns.resolves.toEqualTypeOf<Schema<"IntegrationStatus"> | undefined>();
});

test("the types of problems are known by name", () => {
  expect(PROBLEM_TYPES["not-cleared"]).toEqual({ status: 403, title: "Somebody in the record has no clearance" });
});
