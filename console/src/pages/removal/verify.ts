/** What the verification of a receipt came to. `document` is the first that does not fit. */
export type Verified = { isGood: true } | { isGood: false; why: "hash" | "signature" | "unreadable" };

/** What can be verified. A document that came as a text is the bytes of that text; a signature that came as a text is base64. */
export interface Signed {
  document: string | Uint8Array<ArrayBuffer>;
  sha256: string;
  signature: string | Uint8Array<ArrayBuffer>;
}

/** Verifies a receipt in the browser: the hash, and the signature by the operator's public key. It asks nobody. */
export async function verify({ document, sha256, signature }: Signed, pem: string): Promise<Verified> {
  const bytes = typeof document === "string" ? new TextEncoder().encode(document) : document;
  if ((await hashOf(bytes)) !== sha256) return { isGood: false, why: "hash" };
  try {
    const key = await crypto.subtle.importKey("spki", decoded(pem.replace(/-----[^-]+-----/g, "")), { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
    const isGood = await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, rawSignature(typeof signature === "string" ? decoded(signature) : signature), bytes);
    return isGood ? { isGood } : { isGood: false, why: "signature" };
  } catch {
    return { isGood: false, why: "unreadable" };
  }
}

/**
 * The two numbers of a signature, 32 bytes each, as WebCrypto wants them. KMS writes them as DER: a sequence (0x30) of two integers (0x02), each
 * without leading zeros, and with one where the first bit is set.
 */
export function rawSignature(der: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const raw = new Uint8Array(64);
  let at = 2;
  if (der[0] !== 0x30 || der[1] !== der.length - 2) throw new RangeError("no sequence");
  for (const half of [0, 1]) {
    const length = der[at + 1] ?? 0;
    const number = der.subarray(at + 2, at + 2 + length);
    const digits = number[0] === 0 ? number.subarray(1) : number;
    if (der[at] !== 0x02 || number.length !== length || digits.length > 32) throw new RangeError("no integer");
    raw.set(digits, 32 * half + 32 - digits.length);
    at += 2 + length;
  }
  if (at !== der.length) throw new RangeError("more than two integers");
  return raw;
}

export function decoded(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64.replace(/\s/g, "")), (char) => char.charCodeAt(0));
}

/** The SHA-256 of exactly these bytes, in hexadecimal. */
export async function hashOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
