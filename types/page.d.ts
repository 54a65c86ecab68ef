// What the scripts of a page share besides the data.

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
  folded: FoldedFields & { names: string[] };
  /** Of papers only. */
  key?: string;
  chinese?: string;
}

type FoldedFields = Record<"title" | "text" | "also" | "byline", string>;

/** A word of a query, as patterns over folded text. */
interface AskedWord {
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

interface ExplorerPaper extends Work {
  categoryName: string;
  /** Folded. */
  names: string[];
  summary: string;
  facts: Record<string, string[]>;
  hasNumbers: boolean;
  inChapter: boolean;
  licence: string;
  /** What is searched, folded. */
  text: string;
  /** Of each facet what the paper falls under. */
  options: FacetOption[][];
  row?: HTMLTableRowElement;
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
