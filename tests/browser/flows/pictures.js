// The pictures of README, of pages with made-up data that mean nobody harm. They go to target/console; copy them to infra/docs/pictures.
export const settings = { viewport: { width: 1080, height: 700 } };

export default async function ({ page, login }) {
  await page.emulateMedia({ reducedMotion: "reduce" });
  const picture = (name) => page.screenshot({ path: `${process.env.SHOTS}/picture-${name}.png` });
  await login();
  await page.getByText("agrees").first().waitFor();
  await page.getByText(/\d+ runs, the newest on the right/).waitFor();
  await picture("connections");

  await page.getByRole("link", { name: "Relations" }).click();
  await page.locator(".compared tbody tr").nth(2).waitFor();
  await page.getByText("records belong to it").waitFor();
  await picture("relations");

  await page.getByRole("link", { name: "Create" }).click();
  await page.getByLabel("Object").selectOption("Contact");
  await page.getByLabel("For what a person is written to the CRM").fill("outreach");
  for (const [field, value] of Object.entries({ FirstName: "Mara", LastName: "Beispiel", Email: "mara.beispiel@musterwerk.example", Title: "Head of purchasing" })) {
    await page.getByRole("button", { name: "Add a field" }).click();
    await page.getByLabel("Field", { exact: true }).last().fill(field);
    await page.getByLabel(field, { exact: true }).fill(value);
  }
  await page.getByRole("button", { name: "Check" }).click();
  await page.getByText("a legal basis for this purpose").waitFor();
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await picture("create");
}
