// Legacy Checkout for the sandbox: the same attributes, the same fields, the same functions as Stripe's script.
(() => {
  "use strict";
  const here = new URL(document.currentScript.src);
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = new URL("%BUTTON_CSS%", here);
  document.head.append(style);

  const NAMES = [
    "key", "image", "name", "description", "amount", "locale", "zipCode", "billingAddress", "currency", "panelLabel",
    "shippingAddress", "email", "allowRememberMe", "bitcoin", "alipay", "alipayReusable",
  ];
  const FLAGS = new Set(["zipCode", "billingAddress", "shippingAddress", "allowRememberMe"]);
  const truth = (value) => value === true || value === "true" || value === "";

  class Handler {
    constructor(options) {
      this.options = options;
      this.frame = null;
      this.onMessage = this.onMessage.bind(this);
    }

    open(options = {}) {
      if (this.frame) return;
      this.current = { ...this.options, ...options };
      this.focused = document.activeElement;
      const address = new URL("/sandbox/checkout-dialog/", here);
      address.searchParams.set("origin", location.origin);
      address.searchParams.set("locale", this.current.locale || "en");
      // The dialog's page writes the price: a browser's decimals are not always Stripe's.
      if (this.current.amount) address.searchParams.set("amount", this.current.amount);
      address.searchParams.set("currency", this.current.currency || "usd");
      this.frame = document.createElement("iframe");
      this.frame.name = "stripe_checkout_app";
      this.frame.className = "stripe_checkout_app";
      this.frame.title = this.current.name || "Checkout";
      this.frame.allow = "payment";
      this.frame.src = address;
      this.inert = [...document.body.children].filter((element) => !element.inert);
      for (const element of this.inert) element.inert = true;
      window.addEventListener("message", this.onMessage);
      document.body.append(this.frame);
      this.overflow = document.body.style.overflow;
      document.body.style.overflow = "hidden";
    }

    onMessage(event) {
      if (event.origin !== here.origin || !this.frame || event.source !== this.frame.contentWindow) return;
      const { type, token, args } = event.data;
      if (type === "ready") {
        const plain = Object.fromEntries(NAMES.map((name) => [name, this.current[name]]));
        for (const flag of FLAGS) plain[flag] = truth(plain[flag] ?? flag === "allowRememberMe");
        this.frame.contentWindow.postMessage({ type: "open", options: plain }, here.origin);
        this.frame.focus();
        this.current.opened?.();
      } else if (type === "token") {
        const { current } = this;
        this.close();
        current.token?.(token, args);
      } else if (type === "close") {
        this.close();
      }
    }

    close() {
      if (!this.frame) return;
      window.removeEventListener("message", this.onMessage);
      this.frame.remove();
      this.frame = null;
      for (const element of this.inert) element.inert = false;
      document.body.style.overflow = this.overflow;
      this.focused?.focus?.();
      this.current.closed?.();
    }
  }

  const addresses = (args) => Object.entries(args).map(([name, value]) => [
    `stripe${name.split("_").map((part) => part[0].toUpperCase() + part.slice(1)).join("")}`, value,
  ]);

  function submit(form, button, token, args) {
    const fields = [["stripeToken", token.id], ["stripeTokenType", token.type], ["stripeEmail", token.email], ...addresses(args)];
    for (const [name, value] of fields) {
      if (value === undefined || value === null || value === "") continue;
      const input = document.createElement("input");
      input.type = "hidden";
      input.name = name;
      input.value = value;
      form.append(input);
    }
    button.disabled = true;
    form.submit();
  }

  function simple(script) {
    const form = script.closest("form");
    if (!form || script.dataset.sandboxReady) return;
    script.dataset.sandboxReady = "yes";
    const button = document.createElement("button");
    button.type = "submit";
    button.className = "stripe-button-el";
    const text = document.createElement("span");
    text.textContent = script.dataset.label || "Pay with Card";
    text.style.display = "block";
    text.style.minHeight = "30px";
    button.append(text);
    const options = Object.fromEntries(NAMES.map((name) => [name, script.dataset[name]]));
    const handler = new Handler({ ...options, token: (token, args) => submit(form, button, token, args) });
    button.addEventListener("click", (event) => {
      event.preventDefault();
      if (form.reportValidity()) handler.open();
    });
    script.after(button);
  }

  window.StripeCheckout = {
    configure: (options) => new Handler(options),
    open: (options) => new Handler(options).open(),
  };
  const scan = () => document.querySelectorAll("script.stripe-button").forEach(simple);
  scan();
  document.addEventListener("DOMContentLoaded", scan);
})();
