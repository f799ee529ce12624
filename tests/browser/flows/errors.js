// What goes wrong is shown with title, field and the request's id; a login that ran out costs nothing that was being done.
export default async function ({ assert, given, page, context, login, choose, look }) {
  await login();
  await page.getByRole("heading", { name: "Settings" }).waitFor();
  await page.getByLabel("VAT number").first().waitFor({ state: "attached" });

  const problem = { type: "urn:abgleich:problem:value-malformed", title: "A value is malformed", status: 422, field: "/fields/Account/vatId", requestId: "request-1" };
  await page.route("**/settings", (route) => (route.request().method() === "PUT" ? route.fulfill({ status: 422, contentType: "application/problem+json", body: JSON.stringify(problem) }) : route.continue()));
  await page.getByLabel("The daily run begins after").selectOption("7");
  await page.getByRole("button", { name: "Save" }).click();
  const alert = page.getByRole("alert");
  for (const text of ["A value is malformed", "/fields/Account/vatId", "request-1"]) await alert.getByText(text).waitFor();
  assert.equal(await page.getByLabel("The daily run begins after").inputValue(), "7", "what was entered is kept");
  await look("error");
  await page.unroute("**/settings");

  // The token is refused in the middle of a change: it is sent once, after the user has logged in again.
  let refused = 0;
  const sent = [];
  await page.route("**/settings", async (route) => {
    const request = route.request();
    if (request.method() !== "PUT") return route.continue();
    const token = request.headers().authorization;
    refused += 1;
    if (refused === 1) return route.fulfill({ status: 401, contentType: "application/json", body: '{"message":"Unauthorized"}' });
    sent.push(token);
    return route.continue();
  });
  await page.getByRole("button", { name: "Save" }).click();
  const dialog = page.getByRole("alertdialog", { name: "Your login has run out" });
  await dialog.waitFor();
  await look("login-over");
  const [other] = await Promise.all([context.waitForEvent("page"), dialog.getByRole("button", { name: "Log in again" }).click()]);
  await choose(other, "administrator");
  await page.waitForFunction(() => document.querySelector('[role="alertdialog"]') === null);
  await page.waitForFunction(() => document.querySelector('[role="alert"]') === null);
  assert.equal(sent.length, 1, "the change was sent once");
  assert.equal(given.tenant, "acme");
}
