// The card dialog: takes the options from the page that opened it, gives a token back, remembers nothing.
import { cardNumber, dated, grouped, keepInOrder, monthAndYear, securityCode } from "./card_fields.js";

const shop = new URLSearchParams(location.search).get("origin");
const form = document.querySelector("form");
const problem = document.querySelector("#problem");
const button = document.querySelector("button.pay");
const sheet = document.querySelector(".sheet");
// The fields of an address, as checkout.js names them, in the order in which it posts them.
const ADDRESS = ["name", "address_country", "address_country_code", "address_zip", "address_line1", "address_city", "address_state"];
// The field at fault, by the parameter that the API names.
const FIELDS = { number: "card_number", exp_month: "cc-exp", exp_year: "cc-exp", cvc: "cc-csc", address_zip: "zip" };
let options = {};

const send = (message) => window.parent.postMessage(message, shop);
const close = () => send({ type: "close" });
const value = (id) => document.getElementById(id).value.trim();
const isAsked = (id) => !document.getElementById(id).disabled;

function label() {
  const text = options.panelLabel || form.dataset.pay;
  const { price } = form.dataset;
  return text.includes("{{amount}}") ? text.replace("{{amount}}", () => price) : `${text} ${price}`.trim();
}

// What is wrong with the page that opened the dialog. With the first two nothing can be paid.
function complain() {
  const { problem: amount, noKey, noSource } = form.dataset;
  const sentences = [amount, options.key ? "" : noKey, options.hasSource ? noSource : ""].filter(Boolean);
  for (const sentence of sentences) send({ type: "problem", sentence });
  if (sentences.length) show({ "": sentences[0] });
  button.disabled = Boolean(amount || !options.key);
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
  const asked = { billing: options.billingAddress, shipping: options.shippingAddress, "zip-field": options.zipCode && !options.billingAddress };
  for (const [id, is] of Object.entries(asked)) document.getElementById(id).hidden = document.getElementById(id).disabled = !is;
  button.textContent = label();
  sheet.hidden = false;
  complain();
  [...form.querySelectorAll("input")].find((input) => input.offsetParent && !input.disabled && !input.value)?.focus();
}

// Show sentences beside their fields, by the field's id; "" is the form. The first wrong field gets the focus.
function show(errors) {
  const sentences = new Set(Object.values(errors));
  problem.textContent = sentences.size > 1 ? form.dataset.several : [...sentences].join("");
  problem.hidden = !sentences.size;
  for (const field of form.querySelectorAll("input, select")) {
    document.getElementById(`${field.id}-error`)?.remove();
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
    if (!errors[field.id]) continue;
    const text = document.createElement("span");
    text.className = "error";
    text.id = `${field.id}-error`;
    text.textContent = errors[field.id];
    field.after(text);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", text.id);
  }
  form.querySelector("[aria-invalid]")?.focus();
}

// What is wrong with what was typed; the API finds the rest.
function mistakes() {
  const { missing, email, invalid_expiry_month: expiry, invalid_cvc: code, incorrect_number: number } = form.dataset;
  const errors = {};
  for (const field of form.querySelectorAll("input[required], select[required]")) {
    const hasNoCode = field.id.endsWith("-zip") && document.querySelector(`#${field.id.replace("-zip", "-country")} [data-postal=no]:checked`);
    if (!field.matches(":disabled") && !value(field.id) && !hasNoCode) errors[field.id] = missing;
  }
  if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(typedEmail())) errors.email = email;
  if (!/^[0-9]{12,19}$/.test(cardNumber(value("card_number")))) errors.card_number = number;
  if (!monthAndYear(value("cc-exp"))[0]) errors["cc-exp"] = expiry;
  if (!/^[0-9]{3,4}$/.test(securityCode(value("cc-csc")))) errors["cc-csc"] = code;
  return errors;
}

// The address as typed, with ASCII signs for full-width ones.
function typedEmail() {
  const text = value("email").normalize("NFKC");
  return /^[\x20-\x7e]*$/.test(text) ? text.trim() : value("email");
}

function address(part) {
  if (!isAsked(part)) return {};
  const country = document.getElementById(`${part}-country`);
  const typed = { address_country: country.selectedOptions[0].dataset.name, address_country_code: country.value };
  return Object.fromEntries(ADDRESS.map((name) => [`${part}_${name}`, typed[name] ?? value(`${part}-${name.replace("address_", "")}`)]));
}

function card() {
  const [month, year] = monthAndYear(value("cc-exp"));
  const fields = { number: cardNumber(value("card_number")), exp_month: month, exp_year: year, cvc: securityCode(value("cc-csc")) };
  const where = address("billing");
  for (const name of ["line1", "city", "state", "zip"]) fields[`address_${name}`] = where[`billing_address_${name}`];
  fields.name = where.billing_name;
  fields.address_country = where.billing_address_country_code;
  if (isAsked("zip-field")) fields.address_zip = value("zip");
  return fields;
}

async function tokenize() {
  const body = new URLSearchParams();
  for (const [name, text] of Object.entries(card())) if (text) body.set(`card[${name}]`, text);
  const response = await fetch("/v1/tokens", { method: "POST", headers: { Authorization: `Bearer ${options.key}` }, body, credentials: "omit" });
  return response.json();
}

async function pay() {
  const answer = await tokenize();
  if (answer.error) {
    const { code, decline_code, message, param } = answer.error;
    const field = FIELDS[(param || "").replace(/^card\[|\]$/g, "")] || "";
    show({ [field]: form.dataset[decline_code] || form.dataset[code] || message });
    return;
  }
  const message = { type: "token", token: { ...answer, email: typedEmail() }, args: { ...address("billing"), ...address("shipping") } };
  form.reset();
  send(message);
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const errors = mistakes();
  show(errors);
  if (Object.keys(errors).length || button.disabled) return;
  button.disabled = true;
  try {
    await pay();
  } catch {
    show({ "": form.dataset.unreachable });
  } finally {
    button.disabled = false;
  }
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

for (const [id, write] of [["card_number", grouped], ["cc-exp", dated], ["cc-csc", securityCode]]) {
  keepInOrder(document.getElementById(id), write);
}

window.addEventListener("message", (event) => {
  if (event.source === window.parent && event.origin === shop && event.data.type === "open") open(event.data.options);
});
if (shop && window.parent !== window) send({ type: "ready" });
