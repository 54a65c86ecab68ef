// What the scripts of a page share besides the data.

interface Window {
  /** Which TypeScript 4.9, the one of Debian, does not know yet. */
  DecompressionStream: new (format: string) => GenericTransformStream;
}

type Child = string | Node;

/** A table that can be sorted and exported has a head. */
type HeadedTable = HTMLTableElement & { tHead: HTMLTableSectionElement };

/** Writes what it exports as text, or the empty text if there is nothing to write. */
interface ExportFormat<Thing> {
  label: string;
  extension: string;
  type: string;
  write(thing: Thing, name: string): string | Promise<string>;
}

/* The search */

/** A name that the box of the search completes, and what it leads to. */
interface CompletedName {
  name: string;
  kind: PageKind;
  said: string;
  page: string;
  folded?: string;
  squeezed?: string;
}

interface TypedName {
  text: string;
  folded: string;
  squeezed: string;
}

/** What the search finds. */
interface Findable {
  kind: ResultKind;
  address: string;
  names: string[];
  title: string;
  text: string;
  also: string;
  byline: string;
  hint: string;
  folded: FoldedFields & {
    names: string[];
    /** The title without blanks, and what stands behind the name in it, once somebody has looked for several words. */
    titles?: string[];
    /** Names and fields in one, once somebody has looked for something. */
    all?: string;
  };
  /** Of papers only. */
  key?: string;
  chinese?: string;
  known?: number;
}

type FoldedFields = Record<"title" | "where" | "text" | "also" | "byline", string>;

/** A word of a query, as patterns over folded text. */
interface AskedWord {
  said: string;
  /** With which all that the patterns meet begins. */
  beginning: string;
  whole: RegExp;
  begins: RegExp;
  stem?: RegExp | null;
  marks: RegExp;
  number?: true;
}

interface Query {
  text: string;
  words: AskedWord[];
  squeezed: string;
  phrase: RegExp | null;
  chinese: boolean;
  numbers: boolean;
}

/* The explorer of the catalogue */

/** What the catalogue says of a paper before all authors and the aliases are there. */
interface KnownPaper extends Omit<CataloguePaper, "aliases" | keyof PaperAddress> {
  /** The authors as a row names them. */
  byline: string;
  /** The base models that it adapts. */
  models: string[];
  facts: Record<string, string[]>;
  hasNumbers: boolean;
  inChapter: boolean;
  licence: string;
}

interface ExplorerPaper extends CataloguePaper, KnownPaper {
  categoryName: string;
  groups: string[];
  /** Folded. */
  names: string[];
  /** Empty until it is there, as what is searched. */
  summary: string;
  /** Folded. */
  text: string;
  /** Of each facet what the paper falls under. */
  options: FacetOption[][];
  row?: HTMLTableRowElement;
}

interface ModelNames {
  pattern: RegExp;
  oneWord: (spelling: string) => string;
}

/** What a reader chooses by. */
interface FacetRule {
  id: string;
  label: string;
  values(paper: ExplorerPaper): string[];
  order(one: FacetOption, other: FacetOption): number;
  say(value: string): string;
  /** The group of a task. */
  inside?: Map<string, string>;
  /** So many values are seen at once. */
  few?: number;
  closed?: true;
}

interface Facet extends FacetRule {
  options: Map<string, FacetOption>;
  all?: boolean;
  mode?: HTMLButtonElement;
  fold?: HTMLDetailsElement;
  folds?(): void;
}

interface FacetOption {
  facet: Facet;
  value: string;
  name: string;
  total: number;
  count: number;
  chosen: boolean;
  box: HTMLInputElement;
  number: HTMLElement;
  item: HTMLElement;
  inside?: FacetOption[];
  unfold?(open: boolean): void;
}

/** What a cell shows, and what it is sorted by; null is missing and stands last. */
interface ExplorerColumn {
  id: string;
  label: string;
  show(paper: ExplorerPaper): Child | Child[];
  key(paper: ExplorerPaper): string | number | null;
}

interface Sorting {
  column: string;
  descending: boolean;
}

/* Methods side by side, as side_by_side.py makes the answer */

type Shown = Child | Child[];

interface SideBySide {
  methods: { id: string, key: string, name: string, where: string }[];
  groups: MetGroup[];
  backbone: string;
  disagreements: Disagreement[];
  said: string[];
  costs: MetCosts[];
}

/** A group in which two of the methods have numbers, with those that these share. */
interface MetGroup {
  protocol: string;
  name: string;
  backbone: string;
  board: string;
  rows: MetRow[];
  settings: (MetSetting | null)[];
}

