// The head of the scorecard: verdict and reasons, files to download, scores and times as charts. It draws props.
import { useId } from "react";

const SHORT = {
  requirements: "Requirements",
  framing: "Framing",
  data: "Data",
  modeling: "Model",
  evaluation: "Evaluation",
  serving: "Serving",
  monitoring: "Monitoring",
};

const clock = (seconds) => {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};
const spanned = (score, range) =>
  score === null ? "no score" : range && range.high !== null ? `${score}–${range.high}` : String(score);

function Radar({ steps }) {
  const id = useId();
  const [middle, reach] = [170, 100];
  const at = (place, score) => {
    const angle = (2 * Math.PI * place) / steps.length - Math.PI / 2;
    return [middle + (reach * score * Math.cos(angle)) / 100, 150 + (reach * score * Math.sin(angle)) / 100];
  };
  const points = (scores) => scores.map((score, place) => at(place, score).map((x) => x.toFixed(1)).join(",")).join(" ");
  const outline = (scores, kind) => {
    if (scores.every((score) => score !== null)) return <polygon className={kind} points={points(scores)} />;
    return scores.map((score, place) => {
      const other = scores[(place + 1) % scores.length];
      if (score === null || other === null) return null;
      const [[x1, y1], [x2, y2]] = [at(place, score), at((place + 1) % scores.length, other)];
      return <line key={place} className={kind} x1={x1} y1={y1} x2={x2} y2={y2} />;
    });
  };
  const lows = steps.map((step) => step.score);
  const highs = steps.map((step) => (step.range ? step.range.high : step.score));
  const disputed = steps.some((step) => step.range);
  const described = steps
    .map(({ step, score, range }) => {
      if (score === null) return `${SHORT[step]}: not assessed`;
      return `${SHORT[step]}: ${score} of 100${range && range.high !== null ? `, ${range.high} with what you dispute` : ""}`;
    })
    .join("; ");
  return (
    <svg className="mc-radar" viewBox="0 0 340 300" role="img" aria-labelledby={`${id}t ${id}d`}>
      <title id={`${id}t`}>Score by step</title>
      <desc id={`${id}d`}>{described}.</desc>
      {[25, 50, 75, 100].map((ring) => (
        <polygon key={ring} className="ring" points={points(steps.map(() => ring))} />
      ))}
      {steps.map((step, place) => {
        const [x, y] = at(place, 100);
        return <line key={step.step} className={step.score === null ? "axis none" : "axis"} x1={middle} y1={150} x2={x} y2={y} />;
      })}
      {disputed ? outline(highs, "claimed") : null}
      {outline(lows, "shape")}
      {steps.map((step, place) => {
        const [x, y] = at(place, 122);
        const anchor = Math.abs(x - middle) < 1 ? "middle" : x > middle ? "start" : "end";
        const shift = anchor === "middle" ? 0 : anchor === "start" ? -6 : 6;
        const dot = step.score === null ? null : at(place, step.score);
        return (
          <g key={step.step}>
            {dot ? <circle className="dot" cx={dot[0]} cy={dot[1]} r="3.5" /> : null}
            <text textAnchor={anchor} x={x + shift} y={y}>
              <tspan>{SHORT[step.step]}</tspan>
              <tspan className="value" x={x + shift} dy="15">
                {step.score === null ? "not assessed" : spanned(step.score, step.range)}
              </tspan>
            </text>
          </g>
        );
      })}
    </svg>
  );
}

