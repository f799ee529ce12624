import { describe, expect, it, vi } from "vitest";
import { elsewhere, returned, Session, tellOpener } from "./session.ts";

function tokenOf(claims: object): string {
  return `h.${btoa(JSON.stringify(claims)).replaceAll("=", "")}.s`;
}

const ANN = { sub: "ann", tenant: "acme", scope: "abgleich/read abgleich/write" };

function session(refresh: (token: string) => Promise<{ access_token: string; expires_in: number }> = () => Promise.reject(new Error("none"))) {
  const clock = { now: 0 };
  const given: (string | undefined)[] = [];
  const leave = async (token: string | undefined) => (given.push(token), "https://issuer.example.com/logout");
  const oidc = { begin: () => Promise.reject(new Error()), complete: () => Promise.reject(new Error()), refresh, leave };
  return { clock, given, session: new Session(oidc, () => clock.now) };
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

it("forgets the tokens before the issuer is asked to end anything", async () => {
  const { session: one, given } = session();
  one.take({ access_token: tokenOf(ANN), refresh_token: "r-1" });
  let heard = 0;
  one.subscribe(() => (heard += 1));
  const place = one.end();
  expect([one.user, one.may("abgleich/read"), one.hasEnded, heard]).toEqual([undefined, false, true, 1]);
  expect([await place, given]).toEqual(["https://issuer.example.com/logout", ["r-1"]]);
});

it("takes no tokens after its end: a renewal that was under way is given back", async () => {
  let renewed: (answer: { access_token: string; expires_in: number; refresh_token: string }) => void = () => {};
  const { session: one, clock, given } = session(() => new Promise((resolve) => (renewed = resolve)));
  one.take({ access_token: tokenOf(ANN), expires_in: 60, refresh_token: "r-1" });
  clock.now = 59_000;
  void one.token();
  await one.end();
  renewed({ access_token: tokenOf({ ...ANN, iat: 2 }), expires_in: 60, refresh_token: "r-2" });
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect([one.user, given]).toEqual([undefined, ["r-1", "r-2"]]);
});

describe("a window at another host", () => {
  const URL_OF = (state: string) => `https://crm.example.com/authorize?client_id=page&state=${state}`;
  vi.stubGlobal("window", { open: () => null });

  it("answers whoever began it, and no other that waits", async () => {
    const stop = new AbortController();
    const [first, second] = [elsewhere("consent", URL_OF("s-1"), stop.signal), elsewhere("consent", URL_OF("s-2"), stop.signal)];
    const login = elsewhere("login", URL_OF("s-1"), stop.signal);
    tellOpener("consent", "?state=forged&code=c-0");
    tellOpener("consent", "?state=s-2&code=c-2");
    tellOpener("consent", "?state=s-1&code=c-1");
    expect(await Promise.all([first, second])).toEqual(["?state=s-1&code=c-1", "?state=s-2&code=c-2"]);
    stop.abort();
    await expect(login).rejects.toMatchObject({ name: "AbortError" });
  });
});

it("reads what the issuer sent", () => {
  expect(returned("?state=s&code=c&iss=https%3A%2F%2Fi")).toEqual({ state: "s", code: "c", iss: "https://i", error: null });
});
