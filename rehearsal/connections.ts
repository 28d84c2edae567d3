import { connectionUnknown } from './errors';
import type { StackFile } from './synthesized';

type Block = Readonly<Record<string, unknown>>;

/** Where the simulated machines are to be found, as a `connection` has to say it. */
export interface EntryAddress {
  /** Port of the bastion on 127.0.0.1. */
  readonly port: number;
  /** Public key of the bastion and of every host behind it. */
  readonly hostKey: string;
}

/** Whether a stack provisions hosts: by what it makes, or by what it takes away. */
export function hasConnections(content: StackFile): boolean {
  let found = false;
  inConnections(content, (connection) => {
    found = true;
    return connection;
  });
  return found;
}

/** The same stack, with every host reached through the simulated entry. The hosts' own addresses stay. */
export function localizeConnections(stack: string, content: StackFile, entry: EntryAddress): StackFile {
  return inConnections(content, (connection) => throughEntry(stack, connection, entry));
}

/**
 * A key in the connection would not be that of the entry, and one that is not behind a bastion would be looked for in the
 * real network.
 */
function throughEntry(stack: string, connection: Block, { port, hostKey }: EntryAddress): Block {
  const { type } = connection;
  if (type !== undefined && type !== 'ssh') throw connectionUnknown(stack, String(type));
  const left = Object.entries(connection).filter(([name]) => !/^(bastion_|proxy_|host_key$|certificate$)/.test(name));
  return {
    ...Object.fromEntries(left),
    host_key: hostKey,
    bastion_host: '127.0.0.1',
    bastion_port: port,
    bastion_host_key: hostKey,
  };
}

type Change = (connection: Block) => Block;

/** Changes every connection of a stack: of resources, of their provisioners, and of what is told how to go. */
function inConnections(content: StackFile, change: Change): StackFile {
  const resource =
    content.resource && mapValues(content.resource, (byName) => mapValues(byName, (it) => inBlock(it, change)));
  const { removed } = content;
  return {
    ...content,
    ...(resource === undefined ? {} : { resource }),
    ...(removed === undefined ? {} : { removed: each(removed, (it) => inBlock(it, change)) }),
  };
}

/** A block's own connection, and those of its provisioners: `[{"file": {"connection": {...}}}]`. */
function inBlock(block: Block, change: Change): Block {
  const { connection, provisioner } = block;
  return {
    ...block,
    ...(connection === undefined ? {} : { connection: each(connection, change) }),
    ...(provisioner === undefined
      ? {}
      : {
          provisioner: each(provisioner, (kinds) =>
            mapValues(kinds, (body) => each(body, (it) => inBlock(it, change))),
          ),
        }),
  };
}

/** Terraform takes one block or a list of them. */
function each(blocks: unknown, change: Change): unknown {
  if (Array.isArray(blocks)) return blocks.map((it) => each(it, change));
  return isBlock(blocks) ? change(blocks) : blocks;
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

function isBlock(value: unknown): value is Block {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
