import { messages } from "../../parts/text.tsx";

export const texts = messages({
  en: {
    none: "No CRM is connected", noneText: "Connect one first; then you can see which companies are in it.",
    ask: "Which companies are in your CRM?", list: "Ids of companies, one in each line, or a table with a column for them", file: "Or choose or drop a file (CSV)",
    look: "Look up", stop: "Stop", goOn: "Go on", reading: "The list is being read …", looked: "{done} of {all} looked up", column: "Column with the ids",
    columnText: "None of the columns is called company or id. Choose the one that has the companies' ids.", unfit: "{n} rows have no id that could be one, and were left out.",
    repeated: "{n} rows name a company once more.", empty: "There is no id in this list", emptyText: "Paste ids of companies, or a table that has a column for them.",
    start: "Nothing has been looked up yet", startText: "Paste or drop a list. Up to 200,000 companies are looked up in steps of 100.",
    results: "Companies", show: "Show", all: "all ({n})", yes: "in the CRM", perhaps: "perhaps", no: "not in the CRM", yesOf: "in the CRM ({n})", perhapsOf: "perhaps ({n})", noOf: "not in the CRM ({n})",
    company: "Company", inCrm: "In your CRM?", owner: "Owner", opportunities: "Open opportunities", tasks: "Open tasks", activity: "Last activity", confirmed: "Confirmed",
    atLeast: "at least {n}", keys: "Arrow keys move through the list, Enter shows a company.", chart: "{yes} in the CRM, {perhaps} perhaps, {no} not",
    close: "Close", records: "Records and why they belong to it", noRecords: "No record of your CRM belongs to this company.", more: "There are more records that belong to it.",
    suggested: "suggested", automatic: "automatic", approved: "approved", blocked: "blocked", byHand: "A user linked it.", score: "score {n}", children: "What belongs to it",
    optOut: "does not want: {ways}", deleted: "deleted in the CRM", open: "open", closed: "closed", due: "due {when}", nameless: "without a name",
    Account: "Account", Contact: "Contact", Lead: "Lead", Task: "Task", Opportunity: "Opportunity",
  },
  de: {
    none: "Es ist kein CRM verbunden", noneText: "Verbinden Sie zuerst eines; dann sehen Sie, welche Firmen darin sind.",
    ask: "Welche Firmen sind in Ihrem CRM?", list: "Kennungen von Firmen, je Zeile eine, oder eine Tabelle mit einer Spalte dafür", file: "Oder eine Datei wählen oder hierher ziehen (CSV)",
    look: "Nachsehen", stop: "Anhalten", goOn: "Weiter", reading: "Die Liste wird gelesen …", looked: "{done} von {all} nachgesehen", column: "Spalte mit den Kennungen",
    columnText: "Keine Spalte heißt company, id oder Firma. Wählen Sie die, in der die Kennungen der Firmen stehen.", unfit: "{n} Zeilen haben keine mögliche Kennung und wurden ausgelassen.",
    repeated: "{n} Zeilen nennen eine Firma noch einmal.", empty: "In dieser Liste ist keine Kennung", emptyText: "Fügen Sie Kennungen von Firmen ein oder eine Tabelle mit einer Spalte dafür.",
    start: "Es wurde noch nichts nachgesehen", startText: "Fügen Sie eine Liste ein oder ziehen Sie sie hierher. Bis zu 200.000 Firmen werden in Schritten von 100 nachgesehen.",
    results: "Firmen", show: "Zeigen", all: "alle ({n})", yes: "im CRM", perhaps: "vielleicht", no: "nicht im CRM", yesOf: "im CRM ({n})", perhapsOf: "vielleicht ({n})", noOf: "nicht im CRM ({n})",
    company: "Firma", inCrm: "In Ihrem CRM?", owner: "Zuständig", opportunities: "Offene Verkaufschancen", tasks: "Offene Aufgaben", activity: "Letzte Aktivität", confirmed: "Bestätigt",
    atLeast: "mindestens {n}", keys: "Pfeiltasten gehen durch die Liste, die Eingabetaste zeigt eine Firma.", chart: "{yes} im CRM, {perhaps} vielleicht, {no} nicht",
    close: "Schließen", records: "Datensätze und warum sie dazugehören", noRecords: "Kein Datensatz Ihres CRM gehört zu dieser Firma.", more: "Es gehören noch mehr Datensätze dazu.",
    suggested: "vorgeschlagen", automatic: "automatisch", approved: "bestätigt", blocked: "abgelehnt", byHand: "Von Hand zugeordnet.", score: "Wert {n}", children: "Was dazugehört",
    optOut: "möchte nicht: {ways}", deleted: "im CRM gelöscht", open: "offen", closed: "abgeschlossen", due: "fällig {when}", nameless: "ohne Namen",
    Account: "Account", Contact: "Kontakt", Lead: "Lead", Task: "Aufgabe", Opportunity: "Verkaufschance",
  },
});
