// Until somebody chooses light or dark, the page follows the system. Chainlit's own setting knows only the two.
if (!localStorage.getItem("vite-ui-theme")) localStorage.setItem("vite-ui-theme", "system");

// A scorecard is long, and Chainlit scrolls to the end of what is new. It is read from its beginning: whenever one
// comes into the page, its head is brought into view, and kept there until it is drawn or somebody scrolls.
(() => {
  let shown = null;
  let until = 0;
  const stop = () => (until = 0);
  for (const act of ["wheel", "touchmove", "keydown", "pointerdown"]) window.addEventListener(act, stop, { passive: true });
  const follow = () => {
    const card = document.querySelector("[data-mlsd-card]");
    if (!card || performance.now() > until) return;
    (card.closest("[id^='step-']") || card).scrollIntoView({ block: "start" });
    requestAnimationFrame(follow);
  };
  const look = () => {
    const card = document.querySelector("[data-mlsd-card]");
    const id = card ? card.dataset.mlsdCard : null;
    if (id && id !== shown) {
      until = performance.now() + 1500;
      requestAnimationFrame(follow);
    }
    shown = id;
  };
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
})();

// A board is drawn after its message was scrolled to, and would push the reply out of sight.
(() => {
  const seen = new WeakSet();
  const follow = (board) => {
    const messages = [...document.querySelectorAll("[data-step-type$=_message]")];
    const place = messages.findIndex((message) => message.contains(board));
    if (place < messages.length - 2) return; // an old one, in a thread that was opened again
    let scrolled = board.parentElement;
    while (scrolled && !/auto|scroll/.test(getComputedStyle(scrolled).overflowY)) scrolled = scrolled.parentElement;
    scrolled?.scrollTo({ top: scrolled.scrollHeight });
  };
  const look = () => {
    for (const board of document.querySelectorAll(".mlsd-board")) {
      if (seen.has(board)) continue;
      seen.add(board);
      for (const after of [100, 400]) setTimeout(() => follow(board), after);
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

// Chainlit makes the box for typing anew when an interview gets its address. What was typed meanwhile goes on in the
// new one; a draft does not go along to another interview.
(() => {
  const value = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
  let box = null;
  let typedAt = ""; // the address at which something was typed
  let begun = false; // whether an interview was on the page while it had no address
  document.addEventListener("input", (event) => {
    if (event.target.id === "chat-input") typedAt = location.pathname;
  });
  const look = () => {
    if (location.pathname === "/") begun = document.querySelector("[data-step-type]") !== null;
    const now = document.getElementById("chat-input");
    if (!now || now === box) return;
    const left = box?.value;
    box = now;
    if (!left || now.value || !(typedAt === location.pathname || (typedAt === "/" && begun))) return;
    value.set.call(now, left);
    now.dispatchEvent(new Event("input", { bubbles: true }));
    now.focus();
  };
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
})();
