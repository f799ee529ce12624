// Lists and records that mean harm are shown for what they are: markup is text, no name turns the page around, and 10 MB are read without a stop.
export default async function ({ assert, given, page, login, look }) {
  await login();
  await page.getByRole("link", { name: "Companies" }).click();
  const input = page.getByLabel(/Ids of companies/);
  await input.fill(`${given.company}\n<script>alert(1)</script>\n${"x".repeat(129)}`);
  await page.getByRole("button", { name: "Look up" }).click();
  await page.getByText("1 rows have no id that could be one").waitFor();
  await page.getByRole("grid").getByText("<script>alert(1)</script>").waitFor();
  await page.getByRole("grid").getByText(given.company).click();
  const name = page.locator(".records .foreign").filter({ hasText: "onerror" }).first();
  await name.waitFor();
  assert.ok(!/[\u202a-\u202e]/.test(await name.innerText()), "no mark that turns the direction");
  assert.equal(await page.locator(".records img").count(), 0);
  await look("hostile");

  await page.route("**/companies/status", (route) => route.fulfill({ status: 503, contentType: "text/html", body: "<h1>Service Unavailable</h1>", headers: { "retry-after": "3600" } }));
  await input.evaluate((field) => {
    const data = new DataTransfer();
    data.setData("text/plain", Array.from({ length: 180_000 }, (_, at) => `${at}-${"y".repeat(50)}`).join("\n"));
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await page.getByText("0 of 180,000 looked up").waitFor({ timeout: 60_000 });
  const alert = page.getByRole("alert");
  await alert.getByText("The answer was 503").waitFor();
  await alert.getByText("It may succeed in 3,600 seconds").waitFor();
  assert.equal(await alert.getByText("Service Unavailable").count(), 0);
}
