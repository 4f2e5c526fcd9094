// The story grows while one looks at it, and a link to a message opens that message. Without this file the page is
// whole too: it is loaded again by hand, and messages are opened by hand.
"use strict";

{
  const openLinked = () => document.querySelector(`${window.location.hash || "#none"} > details`)?.setAttribute("open", "");
  window.addEventListener("hashchange", openLinked);
  openLinked();

  const look = async (seconds) => {
    const shown = document.getElementById("wire");
    if (!("live" in shown.dataset)) return;
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    let next = Math.min(seconds * 1.5, 30);
    try {
      const address = new URL(window.location.href);
      address.searchParams.set("since", shown.dataset.version);
      const answer = await fetch(address);
      if (answer.status === 200) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("wire");
        if (fresh) {
          const open = [...shown.querySelectorAll("li:has(> details[open])")].map((item) => item.id);
          shown.replaceWith(document.adoptNode(fresh));
          open.forEach((id) => document.querySelector(`#${id} > details`)?.setAttribute("open", ""));
          next = 2;
        }
      }
    } catch { /* the next look may work */ }
    look(next);
  };
  look(2);
}
