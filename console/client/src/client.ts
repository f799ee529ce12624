import createFetch, { type MaybeOptionalInit } from "openapi-fetch";
import type {
  HttpMethod, MediaType, PathsWithMethod, Readable, RequiredKeysOf, ResponseObjectMap, SuccessResponse,
} from "openapi-typescript-helpers";
import { type Page, pages } from "./pages.ts";
import type { components, paths } from "./schema.ts";
import { type TokenProvider, Tokens } from "./tokens.ts";
import { send } from "./transport.ts";
import { ProblemError } from "./errors.ts";
import { PATIENCE, type Patience } from "./wait.ts";

/** The schemas of the contract by their names: `Schema<"Run">`. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

/** What the API answers to a method on a path. */
export type Data<Path extends keyof paths, Method extends HttpMethod> = Method extends keyof paths[Path]
  ? paths[Path][Method] extends Record<string | number, unknown>
    ? Readable<SuccessResponse<ResponseObjectMap<paths[Path][Method]>, MediaType>>
    : never
  : never;

/** An answer of the API. A refusal is thrown instead. */
export interface Answer<T> {
  data: T;
  status: number;
  /** The version of what was read, for `If-Match`. */
  etag: string | undefined;
  requestId: string | undefined;
}

type MaybePromise<T> = T | Promise<T>;
type Init<Path extends keyof paths, Method extends HttpMethod> = Method extends keyof paths[Path] ? MaybeOptionalInit<paths[Path], Method> : never;
type Rest<I> = RequiredKeysOf<I> extends never ? [init?: I] : [init: I];
type Ask<Method extends HttpMethod> = <Path extends PathsWithMethod<paths, Method>>(
  path: Path,
  ...init: Rest<Init<Path, Method>>
) => Promise<Answer<Data<Path, Method>>>;

/** The paths whose answer is a page of a list. */
export type ListPath = { [Path in PathsWithMethod<paths, "get">]: Data<Path, "get"> extends Page ? Path : never }[PathsWithMethod<paths, "get">];
/** What has versions: it is read with an ETag and replaced with `If-Match`. */
export type VersionedPath = "/v1/integrations/{integration}/settings";

export interface ClientOptions {
  /** Where the API is, `https://api.example.com` for instance. */
  baseUrl: string;
  token: TokenProvider;
  patience?: Partial<Patience>;
  fetch?: (request: Request) => Promise<Response>;
}

export interface Client {
  GET: Ask<"get">;
  POST: Ask<"post">;
  PUT: Ask<"put">;
  DELETE: Ask<"delete">;
  /** The pages of a list, one by one. Lists that are POST: `pages` of this package. */
  pages<Path extends ListPath>(path: Path, ...init: Rest<Init<Path, "get">>): AsyncGenerator<Data<Path, "get">, void, undefined>;
  /**
   * Reads the current version, changes it by `change`, and writes it. If somebody else changed it meanwhile, it begins anew, at most three
   * times. `change` gets a copy; undefined: nothing is written.
   */
  edit<Path extends VersionedPath>(
    path: Path,
    init: Init<Path, "get">,
    change: (current: Data<Path, "get">) => MaybePromise<Data<Path, "get"> | undefined>,
  ): Promise<Answer<Data<Path, "get">>>;
}

const LOCAL = new Set(["localhost", "127.0.0.1", "[::1]"]);
const EDITS = 3;

/** Makes a client. It keeps no token and writes nothing down. */
export function createClient({ baseUrl, token, patience, fetch = (request) => globalThis.fetch(request) }: ClientOptions): Client {
  const { protocol, hostname } = new URL(baseUrl);
  // A token must not go over a line that others can read.
  if (protocol !== "https:" && !LOCAL.has(hostname) && !hostname.endsWith(".localhost")) throw new TypeError("baseUrl must begin with https:");
  const wire = { fetch, tokens: new Tokens(token), patience: { ...PATIENCE, ...patience } };
  const inner = createFetch<Record<string, Record<HttpMethod, object>>>({
    baseUrl: baseUrl.replace(/\/+$/, ""),
    fetch: (request) => send(request, wire),
    // A token goes to no other address, and no answer into a cache.
    redirect: "error",
    credentials: "omit",
    cache: "no-store",
    referrerPolicy: "no-referrer",
  });

  async function ask(method: HttpMethod, path: string, init: object = {}): Promise<Answer<never>> {
    const { data, response } = await inner.request(method, path as never, { ...init, parseAs: "json" } as never);
    return {
      data: data as never,
      status: response.status,
      etag: response.headers.get("etag") ?? undefined,
      requestId: response.headers.get("x-request-id") ?? undefined,
    };
  }

  const client: Client = {
    GET: (path, ...init) => ask("get", path, init[0]),
    POST: (path, ...init) => ask("post", path, init[0]),
    PUT: (path, ...init) => ask("put", path, init[0]),
    DELETE: (path, ...init) => ask("delete", path, init[0]),
    pages: (path, ...init) => pages(async (cursor) => (await ask("get", path, at(cursor, init[0]))).data),
    async edit(path, init, change) {
      for (let attempt = 1; ; attempt += 1) {
        const current = await ask("get", path, init);
        const body = await change(structuredClone(current.data));
        if (body === undefined) return current;
        const header = { "If-Match": current.etag ?? "" };
        const params = { ...(init as { params?: object }).params, header };
        try {
          return await ask("put", path, { ...init, params, body });
        } catch (cause) {
          const outdated = cause instanceof ProblemError && cause.status === 412;
          if (!outdated || attempt === EDITS) throw cause;
        }
      }
    },
  };
  return client;
}

function at(cursor: string | undefined, init: { params?: { query?: object } } | undefined): object {
  if (cursor === undefined) return init ?? {};
  return { ...init, params: { ...init?.params, query: { ...init?.params?.query, cursor } } };
}
