// The state of a connection at a glance, a run that is asked for and watched, the history, rights, settings.
export default async function ({ assert, given, page, login, look, becomes }) {
  await login();
  const row = (name) => page.getByRole("row", { name: new RegExp(`^${name} `) });
  for (const [object, held] of Object.entries(given.held)) {
    await becomes(async () => new RegExp(`${held}\\s+agrees`).test(await row(object).innerText()), true, `${object}: ${held}`);
  }
  await page.getByText(`${given.runs} runs, the newest on the right`).waitFor();

  await page.getByRole("button", { name: "Sync now" }).click();
  await page.getByText("A run is under way").waitFor();
  await page.getByText(`${given.runs + 1} runs, the newest on the right`).waitFor({ timeout: 60_000 });
  await page.getByLabel("Show", { exact: true }).selectOption("requests");
  await page.getByText("The same as a table").click();

  await page.getByRole("button", { name: "Check now" }).click();
  await page.getByText("everything that copying needs is there").waitFor();
  await page.getByText(/The next run will take about \d+ requests/).waitFor();

  await page.getByLabel("The daily run begins after").selectOption("5");
  await page.getByText("Fields of your own").click();
  await page.getByLabel("VAT number").first().fill("VAT__c");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("status").getByText("Saved.").waitFor();
  await becomes(() => page.getByLabel("The daily run begins after").inputValue(), "5");

  // Somebody else saves first: nothing of either is lost, and nothing is saved that was not seen.
  let isFirst = true;
  await page.route("**/settings", async (route) => {
    if (route.request().method() !== "PUT" || !isFirst) return route.continue();
    isFirst = false;
    const given = await route.request().allHeaders();
    const headers = Object.fromEntries(["authorization", "content-type", "if-match"].map((name) => [name, given[name]]));
    const theirs = await page.request.put(route.request().url(), { headers, data: { ...route.request().postDataJSON(), scheduleHour: 5, crmSharePercent: 50 } });
    assert.equal(theirs.status(), 200, await theirs.text());
    await route.continue();
  });
  await page.getByLabel("The daily run begins after").selectOption("6");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Somebody else changed the settings meanwhile").waitFor();
  const chosen = async () => [await page.getByLabel("The daily run begins after").inputValue(), await page.getByLabel("Share of the CRM's daily budget").inputValue()];
  await becomes(chosen, ["6", "50"]);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("status").getByText("Saved.").waitFor();
  await becomes(chosen, ["6", "50"]);
  await look("connections");
  await page.emulateMedia({ colorScheme: "dark" });
  await look("connections-dark");
  await page.setViewportSize({ width: 360, height: 740 });
  await look("connections-narrow-dark");
  await page.emulateMedia({ colorScheme: "light" });
  await look("connections-narrow");
}
