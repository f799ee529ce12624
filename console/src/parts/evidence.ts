import type { Schema } from "@abgleich/client";
import { use } from "react";
import { type Language, messages, SpeechContext } from "./text.tsx";

export type Field = Schema<"MatchField">;
export type Agreement = Schema<"Agreement">;
export type Finding = Pick<Schema<"Evidence">[number], "field" | "agreement">;

/** What matching compares, and how it agrees, in a word. */
export const evidenceTexts = messages({
  en: {
    lei: "LEI", vat: "VAT id", register: "Register", name: "Name", domain: "Domain", phone: "Telephone", street: "Street", zip: "Postal code", city: "City", legal_form: "Legal form", country: "Country", rivals: "Other companies",
    equal: "equal", close: "nearly equal", partly: "partly equal", different: "different",
  },
  de: {
    lei: "LEI", vat: "USt-IdNr.", register: "Register", name: "Name", domain: "Domain", phone: "Telefon", street: "Straße", zip: "PLZ", city: "Ort", legal_form: "Rechtsform", country: "Land", rivals: "Andere Firmen",
    equal: "gleich", close: "fast gleich", partly: "teilweise gleich", different: "verschieden",
  },
});

/** The findings as sentences: equal, close, partly, different. The API's own sentence is English; its codes are what is said here. */
const SENTENCES: Record<Language, Record<Field, readonly [string, string, string, string]>> = {
  en: {
    name: ["The names are the same", "The names are nearly the same", "The names have a part in common", "The names differ"],
    legal_form: ["The legal form is the same", "The legal forms agree in part", "The legal forms agree in part", "The legal forms differ"],
    street: ["Street and house number are the same", "Street and house number are nearly the same", "The street is the same, the house number is not", "The streets differ"],
    zip: ["The postal code is the same", "The postal codes differ by a slip", "The postal codes are of one region", "The postal codes differ"],
    city: ["The town is the same", "The towns are nearly the same", "The towns are nearly the same", "The towns differ"],
    country: ["The country is the same", "The country is the same", "The country is the same", "The countries differ"],
    domain: ["Web site or e-mail have the company's domain", "The domain is the company's but for its ending or a slip", "The domain begins as the company's does", "Web site or e-mail have another domain"],
    phone: ["The telephone number is the same", "The telephone number is the same but for an extension or a slip", "The telephone numbers are of one area", "The telephone numbers differ"],
    vat: ["The VAT id is the same", "The VAT ids differ by a slip", "The VAT ids differ by a slip", "The VAT ids differ"],
    register: ["The entry in the register is the same", "The register number is the same but for the court or a slip", "The register number is the same but for the court or a slip", "The entries in the register differ"],
    lei: ["The LEI is the same", "The LEIs differ by a slip", "The LEIs differ by a slip", "The LEIs differ"],
    rivals: ["No other company fits as well", "No other company fits as well", "No other company fits as well", "Another company fits as well"],
  },
  de: {
    name: ["Die Namen sind gleich", "Die Namen sind fast gleich", "Die Namen haben einen Teil gemeinsam", "Die Namen sind verschieden"],
    legal_form: ["Die Rechtsform ist gleich", "Die Rechtsformen stimmen teilweise überein", "Die Rechtsformen stimmen teilweise überein", "Die Rechtsformen sind verschieden"],
    street: ["Straße und Hausnummer sind gleich", "Straße und Hausnummer sind fast gleich", "Die Straße ist gleich, die Hausnummer nicht", "Die Straßen sind verschieden"],
    zip: ["Die Postleitzahl ist gleich", "Die Postleitzahlen unterscheiden sich durch einen Tippfehler", "Die Postleitzahlen gehören zu einer Region", "Die Postleitzahlen sind verschieden"],
    city: ["Der Ort ist gleich", "Die Orte sind fast gleich", "Die Orte sind fast gleich", "Die Orte sind verschieden"],
    country: ["Das Land ist gleich", "Das Land ist gleich", "Das Land ist gleich", "Die Länder sind verschieden"],
    domain: ["Website oder E-Mail haben die Domain der Firma", "Die Domain ist die der Firma bis auf die Endung oder einen Tippfehler", "Die Domain beginnt wie die der Firma", "Website oder E-Mail haben eine andere Domain"],
    phone: ["Die Telefonnummer ist gleich", "Die Telefonnummer ist bis auf eine Durchwahl oder einen Tippfehler gleich", "Die Telefonnummern gehören zu einem Ortsnetz", "Die Telefonnummern sind verschieden"],
    vat: ["Die USt-IdNr. ist gleich", "Die USt-IdNrn. unterscheiden sich durch einen Tippfehler", "Die USt-IdNrn. unterscheiden sich durch einen Tippfehler", "Die USt-IdNrn. sind verschieden"],
    register: ["Der Eintrag im Register ist gleich", "Die Registernummer ist bis auf das Gericht oder einen Tippfehler gleich", "Die Registernummer ist bis auf das Gericht oder einen Tippfehler gleich", "Die Einträge im Register sind verschieden"],
    lei: ["Der LEI ist gleich", "Die LEIs unterscheiden sich durch einen Tippfehler", "Die LEIs unterscheiden sich durch einen Tippfehler", "Die LEIs sind verschieden"],
    rivals: ["Keine andere Firma passt so gut", "Keine andere Firma passt so gut", "Keine andere Firma passt so gut", "Eine andere Firma passt ebenso gut"],
  },
};
const AT: Record<Agreement, 0 | 1 | 2 | 3> = { equal: 0, close: 1, partly: 2, different: 3 };

export function sentence(language: Language, { field, agreement }: Finding): string {
  return SENTENCES[language][field][AT[agreement]];
}

/** Says findings as sentences, in the user's language. */
export function useSentence(): (finding: Finding) => string {
  const { language } = use(SpeechContext);
  return (finding) => sentence(language, finding);
}
