// The record of processing, on the screen and on paper.
export default async function ({ assert, page, login, look }) {
  await login("read only");
  await page.getByRole("link", { name: "Facts" }).click();
  for (const name of ["Controller", "Processor", "Other processors", "Technical measures", "How long what is kept"]) await page.getByRole("heading", { name, exact: true }).waitFor();
  await page.getByRole("row", { name: /salesforce/ }).getByText("connected").waitFor();
  await look("facts");
  await page.emulateMedia({ media: "print" });
  assert.ok(!(await page.getByRole("navigation").isVisible()) && !(await page.getByRole("button", { name: "Print" }).isVisible()), "only the record is printed");
  await page.screenshot({ path: `${process.env.SHOTS}/facts-paper.png`, fullPage: true });
  await page.emulateMedia({ media: "screen" });
  assert.equal(await page.getByRole("button", { name: "Change" }).count(), 0, "who may only look is not offered to change");
  await page.setViewportSize({ width: 360, height: 740 });
  await look("facts-narrow");
}
