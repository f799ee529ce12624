// Relations are decided by keyboard alone: approve, block and take it back, name another company.
export default async function ({ assert, given, page, login, look, becomes }) {
  await login();
  await page.getByRole("link", { name: "Relations" }).click();
  const list = page.getByRole("listbox", { name: "Suggested relations" });
  await list.waitFor();
  const nth = (n) => list.getByRole("option").nth(n);
  const isChosen = (n, what) => becomes(() => nth(n).getAttribute("aria-selected"), "true", what);
  await page.getByRole("heading", { name: "Why it may be this company" }).waitFor();
  await page.locator(".review tbody tr").first().waitFor();
  // Both sides stand beside each other, and what differs is marked.
  const column = (n) => page.locator(`.review tbody td:nth-of-type(${n})`);
  for (const value of Object.values(given.record)) await column(1).getByText(value, { exact: true }).first().waitFor();
  for (const value of Object.values(given.values)) await column(2).getByText(value, { exact: true }).first().waitFor();
  await list.getByText(given.values.name, { exact: true }).first().waitFor();
  await becomes(() => page.locator(".review tbody tr.different").count(), given.different);
  const said = await page.locator(".compared small").allInnerTexts();
  assert.ok(said.length > 0 && said.every((one) => /^(The|Street|Web|No|Another) /.test(one)), said.join(" | "));
  await page.getByLabel("Language").selectOption("de");
  await page.getByRole("heading", { name: "Warum es diese Firma sein kann" }).waitFor();
  const german = await page.locator(".compared small").allInnerTexts();
  assert.ok(german.length === said.length && german.every((one) => /^(Der|Die|Das|Straße|Website) /.test(one)), german.join(" | "));
  await look("relations-german");
  await page.getByLabel("Sprache").selectOption("en");
  await list.focus();
  await page.keyboard.press("j");
  await isChosen(1);
  await page.keyboard.press("k");
  await look("relations");
  await page.keyboard.press("a");
  await nth(0).getByText("approved").waitFor();
  await isChosen(1, "the next one is chosen");

  await page.keyboard.press("b");
  await nth(1).getByText("blocked").waitFor();
  await page.keyboard.press("u");
  await page.waitForFunction(() => document.querySelectorAll('[role="option"] .mark').length === 1);
  await isChosen(1, "what was taken back is chosen");

  await page.keyboard.press("j");
  await page.keyboard.press("o");
  await page.getByLabel("Id of the company that it is").fill(given.other);
  await page.locator(".other").getByText("Zwillingskugel GmbH").waitFor();
  await page.keyboard.press("Enter");
  await nth(2).getByText("approved").waitFor();

  // A decision that is refused is none, and says why. The selection stays where the user is: the next key is for the pair that is seen.
  const refusals = [];
  await page.route("**/relations", (route) => {
    refusals.push(() => route.fulfill({ status: 409, contentType: "application/problem+json", body: '{"type":"urn:abgleich:problem:changed-meanwhile","title":"Another request changed it in the meantime","status":409,"requestId":"request-1"}' }));
  });
  const refused = async (n) => {
    await becomes(() => refusals.length >= n, true);
    // A request that follows all others has come: whatever else was sent came before it.
    await page.evaluate((url) => fetch(url, { cache: "no-store" }), `${given.console}config.json`);
    assert.equal(refusals.length, n, "one request for each decision");
    await Promise.all(refusals.splice(0).map((refuse) => refuse()));
  };
  await nth(1).click();
  await page.getByRole("button", { name: "Approve" }).click();
  await list.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await refused(1);
  await page.getByRole("alert").getByText("Another request changed it in the meantime").waitFor();
  await nth(1).getByText("not saved").waitFor();
  assert.equal(await nth(1).getByText("approved").count(), 0);
  await isChosen(2, "the selection stays");

  // A key that is held down decides about one pair.
  await nth(1).click();
  for (let times = 0; times < 4; times += 1) await page.keyboard.down("a");
  await page.keyboard.up("a");
  await refused(1);
  await nth(1).getByText("not saved").waitFor();
  await becomes(() => page.evaluate(() => document.activeElement?.getAttribute("role")), "listbox", "whoever goes on is not taken away");

  // A page of the list that fails leaves the keyboard where it is, too, and is read again when it is asked for.
  let isDown = true;
  await page.route("**/relations/suggested*", async (route) => {
    if (!route.request().url().includes("cursor=")) {
      const answer = await route.fetch();
      return route.fulfill({ response: answer, json: { ...(await answer.json()), cursor: "more" } });
    }
    if (isDown) return route.fulfill({ status: 403, contentType: "application/problem+json", body: '{"type":"urn:abgleich:problem:not-allowed","title":"Not this page","status":403,"requestId":"request-2"}' });
    return route.fulfill({ json: { suggestions: [], cursor: null, freshness: [] } });
  });
  await page.getByRole("link", { name: "Facts" }).click();
  await page.getByRole("heading", { level: 1, name: "Facts" }).waitFor();
  await page.getByRole("link", { name: "Relations" }).click();
  await list.focus();
  await page.keyboard.press("End");
  await page.getByRole("alert").getByText("Not this page").waitFor();
  await becomes(() => page.evaluate(() => document.activeElement?.getAttribute("role")), "listbox");
  await page.keyboard.press("Home");
  await isChosen(0);
  isDown = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("alert").waitFor({ state: "detached" });
  await page.emulateMedia({ colorScheme: "dark" });
  await look("relations-dark");
  await page.setViewportSize({ width: 360, height: 740 });
  await look("relations-narrow");
}
