// Deletions that are held back: why, which, and what each decision does; the decision is carried out by the next run.
export default async function ({ given, page, login, look }) {
  await login();
  await page.getByRole("heading", { name: "Deletions are held back" }).waitFor();
  await page.getByText(`${given.n} deletions wait for a decision`).waitFor();
  const panel = page.getByRole("region", { name: "Deletions are held back" });
  await panel.getByText(`${given.n} wait`).waitFor();
  await panel.getByText("Some of them").click();
  await look("held");

  // Escape decides nothing.
  await panel.getByRole("button", { name: "Delete them here, too" }).click();
  await page.getByRole("alertdialog", { name: `Delete ${given.n} records?` }).waitFor();
  await look("held-question");
  await page.keyboard.press("Escape");
  await page.getByRole("alertdialog").waitFor({ state: "detached" });

  await panel.getByRole("button", { name: "Keep them" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Keep them" }).click();
  await page.getByText(`${given.n} deleted in the CRM, kept here`).waitFor({ timeout: 60_000 });
}
