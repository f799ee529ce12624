import { messages } from "../../parts/text.tsx";

export const assessing = messages({
  en: {
    title: "Assess this person", kind: "Legal basis", legitimate_interest: "legitimate interest", consent: "consent", contract: "contract", who: "Who", purpose: "Purpose", necessity_: "Necessity", balancing: "Balancing", safeguards_: "Safeguards", outcome: "Outcome", evidence_: "Evidence",
    emails: "E-mail addresses, one a line", name: "Name", company: "Company", forWhat: "For what (purpose)", source: "Where the data come from", template: "Begin with a template", noTemplate: "none",
    interest: "What is the interest?", whoseInterest: "Whose is it?", benefit: "Who gains what from it?", legality: "Why is it lawful and ethical?", necessity: "Why is it necessary?", alternatives: "Which milder ways were considered, and why do they not do?",
    relationship: "How do we stand with this person?", expectation: "Why can this person expect it?", sensitivity: "What data are it, and how sensitive?", impact: "What can it do to this person?", vulnerable: "The person is a child or needs protection for another reason",
    safeguards: "What protects this person? One safeguard a line", optOut: "How can this person object?", prevails: "The interest prevails", person: "This person's interests prevail", reviewer: "Who assessed it", assessed: "On", reviewDate: "It holds until",
    given: "Given on", wording: "What exactly did the person consent to?", evidence: "How can it be shown?", reference: "Which contract?", cancel: "Cancel", back: "Back", next: "Next", file: "File the assessment", choose: "Choose one: nothing is presumed.", why: "An assessment is about one person and one purpose. It is signed into a chain, and clears nobody else.",
  },
  de: {
    title: "Diese Person prüfen", kind: "Rechtsgrundlage", legitimate_interest: "berechtigtes Interesse", consent: "Einwilligung", contract: "Vertrag", who: "Wer", purpose: "Zweck", necessity_: "Erforderlichkeit", balancing: "Abwägung", safeguards_: "Schutz", outcome: "Ergebnis", evidence_: "Nachweis",
    emails: "E-Mail-Adressen, eine je Zeile", name: "Name", company: "Firma", forWhat: "Wofür (Zweck)", source: "Woher die Daten kommen", template: "Mit einer Vorlage beginnen", noTemplate: "keine",
    interest: "Was ist das Interesse?", whoseInterest: "Wessen ist es?", benefit: "Wer hat welchen Nutzen?", legality: "Warum ist es rechtmäßig und vertretbar?", necessity: "Warum ist es erforderlich?", alternatives: "Welche milderen Wege wurden erwogen, und warum reichen sie nicht?",
    relationship: "Wie stehen wir zu dieser Person?", expectation: "Warum kann diese Person damit rechnen?", sensitivity: "Welche Daten sind es, und wie sensibel?", impact: "Was kann es für diese Person bedeuten?", vulnerable: "Die Person ist ein Kind oder aus anderem Grund schutzbedürftig",
    safeguards: "Was schützt diese Person? Ein Schutz je Zeile", optOut: "Wie kann diese Person widersprechen?", prevails: "Das Interesse überwiegt", person: "Die Interessen dieser Person überwiegen", reviewer: "Wer hat geprüft", assessed: "Am", reviewDate: "Gilt bis",
    given: "Erteilt am", wording: "Worin genau hat die Person eingewilligt?", evidence: "Wie lässt es sich belegen?", reference: "Welcher Vertrag?", cancel: "Abbrechen", back: "Zurück", next: "Weiter", file: "Prüfung ablegen", choose: "Wählen Sie: nichts ist voreingestellt.", why: "Eine Prüfung gilt einer Person und einem Zweck. Sie wird in eine Kette eingetragen und gibt niemand anderen frei.",
  },
});
