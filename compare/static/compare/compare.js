// Where a script helps, it only helps: every page here can be read, filtered and switched without it.
"use strict";

// Over plain http from another machine, as in a classroom, there is no navigator.clipboard: a selection is copied.
const copy = async (text) => {
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(text);
    return true;
  }
  const focused = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  area.focus({ preventScroll: true });
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  focused.focus({ preventScroll: true });
  return copied;
};

document.querySelectorAll("[data-copy]").forEach((button) => {
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const from = document.getElementById(button.dataset.copy);
    const rows = [...from.querySelectorAll(".l code, [data-part]")];
    const text = rows.length ? rows.map((row) => row.textContent).join("\n") + "\n" : from.textContent;
    if (!await copy(text)) return;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = label; }, 2000);
  });
});

// On a phone, a link to a line of the other side switches to that side.
const showSide = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const side = target && target.closest(".side");
  const radio = side && document.getElementById(side.classList.contains("side-legacy") ? "side-legacy" : "side-modern");
  if (radio) { radio.checked = true; target.scrollIntoView(); }
};
window.addEventListener("hashchange", showSide);
showSide();

// The filter hides what does not fit while it is being typed; its button asks the server to hide the same.
document.querySelectorAll("form[data-filter]").forEach((form) => {
  const input = form.elements.q;
  const items = [...document.querySelectorAll(form.dataset.filter)];
  const count = form.querySelector("[data-count-of]");
  const filter = () => {
    const wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    items.forEach((item) => {
      item.hidden = !wanted.every((word) => item.dataset.words.includes(word));
      shown += !item.hidden;
    });
    if (count) count.textContent = `${shown} / ${items.length}`;
  };
  input.addEventListener("input", filter);
});
