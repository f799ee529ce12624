import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { Foreign, inOneLine } from "./Foreign.tsx";

test("markup is text", () => {
  expect(renderToStaticMarkup(<Foreign text={'<img src=x onerror="alert(1)">'} />)).toBe('<bdi class="foreign">&lt;img src=x onerror=&quot;alert(1)&quot;&gt;</bdi>');
});

test("marks that turn the direction are seen, and turn nothing", () => {
  expect(inOneLine("a\u202Egnp.exe\u2066\u0000")).toBe("a\ufffdgnp.exe\ufffd\ufffd");
  // Each of them in one line, and line ends, too.
  for (const one of "\u061c\u2028\u2029\u2061\u2064\u206a\u206f\t\n\r") expect(inOneLine(`a${one}b`), one.charCodeAt(0).toString(16)).toBe("a\ufffdb");
});

test("a name of 64 KB is cut, and no character in two", () => {
  expect(inOneLine("x".repeat(1 << 16))).toBe(`${"x".repeat(200)}…`);
  expect(inOneLine(`${"x".repeat(199)}😀`)).toBe(`${"x".repeat(199)}…`);
});
