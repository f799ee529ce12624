// Opens a page and looks at it, for the tests of run.js itself: what a page does wrong has to fail whatever flow meets it.
export default async function ({ given, page, context, look, tabTo }) {
  await page.goto(`${given.console}${given.page}`);
  if (given.opens) await Promise.all([context.waitForEvent("page"), page.getByRole("link").click()]);
  if (given.tab) await tabTo(given.tab);
  await look("guards");
  if (given.leaves) {
    await page.route("**/slow.js", async (route) => route.fulfill({ response: await route.fetch() }));
    const asked = page.waitForRequest("**/slow.js");
    await page.evaluate(() => document.head.append(Object.assign(document.createElement("script"), { src: "slow.js" })));
    await asked;
  }
}
