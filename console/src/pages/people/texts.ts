import { messages } from "../../parts/text.tsx";

export const texts = messages({
  en: {
    who: "About whom?", emails: "E-mail addresses", emailsText: "One in each line", phones: "Telephone numbers", name: "Name", firm: "Company", country: "Country",
    whoText: "An address or a number finds the person best. A name alone finds the person only with the company.", search: "Show what is held", forget: "Leave no trace here",
    held: "What is held (Art. 15)", reading: "{n} records so far …", found: "{n} records, {assessments} assessments", nothing: "Nothing is held about this person.", download: "Download (JSON)", stop: "Stop",
    soFar: "{n} records and {assessments} assessments were read.", notWhole: "This is not all that is held.", notWholeText: "Reading ended before the last part. Search again before you answer the person.", downloadPart: "Download what was read (incomplete)",
    assessments: "Assessments of this person", firstOnly: "The first {n} of each are listed here. The download has all.", legitimate_interest: "legitimate interest", consent: "consent", contract: "contract",
    objected: "has objected", notObjected: "has not objected", erased: "was erased", own: "the person's own record", names: "names the person", source: "Source: {source}", nameless: "without a name",
    objection: "Objection (Art. 21)", objectionText: "From the next request on the person is neither shown nor written to. Only keyed hashes are kept.", object: "Record the objection", withdraw: "Withdraw the objection",
    reference: "Your own reference, without personal data", recorded: "The objection was recorded {when}.", withdrawn: "The objection is withdrawn; it held {n} identifiers.",
    erasure: "Erasure (Art. 17)", erasureText: "The copy's records of the person are deleted, and no run brings them back. Erase the person in the CRM yourself.", erase: "Erase", eraseAsk: "Erase this person from the copy?",
    eraseSure: "This cannot be undone here. A lifted erasure brings back only what the CRM still has.", everything: "Also accounts and opportunities that only name the person", lift: "Lift the erasure", lifted: "{n} marks were lifted.",
    wasErased: "{n} records were erased.", left: "{n} records that only name the person were left.", chain: "Assessments", chainText: "Each entry has the hash of the one before it: a changed or missing entry is seen.",
    check: "Check the chain", intact: "{n} entries, all intact", broken: "The chain is broken after entry {n}. Tell whoever operates this.", head: "Head",
    Account: "Account", Contact: "Contact", Lead: "Lead", Task: "Task", Opportunity: "Opportunity",
  },
  de: {
    who: "Um wen geht es?", emails: "E-Mail-Adressen", emailsText: "Je Zeile eine", phones: "Telefonnummern", name: "Name", firm: "Firma", country: "Land",
    whoText: "Eine Adresse oder Nummer findet die Person am besten. Ein Name findet sie nur zusammen mit der Firma.", search: "Zeigen, was gespeichert ist", forget: "Hier nichts stehen lassen",
    held: "Was gespeichert ist (Art. 15)", reading: "Bisher {n} Datensätze …", found: "{n} Datensätze, {assessments} Abwägungen", nothing: "Über diese Person ist nichts gespeichert.", download: "Herunterladen (JSON)", stop: "Anhalten",
    soFar: "{n} Datensätze und {assessments} Abwägungen wurden gelesen.", notWhole: "Das ist nicht alles, was gespeichert ist.", notWholeText: "Das Lesen endete vor dem letzten Teil. Suchen Sie erneut, bevor Sie der Person antworten.", downloadPart: "Gelesenes herunterladen (unvollständig)",
    assessments: "Abwägungen zu dieser Person", firstOnly: "Hier stehen jeweils die ersten {n}. Der Download enthält alle.", legitimate_interest: "berechtigtes Interesse", consent: "Einwilligung", contract: "Vertrag",
    objected: "hat widersprochen", notObjected: "hat nicht widersprochen", erased: "wurde gelöscht", own: "eigener Datensatz der Person", names: "nennt die Person", source: "Quelle: {source}", nameless: "ohne Namen",
    objection: "Widerspruch (Art. 21)", objectionText: "Ab der nächsten Anfrage wird die Person weder gezeigt noch angelegt. Gespeichert werden nur Schlüsselwerte.", object: "Widerspruch festhalten", withdraw: "Widerspruch zurücknehmen",
    reference: "Ihr eigenes Zeichen, ohne personenbezogene Daten", recorded: "Der Widerspruch wurde {when} festgehalten.", withdrawn: "Der Widerspruch ist zurückgenommen; er galt für {n} Merkmale.",
    erasure: "Löschung (Art. 17)", erasureText: "Die Datensätze der Person in der Kopie werden gelöscht, und kein Lauf bringt sie zurück. Im CRM löschen Sie die Person selbst.", erase: "Löschen", eraseAsk: "Diese Person aus der Kopie löschen?",
    eraseSure: "Das lässt sich hier nicht rückgängig machen. Eine aufgehobene Löschung bringt nur zurück, was das CRM noch hat.", everything: "Auch Accounts und Verkaufschancen, die die Person nur nennen", lift: "Löschung aufheben", lifted: "{n} Vermerke wurden aufgehoben.",
    wasErased: "{n} Datensätze wurden gelöscht.", left: "{n} Datensätze, die die Person nur nennen, blieben stehen.", chain: "Abwägungen", chainText: "Jeder Eintrag trägt den Hash des vorigen: Ein geänderter oder fehlender Eintrag fällt auf.",
    check: "Kette prüfen", intact: "{n} Einträge, alle unverändert", broken: "Die Kette ist nach Eintrag {n} unterbrochen. Sagen Sie es dem Betreiber.", head: "Letzter Hash",
    Account: "Account", Contact: "Kontakt", Lead: "Lead", Task: "Aufgabe", Opportunity: "Verkaufschance",
  },
});
