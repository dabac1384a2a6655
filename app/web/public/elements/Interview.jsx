// The interview's panel: at the side where there is room, a bar above the dialogue on a phone or once it was closed.
//
// The server sends one element, which hangs on the opening message and is drawn nowhere near it. Where there is
// room, this script adds a second element of its own, with display "side", whose props never change: so an update
// does not open a panel that was closed. Chainlit evaluates this file anew for every change of props, so what must
// outlive that (components, notes that are being typed, clocks) is built once and kept on the window.
import { useEffect, useId, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { useRecoilState, useRecoilValue } from "recoil";
import { elementState, sessionIdState, sideViewState, useChatData } from "@chainlit/react-client";
import { Dialog, DialogPortal } from "@/components/ui/dialog";
import { Check, ChevronDown, ChevronUp, Circle, CircleDot, Flag, Lightbulb, PanelRightOpen, SkipForward } from "lucide-react";

function build() {
  const PHONE = "(max-width: 767.98px)";
  const CLOSED = "mlsd.panel.closed";
  const IDLE_MS = 1000; // after the last key
  const LONGEST_MS = 8000; // however long somebody goes on typing
  const AGAIN_MS = 5000;

  // --- notes: one for each interview, whatever shows it ---

  class Notes {
    constructor(interview) {
      Object.assign(this, { interview, text: "", seq: -1, dirty: false, status: "", why: "", since: 0 });
      this.watchers = new Set();
      this.watch = (watcher) => (this.watchers.add(watcher), () => this.watchers.delete(watcher));
      window.addEventListener("pagehide", () => this.flush());
    }

    tell(change) {
      Object.assign(this, change, { version: {} });
      this.watchers.forEach((watcher) => watcher());
    }

    // What the log holds; what is being typed here is newer.
    arrive(text, seq) {
      if (seq > this.seq && !this.dirty && !this.saving) this.tell({ text, seq, status: text ? "Saved" : "" });
    }

    edit(text) {
      this.since ||= Date.now();
      this.tell({ text, dirty: true, status: "Saving…" });
      this.later(Math.min(IDLE_MS, Math.max(0, this.since + LONGEST_MS - Date.now())));
    }

    later(ms) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), ms);
    }

    action() {
      return { name: "keep_notes", payload: { interview: this.interview, text: this.text } };
    }

    async save() {
      clearTimeout(this.timer);
      if (!this.dirty || this.saving || !this.call) return;
      const sent = this.text;
      this.saving = true;
      this.since = 0;
      try {
        const { response } = await this.call(this.action());
        this.saving = false;
        if (response.saved) this.seq = Math.max(this.seq, response.seq);
        if (this.text !== sent) this.later(IDLE_MS);
        else if (response.saved) this.tell({ dirty: false, status: "Saved", why: "" });
        else this.tell({ status: "Not saved", why: response.why });
      } catch {
        this.saving = false;
        this.tell({ status: "Not saved yet", why: "The connection is gone; it is tried again." });
        this.later(AGAIN_MS);
      }
    }

    flush() {
      if (!this.dirty || !this.endpoint) return;
      const body = JSON.stringify({ sessionId: this.session, action: this.action() });
      const headers = { "Content-Type": "application/json" };
      fetch(this.endpoint, { method: "POST", keepalive: true, credentials: "include", headers, body }).catch(() => {});
    }
  }

  const notes = {};
  const notesOf = (interview) => (notes[interview] ??= new Notes(interview));

  // --- time: the server says how much was used when it spoke; the page counts on from when it heard that ---

  const heard = {};
  const heardAt = ({ interview, stamp }) => {
    if (heard[interview]?.stamp !== stamp) heard[interview] = { stamp, at: Date.now() };
    return heard[interview].at;
  };

  function useSecondsSince(view) {
    const { error } = useChatData();
    const lost = Boolean(error);
    const [now, setNow] = useState(Date.now);
    const ticking = view.running && !lost;
    useEffect(() => {
      if (!ticking) return undefined;
      setNow(Date.now());
      const timer = setInterval(() => setNow(Date.now()), 1000);
      return () => clearInterval(timer);
    }, [ticking, view.stamp]);
    const at = heardAt(view);
    return { more: view.running ? Math.max(0, now - at) / 1000 : 0, paused: !view.over && !ticking, lost };
  }

  const clock = (seconds) => {
    const whole = Math.max(0, Math.round(seconds));
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  };

  const left = (view, more) => {
    const used = view.elapsed + more;
    if (view.total === null) return { big: clock(used), small: "used, untimed", late: false };
    if (view.over) return { big: clock(used), small: `used of ${clock(view.total)}`, late: false };
    const rest = Math.ceil(view.total - used);
    if (rest <= 0) return { big: clock(-rest), small: `over the ${clock(view.total)}`, late: true };
    return { big: clock(rest), small: `left of ${clock(view.total)}`, late: false };
  };

  const openStep = (view) => view.steps.findIndex((step) => step.place === "open");
  const hintsTaken = (view) => `${view.hints} ${view.hints === 1 ? "hint" : "hints"}`;

  // --- parts ---

  function Time({ view }) {
    const { more, paused, lost } = useSecondsSince(view);
    const time = left(view, more);
    const used = view.total === null ? null : Math.min(1, (view.elapsed + more) / view.total);
    return (
      <div className="mlsd-time">
        <p role="timer" className={time.late ? "mlsd-late" : undefined}>
          <span className="mlsd-big">{time.big}</span> {time.small}
          {paused ? <span className="mlsd-badge">{lost ? "Paused, no connection" : "Paused"}</span> : null}
        </p>
        {used === null ? null : (
          <div className="mlsd-track" aria-hidden="true">
            <div style={{ width: `${used * 100}%` }} className={time.late ? "mlsd-late" : undefined} />
          </div>
        )}
      </div>
    );
  }

  const PLACES = { done: [Check, "done"], open: [CircleDot, "open"], ahead: [Circle, "to come"] };
  const NEVER = "not opened";

  function Steps({ view }) {
    const { more } = useSecondsSince(view);
    return (
      <ol className="mlsd-steps" aria-label="Steps">
        {view.steps.map((step) => {
          const [Icon, words] = PLACES[step.place];
          const seconds = step.seconds + (step.place === "open" ? more : 0);
          const used = step.place === "ahead" && seconds < 1 ? "–" : clock(seconds);
          const late = step.budget !== null && seconds > step.budget;
          return (
            <li key={step.id} className={`mlsd-${step.place}`} aria-current={step.place === "open" ? "step" : undefined}>
              <Icon aria-hidden="true" />
              <span className="mlsd-name">
                {step.number}. {step.heading} <span className="mlsd-sr">({view.over && step.place === "ahead" ? NEVER : words})</span>
              </span>
              <span className={late ? "mlsd-spent mlsd-late" : "mlsd-spent"}>
                <span className="mlsd-sr">used </span>
                {used}
                {step.budget === null ? null : (
                  <>
                    <span aria-hidden="true"> / </span>
                    <span className="mlsd-sr"> of </span>
                    {clock(step.budget)}
                  </>
                )}
              </span>
            </li>
          );
        })}
      </ol>
    );
  }

  function Actions({ send, compact }) {
    const { loading, error } = useChatData();
    const [sent, setSent] = useState(false);
    const [asking, setAsking] = useState(false);
    const end = useRef(null);
    const kept = useRef(false);
    const began = useRef(false);
    useEffect(() => {
      if (loading) began.current = true;
      else if (began.current) (began.current = false), setSent(false);
    }, [loading]);
    useEffect(() => {
      if (!sent) return undefined;
      const timer = setTimeout(() => !began.current && setSent(false), 5000); // it never got through
      return () => clearTimeout(timer);
    }, [sent]);
    const busy = loading || sent || Boolean(error);
    const act = (command) => {
      if (busy) return;
      setSent(true);
      send("", command);
    };
    const keep = () => {
      kept.current = true;
      setAsking(false);
    };
    useLayoutEffect(() => {
      if (asking || !kept.current) return;
      kept.current = false;
      end.current?.focus(); // at once: later, the focus may be where somebody types
    }, [asking]);
    if (asking) {
      // Where "End" was, a second click of a double click meets nothing, or "Keep going".
      return (
        <div
          className="mlsd-actions mlsd-asking"
          role="group"
          aria-label="End the interview?"
          onKeyDown={(event) => event.key === "Escape" && (event.stopPropagation(), keep())}
        >
          <span>{compact ? "End now?" : "End the interview? The scorecard follows."}</span>
          <button type="button" className="mlsd-danger" disabled={busy} onClick={() => (setAsking(false), act("end"))}>
            {compact ? "End" : "End now"}
          </button>
          <button type="button" autoFocus onClick={keep}>
            Keep going
          </button>
        </div>
      );
    }
    const button = (Icon, words, title, rest) => (
      <button type="button" title={title} aria-label={compact ? words : undefined} {...rest}>
        <Icon aria-hidden="true" />
        {compact ? null : words}
      </button>
    );
    // aria-disabled and not disabled: a button that is pressed with the keyboard must not lose the focus.
    const idle = (command) => ({ "aria-disabled": busy, onClick: () => act(command) });
    return (
      <div className="mlsd-actions" role="group" aria-label="Commands">
        {button(Lightbulb, "Hint", "A hint for the open step; it caps what that point can earn", idle("hint"))}
        {button(SkipForward, "Next step", "Go to the next step", idle("next"))}
        {button(Flag, "End", "End the interview and see the scorecard", {
          ref: end,
          "aria-disabled": busy,
          onClick: () => !busy && setAsking(true),
        })}
      </div>
    );
  }

  function NotesField({ view, call, endpoint }) {
    const own = notesOf(view.interview);
    useSyncExternalStore(own.watch, () => own.version);
    const session = useRecoilValue(sessionIdState);
    const id = useId();
    useEffect(() => {
      Object.assign(own, { call, endpoint, session });
      if (own.dirty && !own.saving) own.later(IDLE_MS); // typed before the connection was lost, or on the way out
    }, [own, call, endpoint, session]);
    useEffect(() => own.arrive(view.notes, view.notes_seq), [own, view.notes, view.notes_seq]);
    const room = view.notes_most - own.text.length;
    return (
      <section className="mlsd-notes">
        <div className="mlsd-row">
          <label htmlFor={id}>Notes</label>
          <span className="mlsd-quiet mlsd-kept">{own.status}</span>
        </div>
        <textarea
          id={id}
          rows={6}
          value={own.text}
          maxLength={view.notes_most}
          placeholder="For yourself: the interviewer does not see this, and it is not scored."
          aria-describedby={`${id}-more`}
          onChange={(event) => own.edit(event.target.value)}
          onBlur={() => own.save()}
        />
        <p id={`${id}-more`} className="mlsd-quiet" role="status">
          {own.why || (room < 500 ? `${room.toLocaleString("en")} characters left.` : "")}
        </p>
      </section>
    );
  }

  // The text whiteboard: what is drawn here is sent as `/board` and the text, as if it had been typed.
  function Board({ view, send }) {
    const { text, image, alt } = view.board;
    const { loading, error } = useChatData();
    const [draft, setDraft] = useState(text);
    const known = useRef(text);
    const id = useId();
    useEffect(() => {
      const before = known.current;
      known.current = text;
      setDraft((now) => (now === before ? text : now)); // what was begun since stays
    }, [text]);
    const busy = loading || Boolean(error) || !draft.trim() || draft === text;
    return (
      <details className="mlsd-draw" open={Boolean(text) || undefined}>
        <summary>Board</summary>
        <label htmlFor={id} className="mlsd-sr">
          Components and arrows, one chain a line
        </label>
        <textarea
          id={id}
          rows={5}
          value={draft}
          spellCheck={false}
          placeholder="logs -> trainer -> model registry -> ranker"
          onChange={(event) => setDraft(event.target.value)}
        />
        <div className="mlsd-actions">
          <button type="button" aria-disabled={busy} onClick={() => !busy && send(draft, "board")}>
            Draw
          </button>
        </div>
        {image?.startsWith("data:image/svg+xml") ? <img src={image} alt={alt || "Your board"} /> : null}
      </details>
    );
  }

  const MODES = { mock: "Mock interview", coach: "Coached interview", drill: "Drill" };

  function Content({ view, send, call, endpoint, compact }) {
    return (
      <div className="mlsd-panel">
        <p className="mlsd-quiet">
          {view.title}. {MODES[view.mode]}, {view.level}.
        </p>
        {compact ? null : <Time view={view} />}
        <Steps view={view} />
        {view.over ? (
          <p className="mlsd-quiet">This interview is over; the scorecard is in the dialogue. {hintsTaken(view)} taken.</p>
        ) : compact ? null : (
          <>
            <p className="mlsd-row mlsd-hints">
              <span>Hints taken</span>
              <span>{view.hints}</span>
            </p>
            <Actions send={send} />
          </>
        )}
        {view.board && !view.over ? <Board view={view} send={send} /> : null}
        <NotesField view={view} call={call} endpoint={endpoint} />
      </div>
    );
  }

  function Bar({ view, phone, onOpen, focus, ...rest }) {
    const { more, paused } = useSecondsSince(view);
    const [wide, setWide] = useState(false);
    const time = left(view, more);
    const open = openStep(view);
    const id = useId();
    const place = open < 0 ? null : `${open + 1}/${view.steps.length}`;
    return (
      <section className="mlsd-bar" aria-label="Interview">
        <div className="mlsd-line">
          <p className="mlsd-where">
            {place === null ? (
              "Over"
            ) : (
              <>
                <span className="mlsd-sr">Step </span>
                <b>{place}</b> <span className="mlsd-heading">{view.steps[open].heading}</span>
              </>
            )}
          </p>
          <p role="timer" className={time.late ? "mlsd-late" : undefined}>
            <b>{time.big}</b> {time.late ? "over" : time.small.split(" ")[0].replace(",", "")}
            {paused ? <span className="mlsd-badge">Paused</span> : null}
          </p>
          <p>{hintsTaken(view)}</p>
          {view.over ? null : <Actions send={rest.send} compact />}
          {phone ? (
            <button
              type="button"
              className="mlsd-fold"
              aria-expanded={wide}
              aria-controls={id}
              aria-label="Steps and notes"
              onClick={() => setWide(!wide)}
            >
              {wide ? <ChevronUp aria-hidden="true" /> : <ChevronDown aria-hidden="true" />}
            </button>
          ) : (
            <button type="button" className="mlsd-fold" autoFocus={focus} onClick={onOpen} title="Open the panel">
              <PanelRightOpen aria-hidden="true" /> <span>Panel</span>
            </button>
          )}
        </div>
        {phone && wide ? (
          <div id={id} className="mlsd-wide">
            <Content view={view} compact {...rest} />
          </div>
        ) : null}
      </section>
    );
  }

  function News({ view }) {
    const open = openStep(view);
    const before = useRef(open);
    const [news, setNews] = useState("");
    useEffect(() => {
      if (open === before.current) return;
      before.current = open;
      const step = view.steps[open];
      setNews(step ? `Step ${open + 1} of ${view.steps.length}: ${step.heading}.` : "The interview is over.");
    }, [open]);
    return (
      <p className="mlsd-sr mlsd-news" role="status">
        {news}
      </p>
    );
  }

  function useMatches(query) {
    const [list] = useState(() => window.matchMedia(query));
    return useSyncExternalStore(
      (watcher) => (list.addEventListener("change", watcher), () => list.removeEventListener("change", watcher)),
      () => list.matches,
    );
  }

  // A place of our own above the dialogue: inside the message it would scroll away, and be read as part of it.
  function Above({ anchor, children }) {
    const [host, setHost] = useState(null);
    useLayoutEffect(() => {
      const composer = document.getElementById("message-composer");
      let column = anchor.current;
      while (column && !column.contains(composer)) column = column.parentElement;
      if (!column) return undefined;
      const made = document.createElement("div");
      made.className = "mlsd-host";
      column.prepend(made);
      setHost(made);
      return () => made.remove();
    }, [anchor]);
    return host ? (
      <Dialog open modal={false}>
        <DialogPortal container={host}>
          <div>{children}</div>
        </DialogPortal>
      </Dialog>
    ) : null;
  }

  function Anchor({ view, ...rest }) {
    const phone = useMatches(PHONE);
    const [elements, setElements] = useRecoilState(elementState);
    const sideView = useRecoilValue(sideViewState);
    const [closed, setClosed] = useState(() => localStorage.getItem(CLOSED) === "1");
    const anchor = useRef(null);
    const wasShown = useRef(false);
    const justClosed = useRef(false);
    const id = `${view.interview}-side`;
    const there = elements.some((element) => element.id === id);
    const shown = Boolean(sideView?.elements?.some((element) => element.id === id));
    const wanted = !phone && !closed;

    useEffect(() => {
      if (wanted && !there) {
        wasShown.current = false;
        const side = { id, threadId: view.interview, type: "custom", name: "Interview", display: "side", props: { side: view.interview } };
        setElements((all) => [...all.filter((element) => element.id !== id), side]);
      } else if (!wanted && there) {
        setElements((all) => all.filter((element) => element.id !== id));
      } else if (shown) {
        wasShown.current = true;
      } else if (wasShown.current) {
        wasShown.current = false;
        justClosed.current = true;
        localStorage.setItem(CLOSED, "1");
        setClosed(true);
      }
    }, [wanted, there, shown, id]);

    const open = () => {
      localStorage.removeItem(CLOSED);
      setClosed(false);
    };
    return (
      <>
        <span ref={anchor} hidden />
        <Above anchor={anchor}>
          <News view={view} />
          {wanted ? null : <Bar view={view} phone={phone} onOpen={open} focus={justClosed.current} {...rest} />}
        </Above>
      </>
    );
  }

  function Side({ interview, ...rest }) {
    const elements = useRecoilValue(elementState);
    const view = elements.find((element) => element.id === `${interview}-panel`)?.props;
    useEffect(() => {
      const back = document.querySelector("#side-view-title button");
      back?.setAttribute("aria-label", "Close the panel");
      back?.setAttribute("title", "Close the panel");
      back?.closest("aside")?.setAttribute("aria-label", "Interview");
    }, []);
    return view ? <Content view={view} {...rest} /> : null;
  }

  return function Interview({ props, ...rest }) {
    return props.side ? <Side interview={props.side} {...rest} /> : <Anchor view={props} {...rest} />;
  };
}

const Interview = (window.mlsdInterview ??= build());

export default (
  <Interview
    props={props}
    send={sendUserMessage}
    call={callAction}
    endpoint={apiClient.buildEndpoint("/project/action")}
  />
);
