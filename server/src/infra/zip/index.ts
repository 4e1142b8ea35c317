/** Writing zip files: `ZipWriter` streams deflated parts, `sealZip` puts one file behind a password. */
export { ZipWriter, type ZipPartWriter, type ZipWriterOptions } from './zip-writer.ts';
export { sealZip, type SealOptions } from './sealed-zip.ts';
