// @ts-check
// What a training step works on, tower by tower: peft_vlm_survey/costs work.py, for the calculator.
// `asked` and the towers come from costing.js; what was traced of a tower is a line between knots.
"use strict";

{
  const { HALF, sumOf, atLength, actedOn, beside, bothTowers, ofPart, tokensOf, keptByForm, computedAgain, letIn, towerFirst, looking, longer, detectorOf } = survey;

  /** @param {Knot[]} knots @param {number} tokens */
  function betweenKnots(knots, tokens) {
    const after = Math.min(Math.max(knots.filter(([at]) => tokens > at).length, 1), knots.length - 1);
    const [left, ...low] = knots[after - 1];
    const [right, ...high] = knots[after];
    return low.map((from, phase) => 1e6 * (from + ((high[phase] - from) * (tokens - left)) / (right - left)));
  }

  /** @param {Record<string, Knot[]>} lines @param {string} name @param {number} tokens */
  function perToken(lines, name, tokens) {
    const [[at, ...phases]] = lines[name];
    return phases.map((phase) => (1e6 * phase * tokens) / at);
  }

  /* What a step works on; null if what it asks for was not traced. `lets` says that a gradient enters a frozen vision tower where the library lets one in. */
  /** @param {Costs} data @param {CostAsked} asked @returns {StepWork | null} */
  function workOf(data, asked, lets = false) {
    const { id, method, backbone, precision, numbers, trainable, values, formulas, tower } = asked;
    const own = actedOn(asked);
    const towers = [...(lets ? letIn(asked) : []), ...beside(asked), own];
    const sides = backbone.texts > 0;
    const main = towers.find(({ name }) => name === (sides || backbone.detects ? own.name : backbone.default));
    if (!main || !backbone.total) {
      return null;
    }
    const acted = main === own;
    const [few, low] = [precision < HALF, method.lowRank];
    const entered = !acted || method.gradient !== "no";
    const [reading, writing] = halvesOf(asked, main);
    const work = passOf(data, asked, writing, entered);
    const reads = reading ? [passOf(data, asked, reading, entered)] : [];
    const inside = towers.find(({ name }) => name === "vision");
    const seen = towerFirst(backbone) ? inside ?? ofPart(asked, "vision") : null;
    const sees = seen ? [passOf(data, asked, seen, Boolean(inside))] : [];
    const named = Object.keys(backbone.parts).filter((name) => (sides || backbone.detects) && name !== main.name);
    const others = named.map((name) => {
      const other = towers.find((one) => one.name === name) ?? ofPart(asked, name);
      return passOf(data, asked, other, other.trained || bothTowers(asked));
    });
    const detects = backbone.detects ? [passOf(data, asked, detectorOf(asked, main), entered)] : [];
    if (!work || [...others, ...sees, ...reads, ...detects].includes(null)) {
      return null;
    }
    const beyond = /** @type {StepPass[]} */ (others);
    const last = /** @type {StepPass[]} */ (detects);
    const textFirst = (main.name === "language") === Boolean(backbone.detects); // a detector reads its text first, CLIP its images
    const before = /** @type {StepPass[]} */ ([...sees, ...reads]);
    const worked = /** @type {StepPass[]} */ ([...reads, work]);
    const ofStages = main.part.meanTokens && !main.part.meeting ? main.examples * atLength(main.part.meanTokens, main.length) : work.tokens;
    const tokens = reads.length ? sumOf(worked.map((one) => one.layers * one.tokens)) / sumOf(worked.map((one) => one.layers)) : ofStages;
    const total = backbone.total;
    const form = method.whole ? 0 : formulas.kept(values) - (low ? data.formulas[`${id} ${Object.keys(method.variants)[0]}`].kept(values) : 0);
    const rest = towers.filter((one) => one !== main && one !== seen && !named.includes(one.name));
    const kept = sumOf(rest.map((one) => keptByForm(data.memory, asked, one)))
      + ((work.in32 ? 4 : 2) * tokens * form) / (work.again ? main.part.quantities.layers : 1);
    const hit = acted && low ? ownTargets(asked, main) : [];
    return {
      ...work, trained: trainable, full: method.whole, beside: kept,
      front: sumOf(rest.filter(({ name }) => backbone.series && name === "vision").map((one) => keptByForm(data.memory, asked, one))),
      copied: low && acted && asked.switches.embeddings ? main.part.quantities.embeddings : 0,
      rest: 2 * (total - backbone.quantisable),
      largest: main.part.largestTable,
      unpacked: few && asked.variant === "dora" ? (2 * sumOf(hit.map((name) => writing.part.targets[name].weights ?? tower.targets[name].weights))) / (work.again ? work.layers : 1) : 0,
      weights: few
        ? backbone.quantisable * (precision === 4 ? data.memory.fourBits : 1) + 2 * (total - backbone.quantisable)
        : (total * precision) / 8,
      early: reading && main.trained ? main.part.largestTable : 0, summed: backbone.tied ? 2 : 1,
      ...encodersOf(work, backbone), before: textFirst ? before : [...before, ...beyond], behind: textFirst ? [...beyond, ...last] : last,
    };
  }

  /* What lies beside the denoiser of a generator: bytes of what encodes images and texts, and what encoding takes. */
  /** @param {StepPass} work @param {CostBackbone} backbone */
  function encodersOf(work, { encoders, traces }) {
    const encoding = traces?.no.encoding;
    if (!encoders || !encoding) {
      return { images: 0, texts: 0, encoding: 0 };
    }
    const [image, text] = work.in32 ? [4, 4] : [encoders.imageBytes, 2];
    const [forward] = betweenKnots(encoding, work.tokens);
    return { images: image * encoders.image, texts: text * encoders.texts, encoding: (forward * image) / encoders.imageBytes };
  }

  /* What reads of a tower, and what writes; of most towers nothing reads alone. */
  /** @param {CostAsked} asked @param {PassedTower} tower @returns {[PassedTower | null, PassedTower]} */
  function halvesOf({ backbone, numbers }, tower) {
    const { halves } = tower.part;
    if (!halves || tower.name !== backbone.default) {
      return [null, tower];
    }
    const half = (/** @type {"encoder" | "decoder"} */ name) => /** @type {CostPart} */ ({ ...tower.part, ...halves[name] });
    return [{ ...tower, name: "encoder", part: half("encoder") }, { ...tower, part: half("decoder"), length: numbers.outputs }];
  }

  /* What a step works on in one tower; null if it was not traced. */
  /** @param {Costs} data @param {CostAsked} asked @param {PassedTower} tower @param {boolean} entered @returns {StepPass | null} */
  function passOf(data, asked, tower, entered) {
    const { method, backbone, precision, numbers } = asked;
    const { part } = tower;
    const in32 = precision > HALF;
    const kind = tower.trained ? "full" : !entered ? "frozen" : precision < HALF ? "few bits" : "passing";
    const traces = tower.name === backbone.default ? backbone.traces : backbone.tracesBeside[tower.name];
    const side = sideOf(asked, tower);
    if (!traces || [kind, ...(side ? ["full"] : [])].some((one) => !traces.no[in32 ? `${one} 32` : one])) {
      return null;
    }
    const again = computedAgain(asked);
    const known = again && kind !== "frozen" ? "yes" : "no";
    const bytes = in32 ? 4 : 2;
    const more = method.longer && tower.name === (part.halves ? "encoder" : actedOn(asked).name) ? tower.examples * numbers.tokens : 0;
    const first = tokensOf(tower) + more;
    const tokens = part.meeting ? tower.examples * tower.length + more : first; // where streams meet, those of all, and of a U-Net those of its images
    const beyondOne = tower.name === "language" ? backbone.tracesBeside.image?.[known] : undefined;
    const lines = tower.name === "detector" ? longer(traces[known], backbone.tracesBeside.text[known], tower.length / backbone.detects - 1) : looking(traces[known], beyondOne, tower.examples, tokens);
    const most = backbone.resolution || !part.fixedTokens ? tower.length : atLength(part.fixedTokens, tower.length);
    /** @param {TargetSums} target in a generator, and where there are stages, matrices that fewer tokens pass count for less */
    const places = ({ passed, count }) => (passed ? atLength(passed, tower.length) / most : count);
    const hit = method.lowRank ? ownTargets(asked, tower) : [];
    return {
      kind, lines, tokens, again, in32, side, narrower: side ? numbers.reduction : 1, trained: tower.trained ? part.quantities.params : 0, layers: part.quantities.layers, unpacked: 0, front: 0,
      beside: kind === "frozen" || !part.crossed ? 0 : (bytes * tokens * part.crossed) / (again ? Number(part.crossing) : 1),
      recast: kind === "full" && part.crossed ? (2 * tokens * part.crossed) / (again ? Number(part.crossing) : 1) : 0, widens: backbone.widens, looks: tower.name === "language" && Boolean(backbone.tracesBeside.image),
      between: bytes * first * betweenLayers(tower),
      ...tracedOf(data, lines, hit),
      inside: !hit.length || !part.fixedTokens || backbone.resolution ? 0 : (bytes * tokens * (numbers.rank - data.memory.tracedRank) * sumOf(hit.map((name) => part.targets[name].count))) / part.quantities.layers,
      ranks: hit.length ? bytes * numbers.rank * tokens * sumOf(hit.map((name) => places(part.targets[name]))) : 0,
    };
  }

  /* For what share of a tower's layers a network at its side has layers of its own. */
  /** @param {CostAsked} asked @param {PassedTower} tower */
  function sideOf(asked, { name, part }) {
    const { method, numbers } = asked;
    if (!method.side || ![actedOn(asked).name, "encoder"].includes(name)) {
      return 0;
    }
    const { side_encoder: reads, side_decoder: writes } = numbers;
    return (!part.halves ? reads + writes : name === "encoder" ? reads : writes) / part.quantities.layers;
  }

  /* Under which names what LoRA adds on these matrices was traced, each and two of them beyond what each adds alone: in 16 bits, and in 32. */
  /** @param {Costs} data @param {Record<string, Knot[]>} lines @param {string[]} names @returns {{ traced: string[], tracedIn32: string[] }} */
  function tracedOf({ memory }, lines, names) {
    const each = new Set(names.map((name) => (lines[name] ? name : memory.fused[name] ?? name)));
    const both = [...each, ...memory.together.filter((name) => name.split("+").every((one) => each.has(one)))];
    const [traced, tracedIn32] = [both, both.map((name) => `${name} 32`)].map((known) => known.filter((name) => lines[name]));
    return { traced, tracedIn32 };
  }

  /* What a token of the first stage keeps between the layers of a tower through which a gradient passes. */
  /** @param {PassedTower} tower */
  function betweenLayers({ part: { fixedTokens, keptByTokens, kept }, length }) {
    return fixedTokens && keptByTokens ? atLength(keptByTokens[1], length) / atLength(fixedTokens, length) : kept[1];
  }

  /* The matrices of a tower that have modules, by their names in it. */
  /** @param {CostAsked} asked @param {PassedTower} tower */
  function ownTargets(asked, { name }) {
    if (name === actedOn(asked).name || name === "encoder") {
      return asked.targets.filter((target) => target !== "projector" && !target.includes("."));
    }
    return asked.backbone.texts || asked.backbone.writes || asked.backbone.detects || towerFirst(asked.backbone) ? asked.targets.filter((target) => target.startsWith(`${name}.`)).map((target) => target.slice(name.length + 1)) : [];
  }

  survey.share({ betweenKnots, perToken, workOf });
}
