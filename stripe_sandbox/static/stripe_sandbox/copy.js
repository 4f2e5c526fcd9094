// Puts a copy button behind each number that is marked for it.
{
  const { label = "Copy", done = "Copied" } = document.currentScript.dataset;
  // Over plain http from another machine, as in a classroom, there is no navigator.clipboard: a selection is copied.
  const copy = async (text) => {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
      return true;
    }
    const focused = document.activeElement;
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    area.style.opacity = "0";
    document.body.append(area);
    area.focus({ preventScroll: true });
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    focused.focus({ preventScroll: true });
    return copied;
  };
  for (const code of document.querySelectorAll("[data-sandbox-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-outline-secondary py-0 ms-1 second small";
    button.textContent = label;
    button.setAttribute("aria-label", `${label} ${code.textContent.slice(0, 40)}`);
    button.addEventListener("click", async () => {
      const text = code.textContent;
      if (!await copy(/^[\d ]+$/.test(text) ? text.replaceAll(" ", "") : text)) return;
      button.textContent = done;
      setTimeout(() => { button.textContent = label; }, 2000);
    });
    code.after(button);
  }
}
