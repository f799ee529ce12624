// The same in German, by the browser's own wish.
export const settings = { locale: "de-DE" };

export default async function ({ page, login, look, becomes }) {
  await login();
  await page.getByRole("heading", { level: 1, name: "Verbindungen" }).waitFor();
  await becomes(() => page.title(), "Verbindungen · Abgleich");
  await becomes(() => page.locator("html").getAttribute("lang"), "de");
  await page.getByText("stimmt überein").first().waitFor();
  await page.getByRole("button", { name: "Jetzt prüfen" }).click();
  await page.getByText("alles da, was das Kopieren braucht").waitFor();
  await look("connections-german");
  await page.getByLabel("Sprache").selectOption("en");
  await page.getByRole("heading", { level: 1, name: "Connections" }).waitFor();
}
