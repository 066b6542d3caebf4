import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Catalogue, Parameter, ValueType } from '../../src/domain/config/parameter';

/** The part of yaml-language-server's service that a keystroke asks. */
interface Service {
  configure(settings: object): void;
  doValidation(document: object, isKubernetes: boolean): Promise<readonly unknown[]>;
  doComplete(
    document: object,
    position: object,
    isKubernetes: boolean,
  ): Promise<{ readonly items: readonly unknown[] }>;
}

interface Schema {
  type?: string | string[];
  description?: string;
  enum?: readonly unknown[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean;
}

const TYPES: Readonly<Record<ValueType['kind'], string | undefined>> = {
  bool: 'boolean',
  int: 'integer',
  float: 'number',
  str: 'string',
  list: 'array',
  dict: 'object',
  any: undefined,
};

/** Interpolations and `null` stand wherever a value may. */
function schemaOf({ type, choices, doc }: Parameter): Schema {
  const own = TYPES[type.kind];
  const types = own === undefined ? {} : { type: [...new Set([own, 'string', 'null'])] };
  return { ...types, ...(doc === '' ? {} : { description: doc }), ...(choices ? { enum: [...choices, null] } : {}) };
}

/** A JSON Schema of a catalogue of dotted paths. */
function schema(catalogue: Catalogue): Schema {
  const root: Schema = { type: 'object', properties: {}, additionalProperties: false };
  for (const parameter of catalogue.parameters) {
    const parts = parameter.path.split('.');
    let place = root;
    for (const part of parts.slice(0, -1)) {
      place.properties ??= {};
      place = place.properties[part] ??= { type: 'object', properties: {} };
    }
    (place.properties ??= {})[parts.at(-1) ?? ''] ??= schemaOf(parameter);
  }
  return root;
}

/** Validates and completes one keystroke as yaml-language-server does with the same catalogue as its schema. */
export type Keystroke = (text: string, offset: number) => Promise<void>;

/** `folder` is where the package is installed; see `.ci/peer`. */
export async function yamlLanguageServer(folder: string, catalogue: Catalogue): Promise<Keystroke> {
  const require = createRequire(join(folder, 'package.json'));
  const load = async (name: string): Promise<Record<string, unknown>> =>
    (await import(pathToFileURL(require.resolve(name)).href)) as Record<string, unknown>;
  const { getLanguageService } = (await load('yaml-language-server')) as {
    getLanguageService: (parts: object) => Service;
  };
  const { TextDocument } = (await load('vscode-languageserver-textdocument')) as {
    TextDocument: { create(uri: string, language: string, version: number, text: string): Positions };
  };
  const service = getLanguageService(parts);
  const uri = 'inmemory://schema.json';
  service.configure({ ...wishes, schemas: [{ uri, fileMatch: ['*.yaml'], schema: schema(catalogue) }] });
  let version = 0;
  return async (text, offset) => {
    const document = TextDocument.create('file:///config.yaml', 'yaml', ++version, text);
    const found = await service.doValidation(document, false);
    const list = await service.doComplete(document, document.positionAt(offset), false);
    if (version === 1 && found.length + list.items.length === 0) throw new Error('yaml-language-server said nothing');
  };
}

interface Positions {
  positionAt(offset: number): object;
}

const nothing = (): void => undefined;
const wishes = { validate: true, completion: true, hover: false, format: false, isKubernetes: false };
const parts = {
  schemaRequestService: () => Promise.reject(new Error('no schema is fetched')),
  workspaceContext: { resolveRelativePath: (path: string) => path },
  telemetry: { send: nothing, sendError: nothing, sendTrack: nothing },
  clientCapabilities: { textDocument: { completion: { completionItem: { snippetSupport: true } } } },
  connection: { onRequest: nothing, onNotification: nothing, sendNotification: nothing },
  yamlSettings: { documents: new Map(), yamlFormatterSettings: {} },
};
