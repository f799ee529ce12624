// Which columns of a company fill which fields of a new record: stated in the settings, kept, and seen when a record is prepared.
export default async function ({ assert, given, page, login, look, becomes }) {
  await login();
  const summary = page.getByText("Fields that a company fills in a new record");
  await summary.click();
  const lines = page.locator(".filled");
  const add = page.getByRole("button", { name: "Add a field that is filled" });
  const set = async (n, field, column) => {
    await add.click();
    await lines.nth(n).getByLabel("Object").selectOption("Account");
    await lines.nth(n).getByLabel("Field", { exact: true }).fill(field);
    await lines.nth(n).getByLabel("Filled from").selectOption({ label: column });
  };
  await set(0, "VAT_ID__c", "City");
  // What the CRM calls the field stands below its name.
  await lines.nth(0).locator("small").getByText(given.label, { exact: true }).waitFor();
  await set(1, "Website", "stays empty");
  await set(2, "Fax", "LEI");
  await page.getByRole("button", { name: "Leave out: Fax" }).click();
  await becomes(() => lines.count(), 2);
  await look("company-fields");
  const save = page.getByRole("button", { name: "Save" });
  await save.click();
  await page.getByRole("status").getByText("Saved.").waitFor();
  await becomes(() => lines.count(), 2);

  await page.getByRole("link", { name: "Create" }).click();
  await page.getByLabel("Object").selectOption("Account");
  await page.getByLabel("For a company").fill(given.company);
  await page.getByRole("button", { name: "Check" }).click();
  const sent = page.getByRole("region", { name: "What would be sent" }).locator(".facts div");
  await sent.filter({ has: page.getByText(given.label, { exact: true }) }).getByText(given.city, { exact: true }).waitFor();

  // Whoever comes back finds the lines, and a field that the API does not take is named.
  await page.getByRole("link", { name: "Connections" }).click();
  await summary.click();
  await becomes(async () => (await lines.getByLabel("Field", { exact: true }).evaluateAll((all) => all.map(({ value }) => value))).sort(), ["VAT_ID__c", "Website"]);
  await page.route("**/settings", (route) => (route.request().method() === "PUT"
    ? route.fulfill({ status: 422, contentType: "application/problem+json", body: '{"type":"urn:abgleich:problem:field-malformed","title":"This is not the name of a field","status":422,"field":"/companyFields/Account","requestId":"request-1"}' })
    : route.continue()));
  await lines.nth(0).getByRole("button", { name: /^Leave out/ }).click();
  await save.click();
  await page.getByRole("alert").getByText("/companyFields/Account").waitFor();
  await becomes(() => lines.count(), 1, "what was changed is kept");
  assert.equal(await page.getByText("Saved.").count(), 0);
}
