import { messages } from "../../parts/text.tsx";

export const texts = messages({
  en: {
    none: "No CRM is connected", noneText: "Connect one first; then its records are compared with the companies.",
    nothing: "There is nothing to review", nothingText: "Matching found no relation that somebody has to look at. The next run may find some.",
    title: "Suggested relations", keys: "In the list: j and k go down and up, a approves, b blocks, o names another company, u takes the last decision back.",
    looked: "{decided} of {all} decided", lookedMore: "{decided} decided, more than {all} suggested", record: "The record in your CRM", company: "The company", evidence: "Why it may be this company",
    approve: "Approve", block: "Block", other: "Another company", otherLabel: "Id of the company that it is", link: "Link", undo: "Undo", failed: "not saved",
    approved: "approved", blocked: "blocked", likely: "score {n} of 1000", for_: "This record is company {company}", not: "This record is not company {company}",
    nameless: "without a name", mayNot: "You may look, and not decide: your login lacks the right write.",
    owner: "Owner", stage: "Stage", field: "Compared", mine: "Record", theirs: "Company", agreement: "Finding", gone: "The company database has no company of this id.",
    inCrm: "In your CRM?", yes: "yes", perhaps: "perhaps", no: "no", related: "{n} records belong to it", relatedAtLeast: "at least {n} records belong to it", more: "Show more",
    Account: "Account", Contact: "Contact", Lead: "Lead", Task: "Task", Opportunity: "Opportunity",
  },
  de: {
    none: "Es ist kein CRM verbunden", noneText: "Verbinden Sie zuerst eines; dann werden seine Datensätze mit den Firmen verglichen.",
    nothing: "Es gibt nichts zu prüfen", nothingText: "Der Abgleich fand keine Zuordnung, die jemand ansehen muss. Der nächste Lauf kann welche finden.",
    title: "Vorgeschlagene Zuordnungen", keys: "In der Liste: j und k gehen vor und zurück, a bestätigt, b lehnt ab, o nennt eine andere Firma, u nimmt die letzte Entscheidung zurück.",
    looked: "{decided} von {all} entschieden", lookedMore: "{decided} entschieden, mehr als {all} vorgeschlagen", record: "Der Datensatz in Ihrem CRM", company: "Die Firma", evidence: "Warum es diese Firma sein kann",
    approve: "Bestätigen", block: "Ablehnen", other: "Andere Firma", otherLabel: "Kennung der richtigen Firma", link: "Zuordnen", undo: "Rückgängig", failed: "nicht gespeichert",
    approved: "bestätigt", blocked: "abgelehnt", likely: "Wert {n} von 1000", for_: "Dieser Datensatz ist die Firma {company}", not: "Dieser Datensatz ist nicht die Firma {company}",
    nameless: "ohne Namen", mayNot: "Sie dürfen ansehen und nicht entscheiden: Ihrer Anmeldung fehlt das Recht write.",
    owner: "Zuständig", stage: "Stand", field: "Verglichen", mine: "Datensatz", theirs: "Firma", agreement: "Befund", gone: "Die Firmendatenbank hat keine Firma mit dieser Kennung.",
    inCrm: "In Ihrem CRM?", yes: "ja", perhaps: "vielleicht", no: "nein", related: "{n} Datensätze gehören dazu", relatedAtLeast: "mindestens {n} Datensätze gehören dazu", more: "Mehr zeigen",
    Account: "Account", Contact: "Kontakt", Lead: "Lead", Task: "Aufgabe", Opportunity: "Verkaufschance",
  },
});
