// A tenant without a CRM is told what to do, connects one by consent in another window, sees its first run, and connects another.
export default async function ({ assert, page, context, login, look, becomes }) {
  await login("administrator", "initech");
  await page.getByRole("heading", { name: "No CRM is connected" }).waitFor();
  await look("connect");
  await becomes(() => page.getByLabel("CRM").locator("option").allInnerTexts(), ["Salesforce", "HubSpot", "Dynamics 365"]);
  const [other] = await Promise.all([context.waitForEvent("page"), page.getByRole("button", { name: "Connect", exact: true }).click()]);
  await other.getByText("You can close this window").waitFor().catch(() => {});
  await page.getByRole("heading", { name: "salesforce" }).waitFor();
  await page.getByText("Nothing is copied yet").waitFor();
  // Nobody has to ask for the rights of a new connection.
  await page.getByText("everything that copying needs is there").waitFor();
  await page.getByRole("button", { name: "Sync now" }).click();
  await page.getByText("1 runs, the newest on the right").waitFor({ timeout: 60_000 });

  // One more, with a name of its own: that of another would connect the other one again.
  await page.getByText("Connect another CRM").click();
  const name = page.getByLabel("Name of the connection");
  const connect = page.getByRole("button", { name: "Connect", exact: true });
  await page.waitForFunction(() => document.querySelector(".connect .field input")?.value === "salesforce-2");
  await name.fill("salesforce");
  await page.getByText("There is a connection of this name").waitFor();
  assert.ok(await connect.isDisabled());
  await name.fill("sales-north");
  await page.getByText("The login begins at another address").click();
  await page.getByLabel("Address of the login").fill("https://login.nowhere.example");
  await connect.click();
  await page.getByRole("alert").getByText("/loginUrl").waitFor();
  await look("connect-another");
  await page.getByLabel("Address of the login").fill("");
  const [again] = await Promise.all([context.waitForEvent("page"), connect.click()]);
  await again.getByText("You can close this window").waitFor().catch(() => {});
  await page.getByRole("heading", { name: "sales-north" }).waitFor();
  await becomes(async () => (await page.getByLabel("Connection", { exact: true }).locator("option").allInnerTexts()).sort(), ["sales-north", "salesforce"]);
}
