// Everything by keyboard alone: from the login over the skip link to what is checked and set.
export default async function ({ given, page, choose, tabTo, becomes }) {
  await page.goto(`${given.console}connections`);
  await tabTo("Log in");
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.href.startsWith(given.issuer));
  await choose(page, "administrator");
  await tabTo("Skip to the page");
  await page.keyboard.press("Enter");
  await becomes(() => page.evaluate(() => document.activeElement?.id), "page");
  await tabTo("Check now");
  await page.keyboard.press("Space");
  await page.getByText("everything that copying needs is there").waitFor();
  await tabTo("Save");
}
