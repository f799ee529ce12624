import { messages } from "../../parts/text.tsx";

export const texts = messages({
  en: {
    none: "No CRM is connected", noneText: "Connect one, and its accounts, contacts, leads, tasks and opportunities are copied once a day.",
    another: "Connect another CRM",
    noneNot: "An administrator of yours connects one.", gone: "This connection was removed", goneText: "Its copy is deleted. It can be connected anew.",
    state: "State", connected: "connected", needs_reconnect: "has to be connected again", removing: "is being removed", removed: "removed",
    organisation: "Organisation", nextRun: "Next run", notPlanned: "none is planned", due: "due now, with the next rule", lastRun: "Last run", never: "none yet", wasInOrder: "ended {when}", failedWith: "failed {when}: {code}",
    requests: "Requests in the last day", syncNow: "Sync now", syncAsked: "The run has been asked for; it begins within seconds.",
    running: "A run is under way", runningSince: "Begun {when}. The copy held {before} records then and holds {now} now.", standstill: "It has made no progress in {slices} attempts, since {when}. It goes on trying.",
    share: "The runs have used their share of the CRM's daily budget. It goes on {when}.", quiet: "The CRM asked for a pause. It goes on {when}.", reserve: "What is left of the CRM's daily budget is kept for your other tools. It goes on {when}.",
    objects: "What is copied", object: "Object", held: "In the copy", verdict: "Compared with the CRM", confirmed: "Confirmed", notes: "To know", notYet: "not yet", nothing: "Nothing is copied yet. The first run begins with the daily rule, or now.",
    Account: "Accounts", Contact: "Contacts", Lead: "Leads", Task: "Tasks", Opportunity: "Opportunities",
    verified: "agrees", drift: "{records} differ", held_: "{records} deletions held back", failed: "failed: {code}", unproven: "not proven yet", absent: "not in this organisation", unknown: "not compared yet",
    hidden: "{n} fields not shown by the CRM: {names}", quarantined: "{n} records could not be kept", waiting: "{n} deletions wait for a decision", left: "{n} deleted in the CRM, kept here",
  },
  de: {
    none: "Es ist kein CRM verbunden", noneText: "Verbinden Sie eines; dann werden einmal am Tag seine Accounts, Kontakte, Leads, Aufgaben und Verkaufschancen kopiert.",
    another: "Ein weiteres CRM verbinden",
    noneNot: "Jemand aus Ihrer Administration verbindet eines.", gone: "Diese Verbindung wurde gelöscht", goneText: "Ihre Kopie ist gelöscht. Sie kann neu verbunden werden.",
    state: "Zustand", connected: "verbunden", needs_reconnect: "muss neu verbunden werden", removing: "wird gelöscht", removed: "gelöscht",
    organisation: "Organisation", nextRun: "Nächster Lauf", notPlanned: "keiner geplant", due: "fällig, mit der nächsten Regel", lastRun: "Letzter Lauf", never: "noch keiner", wasInOrder: "endete {when}", failedWith: "scheiterte {when}: {code}",
    requests: "Anfragen am letzten Tag", syncNow: "Jetzt abgleichen", syncAsked: "Der Lauf ist angefordert; er beginnt in wenigen Sekunden.",
    running: "Ein Lauf ist im Gang", runningSince: "Begonnen {when}. Die Kopie hatte da {before} Datensätze und hat jetzt {now}.", standstill: "Er kam in {slices} Versuchen nicht voran, seit {when}. Er versucht es weiter.",
    share: "Die Läufe haben ihren Anteil am Tagesbudget des CRM verbraucht. Es geht {when} weiter.", quiet: "Das CRM hat um eine Pause gebeten. Es geht {when} weiter.", reserve: "Der Rest des Tagesbudgets bleibt Ihren anderen Werkzeugen. Es geht {when} weiter.",
    objects: "Was kopiert ist", object: "Objekt", held: "In der Kopie", verdict: "Vergleich mit dem CRM", confirmed: "Bestätigt", notes: "Zu wissen", notYet: "noch nicht", nothing: "Es ist noch nichts kopiert. Der erste Lauf beginnt mit der täglichen Regel oder jetzt.",
    Account: "Accounts", Contact: "Kontakte", Lead: "Leads", Task: "Aufgaben", Opportunity: "Verkaufschancen",
    verified: "stimmt überein", drift: "{records} weichen ab", held_: "{records} Löschungen zurückgehalten", failed: "gescheitert: {code}", unproven: "noch nicht bewiesen", absent: "in dieser Organisation nicht vorhanden", unknown: "noch nicht verglichen",
    hidden: "{n} Felder zeigt das CRM nicht: {names}", quarantined: "{n} Datensätze ließen sich nicht übernehmen", waiting: "{n} Löschungen warten auf eine Entscheidung", left: "{n} im CRM gelöscht, hier behalten",
  },
});
