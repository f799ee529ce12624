// One person: what is held, with a download; the objection; the erasure. Nothing of it is in an address, a title or a store.
import { readFile } from "node:fs/promises";

export default async function ({ assert, given, page, login, look, becomes }) {
  await login();
  await page.getByRole("link", { name: "People" }).click();
  const search = page.getByRole("button", { name: "Show what is held" });
  assert.ok(await search.isDisabled(), "nobody is named yet");
  const email = page.getByLabel("E-mail addresses");
  await email.fill(given.email);
  await search.click();
  await page.getByText("1 records, 0 assessments").waitFor();
  await page.getByText("the person's own record").waitFor();
  await page.getByText("has not objected").waitFor();
  await look("people");
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download (JSON)" }).click()]);
  assert.match(download.suggestedFilename(), /^held-[\d-]+\.json$/);
  const { records } = JSON.parse(await readFile(await download.path(), "utf8"));
  assert.equal(records[0].email, given.email);

  // An answer that ended before its last part is never shown, or saved, as if it were all.
  let part = 0;
  await page.route("**/v1/subjects/search", async (route) => {
    part += 1;
    if (part > 1) return route.fulfill({ status: 403, contentType: "application/problem+json", body: '{"type":"urn:abgleich:problem:not-allowed","title":"Not this part","status":403,"requestId":"request-2"}' });
    const answer = await route.fetch();
    return route.fulfill({ response: answer, json: { ...(await answer.json()), cursor: "more" } });
  });
  await search.click();
  await page.getByRole("alert").getByText("This is not all that is held").waitFor();
  await page.getByText("1 records and 0 assessments were read").waitFor();
  const [some] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Download what was read (incomplete)" }).click()]);
  assert.match(some.suggestedFilename(), /^held-incomplete-/);
  await look("people-incomplete");
  await page.unroute("**/v1/subjects/search");
  await search.click();
  await page.getByText("1 records, 0 assessments").waitFor();

  await page.getByRole("button", { name: "Record the objection" }).click();
  await page.getByText("The objection was recorded").waitFor();
  await page.getByRole("button", { name: "Erase", exact: true }).click();
  const dialog = page.getByRole("alertdialog");
  await dialog.waitFor();
  await look("people-erase");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Erase", exact: true }).click();
  await dialog.getByRole("button", { name: "Erase" }).click();
  await page.getByText("1 records were erased").waitFor();
  await search.click();
  await page.getByText("Nothing is held about this person").waitFor();
  await page.getByRole("button", { name: "Check the chain" }).click();
  await page.getByText("0 entries, all intact").waitFor();

  const told = await page.evaluate(() => [location.href, document.title, JSON.stringify({ ...localStorage, ...sessionStorage })].join(" "));
  assert.ok(!told.includes(given.email) && !told.includes(encodeURIComponent(given.email)), told);
  await page.getByRole("button", { name: "Leave no trace here" }).click();
  await becomes(() => email.inputValue(), "");
  await page.setViewportSize({ width: 360, height: 740 });
  await look("people-narrow");
}
