/** A cell of a notebook, as its file holds it (nbformat 4.5). */
export type NotebookCell =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'code';
      readonly text: string;
      /** `python` unless another language is named. */
      readonly language?: 'shellscript' | 'yaml';
      readonly outputs?: readonly Readonly<Record<string, unknown>>[];
    };

/** The text of an `.ipynb` file. Outputs are bundles of MIME types with their data. */
export function ipynb(cells: readonly NotebookCell[]): string {
  const notebook = {
    cells: cells.map(cellOf),
    metadata: {
      kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
      language_info: { name: 'python' },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${JSON.stringify(notebook, undefined, 1)}\n`;
}

function cellOf(cell: NotebookCell, at: number): object {
  const shared = { id: `grpo-${at + 1}`, source: linesOf(cell.text) };
  if (cell.kind === 'text') return { cell_type: 'markdown', ...shared, metadata: {} };
  const outputs = (cell.outputs ?? []).map((data) => ({ output_type: 'display_data', data, metadata: {} }));
  const metadata = cell.language === undefined ? {} : { vscode: { languageId: cell.language } };
  return { cell_type: 'code', ...shared, execution_count: null, metadata, outputs };
}

/** Lines with their ends, as Jupyter writes them. */
function linesOf(text: string): string[] {
  return text === '' ? [] : (text.match(/[^\n]*\n|[^\n]+$/g) ?? []);
}
