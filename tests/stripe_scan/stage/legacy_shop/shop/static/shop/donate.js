// The dialog for donations; see https://stripe.com/docs/legacy-checkout
var handler = StripeCheckout.configure({
  key: document.body.dataset.key,
  token: function (token) {
    document.forms.donate.elements["stripeToken"].value = token.id;
    document.forms.donate.submit();
  }
});

document.getElementById("donate").onclick = function () {
  handler.open({ amount: document.forms.donate.amount.value * 100 });
};
