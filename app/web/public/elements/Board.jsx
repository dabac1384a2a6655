// A board of the candidate's, from shapes that the server laid out (app/web/boards.py). Texts are set as text.
const ROUND = 6;

const towards = (corner, other) => {
  const length = Math.abs(other[0] - corner[0]) + Math.abs(other[1] - corner[1]) || 1;
  const share = Math.min(ROUND, length / 2) / length;
  return [corner[0] + (other[0] - corner[0]) * share, corner[1] + (other[1] - corner[1]) * share];
};

const way = (points) => {
  let path = `M${points[0][0]} ${points[0][1]}`;
  for (let i = 1; i < points.length - 1; i += 1) {
    const start = towards(points[i], points[i - 1]);
    const end = towards(points[i], points[i + 1]);
    path += `L${start[0]} ${start[1]}Q${points[i][0]} ${points[i][1]} ${end[0]} ${end[1]}`;
  }
  const last = points[points.length - 1];
  return `${path}L${last[0]} ${last[1]}`;
};

const head = (before, tip) => {
  const [dx, dy] = [tip[0] - before[0], tip[1] - before[1]];
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / length, dy / length];
  const left = [tip[0] - 9 * ux - 4.5 * uy, tip[1] - 9 * uy + 4.5 * ux];
  const right = [tip[0] - 9 * ux + 4.5 * uy, tip[1] - 9 * uy - 4.5 * ux];
  return [tip, left, right].map((point) => point.join(",")).join(" ");
};

const Lines = ({ lines, x, y, step, ...rest }) => (
  <text textAnchor="middle" {...rest}>
    {lines.map((line, row) => (
      <tspan key={row} x={x} y={y - (step * (lines.length - 1)) / 2 + 4 + step * row}>{line}</tspan>
    ))}
  </text>
);

export default function Board() {
  const { drawing, words } = props;
  if (!drawing) return null;
  const { left, top, width, height, frames, boxes, arrows, labels } = drawing;
  const ink = "hsl(var(--foreground))";
  const soft = "hsl(var(--muted-foreground))";
  const paper = "hsl(var(--background))";
  return (
    <div className="mlsd-board" tabIndex={0} role="group" aria-label="The board, drawn"
      style={{ overflowX: "auto", maxWidth: "min(100%, calc(100vw - 2rem))", border: "1px solid hsl(var(--border))", borderRadius: 10, background: paper }}>
      <svg viewBox={`${left} ${top} ${width} ${height}`} role="img" aria-label={words}
        style={{ display: "block", margin: "0 auto", width: "100%", maxWidth: width, minWidth: Math.min(width, 560), height: "auto" }}>
        {frames.map((one, i) => (
          <g key={`f${i}`}>
            <rect x={one.x} y={one.y} width={one.width} height={one.height} rx={10} fill="none" stroke={soft} strokeOpacity={0.5} strokeDasharray="5 4" />
            <text x={one.x + 10} y={one.y + 18} fill={soft} fontSize={12} fontWeight={600}>{one.title}</text>
          </g>
        ))}
        {arrows.map((one, i) => (
          <g key={`a${i}`}>
            <path d={way(one.points)} fill="none" stroke={soft} strokeWidth={1.4} />
            <polygon points={head(one.points[one.points.length - 2], one.points[one.points.length - 1])} fill={soft} />
            {one.both && <polygon points={head(one.points[1], one.points[0])} fill={soft} />}
          </g>
        ))}
        {boxes.map((one, i) => (
          <g key={`b${i}`}>
            <rect x={one.x} y={one.y} width={one.width} height={one.height} rx={6} fill="hsl(var(--card, var(--background)))" stroke={soft} />
            <Lines lines={one.lines} x={one.x + one.width / 2} y={one.y + one.height / 2} step={16} fill={ink} fontSize={13} />
          </g>
        ))}
        {labels.map((one, i) => (
          <g key={`l${i}`}>
            <rect x={one.x - one.width / 2} y={one.y - one.height / 2} width={one.width} height={one.height} rx={3} fill={paper} />
            <Lines lines={one.lines} x={one.x} y={one.y} step={14} fill={soft} fontSize={11.5} />
          </g>
        ))}
      </svg>
    </div>
  );
}
