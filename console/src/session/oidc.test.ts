import { beforeAll, describe, expect, it, vi } from "vitest";
import type * as Module from "./oidc.ts";

const CONFIG = { issuer: "https://issuer.example.com/pool/", clientId: "page", scopes: "openid abgleich/read", audience: "abgleich" };
const ENDPOINTS = { issuer: "https://issuer.example.com/pool/", authorization_endpoint: "https://login.example.com/authorize?lang=de", token_endpoint: "https://login.example.com/token" };

let module: typeof Module;
beforeAll(async () => {
  vi.stubGlobal("document", { baseURI: "https://api.example.com/abgleich/console/removal?integration=crm" });
  module = await import("./oidc.ts");
});

function issuer(tokens: object = { access_token: "t" }, status = 200) {
  const asked: { url: string; form: Record<string, string> }[] = [];
  const fetching = async (url: unknown, init: RequestInit = {}) => {
    if (String(url).endsWith("/.well-known/openid-configuration")) return Response.json(ENDPOINTS);
    asked.push({ url: String(url), form: Object.fromEntries(init.body as URLSearchParams) });
    return Response.json(tokens, { status });
  };
  return { asked, oidc: new module.Oidc(CONFIG, fetching as typeof fetch) };
}

describe("a login", () => {
  it("asks for a code with a challenge that its verifier has, and for nothing else", async () => {
    const { oidc } = issuer();
    const { url, pending } = await oidc.begin("removal?integration=crm");
    const asked = Object.fromEntries(new URL(url).searchParams);
    const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(pending.verifier));
    expect(asked).toEqual({
      lang: "de", response_type: "code", client_id: "page", redirect_uri: "https://api.example.com/abgleich/console/login", scope: "openid abgleich/read", audience: "abgleich",
      state: pending.state, code_challenge: Buffer.from(hash).toString("base64url"), code_challenge_method: "S256",
    });
    expect(pending.verifier).toMatch(/^[\w-]{43}$/);
    expect((await oidc.begin("")).pending.state).not.toBe(pending.state);
  });

  it("hands the code over with the verifier, once", async () => {
    const { oidc, asked } = issuer();
    const { pending } = await oidc.begin("");
    await oidc.complete({ state: pending.state, code: "c-1", iss: ENDPOINTS.issuer, error: null }, pending);
    expect(asked).toEqual([{
      url: ENDPOINTS.token_endpoint,
      form: { grant_type: "authorization_code", code: "c-1", redirect_uri: "https://api.example.com/abgleich/console/login", code_verifier: pending.verifier, client_id: "page" },
    }]);
  });

  it("takes no answer to another login, of another issuer, or without a code, and asks nothing then", async () => {
    const { oidc, asked } = issuer();
    const { pending } = await oidc.begin("");
    const good = { state: pending.state, code: "c-1", iss: ENDPOINTS.issuer as string | null, error: null as string | null };
    for (const [wrong, code] of [
      [{ state: "forged" }, "state_mismatch"], [{ iss: "https://other.example.com" }, "issuer_mismatch"], [{ error: "access_denied" }, "access_denied"], [{ code: null }, "no_code"],
    ] as const) {
      await expect(oidc.complete({ ...good, ...wrong } as Module.Return, pending)).rejects.toMatchObject({ code });
    }
    expect(asked).toEqual([]);
  });

  it("gives the refresh token back at its end, and names the place where the issuer ends its own session", async () => {
    const asked: unknown[] = [];
    const fetching = async (url: unknown, { body }: RequestInit = {}) => {
      if (!body) return Response.json({ ...ENDPOINTS, revocation_endpoint: "https://login.example.com/revoke", end_session_endpoint: "https://login.example.com/logout?lang=de" });
      asked.push([url, Object.fromEntries(body as URLSearchParams)]);
      return Response.json({}, { status: 500 });
    };
    const place = new URL((await new module.Oidc(CONFIG, fetching as typeof fetch).leave("r-1")) ?? "");
    expect(asked).toEqual([["https://login.example.com/revoke", { token: "r-1", token_type_hint: "refresh_token", client_id: "page" }]]);
    const back = "https://api.example.com/abgleich/console/login";
    expect([place.origin + place.pathname, Object.fromEntries(place.searchParams)]).toEqual(["https://login.example.com/logout", { lang: "de", client_id: "page", post_logout_redirect_uri: back, logout_uri: back }]);
  });

  it("ends where the issuer names no place for it, or does not answer", async () => {
    const { oidc, asked } = issuer();
    expect([await oidc.leave("r-1"), asked]).toEqual([undefined, []]);
    expect(await new module.Oidc(CONFIG, () => Promise.reject(new TypeError("no network"))).leave("r-1")).toBeUndefined();
  });

  it("says what the issuer says, and that there is no client", async () => {
    const { oidc } = issuer({ error: "invalid_grant" }, 400);
    const { pending } = await oidc.begin("");
    await expect(oidc.complete({ state: pending.state, code: "c", iss: null, error: null }, pending)).rejects.toMatchObject({ code: "invalid_grant" });
    await expect(new module.Oidc({ ...CONFIG, clientId: null }).begin("")).rejects.toMatchObject({ code: "not_set_up" });
    const lost = new module.Oidc(CONFIG, () => Promise.reject(new TypeError("no network")));
    await expect(lost.begin("")).rejects.toMatchObject({ code: "issuer_unreachable" });
  });
});
