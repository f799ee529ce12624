import type { Answer, Client, Schema } from "./client.ts";
import { ProblemError, RequestError } from "./errors.ts";

type One = Schema<"NewRecord">;
type Many = Schema<"NewRecords">;

/** It is not known what became of an earlier request, so no different one may be sent in its place. */
export class UnsettledError extends Error {
  override readonly name = "UnsettledError";
}

/**
 * One wish to create something, with its idempotency key. A form keeps it for as long as it is open:
 *
 * - The same wish goes out under the same key, however often it is sent, so it makes one record. Sent twice at once, it is one request.
 * - A wish that was refused is over. The next one, changed or not, has a key of its own.
 * - While it is not known whether the wish was fulfilled, nothing else is sent: `outcome` asks, `abandon` gives up.
 */
export class Attempt {
  readonly #client: Pick<Client, "GET" | "POST">;
  readonly #integration: string;
  #key: string;
  #body: string | undefined;
  #running: Promise<unknown> | undefined;
  /** Whether something was sent under the key. */
  #isUsed: boolean;
  #isUnsettled: boolean;

  /** With the key of an earlier attempt whose outcome is not known, it goes on with that one: `outcome` has to be asked first. */
  constructor(client: Pick<Client, "GET" | "POST">, integration: string, { key }: { key?: string | undefined } = {}) {
    this.#client = client;
    this.#integration = integration;
    this.#key = key ?? crypto.randomUUID();
    this.#isUsed = this.#isUnsettled = key !== undefined;
  }

  /** The key. It is random and says nothing about anybody. */
  get key(): string {
    return this.#key;
  }

  /** Whether an earlier request may have made something without our knowing. */
  get isUnsettled(): boolean {
    return this.#isUnsettled;
  }

  /** Creates one record. */
  create(record: One, init: { signal?: AbortSignal } = {}): Promise<Answer<Schema<"Creation">>> {
    return this.#send(stable(record), async () => {
      const answer = await this.#client.POST("/v1/integrations/{integration}/creations", { ...init, params: this.#params(), body: record });
      return { answer, outcomes: [answer.data] };
    });
  }

  /** Creates up to 200 records, each with an outcome of its own. */
  createAll(records: Many, init: { signal?: AbortSignal } = {}): Promise<Answer<Schema<"Creations">>> {
    return this.#send(stable(records), async () => {
      const answer = await this.#client.POST("/v1/integrations/{integration}/creations/batch", { ...init, params: this.#params(), body: records });
      return { answer, outcomes: answer.data.records };
    });
  }

  /** Asks what the request came to; undefined if the API has not seen it. */
  async outcome(init: { signal?: AbortSignal } = {}): Promise<Schema<"Creations"> | undefined> {
    try {
      const { data } = await this.#client.GET("/v1/integrations/{integration}/creations", { ...init, params: this.#params() });
      this.#isUnsettled = data.records.some(isUnknown);
      return data;
    } catch (cause) {
      if (!(cause instanceof ProblemError && cause.type === "not-found")) throw cause;
      this.#isUnsettled = false;
      return undefined;
    }
  }

  /** Gives up a request whose outcome is not known, or ends a wish that was fulfilled: the same record is then a new wish. */
  abandon(): void {
    this.#renew();
  }

  #params() {
    return { path: { integration: this.#integration }, header: { "Idempotency-Key": this.#key } };
  }

  #renew() {
    this.#key = crypto.randomUUID();
    this.#body = undefined;
    this.#isUsed = this.#isUnsettled = false;
  }

  #send<T>(body: string, request: () => Promise<{ answer: T; outcomes: Schema<"Creation">[] }>): Promise<T> {
    const isSame = body === this.#body;
    if (this.#running && isSame) return this.#running as Promise<T>;
    if (!isSame && (this.#running || this.#isUnsettled)) {
      return Promise.reject(new UnsettledError("It is not known what became of the request before this one"));
    }
    if (!isSame && this.#isUsed) this.#renew();
    this.#body = body;
    this.#isUsed = true;
    const running = this.#settle(request).finally(() => {
      this.#running = undefined;
    });
    this.#running = running;
    return running;
  }

  async #settle<T>(request: () => Promise<{ answer: T; outcomes: Schema<"Creation">[] }>): Promise<T> {
    try {
      const { answer, outcomes } = await request();
      this.#isUnsettled = outcomes.some(isUnknown);
      return answer;
    } catch (cause) {
      // An abort by the caller says nothing about what the request did.
      if (!(cause instanceof RequestError) || cause.mayHaveHappened) this.#isUnsettled = true;
      else if (!this.#isUnsettled && !isForLater(cause)) this.#renew();
      throw cause;
    }
  }
}

function isUnknown({ outcome }: Schema<"Creation">): boolean {
  return outcome === "unknown";
}

/** Whether the very same request may succeed later: after a login, or when there is room again. */
function isForLater(cause: RequestError): boolean {
  return cause instanceof ProblemError && (cause.status === 401 || cause.status === 429 || cause.status === 503);
}

/** A text that is the same for equal values, in whatever order their fields were written. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
