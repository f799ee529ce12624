import { messages } from "../parts/text.tsx";

export const texts = messages({
  en: {
    connections: "Connections", companies: "Companies", relations: "Relations", create: "Create", people: "People", facts: "Facts", removal: "Removal",
    navigation: "Pages", skip: "Skip to the page", language: "Language", integration: "Connection", signedIn: "{user} · {tenant}",
    logIn: "Log in", logInAgain: "Log in again", logOut: "Log out", welcome: "Your CRM, as it was confirmed",
    welcomeText: "Log in to see what is copied of your CRM, how each run ended, and who is in it.",
    notSetUp: "The operator has not set up logins for this console. The setting is ConsoleClientId.",
    loginFailed: "The login did not succeed ({code}). Nothing was changed.",
    leave: "Log out now?", leaveText: "It is not known yet whether something was created. When you log in again in this tab and open Create, it is asked for.", ended: "You are being logged out.",
    over: "Your login has run out", overText: "Log in again in a new window. What you were doing goes on from here, and nothing is sent twice.",
    closeWindow: "You are back. You can close this window; the console's other window goes on.",
    noPage: "There is no such page", noPageText: "Choose a page on the left.", nothingAllowed: "You may not see anything here",
    nothingAllowedText: "Your login has none of the rights read, write and admin. Your administrator gives them.", loading: "Loading",
    failed: "This page could not be shown", reload: "Load it again",
  },
  de: {
    connections: "Verbindungen", companies: "Firmen", relations: "Zuordnungen", create: "Anlegen", people: "Personen", facts: "Nachweise", removal: "Löschen",
    navigation: "Seiten", skip: "Zum Inhalt", language: "Sprache", integration: "Verbindung", signedIn: "{user} · {tenant}",
    logIn: "Anmelden", logInAgain: "Erneut anmelden", logOut: "Abmelden", welcome: "Ihr CRM, wie zuletzt bestätigt",
    welcomeText: "Melden Sie sich an, um zu sehen, was aus Ihrem CRM kopiert ist, wie jeder Lauf endete und wer darin vorkommt.",
    notSetUp: "Der Betreiber hat die Anmeldung für diese Konsole nicht eingerichtet. Die Einstellung heißt ConsoleClientId.",
    loginFailed: "Die Anmeldung ist nicht gelungen ({code}). Es wurde nichts geändert.",
    leave: "Jetzt abmelden?", leaveText: "Es ist noch nicht bekannt, ob etwas angelegt wurde. Wenn Sie sich in diesem Tab wieder anmelden und Anlegen öffnen, wird danach gefragt.", ended: "Sie werden abgemeldet.",
    over: "Ihre Anmeldung ist abgelaufen", overText: "Melden Sie sich in einem neuen Fenster erneut an. Was Sie begonnen haben, geht hier weiter, und nichts wird doppelt gesendet.",
    closeWindow: "Sie sind zurück. Sie können dieses Fenster schließen; im anderen Fenster der Konsole geht es weiter.",
    noPage: "Diese Seite gibt es nicht", noPageText: "Wählen Sie links eine Seite.", nothingAllowed: "Sie dürfen hier nichts sehen",
    nothingAllowedText: "Ihre Anmeldung hat keines der Rechte read, write und admin. Ihre Administration vergibt sie.", loading: "Wird geladen",
    failed: "Diese Seite ließ sich nicht anzeigen", reload: "Neu laden",
  },
});
