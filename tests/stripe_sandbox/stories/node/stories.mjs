// The stories of test_stories.py with Stripe's own client for Node: prints one JSON line of what it saw.
import Stripe from "stripe";

const [address, secret] = process.argv.slice(2);
const { hostname, port } = new URL(address);
const stripe = new Stripe("sk_test_sandbox", { host: hostname, port, protocol: "http", maxNetworkRetries: 0 });
const seen = {};
const charge = { amount: 2000, currency: "jpy", source: "tok_visa" };

const made = await stripe.charges.create({ ...charge, metadata: { order: "7" } }, { idempotencyKey: `node-${Date.now()}` });
await stripe.charges.update(made.id, { description: "A shirt", metadata: { order: "" } });
const refund = await stripe.refunds.create({ charge: made.id, amount: 500 });
const found = await stripe.charges.retrieve(made.id, { expand: ["balance_transaction", "refunds"] });
seen.charge = [made.status, found.description, found.amount_refunded, found.balance_transaction.fee];
seen.refund = refund.id === found.refunds.data[0].id;

const session = await stripe.checkout.sessions.create({
  mode: "payment",
  success_url: "https://shop.example/success?session_id={CHECKOUT_SESSION_ID}",
  line_items: [{ quantity: 2, price_data: { currency: "jpy", unit_amount: 2000, product_data: { name: "T-shirt" } } }],
});
const lines = await stripe.checkout.sessions.listLineItems(session.id);
const expired = await stripe.checkout.sessions.expire(session.id);
seen.session = [session.amount_total, session.payment_intent, lines.data[0].description, expired.status, expired.url];

const intent = await stripe.paymentIntents.create({
  amount: 2000, currency: "usd", payment_method: "pm_card_visa", confirm: true, return_url: "https://shop.example/",
});
seen.intent = intent.status;

const refused = async (call) => {
  try {
    await call();
    return "not refused";
  } catch (error) {
    return [error.type, error.code, error.decline_code, error.statusCode];
  }
};
seen.declined = await refused(() => stripe.charges.create({ ...charge, source: "tok_chargeDeclined" }));
seen.unknown = await refused(() => stripe.charges.create({ ...charge, foo: 1 }));
seen.missing = await refused(() => stripe.charges.retrieve("ch_x"));

const customer = await stripe.customers.create({ email: "node@b.example", source: "tok_visa" });
for (let count = 0; count < 3; count += 1) await stripe.charges.create({ amount: 700, currency: "usd", customer: customer.id });
const paged = [];
for await (const each of stripe.charges.list({ customer: customer.id, limit: 2 })) paged.push(each.amount);
seen.paged = paged;

const [event] = (await stripe.events.list({ type: "charge.succeeded", limit: 1 })).data;
const payload = JSON.stringify(event);
const header = stripe.webhooks.generateTestHeaderString({ payload, secret });
seen.event = stripe.webhooks.constructEvent(payload, header, secret).type;
console.log(JSON.stringify(seen));
