// Whole: what the other modules ask of folded.js, for a small graph, which is not folded.

const isFolded = false;
const drawing = { at: new Map(), edges: new Set() };
const boxesOnMap = () => homes;
const [place, toggle, measure] = Array(3).fill(() => {});
