// Everything by keyboard alone: from the login over the skip link to a setting, and a question that is left with Escape.
export default async function ({ assert, given, page, choose }) {
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() || document.activeElement?.tagName);
  const tabTo = async (wanted) => {
    for (let step = 0; step < 60; step += 1) {
      await page.keyboard.press("Tab");
      if ((await focused()) === wanted) return;
    }
    assert.fail(`no way to ${wanted} by Tab`);
  };
  await page.goto(`${given.console}connections`);
  await page.getByRole("button", { name: "Log in" }).waitFor();
  await tabTo("Log in");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.href.startsWith(given.issuer));
  await choose(page, "administrator");
  await page.getByRole("button", { name: "Save" }).waitFor();
  await tabTo("Skip to the page");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "page");
  await tabTo("Check now");
  await page.keyboard.press("Space");
  await page.getByText("everything that copying needs is there").waitFor();
  await tabTo("Save");
}
