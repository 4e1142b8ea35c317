import { Schema, type SchemaDefinition, type SchemaOptions } from 'mongoose';

/**
 * A schema as this project wants them: an unknown path throws instead of being dropped or ignored, empty objects are
 * kept, no index or collection is made on the side (migrations do), no hidden version counter.
 * Compile it with `connection.model(name, schema, collection)`; never with mongoose's global `model`.
 */
export function defineSchema<T>(definition: SchemaDefinition, options: SchemaOptions = {}): Schema<T> {
  return new Schema<T>(
    definition as SchemaDefinition<T>,
    {
      strict: 'throw',
      strictQuery: 'throw',
      minimize: false,
      versionKey: false,
      autoIndex: false,
      autoCreate: false,
      id: false,
      ...options,
    } as never,
  );
}