function Times({ pace }) {
  const id = useId();
  const rows = pace.steps;
  const longest = Math.max(1, ...rows.flatMap((row) => [row.seconds || 0, row.budget || 0]));
  const says = (row) => {
    const unopened = row.heard ? `said ${row.heard}` : "not opened";
    const used = row.seconds === null ? "not known" : row.opened ? clock(row.seconds) : unopened;
    return row.budget === null ? used : `${used} of ${clock(row.budget)}`;
  };
  const wide = (seconds) => (340 * seconds) / longest;
  return (
    <svg className="mc-times" viewBox={`0 0 340 ${rows.length * 42}`} role="img" aria-labelledby={`${id}t ${id}d`}>
      <title id={`${id}t`}>Time by step, used and planned</title>
      <desc id={`${id}d`}>{rows.map((row) => `${SHORT[row.step]}: ${says(row)}`).join("; ")}.</desc>
      {rows.map((row, place) => (
        <g key={row.step} transform={`translate(0 ${42 * place})`}>
          <text x="0" y="14">{SHORT[row.step]}</text>
          <text className="value" x="340" y="14" textAnchor="end">{says(row)}</text>
          {row.budget !== null ? <rect className="planned" y="20" width={wide(row.budget)} height="14" rx="3" /> : null}
          {row.seconds !== null ? (
            <rect
              className={row.budget !== null && row.seconds > row.budget ? "used over" : "used"}
              y="23"
              width={wide(row.seconds)}
              height="8"
              rx="3"
            />
          ) : null}
        </g>
      ))}
    </svg>
  );
}

function Scorecard({ props }) {
  const { card } = props;
  const whole = card.overall;
  const timed = props.pace.steps.some((row) => row.seconds !== null);
  const drawn = card.steps.length >= 3;
  return (
    <section className={`mc ${props.tone}`} aria-label={`Scorecard: ${props.title}`} data-mlsd-card={props.interview}>
      <header>
        <p className="mc-kicker">
          Scorecard · {props.level} level · {props.mode}
          {props.mode === "coach" ? " · unofficial" : ""}
        </p>
        <h2>{props.title}</h2>
        <div className="mc-verdict">
          <p className="mc-total">
            {whole.score === null ? (
              <span>no score</span>
            ) : (
              <>
                <b>{whole.score}</b>
                {whole.range && whole.range.high !== null ? <b className="high">–{whole.range.high}</b> : null} <span>of 100</span>
              </>
            )}
          </p>
          <div>
            <p className="mc-headline">{props.headline}</p>
            <ul>
              {props.reasons.map((reason, key) => (
                <li key={key}>{reason}</li>
              ))}
              {props.uncertain ? (
                <li>
                  {props.uncertain === 1 ? "One sentence" : `${props.uncertain} sentences`} may have been meant for a point and{" "}
                  {props.uncertain === 1 ? "was" : "were"} not credited; look for “Not certain” below.
                </li>
              ) : null}
              {whole.range && props.claimed ? (
                <li>
                  With everything that you dispute credited it would be {whole.range.high === null ? "no score" : whole.range.high}:{" "}
                  {props.claimed.toLowerCase()}. The score itself does not move.
                </li>
              ) : null}
            </ul>
            <p>{props.outlook}</p>
          </div>
        </div>
        <p className="mc-row mc-downloads">
          <span className="mc-quiet" id={`mc-dl-${props.interview}`}>Download</span>
          {props.downloads.map((each) => (
            <a key={each.href} className="mc-button" href={each.href} download>
              {each.label}
              <span className="mc-hidden"> file of this interview's debrief</span>
            </a>
          ))}
        </p>
      </header>
      <div className="mc-charts">
        {drawn ? (
          <figure>
            <Radar steps={card.steps} />
            <figcaption>
              Score by step.{card.steps.some((step) => step.score === null) ? " A dashed axis was not assessed and does not count." : ""}
              {whole.range ? " The dotted line adds what you dispute." : ""}
            </figcaption>
          </figure>
        ) : null}
        {timed ? (
          <figure>
            <Times pace={props.pace} />
            <figcaption>
              Time by step: the bar is what you used, the band what was planned.
              {props.pace.elapsed !== null
                ? ` ${clock(props.pace.elapsed)}${props.pace.total !== null ? ` of ${clock(props.pace.total)}` : ""} in all, pauses left out.`
                : ""}
            </figcaption>
          </figure>
        ) : null}
      </div>
      {props.pace.remarks.length ? (
        <ul className="mc-remarks">
          {props.pace.remarks.map((remark, key) => (
            <li key={key}>{remark}</li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}

// Chainlit evaluates this file anew whenever it draws the element. One component for good keeps what is open, typed
// and focused through that; an element as the export is drawn as it is.
const kept = (window.mlsdElements = window.mlsdElements || {});
kept.Scorecard = kept.Scorecard || Scorecard;
const Kept = kept.Scorecard;
export default <Kept props={props} />;
