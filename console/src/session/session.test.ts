import { describe, expect, it } from "vitest";
import { returned, Session } from "./session.ts";

function tokenOf(claims: object): string {
  return `h.${btoa(JSON.stringify(claims)).replaceAll("=", "")}.s`;
}

const ANN = { sub: "ann", tenant: "acme", scope: "abgleich/read abgleich/write" };

function session(refresh: (token: string) => Promise<{ access_token: string; expires_in: number }> = () => Promise.reject(new Error("none"))) {
  const clock = { now: 0 };
  const oidc = { begin: () => Promise.reject(new Error()), complete: () => Promise.reject(new Error()), refresh };
  return { clock, session: new Session(oidc, () => clock.now) };
}

describe("a session", () => {
  it("offers what the token's scopes allow", () => {
    const { session: one } = session();
    one.take({ access_token: tokenOf(ANN) });
    expect([one.user?.tenant, one.user?.id, one.may("abgleich/write"), one.may("abgleich/admin")]).toEqual(["acme", "ann", true, false]);
  });

  it("gives the token until shortly before it runs out, and then waits for a login", async () => {
    const { session: one, clock } = session();
    const first = tokenOf(ANN);
    one.take({ access_token: first, expires_in: 60 });
    expect(await one.token()).toBe(first);
    clock.now = 31_000;
    const waiting = Promise.all([one.token(), one.token()]);
    await Promise.resolve();
    await Promise.resolve();
    expect(one.isOver).toBe(true);
    const second = tokenOf({ ...ANN, iat: 2 });
    one.take({ access_token: second, expires_in: 60 });
    expect(await waiting).toEqual([second, second]);
    expect(one.isOver).toBe(false);
  });

  it("waits for another token after one was refused, however young it is", async () => {
    const { session: one } = session();
    const first = tokenOf(ANN);
    one.take({ access_token: first, expires_in: 600 });
    const waiting = one.token(first);
    await Promise.resolve();
    const second = tokenOf({ ...ANN, iat: 2 });
    one.take({ access_token: second, expires_in: 600 });
    expect(await waiting).toBe(second);
  });

  it("renews once for all who ask, where the issuer gave a refresh token", async () => {
    const asked: string[] = [];
    const second = tokenOf({ ...ANN, iat: 2 });
    const { session: one, clock } = session(async (token) => {
      asked.push(token);
      return { access_token: second, expires_in: 60 };
    });
    one.take({ access_token: tokenOf(ANN), expires_in: 60, refresh_token: "r-1" });
    clock.now = 59_000;
    expect(await Promise.all([one.token(), one.token()])).toEqual([second, second]);
    expect([asked, one.isOver]).toEqual([["r-1"], false]);
  });

  it("takes a token that cannot be read, and offers nothing", () => {
    const { session: one } = session();
    one.take({ access_token: "opaque" });
    expect([one.user?.tenant, one.may("abgleich/read")]).toEqual(["", false]);
  });
});

it("reads what the issuer sent", () => {
  expect(returned("?state=s&code=c&iss=https%3A%2F%2Fi")).toEqual({ state: "s", code: "c", iss: "https://i", error: null });
});
