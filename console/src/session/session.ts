import type { Oidc, Pending, Return, TokenAnswer } from "./oidc.ts";

export type Scope = "abgleich/read" | "abgleich/write" | "abgleich/admin";

/** Who is logged in, as the token says. It is for display: the API decides by the token itself. */
export interface User {
  tenant: string;
  id: string;
  scopes: ReadonlySet<string>;
}

/** What another window of the console says when the user comes back in it. */
type Told = { kind: "login" | "consent"; query: string };

const CHANNEL = "abgleich-console";
/** Tokens are renewed so long before they run out. */
const EARLY = 30_000;

interface Held {
  user: User;
  token: string;
  until: number;
  refresh: string | undefined;
}

type Issuer = Pick<Oidc, "begin" | "complete" | "refresh" | "leave">;

/** The login of this page. Tokens are in its memory and nowhere else. */
export class Session {
  readonly #oidc: Issuer;
  readonly #now: () => number;
  #held: Held | undefined;
  #renewal: Promise<string> | undefined;
  #listeners = new Set<() => void>();
  #asks: (() => void) | undefined;
  /** Whether the user has to log in again before anything goes on. */
  isOver = false;
  /** Whether the user has logged out. This page is then done. */
  hasEnded = false;

  constructor(oidc: Issuer, now: () => number = Date.now) {
    this.#oidc = oidc;
    this.#now = now;
  }

  get user(): User | undefined {
    return this.#held?.user;
  }

  /** Calls a listener whenever user, `isOver` or `hasEnded` changed. */
  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Whether the user may do what needs a scope. */
  may(scope: Scope): boolean {
    return this.#held?.user.scopes.has(scope) ?? false;
  }

  /** Takes the tokens of a login. Another user than before is not let into what this page shows: it begins anew. */
  take(answer: TokenAnswer): void {
    if (this.hasEnded) {
      // A renewal that was under way when the user logged out.
      void this.#oidc.leave(answer.refresh_token);
      return;
    }
    const user = userOf(answer);
    const before = this.#held?.user;
    if (before && (before.id !== user.id || before.tenant !== user.tenant)) {
      location.reload();
      return;
    }
    const until = this.#now() + (answer.expires_in ?? 300) * 1_000;
    this.#held = { user, token: answer.access_token, until, refresh: answer.refresh_token };
    this.isOver = false;
    this.#tell();
    this.#asks?.();
  }

  /** A token for the API. If there is none any more, it waits until the user has logged in again: what was begun then goes on. */
  token = async (refused?: string): Promise<string> => {
    const held = this.#held;
    if (held && held.token !== refused && held.until - EARLY > this.#now()) return held.token;
    this.#renewal ??= this.#renew(held?.refresh).finally(() => (this.#renewal = undefined));
    return this.#renewal;
  };

  async #renew(refresh: string | undefined): Promise<string> {
    if (refresh) {
      try {
        const answer = await this.#oidc.refresh(refresh);
        this.take({ refresh_token: refresh, ...answer });
        return answer.access_token;
      } catch {
        // Whatever it was, the user can log in.
      }
    }
    this.isOver = true;
    this.#tell();
    await new Promise<void>((resolve) => (this.#asks = resolve));
    this.#asks = undefined;
    return this.#held?.token ?? "";
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }

  /** Logs out: forgets the tokens before anything else, and returns the address at which the issuer ends its own session, if it has one. */
  async end(): Promise<string | undefined> {
    const refresh = this.#held?.refresh;
    this.#held = undefined;
    this.isOver = false;
    this.hasEnded = true;
    this.#tell();
    return this.#oidc.leave(refresh);
  }

  /** Logs in again in another window, so that this one keeps what is being written in it. `onWay` is told the address, for whom no window opens. */
  async again(onWay: (url: string) => void, signal: AbortSignal): Promise<void> {
    const { url, pending } = await this.#oidc.begin("");
    onWay(url);
    const query = await elsewhere("login", url, signal);
    this.take(await this.#oidc.complete(returned(query), pending));
  }
}

/**
 * Opens a window at another host, and waits until the user comes back to the console in it; returns the query that they came with. All tabs of the
 * console hear who comes back: only the answer to this very request counts, by its `state`. The signal ends the waiting.
 */
export function elsewhere(kind: Told["kind"], url: string, signal: AbortSignal): Promise<string> {
  const state = new URL(url).searchParams.get("state");
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const channel = new BroadcastChannel(CHANNEL);
    const ended = () => {
      channel.close();
      reject(signal.reason);
    };
    signal.addEventListener("abort", ended, { once: true });
    channel.onmessage = ({ data }: MessageEvent<Told>) => {
      if (data.kind !== kind || returned(data.query).state !== state) return;
      signal.removeEventListener("abort", ended);
      channel.close();
      resolve(data.query);
    };
    // Without a way back to this page: an issuer or a CRM has no business in it.
    window.open(url, "_blank", "noopener,width=520,height=680");
  });
}

/** Tells the console's other window that the user came back. */
export function tellOpener(kind: Told["kind"], query: string): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage({ kind, query } satisfies Told);
  channel.close();
}

export function returned(query: string): Return {
  const given = new URLSearchParams(query);
  return { state: given.get("state"), code: given.get("code"), iss: given.get("iss"), error: given.get("error") };
}

const PENDING = "login";

/** Remembers a login over the way to the issuer and back: in this tab, and without tokens. */
export function remember(pending: Pending): void {
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
}

/** What was remembered; it is forgotten by this. */
export function recall(): Pending | undefined {
  const text = sessionStorage.getItem(PENDING);
  sessionStorage.removeItem(PENDING);
  return text === null ? undefined : (JSON.parse(text) as Pending);
}

/** Reads the claims of an access token. Nobody decides anything by them. */
function userOf({ access_token, scope }: TokenAnswer): User {
  let claims: Record<string, unknown> = {};
  try {
    const part = (access_token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    claims = JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(part), (char) => char.charCodeAt(0)))) as Record<string, unknown>;
  } catch {
    // The API will say what it thinks of such a token.
  }
  const text = (name: string) => (typeof claims[name] === "string" ? claims[name] : "");
  return { tenant: text("tenant"), id: text("sub"), scopes: new Set((text("scope") || scope || "").split(" ")) };
}
