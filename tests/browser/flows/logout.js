// A logout forgets the tokens before anything else, gives the refresh token back, ends the issuer's own session, and leaves nothing to go back to.
// A login that runs out is had again, also where the browser opens no window, and its failure is told.
export default async function ({ assert, given, page, context, login, choose }) {
  // Where the issuer gives refresh tokens, whoever logs out gives theirs back.
  await page.route("**/config.json", async (route) => {
    const answer = await route.fetch();
    const config = await answer.json();
    return route.fulfill({ response: answer, json: { ...config, scopes: `${config.scopes} offline_access` } });
  });
  await login("read only");
  await page.getByRole("link", { name: "Facts" }).click();
  await page.getByRole("heading", { level: 1, name: "Facts" }).waitFor();
  const revoked = page.waitForRequest((request) => request.url() === `${given.issuer}/revoke`);
  const left = page.waitForRequest((request) => request.url().startsWith(`${given.issuer}/logout?`));
  await page.getByRole("button", { name: "Log out" }).click();
  const token = new URLSearchParams((await revoked).postData()).get("token");
  assert.match(token, /^[\w-]{32}$/);
  assert.deepEqual([...new URL((await left).url()).searchParams.keys()], ["client_id", "post_logout_redirect_uri", "logout_uri"], "nothing about the user is in the address");
  await page.getByRole("button", { name: "Log in" }).waitFor();
  const answer = await context.request.post(`${given.issuer}/token`, { form: { grant_type: "refresh_token", refresh_token: token, client_id: "console" } });
  assert.equal(answer.status(), 400, "the refresh token works no more");
  await page.goBack();
  await page.getByRole("button", { name: "Log in" }).waitFor();
  assert.equal(await page.getByRole("navigation").count(), 0, "nobody is logged in on the way back");
  await page.unroute("**/config.json");

  // A page that the browser kept as it was is loaded anew.
  await login("read only");
  await page.getByRole("heading", { name: "What is copied" }).waitFor();
  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
  await page.getByRole("button", { name: "Log in" }).waitFor();

  // A window that is blocked is opened by hand; a login that fails says so.
  await page.addInitScript(() => (window.open = () => null));
  await page.reload();
  await login("read only");
  await page.route("**/v1/facts/processing", (route) => route.fulfill({ status: 401, contentType: "application/json", body: '{"message":"Unauthorized"}' }), { times: 1 });
  await page.getByRole("link", { name: "Facts" }).click();
  const over = page.getByRole("alertdialog", { name: "Your login has run out" });
  const again = async () => {
    await over.getByRole("button", { name: "Log in again" }).click();
    const [other] = await Promise.all([context.waitForEvent("page"), over.getByRole("link", { name: "Open it here" }).click()]);
    return other;
  };
  await page.route(`${given.issuer}/token`, (route) => route.fulfill({ status: 400, headers: { "access-control-allow-origin": "*" }, contentType: "application/json", body: '{"error":"invalid_grant"}' }), { times: 1 });
  await choose(await again(), "read only");
  await over.getByRole("alert").getByText("The login did not succeed (invalid_grant)").waitFor();
  await choose(await again(), "read only");
  await page.waitForFunction(() => document.querySelector('[role="alertdialog"]') === null);
  await page.getByRole("heading", { name: "Controller", exact: true }).waitFor();
}
