// Card fields as people type and paste them; cards/typed.py has the same rules.

// What keyboards write for "-" and "/": dashes, the minus sign, and the two signs of a Japanese keyboard.
export const plain = (text) => text.normalize("NFKC").replace(/\p{Cf}/gu, "").replace(/[‐‒–—―−ー]/g, "-").replace(/・/g, "/").trim();

export const securityCode = (text) => plain(text).replace(/\s/g, "");

export const cardNumber = (text) => plain(text).replace(/[\s.-]/g, "");

// The month and the year of "MM / YY", "MMYY", "MM-YYYY" and the like, as texts; empty for what is no date.
export function monthAndYear(text) {
  const match = /^([0-9]{1,2})[/.-]?([0-9]{4}|[0-9]{2})$/.exec(securityCode(text));
  return match ? match.slice(1) : ["", ""];
}

// A card number with its digits in groups, as printed on the card.
export function grouped(text) {
  const digits = plain(text).replace(/[^0-9]/g, "");
  const groups = /^3[47]/.test(digits) ? /^(\d{1,4})(\d{1,6})?(\d{1,5})?/ : /^(\d{1,4})(\d{1,4})?(\d{1,4})?(\d{1,7})?/;
  return (digits.match(groups) || []).slice(1).filter(Boolean).join(" ");
}

// An expiry date, whole or begun, as "MM / YY" or "MM / YYYY".
export function dated(text) {
  const [, first, separator, rest] = /^([0-9]{0,2})([^0-9]*)(.*)$/s.exec(plain(text) + (/\s$/.test(text) ? " " : ""));
  let month = first;
  let year = rest.replace(/[^0-9]/g, "").slice(0, 4);
  if (month.length === 1 && (month > "1" || separator)) month = `0${month}`;
  if (month.length === 2 && Number(month) > 12 && !separator) [month, year] = [`0${month[0]}`, month[1] + year];
  return month.length === 2 ? `${month} / ${year}` : month;
}

// Write a field's text in order while it is typed at its end, and all of it once the visitor leaves the field.
export function keepInOrder(field, write) {
  const tidy = () => {
    const text = write(field.value);
    if (text !== field.value) field.value = text;
  };
  const typed = (event) => {
    const isChanging = event.isComposing || event.inputType?.startsWith("delete");
    if (!isChanging && field.selectionStart === field.value.length) tidy();
  };
  field.addEventListener("input", typed);
  field.addEventListener("compositionend", typed);
  field.addEventListener("change", tidy);
}
