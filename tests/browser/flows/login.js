// A login ends with tokens in memory only; what a user may not do is not offered.
export default async function ({ assert, given, page, login, look, becomes }) {
  await page.goto(`${given.console}connections`);
  await look("welcome");
  await login("read only");
  await page.getByRole("heading", { level: 1, name: "Connections" }).waitFor();
  await page.getByRole("heading", { name: "What is copied" }).waitFor();
  await page.getByLabel("VAT number").first().waitFor({ state: "attached" });
  assert.equal(new URL(page.url()).search, "", "the code has left the address");
  const kept = await page.evaluate(async () => [localStorage.length, sessionStorage.length, document.cookie, (await indexedDB.databases()).length]);
  assert.deepEqual(kept, [0, 0, "", 0]);
  assert.match(await page.locator(".user").innerText(), /read-only-1 · acme/);
  for (const name of ["Sync now", "Save", "Check now"]) assert.equal(await page.getByRole("button", { name }).count(), 0, name);
  assert.equal(await page.locator("fieldset:not([disabled]) input").count(), 0);

  // An answer that nobody asked for logs nobody in.
  await page.goto(`${given.console}login?code=stolen&state=forged&iss=${encodeURIComponent(given.issuer)}`);
  await page.getByText("You can close this window").waitFor();
  await becomes(() => new URL(page.url()).search, "");
}
