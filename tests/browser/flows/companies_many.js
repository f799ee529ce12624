// 5,000 companies: steps with progress, of which a failed one loses nothing; only rows that are seen are drawn, and nothing blocks the page.
// Browsers call a task long that takes more than this, in milliseconds.
const LONG = 50;

export default async function ({ assert, page, login, look, trace }) {
  await login();
  await page.getByRole("link", { name: "Companies" }).click();
  await page.getByText("Nothing has been looked up yet").waitFor();
  let steps = 0;
  await page.route("**/companies/status", async (route) => {
    steps += 1;
    if (steps === 10) return route.fulfill({ status: 400, contentType: "application/problem+json", body: '{"type":"urn:abgleich:problem:bad-request","title":"Not this time","status":400,"requestId":"request-10"}' });
    const { companies } = route.request().postDataJSON();
    const status = (company, n) => ({ company, inCrm: ["yes", "perhaps", "no"][n % 3], records: [], relatedRecords: 1, owner: null, openOpportunities: n, openTasks: 0, isPartial: false, lastActivity: null, confirmed: null });
    await route.fulfill({ json: { companies: companies.map(status), freshness: [] } });
  });
  const traced = await trace();
  const rows = Array.from({ length: 5_000 }, (_, at) => `"Firma ${at}";COMP-${at}`);
  await page.getByLabel(/choose or drop/).setInputFiles({ name: "many.csv", mimeType: "text/csv", buffer: Buffer.from(`name;company\n${rows.join("\n")}`) });
  await page.getByRole("alert").getByText("Not this time").waitFor();
  await page.getByRole("alert").getByText("request-10").waitFor();
  await page.getByText("900 of 5,000 looked up").waitFor();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("all (5,000)").waitFor({ state: "attached", timeout: 60_000 });
  assert.equal(steps, 51, "nothing is asked twice but the step that failed");
  const grid = page.getByRole("grid");
  await grid.focus();
  await page.keyboard.press("End");
  await grid.getByText("COMP-4999").waitFor();
  await page.keyboard.press("PageUp");
  await page.evaluate(async () => {
    const box = document.querySelector('[role="grid"]');
    for (box.scrollTop = 0; box.scrollTop + box.clientHeight < box.scrollHeight; box.scrollTop += 6_000) await new Promise(requestAnimationFrame);
  });
  assert.ok((await grid.getByRole("row").count()) < 60, "only rows that are seen are drawn");
  const { took, worked } = await traced();
  assert.ok(Math.max(...worked) < LONG, `the page stood still for ${worked.filter((one) => one >= LONG)} ms`);
  await look("companies-many");

  // On a telephone the list has no room for the owner and the last activity: the picture has them, and says where it did not count to the end.
  await page.route("**/companies?*", (route) => {
    const status = { company: "COMP-0", inCrm: "yes", records: [], relatedRecords: 900, owner: "Olga Beispiel", openOpportunities: 12, openTasks: 3, isPartial: true, lastActivity: "2026-11-24", confirmed: null };
    return route.fulfill({ json: { status, records: [], freshness: [] } });
  });
  await page.setViewportSize({ width: 360, height: 740 });
  await grid.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("Enter");
  const fact = (name) => page.locator(".picture .facts div").filter({ hasText: name }).innerText();
  await page.locator(".picture .facts").waitFor();
  assert.match(await fact("Owner"), /Olga Beispiel/);
  assert.match(await fact("Last activity"), /24 Nov 2026/);
  assert.match(await fact("Open opportunities"), /at least 12/);
  await look("companies-many-narrow");
  return { rows: rows.length, long: took.filter((one) => one > LONG), longest: Math.max(...took), worked: Math.max(...worked) };
}
