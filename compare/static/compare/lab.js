// A run looks again until it is finished. Without this file the page is loaded again by itself, or by its link.
"use strict";

{
  const openLinked = () => document.querySelector(`${window.location.hash || "#none"} > details`)?.setAttribute("open", "");
  window.addEventListener("hashchange", openLinked);
  openLinked();

  const look = async () => {
    const shown = document.getElementById("lab");
    if (!("live" in shown.dataset)) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
    try {
      const answer = await fetch(window.location.href);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("lab");
      if (fresh) shown.replaceWith(document.adoptNode(fresh));
    } catch { /* the next look may work */ }
    look();
  };
  look();
}
