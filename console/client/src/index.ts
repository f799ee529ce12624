/** A typed client of the Abgleich API. */
export type { components, operations, paths } from "./schema.ts";
