import { createContext, use, useCallback, useMemo } from "react";

export type Language = "en" | "de";
export const LANGUAGES: Record<Language, string> = { en: "English", de: "Deutsch" };

/** The texts of a page or a part, in every language. A missing one is an error of the compiler. */
export type Messages<Key extends string> = Record<Language, Record<Key, string>>;
export type Values = Record<string, string | number>;
export type Text<Key extends string> = (key: Key, values?: Values) => string;

/** Declares texts. `{name}` stands for a value; numbers are written as the locale writes them. */
export function messages<Key extends string>(texts: { en: Record<Key, string>; de: Record<NoInfer<Key>, string> }): Messages<Key> {
  return texts;
}

interface Speech {
  language: Language;
  /** With the region that the browser asks for. */
  locale: string;
  speak(language: Language): void;
}

export const SpeechContext = createContext<Speech>({ language: "en", locale: "en", speak() {} });

/** The language that the browser asks for first, of those that there are. */
export function preferred(wanted: readonly string[] = navigator.languages): Language {
  const known = wanted.map((tag) => tag.slice(0, 2)).find((tag) => tag in LANGUAGES);
  return (known ?? "en") as Language;
}

/** Where the language that a user chose is kept. It says nothing about a person. */
const KEPT = "abgleich.language";

/** The language that was chosen in this browser, or else the one that it asks for. */
export function chosen(kept: string | null = stored()): Language {
  return kept !== null && Object.hasOwn(LANGUAGES, kept) ? (kept as Language) : preferred();
}

/** Keeps a choice for the next visit. */
export function keep(language: Language): void {
  try {
    localStorage.setItem(KEPT, language);
  } catch {
    // A browser that keeps nothing for this site asks for its own language again.
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}

export function localeOf(language: Language, wanted: readonly string[] = navigator.languages): string {
  return wanted.find((tag) => tag.startsWith(`${language}-`)) ?? { en: "en-GB", de: "de-DE" }[language];
}

export function useText<Key extends string>(texts: Messages<Key>): Text<Key> {
  const { language, locale } = use(SpeechContext);
  return useCallback((key, values) => fill(texts[language][key], values, locale), [texts, language, locale]);
}

export function fill(text: string, values: Values = {}, locale: string): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? new Intl.NumberFormat(locale).format(value) : value;
  });
}

/** Numbers, dates and times as the locale writes them. */
export function useFormat() {
  const { locale } = use(SpeechContext);
  return useMemo(() => formats(locale), [locale]);
}

/** A day of the contract: it has no time, and so no time zone. */
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function formats(locale: string) {
  const number = new Intl.NumberFormat(locale);
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
  // `new Date` reads a day as its midnight in UTC, which is the day before in America.
  const utcDay = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeZone: "UTC" });
  const moment = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  const bytes = new Intl.NumberFormat(locale, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  return {
    number: (value: number) => number.format(value),
    percent: (value: number) => new Intl.NumberFormat(locale, { style: "percent" }).format(value / 100),
    day: (time: string) => (DAY.test(time) ? utcDay : day).format(new Date(time)),
    moment: (time: string) => moment.format(new Date(time)),
    megabytes: (value: number) => bytes.format(value / 1e6),
    money: (amount: string, currency: string | null) => money(amount, currency, locale),
    /** How long ago, in the largest unit that is not zero. */
    ago(time: string, now = Date.now()) {
      const seconds = (new Date(time).getTime() - now) / 1_000;
      const [unit, size] = (UNITS.find(([, least]) => Math.abs(seconds) >= least) ?? ["second", 1]) as [Intl.RelativeTimeFormatUnit, number];
      return relative.format(Math.round(seconds / size), unit);
    },
  };
}

/** An amount as a CRM keeps it: a text of digits, with a currency or without. What is none is shown as it is. */
function money(amount: string, currency: string | null, locale: string): string {
  if (!/^-?\d+(\.\d+)?$/.test(amount)) return `${amount} ${currency ?? ""}`.trim();
  // By the text, and not by a number: an amount may have more digits than a number keeps.
  const text = amount as Intl.StringNumericLiteral;
  if (currency !== null && /^[A-Z]{3}$/.test(currency)) return new Intl.NumberFormat(locale, { style: "currency", currency }).format(text);
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: 6 }).format(text)} ${currency ?? ""}`.trim();
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [["day", 86_400], ["hour", 3_600], ["minute", 60]];
