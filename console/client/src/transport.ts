import { LostAnswerError, ProblemError, type RequestError } from "./errors.ts";
import { isRepeatable } from "./repeatable.ts";
import type { Tokens } from "./tokens.ts";
import { type Patience, pause, retryAfter, wait } from "./wait.ts";

/** What a transport needs. */
export interface Wire {
  fetch: (request: Request) => Promise<Response>;
  tokens: Tokens;
  patience: Patience;
}

/**
 * Sends a request until there is an answer that is worth something, at most as often as the patience allows. Throws what went wrong
 * otherwise. The body of the answer is a whole JSON document.
 */
export async function send(request: Request, wire: Wire): Promise<Response> {
  let token = await wire.tokens.current();
  let wasRefused = false;
  let mayHaveHappened = false;
  for (let attempt = 1; ; attempt += 1) {
    const result = await once(request, token, wire).catch((cause: RequestError) => cause);
    if (result instanceof Response) return result;
    if (request.signal.aborted) throw request.signal.reason;
    result.mayHaveHappened ||= mayHaveHappened;
    mayHaveHappened = result.mayHaveHappened;
    if (result instanceof ProblemError && result.status === 401 && !wasRefused) {
      // Nothing was done. This attempt is beside the others: it waits for nobody.
      wasRefused = true;
      const instead = await wire.tokens.instead(token);
      if (instead === token) throw result;
      token = instead;
      attempt -= 1;
      continue;
    }
    const seconds = attempt < wire.patience.attempts ? secondsBefore(attempt + 1, result, request) : undefined;
    if (seconds === undefined || seconds > wire.patience.longestWait) throw result;
    await wait(seconds, request.signal);
  }
}

/** The seconds to wait before the next attempt; undefined if there should be none. */
function secondsBefore(next: number, failure: RequestError, request: Request): number | undefined {
  if (failure instanceof LostAnswerError) return isRepeatable(request) ? pause(next) : undefined;
  if (!(failure instanceof ProblemError)) return undefined;
  switch (failure.status) {
    case 429:
      // Refused before anything was done.
      return failure.retryAfter ?? pause(next);
    case 500:
    case 502:
    case 503:
    case 504:
      return isRepeatable(request) || !failure.mayHaveHappened ? (failure.retryAfter ?? pause(next)) : undefined;
    default:
      return undefined;
  }
}

async function once(request: Request, token: string, { fetch, patience }: Wire): Promise<Response> {
  const limit = AbortSignal.timeout(patience.timeLimit * 1000);
  const sent = new Request(request.clone(), { signal: AbortSignal.any([request.signal, limit]) });
  sent.headers.set("authorization", `Bearer ${token}`);
  let response: Response;
  let body: string;
  try {
    response = await fetch(sent);
    body = await response.text();
  } catch (cause) {
    throw new LostAnswerError("No answer came", { cause });
  }
  if (!response.ok) throw ProblemError.of(response, body, retryAfter(response.headers));
  const requestId = response.headers.get("x-request-id") ?? undefined;
  try {
    JSON.parse(body);
  } catch (cause) {
    throw new LostAnswerError("The answer cannot be read", { cause, requestId });
  }
  return new Response(body, { status: response.status, headers: response.headers });
}
