// @ts-check
// What a training step works on, tower by tower: peft_vlm_survey/costs work.py, for the calculator.
// `asked` and the towers come from costing.js; what was traced of a tower is a line in the tokens.
"use strict";

{
  const { HALF, sumOf, atLength, actedOn, beside, bothTowers, ofPart, tokensOf, computedAgain } = survey;

  const NO_PHASES = [0, 0, 0, 0];
  const added = (/** @type {number[][]} */ ...parts) => NO_PHASES.map((_, phase) => sumOf(parts.map((part) => part[phase])));
  const scaled = (/** @type {number[]} */ phases, /** @type {number} */ factor) => phases.map((phase) => factor * phase);

  /* The bytes of each phase at so many tokens; nothing where that makes none, such as logits. */
  /** @param {Record<string, TracedLine>} lines @param {string} kind @param {number} tokens */
  const traceOf = (lines, kind, tokens) => (lines[kind] ? added(lines[kind][0], scaled(lines[kind][1], tokens)) : NO_PHASES);

  /* The frozen vision tower into which transformers lets a gradient with checkpointing, though nothing there is trained. */
  /** @param {CostSetting} asked @returns {PassedTower[]} */
  function letIn(asked) {
    const passed = [actedOn(asked), ...beside(asked)].some(({ name }) => name === "vision");
    return asked.backbone.letsIn && computedAgain(asked) && !passed ? [ofPart(asked, "vision")] : [];
  }

  /* What a step works on; null if what it asks for was not traced. `lets` says that a gradient enters a frozen vision tower where the library lets one in. */
  /** @param {Costs} data @param {CostAsked} asked @returns {StepWork | null} */
  function workOf(data, asked, lets = false) {
    const { method, backbone, precision } = asked;
    const own = actedOn(asked);
    const passed = new Map([...(lets ? letIn(asked) : []), ...beside(asked), own].map((tower) => [tower.name, tower]));
    const main = passed.get(backbone.texts ? own.name : backbone.default);
    if (!main || !backbone.total || !backbone.traces) {
      return null;
    }
    passed.delete(main.name);
    const running = runningOf(asked, main, passed);
    const found = running.map(([tower, entered]) => passOf(data, asked, tower, entered));
    const passes = /** @type {StepPass[]} */ (found.filter(Boolean));
    if (passes.length < found.length) {
      return null;
    }
    const at = running.findIndex(([{ name }]) => name === main.name);
    passes[at].beside = ofMethod(data, asked, main, running, passes);
    const first = [...passed.values()].map((tower) => byForm(data, asked, tower));
    const { total, quantisable, encoders } = backbone;
    const few = precision < HALF;
    const wide = precision > HALF ? 4 : 0;
    return {
      passes: [...first, ...passes], main: first.length + at, full: method.whole, few, rest: 2 * (total - quantisable), layers: running[at][0].part.quantities.layers, trained: asked.trainable,
      weights: few ? quantisable * (precision === 4 ? data.memory.fourBits : 1) + 2 * (total - quantisable) : (total * precision) / 8,
      copied: method.lowRank && main.name === own.name && asked.switches.embeddings ? main.part.quantities.embeddings : 0,
      images: encoders ? (wide || encoders.imageBytes) * encoders.image : 0, texts: encoders ? (wide || 2) * encoders.texts : 0,
    };
  }

  /* The towers of a step that were traced, in the order in which they run, and whether a gradient enters them; what is found among the passed is taken out of them. */
  /** @param {CostAsked} asked @param {PassedTower} main @param {Map<string, PassedTower>} passed @returns {[tower: PassedTower, entered: boolean][]} */
  function runningOf(asked, main, passed) {
    const { method, backbone: { texts, writes, series, tracesBeside }, numbers } = asked;
    const entered = method.backboneGradient !== "no" || main.name !== actedOn(asked).name;
    const taken = (/** @type {string} */ name) => {
      const found = passed.get(name);
      passed.delete(name);
      return found;
    };
    if (texts) { // both run, whether or not a gradient passes through them
      return ["vision", "language"].map((name) => {
        const tower = name === main.name ? main : taken(name) ?? ofPart(asked, name);
        return /** @type {[PassedTower, boolean]} */ ([tower, tower === main ? entered : tower.trained || bothTowers(asked)]);
      });
    }
    const seen = tracesBeside.vision && (writes || series) ? taken("vision") : undefined;
    /** @type {[PassedTower, boolean][]} */
    const first = tracesBeside.vision && (writes || series) ? [[seen ?? ofPart(asked, "vision"), Boolean(seen)]] : [];
    const { halves } = main.part;
    if (!halves) {
      return [...first, [main, entered]];
    }
    const half = (/** @type {"encoder" | "decoder"} */ name) => /** @type {CostPart} */ ({ ...main.part, ...halves[name] });
    return [...first, [{ ...main, name: "encoder", part: half("encoder") }, entered], [{ ...main, part: half("decoder"), length: numbers.outputs }, entered]];
  }

  /* What a step works on in one tower; null if it was not traced. */
  /** @param {Costs} data @param {CostAsked} asked @param {PassedTower} tower @param {boolean} entered @returns {StepPass | null} */
  function passOf(data, asked, tower, entered) {
    const { method, backbone, precision, numbers } = asked;
    const { name, part } = tower;
    const traces = name === backbone.default ? backbone.traces : backbone.tracesBeside[name];
    if (!traces) {
      return null;
    }
    const kind = tower.trained ? "full" : entered ? "passing" : "frozen";
    const again = computedAgain(asked);
    const [width, wide] = precision > HALF ? [2, data.run.constants.in32] : [1, 1];
    const more = method.longer && name === (part.halves ? "encoder" : actedOn(asked).name) ? tower.examples * numbers.tokens : 0;
    const tokens = (part.meeting ? tower.examples * tower.length : tokensOf(tower)) + more; // where streams meet, those of all, and of a U-Net those of its images
    const lines = traces[again && kind !== "frozen" ? "yes" : "no"];
    const hit = method.lowRank ? ownTargets(asked, tower) : [];
    const distinct = new Set(hit.map((target) => (lines[target] ? target : data.memory.fused[target] ?? target)));
    const side = sideOf(asked, tower);
    const images = backbone.looks && name === "language" ? tower.examples : 1; // each shows the tower an image whose tokens are none of its own
    const traced = (/** @type {string} */ trace) => scaled(traceOf(lines, trace, tokens / images), (trace === "logits" ? 1 : wide) * images);
    return {
      kind, again, in32: width > 1, traced, tokens, layers: part.quantities.layers, side: side ? scaled(traced("full"), side / numbers.reduction) : NO_PHASES, beside: 0, trained: tower.trained ? part.quantities.params : 0,
      low: scaled(added(...[...distinct].map((target) => traceOf(lines, target, tokens))), wide),
      made: hit.length && !again ? 2 * width * tokens * numbers.rank * sumOf(hit.map((target) => part.targets[target].count)) : 0,
      between: backbone.resolution ? 0 : 2 * width * (tokensOf(tower) + more) * part.kept[1],
    };
  }

  /* What a step works on in a tower that was not traced, which keeps what the closed form tells. */
  /** @param {Costs} data @param {CostAsked} asked @param {PassedTower} tower @returns {StepPass} */
  function byForm({ memory }, asked, tower) {
    const { part: { quantities: { layers, params }, kept: [kept, bare, block], keptInFull }, trained } = tower;
    const [all, between, one] = trained ? keptInFull : [kept, bare, block];
    const again = computedAgain(asked);
    const tokens = tokensOf(tower);
    return {
      kind: trained ? "full" : "passing", again, in32: asked.precision > HALF, traced: () => NO_PHASES, tokens, layers, side: NO_PHASES, low: NO_PHASES, made: 0, between: 0,
      beside: 2 * tokens * (again ? between + memory.kept * one : memory.kept * all), trained: trained ? params : 0,
    };
  }

  /* For what share of a tower's layers a network at its side has layers of its own. */
  /** @param {CostAsked} asked @param {PassedTower} tower */
  function sideOf(asked, { name, part }) {
    const { method, numbers: { side_encoder: reads, side_decoder: writes } } = asked;
    if (!method.side || ![actedOn(asked).name, "encoder"].includes(name)) {
      return 0;
    }
    return (!part.halves ? reads + writes : name === "encoder" ? reads : writes) / part.quantities.layers;
  }

  /* The matrices of a tower that have modules, by their names in it. */
  /** @param {CostAsked} asked @param {PassedTower} tower */
  function ownTargets(asked, { name }) {
    const { backbone: { texts, writes, series, tracesBeside }, targets } = asked;
    if (name === actedOn(asked).name || name === "encoder") {
      return targets.filter((target) => target !== "projector" && !target.includes("."));
    }
    const several = texts || writes || (series && tracesBeside.vision);
    return several ? targets.filter((target) => target.startsWith(`${name}.`)).map((target) => target.slice(name.length + 1)) : [];
  }

  /* What a method keeps beside what any gradient needs; with checkpointing that of one layer. Of stages and of an encoder–decoder the tokens are the mean over all layers. */
  /** @param {Costs} data @param {CostAsked} asked @param {PassedTower} main @param {[tower: PassedTower, entered: boolean][]} running @param {StepPass[]} passes */
  function ofMethod(data, asked, main, running, passes) {
    const { id, method, values, formulas, precision } = asked;
    if (method.whole) {
      return 0;
    }
    const usual = method.lowRank ? data.formulas[`${id} ${Object.keys(method.variants)[0]}`].kept(values) : 0; // its matrices are traced
    const own = passes.filter((_, at) => [main.name, "encoder"].includes(running[at][0].name));
    const mean = main.part.meanTokens && !main.part.meeting && !main.part.halves ? main.examples * atLength(main.part.meanTokens, main.length)
      : sumOf(own.map(({ layers, tokens }) => layers * tokens)) / sumOf(own.map(({ layers }) => layers));
    return ((precision > HALF ? 4 : 2) * mean * (formulas.kept(values) - usual)) / (computedAgain(asked) ? main.part.quantities.layers : 1);
  }

  survey.share({ NO_PHASES, added, scaled, letIn, workOf });
}
