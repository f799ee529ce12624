import { PROBLEM_TYPES, type ProblemError, type ProblemType } from "@abgleich/client";
import type { Language } from "./text.tsx";

/** The types of the contract, without the families whose members a CRM names. */
type Single = Exclude<ProblemType, `${string}*`>;

/** The titles of problems in German. Those in English are the contract's own. A type that is missing is an error of the compiler. */
export const GERMAN: Record<Single, string> = {
  "bad-request": "Die Anfrage ist nicht lesbar",
  "record-id-misspelt": "Das ist keine Id dieses CRM",
  "unauthorized": "Es braucht eine Anmeldung",
  "claims-malformed": "Die Anmeldung sagt nicht, wer anfragt",
  "foreign-account": "Die Unterschrift ist von einem anderen Konto",
  "not-cleared": "Jemand im Datensatz ist nicht freigegeben",
  "scope-missing": "Die Anmeldung erlaubt das nicht",
  "tenant-ended": "Der Mandant ist beendet",
  "not-found": "Nicht gefunden",
  "record-vanished": "Der Datensatz wurde im CRM gelöscht",
  "record-withheld": "Den Datensatz gibt es, er wird aber nicht gezeigt",
  "method-not-allowed": "Diese Adresse kennt diese Methode nicht",
  "changed-meanwhile": "Eine andere Anfrage hat es inzwischen geändert",
  "duplicate": "Der Datensatz gleicht einem vorhandenen",
  "export-lease-lost": "Ein anderer Abschnitt arbeitet an dem Export",
  "export-unknown": "Diesen Export gibt es nicht",
  "held-nothing": "Es sind keine Löschungen zurückgehalten",
  "held-other-run": "Ein späterer Lauf hat mehr zurückgehalten; sehen Sie zuerst diesen an",
  "held-run-open": "Der Lauf ist nicht zu Ende und kann noch mehr zurückhalten",
  "integration-connected-already": "Die Verbindung besteht schon",
  "integration-not-connected": "Die Verbindung besteht nicht",
  "integration-not-shown": "Die Verbindung darf nicht gezeigt werden",
  "integration-other-generation": "Die Verbindung wurde inzwischen neu geschlossen",
  "integration-other-organisation": "Die Verbindung gehört zu einer anderen Organisation",
  "integration-removing": "Die Verbindung wird gerade gelöscht",
  "lease-lost": "Ein anderer Abschnitt arbeitet daran",
  "lease-not-ours": "Ein anderer Abschnitt arbeitet daran",
  "needs-reconnect": "Das CRM nimmt die Erlaubnis nicht mehr an; verbinden Sie neu",
  "removal-lease-lost": "Ein anderer Abschnitt arbeitet an der Löschung",
  "removal-not-under-way": "Es ist keine Löschung im Gang",
  "renewal-not-ours": "Ein anderer Vorgang erneuert die Erlaubnis",
  "integration-removed": "Die Verbindung wurde gelöscht",
  "precondition-failed": "Das ist nicht mehr der geltende Stand",
  "too-large": "Der Inhalt ist zu groß",
  "unsupported-media-type": "Der Inhalt muss JSON sein",
  "assessment-incomplete": "Die Prüfung ist unvollständig",
  "code-refused": "Das CRM hat den Code der Zustimmung abgelehnt",
  "companies-too-many": "Es sind zu viele Firmen auf einmal",
  "controller-part-misfits": "Ein Teil der Angaben zum Verantwortlichen ist ungültig",
  "create-key-reused": "Eine andere Anfrage hat diesen Schlüssel benutzt",
  "create-size": "Es sind zu wenige oder zu viele Datensätze",
  "cursor-refused": "Die Fortsetzung gehört nicht zu dieser Liste",
  "environment-refused": "Diese Umgebung ist nicht erlaubt",
  "export-malformed": "Das ist nicht die Id eines Exports",
  "field-malformed": "Das ist nicht der Name eines Felds",
  "filter-missing": "Es fehlt ein Filter",
  "invalid": "Ein Feld ist ungültig",
  "login-refused": "Diese Adresse der Anmeldung ist nicht erlaubt",
  "object-unknown": "Dieses Objekt gibt es nicht",
  "organisation-unknown": "Das CRM sagt nicht, welche Organisation das ist",
  "person-email-malformed": "Das ist keine E-Mail-Adresse",
  "person-phone-malformed": "Das ist keine Telefonnummer",
  "person-too-long": "Eine Angabe zur Person ist zu lang",
  "person-unidentified": "Diese Angaben bezeichnen keine Person",
  "provider-not-set-up": "Der Betreiber hat dieses CRM nicht eingerichtet",
  "provider-unknown": "Für dieses CRM gibt es keinen Konnektor",
  "purpose-malformed": "Das ist nicht der Name eines Zwecks",
  "refused-by-crm": "Das CRM nahm den Datensatz nicht an",
  "relation-of-no-company": "Datensätze dieses Objekts haben keine Firma",
  "relation-too-many-decisions": "Zu den Zuordnungen dieses Datensatzes gibt es zu viele Entscheidungen",
  "settings-unfit": "Eine Einstellung ist ungültig",
  "state-unknown": "Zu dieser Zustimmung wurde nichts begonnen, oder es ist abgelaufen",
  "template-unknown": "Diese Fassung der Vorlage gibt es nicht",
  "tenant-malformed": "Das ist nicht die Id eines Mandanten",
  "tenant-not-confirmed": "Der Mandant ist nicht durch seine Id bestätigt",
  "unfit": "Das CRM nähme den Datensatz nicht an",
  "unknown-company": "Die Firmendatenbank kennt diese Firma nicht",
  "allowance-used-up": "Das Kontingent des Mandanten ist verbraucht",
  "precondition-required": "Es fehlt der Stand, der geändert werden soll",
  "answer-too-large": "Die Antwort wäre zu groß",
  "internal": "Bei uns ist etwas schiefgegangen",
  "tenant-key-lost": "Der Schlüssel des Mandanten ist verloren; es wird nichts geprüft, gezeigt oder angelegt",
  "app-refused": "Das CRM nimmt die App des Betreibers nicht an; der Betreiber muss handeln",
  "not-sent": "Es wurde nichts angelegt; dieselbe Anfrage kann später gelingen",
  "unavailable": "Zur Zeit nicht verfügbar; dieselbe Anfrage kann später gelingen",
};

const REFUSED = "Das CRM hat die Anfrage abgelehnt";

/** The title of a type in a language, or nothing if the contract has no such type. */
export function titleOfType(type: string, language: Language): string | undefined {
  if (type in GERMAN) return language === "de" ? GERMAN[type as Single] : PROBLEM_TYPES[type as Single].title;
  const family = Object.entries(PROBLEM_TYPES).find(([name]) => name.endsWith("*") && type.startsWith(name.slice(0, -1)));
  return family && (language === "de" ? REFUSED : family[1].title);
}

/** What a problem is called. In English it is what the API says, also for a type that is newer than this console. */
export function titleOf({ type, status, title }: ProblemError, language: Language): string {
  if (language === "en") return title;
  // What stands before the API, a gateway or a proxy, speaks English or HTML: its status says more.
  return titleOfType(type, language) ?? `Die Antwort war ${status}`;
}
