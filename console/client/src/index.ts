/** A typed client of the Abgleich API: see README. */
export { Attempt, UnsettledError } from "./attempt.ts";
export { type Answer, type Client, type ClientOptions, createClient, type Data, type ListPath, type Schema, type VersionedPath } from "./client.ts";
export { LostAnswerError, type Problem, ProblemError, RequestError } from "./errors.ts";
export { EndlessListError, type Page, pages } from "./pages.ts";
export { PROBLEM_TYPES, type ProblemType } from "./problem-types.ts";
export type { components, operations, paths } from "./schema.ts";
export type { TokenProvider } from "./tokens.ts";
export type { Patience } from "./wait.ts";
