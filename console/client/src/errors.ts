import type { components } from "./schema.ts";
import type { ProblemType } from "./problem-types.ts";

/** A problem (RFC 9457) as the API writes it. */
export type Problem = components["schemas"]["Problem"];

const PREFIX = "urn:abgleich:problem:";
/** Of what an answer says about itself, this much is kept. */
const LONGEST_TEXT = 2_000;

/** Every failure of a request is one of the two below, or the reason of the caller's own abort. */
export abstract class RequestError extends Error {
  /** Whether the request, or an earlier sending of it, may have taken effect although it failed. */
  abstract mayHaveHappened: boolean;
}

/** The API, or the gateway before it, refused a request. */
export class ProblemError extends RequestError {
  override readonly name = "ProblemError";
  readonly status: number;
  /** The kind of problem without its prefix, `not-cleared` for example; `http-502` and the like if the answer was no problem. */
  readonly type: ProblemType | `http-${number}` | (string & {});
  readonly title: string;
  readonly detail: string | undefined;
  /** The body's field at fault, as a JSON pointer. */
  readonly field: string | undefined;
  /** The query parameter or header at fault. */
  readonly parameter: string | undefined;
  /** What a creation came to, if it was one. */
  readonly outcome: Problem["outcome"];
  /** The id by which the operator finds the request in the log. */
  readonly requestId: string | undefined;
  /** The seconds after which the same request may succeed. */
  readonly retryAfter: number | undefined;
  override mayHaveHappened: boolean;

  constructor(status: number, problem: Partial<Problem>, more: { requestId?: string | undefined; retryAfter?: number | undefined } = {}) {
    const title = text(problem.title) ?? `The answer was ${status}`;
    super(title);
    const type = text(problem.type);
    this.status = status;
    this.type = type?.startsWith(PREFIX) ? type.slice(PREFIX.length) : `http-${status}`;
    this.title = title;
    this.detail = text(problem.detail);
    this.field = text(problem.field);
    this.parameter = text(problem.parameter);
    this.outcome = problem.outcome;
    this.requestId = text(problem.requestId) ?? more.requestId;
    this.retryAfter = more.retryAfter;
    this.mayHaveHappened = status >= 500 && this.type !== "not-sent";
  }

  /** The names on the way to the field at fault: `["records", "0", "fields", "Email"]`. A form finds its input by them. */
  get path(): string[] {
    const parts = this.field?.split("/").slice(1) ?? [];
    return parts.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  }

  /** Reads a refusal, whatever its body is. */
  static of(response: Response, body: string, retryAfter: number | undefined): ProblemError {
    const requestId = response.headers.get("x-request-id") ?? response.headers.get("apigw-requestid") ?? undefined;
    return new ProblemError(response.status, told(response, body), { requestId, retryAfter });
  }
}

/** No answer came, or none that can be read. */
export class LostAnswerError extends RequestError {
  override readonly name = "LostAnswerError";
  override mayHaveHappened = true;
  /** The id by which the operator finds the request in the log, if the answer had one. */
  readonly requestId: string | undefined;

  constructor(message: string, options?: ErrorOptions & { requestId?: string | undefined }) {
    super(message, options);
    this.requestId = options?.requestId;
  }
}

function told(response: Response, body: string): Partial<Problem> {
  // A page of HTML by a proxy says nothing that a user could use.
  if (!response.headers.get("content-type")?.includes("json")) return {};
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
    // The gateway's own refusals have a message and nothing else.
    return "message" in value && !("title" in value) ? { title: value.message as string } : value;
  } catch {
    return {};
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value.slice(0, LONGEST_TEXT) : undefined;
}
