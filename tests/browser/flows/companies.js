// Companies are typed, chosen as a file, looked up, filtered, and seen one by one.
export const settings = { locale: "de-DE" };

export default async function ({ assert, given, page, login, look, becomes }) {
  const ids = Object.keys(given.wanted);
  const count = (answer) => Object.values(given.wanted).filter((one) => one === answer).length;
  await login();
  await page.getByRole("link", { name: "Firmen" }).click();
  await page.getByText("Es wurde noch nichts nachgesehen").waitFor();
  await page.getByLabel(/Kennungen von Firmen/).fill(ids.join("\n"));
  await page.getByRole("button", { name: "Nachsehen" }).click();
  const show = page.getByLabel("Zeigen", { exact: true });
  await show.getByRole("option", { name: `alle (${ids.length})` }).waitFor({ state: "attached" });
  for (const [answer, name] of [["yes", "im CRM"], ["no", "nicht im CRM"]]) {
    await show.selectOption(answer);
    const drawn = page.getByRole("grid").getByRole("row");
    await becomes(() => page.getByRole("grid").getAttribute("aria-rowcount"), String(count(answer) + 1));
    await drawn.nth(1).getByText(name, { exact: true }).waitFor();
  }
  await show.selectOption("yes");
  await becomes(() => page.getByRole("grid").getAttribute("aria-rowcount"), String(count("yes") + 1));
  await page.getByRole("grid").focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Datensätze und warum sie dazugehören" }).waitFor();
  await page.locator(".records > li").first().waitFor();
  // Who opted out in the CRM is marked in the list, and beside the record.
  const mark = "abgemeldet: E-Mail";
  await page.getByRole("row").filter({ hasText: given.optedOut }).getByText(mark).waitFor();
  await page.getByRole("grid").getByText(given.optedOut).click();
  const picture = page.getByRole("group", { name: given.optedOut });
  await picture.locator(".records").getByText(mark).waitFor();
  await picture.getByText("Doppelbrunnen GmbH").first().waitFor();
  assert.equal(new URL(page.url()).pathname.split("/").pop(), "companies");
  assert.deepEqual([...new URL(page.url()).searchParams.keys()].filter((name) => name !== "integration"), [], "no company in the address");
  await look("companies");
  await page.emulateMedia({ colorScheme: "dark" });
  await look("companies-dark");
  await page.setViewportSize({ width: 360, height: 740 });
  await look("companies-narrow");

  // A table whose columns are not understood asks for the one with the ids.
  const table = `name,number\nA,${ids[0]}\nB,${ids[1]}\nC,${ids[1]}\nD,\n`;
  await page.getByLabel(/Datei wählen/).setInputFiles({ name: "table.csv", mimeType: "text/csv", buffer: Buffer.from(table) });
  await page.getByText("Keine Spalte heißt").waitFor();
  await page.getByLabel("Spalte mit den Kennungen").selectOption("1");
  await page.getByText("alle (2)").waitFor({ state: "attached" });
  await page.getByText("1 Zeilen haben keine mögliche Kennung").waitFor();
  assert.ok(await page.getByRole("checkbox", { name: /Überschrift.*name · number/ }).isChecked(), "the first row is a title");

  // A file of Excel in the west of Europe, without titles, with a quotation mark too many: what is not read is told, and the user says what is no title.
  const latin = `Grün;${ids[0]}\nRot;${ids[1]}\nBlau;${ids[2]}\n"Gelb;C-1\nWeiß;C-2\n`;
  await page.getByLabel(/Datei wählen/).setInputFiles({ name: "latin.csv", mimeType: "text/csv", buffer: Buffer.from(latin, "latin1") });
  await page.getByText("als WINDOWS-1252 gelesen").waitFor();
  await page.getByText("Das Anführungszeichen in Zeile 4 wird nie geschlossen. 1 Zeilen danach").waitFor();
  await page.getByRole("checkbox", { name: /Überschrift.*Grün/ }).waitFor();
  await page.getByLabel("Spalte mit den Kennungen").selectOption("1");
  await page.getByText("alle (3)").waitFor({ state: "attached" });
  // The table is read anew before the tick shows.
  await page.getByRole("checkbox", { name: /Überschrift.*Grün/ }).click();
  await page.getByText("alle (2)").waitFor({ state: "attached" });

  // An id that the service does not take stands in the way of no other.
  await page.route("**/companies/status", (route) => {
    const at = route.request().postDataJSON().companies.indexOf("C-2");
    if (at < 0) return route.continue();
    return route.fulfill({ status: 422, contentType: "application/problem+json", body: JSON.stringify({ type: "urn:abgleich:problem:invalid", title: "No", status: 422, requestId: "request-1", field: `/companies/${at}` }) });
  });
  await page.getByLabel(/Kennungen von Firmen/).fill(`${ids[0]}\nC-2\n${ids[1]}`);
  await page.getByRole("button", { name: "Nachsehen" }).click();
  await page.getByText("1 Kennungen wurden abgelehnt und ausgelassen: C-2").waitFor();
  await page.getByText("alle (2)").waitFor({ state: "attached" });
  assert.equal(await page.getByRole("alert").count(), 0);
  await look("companies-told");
}
