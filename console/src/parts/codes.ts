import { PROBLEM_TYPES } from "@abgleich/client";
import { use } from "react";
import { GERMAN, titleOfType } from "./problems.ts";
import { type Language, messages, SpeechContext } from "./text.tsx";

/** What the code of a failure means to a user: what happened, and who can do something. Codes of one meaning share a sentence. */
export const codeTexts = messages({
  en: {
    unreachable: "the CRM could not be reached", unreadable: "the CRM's answer was cut off or cannot be read", busy: "the CRM is busy, or out of order for a while",
    login: "the CRM no longer accepts the grant", app: "the CRM does not accept the operator's app, or its settings", refused: "the CRM refused it", nothingUnique: "the record has no value that is unique there", hidden: "the CRM does not let this be read",
    large: "it is too large to be read or sent", job: "the CRM's bulk job did not come to its end", share: "the runs have used their share of the CRM's daily budget",
    reserve: "what is left of the CRM's daily budget is kept for your other tools", contended: "others changed it at the same time", stuck: "it made no progress and was given up",
    everything: "no object could be copied", record: "a record of the copy cannot be read", file: "the file's parts were lost or do not fit; ask for another", unfinished: "something before it has not ended",
    time: "the time ran out", operator: "the operator has to act", internal: "an error of the service itself", missing: "it is not there", changed: "another request changed it in the meantime",
  },
  de: {
    unreachable: "das CRM war nicht erreichbar", unreadable: "die Antwort des CRM brach ab oder ist nicht lesbar", busy: "das CRM ist ausgelastet oder eine Weile gestört",
    login: "das CRM nimmt die Erlaubnis nicht mehr an", app: "das CRM nimmt die App des Betreibers oder ihre Einstellungen nicht an", refused: "das CRM hat es abgelehnt", nothingUnique: "der Datensatz hat keinen Wert, der dort eindeutig ist", hidden: "das CRM lässt es nicht lesen",
    large: "es ist zu groß, um gelesen oder gesendet zu werden", job: "der Massenauftrag des CRM kam nicht zu Ende", share: "die Läufe haben ihren Anteil am Tagesbudget des CRM verbraucht",
    reserve: "der Rest des Tagesbudgets bleibt Ihren anderen Werkzeugen", contended: "andere haben es gleichzeitig geändert", stuck: "es kam nicht voran und wurde aufgegeben",
    everything: "kein Objekt ließ sich kopieren", record: "ein Datensatz der Kopie ist nicht lesbar", file: "Teile der Datei fehlen oder passen nicht; fordern Sie eine andere an", unfinished: "etwas davor ist nicht zu Ende",
    time: "die Zeit reichte nicht", operator: "der Betreiber muss handeln", internal: "ein Fehler des Dienstes selbst", missing: "es ist nicht da", changed: "eine andere Anfrage hat es inzwischen geändert",
  },
});

export type Meaning = keyof (typeof codeTexts)["en"];

function named(...meanings: [Meaning, string][]): Map<string, Meaning> {
  return new Map(meanings.flatMap(([meaning, codes]) => codes.split(" ").map((code) => [code, meaning] as const)));
}

/** The codes of connectors, without the CRM's name before the point: `CrmCode` in domain/src/words/fault/family.rs, and what connectors add. */
export const OF_CRM = named(
  ["unreachable", "host_refused login_unreachable not_an_api redirected timeout unreachable"],
  ["unreadable", "answer_cut_off answer_unreadable odd_answer token_unreadable userinfo_unreadable clock_unreadable count_unreadable deleted_unreadable describe_unreadable page_not_utf8 page_unreadable pages_incomplete pages_without_end next_page_refused page_cut_off page_malformed"],
  ["busy", "concurrent_requests query_timeout request_limit server_error server_unavailable throttled login_busy login_interrupted login_unavailable locked account_moving"],
  ["login", "invalid_grant invalid_token no_refresh_token token_refused unauthorized"],
  ["app", "client_unbuildable assertion_malformed assertion_unsigned invalid_client login_refused no_client private_key_malformed unsupported_token_type api_version_malformed page_size_malformed"],
  ["hidden", "invalid_type not_found object_not_queryable object_without_stamp missing_scopes"],
  ["large", "uri_too_long page_too_large request_malformed"],
  ["job", "job_aborted job_conflict job_failed job_id_malformed job_lost job_malformed job_results_do_not_fit job_unreadable not_in_bulk"],
  ["refused", "refused rehearsal_kept required_field_missing unwritable conflict"],
  ["nothingUnique", "nothing_unique"],
);

/** The other codes of domain/src/words/fault/catalogue.rs that others than the operator's log may show, and that are no type of a problem. */
export const OF_OURS = named(
  ["internal", "internal"],
  ["login", "integration.needs_reconnect credentials.malformed credentials.unreadable"],
  ["share", "crm.share_used_up"],
  ["reserve", "crm.reserve_reached"],
  ["unreachable", "crm.silent"],
  ["busy", "crm.token_lost_again_and_again"],
  ["contended", "tenant.end_contended allowance.contended create.contended create.in_progress create.overtaken assessment.contended suppressions.contended template.contended removal.receipts_contended"],
  ["changed", "integration.changed_meanwhile settings.changed_meanwhile record.changed_meanwhile relation.changed_meanwhile"],
  ["stuck", "sync.no_progress export.no_progress create.interrupted"],
  ["everything", "sync.every_object_failed"],
  ["record", "record.unreadable"],
  ["file", "export.parts_differ export.upload_gone"],
  ["unfinished", "tenant.not_empty receipt.removal_unfinished removal.not_begun"],
  ["time", "request.out_of_time"],
  ["large", "create.too_large receipt.too_long"],
  ["missing", "integration.malformed integration.unknown tenant.unknown run.malformed run.unknown record.id_malformed record.unknown"],
  ["operator", "allowance.malformed held.decision_unknown removal.part_unknown grant.key_unreadable grant.missing"],
);

/** Codes about the files that the operator brings: no page shows one, and a code of tomorrow may. */
const OPERATORS = /^(file|import|reference)\./;

/** What a code means, or nothing if this console does not know it. A word of the CRM's own means that it refused. */
export function meaningOf(code: string, language: Language): string | undefined {
  const texts = codeTexts[language];
  const ours = OF_OURS.get(code) ?? (OPERATORS.test(code) ? "operator" : undefined);
  if (ours) return texts[ours];
  const type = code.replaceAll(/[._]/g, "-");
  if (type in GERMAN) return titleOfType(type, language);
  const [, vendor, word] = /^([a-z0-9]+)\.(.+)$/s.exec(code) ?? [];
  if (vendor === undefined || word === undefined || !(`${vendor}-*` in PROBLEM_TYPES)) return undefined;
  return texts[OF_CRM.get(word) ?? "refused"];
}

/** A code in words, with the code beside them: the operator and the CRM's own help know it by that. */
export function useReason(): (code: string) => string {
  const { language } = use(SpeechContext);
  return (code) => {
    const meaning = meaningOf(code, language);
    return meaning === undefined ? code : `${meaning} (${code})`;
  };
}
