// Every page looks the same after all the others were seen: a style sheet stays when its page is left, and must reach no other page.
const STYLES = ["display", "white-space", "margin-top", "margin-bottom", "padding-left", "align-items", "justify-content", "flex-wrap", "max-width", "overflow-x", "font-size", "border-top-style"];

export default async function ({ assert, page, login }) {
  await login();
  const links = page.getByRole("navigation", { name: "Pages" }).getByRole("link");
  const names = await links.allInnerTexts();
  assert.equal(names.length, 7);
  const visit = async (name) => {
    await links.filter({ hasText: name }).click();
    await page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
    await page.waitForFunction(() => document.querySelectorAll("main > *").length > 1 && !document.querySelector(".loading"));
    return page.evaluate((styles) => {
      const called = (one) => `${one.localName}.${one.className.baseVal ?? one.className}`;
      const found = {};
      for (const one of document.querySelectorAll("main *")) {
        const path = [];
        for (let at = one; at.localName !== "main"; at = at.parentElement) path.unshift(called(at));
        const style = getComputedStyle(one);
        // What the first of its kind looks like: the last one of a list may differ, and lists grow.
        found[path.join(" > ")] ??= styles.map((name) => `${name}: ${style.getPropertyValue(name)}`).join("; ");
      }
      return found;
    }, STYLES);
  };
  const first = {};
  for (const name of names) first[name] = await visit(name);
  for (const name of names) {
    const second = await visit(name);
    const kept = Object.keys(first[name]).filter((path) => path in second);
    assert.ok(kept.length > 3, name);
    for (const path of kept) assert.equal(second[path], first[name][path], `${name}: ${path}`);
  }
}
