// Where the browser opens no window, a CRM is connected by the user's own hand. Only the answer to what was begun last counts, a refusal says so,
// and a connection that is made again is seen at once.
// So long a page waits for the next look at a connection that does nothing, in milliseconds: CALM in Connections.tsx.
const CALM = 30_000;

export default async function ({ assert, given, page, context, login, look, becomes }) {
  await page.addInitScript(() => (window.open = () => null));
  await login("administrator", "umbrella");
  const sent = [];
  // Without a route the browser does not tell what a request from a stream sends.
  await page.route("**/v1/connections", (route) => {
    if (route.request().method() === "POST") sent.push(route.request().postDataJSON());
    return route.fallback();
  });
  const connect = page.getByRole("button", { name: "Connect", exact: true });
  const link = page.getByRole("link", { name: "Open it here" });
  const way = () => link.getAttribute("href");
  await connect.click();
  await link.waitFor();
  await page.getByText("No window has opened?").waitFor();
  await look("connect-blocked");
  const first = await way();
  await connect.click();
  await becomes(async () => (await link.count()) === 1 && (await way()) !== first, true, "it is begun anew");

  // Whoever consents to what was given up connects nothing.
  const stale = await context.newPage();
  await stale.goto(first);
  await stale.getByText("You can close this window").waitFor();
  await page.evaluate((url) => fetch(url, { cache: "no-store" }), `${given.console}config.json`);
  assert.deepEqual(sent, []);
  await link.waitFor();

  const state = new URL(await way()).searchParams.get("state");
  await stale.goto(`${given.console}connected?${new URLSearchParams({ error: "access_denied", state })}`);
  await page.getByRole("alert").getByText("The CRM did not grant it (access_denied)").waitFor();
  await link.waitFor({ state: "detached" });

  await connect.click();
  // That window closes itself when the user is back.
  await Promise.all([context.waitForEvent("page"), link.click()]);
  await page.getByRole("heading", { name: "salesforce" }).waitFor();
  assert.equal(sent.length, 1);
  assert.notEqual(sent[0].state, state);

  // The page asks for the state anew when the connection is made again, and not when the next look at it is due. The grant is not really lost,
  // so the API's part is played here.
  await page.route("**/v1/integrations/salesforce", async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    return route.fulfill({ response: answer, json: sent.length < 2 ? { ...body, status: "needs_reconnect" } : body });
  });
  await page.route("**/v1/integrations/salesforce/connection", (route) => route.fulfill({ status: 201, json: { authorizationUrl: `${given.issuer}/consent?state=again` } }));
  await page.route("**/v1/connections", (route) => {
    if (route.request().method() === "POST") sent.push(route.request().postDataJSON());
    return route.fulfill({ status: 201, json: {} });
  });
  const again = page.getByRole("button", { name: "Connect again" });
  await again.waitFor({ timeout: 2 * CALM });
  await again.click();
  await link.waitFor();
  await stale.goto(`${given.console}connected?code=other&state=of-another-tab`);
  await stale.goto(`${given.console}connected?code=fresh&state=again`);
  await again.waitFor({ state: "detached", timeout: CALM / 2 });
  assert.deepEqual(sent.slice(1), [{ state: "again", code: "fresh" }]);
}
