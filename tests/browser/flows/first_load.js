// A first visit with an empty cache, counted: up to the login, and up to the first page with its data. The files of the console count, and
// each request to anybody does.
export default async function ({ given, page, context, choose }) {
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  const asked = new Map();
  session.on("Network.responseReceived", ({ requestId, response }) => asked.set(requestId, { url: response.url, bytes: 0, encoding: response.headers["content-encoding"] ?? "none" }));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const one = asked.get(requestId);
    if (one) one.bytes = encodedDataLength;
  });
  const count = () => {
    const files = [...asked.values()].filter(({ url }) => url.startsWith(given.console));
    const bytes = files.reduce((sum, one) => sum + one.bytes, 0);
    return { requests: asked.size, files: files.length, bytes, encodings: [...new Set(files.map(({ encoding }) => encoding))].sort().join(" ") };
  };
  const begun = Date.now();
  await page.goto(`${given.console}connections`);
  await page.getByRole("button", { name: "Log in" }).waitFor();
  const milliseconds = Date.now() - begun;
  await page.waitForLoadState("networkidle");
  const login = { ...count(), milliseconds };
  await page.getByRole("button", { name: "Log in" }).click();
  await choose(page, "administrator");
  await page.getByRole("heading", { name: "Settings" }).waitFor();
  await page.waitForLoadState("networkidle");
  return { login, first: count() };
}