interface MetSetting {
  printed: string;
  trained: string;
  others: OtherSetting[];
}

interface MetRow {
  benchmark: string;
  name: string;
  unit: string;
  higher: boolean;
  apart: string;
  elsewhere: boolean;
  cells: (MetCell | null)[];
}

interface MetCell {
  value: string;
  spread: string;
  table: string;
  origin: number;
  claim: string;
  alike: number;
  behind: string;
  verdict: "even" | "unknown" | "more" | "within";
}

interface MetCosts {
  closed: [id: string, ...costs: ClosedForm][];
  why: string[];
  here: PrintedShare[];
  elsewhere: PrintedShare[];
}

interface Disagreement {
  method: string;
  backbone: string;
  benchmark: string;
  name: string;
  unit: string;
  printed: [at: number, value: string, origin: number][];
  right: string;
}

/* The chooser */

/** The limits that a reader sets; null is none. */
interface Limits {
  percent: number | null;
  number: number | null;
  stored: number | null;
  share: number | null;
  bytes: number | null;
  switches: Set<string>;
  data: string;
}

/** What is told of a method, and which limits it breaks or may break. */
interface Told {
  name: string;
  key: string;
  idea: string;
  address: string;
  distance: number;
  advised: boolean;
  lines: [head: string, line: string][];
  about: string[];
  run: [title: string, lines: string][];
}

interface ChooserAnswer {
  advice: string;
  notes: string[];
  methods: Told[];
  unknown: Told[];
  leftOut: Told[];
}

/* What a method costs on a backbone */

/** What the reader chose, and what of the rest; unsaid is usual. */
interface CostChoice {
  method: string;
  backbone: string;
  numbers: Record<string, string>;
  switches: Record<string, boolean>;
  run: RunWords;
  part?: string;
  variant?: string;
  classes?: string;
  bits?: string;
  precision?: string;
  gpu?: string;
  gpus?: string;
  targets?: string[];
  checkpointing?: boolean;
}

/** A choice with a number for every parameter. */
interface CostSetting {
  id: string;
  method: CostMethod;
  backbone: CostBackbone;
  part: string;
  tower: CostPart;
  variant: string;
  classes: number | null;
  numbers: Record<string, number>;
  targets: string[];
  switches: Record<string, boolean>;
  bits: number;
  precision: number;
  checkpointing: boolean;
}

/** A setting with what was counted so far. */
interface CostAsked extends CostSetting {
  run: RunWords;
  values: Letters;
  formulas: CostFormulas;
  trainable: number;
  perTask: number;
  head: number;
  mean: number;
  backboneBytes: number | null;
}

interface CostAnswer {
  asked: CostAsked;
  setting: CostSetting;
  values: Letters;
  trainable: number;
  perTask: number;
  percent: number | null;
  storedBytes: number;
  backboneBytes: number | null;
  extraPercent: number | null;
  extraPercentUnmerged: number | null;
  formula: string;
  letters: string[];
  counted: string[];
  notCounted: string[];
}

/** A tower that a gradient passes through. */
interface PassedTower {
  name: string;
  part: CostPart;
  length: number;
  trained: boolean;
  examples: number;
}

/** The size of each card, and how many. */
interface Cards {
  bytes: number;
  note: string;
  number: number;
}

/** What a step works on in one tower; sizes in bytes. */
interface StepPass {
  kind: "passing" | "full" | "frozen";
  again: boolean;
  in32: boolean;
  /** What a kind of step keeps in each phase. */
  traced(kind: string): number[];
  tokens: number;
  layers: number;
  /** What a network at the side keeps, what LoRA adds, and what its modules make of their inputs. */
  side: number[];
  low: number[];
  made: number;
  between: number;
  beside: number;
  trained: number;
}

/** What a step works on: towers in the order in which they run, and what belongs to the step as a whole. */
interface StepWork {
  passes: StepPass[];
  main: number;
  full: boolean;
  few: boolean;
  weights: number;
  rest: number;
  layers: number;
  trained: number;
  copied: number;
  /** Bytes of what encodes images and texts beside a denoiser. */
  images: number;
  texts: number;
}

interface Peak {
  phase: string;
  parts: Record<string, number>;
}

/** What a run needs, in bytes. */
interface Need {
  peak: Peak;
  needed: Ends;
}

/** Whether a run fits, what decides that and would change it, and what explains it. */
interface FitAnswer {
  verdict: HTMLElement[];
  reasons: HTMLElement[];
  explained: HTMLElement[];
}

/** A button that changes the choice at once; `pressed` is null where it is none that stays pressed. */
type QuickButton = [label: string, pressed: boolean | null, act: () => void];
