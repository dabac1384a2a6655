// Every point of the scorecard: its rating, why, the candidate's own words, and "I said that".
// It draws props and asks the server for everything else. Whatever was typed is put where a text belongs.
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "react";

const STATUS = {
  met: "shown",
  partial: "partly shown",
  wrong: "wrong",
  not_shown: "not shown",
  not_assessed: "did not come up",
};
const PROVENANCE = { volunteered: "said unasked", prompted: "said when asked", hinted: "said after a hint" };
const MOST_LISTED = 60;
const spanned = (score, range) =>
  score === null ? "no score" : range && range.high !== null ? `${score}–${range.high}` : String(score);

function Pips({ rating }) {
  const label = rating === null ? "not rated" : `rated ${rating} of 4`;
  return (
    <span className="mc-pips" role="img" aria-label={label}>
      {[1, 2, 3, 4].map((pip) => (
        <i key={pip} className={rating !== null && pip <= rating ? "on" : ""} />
      ))}
    </span>
  );
}

function Quote({ quote, turn, how, jump }) {
  return (
    <blockquote className="mc-quote">
      <button type="button" onClick={(event) => jump(turn, quote, event.currentTarget)} data-turn={turn}>
        <span className="words">“{quote}”</span>{" "}
        <span className="where">
          {how ? `${how}, ` : ""}message {turn + 1}
          <span className="mc-hidden">: go to it</span>
        </span>
      </button>
    </blockquote>
  );
}

// Which of the candidate's own sentences shows the point: looked for by words, or pasted.
function Claim({ line, said, send, close }) {
  const id = useId();
  const [wanted, setWanted] = useState("");
  const [chosen, setChosen] = useState(null);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState("");
  const box = useRef(null);
  useEffect(() => box.current && box.current.focus(), []);
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const found = useMemo(() => {
    const has = (each) => words.every((word) => each.text.toLowerCase().includes(word));
    return said.map((each, key) => ({ ...each, key })).filter(has);
  }, [wanted, said]);
  const picked = chosen !== null ? said[chosen] : wanted.trim() && !found.length ? { text: wanted.trim(), turn: null } : null;
  const submit = async (event) => {
    event.preventDefault();
    if (!picked || busy) return;
    setBusy(true);
    const outcome = await send("dispute", { criterion: line.id, quote: picked.text, turn: picked.turn });
    setBusy(false);
    if (outcome.ok) close();
    else setRefused(outcome.says);
  };
  return (
    <form
      className="mc-claim"
      onSubmit={submit}
      aria-label={`I said that: ${line.name}`}
      onKeyDown={(event) => event.key === "Escape" && close()}
    >
      <label htmlFor={`${id}s`}>Which of your sentences shows it? Search, or paste it.</label>
      <input
        id={`${id}s`}
        ref={box}
        type="search"
        autoComplete="off"
        value={wanted}
        onChange={(event) => {
          setWanted(event.target.value);
          setChosen(null);
        }}
      />
      <fieldset>
        <legend className="mc-hidden">Your sentences</legend>
        {found.slice(0, MOST_LISTED).map((each) => (
          <label key={each.key} className="mc-sentence">
            <input type="radio" name={`${id}r`} checked={chosen === each.key} onChange={() => setChosen(each.key)} />
            <span>
              {each.text} <span className="where">message {each.turn + 1}</span>
            </span>
          </label>
        ))}
        {found.length > MOST_LISTED ? <p className="mc-quiet">{found.length - MOST_LISTED} more; search to narrow them down.</p> : null}
        {!found.length ? <p className="mc-quiet">{wanted.trim() ? "None of your sentences has these words. If you pasted a part of a message word for word, use it as it is." : "You sent no sentence that could be pointed at."}</p> : null}
      </fieldset>
      {refused ? <p role="alert" className="mc-refused">{refused}</p> : null}
      <p className="mc-row">
        <button type="submit" className="mc-button main" disabled={!picked || busy}>
          {busy ? "Scoring it…" : chosen === null && picked ? "Point at what I pasted" : "Point at this sentence"}
        </button>
        <button type="button" className="mc-button" onClick={close}>Cancel</button>
      </p>
    </form>
  );
}

