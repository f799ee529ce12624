// Opens a page and looks at it, for the tests of run.js itself: what a page does wrong has to fail whatever flow meets it.
export default async function ({ given, page, context, look }) {
  await page.goto(`${given.console}${given.page}`);
  if (given.opens) await Promise.all([context.waitForEvent("page"), page.getByRole("link").click()]);
  await look("guards");
}
