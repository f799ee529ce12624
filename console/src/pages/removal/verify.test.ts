import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { expect, it } from "vitest";
import { rawSignature, verify } from "./verify.ts";

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const PEM = publicKey.export({ type: "spki", format: "pem" }) as string;

function signed(document: string) {
  const signature = sign("sha256", Buffer.from(document), privateKey).toString("base64");
  return { document, sha256: createHash("sha256").update(document).digest("hex"), signature };
}

it("verifies what the key signed, whatever the lengths of the two numbers are", async () => {
  // In 300 signatures some begin with a zero, and about half of all numbers have their first bit set.
  for (let n = 0; n < 300; n += 1) expect(await verify(signed(`{"records":${n},"name":"Grüße"}`), PEM)).toEqual({ isGood: true });
});

it("refuses a receipt with one digit changed, even with its hash", async () => {
  const good = signed('{"records":1200}');
  const changed = good.document.replace("1200", "1201");
  expect(await verify({ ...good, document: changed }, PEM)).toEqual({ isGood: false, why: "hash" });
  expect(await verify({ ...good, document: changed, sha256: signed(changed).sha256 }, PEM)).toEqual({ isGood: false, why: "signature" });
});

it("refuses another key, and what is no signature", async () => {
  const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ type: "spki", format: "pem" }) as string;
  expect(await verify(signed("{}"), other)).toEqual({ isGood: false, why: "signature" });
  expect(await verify({ ...signed("{}"), signature: "AAAA" }, PEM)).toEqual({ isGood: false, why: "unreadable" });
  for (const der of [[0x30, 6, 2, 1, 1, 2, 1], [0x31, 6, 2, 1, 1, 2, 1, 1], [0x30, 7, 2, 1, 1, 2, 1, 1, 0]]) expect(() => rawSignature(Uint8Array.from(der))).toThrow();
});
