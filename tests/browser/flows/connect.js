// A tenant without a CRM is told what to do, connects one by consent in another window, and sees its first run.
export default async function ({ assert, page, context, login, look }) {
  await login("administrator", "initech");
  await page.getByRole("heading", { name: "No CRM is connected" }).waitFor();
  await look("connect");
  assert.deepEqual(await page.getByLabel("CRM").locator("option").allInnerTexts(), ["Salesforce", "HubSpot"]);
  const [other] = await Promise.all([context.waitForEvent("page"), page.getByRole("button", { name: "Connect", exact: true }).click()]);
  await other.getByText("You can close this window").waitFor().catch(() => {});
  await page.getByRole("heading", { name: "salesforce" }).waitFor();
  await page.getByText("Nothing is copied yet").waitFor();
  await page.getByRole("button", { name: "Sync now" }).click();
  await page.getByText("1 runs, the newest on the right").waitFor({ timeout: 60_000 });
}
