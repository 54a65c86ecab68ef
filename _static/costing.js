// @ts-check
// What a method costs on a backbone, by the formulas that the build wrote: the same rules and numbers as peft_vlm_survey/costs.
// `data` is survey.data.costs; a choice names method, backbone, and what the reader set of the rest.
"use strict";

{
  class CostError extends Error {
    /** @param {string} message @param {string} remedy */
    constructor(message, remedy) {
      super(message);
      this.remedy = remedy;
    }
  }

  const HALF = 16; // bits
  const filledIn = (/** @type {string} */ text, /** @type {Record<string, unknown>} */ words) => text.replace(/\{(\w+)\}/g, (_, name) => String(words[name]));

  /* What is wrong with a question, in the words of peft_vlm_survey/costs/limits.py. */
  /** @param {string} key @param {Record<string, unknown>} [words] */
  function refused(key, words = {}) {
    const [message, remedy] = survey.data.costs.refusals[key];
    return new CostError(filledIn(message, words), filledIn(remedy, words));
  }

  const wholeNumber = (/** @type {string} */ name, /** @type {string} */ text) => {
    if (!/^[0-9]+$/.test(text) || Number(text) < 1) {
      throw refused("no whole number", { name, value: text });
    }
    return Number(text);
  };
  const sumOf = (/** @type {number[]} */ numbers) => numbers.reduce((sum, number) => sum + number, 0);
  const atLength = (/** @type {Square} */ [constant, linear, square], /** @type {number} */ length) => constant + linear * length + square * length * length;
  /* Sums of means come out a little beside the whole number that they are. */
  const tidied = (/** @type {number} */ number) => (Math.abs(number - Math.round(number)) < 1e-5 ? Math.round(number) : number);

  /* The setting: every parameter gets its number, or the reader is told what is impossible. */

  /** @param {Costs} data @param {CostChoice} choice */
  function readSetting(data, choice) {
    const method = data.methods[choice.method];
    const backbone = data.backbones[choice.backbone];
    const resolution = resolutionOf(backbone, choice.numbers ?? {});
    const ofVision = onVisionAlone(backbone, choice);
    const part = choice.part || (method.whole ? "all" : ofVision ? "vision" : backbone.default);
    const usable = method.whole ? Object.keys(backbone.whole) : Object.keys(backbone.parts);
    if (!usable.includes(part)) {
      throw refused("none of these", { name: "part", value: part, known: usable.join(", ") });
    }
    const tower = backbone.parts[part] ?? backbone.parts[backbone.default];
    if (tower.unmet[choice.method]) {
      throw new CostError(...tower.unmet[choice.method]);
    }
    if (method.whole && backbone.whole[part] === null) {
      throw refused("no size", { backbone: backbone.name, method: method.name.toLowerCase(), parts: Object.keys(backbone.parts).join(", ") });
    }
    const variant = choice.variant || ofLayers(method, choice.numbers) || backbone.variants[choice.method] || Object.keys(method.variants)[0];
    const setting = /** @type {CostSetting} */ ({ id: choice.method, method, backbone, part, tower, variant, classes: readClasses(choice.classes) });
    setting.numbers = numbersOf(setting, choice.numbers ?? {});
    checkPossible(setting);
    setting.targets = "targets" in method.parameters ? targetsOf(setting, ofVision ? choice.targets?.map((name) => name.replace("vision.", "")) : choice.targets) : [];
    checkRank(setting);
    checkTargets(setting);
    if (!backbone.texts && setting.numbers.texts) {
      throw refused("no texts", { backbone: backbone.name });
    }
    if (!backbone.writes && setting.numbers.outputs) {
      throw refused("no outputs", { backbone: backbone.name });
    }
    const texts = backbone.texts ? setting.numbers.texts ?? setting.classes ?? backbone.texts : 0;
    Object.assign(setting.numbers, { classes: setting.classes ?? 0, batch: setting.numbers.batch ?? backbone.batch, texts, length: setting.numbers.length ?? tower.length });
    if (resolution && backbone.resolution) {
      Object.assign(setting.numbers, { resolution, length: (resolution / backbone.resolution.side) ** 2 + backbone.resolution.beside });
    }
    setting.numbers.outputs = backbone.writes ? setting.numbers.outputs ?? setting.numbers.length : 0;
    setting.switches = Object.fromEntries(Object.entries(method.switches).map(([name, on]) => [name, choice.switches?.[name] ?? on]));
    if (choice.switches?.projector && !backbone.hasProjector) {
      throw refused("no projector", { backbone: backbone.name });
    }
    setting.bits = Number(choice.bits || method.bits);
    setting.precision = Number(choice.precision || (method.quantised ? setting.bits : 16));
    for (const [name, known] of /** @type {["bits" | "precision", number[]][]} */ ([["bits", method.quantised ? data.quantisedBits : data.bits], ["precision", data.precisions]])) {
      if (!known.includes(setting[name])) {
        throw refused("none of these", { name, value: choice[name], known: known.join(", ") });
      }
    }
    const words = { name: "precision", value: setting.precision, method: method.name };
    if (method.quantised && setting.precision >= HALF) {
      throw refused("quantised", words);
    }
    if (setting.precision < HALF && method.trainsWeights) {
      throw refused("trained", words);
    }
    setting.checkpointing = choice.checkpointing ?? backbone.decoder;
    return setting;
  }

  /* Whether of two towers side by side the one of images alone has targets: the gradient does not enter the other then. */
  /** @param {CostBackbone} backbone @param {CostChoice} choice */
  function onVisionAlone({ texts }, { part, targets }) {
    return Boolean(texts && !part && targets?.length && targets.every((name) => name.startsWith("vision.")));
  }

  /* The side of a generator's image in pixels, from which its tokens follow; nothing of any other backbone. */
  /** @param {CostBackbone} backbone @param {Record<string, string>} given */
  function resolutionOf({ resolution: sized, name }, given) {
    if (given.length && sized) {
      throw refused("length", { backbone: name, usual: sized.usual });
    }
    if (given.resolution && !sized) {
      throw refused("no images", { backbone: name });
    }
    if (!sized || !given.resolution) {
      return sized?.usual;
    }
    const side = wholeNumber("resolution", given.resolution);
    if (side % sized.side || side > sized.most) {
      throw refused("pixels", { name: "resolution", value: side, ...sized });
    }
    return side;
  }

  /** @param {string | null} [text] */
  function readClasses(text) {
    if (text === undefined || text === null || text === "") {
      return null;
    }
    const found = /^([0-9]+)(?:\/([0-9]+))?$/.exec(text);
    const classes = found ? Number(found[1]) / Number(found[2] ?? 1) : 0;
    if (!(classes >= 1 && classes < Infinity)) {
      throw refused("classes", { name: "classes", value: text });
    }
    return classes;
  }

  /** @param {CostSetting} setting @param {Record<string, string>} given */
  function numbersOf({ id, method, backbone, part, tower, variant }, given) {
    const said = Object.fromEntries(Object.entries(given).filter(([, text]) => text !== ""));
    const texts = { ...Object.fromEntries(Object.entries(method.parameters).filter(([, text]) => text !== null)), ...(part === backbone.default && backbone.usual[id]), ...said };
    if ("bottleneck" in said && "reduction" in said) {
      throw refused("both");
    }
    if ("bottleneck" in said || (!("reduction" in said) && method.parameters.bottleneck)) {
      delete texts.reduction;
    } else if ("reduction" in said) {
      delete texts.bottleneck;
    }
    delete texts.targets;
    const numbers = Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, wholeNumber(name, String(text))]));
    numbers.tasks ??= method.variants[variant].tasks;
    if ("bottleneck" in method.parameters && "reduction" in numbers) {
      if (new Set(tower.widths).size > 1) {
        throw refused("stages");
      }
      numbers.bottleneck = Math.floor(tower.widths[0] / numbers.reduction);
    }
    numbers.mlp ??= 0;
    const stacks = [...tower.encoder, ...tower.decoder];
    if (method.defaultLayers) {
      numbers.layers ??= tower.defaultLayers[method.defaultLayers];
    }
    if (method.side) {
      numbers.side_layers ??= Math.max(...stacks);
      numbers.side_encoder = tower.encoder.length ? Math.min(numbers.side_layers, ...tower.encoder) : 0;
      numbers.side_decoder = tower.decoder.length ? Math.min(numbers.side_layers, ...tower.decoder) : 0;
    }
    return numbers;
  }

  /* The reading that acts on some layers if their number is given; nothing if not, or if there is none. */
  /** @param {CostMethod} method @param {Record<string, string>} [numbers] */
  function ofLayers(method, numbers) {
    return numbers?.layers && Object.keys(method.variants).find((name) => method.variants[name].ofLayers);
  }

  /* A target goes with what else is asked: its layers, or the blocks of a rotation. */
  /** @param {CostSetting} setting */
  function checkTargets({ method, backbone, tower, variant, numbers, targets }) {
    const beside = targets.find((name) => name.includes(".") || name === "projector");
    if (method.variants[variant].ofLayers && (beside || tower.widths.length > 1)) {
      const what = beside ? `target '${beside}' lies outside of them` : `${backbone.name} has layers of several kinds`;
      throw refused("outside", { what });
    }
    if (!("block" in method.parameters)) {
      return;
    }
    for (const name of targets) {
      for (const inputs of Object.keys(tower.targets[name].inputs).map((key) => Number(key.split(" ").at(-2)))) {
        if (inputs % numbers.block) {
          throw refused("block", { name: "block", value: numbers.block, inputs, target: name });
        }
      }
    }
  }

  /* A rank is at most the smaller side of the matrix that it is the rank of. */
  /** @param {CostSetting} setting */
  function checkRank({ method, backbone, tower, variant, numbers, targets }) {
    if (!("rank" in method.parameters)) {
      return;
    }
    const { rankOf, hypercomplex } = method.variants[variant];
    const factors = hypercomplex ? numbers.phm : 1;
    const refuse = (/** @type {string} */ key, /** @type {string} */ target, /** @type {number} */ most) => refused(key, { name: "rank", value: numbers.rank, target, backbone: backbone.name, most });
    if (rankOf === "kronecker factor") {
      for (const name of targets) {
        const longer = tower.targets[name].sizes.map(([, ...sides]) => Math.max(...sides.map((side) => factorsOf(side, numbers.factor)[1])));
        const most = Math.floor((Math.max(...longer) - 1) / 2);
        if (numbers.rank > most) {
          throw refuse("factor", name, most);
        }
      }
    }
    /** @type {[name: string, side: number][]} */
    const sides = targets.length ? targets.map((name) => [name, tower.targets[name].smaller])
      : rankOf === "keys and values" ? [["k and v", tower.widths[0]]]
        : rankOf === "bottleneck" ? [["the adapter", Math.floor(Math.min(...tower.widths) / factors)], ["its bottleneck", Math.floor(numbers.bottleneck / factors)]]
          : [];
    for (const [name, side] of sides) {
      if (numbers.rank > side) {
        throw refuse("side", name, side);
      }
    }
  }

  /** @param {CostSetting} setting */
  function checkPossible({ method, backbone, tower, variant, numbers, classes }) {
    const sizes = method.learnedContext && tower.most.context ? { ...tower.most, tokens: tower.most.context } : tower.most;
    for (const [name, [most, why, what]] of Object.entries(sizes)) {
      if (name in method.parameters && numbers[name] > most) {
        throw refused(why, { name, value: numbers[name], backbone: backbone.name, most, what });
      }
    }
    const { reduction, phm, bottleneck } = numbers;
    if ("bottleneck" in method.parameters && bottleneck === 0) {
      throw refused("reduction", { name: "reduction", value: reduction, backbone: backbone.name, most: tower.widths[0] });
    }
    if (method.variants[variant].hypercomplex && [...tower.widths, bottleneck].some((size) => size % phm)) {
      throw refused("phm", { value: phm, backbone: backbone.name, bottleneck });
    }
    if (method.side && tower.sides.some((size) => size % reduction)) {
      throw refused("sides", { value: reduction, backbone: backbone.name });
    }
    const width = tower.quantities.embedding ?? 0;
    if (method.reducesEmbedding && width % reduction) {
      throw refused("embedding", { value: reduction, width });
    }
    if (classes === null && method.variants[variant].needsClasses) {
      throw refused("no classes", { method: method.name });
    }
  }

  /** @param {CostSetting} setting @param {string[]} [given] */
  function targetsOf({ id, method, backbone, part, tower }, given) {
    const names = (given?.length ? given : ((part === backbone.default && backbone.usual[id]?.targets) || method.parameters.targets)?.split(",") ?? tower.standardTargets)
      .flatMap((name) => ({ all: tower.all, "vision.all": tower.allOfVision.length ? tower.allOfVision : [name] }[name] ?? [name]));
    for (const name of names) {
      if (!tower.targets[name]) {
        throw refused("no matrix", { value: name, backbone: backbone.name, remedy: `Use some of: ${Object.keys(tower.targets).join(", ")}.` });
      }
    }
    for (const prefix of ["", "vision."]) {
      if (names.includes(`${prefix}qkv`) && ["q", "k", "v"].some((name) => names.includes(prefix + name))) {
        throw refused("held already", { value: `${prefix}qkv` });
      }
    }
    return names;
  }

  /* The letters of the formulas and their numbers */

  /** @param {CostSetting} setting */
  function targetSums({ tower, targets, numbers }) {
    const chosen = targets.map((name) => tower.targets[name]);
    const same = /** @type {const} */ (["sides", "outputs", "scaled", "count"]);
    const sums = same.map((quantity) => [quantity, sumOf(chosen.map((target) => target[quantity]))]);
    /** @type {Record<string, number>} */
    const inputs = Object.assign({}, ...chosen.map((target) => target.inputs)); // queries, keys and values share theirs
    return { ...Object.fromEntries(sums), inputs: sumOf(Object.values(inputs)), ...kroneckerOf(chosen, numbers.factor) };
  }

  /* The two factors of a size that lie nearest to each other, the smaller first; or one that is given and divides it, else the smaller at most so large. */
  /** @param {number} size @param {number} [factor] @returns {[small: number, large: number]} */
  function factorsOf(size, factor) {
    if (factor && size % factor === 0) {
      return [factor, size / factor];
    }
    let small = Math.floor(Math.min(Math.sqrt(size), factor || size));
    while (size % small) {
      small -= 1;
    }
    return [small, size / small];
  }

  /* The sizes of the two factors whose Kronecker product has the size of each matrix, over all of them. */
  /** @param {TargetSums[]} chosen @param {number} [factor] */
  function kroneckerOf(chosen, factor) {
    const sides = chosen.flatMap(({ sizes }) => sizes).map(([count, ...ends]) => ({ count, of: ends.map((end) => factorsOf(end, factor)) }));
    return {
      kronecker_small: sumOf(sides.map(({ count, of: [inputs, outputs] }) => count * inputs[0] * outputs[0])),
      kronecker_large: sumOf(sides.map(({ count, of: [inputs, outputs] }) => count * inputs[1] * outputs[1])),
      kronecker_sides: sumOf(sides.map(({ count, of: [inputs, outputs] }) => count * (inputs[1] + outputs[1]))),
    };
  }

  /** @param {Costs} data @param {CostSetting} setting */
  function valuesOf(data, setting) {
    const { backbone, method, part, tower } = setting;
    /** @type {Record<string, number>} */
    const sums = targetSums(setting);
    /** @type {Record<string, number | null>} */
    const own = { ...tower.quantities, ...(method.whole && { params: backbone.whole[part] }) };
    /** @type {Record<string, boolean>} */
    const switches = { ...setting.switches, head: setting.classes !== null };
    /** @type {Record<LetterSource, (name: string) => number>} */
    const said = {
      parameter: (name) => setting.numbers[name],
      quantity: (name) => own[name] ?? 0,
      targets: (name) => sums[name],
      switch: (name) => Number(switches[name] ?? false),
      fixed: Number,
    };
    return Object.fromEntries(Object.entries(data.letters).map(([letter, [, , source, origin]]) => [letter, said[source](origin)]));
  }

  /* The answer */

  /** @param {Costs} data @param {CostChoice} choice @returns {CostAnswer} */
  function costOf(data, choice) {
    const setting = readSetting(data, choice);
    const { id, method, backbone, tower, variant, numbers, bits } = setting;
    const formulas = data.formulas[`${id} ${variant}`];
    const values = valuesOf(data, setting);
    const trainable = tidied(formulas.total(values));
    const perTask = tidied(trainable / numbers.tasks);
    const head = method.head && setting.classes !== null ? values.c_0 + values.c_1 * setting.classes : 0;
    const base = tower.macs && atLength(tower.macs, numbers.length);
    const mean = tower.meanTokens ? atLength(tower.meanTokens, numbers.length) : numbers.length;
    const extraPercent = formulas.macs && base ? (100 * formulas.macs({ ...values, T: mean, F: base })) / base : null;
    const few = method.quantised ? backbone.quantised[bits] ?? (backbone.total && (backbone.total * bits) / 8) : null;
    const asked = { ...setting, run: choice.run, values, formulas, trainable, perTask, head, mean, backboneBytes: few };
    return {
      asked,
      setting,
      values,
      trainable,
      perTask,
      percent: backbone.total && (100 * trainable) / backbone.total,
      storedBytes: tidied(storedBytes(data, asked)),
      backboneBytes: few,
      extraPercent: method.mergeable === "yes" ? 0 : extraPercent,
      extraPercentUnmerged: extraPercent,
      ...formulaOf(data, asked),
      ...countedIn(data, asked),
    };
  }

  /** @param {Costs} data @param {CostAsked} asked */
  function storedBytes(data, { method, variant, tower, numbers, bits, classes, targets, switches, values, formulas, perTask, head }) {
    const body = perTask - head;
    if (!method.binarised) {
      return ((body * method.copies + head) * (method.quantised ? data.headBits : bits)) / 8;
    }
    const places = targets.length ? values.z_count : sumOf([...tower.encoder, ...tower.decoder]);
    const core = formulas.each(values);
    const quantised = (core * bits) / 8 + places * 2 * data.binaryOverhead;
    const rest = body - core;
    return method.variants[variant].binaryHead && classes !== null
      ? quantised + 4 * rest + (values.d * classes) / 8 + 8
      : quantised + 4 * (rest + head);
  }

  /* The towers that a gradient passes through: that of the method, and others, as in peft_vlm_survey/costs/gradient_path.py. */

  /** @param {Pick<CostSetting, "method" | "backbone" | "part" | "tower" | "numbers">} setting @returns {PassedTower} */
  function actedOn({ method, backbone, part, tower, numbers }) {
    const name = backbone.parts[part] ? part : backbone.default;
    return { name, part: tower, length: numbers.length, trained: method.whole && part !== "projector", examples: examplesOf({ backbone, numbers }, name) };
  }

  /** @param {CostSetting} setting @returns {PassedTower[]} */
  function beside({ method, backbone, part, tower, numbers, targets }) {
    const own = actedOn({ method, backbone, part, tower, numbers }).name;
    const others = (/** @type {string[]} */ names, /** @type {boolean} */ trained) => names.map((name) => ofPart({ backbone, numbers }, name, trained));
    if (part === "vision" && backbone.series && (method.backboneGradient !== "no" || method.side)) {
      return others(["language"], false);
    }
    return part === "all" || bothTowers({ method, targets })
      ? others(Object.keys(backbone.parts).filter((name) => name !== own), method.whole) : [];
  }

  const bothTowers = (/** @type {Pick<CostSetting, "method" | "targets">} */ { method, targets }) => method.bothTowers || targets.some((target) => target.startsWith("vision."));
  const examplesOf = (/** @type {Pick<CostSetting, "backbone" | "numbers">} */ { backbone, numbers }, /** @type {string} */ part) => (backbone.texts && part === "language" ? numbers.texts : numbers.batch);
  const tokensOf = (/** @type {PassedTower} */ { part, length, examples }) => examples * (part.fixedTokens ? atLength(part.fixedTokens, length) : length);

  /* A part at the length that it has if nothing else is said */
  /** @param {Pick<CostSetting, "backbone" | "numbers">} setting @param {string} name @returns {PassedTower} */
  function ofPart({ backbone, numbers }, name, trained = false) {
    const part = backbone.parts[name];
    return { name, part, length: part.length, trained, examples: examplesOf({ backbone, numbers }, name) };
  }

  const computedAgain = (/** @type {CostSetting} */ { checkpointing, method }) => checkpointing && method.backboneGradient !== "no";

  const inThousands = (/** @type {number} */ number) => number.toLocaleString("en");

  /* How large a step is said to be. */
  /** @param {Costs} data @param {CostSetting} setting */
  function sizeOf({ memory: { sizes } }, setting) {
    const { backbone, numbers } = setting;
    const words = Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, inThousands(Math.round(number))]));
    const keys = backbone.texts ? ["images", actedOn(setting).name === "vision" ? "of images" : "of texts"] : [backbone.resolution ? "pixels" : numbers.outputs ? "written" : "tokens"];
    return keys.map((key) => filledIn(sizes[key], words)).join(", ");
  }

  /* The part of a backbone that a method acts on, in words; nothing where a backbone has one alone. */
  /** @param {Costs} data @param {CostSetting} setting */
  function placeOf({ places }, { method, backbone, part, targets }) {
    if (Object.keys(backbone.parts).length === 1 && backbone.sort !== "made") {
      return "";
    }
    return places[backbone.sort]?.[part !== "all" && bothTowers({ method, targets }) ? "both" : part] ?? "";
  }

  /* The formula in the letters' names, what is switched off or one left out; and what the number counts */

  /** @param {Costs} data @param {CostAsked} asked */
  function formulaOf(data, { method, variant, numbers, switches, classes, values }) {
    const single = numbers.tasks === 1;
    const core = method.variants[variant].forms[(numbers.mlp ? 2 : 0) + (single ? 0 : 1)];
    const on = Object.keys(method.switches).filter((name) => switches[name]);
    const terms = [...on, ...(switches.norms && switches.biases ? ["norms biases"] : [])].map((name) => method.terms[name] ?? "0");
    if (method.head && classes !== null) {
      const head = values.c_0 ? "C*c_1 + c_0" : "C*c_1";
      terms.push(single ? head : values.c_0 ? `K*(${head})` : `K*${head}`);
    }
    const all = [core, ...terms].filter((term) => term !== "0");
    const formula = all.length ? all.map((term, i) => (i && !term.startsWith("-") ? `+ ${term}` : term.replace(/^-(?=\S)/, i ? "- " : "-"))).join(" ") : "0";
    const letters = Object.keys(data.letters).filter((name) => new RegExp(`(?<!\\w)${name}(?!\\w)`).test(formula));
    return { formula, letters };
  }

  /** @param {Costs} data @param {CostSetting} setting */
  function countedIn(data, { method, backbone, switches, classes }) {
    const counted = method.counted.filter((text) => text !== "the norms" || switches.norms);
    const notCounted = method.notCounted.filter((text) => (text.includes("--classes") ? classes === null && !backbone.resolution : !switches[text.split(",")[0]]));
    if (method.counted.includes("the norms") && !switches.norms) {
      notCounted.unshift("norms");
    }
    counted.push(...Object.keys(method.switches).filter((name) => switches[name] && !method.switches[name]).map((name) => data.switches[name]));
    if (classes !== null && method.head) {
      counted.push(`a head of ${tidied(classes)} classes`);
    }
    const worded = (/** @type {string} */ text) => text.replace(", unless --classes is given", "").replace(", if --classes is given", ", if classes are given").replace("needs --classes", "needs classes");
    return { counted: counted.map(worded), notCounted: notCounted.map(worded) };
  }

  /* Targets as Python: a list of names, or a pattern of whole paths; null if no library knows them all */
  /** @param {CostPart["libraries"]} libraries @param {string[]} targets */
  function writtenTargets(libraries, targets) {
    const known = libraries.find((one) => targets.every((name) => one[name]));
    if (!known) {
      return null;
    }
    /** @type {Map<string, string[]>} */
    const byPath = new Map();
    for (const [path, name] of targets.map((target) => known[target])) {
      byPath.set(path, [...(byPath.get(path) ?? []), name]);
    }
    if ([...byPath.keys()].every((path) => path === "")) {
      return `[${(byPath.get("") ?? []).map((name) => `"${name}"`).join(", ")}]`;
    }
    const ways = [...byPath].map(([path, names]) => `${path}.*\\.(${names.join("|")})`);
    return ways.length === 1 ? `r".*${ways[0]}"` : `r".*(${ways.join("|")})"`;
  }

  /* The names of targets, a list or a pattern in Python, without the paths that lead to them */
  /** @param {string} targets @returns {string[]} */
  function namesOf(targets) {
    if (!targets.startsWith("r")) {
      return JSON.parse(targets);
    }
    return [...new Set([...targets.matchAll(/\.\*\\\.\(([^)]*)\)/g)].flatMap(([, group]) => group.split("|")).map((name) => name.replaceAll("\\", "")))];
  }

  /* Where targets do not stand in the model as they are named, as peft_vlm_survey/costs/names.py says it */
  /** @param {Costs} data @param {CostSetting} setting */
  function warningsOf(data, { backbone, tower, targets }) {
    const thirds = (/** @type {string} */ prefix) => ["q", "k", "v"].map((name) => `${prefix}${name}`);
    const says = data.fusedSays;
    const fused = Object.entries(tower.fused).flatMap(([prefix, matrix]) => {
      const named = targets.filter((target) => thirds(prefix).includes(target));
      return named.length ? [filledIn(says.fused, { names: named.join(", "), backbone: backbone.name, matrix, one: `${prefix}qkv` })] : [];
    });
    const apart = tower.apart.filter((prefix) => targets.includes(`${prefix}qkv`))
      .map((prefix) => filledIn(says.apart, { one: `${prefix}qkv`, backbone: backbone.name, names: thirds(prefix).join(",") }));
    return [...fused, ...apart];
  }

  /* Who implements a method, where the backbone gives what the lines need; lines that name no targets run the usual ones. */
  /** @param {Costs} data @param {CostSetting} setting @param {string} method */
  function softwareOf(data, { method: known, backbone, tower, targets, variant }, method) {
    const usual = known.parameters.targets?.split(",") ?? tower.standardTargets;
    const own = targets.length > 0 && (targets.length !== usual.length || !targets.every((name) => usual.includes(name)));
    const rows = data.software[method] ?? [];
    const wanted = rows.some((row) => row.variant === variant) ? variant : "";
    return rows.filter((row) => row.variant === wanted && (row.namesTargets || !own) && row.needs.every((word) => backbone.gives.includes(word)));
  }

  /* The lines of a library with the setting's values in their places, as peft_vlm_survey/costs/software.py fills them */
  /** @param {Costs} data @param {string[]} template @param {CostSetting} setting */
  function filledLines(data, template, { backbone, tower, numbers, targets, classes }) {
    /** @type {Record<string, string>} */
    const values = { ...data.open, auto: backbone.loader };
    for (const name of Object.keys(data.open).filter((known) => numbers[known])) {
      values[name] = String(numbers[name]);
    }
    if (classes !== null) {
      values.classes = String(Math.round(classes));
    }
    if (targets.length) {
      const inner = targets.filter((name) => data.inner.includes(String(name.split(".").at(-1))));
      values.targets = `[${targets.map((name) => `"${data.modules[name] ?? name}"`).join(", ")}]`;
      for (const [place, some] of /** @type {[string, string[]][]} */ ([["targets", targets], ["scaled", targets], ["inner", inner]])) {
        values[place] = writtenTargets(tower.libraries, some) ?? values[place];
      }
    }
    values.pattern = values.targets.startsWith("r") ? values.targets.slice(2, -1) : `.*\\.(${namesOf(values.targets).join("|")})`;
    values.listed = namesOf(values.targets).join(",");
    return template.map((line) => line.replace(/\{([a-z]+)\}/g, (_, name) => values[name]));
  }

  survey.share({ CostError, HALF, sumOf, atLength, costOf, actedOn, beside, bothTowers, ofPart, tokensOf, computedAgain, sizeOf, placeOf, writtenTargets, warningsOf, softwareOf, filledLines });
}
