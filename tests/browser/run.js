// Runs one flow in a new browser, and fails at whatever a user must never meet: an error of the page, a violation of the content security
// policy, a request to a host that it has no business with, a serious finding of axe. What the flow returns is printed, as JSON.
// Usage: run.js FLOW GIVEN
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const given = JSON.parse(process.argv[3]);
const { default: flow, settings = {} } = await import(`./flows/${process.argv[2]}.js`);
const wrong = [];
// How long anything is waited for, in milliseconds. It costs nothing where all goes well, and a busy machine is slow.
const PATIENCE = given.patience ?? 30_000;

const browser = await chromium.launch({
  executablePath: process.env.BROWSER, env: process.env, timeout: 20_000,
  args: ["--headless=shell", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking"],
});
const context = await browser.newContext({ locale: "en-GB", timezoneId: "Europe/Berlin", viewport: { width: 1280, height: 800 }, ...settings });
context.setDefaultTimeout(PATIENCE);
await context.addInitScript(() => document.addEventListener("securitypolicyviolation", (one) => console.error(`CSP: ${one.violatedDirective} ${one.blockedURI}`)));
context.on("page", watch);

function watch(page) {
  page.on("pageerror", (error) => wrong.push(`error of the page: ${error.stack ?? error}`));
  page.on("console", (message) => {
    // That an answer is a refusal is what some flows are about.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) wrong.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    const host = new URL(request.url()).host;
    if (!hosts.has(host) && !request.url().startsWith("data:")) wrong.push(`a request to ${host}`);
  });
}

const hosts = new Set([given.console, given.issuer, ...(given.hosts ?? [])].map((url) => new URL(url).host));
const page = await context.newPage();
const tools = {
  assert, given, page, context,
  /** Logs in at the local issuer. */
  async login(role = "administrator", tenant = given.tenant, at = page) {
    if (!at.url().startsWith(given.console)) await at.goto(`${given.console}connections`);
    await at.getByRole("button", { name: /^(Log in|Anmelden)$/ }).click();
    await choose(at, role, tenant);
    await at.getByRole("navigation").waitFor();
  },
  choose,
  /** Waits until what is read is as wanted. Whatever follows an action of the user comes a moment after it, and that moment has no length. */
  async becomes(read, wanted, what = "") {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const found = await read();
      if (isDeepStrictEqual(found, wanted)) return;
      if (Date.now() > end) assert.deepEqual(found, wanted, what);
      await new Promise((done) => setTimeout(done, 20));
    }
  },
  /** Presses Tab until the focus is on what is called so. What is not there yet is waited for first: a page that loads has nowhere to go. */
  async tabTo(wanted, at = page) {
    await at.waitForFunction(focusable, wanted).catch(() => assert.fail(`nothing that can have the focus is called ${wanted}`));
    const end = Date.now() + PATIENCE;
    while (Date.now() < end) {
      await at.keyboard.press("Tab");
      if ((await focused(at)) === wanted) return;
    }
    assert.fail(`no way to ${wanted} by Tab`);
  },
  focused,
  /**
   * Traces the page until what is returned is called. That gives the milliseconds of each of its tasks: how long it took, and how long the
   * processor worked on it. Only the second says something about the page on a machine that does other things beside.
   */
  async trace(at = page) {
    await browser.startTracing(at, { categories: ["disabled-by-default-devtools.timeline"] });
    return async () => {
      const { traceEvents } = JSON.parse(await browser.stopTracing());
      const mains = new Set(traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(({ pid, tid }) => `${pid} ${tid}`));
      const tasks = traceEvents.filter(({ name, pid, tid }) => name === "RunTask" && mains.has(`${pid} ${tid}`));
      // Some of a few microseconds come without a time of the processor, and the last one may not have ended.
      const told = tasks.filter(({ tdur }) => tdur !== undefined);
      assert.ok(told.length > tasks.length / 2, "the browser tells how long its tasks work");
      return { took: told.map(({ dur }) => Math.round(dur / 1_000)), worked: told.map(({ tdur }) => Math.round(tdur / 1_000)) };
    };
  },
  /** Looks for barriers with axe, and takes a picture. */
  async look(name, at = page) {
    await at.evaluate(AXE);
    const { violations } = await at.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
    for (const { id, impact, nodes, help } of violations) {
      if (["serious", "critical"].includes(impact)) wrong.push(`axe, ${name}: ${id} (${impact}): ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
    }
    const width = await at.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (width > 0) wrong.push(`${name}: the page is ${width} pixels wider than the window`);
    await at.screenshot({ path: join(process.env.SHOTS, `${name}.png`), fullPage: true });
  },
};

/** What has the focus is called so: by its label, or by its text. */
function focused(at = page) {
  return at.evaluate(() => {
    const label = document.activeElement?.labels?.[0];
    return (label?.querySelector("span") ?? label ?? document.activeElement)?.textContent?.trim();
  });
}

/** Whether Tab can lead to something that is called so. Runs in the page. */
function focusable(wanted) {
  const called = (one) => (one.labels?.[0]?.querySelector("span") ?? one.labels?.[0] ?? one).textContent.trim();
  return [...document.querySelectorAll("a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, [tabindex='0']")].some((one) => called(one) === wanted);
}

async function choose(at, role, tenant = given.tenant) {
  await at.getByLabel("Tenant").selectOption(tenant);
  await at.getByRole("button", { name: role }).click();
}

try {
  const told = await flow(tools);
  if (told !== undefined) console.log(JSON.stringify(told));
} catch (error) {
  wrong.push(error.stack ?? String(error));
  await page.screenshot({ path: join(process.env.SHOTS, `failed-${process.argv[2]}.png`), fullPage: true }).catch(() => {});
  wrong.push(await page.locator("body").innerText({ timeout: 1_000 }).catch(() => "no page"));
}
// A page goes on asking until it is closed, and what a flow answers then is of no interest to anybody.
for (const one of context.pages()) await one.unrouteAll({ behavior: "ignoreErrors" });
await browser.close();
if (wrong.length > 0) console.error(wrong.join("\n"));
process.exit(wrong.length > 0 ? 1 : 0);
