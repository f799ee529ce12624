import type { Schema } from "@abgleich/client";

export type CompanyFields = NonNullable<Schema<"Settings">["companyFields"]>;
export type Column = Schema<"Column">;

/** The columns of a company. The compiler says if there is another one. */
const NAMED: Record<Column, true> = {
  id: true, name: true, legalForm: true, street: true, zip: true, city: true, country: true, countryCode: true, domain: true, phone: true, vatId: true, register: true,
  registerCourt: true, registerNumber: true, lei: true, parentId: true,
};
export const COLUMNS = Object.keys(NAMED) as Column[];

/** One line of the form: a field of a new record, and the column that fills it. Null: it stays empty. */
export interface Filled {
  key: number;
  object: Schema<"Object">;
  field: string;
  column: Column | null;
}

let keys = 0;

export function filled(object: Schema<"Object">, field = "", column: Column | null = "name"): Filled {
  return { key: (keys += 1), object, field, column };
}

export function linesOf(settings: CompanyFields | undefined): Filled[] {
  return Object.entries(settings ?? {}).flatMap(([object, fields]) => Object.entries(fields ?? {}).map(([field, column]) => filled(object as Schema<"Object">, field, column)));
}

/** The setting as the API takes it. A line without a field is none; of two lines about one field, the later one counts. */
export function settingOf(lines: readonly Filled[]): CompanyFields {
  const setting: Partial<Record<Schema<"Object">, Record<string, Column | null>>> = {};
  for (const { object, field, column } of lines) {
    if (field.trim() !== "") (setting[object] ??= {})[field.trim()] = column;
  }
  return setting as CompanyFields;
}
