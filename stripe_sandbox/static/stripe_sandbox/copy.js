// Puts a copy button behind each number that is marked for it.
{
  const { label = "Copy", done = "Copied" } = document.currentScript.dataset;
  for (const code of document.querySelectorAll("[data-sandbox-copy]")) {
    if (!navigator.clipboard) break;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm btn-outline-secondary py-0 ms-1 second small";
    button.textContent = label;
    button.setAttribute("aria-label", `${label} ${code.textContent.slice(0, 40)}`);
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(/^[\d ]+$/.test(code.textContent) ? code.textContent.replaceAll(" ", "") : code.textContent);
      button.textContent = done;
      setTimeout(() => { button.textContent = label; }, 2000);
    });
    code.after(button);
  }
}
