// Helps, and is not needed: the card's fields are written in order, one click pays once, and a mistake is shown without
// loading the page again, so that the visitor types no other field a second time.
import { dated, grouped, keepInOrder, securityCode } from "./card_fields.js";

const form = document.querySelector("form[data-check]");
const button = form.querySelector("button[type=submit]");
const fields = () => [...form.querySelectorAll("input[id], select[id]")];
const focusOnMistake = () => document.querySelector("[aria-invalid=true]")?.focus();

function setBusy(is) {
  button.disabled = is;
  button.setAttribute("aria-busy", String(is));
}

// The page with the mistakes named, if there are any.
async function pageOfMistakes() {
  try {
    const response = await fetch(form.dataset.check, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "error" });
    return response.status === 200 ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
  } catch {
    return null;
  }
}

function show(page) {
  document.title = page.title;
  document.getElementById("problems").replaceChildren(...page.getElementById("problems").childNodes);
  for (const field of fields()) {
    document.getElementById(`${field.id}-error`)?.remove();
    for (const name of ["aria-invalid", "aria-describedby"]) {
      const value = page.getElementById(field.id)?.getAttribute(name);
      if (value) field.setAttribute(name, value);
      else field.removeAttribute(name);
    }
    const error = page.getElementById(`${field.id}-error`);
    if (error) field.after(error);
  }
  focusOnMistake();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (button.disabled) return;
  setBusy(true);
  const page = await pageOfMistakes();
  if (page) {
    setBusy(false);
    show(page);
  } else {
    form.submit();
  }
});
window.addEventListener("pageshow", () => setBusy(false));

for (const [id, write] of [["cardNumber", grouped], ["cardExpiry", dated], ["cardCvc", securityCode]]) {
  const field = document.getElementById(id);
  if (field) keepInOrder(field, write);
}
focusOnMistake();
