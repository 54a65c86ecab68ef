// @ts-check
// Which towers a step runs beside those that a method acts on, and what was traced of them: a frozen tower of images, a language
// model that looks at images, what reads both towers of a detector. For passes.js; towers come from costing.js.
"use strict";

{
  const { actedOn, beside, ofPart, sumOf, computedAgain } = survey;

  /* The frozen vision tower into which transformers lets a gradient with checkpointing, though nothing there is trained. */
  /** @param {CostSetting} asked @returns {PassedTower[]} */
  function letIn(asked) {
    const passed = [actedOn(asked), ...beside(asked)].some(({ name }) => name === "vision");
    return asked.backbone.letsIn && computedAgain(asked) && !passed ? [ofPart(asked, "vision")] : [];
  }

  /* Whether a tower of images was traced that runs before the encoder or the language model that reads it. */
  /** @param {CostBackbone} backbone */
  function towerFirst({ tracesBeside, writes, series }) {
    return Boolean(tracesBeside.vision) && (writes || series);
  }

  /* The traces of so many examples, each with an image, that have so many tokens together: traced was one, and beyond it what
     another as long needs, and of modules what they need of an image alone. */
  /** @param {Record<string, Knot[]>} lines @param {Record<string, Knot[]> | undefined} image @param {number} examples @param {number} tokens */
  function looking(lines, image, examples, tokens) {
    /** @param {string} name @param {Knot[]} knots @returns {Knot[]} */
    const beyond = (name, knots) => {
      const other = image?.[name];
      const [share, scale] = knots.length === 1 ? [(examples * knots[0][0]) / tokens - 1, 1] : [examples - 1, examples];
      return other ? knots.map(([at, ...phases], knot) => [at * scale, ...phases.map((phase, of) => phase + share * other[knot][of + 1])]) : knots;
    };
    return image ? Object.fromEntries(Object.entries(lines).map(([name, knots]) => [name, beyond(name, knots)])) : lines;
  }

  /* The traces of what reads a longer text, by such a share of what a text twice as long needs beyond. */
  /** @param {Record<string, Knot[]>} lines @param {Record<string, Knot[]>} beyond @param {number} share @returns {Record<string, Knot[]>} */
  function longer(lines, beyond, share) {
    /** @param {string} name @param {Knot[]} knots @returns {Knot[]} */
    const more = (name, knots) => knots.map(([at, ...phases], knot) => [at, ...phases.map((phase, of) => phase + share * beyond[name][knot][of + 1])]);
    return Object.fromEntries(Object.entries(lines).map(([name, knots]) => [name, more(name, knots)]));
  }

  /* What reads both towers of a detector: its parameters are what these leave of all, and its tokens those of the images. */
  /** @param {CostSetting} asked @param {PassedTower} main @returns {PassedTower} */
  function detectorOf({ backbone, numbers, part }, main) {
    const { language, vision } = backbone.parts;
    const params = Number(backbone.total) - sumOf([language, vision].map(({ quantities }) => quantities.params));
    const block = { ...vision, quantities: { ...vision.quantities, params, layers: 1 }, keptByTokens: null };
    const length = main.name === "language" ? numbers.length : language.length;
    return { name: "detector", part: { ...block, kept: [0, 0, 0], keptInFull: [0, 0, 0] }, length, trained: main.trained && part === "all", examples: numbers.batch };
  }

  survey.share({ letIn, towerFirst, looking, longer, detectorOf });
}
