// One person by keyboard alone: named, searched, the objection recorded and withdrawn, the erasure asked about and left with Escape.
export default async function ({ assert, given, page, login, tabTo, focused, becomes }) {
  await login();
  // The code of the page comes late: nothing may depend on how fast it is.
  let late = 0;
  await page.route("**/assets/People-*.js", async (route) => {
    late += 1;
    await new Promise((done) => setTimeout(done, 1_500));
    await route.continue();
  });
  await tabTo("People");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "People" }).waitFor();
  await tabTo("E-mail addresses");
  assert.equal(late, 1);
  await page.keyboard.type(given.email);
  await tabTo("Show what is held");
  await page.keyboard.press("Enter");
  await page.getByText("1 records, 0 assessments").waitFor();
  await tabTo("Record the objection");
  await page.keyboard.press("Enter");
  await page.getByText("The objection was recorded").waitFor();
  await page.keyboard.press("Shift+Tab");
  await becomes(focused, "Withdraw the objection");
  await page.keyboard.press("Space");
  await page.getByText("The objection is withdrawn").waitFor();
  await tabTo("Erase");
  await page.keyboard.press("Enter");
  await page.getByRole("alertdialog").waitFor();
  await becomes(() => page.evaluate(() => document.activeElement?.closest('[role="alertdialog"]') !== null), true, "the question has the focus");
  await page.keyboard.press("Escape");
  await page.getByRole("alertdialog").waitFor({ state: "detached" });
  await becomes(focused, "Erase", "the focus is where it was");
}
