/** Values that survive JSON. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json | undefined;
}
/** A JSON Schema (draft-07), as ajv takes it. */
export type JsonSchema = { [key: string]: unknown };
