import { type Config, RETURN } from "./config.ts";

/** The part of an issuer's discovery that a login and its end need (OpenID Connect Discovery 1.0; RFC 8414 and RP-Initiated Logout 1.0 for the last two). */
interface Endpoints {
  issuer: string;
  authorization_endpoint: string;
  token_endpoint: string;
  revocation_endpoint?: string;
  end_session_endpoint?: string;
}

/** What a login has to remember until the user comes back. */
export interface Pending {
  state: string;
  verifier: string;
  /** The page to return to, without anything personal. */
  page: string;
}

/** What the issuer sends the user back with. */
export interface Return {
  state: string | null;
  code: string | null;
  iss: string | null;
  error: string | null;
}

export interface TokenAnswer {
  access_token: string;
  expires_in?: number;
  refresh_token?: string;
  scope?: string;
}

/** A login that ended without tokens. `code` is the issuer's own word. */
export class LoginError extends Error {
  override readonly name = "LoginError";
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** A user who leaves waits so many milliseconds for the issuer. */
const PATIENCE = 3_000;

export function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function random(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

/** A login by authorization code with PKCE (RFC 6749, 7636, 9207). */
export class Oidc {
  readonly #config: Config;
  readonly #fetch: typeof fetch;
  #endpoints: Promise<Endpoints> | undefined;

  constructor(config: Config, fetching: typeof fetch = (...request) => fetch(...request)) {
    this.#config = config;
    this.#fetch = fetching;
  }

  /** The address of the issuer's page, and what has to be remembered until the user comes back from it. */
  async begin(page: string): Promise<{ url: string; pending: Pending }> {
    const { clientId, scopes, audience } = this.#config;
    if (clientId === null) throw new LoginError("not_set_up");
    const pending = { state: random(), verifier: random(), page };
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(pending.verifier));
    const url = new URL((await this.#discover()).authorization_endpoint);
    const asked = {
      response_type: "code", client_id: clientId, redirect_uri: RETURN, scope: scopes, audience, state: pending.state,
      code_challenge: base64url(new Uint8Array(hash)), code_challenge_method: "S256",
    };
    for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
    return { url: url.href, pending };
  }

  /** Tokens for the code that the user came back with. */
  async complete(back: Return, pending: Pending): Promise<TokenAnswer> {
    if (back.state !== pending.state) throw new LoginError("state_mismatch");
    const { issuer } = await this.#discover();
    if (back.iss !== null && back.iss !== issuer) throw new LoginError("issuer_mismatch");
    if (back.error !== null || back.code === null) throw new LoginError(back.error ?? "no_code");
    return this.#ask({ grant_type: "authorization_code", code: back.code, redirect_uri: RETURN, code_verifier: pending.verifier });
  }

  refresh(token: string): Promise<TokenAnswer> {
    return this.#ask({ grant_type: "refresh_token", refresh_token: token });
  }

  /**
   * Gives the refresh token back (RFC 7009), and names the address at which the issuer ends its own session; undefined if the issuer has none. It never
   * fails: the user has left already. The id token is not sent as a hint, since an address is no place for who somebody is.
   */
  async leave(refresh: string | undefined): Promise<string | undefined> {
    const client_id = this.#config.clientId ?? "";
    try {
      const { revocation_endpoint, end_session_endpoint } = await this.#discover();
      if (refresh !== undefined && revocation_endpoint !== undefined) {
        const body = new URLSearchParams({ token: refresh, token_type_hint: "refresh_token", client_id });
        // The page is about to go.
        await this.#read(revocation_endpoint, { method: "POST", body, keepalive: true, signal: AbortSignal.timeout(PATIENCE) }).catch(() => {});
      }
      if (end_session_endpoint === undefined) return undefined;
      const url = new URL(end_session_endpoint);
      // Cognito wants the second name.
      for (const [name, value] of Object.entries({ client_id, post_logout_redirect_uri: RETURN, logout_uri: RETURN })) url.searchParams.set(name, value);
      return url.href;
    } catch {
      return undefined;
    }
  }

  #discover(): Promise<Endpoints> {
    this.#endpoints ??= this.#read(`${this.#config.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`) as Promise<Endpoints>;
    // A failure is not kept: the next login tries again.
    this.#endpoints.catch(() => (this.#endpoints = undefined));
    return this.#endpoints;
  }

  async #ask(form: Record<string, string>): Promise<TokenAnswer> {
    const { token_endpoint } = await this.#discover();
    const body = new URLSearchParams({ ...form, client_id: this.#config.clientId ?? "" });
    return (await this.#read(token_endpoint, { method: "POST", body })) as TokenAnswer;
  }

  async #read(url: string, init: RequestInit = {}): Promise<unknown> {
    let answer: Response;
    try {
      answer = await this.#fetch(url, { ...init, credentials: "omit", redirect: "error", cache: "no-store" });
    } catch {
      throw new LoginError("issuer_unreachable");
    }
    const told = (await answer.json().catch(() => ({}))) as { error?: unknown };
    if (answer.ok) return told;
    throw new LoginError(typeof told.error === "string" ? told.error : `http_${answer.status}`);
  }
}
