/** A text in the product's languages, as it is stored. */
export interface StoredText {
  'zh-CN': string;
  en?: string;
}

export const TEXT = { _id: false, 'zh-CN': { type: String, required: true }, en: String };
