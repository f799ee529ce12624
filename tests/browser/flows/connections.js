// The state of a connection at a glance, a run that is asked for and watched, the history, rights, settings.
export default async function ({ assert, given, page, login, look }) {
  await login();
  const row = (name) => page.getByRole("row", { name: new RegExp(`^${name} `) });
  for (const [object, held] of Object.entries(given.held)) {
    assert.match(await row(object).innerText(), new RegExp(`${held}\\s+agrees`), object);
  }
  await page.getByText("1 runs, the newest on the right").waitFor();

  await page.getByRole("button", { name: "Sync now" }).click();
  await page.getByText("A run is under way").waitFor();
  await page.getByText("2 runs, the newest on the right").waitFor({ timeout: 60_000 });
  await page.getByLabel("Show", { exact: true }).selectOption("requests");
  await page.getByText("The same as a table").click();

  await page.getByRole("button", { name: "Check now" }).click();
  await page.getByText("everything that copying needs is there").waitFor();
  await page.getByText(/The next run will take about \d+ requests/).waitFor();

  await page.getByLabel("The daily run begins after").selectOption("5");
  await page.getByText("Fields of your own").click();
  await page.getByLabel("VAT number").first().fill("VAT__c");
  await page.getByRole("button", { name: "Save" }).click();
  await page.waitForFunction(() => document.querySelector(".settings select").value === "5");
  await look("connections");
  await page.emulateMedia({ colorScheme: "dark" });
  await look("connections-dark");
  await page.setViewportSize({ width: 360, height: 740 });
  await look("connections-narrow-dark");
  await page.emulateMedia({ colorScheme: "light" });
  await look("connections-narrow");
}
