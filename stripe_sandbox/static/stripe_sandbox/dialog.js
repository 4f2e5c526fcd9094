// The card dialog: takes the options from the page that opened it, gives a token back, remembers nothing.
const shop = new URLSearchParams(location.search).get("origin");
const form = document.querySelector("form");
const problem = document.querySelector("#problem");
const button = document.querySelector("button.pay");
const sheet = document.querySelector(".sheet");
let options = {};

const tell = (message) => window.parent.postMessage(message, shop);
const close = () => tell({ type: "close" });
const value = (id) => document.getElementById(id).value.trim();

function label() {
  const text = options.panelLabel || form.dataset.pay;
  const { price } = form.dataset;
  return text.includes("{{amount}}") ? text.replace("{{amount}}", () => price) : `${text} ${price}`.trim();
}

function open(given) {
  options = given;
  document.querySelector("h1").textContent = options.name || form.dataset.title;
  const description = document.querySelector("#description");
  description.textContent = options.description || "";
  description.hidden = !options.description;
  const image = document.querySelector("header img");
  if (options.image) image.src = options.image;
  image.hidden = !options.image;
  document.getElementById("email").value = options.email || "";
  for (const part of ["billing", "shipping"]) {
    const set = document.getElementById(part);
    set.hidden = set.disabled = !(part === "billing" ? options.billingAddress : options.shippingAddress);
  }
  const zip = document.getElementById("zip-field");
  zip.hidden = zip.disabled = !options.zipCode || options.billingAddress;
  button.textContent = label();
  sheet.hidden = false;
  [...form.querySelectorAll("input")].find((input) => input.offsetParent && !input.disabled && !input.value)?.focus();
}

function show(message, field) {
  problem.textContent = message;
  problem.hidden = !message;
  for (const input of form.elements) input.removeAttribute?.("aria-invalid");
  const names = { number: "card_number", exp_month: "cc-exp", exp_year: "cc-exp", cvc: "cc-csc", email: "email" };
  const input = document.getElementById(names[field] || "");
  if (input) {
    input.setAttribute("aria-invalid", "true");
    input.setAttribute("aria-describedby", "problem");
    input.focus();
  }
}

function address(part) {
  if (document.getElementById(part).disabled) return {};
  const fields = { name: "name", address_line1: "line1", address_zip: "zip", address_city: "city", address_state: "state", address_country: "country" };
  return Object.fromEntries(Object.entries(fields).map(([name, id]) => [`${part}_${name}`, value(`${part}-${id}`)]));
}

function card() {
  const [month = "", year = ""] = value("cc-exp").split(/\s*\/\s*/);
  const where = address("billing");
  const fields = { number: value("card_number"), exp_month: month, exp_year: year, cvc: value("cc-csc") };
  if (where.billing_name) fields.name = where.billing_name;
  for (const name of ["line1", "city", "state", "zip", "country"]) {
    if (where[`billing_address_${name}`]) fields[`address_${name}`] = where[`billing_address_${name}`];
  }
  if (!document.getElementById("zip-field").disabled) fields.address_zip = value("zip");
  return fields;
}

function extras() {
  const given = { ...address("billing"), ...address("shipping") };
  for (const part of ["billing", "shipping"]) {
    if (given[`${part}_address_country`]) given[`${part}_address_country_code`] = given[`${part}_address_country`];
  }
  return given;
}

async function tokenize() {
  const body = new URLSearchParams();
  for (const [name, text] of Object.entries(card())) if (text || name !== "cvc") body.set(`card[${name}]`, text);
  const response = await fetch("/v1/tokens", { method: "POST", headers: { Authorization: `Bearer ${options.key}` }, body, credentials: "omit" });
  return response.json();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value("email"))) return show(form.dataset.email, "email");
  if (!/^\d{1,2}\s*\/\s*(\d{2}|\d{4})$/.test(value("cc-exp"))) return show(form.dataset.invalid_expiry_month, "exp_month");
  if (!/^\d+$/.test(value("cc-csc"))) return show(form.dataset.invalid_cvc, "cvc");
  button.disabled = true;
  show("");
  try {
    const answer = await tokenize();
    if (answer.error) {
      const { code, decline_code, message, param } = answer.error;
      show(form.dataset[decline_code] || form.dataset[code] || message, (param || "").replace(/^card\[|\]$/g, ""));
    } else {
      const message = { type: "token", token: { ...answer, email: value("email") }, args: extras() };
      form.reset();
      tell(message);
    }
  } catch {
    show(form.dataset.unreachable);
  } finally {
    button.disabled = false;
  }
  return undefined;
});

document.querySelector(".close").addEventListener("click", close);
document.querySelector(".backdrop").addEventListener("mousedown", (event) => { if (event.target === event.currentTarget) close(); });

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
  if (event.key !== "Tab") return;
  const stops = [...sheet.querySelectorAll("button, input, select")].filter((element) => element.offsetParent && !element.disabled);
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  if (document.activeElement === edge) {
    event.preventDefault();
    (event.shiftKey ? stops.at(-1) : stops[0]).focus();
  }
});

document.getElementById("card_number").addEventListener("input", (event) => {
  const digits = event.target.value.replace(/\D/g, "");
  const groups = /^3[47]/.test(digits) ? /^(\d{1,4})(\d{1,6})?(\d{1,5})?/ : /^(\d{1,4})(\d{1,4})?(\d{1,4})?(\d{1,7})?/;
  if (event.target.selectionStart === event.target.value.length) {
    event.target.value = (digits.match(groups) || []).slice(1).filter(Boolean).join(" ");
  }
});
document.getElementById("cc-exp").addEventListener("input", (event) => {
  if (/^\d{2}$/.test(event.target.value) && event.inputType !== "deleteContentBackward") event.target.value += " / ";
});

window.addEventListener("message", (event) => {
  if (event.source === window.parent && event.origin === shop && event.data.type === "open") open(event.data.options);
});
if (shop && window.parent !== window) tell({ type: "ready" });
