// Renews the marked parts of a page when the server says that something changed; without it the browser reloads.
"use strict";
(() => {
  const parts = [...document.querySelectorAll("[data-live]")];
  if (!parts.length || !window.EventSource) return;
  const renew = async () => {
    const answer = await fetch(location.href, {headers: {"X-Live": "1"}, redirect: "manual"});
    if (answer.type === "opaqueredirect") return location.reload(); // the login is over
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of parts) {
      const found = fresh.getElementById(part.id);
      if (found && !part.contains(document.activeElement)) part.innerHTML = found.innerHTML;
    }
  };
  new EventSource("/live/events").addEventListener("changed", () => renew().catch(() => {}));
})();
