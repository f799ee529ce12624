// One person by keyboard alone: named, searched, the objection recorded and withdrawn, the erasure asked about and left with Escape.
export default async function ({ assert, given, page, login }) {
  await login();
  const focused = () => page.evaluate(() => {
    const at = document.activeElement;
    return at?.labels?.[0]?.querySelector("span")?.textContent ?? at?.textContent?.trim();
  });
  const tabTo = async (wanted) => {
    for (let step = 0; step < 60; step += 1) {
      await page.keyboard.press("Tab");
      if ((await focused()) === wanted) return;
    }
    assert.fail(`no way to ${wanted} by Tab`);
  };
  await tabTo("People");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "People" }).waitFor();
  await tabTo("E-mail addresses");
  await page.keyboard.type(given.email);
  await tabTo("Show what is held");
  await page.keyboard.press("Enter");
  await page.getByText("1 records, 0 assessments").waitFor();
  await tabTo("Record the objection");
  await page.keyboard.press("Enter");
  await page.getByText("The objection was recorded").waitFor();
  await page.keyboard.press("Shift+Tab");
  assert.equal(await focused(), "Withdraw the objection");
  await page.keyboard.press("Space");
  await page.getByText("The objection is withdrawn").waitFor();
  await tabTo("Erase");
  await page.keyboard.press("Enter");
  await page.getByRole("alertdialog").waitFor();
  assert.ok(await page.evaluate(() => document.activeElement?.closest('[role="alertdialog"]') !== null), "the question has the focus");
  await page.keyboard.press("Escape");
  await page.getByRole("alertdialog").waitFor({ state: "detached" });
  assert.equal(await focused(), "Erase", "the focus is where it was");
}
