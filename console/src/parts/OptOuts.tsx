import type { Schema } from "@abgleich/client";
import { Mark } from "./parts.tsx";
import { messages, useText } from "./text.tsx";

const texts = messages({
  en: { optOut: "opted out: {ways}", email: "e-mail", some_email: "some e-mail", phone: "telephone", fax: "fax" },
  de: { optOut: "abgemeldet: {ways}", email: "E-Mail", some_email: "manche E-Mails", phone: "Telefon", fax: "Fax" },
});

type Way = Schema<"OptOuts">[number];
const ORDER: Way[] = ["email", "some_email", "phone", "fax"];

/** The ways by which somebody does not want to be contacted, as it was noted in the CRM. Shows nothing if there is none. */
export function OptOuts({ ways }: { ways: readonly Way[] }) {
  const text = useText(texts);
  const named = ORDER.filter((way) => ways.includes(way)).map((way) => text(way));
  return named.length === 0 ? null : <Mark tone="wait">{text("optOut", { ways: named.join(", ") })}</Mark>;
}
