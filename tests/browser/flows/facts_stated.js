// An administrator states who the tenant is; a statement that is refused is kept in the form.
export default async function ({ assert, given, page, login, look }) {
  await login();
  await page.getByRole("link", { name: "Facts" }).click();
  await page.getByRole("button", { name: "Change" }).click();
  const save = page.getByRole("button", { name: "Save" });
  const party = (name) => page.getByRole("group", { name });
  const who = party("Who is the controller");
  await who.getByLabel("Statement").selectOption("stated");
  assert.ok(await save.isDisabled(), "a name is missing");
  await who.getByLabel("Name").fill(given.who);
  await who.getByLabel("Address and other contact").fill("Platz 2, 53111 Bonn");
  await party("Representative").getByLabel("Statement").selectOption("none");
  assert.deepEqual(await who.getByLabel("Statement").locator("option").allInnerTexts(), ["not stated", "stated"], "there is always a controller");
  await look("facts-stating");

  await page.route("**/facts/controller", (route) => route.fulfill({ status: 422, contentType: "application/problem+json", body: '{"type":"urn:abgleich:problem:invalid","title":"A value does not fit","status":422,"field":"/identity/value/name","requestId":"request-1"}' }), { times: 1 });
  await save.click();
  await page.getByRole("alert").getByText("/identity/value/name").waitFor();
  assert.equal(await who.getByLabel("Name").inputValue(), given.who, "what was typed is kept");
  await save.click();
  const controller = page.getByRole("region", { name: "Controller" });
  await controller.getByText(given.who).waitFor();
  await controller.getByText("there is none").waitFor();
  await look("facts-stated");
}
