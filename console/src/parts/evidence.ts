import { messages } from "./text.tsx";

/** What matching compares, and how it agrees, in words. The API's own sentence is English. */
export const evidenceTexts = messages({
  en: {
    lei: "LEI", vat: "VAT id", register: "Register", name: "Name", domain: "Domain", phone: "Telephone", street: "Street", zip: "Postal code", city: "City", legal_form: "Legal form", country: "Country", rivals: "Other companies",
    equal: "equal", close: "nearly equal", partly: "partly equal", different: "different",
  },
  de: {
    lei: "LEI", vat: "USt-IdNr.", register: "Register", name: "Name", domain: "Domain", phone: "Telefon", street: "Straße", zip: "PLZ", city: "Ort", legal_form: "Rechtsform", country: "Land", rivals: "Andere Firmen",
    equal: "gleich", close: "fast gleich", partly: "teilweise gleich", different: "verschieden",
  },
});
