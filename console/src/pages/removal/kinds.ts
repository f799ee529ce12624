import { messages } from "../../parts/text.tsx";

/** What a removal counts, by the names of the API and the receipt (`What` in domain/src/words/removal/what.rs). */
export const kinds = messages({
  en: {
    records: "records", relations: "relations", pages: "pages as the CRM sent them", bodies: "large records", exports: "exported files", delete_markers: "markers of deleted files",
    unfinished_uploads: "unfinished uploads", progress: "states of the sync", runs: "reports of runs", quarantined: "notes of records that could not be kept", intents: "notes of creations",
    decisions: "decisions about relations", other_rows: "other rows", credentials: "grants", key_versions: "versions of keys",
  },
  de: {
    records: "Datensätze", relations: "Zuordnungen", pages: "Seiten, wie das CRM sie sandte", bodies: "große Datensätze", exports: "exportierte Dateien", delete_markers: "Marken gelöschter Dateien",
    unfinished_uploads: "unfertige Übertragungen", progress: "Stände des Abgleichs", runs: "Berichte von Läufen", quarantined: "Vermerke über Datensätze, die sich nicht übernehmen ließen", intents: "Vermerke über Anlagen",
    decisions: "Entscheidungen über Zuordnungen", other_rows: "weitere Zeilen", credentials: "Erlaubnisse", key_versions: "Fassungen der Schlüssel",
  },
});

export type Kind = keyof (typeof kinds)["en"];

export function isKind(name: string): name is Kind {
  return name in kinds.en;
}
