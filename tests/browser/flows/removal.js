// The end of a connection: the export before it, the name typed, its stages, the receipt that is verified here and refused when changed.
// It stays in the list of receipts.
import { verify } from "node:crypto";
import { readFile } from "node:fs/promises";

export default async function ({ assert, given, page, context, login, look }) {
  await login();
  await page.getByRole("link", { name: "Removal" }).click();
  await page.getByRole("heading", { level: 1, name: "Removal" }).waitFor();
  await page.getByRole("button", { name: "Write an export" }).click();
  const link = page.getByRole("link", { name: "Download" });
  await link.waitFor({ timeout: 30_000 });
  const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
  assert.match(file.suggestedFilename(), /\.gz$|ndjson/);
  await look("removal");

  const remove = page.getByRole("button", { name: "Remove for good" });
  await page.getByLabel("Type salesforce to confirm").fill("Salesforce");
  assert.ok(await remove.isDisabled(), "another name does not do");
  await page.getByLabel("Type salesforce to confirm").fill("salesforce");
  await remove.click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove for good" }).click();
  await page.getByRole("heading", { name: "Removal of salesforce" }).waitFor();
  await page.getByText("verified in this browser").waitFor({ timeout: 60_000 });
  await page.getByRole("term").filter({ hasText: "versions of keys" }).waitFor();
  await page.getByText("What it says").first().click();
  await look("receipt");

  // What is downloaded verifies elsewhere, too.
  const parts = {};
  for (const [name, button] of [["document", "Receipt: receipt.json"], ["signature", "Signature: receipt.sig"], ["key", "Public key: receipt-key.pem"]]) {
    const [part] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: button }).click()]);
    parts[name] = await readFile(await part.path());
  }
  assert.ok(verify("sha256", parts.document, parts.key.toString(), parts.signature));

  const upload = page.getByLabel("Verify a receipt that you have");
  const text = parts.document.toString();
  const changed = text.replace(/"records":(\d)/, (_, digit) => `"records":${(Number(digit) + 1) % 10}`);
  assert.notEqual(changed, text);
  await upload.setInputFiles({ name: "receipt.json", mimeType: "application/json", buffer: Buffer.from(changed) });
  await page.getByText("it is none of your receipts, or it was changed").waitFor();
  const signature = { name: "receipt.sig", mimeType: "application/octet-stream", buffer: parts.signature };
  await upload.setInputFiles([{ name: "receipt.json", mimeType: "application/json", buffer: Buffer.from(changed) }, signature]);
  await page.getByText("The signature does not fit either").waitFor();
  await upload.setInputFiles([signature, { name: "renamed.json", mimeType: "application/json", buffer: parts.document }]);
  await page.getByText("This file is receipt 1, of salesforce").waitFor();

  // Whoever may only read finds the receipt, too; a file that cannot be read says so.
  const reader = await context.newPage();
  await login("read only", given.tenant, reader);
  await reader.getByRole("link", { name: "Removal" }).click();
  await reader.getByText("Receipt 1: salesforce, connection 1").click();
  await reader.getByRole("group").filter({ hasText: "Receipt 1: salesforce" }).getByRole("button", { name: "Signature: receipt.sig" }).waitFor();
  await look("receipts", reader);
  await reader.evaluate(() => (Blob.prototype.arrayBuffer = () => Promise.reject(new DOMException("", "NotReadableError"))));
  await reader.getByLabel("Verify a receipt that you have").setInputFiles({ name: "receipt.json", mimeType: "application/json", buffer: parts.document });
  await reader.getByRole("alert").getByText("The file cannot be read").waitFor();
}
