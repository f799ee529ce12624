// The same in German, by the browser's own wish; a choice before the login is kept; what the API says in English is said in German.
export const settings = { locale: "de-DE" };

export default async function ({ given, page, login, look, becomes }) {
  await page.goto(`${given.console}connections`);
  await page.getByRole("button", { name: "Anmelden" }).waitFor();
  await page.getByLabel("Sprache").selectOption("en");
  await page.getByRole("button", { name: "Log in" }).waitFor();
  await page.reload();
  await page.getByRole("button", { name: "Log in" }).waitFor();
  await look("welcome-chosen");
  await page.getByLabel("Language").selectOption("de");
  await login();
  await page.getByRole("heading", { level: 1, name: "Verbindungen" }).waitFor();
  await becomes(() => page.title(), "Verbindungen · Abgleich");
  await becomes(() => page.locator("html").getAttribute("lang"), "de");
  await page.getByText("stimmt überein").first().waitFor();
  await page.getByRole("button", { name: "Jetzt prüfen" }).click();
  await page.getByText("alles da, was das Kopieren braucht").waitFor();
  await look("connections-german");
  const problem = { type: "urn:abgleich:problem:integration-removing", title: "The integration is being removed", status: 409, detail: "salesforce.server_unavailable", requestId: "request-1" };
  await page.route("**/runs", (route) => (route.request().method() === "POST" ? route.fulfill({ status: 409, contentType: "application/problem+json", body: JSON.stringify(problem) }) : route.continue()));
  await page.getByRole("button", { name: "Jetzt abgleichen" }).click();
  await page.getByRole("alert").getByText("Die Verbindung wird gerade gelöscht").waitFor();
  await page.getByRole("alert").getByText("das CRM ist ausgelastet oder eine Weile gestört (salesforce.server_unavailable)").waitFor();
  await look("error-german");
  await page.getByLabel("Sprache").selectOption("en");
  await page.getByRole("heading", { level: 1, name: "Connections" }).waitFor();
}