function Line({ line, label, claim, said, jump, send }) {
  const [claiming, setClaiming] = useState(false);
  const opener = useRef(null);
  const closed = useRef(false);
  const close = () => {
    closed.current = true;
    setClaiming(false);
  };
  useLayoutEffect(() => {
    if (claiming || !closed.current) return;
    closed.current = false;
    opener.current?.focus();
  }, [claiming]);
  const open = line.status !== "met";
  return (
    <li className={`mc-line ${line.status}`} data-criterion={line.id}>
      <div className="mc-head">
        <h4>
          {line.name} {line.core ? <small>core</small> : null}
        </h4>
        <span className="mc-mark">
          <Pips rating={line.rating} /> {line.uncertain ? "perhaps" : STATUS[line.status]}
        </span>
      </div>
      <p>{line.reason}</p>
      {line.evidence.map((each, key) => (
        <Quote key={key} quote={each.quote} turn={each.turn} how={PROVENANCE[each.provenance]} jump={jump} />
      ))}
      {line.uncertain ? (
        <p className="mc-uncertain">
          <b>Not certain.</b> “{line.uncertain}” may have been meant for it; too uncertain to credit. If you meant it, say so.
        </p>
      ) : null}
      {line.next_level ? (
        <p className="mc-quiet">
          <b>{label}:</b> {line.next_level}
        </p>
      ) : null}
      {line.disputed.length ? (
        <div className="mc-disputed">
          <p>
            <b>You said that.</b> {claim}
          </p>
          {line.disputed.map((each, key) => (
            <Quote key={key} quote={each.quote} turn={each.turn} how={PROVENANCE[each.provenance]} jump={jump} />
          ))}
        </div>
      ) : null}
      {claiming ? <Claim line={line} said={said} send={send} close={close} /> : null}
      <p className="mc-row">
        {open && !claiming && said.length ? (
          <button type="button" ref={opener} className="mc-link" onClick={() => setClaiming(true)}>
            I said that<span className="mc-hidden">: {line.name}</span>
          </button>
        ) : null}
        {line.disputed.length ? (
          <button type="button" className="mc-link" onClick={() => send("withdraw", { criterion: line.id })}>
            Take it back<span className="mc-hidden">: {line.name}</span>
          </button>
        ) : null}
      </p>
    </li>
  );
}

function StepPart({ step, name, labels, claims, said, jump, send, practise }) {
  const assessed = step.criteria.filter((line) => line.status !== "not_assessed");
  const shown = assessed.filter((line) => (line.rating || 0) >= 2).length;
  return (
    <details className="mc-step" data-step={step.step}>
      <summary>
        <h3>
          {name.number} {name.heading}
        </h3>
        <span className="mc-quiet">{assessed.length ? `${shown} of ${assessed.length} shown` : "did not come up"}</span>
        <span className="mc-score">{step.score === null ? "–" : spanned(step.score, step.range)}</span>
      </summary>
      <ul>
        {step.criteria.map((line) => (
          <Line key={line.id} line={line} label={labels[line.id]} claim={claims[line.id]} said={said} jump={jump} send={send} />
        ))}
      </ul>
      <p className="mc-row">
        <button type="button" className="mc-button" onClick={() => practise(step.step)}>
          Practise this step again
        </button>
        <span className="mc-quiet">A drill of this step, in an interview of its own.</span>
      </p>
    </details>
  );
}

