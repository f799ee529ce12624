// A person is created once, after an assessment that the refusal leads to, though the login runs out on the way; what is hostile is shown as
// text, and an outcome that is not known yet is asked for.
const HOSTILE = '<img src=x onerror="document.title=1">\u202Egnp.exe';

export default async function ({ assert, given, page, context, login, choose, look, becomes }) {
  await login("sales");
  await page.getByRole("link", { name: "Create" }).click();
  const check = page.getByRole("button", { name: "Check" });
  const create = page.getByRole("button", { name: "Create", exact: true });
  const set = async (field, value) => {
    await page.getByRole("button", { name: "Add a field" }).click();
    await page.getByLabel("Field", { exact: true }).last().fill(field);
    await page.getByLabel(field, { exact: true }).fill(value);
  };
  await page.getByLabel("Object").selectOption("Contact");
  // What the CRM requires is known before anything is checked.
  await page.getByText("Required by the CRM: LastName.").waitFor();
  await page.getByRole("button", { name: "Add what is required" }).click();
  await page.getByLabel("LastName", { exact: true }).waitFor();
  await page.getByText("Required by the CRM").waitFor({ state: "detached" });
  await check.click();
  await page.getByText("would not be created as it is").waitFor();
  await page.getByLabel("LastName", { exact: true }).fill("Beispiel");
  await set("FirstName", "Mara");
  await set("Email", given.email);
  await set("Title", HOSTILE);
  await set("Nonsense__c", "1");
  await page.getByLabel("For what a person is written to the CRM").fill("outreach");
  await check.click();
  await page.getByText("Nonsense__c (not known to the CRM)").waitFor();
  await page.getByRole("definition").filter({ hasText: '"document.title=1">[U+202E]gnp.exe' }).waitFor();
  await page.getByText("a legal basis for this purpose").waitFor();
  await look("create");
  await page.getByRole("button", { name: "Leave out: Nonsense__c" }).click();
  await create.click();
  await page.getByText("Not created: somebody has no clearance").waitFor();
  // A refusal names its request, by which the operator finds it.
  assert.match(await page.getByRole("region", { name: "Outcome" }).getByRole("alert").innerText(), /Request\s*\S+/);

  // The assessment, step by step; nothing of its outcome is presumed.
  await page.getByRole("button", { name: "Assess this person" }).click();
  const dialog = page.getByRole("dialog", { name: "Assess this person" });
  await becomes(() => dialog.getByLabel("E-mail addresses, one a line").inputValue(), given.email);
  await dialog.getByLabel("Name", { exact: true }).fill("Mara Beispiel");
  await dialog.getByLabel("Company").fill("Musterwerk GmbH");
  await dialog.getByLabel("Where the data come from").fill("the company's imprint");
  const fill = async () => {
    await dialog.getByRole("button", { name: "Next" }).click();
    for (const area of await dialog.locator("textarea").all()) await area.fill("a reason that is long enough");
  };
  for (let step = 0; step < 4; step += 1) {
    await fill();
    if (step === 2) await look("assessment");
  }
  // Escape closes it, and what was written is there when it is opened again.
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Assess this person" }).click();
  await becomes(() => dialog.getByLabel("How can this person object?").inputValue(), "a reason that is long enough");
  await dialog.getByRole("button", { name: "Next" }).click();
  await dialog.getByLabel("Who assessed it").fill("data protection officer");
  const file = dialog.getByRole("button", { name: "File the assessment" });
  assert.ok(await file.isDisabled());
  await dialog.getByLabel("The interest prevails").check();
  // A field that the API refuses leads to its step.
  await dialog.getByLabel("It holds until").fill("2020-01-01");
  await file.click();
  await dialog.getByRole("alert").getByText("/reviewDate").waitFor();
  await dialog.getByLabel("It holds until").fill("2036-01-01");
  await dialog.getByLabel("The interest prevails").waitFor();
  await file.click();
  await dialog.waitFor({ state: "detached" });

  // The token is refused in the middle of the creation.
  const keys = [];
  await page.route("**/creations", async (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    if (keys.length === 1) return route.fulfill({ status: 401, contentType: "application/json", body: '{"message":"Unauthorized"}' });
    return route.continue();
  });
  await create.click();
  const over = page.getByRole("alertdialog", { name: "Your login has run out" });
  await over.waitFor();
  const [other] = await Promise.all([context.waitForEvent("page"), over.getByRole("button", { name: "Log in again" }).click()]);
  await choose(other, "sales");
  await page.getByText(/^Created: 003/).waitFor();
  assert.equal(await page.getByLabel("LastName", { exact: true }).inputValue(), "Beispiel", "the form is kept");
  assert.equal(new Set(keys).size, 1, "one wish, one key");
  await look("created");
  assert.notEqual(await page.title(), "1");

  // An answer that was lost.
  await page.getByRole("button", { name: "Create another" }).click();
  await page.unroute("**/creations");
  await page.route("**/creations", (route) => {
    const body = route.request().method() === "POST" ? { outcome: "unknown" } : { records: [{ outcome: "created", id: "001000000000001AAA", inCopy: false }] };
    return route.fulfill({ status: route.request().method() === "POST" ? 202 : 200, contentType: "application/json", body: JSON.stringify(body) });
  });
  await set("Name", "Musterwerk");
  const sent = [];
  page.on("request", (request) => request.url().endsWith("/creations") && sent.push([request.method(), request.headers()["idempotency-key"]]));
  await create.click();
  await page.getByText("It is not known yet whether it was created").waitFor();
  assert.ok(await create.isDisabled(), "nothing else is sent");
  await look("not-known-yet");
  await page.getByRole("link", { name: "Companies" }).click();
  await page.getByRole("heading", { level: 1, name: "Companies" }).waitFor();
  await page.getByRole("link", { name: "Create" }).click();
  await page.getByText("It is not known yet whether it was created").waitFor();
  await becomes(() => page.getByLabel("Name", { exact: true }).inputValue(), "Musterwerk", "whoever comes back finds it");

  // The browser asks before the page is loaded anew, and then the very same request is asked for.
  const [question] = await Promise.all([page.waitForEvent("dialog"), page.evaluate(() => setTimeout(() => location.reload()))]);
  assert.equal(question.type(), "beforeunload");
  await question.accept();
  await page.getByRole("button", { name: "Log in", exact: true }).click();
  await choose(page, "sales");
  await page.getByText("Created: 001000000000001AAA").waitFor();
  assert.deepEqual(sent.map(([method]) => method), ["POST", "GET"]);
  assert.equal(new Set(sent.map(([, key]) => key)).size, 1, "it is the request of before");
  await becomes(() => page.evaluate(() => sessionStorage.length), 0, "nothing is kept of what is settled");
}
