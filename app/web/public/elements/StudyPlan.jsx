// What to study after an interview: gaps with the reference notes opened in place, what an answer at the level
// sounds like, one good architecture, and a plan for one week. It draws props; notes arrive as blocks, not as HTML.
import { useRef, useState } from "react";

const WITH_MARK = { strong: "strong", em: "em", code: "code" };

function Pieces({ of }) {
  return of.map((piece, key) =>
    piece.marks.reduceRight((inner, mark) => {
      const Tag = WITH_MARK[mark];
      return <Tag key={`${key}${mark}`}>{inner}</Tag>;
    }, <span key={key}>{piece.text}</span>),
  );
}

const image = (svg) => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;

// Side by side a large architecture is small: a press gives it the whole width.
function Drawing({ of }) {
  const [wide, setWide] = useState(false);
  return (
    <figure className={wide ? "mc-wide" : undefined}>
      <img src={image(of.svg)} alt={of.description} />
      <figcaption>
        {of.caption}{" "}
        <button type="button" className="mc-link" aria-pressed={wide} aria-label={`${of.caption}: larger`} onClick={() => setWide(!wide)}>
          {wide ? "Smaller" : "Larger"}
        </button>
      </figcaption>
    </figure>
  );
}

function Blocks({ of }) {
  return of.map((block, key) => {
    switch (block.kind) {
      case "paragraph":
        return <p key={key}><Pieces of={block.pieces} /></p>;
      case "heading":
        return <h5 key={key}><Pieces of={block.pieces} /></h5>;
      case "list":
      case "numbered": {
        const List = block.kind === "list" ? "ul" : "ol";
        return <List key={key}>{block.items.map((item, place) => <li key={place}><Blocks of={item} /></li>)}</List>;
      }
      case "quote":
        return <blockquote key={key}>{block.items.map((item, place) => <Blocks key={place} of={item} />)}</blockquote>;
      case "code":
        return <pre key={key}><code><Pieces of={block.pieces} /></code></pre>;
      case "table":
        return (
          <div key={key} className="mc-table" tabIndex={0} role="group" aria-label="Table">
            <table>
              <thead><tr>{block.rows[0].map((cell, place) => <th key={place} scope="col"><Pieces of={cell} /></th>)}</tr></thead>
              <tbody>
                {block.rows.slice(1).map((row, at) => (
                  <tr key={at}>{row.map((cell, place) => <td key={place}><Pieces of={cell} /></td>)}</tr>
                ))}
              </tbody>
            </table>
          </div>
        );
      default:
        return <hr key={key} />;
    }
  });
}

function Gap({ gap, beyond, level, heading, notes, note }) {
  return (
    <li className="mc-gap">
      <h4>{gap.name}</h4>
      <p className="mc-quiet">
        {heading}
        {gap.core ? " · core" : ""} · {gap.expected} of 4 expected{gap.worth ? ` · worth up to ${gap.worth} ${gap.worth === 1 ? "point" : "points"}` : ""}
      </p>
      <p>{gap.why}</p>
      <dl>
        <dt>A {level} candidate</dt>
        <dd>{gap.at_level}</dd>
        <dt>{gap.status === "wrong" ? `Put right, ${gap.lift_to} of 4` : `For ${gap.lift_to} of 4, in the rubric's words`}</dt>
        <dd>{gap.lift}</dd>
        {beyond ? <><dt>What {level} needs, {gap.expected} of 4</dt><dd>{beyond}</dd></> : null}
        {gap.example ? <><dt>It can sound like this</dt><dd>“{gap.example}”</dd></> : null}
      </dl>
      {notes.map((each) => (
        <p key={each.place} className="mc-row">
          <button type="button" className="mc-link" onClick={() => note(each.place)}>
            Read: {each.heading}
          </button>
        </p>
      ))}
    </li>
  );
}