// Where a quote stands: the message is brought into view, focused and marked, its words too where the browser can.
function mark(message, quote) {
  message.classList.remove("mc-found");
  void message.offsetWidth;
  message.classList.add("mc-found");
  if (!window.Highlight || !CSS.highlights) return;
  CSS.highlights.delete("mlsd-quote");
  const walker = document.createTreeWalker(message, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const start = node.data.indexOf(quote);
    if (start < 0) continue;
    const range = new Range();
    range.setStart(node, start);
    range.setEnd(node, start + quote.length);
    CSS.highlights.set("mlsd-quote", new Highlight(range));
    return;
  }
}

function Points({ props, callAction }) {
  const [from, setFrom] = useState(null);
  const [note, setNote] = useState("");
  const [open, setOpen] = useState(false);
  const root = useRef(null);
  const names = Object.fromEntries(props.steps.map((name) => [name.step, name]));
  const jump = (turn, quote, button) => {
    const message = document.getElementById(`step-${props.messages[turn]}`);
    if (!message) return setNote(`Message ${turn + 1} is not on this page; reload it to see it.`);
    message.tabIndex = -1;
    message.scrollIntoView({ block: "center" });
    message.focus({ preventScroll: true });
    mark(message, quote);
    setFrom(button);
  };
  const back = () => {
    from.scrollIntoView({ block: "center" });
    from.focus({ preventScroll: true });
    setFrom(null);
  };
  const send = async (name, payload) => {
    try {
      const answer = await callAction({ name, payload });
      const outcome = answer && answer.response;
      if (!outcome) throw new Error("no answer");
      setNote(outcome.says);
      return outcome;
    } catch {
      const says = "The page could not reach its server, so nothing was recorded. Reload it and try again.";
      setNote(says);
      return { ok: false, says };
    }
  };
  const practise = async (step) => {
    const outcome = await send("practise", { step });
    if (outcome.ok && outcome.thread) window.location.assign(`/thread/${encodeURIComponent(outcome.thread)}`);
  };
  const toggleAll = () => {
    for (const part of root.current.querySelectorAll("details.mc-step")) part.open = !open;
    setOpen(!open);
  };
  return (
    <section ref={root} className="mc mc-points" aria-label="Step by step">
      <p role="status" className={note ? "mc-note" : "mc-hidden"}>{note}</p>
      <div className="mc-title">
        <h3>Step by step</h3>
        <button type="button" className="mc-link" aria-expanded={open} onClick={toggleAll}>
          {open ? "Close all" : "Open all"}
        </button>
      </div>
      <p className="mc-quiet">{props.rubrics_words}</p>
      {props.scores.map((step) => (
        <StepPart
          key={step.step}
          step={step}
          name={names[step.step]}
          labels={props.next_labels}
          claims={props.claims}
          said={props.said}
          jump={jump}
          send={send}
          practise={practise}
        />
      ))}
      {props.wrong_claims.length ? (
        <>
          <h3>Claims to put right</h3>
          {props.wrong_claims.map((each, key) => (
            <div key={key} className="mc-wrong">
              <Quote quote={each.quote} turn={each.turn} jump={jump} />
              <p>
                {each.claim} <span className="mc-quiet">({each.name})</span>
                {each.corrected ? " You put it right later, so it does not count against you." : ""}
              </p>
            </div>
          ))}
        </>
      ) : null}
      <h3>Hints taken</h3>
      {props.hints.length ? (
        <ul className="mc-plain">
          {props.hints.map((each, key) => (
            <li key={key}>
              {each.name}, rung {each.rung} of 3: what you said after it could earn {each.caps_at} of 4.
            </li>
          ))}
        </ul>
      ) : (
        <p className="mc-quiet">None.</p>
      )}
      {from ? (
        <button type="button" className="mc-back" onClick={back}>
          Back to the scorecard
        </button>
      ) : null}
    </section>
  );
}

// One component for good, whatever is evaluated anew; see Scorecard.jsx.
const kept = (window.mlsdElements = window.mlsdElements || {});
kept.Points = kept.Points || Points;
const Kept = kept.Points;
export default <Kept props={props} callAction={callAction} />;
