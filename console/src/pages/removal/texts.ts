import { messages } from "../../parts/text.tsx";

export const texts = messages({
  en: {
    none: "There is nothing to remove", noneText: "No CRM is connected.", notAllowed: "An administrator of yours may remove this connection.",
    title: "Remove {name}", what: "The copy is deleted with everything derived from it: records, relations, sealed pages, exports. The grant is given back to the CRM and the keys are destroyed, so that nothing of it can be read again, not even by us. It cannot be undone. Nothing in the CRM changes.",
    exportTitle: "First, take the copy with you", exportWhat: "A removal deletes finished exports, too. Ask for a file with all records and relations now, if you want one.", exportBegin: "Write an export", exportWriting: "{records} records and {relations} relations written so far",
    exportDone: "The file is there: {records} records, {relations} relations, {size}. The link works for five minutes.", exportGet: "Download", exportFailed: "The export was given up: {code}", exportWithheld: "{n} records are left out, because somebody in them was erased.",
    confirmTitle: "Then remove it", confirm: "Type {name} to confirm", remove: "Remove for good", sure: "Remove {name} for good?", sureText: "From this moment nothing of it is shown or written.",
    progress: "Removal of {name}", asked: "Asked for {when}", left: "About {done} of {all} records deleted", counts: "Deleted so far", end: "It will presumably end {when}.",
    revoking: "Give the grant back to the CRM", destroying: "Destroy the keys", sweeping: "Delete everything", waiting: "Wait for whoever began earlier", sweeping_again: "Delete again", verifying: "Look for anything that is left", signing: "Sign the receipt", done: "Done",
    revoked: "The CRM confirmed that the grant has ended.", notRevoked: "The CRM did not confirm the end of the grant: {code}",
    receipt: "Receipt {number}", good: "verified in this browser: hash and signature fit", badHash: "The receipt was changed: its hash does not fit", badSignature: "The receipt was changed or signed by another key: the signature does not fit", unreadable: "The signature cannot be read",
    verifying_: "verifying", verifyBy: "Anybody can verify it anew, without us:", document: "Receipt", signature: "Signature", key: "Public key", contents: "What it says", keyId: "Key",
    file: "Verify a receipt that you have", fileWhy: "It is read in this browser and sent nowhere. Its signature is the one above.", fileSame: "This file is the receipt.",
  },
  de: {
    none: "Es gibt nichts zu löschen", noneText: "Es ist kein CRM verbunden.", notAllowed: "Ihre Administration darf diese Verbindung löschen.",
    title: "{name} löschen", what: "Die Kopie wird gelöscht, mit allem, was daraus entstand: Datensätze, Zuordnungen, versiegelte Seiten, Exporte. Die Erlaubnis wird dem CRM zurückgegeben, und die Schlüssel werden vernichtet, so dass nichts davon je wieder lesbar ist, auch für uns nicht. Es lässt sich nicht rückgängig machen. Im CRM ändert sich nichts.",
    exportTitle: "Nehmen Sie zuerst die Kopie mit", exportWhat: "Das Löschen betrifft auch fertige Exporte. Fordern Sie jetzt eine Datei mit allen Datensätzen und Zuordnungen an, wenn Sie eine wollen.", exportBegin: "Export schreiben", exportWriting: "{records} Datensätze und {relations} Zuordnungen geschrieben",
    exportDone: "Die Datei ist da: {records} Datensätze, {relations} Zuordnungen, {size}. Der Link gilt fünf Minuten.", exportGet: "Herunterladen", exportFailed: "Der Export wurde aufgegeben: {code}", exportWithheld: "{n} Datensätze fehlen, weil jemand darin gelöscht wurde.",
    confirmTitle: "Dann löschen", confirm: "Zur Bestätigung {name} eingeben", remove: "Endgültig löschen", sure: "{name} endgültig löschen?", sureText: "Von diesem Moment an wird nichts mehr davon gezeigt oder geschrieben.",
    progress: "Löschung von {name}", asked: "Angefordert {when}", left: "Etwa {done} von {all} Datensätzen gelöscht", counts: "Bisher gelöscht", end: "Sie endet voraussichtlich {when}.",
    revoking: "Erlaubnis an das CRM zurückgeben", destroying: "Schlüssel vernichten", sweeping: "Alles löschen", waiting: "Auf früher Begonnenes warten", sweeping_again: "Noch einmal löschen", verifying: "Nach Resten suchen", signing: "Quittung unterschreiben", done: "Fertig",
    revoked: "Das CRM hat das Ende der Erlaubnis bestätigt.", notRevoked: "Das CRM hat das Ende der Erlaubnis nicht bestätigt: {code}",
    receipt: "Quittung {number}", good: "in diesem Browser geprüft: Hash und Unterschrift passen", badHash: "Die Quittung wurde verändert: ihr Hash passt nicht", badSignature: "Die Quittung wurde verändert oder mit einem anderen Schlüssel unterschrieben: die Unterschrift passt nicht", unreadable: "Die Unterschrift ist nicht lesbar",
    verifying_: "wird geprüft", verifyBy: "Jeder kann sie ohne uns erneut prüfen:", document: "Quittung", signature: "Unterschrift", key: "Öffentlicher Schlüssel", contents: "Was sie sagt", keyId: "Schlüssel",
    file: "Eine Quittung prüfen, die Sie haben", fileWhy: "Sie wird in diesem Browser gelesen und nirgendwohin gesendet. Ihre Unterschrift ist die obige.", fileSame: "Diese Datei ist die Quittung.",
  },
});
