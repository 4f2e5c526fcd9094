// The progress through the migration guide, kept in this browser. Without scripts the steps are a plain list.
"use strict";

{
  const KEY = "migration-steps";
  const boxes = [...document.querySelectorAll("[data-step]")];
  const shown = document.querySelector("[data-progress]");

  // A browser may refuse to keep anything, or hold what is not ours.
  const kept = () => {
    try {
      const steps = JSON.parse(localStorage.getItem(KEY));
      return Array.isArray(steps) ? steps : [];
    } catch {
      return [];
    }
  };
  const keep = (steps) => {
    try {
      localStorage.setItem(KEY, JSON.stringify(steps));
    } catch {
      // The boxes count until the page is left.
    }
  };
  const count = () => {
    const done = boxes.filter((box) => box.checked).length;
    shown.querySelector("progress").value = done;
    shown.querySelector("output").textContent = `${done} / ${boxes.length}`;
  };

  const steps = kept();
  boxes.forEach((box) => {
    box.hidden = false;
    box.checked = steps.includes(box.dataset.step);
    box.addEventListener("change", () => {
      keep(boxes.filter((each) => each.checked).map((each) => each.dataset.step));
      count();
    });
  });
  shown.hidden = false;
  count();

  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => print());
  });
}
