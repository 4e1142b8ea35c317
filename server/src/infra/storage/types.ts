import type { Readable } from 'node:stream';

export interface PutOptions {
  /** From `newId`, for a caller who notes it first: a successor of who dies then knows what to remove. */
  id?: string;
  /** The name a person gave the file. May hold personal data: it is stored sealed. */
  name: string;
  contentType: string;
  /** More than this many bytes are refused. */
  maxBytes: number;
  /** What it is for: `import`, `import-errors`, `export`. */
  purpose: string;
  /** Stops the upload; nothing stays. */
  signal?: AbortSignal;
}

export interface StoredFile {
  id: string;
  /** Plain bytes. */
  bytes: number;
  /** Of the plain content, hex. */
  sha256: string;
}

export interface FileInfo extends StoredFile {
  name: string;
  contentType: string;
  purpose: string;
  storedAt: Date;
}

/** Bytes of the plain content; `end` is the first that doesn't belong to it. */
export interface ByteRange {
  start: number;
  end: number;
}

/** Files, sealed in frames, in GridFS: any host reads what another one stored. Not part of MongoDB transactions. */
export interface Storage {
  /**
   * Stores a stream with backpressure. It is there as a whole, acknowledged by a majority, or not at all.
   * @throws StorageLimitError beyond `maxBytes`, the stream's own error, or AbortError
   */
  put(stream: Readable, options: PutOptions): Promise<StoredFile>;
  /** An id for `put` that nobody has. */
  newId(): string;
  /**
   * The plain content, or a part of it, for which only the frames that hold it are read. The stream fails with
   * CipherError when what is stored was changed. Memory holds a few frames, however slowly it is read.
   * @throws StorageMissingError, RangeError for a part that the file doesn't have
   */
  open(id: string, range?: ByteRange): Promise<Readable>;
  /** Writes the plain content to a new file (mode 600) that exists only if it is whole. @throws StorageMissingError */
  toFile(id: string, path: string): Promise<void>;
  info(id: string): Promise<FileInfo | null>;
  /** Removes the file; fine if there is none. */
  remove(id: string): Promise<void>;
  /**
   * Removes the pieces of uploads whose process died, once they are a day old at `now`. Answers how many pieces. Run it
   * now and then.
   */
  sweep(now?: Date): Promise<number>;
}

export class StorageLimitError extends Error {
  override name = 'StorageLimitError';
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`the file has more than ${maxBytes} bytes`);
    this.maxBytes = maxBytes;
  }
}

export class StorageMissingError extends Error {
  override name = 'StorageMissingError';

  constructor() {
    super('there is no such file');
  }
}
