// @ts-check
// Whether a training step fits on cards, and what to change: peft_vlm_survey/costs cards.py, for the calculator.
// `asked` comes from costing.js, what a step needs from step.js, cardOf from gpus.js; `run` has the words of a run.
"use strict";

{
  const { CostError, HALF, cardOf, costOf, needOf, kindOf, oneLength, letIn } = survey;

  /* Cards as people write them; null where none are named. */
  /** @param {Costs} data @returns {Cards | null} */
  function readCards(data, size = "", number = "") {
    if (!size.trim()) {
      if (number.trim() && number.trim() !== "1") {
        throw new CostError("--gpus stands without --gpu.", "Add the memory of one card, such as 24GB.");
      }
      return null;
    }
    const { bytes, note, wrong, remedy } = cardOf(size, data.cards, "gpu");
    if (wrong) {
      throw new CostError(wrong, remedy);
    }
    if (!/^\d+$/.test(number.trim() || "1") || Number(number || 1) < 1 || Number(number) > data.run.mostCards) {
      throw new CostError(`gpus '${number}' is impossible.`, "Give a whole number of cards, such as 2.");
    }
    return { bytes, note, number: Number(number || 1) };
  }

  /* How a verdict did on runs that set nothing of it. */
  /** @param {Costs} data @param {CostAsked} asked @param {string} verdict */
  const testedOf = ({ run: { tested } }, asked, verdict) => tested[kindOf(asked)]?.[verdict] ?? "";

  /* What a run on these cards needs, and whether it fits; null if the backbone was not traced. */
  /** @param {Costs} data @param {CostAsked} asked @param {RunWords} run @param {Cards} cards */
  function fittingOf(data, asked, run, cards) {
    const need = needOf(data, asked, onCards(run, cards), cards.number);
    return need && { need, verdict: verdictOf(data, need.needed, cards) };
  }

  /* Why it cannot be told whether a setting fits. */
  /** @param {Costs} data @param {CostAsked} asked */
  const untracedOf = ({ run: { untraced } }, { backbone }) => untraced.replace("{name}", backbone.name);

  /* What would settle whether a run fits: a step to try. */
  /** @param {Costs} data @param {Cards} cards */
  const settlesOf = ({ run: { settles, context, scattered } }, cards) => settles.replace("{most}", ((cards.bytes - context) / scattered / 1e9).toFixed(1));

  /* Whether what is needed fits on each of the cards. */
  /** @param {Costs} data @param {Ends} needed @param {Cards} cards */
  function verdictOf({ run: { context, scattered, verdicts: [fits, may, not] } }, needed, cards) {
    return needed[1] * scattered + context <= cards.bytes ? fits : needed[0] + context > cards.bytes ? not : may;
  }

  /** @type {(run: RunWords, cards: Cards) => RunWords} */
  const onCards = (run, cards) => (cards.number > 1 && run.sharding === "none" ? { ...run, sharding: "ddp" } : run);

  /* What to change first: what fits before what may, what changes least before what saves more. */
  /** @param {Costs} data @param {CostChoice} choice @param {RunWords} run @param {Cards} cards */
  function changesOf(data, choice, run, cards) {
    const { asked } = costOf(data, choice);
    const now = fittingOf(data, asked, run, cards);
    if (!now) {
      return [];
    }
    /** @type {{ words: string, needed: Ends, verdict: string }[]} */
    const found = [];
    for (const [words, more] of waysOf(data, asked, run, cards)) {
      let other = asked;
      if (Object.keys(words).length) {
        try {
          other = costOf(data, changed(choice, words)).asked;
        } catch (error) {
          if (!(error instanceof CostError)) {
            throw error;
          }
          continue;
        }
      }
      const then = fittingOf(data, other, { ...run, ...more }, cards);
      if (then && then.need.needed[1] < 0.97 * now.need.needed[1]) {
        found.push({ words: Object.entries({ ...words, ...more }).map(([name, value]) => `${name}=${value}`).join(" "), needed: then.need.needed, verdict: then.verdict });
      }
    }
    const [fits, may] = data.run.verdicts;
    const best = [fits, may].flatMap((word) => found.filter(({ verdict }) => verdict === word));
    return (best.length ? best : found.sort((one, other) => one.needed[1] - other.needed[1])).slice(0, data.run.advice);
  }

  /* A choice with some words of its setting replaced. */
  /** @param {CostChoice} choice @param {Record<string, string>} words @returns {CostChoice} */
  function changed(choice, words) {
    const { checkpointing, precision, ...numbers } = words;
    return { ...choice, numbers: { ...choice.numbers, ...numbers }, ...(precision ? { precision } : {}), ...(checkpointing ? { checkpointing: checkpointing === "yes" } : {}) };
  }

  /* Words of the setting and of the run that could be changed, in the order of the table that Python has too. */
  /** @param {Costs} data @param {CostAsked} asked @param {RunWords} run @param {Cards} cards @returns {Generator<[words: RunWords, more: RunWords]>} */
  function* waysOf({ run: model }, asked, run, cards) {
    const now = changeable(model, asked, run, cards);
    const seen = new Set();
    for (const way of model.ways) {
      const words = Object.entries(way).filter(([name]) => name in now)
        .map(([name, value]) => [name, value === model.halved ? String(Math.max(Math.floor(Number(now[name]) / 2), 1)) : value])
        .filter(([name, value]) => value !== now[name]);
      const text = JSON.stringify(words);
      if (words[0]?.[0] === Object.keys(way)[0] && !seen.has(text)) {
        seen.add(text);
        yield [Object.fromEntries(words.filter(([name]) => !(name in run))), Object.fromEntries(words.filter(([name]) => name in run))];
      }
    }
  }

  /* The words that could be changed in a run, with what they are now; those that change nothing are left out. */
  /** @param {RunModel} model @param {CostAsked} asked @param {RunWords} run @param {Cards} cards @returns {Record<string, string>} */
  function changeable({ least }, asked, run, cards) {
    const { method, backbone, numbers: { batch, length, resolution }, checkpointing, precision } = asked;
    const few = precision < HALF;
    const sized = Boolean(backbone.resolution);
    /** @type {Record<string, [applies: boolean, now: string | number]>} */
    const words = {
      encoders: [sized, run.encoders],
      tower: [letIn(asked).length > 0, run.tower],
      logits: [backbone.parts[backbone.default].vocabulary > 0, run.logits], // what has no words makes no logits of them
      checkpointing: [true, checkpointing ? "yes" : "no"],
      upcast: [few, run.upcast],
      optimizer: [method.whole, run.optimizer],
      sharding: [cards.number > 1 && !["zero3", "fsdp"].includes(run.sharding), run.sharding],
      offload: [true, run.offload],
      batch: [true, batch],
      precision: [method.lowRank && !few, precision],
      resolution: [sized && resolution > least.resolution, resolution],
      length: [!sized && !oneLength(asked) && length > least.length, length],
    };
    return Object.fromEntries(Object.entries(words).filter(([, [applies]]) => applies).map(([name, [, now]]) => [name, String(now)]));
  }

  survey.share({ readCards, untracedOf, onCards, verdictOf, changesOf, fittingOf, testedOf, settlesOf });
}
