/** What is wrong with a file before a byte of it is sent; null: nothing that can be seen from here. */
export function fileFault({ name, size }: Pick<File, 'name' | 'size'>): 'oldXls' | 'wrongType' | 'emptyFile' | null {
  if (/\.xls$/i.test(name)) return 'oldXls';
  if (!/\.(xlsx|csv)$/i.test(name)) return 'wrongType';
  return size === 0 ? 'emptyFile' : null;
}
