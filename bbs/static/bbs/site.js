// Where a script helps, it only helps: every form here works without it.
"use strict";

const all = (selector, each) => document.querySelectorAll(selector).forEach(each);

// Whether something else was entered or chosen than what the page came with.
const isChanged = (form) => [...form.elements].some((field) =>
  field.type === "radio" ? field.checked !== field.defaultChecked : field.type !== "hidden" && (field.defaultValue ?? field.value) !== field.value);

// The pay button asks for the address of Stripe's page and goes there: one click, one spinner, one payment.
const pay = async (form) => {
  const button = form.querySelector("button");
  const spinner = form.querySelector(".pay-spinner");
  const error = form.querySelector("[data-pay-error]");
  if (button.getAttribute("aria-disabled") === "true") return;
  // A quantity that cannot be ordered is said beside its field, and another one is shown with its price before it is
  // paid: the old one is never paid instead.
  const choice = document.querySelector("form[data-auto-submit]");
  if (choice?.reportValidity() === false) return;
  if (choice && isChanged(choice)) { choice.submit(); return; }
  const busy = (is) => { button.setAttribute("aria-disabled", String(is)); spinner.hidden = !is; };
  busy(true);
  error.hidden = true;
  try {
    const response = await fetch(form.dataset.pay, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new FormData(form),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.error.message);
    window.location.assign(answer.url);
  } catch (problem) {
    busy(false);
    error.textContent = problem instanceof TypeError || problem instanceof SyntaxError ? error.dataset.payError : problem.message;
    error.hidden = false;
  }
};
all("form[data-pay]", (form) => form.addEventListener("submit", (event) => { event.preventDefault(); pay(form); }));
// Coming back with the browser's own button shows the page as it was left: busy.
window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });

// Only the keyboard's focus is kept: after a click with the mouse there is nothing to go on with.
const keepFocus = (control) => {
  if (!control?.name || !control.matches(":focus-visible")) return;
  const field = `[name="${control.name}"]`;
  const choice = ["radio", "submit"].includes(control.type) ? `[value="${control.value}"]` : "";
  sessionStorage.setItem("focus", `#${control.form.id} ${field}${choice}`);
};

// Choosing a product or a quantity shows its button at once.
all("form[data-auto-submit]", (form) => {
  form.querySelector("button").hidden = true;
  form.addEventListener("change", () => {
    if (!form.reportValidity()) return;
    keepFocus(document.activeElement);
    form.submit();
  });
});
all("form[data-keep-focus]", (form) => form.addEventListener("submit", (event) => keepFocus(event.submitter)));

// The keyboard goes on where it was before the page was loaded again.
const kept = sessionStorage.getItem("focus");
sessionStorage.removeItem("focus");
if (kept) document.querySelector(kept)?.focus();

// Where somebody else's script should have put a button and did not, say so.
window.addEventListener("load", () => all("[data-unless]", (text) => { text.hidden = document.querySelector(text.dataset.unless) !== null; }));

// A text that is being written survives a reload, until it is posted.
all("form[data-draft]", (form) => {
  const text = form.elements.comment;
  text.value ||= sessionStorage.getItem("draft") ?? "";
  window.addEventListener("pagehide", () => sessionStorage.setItem("draft", form.dataset.sent ? "" : text.value));
  form.addEventListener("submit", () => { form.dataset.sent = "yes"; });
});

all("[data-count]", (text) => {
  const counter = document.querySelector(text.dataset.count);
  const show = () => { counter.textContent = `${[...text.value].length.toLocaleString()} / ${Number(text.maxLength).toLocaleString()}`; };
  text.addEventListener("input", show);
  show();
});

// The page holds the absolute time, which stays in the title. "2 minutes ago" goes on being true while the page stays open:
// only whole units count, and before the first minute, or by a clock that is behind ours, it is now. No "yesterday": that
// would begin at midnight.
const relative = new Intl.RelativeTimeFormat(document.documentElement.lang);
const now = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" }).format(0, "second");
const since = (time) => {
  const seconds = (Date.now() - new Date(time)) / 1000;
  const [size, unit] = [[86400, "day"], [3600, "hour"], [60, "minute"]].find(([size]) => seconds >= size) ?? [];
  return unit ? relative.format(-Math.floor(seconds / size), unit) : now;
};
const showTimes = () => all("time[data-relative]", (time) => {
  time.title ||= time.textContent;
  const text = since(time.dateTime);
  // The same text again would undo what the visitor selected.
  if (time.textContent !== text) time.textContent = text;
});
showTimes();
setInterval(showTimes, 10000);

all("[data-print]", (button) => { button.hidden = false; button.addEventListener("click", () => window.print()); });

// A receipt that is not final yet looks again by itself, ever more slowly, and stops when it is.
const refresh = async (seconds) => {
  const receipt = document.querySelector("[data-refresh]");
  if (!receipt) return;
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  try {
    const page = new DOMParser().parseFromString(await (await fetch(window.location.href)).text(), "text/html");
    const fresh = page.getElementById("receipt");
    if (fresh) {
      if (!fresh.dataset.refresh) document.title = page.title;
      receipt.replaceWith(fresh);
      all("#receipt [data-print]", (button) => { button.hidden = false; button.addEventListener("click", () => window.print()); });
    }
  } catch { /* the next look may work */ }
  refresh(Math.min(seconds * 1.5, 30));
};
refresh(2);
