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

// What is typed and not said yet is kept for each interview while its tab is open: over a reload, and where another tab
// was ahead and the server hands back what it did not record. Chainlit makes the box for typing anew when an interview
// gets its address; what was typed meanwhile goes on in the new one. A draft does not go along to another interview.
(() => {
  const value = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
  const SENT_MS = 100; // after that Chainlit has emptied the box
  const place = () => `mlsd-unsaid ${location.pathname}`;
  let box = null;
  let typedAt = ""; // the address at which something was typed
  let begun = false; // whether an interview was on the page while it had no address
  const find = () => document.getElementById("chat-input");
  const put = (text) => {
    value.set.call(box, text);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const keep = (text) => {
    if (location.pathname === "/") return;
    text ? sessionStorage.setItem(place(), text) : sessionStorage.removeItem(place());
  };
  document.addEventListener("input", (event) => {
    if (event.target.id !== "chat-input") return;
    typedAt = location.pathname;
    keep(event.target.value);
  });
  const sent = (event) => {
    const at = place();
    if (!event.target.closest?.("#chat-input, #chat-submit")) return;
    setTimeout(() => find()?.value || sessionStorage.removeItem(at), SENT_MS);
  };
  document.addEventListener("click", sent);
  document.addEventListener("keydown", (event) => event.key === "Enter" && sent(event));
  window.addEventListener("message", (event) => {
    if (event.origin !== window.location.origin || typeof event.data?.mlsdUnsaid !== "string") return;
    keep(event.data.mlsdUnsaid);
    if (box && !box.value) put(event.data.mlsdUnsaid);
  });
  const look = () => {
    if (location.pathname === "/") begun = document.querySelector("[data-step-type]") !== null;
    const now = find();
    if (!now || now === box) return;
    const goesOn = typedAt === location.pathname || (typedAt === "/" && begun);
    const left = goesOn && box ? box.value : "";
    const text = left || sessionStorage.getItem(place());
    box = now;
    if (!text || now.value) return;
    put(text);
    if (left) now.focus();
  };
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
})();

// What Chainlit leaves to the mouse: a name for the gear, an interview's menu in the order of tabs, Enter to rename.
(() => {
  const look = () => {
    const gear = document.getElementById("chat-settings-open-modal");
    if (gear && !gear.ariaLabel) gear.ariaLabel = "Level, length and interviewer";
    for (const menu of document.querySelectorAll("#thread-options:not([tabindex])")) {
      menu.tabIndex = 0;
      menu.role = "button";
      menu.ariaLabel = "Rename or delete";
    }
  };
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches?.("[role=dialog] input#name")) return;
    event.target.parentElement.nextElementSibling?.querySelector("button:last-of-type")?.click();
  });
})();

// Chainlit may ask once more for an interview that was deleted while it was open. That it is gone is no error; and
// what the server had begun to send must not lead back to it.
(() => {
  const WATCHED_MS = 20_000, DELETED = "mlsd-deleted-at"; // kept over the reload that leaving is
  const recent = () => Date.now() - Number(sessionStorage.getItem(DELETED)) < WATCHED_MS;
  let there = ""; // an interview that is known to be there
  let gone = ""; // one that was not found when it was last looked for; Chainlit may be about to leave it by itself
  let watching = false;
  const leave = async () => {
    const place = location.pathname, before = sessionStorage.getItem(DELETED);
    if (place.startsWith("/thread/") && place !== there) {
      const answer = await fetch(`/project${place}`).catch(() => null);
      if (answer?.status === 404 && gone === place && location.pathname === place) return location.replace("/");
      gone = answer?.status === 404 ? place : "";
      if (answer?.ok && before === sessionStorage.getItem(DELETED)) there = place;
    }
    watching = recent();
    if (watching) setTimeout(leave, 500);
  };
  const watch = () => {
    if (!watching) setTimeout(leave, 500);
    watching = true;
  };
  const look = () => {
    for (const toast of document.querySelectorAll("[data-sonner-toast]")) {
      if (toast.textContent.includes("Interview deleted") && !toast.dataset.mlsdHeard) {
        toast.dataset.mlsdHeard = "yes";
        sessionStorage.setItem(DELETED, Date.now());
        there = ""; // it may be the one that is gone now
        watch();
      }
      if (toast.textContent.includes("Thread not found") && recent()) toast.style.display = "none";
    }
  };
  if (recent()) watch();
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
})();