function StudyPlan({ props }) {
  const root = useRef(null);
  const heading = (step) => props.steps.find((name) => name.step === step).heading;
  const noteOf = (place) => props.notes.find((each) => each.place === place);
  const note = (place) => {
    const part = [...root.current.querySelectorAll("details[data-note]")].find((each) => each.dataset.note === place);
    if (!part) return;
    part.open = true;
    const title = part.querySelector("summary");
    title.scrollIntoView({ block: "start" });
    title.focus({ preventScroll: true });
  };
  return (
    <section ref={root} className="mc mc-study" aria-label="What to study">
      {props.gaps.length ? (
        <>
          <h3>What to study first</h3>
          <p className="mc-quiet">{props.level[0].toUpperCase() + props.level.slice(1)} asks for this: {props.level_asks}</p>
          <ol className="mc-gaps">
            {props.gaps.map(({ gap, beyond }) => (
              <Gap
                key={gap.criterion}
                gap={gap}
                beyond={beyond}
                level={props.level}
                heading={heading(gap.step)}
                notes={gap.notes.map(noteOf).filter(Boolean)}
                note={note}
              />
            ))}
          </ol>
          {props.more_gaps.length ? <p className="mc-quiet">Below the level too, and for later: {props.more_gaps.join("; ")}.</p> : null}
        </>
      ) : null}
      {props.notes.length ? (
        <>
          <h3>Notes</h3>
          {props.notes.map((each) => (
            <details key={each.place} className="mc-step" data-note={each.place}>
              <summary>
                <h4>{each.heading}</h4>
                <span className="mc-quiet">{heading(each.step)}</span>
              </summary>
              <div className="mc-prose">
                <p className="mc-quiet">For: {each.criteria.join("; ")}</p>
                <Blocks of={each.blocks} />
              </div>
            </details>
          ))}
        </>
      ) : null}
      {props.answers.length ? (
        <>
          <h3>What an answer at {props.level} level sounds like</h3>
          {props.answers.map((each) => (
            <details key={each.step} className="mc-step">
              <summary><h4>{heading(each.step)}</h4></summary>
              <div className="mc-prose">
                <Blocks of={each.blocks} />
                {each.next_text ? <p className="mc-quiet"><b>At {each.next_level} level:</b> {each.next_text}</p> : null}
              </div>
            </details>
          ))}
        </>
      ) : null}
      {props.pictures.length || props.architecture ? (
        <>
          <h3>{props.pictures.length ? "Your board and one good architecture" : "One good architecture, of several"}</h3>
          {props.pictures.length ? (
            <div className="mc-charts">
              {props.pictures.map((each, key) => <Drawing key={key} of={each} />)}
            </div>
          ) : null}
          {props.architecture ? (
            <details className="mc-step">
              <summary>
                <h4>Components and edges</h4>
                <span className="mc-quiet">{props.architecture.edges.length} edges</span>
              </summary>
              <div className="mc-prose">
                <dl>
                  {props.architecture.groups.map((each) => (
                    <div key={each.group}><dt>{each.group}</dt><dd>{each.components.join(", ")}</dd></div>
                  ))}
                </dl>
                <ul>{props.architecture.edges.map((edge, key) => <li key={key}>{edge}</li>)}</ul>
              </div>
            </details>
          ) : null}
        </>
      ) : null}
      <h3>One week, about an hour a day</h3>
      {props.plan.map((day) => (
        <details key={day.day} className="mc-step" data-day={day.day}>
          <summary>
            <h4>Day {day.day}: {day.title}</h4>
            <span className="mc-quiet">{day.tasks.reduce((sum, task) => sum + task.minutes, 0)} min</span>
          </summary>
          <ul className="mc-prose">
            {day.tasks.map((task, key) => (
              <li key={key}>
                <b>{task.minutes} min.</b> {task.text}
                {task.command ? <code className="mc-command">{task.command}</code> : null}
                {task.reads.map(noteOf).filter(Boolean).map((each) => (
                  <p key={each.place} className="mc-row">
                    <button type="button" className="mc-link" onClick={() => note(each.place)}>Read: {each.heading}</button>
                  </p>
                ))}
              </li>
            ))}
          </ul>
        </details>
      ))}
    </section>
  );
}

// One component for good, whatever is evaluated anew; see Scorecard.jsx.
const kept = (window.mlsdElements = window.mlsdElements || {});
kept.StudyPlan = kept.StudyPlan || StudyPlan;
const Kept = kept.StudyPlan;
export default <Kept props={props} />;
