import type { PathsWithMethod } from "openapi-typescript-helpers";
import type { paths } from "./schema.ts";

/** These only read, or repeating them changes nothing: the contract says so. They are POST since what they look for is no matter for a URL. */
const HARMLESS: PathsWithMethod<paths, "post">[] = [
  "/v1/assessments/search",
  "/v1/companies/search",
  "/v1/integrations/{integration}/companies/status",
  "/v1/integrations/{integration}/creations/preview",
  "/v1/integrations/{integration}/records/search",
  "/v1/integrations/{integration}/relations",
  "/v1/objections/check",
  "/v1/subjects/search",
];
const PATHS = HARMLESS.map((path) => new RegExp(`${path.replaceAll(/\{\w+\}/g, "[^/]+")}$`));

/** Whether sending a request again does no harm where it is not known what became of the first. */
export function isRepeatable(request: Request): boolean {
  switch (request.method) {
    case "GET":
    case "HEAD":
    case "DELETE":
      return true;
    case "PUT":
      // The version that was named is no longer the current one if the first had an effect.
      return !request.headers.has("if-match");
    default:
      return request.headers.has("idempotency-key") || PATHS.some((path) => path.test(new URL(request.url).pathname));
  }
}
