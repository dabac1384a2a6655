// A scorecard is long. Chainlit scrolls to its end; it is read from its beginning.
(() => {
  const seen = new WeakSet();
  const look = () => {
    for (const heading of document.querySelectorAll(".message-content h2")) {
      if (seen.has(heading) || !heading.textContent.startsWith("Scorecard")) continue;
      seen.add(heading);
      setTimeout(() => heading.scrollIntoView({ block: "start" }), 250);
    }
  };
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
})();

// On a phone Chainlit's side bar, which puts an interview's address into the address bar, is not drawn:
// a reload would lose the interview. The server tells the address, and it is put there after a while.
window.addEventListener("message", (event) => {
  if (event.origin !== window.location.origin || typeof event.data?.mlsdThread !== "string") return;
  setTimeout(() => {
    if (window.location.pathname === "/") window.history.replaceState(null, "", `/thread/${event.data.mlsdThread}`);
  }, 1500);
});

// A command's button acts at once when nothing is typed; with text in the box it only marks what the text is for.
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element ? event.target.closest("[id^='command-']") : null;
  const box = document.getElementById("chat-input");
  if (button?.id === "command-board") return; // a board is typed first
  if (!button || !box || (box.value ?? box.textContent ?? "").trim() !== "") return;
  setTimeout(() => {
    const send = document.getElementById("chat-submit");
    if (send && !send.disabled) send.click();
  }, 150);
});
