// Legacy Checkout for the sandbox: the same attributes, the same fields, the same functions as Stripe's script.
(() => {
  "use strict";
  // A library that evaluates the script's text gives it no element: another script element then names the address, or
  // it came from this page's origin.
  const source = document.currentScript?.src || document.querySelector("script.stripe-button[src]")?.src;
  const here = new URL(source || "/checkout.js", location.href);
  const css = new URL("%BUTTON_CSS%", here).href;
  if (![...document.querySelectorAll("link[rel=stylesheet]")].some((link) => link.href === css)) {
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = css;
    document.head.append(style);
  }

  const NAMES = [
    "key", "image", "name", "description", "amount", "locale", "zipCode", "billingAddress", "currency", "panelLabel",
    "shippingAddress", "email", "allowRememberMe", "bitcoin", "alipay", "alipayReusable",
  ];
  const FLAGS = new Set(["zipCode", "billingAddress", "shippingAddress", "allowRememberMe"]);
  const truth = (value) => value === true || value === "true" || value === "";
  const isGiven = (value) => value !== undefined && value !== null && value !== "";
  // The amount as the dialog's page takes it: a number in whole units, and anything else as it is.
  const counted = (amount) => Number.isFinite(Number(amount)) && Number(amount) >= 0 ? String(Math.round(Number(amount))) : String(amount);

  function dialogAddress({ amount, currency, locale }) {
    const address = new URL("/sandbox/checkout-dialog/", here);
    address.searchParams.set("origin", location.origin);
    address.searchParams.set("locale", locale || "en");
    // The dialog's page writes the price: a browser's decimals are not always Stripe's.
    if (isGiven(amount) && Number(amount) !== 0) address.searchParams.set("amount", counted(amount).slice(0, 50));
    address.searchParams.set("currency", String(currency || "usd").slice(0, 50));
    return address;
  }

  // The options that the dialog's frame gets: no functions. `address` is the first name of `billingAddress`.
  function plainOptions(given) {
    const plain = Object.fromEntries(NAMES.map((name) => [name, FLAGS.has(name) ? truth(given[name]) : given[name]]));
    plain.billingAddress ||= truth(given.address);
    plain.hasSource = typeof given.source === "function";
    return JSON.parse(JSON.stringify(plain));
  }

  // The handler whose dialog is open: there is one dialog on a page.
  let opened = null;

  class Handler {
    constructor(options) {
      this.options = options;
      this.frame = null;
      this.onMessage = this.onMessage.bind(this);
    }

    open(options = {}) {
      if (this.frame) return;
      opened?.close();
      opened = this;
      this.current = { ...this.options, ...options };
      this.focused = document.activeElement;
      this.frame = document.createElement("iframe");
      this.frame.name = "stripe_checkout_app";
      this.frame.className = "stripe_checkout_app";
      this.frame.title = this.current.name || "Checkout";
      this.frame.allow = "payment";
      this.frame.src = dialogAddress(this.current);
      this.inert = [...document.body.children].filter((element) => !element.inert);
      for (const element of this.inert) element.inert = true;
      window.addEventListener("message", this.onMessage);
      document.body.append(this.frame);
      this.overflow = document.body.style.overflow;
      document.body.style.overflow = "hidden";
    }

    onMessage(event) {
      if (event.origin !== here.origin || !this.frame || event.source !== this.frame.contentWindow) return;
      const { type, token, args, sentence } = event.data;
      if (type === "ready") {
        this.frame.contentWindow.postMessage({ type: "open", options: plainOptions(this.current) }, here.origin);
        this.frame.focus();
        this.current.opened?.();
      } else if (type === "problem") {
        console.warn(`checkout.js: ${sentence}`);
      } else if (type === "token") {
        // As in Stripe's script: `token` first, then `closed`.
        try {
          this.current.token?.(token, args);
        } finally {
          this.close();
        }
      } else if (type === "close") {
        this.close();
      }
    }

    close() {
      if (!this.frame) return;
      window.removeEventListener("message", this.onMessage);
      this.frame.remove();
      this.frame = null;
      opened = null;
      for (const element of this.inert) element.inert = false;
      document.body.style.overflow = this.overflow;
      this.focused?.focus?.();
      this.current.closed?.();
    }
  }

  const postedName = (name) => `stripe${name.split("_").map((part) => part[0].toUpperCase() + part.slice(1)).join("")}`;

  function submit(form, token, args) {
    const addresses = Object.entries(args).map(([name, value]) => [postedName(name), value]);
    for (const [name, value] of [["stripeToken", token.id], ["stripeTokenType", token.type], ["stripeEmail", token.email], ...addresses]) {
      if (!isGiven(value)) continue;
      const input = document.createElement("input");
      input.type = "hidden";
      input.name = name;
      input.value = value;
      form.append(input);
    }
    // Some pages replace the form's `submit` with a function of their own, and in some a field of that name hides it.
    if (typeof form.submit === "function") form.submit();
    else HTMLFormElement.prototype.submit.call(form);
  }

  // As Stripe's script does: through jQuery where the page has it, whose handlers get the token as their second argument.
  function announce(script, token) {
    if (window.jQuery) window.jQuery(script).trigger("token", [token]);
    else script.dispatchEvent(new CustomEvent("token", { bubbles: true, detail: token }));
  }

  function generatedButton(text) {
    const button = document.createElement("button");
    button.type = "submit";
    button.className = "stripe-button-el";
    const span = document.createElement("span");
    span.textContent = text;
    span.style.display = "block";
    span.style.minHeight = "30px";
    button.append(span);
    return button;
  }

  function simple(script) {
    if (script.dataset.sandboxReady) return;
    script.dataset.sandboxReady = "yes";
    const button = generatedButton(script.dataset.label || "Pay with Card");
    script.after(button);
    const form = button.closest("form");
    const token = (token, args) => {
      announce(script, token);
      if (form) submit(form, token, args);
      button.disabled = true;
    };
    const options = Object.fromEntries([...NAMES, "address"].map((name) => [name, script.dataset[name]]));
    const handler = new Handler({ ...options, token });
    // The form's own event too: a shop may hide or remove the generated button and submit by another, or by Enter.
    const open = (event) => {
      event.preventDefault();
      if (!button.disabled && !opened) handler.open();
    };
    button.addEventListener("click", open);
    form?.addEventListener("submit", open);
  }

  window.StripeCheckout = {
    configure: (options) => new Handler(options),
    open: (options) => new Handler(options).open(),
  };
  const scan = () => document.querySelectorAll("script.stripe-button").forEach(simple);
  scan();
  document.addEventListener("DOMContentLoaded", scan);
})();
